/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The binary indexes modules.dep.bin, modules.alias.bin and modules.symbols.bin that
 * modprobe reads: a trie of big-endian nodes (kmod, libkmod/libkmod-index.c and
 * tools/depmod.c; magic 0xB007F457, version 2.1). */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

enum kmod_index_kind {
	KMOD_INDEX_DEP,   /* "path.ko: deps": key is the module's name, '-' as '_' */
	KMOD_INDEX_ALIAS, /* "alias PATTERN MODULE": '-' as '_' outside [..] in the key */
	KMOD_INDEX_SYMBOLS, /* "alias symbol:NAME MODULE" */
};

/* Builds the index of a text file. `out` is appended to; offsets count from there. 0,
 * -ENOMEM, -EINVAL (a line that is not as above, a byte outside ASCII). The number of an
 * entry is its value's priority. depmod's is the module's number in modules.dep, so that
 * modules.dep.bin comes out byte for byte as from depmod, the other two but for the
 * priorities' figures: their order, which is all that modprobe uses, is the same. */
int kmod_index_build(struct str text, enum kmod_index_kind kind, struct strbuf *out,
	struct err *e) must_check;
/* Exact (not wildcard) look-up, for tests and proofs: true and the first value. */
bool kmod_index_find(struct str index, const char *key, struct str *ret_value);
/* The text that the index was made of, its lines in the order of their priorities ('-' of a
 * key stays '_'), appended to *ret: for images that have only the index. 0, -EINVAL where it
 * is none, -ENOMEM. */
int kmod_index_text(
	struct str index, enum kmod_index_kind kind, struct strbuf *ret) must_check;
