# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of xvd2vd.iso share: a machine that its host starts with the CD in a drive, and
# that restarts as often as it likes.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# machine NAME IMAGE [QEMU ARGUMENT...]: it speaks in $serial; what the agent reports is in
# $work/NAME.port.
machine() {
	local name=$1 image=$2

	shift 2
	serial=$work/$name.serial
	: >"$serial"
	timeout -k 10 900 qemu-system-x86_64 -accel "$accel" -m 512 -nodefaults -display none \
		-serial "file:$serial" -qmp "unix:$work/qmp,server=on,wait=off" \
		-chardev "file,id=report,path=$work/$name.port" -device virtio-serial-pci \
		-device virtserialport,chardev=report,name=org.xvd2vd.report \
		-netdev user,id=net -device virtio-net-pci,netdev=net,romfile= \
		-drive "file=$image,format=raw,if=none,id=disk,cache=unsafe" \
		-drive "file=$rescue/xvd2vd.iso,format=raw,if=none,id=cd,media=cdrom,readonly=on" \
		"$@" 2>"$work/$name.out" &
	vm_pid=$!
}

# reported NAME WANT: how its runs ended, one behind the other.
reported() {
	local got

	grep '"schema"' "$work/$1.port" >"$work/$1.reports" || fail "$1: no report"
	got=$(jq -r '.result' "$work/$1.reports" | paste -sd ' ')
	[ "$got" = "$2" ] || fail "$1: the runs ended as $got, want $2"
}
