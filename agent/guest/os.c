/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which distribution and architecture this is: os-release(5), else the release files older
 * systems have. */
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"
#include "text/shell_vars.h"

/* What a file says of itself, as os-release(5) would say it. */
struct release {
	struct strbuf id, version, name;
	enum family family;
};

static void release_done(struct release *r)
{
	strbuf_done(&r->id);
	strbuf_done(&r->version);
	strbuf_done(&r->name);
}

static enum family family_of(struct str id)
{
	const struct distro *d = distro_by_id(id);

	return d ? d->family : FAMILY_OTHER;
}

static bool from_os_release(struct str text, struct release *ret)
{
	cleanup_(strbuf_done) struct strbuf like = {0};
	struct str rest, word;

	if (!shell_vars_get(text, "ID", &ret->id))
		return false;
	shell_vars_get(text, "VERSION_ID", &ret->version);
	shell_vars_get(text, "PRETTY_NAME", &ret->name);
	shell_vars_get(text, "ID_LIKE", &like);
	ret->family = family_of(strbuf_str(&ret->id));
	rest = strbuf_str(&like);
	while (ret->family == FAMILY_OTHER && str_word(&rest, &word))
		ret->family = family_of(word);
	return true;
}

/* Ubuntu before 12.04: DISTRIB_ID=Ubuntu, DISTRIB_RELEASE=8.04. */
static bool from_lsb_release(struct str text, struct release *ret)
{
	if (!shell_vars_get(text, "DISTRIB_ID", &ret->id))
		return false;
	for (size_t i = 0; i < ret->id.n; i++)
		if (ret->id.p[i] >= 'A' && ret->id.p[i] <= 'Z')
			ret->id.p[i] += 'a' - 'A';
	shell_vars_get(text, "DISTRIB_RELEASE", &ret->version);
	shell_vars_get(text, "DISTRIB_DESCRIPTION", &ret->name);
	ret->family = family_of(strbuf_str(&ret->id));
	return true;
}

/* "5.0.10", "7.11", "trixie/sid": the major number is the version. */
static bool from_debian_version(struct str text, struct release *ret)
{
	struct str all = str_trim(text), major = all, minor;

	str_cut(all, '.', &major, &minor);
	strbuf_adds(&ret->id, "debian");
	strbuf_add(&ret->version, major);
	strbuf_addf(&ret->name, "Debian GNU/Linux " STR_FMT, STR_ARG(all));
	ret->family = FAMILY_DEBIAN;
	return true;
}

/* "CentOS release 6.10 (Final)", "Scientific Linux SL release 5.11 (Boron)",
 * "Amazon Linux 2": the word behind "release", else the first that is a number. */
static struct str banner_version(struct str line)
{
	struct str word, version = {0};

	while (str_word(&line, &word)) {
		if (str_is(word, "release"))
			return str_word(&line, &word) ? word : version;
		if (!version.n && word.p[0] >= '0' && word.p[0] <= '9')
			version = word;
	}
	return version;
}

/* The line is the name. */
static bool from_banner(struct str text, struct release *ret)
{
	const struct distro *d;
	struct str line = {0};

	str_line(&text, &line);
	line = str_trim(line);
	d = distro_by_banner(line);
	strbuf_adds(&ret->id, d ? d->id : "linux");
	strbuf_add(&ret->version, banner_version(line));
	strbuf_add(&ret->name, line);
	ret->family = d ? d->family : FAMILY_OTHER;
	return true;
}

/* The banner, then "VERSION = 11" and "PATCHLEVEL = 4": 11.4 (as the last of them also say in
 * os-release). openSUSE's VERSION has the minor number already. */
static bool from_suse_release(struct str text, struct release *ret)
{
	struct str version = {0}, patchlevel = {0};

	STR_FOREACH_LINE (line, text) {
		struct str name, value;

		if (!str_cut(line, '=', &name, &value))
			continue;
		name = str_trim(name);
		if (str_is(name, "VERSION"))
			version = str_trim(value);
		else if (str_is(name, "PATCHLEVEL"))
			patchlevel = str_trim(value);
	}
	from_banner(text, ret);
	if (version.n) {
		strbuf_reset(&ret->version);
		strbuf_add(&ret->version, version);
		if (patchlevel.n && !str_is(patchlevel, "0") &&
			!str_contains(version, "."))
			strbuf_addf(&ret->version, "." STR_FMT, STR_ARG(patchlevel));
	}
	return true;
}

/* "3.4.6" */
static bool from_alpine_release(struct str text, struct release *ret)
{
	struct str version = str_trim(text);

	strbuf_adds(&ret->id, "alpine");
	strbuf_add(&ret->version, version);
	strbuf_addf(&ret->name, "Alpine Linux " STR_FMT, STR_ARG(version));
	ret->family = FAMILY_ALPINE;
	return true;
}

/* Empty; a rolling release has no version. */
static bool from_arch_release(struct str text, struct release *ret)
{
	(void)text;
	strbuf_adds(&ret->id, "arch");
	strbuf_adds(&ret->name, "Arch Linux");
	ret->family = FAMILY_ARCH;
	return true;
}

/* In this order, the first that is there and says something counts. Those who rebuild Red Hat's
 * also have redhat-release, which of Oracle's names Red Hat. */
static const struct {
	const char *path;
	bool (*read)(struct str text, struct release *ret);
} release_files[] = {
	{"/etc/os-release", from_os_release},
	{"/usr/lib/os-release", from_os_release},
	{"/etc/lsb-release", from_lsb_release},
	{"/etc/oracle-release", from_banner},
	{"/etc/enterprise-release", from_banner},
	{"/etc/centos-release", from_banner},
	{"/etc/redhat-release", from_banner},
	{"/etc/system-release", from_banner},
	{"/etc/debian_version", from_debian_version},
	{"/etc/arch-release", from_arch_release},
	{"/etc/gentoo-release", from_banner},
	{"/etc/SuSE-release", from_suse_release},
	{"/etc/alpine-release", from_alpine_release},
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

const char *guest_os_file(size_t i)
{
	return i < ARRAY_SIZE(release_files) ? release_files[i].path : NULL;
}

int guest_read_os(const struct snapshot *snap, struct guest *g, struct err *e)
{
	cleanup_(release_done) struct release rel = {0};

	for (size_t i = 0; i < ARRAY_SIZE(release_files); i++) {
		struct str text;

		if (snapshot_data(snap, release_files[i].path, &text) &&
			release_files[i].read(text, &rel))
			break;
	}
	g->family = rel.family;
	g->id = strbuf_take(&rel.id);
	g->version = strbuf_take(&rel.version);
	g->name = strbuf_take(&rel.name);
	g->arch = strdup(find_arch(snap));
	return g->id && g->version && g->name && g->arch ? 0 : err_oom(e);
}
