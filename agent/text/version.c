/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See version.h. */
#include "text/version.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Rank of the first byte: '~' before the end of a run, that before any other byte. */
static int rank(struct str s)
{
	if (!s.n || is_digit(*s.p))
		return 0;
	return *s.p == '~' ? -1 : (unsigned char)*s.p + 1;
}

static struct str take_number(struct str *s)
{
	struct str digits;
	size_t n = 0;

	while (s->n && *s->p == '0')
		*s = str_from_pos(*s, 1);
	while (n < s->n && is_digit(s->p[n]))
		n++;
	digits = str_upto(*s, n);
	*s = str_from_pos(*s, n);
	return digits;
}

int version_cmp(struct str a, struct str b)
{
	while (a.n || b.n) {
		struct str na, nb;
		int ra, rb;

		while ((a.n && !is_digit(*a.p)) || (b.n && !is_digit(*b.p))) {
			ra = rank(a);
			rb = rank(b);
			if (ra != rb)
				return ra < rb ? -1 : 1;
			a = str_from_pos(a, 1);
			b = str_from_pos(b, 1);
		}
		/* As text, so that no number is too large: the longer one is greater. */
		na = take_number(&a);
		nb = take_number(&b);
		if (na.n != nb.n)
			return na.n < nb.n ? -1 : 1;
		ra = str_cmp(na, nb);
		if (ra)
			return ra < 0 ? -1 : 1;
	}
	return 0;
}
