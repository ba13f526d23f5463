/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Uses every library the static agent is made of, to show that they link together and that what
 * was linked works. Defines names that the libraries use privately: a clash would show here.
 */
#include <archive.h>
#include <archive_entry.h>
#include <blkid/blkid.h>
#include <errno.h>
#include <jansson.h>
#include <libkmod.h>
#include <libudev.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

/* Private in kmod, in systemd, in both: ours must win in our code only. */
int mkdir_p(const char *path, int len, unsigned int mode);
char *path_join(const char *a, const char *b);
void *memdup(const void *p, size_t size);
int mkdir_p(const char *path, int len, unsigned int mode)
{
	(void)path, (void)len, (void)mode;
	abort();
}
char *path_join(const char *a, const char *b)
{
	(void)a, (void)b;
	abort();
}
void *memdup(const void *p, size_t size)
{
	(void)p, (void)size;
	abort();
}

static int failures;

static void expect(int ok, const char *what)
{
	printf("%-6s %s\n", ok ? "ok" : "FAILED", what);
	failures += !ok;
}

static void check_udev(void)
{
	struct udev *udev = udev_new();
	struct udev_enumerate *enumerate = udev_enumerate_new(udev);
	struct udev_list_entry *entry;
	struct udev_monitor *monitor;
	int devices = 0;

	udev_enumerate_add_match_subsystem(enumerate, "mem");
	expect(udev_enumerate_scan_devices(enumerate) >= 0,
		"udev_enumerate_scan_devices");
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(enumerate))
	{
		const char *path = udev_list_entry_get_name(entry);
		struct udev_device *device = udev_device_new_from_syspath(udev, path);
		const char *node = device ? udev_device_get_devnode(device) : NULL;

		devices += node && strcmp(node, "/dev/null") == 0;
		udev_device_unref(device);
	}
	expect(devices == 1, "udev finds /dev/null");
	monitor = udev_monitor_new_from_netlink(udev, "kernel");
	expect(monitor && udev_monitor_enable_receiving(monitor) >= 0 &&
			udev_monitor_get_fd(monitor) >= 0,
		"udev_monitor");
	udev_monitor_unref(monitor);
	udev_enumerate_unref(enumerate);
	udev_unref(udev);
}

static void check_kmod(const char *modules)
{
	const char *config = NULL;
	struct kmod_ctx *ctx = kmod_new(modules, &config);
	struct kmod_list *list = NULL;
	int r = kmod_module_new_from_lookup(ctx, "virtio:d00000002v00001AF4", &list);

	expect(ctx && r == 0, "kmod_module_new_from_lookup");
	kmod_module_unref_list(list);
	kmod_unref(ctx);
}

static void check_systemd(void)
{
	sd_id128_t id = SD_ID128_NULL;
	sd_bus *bus = NULL;
	int r;

	expect(sd_id128_randomize(&id) == 0 && !sd_id128_is_null(id),
		"sd_id128_randomize");
	expect(sd_notify(0, "READY=1") == 0, "sd_notify without a manager");
	r = sd_journal_send("MESSAGE=xvd2vd link test", "PRIORITY=7", NULL);
	expect(r == 0 || r == -ENOENT || r == -ECONNREFUSED, "sd_journal_send");
	r = sd_bus_open_system(&bus);
	expect(r >= 0 || r == -ENOENT || r == -ECONNREFUSED || r == -ENOTCONN,
		"sd_bus_open_system");
	sd_bus_flush_close_unref(bus);
}

/* Packs a file by the given filter, reads it back. */
static void check_archive(
	const char *name, int (*pack)(struct archive *), int (*unpack)(struct archive *))
{
	static char file[65536];
	static const char text[] = "the same in and out";
	char got[sizeof(text)] = "";
	size_t used = 0;
	struct archive *out = archive_write_new(), *in = archive_read_new();
	struct archive_entry *entry = archive_entry_new();

	archive_write_set_format_cpio_newc(out);
	pack(out);
	archive_write_open_memory(out, file, sizeof(file), &used);
	archive_entry_set_pathname(entry, "etc/fstab");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, sizeof(text));
	archive_write_header(out, entry);
	archive_write_data(out, text, sizeof(text));
	archive_write_close(out);
	archive_entry_free(entry);
	archive_write_free(out);

	archive_read_support_format_cpio(in);
	unpack(in);
	archive_read_open_memory(in, file, used);
	if (archive_read_next_header(in, &entry) == ARCHIVE_OK)
		archive_read_data(in, got, sizeof(got));
	expect(memcmp(got, text, sizeof(text)) == 0, name);
	archive_read_free(in);
}

static void check_blkid(const char *image)
{
	blkid_probe probe = blkid_new_probe_from_filename(image);
	const char *type = NULL, *label = NULL;

	if (probe) {
		blkid_probe_enable_superblocks(probe, 1);
		blkid_probe_set_superblocks_flags(
			probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL);
		if (blkid_do_safeprobe(probe) == 0) {
			blkid_probe_lookup_value(probe, "TYPE", &type, NULL);
			blkid_probe_lookup_value(probe, "LABEL", &label, NULL);
		}
	}
	expect(type && strcmp(type, "swap") == 0 && label &&
			strcmp(label, "xenswap") == 0,
		"blkid");
	blkid_free_probe(probe);
}

static void check_jansson(void)
{
	json_t *object = json_pack("{s:i, s:s}", "schema", 1, "result", "repaired");
	char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);

	expect(text && strcmp(text, "{\"result\":\"repaired\",\"schema\":1}") == 0,
		"json_dumps");
	free(text);
	json_decref(object);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: link-test MODULES_DIR SWAP_IMAGE\n");
		return 2;
	}
	check_udev();
	check_kmod(argv[1]);
	check_systemd();
	check_archive("archive gzip", archive_write_add_filter_gzip,
		archive_read_support_filter_gzip);
	check_archive("archive xz", archive_write_add_filter_xz,
		archive_read_support_filter_xz);
	check_archive("archive lzma", archive_write_add_filter_lzma,
		archive_read_support_filter_lzma);
	check_archive("archive zstd", archive_write_add_filter_zstd,
		archive_read_support_filter_zstd);
	check_archive("archive lz4", archive_write_add_filter_lz4,
		archive_read_support_filter_lz4);
	check_archive("archive bzip2", archive_write_add_filter_bzip2,
		archive_read_support_filter_bzip2);
	check_blkid(argv[2]);
	check_jansson();
	return failures != 0;
}
