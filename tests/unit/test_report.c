/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for a person, and the exit status that goes with each result. */
#include "plan_fixture.h"
#include "report/report.h"

static const struct {
	enum result result;
	const char *name;
	int status;
} result_rows[] = {
	{RESULT_REPAIRED, "repaired", 0},
	{RESULT_UNCHANGED, "unchanged", 0},
	{RESULT_UNDONE, "undone", 0},
	{RESULT_FAILED, "failed", 1},
	{RESULT_USAGE, "usage", 2},
	{RESULT_REFUSED, "refused", 3},
	{RESULT_DEGRADED, "degraded", 4},
};

START_TEST(results)
{
	const enum result r = result_rows[_i].result;
	struct report report = {.result = r};
	struct strbuf out = {0};

	ck_assert_str_eq(result_name(r), result_rows[_i].name);
	ck_assert_int_eq(result_status(r), result_rows[_i].status);
	report_verdict_text(&report, &out);
	ck_assert(str_starts(strbuf_str(&out), result_rows[_i].name));
	strbuf_reset(&out);
	report.message = "step fstab: no space";
	report_verdict_text(&report, &out);
	ck_assert(str_ends(strbuf_str(&out), ": step fstab: no space\n"));
	strbuf_reset(&out);
	report.timing.total = 4290;
	report_verdict_text(&report, &out);
	ck_assert(str_contains(strbuf_str(&out), " after 4.2 s: step"));
	strbuf_reset(&out);
	report.planned_only = true;
	report_verdict_text(&report, &out);
	ck_assert(str_starts(strbuf_str(&out), "plan: apply would end as "));
	ck_assert(str_contains(strbuf_str(&out), result_rows[_i].name));
	ck_assert(str_ends(strbuf_str(&out), ": step fstab: no space\n"));
	strbuf_done(&out);
}
END_TEST

START_TEST(lines)
{
	static const struct fx_file files[] = {
		{"/etc/fstab", "/dev/xvda2 / ext4 d 0 1\n/dev/xvda1 none swap sw 0 0\n"
			       "/dev/xvdb /srv ext4 d 0 2\n"},
		FX_DEBIAN, FX_MENU("root=/dev/xvda2"), FX_IMAGE("6.1"),
		FX_GOOD_INITRD("6.1"), {"/sbin/init", "x"}, {"/etc/inittab", ""}};
	struct strbuf out = {0};
	struct plan_fx p;

	plan_fx_load(
		&p, "vda ext4 aaaa /\nroot /dev/vda", files, ARRAY_SIZE(files), NULL);
	ck_assert_int_eq(plan_build(&p.in, &p.plan, NULL), 0);
	report_guest_text(&p.fx.guest, &out);
	check_bytes("guest", strbuf_str(&out),
		STR("guest   Debian GNU/Linux 12.5, sysvinit\n"
		    "disks   partition-as-disk, root on /dev/vda\n"
		    "boot    pvgrub, /boot/grub/menu.lst\n"
		    "kernel  mainline, 6.1\n"));
	strbuf_reset(&out);
	report_map_text(&p.plan, false, &out);
	check_bytes("map", strbuf_str(&out),
		STR("map     xvda1 --> gone  (swap; no-such-disk)\n"
		    "        xvda2 --> vda   (root; root-fs)\n"
		    "        xvdb  --> gone  (/srv; no-such-disk)\n"));
	strbuf_reset(&out);
	report_map_text(&p.plan, true, &out);
	ck_assert(str_contains(strbuf_str(&out), "\n        xvda2 ──> vda   (root; "));
	strbuf_reset(&out);
	p.plan.steps[0].ms = 1203;
	report_step_text(&p.plan, 0, &out);
	ck_assert(str_starts(strbuf_str(&out), "[ 1/"));
	ck_assert(str_ends(strbuf_str(&out), "]  1203 ms  write   /etc/fstab\n"));
	strbuf_reset(&out);
	report_plan_text(&p.plan, &out);
	ck_assert(str_starts(strbuf_str(&out), " 1. write   /etc/fstab\n            "));
	ck_assert(str_contains(strbuf_str(&out), "/dev/xvda2 -> /dev/vda"));
	ck_assert(str_contains(strbuf_str(&out), "\npending acpid\n        "));
	ck_assert(str_contains(strbuf_str(&out), "\nwarning /etc/fstab line 3: "));
	strbuf_done(&out);
	plan_fx_done(&p);
}
END_TEST

START_TEST(checks)
{
	static char good[] = "fine", bad[] = "not here";
	struct check list[] = {{"kernel", true, good}, {"fstab", false, bad}};
	const struct verdict v = {false, list, ARRAY_SIZE(list)};
	struct strbuf out = {0};

	report_checks_text(&v, false, &out);
	check_bytes("all", strbuf_str(&out),
		STR("ok      kernel: fine\nNOT OK  fstab: not here\n"));
	strbuf_reset(&out);
	report_checks_text(&v, true, &out);
	check_bytes("failed", strbuf_str(&out), STR("NOT OK  fstab: not here\n"));
	strbuf_done(&out);
}
END_TEST

START_TEST(filesystems)
{
	struct fs_checks l = {0};
	struct strbuf out = {0};

	report_filesystems_text(NULL, &out);
	report_filesystems_text(&l, &out);
	ck_assert_uint_eq(out.n, 0);
	ck_assert_int_eq(fs_checks_tell(&l, "/dev/vda", "ext4", "e2fsck -p", FS_CORRECTED,
				 "errors\nwere"),
		0);
	ck_assert_int_eq(
		fs_checks_tell(&l, "/dev/vdb", "xfs", NULL, FS_NOT_CHECKED, "why"), 0);
	report_filesystems_text(&l, &out);
	check_bytes("both", strbuf_str(&out),
		STR("check   /dev/vda (ext4): e2fsck -p: corrected: errors?were\n"
		    "warning /dev/vdb (xfs): why; it was only looked at, a repair takes "
		    "care of it first\n"));
	strbuf_done(&out);
	fs_checks_done(&l);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, results, 0, ARRAY_SIZE(result_rows));
	tcase_add_test(tc, lines);
	tcase_add_test(tc, checks);
	tcase_add_test(tc, filesystems);
}

int main(void)
{
	return check_main("report", add);
}
