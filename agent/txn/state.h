/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A transaction in memory, and its records: what the journal says can be read back into the
 * same struct that was there when it was written. Private to txn/. */
#pragma once

#include "base/strv.h"
#include "txn/image.h"
#include "txn/journal.h"
#include "txn/sectors.h"
#include "txn/txn.h"

#define STATE_DIR "/var/lib/xvd2vd"
#define STATE_VERSION 2u

/* Each path is looked for among all of them, also where someone else has written the journal.
 * A change is at most three records, or a few. */
#define CHANGES_MAX 12000
#define RECORDS_MAX 50000

/* What the journal's last word is; see the diagram in txn.c. */
enum phase {
	PHASE_EMPTY,     /* not even begun: no frame is whole */
	PHASE_BEGUN,     /* goes back */
	PHASE_COMMITTED, /* goes forward */
	PHASE_DONE,
	PHASE_BACK, /* going back, decided */
	PHASE_GONE, /* back; only the folder is left */
	PHASE_UNDO, /* undo, decided */
	PHASE_UNDONE,
	PHASE_PART, /* undo of what is chosen, decided */
};

/* On disk: numbers never change their meaning; a new meaning is a new VERSION. */
enum record {
	RECORD_BEGIN = 1,
	RECORD_DIR,
	RECORD_BEFORE,
	RECORD_CHANGE,
	RECORD_GUARD,
	RECORD_AFTER,
	RECORD_PUBLISH,
	RECORD_PHASE,
	RECORD_PUBLISHED,
	/* Since version 2. */
	RECORD_ABOUT,
	RECORD_SECTORS,
	RECORD_CHOOSE,
	RECORD_PACKAGE,
	RECORD_PACKAGES_GONE,
	RECORD_UNTOUCHED,
	RECORD_WHOLE,
};

enum op { OP_NONE, OP_WRITE, OP_REMOVE, OP_LINK, OP_APPEND };

struct change {
	char *path; /* absolute, no link in it but perhaps the last component */
	struct image before;
	struct image after; /* of op, or of what the guest's programs made of it */
	enum op op;         /* OP_NONE: only guarded */
	unsigned
		number; /* of the temporary name; OP_APPEND: of the bytes in the folder */
	uint64_t base;  /* OP_APPEND: the size at which the bytes are put */
	bool guarded;
	bool touched; /* `path` itself may have been changed by us: op or one before it */
	bool pending; /* op is staged and not yet published */
	bool chosen;  /* to be put back, by an undo in part */
	bool returned; /* by one that is over */
	bool loose; /* may be in a state that is neither before nor after: published twice,
			 or guarded */
};

struct txn {
	const struct root *r;
	const struct txn_disks
		*disks; /* of a transaction that was read; NULL: none known */
	bool own;       /* begun by this process */
	int lock;
	char id[16];
	char folder[48], file[64]; /* STATE_DIR/id, its journal */
	struct journal j;
	enum phase phase;
	bool failed; /* a change was recorded but could not be staged: no commit */
	struct change *v;
	size_t n;
	struct sectors *sectors;
	size_t n_sectors;
	struct txn_package *packages;
	size_t n_packages;
	bool packages_gone;
	bool done; /* has been, at some time */
	int64_t when;
	char *version;     /* NULL: not known */
	bool continues;    /* the run before it; both are undone together */
	struct strv temps; /* every temporary path there may be */
	struct strv dirs;  /* directories made, outer ones first */
	struct strv whole; /* directories in which all that appears is ours */
	unsigned next;     /* number not used yet */
};

/* space.c: -EROFS where the file system that holds `path` is mounted read-only. */
int space_writable(const struct root *r, const char *path, struct err *e) must_check;

/* runs.c */

/* The lock of STATE_DIR, held as long as the fd is open. -EBUSY: another agent has it. */
int runs_lock(const struct root *r, int *ret_fd, struct err *e) must_check;
/* The transactions there are, oldest first. None where STATE_DIR is missing. */
int runs_ids(const struct root *r, struct strv *ret, struct err *e) must_check;

/* The names in the transaction's folder. */
int runs_names(struct txn *t, struct strv *ret, struct err *e) must_check;

/* An empty one, in memory only. */
struct txn *state_new(const struct root *r, const char *id) must_check;
void state_free(struct txn *t);
/* Reads the journal of `id`; writes nothing. -EUCLEAN with a text that says what to do. */
int state_load(
	const struct root *r, const char *id, struct txn **ret, struct err *e) must_check;

/* -EINVAL where the transaction is over, -ECANCELED where it can only be taken back. */
int state_usable(const struct txn *t, struct err *e) must_check;
struct change *state_find(struct txn *t, const char *path);
/* A program of the guest's changes what is guarded within its deadline of the last frame. True
 * for what is much younger: a guest that has been started since has changed it. Before the
 * journal is opened again. */
