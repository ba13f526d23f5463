/* SPDX-License-Identifier: GPL-2.0-or-later */
/* grub.cfg executed: scripts of real systems (the fuzzer's corpus), and what GRUB's shell does
 * with words, branches, loops and menus. */
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "check_main.h"
#include "text/grub_script.h"

#define UUID "8a3c7d0e-41f2-4c9b-9d55-2b6f0e1c7a90"
#define CONFIG "(hd0,msdos1)/boot/grub/grub.cfg"
#define ENV(vars) "# GRUB Environment Block\n" vars "#######"

/* A file: "(hd0,msdos1)/boot/x"; without text it is one that is not read. */
struct file {
	const char *path, *text;
};
static const struct disk {
	const char *name, *uuid, *label;
} disks[] = {
	{"hd0,msdos1", UUID, "root"},
	{"hd0,msdos5", "0000", "home"},
	{"hd1", "1111", "data"},
};

struct world {
	const struct file *files;
	size_t n;
};

static const struct file *find(const struct world *w, struct str device, struct str path)
{
	for (size_t i = 0; i < w->n && w->files[i].path; i++) {
		struct str have = str_from(w->files[i].path);

		if (str_skip(&have, "(") && have.n == device.n + 1 + path.n &&
			str_eq(str_upto(have, device.n), device) &&
			str_eq(str_from_pos(have, device.n + 1), path))
			return &w->files[i];
	}
	return NULL;
}

static enum grub_found look(
	void *ctx, struct str device, struct str path, uint64_t *ret_size)
{
	const struct file *f = find(ctx, device, path);

	if (str_is(path, "/") || str_is(path, "/boot"))
		return GRUB_FOLDER;
	if (f)
		*ret_size = f->text ? strlen(f->text) : 1;
	return f ? GRUB_FILE : GRUB_NOTHING;
}

static bool read_file(void *ctx, struct str device, struct str path, struct str *ret)
{
	const struct file *f = find(ctx, device, path);

	if (f && f->text)
		*ret = str_from(f->text);
	return f && f->text;
}

static bool list(void *ctx, struct str device, struct str folder, size_t *pos,
	struct str *ret_name)
{
	const struct world *w = ctx;

	while (*pos < w->n && w->files[*pos].path) {
		struct str path = str_from(w->files[(*pos)++].path), head, tail;

		if (!str_skip(&path, "(") || !str_cut(path, ')', &head, &tail) ||
			!str_eq(head, device) || tail.n <= folder.n + 1 ||
			!str_eq(str_upto(tail, folder.n), folder))
			continue;
		*ret_name = str_from_pos(tail, folder.n + 1);
		return true;
	}
	return false;
}

static bool device(void *ctx, size_t n, struct strbuf *ret_name)
{
	(void)ctx;
	if (n < ARRAY_SIZE(disks))
		strbuf_adds(ret_name, disks[n].name);
	return n < ARRAY_SIZE(disks);
}

static bool matches(void *ctx, struct str dev, enum grub_search by, struct str what)
{
	for (size_t i = 0; i < ARRAY_SIZE(disks); i++) {
		if (!str_is(dev, disks[i].name))
			continue;
		if (by == GRUB_SEARCH_FILE)
			return find(ctx, dev, what) != NULL;
		return str_is(
			what, by == GRUB_SEARCH_LABEL ? disks[i].label : disks[i].uuid);
	}
	return false;
}

/* "title: (device)kernel args + initrd" or "title: !why not", a line for each entry; those of
 * submenus behind a '>'; '*' before what is started, '?' where `default` names nothing. */
