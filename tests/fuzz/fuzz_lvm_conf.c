/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lvm.conf, system.devices, metadata backups: one input is given to all three. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/lvm_conf.h"

static const struct dev_map no_map = {0};

static int edit_conf(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return lvm_conf_rename(in, req, ret_out, e);
}

static int edit_devices(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return lvm_devices_rename(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct lvm_backup_pv pv;

	(void)fuzz_editor_laws(edit_conf, in, fuzz_map(), &no_map);
	(void)fuzz_editor_laws(edit_devices, in, fuzz_map(), &no_map);
	while (lvm_backup_next(&in, &pv))
		LAW(pv.id.p < pv.device.p && pv.device.p + pv.device.n <= in.p);
	return 0;
}
