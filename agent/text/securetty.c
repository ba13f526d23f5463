/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See securetty.h. */
#include "text/securetty.h"
#include "text/edit.h"

int securetty_add(struct str in, const char *tty, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf line = {0};

	if (!*tty)
		return 0;
	STR_FOREACH_LINE (l, in) {
		/* login(1) compares whole lines, pam_securetty(8) without the newline. */
		if (str_is(str_trim(l), tty))
			return 0;
	}
	if (in.n && in.p[in.n - 1] != '\n')
		strbuf_addc(&line, '\n');
	strbuf_adds(&line, tty);
	strbuf_addc(&line, '\n');
	if (strbuf_err(&line) < 0)
		return err_oom(e);
	edit_insert(&ed, in.n ? in.p + in.n : in.p, strbuf_str(&line));
	return edit_finish(&ed, ret_out, e);
}
