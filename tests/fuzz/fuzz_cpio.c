/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpio: whatever is read lies inside the input; what is written is read back. */
#include <errno.h>
#include <sys/stat.h>

#include "fuzz_laws.h"
#include "text/cpio.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, rest = in;
	struct cpio_entry entry;
	struct strbuf out = {0};
	struct err e = {0};
	int r;

	while ((r = cpio_next(&rest, &entry, &e)) == 1) {
		LAW(entry.path.p >= in.p && entry.path.p + entry.path.n < in.p + in.n);
		LAW(entry.content.p >= in.p &&
			entry.content.p + entry.content.n <= in.p + in.n);
	}
	LAW(r == 0 || r == -EINVAL || r == -ENODATA);
	LAW((r < 0) == (e.text[0] != '\0'));

	cpio_add(&out, "a/b", S_IFREG | 0600, 7, in);
	cpio_end(&out, 512);
	LAW(strbuf_err(&out) == 0 && out.n % 512 == 0);
	rest = strbuf_str(&out);
	LAW(cpio_next(&rest, &entry, NULL) == 1);
	LAW(str_is(entry.path, "a/b") && str_eq(entry.content, in) && entry.ino == 7);
	LAW(cpio_next(&rest, &entry, NULL) == 0);
	strbuf_done(&out);
	return 0;
}
