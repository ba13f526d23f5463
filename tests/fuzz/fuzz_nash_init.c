/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The init script of Red Hat's mkinitrd. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/nash_init.h"

static char *paths[] = {"/lib/virtio_pci.ko", "/lib/virtio_blk.ko", NULL};
static const struct strv modules = {paths, 2}, none = {0};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return nash_init_edit(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nash_edit req = {&modules, fuzz_map()};
	const struct dev_map no_map = {0};
	const struct nash_edit nothing = {&none, &no_map};
	struct str in = {(const char *)data, size};
	struct strbuf out = {0};

	(void)fuzz_editor_laws(edit, in, &req, &nothing);
	if (nash_init_edit(in, &req, &out, NULL) == 1)
		LAW(nash_init_loads(strbuf_str(&out), "virtio_pci") &&
			nash_init_loads(strbuf_str(&out), "virtio_blk"));
	strbuf_done(&out);
	return 0;
}
