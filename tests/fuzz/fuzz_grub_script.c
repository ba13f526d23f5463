/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as grub.cfg, executed: it ends, in bounds. The same bytes are the first files that
 * it reads. */
#include <errno.h>

#include "fuzz_laws.h"
#include "text/grub_script.h"

struct world {
	struct str data;
	unsigned reads; /* that are left: a config that reads itself is slow */
};

static enum grub_found look(
	void *ctx, struct str device, struct str path, uint64_t *ret_size)
{
	*ret_size = ((const struct world *)ctx)->data.n;
	return !device.n                ? GRUB_NOTHING
	       : str_ends(path, "/")    ? GRUB_FOLDER
	       : str_ends(path, "gone") ? GRUB_NOTHING
					: GRUB_FILE;
}

static bool read_file(void *ctx, struct str device, struct str path, struct str *ret)
{
	struct world *w = ctx;

	*ret = w->data;
	return device.n && !str_ends(path, "gone") && w->reads && w->reads--;
}

static bool list(void *ctx, struct str device, struct str folder, size_t *pos,
	struct str *ret_name)
{
	static const char *const names[] = {"m-1-2.conf", "x", "m-1-10.conf"};

	(void)ctx;
	(void)folder;
	if (!device.n || *pos >= ARRAY_SIZE(names))
		return false;
	*ret_name = str_from(names[(*pos)++]);
	return true;
}

static bool device(void *ctx, size_t n, struct strbuf *ret_name)
{
	(void)ctx;
	strbuf_addf(ret_name, "hd%zu", n);
	return n < 2;
}

static bool matches(void *ctx, struct str name, enum grub_search by, struct str what)
{
	(void)ctx;
	return str_is(name, "hd1") && by != GRUB_SEARCH_LABEL && what.n > 2;
}

static void check(const struct grub_menu *m)
{
	LAW(m->n <= GRUB_MENU_MAX && m->chosen <= m->n);
	LAW(m->chosen == m->n || !m->v[m->chosen].submenu);
	for (size_t i = 0; i < m->n; i++) {
		const struct grub_menu_entry *ent = &m->v[i];

		LAW(ent->in == GRUB_MENU_TOP || (ent->in < i && m->v[ent->in].submenu));
		LAW(ent->title.p && ent->id.n);
		LAW(!ent->loaded || (ent->kernel.n && !ent->problem.n));
		if (!ent->submenu && !ent->chain)
			LAW(ent->loaded || ent->problem.n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = {{(const char *)data, size}, 4};
	const struct grub_host host = {&w, look, read_file, list, device, matches, false};
	struct grub_menu m = {0};
	struct err e = {0};
	int r = grub_script_menu(&host, STR("hd0"), STR("/boot/grub/grub.cfg"), &m, &e);

	LAW(r == 0 || r == -E2BIG);
	LAW((r < 0) == (e.text[0] != '\0'));
	if (r == 0)
		check(&m);
	grub_menu_done(&m);
	LAW(!m.v && !m.memory);
	return 0;
}
