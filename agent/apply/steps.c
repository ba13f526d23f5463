/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See steps.h. */
#include <string.h>

#include "apply/steps.h"

void step_tell(const struct apply *a, size_t step, const char *status)
{
	if (a->progress)
		a->progress(a->ctx, a->plan, step, status);
}

int step_fail(struct step *s, int r, struct err *e)
{
	err_wrap(e, r, "step %s, %s", s->id, s->path);
	s->status = STEP_FAILED;
	s->error = strdup(e->text);
	return r;
}
