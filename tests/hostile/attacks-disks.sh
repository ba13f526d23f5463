# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # run has set and reads these
# File systems that do not play along.

attack_immutable() {
	guest debian-12-layout3
	chattr +i "$tree/etc/fstab" 2>/dev/null || return 0
	remember
	agent apply --yes
	ends 1
	says fstab
	unchanged apply
	guest debian-12-layout3
	chattr +i "$tree/boot/grub"
	remember
	agent apply --yes
	ends 1
	says boot/grub
	unchanged apply
}
attack_hard_links() {
	guest debian-12-layout3
	ln "$tree/etc/fstab" "$tree/etc/fstab.too"
	ln "$tree/$initrd" "$tree/boot/too.img"
	ln "$tree/boot/grub/grub.cfg" "$tree/boot/grub/other.cfg"
	repairs
}

# mount_image MEGABYTES: the guest on an ext4 of its own
mount_image() {
	[ "$(id -u)" = 0 ] || return 1
	truncate -s "$1M" "$work/image"
	mkfs.ext4 -q -F -N 2000 -O ^has_journal -m 0 "$work/image" || return 1
	cp -a "$tree" "$work/copy"
	mount -o loop "$work/image" "$tree" 2>/dev/null || { rm -rf "$work/copy"; return 1; }
	mounted=$tree
	cp -a "$work/copy/." "$tree/"
	rm -rf "$work/copy"
}
unmount_image() {
	umount "$tree"
	mounted=
}
attack_read_only() {
	guest debian-12-layout3
	mount_image 16 || return 0
	mount -o remount,ro "$tree"
	remember
	agent plan
	ends 0
	agent apply --yes
	ends 1
	says 'ead-only'
	unchanged apply
	unmount_image
}
attack_full_disk() {
	local left
	for left in 0 4 12 40 72 80 96 120; do
		guest debian-12-layout3
		mount_image 16 || return 0
		dd if=/dev/zero of="$tree/fill" bs=4096 status=none 2>/dev/null || :
		truncate -s "$(($(stat -c %s "$tree/fill") - left * 1024))" "$tree/fill"
		remember
		agent apply --yes
		case $status in
		1)
			says 'KiB more in'
			unchanged "apply with $left KiB left"
			;;
		*) ends 0 4 ;;
		esac
		rm "$tree/fill"
		agent apply --yes
		ends 0 4
		unmount_image
	done
}
attack_no_inodes() {
	guest debian-12-layout3
	mount_image 16 || return 0
	mkdir "$tree/many"
	(cd "$tree/many" && seq 3000 | xargs touch 2>/dev/null) || :
	remember
	agent apply --yes
	ends 1
	unchanged apply
	unmount_image
}
