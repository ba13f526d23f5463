/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See hostopt.h. The parsers are pure; nothing of what the host says is judged here. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "sys/hostopt.h"

enum {
	SOURCE_MAX = 256 * 1024,
	OPTIONS_MAX = 256,
	SMBIOS_OEM_STRINGS = 11,
	SMBIOS_END = 127,
};

/* Adds "KEY=VALUE"; what has another shape is nothing of ours. */
static int add_option(struct str s, struct strv *ret)
{
	struct str key, value;

	if (!str_cut(s, '=', &key, &value) || !key.n || str_has_nul(s) ||
		ret->n >= OPTIONS_MAX)
		return 0;
	for (size_t i = 0; i < key.n; i++)
		if (!((key.p[i] >= 'a' && key.p[i] <= 'z') || key.p[i] == '-' ||
			    (key.p[i] >= '0' && key.p[i] <= '9')))
			return 0;
	return strv_add(ret, s);
}

int hostopt_parse_cmdline(struct str text, struct strv *ret)
{
	struct strbuf word = {0};
	int r = 0;

	/* Words as in Linux, lib/cmdline.c: quotes hold blanks together, anywhere. */
	for (size_t i = 0; i < text.n && r >= 0;) {
		bool quoted = false;
		struct str s;

		strbuf_reset(&word);
		for (; i < text.n; i++) {
			char c = text.p[i];

			if (c == '"')
				quoted = !quoted;
			else if (!quoted && (c == ' ' || c == '\t' || c == '\n'))
				break;
			else
				strbuf_addc(&word, c);
		}
		i++;
		r = strbuf_err(&word);
		s = strbuf_str(&word);
		if (r == 0 && str_skip(&s, "xvd2vd."))
			r = add_option(s, ret);
	}
	strbuf_done(&word);
	return r;
}

/* The strings behind the formatted part, each with its NUL, the last with one more. */
static int parse_strings(struct str *rest, bool ours, struct strv *ret)
{
	int r = 0;

	if (rest->n && !rest->p[0]) { /* none: two NULs all the same */
		*rest = str_from_pos(*rest, 2);
		return 0;
	}
	while (r >= 0 && rest->n && rest->p[0]) {
		struct str s;

		if (!str_cut(*rest, '\0', &s, rest)) {
			*rest = (struct str){0};
			break;
		}
		if (ours && str_skip(&s, "xvd2vd:"))
			r = add_option(s, ret);
	}
	*rest = str_from_pos(*rest, 1);
	return r;
}

int hostopt_parse_smbios(struct str table, struct strv *ret)
{
	int r = 0;

	while (r >= 0 && table.n >= 4) {
		unsigned type = (uint8_t)table.p[0], length = (uint8_t)table.p[1];

		if (length < 4 || length > table.n || type == SMBIOS_END)
			break;
		table = str_from_pos(table, length);
		r = parse_strings(&table, type == SMBIOS_OEM_STRINGS, ret);
	}
	return r;
}

int hostopt_parse_file(struct str text, struct strv *ret)
{
	int r = 0;

	STR_FOREACH_LINE (line, text) {
		line = str_trim(line);
		if (line.n && line.p[0] != '#')
			r = add_option(line, ret);
		if (r < 0)
			break;
	}
	return r;
}

static const struct source {
	const char *path;
	int (*parse)(struct str text, struct strv *ret);
} sources[] = {
	{"/proc/cmdline", hostopt_parse_cmdline},
	/* The whole table needs no module; /sys/firmware/dmi/entries would (dmi-sysfs). */
	{"/sys/firmware/dmi/tables/DMI", hostopt_parse_smbios},
	{"/sys/firmware/qemu_fw_cfg/by_name/opt/org.xvd2vd/options/raw",
		hostopt_parse_file},
};

static int read_source(const char *path, struct strbuf *ret, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char buf[4096];
	ssize_t n;

	if (fd < 0)
		return 0;
	while (ret->n < SOURCE_MAX && (n = read(fd, buf, sizeof(buf))) > 0)
		strbuf_add(ret, (struct str){buf, (size_t)n});
	close(fd);
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

int hostopt_read(const char *sysroot, struct strv *ret, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		cleanup_(free_charp) char *path =
			str_printf("%s%s", sysroot, sources[i].path);
		cleanup_(strbuf_done) struct strbuf text = {0};
		int r;

		if (!path)
			return err_oom(e);
		r = read_source(path, &text, e);
		if (r < 0)
			return r;
		if (sources[i].parse(strbuf_str(&text), ret) < 0)
			return err_oom(e);
	}
	return 0;
}
