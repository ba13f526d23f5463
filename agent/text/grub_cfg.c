/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See grub_cfg.h. The words are those of GRUB's shell (grub-core/script/yylex.l): single
 * and double quotes, backslash, ${name}; blanks, newlines, ';' and braces end a word, a
 * '#' that begins one begins a comment. Nothing is expanded. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/grub_cfg.h"

enum token {
	TOKEN_WORD,
	TOKEN_END,   /* of a command: newline, ';' */
	TOKEN_OPEN,  /* { */
	TOKEN_CLOSE, /* } */
	TOKEN_EOF,
};

struct lexer {
	struct str rest;
	size_t line; /* newlines so far */
	size_t ifs;  /* open if, while and for */
};

/* n bytes further; counts the lines. */
static void advance(struct lexer *lex, size_t n)
{
	for (size_t i = 0; i < n; i++)
		lex->line += lex->rest.p[i] == '\n';
	lex->rest = str_from_pos(lex->rest, n);
}

/* Length of what may stand between two words: blanks and continued lines. */
static size_t blank_length(struct str s)
{
	size_t n = 0;

	for (; n < s.n; n++) {
		if (s.p[n] == ' ' || s.p[n] == '\t' || s.p[n] == '\r')
			continue;
		if (s.p[n] != '\\')
			break;
		if (n + 1 < s.n && s.p[n + 1] == '\n')
			n += 1;
		else if (n + 2 < s.n && s.p[n + 1] == '\r' && s.p[n + 2] == '\n')
			n += 2;
		else
			break;
	}
	return n;
}

/* Position behind the quoted string or ${name} that begins at `n`; the end of `s` where
 * it is not closed. */
static size_t skip_quoted(struct str s, size_t n)
{
	char end = s.p[n] == '$' ? '}' : s.p[n];

	for (n++; n < s.n && s.p[n] != end; n++)
		if (end == '"' && s.p[n] == '\\')
			n++;
	return n < s.n ? n + 1 : s.n;
}

static size_t word_length(struct str s)
{
	size_t n = 0;

	while (n < s.n) {
		switch (s.p[n]) {
		case ' ':
		case '\t':
		case '\r':
		case '\n':
		case ';':
		case '{':
		case '}':
			return n;
		case '\\':
			if (n && blank_length(str_from_pos(s, n)))
				return n;
			n += n + 1 < s.n ? 2 : 1;
			break;
		case '$':
			if (n + 1 < s.n && s.p[n + 1] == '{')
				n = skip_quoted(s, n);
			else
				n++;
			break;
		case '\'':
		case '"':
			n = skip_quoted(s, n);
			break;
		default:
			n++;
		}
	}
	return n;
}

static enum token next_token(struct lexer *lex, struct str *ret_word)
{
	size_t n;

	advance(lex, blank_length(lex->rest));
	if (lex->rest.n && *lex->rest.p == '#') {
		for (n = 0; n < lex->rest.n && lex->rest.p[n] != '\n';)
			n++;
		advance(lex, n);
	}
	if (!lex->rest.n)
		return TOKEN_EOF;
	switch (*lex->rest.p) {
	case '\n':
	case ';':
		advance(lex, 1);
		return TOKEN_END;
	case '{':
		advance(lex, 1);
		return TOKEN_OPEN;
	case '}':
		advance(lex, 1);
		return TOKEN_CLOSE;
	default:
		n = word_length(lex->rest);
		*ret_word = str_upto(lex->rest, n);
		advance(lex, n);
		return TOKEN_WORD;
	}
}

struct command {
	struct str name; /* empty where there is no word */
	struct str args; /* from behind the name to the end of the last word */
	enum token end;  /* what ended it */
	size_t line;     /* of the name, counted from 1 */
	size_t ifs;      /* it stands inside so many */
};

