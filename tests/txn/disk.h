/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a disk may hold after a power cut. While a job runs, every operation that the I/O seam
 * announces is followed by a look at the tree: what is different became so by that operation
 * (or by a program of the guest's, which goes around the seam). The model is strict POSIX:
 * bytes and attributes of a file are durable by an fsync of the file, names by an fsync of
 * their directory; everything else may be lost, in any order and combination, and bytes may be
 * lost in part; of a disk in /dev any sectors. One operation's change of names (a rename) is lost as a whole. A link has no
 * fsync: its owner is durable with its name. */
#pragma once

#include <dirent.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/strv.h"
#include "sys/file.h"
#include "tree.h"

enum event_kind { EVENT_DATA, EVENT_SECTOR, EVENT_ATTR, EVENT_NAMES, EVENT_SYNC };

#define NOTHING ((unsigned)-1)

struct entry {
	char *name;
	unsigned node; /* NOTHING: the name is gone */
};

struct names {
	struct entry *v;
	size_t n;
};

struct attr {
	unsigned mode, uid, gid;
	char time;
};

struct node {
	ino_t ino;
	char type;
	struct attr attr0, attr; /* when first seen, and last */
	struct strbuf data0, data;
	struct names names0, names; /* of a directory */
};

struct event {
	enum event_kind kind;
	unsigned node; /* what it happened to */
	unsigned sync; /* what must be synced to make it durable */
	struct attr attr;
	struct strbuf data;
	size_t at; /* EVENT_SECTOR: of the bytes */
	struct names names;
	const void *caller; /* EVENT_SYNC */
	char *path;
};

struct disk {
	const char *dir;
	struct node *nodes;
	size_t n_nodes;
	struct event *events;
	size_t n_events;
	bool started;
	char op[16]; /* the last one announced */
};

static void *disk_grow(void *v, size_t n, size_t size)
{
	/* In powers of two: they grow by one. */
	if (n & (n - 1))
		return v;
	v = reallocarray(v, n ? n * 2 : 1, size);
	if (!v)
		errx(1, "out of memory");
	return v;
}

static void names_set(struct names *l, const char *name, unsigned node)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].name, name)) {
			l->v[i].node = node;
			return;
		}
	l->v = disk_grow(l->v, l->n, sizeof(*l->v));
	l->v[l->n++] = (struct entry){strdup(name), node};
}

static unsigned names_get(const struct names *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].name, name))
			return l->v[i].node;
	return NOTHING;
}

static void names_done(struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].name);
	free(l->v);
	*l = (struct names){0};
}

static void names_copy(struct names *to, const struct names *from)
{
	for (size_t i = 0; i < from->n; i++)
		names_set(to, from->v[i].name, from->v[i].node);
}

static void disk_done(struct disk *d)
{
	for (size_t i = 0; i < d->n_nodes; i++) {
		strbuf_done(&d->nodes[i].data0);
		strbuf_done(&d->nodes[i].data);
		names_done(&d->nodes[i].names0);
		names_done(&d->nodes[i].names);
	}
	for (size_t i = 0; i < d->n_events; i++) {
		strbuf_done(&d->events[i].data);
		names_done(&d->events[i].names);
		free(d->events[i].path);
	}
	free(d->nodes);
	free(d->events);
	*d = (struct disk){0};
}

/* Valid until the next one. */
static struct event *disk_event(
	struct disk *d, enum event_kind kind, unsigned node, unsigned sync)
{
	d->events = disk_grow(d->events, d->n_events, sizeof(*d->events));
	d->events[d->n_events] = (struct event){.kind = kind, .node = node, .sync = sync};
	return &d->events[d->n_events++];
}

static unsigned disk_node(struct disk *d, ino_t ino)
{
	for (size_t i = 0; i < d->n_nodes; i++)
		if (d->nodes[i].ino == ino)
			return (unsigned)i;
	return NOTHING;
}

static struct attr attr_of(const struct stat *st)
{
	bool timed = !S_ISDIR(st->st_mode) && st->st_mtim.tv_sec == TREE_TIME;

	return (struct attr){
		(unsigned)st->st_mode & 07777, st->st_uid, st->st_gid, timed ? 'T' : 'x'};
}

/* The node, made where it is new; a new file is durable as an empty one. */
static unsigned disk_meet(struct disk *d, const struct stat *st)
{
	unsigned i = disk_node(d, st->st_ino);

	if (i != NOTHING)
		return i;
	d->nodes = disk_grow(d->nodes, d->n_nodes, sizeof(*d->nodes));
	d->nodes[d->n_nodes] = (struct node){
		.ino = st->st_ino,
		.type = S_ISDIR(st->st_mode)   ? 'd'
			: S_ISLNK(st->st_mode) ? 'l'
					       : 'f',
		.attr0 = attr_of(st),
		.attr = attr_of(st),
	};
	return (unsigned)d->n_nodes++;
}

