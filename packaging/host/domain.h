/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One libvirt domain's boot into the rescue system. Its persistent definition is never
 * touched: the boot is a transient run under the domain's own name, so that nobody can start
 * it meanwhile, and libvirt ends it when our connection does, also when we are killed.
 * Everything happens in callbacks of libvirt's event loop and in domain_tick(). */
#pragma once

#include <libvirt/libvirt.h>

#include "host/domain_xml.h"
#include "host/outcome.h"
#include "host/port.h"

struct domain {
	char *name;
	virDomainPtr handle;
	virStreamPtr report_stream, console_stream;
	int event; /* the lifecycle callback, < 0: none */
	struct port port;
	struct strbuf console; /* its end */
	enum vm_end end;
	bool reported;
	bool stopped, over; /* its machine has ended; so has what it had to say */
	int signal;
	long long began_ms, until_ms;
	unsigned timeout_s, ticked_s;
	int fault; /* negative errno of what happened in a callback */
	void (*progress)(void *arg, const struct port_progress *m); /* may be NULL */
	void (*tick)(void *arg, unsigned seconds); /* about once a second; may be NULL */
	void *arg;
};

/* The handle and the event loop stay with the caller's connection: before it is closed. */
void domain_done(struct domain *d);

/* Finds it; -EBUSY where it is running or has a saved state, -ENOENT where it is not there. */
int domain_open(
	virConnectPtr c, const char *name, struct domain *ret, struct err *e) must_check;

/* Starts the rescue system in it. `d` must stay where it is until domain_done(). */
int domain_begin(struct domain *d, const struct domain_boot *boot, unsigned timeout_s,
	struct err *e) must_check;

/* To be called about once a second: deadlines. */
void domain_tick(struct domain *d);

/* Ends it now, for a signal of ours. */
void domain_interrupt(struct domain *d, int signal);

void domain_outcome(const struct domain *d, struct outcome *ret);

/* Starts the domain itself, as it is defined. */
int domain_start(struct domain *d, struct err *e) must_check;

/* -EIO with libvirt's own words behind the text. */
int domain_err(struct err *e, const char *fmt, ...) printf_like(2, 3);
