/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blscfg of Fedora's and Red Hat's GRUB 2: menu entries from the files in loader/entries
 * (their grub2, grub-core/commands/blscfg.c). See grub_script_work.h. */
#include <stdlib.h>

#include "text/bls.h"
#include "text/grub_script_work.h"

struct found {
	struct str id, text;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Takes the next run of digits or letters off *s, what stands before it passed over. */
static struct str take_run(struct str *s)
{
	struct str run;
	bool digits;
	size_t n = 0;

	while (s->n && !is_digit(*s->p) && !is_letter(*s->p) && *s->p != '~')
		*s = str_from_pos(*s, 1);
	digits = s->n && is_digit(*s->p);
	if (s->n && *s->p == '~')
		n = 1;
	else
		while (n < s->n && (digits ? is_digit(s->p[n]) : is_letter(s->p[n])))
			n++;
	run = str_upto(*s, n);
	*s = str_from_pos(*s, n);
	return run;
}

static int compare_runs(struct str a, struct str b)
{
	bool digits = a.n && is_digit(*a.p);

	if (str_is(a, "~") != str_is(b, "~"))
		return str_is(a, "~") ? -1 : 1;
	if (!a.n || !b.n)
		return (a.n > 0) - (b.n > 0);
	if (digits != is_digit(*b.p))
		return digits ? 1 : -1;
	while (digits && a.n && *a.p == '0')
		a = str_from_pos(a, 1);
	while (digits && b.n && *b.p == '0')
		b = str_from_pos(b, 1);
	if (digits && a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return str_cmp(a, b);
}

/* rpm's order of versions: numbers are newer than letters, what goes on is newer. */
static int compare_versions(struct str a, struct str b)
{
	while (a.n || b.n) {
		int r = compare_runs(take_run(&a), take_run(&b));

		if (r)
			return r;
	}
	return 0;
}

/* What stands behind the last '-' of *s, taken off. */
static struct str take_last(struct str *s)
{
	size_t n = s->n;
	struct str last;

	while (n && s->p[n - 1] != '-')
		n--;
	last = str_from_pos(*s, n);
	*s = n ? str_upto(*s, n - 1) : (struct str){0};
	return last;
}

/* By name, version and release, the newest first. */
static int newest_first(const void *a, const void *b)
{
	struct str x = ((const struct found *)a)->id, y = ((const struct found *)b)->id,
		   release_x = take_last(&x), release_y = take_last(&y),
		   version_x = take_last(&x), version_y = take_last(&y);
	int r = compare_versions(y, x);

	if (!r)
		r = compare_versions(version_y, version_x);
	return r ? r : compare_versions(release_y, release_x);
}

/* All values of a key, as words of one line of script. */
static void add_line(
	struct strbuf *to, const char *command, struct str text, const char *key)
{
	struct str value;

	if (!bls_next(&text, key, &value))
		return;
	strbuf_adds(to, command);
	do {
		strbuf_addc(to, ' ');
		strbuf_add(to, value);
	} while (bls_next(&text, key, &value));
}

static void add_entry(struct script *x, const struct found *f)
{
	struct strbuf body = {0};
	struct grub_menu_entry *ent;

	if (!bls_get(f->text, "linux").n)
		return;
	ent = grub_script_add_entry(x);
	if (!ent)
		return;
	ent->title = bls_get(f->text, "title");
	if (!ent->title.n)
		ent->title = f->id;
	ent->id = f->id;
	strbuf_adds(&body, "linux ");
	strbuf_add(&body, bls_get(f->text, "linux"));
	add_line(&body, "", f->text, "options");
	add_line(&body, "\ninitrd", f->text, "initrd");
	strbuf_addc(&body, '\n');
	ent->body = grub_script_take(x, &body);
	ent->params = &ent->title;
	ent->n_params = 1;
}

static size_t read_folder(struct script *x, const char *folder, struct found *v)
{
	struct str name, device = grub_script_get(x, STR("root"));
	size_t pos = 0, n = 0;

	while (n < GRUB_MENU_MAX && grub_script_charge(x, 256) &&
		x->host->list(x->host->ctx, device, str_from(folder), &pos, &name)) {
		struct strbuf path = {0};

		if (!str_ends(name, ".conf"))
			continue;
		strbuf_addf(&path, "%s/" STR_FMT, folder, STR_ARG(name));
		if (!grub_script_read(x, grub_script_take(x, &path), &v[n].text))
			continue;
		v[n++].id = str_upto(name, name.n - STR(".conf").n);
	}
	return n;
}

int grub_script_blscfg(struct script *x, const struct script_call *call)
{
	struct found *v = grub_script_alloc(x, GRUB_MENU_MAX * sizeof(*v));
	size_t n;

	(void)call;
	if (!v || x->entry != GRUB_MENU_TOP || x->host->upstream)
		return 1;
	x->fedora = true;
	n = read_folder(x, "/loader/entries", v);
	if (!n)
		n = read_folder(x, "/boot/loader/entries", v);
	if (n)
		qsort(v, n, sizeof(*v), newest_first);
	for (size_t i = 0; i < n; i++)
		add_entry(x, &v[i]);
	return 0;
}
