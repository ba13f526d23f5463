# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # $work is the caller's
# A stand-in rescue system for tests of the launcher alone: a real kernel whose init, launcher-init,
# says what the test wants said. $work is the caller's.

standin_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
standin_cache=${XVD2VD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xvd2vd}/launcher-test

# The kernel with its modules, and a static busybox; kept between runs.
standin_fetch() {
	local kernel deb

	[ -e "$standin_cache/done" ] && return
	rm -rf "$standin_cache"
	mkdir -p "$standin_cache/debs"
	kernel=$(apt-cache depends linux-image-cloud-amd64 |
		awk '/Depends: linux-image/ { print $2; exit }')
	[ -n "$kernel" ] || { echo "${0##*/}: no kernel package known: apt-get update" >&2; exit 2; }
	(cd "$standin_cache/debs" && apt-get -q download "$kernel" busybox-static >/dev/null)
	for deb in "$standin_cache"/debs/*.deb; do
		dpkg-deb -x "$deb" "$standin_cache/root"
	done
	rm -rf "$standin_cache/debs"
	touch "$standin_cache/done"
}

# standin_make DIR: a rescue folder whose init is launcher-init.
standin_make() {
	local dir=$1 tree=$work/tree m

	standin_fetch
	mkdir -p "$dir" "$tree"/{bin,dev,proc,sys,modules}
	cp "$standin_cache"/root/boot/vmlinuz-* "$dir/vmlinuz"
	cp "$standin_cache/root/bin/busybox" "$tree/bin/busybox"
	for m in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci \
		virtio_blk virtio_console qemu_fw_cfg; do
		find "$standin_cache/root" -name "$m.ko" -exec cp {} "$tree/modules/" \;
	done
	install -m 755 "$standin_here/launcher-init" "$tree/init"
	(cd "$tree" && find . | cpio --quiet -o -H newc) | gzip -1 >"$dir/initrd.img"
	echo "console=ttyS0 quiet panic=1" >"$dir/cmdline"
}
