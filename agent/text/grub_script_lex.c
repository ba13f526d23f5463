/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of GRUB's shell: where they end (grub-core/script/yylex.l) and what they become
 * (script/execute.c, grub_script_arglist_to_argv). See grub_script_work.h. */
#include <errno.h>

#include "text/grub_script_work.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Length of the name of a variable that `s` begins with; 0 where it is none. */
static size_t name_length(struct str s)
{
	size_t n = 0;

	if (!s.n)
		return 0;
	if (*s.p == '?' || *s.p == '#' || *s.p == '*' || *s.p == '@')
		return 1;
	if (is_digit(*s.p)) {
		while (n < s.n && is_digit(s.p[n]))
			n++;
		return n;
	}
	while (n < s.n && (is_name(s.p[n]) || (n && is_digit(s.p[n]))))
		n++;
	return n;
}

/* The variable behind a '$': its length with braces, 0 where it is none; its name. */
static size_t variable(struct str s, struct str *ret_name)
{
	bool brace = str_skip(&s, "{");
	size_t n = name_length(s);

	*ret_name = str_upto(s, n);
	if (!n || !brace)
		return n;
	return n < s.n && s.p[n] == '}' ? n + 2 : 0;
}

/* Position behind the string whose quote stands at `n`; 0 where it is not closed. */
static size_t skip_quoted(struct str s, size_t n)
{
	char quote = s.p[n];

	for (n++; n < s.n && s.p[n] != quote; n++)
		if (quote == '"' && s.p[n] == '\\')
			n++;
	return n < s.n ? n + 1 : 0;
}

/* Length of the word that `s` begins with; 0 where it is malformed. */
static size_t word_length(struct str s)
{
	struct str name;
	size_t n = 0, m;

	while (n < s.n) {
		switch (s.p[n]) {
		case ' ':
		case '\t':
		case '\n':
		case ';':
		case '{':
		case '}':
		case '|':
		case '&':
		case '<':
		case '>':
			return n;
		case '\\':
			if (n + 1 >= s.n)
				return 0;
			n += 2;
			break;
		case '$':
			if (n + 1 < s.n && s.p[n + 1] == '"') {
				n++;
				break;
			}
			m = variable(str_from_pos(s, n + 1), &name);
			if (!m)
				return 0;
			n += m + 1;
			break;
		case '\'':
		case '"':
			n = skip_quoted(s, n);
			if (!n)
				return 0;
			break;
		default:
			n++;
		}
	}
	return n;
}

/* Behind blanks, continued lines and comments. */
static size_t skip_blanks(struct str s, size_t n)
{
	while (n < s.n) {
		if (s.p[n] == ' ' || s.p[n] == '\t') {
			n++;
		} else if (s.p[n] == '\\' && n + 1 < s.n && s.p[n + 1] == '\n') {
			n += 2;
		} else if (s.p[n] == '#') {
			while (n < s.n && s.p[n] != '\n')
				n++;
		} else {
			break;
		}
	}
	return n;
}

enum script_token grub_script_token(
	struct script *x, struct script_cursor *c, struct str *ret_word)
{
	size_t from = c->at, n;
	struct str rest;

	c->at = skip_blanks(c->text, c->at);
	rest = str_from_pos(c->text, c->at);
	if (!grub_script_charge(x, c->at - from))
		return SCRIPT_BAD;
	if (!rest.n)
		return SCRIPT_END;
	c->at++;
	switch (*rest.p) {
	case '\n':
		return SCRIPT_NEWLINE;
	case ';':
		return str_starts(rest, ";;") ? SCRIPT_BAD : SCRIPT_SEMICOLON;
	case '{':
		return SCRIPT_OPEN;
	case '}':
		return SCRIPT_CLOSE;
	default:
		c->at--;
	}
	n = word_length(rest);
	if (!grub_script_charge(x, n ? n : rest.n) || !n)
		return SCRIPT_BAD;
	*ret_word = str_upto(rest, n);
	c->at += n;
	return SCRIPT_WORD;
}

/* The word that is being put together. */
struct builder {
	struct script *x;
	struct script_args *to;
	struct strbuf word;
	bool started; /* even if empty: it was quoted */
};

static void end_word(struct builder *b)
{
	if (b->started)
		grub_script_add(b->x, b->to, grub_script_take(b->x, &b->word));
	b->started = false;
}

static void put(struct builder *b, struct str s)
{
	if (!grub_script_charge(b->x, s.n))
		return;
	strbuf_add(&b->word, s);
	b->started = true;
}

/* An unquoted value is split at blanks; the first piece continues the word. */
static void put_split(struct builder *b, struct str value)
{
	struct str piece;

	for (bool first = true; str_word(&value, &piece); first = false) {
		if (!first)
			end_word(b);
		put(b, piece);
	}
}