/* if, then and the like stand before a command; they only count. */
static bool is_reserved(struct lexer *lex, struct str word)
{
	static const char *const opens[] = {"if", "while", "until", "for"};
	static const char *const passes[] = {"then", "else", "elif", "do"};

	for (size_t i = 0; i < ARRAY_SIZE(opens); i++) {
		if (str_is(word, opens[i])) {
			lex->ifs++;
			return true;
		}
	}
	if (str_is(word, "fi") || str_is(word, "done")) {
		lex->ifs -= lex->ifs > 0;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(passes); i++)
		if (str_is(word, passes[i]))
			return true;
	return false;
}

/* False at the end of the file. A brace is the end of a command, perhaps of an empty one.
 */
static bool next_command(struct lexer *lex, struct command *ret)
{
	struct command cmd = {0};
	struct str word;

	for (;;) {
		cmd.end = next_token(lex, &word);
		if (cmd.end != TOKEN_WORD)
			break;
		if (cmd.name.n) {
			cmd.args.n = (size_t)(word.p + word.n - cmd.args.p);
		} else if (!is_reserved(lex, word)) {
			cmd.name = word;
			cmd.args = str_from_pos(word, word.n);
			cmd.line = lex->line + 1;
			cmd.ifs = lex->ifs;
		}
	}
	*ret = cmd;
	return cmd.name.n || cmd.end != TOKEN_EOF;
}

/* The next word of a command's args. */
static bool next_word(struct str *args, struct str *ret_word)
{
	struct lexer lex = {.rest = *args};

	if (next_token(&lex, ret_word) != TOKEN_WORD)
		return false;
	*args = lex.rest;
	return true;
}

static bool is_linux(struct str name)
{
	return str_is(name, "linux") || str_is(name, "linux16") ||
	       str_is(name, "linuxefi");
}

static bool is_module(struct str name)
{
	return str_is(name, "module") || str_is(name, "module2");
}

static bool is_initrd(struct str name)
{
	return str_is(name, "initrd") || str_is(name, "initrd16") ||
	       str_is(name, "initrdefi");
}

/* "--nounzip /vmlinuz root=...": the path, and what follows it. */
static bool kernel_path(struct str args, struct str *ret_path, struct str *ret_args)
{
	while (next_word(&args, ret_path)) {
		if (str_starts(*ret_path, "--"))
			continue;
		*ret_args = args;
		return true;
	}
	return false;
}

/* The value in `set NAME=value` or `NAME=value`; false for what is neither. */
static bool assignment(const struct command *cmd, const char *name, struct str *ret_value)
{
	struct str args = cmd->args, word = cmd->name;

	if (str_is(word, "set") && !next_word(&args, &word))
		return false;
	if (!str_skip(&word, name) || !str_skip(&word, "="))
		return false;
	*ret_value = str_unquote(word);
	return true;
}

static int edit_once(struct str in, const struct cmdline_edit *req,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct lexer lex = {.rest = in};
	struct command cmd;

	while (next_command(&lex, &cmd)) {
		struct str path, words;
		int r;

		if (is_linux(cmd.name) || is_module(cmd.name)) {
			if (!kernel_path(cmd.args, &path, &words))
				continue;
		} else if (!assignment(&cmd, "kernelopts", &words) &&
			   !assignment(&cmd, "default_kernelopts", &words)) {
			continue;
		}
		r = cmdline_edit_words(&ed, words, req, e);
		if (r < 0)
			return err_wrap(e, r, "line %zu", cmd.line);
	}
	return edit_finish(&ed, ret_out, e);
}

/* A new name that is another row's old one: a second run would rename it again. */
static bool is_chained(const struct dev_map *map, const struct dev_rename *row)
{
	for (size_t i = 0; row->to && i < map->n; i++)
		if (str_is(str_from(row->to), map->v[i].from))
			return true;
	return false;
}

/* Nothing is left to edit but what chained rows explain. Something is where a word that went
 * took a quote with it that GRUB pairs with another one: then the rest reads differently. */
