/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See shell_vars.h. Of the shell's grammar: comments, assignments at the start of a
 * command, quotes. Nothing is expanded; lines that are no assignments are passed over. */
#include <errno.h>
#include <string.h>

#include "text/edit.h"
#include "text/shell_vars.h"

/* What a backslash takes the meaning from inside double quotes. */
#define ESCAPED STR("$`\"\\")

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static bool is_one_of(char c, struct str set)
{
	return memchr(set.p, c, set.n) != NULL;
}

/* A value is a row of pieces: '...', "..." or bare. */
struct piece {
	char quote;       /* 0 for a bare one */
	struct str inner; /* without the quotes */
};

/* The next piece off *rest; false where the value ends. A quote that is not closed
 * reaches to the end of the file. */
static bool next_piece(struct str *rest, struct piece *ret)
{
	struct str s = *rest;
	size_t n = 0;

	if (!s.n)
		return false;
	if (*s.p == '"' || *s.p == '\'') {
		char quote = *s.p;

		for (n = 1; n < s.n && s.p[n] != quote; n++)
			if (quote == '"' && s.p[n] == '\\' && n + 1 < s.n)
				n++;
		*ret = (struct piece){quote, {s.p + 1, n - 1}};
		*rest = str_from_pos(s, n + 1);
		return true;
	}
	while (n < s.n && !is_one_of(s.p[n], STR(" \t\r\n;&|\"'")))
		n += s.p[n] == '\\' && n + 1 < s.n ? 2 : 1;
	*ret = (struct piece){0, str_upto(s, n)};
	*rest = str_from_pos(s, n);
	return n > 0;
}

struct assignment {
	struct str name;
	struct str value; /* with its quotes */
	bool append;      /* += */
	size_t line;
};

struct reader {
	struct str rest;
	size_t line;
};

static void advance(struct reader *rd, size_t n)
{
	for (size_t i = 0; i < n && i < rd->rest.n; i++)
		rd->line += rd->rest.p[i] == '\n';
	rd->rest = str_from_pos(rd->rest, n);
}

static void skip_blanks(struct reader *rd)
{
	size_t n = 0;

	while (n < rd->rest.n &&
		(rd->rest.p[n] == ' ' || rd->rest.p[n] == '\t' || rd->rest.p[n] == ';'))
		n++;
	advance(rd, n);
}

/* At the start of a command. */
static bool parse_assignment(struct reader *rd, struct assignment *ret)
{
	struct assignment var = {.line = rd->line + 1};
	struct str rest = rd->rest;
	struct piece piece;
	size_t n = 0;

	if (str_skip(&rest, "export ") || str_skip(&rest, "export\t"))
		while (rest.n && (*rest.p == ' ' || *rest.p == '\t'))
			rest = str_from_pos(rest, 1);
	while (n < rest.n && is_name(rest.p[n]))
		n++;
	if (!n || (*rest.p >= '0' && *rest.p <= '9'))
		return false;
	var.name = str_upto(rest, n);
	rest = str_from_pos(rest, n);
	var.append = str_skip(&rest, "+");
	if (!str_skip(&rest, "="))
		return false;
	var.value = rest;
	while (next_piece(&rest, &piece))
		;
	var.value = str_range(var.value.p, rest.p);
	advance(rd, (size_t)(rest.p - rd->rest.p));
	*ret = var;
	return true;
}

static bool next_assignment(struct reader *rd, struct assignment *ret)
{
	while (rd->rest.n) {
		struct str line;

		skip_blanks(rd);
		if (parse_assignment(rd, ret))
			return true;
		if (str_line(&rd->rest, &line))
			rd->line += str_ends(line, "\n");
	}
	return false;
}

static void resolve(struct str value, struct strbuf *out)
{
	struct piece piece;

	while (next_piece(&value, &piece)) {
		struct str s = piece.inner;

		for (size_t i = 0; i < s.n; i++) {
			if (s.p[i] == '\\' && i + 1 < s.n && piece.quote != '\'' &&
				(!piece.quote || is_one_of(s.p[i + 1], ESCAPED) ||
					s.p[i + 1] == '\n')) {
				i++;
				if (s.p[i] == '\n')
					continue;
			}
			strbuf_addc(out, s.p[i]);
		}
	}
}

