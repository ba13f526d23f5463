/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See cpio.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "text/cpio.h"

#define TRAILER "TRAILER!!!"

enum {
	MAGIC_LEN = 6,
	FIELD_LEN = 8,
	HEADER_LEN = MAGIC_LEN + 13 * FIELD_LEN,
	PATH_CAP = 4096, /* the kernel passes over longer ones */
};

/* The 13 numbers of a header, in their order. */
enum field {
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_NLINK,
	F_MTIME,
	F_FILESIZE,
	F_DEV_MAJOR,
	F_DEV_MINOR,
	F_RDEV_MAJOR,
	F_RDEV_MINOR,
	F_NAMESIZE,
	F_CHECK,
};

static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static void add_member(struct strbuf *out, const char *path, unsigned mode, unsigned ino,
	unsigned nlink, struct str content)
{
	size_t namesize = strlen(path) + 1;

	if (content.n > UINT32_MAX || namesize > PATH_CAP) {
		/* Does not fit the header's fields; the buffer remembers it as failed. */
		out->oom = true;
		return;
	}
	strbuf_addf(out, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		ino, mode, 0u, 0u, nlink, 0u, (unsigned)content.n, 0u, 0u, 0u, 0u,
		(unsigned)namesize, 0u);
	strbuf_add(out, (struct str){path, namesize});
	strbuf_pad(out, '\0', align4(out->n));
	strbuf_add(out, content);
	strbuf_pad(out, '\0', align4(out->n));
}

void cpio_add(struct strbuf *out, const char *path, unsigned mode, unsigned ino,
	struct str content)
{
	add_member(out, path, mode, ino, S_ISDIR(mode) ? 2 : 1, content);
}

void cpio_end(struct strbuf *out, size_t align)
{
	add_member(out, TRAILER, 0, 0, 1, (struct str){0});
	if (align > 1 && out->n % align)
		strbuf_pad(out, '\0', out->n + (align - out->n % align));
}

/* The field's eight hexadecimal digits; false where they are not. */
static bool field(const char *header, enum field f, unsigned *ret)
{
	const char *p = header + MAGIC_LEN + f * FIELD_LEN;
	unsigned v = 0;

	for (size_t i = 0; i < FIELD_LEN; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			v = v << 4 | (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (unsigned)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v << 4 | (unsigned)(c - 'A' + 10);
		else
			return false;
	}
	*ret = v;
	return true;
}

int cpio_next(struct str *rest, struct cpio_entry *ret, struct err *e)
{
	struct cpio_entry entry = {0};
	unsigned filesize, namesize;
	size_t content_at;

	if (rest->n < MAGIC_LEN)
		return err_set(e, -ENODATA, "cpio archive ends without its trailer");
	if (!str_starts(*rest, "070701") && !str_starts(*rest, "070702"))
		return err_set(e, -EINVAL, "not a newc cpio archive");
	if (rest->n < HEADER_LEN)
		return err_set(e, -ENODATA, "cpio header is cut short");
	if (!field(rest->p, F_INO, &entry.ino) || !field(rest->p, F_MODE, &entry.mode) ||
		!field(rest->p, F_NLINK, &entry.nlink) ||
		!field(rest->p, F_FILESIZE, &filesize) ||
		!field(rest->p, F_NAMESIZE, &namesize) || !namesize ||
		namesize > PATH_CAP)
		return err_set(e, -EINVAL, "bad cpio header");
	content_at = align4(HEADER_LEN + (size_t)namesize);
	if (rest->n < HEADER_LEN + (size_t)namesize)
		return err_set(e, -ENODATA, "cpio member is cut short in its name");
	if (rest->p[HEADER_LEN + namesize - 1] != '\0')
		return err_set(e, -EINVAL, "cpio member's name has no end");
	entry.path = str_from(rest->p + HEADER_LEN);
	if (str_is(entry.path, TRAILER)) {
		*rest = str_from_pos(*rest, align4(content_at + filesize));
		return 0;
	}
	if (filesize && rest->n < content_at + (size_t)filesize)
		return err_set(e, -ENODATA, "cpio member " STR_FMT " is cut short",
			STR_ARG(str_upto(entry.path, 200)));
	entry.content = str_upto(str_from_pos(*rest, content_at), filesize);
	*rest = str_from_pos(*rest, align4(content_at + filesize));
	*ret = entry;
	return 1;
}
