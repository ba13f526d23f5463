/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See packages.h. */
#include <errno.h>
#include <string.h>

#include "plan/packages.h"

/* One row a family. `refresh` asks the repositories what they have, where installing does not;
 * `install` gets the package's name behind it. Between the program and either stand the options
 * of all runs, and those that make it see the repositories, or the payload alone (none: it knows
 * of no payload). */
static const struct tool {
	enum family family;
	const char *program, *database;
	const char *const common[16], *const network[8], *const payload[24];
	const char *const refresh[4], *const install[4];
	const char *mend;  /* what a run that was cut short needs; NULL: nothing */
	const char *query; /* tells whether it is installed; NULL: installing does */
	const char *stale; /* what each start of the guest removes: locks of Xen's days */
	const char *by_hand; /* for a person */
} tools[] = {
	{.family = FAMILY_DEBIAN,
		.program = "/usr/bin/apt-get",
		.database = "dpkg",
		.common = {"-q", "-y", "-o", "Dpkg::Options::=--force-confdef", "-o",
			"Dpkg::Options::=--force-confold", "-o",
			"APT::Keep-Downloaded-Packages=false"},
		/* The default is two minutes an address. */
		.network = {"-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20",
			"-o", "Acquire::https::Timeout=20"},
		/* Its lists and caches are not the guest's, and its manifest stands for a
		 * signature. */
		.payload = {"-o",
			"Dir::Etc::sourcelist=" PACKAGES_PAYLOAD "/sources.list", "-o",
			"Dir::Etc::sourceparts=/dev/null", "-o",
			"Dir::State::lists=" PACKAGES_PAYLOAD "/lists", "-o",
			"Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=", "-o",
			"APT::Get::AllowUnauthenticated=true", "-o",
			"Acquire::AllowInsecureRepositories=true", "-o",
			"APT::Sandbox::User=root"},
		.refresh = {"update"},
		.install = {"--no-install-recommends", "install"},
		.mend = "dpkg --configure -a",
		.by_hand = "apt-get install"},
	/* A link to dnf where yum is gone. The words are those that EL5's yum 3.2.22 knows. A
	 * hosting panel may have excluded kernels in its config. */
	{.family = FAMILY_REDHAT,
		.program = "/usr/bin/yum",
		.database = "rpm",
		.common = {"-y"},
		.network = {"--disableexcludes=all"},
		.payload = {"-c", PACKAGES_PAYLOAD "/yum.conf"},
		.install = {"install"},
		.query = "rpm -q",
		.stale = "/var/lib/rpm/__db.*",
		.by_hand = "yum install"},
	/* No "refresh": that fails where one repository is gone, such as the DVD. */
	{.family = FAMILY_SUSE,
		.program = "/usr/bin/zypper",
		.database = "rpm",
		.common = {"--non-interactive"},
		.payload = {"--no-gpg-checks", "--reposd-dir",
			PACKAGES_PAYLOAD "/repos.d", "--cache-dir",
			PACKAGES_PAYLOAD "/cache"},
		.install = {"install"},
		.query = "rpm -q",
		.stale = "/var/lib/rpm/__db.*",
		.by_hand = "zypper install"},
	/* Its repositories are of one release. Nothing but itself makes the index that a payload
	 * needs. */
	{.family = FAMILY_ALPINE,
		.program = "/sbin/apk",
		.database = "apk",
		.refresh = {"update"},
		.install = {"add"},
		.query = "apk info -e",
		.by_hand = "apk add"},
	/* By hand alone. Without releases only a full upgrade is sound; nobody waits for a
	 * compiler. */
	{.family = FAMILY_ARCH, .by_hand = "pacman -Syu"},
	{.family = FAMILY_GENTOO, .by_hand = "emerge"},
};

/* What a package that brings a kernel may change, besides the files of its own: kept, since a
 * tool that fails half-way must not leave the guest with neither the old nor the new. Its
 * database is not among them: each package that comes later changes it, and what an undo puts
 * back must be what is there. */
static const char *const kernel_guards[] = {"/boot/", "/etc/", "/extlinux.conf",
	"/vmlinuz", "/vmlinuz.old", "/initrd.img", "/initrd.img.old"};

static const struct tool *find_tool(enum family family)
{
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (tools[i].family == family)
			return &tools[i];
	return NULL;
}

const char *plan_install_by_hand(enum family family)
{
	const struct tool *t = find_tool(family);

	return t ? t->by_hand : NULL;
}

static bool has_payload(const struct plan_input *in, const struct tool *t)
{
	return in->machine->has_payload && t->payload[0];
}

bool plan_installs(enum family family)
{
	const struct tool *t = find_tool(family);

	return t && t->program;
}

bool plan_can_install(const struct plan_input *in)
{
	const struct tool *t = find_tool(in->guest->family);
	const int from = in->options->packages;

	return t && t->program && !in->offline && !in->packages_failed &&
	       (from == PACKAGES_AUTO ||
		       (from == PACKAGES_OFFLINE && has_payload(in, t))) &&
	       snapshot_exists(in->snap, t->program);
}

static int add_words(struct strv *v, const char *const *words, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && words[i] && r >= 0; i++)
		r = strv_adds(v, words[i]);
	return r;
}

/* `verb`: refresh or install; `name`: of the package, or NULL. */
static int add_command(struct strv *v, const struct tool *t, bool payload,
	const char *const verb[4], const char *name)
{
	int r = strv_adds(v, strrchr(t->program, '/') + 1);

	if (r >= 0)
		r = add_words(v, t->common, ARRAY_SIZE(t->common));
	if (r >= 0)
		r = payload ? add_words(v, t->payload, ARRAY_SIZE(t->payload))
			    : add_words(v, t->network, ARRAY_SIZE(t->network));
	if (r >= 0)
		r = add_words(v, verb, 4);
	return r >= 0 && name ? strv_adds(v, name) : r;
}

