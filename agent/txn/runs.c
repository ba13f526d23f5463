/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folders in STATE_DIR: whose turn it is to change them, which there are, what they hold. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "txn/state.h"

/* Each run leaves one folder; anyone in the guest can leave more. */
#define IDS_MAX 1000
#define NAMES_MAX 10000
#define JOURNALS_MAX ((uint64_t)128 << 20)
#define COPIES_MAX 1000000

int runs_lock(const struct root *r, int *ret_fd, struct err *e)
{
	static const char path[] = STATE_DIR "/lock";
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd, q;

	fd = root_openat(r, path, O_RDWR | O_NOFOLLOW | O_CREAT, 0600);
	if (fd == -EROFS) {
		/* Nobody can be writing, and it may turn out that there is nothing to do. */
		fd = root_openat(r, path, O_RDONLY | O_NOFOLLOW, 0);
		lock.l_type = F_RDLCK;
	}
	if (fd < 0)
		return err_errno(e, fd, "cannot open %s", path);
	/* Of the open file, not of the process: gone with the last copy of the fd. */
	while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		if (errno == EINTR)
			continue;
		q = errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
		close(fd);
		if (q == -EBUSY)
			return err_set(e, q, "another xvd2vd is at work on this guest");
		return err_errno(e, q, "cannot lock %s", path);
	}
	*ret_fd = fd;
	return 0;
}

static int add_id(void *ctx, const char *name)
{
	if (strlen(name) < 6 || strlen(name) > 9 ||
		name[strspn(name, "0123456789")] != '\0')
		return 0; /* the report, the lock */
	return strv_adds(ctx, name);
}

/* All of them are read, at each run. */
static int check_journals(const struct root *r, const struct strv *ids, struct err *e)
{
	uint64_t all = 0;

	STRV_FOREACH (id, ids) {
		char path[64];
		struct stat st;

		(void)snprintf(path, sizeof(path), STATE_DIR "/%s/journal", *id);
		if (root_lstat(r, path, &st) == 0 && S_ISREG(st.st_mode))
			all += (uint64_t)st.st_size;
		if (all > JOURNALS_MAX)
			return err_set(e, -E2BIG,
				"the journals of earlier runs in " STATE_DIR
				" hold more than %llu MiB; move the folders of runs that "
				"need no undo out of it",
				(unsigned long long)JOURNALS_MAX >> 20);
	}
	return 0;
}

int runs_ids(const struct root *r, struct strv *ret, struct err *e)
{
	cleanup_(strv_done) struct strv ids = {0};
	struct stat st;
	int q;

	q = root_lstat(r, STATE_DIR, &st);
	if (q == -ENOENT)
		return 0;
	q = root_list(r, STATE_DIR, NAMES_MAX, add_id, &ids, e);
	if (q == -ENOMEM)
		return err_oom(e);
	if (q == -E2BIG || (q >= 0 && ids.n > IDS_MAX))
		return err_set(e, -E2BIG,
			STATE_DIR " holds more than %d runs; move the folders of those "
				  "that need no undo out of it",
			IDS_MAX);
	if (q >= 0)
		q = check_journals(r, &ids, e);
	if (q < 0)
		return q;
	strv_done(ret);
	*ret = ids;
	ids = (struct strv){0};
	return 0;
}

static int add_name(void *ctx, const char *name)
{
	return strv_adds(ctx, name);
}

int runs_names(struct txn *t, struct strv *ret, struct err *e)
{
	int q = root_list(t->r, t->folder, COPIES_MAX, add_name, ret, e);

	return q == -ENOMEM ? err_oom(e) : q;
}
