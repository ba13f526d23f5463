/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See shield.h. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/shield.h"
#include "sys/file.h"

static const char nothing[] = "#!/bin/sh\nexit 0\n";

/* It makes links where no systemd runs; nothing is active. */
static const char systemctl[] =
	"#!/bin/sh\n"
	"for word; do\n"
	"\tcase $word in\n"
	"\tenable | disable | preset | preset-all | mask | unmask)\n"
	"\t\tPATH=${PATH#*:}\n"
	"\t\texec systemctl \"$@\" ;;\n"
	"\tis-active | is-failed | is-system-running | status) exit 3 ;;\n"
	"\tesac\n"
	"done\n"
	"exit 0\n";

/* apt gives dpkg a PATH of its own since 1.8. */
static const char apt_conf[] = "DPkg::Path \"" SHIELD_PATH "\";\n";

static const struct file {
	const char *name, *text;
	unsigned mode;
} files[] = {
	{"bin/deb-systemd-invoke", nothing, 0755},
	{"bin/initctl", nothing, 0755},
	{"bin/invoke-rc.d", nothing, 0755},
	{"bin/rc-service", nothing, 0755},
	{"bin/service", nothing, 0755},
	{"bin/start-stop-daemon", nothing, 0755},
	{"bin/systemctl", systemctl, 0755},
	{"apt.conf", apt_conf, 0644},
};

static int make_dir(int at, const char *path, struct err *e)
{
	return mkdirat(at, path, 0755) < 0 && errno != EEXIST
		       ? err_errno(e, -errno, "cannot create %s", path)
		       : 0;
}

static int make_file(int dir, const struct file *f, struct err *e)
{
	int fd = openat(dir, f->name,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, f->mode);
	int r = fd < 0 ? -errno : file_write_all(fd, str_from(f->text));

	if (r >= 0 && fchmod(fd, f->mode) < 0)
		r = -errno;
	if (fd >= 0)
		close(fd);
	return r < 0 ? err_errno(e, r, "cannot write %s", f->name) : 0;
}

int shield_make(const char *dir, struct err *e)
{
	int r = make_dir(AT_FDCWD, dir, e), fd;

	if (r < 0)
		return r;
	fd = open(dir, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, -errno, "cannot open %s", dir);
	r = make_dir(fd, "bin", e);
	for (size_t i = 0; i < ARRAY_SIZE(files) && r >= 0; i++)
		r = make_file(fd, &files[i], e);
	close(fd);
	return r;
}
