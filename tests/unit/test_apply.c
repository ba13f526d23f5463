/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking a plan on a real tree: what is written, in which form, and that a step that fails
 * leaves all as it was. */
#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/apply.h"
#include "text/cpio.h"

#include "check_main.h"
#include "scratch.h"

static struct root root = ROOT_CLOSED;
static struct plan plan;
static struct err e;
static struct strbuf told;

static void setup(void)
{
	scratch_make();
	scratch_write("etc/fstab", "old\n", 4);
	scratch_write("etc/stale", "x", 1);
	scratch_write("boot/initrd", "12345", 5);
	scratch_write("lib/modules/6.1/v.ko", "MODULE", 6);
	ck_assert_int_eq(root_open(scratch, &root, &e), 0);
}

static void teardown(void)
{
	root_done(&root);
	plan_done(&plan);
	strbuf_done(&told);
	scratch_remove();
}

static struct step *add_step(enum step_kind kind, const char *path, const char *text)
{
	struct step *s = plan_add(&plan, kind, "x", path);

	ck_assert_ptr_nonnull(s);
	strbuf_adds(&s->content, text);
	s->mode = 0640;
	return s;
}

static void tell(void *ctx, const struct plan *p, size_t step, const char *status)
{
	ck_assert(ctx == &told && p == &plan);
	strbuf_addf(&told, "%zu %s\n", step, status);
}

static int run(void)
{
	struct apply a = {&root, &plan, tell, &told};

	return apply_plan(&a, &e) < 0 ? -1 : 0;
}

/* `want` NULL: not there. */
static void is(const char *path, struct str want)
{
	cleanup_(free_charp) char *got = NULL;
	size_t n = 0;
	int r = root_read(&root, path, 1 << 20, &got, &n, NULL);

	if (!want.p) {
		ck_assert_msg(r == -ENOENT, "%s: %d", path, r);
		return;
	}
	ck_assert_msg(r == 0, "%s: %d", path, r);
	check_bytes(path, (struct str){got, n}, want);
}

#define GONE ((struct str){0})

