/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See accel.h. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/accel.h"
#include "host/savefile.h"
#include "host/vm.h"

enum {
	PROBE_S = 10, /* working KVM needs one; emulation on a slow host needs as many */
	PROBE_MB = 256,
	KEPT_MAX = 8192,
};

bool accel_kernel_ran(struct str console)
{
	/* The last thing a kernel without initramfs and root does. By then it has run all its
	 * own initialisation, on every path that is known to break under bad nesting. */
	return str_contains(console, "Unable to mount root fs");
}

bool accel_kept(struct str line, struct str boot_id, const char *program, enum accel *ret)
{
	struct str id, answer, rest;

	if (!str_cut(str_chomp(line), ' ', &id, &rest) ||
		!str_cut(rest, ' ', &answer, &rest))
		return false;
	if (!boot_id.n || !str_eq(id, boot_id) || !str_is(rest, program))
		return false;
	if (str_is(answer, "kvm"))
		*ret = ACCEL_KVM;
	else if (str_is(answer, "tcg"))
		*ret = ACCEL_TCG;
	else
		return false;
	return true;
}

/* Where the answer is kept: only in a folder nobody else can write to. NULL: nowhere. */
static char *kept_path(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (!dir || dir[0] != '/')
		dir = geteuid() == 0 ? "/run" : NULL;
	if (!dir || stat(dir, &st) < 0 || st.st_uid != geteuid() || (st.st_mode & 022))
		return NULL;
	return str_printf("%s/xvd2vd-accel", dir);
}

static bool boot_with_kvm(const char *program, const char *kernel, int *ret_signal)
{
	struct qemu q = {
		.program = program,
		.accel = ACCEL_KVM,
		.memory_mb = PROBE_MB,
		.kernel = kernel,
		.cmdline = "console=ttyS0 panic=-1",
	};
	struct vm vm = {
		.qemu = &q,
		.timeout_s = PROBE_S,
		.log_fd = -1,
		.enough = accel_kernel_ran,
	};
	bool ran = vm_run(&vm, NULL) == 0 && accel_kernel_ran(strbuf_str(&vm.console));

	*ret_signal = vm.end == VM_INTERRUPTED ? vm.signal : 0;
	vm_done(&vm);
	return ran;
}

/* Where it can't be kept it is found out again next time. */
static void keep(const char *path, struct str boot_id, const char *program, enum accel a)
{
	cleanup_(strbuf_done) struct strbuf b = {0};
	int r;

	strbuf_add(&b, boot_id);
	strbuf_addf(&b, " %s %s\n", a == ACCEL_KVM ? "kvm" : "tcg", program);
	r = strbuf_err(&b);
	if (!r)
		r = savefile_write(path, strbuf_str(&b), NULL);
	(void)r;
}

int accel_probe(const char *program, const char *kernel, enum accel *ret, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf id = {0}, kept = {0};
	cleanup_(free_charp) char *path = NULL;
	struct str boot_id;
	int sig;

	*ret = ACCEL_TCG;
	if (access("/dev/kvm", R_OK | W_OK) < 0)
		return 0;
	if (savefile_read("/proc/sys/kernel/random/boot_id", 64, &id, NULL) < 0)
		strbuf_reset(&id);
	boot_id = str_trim(strbuf_str(&id));
	path = kept_path();
	if (path && savefile_read(path, KEPT_MAX, &kept, NULL) == 0 &&
		accel_kept(strbuf_str(&kept), boot_id, program, ret))
		return 0;
	if (boot_with_kvm(program, kernel, &sig))
		*ret = ACCEL_KVM;
	if (sig)
		return err_set(e, -EINTR, "stopped by a signal");
	if (path && boot_id.n)
		keep(path, boot_id, program, *ret);
	return 0;
}