bool shell_vars_get(struct str in, const char *name, struct strbuf *ret)
{
	struct reader rd = {.rest = in};
	size_t start = ret->n;
	struct assignment var;
	bool found = false;

	while (next_assignment(&rd, &var)) {
		if (!str_is(var.name, name))
			continue;
		if (!var.append && ret->p) {
			ret->n = start;
			ret->p[start] = '\0';
		}
		resolve(var.value, ret);
		found = true;
	}
	return found;
}

static bool is_plain(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (!is_name(value.p[i]) && !is_one_of(value.p[i], STR("-./:,=@%+")))
			return false;
	return true;
}

static void add_quoted(struct strbuf *out, struct str value, char quote)
{
	if (!quote && is_plain(value)) {
		strbuf_add(out, value);
		return;
	}
	if (quote == '\'' && !(value.n && memchr(value.p, '\'', value.n))) {
		strbuf_addc(out, '\'');
		strbuf_add(out, value);
		strbuf_addc(out, '\'');
		return;
	}
	strbuf_addc(out, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (is_one_of(value.p[i], ESCAPED))
			strbuf_addc(out, '\\');
		strbuf_addc(out, value.p[i]);
	}
	strbuf_addc(out, '"');
}

/* The last assignment that is no +=. */
static bool find_last(struct str in, const char *name, struct assignment *ret)
{
	struct reader rd = {.rest = in};
	struct assignment var;
	bool found = false;

	while (next_assignment(&rd, &var)) {
		if (!str_is(var.name, name) || var.append)
			continue;
		*ret = var;
		found = true;
	}
	return found;
}

static int append(struct str in, const char *name, struct str value,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	const char *eol = str_ends(in, "\r\n") ? "\r\n" : "\n";
	struct assignment var;

	strbuf_add(&out, in);
	if (in.n && !str_ends(in, "\n"))
		strbuf_adds(&out, eol);
	strbuf_addf(&out, "%s=", name);
	add_quoted(&out, value, '\0');
	strbuf_adds(&out, eol);
	if (strbuf_err(&out) < 0)
		return err_oom(e);
	if (!find_last(strbuf_str(&out), name, &var))
		return err_set(e, -EINVAL,
			"the last line is not complete (an open quote, or a backslash at "
			"its end), %s= can not be appended",
			name);
	strbuf_done(ret_out);
	*ret_out = out;
	out = (struct strbuf){0};
	return 1;
}

int shell_vars_set(struct str in, const char *name, struct str value,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0};
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct assignment var;
	char quote;

	if (!find_last(in, name, &var))
		return append(in, name, value, ret_out, e);
	resolve(var.value, &text);
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	if (str_eq(strbuf_str(&text), value))
		return 0;
	strbuf_reset(&text);
	quote = var.value.n ? *var.value.p : '\0';
	add_quoted(&text, value, quote == '"' || quote == '\'' ? quote : '\0');
	ed.out.oom |= text.oom;
	edit_replace(&ed, var.value, strbuf_str(&text));
	return edit_finish(&ed, ret_out, e);
}

int shell_vars_rename(struct str in, const char *name, const struct dev_map *map,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf value = {0}, to = {0};

	if (!shell_vars_get(in, name, &value) ||
		dev_map_find(map, strbuf_str(&value), &to) != DEV_RENAMED)
		return strbuf_err(&value) < 0 ? err_oom(e) : 0;
	return strbuf_err(&to) < 0
		       ? err_oom(e)
		       : shell_vars_set(in, name, strbuf_str(&to), ret_out, e);
}

int shell_vars_edit_cmdline(struct str in, const char *pattern,
	const struct cmdline_edit *req, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct reader rd = {.rest = in};
	struct assignment var;

	while (next_assignment(&rd, &var)) {
		struct piece piece;

		if (var.name.n > 256 || !str_glob(pattern, var.name))
			continue;
		while (next_piece(&var.value, &piece)) {
			int r = cmdline_edit_words(&ed, piece.inner, req, e);

			if (r < 0)
				return err_wrap(e, r, "line %zu: " STR_FMT, var.line,
					STR_ARG(var.name));
		}
	}
	return edit_finish(&ed, ret_out, e);
}
