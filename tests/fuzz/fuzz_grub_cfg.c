/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as grub.cfg. */
#include <errno.h>

#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/grub_cfg.h"
#include "text/grub_cfg_kernel.h"

static int set_default(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return grub_cfg_set_default(in, STR("a>b"), ret_out, e);
}

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return grub_cfg_edit(in, req, ret_out, e);
}

/* Bytes are only put in between, and once. */
static void add_kernel(struct str in, struct str from)
{
	struct strbuf out = {0}, again = {0};
	size_t same = 0;

	if (grub_cfg_add_kernel(in, from, STR("9-kvm"), &out, NULL) == 1) {
		while (same < in.n && in.p[same] == out.p[same])
			same++;
		LAW(out.n > in.n);
		LAW(str_eq(str_from_pos(in, same),
			str_from_pos(strbuf_str(&out), out.n - (in.n - same))));
		LAW(grub_cfg_add_kernel(strbuf_str(&out), from, STR("9-kvm"), &again,
			    NULL) == -EINVAL);
	}
	strbuf_done(&out);
	strbuf_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct grub_cfg_cursor c = {0};
	struct grub_cfg_entry ent;
	struct str head, release;
	size_t last = 0;
	unsigned top = 0;

	fuzz_editor_laws(set_default, in, NULL, NULL);
	fuzz_editor_laws(edit, in, fuzz_cmdline(), fuzz_no_cmdline());
	while (grub_cfg_next(in, &c, &ent)) {
		LAW(ent.line >= last && ent.top >= top);
		LAW(ent.kernel.n <= size && ent.args.n <= size && ent.initrd.n <= size);
		if (str_cut(ent.kernel, '-', &head, &release))
			add_kernel(in, release);
		last = ent.line;
		top = ent.top;
	}
	LAW(!c.rest.n);
	LAW(grub_cfg_default(in).n <= size);
	return 0;
}
