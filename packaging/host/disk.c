/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See disk.h. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/strbuf.h"
#include "host/child.h"
#include "host/disk.h"
#include "host/port.h"
#include "host/show.h"

enum {
	INFO_MAX = 256 * 1024, /* bytes of qemu-img's answer: it lists snapshots */
	INFO_DEPTH_MAX = 16,
	INFO_TIMEOUT_S = 30,
};

void disk_done(struct disk *d)
{
	free(d->path);
	free(d->format);
	*d = (struct disk){0};
}

bool disk_format_known(const char *format)
{
	/* Drivers that read a local file. Others (nbd, ssh, ...) would let the content of
	 * an image decide whom QEMU talks to. */
	static const char *const known[] = {
		"raw", "qcow2", "qed", "vmdk", "vdi", "vpc", "vhdx"};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i], format))
			return true;
	return false;
}

int disk_format_of(struct str info, char **ret, struct err *e)
{
	const char *format;
	json_t *o;
	int r = 0;

	if (info.n >= INFO_MAX)
		return err_set(
			e, -EOVERFLOW, "qemu-img: answer longer than %d bytes", INFO_MAX);
	o = port_parse_json(info, INFO_DEPTH_MAX, e);
	if (!o)
		return err_wrap(e, -EBADMSG, "qemu-img");
	format = json_string_value(json_object_get(o, "format"));
	if (!format)
		r = err_set(e, -EBADMSG, "qemu-img: its answer names no format");
	else if (!disk_format_known(format))
		r = err_set(
			e, -ENOTSUP, "no disk format that can be started: %.20s", format);
	else if (!(*ret = strdup(format)))
		r = err_oom(e);
	json_decref(o);
	return r;
}

static int probe(const char *qemu_img, const char *path, char **ret, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0}, text = {0};
	cleanup_(strbuf_done) struct strbuf said = {0};
	char *argv[] = {
		(char *)qemu_img, "info", "--output=json", "--", (char *)path, NULL};
	struct child_run run = {
		.argv = argv,
		.out = &out,
		.out_max = INFO_MAX,
		.err = &said,
		.timeout_s = INFO_TIMEOUT_S,
	};
	int r = child_run(&run, e);

	if (r < 0)
		return r;
	if (r > 0) {
		/* QEMU's own words: they name the lock when the disk is in use. */
		show_console_tail(&text, strbuf_str(&said), 2, "", false);
		return err_set(e, -EIO, STR_FMT,
			STR_ARG(text.n ? str_trim(strbuf_str(&text))
				       : STR("qemu-img failed")));
	}
	return disk_format_of(strbuf_str(&out), ret, e);
}

int disk_open(const char *qemu_img, const char *path, const char *format,
	struct disk *ret, struct err *e)
{
	struct disk d = {0};
	struct stat st;
	int r;

	/* Absolute: so that QEMU can't take a name like nbd:... for a protocol. */
	d.path = realpath(path, NULL);
	if (!d.path || stat(d.path, &st) < 0) {
		r = err_errno(e, -errno, "disk %s", path);
		goto out;
	}
	d.is_device = S_ISBLK(st.st_mode);
	if (!d.is_device && !S_ISREG(st.st_mode)) {
		r = err_set(
			e, -EINVAL, "disk %s: neither a file nor a block device", path);
		goto out;
	}
	if (format) {
		d.format = strdup(format);
		r = d.format ? 0 : err_oom(e);
	} else {
		r = probe(qemu_img, d.path, &d.format, e);
		if (r < 0)
			err_wrap(e, r, "disk %s", path);
	}
out:
	if (r < 0)
		disk_done(&d);
	else
		*ret = d;
	return r;
}