static int is_settled(struct str out, const struct cmdline_edit *req, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf again = {0};
	struct dev_map map = {.n = 0};
	struct cmdline_edit rest = *req;
	struct dev_rename *rows = calloc((req->map ? req->map->n : 0) + 1, sizeof(*rows));
	int r;

	if (!rows)
		return err_oom(e);
	map.v = rows;
	rest.map = &map;
	for (size_t i = 0; req->map && i < req->map->n; i++)
		if (!is_chained(req->map, &req->map->v[i]))
			rows[map.n++] = req->map->v[i];
	r = edit_once(out, &rest, &again, e);
	free(rows);
	return r < 0 ? r : r == 0;
}

int grub_cfg_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	int r = edit_once(in, req, &out, e);

	if (r <= 0)
		return r;
	r = is_settled(strbuf_str(&out), req, e);
	if (r < 0)
		return r;
	if (!r)
		return err_set(e, -EINVAL,
			"its quotes are such that a kernel line cannot be edited safely: "
			"correct them by hand");
	strbuf_done(ret_out);
	*ret_out = out;
	out = (struct strbuf){0};
	return 1;
}

/* Words of menuentry that take the next word as their value. */
static bool takes_value(struct str word)
{
	static const char *const names[] = {"--class", "--users", "--hotkey", "--source"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_is(word, names[i]))
			return true;
	return false;
}

static void read_head(struct str args, struct grub_cfg_entry *ent)
{
	bool titled = false;
	struct str word;

	while (next_word(&args, &word)) {
		if (str_is(word, "--id") || str_is(word, "$menuentry_id_option") ||
			str_is(word, "${menuentry_id_option}")) {
			if (next_word(&args, &word))
				ent->id = str_unquote(word);
		} else if (takes_value(word)) {
			next_word(&args, &word);
		} else if (str_skip(&word, "--id=")) {
			ent->id = str_unquote(word);
		} else if (!titled && !str_starts(word, "--")) {
			ent->title = str_unquote(word);
			titled = true;
		}
	}
}

/* The first kernel counts: in Ubuntu's cloud images the first branch is the one with an
 * initrd, the second tries without. */
static void read_body(
	const struct command *cmd, unsigned *modules, struct grub_cfg_entry *ent)
{
	struct str path, args;

	if (is_initrd(cmd->name)) {
		if (!ent->initrd.n)
			ent->initrd = str_trim(cmd->args);
		return;
	}
	if (is_module(cmd->name)) {
		unsigned nth = (*modules)++;

		if (nth == 1 && kernel_path(cmd->args, &path, &args))
			ent->initrd = str_unquote(path);
		if (nth > 0)
			return;
	} else if (!is_linux(cmd->name)) {
		return;
	}
	if (ent->kernel.n || !kernel_path(cmd->args, &path, &args))
		return;
	ent->kernel = str_unquote(path);
	ent->args = str_trim(args);
}

/* Reads up to the brace that closes the block; `ent` may be NULL: only passes over it. */
static void read_block(struct lexer *lex, struct grub_cfg_entry *ent)
{
	unsigned modules = 0;
	struct command cmd;
	size_t depth = 1;

	while (depth && next_command(lex, &cmd)) {
		if (ent)
			read_body(&cmd, &modules, ent);
		if (cmd.end == TOKEN_OPEN)
			depth++;
		else if (cmd.end == TOKEN_CLOSE)
			depth--;
	}
}

/* Outside of blocks that are read whole, the open braces are those of submenus. */
static struct grub_cfg_level *level(struct grub_cfg_cursor *c)
{
	return &c->open[c->depth < GRUB_CFG_DEPTH ? c->depth : GRUB_CFG_DEPTH - 1];
}

