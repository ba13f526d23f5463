/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See init_switch.h. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "main/init_switch.h"

/* In the order in which the kernel and the distributions look for it. */
static const char *const inits[] = {
	"/sbin/init", "/lib/systemd/systemd", "/etc/init", "/bin/init"};

static dev_t our_root;

/* Frees the memory of the initramfs. What cannot be removed is still in use. */
static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)type, (void)ftw;
	if (st->st_dev == our_root)
		(void)!remove(path);
	return 0;
}

static const char *find_init(const char *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(inits); i++) {
		cleanup_(free_charp) char *path = str_printf("%s%s", target, inits[i]);
		struct stat st;

		/* An absolute link points into the guest: it is followed later. */
		if (path && lstat(path, &st) == 0)
			return inits[i];
	}
	return NULL;
}

static int move_api(const char *target, struct err *e)
{
	static const char *const api[] = {"/dev", "/proc", "/sys", "/run"};

	for (size_t i = 0; i < ARRAY_SIZE(api); i++) {
		cleanup_(free_charp) char *to = str_printf("%s%s", target, api[i]);

		if (!to)
			return err_oom(e);
		/* Old guests have no /run: the mount is left behind, unseen. */
		if (mount(api[i], to, NULL, MS_MOVE, NULL) < 0 && errno != ENOENT)
			return err_errno(
				e, -errno, "cannot move %s to the new root", api[i]);
	}
	return 0;
}

int init_switch_root(const char *target, const char *init, struct err *e)
{
	char *const no_env[] = {"TERM=linux", NULL};
	char *argv[] = {(char *)(init ? init : find_init(target)), NULL};
	struct stat st;
	sigset_t none;
	int fd, r;

	if (!argv[0] || stat("/", &st) < 0)
		return err_set(e, -ENOENT, "the guest has no init");
	/* /run is where the guest is mounted: first to a place that does not move along. */
	mkdir("/new", 0755);
	if (mount(target, "/new", NULL, MS_MOVE, NULL) < 0)
		return err_errno(e, -errno, "cannot move %s", target);
	kill(-1, SIGKILL);
	r = move_api("/new", e);
	if (r < 0)
		return r;
	if (chdir("/new") < 0)
		return err_errno(e, -errno, "cannot enter the new root");
	our_root = st.st_dev;
	(void)!nftw("/", remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return err_errno(e, -errno, "cannot switch to the new root");
	fd = open("/dev/console", O_RDWR | O_NOCTTY);
	for (int i = 0; fd >= 0 && i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(argv[0], argv, no_env);
	return err_errno(e, -errno, "cannot start %s", argv[0]);
}
