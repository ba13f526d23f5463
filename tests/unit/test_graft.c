/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The segment that is appended to an initramfs: which members, in which order, with which
 * bytes. */
#include <errno.h>
#include <sys/stat.h>

#include "plan/devmap.h"
#include "plan/graft.h"
#include "plan_fixture.h"
#include "text/kmod_index.h"

#define FSTAB                                                                            \
	{                                                                                \
		"/etc/fstab", "/dev/xvda2 / ext4 d 0 1\n/dev/xvda1 none swap sw 0 0\n"   \
	}
#define BASE                                                                             \
	FX_DEBIAN, FSTAB, FX_MENU("root=/dev/xvda2"), FX_IMAGE("6.1"), FX_MODULES("6.1")
#define INITRD "/boot/initrd.img-6.1"
#define V "lib/modules/6.1/kernel/drivers/virtio/"
#define B "lib/modules/6.1/kernel/drivers/block/"
#define INDEXES(top)                                                                     \
	top "/6.1/modules.dep\n" top "/6.1/modules.dep.bin\n" top                        \
	    "/6.1/modules.alias\n" top "/6.1/modules.alias.bin\n"

#define HAS_FOLDERS                                                                      \
	"lib lib/modules lib/modules/6.1 lib/modules/6.1/kernel "                        \
	"lib/modules/6.1/kernel/drivers lib/modules/6.1/kernel/drivers/virtio "          \
	"lib/modules/6.1/kernel/drivers/block "
#define ALL                                                                              \
	V "virtio.ko<\n" V "virtio_ring.ko<\n" V "virtio_pci.ko<\n" B "virtio_blk.ko<\n"

