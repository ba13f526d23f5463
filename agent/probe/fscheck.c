/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fscheck.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "probe/fscheck.h"
#include "probe/mountguest.h"
#include "sys/fs_state.h"
#include "sys/kmsg.h"
#include "sys/mount.h"
#include "sys/spawn.h"

enum { CHECK_MS = 20 * 60 * 1000, DETAIL_MAX = 200 };

/* How each is checked without a person, and what a person would run. None of the checks can
 * lose data: no xfs_repair -L, no btrfs check --repair. */
static const struct care {
	const char *type, *check;
	const char *argv[4]; /* the device goes behind */
	bool repairs;        /* else it only looks */
	bool unreplayed;     /* the kernel replays no journal of it: the check does */
	const char *replays; /* the kernel's words for a replay, in its log */
	const char *by_hand;
	const char *no_replay; /* mounts it as it is; NULL: it does so by itself */
} cares[] = {
	{"ext4", "e2fsck -p", {"e2fsck", "-p"}, true, false, ": recovery complete",
		"e2fsck -f", "noload"},
	{"ext3", "e2fsck -p", {"e2fsck", "-p"}, true, false, ": recovery complete",
		"e2fsck -f", "noload"},
	{"ext4dev", "e2fsck -p", {"e2fsck", "-p"}, true, false, ": recovery complete",
		"e2fsck -f", "noload"},
	{"ext2", "e2fsck -p", {"e2fsck", "-p"}, true, false, NULL, "e2fsck -f", NULL},
	{"xfs", "xfs_repair -n", {"xfs_repair", "-n"}, false, false,
		": Starting recovery", "xfs_repair", "norecovery"},
	{"btrfs", "btrfs check --readonly", {"btrfs", "check", "--readonly"}, false,
		false, ": start tree-log replay", "btrfs check", "rescue=nologreplay"},
	{"jfs", "fsck.jfs --replay_journal_only", {"fsck.jfs", "--replay_journal_only"},
		true, true, NULL, "fsck.jfs -f", NULL},
	{"reiserfs", "reiserfsck --check", {"reiserfsck", "--yes", "--check"}, false,
		false, ": replayed ", "reiserfsck --fix-fixable", NULL},
};

static const struct care *find_care(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(cares); i++)
		if (strcmp(cares[i].type, type) == 0)
			return &cares[i];
	return NULL;
}

bool fscheck_knows(const char *type)
{
	return find_care(type) != NULL;
}

struct fs {
	const struct device *d;
	const char *path;
	const struct care *care; /* NULL: none is known */
	struct fs_checks *l;
};

static int tell(const struct fs *fs, enum fs_result result, const char *check,
	const char *detail, struct err *e)
{
	return fs_checks_tell(fs->l, fs->path, fs->d->type, check, result, detail) < 0
		       ? err_oom(e)
		       : 0;
}

/* What a check found, in one line behind `out`: its progress and the device's name left out. */
static void add_findings(struct str output, const char *path, struct strbuf *out)
{
	static const char *const progress[] = {"Phase ", "- ", "[", "Opening ",
		"Checking ", "UUID: ", "No modify flag set", "UNEXPECTED INCONSISTENCY",
		"(i.e., without"};

	struct str last = {0};

	STR_FOREACH_LINE (line, output) {
		struct str text = str_trim(line);
		bool skip = false;

		if (str_skip(&text, path)) {
			(void)str_skip(&text, ":");
			text = str_trim(text);
		}
		for (size_t i = 0; i < ARRAY_SIZE(progress); i++)
			skip |= str_starts(text, progress[i]);
		/* Counts of files; what was just said. */
		skip |= str_ends(text, " blocks") || str_eq(text, last);
		if (skip || !text.n)
			continue;
		strbuf_adds(out, "; ");
		strbuf_add(out, text);
		last = text;
	}
	if (out->n > DETAIL_MAX) {
		out->n = DETAIL_MAX - 3;
		strbuf_adds(out, "...");
	}
}

