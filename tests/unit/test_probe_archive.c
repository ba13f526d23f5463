/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An initramfs that is listed again: what is as it was is taken from the earlier list, and
 * only that. */
#include "check_main.h"
#include "initramfs_build.h"
#include "probe/probe.h"
#include "scratch.h"

#define PATH "boot/initrd.img-1"

static struct root tree = ROOT_CLOSED;
static struct snapshot first, again;

static void build(const char *member, const char *text, struct strbuf *out)
{
	build_member(out, member, S_IFREG | 0644, 1, 1, str_from(text));
	build_trailer(out);
}

static void build_packed(void (*pack)(struct str in, struct strbuf *out),
	const char *member, struct strbuf *out)
{
	struct strbuf plain = {0};

	build(member, "old\n", &plain);
	pack(strbuf_str(&plain), out);
	strbuf_done(&plain);
}

static void look(struct snapshot *known, struct snapshot *ret)
{
	struct err e = {0};
	int r = known ? probe_snapshot_again(&tree, known, ret, &e)
		      : probe_snapshot(&tree, ret, &e);

	ck_assert_msg(r == 0, "%s", e.text);
	ck_assert_uint_eq(ret->n_archives, 1);
}

static void setup(void)
{
	struct err e = {0};

	scratch_make();
	scratch_write("etc/fstab", "", 0);
	ck_assert_int_eq(root_open(scratch, &tree, &e), 0);
}

static void teardown(void)
{
	snapshot_done(&again);
	snapshot_done(&first);
	root_done(&tree);
	scratch_remove();
}

/* What becomes of the file between the two looks, and whether its first part may be taken
 * from the list: a member that only the list has shows it. */
enum change { SAME, LONGER, LONGER_BY_RUBBISH, SHORTER, FIRST_BYTE, LAST_BYTE };
static const struct {
	const char *name;
	void (*pack)(struct str in, struct strbuf *out);
	enum change change;
	bool taken, problem;
	const char *content;
} rows[] = {
	{"the same, plain", build_plain, SAME, true, false, "old\n"},
	{"the same, packed", build_xz, SAME, true, false, "old\n"},
	{"a segment more", build_gzip, LONGER, true, false, "new\n"},
	{"a segment more behind a plain one", build_plain, LONGER, true, false, "new\n"},
	{"a segment more behind lz4 is read", build_lz4, LONGER, false, false, "new\n"},
	{"what follows is rubbish", build_gzip, LONGER_BY_RUBBISH, true, true, "old\n"},
	{"a byte less", build_xz, SHORTER, false, true, "old\n"},
	{"another first byte", build_zstd, FIRST_BYTE, false, true, NULL},
	{"another last byte", build_xz, LAST_BYTE, false, true, "old\n"},
};

static void change(enum change how, struct strbuf *image)
{
	if (how == LONGER || how == LONGER_BY_RUBBISH)
		strbuf_pad(image, '\0', (image->n + 8) & ~(size_t)3);
	switch (how) {
	case SAME:
		break;
	case LONGER:
		build("conf/modules", "new\n", image);
		break;
	case LONGER_BY_RUBBISH:
		strbuf_adds(image, "rubbish");
		break;
	case SHORTER:
		image->n--;
		break;
	case FIRST_BYTE:
		image->p[0] ^= 1;
		break;
	case LAST_BYTE:
		image->p[image->n - 1] ^= 1;
		break;
	}
	ck_assert(!image->oom);
	scratch_write(PATH, image->p, image->n);
}

START_TEST(looking_again)
{
	struct strbuf image = {0};
	struct snap_archive *was;
	const struct snap_archive *is;
	struct str content = {0};

	build_packed(rows[_i].pack, "conf/modules", &image);
	scratch_write(PATH, image.p, image.n);
	look(NULL, &first);
	was = &first.archives[0];
	ck_assert_msg(!was->problem, "%s", was->problem);
	ck_assert_int_eq(strv_adds(&was->members, "only/listed"), 0);

	change(rows[_i].change, &image);
	look(&first, &again);
	is = &again.archives[0];
	ck_assert_msg(strv_has(&is->members, STR("only/listed")) == rows[_i].taken, "%s",
		rows[_i].name);
	ck_assert_msg((is->problem != NULL) == rows[_i].problem, "%s: %s", rows[_i].name,
		is->problem ? is->problem : "no problem");
	ck_assert_uint_eq(is->size, image.n);
	if (rows[_i].content && snap_archive_data(is, "conf/modules", &content))
		check_bytes(rows[_i].name, content, str_from(rows[_i].content));
	ck_assert_msg(rows[_i].problem || content.n, "%s: no content", rows[_i].name);
	ck_assert_msg(
		is->segments.n == (rows[_i].change == LONGER ? 2 : 1) || rows[_i].problem,
		"%s: %zu segments", rows[_i].name, is->segments.n);
	strbuf_done(&image);
}
END_TEST

/* What was taken over can be taken over again. */
START_TEST(a_third_time)
{
	struct strbuf image = {0};
	struct snapshot third = {0};

	build_packed(build_gzip, "conf/modules", &image);
	scratch_write(PATH, image.p, image.n);
	look(NULL, &first);
	change(LONGER, &image);
	look(&first, &again);
	ck_assert_int_eq(strv_adds(&again.archives[0].members, "only/listed"), 0);
	look(&again, &third);
	ck_assert(strv_has(&third.archives[0].members, STR("only/listed")));
	ck_assert_uint_eq(third.archives[0].sum, again.archives[0].sum);
	snapshot_done(&third);
	look(NULL, &third);
	ck_assert_uint_eq(third.archives[0].sum, again.archives[0].sum);
	snapshot_done(&third);
	strbuf_done(&image);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, looking_again, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, a_third_time);
}

int main(void)
{
	return check_main("probe_archive", add);
}
