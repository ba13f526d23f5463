/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See grubenv.h. Lines of NAME=value behind the signature; a backslash in a value stands
 * before a backslash or a newline that is part of the value; '#' fills the rest. */
#include <errno.h>

#include "text/grubenv.h"

#define BLOCK_SIZE 1024
#define SIGNATURE "# GRUB Environment Block\n"

/* Without the padding. */
static struct str used(struct str in)
{
	while (in.n && in.p[in.n - 1] == '#')
		in.n--;
	return in;
}

bool grubenv_begin(struct str *in)
{
	*in = used(*in);
	return str_skip(in, SIGNATURE);
}

void grubenv_unescape(struct str value, struct strbuf *out)
{
	for (size_t i = 0; i < value.n; i++) {
		i += value.p[i] == '\\' && i + 1 < value.n;
		strbuf_addc(out, value.p[i]);
	}
}

/* Comment lines are passed over. */
bool grubenv_next(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	while (rest->n) {
		struct str line = *rest;
		size_t n = 0;

		while (n < line.n && line.p[n] != '\n')
			n += line.p[n] == '\\' ? 2 : 1;
		line = str_upto(line, n);
		*rest = str_from_pos(*rest, n + 1);
		if (!str_starts(line, "#") && str_cut(line, '=', ret_name, ret_value))
			return true;
	}
	return false;
}

static bool is_block(struct str in)
{
	return in.n == BLOCK_SIZE && str_starts(in, SIGNATURE);
}

static int err_not_block(struct str in, struct err *e)
{
	return err_set(e, -EINVAL,
		"not an environment block of GRUB (%zu bytes; %d and its signature are "
		"expected)",
		in.n, BLOCK_SIZE);
}

/* What an edit of the used part answers, padded to a block again. */
static int finish_block(struct edit *ed, struct strbuf *ret_out, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	int r = edit_finish(ed, &out, e);

	if (r <= 0)
		return r;
	/* Else a '#' at the end of the edited value would be padding from now on. */
	if (!str_ends(strbuf_str(&out), "\n"))
		strbuf_addc(&out, '\n');
	if (out.n > BLOCK_SIZE)
		return err_set(e, -ENOSPC,
			"the edited environment block would need %zu of %d bytes", out.n,
			BLOCK_SIZE);
	strbuf_pad(&out, '#', BLOCK_SIZE);
	if (strbuf_err(&out) < 0)
		return err_oom(e);
	strbuf_done(ret_out);
	*ret_out = out;
	out = (struct strbuf){0};
	return 1;
}

/* Anything to do at all? */
static bool is_empty(const struct cmdline_edit *req)
{
	return (!req->map || !req->map->n) && !req->console && !req->drop_xen;
}

int grubenv_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(edit_done) struct edit ed = {0};
	struct str rest, name, value;
	int r;

	if (is_empty(req))
		return 0;
	if (!is_block(in))
		return err_not_block(in, e);
	rest = ed.in = used(in);
	while (grubenv_next(&rest, &name, &value)) {
		if (!str_is(name, "kernelopts"))
			continue;
		r = cmdline_edit_words(&ed, value, req, e);
		if (r < 0)
			return err_wrap(e, r, "kernelopts");
	}
	return finish_block(&ed, ret_out, e);
}

struct str grubenv_get(struct str in, const char *key)
{
	struct str rest = used(in), name, value, found = {0};

	if (!is_block(in))
		return found;
	while (grubenv_next(&rest, &name, &value))
		if (str_is(name, key))
			found = value;
	return found;
}

static void add_escaped(struct strbuf *out, struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\\' || value.p[i] == '\n')
			strbuf_addc(out, '\\');
		strbuf_addc(out, value.p[i]);
	}
}

int grubenv_set(struct str in, const char *key, struct str value, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(edit_done) struct edit ed = {0};
	cleanup_(strbuf_done) struct strbuf stored = {0}, line = {0}, out = {0};
	struct str rest, name, old, found = {0};
	int r;

	if (!is_block(in))
		return err_not_block(in, e);
	rest = ed.in = used(in);
	while (grubenv_next(&rest, &name, &old))
		if (str_is(name, key))
			found = old;
	add_escaped(&stored, value);
	strbuf_addf(&line, "%s%s=" STR_FMT "\n", str_ends(ed.in, "\n") ? "" : "\n", key,
		STR_ARG(strbuf_str(&stored)));
	if (strbuf_err(&stored) < 0 || strbuf_err(&line) < 0)
		return err_oom(e);
	if (found.p)
		edit_replace(&ed, found, strbuf_str(&stored));
	else
		edit_insert(&ed, ed.in.p + ed.in.n, strbuf_str(&line));
	r = finish_block(&ed, &out, e);
	if (r <= 0)
		return r;
	if (!str_eq(grubenv_get(strbuf_str(&out), key), strbuf_str(&stored)))
		return err_set(e, -EINVAL, "its last variable is not closed");
	strbuf_done(ret_out);
	*ret_out = out;
	out = (struct strbuf){0};
	return 1;
}
