/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the machine from JSON (see machine.h). The file may come from anywhere: types, sizes
 * and counts are checked. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "guest/machine.h"

#define MAX_JSON (1 << 20)
#define MAX_DEVICES 1024

/* A string member as owned copy; "" where it is missing or null. */
static int get_string(const json_t *obj, const char *key, char **ret, struct err *e)
{
	const json_t *value = json_object_get(obj, key);

	if (value && !json_is_null(value) && !json_is_string(value))
		return err_set(e, -EINVAL, "\"%s\" is not a string", key);
	*ret = strdup(json_is_string(value) ? json_string_value(value) : "");
	return *ret ? 0 : err_oom(e);
}

static int get_u64(const json_t *obj, const char *key, uint64_t *ret, struct err *e)
{
	const json_t *value = json_object_get(obj, key);

	if (!value || json_is_null(value))
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return err_set(e, -EINVAL, "\"%s\" is not a number of bytes", key);
	*ret = (uint64_t)json_integer_value(value);
	return 0;
}

/* An array member; NULL where it is missing. */
static int get_array(
	const json_t *obj, const char *key, const json_t **ret, struct err *e)
{
	*ret = json_object_get(obj, key);
	if (json_is_null(*ret))
		*ret = NULL;
	if (*ret && !json_is_array(*ret))
		return err_set(e, -EINVAL, "\"%s\" is not a list", key);
	if (json_array_size(*ret) > MAX_DEVICES)
		return err_set(
			e, -E2BIG, "\"%s\" has more than %d entries", key, MAX_DEVICES);
	return 0;
}

/* Names are put behind "/dev/": "vda1", "mapper/vg-root". */
static bool is_device_name(const char *name)
{
	struct str rest = str_from(name), part;

	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	if (!*name || *name == '/')
		return false;
	while (str_item(&rest, '/', &part))
		if (str_is(part, ".."))
			return false;
	return true;
}

static int read_device(const json_t *obj, struct device *d, struct err *e)
{
	const struct {
		const char *key;
		char **to;
	} strings[] = {
		{"name", &d->name},
		{"serial", &d->serial},
		{"table", &d->table},
		{"boot_code", &d->boot_code},
		{"type", &d->type},
		{"uuid", &d->uuid},
		{"label", &d->label},
		{"partuuid", &d->partuuid},
		{"partlabel", &d->partlabel},
		{"last_mounted", &d->last_mounted},
	};
	uint64_t number = 0;
	const json_t *on, *name;
	size_t i;
	int r = 0;

	if (!json_is_object(obj))
		return err_set(e, -EINVAL, "a device is not an object");
	for (i = 0; r >= 0 && i < ARRAY_SIZE(strings); i++)
		r = get_string(obj, strings[i].key, strings[i].to, e);
	if (r >= 0)
		r = get_u64(obj, "size", &d->size, e);
	if (r >= 0)
		r = get_u64(obj, "start", &d->start, e);
	if (r >= 0)
		r = get_u64(obj, "fs_size", &d->fs_size, e);
	if (r >= 0)
		r = get_u64(obj, "number", &number, e);
	if (r >= 0)
		r = get_array(obj, "on", &on, e);
	if (r < 0)
		return r;
	if (!is_device_name(d->name))
		return err_set(e, -EINVAL,
			"a device has no name, or none that can stand behind /dev/");
	if (number > MAX_DEVICES)
		return err_set(e, -EINVAL, "%s has an absurd number", d->name);
	d->number = (unsigned)number;
	json_array_foreach(on, i, name)
	{
		if (!json_is_string(name))
			return err_set(
				e, -EINVAL, "\"on\" holds something else than names");
		if (strv_adds(&d->on, json_string_value(name)) < 0)
			return err_oom(e);
	}
	return 0;
}

/* One more zeroed device behind *v. */
static struct device *more(struct device **v, size_t *n)
{
	struct device *p = reallocarray(*v, *n + 1, sizeof(*p));

	if (!p)
		return NULL;
	*v = p;
	return memset(&p[(*n)++], 0, sizeof(*p));
}

static int read_list(
	const json_t *list, struct device **v, size_t *n, size_t disk, struct err *e)
{
	const json_t *obj;
	size_t i;
	int r;

	json_array_foreach(list, i, obj)
	{
		struct device *d = *n < MAX_DEVICES ? more(v, n) : NULL;

		if (!d)
			return err_set(e, -ENOMEM, "too many devices");
		d->disk = disk;
		r = read_device(obj, d, e);
		if (r < 0)
			return err_wrap(e, r, "device %zu", *n);
	}
	return 0;
}

static int read_disks(const json_t *disks, struct machine *m, struct err *e)
{
	const json_t *obj, *parts;
	size_t i;
	int r;

	r = read_list(disks, &m->disks, &m->n_disks, 0, e);
	if (r < 0)
		return r;
	json_array_foreach(disks, i, obj)
	{
		m->disks[i].disk = i;
		r = get_array(obj, "parts", &parts, e);
		if (r >= 0)
			r = read_list(parts, &m->parts, &m->n_parts, i, e);
		if (r < 0)
			return err_wrap(e, r, "disk %s", m->disks[i].name);
	}
	return 0;
}

static int read_nets(const json_t *nets, struct machine *m, struct err *e)
{
	const json_t *obj;
	size_t i;
	int r;

	m->nets = calloc(json_array_size(nets) + 1, sizeof(*m->nets));
	if (!m->nets)
		return err_oom(e);
	json_array_foreach(nets, i, obj)
	{
		struct netcard *net = &m->nets[m->n_nets++];

		if (!json_is_object(obj))
			return err_set(
				e, -EINVAL, "network card %zu is not an object", i + 1);
		r = get_string(obj, "name", &net->name, e);
		if (r >= 0)
			r = get_string(obj, "mac", &net->mac, e);
		if (r >= 0)
			r = get_string(obj, "driver", &net->driver, e);
		if (r < 0)
			return err_wrap(e, r, "network card %zu", i + 1);
	}
	return 0;
}

static int read_machine(const json_t *top, struct machine *m, struct err *e)
{
	const json_t *disks, *volumes, *nets;
	int r;

	r = get_array(top, "disks", &disks, e);
	if (r >= 0 && !disks)
		r = err_set(e, -EINVAL, "\"disks\" is missing");
	if (r >= 0)
		r = read_disks(disks, m, e);
	if (r >= 0)
		r = get_array(top, "volumes", &volumes, e);
	if (r >= 0)
		r = read_list(volumes, &m->volumes, &m->n_volumes, 0, e);
	if (r >= 0)
		r = get_array(top, "nets", &nets, e);
	if (r >= 0)
		r = read_nets(nets, m, e);
	if (r >= 0)
		r = get_string(top, "root", &m->root, e);
	if (r >= 0)
		r = get_string(top, "firmware", &m->firmware, e);
	return r;
}

int machine_parse(struct str json, struct machine *ret, struct err *e)
{
	struct machine m = {0};
	json_error_t why;
	json_t *top;
	int r;

	if (json.n > MAX_JSON)
		return err_set(e, -EFBIG, "larger than 1 MiB");
	top = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, &why);
	if (!top)
		return err_set(e, -EINVAL, "line %d: %s", why.line, why.text);
	r = json_is_object(top) ? read_machine(top, &m, e)
				: err_set(e, -EINVAL, "not a JSON object");
	json_decref(top);
	if (r < 0) {
		machine_done(&m);
		return r;
	}
	*ret = m;
	return 0;
}
