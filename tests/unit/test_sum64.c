/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/sum64.h"
#include "check_main.h"

static uint64_t sum_in_pieces(struct str s, size_t piece)
{
	struct sum64 sum = {0};

	while (s.n) {
		sum64_add(&sum, str_upto(s, piece));
		s = str_from_pos(s, piece);
	}
	return sum64_value(&sum);
}

START_TEST(any_pieces)
{
	char text[100];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t n = 0; n <= sizeof(text); n++)
		for (size_t piece = 1; piece < 20; piece++)
			ck_assert_msg(sum_in_pieces((struct str){text, n}, piece) ==
					      sum_in_pieces((struct str){text, n}, 100),
				"%zu bytes, %zu at a time", n, piece);
}
END_TEST

/* Each bit, each length: also of zeros. */
START_TEST(differences)
{
	char text[40] = {0};
	const uint64_t zeros = sum_in_pieces((struct str){text, sizeof(text)}, 40);

	for (size_t bit = 0; bit < sizeof(text) * 8; bit++) {
		text[bit / 8] = (char)(1u << bit % 8);
		ck_assert(sum_in_pieces((struct str){text, sizeof(text)}, 40) != zeros);
		text[bit / 8] = 0;
	}
	for (size_t n = 0; n < sizeof(text); n++)
		ck_assert(sum_in_pieces((struct str){text, n}, 40) != zeros);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, any_pieces);
	tcase_add_test(tc, differences);
}

int main(void)
{
	return check_main("sum64", add);
}
