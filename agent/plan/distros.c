/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See distros.h. */
#include "plan/distros.h"
#include "plan/packages.h"
#include "plan/rebuild.h"
#include "plan/stock_kernel.h"

static const char intro[] =
	"# Distributions\n\n"
	"Made of the tables in `agent/` by `tests/unit/test_distros.c`, which compares: "
	"`UPDATE_GOLDEN=1 build-dev/tests/test_distros` writes it anew.\n"
	"What is done for each family, byte by byte, is in [REPAIRS.md](REPAIRS.md); how "
	"real installations look before and after, in [tests/guests](../tests/guests).\n";

/* "a, b, c" of a list that ends with NULL. */
static void add_list(struct strbuf *ret, const char *const *v, size_t n, const char *none)
{
	for (size_t i = 0; i < n && v[i]; i++)
		strbuf_addf(ret, "%s`%s`", i ? ", " : "", v[i]);
	if (!n || !v[0])
		strbuf_adds(ret, none);
}

static void add_identification(struct strbuf *ret)
{
	strbuf_adds(ret,
		"\n## Which one it is\n\nThe first of these files that is there and "
		"says something:");
	for (size_t i = 0; guest_os_file(i); i++)
		strbuf_addf(ret, "%s %s", i ? "," : "", guest_os_file(i));
	strbuf_adds(ret,
		".\nOf os-release and lsb-release the ID counts, then the words of "
		"ID_LIKE; "
		"of the others how their first line begins, or that they are there.\n"
		"What no row knows is refused.\n\n| distribution | id | family | first "
		"line "
		"|\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < n_distros; i++) {
		const struct distro *d = &distros[i];

		strbuf_addf(ret, "| %s | `%s` | %s |", d->name, d->id,
			family_name(d->family));
		if (d->banner)
			strbuf_addf(ret, " `%s…` |\n", d->banner);
		else
			strbuf_adds(ret, " |\n");
	}
}

static void add_packages(struct strbuf *ret)
{
	strbuf_adds(ret,
		"\n## Packages and stock kernels\n\n| family | a package is installed "
		"by |\n| --- | --- |\n");
	for (enum family f = FAMILY_DEBIAN; f < FAMILY_OTHER; f++)
		strbuf_addf(ret, "| %s | `%s`%s |\n", family_name(f),
			plan_install_by_hand(f),
			plan_installs(f) ? "" : ", by hand, as `pending` says");
	strbuf_adds(ret,
		"\nThe kernel that a guest gets whose own runs on Xen alone; the first "
		"row that fits:\n\n| distribution | processor | up to | package "
		"|\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < n_stock_kernels; i++) {
		const struct stock_kernel *k = &stock_kernels[i];

		strbuf_addf(ret, "| %s%s | %s | %s | `%s` |\n", k->id ? k->id : "all of ",
			k->id ? "" : family_name(k->family), k->arch,
			k->last ? k->last : "", k->package);
	}
}

static void add_initramfs(struct strbuf *ret)
{
	strbuf_adds(ret,
		"\n## Initramfs\n\nAn image is of the tool whose members it has. A "
		"driver in "
		"it is loaded by modalias where it has one of the programs or rules of "
		"the "
		"third column and its index names the driver, or where the list of the "
		"fourth does.\n\n| tool | members | by modalias | list |\n| --- | --- | "
		"--- "
		"| --- |\n");
	for (enum initramfs_flavour f = FLAVOUR_UNKNOWN; f < N_FLAVOURS; f++) {
		const struct initramfs_kind *k = initramfs_kind(f);
		const char *lists[ARRAY_SIZE(k->lists)] = {NULL};

		for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
			lists[i] = k->lists[i].path;
		strbuf_addf(ret, "| %s | ", k->name);
		add_list(ret, k->marks, ARRAY_SIZE(k->marks), "any");
		if (k->init_says)
			strbuf_addf(ret, ", or `init` says `%s`", k->init_says);
		strbuf_adds(ret, " | ");
		add_list(ret, k->hotplug, ARRAY_SIZE(k->hotplug), "");
		strbuf_adds(ret, " | ");
		add_list(ret, lists, ARRAY_SIZE(lists), "");
		if (k->reader)
			strbuf_addf(ret, ", where `%s` names it", k->reader);
		strbuf_adds(ret, " |\n");
	}
}

static void add_rebuild(struct strbuf *ret)
{
	strbuf_adds(ret,
		"\nWhat makes an image anew, where it cannot be added to (`%k`: the "
		"kernel's "
		"release; `%i`, `%n`: the image and its name; `%v`: the kernel's; `%d`: "
		"the "
		"drivers; `%r`: the root's device):\n\n| tool | where there is | command "
		"|\n| --- | --- | --- |\n");
	for (size_t i = 0; i < n_rebuild_tools; i++) {
		const struct rebuild_tool *t = &rebuild_tools[i];

		strbuf_addf(ret, "| %s | ", initramfs_kind(t->makes)->name);
		add_list(ret, t->programs, ARRAY_SIZE(t->programs), "");
		if (t->marker)
			strbuf_addf(ret, " and `%s`", t->marker);
		if (t->since)
			strbuf_addf(ret, ", of version %s or later", t->since);
		strbuf_adds(ret, " | `");
		for (size_t w = 0; w < ARRAY_SIZE(t->argv) && t->argv[w]; w++)
			strbuf_addf(ret, "%s%s", w ? " " : "", t->argv[w]);
		strbuf_adds(ret, "` |\n");
	}
}

void distros_describe(struct strbuf *ret)
{
	strbuf_adds(ret, intro);
	add_identification(ret);
	add_packages(ret);
	add_initramfs(ret);
	add_rebuild(ret);
}
