/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LILO's menu. What it starts is what lilo wrote down as block numbers when it last ran; its
 * config says what that was, unless it was changed since. */
#include <errno.h>

#include "guest/menu.h"
#include "text/lilo_conf.h"

static void add_word(struct strbuf *line, struct str words)
{
	if (words.n)
		strbuf_addf(line, "%s" STR_FMT, line->n ? " " : "", STR_ARG(words));
}

/* LILO gives the kernel the root as a number or a name: as root= on the kernel line. */
static int add_args(
	const struct menu_work *w, const struct lilo_entry *ent, struct boot_entry *to)
{
	cleanup_(strbuf_done) struct strbuf line = {0};

	if (ent->root.n && !str_is(ent->root, "current"))
		strbuf_addf(&line, "root=" STR_FMT, STR_ARG(ent->root));
	if (ent->read_only)
		add_word(&line, STR("ro"));
	add_word(&line, ent->append);
	add_word(&line, ent->addappend);
	return strbuf_err(&line) < 0 ? err_oom(w->e)
				     : menu_keep(w, strbuf_str(&line), &to->args);
}

int menu_read_lilo(const struct menu_work *w, struct str text)
{
	struct str rest = text, def = {0};
	struct lilo_entry ent;
	int r;

	lilo_conf_global(text, "default", &def);
	while (lilo_conf_next(text, &rest, &ent)) {
		struct boot_entry *to = menu_add(w);

		if (!to)
			return -EINVAL;
		*to = (struct boot_entry){.title = ent.label,
			.kernel = ent.image,
			.initrd = ent.initrd,
			.chain = !ent.image.n};
		r = add_args(w, &ent, to);
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
