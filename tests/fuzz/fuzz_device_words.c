/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that begin lines with a device. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/device_words.h"

static const struct dev_map no_map = {0};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return device_words_rename(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)fuzz_editor_laws(
		edit, (struct str){(const char *)data, size}, fuzz_map(), &no_map);
	return 0;
}
