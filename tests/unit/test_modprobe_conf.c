/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Aliases of modprobe.conf. */
#include "check_main.h"
#include "text/modprobe_conf.h"

static const struct check_row rows[] = {
	{"EL5", S("alias eth0 xennet\nalias scsi_hostadapter xenblk\n"),
		S("alias eth0 virtio_net\nalias scsi_hostadapter virtio_blk\n"), 1},
	{"drivers of a full machine",
		S("alias eth0 xen-vnif\nalias eth1  xen_vnif\n\talias scsi_hostadapter "
		  "xen-vbd # c"),
		S("alias eth0 virtio_net\nalias eth1  virtio_net\n\talias "
		  "scsi_hostadapter "
		  "virtio_blk # c"),
		1},
	{"others", S("alias eth0 e1000\nalias net-pf-10 off\n"), S(""), 0},
	{"comment", S("#alias eth0 xennet\n# alias eth0 xennet\n"), S(""), 0},
	{"no alias", S("install xennet /bin/true\noptions xennet x=1\nalias\nalias x\n"),
		S(""), 0},
	{"longer name", S("alias eth0 xennet2\n"), S(""), 0},
	{"empty", S(""), S(""), 0},
};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return modprobe_conf_virtio(in, ret_out, e);
}

START_TEST(edits)
{
	check_editor_laws(&rows[_i], edit, NULL, NULL);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("modprobe_conf", add);
}
