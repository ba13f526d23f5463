/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See modprobe_conf.h. */
#include "text/modprobe_conf.h"
#include "text/edit.h"

static const struct {
	const char *xen, *virtio;
} drivers[] = {
	{"xennet", "virtio_net"},
	{"xen-vnif", "virtio_net"},
	{"xen_vnif", "virtio_net"},
	{"xen-netfront", "virtio_net"},
	{"xen_netfront", "virtio_net"},
	{"netfront", "virtio_net"},
	{"xenblk", "virtio_blk"},
	{"xen-vbd", "virtio_blk"},
	{"xen_vbd", "virtio_blk"},
	{"xen-blkfront", "virtio_blk"},
	{"xen_blkfront", "virtio_blk"},
	{"blkfront", "virtio_blk"},
};

int modprobe_conf_virtio(struct str in, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		struct str rest = line, word, name, driver;

		if (!str_word(&rest, &word) || !str_is(word, "alias") ||
			!str_word(&rest, &name) || !str_word(&rest, &driver))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
			if (str_is(driver, drivers[i].xen))
				edit_replace(&ed, driver, str_from(drivers[i].virtio));
	}
	return edit_finish(&ed, ret_out, e);
}
