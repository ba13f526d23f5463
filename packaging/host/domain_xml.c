/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See domain_xml.h. */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "host/domain_xml.h"

/* What is taken over, each with all that is in it. Memory, processors, NUMA and tuning
 * belong together and to the real run; devices of the host's, consoles and channels might be
 * somebody's while the real domain is off. */
static const char *const kept_of_domain[] = {"name", "uuid", "iothreads", "iothreadids",
	"features", "cpu", "clock", "seclabel", "keywrap"};
static const char *const kept_of_os[] = {"type", "firmware", "loader", "nvram"};
static const char *const kept_of_devices[] = {
	"emulator", "disk", "controller", "lease", "rng", "iommu", "memballoon"};
/* They describe as many processors as the real domain has. */
static const char *const dropped_of_cpu[] = {"topology", "numa"};

#define X(s) ((const xmlChar *)(s))

static void free_doc(xmlDoc **d)
{
	xmlFreeDoc(*d);
}

static bool named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && !n->ns &&
	       !strcmp((const char *)n->name, name);
}

static bool named_one_of(const xmlNode *n, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (named(n, names[i]))
			return true;
	return false;
}

static xmlNode *child(const xmlNode *parent, const char *name)
{
	xmlNode *n = parent ? parent->children : NULL;

	while (n && !named(n, name))
		n = n->next;
	return n;
}

static bool attribute_is(const xmlNode *n, const char *name, const char *value)
{
	xmlChar *s = xmlGetProp(n, X(name));
	bool is = s && !strcmp((const char *)s, value);

	xmlFree(s);
	return is;
}

/* From here on NULL stands for a lack of memory: each takes it and hands it on, and the end
 * asks once. */
static xmlNode *add(xmlNode *to, const char *name, const char *text)
{
	return to ? xmlNewTextChild(to, NULL, X(name), X(text)) : NULL;
}

static xmlNode *put(xmlNode *n, const char *attribute, const char *value)
{
	return n && value && xmlNewProp(n, X(attribute), X(value)) ? n : NULL;
}

static bool copy(xmlNode *to, xmlNode *n)
{
	xmlNode *c = xmlDocCopyNode(n, to->doc, 1);

	return c && xmlAddChild(to, c);
}

static bool copy_kept(
	xmlNode *to, const xmlNode *from, const char *const *names, size_t count)
{
	for (xmlNode *n = from ? from->children : NULL; n; n = n->next)
		if (named_one_of(n, names, count) && !copy(to, n))
			return false;
	return true;
}

static bool copy_attribute(xmlNode *to, const xmlNode *from, const char *name)
{
	xmlChar *s = xmlGetProp(from, X(name));
	bool ok = !s || put(to, name, (const char *)s);

	xmlFree(s);
	return ok;
}

static bool add_os(xmlNode *domain, const xmlNode *from, const struct rescue *rescue,
	const char *words)
{
	xmlNode *os = add(domain, "os", NULL);

	return os && copy_attribute(os, from, "firmware") &&
	       copy_kept(os, from, kept_of_os, ARRAY_SIZE(kept_of_os)) &&
	       add(os, "kernel", rescue->kernel) && add(os, "initrd", rescue->initrd) &&
	       add(os, "cmdline", words) &&
	       put(add(os, "smbios", NULL), "mode", "sysinfo");
}

/* The agent reads them as it reads the kernel's command line, and they have room for any
 * character. */
static bool add_settings(xmlNode *domain, const struct strv *settings)
{
	xmlNode *info = put(add(domain, "sysinfo", NULL), "type", "smbios");
	xmlNode *strings = add(info, "oemStrings", NULL);

	STRV_FOREACH (it, settings) {
		cleanup_(free_charp) char *entry = str_printf("xvd2vd:%s", *it);

		if (!entry || !add(strings, "entry", entry))
			return false;
	}
	return strings;
}

/* A card that is a device of the host's, or whose other end needs the real domain's memory,
 * is not worth failing for. */
static bool keeps_card(const xmlNode *n)
{
	return !attribute_is(n, "type", "hostdev") &&
	       !attribute_is(n, "type", "vhostuser") && !attribute_is(n, "type", "vdpa");
}

static bool add_devices(xmlNode *domain, const xmlNode *from, bool network)
{
	xmlNode *devices = add(domain, "devices", NULL);
	xmlNode *channel, *target;

	if (!devices ||
		!copy_kept(devices, from, kept_of_devices, ARRAY_SIZE(kept_of_devices)))
		return false;
	for (xmlNode *n = from->children; n && network; n = n->next)
		if (named(n, "interface") && keeps_card(n) && !copy(devices, n))
			return false;
	channel = put(add(devices, "channel", NULL), "type", "unix");
	target = put(add(channel, "target", NULL), "type", "virtio");
	return put(target, "name", "org.xvd2vd.report") &&
	       put(add(devices, "serial", NULL), "type", "pty");
}

