/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See newc.h. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/newc.h"

enum {
	HEADER = 110,
	FIELDS = 13,
	LINKS_MAX = 4096, /* names that wait for their content */
};

enum state { BETWEEN, AT_HEADER, AT_NAME, AT_LINK, AT_CONTENT };

/* Names of a file stored more than once: the content comes with the last of them. */
struct waiting {
	unsigned major, minor, ino, mode;
	char *path;
};

struct newc {
	const struct initramfs_limits *lim;
	const struct initramfs_sink *sink;
	enum state state;
	uint64_t pos, total, members;
	uint64_t skip; /* bytes to pass over before `state` goes on */
	size_t want;   /* bytes that the state collects */
	struct strbuf buf;

	unsigned ino, mode, nlink, size, major, minor, name_n;
	unsigned padding; /* behind the body */
	bool wanted;
	char *path;
	struct waiting *links;
	size_t n_links;
};

int newc_new(const struct initramfs_limits *lim, const struct initramfs_sink *sink,
	struct newc **ret, struct err *e)
{
	struct newc *c = calloc(1, sizeof(*c));

	if (!c)
		return err_oom(e);
	c->lim = lim;
	c->sink = sink;
	*ret = c;
	return 0;
}

static void forget_links(struct newc *c)
{
	for (size_t i = 0; i < c->n_links; i++)
		free(c->links[i].path);
	free(c->links);
	c->links = NULL;
	c->n_links = 0;
}

void newc_free(struct newc *c)
{
	if (!c)
		return;
	forget_links(c);
	strbuf_done(&c->buf);
	free(c->path);
	free(c);
}

void newc_restart(struct newc *c, uint64_t pos)
{
	c->state = BETWEEN;
	c->pos = pos;
	c->skip = 0;
}

bool newc_between(const struct newc *c, bool end_of_file)
{
	return c->state == BETWEEN && (!c->skip || (end_of_file && c->skip <= 3));
}

static int hex_field(const char *p, unsigned *ret)
{
	unsigned v = 0;

	for (int i = 0; i < 8; i++) {
		char ch = p[i];

		if (ch >= '0' && ch <= '9')
			v = v << 4 | (unsigned)(ch - '0');
		else if ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'f')
			v = v << 4 | (unsigned)((ch | 0x20) - 'a' + 10);
		else
			return -EBADMSG;
	}
	*ret = v;
	return 0;
}

static void go(struct newc *c, enum state state, size_t want)
{
	c->state = state;
	c->want = want;
	strbuf_reset(&c->buf);
}

/* Passes over `n` bytes and goes on between two members. */
static void pass(struct newc *c, uint64_t n)
{
	go(c, BETWEEN, 0);
	c->skip = n;
}

static int got_header(struct newc *c, struct err *e)
{
	const char *h = c->buf.p;
	unsigned f[FIELDS];
	unsigned name_room;

	if (memcmp(h, "070701", 6) && memcmp(h, "070702", 6))
		return err_set(e, -EBADMSG, "the archive is damaged: no member at %llu",
			(unsigned long long)(c->pos - HEADER));
	for (int i = 0; i < FIELDS; i++)
		if (hex_field(h + 6 + 8 * i, &f[i]) < 0)
			return err_set(e, -EBADMSG,
				"the archive is damaged: bad header at %llu",
				(unsigned long long)(c->pos - HEADER));
	c->ino = f[0];
	c->mode = f[1];
	c->nlink = f[4];
	c->size = f[6];
	c->major = f[7];
	c->minor = f[8];
	c->name_n = f[11];
	c->padding = -c->size & 3;
	/* Header and name together end at a multiple of four. */
	name_room = (-(HEADER + c->name_n)) & 3;
	if (++c->members > c->lim->max_members)
		return err_set(e, -EFBIG, "the archive has more than %llu members",
			(unsigned long long)c->lim->max_members);
	if (!c->name_n || c->name_n > PATH_MAX ||
		(!S_ISREG(c->mode) && !S_ISLNK(c->mode) && c->size) ||
		(S_ISLNK(c->mode) && c->size > PATH_MAX))
		pass(c, (uint64_t)c->name_n + name_room + c->size + c->padding);
	else
		go(c, AT_NAME, c->name_n + name_room);
	return 0;
}

static int emit_member(struct newc *c, struct str target, struct err *e)
{
	struct initramfs_member m = {
		.path = c->path, .mode = c->mode, .target = target, .size = c->size};
	int r;

	c->wanted = false;
	r = c->sink->member ? c->sink->member(c->sink->ctx, &m, &c->wanted) : 0;
	if (r)
		return r;
	if (!S_ISREG(c->mode) || !c->sink->content)
		c->wanted = false;
	if (c->wanted && c->size > c->lim->max_content)
		return err_set(e, -EFBIG, "%s in the archive is larger than %zu bytes",
			c->path, c->lim->max_content);
	return 0;
}

static int emit_content(
	struct newc *c, const char *path, unsigned mode, struct str content)
{
	struct initramfs_member m = {.path = path, .mode = mode, .size = content.n};

	return c->sink->content(c->sink->ctx, &m, content);
}

static bool is_link(const struct newc *c, const struct waiting *w)
{
	return w->ino == c->ino && w->major == c->major && w->minor == c->minor;
}

static bool is_waited_for(const struct newc *c)
{
	if (c->nlink < 2)
		return false;
	for (size_t i = 0; i < c->n_links; i++)
		if (is_link(c, &c->links[i]))
			return true;
	return false;
}