static int errors_left(
	const struct fs *fs, const char *check, const char *why, struct err *e)
{
	int r = tell(fs, FS_ERRORS_LEFT, check, why, e);

	return r < 0 ? r
		     : err_set(e, -EUCLEAN,
			       "%s (%s) has errors that a person must judge (%s%s%s): "
			       "copy "
			       "the disk, then run %s %s; the repair did not begin",
			       fs->path, fs->d->type, check ? check : "",
			       check ? ": " : "", why,
			       fs->care ? fs->care->by_hand : "fsck", fs->path);
}

/* 0: the program ended well, 1: it did not. */
static int run_check(const struct fs *fs, struct strbuf *output, struct err *e)
{
	char *argv[ARRAY_SIZE(fs->care->argv) + 1] = {0};
	const struct spawn s = {.argv = argv, .timeout_ms = CHECK_MS};
	size_t n = 0;
	int r;

	for (; fs->care->argv[n]; n++)
		argv[n] = (char *)fs->care->argv[n];
	argv[n] = (char *)fs->path;
	r = spawn_run(&s, output, e);
	if (r == -ENOENT)
		return err_set(e, -EUCLEAN,
			"%s (%s) must be checked first, and there is no %s here: run %s "
			"%s, then repair again; nothing was touched",
			fs->path, fs->d->type, argv[0], fs->care->by_hand, fs->path);
	return r;
}

/* A program that repairs ends well only where nothing was wrong: a second run tells whether
 * the first one did it. */
static int check(const struct fs *fs, const char *why, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf output = {0}, detail = {0};
	enum fs_result result = FS_CLEAN;
	int r;

	if (!fs->care)
		return errors_left(fs, NULL, why, e);
	r = run_check(fs, &output, e);
	if (r > 0 && fs->care->repairs) {
		result = FS_CORRECTED;
		r = run_check(fs, NULL, e);
	}
	if (r < 0)
		return r;
	strbuf_adds(&detail, why);
	add_findings(strbuf_str(&output), fs->path, &detail);
	if (strbuf_err(&detail) < 0)
		return err_oom(e);
	if (r > 0)
		return errors_left(fs, fs->care->check, detail.p, e);
	return tell(fs, result, fs->care->check, detail.p, e);
}

/* The last of what the kernel said, without its own name for the file system. */
static void last_words(struct str said, const char *otherwise, char *ret, size_t room)
{
	struct str last = {0}, head;

	STR_FOREACH_LINE (line, said) {
		last = str_chomp(line);
		(void)str_cut(last, ':', &head, &last);
	}
	last = str_upto(str_trim(last), room - 1);
	if (!last.n)
		last = str_upto(str_from(otherwise), room - 1);
	memcpy(ret, last.p, last.n);
	ret[last.n] = '\0';
}

/* What damage makes mount(2) answer, according to where it is met. */
static bool is_damage(int r)
{
	return r == -EUCLEAN || r == -EBADMSG || r == -EIO || r == -EINVAL;
}

static int mount_once(
	const struct fs *fs, const char *target, const char *options, struct err *e)
{
	return mount_guest(fs->path, fs->d->type, target, false, options, e);
}

/* Mounts, and listens to what the kernel says of it. */
static int mount_heard(const struct fs *fs, const char *target, const char *options,
	char *why, size_t room, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf said = {0};
	struct err failed = {0};
	int fd = kmsg_open();
	int r = mount_once(fs, target, options, &failed);

	kmsg_about(fd, fs->path, &said);
	if (fd >= 0)
		close(fd);
	if (r < 0) {
		last_words(strbuf_str(&said), failed.text, why, room);
		return err_set(e, r, "%s", failed.text);
	}
	if (fs->care && fs->care->replays &&
		str_contains(strbuf_str(&said), fs->care->replays))
		r = tell(fs, FS_REPLAYED, "mount", "its journal was replayed", e);
	return r;
}

