/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See target.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "main/target.h"
#include "probe/probe.h"

#define MAX_DISKS_FILE ((size_t)1 << 20)

/* The user's own file, not the guest's: links are followed, a pipe is read to its end. One
 * that nobody writes to is empty, not waited for: so it is opened without blocking. */
static int read_file(const char *path, size_t max, struct strbuf *ret, struct err *e)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), r = 0;
	char block[16384];
	ssize_t n;

	if (fd < 0)
		return err_errno(e, -errno, "cannot open it");
	n = fcntl(fd, F_SETFL, 0);
	while (n >= 0) {
		n = read(fd, block, sizeof(block));
		if (n == 0 || (n > 0 && ret->n + (size_t)n > max))
			break;
		if (n > 0)
			strbuf_add(ret, (struct str){block, (size_t)n});
		else if (errno == EINTR)
			n = 0;
	}
	if (n < 0)
		r = err_errno(e, -errno, "cannot read it");
	else if (n > 0)
		r = err_set(e, -EFBIG, "more than %zu bytes", max);
	else if (strbuf_err(ret) < 0)
		r = err_oom(e);
	close(fd);
	return r;
}

static int read_disks(const char *path, struct machine *ret, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0};
	int r = read_file(path, MAX_DISKS_FILE, &text, e);

	if (r >= 0)
		r = machine_parse(strbuf_str(&text), ret, e);
	return r < 0 ? err_wrap(e, r, "%s", path) : 0;
}

/* Which device a mounted tree lies on, by /sys/dev/block. */
static int find_device_of(const char *root, char **ret, struct err *e)
{
	char link[64], target[PATH_MAX];
	struct stat st;
	ssize_t n;

	if (stat(root, &st) < 0)
		return err_errno(e, -errno, "%s", root);
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(st.st_dev),
		minor(st.st_dev));
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return err_set(e, -ENODEV,
			"%s does not lie on a disk of this machine: describe the machine "
			"with --disks",
			root);
	target[n] = '\0';
	free(*ret);
	*ret = str_printf("/dev/%s", strrchr(target, '/') + 1);
	return *ret ? 0 : err_oom(e);
}

int target_open(struct session *s, const char *root, const char *disks, struct err *e)
{
	int r = root_open(root, &s->root, e);

	if (r < 0)
		return r;
	s->elsewhere = disks != NULL;
	if (disks)
		r = read_disks(disks, &s->machine, e);
	else
		r = probe_machine(&s->machine, e);
	if (r >= 0 && !disks)
		r = find_device_of(root, &s->machine.root, e);
	if (r >= 0 && *s->options.root) {
		free(s->machine.root);
		s->machine.root = strdup(s->options.root);
		r = s->machine.root ? 0 : err_oom(e);
	}
	return r;
}
