/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels a guest may start: which are Xen's own, and where each has the drivers for a
 * virtio root disk. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"
#include "text/modules_dep.h"
#include "text/version.h"

const char *const root_drivers[N_ROOT_DRIVERS] = {"virtio_pci", "virtio_blk"};

const char *kernel_kind_name(enum kernel_kind k)
{
	static const char *const names[] = {
		[KERNEL_PROVIDER] = "provider",
		[KERNEL_XEN_ONLY] = "xen-only",
		[KERNEL_MAINLINE] = "mainline",
	};

	return names[k];
}

const char *driver_place_name(enum driver_place p)
{
	static const char *const names[] = {
		[DRIVER_BUILTIN] = "built in",
		[DRIVER_LOADED] = "in the initramfs",
		[DRIVER_IDLE] = "in the initramfs, but nothing loads it",
		[DRIVER_ON_DISK] = "not in the initramfs",
		[DRIVER_ABSENT] = "not there at all",
	};

	return names[p];
}

/* What is known of one kernel besides its name. */
struct evidence {
	const char *release;
	struct str config, dep, builtin;
	const struct snap_archive *archive;
	enum initramfs_flavour flavour;
};

static bool modules_file(const struct snapshot *snap, const char *release,
	const char *name, struct str *ret)
{
	cleanup_(free_charp) char *path = str_printf("/lib/modules/%s/%s", release, name);

	return path && snapshot_data(snap, path, ret);
}

static bool config_says(struct str config, const char *line)
{
	STR_FOREACH_LINE (l, config)
		if (str_is(str_chomp(l), line))
			return true;
	return false;
}

/* A kernel built for Xen's paravirtual machine alone: its config says so (virt-v2v asks the
 * same); without a config, the old drivers xennet and xenblk exist nowhere else. */
static enum kernel_kind find_kind(const char *release, const struct evidence *ev)
{
	struct str path, deps;

	if (strstr(release, "mammoth"))
		return KERNEL_PROVIDER;
	if (ev->config.n)
		return config_says(ev->config, "CONFIG_X86_XEN=y") ||
				       config_says(ev->config, "CONFIG_X86_64_XEN=y")
			       ? KERNEL_XEN_ONLY
			       : KERNEL_MAINLINE;
	return modules_dep_find(ev->dep, "xennet", &path, &deps) ? KERNEL_XEN_ONLY
								 : KERNEL_MAINLINE;
}

/* Drivers whose symbol in the kernel's config is not their own name. */
static const struct {
	const char *driver, *symbol;
} symbols[] = {
	{"ext2", "EXT2_FS"},
	{"ext3", "EXT3_FS"},
	{"ext4", "EXT4_FS"},
	{"xfs", "XFS_FS"},
	{"btrfs", "BTRFS_FS"},
	{"jfs", "JFS_FS"},
	{"f2fs", "F2FS_FS"},
	{"reiserfs", "REISERFS_FS"},
	{"dm_mod", "BLK_DEV_DM"},
	{"raid0", "MD_RAID0"},
	{"raid1", "MD_RAID1"},
	{"raid10", "MD_RAID10"},
	{"raid456", "MD_RAID456"},
	{"linear", "MD_LINEAR"},
};

static bool config_builtin(struct str config, const char *driver)
{
	cleanup_(strbuf_done) struct strbuf line = {0};

	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++)
		if (strcmp(symbols[i].driver, driver) == 0)
			driver = symbols[i].symbol;
	strbuf_adds(&line, "CONFIG_");
	for (const char *c = driver; *c; c++)
		strbuf_addc(&line, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
	strbuf_adds(&line, "=y");
	return !line.oom && config_says(config, line.p);
}

static enum driver_place find_place(const struct evidence *ev, const char *driver)
{
	const struct snap_archive *a = ev->archive;
	struct str path, deps;

	if (modules_builtin_has(ev->builtin, driver) ||
		config_builtin(ev->config, driver))
		return DRIVER_BUILTIN;
	if (a && initramfs_has_module(a, ev->release, driver))
		return initramfs_loads(a, ev->flavour, driver) ? DRIVER_LOADED
							       : DRIVER_IDLE;
	return modules_dep_find(ev->dep, driver, &path, &deps) ? DRIVER_ON_DISK
							       : DRIVER_ABSENT;
}