static const char *reason(enum fs_state state)
{
	static const char *const reasons[] = {
		[FS_STATE_CLEAN] = "",
		[FS_STATE_REPLAY] = "not unmounted: its journal is to be replayed",
		[FS_STATE_UNCLEAN] = "not unmounted, and without a journal",
		[FS_STATE_ERRORS] = "errors are noted in its superblock or journal",
		[FS_STATE_UNKNOWN] = "it is not known where its journal lies",
	};

	return reasons[state];
}

/* The kernel replays journals by itself. */
static bool needs_check(const struct fs *fs, enum fs_state state)
{
	if (state == FS_STATE_REPLAY)
		return fs->care && fs->care->unreplayed;
	return state == FS_STATE_UNCLEAN || state == FS_STATE_ERRORS;
}

static int check_and_mount(const struct fs *fs, const char *why, const char *target,
	const char *options, struct err *e)
{
	struct err failed = {0};
	int r = check(fs, why, e);

	if (r < 0)
		return r;
	r = mount_once(fs, target, options, &failed);
	if (is_damage(r))
		return errors_left(fs, fs->care ? fs->care->check : NULL, why, e);
	return r < 0 ? err_set(e, r, "%s", failed.text) : r;
}

int fscheck_mount(const struct device *d, const char *path, const char *target,
	const char *options, struct fs_checks *l, struct err *e)
{
	const struct fs fs = {d, path, find_care(d->type), l};
	enum fs_state state = fs_state_read(path, d->type);
	char why[DETAIL_MAX];
	int r;

	if (fs_checks_find(l, path)) /* its next subvolume */
		return mount_once(&fs, target, options, e);
	if (needs_check(&fs, state))
		return check_and_mount(&fs, reason(state), target, options, e);
	r = mount_heard(&fs, target, options, why, sizeof(why), e);
	if (is_damage(r))
		return check_and_mount(&fs, why, target, options, e);
	/* The journal can know of errors that the superblock did not. */
	if (r < 0 || fs_state_read(path, d->type) != FS_STATE_ERRORS)
		return r;
	r = mount_release(target, e);
	return r < 0 ? r
		     : check_and_mount(&fs, "errors were noted in its journal", target,
			       options, e);
}

/* A journal that is to be replayed shows in the superblock, or (xfs) by a mount that fails,
 * since it must not write. One that is damaged fails it, too, and is not looked at then: the rest
 * may well be whole. */
int fscheck_look(const struct device *d, const char *path, const char *target,
	const char *options, struct fs_checks *l, struct err *e)
{
	const struct fs fs = {d, path, find_care(d->type), l};
	const char *no_replay = fs.care ? fs.care->no_replay : NULL;
	enum fs_state state = fs_state_read(path, d->type);
	const char *why = reason(state);
	cleanup_(free_charp) char *both = NULL;
	int r = mount_set_writable(path, false, e);

	if (r < 0)
		return r;
	if (state == FS_STATE_CLEAN) {
		r = mount_guest(path, d->type, target, true, options, e);
		if (!no_replay || (r != -EROFS && !is_damage(r)))
			return r;
		why = r == -EROFS ? reason(FS_STATE_REPLAY)
				  : "it cannot be mounted with its journal";
	}
	both = str_printf("%s%s%s", no_replay ? no_replay : "",
		no_replay && options ? "," : "", options ? options : "");
	r = both ? mount_guest(path, d->type, target, true, *both ? both : NULL, e)
		 : err_oom(e);
	return r < 0 || !l ? r : tell(&fs, FS_NOT_CHECKED, NULL, why, e);
}

/* Only with ext's driver: xfs and btrfs leave undone what they do to a device before it is written
 * to, where it takes no writes at their mount. */
int fscheck_remount(
	const struct device *d, const char *path, const char *target, struct err *e)
{
	int r;

	if (!str_starts(str_from(d->type), "ext"))
		return err_set(e, -EOPNOTSUPP, "%s is mounted anew", d->type);
	r = mount_make_writable(target, e);
	if (r < 0)
		return r;
	return fs_state_read(path, d->type) == FS_STATE_ERRORS
		       ? err_set(e, -EUCLEAN, "errors were noted in its journal")
		       : 0;
}
