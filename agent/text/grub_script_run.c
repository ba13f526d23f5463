/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The statements of GRUB's shell (grub-core/script/parser.y, script/execute.c). The text is
 * executed while it is parsed; a branch that is not taken is parsed all the same, to find its
 * end. As GRUB does, a statement of the top level is parsed whole before anything of it is
 * executed. See grub_script_work.h. */
#include <errno.h>

#include "text/grub_script_work.h"

#define MAX_DEPTH 40
#define MAX_FUNCTIONS 200

/* A parse in progress. */
struct parse {
	struct script *x;
	struct script_cursor c;
	bool delimited; /* behind the last command stood a ';' or newline */
};

static bool commands(struct parse *p, bool live);

static bool is_live(const struct script *x)
{
	return !x->stop && !x->breaks && !x->returns && !x->handed_over;
}

static enum script_token peek(struct parse *p, struct str *ret_word)
{
	struct script_cursor at = p->c;

	return grub_script_token(p->x, &at, ret_word);
}

static void skip_newlines(struct parse *p)
{
	struct script_cursor at = p->c;
	struct str word;

	while (grub_script_token(p->x, &at, &word) == SCRIPT_NEWLINE)
		p->c = at;
}

/* A ';' or newline, and the newlines that follow it. */
static bool delimiter(struct parse *p)
{
	struct str word;
	enum script_token token = peek(p, &word);

	if (token != SCRIPT_SEMICOLON && token != SCRIPT_NEWLINE)
		return false;
	grub_script_token(p->x, &p->c, &word);
	skip_newlines(p);
	return true;
}

static bool keyword(struct parse *p, const char *name)
{
	struct str word;

	return grub_script_token(p->x, &p->c, &word) == SCRIPT_WORD && str_is(word, name);
}

/* Words that begin no command. */
static bool ends_commands(struct str word)
{
	static const char *const names[] = {"then", "else", "elif", "fi", "do", "done",
		"in", "case", "esac", "select", "function", "[[", "]]"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_is(word, names[i]))
			return true;
	return false;
}

/* Behind `if`: the condition and what follows, up to `fi`. */
static bool if_clause(struct parse *p, bool live)
{
	struct str word;
	bool taken;

	do {
		if (!commands(p, live) || !p->delimited || !keyword(p, "then"))
			return false;
		live = live && is_live(p->x);
		taken = live && p->x->status == 0;
		if (!commands(p, taken) || !p->delimited ||
			grub_script_token(p->x, &p->c, &word) != SCRIPT_WORD)
			return false;
		live = live && !taken;
	} while (str_is(word, "elif"));
	if (live)
		p->x->status = 0; /* of an `if` of which no branch is taken */
	if (str_is(word, "else"))
		return commands(p, live) && p->delimited && keyword(p, "fi");
	return str_is(word, "fi");
}

/* What `break` and `continue` leave to a loop: false where it ends. */
static bool goes_on(struct script *x)
{
	if (x->breaks == 1 && x->continues)
		x->breaks = 0;
	return is_live(x);
}

static void leave_loop(struct script *x)
{
	x->breaks -= x->breaks > 0;
	x->loops--;
}

/* Behind `do`: the body. */
static bool loop_body(struct parse *p, bool live)
{
	return keyword(p, "do") && commands(p, live) && p->delimited &&
	       keyword(p, "done");
}

static bool while_loop(struct parse *p, bool live, bool until)
{
	size_t from = p->c.at;
	bool ok, go;

	p->x->loops += live;
	do {
		p->c.at = from;
		go = live;
		ok = commands(p, go) && p->delimited;
		go = go && is_live(p->x) && (p->x->status != 0) == until;
		ok = ok && loop_body(p, go);
	} while (ok && go && goes_on(p->x));
	if (live)
		leave_loop(p->x);
	return ok;
}

static bool for_loop(struct parse *p, bool live)
{
	struct script_args args = {0};
	struct str name, word, words;
	size_t from, end;
	bool ok = true;

	if (grub_script_token(p->x, &p->c, &name) != SCRIPT_WORD || !keyword(p, "in"))
		return false;
	from = p->c.at;
	while (peek(p, &word) == SCRIPT_WORD)
		grub_script_token(p->x, &p->c, &word);
	end = p->c.at;
	if (!delimiter(p))
		return false;
	words = str_upto(str_from_pos(p->c.text, from), end - from);
	if (live)
		args = grub_script_expand(p->x, words);
	from = p->c.at;
	if (!args.n)
		return loop_body(p, false);
	p->x->loops++;
	for (size_t i = 0; i < args.n; i++) {
		grub_script_set(p->x, name, args.v[i]);
		p->c.at = from;
		ok = loop_body(p, true);
		if (!ok || !goes_on(p->x))
			break;
	}
	leave_loop(p->x);
	return ok;
}

/* Behind '{': up to the '}'; nothing is executed. */
static bool block(struct parse *p, struct str *ret)
{
	size_t from = p->c.at;
	struct str word;

	if (!commands(p, false) || grub_script_token(p->x, &p->c, &word) != SCRIPT_CLOSE)
		return false;
	*ret = str_upto(str_from_pos(p->c.text, from), p->c.at - 1 - from);
	return true;
}

