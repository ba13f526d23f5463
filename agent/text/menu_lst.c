/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See menu_lst.h. Lines are read as GRUB 0.97 does (stage2/stage2.c, get_line_from_config
 * and skip_to): blanks before the command are skipped, a '#' there makes a comment, blanks
 * and '=' separate the command from its argument, "\" before the newline continues. */
#include <limits.h>
#include <string.h>

#include "text/menu_lst.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct str skip_blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_blank(s.p[n]))
		n++;
	return str_from_pos(s, n);
}

/* The next line with those that continue it; counts them all into *lines. */
static bool next_line(struct str *rest, size_t *lines, struct str *ret)
{
	struct str line, all, text;

	if (!str_line(rest, &all))
		return false;
	++*lines;
	line = all;
	if (str_starts(skip_blanks(line), "#")) {
		*ret = all;
		return true;
	}
	for (;;) {
		text = str_chomp(line);
		if (!str_ends(text, "\\") || !str_line(rest, &line))
			break;
		++*lines;
		all.n += line.n;
	}
	*ret = all;
	return true;
}

/* Takes a line apart: "kernel", "/vmlinuz root=/dev/xvda1 ro". False for comments and
 * empty lines. */
static bool command(struct str line, struct str *ret_name, struct str *ret_arg)
{
	size_t n = 0;

	line = skip_blanks(str_chomp(line));
	if (!line.n || *line.p == '#')
		return false;
	while (n < line.n && !is_blank(line.p[n]) && line.p[n] != '=')
		n++;
	*ret_name = str_upto(line, n);
	while (n < line.n && (is_blank(line.p[n]) || line.p[n] == '='))
		n++;
	*ret_arg = str_from_pos(line, n);
	return true;
}

static bool is_module(struct str name)
{
	return str_is(name, "module") || str_is(name, "modulenounzip");
}

static bool is_root(struct str name)
{
	return str_is(name, "root") || str_is(name, "rootnoverify");
}

/* "--type=linux /vmlinuz args": the path, and what follows it. A lone backslash is what
 * continues the line. */
static bool kernel_path(struct str arg, struct str *ret_path, struct str *ret_args)
{
	while (str_word(&arg, ret_path)) {
		if (str_starts(*ret_path, "--") || str_is(*ret_path, "\\"))
			continue;
		*ret_args = arg;
		return true;
	}
	return false;
}

/* The "(hd0)" or "(hd0,0)" that `s` begins with; empty where it begins otherwise: other
 * drives, "(fd0)" or "(nd)", are not what is renamed. */
static struct str disk_prefix(struct str s)
{
	const char *end;

	if (!str_starts(s, "(hd"))
		return (struct str){0};
	end = memchr(s.p, ')', s.n);
	if (!end)
		return (struct str){0};
	return str_range(s.p, end + 1);
}

static void edit_disk(struct edit *ed, struct str s, const struct menu_lst_edit *req)
{
	struct str disk = disk_prefix(s);

	if (req->groot && disk.n && disk.n <= 32)
		edit_replace(ed, disk, str_from(req->groot));
}

/* What update-grub reads, "# key=value", exactly so: "## " explains, "#key" is off. */
static int edit_option(
	struct edit *ed, struct str line, const struct menu_lst_edit *req, struct err *e)
{
	struct str text = str_chomp(line), key, value, title;

	if (!str_skip(&text, "# ") || !str_cut(text, '=', &key, &value))
		return 0;
	if (str_is(key, "kopt") || str_starts(key, "kopt_") || str_is(key, "xenkopt") ||
		str_is(key, "defoptions"))
		return cmdline_edit_words(ed, value, &req->cmdline, e);
	if (str_is(key, "altoptions")) {
		/* "(recovery mode) single": the title may say anything. */
		if (str_starts(value, "("))
			str_cut(value, ')', &title, &value);
		return cmdline_edit_words(ed, value, &req->cmdline, e);
	}
	if (str_is(key, "groot"))
		edit_disk(ed, value, req);
	else if (str_is(key, "indomU") && req->indomu)
		edit_replace(ed, str_trim(value), str_from(req->indomu));
	return 0;
}

static int edit_command(struct edit *ed, struct str name, struct str arg, bool chainloads,
	const struct menu_lst_edit *req, struct err *e)
{
	struct str path, args;

	if (is_root(name)) {
		if (!chainloads)
			edit_disk(ed, arg, req);
	} else if (str_is(name, "initrd") || str_is(name, "splashimage")) {
		edit_disk(ed, arg, req);
	} else if (str_is(name, "kernel") || is_module(name)) {
		if (!kernel_path(arg, &path, &args))
			return 0;
		edit_disk(ed, path, req);
		return cmdline_edit_words(ed, args, &req->cmdline, e);
	}
	return 0;
}

/* Does the entry whose lines begin at `rest`, behind its title, load another boot loader?
 */
