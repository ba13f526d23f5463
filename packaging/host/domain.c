/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See domain.h. */
#include <errno.h>
#include <libvirt/virterror.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/child.h"
#include "host/domain.h"
#include "host/show.h"
#include "host/vm.h"

enum {
	LAST_WORDS_MS = 3000, /* from the machine's end to the end of its report port */
	READ_SIZE = 16 * 1024,
};

int domain_err(struct err *e, const char *fmt, ...)
{
	const char *why = virGetLastErrorMessage();
	cleanup_(strbuf_done) struct strbuf shown = {0};
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	/* QEMU's messages are in it, and names of files. */
	show_text(&shown, str_from(why), 300, false);
	return err_set(e, -EIO, "%s: " STR_FMT, what, STR_ARG(strbuf_str(&shown)));
}

static void close_stream(virStreamPtr *st)
{
	if (!*st)
		return;
	virStreamEventRemoveCallback(*st);
	virStreamAbort(*st);
	virStreamFree(*st);
	*st = NULL;
}

static void stop(struct domain *d, enum vm_end end)
{
	d->end = end;
	/* In order first: QEMU writes out what it holds. */
	if (virDomainDestroyFlags(d->handle, VIR_DOMAIN_DESTROY_GRACEFUL) < 0)
		virDomainDestroy(d->handle);
}

void domain_done(struct domain *d)
{
	if (d->began_ms && !d->stopped)
		stop(d, d->end);
	close_stream(&d->report_stream);
	close_stream(&d->console_stream);
	if (d->handle && d->event >= 0)
		virConnectDomainEventDeregisterAny(
			virDomainGetConnect(d->handle), d->event);
	if (d->handle)
		virDomainFree(d->handle);
	port_done(&d->port);
	strbuf_done(&d->console);
	free(d->name);
	*d = (struct domain){.event = -1};
}

int domain_open(virConnectPtr c, const char *name, struct domain *ret, struct err *e)
{
	struct domain d = {.event = -1, .name = strdup(name)};
	int r = 0;

	if (!d.name)
		return err_oom(e);
	d.handle = virDomainLookupByName(c, name);
	if (!d.handle)
		r = domain_err(e, "domain %s", name);
	else if (virDomainIsActive(d.handle) != 0)
		r = err_set(e, -EBUSY,
			"domain %s is running: shut it down first (virsh shutdown %s)",
			name, name);
	else if (virDomainHasManagedSaveImage(d.handle, 0) != 0)
		r = err_set(e, -EBUSY,
			"domain %s has a saved state, in which its disks are mounted: "
			"start "
			"it and shut it down, or drop the state (virsh "
			"managedsave-remove "
			"%s)",
			name, name);
	if (r < 0)
		domain_done(&d);
	else
		*ret = d;
	return r;
}

/* What has arrived. False: the stream ended and is closed. */
static bool drain(struct domain *d, virStreamPtr *st,
	int (*take)(struct domain *d, struct str bytes))
{
	char buf[READ_SIZE];
	int n, r;

	while ((n = virStreamRecv(*st, buf, sizeof(buf))) > 0) {
		r = take(d, (struct str){buf, (size_t)n});
		if (r < 0)
			d->fault = r;
	}
	if (n == -2)
		return true;
	close_stream(st);
	return false;
}

static int take_console(struct domain *d, struct str bytes)
{
	vm_keep_end(&d->console, bytes, VM_CONSOLE_KEPT);
	return strbuf_err(&d->console);
}

static int take_report(struct domain *d, struct str bytes)
{
	return port_feed(&d->port, bytes, d->progress, d->arg);
}

static void on_console(virStreamPtr st, int events, void *opaque)
{
	struct domain *d = opaque;

	(void)st, (void)events;
	drain(d, &d->console_stream, take_console);
}

static void finish(struct domain *d)
{
	if (d->over)
		return;
	d->over = true;
	if (!d->fault)
		d->fault = port_end(&d->port, d->progress, d->arg);
}

static void on_report(virStreamPtr st, int events, void *opaque)
{
	struct domain *d = opaque;

	(void)st, (void)events;
	if (!drain(d, &d->report_stream, take_report) && d->stopped)
		finish(d);
}

