/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as lilo.conf. */
#include "fuzz_laws.h"
#include "text/lilo_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, rest = in, value;
	struct lilo_entry ent;
	size_t left = size + 1;

	/* Each entry takes bytes of its own; the globals are read again for each. */
	for (int i = 0; i < 500 && lilo_conf_next(in, &rest, &ent); i++) {
		LAW(rest.n < left);
		LAW(ent.label.n + ent.image.n <= 2 * size && ent.append.n <= size &&
			ent.addappend.n <= size);
		left = rest.n;
	}
	LAW(!lilo_conf_global(in, "default", &value) || value.n <= size);
	return 0;
}