/* Each sector that is different goes its own way. */
static void look_at_sectors(struct disk *d, unsigned i, struct str data)
{
	const struct str was = strbuf_str(&d->nodes[i].data);

	for (size_t at = 0; at < data.n; at += 512) {
		const struct str sector = str_upto(str_from_pos(data, at), 512);
		struct event *e;

		if (str_eq(sector, str_upto(str_from_pos(was, at), 512)))
			continue;
		e = disk_event(d, EVENT_SECTOR, i, i);
		e->at = at;
		strbuf_add(&e->data, sector);
	}
}

static void look_at_bytes(
	struct disk *d, unsigned i, const char *full, const struct stat *st, bool is_new)
{
	struct node *n = &d->nodes[i];
	struct strbuf data = {0};
	char bytes[65536];
	ssize_t k;

	if (n->type == 'l') {
		k = readlink(full, bytes, sizeof(bytes));
	} else {
		int fd = open(full, O_RDONLY | O_CLOEXEC);

		k = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
		close(fd);
	}
	if (k < 0 || k == sizeof(bytes) || (n->type == 'f' && k != st->st_size))
		err(1, "%s", full);
	strbuf_add(&data, (struct str){bytes, (size_t)k});
	if (!d->started || (is_new && n->type == 'l'))
		strbuf_add(&n->data0, strbuf_str(&data));
	else if (str_starts(str_from(full + strlen(d->dir)), "/dev/"))
		look_at_sectors(d, i, strbuf_str(&data));
	else if (!str_eq(strbuf_str(&n->data), strbuf_str(&data)))
		strbuf_add(&disk_event(d, EVENT_DATA, i, i)->data, strbuf_str(&data));
	strbuf_done(&n->data);
	n->data = data;
}

static void look_at_names(struct disk *d, unsigned dir, struct names *now)
{
	struct names *was = &d->nodes[dir].names;
	const bool at_once = !strcmp(d->op, "rename");
	struct event *e = NULL;

	for (size_t i = 0; i < was->n; i++)
		if (names_get(now, was->v[i].name) == NOTHING)
			names_set(now, was->v[i].name, NOTHING);
	if (!d->started)
		names_copy(&d->nodes[dir].names0, now);
	for (size_t i = 0; i < now->n && d->started; i++) {
		if (names_get(was, now->v[i].name) == now->v[i].node)
			continue;
		if (!e || !at_once)
			e = disk_event(d, EVENT_NAMES, dir, dir);
		names_set(&e->names, now->v[i].name, now->v[i].node);
	}
	names_done(was);
	*was = *now;
}

static void look_into(struct disk *d, const char *path, unsigned dir)
{
	struct names now = {0};
	DIR *stream = opendir(path);
	struct dirent *de;

	if (!stream)
		err(1, "%s", path);
	while ((de = readdir(stream))) {
		size_t known = d->n_nodes;
		char full[512];
		struct stat st;
		struct attr a;
		unsigned i;

		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		snprintf(full, sizeof(full), "%s/%s", path, de->d_name);
		if (lstat(full, &st) < 0)
			err(1, "%s", full);
		i = disk_meet(d, &st);
		names_set(&now, de->d_name, i);
		if (d->nodes[i].type == 'd')
			look_into(d, full, i);
		else
			look_at_bytes(d, i, full, &st, i == known);
		a = attr_of(&st);
		if (memcmp(&a.mode, &d->nodes[i].attr.mode, 3 * sizeof(a.mode)) != 0 ||
			a.time != d->nodes[i].attr.time)
			disk_event(d, EVENT_ATTR, i, d->nodes[i].type == 'l' ? dir : i)
				->attr = a;
		d->nodes[i].attr = a;
	}
	closedir(stream);
	look_at_names(d, dir, &now);
}

/* What happened since the last look. */
static void disk_look(struct disk *d)
{
	struct stat st;

	if (stat(d->dir, &st) < 0)
		err(1, "%s", d->dir);
	look_into(d, d->dir, disk_meet(d, &st));
}

static void disk_start(struct disk *d, const char *dir)
{
	*d = (struct disk){.dir = dir};
	disk_look(d);
	d->started = true;
}

