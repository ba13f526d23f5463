/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the guest's tool puts into the images of kernels to come: the virtio drivers, or the
 * next update would undo this repair. */
#include "plan/draft.h"
#include "plan/rules.h"
#include "text/initramfs_tools.h"
#include "text/word_list.h"

#define DRACUT_FOLDER "/etc/dracut.conf.d"
#define DRACUT_CONF DRACUT_FOLDER "/xvd2vd.conf"
static const char dracut_conf[] =
	"# xvd2vd: KVM's drivers, in the images of kernels to come.\n"
	"add_drivers+=\" virtio_pci virtio_blk virtio_net \"\n";

/* Xen's drivers of the time before paravirt ops: of another kernel, where mkinitrd would stop. */
static const char *const xen_drivers[] = {"xennet", "xenblk", "xen-vnif", "xen-vbd"};
static const char *const features[] = {"virtio"};

/* One row a file: the words that its variable gets, or its lines where it has none. */
static const struct conf {
	const char *id, *path, *variable;
	const char *const *words;
	size_t n_words;
} confs[] = {
	{"initramfs-tools", "/etc/initramfs-tools/modules", NULL, root_drivers,
		N_ROOT_DRIVERS},
	{"mkinitrd", "/etc/sysconfig/kernel", "INITRD_MODULES", root_drivers,
		N_ROOT_DRIVERS},
	{"mkinitcpio", "/etc/mkinitcpio.conf", "MODULES", root_drivers, N_ROOT_DRIVERS},
	{"mkinitfs", "/etc/mkinitfs/mkinitfs.conf", "features", features,
		ARRAY_SIZE(features)},
};

static int add_lines(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	const struct word_list_edit *req = request;

	return initramfs_modules_add(in, req->add, out, e);
}

static int add_words(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return word_list_edit(in, request, out, e);
}

static int add_all(struct strv *to, const char *const *words, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (strv_adds(to, words[i]) < 0)
			return err_oom(e);
	return 0;
}

static int edit(
	const struct plan_input *in, const struct conf *c, struct plan *p, struct err *e)
{
	cleanup_(strv_done) struct strv words = {0}, drop = {0};
	const struct word_list_edit req = {c->variable, &words, &drop};

	if (add_all(&words, c->words, c->n_words, e) < 0 ||
		add_all(&drop, xen_drivers, ARRAY_SIZE(xen_drivers), e) < 0)
		return -ENOMEM;
	return draft_edit(in, p, c->id, c->path, c->variable ? add_words : add_lines,
		&req, "virtio drivers for future images", e);
}

static int write_dracut(const struct plan_input *in, struct plan *p, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0};
	struct str have;

	if (!snapshot_exists(in->snap, DRACUT_FOLDER) ||
		(draft_read(in, p, DRACUT_CONF, &have) && str_is(have, dracut_conf)))
		return 0;
	strbuf_adds(&text, dracut_conf);
	return draft_write(in, p, "dracut", DRACUT_CONF, &text, 0644, e,
		"virtio drivers for future images");
}

int rule_initramfs_conf(const struct plan_input *in, struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(confs) && r >= 0; i++)
		r = edit(in, &confs[i], p, e);
	return r < 0 ? r : write_dracut(in, p, e);
}
