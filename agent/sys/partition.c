/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See partition.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sys/partition.h"

static int open_disk(const char *path, int how, struct err *e)
{
	int fd = open(path, how | O_CLOEXEC), sector = 0;

	if (fd < 0)
		return err_errno(e, -errno, "cannot open %s", path);
	if (ioctl(fd, BLKSSZGET, &sector) == 0 && sector == 512)
		return fd;
	close(fd);
	return err_set(e, -EINVAL, "%s has no sectors of 512 bytes", path);
}

int partition_open_disk(const char *path, struct err *e)
{
	return open_disk(path, O_RDWR, e);
}

int partition_look_at_disk(const char *path, struct err *e)
{
	return open_disk(path, O_RDONLY, e);
}

int partition_read(int fd, uint64_t offset, char *ret, size_t n, struct err *e)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, ret + done, n - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_errno(e, got ? -errno : -EIO, "cannot read the disk");
		done += (size_t)got;
	}
	return 0;
}

int partition_write(int fd, uint64_t offset, struct str data, struct err *e)
{
	while (data.n) {
		ssize_t put = pwrite(fd, data.p, data.n, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return err_errno(
				e, put ? -errno : -EIO, "cannot write to the disk");
		data = str_from_pos(data, (size_t)put);
		offset += (uint64_t)put;
	}
	return fsync(fd) < 0 ? err_errno(e, -errno, "cannot write to the disk") : 0;
}

int partition_resize(
	int fd, unsigned number, uint64_t start, uint64_t size, struct err *e)
{
	struct blkpg_partition what = {
		.start = (long long)start,
		.length = (long long)size,
		.pno = (int)number,
	};
	struct blkpg_ioctl_arg arg = {
		.op = BLKPG_RESIZE_PARTITION,
		.datalen = sizeof(what),
		.data = &what,
	};

	if (ioctl(fd, BLKPG, &arg) == 0)
		return 0;
	return err_errno(e, -errno,
		"the kernel does not take partition %u at its new length", number);
}
