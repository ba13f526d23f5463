/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The image of a file system in the scratch folder, made and changed by a line of bash. */
#pragma once

#include <stdio.h>

#include "base/strbuf.h"
#include "sys/spawn.h"

#include "scratch.h"

/* Runs it in the scratch folder; $IMG is the image. False, with the reason on stderr, where it
 * fails. */
static inline bool image_bash(const char *script)
{
	char image[128], *argv[] = {"bash", "-ec", NULL, NULL}, *env[] = {image, NULL};
	const struct spawn s = {.argv = argv, .env = env};
	cleanup_(strbuf_done) struct strbuf all = {0};
	struct err e = {0};
	int r;

	snprintf(image, sizeof(image), "IMG=%s/img", scratch);
	strbuf_addf(&all, "cd %s; %s", scratch, script);
	argv[2] = all.p;
	r = spawn_run(&s, NULL, &e);
	if (r)
		fprintf(stderr, "%s\n", e.text);
	return r == 0;
}
