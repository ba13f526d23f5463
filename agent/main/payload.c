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

static bool look(const char *at, const struct guest *g, struct payload *p)
{
	/* The names are the guest's words: no way out of the folder. */
	if (strchr(g->id, '/') || strchr(g->version, '/') || strchr(g->arch, '/'))
		return false;
	if ((size_t)snprintf(p->dir, sizeof(p->dir), "%s/payload/%s-%s-%s", at, g->id,
		    g->version, g->arch) >= sizeof(p->dir) ||
		!is_dir(p->dir))
		*p->dir = '\0';
	return *p->dir;
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
	struct str manifest;
	struct err *e;
};

/* Nothing that the manifest does not vouch for: apt would take it. */
static int is_listed(void *ctx, const char *name)
{
	const struct listed *l = ctx;

	if (strcmp(name, MANIFEST) == 0)
		return 0;
	STR_FOREACH_LINE (line, l->manifest) {
		line = str_chomp(line);
		if (line.n > 66 && str_is(str_from_pos(line, 66), name))
			return 0;
	}
	return err_set(l->e, -EBADMSG, "%s is not in " MANIFEST, name);
}

/* Lines as sha256sum makes them: the sum, two characters, the name. */
static int check(const char *dir, struct err *e)
{
	cleanup_(close_root) struct root r = ROOT_CLOSED;
	cleanup_(free_charp) char *text = NULL;
	struct listed l = {.e = e};
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
		PROGRAMS_PAYLOAD "/lists", PROGRAMS_PAYLOAD "/lists/partial"};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (mkdir(dirs[i], 0755) < 0 && errno != EEXIST)
			return err_errno(e, -errno, "cannot create %s", dirs[i]);
	return 0;
}

static int write_sources(struct err *e)
{
	static const char text[] = "deb file:" PACKAGES_PAYLOAD "/payload ./\n";
	cleanup_(close_fd) int fd = open(PROGRAMS_PAYLOAD "/sources.list",
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	int r = fd < 0 ? -errno : file_write_all(fd, STR(text));

	return r < 0 ? err_errno(e, r, "cannot write sources.list") : 0;
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
