/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done to the root's device once the guest is repaired and proven (ext4=, grow=), and
 * the word about it that stays in the guest, since no undo takes it back. */
#pragma once

#include "main/session.h"

/* To be called once session_apply() was well; does nothing where no such step is planned. The
 * guest is unmounted meanwhile, then proven anew. What cannot be done is pending. */
bool disk_work(struct session *s);
/* A line for each thing that was done here and that stays. */
void disk_work_text(const struct root *r, struct strbuf *ret);
