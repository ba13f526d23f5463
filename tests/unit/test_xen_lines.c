/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that ask for Xen: modules, their loading by scripts, sysctl settings. */
#include "check_main.h"
#include "text/xen_lines.h"

typedef int (*line_editor)(struct str in, struct strbuf *ret_out, struct err *e);

static const line_editor modules = xen_lines_modules, commands = xen_lines_commands,
			 sysctl = xen_lines_sysctl;

static const struct check_row rows[] = {
	{"/etc/modules", S("# /etc/modules\nloop\nxen-netfront\n xenblk opt=1\nlp\n"),
		S("# /etc/modules\nloop\n#xen-netfront\n# xenblk opt=1\nlp\n"), 1, 0,
		&modules},
	{"xenfs, no newline", S("evdev\nxenfs"), S("evdev\n#xenfs"), 1, 0, &modules},
	{"off already", S("#xen_netfront\n# xen\n; xen\n"), S(""), 0, 0, &modules},
	{"not Xen's", S("virtio_blk\nkxen\n"), S(""), 0, 0, &modules},
	{"no list", S(""), S(""), 0, 0, &modules},

	{"modprobe", S("#!/bin/sh -e\nmodprobe xen-vbd\nexit 0\n"),
		S("#!/bin/sh -e\n: modprobe xen-vbd\nexit 0\n"), 1, 0, &commands},
	{"insmod in a branch",
		S("if [ -d /proc/xen ]; then\n"
		  "\t/sbin/insmod /lib/modules/x/xen-vbd.ko >/dev/null 2>&1\nfi\n"),
		S("if [ -d /proc/xen ]; then\n"
		  ": \t/sbin/insmod /lib/modules/x/xen-vbd.ko >/dev/null 2>&1\nfi\n"),
		1, 0, &commands},
	{"quietly", S("modprobe -q xen_netfront"), S(": modprobe -q xen_netfront"), 1, 0,
		&commands},
	{"done already", S(": modprobe xen-vbd\n#modprobe xen-vbd\n"), S(""), 0, 0,
		&commands},
	{"more than that", S("modprobe xen-vbd || exit 1\nmodprobe xen$x\nmodprobe\n"),
		S(""), 0, 0, &commands},
	{"another module", S("modprobe loop xen-vbd\nxmodprobe xen-vbd\n"), S(""), 0, 0,
		&commands},

	{"wall clock", S("kernel.sysrq=0\nxen.independent_wallclock = 1\n"),
		S("kernel.sysrq=0\n#xen.independent_wallclock = 1\n"), 1, 0, &sysctl},
	{"slashes", S("\t-xen/independent_wallclock=1"),
		S("#\t-xen/independent_wallclock=1"), 1, 0, &sysctl},
	{"sysctl off already", S("#xen.x = 1\n; xen.x=1\nnet.xen.x=1\nxenon=1\n"), S(""),
		0, 0, &sysctl},
};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return (*(const line_editor *)req)(in, ret_out, e);
}

START_TEST(edits)
{
	check_editor_laws(&rows[_i], edit, rows[_i].req, NULL);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("xen_lines", add);
}
