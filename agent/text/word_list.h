/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of words in a shell's variables: INITRD_MODULES="ext3 ata" of /etc/sysconfig/kernel,
 * MODULES=(ext4) or MODULES="ext4" of mkinitcpio.conf(5), features="base ext4" of Alpine's
 * mkinitfs.conf. */
#pragma once

#include "base/err.h"
#include "base/strv.h"

struct word_list_edit {
	const char *name;        /* of the variable */
	const struct strv *add;  /* behind the last word, where missing; NULL: none */
	const struct strv *drop; /* with the blanks before each; NULL: none */
};

/* Edits the last active assignment of the variable; '-' and '_' in words are the same. A file
 * without it, or where it is appended to (+=) or not closed, stays as it is. */
int word_list_edit(struct str in, const struct word_list_edit *req,
	struct strbuf *ret_out, struct err *e) must_check;
bool word_list_has(struct str in, const char *name, const char *word);
