/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest whose default is a kernel for Xen alone: which other entry becomes the default, and in
 * which bytes each loader is told so. */
#include <errno.h>

#include "plan/default_entry.h"
#include "plan/draft.h"
#include "plan/rules.h"
#include "plan_fixture.h"

#define BARE "vda ext4 aaaa /\nroot /dev/vda"
#define FSTAB                                                                            \
	{                                                                                \
		"/etc/fstab", "/dev/vda / ext4 d 0 1\n"                                  \
	}
#define XEN_ONLY(release)                                                                \
	FX_IMAGE(release),                                                               \
	{                                                                                \
		"/boot/config-" release, "CONFIG_XEN=y\nCONFIG_X86_64_XEN=y\n"           \
	}
#define PAIR FX_DEBIAN, FSTAB, XEN_ONLY("5-xen"), FX_IMAGE("4-amd64")
#define LEGACY(text)                                                                     \
	{                                                                                \
		"/boot/grub/menu.lst", text                                              \
	}
#define TITLE(release, args)                                                             \
	"title " release "\nroot (hd0)\nkernel /boot/vmlinuz-" release " " args "\n"
#define CFG(text)                                                                        \
	{                                                                                \
		"/boot/grub/grub.cfg", text                                              \
	}
#define LOAD "if [ -s $prefix/grubenv ]; then load_env; fi\n"
#define NEXT                                                                             \
	"if [ \"${next_entry}\" ] ; then set default=\"${next_entry}\"\n"                \
	"else set default=\"${saved_entry}\"\nfi\n"
#define ENTRY(release)                                                                   \
	"menuentry 'Linux " release "' --id gnulinux-" release " {\n"                    \
	"linux /boot/vmlinuz-" release " ro\n}\n"
#define OLD_ENTRY(release)                                                               \
	"menuentry 'with > Linux " release "' {\nlinux /boot/vmlinuz-" release " ro\n}"  \
	"\n"
#define SUBMENU(entries) "submenu 'Advanced' --id gnulinux-advanced {\n" entries "}\n"
#define ENV "# GRUB Environment Block\n"
#define DEFAULTS(text)                                                                   \
	{                                                                                \
		"/etc/default/grub", text                                                \
	}
#define LABEL(release) "label " release "\n\tlinux ../vmlinuz-" release "\n"