START_TEST(files)
{
	struct stat st;
	char target[64] = "", full[128];

	add_step(STEP_WRITE, "/etc/fstab", "new\n");
	add_step(STEP_WRITE, "/etc/deep/er/file", "made\n");
	add_step(STEP_REMOVE, "/etc/stale", "");
	add_step(STEP_LINK, "/etc/link", "/lib/x");
	add_step(STEP_WRITE, "/etc/skipped", "no\n")->status = STEP_SKIPPED;
	ck_assert_msg(run() == 0, "%s", e.text);
	is("/etc/fstab", STR("new\n"));
	is("/etc/deep/er/file", STR("made\n"));
	is("/etc/stale", GONE);
	is("/etc/skipped", GONE);
	ck_assert_int_eq(root_lstat(&root, "/etc/fstab", &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0644); /* as it was */
	ck_assert_int_eq(root_lstat(&root, "/etc/deep/er/file", &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
	snprintf(full, sizeof(full), "%s/etc/link", scratch);
	ck_assert_int_eq(readlink(full, target, sizeof(target) - 1), 6);
	ck_assert_str_eq(target, "/lib/x");
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(plan.steps[i].status, STEP_DONE);
	ck_assert_int_eq(plan.steps[4].status, STEP_SKIPPED);
	check_bytes("progress", strbuf_str(&told),
		STR("0 start\n1 start\n2 start\n3 start\n"
		    "0 done\n1 done\n2 done\n3 done\n"));
}
END_TEST

/* Behind an image of any length: at least one zero word, then the archive at a multiple of
 * 4 in the image, folders before what lies in them, a module's bytes as the guest has them. */
START_TEST(graft)
{
	const size_t size = (size_t)_i;
	cleanup_(free_charp) char *got = NULL;
	struct cpio_entry ent;
	struct graft_member *m;
	struct str rest;
	struct step *s;
	size_t n = 0, at;

	scratch_write("boot/initrd", "12345678", size);
	s = add_step(STEP_GRAFT, "/boot/initrd", "");
	step_add_member(s, "lib", S_IFDIR | 0755);
	m = step_add_member(s, "lib/v.ko", S_IFREG | 0644);
	m->from = strdup("/lib/modules/6.1/v.ko");
	m = step_add_member(s, "conf", S_IFREG | 0644);
	strbuf_adds(&m->content, "virtio_blk\n");
	ck_assert_msg(run() == 0, "%s", e.text);
	ck_assert_int_eq(root_read(&root, "/boot/initrd", 1 << 20, &got, &n, NULL), 0);
	ck_assert_int_eq(memcmp(got, "12345678", size), 0);
	for (at = size; at < n && !got[at]; at++)
		;
	ck_assert_uint_eq(at % 4, 0);
	ck_assert_uint_ge(at - size, 4);
	ck_assert_uint_lt(at - size, 8);
	rest = str_from_pos((struct str){got, n}, at);
	ck_assert_int_eq(cpio_next(&rest, &ent, &e), 1);
	check_bytes("folder", ent.path, STR("lib"));
	ck_assert(S_ISDIR(ent.mode));
	ck_assert_int_eq(cpio_next(&rest, &ent, &e), 1);
	check_bytes("module", ent.content, STR("MODULE"));
	ck_assert_int_eq(cpio_next(&rest, &ent, &e), 1);
	check_bytes("conf", ent.content, STR("virtio_blk\n"));
	ck_assert_int_eq(cpio_next(&rest, &ent, &e), 0);
	ck_assert_uint_eq(rest.n, 0);
}
END_TEST

/* The second of three steps fails: the first is taken back, the third not begun. */
static const struct {
	enum step_kind kind;
	const char *path, *from;
} fail_rows[] = {
	{STEP_GRAFT, "/boot/initrd", "/lib/modules/6.1/none.ko"},
	{STEP_GRAFT, "/boot/none", NULL},
	{STEP_WRITE, "/etc/fstab/below-a-file", NULL},
};

START_TEST(failing)
{
	struct step *s;
	int r;

	add_step(STEP_WRITE, "/etc/fstab", "new\n");
	s = add_step(fail_rows[_i].kind, fail_rows[_i].path, "/target");
	if (fail_rows[_i].from)
		step_add_member(s, "v.ko", S_IFREG | 0644)->from =
			strdup(fail_rows[_i].from);
	add_step(STEP_WRITE, "/etc/third", "3\n");
	r = run();
	ck_assert_msg(r < 0, "%d: answer %d", _i, r);
	is("/etc/fstab", STR("old\n"));
	is("/etc/stale", STR("x"));
	is("/etc/third", GONE);
	is("/boot/initrd", STR("12345"));
	ck_assert_int_eq(plan.steps[1].status, STEP_FAILED);
	ck_assert_ptr_nonnull(plan.steps[1].error);
	ck_assert_msg(strstr(e.text, fail_rows[_i].path), "%s", e.text);
	ck_assert_int_eq(plan.steps[2].status, STEP_PLANNED);
	ck_assert(!str_contains(strbuf_str(&told), "done"));
}
END_TEST

static int no_network(void *ctx, struct err *why)
{
	ck_assert(ctx == &told);
	return err_set(why, -ENETUNREACH, "no cable");
}

/* What the guest boots without: the files stay, it is pending with the reason. */
START_TEST(optional)
{
	struct apply a = {&root, &plan, tell, &told, no_network, &told};
	struct step *s;

	add_step(STEP_WRITE, "/etc/fstab", "new\n");
	for (int i = 0; i < 2; i++) {
		s = add_step(STEP_RUN, "/usr/bin/apt-get", "");
		s->optional = s->network = true;
		ck_assert_int_ge(strv_adds(&s->argv, "apt-get"), 0);
	}
	step_note(s, "apt-get install acpid");
	s->package = strdup("acpid");
	s->database = strdup("dpkg");
	ck_assert_int_eq(apply_plan(&a, &e), 1);
	is("/etc/fstab", STR("new\n"));
	ck_assert_int_eq(plan.steps[0].status, STEP_DONE);
	ck_assert_int_eq(plan.steps[1].status, STEP_PENDING);
	ck_assert_int_eq(plan.steps[2].status, STEP_PENDING);
	ck_assert_uint_eq(plan.n_pending, 1);
	ck_assert_str_eq(plan.pending[0].detail,
		"run in the guest: apt-get install acpid (no cable)");
}
END_TEST

static int bad_payload(void *ctx, struct err *why)
{
	ck_assert(ctx == &told);
	/* As a program that fails half-way leaves it. */
	scratch_write("etc/stale", "half", 4);
	return err_set(why, -EBADMSG, "damaged");
}

/* What the guest does not boot without: neither way leads to it, and nothing is changed. */
START_TEST(needed)
{
	struct apply a = {
		&root, &plan, tell, &told, no_network, &told, bad_payload, false};
	struct step *s;

	add_step(STEP_WRITE, "/etc/fstab", "new\n");
	s = add_step(STEP_RUN, "/usr/bin/apt-get", "");
	s->network = true;
	s->package = strdup("linux-image-amd64");
	s->database = strdup("dpkg");
	ck_assert_int_ge(strv_adds(&s->argv, "apt-get"), 0);
	ck_assert_int_ge(strv_adds(&s->from_payload, "apt-get"), 0);
	ck_assert_int_ge(strv_adds(&s->guard, "/etc/"), 0);
	ck_assert_int_ge(strv_adds(&s->guard, "/boot/initrd"), 0);
	ck_assert_int_eq(apply_plan(&a, &e), -EBADMSG);
	ck_assert_msg(strstr(e.text, "damaged; before that, from the network: no cable"),
		"%s", e.text);
	ck_assert(!a.committed);
	ck_assert_int_eq(s->status, STEP_FAILED);
	is("/etc/fstab", STR("old\n"));
	is("/etc/stale", STR("x"));
}
END_TEST

START_TEST(nothing)
{
	ck_assert_int_eq(run(), 0);
	ck_assert_uint_eq(told.n, 0);
	is("/var/lib/xvd2vd/journal", GONE);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, files);
	tcase_add_loop_test(tc, graft, 1, 9);
	tcase_add_loop_test(tc, failing, 0, ARRAY_SIZE(fail_rows));
	tcase_add_test(tc, optional);
	tcase_add_test(tc, needed);
	tcase_add_test(tc, nothing);
}

int main(void)
{
	return check_main("apply", add);
}
