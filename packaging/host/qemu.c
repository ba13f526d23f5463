/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See qemu.h. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "host/qemu.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool qemu_mac_ok(const char *mac)
{
	if (strlen(mac) != 17)
		return false;
	for (size_t i = 0; i < 17; i++)
		if (i % 3 == 2 ? mac[i] != ':' : hex(mac[i]) < 0)
			return false;
	return !(hex(mac[1]) & 1);
}

/* In QEMU's option lists a comma ends the value; two of them are one. */
static void add_value(struct strbuf *b, const char *value)
{
	for (; *value; value++) {
		if (*value == ',')
			strbuf_addc(b, ',');
		strbuf_addc(b, *value);
	}
}

/* Adds -OPTION VALUE. */
static int opt(struct strv *v, const char *option, const char *value)
{
	int r = strv_adds(v, option);

	return r < 0 ? r : strv_adds(v, value);
}

/* As JSON, where no character of a file's name means anything. */
static int add_disk(struct strv *v, const struct disk *d, size_t i)
{
	cleanup_(free_charp) char *device = NULL, *text = NULL;
	json_t *o;
	int r;

	o = json_pack("{s:s, s:o, s:{s:s, s:s}}", "driver", d->format, "node-name",
		json_sprintf("disk%zu", i), "file", "driver",
		d->is_device ? "host_device" : "file", "filename", d->path);
	if (!o)
		return -EINVAL; /* the path is not UTF-8, or no memory */
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	device = str_printf(
		"virtio-blk-pci,drive=disk%zu,addr=0x%zx", i, QEMU_SLOT_DISK + i);
	if (!text || !device)
		return -ENOMEM;
	r = opt(v, "-blockdev", text);
	return r < 0 ? r : opt(v, "-device", device);
}

static int add_machine(struct strv *v, const struct qemu *q)
{
	cleanup_(free_charp) char *memory = str_printf("%u", q->memory_mb);
	const char *const fixed[][2] = {
		{"-machine", "pc"},
		{"-accel", q->accel == ACCEL_KVM ? "kvm" : "tcg"},
		{"-cpu", q->accel == ACCEL_KVM ? "host" : "max"},
		{"-smp", "1"},
		{"-m", memory},
		{"-display", "none"},
		{"-monitor", "none"},
		{"-parallel", "none"},
		/* What runs in the guest is the customer's: leave QEMU no way out. */
		{"-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
			     "resourcecontrol=deny"},
		{"-kernel", q->kernel},
		{"-append", q->cmdline},
	};
	int r = 0;

	if (!memory)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(fixed) && !r; i++)
		r = opt(v, fixed[i][0], fixed[i][1]);
	if (!r && q->initrd)
		r = opt(v, "-initrd", q->initrd);
	return r;
}

static int add_net(struct strv *v, const struct qemu *q)
{
	cleanup_(strbuf_done) struct strbuf b = {0};
	int r;

	if (!q->network)
		return 0;
	/* No option ROM: nothing boots from the network, and it costs start-up time. */
	strbuf_addf(&b, "virtio-net-pci,netdev=net0,romfile=,addr=0x%x", QEMU_SLOT_NET);
	if (q->mac) {
		strbuf_adds(&b, ",mac=");
		add_value(&b, q->mac);
	}
	if (strbuf_err(&b) < 0)
		return -ENOMEM;
	r = opt(v, "-netdev", "user,id=net0");
	return r < 0 ? r : opt(v, "-device", b.p);
}

/* Sockets and files that QEMU inherits: nothing with a name that another user could open,
 * and nothing left behind however the launcher ends. */
static int add_channels(struct strv *v, const struct qemu *q)
{
	cleanup_(free_charp) char *serial = NULL, *port = NULL, *bus = NULL,
				  *options = NULL;
	int r;

	serial = str_printf("socket,id=console,fd=%d", q->serial_fd);
	bus = str_printf("virtio-serial-pci,addr=0x%x", QEMU_SLOT_SERIAL);
	port = str_printf("socket,id=report,fd=%d", q->port_fd);
	options =
		str_printf("name=opt/org.xvd2vd/options,file=/dev/fd/%d", q->options_fd);
	if (!serial || !port || !bus || !options)
		return -ENOMEM;
	r = opt(v, "-chardev", serial);
	if (!r)
		r = opt(v, "-serial", "chardev:console");
	if (!r && q->port_fd >= 0) {
		r = opt(v, "-device", bus);
		if (!r)
			r = opt(v, "-chardev", port);
		if (!r)
			r = opt(v, "-device",
				"virtserialport,chardev=report,name=org.xvd2vd.report");
	}
	if (!r && q->options_fd >= 0)
		r = opt(v, "-fw_cfg", options);
	return r;
}

int qemu_argv(const struct qemu *q, struct strv *ret, struct err *e)
{
	static const char *const plain[] = {
		"-nodefaults", "-no-user-config", "-no-reboot"};
	struct strv v = {0};
	int r;

	if (q->n_disks > QEMU_DISKS_MAX)
		return err_set(e, -EINVAL, "more than %d disks", QEMU_DISKS_MAX);
	r = strv_adds(&v, q->program);
	for (size_t i = 0; i < ARRAY_SIZE(plain) && !r; i++)
		r = strv_adds(&v, plain[i]);
	if (!r)
		r = add_machine(&v, q);
	if (!r)
		r = add_channels(&v, q);
	if (!r)
		r = add_net(&v, q);
	for (size_t i = 0; i < q->n_disks && !r; i++) {
		r = add_disk(&v, &q->disks[i], i);
		if (r == -EINVAL) {
			err_set(e, r, "disk %zu: its path is not UTF-8", i + 1);
			goto out;
		}
	}
	if (r < 0)
		err_oom(e);
out:
	if (r < 0)
		strv_done(&v);
	else
		*ret = v;
	return r;
}