/* `want`: the members in their order, folders with '/' behind them, copies with '<'. */
static const struct row {
	const char *name;
	struct fx_file initrd, more;
	const char *want;
} rows[] = {
	{"old image: folders that it has are not made again",
		{INITRD, .members =
				 "scripts/functions conf lib lib/modules lib/modules/6.1 "
				 "lib/modules/6.1/kernel"},
		.want = "lib/modules/6.1/kernel/drivers/\n"
			"lib/modules/6.1/kernel/drivers/virtio/\n" V "virtio.ko<\n" V
			"virtio_ring.ko<\n" V "virtio_pci.ko<\n"
			"lib/modules/6.1/kernel/drivers/block/\n" B
			"virtio_blk.ko<\n" INDEXES("lib/modules") "conf/modules\n"},
	{"merged image: never below the link lib",
		{INITRD, .members =
				 "scripts/functions conf lib usr usr/lib usr/lib/modules "
				 "usr/lib/modules/6.1 usr/lib/modules/6.1/kernel "
				 "usr/lib/modules/6.1/kernel/drivers "
				 "usr/lib/modules/6.1/kernel/drivers/virtio "
				 "usr/lib/modules/6.1/kernel/drivers/block"},
		.want = "usr/" V "virtio.ko<\nusr/" V "virtio_ring.ko<\nusr/" V
			"virtio_pci.ko<\nusr/" B
			"virtio_blk.ko<\n" INDEXES("usr/lib/modules") "conf/modules\n"},
	{"merged image without any module",
		{INITRD, .members = "scripts/functions conf lib usr usr/lib"},
		.want = "usr/lib/modules/\nusr/lib/modules/6.1/\nusr/lib/modules/6.1/"
			"kernel/\n"
			"usr/lib/modules/6.1/kernel/drivers/\n"
			"usr/lib/modules/6.1/kernel/drivers/virtio/\nusr/" V
			"virtio.ko<\nusr/" V "virtio_ring.ko<\nusr/" V
			"virtio_pci.ko<\nusr/lib/modules/6.1/kernel/drivers/block/"
			"\nusr/" B
			"virtio_blk.ko<\n" INDEXES("usr/lib/modules") "conf/modules\n"},
	{"image without any folder", {INITRD, .members = "scripts/functions"},
		.want = "lib/\nlib/modules/\nlib/modules/6.1/\nlib/modules/6.1/kernel/\n"
			"lib/modules/6.1/kernel/drivers/\n"
			"lib/modules/6.1/kernel/drivers/virtio/\n" V "virtio.ko<\n" V
			"virtio_ring.ko<\n" V "virtio_pci.ko<\n"
			"lib/modules/6.1/kernel/drivers/block/\n" B
			"virtio_blk.ko<\n" INDEXES(
				"lib/modules") "conf/\nconf/modules\n"},
	{"what the image has is not carried again",
		{INITRD, .members =
				 "scripts/functions conf lib lib/modules lib/modules/6.1 "
				 "lib/modules/6.1/kernel "
				 "lib/modules/6.1/kernel/drivers "
				 "lib/modules/6.1/kernel/drivers/block "
				 "lib/modules/6.1/kernel/drivers/virtio " V "virtio.ko " V
				 "virtio_ring.ko " V "virtio_pci.ko"},
		.want = B "virtio_blk.ko<\n" INDEXES("lib/modules") "conf/modules\n"},
	{"drivers there, but idle: the load list alone",
		{INITRD,
			.members = "scripts/functions conf conf/modules " V "virtio.ko " V
				   "virtio_ring.ko " V "virtio_pci.ko " B "virtio_blk.ko",
			.inside = {{"conf/modules", "# mine\nraid1"}}},
		.want = "conf/modules\n"},
	{"nothing to do",
		{INITRD,
			.members = "scripts/functions conf conf/modules " V
				   "virtio_pci.ko " B "virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"}}},
		.want = ""},
	{"a baked RESUME of the gone swap",
		{INITRD,
			.members =
				"scripts/functions conf conf/conf.d conf/conf.d/resume "
				"conf/modules " V "virtio_pci.ko " B "virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"},
				{"conf/conf.d/resume", "RESUME=/dev/xvda1\n"}}},
		.want = "conf/conf.d/resume\n"},
	{"a baked lvm.conf",
		{INITRD,
			.members =
				"scripts/functions etc etc/lvm etc/lvm/lvm.conf "
				"conf conf/modules " V "virtio_pci.ko " B "virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"},
				{"etc/lvm/lvm.conf",
					"devices {\n\tfilter = [ \"a|^/dev/xvda2$|\", "
					"\"r|.*|\" ]\n}\n"}}},
		.want = "etc/lvm/lvm.conf\n"},
	{"a baked mdadm.conf",
		{INITRD,
			.members =
				"scripts/functions etc etc/mdadm etc/mdadm/mdadm.conf "
				"conf conf/modules " V "virtio_pci.ko " B "virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"},
				{"etc/mdadm/mdadm.conf",
					"DEVICE /dev/xvda2\nARRAY /dev/md0\n"}}},
		.want = "etc/mdadm/mdadm.conf\n"},
	{"drivers built in: nothing to load", {INITRD, .members = "scripts/functions"},
		.more = {"/boot/config-6.1",
			"CONFIG_VIRTIO_PCI=y\nCONFIG_VIRTIO_BLK=y\n"},
		.want = ""},
	{"the bus built in, the disk not",
		{INITRD, .members =
				 "scripts/functions lib lib/modules lib/modules/6.1 conf "
				 "lib/modules/6.1/kernel "
				 "lib/modules/6.1/kernel/drivers "
				 "lib/modules/6.1/kernel/drivers/block " V "virtio.ko " V
				 "virtio_ring.ko"},
		.more = {"/boot/config-6.1", "CONFIG_VIRTIO_PCI=y\n"},
		.want = B "virtio_blk.ko<\n" INDEXES("lib/modules") "conf/modules\n"},
	{"dracut: udev finds them by the indexes",
		{INITRD, .members = "lib/dracut-lib.sh sbin/udevd " HAS_FOLDERS},
		.want = ALL INDEXES("lib/modules")},
	{"dracut: there, but in no index",
		{INITRD,
			.members = "lib/dracut-lib.sh sbin/udevd " HAS_FOLDERS V
				   "virtio.ko " V "virtio_ring.ko " V "virtio_pci.ko " B
				   "virtio_blk.ko",
			.inside = {{"lib/modules/6.1/modules.dep", FX_DEP}}},
		.want = "lib/modules/6.1/modules.alias\n"
			"lib/modules/6.1/modules.alias.bin\n"},
	{"dracut: a baked resume=",
		{INITRD,
			.members = "usr/lib/dracut/x etc etc/cmdline.d "
				   "etc/cmdline.d/95resume.conf etc/cmdline.d/base.conf",
			.inside = {{"etc/cmdline.d/95resume.conf",
					   " resume=/dev/xvda1\n"},
				{"etc/cmdline.d/base.conf", "ro\n"}}},
		.more = {"/boot/config-6.1",
			"CONFIG_VIRTIO_PCI=y\nCONFIG_VIRTIO_BLK=y\n"},
		.want = "etc/cmdline.d/95resume.conf\n"},
	{"nash: flat, and its script",
		{INITRD, .members = "bin bin/nash lib init",
			.inside = {{"init", "#!/bin/nash\ninsmod /lib/ext3.ko \n"
					    "mkrootdev -t ext3 -o ro xvda2\n"}}},
		.want = "lib/virtio.ko<\nlib/virtio_ring.ko<\nlib/virtio_pci.ko<\n"
			"lib/virtio_blk.ko<\ninit\n"},
	{"mkinitcpio: its config",
		{INITRD, .members = "init_functions config init " HAS_FOLDERS,
			.inside = {{"config", "MODULES=\"\"\n"},
				{"init", "modprobe -qab ${MODULES}\n"}}},
		.want = ALL INDEXES("lib/modules") "config\n"},
	{"genkernel: indexes of all modules are there",
		{INITRD, .members = "etc etc/initrd.scripts etc/modules " HAS_FOLDERS,
			.inside = {{"etc/initrd.defaults", "HWOPTS='virtio'\n"},
				{"lib/modules/6.1/modules.dep", FX_DEP},
				{"lib/modules/6.1/modules.alias", FX_ALIAS}}},
		.want = ALL "etc/modules/virtio\n"},
};

