/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A unified diff (diff(1) -u) of what a plan writes. Edits keep most lines, so lines are
 * matched from both ends and, between, to the next equal line on either side. Bytes that a
 * terminal does not show (a CR, too) stand there as '?'. */
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "report/report.h"

#define CONTEXT 3
#define LOOK_AHEAD 200

struct lines {
	struct str *v;
	size_t n;
};

/* One line of the diff: ' ', '-' or '+'. */
struct hunk_line {
	char sign;
	struct str text;
	size_t old, new; /* line numbers, from 0 */
};
struct script {
	struct hunk_line *v;
	size_t n;
};

static bool split(struct str text, struct lines *ret)
{
	size_t n = 0;

	STR_FOREACH_LINE (line, text)
		n += line.n > 0;
	ret->v = calloc(n + 1, sizeof(*ret->v));
	if (!ret->v)
		return false;
	STR_FOREACH_LINE (line, text)
		ret->v[ret->n++] = line;
	return true;
}

static void emit(struct script *s, char sign, struct str text, size_t old, size_t new)
{
	s->v[s->n++] = (struct hunk_line){sign, text, old, new};
}

/* The nearest pair of equal lines ahead; false where none is near. */
static bool resync(const struct lines *a, size_t i, const struct lines *b, size_t j,
	size_t *ret_i, size_t *ret_j)
{
	for (size_t d = 1; d < LOOK_AHEAD; d++)
		for (size_t k = 0; k <= d; k++)
			if (i + k < a->n && j + d - k < b->n &&
				str_eq(a->v[i + k], b->v[j + d - k])) {
				*ret_i = i + k;
				*ret_j = j + d - k;
				return true;
			}
	return false;
}

static void compare(const struct lines *a, const struct lines *b, struct script *s)
{
	size_t i = 0, j = 0;

	while (i < a->n || j < b->n) {
		size_t to_i = a->n, to_j = b->n;

		if (i < a->n && j < b->n && str_eq(a->v[i], b->v[j])) {
			emit(s, ' ', a->v[i], i, j);
			i++;
			j++;
			continue;
		}
		resync(a, i, b, j, &to_i, &to_j);
		for (; i < to_i; i++)
			emit(s, '-', a->v[i], i, j);
		for (; j < to_j; j++)
			emit(s, '+', b->v[j], i, j);
	}
}

static size_t count(const struct script *s, size_t from, size_t to, char without)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += s->v[i].sign != without;
	return n;
}

static void print_hunk(const struct script *s, size_t from, size_t to, struct strbuf *ret)
{
	const size_t old = count(s, from, to, '+'), new = count(s, from, to, '-');

	/* A side without lines names the line it would stand behind: 0 in an empty file. */
	strbuf_addf(ret, "@@ -%zu,%zu +%zu,%zu @@\n", s->v[from].old + (old > 0), old,
		s->v[from].new + (new > 0), new);
	for (size_t i = from; i < to; i++) {
		strbuf_addc(ret, s->v[i].sign);
		printable_add(ret, s->v[i].text, "\t\n");
		if (!str_ends(s->v[i].text, "\n"))
			strbuf_adds(ret, "\n\\ No newline at end of file\n");
	}
}

static void print_script(const struct script *s, struct strbuf *ret)
{
	for (size_t i = 0; i < s->n;) {
		size_t from, to, quiet = 0;

		if (s->v[i].sign == ' ') {
			i++;
			continue;
		}
		from = i > CONTEXT ? i - CONTEXT : 0;
		for (to = i; to < s->n && quiet <= 2 * CONTEXT; to++)
			quiet = s->v[to].sign == ' ' ? quiet + 1 : 0;
		to -= quiet > CONTEXT ? quiet - CONTEXT : 0;
		print_hunk(s, from, to, ret);
		i = to;
	}
}

static void diff(struct str old, struct str new, struct strbuf *ret)
{
	struct lines a = {0}, b = {0};
	struct script s = {0};

	if (split(old, &a) && split(new, &b))
		s.v = calloc(a.n + b.n + 1, sizeof(*s.v));
	if (s.v) {
		compare(&a, &b, &s);
		print_script(&s, ret);
	} else {
		ret->oom = true;
	}
	free(s.v);
	free(a.v);
	free(b.v);
}

void report_diff_text(
	const struct snapshot *snap, const struct plan *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];
		struct str old = STR("");

		if (s->kind != STEP_WRITE && s->kind != STEP_REMOVE)
			continue;
		snapshot_data(snap, s->path, &old);
		printable_line(ret, "--- a%s", s->path);
		printable_line(ret, "+++ %s%s",
			s->kind == STEP_REMOVE ? "/dev/null" : "b",
			s->kind == STEP_REMOVE ? "" : s->path);
		diff(old, s->kind == STEP_WRITE ? strbuf_str(&s->content) : STR(""), ret);
	}
}
