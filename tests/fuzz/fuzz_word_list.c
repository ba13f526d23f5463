/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of words in a shell's variables. */
#include "fuzz_laws.h"
#include "text/word_list.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return word_list_edit(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *add[] = {"virtio_pci", "virtio-blk", NULL};
	static char *drop[] = {"xennet", "xenblk", NULL};
	const struct strv added = {add, 2}, dropped = {drop, 2};
	const struct word_list_edit req = {"MODULES", &added, &dropped};
	const struct word_list_edit nothing = {"MODULES", NULL, NULL};

	(void)fuzz_editor_laws(
		edit, (struct str){(const char *)data, size}, &req, &nothing);
	return 0;
}
