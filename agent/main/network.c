/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See network.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/address.h"
#include "main/network.h"
#include "sys/netup.h"

#define RESOLV_CONF "/run/xvd2vd/resolv.conf"

/* The default route, which has the destination 0.0.0.0. */
static bool has_route(void)
{
	FILE *f = fopen("/proc/net/route", "re");
	char line[256], iface[32];
	unsigned destination = 1, gateway = 0;
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%31s %x %x", iface, &destination, &gateway) == 3 &&
			!destination && gateway;
	if (f)
		fclose(f);
	return found;
}

static int bring_up(
	const struct machine *m, const struct ip_config *c, bool fixed, struct err *e)
{
	cleanup_(free_charp) char *address = str_printf("%s/%u", c->address, c->prefix);
	struct netup how = {
		.address = address, .gateway = *c->gateway ? c->gateway : NULL};
	int r = -ENETUNREACH;

	if (!address)
		return err_oom(e);
	if (!m->n_nets)
		return err_set(e, -ENETUNREACH, "this machine has no network card");
	/* Its name on Xen says nothing of which card it is; the first one is the usual one. */
	for (size_t i = 0; i < m->n_nets && r < 0 && fixed; i++) {
		how.iface = m->nets[i].name;
		r = netup(&how, e);
	}
	how.address = NULL;
	for (size_t i = 0; i < m->n_nets && r < 0; i++) {
		how.iface = m->nets[i].name;
		r = netup(&how, e);
	}
	return r;
}

static int write_text(const char *path, struct str text, struct err *e)
{
	FILE *f = fopen(path, "we");
	bool bad;

	if (!f)
		return err_errno(e, -errno, "%s", path);
	bad = fwrite(text.p, 1, text.n, f) != text.n;
	return fclose(f) || bad ? err_set(e, -EIO, "cannot write %s", path) : 0;
}

/* A link into /run, as resolvconf and systemd-resolved make it, leads into the rescue system's
 * while the guest's programs run. Its path, or false. */
static bool link_target(const struct snapshot *snap, struct strbuf *ret)
{
	const struct snap_entry *ent = snapshot_find(snap, "/etc/resolv.conf");
	struct str target = str_from(ent && ent->kind == SNAP_LINK ? ent->target : NULL);

	if (!str_skip(&target, "/run/") && !str_skip(&target, "../run/"))
		return false;
	if (str_contains(target, "..") || target.n > 200)
		return false;
	strbuf_addf(ret, "/run/" STR_FMT, STR_ARG(target));
	return strbuf_err(ret) >= 0;
}

static int make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

static int name_servers(
	const struct snapshot *snap, const struct ip_config *c, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0}, link = {0};
	struct str own;
	struct ip_config unused = {0};
	int r;

	/* Those in the guest's own file are used as they are. */
	if (snapshot_data(snap, "/etc/resolv.conf", &own) &&
		resolv_conf_dns(own, &unused))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(c->dns); i++)
		if (*c->dns[i])
			strbuf_addf(&text, "nameserver %s\n", c->dns[i]);
	if (!text.n) {
		FILE *f = fopen("/etc/resolv.conf", "re");
		char line[256];

		while (f && fgets(line, sizeof(line), f))
			strbuf_adds(&text, line);
		if (f)
			fclose(f);
	}
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	mkdir("/run/xvd2vd", 0755);
	r = write_text(RESOLV_CONF, strbuf_str(&text), e);
	if (r >= 0 && link_target(snap, &link) && access(link.p, F_OK) < 0)
		r = make_parents(link.p) < 0 ? 0
					     : write_text(link.p, strbuf_str(&text), e);
	return r;
}

int network_up(const struct machine *m, const struct snapshot *snap, struct err *e)
{
	/* The script is the rescue system's. */
	const bool ours = access("/etc/udhcpc/default.script", X_OK) == 0;
	struct ip_config c;
	const bool fixed = guest_address(snap, &c);
	int r = 0;

	if (!has_route()) {
		if (!ours)
			return err_set(e, -ENETUNREACH, "there is no network");
		r = bring_up(m, &c, fixed, e);
	}
	return r < 0 ? r : name_servers(snap, &c, e);
}
