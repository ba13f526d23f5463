/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See network_names.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/network_names.h"
#include "text/ifcfg.h"
#include "text/interfaces.h"
#include "text/net_keyfile.h"
#include "text/persistent_net.h"
#include "text/version.h"

static const struct {
	const char *pattern;
	int (*read)(struct str in, struct netifs *ret);
} files[] = {
	{"/etc/network/interfaces", interfaces_netifs},
	{"/etc/network/interfaces.d/*", interfaces_netifs},
	{"/etc/netplan/*.yaml", netplan_netifs},
	{"/etc/NetworkManager/system-connections/*", net_keyfile_netifs},
	{"/etc/systemd/network/*.network", net_keyfile_netifs},
	{"/etc/netctl/*", net_keyfile_netifs},
	{"/etc/conf.d/net", conf_d_net_netifs},
};

/* Here the file's name says something, too. */
static const char *const ifcfg_files[] = {
	"/etc/sysconfig/network-scripts/ifcfg-",
	"/etc/sysconfig/network/ifcfg-",
};

static int read_ifcfg(const struct snapshot *snap, const char *prefix, struct netifs *ret)
{
	cleanup_(free_charp) char *pattern = str_printf("%s*", prefix);
	const struct snap_entry *ent;
	size_t pos = 0;
	int r = pattern ? 0 : -ENOMEM;

	while (r >= 0 && (ent = snapshot_glob(snap, pattern, &pos)))
		if (ent->has_data)
			r = ifcfg_netifs(strbuf_str(&ent->data),
				str_from(ent->path + strlen(prefix)), ret);
	return r;
}

/* Gentoo's links, which need no file beside them: net.eth0. */
static int read_runlevels(const struct snapshot *snap, struct netifs *ret)
{
	const struct snap_entry *ent;
	size_t pos = 0;
	int r = 0;

	while (r >= 0 && (ent = snapshot_glob(snap, "/etc/runlevels/*/net.*", &pos))) {
		struct str name = str_from(strrchr(ent->path, '/') + strlen("/net."));

		if (netif_is_ethernet(name))
			r = netifs_add(ret, name, (struct str){0}, false);
	}
	return r;
}

static int read_files(const struct snapshot *snap, struct netifs *ret)
{
	int r = read_runlevels(snap, ret);

	for (size_t i = 0; i < ARRAY_SIZE(ifcfg_files) && r >= 0; i++)
		r = read_ifcfg(snap, ifcfg_files[i], ret);
	for (size_t i = 0; i < ARRAY_SIZE(files) && r >= 0; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while (r >= 0 && (ent = snapshot_glob(snap, files[i].pattern, &pos)))
			if (ent->has_data)
				r = files[i].read(strbuf_str(&ent->data), ret);
	}
	return r;
}

/* What a rule or a .link file calls this card; false where none does. */
static bool known_name(const struct snapshot *snap, struct str mac, struct str *ret)
{
	const struct snap_entry *ent;
	struct str of;
	size_t pos = 0;

	while ((ent = snapshot_glob(snap, "/etc/udev/rules.d/*.rules", &pos)))
		if (ent->has_data &&
			persistent_net_find(strbuf_str(&ent->data), mac, ret))
			return true;
	pos = 0;
	while ((ent = snapshot_glob(snap, "/etc/systemd/network/*.link", &pos)))
		if (ent->has_data && link_file_get(strbuf_str(&ent->data), &of, ret) &&
			mac_eq(of, mac))
			return true;
	return false;
}

static bool is_taken(const struct network *n, const struct netcard *card)
{
	for (size_t i = 0; i < n->n; i++)
		if (n->v[i].card == card)
			return true;
	return false;
}

