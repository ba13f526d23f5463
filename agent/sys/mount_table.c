/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mount_table.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "sys/mount_table.h"

/* Blanks and backslashes of paths are written as \040. */
static void unescape(struct str s, struct strbuf *out)
{
	strbuf_reset(out);
	for (size_t i = 0; i < s.n; i++) {
		const char *p = s.p + i;

		if (*p == '\\' && s.n - i >= 4 && p[1] >= '0' && p[1] <= '3' &&
			p[2] >= '0' && p[2] <= '7' && p[3] >= '0' && p[3] <= '7') {
			strbuf_addc(out, (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 |
						 (p[3] - '0')));
			i += 3;
		} else {
			strbuf_addc(out, *p);
		}
	}
}

static bool is_below(struct str path, const char *dir)
{
	return str_skip(&path, dir) && (!path.n || path.p[0] == '/' || !strcmp(dir, "/"));
}

int mount_table_below(struct str mountinfo, const char *path, struct strv *ret)
{
	struct strbuf point = {0};
	int r = 0;

	STR_FOREACH_LINE (line, mountinfo) {
		struct str word = {0};

		/* id parent major:minor root mount-point ... */
		for (int i = 0; i < 5; i++)
			if (!str_word(&line, &word))
				word.n = 0;
		unescape(word, &point);
		if (!point.n || !is_below(strbuf_str(&point), path))
			continue;
		r = strbuf_err(&point);
		if (r == 0)
			r = strv_add(ret, strbuf_str(&point));
		if (r < 0)
			break;
	}
	strbuf_done(&point);
	/* What was mounted last is unmounted first. */
	for (size_t i = 0; r == 0 && i < ret->n / 2; i++) {
		char *swap = ret->v[i];

		ret->v[i] = ret->v[ret->n - 1 - i];
		ret->v[ret->n - 1 - i] = swap;
	}
	return r;
}

static int read_table(struct strbuf *ret, struct err *e)
{
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	char buf[4096];
	ssize_t n = -1;

	if (fd < 0)
		return err_errno(e, -errno, "cannot read the table of mounts");
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		strbuf_add(ret, (struct str){buf, (size_t)n});
	close(fd);
	if (n < 0)
		return err_errno(e, -errno, "cannot read the table of mounts");
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

int mount_table_release(const char *path, struct err *e)
{
	cleanup_(free_charp) char *real = realpath(path, NULL);
	cleanup_(strbuf_done) struct strbuf table = {0};
	cleanup_(strv_done) struct strv points = {0};
	int r;

	if (!real)
		return errno == ENOENT ? 0 : err_errno(e, -errno, "cannot find %s", path);
	r = read_table(&table, e);
	if (r < 0)
		return r;
	if (mount_table_below(strbuf_str(&table), real, &points) < 0)
		return err_oom(e);
	STRV_FOREACH (point, &points)
		if (umount2(*point, UMOUNT_NOFOLLOW) < 0)
			return err_errno(e, -errno, "cannot unmount %s", *point);
	return 0;
}
