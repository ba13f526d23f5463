/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eth0 stays eth0: names that the guest configures are pinned to this machine's cards by
 * their MAC address, in the way the guest's udev reads. */
#include <errno.h>
#include <string.h>

#include "plan/draft.h"
#include "plan/network_names.h"
#include "plan/rules.h"
#include "text/persistent_net.h"

#define RULES_DIR "/etc/udev/rules.d"
#define RULES_FILE RULES_DIR "/70-persistent-net.rules"

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

static int pin_by_rule(const struct plan_input *in, struct plan *p, const char *mac,
	const char *name, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct str text = STR("");
	int r;

	if (!snapshot_exists(in->snap, RULES_DIR))
		return 0;
	draft_read(in, p, RULES_FILE, &text);
	r = persistent_net_set(text, mac, name, &out, e);
	if (r <= 0)
		return r;
	return draft_write(
		in, p, "network", RULES_FILE, &out, 0644, e, "%s is %s", name, mac);
}

int rule_network(const struct plan_input *in, struct plan *p, struct err *e)
{
	cleanup_(strv_done) struct strv names = {0};
	const struct machine *m = in->machine;
	int r = network_names(in->snap, &names, e);

	if (r < 0 || !names.n || !m->n_nets)
		return r;
	if (names.n != m->n_nets)
		return plan_warn(p, e,
			"the guest configures %zu network interfaces, this machine has "
			"%zu: their "
			"names are left to the guest",
			names.n, m->n_nets);
	for (size_t i = 0; i < names.n && r >= 0; i++) {
		if (!*m->nets[i].mac ||
			network_is_pinned(in->snap, m->nets[i].mac, names.v[i]))
			continue;
		r = in->guest->init == INIT_SYSTEMD
			    ? pin_by_link(in, p, m->nets[i].mac, names.v[i], e)
			    : pin_by_rule(in, p, m->nets[i].mac, names.v[i], e);
	}
	return r;
}
