/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_main.h"
#include "scratch.h"
#include "sys/hostopt.h"

/* As QEMU makes them: type 1, type 11 with -smbios type=11,value=..., the end. */
#define SMBIOS                                                                           \
	"\x01\x06\x00\x01\x01\x02"                                                       \
	"QEMU\0xvd2vd:mode=undo\0\0"                                                     \
	"\x20\x05\x01\x20\x00"                                                           \
	"\0\0"                                                                           \
	"\x0b\x05\x00\x0e\x03"                                                           \
	"other:x=1\0xvd2vd:mode=plan\0xvd2vd:map=xvda:vda,xvdb:vdb\0\0"                  \
	"\x7f\x04\x00\x7f\0\0"

static const struct {
	const char *name;
	int (*parse)(struct str text, struct strv *ret);
	struct str in;
	const char *want;
} rows[] = {
	{"cmdline", hostopt_parse_cmdline,
		S("quiet xvd2vd.mode=plan root=/dev/vda xvd2vd.fstab=uuid\n"),
		"mode=plan|fstab=uuid|"},
	{"cmdline, quotes", hostopt_parse_cmdline,
		S("xvd2vd.root=\"a b\" \"xvd2vd.console=x y\" xvd2vd.mode=\"open"),
		"root=a b|console=x y|mode=open|"},
	{"cmdline, not ours", hostopt_parse_cmdline,
		S("xvd2vd.shell xvd2vd.=x notxvd2vd.mode=1 xvd2vd.Mode=1 xvd2vd.a/b=1"),
		""},
	{"cmdline, empty value", hostopt_parse_cmdline, S("xvd2vd.map="), "map=|"},
	{"smbios", hostopt_parse_smbios, S(SMBIOS), "mode=plan|map=xvda:vda,xvdb:vdb|"},
	{"smbios, cut in a string", hostopt_parse_smbios,
		S("\x0b\x05\0\x0e\x01xvd2vd:mode=plan"), ""},
	{"smbios, cut in a header", hostopt_parse_smbios, S("\x0b\xff\0\x0e\x01"), ""},
	{"smbios, length 0", hostopt_parse_smbios, S("\x0b\0\0\x0e\x01\0\0\0\0\0"), ""},
	{"file", hostopt_parse_file,
		S("# host\n\n mode=verify \r\nfinish=poweroff\nnonsense"),
		"mode=verify|finish=poweroff|"},
};

static void joined(const struct strv *l, char *to)
{
	*to = '\0';
	STRV_FOREACH (it, l) {
		strcat(to, *it);
		strcat(to, "|");
	}
}

START_TEST(parse)
{
	struct str in = rows[_i].in;
	struct strv got = {0};
	char text[512];
	/* Exactly as large as the input, so that sanitizers see a read past its end. */
	char *copy = malloc(in.n);

	memcpy(copy, in.p, in.n);
	ck_assert_int_ge(rows[_i].parse((struct str){copy, in.n}, &got), 0);
	joined(&got, text);
	ck_assert_msg(!strcmp(text, rows[_i].want), "%s: %s", rows[_i].name, text);
	strv_done(&got);
	free(copy);
}
END_TEST

START_TEST(all_sources)
{
	struct strv got = {0};
	struct err e = {0};
	char text[512];

	scratch_make();
	ck_assert_int_eq(hostopt_read(scratch, &got, &e), 0);
	ck_assert_uint_eq(got.n, 0);
	scratch_write("proc/cmdline", "xvd2vd.mode=auto\n", 17);
	scratch_write("sys/firmware/dmi/tables/DMI", SMBIOS, sizeof(SMBIOS) - 1);
	scratch_write("sys/firmware/qemu_fw_cfg/by_name/opt/org.xvd2vd/options/raw",
		"mode=undo", 9);
	ck_assert_int_eq(hostopt_read(scratch, &got, &e), 0);
	joined(&got, text);
	ck_assert_str_eq(text, "mode=auto|mode=plan|map=xvda:vda,xvdb:vdb|mode=undo|");
	strv_done(&got);
	scratch_remove();
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, parse, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, all_sources);
}

int main(void)
{
	return check_main("hostopt", add);
}
