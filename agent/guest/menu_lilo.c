/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LILO's menu. What it starts is what lilo wrote down as block numbers when it last ran; its
 * config says what that was, unless it was changed since. */
#include <errno.h>

#include "guest/menu.h"
#include "text/lilo_conf.h"

/* LILO gives the kernel the root as a number or a name: as root= on the kernel line. */
static int add_root(
	const struct menu_work *w, const struct lilo_entry *ent, struct boot_entry *to)
{
	struct strbuf line = {0};
	int r;

	if (!ent->root.n || str_is(ent->root, "current"))
		return 0;
	strbuf_addf(&line, "root=" STR_FMT "%s%s" STR_FMT, STR_ARG(ent->root),
		ent->read_only ? " ro" : "", ent->append.n ? " " : "",
		STR_ARG(ent->append));
	r = strbuf_err(&line) < 0 ? err_oom(w->e)
				  : menu_keep(w, strbuf_str(&line), &to->args);
	strbuf_done(&line);
	return r;
}

int menu_read_lilo(const struct menu_work *w, struct str text)
{
	struct str rest = text, def = lilo_conf_default(text);
	struct lilo_entry ent;
	int r;

	while (lilo_conf_next(text, &rest, &ent)) {
		struct boot_entry *to = menu_add(w);

		if (!to)
			return -EINVAL;
		*to = (struct boot_entry){.title = ent.label,
			.kernel = ent.image,
			.args = ent.append,
			.initrd = ent.initrd,
			.chain = !ent.image.n};
		r = add_root(w, &ent, to);
		if (r >= 0)
			r = menu_settle(w, to, NULL, ent.image, ent.initrd);
		if (r < 0)
			return r;
		/* Without default= it is the first. */
		if (w->g->default_known || (def.n && !str_eq(def, ent.label)))
			continue;
		w->g->default_known = true;
		w->g->default_entry = w->g->n_menu - 1;
	}
	return 0;
}
