/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See found.h. The files are the guest's: `confirm` is the script of its first start
 * (plan/rule_confirm.c), which writes `confirmed` and removes itself and `found`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/found.h"
#include "base/strbuf.h"
#include "sys/file.h"
#include "text/shell_vars.h"
#include "txn/txn.h"

#define STATE "/var/lib/xvd2vd"
#define SCRIPT STATE "/confirm"
#define CONFIRMED STATE "/confirmed"
#define FOUND STATE "/found"
#define MAX_NOTE ((size_t)4 << 10)
#define MAX_TIMES 1000000

/* The number behind `key` in the lines KEY=NUMBER of a note; 0 where there is none. */
static int note_number(
	const struct root *r, const char *path, const char *key, uint64_t *ret)
{
	cleanup_(free_charp) char *text = NULL;
	cleanup_(strbuf_done) struct strbuf value = {0};
	size_t n;
	int q = root_read(r, path, MAX_NOTE, &text, &n, NULL);

	*ret = 0;
	if (q == -ENOMEM)
		return q;
	if (q >= 0 && shell_vars_get((struct str){text, n}, key, &value) &&
		!str_u64(strbuf_str(&value), ret))
		*ret = 0;
	return strbuf_err(&value);
}

/* The last run that was not taken back, if it is a whole repair. */
static int last_repair(const struct root *r, struct found *ret, struct err *e)
{
	struct txn_history h = {0};
	int q = txn_history(r, &h, e);
	size_t i = h.n;

	while (i &&
		(h.v[i - 1].state == TXN_UNDONE || h.v[i - 1].state == TXN_TAKEN_BACK))
		i--;
	if (q >= 0 && i && h.v[i - 1].state == TXN_DONE) {
		(void)snprintf(ret->run, sizeof(ret->run), "%s", h.v[i - 1].id);
		ret->when = h.v[i - 1].when;
		q = 1;
	}
	txn_history_done(&h);
	return q < 0 ? q : q == 1;
}

/* Bytes of the guest's, not believed: what it cannot have written is taken for nothing. */
static int count(const struct root *r, uint64_t run, uint64_t *ret)
{
	uint64_t of, times = 0;
	int q = note_number(r, FOUND, "run", &of);

	if (q >= 0 && of == run)
		q = note_number(r, FOUND, "times", &times);
	*ret = 1 + (times < MAX_TIMES ? times : MAX_TIMES);
	return q;
}

int found_again(const struct root *r, struct found *ret, struct err *e)
{
	struct found f = {0};
	uint64_t run, started, times;
	struct stat st;
	int q;

	if (root_lstat(r, SCRIPT, &st) < 0)
		return 0;
	q = last_repair(r, &f, e);
	if (q <= 0)
		return q;
	if (!str_u64(str_from(f.run), &run) ||
		note_number(r, CONFIRMED, "run", &started) < 0 ||
		count(r, run, &times) < 0)
		return err_oom(e);
	/* A later run that was undone had the same script. */
	if (started >= run)
		return 0;
	f.times = (unsigned)times;
	*ret = f;
	return 1;
}

int found_note(const struct root *r, const struct found *f, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf note = {0};

	strbuf_addf(&note, "run=%s\ntimes=%u\n", f->run, f->times);
	if (strbuf_err(&note) < 0)
		return err_oom(e);
	return file_replace(r, FOUND, strbuf_str(&note), 0600, e);
}
