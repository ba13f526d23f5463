#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The init of one boot while a layout-3 guest is made: runs the guest's own grub-install and
# grub-mkconfig in a /dev as Xen would show it, so that boot sector and grub.cfg are what the
# distribution makes there.
set -u

# From memory, so that the file can be removed and the disk left clean.
if [ "$0" != /run/install-grub.sh ]; then
	mount -t tmpfs run /run
	cp "$0" /run/install-grub.sh
	exec /bin/sh /run/install-grub.sh
fi

finish() {
	echo "GUEST-GRUB $1" >/dev/console
	sync
	mount -o remount,ro / || echo "GUEST-GRUB remount failed" >/dev/console
	echo o >/proc/sysrq-trigger
	sleep 60
}

run() {
	"$@" >/dev/console 2>&1 || finish "failed: $*"
}

mount -t proc proc /proc
mount -t sysfs sysfs /sys
run mount -o remount,rw /
disk=$(cat /sys/class/block/vda/dev)
part=$(cat /sys/class/block/vda1/dev)
run mount -t tmpfs dev /mnt
mknod /mnt/console c 5 1
mknod /mnt/null c 1 3
mknod /mnt/urandom c 1 9
mknod /mnt/xvda b "${disk%:*}" "${disk#*:}"
mknod /mnt/xvda1 b "${part%:*}" "${part#*:}"
run mount --move /mnt /dev
run mount /dev/xvda1 /mnt
for dir in dev proc sys; do
	run mount --bind "/$dir" "/mnt/$dir"
done
run chroot /mnt grub-install --no-floppy /dev/xvda
run chroot /mnt grub-mkconfig -o /boot/grub/grub.cfg
rm /mnt/install-grub.sh
run umount /mnt/dev /mnt/proc /mnt/sys /mnt
finish ok