bool state_is_later(const struct txn *t, const char *path);
/* ".xvd2vd-ID-N", and with "-back" behind it; buf: */
#define TEMP_NAME_MAX 64
const char *state_temp(const struct txn *t, unsigned number, char buf[TEMP_NAME_MAX]);
const char *state_back_temp(
	const struct txn *t, unsigned number, char buf[TEMP_NAME_MAX]);

/* table.c: what a record does to the table. Those that take an image take it over. */
int table_before(struct txn *t, const char *path, struct image *im) must_check;
int table_change(struct txn *t, const char *path, enum op op, uint64_t base,
	struct image *after, unsigned number) must_check;
int table_guard(struct txn *t, const char *path) must_check;
int table_after(struct txn *t, const char *path, struct image *im) must_check;
int table_untouched(struct txn *t, const char *path) must_check;
int table_sectors(struct txn *t, struct sectors *s) must_check;
int table_package(struct txn *t, const struct txn_package *p) must_check;
/* How many changes and disks of that name there are. */
size_t table_choose(struct txn *t, const char *path);
void table_phase(struct txn *t, enum phase to);
/* Whether a change is to be put back on the way that the transaction is on. */
bool table_goes_back(const struct txn *t, const struct change *c);
/* Whether anything is left for an undo. */
bool table_is_left(const struct txn *t);
void table_publish(struct txn *t);
void table_published(struct txn *t);

/* target.c */

/* The one name of `path`. `follow`: where it is a link, of the file the link leads to. */
int target_resolve(struct txn *t, const char *path, bool follow, char **ret,
	struct err *e) must_check;
/* Records the before-image of `path` unless there is one that serves; `whole`: with the
 * bytes, not just the size at which to cut. */
int target_keep(struct txn *t, const char *path, bool whole, struct err *e) must_check;

/* The records. Each changes the table in memory and adds itself to the frame being built;
 * state_flush() makes that frame durable. */
int state_begin(struct txn *t, const struct txn_about *about) must_check;
int state_sectors(struct txn *t, struct sectors *s) must_check;
int state_package(struct txn *t, const struct txn_package *p) must_check;
int state_packages_gone(struct txn *t) must_check;
/* -EINVAL: there is no such change. */
int state_choose(struct txn *t, const char *path) must_check;
int state_dir(struct txn *t, const char *path) must_check;
/* Takes the image over. */
int state_before(struct txn *t, const char *path, struct image *im) must_check;
int state_change(struct txn *t, const char *path, enum op op, uint64_t base,
	struct image *after, unsigned number) must_check;
int state_guard(struct txn *t, const char *path) must_check;
/* A directory of a tree that is guarded whole. */
int state_whole(struct txn *t, const char *path) must_check;
/* A guarded path that no program has changed. */
int state_untouched(struct txn *t, const char *path) must_check;
int state_after(struct txn *t, const char *path, struct image *im) must_check;
/* From now on pending changes may be at their targets. */
int state_publish(struct txn *t) must_check;
/* They are there, all of them. */
int state_published(struct txn *t) must_check;
int state_flush(struct txn *t, struct err *e) must_check;
/* A frame with the phase; the phase counts once it is durable. */
int state_record_phase(struct txn *t, enum phase to, struct err *e) must_check;

/* steps.c: the ways forward and back; both can be begun again after a stop at any point. */

/* Puts every pending change to its target, durably. `appends`: those that grow files in
 * place, else those that rename, link and remove. */
int steps_publish(struct txn *t, bool appends, struct err *e) must_check;
/* The directories that hold pending temporary names. */
int steps_sync_staged(struct txn *t, struct err *e) must_check;
/* Whether `now` is what was there before the change, or is there behind it. */
bool steps_on_the_way(const struct change *c, const struct image *now) must_check;
/* Unlinks every temporary name that may be left. */
int steps_remove_temps(struct txn *t, struct err *e) must_check;
/* Puts the before-images of all touched changes back, last first, and removes the
 * directories that were made where they are empty. */
int steps_restore(struct txn *t, struct strv *ret_paths, struct err *e) must_check;
/* Phase BACK, restore, phase GONE, and the folder removed. */
int steps_back(struct txn *t, struct err *e) must_check;
/* Behind the commit record: publish, phase DONE. */
int steps_finish(struct txn *t, struct err *e) must_check;
/* In phase UNDO or PART: restore; phase UNDONE, copies removed; or phase DONE again, where
 * something is left to undo. In undo.c. */
int steps_undo(struct txn *t, struct strv *ret_paths, struct err *e) must_check;
/* Removes the copies of what was guarded and not touched; a failure leaves them to undo. */
void steps_drop_copies(struct txn *t);
/* Removes the folder, or (keep_journal) the copies in it. */
int steps_remove_folder(struct txn *t, bool keep_journal, struct err *e) must_check;
