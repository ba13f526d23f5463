/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a boot loader entry. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/bls.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return bls_edit(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};

	fuzz_editor_laws(edit, in, fuzz_cmdline(), fuzz_no_cmdline());
	LAW(bls_get(in, "options").n <= size);
	return 0;
}