static void print(const struct grub_menu *m, struct strbuf *out)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct grub_menu_entry *ent = &m->v[i];

		strbuf_adds(out, i == m->chosen ? (m->known ? "*" : "*?") : "");
		strbuf_adds(out, ent->in == GRUB_MENU_TOP ? "" : ">");
		strbuf_addf(out, STR_FMT ":", STR_ARG(ent->title));
		if (ent->submenu)
			strbuf_adds(out, " submenu");
		if (ent->chain)
			strbuf_adds(out, " chain");
		if (ent->problem.n)
			strbuf_addf(out, " !" STR_FMT, STR_ARG(ent->problem));
		else if (ent->kernel.n)
			strbuf_addf(out, " (" STR_FMT ")" STR_FMT " " STR_FMT,
				STR_ARG(ent->root), STR_ARG(ent->kernel),
				STR_ARG(ent->args));
		if (ent->initrd.n)
			strbuf_addf(out, " + " STR_FMT, STR_ARG(ent->initrd));
		else if (ent->other_initrd.n && !ent->problem.n)
			strbuf_addf(out, " (+ " STR_FMT ")", STR_ARG(ent->other_initrd));
		strbuf_addc(out, '\n');
	}
}

static int run(const struct file *files, size_t n, const char *config,
	struct grub_menu *m, struct err *e)
{
	struct world w = {files, n};
	struct grub_host host = {&w, look, read_file, list, device, matches, false};
	struct str dev, path;

	ck_assert(str_cut(str_from(config + 1), ')', &dev, &path));
	return grub_script_menu(&host, dev, path, m, e);
}

#define K "/boot/vmlinuz-"
#define HD "(hd0,msdos1)"
#define KERNEL(v)                                                                        \
	{HD K v},                                                                        \
	{                                                                                \
		HD "/boot/initrd.img-" v                                                 \
	}
#define ID_ARGS(v, args)                                                                 \
	" " HD K v " root=UUID=" UUID " ro " args " + /boot/initrd.img-" v