/* One boot: whatever ends it ends the machine. */
static bool add_ends(xmlNode *domain)
{
	static const char *const ends[] = {"on_poweroff", "on_reboot", "on_crash"};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (!add(domain, ends[i], "destroy"))
			return false;
	return true;
}

static void trim_cpu(xmlNode *domain)
{
	xmlNode *next;

	for (xmlNode *n = child(domain, "cpu") ? child(domain, "cpu")->children : NULL; n;
		n = next) {
		next = n->next;
		if (!named_one_of(n, dropped_of_cpu, ARRAY_SIZE(dropped_of_cpu)))
			continue;
		xmlUnlinkNode(n);
		xmlFreeNode(n);
	}
}

static bool build(xmlDoc *doc, const xmlNode *from, const struct domain_boot *boot)
{
	cleanup_(free_charp) char *memory = str_printf("%u", boot->memory_mb);
	xmlNode *domain = xmlNewDocNode(doc, NULL, X("domain"), NULL);

	if (!domain || !memory)
		return false;
	xmlDocSetRootElement(doc, domain);
	if (!copy_attribute(domain, from, "type") ||
		!copy_kept(domain, from, kept_of_domain, ARRAY_SIZE(kept_of_domain)) ||
		!put(add(domain, "memory", memory), "unit", "MiB") ||
		!add(domain, "vcpu", "1") ||
		!add_os(domain, child(from, "os"), boot->rescue,
			boot->rescue->cmdline.p) ||
		!add_settings(domain, boot->settings) || !add_ends(domain) ||
		!add_devices(domain, child(from, "devices"), boot->network))
		return false;
	trim_cpu(domain);
	return true;
}

static bool has_disk(const xmlNode *devices)
{
	for (const xmlNode *n = devices ? devices->children : NULL; n; n = n->next)
		if (named(n, "disk") && !attribute_is(n, "device", "cdrom") &&
			!attribute_is(n, "device", "floppy"))
			return true;
	return false;
}

static int check(const xmlNode *domain, struct err *e)
{
	const xmlNode *os, *type;
	xmlChar *text;
	bool hvm;

	if (!domain || !named(domain, "domain"))
		return err_set(e, -EINVAL, "not the definition of a domain");
	os = child(domain, "os");
	type = child(os, "type");
	if (!type || !child(domain, "devices"))
		return err_set(e, -EINVAL, "the definition has no <os> or no <devices>");
	text = xmlNodeGetContent(type);
	hvm = text && !strcmp((const char *)text, "hvm");
	xmlFree(text);
	if (!hvm || !(attribute_is(domain, "type", "kvm") ||
			    attribute_is(domain, "type", "qemu")))
		return err_set(e, -ENOTSUP,
			"not a domain of KVM or QEMU: move it first, then repair it");
	if (!attribute_is(type, "arch", "x86_64"))
		return err_set(e, -ENOTSUP,
			"the rescue system needs <type arch='x86_64'>; a machine of "
			"that kind runs 32-bit guests, too");
	if (!has_disk(child(domain, "devices")))
		return err_set(e, -ENOTSUP, "it has no disk");
	if (child(domain, "launchSecurity"))
		return err_set(e, -ENOTSUP,
			"its memory is encrypted (<launchSecurity>), which a rescue "
			"system from the host can't take part in");
	return 0;
}

int domain_xml_rescue(struct str inactive, const struct domain_boot *boot,
	struct strbuf *ret, struct err *e)
{
	/* No network, no entities: the definition is libvirt's, names in it are not. */
	cleanup_(free_doc) xmlDoc *from = xmlReadMemory(inactive.p, (int)inactive.n, NULL,
		"UTF-8", XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	cleanup_(free_doc) xmlDoc *to = xmlNewDoc(X("1.0"));
	xmlChar *text = NULL;
	int size = 0, r;

	if (!to)
		return err_oom(e);
	r = check(from ? xmlDocGetRootElement(from) : NULL, e);
	if (r < 0)
		return r;
	if (build(to, xmlDocGetRootElement(from), boot))
		xmlDocDumpFormatMemoryEnc(to, &text, &size, "UTF-8", 1);
	if (text)
		strbuf_add(ret, (struct str){(const char *)text, (size_t)size});
	r = text && strbuf_err(ret) == 0 ? 0 : err_oom(e);
	xmlFree(text);
	return r;
}
