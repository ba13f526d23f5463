/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiler attributes, spelled short enough to stand in front of every prototype. */
#pragma once

#define must_check __attribute__((warn_unused_result))
#define printf_like(fmt, args) __attribute__((format(printf, fmt, args)))
#define cleanup_(fn) __attribute__((cleanup(fn)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
