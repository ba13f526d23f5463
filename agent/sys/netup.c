/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See netup.h. */
#include <errno.h>

#include "base/attr.h"
#include "sys/netup.h"
#include "sys/spawn.h"

#define BUSYBOX "/bin/busybox"

static int run(char *const *argv, struct err *e)
{
	const struct spawn what = {.argv = argv, .timeout_ms = 30 * 1000};

	return spawn_run(&what, NULL, e);
}

static int by_dhcp(const struct netup *how, struct err *e)
{
	char *argv[] = {BUSYBOX, "udhcpc", "-i", (char *)how->iface, "-f", "-n", "-q",
		"-t", "5", "-T", "2", "-s", "/etc/udhcpc/default.script", NULL};
	int r = run(argv, e);

	return r > 0 ? err_set(e, -ENETUNREACH, "no DHCP server answers on %s",
			       how->iface)
		     : r;
}

static int by_address(const struct netup *how, struct err *e)
{
	char *iface = (char *)how->iface, *gateway = (char *)how->gateway;
	char *flush[] = {BUSYBOX, "ip", "addr", "flush", "dev", iface, NULL};
	char *add[] = {
		BUSYBOX, "ip", "addr", "add", (char *)how->address, "dev", iface, NULL};
	char *route[] = {BUSYBOX, "ip", "route", "replace", "default", "via", gateway,
		"dev", iface, NULL};
	char *ping[] = {BUSYBOX, "ping", "-c", "1", "-w", "5", gateway, NULL};
	char *const *const steps[] = {flush, add, gateway ? route : NULL};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && r == 0; i++)
		if (steps[i])
			r = run(steps[i], e);
	if (r == 0 && gateway && run(ping, e) != 0)
		r = err_set(e, -ENETUNREACH, "the guest's gateway %s does not answer",
			gateway);
	return r > 0 ? err_wrap(e, -EIO, "%s as %s", iface, how->address) : r;
}

int netup(const struct netup *how, struct err *e)
{
	char *up[] = {BUSYBOX, "ip", "link", "set", (char *)how->iface, "up", NULL};
	int r = run(up, e);

	if (r != 0)
		return r > 0 ? err_wrap(e, -EIO, "%s", how->iface) : r;
	return how->address ? by_address(how, e) : by_dhcp(how, e);
}
