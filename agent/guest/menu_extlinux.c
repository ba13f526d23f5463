/* SPDX-License-Identifier: GPL-2.0-or-later */
/* extlinux's menu (Syslinux, doc/syslinux.txt, doc/menu.txt): one text with what INCLUDE adds,
 * a global APPEND, paths relative to the config's folder. */
#include <errno.h>
#include <string.h>

#include "guest/menu.h"
#include "text/extlinux.h"

#define MAX_INCLUDES 16
#define MAX_TEXT ((size_t)1 << 20)

/* "/boot/extlinux/../vmlinuz" is "/boot/vmlinuz": adds the path without "." and "..". */
static void add_normal(struct str path, struct strbuf *out)
{
	struct str item;

	while (str_item(&path, '/', &item)) {
		if (!item.n || str_is(item, "."))
			continue;
		if (!str_is(item, "..")) {
			strbuf_addc(out, '/');
			strbuf_add(out, item);
			continue;
		}
		while (out->n && out->p[out->n - 1] != '/')
			out->p[--out->n] = '\0';
		if (out->n)
			out->p[--out->n] = '\0';
	}
}

/* A path as the config says it, from the root of its file system on. */
static int full_path(const struct menu_work *w, struct str path, struct str *ret)
{
	struct str config = menu_path_on_device(w, w->config);
	struct strbuf text = {0}, out = {0};
	int r;

	*ret = (struct str){0};
	if (!path.n)
		return 0;
	while (config.n && config.p[config.n - 1] != '/')
		config.n--;
	if (*path.p != '/')
		strbuf_add(&text, config);
	strbuf_add(&text, path);
	add_normal(strbuf_str(&text), &out);
	r = strbuf_err(&text) < 0 || strbuf_err(&out) < 0
		    ? err_oom(w->e)
		    : menu_keep(w, strbuf_str(&out), ret);
	strbuf_done(&text);
	strbuf_done(&out);
	return r;
}

/* Copies the text with each INCLUDE (also MENU INCLUDE) replaced by its file. */
static int flatten(const struct menu_work *w, struct str text, unsigned *left,
	unsigned depth, struct strbuf *out)
{
	STR_FOREACH_LINE (line, text) {
		const struct device *d = menu_device_of(w, w->config);
		const struct snap_entry *ent;
		struct str name = extlinux_include(line), path;
		int r = 0;

		if (!name.n) {
			if (out->n + line.n <= MAX_TEXT)
				strbuf_add(out, line);
			continue;
		}
		r = full_path(w, name, &path);
		ent = r >= 0 ? menu_find(w, d, path) : NULL;
		if (ent && ent->has_data && *left && depth < 4) {
			--*left;
			r = flatten(w, strbuf_str(&ent->data), left, depth + 1, out);
			strbuf_addc(out, '\n');
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_entry(
	const struct menu_work *w, const struct extlinux_entry *ent, struct str global)
{
	struct boot_entry *to = menu_add(w);
	struct str kernel, initrd, first = ent->initrd;
	int r;

	if (!to)
		return -EINVAL;
	/* Several are separated by commas. */
	str_cut(first, ',', &first, &initrd);
	*to = (struct boot_entry){.title = ent->label,
		.kernel = ent->kernel,
		.args = ent->args.n ? ent->args : global,
		.initrd = ent->initrd,
		.chain = !ent->kernel.n || str_ends(ent->kernel, ".c32")};
	/* No arguments, not the global ones. */
	if (str_is(to->args, "-"))
		to->args.n = 0;
	r = full_path(w, ent->kernel, &kernel);
	if (r >= 0)
		r = full_path(w, first, &initrd);
	return r < 0 ? r
		     : menu_settle(w, to, menu_device_of(w, w->config), kernel, initrd);
}

int menu_read_extlinux(const struct menu_work *w, struct str text)
{
	struct strbuf flat = {0};
	struct str rest, def, global;
	struct extlinux_entry ent;
	unsigned left = MAX_INCLUDES;
	size_t line = 0;
	int r = flatten(w, text, &left, 0, &flat);

	if (r >= 0)
		r = strbuf_err(&flat) < 0 ? err_oom(w->e)
					  : menu_keep(w, strbuf_str(&flat), &text);
	strbuf_done(&flat);
	if (r < 0)
		return r;
	rest = text;
	def = extlinux_default(text);
	global = extlinux_global_append(text);
	while (extlinux_next(&rest, &line, &ent)) {
		r = add_entry(w, &ent, global);
		if (r < 0)
			return r;
		if (!w->g->default_known && def.n && str_eq(ent.label, def)) {
			w->g->default_entry = w->g->n_menu - 1;
			w->g->default_known = true;
		}
	}
	return 0;
}
