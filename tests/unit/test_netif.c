/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of interfaces: what is added to what, and their order. */
#include "check_main.h"
#include "text/netif.h"

#define A "00:16:3e:00:00:0a"
#define B "00:16:3e:00:00:0b"

static int put(struct netifs *l, const char *name, const char *mac, bool names)
{
	return netifs_add(l, str_from(name), str_from(mac), names);
}

START_TEST(adding)
{
	struct netifs l = {0};

	ck_assert_int_eq(put(&l, "eth10", "", false), 0);
	ck_assert_int_eq(put(&l, "eth2", "00:16:3E:00:00:0A", false), 0);
	ck_assert_int_eq(put(&l, "eth10", B, true), 0);
	ck_assert_int_eq(put(&l, "", A, false), 0);
	ck_assert_int_eq(put(&l, "eth2", "", true), 0);
	ck_assert_int_eq(put(&l, "", "no address", true), 0);
	ck_assert_int_eq(put(&l, "eth0123456789012", "", true), 0);
	netifs_sort(&l);
	ck_assert_uint_eq(l.n, 2);
	ck_assert_str_eq(l.v[0].name, "eth2");
	ck_assert_str_eq(l.v[0].mac, A);
	ck_assert(!l.v[0].names); /* nothing says so of an address */
	ck_assert_str_eq(l.v[1].name, "eth10");
	ck_assert_str_eq(l.v[1].mac, B);
	ck_assert(l.v[1].names);
	netifs_done(&l);
}
END_TEST

static const struct {
	const char *name;
	bool ret;
} names[] = {
	{"eth0", true},
	{"ens3", true},
	{"enX0", true},
	{"eth012345678901", true},
	{"eth0123456789012", false},
	{"eth", false},
	{"en", false},
	{"eth0:1", false},
	{"eth0.5", false},
	{"en*", false},
	{"wlan0", false},
	{"", false},
};

START_TEST(naming)
{
	ck_assert_msg(netif_is_ethernet(str_from(names[_i].name)) == names[_i].ret, "%s",
		names[_i].name);
}
END_TEST

START_TEST(addresses)
{
	ck_assert(mac_is_valid(STR(A)));
	ck_assert(mac_is_valid(STR("00:16:3E:FF:ff:0a")));
	ck_assert(!mac_is_valid(STR("00:16:3e:00:00:0")));
	ck_assert(!mac_is_valid(STR("00:16:3e:00:00:0ab")));
	ck_assert(!mac_is_valid(STR("00-16-3e-00-00-0a")));
	ck_assert(!mac_is_valid(STR("00:16:3g:00:00:0a")));
	ck_assert(!mac_is_valid(STR("")));
	ck_assert(mac_eq(STR("0A"), STR("0a")));
	ck_assert(!mac_eq(STR("0A"), STR("0a:")));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, adding);
	tcase_add_loop_test(tc, naming, 0, ARRAY_SIZE(names));
	tcase_add_test(tc, addresses);
}

int main(void)
{
	return check_main("netif", add);
}
