/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See kmod_index.h. depmod grows a trie by inserting; here the keys are sorted first, and
 * the nodes come out of one walk over them in the order depmod writes them (children by
 * their character, then their parent), so the bytes are the same. No recursion: only the
 * nodes on the path to the current key are held. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/kmod_index.h"
#include "text/kmod_index_format.h"
#include "text/modules_dep.h"

struct entry {
	const char *key; /* NUL-terminated, in build.keys */
	size_t key_pos, key_len;
	struct str value;
	uint32_t priority;
};

struct child {
	unsigned char ch;
	uint32_t offset;
};

/* A node that is still open: on the path from the root to the current key. */
struct node {
	size_t depth;       /* bytes of the key from the root to the end of its prefix */
	size_t entry;       /* an entry whose key begins with the node's path */
	size_t n_values;    /* so many entries, from `entry` on, end here */
	size_t first_child; /* where its children begin in build.children */
};

struct build {
	struct strbuf keys;
	struct entry *entries;
	size_t n_entries, cap_entries;
	struct node *path;
	size_t n_path, cap_path;
	struct child *children; /* finished nodes whose parent is still open */
	size_t n_children, cap_children;
	struct strbuf out;
};

static void build_done(struct build *b)
{
	strbuf_done(&b->keys);
	strbuf_done(&b->out);
	free(b->entries);
	free(b->path);
	free(b->children);
}

/* Makes room for one more element of `size` bytes. */
static bool grow(void **v, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap ? *cap * 2 : 64;
	void *p;

	if (n < *cap)
		return true;
	p = reallocarray(*v, want, size);
	if (!p)
		return false;
	*v = p;
	*cap = want;
	return true;
}

#define GROW(v, n, cap) grow((void **)&(v), n, &(cap), sizeof(*(v)))

static void add_u32(struct strbuf *out, uint32_t v)
{
	const char bytes[] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};

	strbuf_add(out, (struct str){bytes, sizeof(bytes)});
}

/* Adds the key with '-' as '_', except between brackets. False for one that depmod leaves
 * out: unmatched bracket. */
static bool add_normalised(struct strbuf *keys, struct str key)
{
	bool in_class = false;

	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];

		if (in_class)
			in_class = c != ']';
		else if (c == '[')
			in_class = true;
		else if (c == ']')
			return false;
		else if (c == '-')
			c = '_';
		strbuf_addc(keys, c);
	}
	return !in_class;
}

static int add_entry(struct build *b, struct str key, bool normalise, struct str value)
{
	size_t pos = b->keys.n;

	if (!GROW(b->entries, b->n_entries, b->cap_entries))
		return -ENOMEM;
	if (!normalise)
		strbuf_add(&b->keys, key);
	else if (!add_normalised(&b->keys, key)) {
		b->keys.n = pos;
		return 0;
	}
	b->entries[b->n_entries] = (struct entry){
		.key_pos = pos,
		.key_len = b->keys.n - pos,
		.value = value,
		.priority = (uint32_t)b->n_entries,
	};
	b->n_entries++;
	strbuf_addc(&b->keys, '\0');
	return strbuf_err(&b->keys);
}

/* "PATTERN MODULE": the module is the last word. */
static bool split_alias(struct str s, struct str *ret_pattern, struct str *ret_module)
{
	s = str_trim(s);
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] != ' ' && s.p[i - 1] != '\t')
			continue;
		*ret_pattern = str_trim_end(str_upto(s, i));
		*ret_module = str_from_pos(s, i);
		return ret_pattern->n != 0;
	}
	return false;
}

static int add_line(struct build *b, struct str text, enum kmod_index_kind kind)
{
	struct str key, value, deps;

	text = str_trim(text);
	if (!text.n || *text.p == '#')
		return 0;
	if (kind == KMOD_INDEX_DEP) {
		if (!str_cut(text, ':', &key, &deps))
			return -EINVAL;
		key = module_name(key);
		return key.n ? add_entry(b, key, true, text) : -EINVAL;
	}
	if (!str_skip(&text, "alias ") && !str_skip(&text, "alias\t"))
		return 0; /* modprobe passes over such lines as well */
	if (!split_alias(text, &key, &value))
		return -EINVAL;
	return add_entry(b, key, kind == KMOD_INDEX_ALIAS, value);
}

/* The order of the lines is the order of modules.order: it becomes the priority, by which
 * modprobe sorts the values of one key. */
static int add_lines(
	struct build *b, struct str text, enum kmod_index_kind kind, struct err *e)
{
	size_t line = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\0' || (unsigned char)text.p[i] >= CHILD_MAX)
			return err_set(e, -EINVAL,
				"module index: byte 0x%02x, only ASCII is supported",
				(unsigned char)text.p[i]);
	}
	STR_FOREACH_LINE (l, text) {
		int r = add_line(b, l, kind);

		line++;
		if (r == -ENOMEM)
			return err_oom(e);
		if (r < 0)
			return err_set(e, r, "module index: line %zu is malformed", line);
	}
	for (size_t i = 0; i < b->n_entries; i++)
		b->entries[i].key = b->keys.p + b->entries[i].key_pos;
	return 0;
}

static int entry_cmp(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int r = strcmp(a->key, b->key);

	return r ? r : (a->priority > b->priority) - (a->priority < b->priority);
}

