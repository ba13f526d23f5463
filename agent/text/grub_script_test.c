/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB's `test` and `[` (grub-core/commands/test.c): evaluated from left to right, -a binds
 * closer than -o, what is no test is true where it is not empty. */
#include "text/grub_script_work.h"

enum comparison { EQ = 1, LT = 2, GT = 4 };

static const struct {
	const char *name;
	bool numbers;
	unsigned holds; /* for which of enum comparison */
} comparisons[] = {
	{"=", false, EQ},
	{"==", false, EQ},
	{"!=", false, LT | GT},
	{"<", false, LT},
	{"<=", false, LT | EQ},
	{">", false, GT},
	{">=", false, GT | EQ},
	{"-eq", true, EQ},
	{"-ne", true, LT | GT},
	{"-lt", true, LT},
	{"-le", true, LT | EQ},
	{"-gt", true, GT},
	{"-ge", true, GT | EQ},
};

static int64_t number(struct str s)
{
	bool negative = str_skip(&s, "-");
	struct str rest;
	uint64_t n;

	if (!grub_script_number(s, &n, &rest) || n > INT32_MAX)
		n = 0;
	return negative ? -(int64_t)n : (int64_t)n;
}

static bool compare(struct str a, struct str op, struct str b, bool *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++) {
		int64_t d;

		if (!str_is(op, comparisons[i].name))
			continue;
		d = comparisons[i].numbers ? number(a) - number(b) : str_cmp(a, b);
		*ret = comparisons[i].holds & (d < 0 ? LT : d > 0 ? GT : EQ);
		return true;
	}
	return false;
}

static bool look(struct script *x, struct str op, struct str arg, bool *ret)
{
	enum grub_found found;
	uint64_t size = 0;

	if (str_is(op, "-n")) {
		*ret = arg.n > 0;
		return true;
	}
	if (str_is(op, "-z")) {
		*ret = arg.n == 0;
		return true;
	}
	if (!str_is(op, "-d") && !str_is(op, "-e") && !str_is(op, "-f") &&
		!str_is(op, "-s"))
		return false;
	found = grub_script_look(x, arg, &size);
	if (str_is(op, "-d"))
		*ret = found == GRUB_FOLDER;
	else if (str_is(op, "-e"))
		*ret = found != GRUB_NOTHING;
	else
		*ret = found == GRUB_FILE && (str_is(op, "-f") || size > 0);
	return true;
}

/* Parentheses nest no deeper than there are words on a line, which the stack can bear. */
#define MAX_NESTED 32

struct test {
	struct script *x;
	struct script_args args;
	size_t i;
	unsigned depth;
};

static bool parse(struct test *t)
{
	bool or = false, and = true, invert = false, value;

	t->depth++;
	while (t->i < t->args.n) {
		const struct str *v = &t->args.v[t->i];
		size_t left = t->args.n - t->i;

		if (left > 2 && compare(v[0], v[1], v[2], &value)) {
			t->i += 3;
		} else if (left > 1 && look(t->x, v[0], v[1], &value)) {
			t->i += 2;
		} else if (str_is(v[0], ")")) {
			t->i++;
			break;
		} else if (str_is(v[0], "(")) {
			t->i++;
			value = t->depth < MAX_NESTED && parse(t);
		} else if (str_is(v[0], "!")) {
			t->i++;
			invert = !invert;
			continue;
		} else if (str_is(v[0], "-a")) {
			t->i++;
			continue;
		} else if (str_is(v[0], "-o")) {
			t->i++;
			or = or || and;
			and = true;
			continue;
		} else {
			t->i++;
			value = v[0].n > 0;
		}
		and = and&&value != invert;
		invert = false;
	}
	t->depth--;
	return or || and;
}

bool grub_script_test(struct script *x, struct script_args args)
{
	struct test t = {.x = x, .args = args};

	if (args.n && str_is(args.v[args.n - 1], "]"))
		t.args.n--;
	return parse(&t);
}
