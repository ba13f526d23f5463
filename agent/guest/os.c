/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which distribution and architecture this is: os-release(5), else the release files older
 * systems have. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"
#include "text/shell_vars.h"

/* IDs (and ID_LIKE words) of the Debian family. */
static const char *const debian_ids[] = {
	"debian", "ubuntu", "devuan", "raspbian", "linuxmint"};

static bool is_debian_id(struct str word)
{
	for (size_t i = 0; i < ARRAY_SIZE(debian_ids); i++)
		if (str_is(word, debian_ids[i]))
			return true;
	return false;
}

/* Takes ownership of what `b` holds; an error only for lack of memory. */
static int keep(char **to, struct strbuf *b, struct err *e)
{
	free(*to);
	*to = strbuf_take(b);
	return *to ? 0 : err_oom(e);
}

static int from_os_release(struct str text, struct guest *g, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf id = {0}, version = {0}, name = {0},
					    like = {0};
	struct str rest, word;

	if (!shell_vars_get(text, "ID", &id))
		return 0;
	shell_vars_get(text, "VERSION_ID", &version);
	shell_vars_get(text, "PRETTY_NAME", &name);
	shell_vars_get(text, "ID_LIKE", &like);
	g->family = is_debian_id(strbuf_str(&id)) ? FAMILY_DEBIAN : FAMILY_OTHER;
	rest = strbuf_str(&like);
	while (str_word(&rest, &word))
		if (is_debian_id(word))
			g->family = FAMILY_DEBIAN;
	if (keep(&g->id, &id, e) < 0 || keep(&g->version, &version, e) < 0 ||
		keep(&g->name, &name, e) < 0)
		return -ENOMEM;
	return 1;
}

/* Ubuntu before 12.04: DISTRIB_ID=Ubuntu, DISTRIB_RELEASE=8.04. */
static int from_lsb_release(struct str text, struct guest *g, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf id = {0}, version = {0}, name = {0};

	if (!shell_vars_get(text, "DISTRIB_ID", &id))
		return 0;
	for (size_t i = 0; i < id.n; i++)
		if (id.p[i] >= 'A' && id.p[i] <= 'Z')
			id.p[i] += 'a' - 'A';
	shell_vars_get(text, "DISTRIB_RELEASE", &version);
	shell_vars_get(text, "DISTRIB_DESCRIPTION", &name);
	g->family = is_debian_id(strbuf_str(&id)) ? FAMILY_DEBIAN : FAMILY_OTHER;
	if (keep(&g->id, &id, e) < 0 || keep(&g->version, &version, e) < 0 ||
		keep(&g->name, &name, e) < 0)
		return -ENOMEM;
	return 1;
}

/* "5.0.10", "7.11", "trixie/sid": the major number is the version. */
static int from_debian_version(struct str text, struct guest *g, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf id = {0}, version = {0}, name = {0};
	struct str all = str_trim(text), major = all, minor;

	str_cut(all, '.', &major, &minor);
	strbuf_adds(&id, "debian");
	strbuf_add(&version, major);
	strbuf_addf(&name, "Debian GNU/Linux " STR_FMT, STR_ARG(all));
	g->family = FAMILY_DEBIAN;
	if (keep(&g->id, &id, e) < 0 || keep(&g->version, &version, e) < 0 ||
		keep(&g->name, &name, e) < 0)
		return -ENOMEM;
	return 1;
}

/* "CentOS release 6.10 (Final)": the line is the name; told apart by the families that
 * come to be supported. */
static int from_named_release(struct str text, struct guest *g, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf id = {0}, version = {0}, name = {0};
	struct str line = {0};

	str_line(&text, &line);
	strbuf_adds(&id, "linux");
	strbuf_add(&name, str_trim(line));
	g->family = FAMILY_OTHER;
	if (keep(&g->id, &id, e) < 0 || keep(&g->version, &version, e) < 0 ||
		keep(&g->name, &name, e) < 0)
		return -ENOMEM;
	return 1;
}

static const struct {
	const char *path;
	int (*read)(struct str text, struct guest *g, struct err *e);
} release_files[] = {
	{"/etc/os-release", from_os_release},
	{"/usr/lib/os-release", from_os_release},
	{"/etc/lsb-release", from_lsb_release},
	{"/etc/redhat-release", from_named_release},
	{"/etc/SuSE-release", from_named_release},
	{"/etc/alpine-release", from_named_release},
	{"/etc/debian_version", from_debian_version},
};

/* e_machine of an ELF header (elf(5)). */
static const char *elf_arch(struct str data)
{
	if (data.n < 20 || memcmp(data.p, "\177ELF", 4) != 0)
		return NULL;
	switch ((unsigned char)data.p[18] | (unsigned char)data.p[19] << 8) {
	case 3:
		return "i386";
	case 62:
		return "x86_64";
	case 183:
		return "aarch64";
	default:
		return NULL;
	}
}

static const char *find_arch(const struct snapshot *snap)
{
	static const char *const programs[] = {"/bin/bash", "/bin/ls", "/bin/busybox"};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		struct str data;

		if (snapshot_data(snap, programs[i], &data) && elf_arch(data))
			return elf_arch(data);
	}
	return "";
}

int guest_read_os(const struct snapshot *snap, struct guest *g, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(release_files) && !g->id; i++) {
		struct str text;
		int r;

		if (!snapshot_data(snap, release_files[i].path, &text))
			continue;
		r = release_files[i].read(text, g, e);
		if (r < 0)
			return r;
	}
	if (!g->id)
		g->id = strdup("");
	if (!g->version)
		g->version = strdup("");
	if (!g->name)
		g->name = strdup("");
	g->arch = strdup(find_arch(snap));
	return g->id && g->version && g->name && g->arch ? 0 : err_oom(e);
}
