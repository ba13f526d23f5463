/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CRC-32C (Castagnoli, RFC 3720 B.4): the checksum of journal records and of before-images.
 * It finds torn and decayed data; it is no defence against someone who forges a journal, who
 * as root of the guest could change the files themselves. */
#pragma once

#include "base/str.h"

/* Of the bytes seen before (0 for none) and `data`. */
uint32_t crc32c(uint32_t before, struct str data);
