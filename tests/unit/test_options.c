/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a run: every key, every word, and what is refused. */
#include <errno.h>
#include <stddef.h>

#include "plan/options.h"

#include "check_main.h"

#define AT(field) offsetof(struct options, field)

static const struct word_row {
	const char *set;
	size_t at;
	int want;
} word_rows[] = {
	{"mode=auto", AT(mode), MODE_AUTO},
	{"mode=plan", AT(mode), MODE_PLAN},
	{"mode=verify", AT(mode), MODE_VERIFY},
	{"mode=undo", AT(mode), MODE_UNDO},
	{"mode=shell", AT(mode), MODE_SHELL},
	{"mode=boot", AT(mode), MODE_BOOT},
	{"finish=reboot", AT(finish), FINISH_REBOOT},
	{"finish=poweroff", AT(finish), FINISH_POWEROFF},
	{"finish=kexec", AT(finish), FINISH_KEXEC},
	{"finish=eject", AT(finish), FINISH_EJECT},
	{"finish=shell", AT(finish), FINISH_SHELL},
	{"on-fail=shell", AT(on_fail), FINISH_SHELL},
	{"on-fail=poweroff", AT(on_fail), FINISH_POWEROFF},
	{"on-fail=reboot", AT(on_fail), FINISH_REBOOT},
	{"fstab=device", AT(fstab), FSTAB_DEVICE},
	{"fstab=uuid", AT(fstab), FSTAB_UUID},
	{"swap=remove", AT(swap), SWAP_REMOVE},
	{"swap=keep", AT(swap), SWAP_KEEP},
	{"initrd=auto", AT(initrd), INITRD_AUTO},
	{"initrd=graft", AT(initrd), INITRD_GRAFT},
	{"initrd=rebuild", AT(initrd), INITRD_REBUILD},
	{"boot=auto", AT(boot), BOOT_AUTO},
	{"boot=host", AT(boot), BOOT_HOST},
	{"boot=self", AT(boot), BOOT_SELF},
	{"packages=auto", AT(packages), PACKAGES_AUTO},
	{"packages=offline", AT(packages), PACKAGES_OFFLINE},
	{"packages=off", AT(packages), PACKAGES_OFF},
	{"ext4=no", AT(ext4), NO},
	{"ext4=yes", AT(ext4), YES},
	{"grow=no", AT(grow), NO},
	{"grow=yes", AT(grow), YES},
	{"undo=safe", AT(undo), UNDO_SAFE},
	{"undo=force", AT(undo), UNDO_FORCE},
	{"undo=packages", AT(undo), UNDO_PACKAGES},
	{"undo=all", AT(undo), UNDO_ALL},
};

START_TEST(words)
{
	const struct word_row *row = &word_rows[_i];
	struct options o, want;
	struct err e = {0};

	options_init(&o);
	want = o;
	/* Something else first, so that a default is set and not just left. */
	*(int *)((char *)&o + row->at) = 77;
	*(int *)((char *)&want + row->at) = row->want;
	ck_assert_msg(
		options_set(&o, str_from(row->set), &e) == 0, "%s: %s", row->set, e.text);
	ck_assert_msg(
		memcmp(&o, &want, sizeof(o)) == 0, "%s: set something else", row->set);
}
END_TEST

static const struct text_row {
	const char *set;
	size_t at;
	const char *want;
} text_rows[] = {
	{"console=ttyS1", AT(console), "ttyS1"},
	{"console=keep", AT(console), "keep"},
	{"map=xvda2:vda,xvda1:none", AT(map), "xvda2:vda,xvda1:none"},
	{"map=", AT(map), ""},
	{"root=UUID=12-34", AT(root), "UUID=12-34"},
	{"root=/dev/mapper/vg-root", AT(root), "/dev/mapper/vg-root"},
};

START_TEST(texts)
{
	const struct text_row *row = &text_rows[_i];
	struct options o;

	options_init(&o);
	ck_assert_int_eq(options_set(&o, str_from(row->set), NULL), 0);
	ck_assert_str_eq((char *)&o + row->at, row->want);
}
END_TEST

