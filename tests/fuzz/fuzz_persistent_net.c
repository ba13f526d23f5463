/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udev's net rules and .link files. */
#include "fuzz_laws.h"
#include "text/persistent_net.h"

#define MAC "00:16:3e:0a:0b:0c"

static const char *const names[] = {MAC, "eth0"};
static const char *const nothing[] = {"", ""};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	const char *const *n = req;

	return persistent_net_set(in, n[0], n[1], ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, mac, name;
	struct strbuf out = {0};
	int r = persistent_net_set(in, MAC, "eth0", &out, NULL);

	LAW(r >= 0);
	LAW(persistent_net_find(r ? strbuf_str(&out) : in, STR(MAC), &name));
	LAW(str_is(name, "eth0"));
	strbuf_done(&out);
	(void)fuzz_editor_laws(edit, in, names, nothing);
	if (link_file_get(in, &mac, &name))
		LAW(mac.n && name.n);
	return 0;
}
