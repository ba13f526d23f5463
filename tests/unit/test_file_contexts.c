/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labels by an excerpt of the targeted policy of EL 6 and 7. */
#include "check_main.h"
#include "text/file_contexts.h"

static const char policy[] = "/.*\tu:r:default_t\n"
			     "/[^/]+\t--\tu:r:etc_runtime_t\n"
			     "/boot/.*\tu:r:boot_t\n"
			     "/boot/System\\.map(-.*)?\t--\tu:r:system_map_t\n"
			     "/etc/.*\tu:r:etc_t\n"
			     "/etc/rc\\.local\t--\tu:r:bin_t\n"
			     "/etc/rc\\.d/init\\.d/.*\t--\tu:r:initrc_exec_t\n"
			     "# /etc/fstab\tu:r:comment_t\n"
			     "/etc/fstab\\.REVOKE\t--\tu:r:etc_runtime_t\n"
			     "/etc/udev/rules\\.d(/.*)?\tu:r:udev_rules_t\n"
			     "/etc/sysconfig/network-scripts/ifcfg-.*\tu:r:net_conf_t\n"
			     "/etc/mtab\t--\tu:r:etc_runtime_t\n"
			     "/etc/m.*\t--\tu:r:late_t\n"
			     "/usr/lib/systemd/system/.*\tu:r:systemd_unit_file_t\n"
			     "/var/lib(/.*)?\tu:r:var_lib_t\n"
			     "/var/lib/nfs/rpc_pipefs(/.*)?\t<<none>>\n"
			     "/x\n"
			     "/x -- a b\n";
static const char local[] = "/etc/.*\\.link\tu:r:local_t\n";

static const struct {
	const char *path;
	enum file_contexts_type type;
	const char *want; /* the type in the label; NULL: none */
} rows[] = {
	{"/swapfile", FILE_CONTEXTS_FILE, "etc_runtime_t"},
	{"/srv", FILE_CONTEXTS_DIR, "default_t"},
	{"/boot/initramfs.img", FILE_CONTEXTS_FILE, "boot_t"},
	{"/boot/System.map-3.10", FILE_CONTEXTS_FILE, "system_map_t"},
	{"/boot/System.map-3.10", FILE_CONTEXTS_LINK, "boot_t"},
	{"/etc/fstab", FILE_CONTEXTS_FILE, "etc_t"},
	{"/etc/rc.local", FILE_CONTEXTS_FILE, "bin_t"},
	{"/etc/rc.d/init.d/xvd2vd-confirm", FILE_CONTEXTS_FILE, "initrc_exec_t"},
	{"/etc/rc.d/rc3.d/K95kudzu", FILE_CONTEXTS_LINK, "etc_t"},
	{"/etc/udev/rules.d", FILE_CONTEXTS_DIR, "udev_rules_t"},
	{"/etc/udev/rules.d/70-persistent-net.rules", FILE_CONTEXTS_FILE, "udev_rules_t"},
	{"/etc/sysconfig/network-scripts/ifcfg-eth0", FILE_CONTEXTS_FILE, "net_conf_t"},
	/* a path without wildcards before what stands behind it */
	{"/etc/mtab", FILE_CONTEXTS_FILE, "etc_runtime_t"},
	{"/etc/motd", FILE_CONTEXTS_FILE, "late_t"},
	{"/var/lib/xvd2vd/confirm", FILE_CONTEXTS_FILE, "var_lib_t"},
	{"/var/lib/nfs/rpc_pipefs/x", FILE_CONTEXTS_FILE, NULL},
	{"/etc/x.link", FILE_CONTEXTS_FILE, "local_t"},
	{"relative", FILE_CONTEXTS_FILE, NULL},
};

START_TEST(finding)
{
	struct str got = {0};
	cleanup_(free_charp) char *want = str_printf("u:r:%s", rows[_i].want);
	bool r = file_contexts_find(str_from(policy), str_from(local),
		str_from(rows[_i].path), rows[_i].type, &got);

	ck_assert_msg(r == (rows[_i].want != NULL), "%s: " STR_FMT, rows[_i].path,
		STR_ARG(got));
	if (r)
		check_bytes(rows[_i].path, got, str_from(want));
}
END_TEST

static const struct {
	const char *path, *want;
} subs[] = {
	{"/etc/systemd/system/x.service", "/usr/lib/systemd/system/x.service"},
	{"/etc/systemd/system", "/usr/lib/systemd/system"},
	{"/etc/systemd/systems/x", "/etc/systemd/systems/x"},
	{"/run/x", "/var/run/x"},
	{"/etc/fstab", "/etc/fstab"},
};

START_TEST(substituting)
{
	cleanup_(free_charp) char *got = file_contexts_substitute(
		STR("/run /var/run\n# /etc /x\n\n/etc/systemd/system "
		    "/usr/lib/systemd/system\n/x\n"),
		str_from(subs[_i].path));

	ck_assert_str_eq(got, subs[_i].want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, finding, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, substituting, 0, ARRAY_SIZE(subs));
}

int main(void)
{
	return check_main("file_contexts", add);
}
