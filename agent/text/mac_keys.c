/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mac_keys.h. */
#include "text/mac_keys.h"
#include "text/edit.h"
#include "text/netif.h"

static bool is_of_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static void skip_blanks(struct str *s)
{
	while (s->n && (*s->p == ' ' || *s->p == '\t'))
		*s = str_from_pos(*s, 1);
}

/* An address behind the key that *rest begins with. */
static bool value_of(struct str rest, const char *key, struct str *ret_mac)
{
	struct str mac;

	if (!str_skip(&rest, key))
		return false;
	(void)(str_skip(&rest, "\"") || str_skip(&rest, "'"));
	skip_blanks(&rest);
	if (!str_skip(&rest, "=") && !str_skip(&rest, ":"))
		return false;
	skip_blanks(&rest);
	(void)(str_skip(&rest, "\"") || str_skip(&rest, "'"));
	mac = str_upto(rest, NETIF_MAC_LEN);
	rest = str_from_pos(rest, NETIF_MAC_LEN);
	if (!mac_is_valid(mac) || (rest.n && (is_of_key(*rest.p) || *rest.p == ':')))
		return false;
	*ret_mac = mac;
	return true;
}

static bool is_comment(struct str line)
{
	line = str_trim(line);
	return line.n && (*line.p == '#' || *line.p == ';');
}

bool mac_keys_next(struct str *rest, const char *key, struct str *ret_mac)
{
	bool word = true, line = true;

	for (; rest->n; *rest = str_from_pos(*rest, 1)) {
		struct str behind = *rest, text;

		/* Up to its last byte; the loop goes on behind that. */
		if (line && str_line(&behind, &text) && is_comment(text)) {
			*rest = str_from_pos(*rest, text.n - 1);
			continue;
		}
		if (word && value_of(*rest, key, ret_mac)) {
			*rest = str_range(ret_mac->p + ret_mac->n, rest->p + rest->n);
			return true;
		}
		word = !is_of_key(*rest->p);
		line = *rest->p == '\n';
	}
	return false;
}

static bool has_capitals(struct str mac)
{
	for (size_t i = 0; i < mac.n; i++)
		if (mac.p[i] >= 'A' && mac.p[i] <= 'F')
			return true;
	return false;
}

int mac_keys_replace(
	struct str in, const struct mac_edit *req, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct str rest = in, mac;
	char to[NETIF_MAC_LEN + 1], capitals[NETIF_MAC_LEN + 1];

	if (!mac_is_valid(str_from(req->to)))
		return 0;
	mac_copy(to, str_from(req->to));
	mac_copy_capitals(capitals, str_from(req->to));
	while (mac_keys_next(&rest, req->key, &mac))
		if (mac_eq(mac, str_from(req->from)) && !mac_eq(mac, str_from(to)))
			edit_replace(
				&ed, mac, str_from(has_capitals(mac) ? capitals : to));
	return edit_finish(&ed, ret_out, e);
}
