/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eth0 stays eth0: names that the guest configures are pinned to this machine's cards by
 * their MAC address, in the way the guest's udev reads; and what it configures by the address
 * of a card that was left behind gets the address of the one that is here. */
#include <errno.h>
#include <string.h>

#include "plan/draft.h"
#include "plan/network_names.h"
#include "plan/rules.h"
#include "text/ifcfg.h"
#include "text/mac_keys.h"
#include "text/persistent_net.h"
#include "text/shell_vars.h"

#define RULES_FILE "/etc/udev/rules.d/70-persistent-net.rules"
#define IFCFG "/etc/sysconfig/network-scripts/ifcfg-"

int network_link_file(const char *mac, const char *name, struct strbuf *ret)
{
	strbuf_addf(ret,
		"# xvd2vd: keeps the name that this card had on Xen.\n"
		"[Match]\nMACAddress=%s\n\n[Link]\nName=%s\n",
		mac, name);
	return strbuf_err(ret);
}

static int pin_by_link(const struct plan_input *in, struct plan *p, const char *mac,
	const char *name, struct err *e)
{
	cleanup_(free_charp) char *path =
		str_printf("/etc/systemd/network/10-xvd2vd-%s.link", name);
	cleanup_(strbuf_done) struct strbuf text = {0};

	if (!path || network_link_file(mac, name, &text) < 0)
		return err_oom(e);
	return draft_write(in, p, "network", path, &text, 0644, e, "%s is %s", name, mac);
}

static int pin_by_rule(const struct plan_input *in, struct plan *p, const char *path,
	const char *mac, const char *name, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct str text = STR("");
	int r;

	draft_read(in, p, path, &text);
	r = persistent_net_set(text, mac, name, &out, e);
	if (r <= 0)
		return r;
	return draft_write(in, p, "network", path, &out, 0644, e, "%s is %s", name, mac);
}

static int pin_by_hwaddr(const struct plan_input *in, struct plan *p, const char *mac,
	const char *name, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf(IFCFG "%s", name);
	cleanup_(strbuf_done) struct strbuf out = {0};
	char capitals[NETIF_MAC_LEN + 1]; /* as anaconda wrote it */
	struct str text;
	int r;

	if (!path)
		return err_oom(e);
	if (!mac_is_valid(str_from(mac)) || !draft_read(in, p, path, &text))
		return 0;
	mac_copy_capitals(capitals, str_from(mac));
	r = shell_vars_set(text, "HWADDR", str_from(capitals), &out, e);
	if (r <= 0)
		return r < 0 ? err_wrap(e, r, "%s", path) : 0;
	return draft_write(in, p, "network", path, &out, 0644, e, "%s is %s", name, mac);
}

/* The file of rules that speaks of this card or name already; NULL. */
static const char *rules_file(
	const struct snapshot *snap, const char *mac, const char *name)
{
	const struct snap_entry *ent;
	size_t pos = 0;

	while ((ent = snapshot_glob(snap, "/etc/udev/rules.d/*.rules", &pos)))
		if (ent->has_data && persistent_net_knows(strbuf_str(&ent->data),
					     str_from(mac), str_from(name)))
			return ent->path;
	return NULL;
}

static int pin(const struct plan_input *in, struct plan *p,
	const struct network_iface *iface, struct err *e)
{
	const char *mac = iface->card->mac, *name = iface->is.name;
	const enum naming naming = network_naming(in->snap, in->guest);
	/* Where .link files are read, a rule for the name of another card does no harm. */
	const char *rules = rules_file(in->snap, mac, naming == NAMING_LINK ? "" : name);

	if (network_is_named(in->snap, in->guest, iface))
		return 0;
	if (rules)
		return pin_by_rule(in, p, rules, mac, name, e);
	if (network_by_config(in->guest, iface))
		return 0; /* by the address that readdress() puts there */
	switch (naming) {
	case NAMING_LINK:
		return pin_by_link(in, p, mac, name, e);
	case NAMING_RULE:
		return pin_by_rule(in, p, RULES_FILE, mac, name, e);
	case NAMING_HWADDR:
		return pin_by_hwaddr(in, p, mac, name, e);
	case NAMING_NONE:
		break;
	}
	return 0;
}

