/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See xen_lines.h. */
#include "text/xen_lines.h"
#include "text/edit.h"

/* All of Xen's drivers have such a name, in XenSource's kernels and in mainline. */
static bool is_xen_module(struct str name)
{
	return str_starts(name, "xen");
}

static bool lists_module(struct str line)
{
	struct str word;

	return str_word(&line, &word) && is_xen_module(word);
}

static struct str base_name(struct str path)
{
	struct str head;

	while (str_cut(path, '/', &head, &path))
		;
	return path;
}

/* Nothing may follow the module's name but where the output goes: "|| exit 1" is a script's
 * way of saying that it means it. */
static bool loads_module(struct str line)
{
	struct str word, name = {0};

	if (!str_word(&line, &word))
		return false;
	word = base_name(word);
	if (!str_is(word, "modprobe") && !str_is(word, "insmod"))
		return false;
	while (str_word(&line, &word)) {
		if (str_contains(word, ">"))
			continue;
		if (*word.p == '-' && !name.n)
			continue;
		if (name.n || str_contains(word, "$"))
			return false;
		name = base_name(word);
	}
	return is_xen_module(name);
}

static bool sets_sysctl(struct str line)
{
	line = str_trim(line);
	(void)str_skip(&line, "-");
	return str_starts(line, "xen.") || str_starts(line, "xen/");
}

static int mark_lines(struct str in, bool (*is_one)(struct str line), struct str mark,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in)
		if (is_one(line))
			edit_insert(&ed, line.p, mark);
	return edit_finish(&ed, ret_out, e);
}

int xen_lines_modules(struct str in, struct strbuf *ret_out, struct err *e)
{
	return mark_lines(in, lists_module, STR("#"), ret_out, e);
}

int xen_lines_commands(struct str in, struct strbuf *ret_out, struct err *e)
{
	return mark_lines(in, loads_module, STR(": "), ret_out, e);
}

int xen_lines_sysctl(struct str in, struct strbuf *ret_out, struct err *e)
{
	return mark_lines(in, sets_sysctl, STR("#"), ret_out, e);
}
