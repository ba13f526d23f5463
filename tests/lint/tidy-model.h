/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Included before everything when clang-tidy looks: the analyzer sees one file at a time and
 * would think that err_set() may answer 0. */
#pragma once

#include "base/err.h"

#define err_set(e, code, ...) ((void)err_set(e, code, __VA_ARGS__), (code))
#define err_errno(e, code, ...) ((void)err_errno(e, code, __VA_ARGS__), (code))
#define err_wrap(e, code, ...) ((void)err_wrap(e, code, __VA_ARGS__), (code))
#define err_oom(e) ((void)err_oom(e), -12)