static void write_children(struct build *b, const struct node *node)
{
	const struct child *c = b->children + node->first_child;
	const struct child *end = b->children + b->n_children;
	unsigned char last = end[-1].ch;

	strbuf_addc(&b->out, (char)c->ch);
	strbuf_addc(&b->out, (char)last);
	for (unsigned ch = c->ch; ch <= last; ch++) {
		if (c->ch == ch)
			add_u32(&b->out, (c++)->offset);
		else
			add_u32(&b->out, 0);
	}
}

/* Writes a node whose children are all written and answers its offset with flags; its
 * children leave the list. `prefix_at` is where in its key its prefix begins. */
static uint32_t write_node(struct build *b, const struct node *node, size_t prefix_at)
{
	uint32_t offset = (uint32_t)b->out.n & NODE_MASK;

	if (node->depth > prefix_at) {
		struct str prefix = {
			b->entries[node->entry].key + prefix_at, node->depth - prefix_at};

		strbuf_add(&b->out, prefix);
		strbuf_addc(&b->out, '\0');
		offset |= NODE_PREFIX;
	}
	if (b->n_children > node->first_child) {
		write_children(b, node);
		offset |= NODE_CHILDS;
	}
	if (node->n_values) {
		add_u32(&b->out, (uint32_t)node->n_values);
		for (size_t i = 0; i < node->n_values; i++) {
			const struct entry *entry = &b->entries[node->entry + i];

			add_u32(&b->out, entry->priority);
			strbuf_add(&b->out, entry->value);
			strbuf_addc(&b->out, '\0');
		}
		offset |= NODE_VALUES;
	}
	b->n_children = node->first_child;
	return offset;
}

/* Takes the last node off the path: it becomes a child of a node of depth `parent`. */
static int close_node(struct build *b, size_t parent)
{
	struct node node = b->path[--b->n_path];
	uint32_t offset = write_node(b, &node, parent + 1);

	if (!GROW(b->children, b->n_children, b->cap_children))
		return -ENOMEM;
	b->children[b->n_children++] = (struct child){
		.ch = (unsigned char)b->entries[node.entry].key[parent],
		.offset = offset,
	};
	return 0;
}

static int open_node(struct build *b, struct node node)
{
	if (!GROW(b->path, b->n_path, b->cap_path))
		return -ENOMEM;
	b->path[b->n_path++] = node;
	return 0;
}

/* Closes the nodes deeper than `depth`, and leaves one of that depth as the last. */
static int close_to(struct build *b, size_t depth)
{
	while (b->path[b->n_path - 1].depth > depth) {
		struct node top = b->path[b->n_path - 1];
		size_t above = b->path[b->n_path - 2].depth;
		int r = close_node(b, above > depth ? above : depth);

		if (r < 0)
			return r;
		if (above < depth)
			return open_node(b, (struct node){.depth = depth,
						    .entry = top.entry,
						    .first_child = top.first_child});
	}
	return 0;
}

static size_t common(const struct entry *a, const struct entry *b)
{
	size_t n = 0;

	while (n < a->key_len && a->key[n] == b->key[n])
		n++;
	return n;
}

static int write_trie(struct build *b, uint32_t *ret_root)
{
	/* The root has no prefix, even where it has one child only. */
	int r = open_node(b, (struct node){0});

	if (b->n_entries)
		qsort(b->entries, b->n_entries, sizeof(*b->entries), entry_cmp);
	for (size_t i = 0; i < b->n_entries && r == 0; i++) {
		const struct entry *entry = &b->entries[i];

		r = close_to(b, i ? common(entry - 1, entry) : 0);
		if (r < 0)
			break;
		if (b->path[b->n_path - 1].depth == entry->key_len)
			b->path[b->n_path - 1].n_values++;
		else
			r = open_node(b, (struct node){.depth = entry->key_len,
						 .entry = i,
						 .n_values = 1,
						 .first_child = b->n_children});
	}
	if (r == 0)
		r = close_to(b, 0);
	if (r == 0)
		*ret_root = write_node(b, &b->path[0], 0);
	return r;
}

int kmod_index_build(
	struct str text, enum kmod_index_kind kind, struct strbuf *out, struct err *e)
{
	cleanup_(build_done) struct build b = {0};
	struct strbuf head = {0};
	uint32_t root = 0;
	int r = add_lines(&b, text, kind, e);

	if (r < 0)
		return r;
	strbuf_pad(&b.out, '\0', 12);
	r = write_trie(&b, &root);
	if (r < 0 || strbuf_err(&b.out) < 0)
		return err_oom(e);
	if (b.out.n > NODE_MASK)
		return err_set(
			e, -EINVAL, "module index: %zu bytes are too many", b.out.n);
	add_u32(&head, INDEX_MAGIC);
	add_u32(&head, INDEX_VERSION);
	add_u32(&head, root);
	if (strbuf_err(&head) == 0) {
		memcpy(b.out.p, head.p, head.n);
		strbuf_add(out, strbuf_str(&b.out));
	}
	r = strbuf_err(&head) < 0 || strbuf_err(out) < 0 ? err_oom(e) : 0;
	strbuf_done(&head);
	return r;
}