static void on_lifecycle(
	virConnectPtr c, virDomainPtr handle, int event, int detail, void *opaque)
{
	struct domain *d = opaque;

	(void)c, (void)handle, (void)detail;
	if (event != VIR_DOMAIN_EVENT_STOPPED || d->stopped)
		return;
	d->stopped = true;
	d->until_ms = child_now_ms() + LAST_WORDS_MS;
	if (!d->report_stream)
		finish(d);
}

static int listen(struct domain *d, virStreamPtr *ret,
	int (*open)(virDomainPtr, const char *, virStreamPtr, unsigned),
	const char *channel, virStreamEventCallback callback, struct err *e)
{
	*ret = virStreamNew(virDomainGetConnect(d->handle), VIR_STREAM_NONBLOCK);
	if (!*ret || open(d->handle, channel, *ret, 0) < 0 ||
		virStreamEventAddCallback(*ret,
			VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_HANGUP |
				VIR_STREAM_EVENT_ERROR,
			callback, d, NULL) < 0)
		return domain_err(e, "domain %s: %s", d->name,
			channel ? channel : "its serial console");
	return 0;
}

/* Paused until somebody listens to it. */
static int create(struct domain *d, const char *xml, struct err *e)
{
	virConnectPtr c = virDomainGetConnect(d->handle);
	virDomainPtr running = virDomainCreateXML(
		c, xml, VIR_DOMAIN_START_PAUSED | VIR_DOMAIN_START_AUTODESTROY);
	int r = 0;

	if (!running)
		return domain_err(e, "domain %s", d->name);
	virDomainFree(running);
	d->began_ms = child_now_ms();
	d->event = virConnectDomainEventRegisterAny(c, d->handle,
		VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), d,
		NULL);
	if (d->event < 0)
		return domain_err(e, "domain %s", d->name);
	r = listen(d, &d->report_stream, virDomainOpenChannel, "org.xvd2vd.report",
		on_report, e);
	if (!r)
		r = listen(
			d, &d->console_stream, virDomainOpenConsole, NULL, on_console, e);
	if (!r && virDomainResume(d->handle) < 0)
		r = domain_err(e, "domain %s", d->name);
	return r;
}

int domain_begin(struct domain *d, const struct domain_boot *boot, unsigned timeout_s,
	struct err *e)
{
	cleanup_(strbuf_done) struct strbuf xml = {0};
	cleanup_(free_charp) char *defined = virDomainGetXMLDesc(
		d->handle, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
	int r;

	if (!defined)
		return domain_err(e, "domain %s", d->name);
	r = domain_xml_rescue(str_from(defined), boot, &xml, e);
	if (r < 0)
		return err_wrap(e, r, "domain %s", d->name);
	d->timeout_s = timeout_s;
	r = create(d, xml.p, e);
	d->until_ms = child_now_ms() + timeout_s * 1000LL;
	return r;
}

void domain_tick(struct domain *d)
{
	long long now = child_now_ms(), after_report = now + VM_AFTER_REPORT_S * 1000LL;
	unsigned seconds = (unsigned)((now - d->began_ms) / 1000);

	if (d->over)
		return;
	if (d->tick && seconds != d->ticked_s)
		d->tick(d->arg, d->ticked_s = seconds);
	if (d->port.report && !d->reported) {
		/* From now on it is only waited for its end. */
		d->reported = true;
		if (d->until_ms > after_report)
			d->until_ms = after_report;
	}
	if (now < d->until_ms)
		return;
	if (d->stopped) {
		finish(d);
	} else {
		stop(d, d->port.report ? VM_LINGERED : VM_TIMEOUT);
		/* Its last event, or else nothing more is waited for. */
		d->until_ms = now + LAST_WORDS_MS;
		d->stopped = true;
	}
}

void domain_interrupt(struct domain *d, int signal)
{
	d->signal = signal;
	stop(d, VM_INTERRUPTED);
	d->stopped = true;
	finish(d);
}

void domain_outcome(const struct domain *d, struct outcome *ret)
{
	*ret = (struct outcome){
		.end = d->end,
		.signal = d->signal,
		.how = "the machine ended without a report",
		.console = strbuf_str(&d->console),
		.report = d->port.report,
		.bad_lines = d->port.bad_lines,
		.bad_why = d->port.why.text,
		.timeout_s = d->timeout_s,
	};
}

int domain_start(struct domain *d, struct err *e)
{
	if (virDomainCreate(d->handle) < 0)
		return domain_err(e, "domain %s was not started", d->name);
	return 0;
}