static const struct bad_row {
	struct str set;
	const char *word; /* that the message holds */
} bad_rows[] = {
	{S(""), "KEY=VALUE"},
	{S("mode"), "KEY=VALUE"},
	{S("=auto"), "unknown"},
	{S("Mode=auto"), "there are mode, finish, on-fail"},
	{S("modes=auto"), "unknown option \"modes\""},
	{S("mode ="), "unknown"},
	{S("mode="), "auto, plan, verify, undo, shell, boot"},
	{S("mode=automatic"), "auto, plan"},
	{S("mode=Auto"), "auto, plan"},
	{S("mode=auto "), "auto, plan"},
	{S("mode=auto\0"), "auto, plan"},
	{S("on-fail="), "reboot, poweroff, shell"},
	{S("on-fail=kexec"), "reboot, poweroff, shell"},
	{S("on-fail=eject"), "reboot, poweroff, shell"},
	{S("finish=off"), "reboot, poweroff, kexec, shell, eject"},
	{S("fstab=label"), "device, uuid"},
	{S("swap=yes"), "remove, keep"},
	{S("initrd=dracut"), "auto, graft, rebuild"},
	{S("boot=grub"), "auto, host, self"},
	{S("packages=on"), "auto, offline, off"},
	{S("ext4=1"), "no, yes"},
	{S("grow=true"), "no, yes"},
	{S("console="), "console="},
	{S("console=../../etc/x"), "console="},
	{S("console=ttyS0 init=/bin/sh"), "console="},
	{S("console=tty\"S0"), "console="},
	{S("console=tty\\S0"), "console="},
	{S("console=0123456789012345678901234567890x"), "31 bytes"},
	{S("map=a:b\nc"), "map="},
	{S("map=a:b\0"), "map="},
	{S("root=\xc3\xa4"), "root="},
};

START_TEST(refusing)
{
	const struct bad_row *row = &bad_rows[_i];
	struct options o, before;
	struct err e = {0};
	int r;

	options_init(&o);
	before = o;
	r = options_set(&o, row->set, &e);
	ck_assert_msg(r == -EINVAL, "\"" STR_FMT "\": answer %d", STR_ARG(row->set), r);
	ck_assert_msg(strstr(e.text, row->word), "\"" STR_FMT "\": %s", STR_ARG(row->set),
		e.text);
	ck_assert_msg(memcmp(&o, &before, sizeof(o)) == 0,
		"\"" STR_FMT "\": set something", STR_ARG(row->set));
}
END_TEST

/* Text up to the field's size, and no byte more. */
START_TEST(longest)
{
	struct strbuf set = {0};
	struct options o;

	options_init(&o);
	strbuf_adds(&set, "map=");
	strbuf_pad(&set, 'x', strlen("map=") + sizeof(o.map) - 1);
	ck_assert_int_eq(options_set(&o, strbuf_str(&set), NULL), 0);
	ck_assert_uint_eq(strlen(o.map), sizeof(o.map) - 1);
	strbuf_addc(&set, 'x');
	ck_assert_int_eq(options_set(&o, strbuf_str(&set), NULL), -EINVAL);
	strbuf_done(&set);
}
END_TEST

START_TEST(defaults)
{
	struct options o;

	options_init(&o);
	ck_assert_int_eq(o.mode, MODE_AUTO);
	ck_assert_int_eq(o.finish, FINISH_REBOOT);
	ck_assert_int_eq(o.on_fail, FINISH_SHELL);
	ck_assert_int_eq(o.fstab, FSTAB_DEVICE);
	ck_assert_int_eq(o.swap, SWAP_REMOVE);
	ck_assert_int_eq(o.boot, BOOT_AUTO);
	ck_assert_int_eq(o.grow, NO);
	ck_assert_str_eq(o.console, "ttyS0");
	ck_assert_str_eq(o.map, "");
	ck_assert_str_eq(options_mode_name(&o), "auto");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, words, 0, ARRAY_SIZE(word_rows));
	tcase_add_loop_test(tc, texts, 0, ARRAY_SIZE(text_rows));
	tcase_add_loop_test(tc, refusing, 0, ARRAY_SIZE(bad_rows));
	tcase_add_test(tc, longest);
	tcase_add_test(tc, defaults);
}

int main(void)
{
	return check_main("options", add);
}