static void find_by_mac(
	const struct snapshot *snap, const struct machine *m, struct network *n)
{
	for (size_t i = 0; i < n->n; i++)
		for (size_t k = 0; k < m->n_nets && !n->v[i].card; k++) {
			struct str mac = str_from(m->nets[k].mac), name;

			if (mac.n && !is_taken(n, &m->nets[k]) &&
				(*n->v[i].is.mac ? mac_eq(mac, str_from(n->v[i].is.mac))
						 : known_name(snap, mac, &name) &&
							   str_is(name, n->v[i].is.name)))
				n->v[i].card = &m->nets[k];
		}
}

/* The rest in the order of both, where it comes out even. */
static void find_by_order(const struct machine *m, struct network *n)
{
	size_t k = 0, cards = 0;

	n->lost = 0;
	for (size_t i = 0; i < n->n; i++)
		n->lost += !n->v[i].card;
	for (size_t i = 0; i < m->n_nets; i++)
		cards += !is_taken(n, &m->nets[i]);
	if (n->lost != cards)
		return;
	for (size_t i = 0; i < n->n; i++) {
		if (n->v[i].card)
			continue;
		while (is_taken(n, &m->nets[k]))
			k++;
		n->v[i].card = &m->nets[k++];
	}
	n->lost = 0;
}

int network_read(const struct snapshot *snap, const struct machine *m,
	struct network *ret, struct err *e)
{
	struct netifs l = {0};
	int r = read_files(snap, &l);

	*ret = (struct network){0};
	netifs_sort(&l);
	if (r >= 0 && l.n)
		ret->v = calloc(l.n, sizeof(*ret->v));
	if (r < 0 || (l.n && !ret->v)) {
		netifs_done(&l);
		return err_oom(e);
	}
	ret->n = l.n;
	for (size_t i = 0; i < l.n; i++)
		ret->v[i].is = l.v[i];
	netifs_done(&l);
	find_by_mac(snap, m, ret);
	find_by_order(m, ret);
	return 0;
}

void network_done(struct network *n)
{
	free(n->v);
	*n = (struct network){0};
}

/* Up to this release of Red Hat's relatives initscripts name cards, and udev reads no Name= of
 * .link files: there is no 80-net-setup-link.rules. */
static bool has_initscripts(const struct guest *g)
{
	static const struct {
		const char *id, *last; /* id NULL: all others */
	} rows[] = {
		{"fedora", "20"},
		{"amzn", "2018.03"},
		{NULL, "7.99"},
	};
	size_t i = 0;

	while (rows[i].id && strcmp(rows[i].id, g->id) != 0)
		i++;
	return g->family == FAMILY_REDHAT &&
	       version_cmp(str_from(g->version), str_from(rows[i].last)) <= 0;
}

enum naming network_naming(const struct snapshot *snap, const struct guest *g)
{
	if (has_initscripts(g))
		/* udev of EL5 knows no ATTR{} yet. */
		return g->init == INIT_SYSVINIT ? NAMING_HWADDR : NAMING_RULE;
	if (g->family == FAMILY_SUSE)
		/* udev of SLES 10 likewise; it writes its own rules. */
		return version_cmp(str_from(g->version), STR("11")) < 0 ? NAMING_NONE
									: NAMING_RULE;
	if (g->init == INIT_SYSTEMD)
		return NAMING_LINK;
	return snapshot_exists(snap, "/etc/udev/rules.d") ? NAMING_RULE : NAMING_NONE;
}

/* NetworkManager finds a profile's card by HWADDR, and leaves its name alone. */
bool network_by_config(const struct guest *g, const struct network_iface *iface)
{
	return iface->is.names && (g->family != FAMILY_REDHAT || has_initscripts(g));
}

bool network_is_named(const struct snapshot *snap, const struct guest *g,
	const struct network_iface *iface)
{
	struct str mac = str_from(iface->card->mac), name;

	if (known_name(snap, mac, &name))
		return str_is(name, iface->is.name);
	return network_by_config(g, iface) && mac_eq(mac, str_from(iface->is.mac));
}