/* A text that is a GRUB environment block is padded to its size. */
static const struct row {
	const char *name;
	struct fx_file files[9];
	/* All files that change, in the order of the steps. */
	struct {
		const char *path, *text;
	} want[4];
	const char *refused;
} rows[] = {
	{"the default runs here",
		{FX_DEBIAN, FSTAB, FX_IMAGE("4-amd64"), LEGACY(TITLE("4-amd64", "ro"))},
		{{0}}},
	{"GRUB legacy",
		{PAIR, LEGACY("default 0\n" TITLE("5-xen", "") TITLE("4-amd64", ""))},
		{{"/boot/grub/menu.lst",
			"default 1\n" TITLE("5-xen", "") TITLE("4-amd64", "")}}},
	{"GRUB legacy, saved",
		{PAIR, LEGACY("default saved\n" TITLE("5-xen", "") TITLE("4-amd64", "")),
			{"/boot/grub/default", "0\n#\n#\n"}},
		{{"/boot/grub/default", "1\n#\n#\n"}}},
	{"GRUB legacy, saved nowhere",
		{PAIR, LEGACY("default saved\n" TITLE("5-xen", "") TITLE("4-amd64", ""))},
		{{"/boot/grub/menu.lst",
			"default 1\n" TITLE("5-xen", "") TITLE("4-amd64", "")}}},
	{"the newest that is for daily use",
		{PAIR, FX_IMAGE("6-debug"), FX_IMAGE("4.1-amd64"),
			LEGACY("default 0\n" TITLE("5-xen", "") TITLE("6-debug", "")
					TITLE("4-amd64", "") TITLE("4.1-amd64", "single")
						TITLE("4.1-amd64", "ro"))},
		{{"/boot/grub/menu.lst",
			"default 4\n" TITLE("5-xen", "") TITLE("6-debug", "")
				TITLE("4-amd64", "") TITLE("4.1-amd64", "single")
					TITLE("4.1-amd64", "ro")}}},
	{"rather for repairs than for Xen",
		{PAIR, LEGACY("default 0\n" TITLE("5-xen", "")
				       TITLE("4-amd64", "single"))},
		{{"/boot/grub/menu.lst",
			"default 1\n" TITLE("5-xen", "") TITLE("4-amd64", "single")}}},
	{"GRUB 2, by ids",
		{PAIR,
			CFG("set default=\"0\"\n" ENTRY("5-xen")
					SUBMENU(ENTRY("5-xen") ENTRY("4-amd64"))),
			DEFAULTS("GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\n")},
		{{"/boot/grub/grub.cfg",
			 "set default=\"gnulinux-advanced>gnulinux-4-amd64\"\n" ENTRY(
				 "5-xen") SUBMENU(ENTRY("5-xen") ENTRY("4-amd64"))},
			{"/etc/default/grub",
				"GRUB_DEFAULT=\"gnulinux-advanced>gnulinux-4-amd64\"\n"
				"GRUB_TIMEOUT=5\n"}}},
	{"GRUB 2, by titles",
		{PAIR, CFG("set default=0\n" OLD_ENTRY("5-xen") OLD_ENTRY("4-amd64"))},
		{{"/boot/grub/grub.cfg",
			"set default=\"with >> Linux 4-amd64\"\n" OLD_ENTRY("5-xen")
				OLD_ENTRY("4-amd64")}}},
	{"GRUB 2, saved",
		{PAIR, CFG(LOAD NEXT ENTRY("5-xen") ENTRY("4-amd64")),
			{"/boot/grub/grubenv", ENV "saved_entry=gnulinux-5-xen\n"},
			DEFAULTS("GRUB_DEFAULT=saved\n")},
		{{"/boot/grub/grubenv", ENV "saved_entry=gnulinux-4-amd64\n"}}},
	{"GRUB 2, saved, and another one for once",
		{PAIR, CFG(LOAD NEXT ENTRY("5-xen") ENTRY("4-amd64")),
			{"/boot/grub/grubenv", ENV "next_entry=gnulinux-5-xen\n"},
			DEFAULTS("GRUB_DEFAULT=0\n")},
		{{"/boot/grub/grubenv",
			 ENV "next_entry=\nsaved_entry=gnulinux-4-amd64\n"},
			{"/etc/default/grub", "GRUB_DEFAULT=gnulinux-4-amd64\n"}}},
	{"GRUB 2, saved in no block",
		{PAIR, CFG(LOAD NEXT ENTRY("5-xen") ENTRY("4-amd64"))},
		{{"/boot/grub/grub.cfg", LOAD
			"if [ \"${next_entry}\" ] ; then set default=\"${next_entry}\"\n"
			"else set default=\"gnulinux-4-amd64\"\nfi\n" ENTRY("5-xen")
				ENTRY("4-amd64")}}},
	{"extlinux",
		{PAIR,
			{"/boot/extlinux/extlinux.conf",
				"default 5-xen\n" LABEL("5-xen") LABEL("4-amd64")},
			{"/etc/default/extlinux", "EXTLINUX_DEFAULT=\"l0\"\n"}},
		{{"/boot/extlinux/extlinux.conf",
			 "default 4-amd64\n" LABEL("5-xen") LABEL("4-amd64")},
			{"/etc/default/extlinux", "EXTLINUX_DEFAULT=\"4-amd64\"\n"}}},
	{"not in the menu",
		{PAIR, {"/boot/initrd.img-4-amd64", .members = "init"},
			LEGACY("default 0\nfallback 0\n" TITLE(
				"5-xen", "root=/dev/vda ro"))},
		{{"/boot/grub/menu.lst",
			"default 0\nfallback 1\n"
			"title\t\tDebian GNU/Linux 12.5, kernel 4-amd64\nroot\t\t(hd0)\n"
			"kernel\t\t/boot/vmlinuz-4-amd64 root=/dev/vda ro\n"
			"initrd\t\t/boot/initrd.img-4-amd64\n\n" TITLE(
				"5-xen", "root=/dev/vda ro")}}},
	{"not in GRUB 2's",
		{PAIR, {"/boot/initrd.img-4-amd64", .members = "init"},
			CFG(ENTRY("5-xen"))},
		{{"/boot/grub/grub.cfg", ENTRY("5-xen") ENTRY("4-amd64")}}},
	{"not in GRUB 2's, by hand",
		{PAIR, {"/boot/initrd.img-4-amd64", .members = "init"},
			CFG("menuentry 'mine' {\nlinux /boot/vmlinuz-5-xen ro\n}\n")},
		{{0}},
		.refused = "run update-grub in the guest first: "
			   "/boot/grub/grub.cfg: the entry \"mine\" does not"},
	{"not in extlinux'",
		{PAIR, {"/boot/initrd.img-4-amd64", .members = "init"},
			{"/boot/extlinux/extlinux.conf",
				"default 5-xen\n" LABEL("5-xen")}},
		{{0}}, .refused = "run update-grub in the guest first"},
	{"no other", {FX_DEBIAN, FSTAB, XEN_ONLY("5-xen"), LEGACY(TITLE("5-xen", ""))},
		{{0}}, .refused = "install the distribution's stock kernel"},
};

static void check_draft(const struct row *row, const struct plan_fx *p)
{
	size_t n = 0;

	for (; n < ARRAY_SIZE(row->want) && row->want[n].path; n++) {
		struct strbuf want = {0};
		struct str got;

		strbuf_adds(&want, row->want[n].text);
		if (str_starts(strbuf_str(&want), ENV))
			strbuf_pad(&want, '#', 1024);
		ck_assert_msg(n < p->plan.n_steps, "%s: no step for %s", row->name,
			row->want[n].path);
		check_bytes(row->name, str_from(p->plan.steps[n].path),
			str_from(row->want[n].path));
		ck_assert(draft_read(&p->in, &p->plan, row->want[n].path, &got));
		check_bytes(row->name, got, strbuf_str(&want));
		strbuf_done(&want);
	}
	ck_assert_msg(p->plan.n_steps == n, "%s: %zu steps", row->name, p->plan.n_steps);
	ck_assert_msg(p->plan.again == (n > 0), "%s: again", row->name);
}

START_TEST(another_kernel)
{
	const struct row *row = &rows[_i];
	struct fx_file files[ARRAY_SIZE(row->files)];
	struct strbuf block = {0};
	struct plan_fx p;
	struct err e = {0};
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		files[i] = row->files[i];
		if (!str_starts(str_from(files[i].text), ENV))
			continue;
		strbuf_adds(&block, files[i].text);
		strbuf_pad(&block, '#', 1024);
		files[i].text = block.p;
	}
	plan_fx_load(&p, BARE, files, ARRAY_SIZE(files), "packages=off");
	r = rule_kernel(&p.in, &p.plan, &e);
	if (row->refused) {
		ck_assert_msg(r == -EUSERS && strstr(e.text, row->refused), "%s: %d, %s",
			row->name, r, e.text);
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
		check_draft(row, &p);
	}
	plan_fx_done(&p);
	strbuf_done(&block);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, another_kernel, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_kernel", add);
}
