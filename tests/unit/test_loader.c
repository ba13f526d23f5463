/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which loader starts a guest, from which config, and which entry of its menu. */
#include <errno.h>

#include "guest_fixture.h"

#define FSTAB                                                                            \
	{                                                                                \
		"/etc/fstab", "/dev/xvda / ext4 d 0 1\n"                                 \
	}
#define MENU(path, head)                                                                 \
	{                                                                                \
		path, head "title a\nkernel /boot/vmlinuz-1\n"                           \
			   "title b\nkernel /boot/vmlinuz-2\n"                           \
	}
#define ENTRY(title, id)                                                                 \
	"menuentry '" title "' --class x $menuentry_id_option '" id "' {\n"              \
	"\tlinux /boot/vmlinuz-" id " root=UUID=a\n\tinitrd /boot/initrd-" id "\n}\n"
#define GRUB_CFG(head)                                                                   \
	{                                                                                \
		"/boot/grub/grub.cfg",                                                   \
			"menuentry_id_option=--id\nexport menuentry_id_option\n" head    \
				ENTRY("Debian",                                          \
					"one") "submenu 'More' "                         \
					       "$menuentry_id_option 'adv' {\n" ENTRY(   \
						       "Debian 6.1",                     \
						       "two") ENTRY("Debian 5.10",       \
						       "three") "}\n" ENTRY("Memory "    \
									    "test",      \
						       "four")                           \
	}
#define ENV(text)                                                                        \
	{                                                                                \
		"/boot/grub/grubenv", "# GRUB Environment Block\n" text                  \
	}
#define SAVED                                                                            \
	"load_env\nif [ \"${next_entry}\" ]; then\n set "                                \
	"default=\"${next_entry}\"\nelse\n"                                              \
	"   set default=\"${saved_entry}\"\nfi\n"

/* `want`: "boot loader config title", '-' where there is none; a '?' behind the title where
 * the default is not known, so that the first is taken. */
