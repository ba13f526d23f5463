/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel where a file lies; refuses what a boot loader could not read so. */
#include <errno.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/extents.h"

#define SECTOR 512

/* Bytes that are not in place as they are, or that another file may take along. */
#define UNFIT                                                                            \
	(FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC | FIEMAP_EXTENT_ENCODED |        \
		FIEMAP_EXTENT_DATA_ENCRYPTED | FIEMAP_EXTENT_NOT_ALIGNED |               \
		FIEMAP_EXTENT_DATA_INLINE | FIEMAP_EXTENT_DATA_TAIL |                    \
		FIEMAP_EXTENT_UNWRITTEN | FIEMAP_EXTENT_SHARED)

int extents_get(int fd, struct extent ret[EXTENTS_MAX], size_t *ret_n, struct err *e)
{
	/* The structure ends in an array of what the ioctl fills. */
	union {
		struct fiemap head;
		char room[sizeof(struct fiemap) +
			  EXTENTS_MAX * sizeof(struct fiemap_extent)];
	} map = {.head = {.fm_length = FIEMAP_MAX_OFFSET,
			 .fm_flags = FIEMAP_FLAG_SYNC,
			 .fm_extent_count = EXTENTS_MAX}};
	uint64_t at = 0, size;
	struct stat st;

	if (fsync(fd) < 0 || fstat(fd, &st) < 0)
		return err_errno(e, -errno, "cannot write the file out");
	size = (uint64_t)st.st_size;
	if (ioctl(fd, FS_IOC_FIEMAP, &map) < 0)
		return err_errno(
			e, -ENOTSUP, "the file system does not say where the file lies");
	for (uint32_t i = 0; i < map.head.fm_mapped_extents; i++) {
		const struct fiemap_extent *x = &map.head.fm_extents[i];

		if (x->fe_flags & UNFIT || x->fe_physical % SECTOR ||
			x->fe_length % SECTOR)
			return err_set(e, -ENOTSUP,
				"the file is not plainly on the disk (extent flags 0x%x)",
				x->fe_flags);
		if (x->fe_logical != at)
			return err_set(e, -ENOTSUP, "the file has a hole at %llu",
				(unsigned long long)at);
		ret[i] = (struct extent){x->fe_physical / SECTOR, x->fe_length / SECTOR};
		at += x->fe_length;
	}
	if (at < size)
		return err_set(e, -ENOTSUP,
			"the file has a hole at %llu, or lies in more than %d pieces",
			(unsigned long long)at, EXTENTS_MAX);
	*ret_n = map.head.fm_mapped_extents;
	return 0;
}