static void put_value(struct builder *b, struct str value, bool quoted)
{
	if (!quoted)
		put_split(b, value);
	else if (value.n)
		put(b, value);
}

static void put_params(struct builder *b, bool joined, bool quoted)
{
	for (size_t i = 0; i < b->x->params.n; i++) {
		if (i && joined && quoted)
			put(b, STR(" "));
		else if (i)
			end_word(b);
		put_value(b, b->x->params.v[i], quoted);
	}
}

static void put_variable(struct builder *b, struct str name, bool quoted)
{
	uint64_t n;

	if (str_is(name, "*") || str_is(name, "@")) {
		put_params(b, str_is(name, "*"), quoted);
	} else if (str_is(name, "#") || str_is(name, "?")) {
		struct strbuf text = {0};

		strbuf_addf(&text, "%d",
			str_is(name, "?") ? b->x->status : (int)b->x->params.n);
		put_value(b, grub_script_take(b->x, &text), quoted);
	} else if (str_u64(name, &n)) {
		if (n && n <= b->x->params.n)
			put_value(b, b->x->params.v[n - 1], quoted);
	} else {
		put_value(b, grub_script_get(b->x, name), quoted);
	}
}

/* What stands between double quotes; in $"..." too, for which GRUB has no translation that
 * matters here. */
static void put_quoted(struct builder *b, struct str s)
{
	for (size_t n = 0, m; n < s.n; n += m) {
		struct str rest = str_from_pos(s, n), name;

		m = 1;
		if (*rest.p == '\\' && rest.n > 1 && rest.p[1] == '\n') {
			m = 2;
		} else if (*rest.p == '\\' && rest.n > 1 &&
			   (rest.p[1] == '$' || rest.p[1] == '\\' || rest.p[1] == '"')) {
			put(b, (struct str){rest.p + 1, 1});
			m = 2;
		} else if (*rest.p == '$') {
			m = 1 + variable(str_from_pos(rest, 1), &name);
			if (m > 1)
				put_variable(b, name, true);
			else
				put(b, STR("$"));
		} else {
			while (m < rest.n && rest.p[m] != '\\' && rest.p[m] != '$')
				m++;
			put(b, str_upto(rest, m));
		}
	}
	b->started = true;
}

static void put_word(struct builder *b, struct str word)
{
	for (size_t n = 0, m; n < word.n; n += m) {
		struct str rest = str_from_pos(word, n), name;

		m = 1;
		switch (*rest.p) {
		case '\\':
			m = 2;
			if (rest.p[1] != '\n')
				put(b, (struct str){rest.p + 1, 1});
			break;
		case '\'':
			m = skip_quoted(rest, 0);
			put(b, (struct str){rest.p + 1, m - 2});
			break;
		case '"':
			m = skip_quoted(rest, 0);
			put_quoted(b, (struct str){rest.p + 1, m - 2});
			break;
		case '$':
			m = 1 + variable(str_from_pos(rest, 1), &name);
			if (m > 1)
				put_variable(b, name, false);
			break;
		default:
			while (m < rest.n && rest.p[m] != '\\' && rest.p[m] != '\'' &&
				rest.p[m] != '"' && rest.p[m] != '$')
				m++;
			put(b, str_upto(rest, m));
		}
	}
}

struct script_args grub_script_expand(struct script *x, struct str text)
{
	struct script_args args = {0};
	struct script_cursor c = {.text = text};
	struct builder b = {.x = x, .to = &args};
	struct str word;

	while (grub_script_token(x, &c, &word) == SCRIPT_WORD) {
		put_word(&b, word);
		end_word(&b);
	}
	strbuf_done(&b.word);
	return args;
}

bool grub_script_number(struct str s, uint64_t *ret, struct str *ret_rest)
{
	unsigned base = 10;
	uint64_t v = 0;
	size_t n = 0;

	while (s.n && (*s.p == ' ' || *s.p == '\t' || *s.p == '\n'))
		s = str_from_pos(s, 1);
	if (str_starts(s, "0x")) {
		base = 16;
		s = str_from_pos(s, 2);
	} else if (s.n > 1 && *s.p == '0' && s.p[1] >= '0' && s.p[1] <= '7') {
		base = 8;
	}
	for (; n < s.n; n++) {
		char c = (char)(s.p[n] >= 'A' && s.p[n] <= 'Z' ? s.p[n] + 32 : s.p[n]);
		unsigned digit = is_digit(c)            ? (unsigned)(c - '0')
				 : c >= 'a' && c <= 'z' ? (unsigned)(c - 'a') + 10
							: base;

		if (digit >= base)
			break;
		if (__builtin_mul_overflow(v, base, &v) ||
			__builtin_add_overflow(v, digit, &v))
			v = UINT64_MAX / 16 / 16;
	}
	*ret = v;
	*ret_rest = str_from_pos(s, n);
	return n > 0;
}
