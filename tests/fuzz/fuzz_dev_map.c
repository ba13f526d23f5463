/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a device's name. */
#include <string.h>

#include "fuzz_laws.h"
#include "fuzz_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct strbuf out = {0}, spec = {0};
	struct dev_name name;
	enum dev_fate fate = dev_map_find(fuzz_map(), in, &out);

	LAW((fate == DEV_RENAMED) == (out.n > 0));
	LAW(dev_map_find_spec(fuzz_map(), in, &spec) == fate);
	LAW(dev_map_find(fuzz_map(), in, NULL) == fate);
	if (fate == DEV_RENAMED)
		LAW(dev_map_find(fuzz_map(), strbuf_str(&out), NULL) == DEV_KEPT);
	if (dev_name_parse(in, &name)) {
		LAW(name.disk.n + name.number.n +
				(name.is_link && name.number.n ? strlen("-part") : 0) ==
			size);
		LAW(dev_name_length(in) == size);
		LAW(dev_name_cmp(&name, &name) == 0);
	}
	strbuf_done(&out);
	strbuf_done(&spec);
	return 0;
}
