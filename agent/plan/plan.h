/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be done to a guest, as data: the device map with its evidence, and ordered
 * steps. Made by plan_build() from facts alone; apply/ walks it. */
#pragma once

#include "guest/guest.h"
#include "plan/options.h"
#include "text/dev_map.h"

enum step_kind {
	STEP_WRITE,
	STEP_REMOVE,
	STEP_LINK,
	STEP_GRAFT,
	STEP_RUN,
	STEP_BOOTSECTOR, /* boot code: ours, from plan_input.bootcode, or the guest's own */
	STEP_DISK, /* done to the root's device once all else is; cannot be taken back */
};
enum step_status {
	STEP_PLANNED,
	STEP_DONE,
	STEP_SKIPPED,
	STEP_PENDING,
	STEP_FAILED,
	STEP_UNDONE,
};

/* One member of the segment that a graft appends to an initramfs. */
struct graft_member {
	char *path; /* inside the archive */
	char *from; /* guest file to copy; NULL: content */
	struct strbuf content;
	unsigned mode; /* type and permissions */
};

struct step {
	enum step_kind kind;
	char *id;   /* of the rule: "fstab", "menu.lst", "initramfs" */
	char *path; /* what is changed */
	struct strbuf
		detail; /* for a person: "/dev/xvda2 -> /dev/vda; swap line removed" */
	/* STEP_WRITE: all bytes; STEP_LINK: the target; STEP_BOOTSECTOR: the folder of the
	 * guest's own images, empty where they are ours. */
	struct strbuf content;
	unsigned mode; /* of a file that is new */
	char *label;   /* SELinux's, of what is new; NULL: its folder's */
	struct graft_member *members;
	size_t n_members;
	struct strv argv;  /* STEP_RUN, inside the guest */
	struct strv guard; /* STEP_RUN: files, and folders ("/etc/"), that it may
			       change, kept for undo */
	bool whole;        /* what appears in these folders is not kept by an undo */
	bool network;      /* STEP_RUN: it asks the network */
	/* STEP_RUN: does the same with the payload, where argv fails or there is none. */
	struct strv from_payload;
	bool fell_back; /* that was run */
	bool optional;  /* STEP_RUN: where it fails it is pending, and the run goes on */
	char *package,
		*database; /* STEP_RUN: installs it, and the tool notes it there; NULL */
	enum step_status status;
	unsigned ms;
	char *error; /* STEP_FAILED */
};

struct map_row {
	char *from, *to; /* "/dev/xvda2", "/dev/vda"; to NULL: gone */
	char *spec;      /* UUID=... of the new device; NULL */
	bool parts;      /* a disk whose partitions keep their numbers */
	struct strv evidence;
};

struct pending {
	char *id, *detail;
};

struct plan {
	struct map_row *map;
	size_t n_map;
	struct strv gone_specs;     /* UUID=, LABEL= of swap that nothing here has */
	struct dev_rename *renames; /* both as the editors take them; borrows */
	size_t n_renames;
	struct step *steps;
	size_t n_steps;
	struct strv warnings;
	struct pending *pending;
	size_t n_pending;
	struct strv to_install; /* packages that the guest's own start installs */
	bool again;             /* once it is done there is more to plan: a kernel came */
	const struct kernel
		*listed; /* of /boot, which the menu gets in this plan; NULL */
};

struct bootcode_source;
struct own_grub;

/* All that a rule decides from. */
struct plan_input {
	const struct snapshot *snap;
	const struct machine *machine;
	const struct guest *guest;
	const struct options *options;
	bool offline;         /* no program of the guest's may run */
	bool own_disks;       /* the guest is this run's to unmount */
	bool packages_failed; /* in this run: not to be tried again */
	bool own_grub_failed; /* the same */
	/* What boot code is made from, where bootcode_wanted(); else NULL. */
	const struct bootcode_source *bootcode;
	/* What makes boot code instead, and `guest` was read as it reads it; NULL. */
	const struct own_grub *own_grub;
};

/* True where boot code of ours may be asked for: by boot=self, where none is there that reads the
 * guest's menu, or it is ours and to be looked at; or in LILO's place. */
bool bootcode_wanted(const struct plan_input *in);

/* 0; -EUSERS: refused, the text says why and what would decide it; other negative errno. */
int plan_build(const struct plan_input *in, struct plan *ret, struct err *e) must_check;
void plan_done(struct plan *p);
/* Adds what `next`, made once `p` was done, has to do; takes it over. */
int plan_continue(struct plan *p, struct plan *next, struct err *e) must_check;
bool plan_repairs(const struct plan *p);       /* a step that is not optional */
bool plan_lacks_package(const struct plan *p); /* one was tried, and is pending */

const char *step_kind_name(enum step_kind k);
const char *step_status_name(enum step_status s);

struct dev_map plan_dev_map(const struct plan *p);
const struct map_row *plan_map_find(const struct plan *p, struct str name);

/* For rules. All answer 0 or -ENOMEM (err set). */
int plan_warn(struct plan *p, struct err *e, const char *fmt, ...) must_check
	printf_like(3, 4);
int plan_pend(struct plan *p, const char *id, struct err *e, const char *fmt,
	...) must_check printf_like(4, 5);
/* A fresh step at the end; NULL when out of memory. */
struct step *plan_add(
	struct plan *p, enum step_kind kind, const char *id, const char *path);
struct graft_member *step_add_member(struct step *s, const char *path, unsigned mode);
void step_note(struct step *s, const char *fmt, ...) printf_like(2, 3);
/* The step that writes or removes this path; NULL. */
struct step *plan_step_for(const struct plan *p, const char *path);
