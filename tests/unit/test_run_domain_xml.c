/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a domain's boot into the rescue system has of its definition, and what it has not. */
#include <errno.h>

#include "check_main.h"
#include "host/domain_xml.h"

static const char q35[] =
	"<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
	"<name>a &amp; b</name><uuid>2e8042eb-3c33-4f9b-9f71-09f5bfcfb474</uuid>"
	"<memory unit='GiB'>64</memory><memoryBacking><hugepages/></memoryBacking>"
	"<vcpu>16</vcpu><numatune><memory mode='strict' nodeset='0'/></numatune>"
	"<os firmware='efi'><type arch='x86_64' machine='pc-q35-7.2'>hvm</type>"
	"<loader secure='no'/><nvram>/v/a_VARS.fd</nvram><boot dev='hd'/>"
	"<bootmenu enable='yes'/><smbios mode='host'/></os>"
	"<features><acpi/></features>"
	"<cpu mode='host-passthrough'><topology sockets='1' cores='16' threads='1'/>"
	"<numa><cell id='0' cpus='0-15' memory='64' unit='GiB'/></numa>"
	"<feature policy='require' name='ssse3'/></cpu>"
	"<clock "
	"offset='utc'/><on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot>"
	"<on_crash>preserve</on_crash>"
	"<devices><emulator>/usr/bin/kvm</emulator>"
	"<disk type='file' device='disk'><source file='/i/a'/><target dev='vda'/></disk>"
	"<disk type='file' device='cdrom'><source file='/i/cd'/><target "
	"dev='sda'/></disk>"
	"<controller type='pci' index='1' model='pcie-root-port'/>"
	"<interface type='bridge'><mac address='52:54:00:00:00:01'/></interface>"
	"<interface type='hostdev'><mac address='52:54:00:00:00:02'/></interface>"
	"<serial type='pty'/><channel type='unix'><target type='virtio' name='org.qemu."
	"guest_agent.0'/></channel>"
	"<graphics type='vnc' passwd='secret'/><hostdev mode='subsystem' type='pci'/>"
	"<watchdog model='itco' action='reset'/></devices>"
	"<qemu:commandline><qemu:arg value='-S'/></qemu:commandline></domain>";

static int make(const char *xml, bool network, struct strbuf *ret, struct err *e)
{
	struct rescue rescue = {(char *)"/r/vmlinuz", (char *)"/r/initrd.img", {0}};
	struct strv settings = {0};
	struct domain_boot boot = {&rescue, &settings, 512, network};
	int r;

	strbuf_adds(&rescue.cmdline, "console=ttyS0 quiet");
	ck_assert_int_eq(strv_adds(&settings, "mode=auto"), 0);
	ck_assert_int_eq(strv_adds(&settings, "root=<a> & \"b\""), 0);
	r = domain_xml_rescue(str_from(xml), &boot, ret, e);
	strbuf_done(&rescue.cmdline);
	strv_done(&settings);
	return r;
}

static const char *const has[] = {
	"<domain type=\"kvm\">",
	"<name>a &amp; b</name>",
	"<uuid>2e8042eb-3c33-4f9b-9f71-09f5bfcfb474</uuid>",
	"<memory unit=\"MiB\">512</memory>",
	"<vcpu>1</vcpu>",
	"<os firmware=\"efi\">",
	"machine=\"pc-q35-7.2\"",
	"<loader secure=\"no\"/>",
	"<nvram>/v/a_VARS.fd</nvram>",
	"<kernel>/r/vmlinuz</kernel>",
	"<initrd>/r/initrd.img</initrd>",
	"<cmdline>console=ttyS0 quiet</cmdline>",
	"<smbios mode=\"sysinfo\"/>",
	"<entry>xvd2vd:mode=auto</entry>",
	"<entry>xvd2vd:root=&lt;a&gt; &amp; \"b\"</entry>",
	"<acpi/>",
	"host-passthrough",
	"name=\"ssse3\"",
	"<on_poweroff>destroy</on_poweroff>",
	"<on_reboot>destroy</on_reboot>",
	"<on_crash>destroy</on_crash>",
	"<emulator>/usr/bin/kvm</emulator>",
	"<source file=\"/i/a\"/>",
	"<source file=\"/i/cd\"/>",
	"pcie-root-port",
	"52:54:00:00:00:01",
	"org.xvd2vd.report",
	"<serial type=\"pty\"/>",
};

static const char *const has_not[] = {"GiB", "hugepages", "numatune", "<boot", "bootmenu",
	"host\"/>", "topology", "numa", "restart", "preserve", "52:54:00:00:00:02",
	"guest_agent", "graphics", "secret", "<hostdev", "watchdog", "qemu:"};

START_TEST(test_kept_and_left_out)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct err e = {0};

	ck_assert_msg(make(q35, true, &out, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < ARRAY_SIZE(has); i++)
		ck_assert_msg(strstr(out.p, has[i]), "no %s in %s", has[i], out.p);
	for (size_t i = 0; i < ARRAY_SIZE(has_not); i++)
		ck_assert_msg(!strstr(out.p, has_not[i]), "%s in %s", has_not[i], out.p);
}
END_TEST

START_TEST(test_no_network)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct err e = {0};

	ck_assert_int_eq(make(q35, false, &out, &e), 0);
	ck_assert_ptr_null(strstr(out.p, "<interface"));
}
END_TEST

#define OS "<os><type arch='x86_64'>hvm</type></os>"
#define DISK "<devices><disk device='disk'/></devices>"

static const struct {
	const char *name, *xml, *says;
	int code;
} refused[] = {
	{"no XML", "<domain", "not the definition", -EINVAL},
	{"something else", "<network/>", "not the definition", -EINVAL},
	{"Xen's", "<domain type='xen'><os><type>linux</type></os>" DISK "</domain>",
		"not a domain of KVM", -ENOTSUP},
	{"a container",
		"<domain type='lxc'><os><type arch='x86_64'>exe</type></os>" DISK
		"</domain>",
		"not a domain of KVM", -ENOTSUP},
	{"32 bits",
		"<domain type='kvm'><os><type arch='i686'>hvm</type></os>" DISK
		"</domain>",
		"x86_64", -ENOTSUP},
	{"only a CD",
		"<domain type='kvm'>" OS
		"<devices><disk device='cdrom'/></devices></domain>",
		"no disk", -ENOTSUP},
	{"encrypted memory",
		"<domain type='kvm'>" OS DISK "<launchSecurity type='sev'/></domain>",
		"encrypted", -ENOTSUP},
	{"no devices", "<domain type='kvm'>" OS "</domain>", "no <devices>", -EINVAL},
};

START_TEST(test_refused)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct err e = {0};

	ck_assert_msg(make(refused[_i].xml, true, &out, &e) == refused[_i].code, "%s",
		refused[_i].name);
	ck_assert_msg(
		strstr(e.text, refused[_i].says), "%s: %s", refused[_i].name, e.text);
	ck_assert_uint_eq(out.n, 0);
}
END_TEST

/* An entity is not followed to a file of the host's. */
START_TEST(test_entity)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct err e = {0};

	if (make("<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><domain "
		 "type='kvm'>"
		 "<name>&x;</name>" OS DISK "</domain>",
		    true, &out, &e) == 0)
		ck_assert_ptr_nonnull(strstr(out.p, "&x;"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, test_kept_and_left_out);
	tcase_add_test(tc, test_no_network);
	tcase_add_test(tc, test_entity);
	tcase_add_loop_test(tc, test_refused, 0, ARRAY_SIZE(refused));
}

int main(void)
{
	return check_main("run_domain_xml", add);
}