/* What the image's name says behind its kind: "6.1.0-18-amd64" of vmlinuz-6.1.0-18-amd64, "linux"
 * of vmlinuz-linux, "genkernel-x86_64-3.10.7-gentoo" of kernel-genkernel-x86_64-3.10.7-gentoo. */
static const char *image_suffix(const char *image)
{
	const char *name = strrchr(image, '/') + 1, *dash = strchr(name, '-');

	return dash ? dash + 1 : name;
}

/* The release: what the file is called where modules of that name are there, else what the
 * image says of itself. */
static char *find_release(const struct snapshot *snap, const char *image)
{
	const struct snap_kernel *k = snapshot_kernel(snap, image);
	const char *suffix = image_suffix(image);
	cleanup_(free_charp) char *folder = str_printf("/lib/modules/%s", suffix);

	if (folder && snapshot_exists(snap, folder))
		return strdup(suffix);
	if (k && k->release && *k->release)
		return strdup(k->release);
	return strdup(suffix);
}

/* The pattern with `what` in place of its "%s"; NULL: no memory. */
static char *name_for(const char *pattern, const char *what)
{
	struct strbuf path = {0};
	struct str head, tail;

	str_cut(str_from(pattern), '%', &head, &tail);
	strbuf_add(&path, head);
	strbuf_adds(&path, what);
	strbuf_add(&path, str_from_pos(tail, 1));
	return strbuf_take(&path);
}

/* Alpine calls it after the image; Fedora, since 25, keeps a copy with the modules. */
static bool find_config(
	const struct snapshot *snap, const struct kernel *k, struct str *ret)
{
	const struct {
		const char *pattern, *what;
	} names[] = {
		{"/boot/config-%s", k->release},
		{"/boot/config-%s", image_suffix(k->image)},
		{"/lib/modules/%s/config", k->release},
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		cleanup_(free_charp) char *path =
			name_for(names[i].pattern, names[i].what);

		if (!path)
			return false;
		if (snapshot_data(snap, path, ret))
			break;
	}
	return true;
}

static bool find_evidence(
	const struct snapshot *snap, const struct kernel *k, struct evidence *ret)
{
	*ret = (struct evidence){.release = k->release};
	if (!find_config(snap, k, &ret->config))
		return false;
	modules_file(snap, k->release, "modules.dep", &ret->dep);
	modules_file(snap, k->release, "modules.builtin", &ret->builtin);
	if (k->initramfs)
		ret->archive = snapshot_archive(snap, k->initramfs);
	ret->flavour = initramfs_find_flavour(ret->archive);
	return true;
}

enum driver_place kernel_driver_place(
	const struct snapshot *snap, const struct kernel *k, const char *name)
{
	struct evidence ev;

	return find_evidence(snap, k, &ev) ? find_place(&ev, name) : DRIVER_ABSENT;
}

static int judge(const struct snapshot *snap, struct kernel *k, struct err *e)
{
	struct evidence ev;

	if (!find_evidence(snap, k, &ev))
		return err_oom(e);
	k->kind = find_kind(k->release, &ev);
	k->flavour = ev.flavour;
	for (size_t i = 0; i < N_ROOT_DRIVERS; i++)
		k->drivers[i] = find_place(&ev, root_drivers[i]);
	return 0;
}

/* The same kernel may stand in the menu with two images: each must bring the disk. */
static struct kernel *find_kernel(
	struct guest *g, const char *image, const char *initramfs)
{
	for (size_t i = 0; i < g->n_kernels; i++) {
		struct kernel *k = &g->kernels[i];

		if (strcmp(k->image, image) != 0 || !k->initramfs != !initramfs)
			continue;
		if (!initramfs || strcmp(k->initramfs, initramfs) == 0)
			return k;
	}
	return NULL;
}

