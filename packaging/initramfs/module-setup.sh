# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # dracut sources it, and sets initdir
# dracut's module "xvd2vd": an image made with --add xvd2vd repairs the guest where the kernel's
# command line has xvd2vd.mode=, and starts as ever where it has not.

check() {
	[ -f /usr/share/xvd2vd/xvd2vd.cpio ] || return 1
	require_binaries cpio gzip || return 1
	# Only where it is asked for.
	return 255
}

depends() {
	return 0
}

# What any guest's disks need, whatever this machine has.
installkernel() {
	local modules

	mapfile -t modules < <(awk '!/^#/ && NF { print $2 }' \
		/usr/share/xvd2vd/builder/rescue-initrd/modules.list)
	hostonly='' instmods "${modules[@]}"
}

install() {
	# Behind the zeros that it begins with.
	tail -c +9 /usr/share/xvd2vd/xvd2vd.cpio | gzip -dc | (cd "$initdir" &&
		cpio --extract --make-directories --unconditional --quiet \
			xvd2vd xvd2vd.system usr/sbin/xvd2vd 'lib/dracut/*')
}
