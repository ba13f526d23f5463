/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See filesystems.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/filesystems.h"

const char *fs_result_name(enum fs_result r)
{
	static const char *const names[] = {
		[FS_CLEAN] = "clean",
		[FS_REPLAYED] = "replayed",
		[FS_CORRECTED] = "corrected",
		[FS_ERRORS_LEFT] = "errors left",
		[FS_NOT_CHECKED] = "not checked",
	};

	return names[r];
}

static void check_done(struct fs_check *c)
{
	free(c->device);
	free(c->type);
	free(c->detail);
}

void fs_checks_done(struct fs_checks *l)
{
	for (size_t i = 0; i < l->n; i++)
		check_done(&l->v[i]);
	free(l->v);
	*l = (struct fs_checks){0};
}

struct fs_check *fs_checks_find(const struct fs_checks *l, const char *device)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].device, device) == 0)
			return &l->v[i];
	return NULL;
}

int fs_checks_tell(struct fs_checks *l, const char *device, const char *type,
	const char *check, enum fs_result result, const char *detail)
{
	struct fs_check *at = fs_checks_find(l, device);
	struct fs_check c = {strdup(device), strdup(type), strdup(detail), check, result};

	if (c.device && c.type && c.detail) {
		if (at) {
			check_done(at);
			*at = c;
			return 0;
		}
		at = reallocarray(l->v, l->n + 1, sizeof(*at));
		if (at) {
			l->v = at;
			l->v[l->n++] = c;
			return 0;
		}
	}
	check_done(&c);
	return -ENOMEM;
}
