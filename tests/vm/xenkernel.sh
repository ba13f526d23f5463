# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A kernel for Xen alone. No Debian that has one runs in these tests: the stand-in is the cloud
# kernel in a package of another name, with a Xen kernel's config and without any virtio driver.

# xen_kernel: a script for the guest, with a folder /k: its only kernel becomes a package for Xen
# alone.
xen_kernel() {
	cat <<-'EOF'
		set -eu
		release=$(ls /lib/modules)
		old=linux-image-$release
		xen=linux-image-${release%-cloud-amd64}-xen-amd64
		rm -rf /k/tree
		mkdir -p /k/tree/DEBIAN
		dpkg -L "$old" | while read -r path; do
			[ -d "$path" ] || printf '%s\n' "${path#/}"
		done | tar -C / -cT - | tar -C /k/tree -x
		find /k/tree -name 'virtio*.ko*' -delete
		sed -i 's/^CONFIG_XEN=y/&\nCONFIG_X86_64_XEN=y/' "/k/tree/boot/config-$release"
		printf '%s\n' "Package: $xen" 'Version: 6.1-1' 'Architecture: amd64' \
			'Maintainer: nobody <root@localhost>' 'Depends: kmod, initramfs-tools' \
			'Description: stand-in for a kernel for Xen alone' >/k/tree/DEBIAN/control
		printf '#!/bin/sh\ndepmod %s\nupdate-initramfs -c -k %s\n' "$release" "$release" \
			>/k/tree/DEBIAN/postinst
		chmod 755 /k/tree/DEBIAN/postinst
		dpkg-deb -Znone --build /k/tree /k/xen.deb
		dpkg --purge linux-image-cloud-amd64 "$old"
		dpkg -i /k/xen.deb
		rm -r /k
		ls "/boot/vmlinuz-$release" "/boot/initrd.img-$release"
	EOF
}