static int wait_for_content(struct newc *c, struct err *e)
{
	struct waiting *v;

	if (c->n_links == LINKS_MAX)
		return err_set(
			e, -EFBIG, "the archive has more than %d hard links", LINKS_MAX);
	v = realloc(c->links, (c->n_links + 1) * sizeof(*v));
	if (!v)
		return err_oom(e);
	c->links = v;
	v[c->n_links++] = (struct waiting){.major = c->major,
		.minor = c->minor,
		.ino = c->ino,
		.mode = c->mode,
		.path = c->path};
	c->path = NULL;
	return 0;
}

static int got_content(struct newc *c)
{
	struct str content = strbuf_str(&c->buf);
	int r = 0;

	for (size_t i = 0; c->nlink >= 2 && i < c->n_links && r == 0;) {
		struct waiting w = c->links[i];

		if (!is_link(c, &w)) {
			i++;
			continue;
		}
		memmove(&c->links[i], &c->links[i + 1],
			(--c->n_links - i) * sizeof(*c->links));
		r = emit_content(c, w.path, w.mode, content);
		free(w.path);
	}
	if (r == 0 && c->wanted)
		r = emit_content(c, c->path, c->mode, content);
	pass(c, c->padding);
	return r;
}

int newc_finish(struct newc *c, struct err *e)
{
	int r = 0;

	(void)e;
	for (size_t i = 0; i < c->n_links && r == 0; i++)
		r = emit_content(
			c, c->links[i].path, c->links[i].mode, (struct str){"", 0});
	forget_links(c);
	return r;
}

/* As a path of the archive's root: without "/" and "./" in front, "." for the root. */
static const char *plain_path(const char *name)
{
	for (;;) {
		if (*name == '/')
			name++;
		else if (name[0] == '.' && name[1] == '/')
			name += 2;
		else
			return *name ? name : ".";
	}
}

static int got_name(struct newc *c, enum newc_stop *stop, struct err *e)
{
	int r;

	if (strnlen(c->buf.p, c->name_n) == c->name_n)
		return err_set(e, -EBADMSG, "the archive is damaged: a name has no end");
	if (!strcmp(c->buf.p, "TRAILER!!!")) {
		pass(c, (uint64_t)c->size + c->padding);
		*stop = NEWC_TRAILER;
		return newc_finish(c, e);
	}
	if (!*c->buf.p) { /* nothing that open(2) could make */
		pass(c, (uint64_t)c->size + c->padding);
		return 0;
	}
	free(c->path);
	c->path = str_dup(str_from(plain_path(c->buf.p)));
	if (!c->path)
		return err_oom(e);
	if (S_ISLNK(c->mode) && c->size) {
		go(c, AT_LINK, c->size);
		return 0;
	}
	r = emit_member(c, (struct str){"", 0}, e);
	if (r)
		return r;
	if (c->wanted && !c->size && c->nlink >= 2) {
		r = wait_for_content(c, e);
		pass(c, 0);
		return r;
	}
	if (!c->wanted && !(c->size && is_waited_for(c))) {
		pass(c, (uint64_t)c->size + c->padding);
		return 0;
	}
	if (c->size > c->lim->max_content)
		return err_set(e, -EFBIG, "%s in the archive is larger than %zu bytes",
			c->path, c->lim->max_content);
	go(c, AT_CONTENT, c->size);
	return 0;
}

static int got_link(struct newc *c, struct err *e)
{
	struct str target = strbuf_str(&c->buf);
	int r;

	target.n = strnlen(target.p, target.n);
	r = emit_member(c, target, e);
	pass(c, c->padding);
	return r;
}

static int between(struct newc *c, struct str *in, enum newc_stop *stop, struct err *e)
{
	size_t zeros = 0;

	while (zeros < in->n && !in->p[zeros])
		zeros++;
	*in = str_from_pos(*in, zeros);
	c->pos += zeros;
	if (!in->n)
		return 0;
	if (in->p[0] != '0') {
		*stop = NEWC_OTHER;
		return 0;
	}
	if (c->pos & 3)
		return err_set(e, -EBADMSG,
			"the archive is damaged: a member at %llu, not a multiple of 4",
			(unsigned long long)c->pos);
	go(c, AT_HEADER, HEADER);
	return 0;
}

/* One step: takes what the state wants, and acts once it is complete. */
static int step(struct newc *c, struct str *in, enum newc_stop *stop, struct err *e)
{
	struct str part;

	if (c->skip) {
		part = str_upto(*in, c->skip < in->n ? (size_t)c->skip : in->n);
		c->skip -= part.n;
		c->pos += part.n;
		*in = str_from_pos(*in, part.n);
		return 0;
	}
	if (c->state == BETWEEN)
		return between(c, in, stop, e);
	part = str_upto(*in, c->want - c->buf.n);
	strbuf_add(&c->buf, part);
	if (strbuf_err(&c->buf) < 0)
		return err_oom(e);
	c->pos += part.n;
	*in = str_from_pos(*in, part.n);
	if (c->buf.n < c->want)
		return 0;
	switch (c->state) {
	case AT_HEADER:
		return got_header(c, e);
	case AT_NAME:
		return got_name(c, stop, e);
	case AT_LINK:
		return got_link(c, e);
	default:
		return got_content(c);
	}
}

int newc_feed(struct newc *c, struct str *in, enum newc_stop *ret, struct err *e)
{
	*ret = NEWC_MORE;
	/* A state that wants nothing more (an empty file) acts without input. */
	while (in->n || (c->state == AT_CONTENT && c->buf.n == c->want)) {
		size_t before = in->n;
		int r = step(c, in, ret, e);

		c->total += before - in->n;
		if (r)
			return r;
		if (c->total > c->lim->max_unpacked)
			return err_set(e, -EFBIG,
				"the archive unpacks to more than %llu bytes",
				(unsigned long long)c->lim->max_unpacked);
		if (*ret != NEWC_MORE)
			return 0;
	}
	return 0;
}
