/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guests and machines from literals, for tests of what is decided from them. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "guest/guest.h"

#include "check_main.h"

struct fx_file {
	const char *path;    /* with '/' at the end: a folder */
	const char *text;    /* a file's bytes */
	const char *link;    /* a link's target */
	const char *kernel;  /* a kernel image: the release its header says */
	const char *members; /* an initramfs: its members, blanks between */
	struct {
		const char *path, *text;
	} inside[4];         /* of the members, those whose bytes are known */
	const char *problem; /* why it could not be read, or is no kernel or archive */
	int64_t mtime;
};

struct fx {
	struct snapshot snap;
	struct machine machine;
	struct guest guest;
	struct err e;
};

static inline void fx_done(struct fx *fx)
{
	guest_done(&fx->guest);
	machine_done(&fx->machine);
	snapshot_done(&fx->snap);
}

static inline char *fx_dup(const char *s)
{
	char *copy = s ? strdup(s) : NULL;

	ck_assert(!s || copy);
	return copy;
}

static inline void fx_archive(struct snapshot *snap, const struct fx_file *f)
{
	struct snap_archive *a = snapshot_add_archive(snap, f->path);
	struct str rest = str_from(f->members), word;

	while (str_word(&rest, &word))
		ck_assert_int_eq(strv_add(&a->members, word), 0);
	strv_sort(&a->members);
	a->problem = fx_dup(f->problem);
	for (size_t i = 0; i < ARRAY_SIZE(f->inside) && f->inside[i].path; i++)
		strbuf_adds(&snap_archive_add_content(a, f->inside[i].path)->data,
			f->inside[i].text);
}

static inline void fx_kernel(struct snapshot *snap, const struct fx_file *f)
{
	struct snap_kernel *k = snapshot_add_kernel(snap, f->path);

	k->release = fx_dup(f->kernel);
	k->problem = fx_dup(f->problem);
}

/* Target and real path of a link: absolute, or a name in the same folder. */
static inline void fx_link(struct snap_entry *ent, const struct fx_file *f,
	const struct fx_file *files, size_t n)
{
	const char *slash = strrchr(f->path, '/');
	cleanup_(free_charp) char *real =
		*f->link == '/'
			? fx_dup(f->link)
			: str_printf("%.*s/%s", (int)(slash - f->path), f->path, f->link);

	ent->target = fx_dup(f->link);
	for (size_t i = 0; i < n && files[i].path; i++) {
		struct str path = str_from(files[i].path);

		path.n -= str_ends(path, "/");
		if (str_is(path, real))
			ent->real = fx_dup(real);
	}
}

static inline void fx_snapshot(
	struct snapshot *snap, const struct fx_file *files, size_t n)
{
	for (size_t i = 0; i < n && files[i].path; i++) {
		const struct fx_file *f = &files[i];
		struct snap_entry *ent = snapshot_add(snap, f->path);

		ck_assert_ptr_nonnull(ent);
		ent->mode = 0644;
		ent->mtime = f->mtime;
		if (f->link) {
			ent->kind = SNAP_LINK;
			fx_link(ent, f, files, n);
		} else if (str_ends(str_from(f->path), "/")) {
			ent->kind = SNAP_DIR;
			ent->path[strlen(ent->path) - 1] = '\0';
		} else if (f->kernel) {
			fx_kernel(snap, f);
		} else if (f->members) {
			fx_archive(snap, f);
		} else {
			ent->has_data = f->text != NULL;
			strbuf_adds(&ent->data, f->text ? f->text : "");
			ent->size = ent->data.n;
			ent->problem = fx_dup(f->problem);
		}
	}
	snapshot_sort(snap);
}

/* One device as a JSON object without its closing brace: "vda1 ext4 UUID /mount key=value",
 * '-' for an empty field. */
static inline void fx_device(struct str line, struct strbuf *out)
{
	static const char *const keys[] = {"name", "type", "uuid", "last_mounted"};
	bool table = false;
	struct str word;
	size_t i = 0;

	strbuf_addc(out, '{');
	for (; str_word(&line, &word); i++) {
		struct str key = i < ARRAY_SIZE(keys) ? str_from(keys[i]) : STR(""),
			   value = word;

		str_cut(word, '=', &key, &value);
		table |= str_is(key, "table");
		if (str_is(value, "-"))
			value = STR("");
		if (i)
			strbuf_addc(out, ',');
		if (str_is(key, "on"))
			strbuf_addf(out, "\"on\":[\"" STR_FMT "\"]", STR_ARG(value));
		else if (str_is(key, "size") || str_is(key, "start") ||
			 str_is(key, "fs_size"))
			strbuf_addf(out, "\"" STR_FMT "\":" STR_FMT, STR_ARG(key),
				STR_ARG(value));
		else
			strbuf_addf(out, "\"" STR_FMT "\":\"" STR_FMT "\"", STR_ARG(key),
				STR_ARG(value));
		if (i == 0 && value.p[value.n - 1] >= '0' && value.p[value.n - 1] <= '9')
			strbuf_addf(out, ",\"number\":%c", value.p[value.n - 1]);
	}
	if (!table)
		strbuf_adds(out, ",\"table\":\"none\"");
}