static bool entry_chainloads(struct str rest)
{
	struct str line, name, arg;
	size_t lines = 0;

	while (next_line(&rest, &lines, &line)) {
		if (!command(line, &name, &arg))
			continue;
		if (str_is(name, "title"))
			return false;
		if (str_is(name, "chainloader"))
			return true;
	}
	return false;
}

int menu_lst_edit(struct str in, const struct menu_lst_edit *req, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	bool chainloads = false;
	struct str rest = in, line;
	size_t number = 0;

	for (size_t lines = 0; next_line(&rest, &lines, &line); number = lines) {
		struct str name, arg;
		int r = 0;

		if (!command(line, &name, &arg))
			r = edit_option(&ed, line, req, e);
		else if (str_is(name, "title"))
			chainloads = entry_chainloads(rest);
		else
			r = edit_command(&ed, name, arg, chainloads, req, e);
		if (r < 0)
			return err_wrap(e, r, "line %zu", number + 1);
	}
	return edit_finish(&ed, ret_out, e);
}

static void read_module(struct menu_lst_entry *ent, unsigned nth, struct str arg)
{
	struct str path, args;

	if (!kernel_path(arg, &path, &args))
		return;
	if (nth == 0) {
		ent->xen = true;
		ent->kernel = path;
		ent->args = str_trim(args);
		ent->initrd = (struct str){0};
	} else if (nth == 1) {
		ent->initrd = path;
	}
}

bool menu_lst_next(struct str *rest, size_t *line, struct menu_lst_entry *ret)
{
	struct menu_lst_entry ent = {0};
	struct str text, name, arg, args;
	unsigned modules = 0;
	bool in_entry = false;

	for (;;) {
		struct str before = *rest;
		size_t number = *line;

		if (!next_line(rest, line, &text))
			break;
		if (!command(text, &name, &arg))
			continue;
		if (str_is(name, "title")) {
			if (in_entry) {
				*rest = before;
				*line = number;
				break;
			}
			in_entry = true;
			ent.title = str_trim_end(arg);
			ent.line = number + 1;
		} else if (!in_entry) {
			continue;
		} else if (is_root(name)) {
			str_word(&arg, &ent.root);
		} else if (str_is(name, "kernel")) {
			if (kernel_path(arg, &ent.kernel, &args))
				ent.args = str_trim(args);
		} else if (str_is(name, "initrd")) {
			str_word(&arg, &ent.initrd);
		} else if (is_module(name)) {
			read_module(&ent, modules++, arg);
		} else if (str_is(name, "chainloader")) {
			ent.chainloader = true;
		}
	}
	if (in_entry)
		*ret = ent;
	return in_entry;
}

int menu_lst_default(struct str in)
{
	struct str line, name, arg, word;
	size_t lines = 0;
	int found = 0;

	while (next_line(&in, &lines, &line)) {
		uint64_t index;

		if (!command(line, &name, &arg))
			continue;
		if (str_is(name, "title"))
			break;
		if (!str_is(name, "default") || !str_word(&arg, &word))
			continue;
		if (str_is(word, "saved"))
			found = -1;
		else
			found = str_u64(word, &index) && index <= INT_MAX ? (int)index
									  : 0;
	}
	return found;
}

/* Of an entry that begins at `rest`, behind its title: whether it is a hypervisor with a kernel as
 * its first module. */
static bool entry_boots_xen(struct str rest)
{
	struct str line, name, arg;
	unsigned modules = 0;
	bool kernel = false;
	size_t lines = 0;

	while (next_line(&rest, &lines, &line)) {
		if (!command(line, &name, &arg))
			continue;
		if (str_is(name, "title"))
			break;
		kernel |= str_is(name, "kernel");
		modules += is_module(name);
		if (is_module(name) && str_starts(arg, "--"))
			return false;
	}
	return kernel && modules;
}

int menu_lst_without_xen(struct str in, const struct menu_lst_places *req,
	struct strbuf *ret_out, struct err *e)
{
	static const char *const loads[] = {"kernel", "initrd"};
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct str rest = in, line, name, arg;
	unsigned modules = 0;
	size_t lines = 0, next = 0;
	bool xen = false;

	while (next_line(&rest, &lines, &line)) {
		if (!command(line, &name, &arg))
			continue;
		if (str_is(name, "title")) {
			xen = next < req->n && req->v[next] && entry_boots_xen(rest);
			next++;
			modules = 0;
		} else if (xen && str_is(name, "kernel")) {
			edit_remove(&ed, line);
		} else if (xen && is_module(name)) {
			if (modules < ARRAY_SIZE(loads))
				edit_replace(&ed, name, str_from(loads[modules]));
			else
				edit_remove(&ed, line);
			modules++;
		}
	}
	return edit_finish(&ed, ret_out, e);
}

bool menu_lst_waits(struct str in)
{
	struct str line, name, arg;
	size_t lines = 0;

	while (next_line(&in, &lines, &line)) {
		uint64_t seconds;

		if (!command(line, &name, &arg))
			continue;
		if (str_is(name, "title"))
			break;
		if (str_is(name, "timeout") && str_u64(str_trim(arg), &seconds))
			return false;
	}
	return true;
}
