/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two halves of a graft share: graft.c brings the modules, graft_files.c what of the
 * image's own files has to say something else. */
#pragma once

#include "plan/graft.h"

/* Of an image for nash. */
#define GRAFT_NASH_FOLDER "lib/"

struct graft {
	const struct plan_input *in;
	const struct kernel *k;
	const struct snap_archive *a;
	struct plan *plan;
	struct step *step;     /* NULL until there is something to graft */
	struct str dep, alias; /* of the guest's /lib/modules */
	char *folder;          /* "usr/lib/modules/6.1.0-18-amd64" in the image */
	struct strv modules;   /* new ones, as modules.dep names them */
	struct strv wanted;  /* the drivers that are not loaded yet, and all they need */
	struct strv folders; /* that this segment makes */
};

/* One file of the segment, its folders before it. An empty `what` is not told of. */
int graft_add_content(struct graft *g, const char *path, unsigned mode,
	struct str content, const char *what, struct err *e) must_check;

/* By what the image is made to load the drivers, and what in it names Xen's devices. */
int graft_load_list(struct graft *g, struct err *e) must_check;
int graft_baked(struct graft *g, struct err *e) must_check;