/* Real systems: what is started. */
static const struct system_row {
	const char *name, *config;
	struct file files[8];
	const char *want;
} system_rows[] = {
	{"debian-7", CONFIG, {KERNEL("3.2.0-4-amd64")},
		"Debian GNU/Linux, with Linux 3.2.0-4-amd64:" ID_ARGS(
			"3.2.0-4-amd64", "quiet")},
	{"debian-8", CONFIG, {KERNEL("3.16.0-6-amd64")},
		"Debian GNU/Linux:" ID_ARGS("3.16.0-6-amd64", "quiet")},
	{"debian-8", CONFIG,
		{KERNEL("3.16.0-4-amd64"),
			{HD "/boot/grub/grubenv",
				ENV("next_entry=gnulinux-advanced-" UUID
				    ">gnulinux-3.16.0-4-amd64-recovery-" UUID "\n")}},
		"Debian GNU/Linux, with Linux 3.16.0-4-amd64 (recovery mode):" ID_ARGS(
			"3.16.0-4-amd64", "single")},
	{"debian-8", CONFIG,
		{KERNEL("3.16.0-4-amd64"),
			{HD "/boot/grub/grubenv", ENV("next_entry=1>2\n")}},
		"Debian GNU/Linux, with Linux 3.16.0-4-amd64:" ID_ARGS(
			"3.16.0-4-amd64", "quiet")},
	{"debian-10", CONFIG,
		{KERNEL("4.19.0-27-amd64"), {HD "/boot/grub/grubenv", ENV("")}},
		"?Debian GNU/Linux:" ID_ARGS("4.19.0-27-amd64", "quiet")},
	{"debian-10", CONFIG,
		{KERNEL("4.19.0-26-amd64"),
			{HD "/boot/grub/grubenv",
				ENV("saved_entry=gnulinux-advanced-" UUID
				    ">gnulinux-4.19.0-26-amd64-advanced-" UUID "\n")}},
		"Debian GNU/Linux, with Linux 4.19.0-26-amd64:" ID_ARGS(
			"4.19.0-26-amd64", "quiet")},
	{"debian-10", CONFIG,
		{KERNEL("4.19.0-26-amd64"),
			{HD "/boot/grub/grubenv",
				ENV("saved_entry=0\nprev_saved_entry=Advanced options "
				    "for Debian GNU/Linux>Debian GNU/Linux, with Linux "
				    "4.19.0-26-amd64\n")}},
		/* prev_saved_entry is for the next boot: default was set before */
		"Debian GNU/Linux: !there is no /boot/vmlinuz-4.19.0-27-amd64 on "
		"(hd0,msdos1)"},
	{"debian-12", CONFIG, {KERNEL("6.1.0-18-amd64")},
		"Debian GNU/Linux:" ID_ARGS("6.1.0-18-amd64", "quiet")},
	{"debian-12", CONFIG,
		{KERNEL("6.1.0-18-amd64"),
			{HD "/boot/grub/custom.cfg",
				"set default=mine\nmenuentry 'Mine' --id mine "
				"{\n linux /boot/vmlinuz-6.1.0-18-amd64 x\n}\n"}},
		"Mine: " HD K "6.1.0-18-amd64 x"},
	{"ubuntu-12.04", CONFIG, {KERNEL("3.2.0-150-virtual")},
		"Ubuntu, with Linux 3.2.0-150-virtual:" ID_ARGS(
			"3.2.0-150-virtual", "quiet splash vt.handoff=7")},
	{"ubuntu-14.04", CONFIG,
		{KERNEL("3.13.0-170-generic"),
			{HD "/boot/grub/grubenv", ENV("recordfail=1\n")}},
		"Ubuntu:" ID_ARGS("3.13.0-170-generic", "quiet")},
	{"ubuntu-20.04-cloud", CONFIG, {KERNEL("5.4.0-1063-kvm")},
		"Ubuntu: " HD K
		"5.4.0-1063-kvm root=PARTUUID=4d1c5e5a-01 ro console=tty1 "
		"console=ttyS0 panic=-1 (+ /boot/initrd.img-5.4.0-1063-kvm)"},
	{"ubuntu-20.04-cloud", CONFIG,
		{KERNEL("5.4.0-1063-kvm"),
			{HD "/boot/grub/grubenv", ENV("initrdfail=1\n")}},
		"Ubuntu:" ID_ARGS("5.4.0-1063-kvm", "console=tty1 console=ttyS0")},
	{"centos-7", HD "/boot/grub2/grub.cfg",
		{{HD K "3.10.0-957.el7.x86_64"},
			{HD "/boot/initramfs-3.10.0-957.el7.x86_64.img"},
			{HD "/boot/grub2/grubenv",
				ENV("saved_entry=CentOS Linux (3.10.0-957.el7.x86_64) 7 "
				    "(Core)\n")}},
		"CentOS Linux (3.10.0-957.el7.x86_64) 7 (Core): " HD K
		"3.10.0-957.el7.x86_64 root=UUID=" UUID
		" ro console=tty0 console=hvc0 crashkernel=auto LANG=en_US.UTF-8 + "
		"/boot/initramfs-3.10.0-957.el7.x86_64.img"},
};

static char *corpus(const char *name)
{
	cleanup_(free_charp) char *path =
		str_printf("tests/fuzz/corpus/grub_script/%s", name);
	char *text = calloc(1, 1 << 16);
	FILE *f = fopen(path, "re");

	ck_assert_msg(f != NULL, "%s: run it in the project's folder", path);
	ck_assert(fread(text, 1, (1 << 16) - 1, f) > 0);
	fclose(f);
	return text;
}

START_TEST(systems)
{
	const struct system_row *row = &system_rows[_i];
	cleanup_(free_charp) char *text = corpus(row->name);
	struct file files[9] = {{row->config, text}};
	struct grub_menu m = {0};
	struct strbuf all = {0};
	struct str got = {0};
	struct err e = {0};

	memcpy(files + 1, row->files, sizeof(row->files));
	ck_assert_msg(
		run(files, ARRAY_SIZE(files), row->config, &m, &e) == 0, "%s", e.text);
	print(&m, &all);
	STR_FOREACH_LINE (line, strbuf_str(&all))
		if (str_skip(&line, "*"))
			got = str_chomp(line);
	if (got.n && *got.p == '>')
		got = str_from_pos(got, 1);
	check_bytes(row->name, got, str_from(row->want));
	strbuf_done(&all);
	grub_menu_done(&m);
}
END_TEST

