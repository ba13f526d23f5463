/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See kmod_index.h: looking into an index, and making its text of it. An index that was found
 * in a guest may be anything: every offset is checked, and a walk ends. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/kmod_index.h"
#include "text/kmod_index_format.h"

static bool take_u32(struct str *s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s->p;

	if (s->n < 4)
		return false;
	*ret = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	*s = str_from_pos(*s, 4);
	return true;
}

static bool find_root(struct str index, uint32_t *ret)
{
	uint32_t magic, version;

	return take_u32(&index, &magic) && magic == INDEX_MAGIC &&
	       take_u32(&index, &version) && version >> 16 == INDEX_VERSION >> 16 &&
	       take_u32(&index, ret);
}

/* Of the node's values, the one that modprobe sorts first. */
static bool first_value(struct str s, struct str *ret_value)
{
	uint32_t n, priority, best = 0;
	bool found = false;

	if (!take_u32(&s, &n))
		return false;
	while (n--) {
		struct str value;

		if (!take_u32(&s, &priority) || !str_cut(s, '\0', &value, &s))
			return false;
		if (found && priority >= best)
			continue;
		found = true;
		best = priority;
		*ret_value = value;
	}
	return found;
}

bool kmod_index_find(struct str index, const char *key, struct str *ret_value)
{
	struct str at;
	uint32_t node;

	if (!find_root(index, &node))
		return false;
	for (;;) {
		struct str prefix = {0};
		unsigned char first = CHILD_MAX, last = 0;

		at = str_from_pos(index, node & NODE_MASK);
		if (node & NODE_PREFIX && !str_cut(at, '\0', &prefix, &at))
			return false;
		if (strncmp(key, prefix.n ? prefix.p : "", prefix.n) != 0)
			return false;
		key += prefix.n;
		if (node & NODE_CHILDS) {
			if (at.n < 2)
				return false;
			first = (unsigned char)at.p[0];
			last = (unsigned char)at.p[1];
			at = str_from_pos(at, 2);
		}
		if (!*key) {
			if (!(node & NODE_VALUES))
				return false;
			if (first <= last)
				at = str_from_pos(at, 4 * ((size_t)last - first + 1));
			return first_value(at, ret_value);
		}
		if ((unsigned char)*key < first || (unsigned char)*key > last)
			return false;
		at = str_from_pos(at, 4 * ((size_t)(unsigned char)*key - first));
		if (!take_u32(&at, &node) || !(node & NODE_MASK))
			return false;
		key++;
	}
}

/* A line to be: its order is that of the priorities. */
struct line {
	uint32_t priority;
	size_t at, n; /* in walk.text */
};

/* Nodes from the root to where the walk is. */
struct level {
	struct str children; /* offsets, of which the first `next` were looked at */
	unsigned char first;
	size_t next, key; /* length of the key at its end */
};

enum { DEPTH_MAX = 1024, KEY_MAX = 4096 };

struct walk {
	struct str index;
	enum kmod_index_kind kind;
	struct level path[DEPTH_MAX];
	size_t depth;
	struct strbuf key, text;
	struct line *lines;
	size_t n_lines, cap_lines, nodes;
};

static int add_line(struct walk *w, uint32_t priority, struct str value)
{
	struct line *l;

	if (w->n_lines == w->cap_lines) {
		size_t cap = w->cap_lines ? w->cap_lines * 2 : 256;

		l = reallocarray(w->lines, cap, sizeof(*l));
		if (!l)
			return -ENOMEM;
		w->lines = l;
		w->cap_lines = cap;
	}
	l = &w->lines[w->n_lines++];
	*l = (struct line){.priority = priority, .at = w->text.n};
	if (w->kind == KMOD_INDEX_DEP)
		strbuf_add(&w->text, value);
	else
		strbuf_addf(&w->text, "alias " STR_FMT " " STR_FMT,
			STR_ARG(strbuf_str(&w->key)), STR_ARG(value));
	l->n = w->text.n - l->at;
	return strbuf_err(&w->text);
}

/* Opens the node: its prefix is added to the key, its values to the lines. */
static int open_node(struct walk *w, uint32_t node)
{
	struct str at = str_from_pos(w->index, node & NODE_MASK), prefix = {0};
	struct level l = {0};
	uint32_t n, priority;

	/* Each node of an index has bytes of its own. */
	if (w->depth == DEPTH_MAX || ++w->nodes > w->index.n)
		return -EINVAL;
	if (node & NODE_PREFIX && !str_cut(at, '\0', &prefix, &at))
		return -EINVAL;
	strbuf_add(&w->key, prefix);
	if (w->key.n > KEY_MAX)
		return -EINVAL;
	l.key = w->key.n;
	if (node & NODE_CHILDS) {
		size_t bytes;

		if (at.n < 2 || (unsigned char)at.p[1] < (unsigned char)at.p[0])
			return -EINVAL;
		l.first = (unsigned char)at.p[0];
		bytes = 4 * ((size_t)(unsigned char)at.p[1] - l.first + 1);
		l.children = str_upto(str_from_pos(at, 2), bytes);
		at = str_from_pos(at, 2 + bytes);
	}
	w->path[w->depth++] = l;
	if (!(node & NODE_VALUES))
		return 0;
	if (!take_u32(&at, &n))
		return -EINVAL;
	while (n--) {
		struct str value;
		int r;

		/* Nor is there more text than one that was made an index of. */
		if (!take_u32(&at, &priority) || !str_cut(at, '\0', &value, &at) ||
			w->n_lines > w->index.n || w->text.n > w->index.n * 8)
			return -EINVAL;
		r = add_line(w, priority, value);
		if (r < 0)
			return r;
	}
	return 0;
}

static int walk_all(struct walk *w, uint32_t root)
{
	int r = open_node(w, root);

	while (w->depth && r >= 0) {
		struct level *l = &w->path[w->depth - 1];
		struct str at = str_from_pos(l->children, 4 * l->next);
		uint32_t node;

		if (!take_u32(&at, &node)) {
			w->depth--;
			continue;
		}
		l->next++;
		if (!(node & NODE_MASK))
			continue;
		w->key.n = l->key;
		strbuf_addc(&w->key, (char)(l->first + l->next - 1));
		r = open_node(w, node);
	}
	return r < 0 ? r : strbuf_err(&w->key);
}

static int by_priority(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;

	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

int kmod_index_text(struct str index, enum kmod_index_kind kind, struct strbuf *ret)
{
	struct walk w = {.index = index, .kind = kind};
	uint32_t root;
	int r = find_root(index, &root) ? walk_all(&w, root) : -EINVAL;

	if (r >= 0 && w.n_lines)
		qsort(w.lines, w.n_lines, sizeof(*w.lines), by_priority);
	for (size_t i = 0; i < w.n_lines && r >= 0; i++) {
		strbuf_add(ret, (struct str){w.text.p + w.lines[i].at, w.lines[i].n});
		strbuf_addc(ret, '\n');
		r = strbuf_err(ret);
	}
	free(w.lines);
	strbuf_done(&w.key);
	strbuf_done(&w.text);
	return r;
}
