/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tools that make initramfs images: how an image shows which one made it, and by what it
 * loads drivers. */
#pragma once

#include "guest/snapshot.h"

enum initramfs_flavour {
	FLAVOUR_NONE,    /* there is no image */
	FLAVOUR_UNKNOWN, /* of no tool that we know */
	FLAVOUR_INITRAMFS_TOOLS,
	FLAVOUR_DRACUT,
	FLAVOUR_MKINITRD,      /* Red Hat's, up to EL 5: a script for nash */
	FLAVOUR_SUSE_MKINITRD, /* SUSE's, up to SLES 11 */
	FLAVOUR_MKINITCPIO,
	FLAVOUR_MKINITFS,
	FLAVOUR_GENKERNEL,
	N_FLAVOURS
};

/* How an image says which drivers it loads, besides those that it finds by the modalias of what
 * is there. */
enum load_format {
	LOAD_BY_HOTPLUG, /* no list is needed */
	LOAD_LINES,      /* a name a line */
	LOAD_VARIABLE,   /* MODULES="..." */
	LOAD_NASH,       /* insmod lines of the init script */
};

/* Names of members are without a leading usr/. */
struct initramfs_kind {
	const char *name;
	/* By any of these it is known: a member; with '/' at the end, anything below it. */
	const char *marks[5];
	/* Or by this, in its init. */
	const char *init_says;
	/* Ends of names of members: one of them, and drivers are loaded by modalias. */
	const char *hotplug[5];
	enum load_format format;
	/* Lists of drivers, of which the first counts whose name stands in `reader`. */
	struct {
		const char *path, *name;
	} lists[5];
	const char *reader; /* NULL: the list is read whatever the image says */
};

const struct initramfs_kind *initramfs_kind(enum initramfs_flavour f);

enum initramfs_flavour initramfs_find_flavour(const struct snap_archive *a);

/* The release whose module or index a member of an initramfs is; empty. */
struct str kernel_module_release(struct str member);
/* True if the archive has the module, and not another kernel's. */
bool initramfs_has_module(
	const struct snap_archive *a, const char *release, const char *driver);
/* True if something in it loads the driver. */
bool initramfs_loads(
	const struct snap_archive *a, enum initramfs_flavour f, const char *driver);
/* True if something in it loads drivers by the modalias of what is there. */
bool initramfs_has_hotplug(const struct snap_archive *a, enum initramfs_flavour f);
/* Path of the list of drivers that this image loads; NULL where it reads none. */
const char *initramfs_load_list(const struct snap_archive *a, enum initramfs_flavour f);
/* The text of an index ("lib/modules/6.1/modules.alias"); where the image has but the binary
 * one, made of that. Appended to *ret. 1, 0: it has neither, -ENOMEM. */
int initramfs_index(
	const struct snap_archive *a, const char *path, struct strbuf *ret) must_check;
