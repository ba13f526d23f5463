/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See launch.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/accel.h"
#include "host/child.h"
#include "host/launch.h"
#include "host/progress.h"
#include "host/report.h"
#include "host/savefile.h"
#include "host/settings.h"
#include "host/show.h"
#include "host/vm.h"

enum { CMDLINE_FILE_MAX = 4096, CONSOLE_LINES = 30 };

static const char fallback_cmdline[] =
	"console=tty0 console=ttyS0 vsyscall=emulate net.ifnames=0 quiet panic=10";

void launch_done(struct launch *c)
{
	for (size_t i = 0; i < c->n_disks; i++)
		disk_done(&c->disks[i]);
	strv_done(&c->settings);
	free(c->kernel);
	free(c->initrd);
	*c = (struct launch){0};
}

/* The installed rescue system, else out/ of the tree whose build folder this program is in. */
static char *default_rescue(void)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (access(XVD2VD_RESCUE_DIR "/vmlinuz", R_OK) < 0 && n > 0) {
		self[n] = '\0';
		return str_printf("%s/../out", dirname(self));
	}
	return strdup(XVD2VD_RESCUE_DIR);
}

/* Finds the rescue system and its kernel command line. */
static int find_rescue(struct launch *c, struct strbuf *ret_base, struct err *e)
{
	cleanup_(free_charp) char *dir = c->rescue ? strdup(c->rescue) : default_rescue();
	cleanup_(free_charp) char *cmdline = NULL;

	if (!dir)
		return err_oom(e);
	c->kernel = str_printf("%s/vmlinuz", dir);
	c->initrd = str_printf("%s/initrd.img", dir);
	cmdline = str_printf("%s/cmdline", dir);
	if (!c->kernel || !c->initrd || !cmdline)
		return err_oom(e);
	if (access(c->kernel, R_OK) < 0 || access(c->initrd, R_OK) < 0)
		return err_errno(e, -errno,
			"no rescue system in %s (rescue-initrd/build -o DIR makes one, "
			"--rescue DIR names it)",
			dir);
	if (access(cmdline, F_OK) < 0) {
		strbuf_adds(ret_base, fallback_cmdline);
		return strbuf_err(ret_base) < 0 ? err_oom(e) : 0;
	}
	return savefile_read(cmdline, CMDLINE_FILE_MAX, ret_base, e);
}

static int open_disks(struct launch *c, struct err *e)
{
	for (size_t i = 0; i < c->n_disks; i++) {
		int r = disk_open(
			c->qemu_img, c->paths[i], c->formats[i], &c->disks[i], e);

		if (r < 0)
			return r;
	}
	return 0;
}

static int choose_accel(struct launch *c, struct err *e)
{
	int r;

	if (c->accel != ACCEL_AUTO)
		return 0;
	r = accel_probe(c->qemu, c->kernel, &c->accel, e);
	if (!r && !c->quiet)
		fprintf(stderr, "xvd2vd-run: %s\n",
			c->accel == ACCEL_KVM
				? "using KVM"
				: "no usable KVM, using software emulation");
	return r;
}

/* Without the registers and the call trace behind a kernel's panic: what led to it stands
 * before it. */
static struct str upto_panic(struct str console)
{
	static const char panic[] = "Kernel panic - not syncing";
	const char *at =
		console.n ? memmem(console.p, console.n, panic, strlen(panic)) : NULL;
	const char *end;

	if (!at)
		return console;
	end = memchr(at, '\n', console.n - (size_t)(at - console.p));
	return end ? str_range(console.p, end) : console;
}

/* Why there is no report, on stderr: one line, then what QEMU and the console said last. */
static void explain(const struct launch *c, const struct vm *vm, const struct port *port)
{
	cleanup_(strbuf_done) struct strbuf b = {0};

	switch (vm->end) {
	case VM_INTERRUPTED:
		strbuf_addf(
			&b, "stopped by signal %d before the report came\n", vm->signal);
		break;
	case VM_TIMEOUT:
		strbuf_addf(&b, "no report within %llu s\n",
			(unsigned long long)c->timeout_s);
		break;
	default:
		if (WIFSIGNALED(vm->status))
			strbuf_addf(&b, "QEMU died by signal %d, without a report\n",
				WTERMSIG(vm->status));
		else if (WEXITSTATUS(vm->status))
			strbuf_adds(&b, "QEMU failed\n");
		else
			strbuf_adds(&b, "the machine ended without a report\n");
	}
	if (port->bad_lines)
		strbuf_addf(&b,
			"%u lines from the guest were not understood, the last: %s\n",
			port->bad_lines, port->why.text);
	show_console_tail(&b, strbuf_str(&vm->said), 10, "", c->utf8);
	if (vm->console.n && vm->end != VM_INTERRUPTED) {
		strbuf_adds(&b, "the console's last lines:\n");
		show_console_tail(&b, upto_panic(strbuf_str(&vm->console)), CONSOLE_LINES,
			"  | ", c->utf8);
	}
	if (strbuf_err(&b) == 0)
		fprintf(stderr, "xvd2vd-run: %s", b.p);
}

