/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xvd2vd-run: boots a guest's disks once into the rescue system, shows what the agent does
 * and brings its report back. This file reads the arguments, prints, and exits. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <langinfo.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/accel.h"
#include "host/child.h"
#include "host/progress.h"
#include "host/report.h"
#include "host/savefile.h"
#include "host/settings.h"
#include "host/show.h"
#include "host/vm.h"

enum {
	MEMORY_MIN_MB = 64,
	MEMORY_MAX_MB = 1024 * 1024,
	TIMEOUT_MAX_S = 24 * 3600,
	CMDLINE_FILE_MAX = 4096,
	CONSOLE_LINES = 30,
};

static const char fallback_cmdline[] =
	"console=tty0 console=ttyS0 vsyscall=emulate net.ifnames=0 quiet panic=10";

struct config {
	const char *rescue, *report, *log, *mac, *qemu, *qemu_img;
	char *kernel, *initrd; /* within the rescue folder */
	struct strv settings;
	struct disk disks[QEMU_DISKS_MAX];
	const char *paths[QEMU_DISKS_MAX], *formats[QEMU_DISKS_MAX];
	size_t n_disks;
	uint64_t timeout_s, memory_mb;
	enum accel accel;
	bool network, utf8, quiet;
};

static void usage(FILE *to)
{
	fputs("usage: xvd2vd-run [options] --disk IMG [--disk IMG ...]\n"
	      "Boots the disks once into the xvd2vd rescue system and shows its report.\n"
	      "  --rescue DIR      the rescue system: vmlinuz, initrd.img, cmdline\n"
	      "  --disk IMG        a disk, in the order the guest sees them\n"
	      "  --format FMT      format of the disks after it (default: probed)\n"
	      "  --set KEY=VALUE   an option of the agent's, see xvd2vd(8)\n"
	      "  --report FILE     write the report there, as JSON\n"
	      "  --log FILE        write the serial console there\n"
	      "  --timeout S       wait that long for the report (default 600)\n"
	      "  --memory MB       memory of the machine (default 512)\n"
	      "  --accel HOW       auto, kvm or tcg (default auto)\n"
	      "  --mac ADDR        MAC address of the network card\n"
	      "  --no-network      no network card\n"
	      "  --qemu PROGRAM    default qemu-system-x86_64\n"
	      "  --quiet           no progress\n",
		to);
}

static int number(const char *option, const char *text, uint64_t min, uint64_t max,
	uint64_t *ret, struct err *e)
{
	if (!str_u64(str_from(text), ret) || *ret < min || *ret > max)
		return err_set(e, -EINVAL, "--%s takes a number from %llu to %llu",
			option, (unsigned long long)min, (unsigned long long)max);
	return 0;
}

static int parse_accel(const char *text, enum accel *ret, struct err *e)
{
	static const char *const names[] = {
		[ACCEL_AUTO] = "auto", [ACCEL_KVM] = "kvm", [ACCEL_TCG] = "tcg"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(names[i], text)) {
			*ret = (enum accel)i;
			return 0;
		}
	}
	return err_set(e, -EINVAL, "--accel takes auto, kvm or tcg, not %s", text);
}

static int add_disk(struct config *c, const char *path, const char *format, struct err *e)
{
	if (c->n_disks == QEMU_DISKS_MAX)
		return err_set(e, -EINVAL, "more than %d disks", QEMU_DISKS_MAX);
	c->paths[c->n_disks] = path;
	c->formats[c->n_disks++] = format;
	return 0;
}

