/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See settings.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/settings.h"

static bool key_ok(struct str key)
{
	if (!key.n || key.n > SETTINGS_KEY_MAX || key.p[0] == '-')
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

/* The file has one option a line, so a line end can't be part of one. */
static bool value_ok(struct str value)
{
	if (value.n > SETTINGS_VALUE_MAX)
		return false;
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < 0x20 || value.p[i] > 0x7e)
			return false;
	return true;
}

static bool one_of(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_is(s, *words))
			return true;
	return false;
}

/* The machine has no console to type at, lives for one boot, and ends after it. */
static bool works_here(struct str key, struct str value)
{
	static const char *const console_modes[] = {"shell", "boot", NULL};
	static const char *const ends[] = {"poweroff", "reboot", NULL};

	if (str_is(key, "mode"))
		return !one_of(value, console_modes);
	if (str_is(key, "finish") || str_is(key, "on-fail"))
		return one_of(value, ends);
	return true;
}

int settings_put(struct strv *settings, struct str option, struct err *e)
{
	struct str key, value;
	char *copy;

	if (!str_cut(option, '=', &key, &value) || !key_ok(key))
		return err_set(e, -EINVAL, "--set takes KEY=VALUE, not \"%.*s\"",
			(int)(option.n < 80 ? option.n : 80), option.p);
	if (!value_ok(value))
		return err_set(e, -EINVAL,
			"--set " STR_FMT
			": the value must be printable ASCII, at most %d "
			"bytes",
			STR_ARG(key), SETTINGS_VALUE_MAX);
	if (!works_here(key, value))
		return err_set(e, -EINVAL,
			"--set " STR_FMT ": not in a machine that has no console and is "
			"started once",
			STR_ARG(option));
	STRV_FOREACH (it, settings) {
		struct str old = str_from(*it);

		if (old.n <= key.n || old.p[key.n] != '=' || memcmp(old.p, key.p, key.n))
			continue;
		copy = str_dup(option);
		if (!copy)
			return err_oom(e);
		free(*it);
		*it = copy;
		return 0;
	}
	return strv_add(settings, option) < 0 ? err_oom(e) : 0;
}

int settings_split(const struct strv *settings, struct str base,
	struct strbuf *ret_cmdline, struct strbuf *ret_options, struct err *e)
{
	static const char prefix[] = " xvd2vd.";

	base = str_trim(base);
	for (size_t i = 0; i < base.n; i++)
		if (base.p[i] < 0x20 || base.p[i] > 0x7e)
			return err_set(e, -EINVAL,
				"the kernel command line is not one line of ASCII");
	strbuf_add(ret_cmdline, base);
	STRV_FOREACH (it, settings) {
		struct str option = str_from(*it);
		size_t length = ret_cmdline->n + strlen(prefix) + option.n;

		if (length > SETTINGS_CMDLINE_MAX || strpbrk(*it, " \"'\\")) {
			strbuf_add(ret_options, option);
			strbuf_addc(ret_options, '\n');
		} else {
			strbuf_adds(ret_cmdline, prefix);
			strbuf_add(ret_cmdline, option);
		}
	}
	if (strbuf_err(ret_cmdline) < 0 || strbuf_err(ret_options) < 0)
		return err_oom(e);
	if (ret_cmdline->n > SETTINGS_CMDLINE_MAX)
		return err_set(e, -E2BIG,
			"the kernel command line is longer than %d bytes",
			SETTINGS_CMDLINE_MAX);
	return 0;
}