#define BLS "/boot/loader/entries/"
#define BLS_ENTRY(v)                                                                     \
	"title Alma (" v ")\nversion " v "\nlinux /boot/vmlinuz-" v                      \
	"\ninitrd /boot/initramfs-" v ".img $tuned_initrd\noptions $kernelopts "         \
	"$tuned_params\nid x\ngrub_users $grub_users\n"

/* rpm's order, not that of file names; the entry that the environment block names. */
START_TEST(loader_entries)
{
	cleanup_(free_charp) char *text = corpus("el8");
	const struct file files[] = {{HD "/boot/grub2/grub.cfg", text},
		{HD "/boot/grub2/grubenv",
			ENV("saved_entry=0f1e-4.18.0-80.el8\n"
			    "kernelopts=root=UUID=" UUID " ro \\\\x\n")},
		{HD BLS "0f1e-0-rescue.conf", BLS_ENTRY("0-rescue")},
		{HD BLS "0f1e-4.18.0-80.el8.conf", BLS_ENTRY("4.18.0-80.el8")},
		{HD BLS "0f1e-4.18.0-80.1.2.el8_0.conf",
			BLS_ENTRY("4.18.0-80.1.2.el8_0")},
		{HD BLS "0f1e-4.18.0-147.el8.conf", BLS_ENTRY("4.18.0-147.el8")},
		{HD BLS "notes.txt", "linux /x\n"}, {HD "/boot/vmlinuz-4.18.0-80.el8"}};
	struct grub_menu m = {0};
	struct strbuf out = {0};

	ck_assert_int_eq(run(files, ARRAY_SIZE(files), files[0].path, &m, NULL), 0);
	print(&m, &out);
	check_bytes("entries", strbuf_str(&out),
		STR("Alma (4.18.0-147.el8): !there is no /boot/vmlinuz-4.18.0-147.el8 on "
		    "(hd0,msdos1)\n"
		    "Alma (4.18.0-80.1.2.el8_0): !there is no "
		    "/boot/vmlinuz-4.18.0-80.1.2.el8_0 on (hd0,msdos1)\n"
		    "*Alma (4.18.0-80.el8): " HD "/boot/vmlinuz-4.18.0-80.el8 "
		    "root=UUID=" UUID " ro \\\\x + /boot/initramfs-4.18.0-80.el8.img\n"
		    "Alma (0-rescue): !there is no /boot/vmlinuz-0-rescue on "
		    "(hd0,msdos1)\n"));
	strbuf_done(&out);
	grub_menu_done(&m);
}
END_TEST

