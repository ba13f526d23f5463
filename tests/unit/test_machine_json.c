/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine as --disks gives it: a file from anywhere. */
#include <errno.h>

#include "guest/machine.h"

#include "check_main.h"

START_TEST(whole)
{
	static const char json[] =
		"{\"schema\":1,\"unknown\":[1,{}],\"disks\":[{\"name\":\"vda\",\"size\":"
		"1073741824,\"serial\":\"s\",\"table\":\"dos\",\"boot_code\":\"grub\","
		"\"parts\":[{\"name\":\"vda5\",\"number\":5,\"start\":1048576,\"size\":"
		"512,"
		"\"type\":\"ext4\",\"uuid\":\"u\",\"label\":\"l\",\"partuuid\":\"p\","
		"\"partlabel\":\"n\","
		"\"last_mounted\":\"/\"}]},{\"name\":\"vdb\"}],"
		"\"volumes\":[{\"name\":\"mapper/vg-r\",\"on\":[\"vda5\",\"vdb\"]}],"
		"\"nets\":[{\"name\":\"eth0\",\"mac\":\"52:54:00:00:00:01\","
		"\"driver\":\"virtio_net\"}],\"root\":\"/dev/"
		"vda5\",\"firmware\":\"bios\"}";
	struct machine m = {0};
	struct err e = {0};

	ck_assert_msg(machine_parse(str_from(json), &m, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(m.n_disks, 2);
	ck_assert_uint_eq(m.n_parts, 1);
	ck_assert_uint_eq(m.n_volumes, 1);
	ck_assert_uint_eq(m.n_nets, 1);
	ck_assert_uint_eq(m.disks[0].size, 1 << 30);
	ck_assert_str_eq(m.disks[0].serial, "s");
	ck_assert_str_eq(m.disks[0].boot_code, "grub");
	ck_assert_str_eq(m.disks[1].table, "");
	ck_assert_uint_eq(m.disks[1].disk, 1);
	ck_assert_uint_eq(m.parts[0].number, 5);
	ck_assert_uint_eq(m.parts[0].start, 1 << 20);
	ck_assert_str_eq(m.parts[0].partuuid, "p");
	ck_assert_str_eq(m.parts[0].partlabel, "n");
	ck_assert_str_eq(m.parts[0].last_mounted, "/");
	ck_assert_uint_eq(m.volumes[0].on.n, 2);
	ck_assert_str_eq(m.volumes[0].on.v[1], "vdb");
	ck_assert_str_eq(m.nets[0].mac, "52:54:00:00:00:01");
	ck_assert_str_eq(m.root, "/dev/vda5");
	ck_assert_str_eq(m.firmware, "bios");
	machine_done(&m);
}
END_TEST

static const struct row {
	const char *name;
	struct str json;
	int want;
	const char *word; /* of the message */
} rows[] = {
	{"no disk", S("{\"disks\":[]}"), 0, NULL},
	{"null for none",
		S("{\"disks\":[],\"volumes\":null,\"nets\":null,\"root\":null}"), 0,
		NULL},
	{"empty", S(""), -EINVAL, "line 1"},
	{"no JSON", S("disks:\n - vda\n"), -EINVAL, "line 1"},
	{"cut short", S("{\"disks\":[{\"name\":\"vda\""), -EINVAL, "line 1"},
	{"something behind it", S("{\"disks\":[]} x"), -EINVAL, "line 1"},
	{"a list", S("[]"), -EINVAL, "not a JSON object"},
	{"no disks", S("{}"), -EINVAL, "\"disks\" is missing"},
	{"null disks", S("{\"disks\":null}"), -EINVAL, "\"disks\" is missing"},
	{"disks no list", S("{\"disks\":{}}"), -EINVAL, "\"disks\" is not a list"},
	{"a disk no object", S("{\"disks\":[\"vda\"]}"), -EINVAL, "not an object"},
	{"a disk without a name", S("{\"disks\":[{}]}"), -EINVAL, "no name"},
	{"a name that is a number", S("{\"disks\":[{\"name\":1}]}"), -EINVAL, "\"name\""},
	{"a size in words", S("{\"disks\":[{\"name\":\"vda\",\"size\":\"1G\"}]}"),
		-EINVAL, "\"size\""},
	{"a negative size", S("{\"disks\":[{\"name\":\"vda\",\"size\":-1}]}"), -EINVAL,
		"\"size\""},
	{"a size with a fraction", S("{\"disks\":[{\"name\":\"vda\",\"size\":1.5}]}"),
		-EINVAL, "\"size\""},
	{"a size past 64 bits",
		S("{\"disks\":[{\"name\":\"vda\",\"size\":99999999999999999999}]}"),
		-EINVAL, "line 1"},
	{"an absurd partition",
		S("{\"disks\":[{\"name\":\"vda\",\"parts\":[{\"name\":\"vda1\","
		  "\"number\":4294967297}]}]}"),
		-EINVAL, "absurd"},
	{"parts no list", S("{\"disks\":[{\"name\":\"vda\",\"parts\":1}]}"), -EINVAL,
		"disk vda"},
	{"on no names", S("{\"disks\":[],\"volumes\":[{\"name\":\"x\",\"on\":[1]}]}"),
		-EINVAL, "\"on\""},
	{"a card's address no string", S("{\"disks\":[],\"nets\":[{\"mac\":[]}]}"),
		-EINVAL, "network card 1"},
	{"a key twice", S("{\"disks\":[],\"disks\":[]}"), -EINVAL, "line 1"},
	{"a NUL in a name", S("{\"disks\":[{\"name\":\"v\\u0000da\"}]}"), -EINVAL,
		"line 1"},
	{"no UTF-8", S("{\"disks\":[{\"name\":\"\xff\"}]}"), -EINVAL, "line 1"},
};

START_TEST(parsing)
{
	const struct row *row = &rows[_i];
	struct machine m = {.n_nets = 77};
	struct err e = {0};
	/* Exactly as large as the text, so that sanitizers see a read past its end. */
	char *copy = malloc(row->json.n ? row->json.n : 1);
	int r;

	memcpy(copy, row->json.p, row->json.n);
	r = machine_parse((struct str){copy, row->json.n}, &m, &e);
	ck_assert_msg(r == row->want, "%s: answer %d (%s)", row->name, r, e.text);
	if (r == 0) {
		ck_assert_str_eq(m.root, "");
		machine_done(&m);
	} else {
		ck_assert_msg(strstr(e.text, row->word), "%s: \"%s\"", row->name, e.text);
		ck_assert_msg(
			m.n_nets == 77 && !m.disks, "%s: wrote its result", row->name);
	}
	free(copy);
}
END_TEST

/* `n` of `item` with commas between, `open` before and `close` behind. */
static struct strbuf repeat(
	const char *open, const char *item, size_t n, const char *close)
{
	struct strbuf b = {0};

	strbuf_adds(&b, open);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&b, "%s%s", i && *item == '{' ? "," : "", item);
	strbuf_adds(&b, close);
	return b;
}

START_TEST(limits)
{
	static const struct {
		const char *open, *item, *close;
		size_t n;
		int want;
	} cases[] = {
		{"{\"disks\":[", "{\"name\":\"v\"}", "]}", 1024, 0},
		{"{\"disks\":[", "{\"name\":\"v\"}", "]}", 1025, -E2BIG},
		{"{\"disks\":[{\"name\":\"v\",\"parts\":[", "{\"name\":\"v\"}", "]}]}",
			1025, -E2BIG},
		{"{\"disks\":[],\"nets\":[", "{}", "]}", 1025, -E2BIG},
		{"{\"disks\":[]}", " ", "", (1 << 20) + 1, -EFBIG},
		{"{\"disks\":", "[", "", 100000, -EINVAL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strbuf in =
			repeat(cases[i].open, cases[i].item, cases[i].n, cases[i].close);
		struct machine m = {0};
		struct err e = {0};
		int r = machine_parse(strbuf_str(&in), &m, &e);

		ck_assert_msg(r == cases[i].want, "%zu: answer %d (%s)", i, r, e.text);
		machine_done(&m);
		strbuf_done(&in);
	}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, whole);
	tcase_add_loop_test(tc, parsing, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, limits);
}

int main(void)
{
	return check_main("machine_json", add);
}
