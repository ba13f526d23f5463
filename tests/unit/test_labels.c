/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which steps get a label, in which guests. */
#include "plan/labels.h"
#include "plan_fixture.h"

#define LINUX                                                                            \
	FX_DEBIAN,                                                                       \
	{                                                                                \
		"/etc/fstab", "/dev/vda / ext4 d 0 1\n"                                  \
	}
#define CONFIG(text)                                                                     \
	{                                                                                \
		"/etc/selinux/config", text                                              \
	}
#define SPECS(type)                                                                      \
	{                                                                                \
		"/etc/selinux/" type "/contexts/files/file_contexts",                    \
			"/etc/.* u:r:etc_t\n/etc/.* -l u:r:link_t\n"                     \
			"/usr/lib/systemd/.* u:r:unit_t\n"                               \
	}
#define SUBS                                                                             \
	{                                                                                \
		"/etc/selinux/mls/contexts/files/file_contexts.subs_dist",               \
			"/etc/systemd /usr/lib/systemd\n"                                \
	}

/* The labels of a new file, a new unit, a new link, and a file that is there. */
static const struct {
	const char *name;
	struct fx_file files[6];
	const char *want;
} rows[] = {
	{"no SELinux", {LINUX}, "- - - -"},
	{"disabled", {LINUX, CONFIG("SELINUX=disabled\n"), SPECS("targeted")}, "- - - -"},
	{"no policy", {LINUX, CONFIG("SELINUX=enforcing\n")}, "- - - -"},
	{"another policy", {LINUX, CONFIG("SELINUX=enforcing\n"), SPECS("mls")},
		"- - - -"},
	{"enforcing", {LINUX, CONFIG("SELINUX=enforcing\n"), SPECS("targeted")},
		"u:r:etc_t u:r:etc_t u:r:link_t -"},
	{"a policy by its name",
		{LINUX, CONFIG("SELINUX=permissive\nSELINUXTYPE=mls\n"), SPECS("mls"),
			SUBS},
		"u:r:etc_t u:r:unit_t u:r:link_t -"},
	{"the administrator's own",
		{LINUX, CONFIG("SELINUX=permissive\nSELINUXTYPE=mls\n"), SPECS("mls"),
			SUBS,
			{"/etc/selinux/mls/contexts/files/file_contexts.local",
				"/etc/new u:r:mine_t\n"}},
		"u:r:mine_t u:r:unit_t u:r:link_t -"},
};

START_TEST(labelling)
{
	static const char *const paths[] = {"/etc/new", "/etc/systemd/x.service"};
	struct strbuf got = {0};
	struct plan_fx p;

	plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", rows[_i].files,
		ARRAY_SIZE(rows[_i].files), NULL);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		ck_assert_ptr_nonnull(plan_add(&p.plan, STEP_WRITE, "x", paths[i]));
	ck_assert_ptr_nonnull(plan_add(&p.plan, STEP_LINK, "x", "/etc/link"));
	ck_assert_ptr_nonnull(plan_add(&p.plan, STEP_WRITE, "x", "/etc/fstab"));
	ck_assert_int_eq(labels_build(&p.fx.snap, &p.plan, NULL), 0);
	for (size_t i = 0; i < p.plan.n_steps; i++)
		strbuf_addf(&got, "%s%s", i ? " " : "",
			p.plan.steps[i].label ? p.plan.steps[i].label : "-");
	check_bytes(rows[_i].name, strbuf_str(&got), str_from(rows[_i].want));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

/* Whether a relabelling is asked for. */
static const struct {
	const char *name;
	struct fx_file files[5];
	bool package, want;
} packages[] = {
	{"a package", {LINUX, CONFIG("SELINUX=enforcing\n"), SPECS("targeted")}, true,
		true},
	{"no package", {LINUX, CONFIG("SELINUX=enforcing\n"), SPECS("targeted")}, false,
		false},
	{"disabled", {LINUX, CONFIG("SELINUX=disabled\n"), SPECS("targeted")}, true,
		false},
	{"asked for already",
		{LINUX, CONFIG("SELINUX=enforcing\n"), SPECS("targeted"),
			{"/.autorelabel", ""}},
		true, false},
};

START_TEST(relabelling)
{
	struct step *s;
	struct plan_fx p;

	plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", packages[_i].files,
		ARRAY_SIZE(packages[_i].files), NULL);
	s = plan_add(&p.plan, STEP_RUN, "x", "/usr/bin/yum");
	ck_assert_ptr_nonnull(s);
	if (packages[_i].package)
		s->package = strdup("acpid");
	ck_assert_int_eq(labels_build(&p.fx.snap, &p.plan, NULL), 0);
	ck_assert_msg(
		(p.plan.n_steps == 2) == packages[_i].want, "%s", packages[_i].name);
	if (packages[_i].want)
		ck_assert_str_eq(p.plan.steps[1].path, "/.autorelabel");
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, relabelling, 0, ARRAY_SIZE(packages));
	tcase_add_loop_test(tc, labelling, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("labels", add);
}
