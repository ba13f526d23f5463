/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each init system is told to run the script of the first start, and when nothing is
 * added. */
#include "plan/rules.h"
#include "plan_fixture.h"

#define NAME "xvd2vd-confirm"
#define SCRIPT "/var/lib/xvd2vd/confirm"
#define UNIT "/etc/systemd/system/" NAME ".service"
#define WANTS_DIR "/etc/systemd/system/basic.target.wants"
#define WANTS WANTS_DIR "/" NAME ".service"

#define LINUX                                                                            \
	FX_DEBIAN,                                                                       \
	{                                                                                \
		"/etc/fstab", "/dev/vda / ext4 d 0 1\n"                                  \
	}
#define SYSTEMD                                                                          \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}
#define SYSVINIT(runlevel)                                                               \
	{"/sbin/init", "x"},                                                             \
	{                                                                                \
		"/etc/inittab", "#id:2:initdefault:\nid:" runlevel ":initdefault:\n"     \
	}

/* A step as "MODE path", or "path -> target"; then the number of warnings. */
static const struct row {
	const char *name;
	struct fx_file files[7];
	const char *want;
	bool idle;  /* nothing else is to be done */
	bool again; /* the plan's files are there already */
} rows[] = {
	{"systemd", {LINUX, SYSTEMD},
		"755 " SCRIPT "\n644 " UNIT "\n" WANTS " -> ../" NAME ".service\n0\n"},
	{"nothing else to do", {LINUX, SYSTEMD}, "0\n", .idle = true},
	{"there from an earlier run", {LINUX, SYSTEMD}, "0\n", .again = true},
	{"nothing else to do, unknown init", {LINUX, {"/etc/hostname", "x\n"}}, "0\n",
		.idle = true},
	{"unknown init", {LINUX, {"/etc/hostname", "x\n"}}, "1\n"},
	{"another's file in the place of the unit: made ours",
		{LINUX, SYSTEMD, {UNIT, "[Unit]\n"}},
		"755 " SCRIPT "\n644 " UNIT "\n" WANTS " -> ../" NAME ".service\n0\n"},
	{"Upstart", {LINUX, {"/sbin/init", "x"}, {"/etc/init/"}, {"/sbin/initctl", "x"}},
		"755 " SCRIPT "\n644 /etc/init/" NAME ".conf\n0\n"},
	{"Upstart 0.3", {LINUX, {"/sbin/init", "x"}, {"/etc/event.d/"}},
		"755 " SCRIPT "\n644 /etc/event.d/" NAME "\n0\n"},
	{"Upstart that was 0.3 once",
		{LINUX, {"/sbin/init", "x"}, {"/etc/event.d/"}, {"/etc/init/"},
			{"/sbin/initctl", "x"}},
		"755 " SCRIPT "\n644 /etc/init/" NAME ".conf\n0\n"},
	{"Debian's sysvinit", {LINUX, SYSVINIT("2"), {"/etc/network/interfaces", ""}},
		"755 " SCRIPT "\n755 /etc/network/if-up.d/" NAME "\n0\n"},
	{"sysvinit with the folders of Red Hat",
		{LINUX, SYSVINIT("5"), {"/etc/rc.d/init.d/"}},
		"755 " SCRIPT "\n755 /etc/rc.d/init.d/" NAME "\n/etc/rc.d/rc5.d/S99" NAME
		" -> ../init.d/" NAME "\n0\n"},
	{"SUSE's sysvinit", {LINUX, SYSVINIT("3"), {"/etc/sysconfig/network/"}},
		"755 " SCRIPT "\n755 /etc/sysconfig/network/if-up.d/" NAME "\n0\n"},
	{"EL5, where that is a file",
		{LINUX, SYSVINIT("3"), {"/etc/sysconfig/network", "NETWORKING=yes\n"},
			{"/etc/rc.d/init.d/"}},
		"755 " SCRIPT "\n755 /etc/rc.d/init.d/" NAME "\n/etc/rc.d/rc3.d/S99" NAME
		" -> ../init.d/" NAME "\n0\n"},
	{"without a runlevel", {LINUX, SYSVINIT(""), {"/etc/rc.d/init.d/"}},
		"755 " SCRIPT "\n755 /etc/rc.d/init.d/" NAME "\n/etc/rc.d/rc3.d/S99" NAME
		" -> ../init.d/" NAME "\n0\n"},
	{"a file where the unit's link must be", {LINUX, SYSTEMD, {WANTS_DIR, "x"}},
		"1\n"},
	{"systemd's folder is a link that leads nowhere",
		{LINUX, SYSTEMD, {"/etc/systemd", .link = "/srv/none"}}, "1\n"},
	{"a folder behind a link",
		{LINUX, SYSTEMD, {"/etc/systemd", .link = "/srv/systemd"},
			{"/srv/systemd/"}},
		"755 " SCRIPT "\n644 " UNIT "\n" WANTS " -> ../" NAME ".service\n0\n"},
	{"a file where the state must be", {LINUX, SYSTEMD, {"/var/lib/xvd2vd", "x"}},
		"1\n"},
	{"sysvinit that nobody knows", {LINUX, SYSVINIT("2")}, "1\n"},
	{"OpenRC before it had its name",
		{LINUX, {"/sbin/init", "x"}, {"/etc/inittab", ""},
			{"/sbin/runscript", "x"}},
		"755 " SCRIPT "\n755 /etc/init.d/" NAME "\n/etc/runlevels/default/" NAME
		" -> /etc/init.d/" NAME "\n0\n"},
	{"OpenRC with busybox' init",
		{LINUX, {"/sbin/init", .link = "/bin/busybox"}, {"/sbin/openrc", "x"},
			{"/sbin/openrc-run", "x"}},
		"755 " SCRIPT "\n755 /etc/init.d/" NAME "\n/etc/runlevels/default/" NAME
		" -> /etc/init.d/" NAME "\n0\n"},
	{"OpenRC",
		{LINUX, {"/sbin/init", "x"}, {"/etc/inittab", ""}, {"/sbin/openrc", "x"},
			{"/sbin/openrc-run", "x"}},
		"755 " SCRIPT "\n755 /etc/init.d/" NAME "\n/etc/runlevels/default/" NAME
		" -> /etc/init.d/" NAME "\n0\n"},
};