/* By what a card is known in which files. */
static const struct {
	const char *pattern, *key;
} mac_files[] = {
	{IFCFG "*", "HWADDR"},
	{"/etc/netplan/*.yaml", "macaddress"},
	{"/etc/cloud/cloud.cfg.d/*.cfg", "macaddress"},
	{"/etc/cloud/cloud.cfg.d/*.cfg", "mac_address"},
	{"/etc/NetworkManager/system-connections/*", "mac-address"},
	{"/etc/systemd/network/*.network", "MACAddress"},
	{"/etc/systemd/network/*.link", "MACAddress"},
};

static int edit_mac(struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return mac_keys_replace(in, request, out, e);
}

/* SUSE's ifcfg-eth-id-ADDRESS, ifroute-eth-id-ADDRESS. */
static int rename_by_mac(const struct plan_input *in, struct plan *p, const char *from,
	const char *to, struct err *e)
{
	static const char *const patterns[] = {"/etc/sysconfig/network/ifcfg-eth-id-*",
		"/etc/sysconfig/network/ifroute-eth-id-*"};
	const struct snap_entry *ent;
	struct str text, mac;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		size_t pos = 0;

		while (r >= 0 && (ent = snapshot_glob(in->snap, patterns[i], &pos))) {
			cleanup_(free_charp) char *new = NULL;
			cleanup_(strbuf_done) struct strbuf copy = {0};

			if (!ifcfg_suffix_mac(
				    str_from(strchr(strrchr(ent->path, '/'), '-') + 1),
				    &mac) ||
				!mac_eq(mac, str_from(from)) ||
				!draft_read(in, p, ent->path, &text))
				continue;
			new = str_printf(
				"%.*s%s", (int)(mac.p - ent->path), ent->path, to);
			strbuf_add(&copy, text);
			if (!new || strbuf_err(&copy) < 0)
				return err_oom(e);
			r = draft_write(in, p, "network", new, &copy, ent->mode, e,
				"%s -> %s", from, to);
			if (r >= 0)
				r = draft_remove(in, p, "network", ent->path, e,
					"%s -> %s", from, to);
		}
	}
	return r;
}

static int readdress(const struct plan_input *in, struct plan *p, const char *from,
	const char *to, struct err *e)
{
	int r = rename_by_mac(in, p, from, to, e);

	for (size_t i = 0; i < ARRAY_SIZE(mac_files) && r >= 0; i++) {
		const struct mac_edit req = {mac_files[i].key, from, to};
		const struct snap_entry *ent;
		size_t pos = 0;

		while (r >= 0 &&
			(ent = snapshot_glob(in->snap, mac_files[i].pattern, &pos)))
			if (ent->kind == SNAP_FILE)
				r = draft_edit(in, p, "network", ent->path, edit_mac,
					&req, "the address of this machine's card", e);
	}
	return r;
}

int rule_network(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct network net = {0};
	int r = network_read(in->snap, in->machine, &net, e);

	if (r >= 0 && net.lost && in->machine->n_nets)
		r = plan_warn(p, e,
			"the guest configures %zu network interfaces, this machine has "
			"%zu: their "
			"names are left to the guest",
			net.n, in->machine->n_nets);
	for (size_t i = 0; i < net.n && r >= 0; i++) {
		const struct network_iface *iface = &net.v[i];

		if (!iface->card || !*iface->card->mac)
			continue;
		if (*iface->is.name)
			r = pin(in, p, iface, e);
		if (r >= 0 && *iface->is.mac &&
			!mac_eq(str_from(iface->is.mac), str_from(iface->card->mac)))
			r = readdress(in, p, iface->is.mac, iface->card->mac, e);
	}
	network_done(&net);
	return r;
}
