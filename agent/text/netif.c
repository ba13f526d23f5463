/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See netif.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text/netif.h"

enum { NETIFS_MAX = 256 };

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool mac_eq(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool mac_is_valid(struct str mac)
{
	if (mac.n != NETIF_MAC_LEN)
		return false;
	for (size_t i = 0; i < mac.n; i++) {
		char c = lower(mac.p[i]);

		if (i % 3 == 2 ? c != ':'
			       : !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return true;
}

void mac_copy(char ret[NETIF_MAC_LEN + 1], struct str mac)
{
	for (size_t i = 0; i < NETIF_MAC_LEN; i++)
		ret[i] = lower(mac.p[i]);
	ret[NETIF_MAC_LEN] = '\0';
}

void mac_copy_capitals(char ret[NETIF_MAC_LEN + 1], struct str mac)
{
	mac_copy(ret, mac);
	for (size_t i = 0; i < NETIF_MAC_LEN; i++)
		if (ret[i] >= 'a' && ret[i] <= 'f')
			ret[i] = (char)(ret[i] - 'a' + 'A');
}

bool netif_is_ethernet(struct str name)
{
	struct str rest = name;

	if (name.n > NETIF_NAME_LEN_MAX ||
		(!str_skip(&rest, "eth") && !str_skip(&rest, "en")) || !rest.n)
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		char c = lower(rest.p[i]);

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z'))
			return false;
	}
	return true;
}

void netifs_done(struct netifs *l)
{
	free(l->v);
	*l = (struct netifs){0};
}

static struct netif *find(const struct netifs *l, struct str name, struct str mac)
{
	for (size_t i = 0; i < l->n; i++)
		if (name.n ? str_is(name, l->v[i].name)
			   : mac_eq(mac, str_from(l->v[i].mac)))
			return &l->v[i];
	return NULL;
}

static struct netif *grow(struct netifs *l)
{
	struct netif *v = l->v;

	if ((l->n & (l->n - 1)) == 0)
		v = reallocarray(l->v, l->n ? l->n * 2 : 1, sizeof(*v));
	if (!v)
		return NULL;
	l->v = v;
	return memset(&v[l->n++], 0, sizeof(*v));
}

int netifs_add(struct netifs *l, struct str name, struct str mac, bool names)
{
	struct netif *netif;

	if (name.n > NETIF_NAME_LEN_MAX || str_has_nul(name))
		name.n = 0;
	if (!mac_is_valid(mac))
		mac.n = 0;
	if (!name.n && !mac.n)
		return 0;
	netif = find(l, name, mac);
	if (!netif) {
		if (l->n == NETIFS_MAX)
			return 0;
		netif = grow(l);
		if (!netif)
			return -ENOMEM;
		if (name.n)
			memcpy(netif->name, name.p, name.n);
	}
	if (mac.n)
		mac_copy(netif->mac, mac);
	netif->names |= names && mac.n;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct netif *x = a, *y = b;
	int r = strverscmp(x->name, y->name);

	return r ? r : strcmp(x->mac, y->mac);
}

void netifs_sort(struct netifs *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_name);
}
