/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the interpreter in grub_script*.c share. Running out of memory or past a
 * limit is remembered in `stop`: from then on nothing is executed and all answers are empty. */
#pragma once

#include "text/grub_script.h"

struct script_var {
	struct str name, value;
	bool exported;
};
struct script_env {
	struct script_var *v;
	size_t n, cap;
};

struct script_args {
	struct str *v;
	size_t n, cap;
};

struct script_function {
	struct str name, body;
};

struct script {
	const struct grub_host *host;
	struct grub_menu *menu;
	size_t in;             /* the submenu that menuentry adds to */
	size_t budget, memory; /* bytes left to look at, and to allocate */
	int stop;
	struct script_env env;
	struct script_function *functions;
	size_t n_functions;
	struct script_args params; /* $1 and so on */
	unsigned calls;            /* of functions and menu entries */
	unsigned depth, loops, breaks;
	bool continues, returns;
	int status;       /* $? */
	size_t entry;     /* the one that is executed; GRUB_MENU_TOP: none */
	struct str lost;  /* what the last search of the entry did not find */
	bool fedora;      /* its GRUB knows blscfg, and compares names before numbers */
	bool handed_over; /* to another menu, which has taken the place of this one */
};

/* --- memory and limits (grub_script_env.c) --------------------------------------------- */

/* Zeroed; NULL: stopped. Freed with the menu. */
void *grub_script_alloc(struct script *x, size_t n) must_check;
struct str grub_script_keep(struct script *x, struct str s);
/* Hands the buffer's bytes over. */
struct str grub_script_take(struct script *x, struct strbuf *b);
/* A step that looks at n bytes; false: stopped. */
bool grub_script_charge(struct script *x, size_t n);
void grub_script_add(struct script *x, struct script_args *to, struct str s);

struct str grub_script_get(struct script *x, struct str name);
void grub_script_set(struct script *x, struct str name, struct str value);
void grub_script_unset(struct script *x, struct str name);
void grub_script_export(struct script *x, struct str name);
/* A copy; only what is exported, if asked for. */
struct script_env grub_script_env_copy(struct script *x, bool exported);

/* --- words (grub_script_lex.c) ------------------------------------------------------------ */

enum script_token {
	SCRIPT_WORD,
	SCRIPT_NEWLINE,
	SCRIPT_SEMICOLON,
	SCRIPT_OPEN,
	SCRIPT_CLOSE,
	SCRIPT_END,
	SCRIPT_BAD, /* a syntax error */
};
struct script_cursor {
	struct str text;
	size_t at;
};
enum script_token grub_script_token(
	struct script *x, struct script_cursor *c, struct str *ret_word);
/* The words of `text`, expanded: variables, quotes, escapes. */
struct script_args grub_script_expand(struct script *x, struct str text);
/* GRUB's strtoul() with base 0; false where it does not begin with a number. */
bool grub_script_number(struct str s, uint64_t *ret, struct str *ret_rest);

/* --- statements (grub_script_run.c) -------------------------------------------------- */

/* Executes a text statement by statement. One that is no GRUB script is passed over. */
void grub_script_run(struct script *x, struct str text);
/* Calls a function with its parameters. */
void grub_script_call(struct script *x, struct str body, struct script_args params);

/* --- commands (grub_script_cmds.c and the files for each kind) --------------------------- */

struct script_call {
	struct script_args args; /* without the name */
	struct str name, block;
	bool has_block;
};
typedef int script_command(struct script *x, const struct script_call *call);

/* Sets x->status. */
void grub_script_command(struct script *x, const struct script_call *call);

/* Where a word names a file: its device ($root where it says none) and path. */
void grub_script_path(
	struct script *x, struct str word, struct str *ret_device, struct str *ret_path);
enum grub_found grub_script_look(struct script *x, struct str word, uint64_t *ret_size);
bool grub_script_read(struct script *x, struct str word, struct str *ret);
/* If args[*i] is the option `name` (or `letter`), takes it: with its value where there is
 * a ret_value, which may stand in the next word. */
bool grub_script_option(const struct script_args *args, size_t *i, const char *name,
	const char *letter, struct str *ret_value);
/* Adds to the menu; NULL: stopped, or there are too many. */
struct grub_menu_entry *grub_script_add_entry(struct script *x);

bool grub_script_test(struct script *x, struct script_args args);
script_command grub_script_linux, grub_script_initrd, grub_script_multiboot,
	grub_script_module, grub_script_chain;
script_command grub_script_menuentry, grub_script_search, grub_script_blscfg;
