/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The changes of a transaction in memory. Only this code changes the table; it is run by those
 * who write a record and by those who read it again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "txn/state.h"

static void use_number(struct txn *t, unsigned number)
{
	if (number >= t->next)
		t->next = number + 1;
}

int table_before(struct txn *t, const char *path, struct image *im)
{
	struct change *c = state_find(t, path);
	struct change *v;

	if (!c) {
		v = reallocarray(t->v, t->n + 1, sizeof(*v));
		if (!v)
			return -ENOMEM;
		t->v = v;
		c = &v[t->n];
		*c = (struct change){.path = strdup(path)};
		if (!c->path)
			return -ENOMEM;
		t->n++;
	}
	image_done(&c->before);
	c->before = *im;
	*im = (struct image){0};
	use_number(t, c->before.copy);
	return 0;
}

int table_change(struct txn *t, const char *path, enum op op, uint64_t base,
	struct image *after, unsigned number)
{
	struct change *c = state_find(t, path);
	char name[TEMP_NAME_MAX];

	if (!c)
		return -EUCLEAN;
	if (op == OP_WRITE || op == OP_LINK) {
		cleanup_(free_charp) char *temp =
			file_beside(path, state_temp(t, number, name));

		if (!temp || strv_adds(&t->temps, temp) < 0)
			return -ENOMEM;
	}
	image_done(&c->after);
	c->after = *after;
	*after = (struct image){0};
	c->loose |= c->touched;
	c->op = op;
	c->base = base;
	c->number = number;
	c->pending = true;
	use_number(t, number);
	return 0;
}

int table_guard(struct txn *t, const char *path)
{
	struct change *c = state_find(t, path);

	if (!c)
		return -EUCLEAN;
	c->guarded = c->touched = c->loose = true;
	return 0;
}

int table_after(struct txn *t, const char *path, struct image *im)
{
	struct change *c = state_find(t, path);

	if (!c)
		return -EUCLEAN;
	image_done(&c->after);
	c->after = *im;
	*im = (struct image){0};
	c->loose = false;
	return 0;
}

int table_untouched(struct txn *t, const char *path)
{
	struct change *c = state_find(t, path);

	if (!c || c->op != OP_NONE)
		return -EUCLEAN;
	c->guarded = c->touched = c->loose = false;
	return 0;
}

void table_published(struct txn *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->v[i].pending = false;
}

void table_publish(struct txn *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->v[i].touched |= t->v[i].pending;
}

int table_sectors(struct txn *t, struct sectors *s)
{
	struct sectors *v = reallocarray(t->sectors, t->n_sectors + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	t->sectors = v;
	v[t->n_sectors++] = *s;
	use_number(t, s->copy);
	*s = (struct sectors){0};
	return 0;
}

int table_package(struct txn *t, const struct txn_package *p)
{
	struct txn_package *v = reallocarray(t->packages, t->n_packages + 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	t->packages = v;
	v = &v[t->n_packages++];
	*v = (struct txn_package){strdup(p->name), strdup(p->version), strdup(p->tool)};
	return v->name && v->version && v->tool ? 0 : -ENOMEM;
}

size_t table_choose(struct txn *t, const char *path)
{
	struct change *c = state_find(t, path);
	size_t n = 0;

	if (c && c->touched) {
		c->chosen = true;
		n++;
	}
	for (size_t i = 0; i < t->n_sectors; i++)
		if (!strcmp(t->sectors[i].disk, path)) {
			t->sectors[i].chosen = true;
			n++;
		}
	return n;
}

/* An undo in part is over when the transaction is done again. */
void table_phase(struct txn *t, enum phase to)
{
	if (t->phase == PHASE_PART && to == PHASE_DONE) {
		for (size_t i = 0; i < t->n; i++)
			t->v[i].returned |= t->v[i].chosen;
		for (size_t i = 0; i < t->n_sectors; i++)
			t->sectors[i].returned |= t->sectors[i].chosen;
	}
	t->done |= to == PHASE_DONE;
	t->phase = to;
}

bool table_goes_back(const struct txn *t, const struct change *c)
{
	return c->touched && !c->returned && (t->phase != PHASE_PART || c->chosen);
}

bool table_is_left(const struct txn *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].touched && !t->v[i].returned && !t->v[i].chosen)
			return true;
	for (size_t i = 0; i < t->n_sectors; i++)
		if (!t->sectors[i].returned && !t->sectors[i].chosen)
			return true;
	return false;
}
