/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools' module list and RESUME=. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/initramfs_tools.h"

static const struct dev_map no_map = {0};

static char *names[] = {"virtio_pci", "virtio-blk", NULL};
static const struct strv list = {names, 2};
static const struct strv no_list = {0};
static char *specs[] = {"UUID=12-34", "LABEL=swap", NULL};
static const struct strv gone = {specs, 2};

static int add(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return initramfs_modules_add(in, req, ret_out, e);
}

static int resume(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return initramfs_resume_edit(in, req, req != &no_map ? &gone : NULL, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	int r = fuzz_editor_laws(add, in, &list, &no_list);
	bool all = initramfs_modules_has(in, names[0]) &&
		   initramfs_modules_has(in, names[1]);

	LAW(all == (r == 0));
	(void)fuzz_editor_laws(resume, in, fuzz_map(), &no_map);
	return 0;
}
