/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SHA-256 of a file, as sha256sum prints it. */
#pragma once

#include "base/err.h"

enum { SHA256_HEX = 65 };

/* From where it stands to its end. */
int sha256_fd(int fd, char ret[SHA256_HEX], struct err *e) must_check;