static void open_submenu(struct grub_cfg_cursor *c, struct str args)
{
	struct grub_cfg_entry head = {0};

	read_head(args, &head);
	level(c)->next++;
	c->depth++;
	*level(c) = (struct grub_cfg_level){.title = head.title, .id = head.id};
}

bool grub_cfg_next(struct str in, struct grub_cfg_cursor *c, struct grub_cfg_entry *ret)
{
	struct lexer lex = {.rest = c->started ? c->rest : in, .line = c->line};
	bool found = false;
	struct command cmd;

	while (!found && next_command(&lex, &cmd)) {
		if (cmd.end == TOKEN_CLOSE) {
			if (c->depth && --c->depth == 0)
				c->top++;
		} else if (cmd.end != TOKEN_OPEN) {
			continue;
		} else if (str_is(cmd.name, "submenu")) {
			open_submenu(c, cmd.args);
		} else if (str_is(cmd.name, "menuentry")) {
			*ret = (struct grub_cfg_entry){.in_title = level(c)->title,
				.in_id = level(c)->id,
				.place = level(c)->next++,
				.depth = c->depth,
				.top = c->top,
				.line = cmd.line};
			read_head(cmd.args, ret);
			read_block(&lex, ret);
			c->top += c->depth == 0;
			found = true;
		} else {
			read_block(&lex, NULL);
		}
	}
	c->started = true;
	c->rest = lex.rest;
	c->line = lex.line;
	return found;
}

/* The word that assigns it: `default="0"`. Empty where there is none. */
static struct str default_word(struct str in)
{
	struct str value, always = {0}, branch = {0};
	struct lexer lex = {.rest = in};
	struct command cmd;

	while (next_command(&lex, &cmd)) {
		struct str word = cmd.name, args = cmd.args;

		if (cmd.end == TOKEN_OPEN) {
			read_block(&lex, NULL);
			continue;
		}
		if (!assignment(&cmd, "default", &value) ||
			str_is(value, "$next_entry") || str_is(value, "${next_entry}"))
			continue;
		if (str_is(word, "set"))
			next_word(&args, &word);
		/* Later branches of grub-mkconfig's are exceptions, as a boot counter. */
		if (!cmd.ifs)
			always = word;
		else if (!branch.n)
			branch = word;
	}
	return always.n ? always : branch;
}

struct str grub_cfg_default(struct str in)
{
	struct str word = default_word(in);

	str_skip(&word, "default=");
	return str_unquote(word);
}

/* default="...", quoted as GRUB's shell reads it. */
static int write_default(struct str name, struct strbuf *out, struct err *e)
{
	strbuf_adds(out, "default=\"");
	for (size_t i = 0; i < name.n; i++) {
		if (strchr("\"\\$", name.p[i]))
			strbuf_addc(out, '\\');
		strbuf_addc(out, name.p[i]);
	}
	strbuf_addc(out, '"');
	return strbuf_err(out) < 0 ? err_oom(e) : 0;
}

int grub_cfg_set_default(
	struct str in, struct str name, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf want = {0}, line = {0}, out = {0};
	struct str word = default_word(in);
	int r = write_default(name, &want, e);

	if (r < 0)
		return r;
	/* The menu is shown behind the last line. */
	strbuf_addf(&line, "%sset " STR_FMT "\n", !in.n || str_ends(in, "\n") ? "" : "\n",
		STR_ARG(strbuf_str(&want)));
	if (strbuf_err(&line) < 0)
		return err_oom(e);
	if (word.n)
		edit_replace(&ed, word, strbuf_str(&want));
	else
		edit_insert(&ed, in.p + in.n, strbuf_str(&line));
	r = edit_finish(&ed, &out, e);
	if (r <= 0)
		return r;
	if (!str_eq(default_word(strbuf_str(&out)), strbuf_str(&want)))
		return err_set(e, -EINVAL, "its end is inside of quotes or a block");
	strbuf_done(ret_out);
	*ret_out = out;
	out = (struct strbuf){0};
	return 1;
}
