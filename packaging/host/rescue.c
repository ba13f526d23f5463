/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rescue.h. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/rescue.h"
#include "host/savefile.h"

enum { CMDLINE_FILE_MAX = 4096 };

static const char fallback_cmdline[] = "console=tty0 console=ttyS0 vsyscall=emulate "
				       "no_timer_check panic=5 quiet net.ifnames=0";

void rescue_done(struct rescue *r)
{
	free(r->kernel);
	free(r->initrd);
	strbuf_done(&r->cmdline);
	*r = (struct rescue){0};
}

static char *default_folder(void)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (access(XVD2VD_RESCUE_DIR "/vmlinuz", R_OK) < 0 && n > 0) {
		self[n] = '\0';
		return str_printf("%s/../out", dirname(self));
	}
	return strdup(XVD2VD_RESCUE_DIR);
}

/* Absolute: whoever opens it need not stand where we do. */
static int find_file(const char *dir, const char *name, char **ret, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("%s/%s", dir, name);

	if (!path)
		return err_oom(e);
	*ret = realpath(path, NULL);
	if (!*ret || access(*ret, R_OK) < 0)
		return err_errno(e, -errno,
			"no rescue system in %s (rescue-initrd/build -o DIR makes one, "
			"--rescue DIR names it)",
			dir);
	return 0;
}

static int read_cmdline(const char *dir, struct strbuf *ret, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("%s/cmdline", dir);

	if (!path)
		return err_oom(e);
	if (access(path, F_OK) == 0)
		return savefile_read(path, CMDLINE_FILE_MAX, ret, e);
	strbuf_adds(ret, fallback_cmdline);
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

int rescue_find(const char *dir, struct rescue *ret, struct err *e)
{
	cleanup_(free_charp) char *folder = dir ? strdup(dir) : default_folder();
	struct rescue found = {0};
	int r = folder ? 0 : err_oom(e);

	if (!r)
		r = find_file(folder, "vmlinuz", &found.kernel, e);
	if (!r)
		r = find_file(folder, "initrd.img", &found.initrd, e);
	if (!r)
		r = read_cmdline(folder, &found.cmdline, e);
	if (r < 0)
		rescue_done(&found);
	else
		*ret = found;
	return r;
}
