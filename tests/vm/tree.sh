# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What scripts share that lay out a guest of make-guest anew: its files in $tree, the host's apt
# working in them. They have $work and die().

# shellcheck disable=SC2154 # here, tree, work

# take_tree INIT: the files of a guest of layout 3.
take_tree() {
	mkdir "$tree" "$work/from"
	"$here/make-guest" --layout 3 --init "$1" -o "$work/from.img"
	mount -t ext4 -o ro,noload,loop,offset=1048576 "$work/from.img" "$work/from"
	cp -a "$work/from/." "$tree/"
	umount "$work/from"
	rm "$work/from.img"
}

# install_packages PACKAGE...: by the host's apt, in the guest's tree; none of their daemons is
# started here.
install_packages() {
	[ $# -gt 0 ] || return 0
	printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
	chmod 755 "$tree/usr/sbin/policy-rc.d"
	DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
		-o "Dir::State::status=$tree/var/lib/dpkg/status" \
		-o "Dir::Cache::archives=$tree/var/cache/apt/archives" \
		-o "DPkg::Chroot-Directory=$tree" -o DPkg::Use-Pty=0 \
		install "$@" >"$work/log" 2>&1 </dev/null ||
		die "cannot install $*: $(tail -n 5 "$work/log")"
	rm -f "$tree/var/cache/apt/archives/"*.deb "$tree/usr/sbin/policy-rc.d"
}
