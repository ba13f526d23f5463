/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal's file, cut at every byte and with every byte changed: what a power failure can
 * leave is read up to the last whole frame, what it cannot leave is refused. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "txn/crc32c.h"
#include "txn/journal.h"

#include "check_main.h"

static char dir[64];
static struct root root = ROOT_CLOSED;
static size_t ends[4]; /* of frames 1 to 3 */

static void setup(void)
{
	static const char *const records[] = {"first", "", "third record"};
	struct journal j = JOURNAL_CLOSED;

	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-journal-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(root_open(dir, &root, NULL), 0);
	ck_assert_int_eq(journal_create(&root, "/j", &j, NULL), 0);
	for (int i = 0; i < 3; i++) {
		strbuf_adds(&j.payload, records[i]);
		ck_assert_int_eq(journal_flush(&j, NULL), 0);
		ends[i + 1] = j.end;
	}
	journal_done(&j);
	ck_assert_int_eq(journal_create(&root, "/j", &j, NULL), -EEXIST);
}

static void teardown(void)
{
	char cmd[128];

	root_done(&root);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

/* Reads `bytes` as a journal; the answer, and the number of whole frames. */
static int read_as(struct str bytes, int *ret_frames, struct journal *ret)
{
	struct strbuf records = {0};
	struct journal j = JOURNAL_CLOSED;
	int q;

	ck_assert_int_eq(file_replace(&root, "/k", bytes, 0600, NULL), 0);
	q = journal_read(&root, "/k", &j, &records, NULL);
	*ret_frames = (int)j.seq;
	if (q == 0) {
		ck_assert_uint_eq(j.end, ends[j.seq]);
		check_bytes("records", strbuf_str(&records),
			str_upto(STR("firstthird record"),
				j.seq < 3 ? j.seq ? 5 : 0 : 17));
	}
	strbuf_done(&records);
	if (ret)
		*ret = j;
	return q;
}

START_TEST(cut)
{
	size_t n;
	char *p;

	ck_assert_int_eq(root_read(&root, "/j", 4096, &p, &n, NULL), 0);
	ck_assert_uint_eq(n, ends[3]);
	for (size_t k = 0; k <= n; k++) {
		int frames, want = 0;

		while (want < 3 && ends[want + 1] <= k)
			want++;
		ck_assert_int_eq(read_as((struct str){p, k}, &frames, NULL), 0);
		ck_assert_int_eq(frames, want);
	}
	free(p);
}
END_TEST

START_TEST(damaged)
{
	size_t n;
	char *p;

	ck_assert_int_eq(root_read(&root, "/j", 4096, &p, &n, NULL), 0);
	for (size_t k = 0; k < n; k++) {
		int frames, q;

		p[k] ^= 0x10;
		q = read_as((struct str){p, n}, &frames, NULL);
		/* In the last frame it may be a write that the power cut short. */
		ck_assert_msg(q == (k < ends[2] ? -EUCLEAN : 0), "byte %zu: %d", k, q);
		p[k] ^= 0x10;
	}
	free(p);
}
END_TEST

START_TEST(goes_on_behind_a_torn_frame)
{
	struct journal j;
	struct strbuf records = {0};
	size_t n;
	char *p;
	int frames;

	ck_assert_int_eq(root_read(&root, "/j", 4096, &p, &n, NULL), 0);
	ck_assert_int_eq(read_as((struct str){p, n - 1}, &frames, &j), 0);
	ck_assert_int_eq(journal_reopen(&root, "/k", &j, NULL), 0);
	strbuf_adds(&j.payload, "again");
	ck_assert_int_eq(journal_flush(&j, NULL), 0);
	journal_done(&j);
	ck_assert_int_eq(journal_read(&root, "/k", &j, &records, NULL), 0);
	ck_assert_str_eq(records.p, "firstagain");
	ck_assert_uint_eq(j.seq, 3);
	strbuf_done(&records);
	free(p);
}
END_TEST

static int fail_fsync(const struct file_op *op)
{
	return strcmp(op->name, "fsync") ? 0 : -EIO;
}

START_TEST(failed_frame_does_not_count)
{
	struct journal j = JOURNAL_CLOSED;
	struct strbuf records = {0};

	ck_assert_int_eq(journal_create(&root, "/f", &j, NULL), 0);
	file_fault = fail_fsync;
	strbuf_adds(&j.payload, "lost");
	ck_assert_int_eq(journal_flush(&j, NULL), -EIO);
	file_fault = NULL;
	strbuf_adds(&j.payload, "kept");
	ck_assert_int_eq(journal_flush(&j, NULL), 0);
	journal_done(&j);
	ck_assert_int_eq(journal_read(&root, "/f", &j, &records, NULL), 0);
	ck_assert_str_eq(records.p, "kept");
	strbuf_done(&records);
}
END_TEST

START_TEST(fields)
{
	struct strbuf b = {0};
	struct reader r;

	put_u8(&b, 200);
	put_u32(&b, 0x89abcdef);
	put_u64(&b, 0x0123456789abcdef);
	put_str(&b, STR("a\0b"));
	r = (struct reader){.in = strbuf_str(&b)};
	ck_assert_uint_eq(get_u8(&r), 200);
	ck_assert_uint_eq(get_u32(&r), 0x89abcdef);
	ck_assert_uint_eq(get_u64(&r), 0x0123456789abcdef);
	check_bytes("string", get_str(&r), STR("a\0b"));
	ck_assert(!r.bad);
	ck_assert_uint_eq(get_u32(&r), 0);
	ck_assert(r.bad);
	r = (struct reader){.in = STR("\xff\xff\xff\xffz")};
	(void)get_str(&r);
	ck_assert(r.bad);
	strbuf_done(&b);
}
END_TEST

/* RFC 3720 B.4, and that it can be fed in pieces. */
START_TEST(checksum)
{
	static const char zeros[32];

	ck_assert_uint_eq(crc32c(0, STR("123456789")), 0xe3069283);
	ck_assert_uint_eq(crc32c(0, (struct str){zeros, 32}), 0x8a9136aa);
	for (size_t i = 0; i <= 9; i++)
		ck_assert_uint_eq(crc32c(crc32c(0, str_upto(STR("123456789"), i)),
					  str_from_pos(STR("123456789"), i)),
			0xe3069283);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, cut);
	tcase_add_test(tc, damaged);
	tcase_add_test(tc, goes_on_behind_a_torn_frame);
	tcase_add_test(tc, failed_frame_does_not_count);
	tcase_add_test(tc, fields);
	tcase_add_test(tc, checksum);
}

int main(void)
{
	return check_main("txn_journal", add);
}
