/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See net_keyfile.h. */
#include "text/net_keyfile.h"

static const struct {
	const char *section, *key;
	bool is_mac;
} keys[] = {
	{"[connection]", "interface-name", false},
	{"[ethernet]", "mac-address", true},
	{"[802-3-ethernet]", "mac-address", true},
	{"[Match]", "Name", false},
	{"[Match]", "MACAddress", true},
	{"", "Interface", false},
};

int net_keyfile_netifs(struct str in, struct netifs *ret)
{
	struct str section = STR(""), name = {0}, mac = {0};

	STR_FOREACH_LINE (line, in) {
		struct str text = str_trim(line), key, value, word = {0};

		if (!text.n || *text.p == '#' || *text.p == ';')
			continue;
		if (*text.p == '[') {
			section = text;
			continue;
		}
		if (!str_cut(text, '=', &key, &value))
			continue;
		key = str_trim(key);
		/* Of a list the first: more than one is no matter of one card. */
		value = str_unquote(str_trim(value));
		(void)str_word(&value, &word);
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
			if (str_is(section, keys[i].section) && str_is(key, keys[i].key))
				*(keys[i].is_mac ? &mac : &name) = word;
	}
	if (!netif_is_ethernet(name))
		name.n = 0;
	return netifs_add(ret, name, mac, false);
}
