/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See path_regex.h. What is carried along is the set of places in the path where a match of the
 * expression so far may end; each piece of the expression turns such a set into the next. There
 * is nothing to go back to, so no expression can make it go back forever. */
#include "text/path_regex.h"

enum { PATH_LEN_MAX = 255, DEPTH_MAX = 16, STEPS_MAX = 2000 };

struct places {
	uint64_t w[4]; /* bit n: before byte n of the path */
};

struct match {
	struct str path;
	struct str rest; /* of the expression */
	unsigned depth, steps;
	bool failed;
};

static bool has(const struct places *s, size_t n)
{
	return s->w[n / 64] >> n % 64 & 1;
}

static void put(struct places *s, size_t n)
{
	s->w[n / 64] |= (uint64_t)1 << n % 64;
}

/* False where `b` holds nothing new. */
static bool unite(struct places *a, const struct places *b)
{
	bool more = false;

	for (size_t i = 0; i < ARRAY_SIZE(a->w); i++) {
		more |= (b->w[i] & ~a->w[i]) != 0;
		a->w[i] |= b->w[i];
	}
	return more;
}

static struct places fail(struct match *m)
{
	m->failed = true;
	m->rest.n = 0;
	return (struct places){0};
}

static char next(struct match *m)
{
	char c = m->rest.n ? *m->rest.p : '\0';

	m->rest = str_from_pos(m->rest, 1);
	return c;
}

/* One byte of the path that is in [text], which begins behind a '^' already taken. */
static bool in_class(struct str text, char c)
{
	bool in = false;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\\' && i + 1 < text.n)
			i++;
		if (i + 2 < text.n && text.p[i + 1] == '-') {
			in |= text.p[i] <= c && c <= text.p[i + 2];
			i += 2;
		} else {
			in |= text.p[i] == c;
		}
	}
	return in;
}

/* What stands between the brackets, off m->rest; false where it does not end or names a class. */
static bool class_text(struct match *m, bool *ret_not, struct str *ret)
{
	const char *from;
	size_t n = 0;

	*ret_not = str_skip(&m->rest, "^");
	from = m->rest.p;
	while (n < m->rest.n && (m->rest.p[n] != ']' || n == 0)) {
		if (m->rest.p[n] == '[' && n + 1 < m->rest.n && m->rest.p[n + 1] == ':')
			return false;
		n += m->rest.p[n] == '\\' ? 2 : 1;
	}
	if (n >= m->rest.n)
		return false;
	*ret = (struct str){from, n};
	m->rest = str_from_pos(m->rest, n + 1);
	return true;
}

enum kind { ANY, LITERAL, CLASS, DIGIT, WORD, SPACE };

static bool is_one(enum kind kind, char c, char want)
{
	switch (kind) {
	case ANY:
		return true;
	case DIGIT:
		return c >= '0' && c <= '9';
	case WORD:
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		       (c >= 'A' && c <= 'Z') || c == '_';
	case SPACE:
		return c == ' ' || (c >= '\t' && c <= '\r');
	case LITERAL:
	case CLASS:
		break;
	}
	return c == want;
}

static struct places alternatives(struct match *m, struct places from);

static struct places group(struct match *m, struct places from)
{
	struct places to;

	if (str_skip(&m->rest, "?") && !str_skip(&m->rest, ":"))
		return fail(m);
	if (++m->depth > DEPTH_MAX)
		return fail(m);
	to = alternatives(m, from);
	m->depth--;
	return next(m) == ')' ? to : fail(m);
}

/* A byte, a class or a group; m->rest stands at it. */
static struct places atom(struct match *m, struct places from)
{
	struct places to = {0};
	enum kind kind = LITERAL;
	struct str text = {0};
	bool is_not = false;
	char c;

	if (++m->steps > STEPS_MAX)
		return fail(m);
	c = next(m);
	switch (c) {
	case '(':
		return group(m, from);
	case '[':
		if (!class_text(m, &is_not, &text))
			return fail(m);
		kind = CLASS;
		break;
	case '.':
		kind = ANY;
		break;
	case '^':
	case '$': /* the whole path it is in any case */
		return from;
	case '{':
	case '*':
	case '+':
	case '?':
		return fail(m);
	case '\\':
		if (!m->rest.n)
			return fail(m);
		c = next(m);
		kind = c == 'd' ? DIGIT : c == 'w' ? WORD : c == 's' ? SPACE : LITERAL;
		break;
	default:
		break;
	}
	for (size_t i = 0; i < m->path.n; i++)
		if (has(&from, i) &&
			(kind == CLASS ? in_class(text, m->path.p[i]) != is_not
				       : is_one(kind, m->path.p[i], c)))
			put(&to, i + 1);
	return to;
}

/* An atom and how often it may stand there. */
static struct places piece(struct match *m, struct places from)
{
	const struct str start = m->rest;
	struct places to = atom(m, from), more;
	bool many = false, none = false;
	struct str behind;

	if (m->rest.n && *m->rest.p == '{')
		return fail(m);
	if (str_skip(&m->rest, "*"))
		many = none = true;
	else if (str_skip(&m->rest, "+"))
		many = true;
	else if (str_skip(&m->rest, "?"))
		none = true;
	else
		return to;
	/* Lazy or possessive: it is the same paths that match as a whole, or fewer. */
	if (!str_skip(&m->rest, "?") && m->rest.n && *m->rest.p == '+')
		return fail(m);
	behind = m->rest;
	while (many && !m->failed) {
		m->rest = start;
		more = atom(m, to);
		if (!unite(&to, &more))
			break;
	}
	if (m->failed)
		return to;
	m->rest = behind;
	if (none)
		unite(&to, &from);
	return to;
}

static struct places alternatives(struct match *m, struct places from)
{
	struct places to = {0}, branch = from;

	while (m->rest.n && *m->rest.p != ')') {
		if (str_skip(&m->rest, "|")) {
			unite(&to, &branch);
			branch = from;
		} else {
			branch = piece(m, branch);
		}
	}
	unite(&to, &branch);
	return to;
}

bool path_regex_match(struct str regex, struct str path)
{
	struct match m = {.path = path, .rest = regex};
	struct places from = {0}, to;

	if (path.n > PATH_LEN_MAX)
		return false;
	put(&from, 0);
	to = alternatives(&m, from);
	return !m.failed && !m.rest.n && has(&to, path.n);
}