static const struct row {
	const char *name, *code;
	struct fx_file files[4];
	const char *want;
} rows[] = {
	{"nothing", "none", {FSTAB}, "none none - -"},
	{"boot code alone", "grub2", {FSTAB}, "mbr none - -"},
	{"pv-grub", "none", {FSTAB, MENU("/boot/grub/menu.lst", "")},
		"pvgrub grub-legacy /boot/grub/menu.lst a"},
	{"grub in the MBR", "grub", {FSTAB, MENU("/boot/grub/menu.lst", "")},
		"mbr grub-legacy /boot/grub/menu.lst a"},
	{"grub.conf", "none", {FSTAB, MENU("/boot/grub/grub.conf", "default=1\n")},
		"pvgrub grub-legacy /boot/grub/grub.conf b"},
	{"menu.lst is a link to grub.conf", "none",
		{FSTAB, {"/boot/grub/menu.lst", .link = "./grub.conf"},
			MENU("/boot/grub/grub.conf", "default 1\n")},
		"pvgrub grub-legacy /boot/grub/grub.conf b"},
	{"pv-grub comes to menu.lst before grub.cfg", "none",
		{FSTAB, MENU("/boot/grub/menu.lst", ""), GRUB_CFG("")},
		"pvgrub grub-legacy /boot/grub/menu.lst a"},
	{"GRUB 2 in the MBR reads grub.cfg, whatever else is there", "grub2",
		{FSTAB, MENU("/boot/grub/menu.lst", ""), GRUB_CFG("set default=\"0\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian"},
	{"ours in the MBR reads as pv-grub does, whatever is GRUB's", "pvgrub",
		{FSTAB, MENU("/boot/grub/menu.lst", ""), GRUB_CFG("")},
		"mbr grub-legacy /boot/grub/menu.lst a"},
	{"ours, GRUB 2's menu", "pvgrub", {FSTAB, GRUB_CFG("set default=\"0\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian"},
	{"ours does not read lilo.conf", "pvgrub",
		{FSTAB, {"/etc/lilo.conf", "image=/vmlinuz\n"}}, "mbr none - -"},
	{"boot code that says nothing of the config", "other",
		{FSTAB, MENU("/boot/grub/menu.lst", "")},
		"mbr grub-legacy /boot/grub/menu.lst a"},
	/* GRUB legacy's default */
	{"default 1", "none", {FSTAB, MENU("/boot/grub/menu.lst", "default\t1\n")},
		"pvgrub grub-legacy /boot/grub/menu.lst b"},
	{"default past the end", "none",
		{FSTAB, MENU("/boot/grub/menu.lst", "default 7\n")},
		"pvgrub grub-legacy /boot/grub/menu.lst a?"},
	{"default saved", "none", {FSTAB, MENU("/boot/grub/menu.lst", "default saved\n")},
		"pvgrub grub-legacy /boot/grub/menu.lst a?"},
	/* GRUB 2's default */
	{"by index", "grub2", {FSTAB, GRUB_CFG("set default=\"0\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian"},
	{"index counts a submenu as one", "grub2",
		{FSTAB, GRUB_CFG("set default=\"2\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Memory test"},
	{"a submenu's index is its first entry", "grub2",
		{FSTAB, GRUB_CFG("set default=1\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian 6.1"},
	{"by title", "grub2", {FSTAB, GRUB_CFG("set default='Memory test'\n")},
		"mbr grub2 /boot/grub/grub.cfg Memory test"},
	{"by id", "grub2", {FSTAB, GRUB_CFG("set default=\"four\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Memory test"},
	{"submenu and title", "grub2",
		{FSTAB, GRUB_CFG("set default=\"More>Debian 5.10\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian 5.10"},
	{"submenu's id and id", "grub2", {FSTAB, GRUB_CFG("set default=\"adv>three\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian 5.10"},
	{"submenu and entry by index", "grub2",
		{FSTAB, GRUB_CFG("set default=\"1>1\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian 5.10"},
	{"submenu's id and index", "grub2", {FSTAB, GRUB_CFG("set default=\"adv>0\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian 6.1"},
	{"no such title", "grub2", {FSTAB, GRUB_CFG("set default=\"gone\"\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian?"},
	{"saved, nothing saved", "grub2", {FSTAB, GRUB_CFG(SAVED)},
		"mbr grub2 /boot/grub/grub.cfg Debian?"},
	{"saved by id", "grub2", {FSTAB, GRUB_CFG(SAVED), ENV("saved_entry=adv>three\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian 5.10"},
	{"saved by index", "grub2", {FSTAB, GRUB_CFG(SAVED), ENV("saved_entry=2\n")},
		"mbr grub2 /boot/grub/grub.cfg Memory test"},
	{"something saved, but not asked for", "grub2",
		{FSTAB, GRUB_CFG("set default=\"0\"\n"), ENV("saved_entry=2\n")},
		"mbr grub2 /boot/grub/grub.cfg Debian"},
	/* extlinux */
	{"extlinux's DEFAULT", "syslinux",
		{FSTAB, {"/boot/extlinux/extlinux.conf",
				"DEFAULT l1\nLABEL l0\n LINUX /vmlinuz\nLABEL l1\n"
				" LINUX /vmlinuz.old\n APPEND root=/dev/xvda\n"}},
		"mbr extlinux /boot/extlinux/extlinux.conf l1"},
	{"isolinux, before extlinux's folder, before its file", "none",
		{FSTAB, {"/boot/isolinux/isolinux.cfg", "LABEL i\n LINUX /vmlinuz\n"},
			{"/boot/extlinux/extlinux.conf", "LABEL f\n LINUX /vmlinuz\n"},
			{"/boot/extlinux.conf", "LABEL c\n LINUX /vmlinuz\n"}},
		"pvgrub extlinux /boot/isolinux/isolinux.cfg i?"},
	{"extlinux's folder before its file", "none",
		{FSTAB, {"/boot/extlinux/extlinux.conf", "LABEL f\n LINUX /vmlinuz\n"},
			{"/boot/extlinux.conf", "LABEL c\n LINUX /vmlinuz\n"}},
		"pvgrub extlinux /boot/extlinux/extlinux.conf f?"},
	{"Arch's syslinux, last", "syslinux",
		{FSTAB, {"/boot/syslinux/syslinux.cfg",
				"DEFAULT a\nUI menu.c32\nLABEL a\n LINUX ../vmlinuz\n"}},
		"mbr extlinux /boot/syslinux/syslinux.cfg a"},
	{"extlinux before syslinux", "none",
		{FSTAB, {"/boot/syslinux/syslinux.cfg", "LABEL s\n LINUX /vmlinuz\n"},
			{"/boot/extlinux.conf", "LABEL c\n LINUX /vmlinuz\n"}},
		"pvgrub extlinux /boot/extlinux.conf c?"},
	{"extlinux's menu default", "none",
		{FSTAB, {"/boot/extlinux.conf",
				"default menu.c32\nlabel l0\n kernel /vmlinuz\nlabel l1\n"
				" menu default\n kernel /vmlinuz.old\n"}},
		"pvgrub extlinux /boot/extlinux.conf l1"},
	{"extlinux without a default", "none",
		{FSTAB, {"/boot/extlinux.conf", "label l0\n kernel /vmlinuz\n"}},
		"pvgrub extlinux /boot/extlinux.conf l0?"},
};

static void load(struct fx *fx, const char *code, const struct fx_file *files, size_t n)
{
	cleanup_(free_charp) char *machine =
		str_printf("vda ext4 aaaa / boot_code=%s\nroot /dev/vda", code);

	fx_load(fx, machine, files, n, false);
	for (size_t i = 0; i < fx->snap.n; i++)
		if (str_ends(str_from(fx->snap.v[i].path), "/grubenv"))
			strbuf_pad(&fx->snap.v[i].data, '#', 1024);
	ck_assert_msg(guest_read(&fx->snap, &fx->machine, &fx->guest, &fx->e) == 0, "%s",
		fx->e.text);
}

START_TEST(choosing)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	const struct guest *g;
	struct fx fx;

	load(&fx, row->code, row->files, ARRAY_SIZE(row->files));
	g = &fx.guest;
	strbuf_addf(&got, "%s %s %s ", boot_style_name(g->boot), loader_name(g->loader),
		g->config ? g->config : "-");
	if (g->n_menu)
		strbuf_add(&got, g->menu[g->default_entry].title);
	strbuf_adds(&got, !g->n_menu ? "-" : g->default_known ? "" : "?");
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	strbuf_done(&got);
	fx_done(&fx);
}
END_TEST

/* Paths of the menu: with and without /boot, with a device before them, behind links. */
static const struct path_row {
	const char *name, *fstab, *kernel, *image;
} path_rows[] = {
	{"as written", "/dev/xvda / ext4 d 0 1\n", "/boot/vmlinuz-1", "/boot/vmlinuz-1"},
	{"GRUB's device before it", "/dev/xvda / ext4 d 0 1\n", "(hd0,0)/boot/vmlinuz-1",
		"/boot/vmlinuz-1"},
	{"below a /boot of its own",
		"/dev/xvda1 / ext4 d 0 1\n/dev/xvda2 /boot ext2 d 0 2\n", "/vmlinuz-1",
		"/boot/vmlinuz-1"},
	{"the link in the root", "/dev/xvda / ext4 d 0 1\n", "/vmlinuz",
		"/boot/vmlinuz-1"},
	{"not there", "/dev/xvda / ext4 d 0 1\n", "/boot/vmlinuz-9", NULL},
};

START_TEST(paths)
{
	const struct path_row *row = &path_rows[_i];
	cleanup_(free_charp) char *menu =
		str_printf("title t\nkernel %s root=/dev/xvda\n", row->kernel);
	const struct fx_file files[] = {{"/etc/fstab", row->fstab},
		{"/boot/grub/menu.lst", menu}, {"/boot/vmlinuz-1", .kernel = "1"},
		{"/vmlinuz", .link = "/boot/vmlinuz-1"}};
	struct fx fx;

	load(&fx, "none", files, ARRAY_SIZE(files));
	ck_assert_uint_eq(fx.guest.n_menu, 1);
	ck_assert_msg(row->image ? fx.guest.menu[0].image &&
					   strcmp(fx.guest.menu[0].image, row->image) == 0
				 : !fx.guest.menu[0].image,
		"%s: %s", row->name, fx.guest.menu[0].image);
	fx_done(&fx);
}
END_TEST

/* Entries that start no kernel of the guest. */
START_TEST(chains)
{
	static const struct fx_file files[] = {FSTAB,
		{"/boot/grub/menu.lst",
			"title chain\nrootnoverify (hd0,0)\nchainloader +1\n"
			"title linux\nkernel /boot/vmlinuz-1\n"
			"title xen\nkernel /boot/xen.gz\nmodule /boot/vmlinuz-1\n"}};
	struct fx fx;

	load(&fx, "none", files, ARRAY_SIZE(files));
	ck_assert_uint_eq(fx.guest.n_menu, 3);
	ck_assert(fx.guest.menu[0].chain);
	ck_assert(!fx.guest.menu[1].chain);
	ck_assert(fx.guest.menu[2].chain);
	fx_done(&fx);
}
END_TEST

START_TEST(too_many)
{
	struct strbuf menu = {0};
	struct fx fx = {0};

	for (int i = 0; i < 501; i++)
		strbuf_addf(&menu, "title %d\nkernel /k\n", i);
	const struct fx_file files[] = {FSTAB, {"/boot/grub/menu.lst", menu.p}};
	fx_load(&fx, "vda ext4 aaaa /\nroot /dev/vda", files, ARRAY_SIZE(files), false);
	ck_assert_int_eq(guest_read(&fx.snap, &fx.machine, &fx.guest, &fx.e), -EINVAL);
	ck_assert(strstr(fx.e.text, "/boot/grub/menu.lst"));
	strbuf_done(&menu);
	fx_done(&fx);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, choosing, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, paths, 0, ARRAY_SIZE(path_rows));
	tcase_add_test(tc, chains);
	tcase_add_test(tc, too_many);
}

int main(void)
{
	return check_main("loader", add);
}
