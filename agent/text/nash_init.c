/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See nash_init.h. */
#include <errno.h>

#include "text/edit.h"
#include "text/modules_dep.h"
#include "text/nash_init.h"

/* The command of a line and what follows it. */
static bool command(struct str line, struct str *ret_rest, const char *name)
{
	struct str word;

	*ret_rest = str_chomp(line);
	return str_word(ret_rest, &word) && str_is(word, name);
}

static bool is_insmod(struct str line, struct str *ret_path)
{
	struct str rest;

	return command(line, &rest, "insmod") && str_word(&rest, ret_path);
}

bool nash_init_loads(struct str in, const char *driver)
{
	STR_FOREACH_LINE (line, in) {
		struct str path;

		if (is_insmod(line, &path) && module_name_is(path, driver))
			return true;
	}
	return false;
}

/* Where new modules are to be loaded: NULL where nothing in the script says. What is printed
 * before a module stays with it. */
static const char *find_place(struct str in)
{
	struct str path, rest, before = {0};
	const char *root = NULL;

	STR_FOREACH_LINE (line, in) {
		if (is_insmod(line, &path))
			return command(before, &rest, "echo") ? before.p : line.p;
		if (!root && command(line, &rest, "mkrootdev"))
			root = command(before, &rest, "echo") ? before.p : line.p;
		before = line;
	}
	return root;
}

static int load_lines(struct str in, const struct strv *modules, struct strbuf *ret)
{
	STRV_FOREACH (path, modules) {
		struct str name = module_name(str_from(*path));
		cleanup_(free_charp) char *driver = str_dup(name);

		if (!driver)
			return -ENOMEM;
		if (!nash_init_loads(in, driver))
			strbuf_addf(ret,
				"echo \"Loading " STR_FMT ".ko module\"\ninsmod %s \n",
				STR_ARG(name), *path);
	}
	if (ret->n)
		strbuf_adds(ret, "mkblkdevs\n");
	return strbuf_err(ret);
}

/* nash takes "xvda1" for "/dev/xvda1". */
static enum dev_fate fate_of(
	const struct dev_map *map, struct str word, struct strbuf *ret_new)
{
	cleanup_(strbuf_done) struct strbuf full = {0}, name = {0};
	enum dev_fate fate = dev_map_find(map, word, ret_new);
	struct str new;

	if (fate != DEV_KEPT || str_starts(word, "/"))
		return fate;
	strbuf_adds(&full, "/dev/");
	strbuf_add(&full, word);
	fate = dev_map_find(map, strbuf_str(&full), &name);
	new = strbuf_str(&name);
	str_skip(&new, "/dev/");
	strbuf_add(ret_new, new);
	ret_new->oom |= full.oom || name.oom;
	return fate;
}

static struct str last_word(struct str rest)
{
	struct str word, last = {0};

	while (str_word(&rest, &word))
		last = word;
	return last;
}

static int edit_line(struct edit *ed, struct str line, const struct dev_map *map)
{
	cleanup_(strbuf_done) struct strbuf name = {0};
	struct str rest, word;
	const bool resumes = command(line, &rest, "resume");
	enum dev_fate fate;

	if (!resumes && !command(line, &rest, "mkrootdev"))
		return 0;
	word = last_word(rest);
	fate = word.n ? fate_of(map, word, &name) : DEV_KEPT;
	if (fate == DEV_RENAMED)
		edit_replace(ed, word, strbuf_str(&name));
	else if (fate == DEV_GONE && resumes)
		edit_remove(ed, line);
	return strbuf_err(&name);
}

int nash_init_edit(
	struct str in, const struct nash_edit *req, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf lines = {0};
	const char *place = find_place(in);

	if (load_lines(in, req->modules, &lines) < 0)
		return err_oom(e);
	if (lines.n && !place)
		return err_set(e, -EINVAL, "it neither loads a module nor mounts a root");
	STR_FOREACH_LINE (line, in) {
		if (lines.n && line.p == place)
			edit_insert(&ed, place, strbuf_str(&lines));
		if (edit_line(&ed, line, req->map) < 0)
			return err_oom(e);
	}
	return edit_finish(&ed, ret_out, e);
}
