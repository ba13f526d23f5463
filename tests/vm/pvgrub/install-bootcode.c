/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For vm/bootcode: writes to a disk image what plan/bootcode.c says, and says what it said.
 *   install-bootcode DISK TABLE FIRST-PART BIOS-BOOT BIOS-BOOT-SIZE FS-TYPE FS-START
 *                    BOOT.IMG KVM-PVGRUB.IMG [SECTOR:COUNT]... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/bootcode.h"

static char bytes[3][1 << 20];

static struct str load(const char *path, long at, size_t max, char *to)
{
	FILE *f = fopen(path, "rb");
	struct str s = {to, 0};

	if (!f || fseek(f, at, SEEK_SET) != 0) {
		perror(path);
		exit(2);
	}
	s.n = fread(to, 1, max, f);
	fclose(f);
	return s;
}

int main(int argc, char **argv)
{
	static const char *const ways[] = {"gap", "bios-boot", "file"};
	struct bootcode_extent extents[64];
	struct bootcode b = {0};
	struct err e = {0};
	enum bootcode_way way;
	static char head[1024], sector0[512];
	size_t n = 0;
	FILE *disk;

	if (argc < 10)
		return 2;
	struct bootcode_disk d = {.table = argv[2],
		.sector0 = load(argv[1], 0, 512, sector0),
		.size = UINT32_MAX,
		.first_part = strtoull(argv[3], NULL, 10),
		.bios_boot = strtoull(argv[4], NULL, 10),
		.bios_boot_size = strtoull(argv[5], NULL, 10),
		.fs_type = argv[6],
		.fs_start = strtoull(argv[7], NULL, 10)};
	struct bootcode_pieces p = {load(argv[8], 0, sizeof(bytes[0]), bytes[0]),
		load(argv[9], 0, sizeof(bytes[1]), bytes[1])};

	d.fs_head = load(argv[1], (long)d.fs_start * 512, 1024, head);
	for (int i = 10; i < argc && n < 64; i++, n++)
		if (sscanf(argv[i], "%lu:%lu", &extents[n].start, &extents[n].n) != 2)
			return 2;
	if (bootcode_choose(&d, &p, &way, &e) < 0 ||
		bootcode_build(way, &d, &p, extents, n, &b, &e) < 0) {
		printf("%s\n", e.text);
		return 1;
	}
	disk = fopen(argv[1], "r+b");
	for (size_t i = 0; disk && i < b.n_writes; i++) {
		fseek(disk, (long)b.writes[i].sector * 512, SEEK_SET);
		fwrite(b.writes[i].data.p, 1, b.writes[i].data.n, disk);
	}
	if (!disk || fclose(disk) != 0)
		return 2;
	printf("%s\n", ways[way]);
	bootcode_done(&b);
	return 0;
}
