/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU is told: its argv, the options for the agent, disk formats, the accelerator. */
#include <errno.h>

#include "check_main.h"
#include "host/accel.h"
#include "host/settings.h"

static struct strv argv_of(const struct qemu *q)
{
	struct strv v = {0};
	struct err e = {0};

	ck_assert_msg(qemu_argv(q, &v, &e) == 0, "%s", e.text);
	ck_assert_ptr_null(v.v[v.n]);
	return v;
}

/* The value behind the nth `option`, or NULL. */
static const char *value(const struct strv *v, const char *option, unsigned nth)
{
	for (size_t i = 1; i + 1 < v->n; i++)
		if (!strcmp(v->v[i], option) && !nth--)
			return v->v[i + 1];
	return NULL;
}

START_TEST(test_argv)
{
	struct disk disks[] = {
		{(char *)"/a/one, two\".img", (char *)"qcow2", false},
		{(char *)"/dev/vg/guest", (char *)"raw", true},
	};
	struct qemu q = {.program = "/usr/bin/qemu",
		.accel = ACCEL_TCG,
		.memory_mb = 512,
		.kernel = "/r/vmlinuz",
		.initrd = "/r/initrd.img",
		.cmdline = "console=ttyS0 a,b",
		.disks = disks,
		.n_disks = 2,
		.network = true,
		.mac = "52:54:00:12:34:56",
		.serial_fd = 5,
		.port_fd = 6,
		.options_fd = 7};
	struct strv v = argv_of(&q);

	ck_assert_str_eq(v.v[0], "/usr/bin/qemu");
	ck_assert(strv_has(&v, STR("-no-reboot")));
	ck_assert(strv_has(&v, STR("-nodefaults")));
	ck_assert_str_eq(value(&v, "-accel", 0), "tcg");
	ck_assert_str_eq(value(&v, "-cpu", 0), "max");
	ck_assert_str_eq(value(&v, "-m", 0), "512");
	ck_assert_str_eq(value(&v, "-append", 0), "console=ttyS0 a,b");
	ck_assert_str_eq(value(&v, "-initrd", 0), "/r/initrd.img");
	ck_assert_str_eq(value(&v, "-blockdev", 0),
		"{\"driver\":\"qcow2\",\"node-name\":\"disk0\",\"file\":{\"driver\":"
		"\"file\","
		"\"filename\":\"/a/one, two\\\".img\"}}");
	ck_assert_str_eq(value(&v, "-blockdev", 1),
		"{\"driver\":\"raw\",\"node-name\":\"disk1\",\"file\":{\"driver\":"
		"\"host_device\",\"filename\":\"/dev/vg/guest\"}}");
	ck_assert_str_eq(value(&v, "-device", 0), "virtio-serial-pci,addr=0x3");
	ck_assert_str_eq(value(&v, "-device", 1),
		"virtserialport,chardev=report,name=org.xvd2vd.report");
	ck_assert_str_eq(value(&v, "-device", 2),
		"virtio-net-pci,netdev=net0,romfile=,addr=0x4,mac=52:54:00:12:34:56");
	ck_assert_str_eq(value(&v, "-device", 3), "virtio-blk-pci,drive=disk0,addr=0x5");
	ck_assert_str_eq(value(&v, "-device", 4), "virtio-blk-pci,drive=disk1,addr=0x6");
	ck_assert_ptr_null(value(&v, "-device", 5));
	ck_assert_str_eq(value(&v, "-chardev", 0), "socket,id=console,fd=5");
	ck_assert_str_eq(value(&v, "-chardev", 1), "socket,id=report,fd=6");
	ck_assert_str_eq(
		value(&v, "-fw_cfg", 0), "name=opt/org.xvd2vd/options,file=/dev/fd/7");
	strv_done(&v);
}
END_TEST

START_TEST(test_argv_bare)
{
	struct qemu q = {.program = "qemu",
		.accel = ACCEL_KVM,
		.memory_mb = 64,
		.kernel = "k",
		.cmdline = "",
		.serial_fd = 3,
		.port_fd = -1,
		.options_fd = -1};
	struct strv v = argv_of(&q);

	ck_assert_str_eq(value(&v, "-accel", 0), "kvm");
	ck_assert_str_eq(value(&v, "-cpu", 0), "host");
	ck_assert_ptr_null(value(&v, "-device", 0));
	ck_assert_ptr_null(value(&v, "-initrd", 0));
	ck_assert_ptr_null(value(&v, "-netdev", 0));
	ck_assert_ptr_null(value(&v, "-fw_cfg", 0));
	strv_done(&v);
}
END_TEST

