/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See progress.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/progress.h"
#include "host/show.h"

enum { CELLS = 30, NAME_COLUMNS = 28 };

static bool starts(const struct port_progress *m)
{
	return !strcmp(m->status, "start");
}

/* Characters, which is columns for what show_text() lets through of a step's name. */
static size_t columns(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void pad(struct strbuf *b, size_t from, size_t width)
{
	size_t n = columns(str_from_pos(strbuf_str(b), from));

	for (; n < width; n++)
		strbuf_addc(b, ' ');
}

void progress_bar(
	struct strbuf *out, const struct port_progress *m, unsigned seconds, bool utf8)
{
	/* A step that has only begun is not yet part of what is done. */
	unsigned done = m->step - (m->step && starts(m));
	unsigned full = m->of ? (unsigned)((unsigned long long)done * CELLS / m->of) : 0;
	size_t from = out->n, name;

	strbuf_addc(out, '[');
	for (unsigned i = 0; i < CELLS; i++)
		strbuf_adds(out, utf8 ? (i < full ? "█" : "░") : (i < full ? "#" : "."));
	strbuf_addc(out, ']');
	name = out->n;
	if (m->of) {
		strbuf_addf(out, " %2u/%u ", m->step, m->of);
		show_text(out, str_from(m->id), NAME_COLUMNS, utf8);
	} else {
		strbuf_adds(out, " starting the rescue system");
	}
	pad(out, name, PROGRESS_COLUMNS - CELLS - 2 - 7);
	strbuf_addf(out, " %4u s", seconds > 9999 ? 9999 : seconds);
	pad(out, from, PROGRESS_COLUMNS);
}

void progress_line(struct strbuf *out, const struct port_progress *m, bool utf8)
{
	strbuf_addf(out, "[%2u/%u] ", m->step, m->of);
	show_text(out, str_from(m->id), PORT_ID_MAX, utf8);
	if (!starts(m)) {
		strbuf_adds(out, ": ");
		show_text(out, str_from(m->status), sizeof(m->status), utf8);
	}
	strbuf_addc(out, '\n');
}

static void draw(struct progress *p)
{
	cleanup_(strbuf_done) struct strbuf b = {0};

	progress_bar(&b, &p->last, p->seconds, p->utf8);
	if (strbuf_err(&b) < 0)
		return;
	fprintf(p->to, "\r%s", b.p);
	fflush(p->to);
}

void progress_step(void *arg, const struct port_progress *m)
{
	cleanup_(strbuf_done) struct strbuf b = {0};
	struct progress *p = arg;

	p->last = *m;
	if (p->bar) {
		draw(p);
		return;
	}
	progress_line(&b, m, p->utf8);
	if (strbuf_err(&b) < 0)
		return;
	fputs(b.p, p->to);
	fflush(p->to);
}

void progress_tick(void *arg, unsigned seconds)
{
	struct progress *p = arg;

	p->seconds = seconds;
	if (p->bar)
		draw(p);
}

bool progress_is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void progress_clear(struct progress *p)
{
	if (!p->bar)
		return;
	fprintf(p->to, "\r%*s\r", PROGRESS_COLUMNS, "");
	fflush(p->to);
}
