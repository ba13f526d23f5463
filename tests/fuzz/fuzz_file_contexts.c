/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file_contexts of whoever's policy: it ends, and a label is a piece of it. */
#include <stdlib.h>

#include "fuzz_laws.h"
#include "text/file_contexts.h"
#include "text/path_regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {
		"/etc/udev/rules.d/70-persistent-net.rules",
		"/etc/systemd/system/basic.target.wants/xvd2vd-confirm.service",
		"/var/lib/xvd2vd/confirm",
	};
	struct str in = {(const char *)data, size}, label;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		struct str path = str_from(paths[i]);
		char *other = file_contexts_substitute(in, path);

		LAW(other);
		free(other);
		(void)path_regex_match(in, path);
		if (file_contexts_find(in, in, path, FILE_CONTEXTS_FILE, &label))
			LAW(label.n && label.p >= in.p &&
				label.p + label.n <= in.p + in.n);
	}
	return 0;
}
