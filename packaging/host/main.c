/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xvd2vd-run: boots a guest's disks, or libvirt's domains, once into the rescue system, shows what the agent does
 * and brings its report back. This file reads the arguments. */
#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "host/fleet.h"
#include "host/launch.h"
#include "host/report.h"
#include "host/settings.h"

enum {
	MEMORY_MIN_MB = 64,
	MEMORY_MAX_MB = 1024 * 1024,
	TIMEOUT_MAX_S = 24 * 3600,
	JOBS_MAX = 64,
};

static void usage(FILE *to)
{
	fputs("usage: xvd2vd-run [options] --disk IMG [--disk IMG ...]\n"
	      "       xvd2vd-run [options] --domain NAME [--start]\n"
	      "       xvd2vd-run [options] --all-matching GLOB --reports DIR [--start]\n"
	      "Boots the disks, or libvirt domains that are shut off, once into the "
	      "xvd2vd\n"
	      "rescue system and shows its report.\n"
	      "  --rescue DIR      the rescue system: vmlinuz, initrd.img, cmdline\n"
	      "  --disk IMG        a disk, in the order the guest sees them\n"
	      "  --domain NAME     a libvirt domain with the disks it is defined with\n"
	      "  --all-matching GLOB  all domains with such names; those that are "
	      "repaired\n"
	      "                    already, as their reports say, are skipped\n"
	      "  --jobs N          of them at once (default 1)\n"
	      "  --reports DIR     write their reports there, NAME.json\n"
	      "  --again           do not skip\n"
	      "  --start           start what was repaired\n"
	      "  --connect URI     libvirt's URI (default: libvirt's own)\n"
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

static int add_disk(struct launch *c, const char *path, const char *format, struct err *e)
{
	if (c->n_disks == QEMU_DISKS_MAX)
		return err_set(e, -EINVAL, "more than %d disks", QEMU_DISKS_MAX);
	c->paths[c->n_disks] = path;
	c->formats[c->n_disks++] = format;
	return 0;
}

/* Which options make sense together. */
static int check(const struct launch *c, struct err *e)
{
	const bool domains = c->domain || c->pattern;

	if (!!c->n_disks + !!c->domain + !!c->pattern != 1)
		return err_set(e, -EINVAL,
			"one of --disk, --domain and --all-matching; see xvd2vd-run "
			"--help");
	if (domains && (c->mac || c->log || c->accel != ACCEL_AUTO))
		return err_set(e, -EINVAL,
			"--mac, --log and --accel go with --disk: a domain's definition "
			"says what it is");
	if (!domains && (c->start || c->connect))
		return err_set(e, -EINVAL, "--start and --connect go with domains");
	if (c->pattern ? !c->reports || c->report : c->reports || c->again || c->jobs > 1)
		return err_set(e, -EINVAL,
			"--reports (not --report), --jobs and --again go with "
			"--all-matching, which needs --reports");
	return 0;
}

/* 1: done, nothing to run (--help, --version). */
static int parse(struct launch *c, int argc, char **argv, struct err *e)
{
	static const struct option options[] = {
		{"rescue", required_argument, NULL, 'r'},
		{"disk", required_argument, NULL, 'd'},
		{"domain", required_argument, NULL, 'D'},
		{"all-matching", required_argument, NULL, 'G'},
		{"jobs", required_argument, NULL, 'j'},
		{"reports", required_argument, NULL, 'R'},
		{"again", no_argument, NULL, 'A'},
		{"start", no_argument, NULL, 'S'},
		{"connect", required_argument, NULL, 'c'},
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
			c->domain = optarg;
			break;
		case 'G':
			c->pattern = optarg;
			break;
		case 'j':
			r = number("jobs", optarg, 1, JOBS_MAX, &c->jobs, e);
			break;
		case 'R':
			c->reports = optarg;
			break;
		case 'A':
			c->again = true;
			break;
		case 'S':
			c->start = true;
			break;
		case 'c':
			c->connect = optarg;
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
	return r < 0 ? r : check(c, e);
}

int main(int argc, char **argv)
{
	static const char *const defaults[] = {
		"mode=auto", "finish=poweroff", "on-fail=poweroff"};
	struct launch c = {
		.qemu = "qemu-system-x86_64",
		.qemu_img = "qemu-img",
		.timeout_s = 600,
		.memory_mb = 512,
		.jobs = 1,
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
		r = c.n_disks ? launch_run(&c, &e) : fleet_run(&c, &e);
	if (r < 0) {
		fprintf(stderr, "xvd2vd-run: %s\n", e.text);
		/* Nothing was started, or nothing came back. */
		r = r == -EINTR ? EXIT_NO_REPORT : EXIT_USAGE;
	}
	launch_done(&c);
	return r;
}