static void load(struct plan_fx *p, const struct row *row)
{
	struct fx_file files[] = {BASE, row->initrd, row->more};
	struct err e = {0};
	const struct kernel *k;

	plan_fx_load(p, "vda ext4 aaaa /\nroot /dev/vda", files, ARRAY_SIZE(files), NULL);
	ck_assert_msg(devmap_build(&p->in, &p->plan, &e) == 0, "%s", e.text);
	k = &p->fx.guest.kernels[0];
	ck_assert_msg(graft_plan(&p->in, k, snapshot_archive(&p->fx.snap, INITRD),
			      &p->plan, &e) == 0,
		"%s: %s", row->name, e.text);
}

START_TEST(members)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct plan_fx p;

	load(&p, row);
	strbuf_adds(&got, "");
	ck_assert_uint_eq(p.plan.n_steps, *row->want != '\0');
	for (size_t i = 0; p.plan.n_steps && i < p.plan.steps[0].n_members; i++) {
		const struct graft_member *m = &p.plan.steps[0].members[i];

		strbuf_addf(&got, "%s%s%s\n", m->path, S_ISDIR(m->mode) ? "/" : "",
			m->from ? "<" : "");
		ck_assert_uint_eq(m->mode & 07777,
			S_ISDIR(m->mode) || strcmp(m->path, "init") == 0 ? 0755 : 0644);
		if (m->from)
			ck_assert_msg(str_starts(str_from(m->from), "/lib/modules/6.1/"),
				"%s", m->from);
	}
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static struct str content(const struct plan *p, const char *path)
{
	for (size_t i = 0; i < p->steps[0].n_members; i++)
		if (strcmp(p->steps[0].members[i].path, path) == 0)
			return strbuf_str(&p->steps[0].members[i].content);
	ck_abort_msg("no %s", path);
	return (struct str){0};
}