static struct step *add_run(const struct plan_input *in, struct plan *p, const char *id,
	const char *const verb[4], const char *name)
{
	const struct tool *t = find_tool(in->guest->family);
	struct step *s = plan_add(p, STEP_RUN, id, t->program);

	if (!s)
		return NULL;
	s->network = in->options->packages == PACKAGES_AUTO;
	if (s->network && add_command(&s->argv, t, false, verb, name) < 0)
		return NULL;
	if (has_payload(in, t) && add_command(&s->from_payload, t, true, verb, name) < 0)
		return NULL;
	return s;
}

static bool has_step(const struct plan *p, const char *id)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (strcmp(p->steps[i].id, id) == 0)
			return true;
	return false;
}

/* rpm on Berkeley DB trusts shared memory that it finds in files; what a guest that did not end
 * well has left there makes it wait for ever. */
static int clear_stale(
	const struct plan_input *in, struct plan *p, bool needed, struct err *e)
{
	const char *pattern = find_tool(in->guest->family)->stale;
	const struct snap_entry *ent;
	struct step *s = NULL;
	size_t pos = 0;
	int r = 0;

	if (!pattern || has_step(p, "rpm-locks"))
		return 0;
	while (r >= 0 && (ent = snapshot_glob(in->snap, pattern, &pos))) {
		if (!s) {
			s = plan_add(p, STEP_RUN, "rpm-locks", "/var/lib/rpm");
			if (!s || strv_adds(&s->argv, "rm") < 0 ||
				strv_adds(&s->argv, "-f") < 0)
				return err_oom(e);
			s->optional = !needed;
			step_note(s, "locks left in the package database");
		}
		r = strv_adds(&s->argv, ent->path);
	}
	return r < 0 ? err_oom(e) : 0;
}

/* The repositories are asked what they have once a run, before the first package. */
static int refresh(
	const struct plan_input *in, struct plan *p, bool needed, struct err *e)
{
	struct step *s;

	if (!find_tool(in->guest->family)->refresh[0] || has_step(p, "packages"))
		return 0;
	s = add_run(in, p, "packages", find_tool(in->guest->family)->refresh, NULL);
	if (!s)
		return err_oom(e);
	s->optional = !needed;
	step_note(s, s->network ? "what the guest's repositories have"
				: "what the payload has");
	return 0;
}

/* The guest's own start installs it, where it has the tool and packages are wanted. */
static int leave(const struct plan_input *in, struct plan *p,
	const struct wanted_package *w, const struct tool *t, struct err *e)
{
	if (t && t->program && in->options->packages != PACKAGES_OFF &&
		snapshot_exists(in->snap, t->program) &&
		strv_adds(&p->to_install, w->name) < 0)
		return err_oom(e);
	return plan_pend(p, w->id, e, "install %s, %s%s%s%s%s", w->name, w->why,
		t ? ": " : "", t ? t->by_hand : "", t ? " " : "", t ? w->name : "");
}

int plan_install(const struct plan_input *in, struct plan *p,
	const struct wanted_package *w, struct err *e)
{
	const struct tool *t = find_tool(in->guest->family);
	struct step *s;
	int r;

	if (!plan_can_install(in))
		return leave(in, p, w, t, e);
	r = clear_stale(in, p, w->needed, e);
	if (r >= 0)
		r = refresh(in, p, w->needed, e);
	if (r < 0)
		return r;
	s = add_run(in, p, w->id, t->install, w->name);
	if (!s || !(s->package = strdup(w->name)) ||
		!(s->database = strdup(t->database)) ||
		(w->needed && add_words(&s->guard, kernel_guards,
				      ARRAY_SIZE(kernel_guards)) < 0))
		return err_oom(e);
	s->optional = !w->needed;
	step_note(s, "%s %s, %s", t->by_hand, w->name, w->why);
	return 0;
}

static void add_word(struct strbuf *ret, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789+-._:=/";
	const bool quoted = word[strspn(word, plain)];

	strbuf_addf(ret, "%s%s%s", quoted ? "'" : "", word, quoted ? "'" : "");
}

static int add_line(struct strbuf *ret, const struct tool *t, const char *const verb[4],
	const char *name, const char *otherwise)
{
	cleanup_(strv_done) struct strv argv = {0};

	if (add_command(&argv, t, false, verb, name) < 0)
		return -ENOMEM;
	STRV_FOREACH (word, &argv) {
		if (word != argv.v)
			strbuf_addc(ret, ' ');
		add_word(ret, *word);
	}
	strbuf_addf(ret, "%s\n", otherwise);
	return strbuf_err(ret);
}

int plan_install_script(const struct guest *g, const struct strv *names,
	const char *otherwise, struct strbuf *ret)
{
	const struct tool *t = find_tool(g->family);
	int r = 0;

	if (t->mend)
		strbuf_addf(ret, "%s\n", t->mend);
	/* One dead repository among several: the package may be in another. */
	if (t->refresh[0])
		r = add_line(ret, t, t->refresh, NULL, "");
	STRV_FOREACH (name, names) {
		if (r >= 0)
			r = add_line(
				ret, t, t->install, *name, t->query ? "" : otherwise);
		if (t->query)
			strbuf_addf(ret, "%s %s%s\n", t->query, *name, otherwise);
	}
	return r < 0 ? r : strbuf_err(ret);
}