/* The script is a menu of one entry, whose arguments are what is looked at; or more. */
static const struct script_row {
	const char *name, *script, *want;
} script_rows[] = {
#define ARGS(name, before, args, want)                                                   \
	{                                                                                \
		name, before "\nmenuentry t {\nlinux /k " args "\n}\n",                  \
			"*?t: (hd0,msdos1)/k " want "\n"                                 \
	}
	ARGS("words", "", "a  b\tc \\\n d", "a b c d"),
	ARGS("quotes", "", "\"a b\" 'c d' e\\ f \"x\\\"y\" ''",
		"\"a b\" \"c d\" \"e f\" x\\\"y "),
	ARGS("variables", "set a='x  y'\nset e=", "$a ${a}z \"$a\" '$a' $e \"$e\" p$a",
		"x y x yz \"x  y\" $a  px y"),
	ARGS("parameters", "", "$1 $# $2", "t 1"),
	ARGS("an assignment without set", "a=1", "$a", "1"),
	ARGS("unset", "a=1\nunset a", "x$a", "x"),
	ARGS("comments", "set a=1 # set a=2\n# set a=3", "$a#b #c", "1#b"),
	ARGS("several on a line", "set a=1; set b=2", "$a$b", "12"),
	ARGS("CRLF", "set a=1\r", "$a\r", "1"),
	ARGS("if", "if [ a = b ]; then x=1; elif true; then x=2; else x=3; fi", "$x",
		"2"),
	ARGS("else", "if false; then x=1; else x=3; fi", "$x", "3"),
	ARGS("a condition of several", "if false; true; then x=1; fi", "$x", "1"),
	ARGS("not", "if ! false; then x=1; fi", "$x", "1"),
	ARGS("nothing quoted is true, something empty is not",
		"if [ $none ]; then x=1; fi\nif [ \"$none\" ]; then y=1; fi", "$x-$y",
		"1-"),
	ARGS("and, or",
		"if [ a = b -o x = x -a ! 1 -gt 2 ]; then x=1; fi\n"
		"if [ '(' a = b ')' -o -z a ]; then x=2; fi",
		"$x", "1"),
	ARGS("files",
		"if [ -f /k -a -s /k -a -e /boot -a -d /boot -a ! -f /boot -a ! -e /no "
		"]; "
		"then x=1; fi",
		"$x", "1"),
	ARGS("for", "for i in a \"b c\"; do x=\"$x<$i>\"; done", "$x", "<a><b c>"),
	ARGS("while", "while [ x$i != xaaa ]; do i=a$i; done", "$i", "aaa"),
	ARGS("until", "until [ x$i = xaa ]; do i=a$i; done", "$i", "aa"),
	ARGS("break and continue",
		"for i in 1 2 3 4; do if [ $i = 2 ]; then continue; fi\n"
		"if [ $i = 4 ]; then break; fi; x=$x$i; done",
		"$x", "13"),
	ARGS("break of two",
		"for i in 1 2; do for j in 1 2; do x=$x$j; break 2; done; done", "$x",
		"1"),
	ARGS("function",
		"function f {\n  if [ $1 = a ]; then return; fi\n  x=$x$2\n}\nf a 1; f b "
		"2",
		"$x", "2"),
	ARGS("a function that is not called", "function f {\n  f\n}", "1", "1"),
	ARGS("eval", "eval 'x=1; y=2'", "$x$y", "12"),
	ARGS("a statement that is none is passed over",
		"if true; fi\nset x=1 }\nset y=2\n)|\nset z=3", "$x$y$z", "23"),
	ARGS("a block without commands is none", "function f {\n}\nx=1", "$x", "1"),
	ARGS("an unknown command ends well", "if nonesuch; then x=1; fi", "$x", "1"),
	ARGS("source", "source /more", "$more", "1"),
	ARGS("load_env by name", "load_env -f /env a", "$a$b", "1"),
	ARGS("root with parentheses", "set root=(hd0,msdos1)", "$root", "hd0,msdos1"),
	ARGS("the firmware",
		"if [ x$grub_platform = xpc -a x$grub_cpu = xi386 ]; then x=1; fi", "$x",
		"1"),
	ARGS("prefix", "", "$prefix ${config_directory}", "(hd0,msdos1)/boot/grub"),
	/* search */
	ARGS("by UUID", "search --fs-uuid --set=r 1111", "$r", "hd1"),
	ARGS("--set before its UUID",
		"search --fs-uuid --set 1111\nr=$root\n"
		"root=hd0,msdos1",
		"$r", "hd1"),
	ARGS("by label", "search -l --set=r home --no-floppy", "$r", "hd0,msdos5"),
	ARGS("by file", "search --set=r --file /data", "$r", "hd1"),
	ARGS("a hint that does not fit", "search --hint hd1 -u --set=r " UUID, "$r",
		"hd0,msdos1"),
	ARGS("plain", "search.fs_uuid 1111 r hd0", "$r", "hd1"),
	ARGS("nothing found", "if search --set=r -u 9; then x=1; fi", "x$r$x", "x"),
	/* how an entry ends */
	{"no kernel", "menuentry t { true; }",
		"*?t: !no linux command in it is reached\n"},
	{"a kernel on another device", "menuentry t { linux (hd1)/data x; }",
		"*?t: (hd1)(hd1)/data x\n"},
	{"no such file", "menuentry t { linux /gone; initrd /i; }",
		"*?t: !there is no /gone on (hd0,msdos1)\n"},
	{"a search in vain", "menuentry t { search --set=root -u 99; linux /gone; }",
		"*?t: !search found no file system 99, and there is no /gone on "
		"(hd0,msdos1)\n"},
	{"a search in vain that does not matter",
		"menuentry t { search --set=root -u 99; linux /k 1; }",
		"*?t: (hd0,msdos1)/k 1\n"},
	{"the second try", "menuentry t { linux /gone; linux /k 2; initrd /i; }",
		"*?t: (hd0,msdos1)/k 2 + /i\n"},
	{"EFI only", "menuentry t { linuxefi /k; }",
		"*?t: !linuxefi is a command of GRUB for EFI alone\n"},
	{"Xen", "menuentry t { multiboot /xen.gz a; module /k dummy r=1; module /i; }",
		"*?t: chain ()/k dummy r=1 + /i\n"},
	{"another loader", "menuentry t { chainloader +1; }", "*?t: chain\n"},
	/* menus */
	{"options of an entry",
		"menuentry --class a 'x y' --unrestricted --id=i --users '' p { linux /k "
		"$1 $2; }\nmenuentry --bad t { true; }\nset default=i\n",
		"*x y: (hd0,msdos1)/k x y p\n"},
	{"an id option that is empty",
		"o=\nmenuentry t $o 'id' { linux /k; }\nset default=id\n",
		"*?t: (hd0,msdos1)/k \n"},
	{"submenus see what is exported",
		"a=1; b=2; export b\nsubmenu s { menuentry u { linux /k $a $b; }\n }\n",
		"s: submenu\n*?>u: (hd0,msdos1)/k 2\n"},
	{"an entry changes nothing for others",
		"menuentry a { x=1; root=hd1; linux /k; }\nmenuentry b { linux /k x$x; "
		"}\n"
		"set default=1\n",
		"a: !there is no /k on (hd1)\n*b: (hd0,msdos1)/k x\n"},
	{"entries of a branch",
		"if false; then\nmenuentry a { linux /k; }\nfi\n"
		"menuentry b { linux /k; }\n",
		"*?b: (hd0,msdos1)/k \n"},
	{"default by number behind submenus",
		"submenu s { menuentry u { linux /k; }\n menuentry v { linux /k; }\n }\n"
		"menuentry w { linux /k; }\nset default=1\n",
		"s: submenu\n*w: (hd0,msdos1)/k \n>u: (hd0,msdos1)/k \n"
		">v: (hd0,msdos1)/k \n"},
	{"a nested entry is not found by its name alone",
		"submenu s { menuentry u { linux /k; }\n menuentry v { linux /k; }\n }\n"
		"set default=v\n",
		"s: submenu\n*?>u: (hd0,msdos1)/k \n>v: (hd0,msdos1)/k \n"},
	{"a nested entry that is gone",
		"menuentry a { linux /k; }\nsubmenu s { menuentry u { linux /k; }\n }\n"
		"set default='s>gone'\n",
		"a: (hd0,msdos1)/k \ns: submenu\n*?>u: (hd0,msdos1)/k \n"},
	{"a '>' in a title",
		"menuentry a { linux /k; }\nmenuentry 'b>c' { linux /k; }\n"
		"set default='b>>c'\n",
		"a: (hd0,msdos1)/k \n*b>c: (hd0,msdos1)/k \n"},
	{"a name that begins with a number",
		"menuentry a { linux /k; }\nmenuentry b { linux /k; }\n"
		"menuentry '1 b' { linux /k; }\nset default='1 b'\n",
		"a: (hd0,msdos1)/k \n*b: (hd0,msdos1)/k \n1 b: (hd0,msdos1)/k \n"},
	{"past the end", "menuentry a { linux /k; }\nset default=4\n",
		"*?a: (hd0,msdos1)/k \n"},
	{"fallback",
		"menuentry a { linux /gone; }\nmenuentry b { true; }\n"
		"menuentry c { linux /k; }\nset default=0; set fallback='1 2'\n",
		"a: !there is no /gone on (hd0,msdos1)\n"
		"b: !no linux command in it is reached\n*c: (hd0,msdos1)/k \n"},
	{"an empty submenu", "submenu s { true; }\n", "s: submenu\n"},
	{"configfile takes the place of the menu",
		"menuentry a { linux /k; }\nset x=1\nconfigfile /other\n"
		"menuentry b { linux /k; }\n",
		"*?other: (hd0,msdos1)/k x\n"},
	{"configfile without entries", "configfile /more\nmenuentry b { linux /k; }\n",
		"*?b: (hd0,msdos1)/k \n"},
	{"configfile in an entry", "menuentry b { configfile /other; }\n",
		"*?b: chain\n"},
};