/* For the hook. */
static void disk_op(struct disk *d, const struct file_op *op)
{
	struct event *e;
	struct stat st;
	unsigned i;

	disk_look(d);
	snprintf(d->op, sizeof(d->op), "%s", op->name);
	if (strncmp(op->name, "fsync", 5) != 0)
		return;
	if (fstat(op->fd, &st) < 0)
		err(1, "%s %s", op->name, op->path);
	i = disk_node(d, st.st_ino);
	if (i == NOTHING)
		return; /* a directory that is no longer in the tree */
	e = disk_event(d, EVENT_SYNC, i, i);
	e->caller = op->caller;
	e->path = str_printf("%s %s", op->name, op->path);
}

/* Whether event `i` is durable before event `p` happens, where the fsyncs of `without` do
 * nothing. */
static bool disk_durable(const struct disk *d, size_t i, size_t p, const void *without)
{
	for (size_t j = i + 1; j < p; j++) {
		const struct event *e = &d->events[j];

		if (e->kind == EVENT_SYNC && e->node == d->events[i].sync &&
			(!without || e->caller != without))
			return true;
	}
	return false;
}

/* What may have become of an event that is not durable. */
enum fate {
	FATE_LOST,
	FATE_DONE,
	/* Bytes only: the size is there and they are not; half of them are there. */
	FATE_ZEROS,
	FATE_HALF,
};

static void torn(struct strbuf *to, struct str was, struct str is, enum fate fate)
{
	size_t same = 0, n = is.n;

	while (same < was.n && same < n && was.p[same] == is.p[same])
		same++;
	if (fate == FATE_HALF)
		n = same + (n - same) / 2;
	strbuf_add(to, str_upto(is, fate == FATE_HALF ? n : same));
	strbuf_pad(to, '\0', n);
}

struct part {
	struct strbuf data;
	struct attr attr;
	struct names names;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static void put_tree(const struct disk *d, struct part *parts, unsigned dir,
	const char *path, struct strbuf *ret)
{
	struct names *l = &parts[dir].names;

	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
	for (size_t i = 0; i < l->n; i++) {
		unsigned n = l->v[i].node;
		char full[512];
		struct part *p;

		if (n == NOTHING)
			continue;
		p = &parts[n];
		snprintf(full, sizeof(full), "%s/%s", path, l->v[i].name);
		strbuf_addf(ret, "%c %04o %u:%u %c %s", d->nodes[n].type,
			d->nodes[n].type == 'l' ? 0 : p->attr.mode, p->attr.uid,
			p->attr.gid, p->attr.time, full);
		strbuf_addc(ret, '\0');
		strbuf_addf(ret, "%zu", p->data.n);
		strbuf_addc(ret, '\0');
		strbuf_add(ret, strbuf_str(&p->data));
		if (d->nodes[n].type == 'd')
			put_tree(d, parts, n, full, ret);
	}
}

/* The tree, in the form of tree.h, after a cut before event `p`; `fates`: one for each event,
 * looked at where it is not durable. */
static void disk_after_cut(const struct disk *d, size_t p, const void *without,
	const unsigned char *fates, struct strbuf *ret)
{
	struct part *parts = calloc(d->n_nodes, sizeof(*parts));

	if (!parts)
		errx(1, "out of memory");
	for (size_t i = 0; i < d->n_nodes; i++) {
		strbuf_add(&parts[i].data, strbuf_str(&d->nodes[i].data0));
		parts[i].attr = d->nodes[i].attr0;
		names_copy(&parts[i].names, &d->nodes[i].names0);
	}
	for (size_t i = 0; i < p; i++) {
		const struct event *e = &d->events[i];
		struct part *part = &parts[e->node];
		enum fate fate = (enum fate)fates[i];
		struct strbuf data = {0};

		if (e->kind == EVENT_SYNC)
			continue;
		if (disk_durable(d, i, p, without))
			fate = FATE_DONE;
		if (fate == FATE_LOST)
			continue;
		if (e->kind == EVENT_ATTR)
			part->attr = e->attr;
		if (e->kind == EVENT_NAMES)
			names_copy(&part->names, &e->names);
		if (e->kind == EVENT_SECTOR)
			memcpy(part->data.p + e->at, e->data.p, e->data.n);
		if (e->kind != EVENT_DATA)
			continue;
		if (fate == FATE_DONE)
			strbuf_add(&data, strbuf_str(&e->data));
		else
			torn(&data, strbuf_str(&part->data), strbuf_str(&e->data), fate);
		strbuf_done(&part->data);
		part->data = data;
	}
	put_tree(d, parts, 0, "", ret);
	if (strbuf_err(ret))
		errx(1, "out of memory");
	for (size_t i = 0; i < d->n_nodes; i++) {
		strbuf_done(&parts[i].data);
		names_done(&parts[i].names);
	}
	free(parts);
}
