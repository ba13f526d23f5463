/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds on any machine; that modules do load is shown by the VM tests. */
#include "check_main.h"
#include "sys/modload.h"

START_TEST(unknown_module)
{
	struct modload *m = NULL;
	struct err e = {0};

	ck_assert_msg(modload_new(&m, &e) == 0, "%s", e.text);
	ck_assert_msg(modload_load(m, "xvd2vd_no_such_module", &e) == 0, "%s", e.text);
	ck_assert_msg(
		modload_load(m, "pci:v0000FFFFd0000FFFFsv0", &e) == 0, "%s", e.text);
	ck_assert_str_eq(e.text, "");
	modload_free(m);
	modload_free(NULL);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, unknown_module);
}

int main(void)
{
	return check_main("modload", add);
}
