# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Reproducible initramfs archives: the same tree gives the same bytes, whoever builds it,
# wherever and whenever.

# archive_cpio TREE EPOCH: newc on stdout; sorted, one time stamp, root's, inodes counted.
archive_cpio() {
	local tree=$1 epoch=$2

	find "$tree" -mindepth 1 -exec touch -h -d "@$epoch" {} +
	(cd "$tree" && find . -mindepth 1 -printf '%P\0' | LC_ALL=C sort -z |
		cpio --null --create --format=newc --owner=0:0 --reproducible --quiet)
}

archive_zstd() {
	zstd --quiet --single-thread -19 --stdout
}
