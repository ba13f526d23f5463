/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as fstab, through its editors. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/fstab.h"

static int rename_specs(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_rename(in, req, ret_out, e);
}

static int drop_swap(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_drop_swap(in, req, ret_out, e);
}

static int nofail(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_nofail(in, req, ret_out, e);
}

static int comment_out(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_comment_out(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *names[] = {"/dev/xvdb1", "UUID=12-34", "LABEL=a", NULL};
	static const struct strv specs = {names, 3}, no_specs = {0};
	static const struct dev_map no_map = {0};
	struct str in = {(const char *)data, size}, rest = in;
	struct fstab_entry ent;
	size_t line = 0, last = 0;

	LAW(fuzz_editor_laws(rename_specs, in, fuzz_map(), &no_map) >= 0);
	LAW(fuzz_editor_laws(drop_swap, in, &specs, &no_specs) >= 0);
	LAW(fuzz_editor_laws(nofail, in, &specs, &no_specs) >= 0);
	LAW(fuzz_editor_laws(comment_out, in, "ext3", "") >= 0);
	while (fstab_next(&rest, &line, &ent)) {
		LAW(ent.line > last && ent.line == line);
		LAW(ent.spec.n && ent.file.n && ent.vfstype.n);
		last = ent.line;
	}
	return 0;
}
