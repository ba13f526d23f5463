/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interpreter's memory, its limits and GRUB's variables (grub-core/kern/env.c,
 * normal/context.c). See grub_script_work.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/grub_script_work.h"

#define MAX_VARS 512
/* What a block costs besides its bytes. */
#define BLOCK_COST 64

/* Everything lives as long as the menu: a list of blocks, freed together. */
struct grub_menu_memory {
	struct grub_menu_memory *next;
	_Alignas(max_align_t) char data[];
};

void *grub_script_alloc(struct script *x, size_t n)
{
	struct grub_menu_memory *block;

	if (x->stop)
		return NULL;
	if (x->memory < n + BLOCK_COST) {
		x->stop = -E2BIG;
		return NULL;
	}
	block = calloc(1, sizeof(*block) + n);
	if (!block) {
		x->stop = -ENOMEM;
		return NULL;
	}
	x->memory -= n + BLOCK_COST;
	block->next = x->menu->memory;
	x->menu->memory = block;
	return block->data;
}

void grub_menu_done(struct grub_menu *m)
{
	struct grub_menu_memory *block = m->memory, *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	*m = (struct grub_menu){0};
}

struct str grub_script_keep(struct script *x, struct str s)
{
	char *p = s.n ? grub_script_alloc(x, s.n) : NULL;

	return p ? (struct str){memcpy(p, s.p, s.n), s.n} : (struct str){"", 0};
}

struct str grub_script_take(struct script *x, struct strbuf *b)
{
	struct str kept = {"", 0};

	if (b->oom && !x->stop)
		x->stop = -ENOMEM;
	else
		kept = grub_script_keep(x, strbuf_str(b));
	strbuf_done(b);
	return kept;
}

bool grub_script_charge(struct script *x, size_t n)
{
	/* No step is free: a loop of empty ones must end, too. */
	n += 8;
	if (!x->stop && x->budget < n)
		x->stop = -E2BIG;
	if (x->stop)
		return false;
	x->budget -= n;
	return true;
}

/* Doubles the room of an array whose `n` elements fill `cap`; NULL: stopped. */
static void *grow(struct script *x, void *v, size_t n, size_t *cap, size_t size)
{
	size_t room = n ? n * 2 : 8;
	void *p = n < *cap ? v : grub_script_alloc(x, room * size);

	if (!p || p == v)
		return p;
	if (n)
		memcpy(p, v, n * size);
	*cap = room;
	return p;
}

void grub_script_add(struct script *x, struct script_args *to, struct str s)
{
	struct str *v = grow(x, to->v, to->n, &to->cap, sizeof(*v));

	if (!v)
		return;
	to->v = v;
	to->v[to->n++] = s;
}

static struct script_var *find(struct script *x, struct str name)
{
	if (!grub_script_charge(x, x->env.n))
		return NULL;
	for (size_t i = 0; i < x->env.n; i++)
		if (str_eq(x->env.v[i].name, name))
			return &x->env.v[i];
	return NULL;
}

static struct script_var *find_or_add(struct script *x, struct str name)
{
	struct script_var *v = find(x, name);

	if (v || x->stop)
		return v;
	if (x->env.n >= MAX_VARS) {
		x->stop = -E2BIG;
		return NULL;
	}
	v = grow(x, x->env.v, x->env.n, &x->env.cap, sizeof(*v));
	if (!v)
		return NULL;
	x->env.v = v;
	v = &x->env.v[x->env.n++];
	*v = (struct script_var){.name = grub_script_keep(x, name)};
	return v;
}

struct str grub_script_get(struct script *x, struct str name)
{
	const struct script_var *v = find(x, name);

	return v ? v->value : (struct str){"", 0};
}

/* GRUB takes "(hd0,1)" and "hd0,1" for its root. */
static struct str plain_root(struct str value)
{
	if (str_skip(&value, "(") && str_ends(value, ")"))
		value.n--;
	return value;
}

void grub_script_set(struct script *x, struct str name, struct str value)
{
	struct script_var *v = find_or_add(x, name);

	if (v && str_is(name, "root"))
		value = plain_root(value);
	if (v)
		v->value = grub_script_keep(x, value);
}

void grub_script_unset(struct script *x, struct str name)
{
	struct script_var *v = find(x, name);

	if (v)
		*v = x->env.v[--x->env.n];
}

void grub_script_export(struct script *x, struct str name)
{
	struct script_var *v = find_or_add(x, name);

	if (v)
		v->exported = true;
}

struct script_env grub_script_env_copy(struct script *x, bool exported)
{
	struct script_env to = {0};

	to.cap = x->env.n + 8;
	to.v = grub_script_alloc(x, to.cap * sizeof(*to.v));
	if (!to.v)
		return (struct script_env){0};
	for (size_t i = 0; i < x->env.n; i++)
		if (!exported || x->env.v[i].exported)
			to.v[to.n++] = x->env.v[i];
	return to;
}
