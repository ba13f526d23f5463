/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See options.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "plan/options.h"

/* Words in the order of their enum; the first is the default. */
static const struct option {
	const char *key;
	const char *words[8]; /* none: free text */
	size_t offset, size;
} table[] = {
#define WORDS(field, ...)                                                                \
	{                                                                                \
#field, {__VA_ARGS__ }, offsetof(struct options, field), 0               \
	}
#define TEXT(field)                                                                      \
	{                                                                                \
#field, {NULL }, offsetof(struct options, field),                        \
				sizeof(((struct options *)0)->field)                     \
	}
	WORDS(mode, "auto", "plan", "verify", "undo", "shell", "boot"),
	WORDS(finish, "reboot", "poweroff", "kexec", "shell", "eject"),
	{"on-fail", {"reboot", "poweroff", "", "shell"},
		offsetof(struct options, on_fail), 0},
	WORDS(fstab, "device", "uuid"),
	WORDS(swap, "remove", "keep"),
	WORDS(initrd, "auto", "graft", "rebuild"),
	WORDS(boot, "auto", "host", "self"),
	WORDS(packages, "auto", "offline", "off"),
	WORDS(ext4, "no", "yes"),
	WORDS(grow, "no", "yes"),
	WORDS(undo, "safe", "force", "packages", "all"),
	TEXT(console),
	TEXT(map),
	TEXT(root),
#undef WORDS
#undef TEXT
};

void options_init(struct options *o)
{
	*o = (struct options){.on_fail = FINISH_SHELL};
	strcpy(o->console, "ttyS0");
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A tty's name becomes a part of file names: letters, then letters and digits. */
static bool is_tty(struct str s)
{
	bool ok = s.n && is_letter(s.p[0]);

	for (size_t i = 1; ok && i < s.n; i++)
		ok = is_letter(s.p[i]) || (s.p[i] >= '0' && s.p[i] <= '9');
	return ok;
}

/* Free text goes into paths and messages: printable, no blanks or quotes. */
static int set_text(
	struct options *o, const struct option *opt, struct str value, struct err *e)
{
	char *to = (char *)o + opt->offset;

	if (value.n >= opt->size)
		return err_set(e, -EINVAL, "%s= is longer than %zu bytes", opt->key,
			opt->size - 1);
	if (opt->offset == offsetof(struct options, console) && !is_tty(value))
		return err_set(e, -EINVAL, "console= must be keep or a tty, as ttyS0");
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] <= ' ' || value.p[i] > '~' || strchr("\"'\\", value.p[i]))
			return err_set(e, -EINVAL,
				"%s= holds a byte that no device name has", opt->key);
	memcpy(to, value.p, value.n);
	to[value.n] = '\0';
	return 0;
}

static int set_word(
	struct options *o, const struct option *opt, struct str value, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf known = {0};

	for (int i = 0; i < (int)ARRAY_SIZE(opt->words) && opt->words[i]; i++) {
		if (*opt->words[i] && str_is(value, opt->words[i])) {
			*(int *)((char *)o + opt->offset) = i;
			return 0;
		}
		if (*opt->words[i])
			strbuf_addf(&known, "%s%s", known.n ? ", " : "", opt->words[i]);
	}
	return err_set(e, -EINVAL, "%s=" STR_FMT ": must be one of %s", opt->key,
		STR_ARG(str_upto(value, 40)), known.p ? known.p : "");
}

int options_set(struct options *o, struct str assignment, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf known = {0};
	struct str key, value;

	if (!str_cut(assignment, '=', &key, &value))
		return err_set(e, -EINVAL, "\"" STR_FMT "\" is not KEY=VALUE",
			STR_ARG(str_upto(assignment, 40)));
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (str_is(key, table[i].key))
			return table[i].size ? set_text(o, &table[i], value, e)
					     : set_word(o, &table[i], value, e);
		strbuf_addf(&known, "%s%s", i ? ", " : "", table[i].key);
	}
	return err_set(e, -EINVAL, "unknown option \"" STR_FMT "\"; there are %s",
		STR_ARG(str_upto(key, 40)), known.p ? known.p : "");
}

const char *options_mode_name(const struct options *o)
{
	return table[0].words[o->mode];
}