/* Slots ascend to the last disk and stay within the bus. */
START_TEST(test_argv_slots)
{
	struct disk disks[QEMU_DISKS_MAX + 1];
	struct qemu q = {.program = "qemu",
		.accel = ACCEL_TCG,
		.kernel = "k",
		.cmdline = "",
		.disks = disks,
		.n_disks = QEMU_DISKS_MAX,
		.port_fd = -1,
		.options_fd = -1};
	struct strv v = {0};
	struct err e = {0};

	for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
		disks[i] = (struct disk){(char *)"/d", (char *)"raw", false};
	v = argv_of(&q);
	ck_assert_str_eq(value(&v, "-device", QEMU_DISKS_MAX - 1),
		"virtio-blk-pci,drive=disk25,addr=0x1e");
	strv_done(&v);
	q.n_disks++;
	ck_assert_int_eq(qemu_argv(&q, &v, &e), -EINVAL);
	q.n_disks = 1;
	disks[0].path = (char *)"/\xff";
	ck_assert_int_eq(qemu_argv(&q, &v, &e), -EINVAL);
	ck_assert_ptr_null(v.v);
}
END_TEST

static const struct {
	const char *mac;
	bool ok;
} macs[] = {
	{"52:54:00:12:34:56", true},
	{"00:16:3E:aB:cD:eF", true},
	{"01:16:3e:00:00:00", false}, /* multicast */
	{"00-16-3e-00-00-00", false},
	{"00:16:3e:00:00", false},
	{"00:16:3e:00:00:0g", false},
	{"00:16:3e:00:00:00,x", false},
	{"", false},
};

START_TEST(test_mac)
{
	ck_assert_msg(qemu_mac_ok(macs[_i].mac) == macs[_i].ok, "%s", macs[_i].mac);
}
END_TEST

static const struct {
	struct str option;
	bool ok;
} puts_[] = {
	{S("map=xvda2:vda,xvdb:vdb"), true},
	{S("on-fail=reboot"), true},
	{S("mode=plan"), true},
	{S("root="), true},
	{S("root=a b"), true},
	{S("mode=shell"), false},
	{S("mode=boot"), false},
	{S("finish=shell"), false},
	{S("finish=kexec"), false},
	{S("finish=eject"), false},
	{S("on-fail=shell"), false},
	{S("root"), false},
	{S("=x"), false},
	{S("-x=y"), false},
	{S("Root=x"), false},
	{S("a.b=x"), false},
	{S("a b=x"), false},
	{S("root=a\nmode=undo"), false},
	{S("root=a\033"), false},
	{S("root=\xc3\xbc"), false},
	{S("a23456789012345678901234567890123=x"), false},
};

START_TEST(test_settings_put)
{
	struct strv v = {0};
	struct err e = {0};
	int r = settings_put(&v, puts_[_i].option, &e);

	ck_assert_msg((r == 0) == puts_[_i].ok, STR_FMT, STR_ARG(puts_[_i].option));
	ck_assert_uint_eq(v.n, puts_[_i].ok);
	ck_assert_int_eq(e.text[0] == '\0', puts_[_i].ok);
	strv_done(&v);
}
END_TEST

/* The last of a key counts, whichever way the two would have gone. */
START_TEST(test_settings_split)
{
	static const char *const given[] = {"mode=auto", "finish=poweroff", "root=a b",
		"mode=plan", "root=c", "map=x \"y\"", "mod=e"};
	struct strbuf cmdline = {0}, options = {0};
	struct strv v = {0};
	struct err e = {0};

	for (size_t i = 0; i < ARRAY_SIZE(given); i++)
		ck_assert_int_eq(settings_put(&v, str_from(given[i]), &e), 0);
	ck_assert_int_eq(
		settings_split(&v, STR("quiet panic=1\n"), &cmdline, &options, &e), 0);
	ck_assert_str_eq(cmdline.p,
		"quiet panic=1 xvd2vd.mode=plan xvd2vd.finish=poweroff xvd2vd.root=c "
		"xvd2vd.mod=e");
	ck_assert_str_eq(options.p, "map=x \"y\"\n");
	strv_done(&v);
	strbuf_done(&cmdline);
	strbuf_done(&options);
}
END_TEST

