/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the power button's drivers a guest's start must name, and where it does. */
#include "plan/draft.h"
#include "plan/rules.h"
#include "plan_fixture.h"

#define GUEST                                                                            \
	{"/etc/fstab", "/dev/vda / ext4 d 0 1\n"}, {"/sbin/init", "x"},                  \
		{"/etc/inittab", "id:3:initdefault:\n"},                                 \
		{"/boot/vmlinuz-1", .kernel = "1"},                                      \
		{"/boot/initrd-1", .members = "init"},                                   \
	{                                                                                \
		"/lib/modules/1/"                                                        \
	}
#define SUSE                                                                             \
	GUEST,                                                                           \
	{                                                                                \
		"/etc/SuSE-release", "SUSE Linux Enterprise Server 10 (x86_64)\n"        \
	}
#define MODULES                                                                          \
	{                                                                                \
		"/lib/modules/1/modules.dep",                                            \
			"kernel/drivers/acpi/button.ko:\nkernel/drivers/input/"          \
			"evdev.ko:\n"                                                    \
	}
#define ALIAS(text)                                                                      \
	{                                                                                \
		"/lib/modules/1/modules.alias", text                                     \
	}
#define EVDEV "alias input:b*v*p*e*-e*k*r*a*m*l*s*f*w* evdev\n"
#define UDEV                                                                             \
	{                                                                                \
		"/etc/udev/rules.d/"                                                     \
	}
#define SYSCONFIG "/etc/sysconfig/kernel"
#define SCRIPT                                                                           \
	"#!/bin/sh\n# xvd2vd: acpid hears the power button by these.\n"                  \
	"modprobe button\n"

/* A changed file as "path: text". */
static const struct row {
	const char *name;
	struct fx_file files[12];
	const char *want;
	bool again; /* another kernel takes the place of the default */
} rows[] = {
	{"udev loads neither",
		{SUSE, MODULES, ALIAS("alias pci:v1 e1000\n"), UDEV,
			{SYSCONFIG, "MODULES_LOADED_ON_BOOT=\"\"\n"}},
		SYSCONFIG ": MODULES_LOADED_ON_BOOT=\"button evdev\"\n"},
	{"one of them",
		{SUSE, MODULES, ALIAS(EVDEV), UDEV,
			{SYSCONFIG, "MODULES_LOADED_ON_BOOT=\"loop\"\n"}},
		SYSCONFIG ": MODULES_LOADED_ON_BOOT=\"loop button\"\n"},
	{"of another kernel",
		{SUSE, MODULES, ALIAS(""), UDEV,
			{SYSCONFIG, "MODULES_LOADED_ON_BOOT=\"\"\n"}},
		"", .again = true},
	{"both",
		{SUSE, MODULES, ALIAS(EVDEV "alias acpi*:PNP0C0C:* button\n"), UDEV,
			{SYSCONFIG, "MODULES_LOADED_ON_BOOT=\"\"\n"}},
		""},
	{"its own administrator did so",
		{SUSE, MODULES, ALIAS(EVDEV), UDEV,
			{SYSCONFIG, "MODULES_LOADED_ON_BOOT=\"button\"\n"}},
		""},
	{"built in",
		{SUSE, {"/lib/modules/1/modules.dep", "kernel/fs/ext3/ext3.ko:\n"}, UDEV,
			{SYSCONFIG, "MODULES_LOADED_ON_BOOT=\"\"\n"}},
		""},
	{"Red Hat's",
		{GUEST, {"/etc/redhat-release", "CentOS release 5.11 (Final)\n"}, MODULES,
			ALIAS(EVDEV), UDEV, {"/etc/sysconfig/modules/"}},
		"/etc/sysconfig/modules/xvd2vd.modules: " SCRIPT},
	{"Red Hat's, again",
		{GUEST, {"/etc/redhat-release", "CentOS release 5.11 (Final)\n"}, MODULES,
			ALIAS(EVDEV), UDEV,
			{"/etc/sysconfig/modules/xvd2vd.modules", SCRIPT}},
		""},
	{"Red Hat's, whose start loads all of ACPI's",
		{GUEST, {"/etc/redhat-release", "CentOS release 5.11 (Final)\n"}, MODULES,
			ALIAS(EVDEV), UDEV, {"/etc/sysconfig/modules/"},
			{"/etc/rc.d/rc.sysinit", "for m in /lib/modules/$(uname "
						 "-r)/kernel/drivers/acpi/*; "
						 "do\n"}},
		""},
	{"mdev loads nothing by its alias",
		{GUEST, {"/etc/alpine-release", "3.4.6\n"}, MODULES,
			ALIAS(EVDEV "alias acpi*:PNP0C0C:* button\n"),
			{"/etc/modules", "af_packet\n"}},
		"/etc/modules: af_packet\nbutton\nevdev\n"},
	{"hwdrivers does",
		{GUEST, {"/etc/alpine-release", "3.4.6\n"}, MODULES,
			ALIAS(EVDEV "alias acpi*:PNP0C0C:* button\n"),
			{"/etc/runlevels/sysinit/hwdrivers",
				.link = "/etc/init.d/hwdrivers"},
			{"/etc/modules", "af_packet\n"}},
		""},
	{"systemd",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n"},
			{"/sbin/init", .link = "/lib/systemd/systemd"},
			{"/boot/vmlinuz-1", .kernel = "1"},
			{"/boot/initrd-1", .members = "init"}, {"/lib/modules/1/"},
			FX_DEBIAN, MODULES, {"/etc/modules", "loop\n"}},
		""},
};

START_TEST(naming)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct err e = {0};
	struct plan_fx p;

	plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", row->files,
		ARRAY_SIZE(row->files), NULL);
	p.plan.again = row->again;
	ck_assert_msg(
		rule_acpi_modules(&p.in, &p.plan, &e) == 0, "%s: %s", row->name, e.text);
	for (size_t i = 0; i < p.plan.n_steps; i++)
		strbuf_addf(&got, "%s: " STR_FMT, p.plan.steps[i].path,
			STR_ARG(strbuf_str(&p.plan.steps[i].content)));
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, naming, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_acpi_modules", add);
}
