/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See payload.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/programs.h"
#include "main/payload.h"
#include "main/tools.h"
#include "plan/packages.h"
#include "sys/file.h"
#include "sys/mount.h"
#include "sys/sha256.h"

#define MEDIUM "/run/xvd2vd/medium"
#define STAGED PROGRAMS_PAYLOAD "/payload"
#define MANIFEST "MANIFEST"

enum { MAX_MANIFEST = 1 << 20, MAX_FILES = 4096 };

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void close_root(struct root *r)
{
	root_done(r);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool look_for(const char *at, const struct guest *g, int n, struct payload *p)
{
	if ((size_t)snprintf(p->dir, sizeof(p->dir), "%s/payload/%s-%.*s-%s", at, g->id,
		    n, g->version, g->arch) >= sizeof(p->dir) ||
		!is_dir(p->dir))
		*p->dir = '\0';
	return *p->dir;
}

/* centos-6.10-x86_64; else, as one fits all of them, centos-6-x86_64. */
static bool look(const char *at, const struct guest *g, struct payload *p)
{
	/* The names are the guest's words: no way out of the folder. */
	if (strchr(g->id, '/') || strchr(g->version, '/') || strchr(g->arch, '/'))
		return false;
	return look_for(at, g, (int)strlen(g->version), p) ||
	       look_for(at, g, (int)strcspn(g->version, "."), p);
}

static bool mount_medium(const struct machine *m)
{
	const struct device *d = m->medium;
	cleanup_(free_charp) char *path = d ? str_printf("/dev/%s", d->name) : NULL;

	if (!path || tools_prepare(d->type, NULL) < 0)
		return false;
	mkdir("/run/xvd2vd", 0700);
	return mount_guest(path, d->type, MEDIUM, true,
		       strncmp(d->type, "ext", 3) == 0 ? "noload" : NULL, NULL) >= 0;
}

bool payload_find(const struct machine *m, const struct guest *g, struct payload *p)
{
	if (*p->dir || look("", g, p))
		return true;
	if (!p->mounted)
		p->mounted = mount_medium(m);
	return p->mounted && look(MEDIUM, g, p);
}

static int check_file(
	const struct root *r, const char *name, struct str want, struct err *e)
{
	cleanup_(close_fd) int fd = root_openat(r, name, O_RDONLY, 0);
	char sum[SHA256_HEX];
	struct stat st;
	int q;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(e, -EBADMSG, "%s is not there", name);
	q = sha256_fd(fd, sum, e);
	if (q < 0)
		return err_wrap(e, q, "%s", name);
	return str_is(want, sum)
		       ? 0
		       : err_set(e, -EBADMSG, "%s is not what " MANIFEST " says", name);
}

struct listed {
	const struct root *root;
	const char *dir; /* "" or "repodata" */
	struct str manifest;
	struct err *e;
};

static bool vouches(struct str manifest, const char *path)
{
	STR_FOREACH_LINE (line, manifest) {
		line = str_chomp(line);
		if (line.n > 66 && str_is(str_from_pos(line, 66), path))
			return true;
	}
	return false;
}

/* Nothing that the manifest does not vouch for: the package tool would take it. */
static int is_listed(void *ctx, const char *name)
{
	const struct listed *l = ctx;
	const bool top = !*l->dir;
	cleanup_(free_charp) char *path =
		str_printf("%s%s%s", l->dir, top ? "" : "/", name);
	struct listed below = {l->root, path, l->manifest, l->e};
	struct stat st;

	if (!path)
		return err_oom(l->e);
	if ((top && strcmp(path, MANIFEST) == 0) || vouches(l->manifest, path))
		return 0;
	if (top && root_lstat(l->root, path, &st) >= 0 && S_ISDIR(st.st_mode))
		return root_list(l->root, path, MAX_FILES, is_listed, &below, l->e);
	return err_set(l->e, -EBADMSG, "%s is not in " MANIFEST, path);
}

/* Lines as sha256sum makes them: the sum, two characters, the name. */
static int check(const char *dir, struct err *e)
{
	cleanup_(close_root) struct root r = ROOT_CLOSED;
	cleanup_(free_charp) char *text = NULL;
	struct listed l = {&r, "", {0}, e};
	size_t n;
	int q = root_open(dir, &r, e);

	if (q >= 0)
		q = root_read(&r, MANIFEST, MAX_MANIFEST, &text, &n, e);
	if (q < 0)
		return q;
	l.manifest = (struct str){text, n};
	STR_FOREACH_LINE (line, l.manifest) {
		cleanup_(free_charp) char *name = NULL;

		line = str_chomp(line);
		if (line.n <= 66)
			return err_set(e, -EBADMSG, MANIFEST " is damaged");
		name = str_dup(str_from_pos(line, 66));
		if (!name)
			return err_oom(e);
		q = check_file(&r, name, (struct str){line.p, 64}, e);
		if (q < 0)
			return q;
	}
	return root_list(&r, "/", MAX_FILES, is_listed, &l, e);
}

static int make_dirs(struct err *e)
{
	static const char *const dirs[] = {"/run/xvd2vd", PROGRAMS_PAYLOAD, STAGED,
		PROGRAMS_PAYLOAD "/lists", PROGRAMS_PAYLOAD "/lists/partial",
		PROGRAMS_PAYLOAD "/repos.d", PROGRAMS_PAYLOAD "/cache"};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (mkdir(dirs[i], 0755) < 0 && errno != EEXIST)
			return err_errno(e, -errno, "cannot create %s", dirs[i]);
	return 0;
}

/* What each family's tool has to be told of the payload instead of what the guest's files say.
 * yum's cache is to be thrown away with the rest, and no old kernel to make room for a new one. */
static const struct source {
	const char *path, *text;
} sources[] = {
	{PROGRAMS_PAYLOAD "/sources.list", "deb file:" PACKAGES_PAYLOAD "/payload ./\n"},
	{PROGRAMS_PAYLOAD "/yum.conf", "[main]\n"
				       "reposdir=" PACKAGES_PAYLOAD "/repos.d\n"
				       "cachedir=" PACKAGES_PAYLOAD "/cache\n"
				       "keepcache=0\n"
				       "plugins=0\n"
				       "gpgcheck=0\n"
				       "installonly_limit=0\n"},
	{PROGRAMS_PAYLOAD "/repos.d/xvd2vd.repo",
		"[xvd2vd]\n"
		"name=xvd2vd's payload\n"
		"baseurl=file://" PACKAGES_PAYLOAD "/payload\n"
		"enabled=1\n"
		"autorefresh=1\n"
		"gpgcheck=0\n"},
};

static int write_source(const struct source *s, struct err *e)
{
	cleanup_(close_fd) int fd = open(
		s->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	int r = fd < 0 ? -errno : file_write_all(fd, str_from(s->text));

	return r < 0 ? err_errno(e, r, "cannot write %s", s->path) : 0;
}

static int write_sources(struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sources) && r >= 0; i++)
		r = write_source(&sources[i], e);
	return r;
}

int payload_stage(struct payload *p, struct err *e)
{
	int r;

	if (p->staged)
		return 0;
	r = check(p->dir, e);
	if (r >= 0)
		r = make_dirs(e);
	if (r >= 0)
		r = write_sources(e);
	if (r >= 0 && mount(p->dir, STAGED, NULL, MS_BIND, NULL) < 0)
		r = err_errno(e, -errno, "cannot bind it");
	if (r < 0)
		return err_wrap(e, r, "the payload %s", p->dir);
	p->staged = true;
	return 0;
}

void payload_done(struct payload *p)
{
	if (p->staged)
		(void)umount2(STAGED, UMOUNT_NOFOLLOW);
	if (p->mounted)
		(void)umount2(MEDIUM, UMOUNT_NOFOLLOW);
	*p = (struct payload){0};
}