/* What does not fit on the kernel's command line goes by the file. */
START_TEST(test_settings_long)
{
	struct strbuf cmdline = {0}, options = {0}, map = {0};
	struct strv v = {0};
	struct err e = {0};

	strbuf_adds(&map, "map=");
	strbuf_pad(&map, 'a', 2100);
	ck_assert_int_eq(settings_put(&v, strbuf_str(&map), &e), 0);
	ck_assert_int_eq(settings_put(&v, STR("mode=plan"), &e), 0);
	ck_assert_int_eq(settings_split(&v, STR("quiet"), &cmdline, &options, &e), 0);
	ck_assert_str_eq(cmdline.p, "quiet xvd2vd.mode=plan");
	ck_assert_uint_eq(options.n, 2101);
	strbuf_reset(&cmdline);
	ck_assert_int_eq(
		settings_split(&v, strbuf_str(&map), &cmdline, &options, &e), -E2BIG);
	strbuf_reset(&cmdline);
	ck_assert_int_eq(
		settings_split(&v, STR("a\nb"), &cmdline, &options, &e), -EINVAL);
	strv_done(&v);
	strbuf_done(&map);
	strbuf_done(&cmdline);
	strbuf_done(&options);
}
END_TEST

static const struct {
	const char *name;
	struct str info;
	const char *format; /* NULL: refused */
} infos[] = {
	{"raw", S("{\"format\": \"raw\", \"virtual-size\": 1}\n"), "raw"},
	{"qcow2", S("{\"format\":\"qcow2\",\"children\":[{\"info\":{}}]}"), "qcow2"},
	{"over the network", S("{\"format\":\"nbd\"}"), NULL},
	{"no format", S("{}"), NULL},
	{"twice", S("{\"format\":\"raw\",\"format\":\"qcow2\"}"), NULL},
	{"no JSON", S("image: x\n"), NULL},
	{"nothing", S(""), NULL},
	{"no object", S("[\"raw\"]"), NULL},
	{"deep", S("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"), NULL},
};

START_TEST(test_format)
{
	struct err e = {0};
	char *format = NULL;
	int r = disk_format_of(infos[_i].info, &format, &e);

	ck_assert_msg((r == 0) == !!infos[_i].format, "%s: %s", infos[_i].name, e.text);
	if (!r)
		ck_assert_str_eq(format, infos[_i].format);
	else
		ck_assert_ptr_null(format);
	free(format);
}
END_TEST

static const struct {
	struct str line;
	bool ok;
	enum accel accel;
} kept[] = {
	{S("id-1 kvm /usr/bin/qemu\n"), true, ACCEL_KVM},
	{S("id-1 tcg /usr/bin/qemu\n"), true, ACCEL_TCG},
	{S("id-2 kvm /usr/bin/qemu\n"), false, ACCEL_AUTO},
	{S("id-1 kvm /opt/qemu\n"), false, ACCEL_AUTO},
	{S("id-1 auto /usr/bin/qemu\n"), false, ACCEL_AUTO},
	{S("id-1 kvm"), false, ACCEL_AUTO},
	{S(""), false, ACCEL_AUTO},
};

START_TEST(test_kept)
{
	enum accel a = ACCEL_AUTO;

	ck_assert_int_eq(
		accel_kept(kept[_i].line, STR("id-1"), "/usr/bin/qemu", &a), kept[_i].ok);
	ck_assert_int_eq(a, kept[_i].accel);
}
END_TEST

/* One byte, or a kernel that stops on the way, is not enough. */
START_TEST(test_kernel_ran)
{
	ck_assert(!accel_kernel_ran(STR("")));
	ck_assert(!accel_kernel_ran(STR("[    0.000000] Linux version 6.1.0-13-cloud")));
	ck_assert(accel_kernel_ran(
		STR("[    1.2] Kernel panic - not syncing: VFS: Unable to "
		    "mount root fs on unknown-block(0,0)\r\n")));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, test_argv);
	tcase_add_test(tc, test_argv_bare);
	tcase_add_test(tc, test_argv_slots);
	tcase_add_loop_test(tc, test_mac, 0, ARRAY_SIZE(macs));
	tcase_add_loop_test(tc, test_settings_put, 0, ARRAY_SIZE(puts_));
	tcase_add_test(tc, test_settings_split);
	tcase_add_test(tc, test_settings_long);
	tcase_add_loop_test(tc, test_format, 0, ARRAY_SIZE(infos));
	tcase_add_loop_test(tc, test_kept, 0, ARRAY_SIZE(kept));
	tcase_add_test(tc, test_kernel_ran);
}

int main(void)
{
	return check_main("run_qemu", add);
}
