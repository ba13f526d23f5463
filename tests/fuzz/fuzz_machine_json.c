/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as the --disks file: what is read can be looked up without harm. */
#include <string.h>

#include "fuzz_laws.h"
#include "guest/machine.h"

static void look_up(const struct machine *m)
{
	const struct device *d;

	for (size_t i = 0; (d = machine_target(m, i)); i++) {
		LAW(*d->name);
		/* Names are those below /dev; another can be had, but means nothing. */
		LAW(machine_device(m, str_from(d->name)) ||
			str_starts(str_from(d->name), "/dev/"));
	}
	for (size_t i = 0; i < m->n_parts; i++)
		LAW(m->parts[i].disk < m->n_disks);
	for (size_t i = 0; i < m->n_disks; i++)
		LAW(m->disks[i].disk == i);
	for (size_t i = 0; i < m->n_nets; i++)
		LAW(m->nets[i].mac && m->nets[i].name && m->nets[i].driver);
	machine_resolve(m, str_from(m->root));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct machine m = {0};
	struct err e = {0};
	int r = machine_parse(in, &m, &e);

	LAW(r <= 0);
	LAW((r < 0) == (e.text[0] != '\0'));
	if (r < 0)
		LAW(!m.disks && !m.parts && !m.root);
	else
		look_up(&m);
	machine_done(&m);
	return 0;
}
