/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kmod_index.c writes and kmod_index_read.c reads. */
#pragma once

#define INDEX_MAGIC 0xB007F457u
#define INDEX_VERSION 0x00020001u

/* The high bits of a node's offset say which of its parts are there. */
#define NODE_PREFIX 0x80000000u
#define NODE_VALUES 0x40000000u
#define NODE_CHILDS 0x20000000u
#define NODE_MASK 0x0FFFFFFFu

enum { CHILD_MAX = 128 }; /* 7-bit ASCII */