static int add_kernel(const struct snapshot *snap, struct guest *g, const char *image,
	const char *initramfs, struct kernel **ret, struct err *e)
{
	struct kernel *v = reallocarray(g->kernels, g->n_kernels + 1, sizeof(*v)), *k;

	if (!v)
		return err_oom(e);
	g->kernels = v;
	k = memset(&v[g->n_kernels++], 0, sizeof(*k));
	k->image = strdup(image);
	k->release = find_release(snap, image);
	if (initramfs)
		k->initramfs = strdup(initramfs);
	if (!k->image || !k->release || (initramfs && !k->initramfs))
		return err_oom(e);
	*ret = k;
	return judge(snap, k, e);
}

/* What an initramfs is called: after the release, or after the image. */
static const char *const initramfs_names[] = {
	"/boot/initrd.img-%s",    /* initramfs-tools */
	"/boot/initramfs-%s.img", /* dracut; mkinitcpio */
	"/boot/initrd-%s.img",    /* Red Hat's mkinitrd */
	"/boot/initrd-%s",        /* SUSE */
	"/boot/initramfs-%s",     /* mkinitfs, genkernel */
};

static int find_initramfs(
	const struct snapshot *snap, const char *image, char **ret, struct err *e)
{
	cleanup_(free_charp) char *release = find_release(snap, image);
	const char *const whats[] = {release, image_suffix(image)};

	*ret = NULL;
	if (!release)
		return err_oom(e);
	for (size_t i = 0; i < ARRAY_SIZE(whats) * ARRAY_SIZE(initramfs_names); i++) {
		cleanup_(free_charp) char *path =
			name_for(initramfs_names[i % ARRAY_SIZE(initramfs_names)],
				whats[i / ARRAY_SIZE(initramfs_names)]);
		const struct snap_entry *file = path ? snapshot_file(snap, path) : NULL;

		if (!path || (file && !(*ret = strdup(file->path))))
			return err_oom(e);
		if (file)
			break;
	}
	return 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct kernel *x = a, *y = b;

	return version_cmp(str_from(y->release), str_from(x->release));
}

static void sort(struct kernel *v, size_t n)
{
	if (n)
		qsort(v, n, sizeof(*v), newest_first);
}

static int add_kernel_of_boot(const struct snapshot *snap, struct guest *g,
	const struct snap_entry *ent, struct err *e)
{
	cleanup_(free_charp) char *initramfs = NULL;
	struct kernel *k;
	int r;

	if (ent->kind != SNAP_FILE || !snapshot_kernel(snap, ent->path))
		return 0;
	r = find_initramfs(snap, ent->path, &initramfs, e);
	return r >= 0 && initramfs ? add_kernel(snap, g, ent->path, initramfs, &k, e) : r;
}

/* Every image in /boot that has an initramfs. Gentoo's are kernel-. */
static int kernels_of_boot(const struct snapshot *snap, struct guest *g, struct err *e)
{
	static const char *const images[] = {"/boot/vmlinuz-*", "/boot/kernel-*"};
	const struct snap_entry *ent;

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		size_t pos = 0;

		while ((ent = snapshot_glob(snap, images[i], &pos))) {
			int r = add_kernel_of_boot(snap, g, ent, e);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

int guest_read_kernels(const struct snapshot *snap, struct guest *g, struct err *e)
{
	struct guest boot = {0};
	const struct kernel *def;
	int r = 0;

	for (size_t i = 0; i < g->n_menu && r >= 0; i++) {
		const struct boot_entry *ent = &g->menu[i];
		struct kernel *k;

		if (!ent->image || ent->chain || strstr(ent->image, "memtest"))
			continue;
		k = find_kernel(g, ent->image, ent->initramfs);
		if (!k)
			r = add_kernel(snap, g, ent->image, ent->initramfs, &k, e);
		if (r < 0)
			return r;
		k->in_menu = true;
		k->is_default = k->is_default || i == g->default_entry;
	}
	if (!g->n_kernels)
		r = kernels_of_boot(snap, g, e);
	if (r >= 0)
		r = kernels_of_boot(snap, &boot, e);
	g->in_boot = boot.kernels;
	g->n_in_boot = boot.n_kernels;
	if (r < 0)
		return r;
	sort(g->kernels, g->n_kernels);
	sort(g->in_boot, g->n_in_boot);
	def = guest_default_kernel(g);
	g->kernel = def ? def->kind : KERNEL_PROVIDER;
	return 0;
}