static void list(const struct plan *p, size_t from, struct strbuf *ret)
{
	for (size_t i = from; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];

		ck_assert_str_eq(s->id, "confirm");
		if (s->kind == STEP_LINK)
			strbuf_addf(ret, "%s -> %s\n", s->path, s->content.p);
		else
			strbuf_addf(ret, "%o %s\n", s->mode, s->path);
	}
	strbuf_addf(ret, "%zu\n", p->warnings.n);
}

/* The guest's files as they are after the plan's steps. */
static void apply(struct plan_fx *p, size_t from)
{
	for (size_t i = from; i < p->plan.n_steps; i++) {
		const struct step *s = &p->plan.steps[i];
		struct snap_entry *ent = snapshot_add(&p->fx.snap, s->path);

		ck_assert_ptr_nonnull(ent);
		ent->kind = s->kind == STEP_LINK ? SNAP_LINK : SNAP_FILE;
		ent->has_data = s->kind == STEP_WRITE;
		strbuf_add(&ent->data, strbuf_str(&s->content));
	}
	snapshot_sort(&p->fx.snap);
	plan_done(&p->plan);
}

static void build(struct plan_fx *p, const struct row *row)
{
	struct err e = {0};

	if (!row->idle) {
		struct step *s = plan_add(&p->plan, STEP_REMOVE, "x", "/etc/x");

		ck_assert_ptr_nonnull(s);
	}
	ck_assert_msg(
		rule_confirm(&p->in, &p->plan, &e) == 0, "%s: %s", row->name, e.text);
}

START_TEST(confirming)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct plan_fx p;

	plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", row->files,
		ARRAY_SIZE(row->files), NULL);
	build(&p, row);
	if (row->again) {
		apply(&p, 1);
		build(&p, row);
	}
	list(&p.plan, row->idle ? 0 : 1, &got);
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, confirming, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_confirm", add);
}
