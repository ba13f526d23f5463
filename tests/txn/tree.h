/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory tree as bytes: taken, compared, written out again. What the crash tests save
 * and put back between two kills, and what they judge by. One item a file:
 *   "f 0640 12:34 T /etc/fstab\0" length "\0" bytes   (T: TREE_TIME, x: another time) */
#pragma once

#include <err.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/strv.h"

/* The time that files of a tree are given, to see whether a restored file has it again. */
#define TREE_TIME 1234567890

enum {
	TREE_TIMES = 1, /* note for files and links whether their mtime is TREE_TIME */
	TREE_STATE = 2, /* with /var, which holds nothing but the agent's state */
};

static struct strv tree_paths;
static size_t prefix;

static int tree_add_path(
	const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	if (ftw->level && strv_adds(&tree_paths, path + prefix) < 0)
		errx(1, "out of memory");
	return 0;
}

static void list(const char *dir)
{
	strv_done(&tree_paths);
	prefix = strlen(dir);
	if (nftw(dir, tree_add_path, 16, FTW_PHYS) != 0)
		err(1, "%s", dir);
	strv_sort(&tree_paths);
}

static void take_one(
	const char *dir, const char *path, unsigned flags, struct strbuf *ret)
{
	char full[512], bytes[65536];
	struct stat st;
	ssize_t n = 0;
	char type;

	snprintf(full, sizeof(full), "%s%s", dir, path);
	if (lstat(full, &st) < 0)
		err(1, "%s", full);
	type = S_ISDIR(st.st_mode) ? 'd' : S_ISLNK(st.st_mode) ? 'l' : 'f';
	if (type == 'l') {
		n = readlink(full, bytes, sizeof(bytes));
	} else if (type == 'f') {
		int fd = open(full, O_RDONLY);

		n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
		close(fd);
	}
	if (n < 0 || n == sizeof(bytes))
		err(1, "%s", full);
	strbuf_addf(ret, "%c %04o %u:%u %c %s", type,
		type == 'l' ? 0 : (unsigned)st.st_mode & 07777, st.st_uid, st.st_gid,
		type != 'd' && flags & TREE_TIMES && st.st_mtim.tv_sec == TREE_TIME ? 'T'
										    : 'x',
		path);
	strbuf_addc(ret, '\0');
	strbuf_addf(ret, "%zd", n);
	strbuf_addc(ret, '\0');
	strbuf_add(ret, (struct str){bytes, (size_t)n});
}

/* Adds everything below `dir`, sorted, to `ret`: type, path, owner, mode, bytes. Aborts the
 * process on any failure. */
static void tree_take(const char *dir, unsigned flags, struct strbuf *ret)
{
	list(dir);
	STRV_FOREACH (path, &tree_paths) {
		/* /var and /var/lib are there for the state alone. */
		if (!(flags & TREE_STATE) &&
			(!strcmp(*path, "/var") || !strncmp(*path, "/var/lib", 8)))
			continue;
		take_one(dir, *path, flags, ret);
	}
	if (strbuf_err(ret))
		errx(1, "out of memory");
	strv_done(&tree_paths);
}

/* What is in it, not `dir` itself. */
static void tree_remove(const char *dir)
{
	list(dir);
	for (size_t i = tree_paths.n; i; i--) {
		char full[512];

		snprintf(full, sizeof(full), "%s%s", dir, tree_paths.v[i - 1]);
		if (remove(full) < 0)
			err(1, "%s", full);
	}
	strv_done(&tree_paths);
}

struct item {
	char type, time;
	unsigned mode, uid, gid;
	struct str head, path, bytes;
};

static bool next(struct str *tree, struct item *ret)
{
	struct str head, size;
	uint64_t n;
	int at = 0;

	if (!tree->n || !str_cut(*tree, '\0', &head, tree) ||
		!str_cut(*tree, '\0', &size, tree) || !str_u64(size, &n))
		return false;
	if (sscanf(head.p, "%c %o %u:%u %c %n", &ret->type, &ret->mode, &ret->uid,
		    &ret->gid, &ret->time, &at) != 5)
		errx(1, "bad tree item %s", head.p);
	ret->head = head;
	ret->path = str_from_pos(head, (size_t)at);
	ret->bytes = str_upto(*tree, n);
	*tree = str_from_pos(*tree, n);
	return true;
}

static void put_one(const char *dir, const struct item *it)
{
	struct timespec ts[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = TREE_TIME}};
	char full[512], target[512];

	snprintf(full, sizeof(full), "%s%s", dir, it->path.p);
	if (it->type == 'd') {
		if (mkdir(full, 0700) < 0)
			err(1, "%s", full);
	} else if (it->type == 'l') {
		snprintf(target, sizeof(target), STR_FMT, STR_ARG(it->bytes));
		if (symlink(target, full) < 0)
			err(1, "%s", full);
	} else {
		int fd = open(full, O_WRONLY | O_CREAT | O_EXCL, 0600);

		if (fd < 0 ||
			write(fd, it->bytes.p, it->bytes.n) != (ssize_t)it->bytes.n ||
			close(fd) < 0)
			err(1, "%s", full);
	}
	if (geteuid() == 0 && lchown(full, it->uid, it->gid) < 0)
		err(1, "%s", full);
	if (it->type != 'l' && chmod(full, it->mode) < 0)
		err(1, "%s", full);
	if (it->time == 'T' && utimensat(AT_FDCWD, full, ts, AT_SYMLINK_NOFOLLOW) < 0)
		err(1, "%s", full);
}

/* Empties `dir` and makes it what tree_take(TREE_TIMES | TREE_STATE) has said. */
static __attribute__((unused)) void tree_put(const char *dir, struct str tree)
{
	struct item it;

	tree_remove(dir);
	while (next(&tree, &it))
		put_one(dir, &it);
}

static bool has(struct str tree, const struct item *wanted)
{
	struct item it;

	while (next(&tree, &it))
		if (str_eq(it.head, wanted->head) && str_eq(it.bytes, wanted->bytes))
			return true;
	return false;
}

/* One line for each file that is different, for a person; freed by the caller. */
static char *tree_diff(struct str want, struct str got)
{
	struct strbuf out = {0};
	struct str rest;
	struct item it;

	for (rest = want; next(&rest, &it);)
		if (!has(got, &it))
			strbuf_addf(&out, "\n- %s (%zu bytes)", it.head.p, it.bytes.n);
	for (rest = got; next(&rest, &it);)
		if (!has(want, &it))
			strbuf_addf(&out, "\n+ %s (%zu bytes)", it.head.p, it.bytes.n);
	return strbuf_take(&out);
}
