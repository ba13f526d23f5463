/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A GRUB module for kvm-pvgrub.img: makes the device names of menus written for Xen reach the
 * guest's file system. Xen's disk "xvda1" without an xvda around it is (hd0,0) in many a
 * menu.lst; here it is a disk without partitions. Two things help:
 *  - on a disk where no partition table is found, "partition" 1 is the whole disk;
 *  - after the command "guestdisk DEVICE", with the device of the menu, a `root` that has no
 *    readable files becomes that device.
 * And "save_env", which GRUB legacy's "savedefault" becomes, says nothing where there is no
 * grubenv: an error would hold up each boot for ten seconds. */
#include "grub.h"

static const char license[] __attribute__((section(".module_license"), used)) =
	"LICENSE=GPLv2+";
static const char modname[] __attribute__((section(".modname"), used)) = "guestdisk";

static grub_err_t whole_iterate(
	struct grub_disk *disk, grub_partition_iterate_hook_t hook, void *data);

static struct grub_partition_map whole = {.name = "whole", .iterate = whole_iterate};

static int seen(struct grub_disk *disk, const struct grub_partition *part, void *data)
{
	(void)disk;
	(void)part;
	*(int *)data = 1;
	return 1;
}

static grub_err_t whole_iterate(
	struct grub_disk *disk, grub_partition_iterate_hook_t hook, void *data)
{
	struct grub_partition part = {.partmap = &whole, .len = disk->total_sectors};
	int partitioned = 0;

	if (disk->partition || grub_strncmp(disk->name, "hd", 2) != 0)
		return grub_errno = GRUB_ERR_BAD_PART_TABLE;
	for (struct grub_partition_map *m = grub_partition_map_list; m; m = m->next) {
		grub_errno = GRUB_ERR_NONE;
		if (m != &whole && !partitioned)
			m->iterate(disk, seen, &partitioned);
	}
	/* Not for us: GRUB then asks the next map. */
	grub_errno = partitioned ? GRUB_ERR_BAD_PART_TABLE : GRUB_ERR_NONE;
	if (!partitioned)
		hook(disk, &part, data);
	return grub_errno;
}

static int has_files(const char *name)
{
	struct grub_device *device = grub_device_open(name);
	int has = 0;

	if (device) {
		has = grub_fs_probe(device) != NULL;
		grub_device_close(device);
	}
	grub_errno = GRUB_ERR_NONE;
	return has;
}

/* As `test` says no: without an error that would be printed. */
static grub_err_t cmd_has_files(struct grub_command *cmd, int argc, char **argv)
{
	char *val = argc > 0 ? argv[0] : NULL;
	unsigned long n = val ? grub_strlen(val) : 0;
	char *name = n > 2 && val[0] == '(' ? grub_strndup(val + 1, n - 2) : NULL;
	int has = name && has_files(name);

	(void)cmd;
	grub_free(name);
	return has ? GRUB_ERR_NONE : GRUB_ERR_TEST_FAILURE;
}

static char *menu_device;

/* GRUB's own hook takes the parentheses off; this stands in its place. */
static char *write_root(struct grub_env_var *var, const char *val)
{
	unsigned long n = grub_strlen(val);
	char *name = val[0] == '(' && val[n - 1] == ')' ? grub_strndup(val + 1, n - 2)
							: grub_strdup(val);

	(void)var;
	if (!name || !menu_device || has_files(name))
		return name;
	grub_printf("kvm-pvgrub: (%s) has no files: root is (%s)\n", name, menu_device);
	grub_free(name);
	return grub_strdup(menu_device);
}

static grub_err_t cmd_guestdisk(struct grub_command *cmd, int argc, char **argv)
{
	(void)cmd;
	grub_free(menu_device);
	menu_device = argc > 0 ? grub_strdup(argv[0]) : NULL;
	/* Not when the module is loaded: GRUB sets its own hook after that. */
	return grub_register_variable_hook("root", NULL, write_root);
}

static grub_err_t cmd_save_env(struct grub_command *cmd, int argc, char **argv)
{
	const char *prefix = grub_env_get("prefix");
	char *path = grub_xasprintf("%s/grubenv", prefix ? prefix : "");
	struct grub_file *file =
		path ? grub_file_open(path, GRUB_FILE_TYPE_LOADENV) : NULL;
	struct grub_command *real = cmd->next;

	grub_free(path);
	grub_errno = GRUB_ERR_NONE;
	if (!file)
		return GRUB_ERR_NONE;
	grub_file_close(file);
	return grub_strcmp(real->name, cmd->name) == 0 ? real->func(real, argc, argv)
						       : GRUB_ERR_NONE;
}

__attribute__((used)) static void grub_mod_init(void *mod)
{
	(void)mod;
	grub_list_push(&grub_partition_map_list, &whole);
	grub_register_command_prio("has_files", cmd_has_files, "(DEVICE)",
		"Whether DEVICE has a file system.", 0);
	grub_register_command_prio("guestdisk", cmd_guestdisk, "DEVICE",
		"Use DEVICE wherever a menu's root has no files.", 0);
	grub_register_command_prio("save_env", cmd_save_env, "VARIABLE...",
		"Save variables, where there is a grubenv.", 10);
}

/* Never taken out: it is in the core. */
__attribute__((used)) static void grub_mod_fini(void)
{
}
