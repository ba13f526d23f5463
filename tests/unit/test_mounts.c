/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "check_main.h"
#include "guest/mounts.h"

/* A partitioned disk (root on vda2), a disk that is one file system, swap, a volume. */
static const char json[] =
	"{\"disks\":[{\"name\":\"vda\",\"table\":\"dos\",\"parts\":["
	"{\"name\":\"vda1\",\"number\":1,\"type\":\"ext2\",\"uuid\":\"b-1\"},"
	"{\"name\":\"vda2\",\"number\":2,\"type\":\"ext4\",\"last_mounted\":\"/\"},"
	"{\"name\":\"vda3\",\"number\":3,\"type\":\"swap\"}]},"
	"{\"name\":\"vdb\",\"table\":\"none\",\"type\":\"ext4\","
	"\"last_mounted\":\"/usr\"},"
	"{\"name\":\"vdc\",\"table\":\"none\",\"type\":\"ext4\","
	"\"last_mounted\":\"/srv\"}],"
	"\"volumes\":[{\"name\":\"mapper/vg0-var\",\"type\":\"xfs\",\"on\":[\"vdc\"]},"
	"{\"name\":\"mapper/vg1-root\",\"type\":\"ext4\",\"on\":[\"vda3\"]},"
	"{\"name\":\"mapper/vg2-root\",\"type\":\"ext4\",\"on\":[\"vda3\",\"vdc\"]},"
	"{\"name\":\"mapper/round\",\"type\":\"ext4\",\"on\":[\"mapper/round\"]}]}";

static const struct {
	const char *name, *fstab, *map, *want;
	int ret;
	const char *root; /* NULL: vda2 */
} rows[] = {
	{"root alone", "/dev/xvda2 / ext4 defaults 0 1\n", "", "", 0},
	{"by UUID", "UUID=b-1 /boot ext2 defaults 0 2\n", "", "/boot=vda1 ", 0},
	{"by number on the root's disk", "/dev/xvda1 /boot ext2 defaults 0 2\n", "",
		"/boot=vda1 ", 0},
	{"by number, root on a volume there", "/dev/xvda1 /boot ext2 defaults 0 2\n", "",
		"/boot=vda1 ", 0, "mapper/vg1-root"},
	{"root on a volume of several disks", "/dev/xvda1 /boot ext2 defaults 0 2\n", "",
		"", -ENODEV, "mapper/vg2-root"},
	{"root on a volume without partitions", "/dev/xvda1 /boot ext2 d 0 2\n", "", "",
		-ENODEV, "mapper/vg0-var"},
	{"root on itself", "/dev/xvda1 /boot ext2 d 0 2\n", "", "", -ENODEV,
		"mapper/round"},
	{"by where it was mounted", "/dev/xvdz /usr ext4 defaults 0 2\n", "", "/usr=vdb ",
		0},
	{"the host's word beats that", "/dev/xvdz /usr ext4 defaults 0 2\n",
		"xvda:vda,xvdz:vdc", "/usr=vdc ", 0},
	{"in mount order",
		"/dev/vg0/var /var xfs defaults 0 2\n"
		"UUID=b-1 /boot/ ext2 defaults 0 2\n"
		"/dev/vdb /usr ext4 defaults 0 2\n",
		"", "/usr=vdb /var=mapper/vg0-var /boot=vda1 ", 0},
	{"other places are left alone", "/dev/xvdx /srv ext4 defaults 0 2\n", "", "", 0},
	{"bind mounts and tmpfs", "/srv/var /var none bind 0 0\ntmpfs /usr tmpfs x 0 0\n",
		"", "", 0},
	{"the number is the swap's", "/dev/xvda3 /boot ext4 defaults 0 2\n", "", "",
		-ENODEV},
	{"unknown", "/dev/xvdq /var ext4 defaults 0 2\n", "", "", -ENODEV},
	{"unknown, nofail", "/dev/xvdq /var ext4 nofail 0 2\n", "", "", 0},
	{"unknown, can be done without", "/dev/xvdq /boot/efi vfat x 0 2\n", "", "", 0},
	{"the host says it is gone", "UUID=b-1 /boot ext2 x 0 2\n", "UUID=b-1:none", "",
		-ENODEV},
	{"the last line wins", "/dev/vdc /usr ext4 x 0 2\n/dev/vdb /usr ext4 x 0 2\n", "",
		"/usr=vdb ", 0},
};

START_TEST(find)
{
	struct guest_mounts got = {0};
	struct strbuf text = {0};
	struct machine m = {0};
	struct err e = {0};
	int r;

	ck_assert_int_eq(machine_parse(str_from(json), &m, &e), 0);
	r = guest_mounts_find(str_from(rows[_i].fstab), &m,
		machine_device(&m, str_from(rows[_i].root ? rows[_i].root : "vda2")),
		rows[_i].map, &got, &e);
	ck_assert_msg(r == rows[_i].ret, "%s: %d (%s)", rows[_i].name, r, e.text);
	if (r < 0)
		ck_assert_msg(strstr(e.text, "map="), "%s: %s", rows[_i].name, e.text);
	for (size_t i = 0; i < got.n; i++)
		strbuf_addf(&text, "%s=%s ", got.v[i].target, got.v[i].device->name);
	check_bytes(rows[_i].name, strbuf_str(&text), str_from(rows[_i].want));
	strbuf_done(&text);
	guest_mounts_done(&got);
	machine_done(&m);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, find, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("mounts", add);
}
