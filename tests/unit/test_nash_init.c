/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The init script of mkinitrd's images. */
#include <errno.h>

#include "check_main.h"
#include "text/nash_init.h"

#define LOAD(name) "echo \"Loading " name ".ko module\"\ninsmod /lib/" name ".ko \n"
#define VIRTIO                                                                           \
	LOAD("virtio")                                                                   \
	LOAD("virtio_ring") LOAD("virtio_pci") LOAD("virtio_blk") "mkblkdevs\n"
#define HEAD                                                                             \
	"#!/bin/nash\n\nmount -t proc /proc /proc\necho Creating block device "          \
	"nodes.\nmkblkdevs\n"
#define ROOT(dev)                                                                        \
	"echo Creating root device.\nmkrootdev -t ext3 -o defaults,ro " dev              \
	"\necho Mounting root filesystem.\nmount /sysroot\n"

static const struct row {
	const char *name;
	struct str in;
	int ret;
	struct str want;
} rows[] = {
	{"before the first module, its echo behind",
		S(HEAD LOAD("jbd") LOAD("xenblk") "mkblkdevs\nresume /dev/xvda2\n" ROOT(
			"/dev/VolGroup00/LogVol00")),
		1,
		S(HEAD VIRTIO LOAD("jbd")
				LOAD("xenblk") "mkblkdevs\nresume /dev/vda2\n" ROOT(
					"/dev/VolGroup00/LogVol00"))},
	{"no module: before the root", S(HEAD ROOT("xvda1")), 1,
		S(HEAD VIRTIO ROOT("vda1"))},
	{"a part of them there",
		S(HEAD LOAD("virtio") LOAD("virtio_ring") LOAD("virtio-pci")
				ROOT("LABEL=/")),
		1,
		S(HEAD LOAD("virtio_blk") "mkblkdevs\n" LOAD("virtio") LOAD("virtio_ring")
				LOAD("virtio-pci") ROOT("LABEL=/"))},
	{"all there", S(HEAD VIRTIO ROOT("LABEL=/")), 0, S("")},
	{"gone swap by name", S(HEAD VIRTIO "resume xvdb1\n" ROOT("UUID=1")), 1,
		S(HEAD VIRTIO ROOT("UUID=1"))},
	{"gone swap by label", S(HEAD VIRTIO "resume LABEL=SWAP-xvdb\n" ROOT("UUID=1")),
		1, S(HEAD VIRTIO ROOT("UUID=1"))},
	{"a swap that is there", S(HEAD VIRTIO "resume LABEL=SWAP\n" ROOT("UUID=1")), 0,
		S("")},
	{"words without arguments", S(HEAD VIRTIO "resume\nmkrootdev\ninsmod\n"), 0,
		S("")},
	{"no such script", S("#!/bin/sh\nexec something\n"), -EINVAL, S("")},
	{"empty", S(""), -EINVAL, S("")},
};

START_TEST(editing)
{
	static const struct dev_rename renames[] = {
		{"/dev/xvda1", "/dev/vda1", NULL, false},
		{"/dev/xvda2", "/dev/vda2", NULL, false},
		{"/dev/xvdb1", NULL, NULL, false},
		{"LABEL=SWAP-xvdb", NULL, NULL, false},
	};
	static char *paths[] = {"/lib/virtio.ko", "/lib/virtio_ring.ko",
		"/lib/virtio_pci.ko", "/lib/virtio_blk.ko", NULL};
	const struct strv modules = {paths, 4};
	const struct dev_map map = {renames, ARRAY_SIZE(renames)};
	const struct nash_edit req = {&modules, &map};
	struct strbuf out = {0}, again = {0};
	struct err e = {0};
	int r = nash_init_edit(rows[_i].in, &req, &out, &e);

	ck_assert_msg(r == rows[_i].ret, "%s: %d %s", rows[_i].name, r, e.text);
	check_bytes(rows[_i].name, strbuf_str(&out), rows[_i].want);
	if (r == 1)
		ck_assert_int_eq(nash_init_edit(strbuf_str(&out), &req, &again, &e), 0);
	strbuf_done(&out);
	strbuf_done(&again);
}
END_TEST

START_TEST(loading)
{
	struct str init = STR("echo insmod /lib/sd_mod.ko\ninsmod /lib/virtio-blk.ko\r\n"
			      "#insmod /lib/x.ko\n");

	ck_assert(nash_init_loads(init, "virtio_blk"));
	ck_assert(!nash_init_loads(init, "sd_mod"));
	ck_assert(!nash_init_loads(init, "x"));
	ck_assert(!nash_init_loads(init, "virtio"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, editing, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, loading);
}

int main(void)
{
	return check_main("nash_init", add);
}
