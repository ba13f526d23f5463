/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of cards as values of keys. */
#include "fuzz_laws.h"
#include "text/mac_keys.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return mac_keys_replace(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mac_edit req[] = {
		{"HWADDR", "00:16:3e:0a:0b:0c", "52:54:00:ab:cd:ef"},
		{"macaddress", "00:16:3e:0a:0b:0c", "52:54:00:ab:cd:ef"},
		{"mac-address", "00:16:3e:0a:0b:0c", "52:54:00:ab:cd:ef"},
	};
	static const struct mac_edit nothing = {"HWADDR", "00:16:3e:0a:0b:0c", ""};
	struct str in = {(const char *)data, size};

	for (size_t i = 0; i < ARRAY_SIZE(req); i++)
		LAW(fuzz_editor_laws(edit, in, &req[i], &nothing) >= 0);
	return 0;
}
