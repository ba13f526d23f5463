/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cppcheck, which reads no system headers, must know to parse ours. */
#pragma once

#define udev_list_entry_foreach(entry, first)                                            \
	for (entry = first; entry; entry = udev_list_entry_get_next(entry))