/* A machine from lines: "vda table=dos", then its partitions "vda1 ext4 UUID /", the next
 * disk, "mapper/vg-root ext4 UUID / on=vda1", "net 52:54:00:..", "root /dev/vda1". */
static inline void fx_machine(const char *lines, struct machine *ret)
{
	struct strbuf disks = {0}, volumes = {0}, nets = {0}, all = {0};
	struct str rest = str_from(lines), line, root = {0};
	bool in_parts = false;
	struct err e = {0};
	int r;

	while (str_item(&rest, '\n', &line)) {
		struct strbuf *to = &disks;
		char last = line.n ? line.p[strcspn(line.p, " \n") - 1] : '\0';
		bool part = last >= '0' && last <= '9';

		if (!line.n)
			continue;
		if (str_skip(&line, "root ")) {
			root = line;
			continue;
		}
		if (str_skip(&line, "net ")) {
			strbuf_addf(&nets, "%s{\"name\":\"x\",\"mac\":\"" STR_FMT "\"}",
				nets.n ? "," : "", STR_ARG(line));
			continue;
		}
		if (str_starts(line, "mapper/") || str_starts(line, "md"))
			to = &volumes;
		else if (!part && disks.n)
			strbuf_adds(to, "]},");
		else if (part && in_parts)
			strbuf_addc(to, ',');
		if (to == &volumes && volumes.n)
			strbuf_addc(to, ',');
		fx_device(line, to);
		if (to == &volumes || part)
			strbuf_addc(to, '}');
		else
			strbuf_adds(to, ",\"parts\":[");
		if (to == &disks)
			in_parts = part;
	}
	strbuf_addf(&all,
		"{\"disks\":[" STR_FMT "%s],\"volumes\":[" STR_FMT "],\"nets\":[" STR_FMT
		"],\"root\":\"" STR_FMT "\"}",
		STR_ARG(strbuf_str(&disks)), disks.n ? "]}" : "",
		STR_ARG(strbuf_str(&volumes)), STR_ARG(strbuf_str(&nets)), STR_ARG(root));
	r = machine_parse(strbuf_str(&all), ret, &e);
	ck_assert_msg(r == 0, "%s: %s", e.text, all.p);
	strbuf_done(&disks);
	strbuf_done(&volumes);
	strbuf_done(&nets);
	strbuf_done(&all);
}

/* Snapshot and machine; the guest is read where `read` is set. */
static inline void fx_load(struct fx *fx, const char *machine,
	const struct fx_file *files, size_t n, bool read)
{
	*fx = (struct fx){0};
	fx_machine(machine, &fx->machine);
	fx_snapshot(&fx->snap, files, n);
	if (read)
		ck_assert_msg(
			guest_read(&fx->snap, &fx->machine, &fx->guest, &fx->e) == 0,
			"%s", fx->e.text);
}

/* A kernel 6.1 that has everything but virtio in its initramfs. */
#define FX_DEP                                                                           \
	"kernel/drivers/virtio/virtio.ko:\n"                                             \
	"kernel/drivers/virtio/virtio_ring.ko:\n"                                        \
	"kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio_ring.ko "     \
	"kernel/drivers/virtio/virtio.ko\n"                                              \
	"kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio_ring.ko "      \
	"kernel/drivers/virtio/virtio.ko\n"                                              \
	"kernel/fs/ext4/ext4.ko:\n"
#define FX_ALIAS                                                                         \
	"alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci\n"                               \
	"alias virtio:d00000002v* virtio_blk\n"
#define FX_MODULES(release)                                                              \
	{"/lib/modules/" release "/"}, {"/lib/modules/" release "/modules.dep", FX_DEP}, \
	{                                                                                \
		"/lib/modules/" release "/modules.alias", FX_ALIAS                       \
	}
#define FX_IMAGE(release)                                                                \
	{                                                                                \
		"/boot/vmlinuz-" release, .kernel = release                              \
	}
/* An initramfs-tools image with virtio, loaded. */
#define FX_GOOD_INITRD(release)                                                          \
	{                                                                                \
		"/boot/initrd.img-" release,                                             \
			.members = "conf/modules lib lib/modules lib/modules/" release   \
				   " scripts/functions lib/modules/" release             \
				   "/kernel/virtio_pci.ko lib/modules/" release          \
				   "/kernel/virtio_blk.ko",                              \
			.inside = {                                                      \
				{"conf/modules", "virtio_pci\nvirtio_blk\n"}             \
			}                                                                \
	}
#define FX_MENU(args)                                                                    \
	{                                                                                \
		"/boot/grub/menu.lst", "timeout 5\ntitle t\nroot (hd0)\n"                \
				       "kernel /boot/vmlinuz-6.1 " args "\n"             \
				       "initrd /boot/initrd.img-6.1\n"                   \
	}
#define FX_DEBIAN                                                                        \
	{                                                                                \
		"/etc/debian_version", "12.5\n"                                          \
	}
