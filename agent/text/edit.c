/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See edit.h. */
#include "text/edit.h"

void edit_replace(struct edit *ed, struct str range, struct str with)
{
	size_t from;

	if ((!range.p && ed->in.n) || str_eq(range, with))
		return;
	from = ed->in.p ? (size_t)(range.p - ed->in.p) : 0;
	if (from < ed->done || from > ed->in.n || range.n > ed->in.n - from)
		return;
	strbuf_add(&ed->out, str_from_pos(str_upto(ed->in, from), ed->done));
	strbuf_add(&ed->out, with);
	ed->done = from + range.n;
	ed->changed = true;
}

void edit_remove(struct edit *ed, struct str range)
{
	edit_replace(ed, range, (struct str){0});
}

void edit_insert(struct edit *ed, const char *at, struct str with)
{
	edit_replace(ed, (struct str){at, 0}, with);
}

int edit_finish(struct edit *ed, struct strbuf *ret_out, struct err *e)
{
	if (ed->changed)
		strbuf_add(&ed->out, str_from_pos(ed->in, ed->done));
	if (strbuf_err(&ed->out) < 0) {
		edit_done(ed);
		return err_oom(e);
	}
	if (!ed->changed) {
		edit_done(ed);
		return 0;
	}
	strbuf_done(ret_out);
	*ret_out = ed->out;
	*ed = (struct edit){0};
	return 1;
}

void edit_done(struct edit *ed)
{
	strbuf_done(&ed->out);
	*ed = (struct edit){0};
}