/* The indexes name what the image had by its own text, and what came along. */
START_TEST(indexes)
{
	static const struct row row = {"indexes",
		{INITRD,
			.members =
				"scripts/functions lib lib/modules lib/modules/6.1 "
				"lib/modules/6.1/modules.dep lib/modules/6.1/kernel/e.ko",
			.inside = {{"lib/modules/6.1/modules.dep", "kernel/e.ko:\n"},
				{"lib/modules/6.1/modules.alias", "alias fs-e e\n"}}}};
	struct str dep, alias, value;
	struct plan_fx p;

	load(&p, &row);
	dep = content(&p.plan, "lib/modules/6.1/modules.dep");
	ck_assert(str_starts(dep, "kernel/e.ko:\n"));
	ck_assert(str_contains(dep, "kernel/drivers/block/virtio_blk.ko: "));
	ck_assert(!str_contains(dep, "ext4"));
	alias = content(&p.plan, "lib/modules/6.1/modules.alias");
	ck_assert(str_contains(alias, "alias fs-e e\n"));
	ck_assert(str_contains(alias, "alias virtio:d00000002v* virtio_blk\n"));
	ck_assert(kmod_index_find(content(&p.plan, "lib/modules/6.1/modules.dep.bin"),
		"virtio_blk", &value));
	ck_assert(str_starts(value, "kernel/drivers/block/virtio_blk.ko:"));
	ck_assert(kmod_index_find(
		content(&p.plan, "lib/modules/6.1/modules.dep.bin"), "e", &value));
	check_bytes("conf/modules", content(&p.plan, "conf/modules"),
		STR("virtio_pci\nvirtio_blk\n"));
	plan_fx_done(&p);
}
END_TEST

/* mkinitcpio lays modules flat and keeps but the binary indexes: what they name stays named. */
START_TEST(indexes_from_binary)
{
	const struct fx_file files[] = {BASE,
		{INITRD, .members =
				 "init_functions usr/lib/systemd/systemd-udevd usr/lib "
				 "usr/lib/modules/6.1 "
				 "usr/lib/modules/6.1/kernel/e.ko"}};
	struct snap_archive *a;
	struct err e = {0};
	struct plan_fx p;

	plan_fx_load(
		&p, "vda ext4 aaaa /\nroot /dev/vda", files, ARRAY_SIZE(files), NULL);
	ck_assert_int_eq(devmap_build(&p.in, &p.plan, &e), 0);
	a = &p.fx.snap.archives[0];
	ck_assert_int_eq(kmod_index_build(STR("kernel/e.ko:\n"), KMOD_INDEX_DEP,
				 &snap_archive_add_content(
					 a, "usr/lib/modules/6.1/modules.dep.bin")
					  ->data,
				 &e),
		0);
	ck_assert(graft_can(&p.in, &p.fx.guest.kernels[0], a));
	ck_assert_int_eq(graft_plan(&p.in, &p.fx.guest.kernels[0], a, &p.plan, &e), 0);
	ck_assert(str_starts(content(&p.plan, "usr/lib/modules/6.1/modules.dep"),
		"kernel/e.ko:\nkernel/drivers/virtio/virtio.ko:\n"));
	plan_fx_done(&p);
}
END_TEST

