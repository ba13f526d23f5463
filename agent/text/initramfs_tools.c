/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See initramfs_tools.h. The modules file is read by a shell's `read`, where a carriage
 * return belongs to the word: a line "virtio_blk\r" loads nothing. */
#include <string.h>

#include "text/edit.h"
#include "text/initramfs_tools.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The module of a line; empty in comments and empty lines. */
static struct str line_module(struct str line)
{
	size_t n = 0;

	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	while (line.n && is_blank(*line.p))
		line = str_from_pos(line, 1);
	if (line.n && *line.p == '#')
		return (struct str){0};
	while (n < line.n && !is_blank(line.p[n]))
		n++;
	return str_upto(line, n);
}

static bool same_module(struct str a, const char *name)
{
	if (a.n != strlen(name))
		return false;
	for (size_t i = 0; i < a.n; i++) {
		char ca = a.p[i] == '-' ? '_' : a.p[i];
		char cb = name[i] == '-' ? '_' : name[i];

		if (ca != cb)
			return false;
	}
	return true;
}

bool initramfs_modules_has(struct str in, const char *name)
{
	STR_FOREACH_LINE (line, in) {
		if (same_module(line_module(line), name))
			return true;
	}
	return false;
}

/* True if `names` holds the same module before `upto`. */
static bool named_before(const struct strv *names, char **upto)
{
	for (char **it = names->v; it != upto; it++)
		if (same_module(str_from(*it), *upto))
			return true;
	return false;
}

int initramfs_modules_add(
	struct str in, const struct strv *names, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct strbuf lines = {0};
	int r;

	STRV_FOREACH (name, names) {
		if (!**name || named_before(names, name) ||
			initramfs_modules_has(in, *name))
			continue;
		if (!lines.n && in.n && in.p[in.n - 1] != '\n')
			strbuf_addc(&lines, '\n');
		strbuf_adds(&lines, *name);
		strbuf_addc(&lines, '\n');
	}
	r = strbuf_err(&lines);
	if (r == 0)
		edit_insert(&ed, in.n ? in.p + in.n : in.p, strbuf_str(&lines));
	strbuf_done(&lines);
	return r < 0 ? err_oom(e) : edit_finish(&ed, ret_out, e);
}

/* The value's range in a line `RESUME=value [# comment]`, without quotes around it. */
static bool resume_value(struct str line, struct str *ret_value)
{
	struct str rest = str_chomp(line), value;
	size_t n = 0;

	while (rest.n && is_blank(*rest.p))
		rest = str_from_pos(rest, 1);
	if (str_skip(&rest, "export "))
		while (rest.n && is_blank(*rest.p))
			rest = str_from_pos(rest, 1);
	if (!str_skip(&rest, "RESUME="))
		return false;
	if (rest.n && (*rest.p == '"' || *rest.p == '\'')) {
		struct str tail;
		char quote = *rest.p;

		rest = str_from_pos(rest, 1);
		if (!str_cut(rest, quote, &value, &tail))
			return false;
		*ret_value = value;
		return value.n != 0;
	}
	while (n < rest.n && !is_blank(rest.p[n]) && rest.p[n] != ';')
		n++;
	*ret_value = str_upto(rest, n);
	return n != 0;
}

/* True if the value is one of the specs, UUID="x" being UUID=x. */
static bool is_gone(struct str value, const struct strv *gone_specs, bool *ret_oom)
{
	struct strbuf plain = {0};
	bool gone;

	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '"' && value.p[i] != '\'')
			strbuf_addc(&plain, value.p[i]);
	*ret_oom = strbuf_err(&plain) < 0;
	gone = gone_specs && strv_has(gone_specs, strbuf_str(&plain));
	strbuf_done(&plain);
	return gone;
}

int initramfs_resume_edit(struct str in, const struct dev_map *map,
	const struct strv *gone_specs, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf name = {0};

	STR_FOREACH_LINE (line, in) {
		struct str value;
		enum dev_fate fate;
		bool oom;

		if (!resume_value(line, &value))
			continue;
		strbuf_reset(&name);
		fate = dev_map_find(map, value, &name);
		if (strbuf_err(&name) < 0)
			return err_oom(e);
		if (fate == DEV_RENAMED)
			edit_replace(&ed, value, strbuf_str(&name));
		else if (fate == DEV_GONE || is_gone(value, gone_specs, &oom))
			edit_replace(&ed, value, STR("none"));
		else if (oom)
			return err_oom(e);
	}
	return edit_finish(&ed, ret_out, e);
}
