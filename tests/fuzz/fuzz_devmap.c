/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a guest's fstab: the map is refused, or each old name ends on a device that
 * the machine has, and the root's name on the root. */
#include <errno.h>
#include <string.h>

#include "fuzz_laws.h"
#include "plan/devmap.h"

static const char machine_text[] =
	"{\"disks\":[{\"name\":\"vda\",\"table\":\"dos\",\"parts\":["
	"{\"name\":\"vda1\",\"number\":1,\"type\":\"ext4\",\"uuid\":\"1111\"},"
	"{\"name\":\"vda5\",\"number\":5,\"type\":\"swap\",\"uuid\":\"5555\"}]},"
	"{\"name\":\"vdb\",\"table\":\"none\",\"type\":\"ext3\",\"uuid\":\"bbbb\","
	"\"last_mounted\":\"/srv\"},"
	"{\"name\":\"vdc\",\"table\":\"none\",\"type\":\"xfs\",\"uuid\":\"cccc\"},"
	"{\"name\":\"vdd\",\"table\":\"none\",\"type\":\"swap\"}],"
	"\"root\":\"/dev/vda1\"}";

static void check_map(const struct plan *p, const struct plan_input *in)
{
	for (size_t i = 0; i < p->n_map; i++) {
		const struct map_row *row = &p->map[i];

		LAW(row->evidence.n > 0);
		LAW(!row->to || machine_device(in->machine, str_from(row->to)));
		LAW(!row->spec || row->to);
		if (strv_has(&row->evidence, STR("fstab:/")) &&
			strv_has(&row->evidence, STR("root-fs")))
			LAW(strcmp(row->to, "/dev/vda1") == 0);
		for (size_t k = 0; k < i; k++)
			LAW(strcmp(p->map[k].from, row->from) != 0);
	}
	LAW(p->n_renames == p->n_map + p->gone_specs.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapshot snap = {0};
	struct machine m = {0};
	struct guest g = {0};
	struct options o;
	struct plan p = {0};
	struct plan_input in = {
		.snap = &snap,
		.machine = &m,
		.guest = &g,
		.options = &o,
		.offline = true,
	};
	struct snap_entry *fstab = snapshot_add(&snap, "/etc/fstab");
	struct err e = {0};
	int r;

	LAW(fstab);
	fstab->has_data = true;
	strbuf_add(&fstab->data, (struct str){(const char *)data, size});
	LAW(machine_parse(str_from(machine_text), &m, &e) == 0);
	options_init(&o);
	if (guest_read(&snap, &m, &g, &e) == 0) {
		r = devmap_build(&in, &p, &e);
		LAW(r == 0 || ((r == -EUSERS || r == -E2BIG) && e.text[0]));
		if (r == 0)
			check_map(&p, &in);
	}
	plan_done(&p);
	guest_done(&g);
	machine_done(&m);
	snapshot_done(&snap);
	return 0;
}
