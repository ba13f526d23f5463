/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The static IPv4 address that a guest gives its first network card: interfaces(5) of
 * ifupdown, ifcfg files of the Red Hat and SUSE families, netplan, systemd.network(5). Read only; what is
 * not a plain address is passed over. */
#pragma once

#include "base/str.h"

struct ip_config {
	char iface[16];   /* "eth0"; "" where the file names none */
	char address[16]; /* "192.0.2.10"; "": not found */
	unsigned prefix;  /* 1 to 32 */
	char gateway[16]; /* "": none */
	char dns[2][16];  /* "": none */
};

/* Each fills *ret from the first card that has an address and a length of its network; false
 * where there is none. */
bool interfaces_ip(struct str in, struct ip_config *ret);
bool ifcfg_ip(struct str in, struct ip_config *ret);
bool netplan_ip(struct str in, struct ip_config *ret);
bool networkd_ip(struct str in, struct ip_config *ret);
/* Replaces ret->dns by the name servers of a resolv.conf(5), without those that run in the
 * guest itself; false where it names no other. */
bool resolv_conf_dns(struct str in, struct ip_config *ret);
