/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See kmsg.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sys/kmsg.h"

int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* The kernel's name of it: "dm-0" for /dev/mapper/vg0-root. */
static bool kernel_name(const char *device, char *ret, size_t room)
{
	char link[64], target[256];
	const char *slash;
	struct stat st;
	ssize_t n;

	if (stat(device, &st) < 0 || !S_ISBLK(st.st_mode))
		return false;
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(st.st_rdev),
		minor(st.st_rdev));
	n = readlink(link, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = '\0';
	slash = strrchr(target, '/');
	return snprintf(ret, room, "%s", slash ? slash + 1 : target) < (int)room;
}

void kmsg_about(int fd, const char *device, struct strbuf *ret)
{
	char record[8192], name[64], in_parens[72], named[80];

	if (fd < 0 || !kernel_name(device, name, sizeof(name)))
		return;
	snprintf(in_parens, sizeof(in_parens), "(%s)", name);
	snprintf(named, sizeof(named), "device %s", name);
	for (;;) {
		ssize_t n = read(fd, record, sizeof(record));
		struct str head, text;

		if (n < 0 && (errno == EPIPE || errno == EINTR)) /* some are lost */
			continue;
		if (n <= 0)
			return;
		/* "6,339,5140900,-;EXT4-fs (vda): recovery complete\n KEY=value" */
		if (!str_cut((struct str){record, (size_t)n}, ';', &head, &text))
			continue;
		(void)str_cut(text, '\n', &text, &head);
		if (!str_contains(text, in_parens) && !str_contains(text, named))
			continue;
		strbuf_add(ret, text);
		strbuf_addc(ret, '\n');
	}
}