static void execute(struct parse *p, struct str words, struct script_call *call)
{
	struct script_args args = grub_script_expand(p->x, words);
	bool inverted = false;

	while (args.n && str_is(args.v[0], "!")) {
		inverted = !inverted;
		args.v++;
		args.n--;
	}
	if (p->x->stop || !args.n)
		return;
	call->name = args.v[0];
	call->args = (struct script_args){.v = args.v + 1, .n = args.n - 1};
	grub_script_command(p->x, call);
	if (inverted)
		p->x->status = !p->x->status;
}

/* See grub_menu_entry.other_initrd: the first that is there, taken or not, is taken down. */
static void note_other(struct parse *p, struct str name, struct str words)
{
	struct grub_menu_entry *ent;
	struct script_args args;

	if (p->x->entry == GRUB_MENU_TOP || !str_is(name, "initrd"))
		return;
	ent = &p->x->menu->v[p->x->entry];
	args = grub_script_expand(p->x, words);
	if (!ent->other_initrd.n && args.n > 1)
		ent->other_initrd = args.v[1];
}

static bool simple_command(struct parse *p, bool live)
{
	struct script_call call = {0};
	size_t from = p->c.at, end = from;
	struct str word, name = {0};
	enum script_token token;

	while ((token = peek(p, &word)) == SCRIPT_WORD) {
		grub_script_token(p->x, &p->c, &word);
		if (!name.n)
			name = word;
		end = p->c.at;
	}
	if (!name.n)
		return false;
	if (token == SCRIPT_OPEN) {
		grub_script_token(p->x, &p->c, &word);
		call.has_block = block(p, &call.block);
		if (!call.has_block)
			return false;
	}
	word = str_upto(str_from_pos(p->c.text, from), end - from);
	if (live && is_live(p->x))
		execute(p, word, &call);
	else
		note_other(p, name, word);
	return true;
}

static bool command(struct parse *p, bool live)
{
	struct str word;

	if (peek(p, &word) != SCRIPT_WORD || ends_commands(word))
		return false;
	live = live && is_live(p->x);
	if (str_is(word, "if"))
		return keyword(p, "if") && if_clause(p, live);
	if (str_is(word, "while"))
		return keyword(p, "while") && while_loop(p, live, false);
	if (str_is(word, "until"))
		return keyword(p, "until") && while_loop(p, live, true);
	if (str_is(word, "for"))
		return keyword(p, "for") && for_loop(p, live);
	return simple_command(p, live);
}

/* One command or more, up to a word that begins none. */
static bool commands(struct parse *p, bool live)
{
	bool ok = ++p->x->depth <= MAX_DEPTH;
	struct str word;

	if (!ok && !p->x->stop)
		p->x->stop = -E2BIG;
	skip_newlines(p);
	while (ok) {
		enum script_token token;

		ok = command(p, live);
		if (!ok)
			break;
		p->delimited = delimiter(p);
		token = peek(p, &word);
		if (token != SCRIPT_WORD || ends_commands(word))
			break;
		ok = p->delimited;
	}
	p->x->depth--;
	return ok && !p->x->stop;
}

/* `function name { commands }`: only at the top level, and defined once it is parsed. */
static bool function(struct parse *p, bool live)
{
	struct script *x = p->x;
	struct str name, word, body;
	size_t i = 0;

	if (!keyword(p, "function") || grub_script_token(x, &p->c, &name) != SCRIPT_WORD)
		return false;
	skip_newlines(p);
	if (grub_script_token(x, &p->c, &word) != SCRIPT_OPEN || !block(p, &body) ||
		!p->delimited)
		return false;
	if (!live)
		return true;
	if (!x->functions)
		x->functions =
			grub_script_alloc(x, MAX_FUNCTIONS * sizeof(*x->functions));
	while (i < x->n_functions && !str_eq(x->functions[i].name, name))
		i++;
	if (i == MAX_FUNCTIONS)
		x->stop = -E2BIG;
	if (x->stop)
		return false;
	x->n_functions += i == x->n_functions;
	x->functions[i] = (struct script_function){name, body};
	return true;
}

static bool statement(struct parse *p, bool live)
{
	enum script_token token;
	struct str word;
	bool ok;

	if (peek(p, &word) == SCRIPT_WORD && str_is(word, "function"))
		ok = function(p, live);
	else
		ok = command(p, live);
	token = ok ? peek(p, &word) : SCRIPT_BAD;
	return token == SCRIPT_NEWLINE || token == SCRIPT_SEMICOLON ||
	       token == SCRIPT_END;
}

void grub_script_run(struct script *x, struct str text)
{
	struct parse p = {.x = x, .c.text = text};
	struct str word;

	if (++x->depth > MAX_DEPTH && !x->stop)
		x->stop = -E2BIG;
	for (;;) {
		struct parse check;

		skip_newlines(&p);
		if (!is_live(x) || peek(&p, &word) == SCRIPT_END)
			break;
		check = p;
		if (statement(&check, false)) {
			statement(&p, true);
			delimiter(&p);
			continue;
		}
		/* GRUB says "Incorrect command", and reads on with the next line. */
		p.c.at = check.c.at;
		while (p.c.at < text.n && text.p[p.c.at] != '\n')
			p.c.at++;
	}
	x->depth--;
}

void grub_script_call(struct script *x, struct str body, struct script_args params)
{
	struct script_args outer = x->params;
	unsigned loops = x->loops;
	struct parse p = {.x = x, .c.text = body};

	x->params = params;
	x->loops = 0;
	x->status = 0;
	x->calls++;
	commands(&p, true);
	x->calls--;
	x->returns = false;
	x->breaks = 0;
	x->loops = loops;
	x->params = outer;
}