static int save_report(const char *path, const json_t *report, struct err *e)
{
	cleanup_(free_charp) char *text = json_dumps(report, JSON_COMPACT);
	cleanup_(strbuf_done) struct strbuf b = {0};

	strbuf_adds(&b, text);
	strbuf_addc(&b, '\n');
	if (!text || strbuf_err(&b) < 0)
		return err_oom(e);
	return savefile_write(path, strbuf_str(&b), e);
}

/* Prints and saves the report; the status to exit with. */
static int finish(const struct launch *c, const struct vm *vm, const struct port *port,
	struct err *e)
{
	cleanup_(strbuf_done) struct strbuf table = {0};

	if (!port->report) {
		explain(c, vm, port);
		return EXIT_NO_REPORT;
	}
	if (vm->end == VM_LINGERED)
		fputs("xvd2vd-run: the machine did not end after its report, stopped "
		      "it\n",
			stderr);
	report_table(&table, port->report, c->utf8);
	if (strbuf_err(&table) < 0)
		return err_oom(e);
	fputs(table.p, stdout);
	fflush(stdout);
	/* The exit status stays the agent's: what it says of the guest is true all the same. */
	if (c->report && save_report(c->report, port->report, e) < 0)
		fprintf(stderr, "xvd2vd-run: %s\n", e->text);
	return report_status(port->report);
}

/* Asked before the boot: a report that can't be kept is better known then. */
static int check_report_path(const char *path, struct err *e)
{
	cleanup_(free_charp) char *copy = strdup(path);

	if (!copy)
		return err_oom(e);
	if (access(path, W_OK) < 0 &&
		(errno != ENOENT || access(dirname(copy), W_OK) < 0))
		return err_errno(e, -errno, "--report %s", path);
	return 0;
}

int launch_run(struct launch *c, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf base = {0}, cmdline = {0}, options = {0};
	cleanup_(port_done) struct port port = {0};
	cleanup_(vm_done) struct vm vm = {0};
	cleanup_(close_fd) int log_fd = -1;
	struct progress progress = {.to = stderr, .utf8 = c->utf8};
	const char *term = getenv("TERM");
	struct qemu q;
	int r = find_rescue(c, &base, e);

	if (!r)
		r = settings_split(
			&c->settings, strbuf_str(&base), &cmdline, &options, e);
	if (!r && c->report)
		r = check_report_path(c->report, e);
	if (!r)
		r = open_disks(c, e);
	if (!r)
		r = choose_accel(c, e);
	if (r < 0)
		return r;
	if (c->log) {
		log_fd = open(c->log, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_CLOEXEC,
			0600);
		if (log_fd < 0)
			return err_errno(e, -errno, "--log %s", c->log);
	}
	q = (struct qemu){
		.program = c->qemu,
		.accel = c->accel,
		.memory_mb = (unsigned)c->memory_mb,
		.kernel = c->kernel,
		.initrd = c->initrd,
		.cmdline = cmdline.p,
		.disks = c->disks,
		.n_disks = c->n_disks,
		.network = c->network,
		.mac = c->mac,
	};
	progress.bar = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
	vm = (struct vm){
		.qemu = &q,
		.options = strbuf_str(&options),
		.timeout_s = (unsigned)c->timeout_s,
		.port = &port,
		.log_fd = log_fd,
		.progress = c->quiet ? NULL : progress_step,
		.tick = c->quiet ? NULL : progress_tick,
		.arg = &progress,
	};
	r = vm_run(&vm, e);
	if (!c->quiet)
		progress_clear(&progress);
	return r < 0 ? r : finish(c, &vm, &port, e);
}
