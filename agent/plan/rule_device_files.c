/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lesser files that name devices: one row each. */
#include "plan/draft.h"
#include "plan/rules.h"
#include "text/crypttab.h"
#include "text/device_map.h"
#include "text/device_words.h"
#include "text/fstab.h"
#include "text/lvm_conf.h"
#include "text/mdadm_conf.h"
#include "text/shell_vars.h"

typedef int (*rename_editor)(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e);

/* What anaconda noted of GRUB legacy: the disk that grubby and grub-install take. */
static int grub_boot_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	return shell_vars_rename(in, "boot", map, ret_out, e);
}

static int extlinux_root_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	return shell_vars_rename(in, "root", map, ret_out, e);
}

static const struct {
	const char *id, *path;
	rename_editor edit;
} files[] = {
	{"crypttab", "/etc/crypttab", crypttab_rename},
	{"device.map", "/boot/grub/device.map", device_map_rename},
	{"device.map", "/boot/grub2/device.map", device_map_rename},
	{"grub", "/etc/sysconfig/grub", grub_boot_rename},
	{"grub", "/etc/default/grub_installdevice", device_words_rename},
	{"update-extlinux", "/etc/update-extlinux.conf", extlinux_root_rename},
	{"mdadm.conf", "/etc/mdadm/mdadm.conf", mdadm_conf_rename},
	{"mdadm.conf", "/etc/mdadm.conf", mdadm_conf_rename},
	{"lvm.conf", "/etc/lvm/lvm.conf", lvm_conf_rename},
	{"system.devices", "/etc/lvm/devices/system.devices", lvm_devices_rename},
	{"smartd.conf", "/etc/smartd.conf", device_words_rename},
	{"hdparm.conf", "/etc/hdparm.conf", device_words_rename},
	{"mtab", "/etc/mtab", fstab_rename},
};

struct request {
	rename_editor edit;
	struct dev_map map;
};

static int run_editor(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	const struct request *req = request;

	return req->edit(in, &req->map, out, e);
}

int rule_device_files(const struct plan_input *in, struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && r >= 0; i++) {
		const struct snap_entry *ent = snapshot_find(in->snap, files[i].path);
		struct request req = {files[i].edit, plan_dev_map(p)};

		/* A link is another file (mtab -> /proc/mounts), or one of this table. */
		if (ent && ent->kind == SNAP_FILE)
			r = draft_edit(in, p, files[i].id, files[i].path, run_editor,
				&req, "renamed", e);
	}
	return r;
}
