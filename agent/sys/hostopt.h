/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options that the host gives: the kernel command line, SMBIOS type 11 OEM strings, QEMU's
 * fw_cfg file opt/org.xvd2vd/options. In this order, the later wins. The last needs the
 * module qemu_fw_cfg to be loaded before. */
#pragma once

#include "base/err.h"
#include "base/strv.h"

/* Adds "KEY=VALUE" strings (KEY of [a-z0-9-], unchecked otherwise) without their xvd2vd. / xvd2vd: prefix. Sources that are missing
 * are no error. `sysroot`: "" or a fixture tree that holds proc/ and sys/. */
int hostopt_read(const char *sysroot, struct strv *ret, struct err *e) must_check;

/* The three formats, pure: 0 or -ENOMEM. What is not ours is passed over. */
int hostopt_parse_cmdline(struct str text, struct strv *ret) must_check;
int hostopt_parse_smbios(struct str table, struct strv *ret) must_check;
int hostopt_parse_file(struct str text, struct strv *ret) must_check;
