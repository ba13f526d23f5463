/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a kernel command line. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/cmdline.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return cmdline_edit(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, rest = in, word, value;
	size_t bytes = 0;

	fuzz_editor_laws(edit, in, fuzz_cmdline(), fuzz_no_cmdline());
	while (cmdline_word(&rest, &word)) {
		LAW(word.n);
		bytes += word.n;
	}
	LAW(bytes <= size);
	if (cmdline_get(in, "root", &value))
		LAW(value.n <= size);
	return 0;
}
