/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rebuild.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/rebuild.h"
#include "plan/rules.h"
#include "text/shell_vars.h"
#include "text/version.h"

/* One row a tool and way of calling it; the first that fits is taken. In its words: %k the
 * kernel's release, %i the image, %v and %n the names in /boot of kernel and image, %r the root's
 * device, %d the drivers. What the tool's configuration says of drivers the plan has written
 * before. dracut: 033 is the first that leaves out what the machine does not have unless told -N
 * (dracut's NEWS); 004 does not know the option. SUSE: -B leaves the boot loader alone, and
 * without -d it would look for the root that was mounted on Xen. */
const struct rebuild_tool rebuild_tools[] = {
	{FLAVOUR_INITRAMFS_TOOLS, {"/usr/sbin/update-initramfs"}, NULL, NULL,
		{"update-initramfs", "-u", "-k", "%k"}},
	{FLAVOUR_DRACUT, {"/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut"}, NULL,
		"033", {"dracut", "-f", "-N", "--add-drivers", "%d", "%i", "%k"}},
	{FLAVOUR_DRACUT, {"/usr/bin/dracut", "/usr/sbin/dracut", "/sbin/dracut"}, NULL,
		NULL, {"dracut", "-f", "--add-drivers", "%d", "%i", "%k"}},
	{FLAVOUR_MKINITRD, {"/sbin/mkinitrd"}, "/sbin/nash", NULL,
		{"mkinitrd", "-f", "--with=virtio_pci", "--with=virtio_blk",
			"--with=virtio_net", "%i", "%k"}},
	{FLAVOUR_SUSE_MKINITRD, {"/sbin/mkinitrd"}, "/etc/SuSE-release", NULL,
		{"mkinitrd", "-k", "%v", "-i", "%n", "-m", "%d", "-d", "%r", "-B"}},
	{FLAVOUR_MKINITCPIO, {"/usr/bin/mkinitcpio", "/sbin/mkinitcpio"}, NULL, NULL,
		{"mkinitcpio", "-k", "%k", "-g", "%i"}},
	{FLAVOUR_MKINITFS, {"/sbin/mkinitfs"}, NULL, NULL,
		{"mkinitfs", "-o", "%i", "%k"}},
};
const size_t n_rebuild_tools = ARRAY_SIZE(rebuild_tools);

static bool is_since(const struct snapshot *snap, const char *since)
{
	cleanup_(strbuf_done) struct strbuf version = {0};
	struct str text;

	if (!since)
		return true;
	return snapshot_data(snap, "/usr/lib/dracut/dracut-version.sh", &text) &&
	       shell_vars_get(text, "DRACUT_VERSION", &version) &&
	       version_cmp(strbuf_str(&version), str_from(since)) >= 0;
}

static bool is_there(const struct snapshot *snap, const struct rebuild_tool *t)
{
	if ((t->marker && !snapshot_exists(snap, t->marker)) || !is_since(snap, t->since))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(t->programs) && t->programs[i]; i++)
		if (snapshot_exists(snap, t->programs[i]))
			return true;
	return false;
}

static const struct rebuild_tool *find_tool(
	const struct snapshot *snap, const struct kernel *k)
{
	const bool known = k->flavour > FLAVOUR_UNKNOWN;

	for (size_t i = 0; i < n_rebuild_tools; i++)
		if ((!known || rebuild_tools[i].makes == k->flavour) &&
			is_there(snap, &rebuild_tools[i]))
			return &rebuild_tools[i];
	return NULL;
}

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int add_word(const struct plan_input *in, const struct kernel *k, const char *word,
	struct strv *ret)
{
	const char *image = k->initramfs ? k->initramfs : k->image;

	if (*word != '%')
		return strv_adds(ret, word);
	switch (word[1]) {
	case 'k':
		return strv_adds(ret, k->release);
	case 'i':
		return strv_adds(ret, image);
	case 'v':
		return strv_adds(ret, base_name(k->image));
	case 'n':
		return strv_adds(ret, base_name(image));
	case 'r':
		return strv_addf(ret, "/dev/%s", in->guest->root->name);
	default:
		return strv_adds(ret, "virtio_pci virtio_blk virtio_net");
	}
}

int rebuild_command(const struct plan_input *in, const struct kernel *k, struct strv *ret,
	struct err *e)
{
	const struct rebuild_tool *t = find_tool(in->snap, k);

	/* A name for an image that is not there yet only initramfs-tools knows by itself. */
	if (!t || (!k->initramfs && t->makes != FLAVOUR_INITRAMFS_TOOLS))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(t->argv) && t->argv[i]; i++)
		if (add_word(in, k, t->argv[i], ret) < 0)
			return err_oom(e);
	return 1;
}

int rebuild_plan(const struct plan_input *in, const struct kernel *k,
	const struct strv *command, struct plan *p, struct err *e)
{
	const char *path = k->initramfs ? k->initramfs : k->image;
	struct step *s = plan_add(p, STEP_RUN, "initramfs", path);
	cleanup_(strbuf_done) struct strbuf text = {0};

	if (!s)
		return err_oom(e);
	STRV_FOREACH (word, command) {
		const bool quote = strchr(*word, ' ') != NULL;

		strbuf_addf(&text, "%s%s%s%s", text.n ? " " : "", quote ? "\"" : "",
			*word, quote ? "\"" : "");
		if (strv_adds(&s->argv, *word) < 0)
			return err_oom(e);
	}
	if (strbuf_err(&text) < 0 ||
		(k->initramfs && strv_adds(&s->guard, k->initramfs) < 0))
		return err_oom(e);
	step_note(s, "%s", text.p);
	if (!in->offline)
		return 0;
	s->status = STEP_PENDING;
	return plan_pend(p, "initramfs", e, "%s", text.p);
}
