/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test file repeats: its main(), and the laws that each editor of text/
 * must keep whatever the row is about. */
#pragma once

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Rows name what they are about and leave the rest zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* Runs one suite with one test case, which `add` fills. */
static inline int check_main(const char *name, void (*add)(TCase *tc))
{
	Suite *s = suite_create(name);
	TCase *tc = tcase_create(name);
	SRunner *sr;
	int failed;

	add(tc);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A string literal as struct str in a static table; may hold NULs. */
#define S(literal)                                                                       \
	{                                                                                \
		(literal), sizeof(literal) - 1                                           \
	}

/* `what` names the row in the message; bytes, not C strings, are compared. */
static inline void check_bytes(const char *what, struct str got, struct str want)
{
	ck_assert_msg(str_eq(got, want),
		"%s: got %zu bytes \"%.*s\", want %zu bytes \"%.*s\"", what, got.n,
		STR_ARG(got), want.n, STR_ARG(want));
}

enum {
	ROW_SWAP = 1,    /* the request swaps names: a second run swaps them back */
	ROW_NO_CRLF = 2, /* the format or the row has no CRLF variant */
};

struct check_row {
	const char *name;
	struct str in;
	struct str want; /* only looked at when ret is 1 */
	int ret;
	unsigned flags;
	const void *req; /* where rows differ in it; else the one given to the check */
};

typedef int check_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e);

/* One run: answer, bytes, and that nothing but answer 1 has output. */
static inline void check_editor_run(const char *name, check_editor *edit, const void *req,
	struct str in, int ret, struct str want)
{
	struct strbuf out = {0};
	struct err e = {0};
	/* Exactly as large as the input, so that sanitizers see a read past its end. */
	char *copy = malloc(in.n ? in.n : 1);
	int r;

	ck_assert_ptr_nonnull(copy);
	if (in.n)
		memcpy(copy, in.p, in.n);
	r = edit((struct str){copy, in.n}, req, &out, &e);
	ck_assert_msg(r == ret, "%s: answer %d, want %d (%s)", name, r, ret, e.text);
	if (r == 1)
		check_bytes(name, strbuf_str(&out), want);
	else
		ck_assert_msg(!out.p && !out.n, "%s: output with answer %d", name, r);
	ck_assert_msg((r < 0) == (e.text[0] != '\0'), "%s: answer %d, error \"%s\"", name,
		r, e.text);
	ck_assert_msg(str_eq((struct str){copy, in.n}, in), "%s: wrote its input", name);
	strbuf_done(&out);
	free(copy);
}

static inline void check_to_crlf(struct str in, struct strbuf *out)
{
	for (size_t i = 0; i < in.n; i++) {
		if (in.p[i] == '\n')
			strbuf_addc(out, '\r');
		strbuf_addc(out, in.p[i]);
	}
}

/* The row itself, and the laws: a second run answers 0, an empty request answers 0, lines
 * that end in CRLF are edited like others and keep their ends. */
static inline void check_editor_laws(const struct check_row *row, check_editor *edit,
	const void *req, const void *empty_req)
{
	struct str none = {0};

	if (row->req)
		req = row->req;
	check_editor_run(row->name, edit, req, row->in, row->ret, row->want);
	if (empty_req)
		check_editor_run(row->name, edit, empty_req, row->in, 0, none);
	if (row->ret == 1 && !(row->flags & ROW_SWAP))
		check_editor_run(row->name, edit, req, row->want, 0, none);
	if (!(row->flags & ROW_NO_CRLF) && row->in.n &&
		!memchr(row->in.p, '\r', row->in.n)) {
		struct strbuf in = {0}, want = {0};

		check_to_crlf(row->in, &in);
		check_to_crlf(row->want, &want);
		check_editor_run(row->name, edit, req, strbuf_str(&in), row->ret,
			strbuf_str(&want));
		strbuf_done(&in);
		strbuf_done(&want);
	}
}