START_TEST(scripts)
{
	const struct script_row *row = &script_rows[_i];
	const struct file files[] = {{CONFIG, row->script}, {HD "/k"}, {HD "/i"},
		{"(hd1)/data"}, {HD "/more", "more=1\n"}, {HD "/env", ENV("a=1\nb=2\n")},
		{HD "/other", "menuentry other { linux /k x$x; }\n"}};
	struct grub_menu m = {0};
	struct strbuf out = {0};
	struct err e = {0};

	ck_assert_msg(run(files, ARRAY_SIZE(files), CONFIG, &m, &e) == 0, "%s: %s",
		row->name, e.text);
	print(&m, &out);
	check_bytes(row->name, strbuf_str(&out), str_from(row->want));
	strbuf_done(&out);
	grub_menu_done(&m);
}
END_TEST

/* What never ends is ended. */
static const char *const endless[] = {
	"while true; do true; done\n",
	"until false; do x=\"$x$x$x.\"; done\n",
	"function f {\n f; f\n}\nf\n",
	"for i in 1 2; do source /boot/grub/grub.cfg; done\n",
	"x='while true; do x=$x; done'\neval $x\n",
	("for i in 1 2 3 4 5 6 7 8; do x=\"$x$x$x$x$x$x$x$x.\"; done\n"
	 "for i in 1 2 3 4 5 6 7 8; do x=\"$x$x$x$x$x$x$x$x.\"; done\n"),
	"while true; do menuentry x { true; }\ndone\n",
	"menuentry x { while true; do search -u 1; done; }\n",
	"i=a\nwhile true; do i=${i}a; eval set $i=1; done\n",
};

START_TEST(limits)
{
	const struct file files[] = {{CONFIG, endless[_i]}};
	struct grub_menu m = {0};
	struct err e = {0};

	ck_assert_int_eq(run(files, 1, CONFIG, &m, &e), -E2BIG);
	ck_assert(strstr(e.text, "/boot/grub/grub.cfg"));
	ck_assert(!m.v && !m.memory);
}
END_TEST

START_TEST(missing)
{
	struct grub_menu m = {0};
	struct err e = {0};

	ck_assert_int_eq(run(NULL, 0, CONFIG, &m, &e), -ENOENT);
	ck_assert(*e.text);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, systems, 0, ARRAY_SIZE(system_rows));
	tcase_add_test(tc, loader_entries);
	tcase_add_loop_test(tc, scripts, 0, ARRAY_SIZE(script_rows));
	tcase_add_loop_test(tc, limits, 0, ARRAY_SIZE(endless));
	tcase_add_test(tc, missing);
}

int main(void)
{
	return check_main("grub_script", add);
}
