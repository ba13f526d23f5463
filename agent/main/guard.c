/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See guard.h. */
#include <errno.h>
#include <time.h>

#include "main/guard.h"

enum { MOST = 3 };

static bool restarts(const struct options *o)
{
	return o->finish == FINISH_REBOOT || o->finish == FINISH_KEXEC ||
	       o->finish == FINISH_EJECT;
}

static bool end(struct session *s, enum result result)
{
	s->result = result;
	return false;
}

bool guard_pass(struct session *s, struct found *ret)
{
	struct found f = {0};
	char when[32] = "a day that is not known";
	struct tm utc;
	int r;

	if (s->options.mode != MODE_AUTO || !restarts(&s->options) ||
		plan_repairs(&s->plan))
		return true;
	r = found_again(&s->root, &f, &s->err);
	if (r == 0)
		return true;
	if (r < 0)
		return end(s, RESULT_FAILED);
	if (f.when && gmtime_r(&f.when, &utc))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &utc);
	if (f.times < MOST) {
		*ret = f;
		return plan_warn(&s->plan, &s->err,
			       "this guest was repaired on %s (run %s) and has not "
			       "started "
			       "since, but the rescue system has, again: %u of %d times, "
			       "then it stops",
			       when, f.run, f.times, MOST) >= 0 ||
		       end(s, RESULT_FAILED);
	}
	err_set(&s->err, -ELOOP,
		"this guest was repaired on %s (run %s), and since then the rescue "
		"system "
		"was started %u times, but the guest not once; nothing was changed. Have "
		"the host start the guest's own disk; if it did, see its console for why "
		"it did not come up, or take the repair back (mode=undo). To go on "
		"regardless, remove /var/lib/xvd2vd/found",
		when, f.run, f.times);
	return end(s, RESULT_REFUSED);
}
