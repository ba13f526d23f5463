/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lvm.conf(5): device names inside the strings of filter, global_filter, scan and
 * preferred_names ("a|^/dev/xvda2$|"), and /etc/lvm/devices/system.devices
 * (lvmdevices(8): IDNAME= and DEVNAME= of IDTYPE=devname lines). */
#pragma once

#include "base/err.h"
#include "text/dev_map.h"

/* A pattern that names a mapped device is renamed; one that stops at the family
 * (/dev/xvd, /dev/xvd*, /dev/xvd.*, /dev/xvd[a-z]) becomes /dev/vd. Accepting patterns
 * are widened rather than lose a PV: see dev_pattern.h. Comments stay. */
int lvm_conf_rename(struct str in, const struct dev_map *map, struct strbuf *ret_out,
	struct err *e) must_check;
/* The HASH= line of newer versions is dropped with a change (lvm then takes the file as
 * edited by hand); PART= follows the new name's number, removed where it has none. */
int lvm_devices_rename(struct str in, const struct dev_map *map, struct strbuf *ret_out,
	struct err *e) must_check;
/* /etc/lvm/backup/VG: pairs of pv id and device hint. */
struct lvm_backup_pv {
	struct str id, device;
};
bool lvm_backup_next(struct str *rest, struct lvm_backup_pv *ret);
