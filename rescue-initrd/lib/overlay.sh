# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# xvd2vd.cpio: what is put behind another's initramfs. It names no folder: the kernel passes over
# a file whose folder that image has not, and the image keeps its own, links included.

# overlay_without_modules TREE COPY: the modules belong to our kernel.
overlay_without_modules() {
	cp -a "$1" "$2"
	rm -r "$2/usr/lib/modules"
}

# overlay_make AGENT HOOK MAIN TOOLS EPOCH: the archive on stdout. It is compressed since the kernel
# finds such a one at any byte behind another, a plain one at multiples of four alone. The zeros
# before it end an lz4 stream, which has no end of its own; the kernel passes over them.
overlay_make() {
	local agent=$1 hook=$2 main=$3 tools=$4 epoch=$5 work
	local names=(xvd2vd xvd2vd.system usr/sbin/xvd2vd
		conf/conf.d/xvd2vd lib/dracut/hooks/cmdline/00-xvd2vd.sh)

	work=$(mktemp -d)
	overlay_without_modules "$main" "$work/main"
	overlay_without_modules "$tools" "$work/tools"
	mkdir -p "$work/main/usr/lib/xvd2vd"
	archive_cpio "$work/tools" "$epoch" | archive_zstd >"$work/main/usr/lib/xvd2vd/tools.cpio.zst"
	# systemd switches to no tree without it.
	echo ID=xvd2vd >"$work/main/usr/lib/os-release"

	mkdir -p "$work/overlay"/{usr/sbin,conf/conf.d,lib/dracut/hooks/cmdline}
	archive_cpio "$work/main" "$epoch" | archive_zstd >"$work/overlay/xvd2vd.system"
	install -m 755 "$agent" "$work/overlay/xvd2vd"
	ln -s ../../xvd2vd "$work/overlay/usr/sbin/xvd2vd"
	install -m 644 "$hook" "$work/overlay/conf/conf.d/xvd2vd"
	install -m 644 "$hook" "$work/overlay/lib/dracut/hooks/cmdline/00-xvd2vd.sh"
	head -c 8 /dev/zero
	(
		cd "$work/overlay"
		touch -h -d "@$epoch" "${names[@]}"
		printf '%s\n' "${names[@]}" | cpio --create --format=newc --owner=0:0 \
			--reproducible --quiet
	) | gzip -9n
	rm -r "$work"
}
