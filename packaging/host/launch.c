/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See launch.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/accel.h"
#include "host/child.h"
#include "host/launch.h"
#include "host/outcome.h"
#include "host/progress.h"
#include "host/rescue.h"
#include "host/savefile.h"
#include "host/settings.h"
#include "host/vm.h"

void launch_done(struct launch *c)
{
	for (size_t i = 0; i < c->n_disks; i++)
		disk_done(&c->disks[i]);
	strv_done(&c->settings);
	*c = (struct launch){0};
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

static int choose_accel(struct launch *c, const char *kernel, struct err *e)
{
	int r;

	if (c->accel != ACCEL_AUTO)
		return 0;
	r = accel_probe(c->qemu, kernel, &c->accel, e);
	if (!r && !c->quiet)
		fprintf(stderr, "xvd2vd-run: %s\n",
			c->accel == ACCEL_KVM
				? "using KVM"
				: "no usable KVM, using software emulation");
	return r;
}

/* In which way QEMU ended by itself. */
static const char *how_it_ended(const struct vm *vm)
{
	if (vm->end == VM_ENDED && WIFSIGNALED(vm->status))
		return "QEMU was killed, without a report";
	if (vm->end == VM_ENDED && WEXITSTATUS(vm->status))
		return "QEMU failed";
	return "the machine ended without a report";
}

static int finish(const struct launch *c, const struct vm *vm, const struct port *port)
{
	const struct outcome o = {
		.end = vm->end,
		.signal = vm->signal,
		.how = how_it_ended(vm),
		.said = strbuf_str(&vm->said),
		.console = strbuf_str(&vm->console),
		.report = port->report,
		.bad_lines = port->bad_lines,
		.bad_why = port->why.text,
		.timeout_s = c->timeout_s,
	};

	return outcome_tell(&o, c->report, c->utf8);
}

int launch_run(struct launch *c, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf cmdline = {0}, options = {0};
	cleanup_(rescue_done) struct rescue rescue = {0};
	cleanup_(port_done) struct port port = {0};
	cleanup_(vm_done) struct vm vm = {0};
	cleanup_(close_fd) int log_fd = -1;
	struct progress progress = {
		.to = stderr, .utf8 = c->utf8, .bar = progress_is_terminal()};
	struct qemu q;
	int r = rescue_find(c->rescue, &rescue, e);

	if (!r)
		r = settings_split(
			&c->settings, strbuf_str(&rescue.cmdline), &cmdline, &options, e);
	if (!r && c->report)
		r = savefile_check(c->report, e);
	if (!r)
		r = open_disks(c, e);
	if (!r)
		r = choose_accel(c, rescue.kernel, e);
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
		.kernel = rescue.kernel,
		.initrd = rescue.initrd,
		.cmdline = cmdline.p,
		.disks = c->disks,
		.n_disks = c->n_disks,
		.network = c->network,
		.mac = c->mac,
	};
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
	return r < 0 ? r : finish(c, &vm, &port);
}
