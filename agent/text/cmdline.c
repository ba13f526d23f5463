/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See cmdline.h. */
#include <errno.h>

#include "text/cmdline.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

bool cmdline_word(struct str *rest, struct str *ret_word)
{
	bool quoted = false;
	size_t n = 0;

	while (rest->n && is_space(*rest->p))
		*rest = str_from_pos(*rest, 1);
	if (!rest->n)
		return false;
	while (n < rest->n && (quoted || !is_space(rest->p[n])))
		quoted ^= rest->p[n++] == '"';
	*ret_word = str_upto(*rest, n);
	*rest = str_from_pos(*rest, n);
	return true;
}

/* Like the kernel (lib/cmdline.c, next_arg): an opening quote need not be closed. */
static struct str unquote(struct str s)
{
	char quote = s.n ? *s.p : '\0';

	if (quote != '"' && quote != '\'')
		return s;
	s = str_from_pos(s, 1);
	if (s.n && s.p[s.n - 1] == quote)
		s.n--;
	return s;
}

/* key=value, "key=value", key="value". A bare word has an empty value. */
static void split(struct str word, struct str *ret_key, struct str *ret_value)
{
	word = unquote(word);
	if (str_cut(word, '=', ret_key, ret_value)) {
		*ret_value = unquote(*ret_value);
		return;
	}
	*ret_key = word;
	*ret_value = str_from_pos(word, word.n);
}

bool cmdline_get(struct str in, const char *key, struct str *ret_value)
{
	bool found = false;
	struct str word;

	while (cmdline_word(&in, &word)) {
		struct str k, v;

		split(word, &k, &v);
		if (!str_is(k, key))
			continue;
		*ret_value = v;
		found = true;
	}
	return found;
}

bool cmdline_root(struct str in, struct str *ret_value)
{
	return cmdline_get(in, "real_root", ret_value) ||
	       cmdline_get(in, "root", ret_value);
}

static bool is_root(struct str key)
{
	return str_is(key, "root") || str_is(key, "real_root");
}

/* The device of console=DEVICE[,options]. */
static struct str console_device(struct str value)
{
	struct str options;

	str_cut(value, ',', &value, &options);
	return value;
}

static bool is_xen_console(struct str value)
{
	struct str device = console_device(value);

	return str_is(device, "hvc0") || str_is(device, "xvc0");
}

/* Is console=`device` among the words, other than by a Xen console that will be it? */
static bool has_console(struct str words, const char *device)
{
	struct str word;

	while (cmdline_word(&words, &word)) {
		struct str k, v;

		split(word, &k, &v);
		if (str_is(k, "console") && !is_xen_console(v) &&
			str_is(console_device(v), device))
			return true;
	}
	return false;
}

/* Does every quote in what goes have its other half there? Else that would be paired with one
 * of another word, and what follows read differently. */
static bool is_whole(struct str words)
{
	size_t single = 0, twice = 0;

	for (size_t i = 0; i < words.n; i++) {
		single += words.p[i] == '\'';
		twice += words.p[i] == '"';
	}
	return single % 2 == 0 && twice % 2 == 0;
}

static int replace(struct edit *ed, struct str range, struct str with, struct err *e)
{
	if (!is_whole(range))
		return err_set(e, -EINVAL,
			"its quotes are such that a kernel line cannot be edited "
			"safely: correct them by hand");
	edit_replace(ed, range, with);
	return 0;
}

/* Takes the word out with the blanks before it; where none are left before it, because it
 * comes first, with those behind it. */
static int remove_word(struct edit *ed, struct str words, struct str word, struct err *e)
{
	const char *first = words.p, *end = words.p + words.n;
	struct str range = word;

	if (ed->in.p + ed->done > first)
		first = ed->in.p + ed->done;
	while (range.p > first && is_blank(range.p[-1])) {
		range.p--;
		range.n++;
	}
	if (range.p == word.p)
		while (range.p + range.n < end && is_blank(range.p[range.n]))
			range.n++;
	return replace(ed, range, (struct str){0}, e);
}

/* What helped, or did no harm, on Xen alone. */
static bool is_xen_word(struct str key, struct str value)
{
	static const struct {
		const char *key, *value; /* NULL: any */
	} words[] = {
		{"clocksource", "xen"},
		{"clocksource", "jiffies"},
		{"independent_wallclock", NULL},
		{"xen.independent_wallclock", NULL},
		{"acpi", "off"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_is(key, words[i].key) &&
			(!words[i].value || str_is(value, words[i].value)))
			return true;
	return false;
}

static int edit_device(struct edit *ed, struct str words, struct str word, struct str key,
	struct str value, const struct cmdline_edit *req, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf name = {0};

	switch (dev_map_find(req->map, value, &name)) {
	case DEV_KEPT:
		return 0;
	case DEV_RENAMED:
		if (strbuf_err(&name) < 0)
			return err_oom(e);
		return replace(ed, value, strbuf_str(&name), e);
	case DEV_GONE:
		break;
	}
	if (is_root(key))
		return err_set(e, -ENODEV,
			"root=" STR_FMT " names a disk that this machine does not have",
			STR_ARG(str_upto(value, 64)));
	return remove_word(ed, words, word, e);
}

int cmdline_edit_words(
	struct edit *ed, struct str words, const struct cmdline_edit *req, struct err *e)
{
	bool have = req->console && has_console(words, req->console);
	struct str rest = words, word;
	int r = 0;

	while (r >= 0 && cmdline_word(&rest, &word)) {
		struct str key, value;

		split(word, &key, &value);
		if (is_root(key) || str_is(key, "resume") || str_is(key, "resume2")) {
			r = edit_device(ed, words, word, key, value, req, e);
		} else if (req->drop_xen && is_xen_word(key, value)) {
			r = remove_word(ed, words, word, e);
		} else if (!req->console) {
			continue;
		} else if (str_is(key, "console") && is_xen_console(value)) {
			r = have ? remove_word(ed, words, word, e)
				 : replace(ed, value, str_from(req->console), e);
			have = true;
		} else if (str_is(key, "xencons")) {
			r = remove_word(ed, words, word, e);
		}
	}
	return r;
}

int cmdline_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	int r = cmdline_edit_words(&ed, in, req, e);

	return r < 0 ? r : edit_finish(&ed, ret_out, e);
}