/* What nobody would load there is not called grafted. */
START_TEST(cannot)
{
	static const struct row no[] = {
		{"of no known tool", {INITRD, .members = "init sbin/udevd"}},
		{"SUSE's without udev's rule",
			{INITRD, .members = "run_all.sh sbin/udevd"}},
		{"mkinitcpio with systemd and no udev",
			{INITRD, .members = "init_functions config",
				.inside = {{"config", "MODULES=\"\"\n"}}}},
		{"nash and packed modules", {INITRD, .members = "bin/nash"},
			.more = {"/lib/modules/6.1/modules.dep",
				"a/virtio_pci.ko.xz:\na/virtio_blk.ko.xz:\n"}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		struct fx_file files[] = {FX_DEBIAN, FSTAB, FX_MENU("root=/dev/xvda2"),
			FX_IMAGE("6.1"), no[i].initrd, no[i].more};
		struct plan_fx p;

		plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", files,
			ARRAY_SIZE(files), NULL);
		ck_assert_msg(!graft_can(&p.in, &p.fx.guest.kernels[0],
				      snapshot_archive(&p.fx.snap, INITRD)),
			"%s", no[i].name);
		plan_fx_done(&p);
	}
}
END_TEST

/* An image without text indexes: its own modules are named from the guest's. */
START_TEST(indexes_from_guest)
{
	static const struct row row = {"indexes",
		{INITRD, .members = "scripts/functions lib lib/modules lib/modules/6.1 "
				    "lib/modules/6.1/kernel/fs/ext4/ext4.ko"}};
	struct plan_fx p;

	load(&p, &row);
	ck_assert(str_contains(content(&p.plan, "lib/modules/6.1/modules.dep"),
		"kernel/fs/ext4/ext4.ko:"));
	plan_fx_done(&p);
}
END_TEST

START_TEST(load_list_keeps)
{
	struct plan_fx p;

	load(&p, &rows[5]);
	check_bytes("conf/modules", content(&p.plan, "conf/modules"),
		STR("# mine\nraid1\nvirtio_pci\nvirtio_blk\n"));
	plan_fx_done(&p);
}
END_TEST

START_TEST(baked_bytes)
{
	struct plan_fx p;

	load(&p, &rows[7]);
	check_bytes(
		"resume", content(&p.plan, "conf/conf.d/resume"), STR("RESUME=none\n"));
	plan_fx_done(&p);
	load(&p, &rows[8]);
	ck_assert(str_contains(content(&p.plan, "etc/lvm/lvm.conf"), "a|^/dev/vda$|"));
	plan_fx_done(&p);
	load(&p, &rows[9]);
	check_bytes("mdadm.conf", content(&p.plan, "etc/mdadm/mdadm.conf"),
		STR("DEVICE /dev/vda\nARRAY /dev/md0\n"));
	plan_fx_done(&p);
}
END_TEST

/* Dependencies that go in a circle end. */
START_TEST(circle)
{
	const struct fx_file files[] = {FX_DEBIAN, FSTAB, FX_MENU("root=/dev/xvda2"),
		FX_IMAGE("6.1"), {"/lib/modules/6.1/"},
		{"/lib/modules/6.1/modules.dep",
			"kernel/virtio_pci.ko: kernel/virtio_blk.ko\n"
			"kernel/virtio_blk.ko: kernel/virtio_pci.ko\n"},
		{INITRD, .members = "scripts/functions"}};
	struct err e = {0};
	struct plan_fx p;
	int r;

	plan_fx_load(
		&p, "vda ext4 aaaa /\nroot /dev/vda", files, ARRAY_SIZE(files), NULL);
	r = graft_plan(&p.in, &p.fx.guest.kernels[0],
		snapshot_archive(&p.fx.snap, INITRD), &p.plan, &e);
	ck_assert_msg(r == 0 || strstr(e.text, "modules.dep"), "%d: %s", r, e.text);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, members, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, indexes);
	tcase_add_test(tc, indexes_from_guest);
	tcase_add_test(tc, indexes_from_binary);
	tcase_add_test(tc, cannot);
	tcase_add_test(tc, load_list_keeps);
	tcase_add_test(tc, baked_bytes);
	tcase_add_test(tc, circle);
}

int main(void)
{
	return check_main("graft", add);
}