/* 1: done, nothing to run (--help, --version). */
static int parse(struct config *c, int argc, char **argv, struct err *e)
{
	static const struct option options[] = {
		{"rescue", required_argument, NULL, 'r'},
		{"disk", required_argument, NULL, 'd'},
		{"domain", required_argument, NULL, 'D'},
		{"format", required_argument, NULL, 'f'},
		{"set", required_argument, NULL, 's'},
		{"report", required_argument, NULL, 'o'},
		{"log", required_argument, NULL, 'l'},
		{"timeout", required_argument, NULL, 't'},
		{"memory", required_argument, NULL, 'm'},
		{"accel", required_argument, NULL, 'a'},
		{"mac", required_argument, NULL, 'M'},
		{"no-network", no_argument, NULL, 'N'},
		{"qemu", required_argument, NULL, 'q'},
		{"quiet", no_argument, NULL, 'Q'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	const char *format = NULL;
	int o, r = 0;

	while (!r && (o = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (o) {
		case 'r':
			c->rescue = optarg;
			break;
		case 'd':
			r = add_disk(c, optarg, format, e);
			break;
		case 'D':
			r = err_set(e, -ENOTSUP,
				"--domain is not supported by this version: shut the "
				"domain "
				"down and give its disks with --disk");
			break;
		case 'f':
			format = optarg;
			if (!disk_format_known(format))
				r = err_set(e, -EINVAL, "--format: unknown format %s",
					format);
			break;
		case 's':
			r = settings_put(&c->settings, str_from(optarg), e);
			break;
		case 'o':
			c->report = optarg;
			break;
		case 'l':
			c->log = optarg;
			break;
		case 't':
			r = number("timeout", optarg, 1, TIMEOUT_MAX_S, &c->timeout_s, e);
			break;
		case 'm':
			r = number("memory", optarg, MEMORY_MIN_MB, MEMORY_MAX_MB,
				&c->memory_mb, e);
			break;
		case 'a':
			r = parse_accel(optarg, &c->accel, e);
			break;
		case 'M':
			c->mac = optarg;
			if (!qemu_mac_ok(optarg))
				r = err_set(e, -EINVAL, "--mac: not a MAC address: %s",
					optarg);
			break;
		case 'N':
			c->network = false;
			break;
		case 'q':
			c->qemu = optarg;
			break;
		case 'Q':
			c->quiet = true;
			break;
		case 'h':
			usage(stdout);
			return 1;
		case 'V':
			printf("xvd2vd-run %s\n", XVD2VD_VERSION);
			return 1;
		default:
			return err_set(e, -EINVAL, "see xvd2vd-run --help");
		}
	}
	if (!r && optind < argc)
		r = err_set(e, -EINVAL,
			"unexpected argument %s (disks are given with --disk)",
			argv[optind]);
	if (!r && !c->n_disks)
		r = err_set(e, -EINVAL, "no disk given; see xvd2vd-run --help");
	return r;
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
static int find_rescue(struct config *c, struct strbuf *ret_base, struct err *e)
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

static int open_disks(struct config *c, struct err *e)
{
	for (size_t i = 0; i < c->n_disks; i++) {
		int r = disk_open(
			c->qemu_img, c->paths[i], c->formats[i], &c->disks[i], e);

		if (r < 0)
			return r;
	}
	return 0;
}

static int choose_accel(struct config *c, struct err *e)
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
static void explain(const struct config *c, const struct vm *vm, const struct port *port)
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
static int finish(const struct config *c, const struct vm *vm, const struct port *port,
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

static int launch(struct config *c, struct err *e)
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

int main(int argc, char **argv)
{
	static const char *const defaults[] = {
		"mode=auto", "finish=poweroff", "on-fail=poweroff"};
	struct config c = {
		.qemu = "qemu-system-x86_64",
		.qemu_img = "qemu-img",
		.timeout_s = 600,
		.memory_mb = 512,
		.network = true,
	};
	struct err e = {0};
	int r = 0;

	setlocale(LC_CTYPE, "");
	c.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ARRAY_SIZE(defaults) && !r; i++)
		r = settings_put(&c.settings, str_from(defaults[i]), &e);
	if (!r)
		r = parse(&c, argc, argv, &e);
	if (r > 0)
		r = 0;
	else if (!r)
		r = launch(&c, &e);
	if (r < 0) {
		fprintf(stderr, "xvd2vd-run: %s\n", e.text);
		/* Nothing was started, or nothing came back. */
		r = r == -EINTR ? EXIT_NO_REPORT : EXIT_USAGE;
	}
	for (size_t i = 0; i < c.n_disks; i++)
		disk_done(&c.disks[i]);
	strv_done(&c.settings);
	free(c.kernel);
	free(c.initrd);
	return r;
}
