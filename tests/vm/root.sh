# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The test of a guest whose /boot is apart and whose root is not simply ext4 on a partition:
# repaired, left alone the second time, and it runs from its virtio disk.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# generic_rescue: the rescue system with Debian's generic kernel, which knows reiserfs.
generic_rescue() {
	step "a rescue system with the generic kernel"
	"$vm_project/rescue-initrd/build" --kernel generic --agent "$build/xvd2vd" -o "$work/rescue"
	rescue=$work/rescue
}

# test_root SHAPE ROOT REPLAYED: ROOT as the guest itself names it; REPLAYED: the file system
# that the last machine did not unmount ("": none).
test_root() {
	local shape=$1 root=$2 replayed=$3 image disks more=()

	prepare
	[ "$shape" != reiserfs ] || generic_rescue
	image=$work/guest.img
	disks=(--disk "$image")
	step "a guest with its root on $shape"
	"$vm_here/make-disk" --root "$shape" -o "$image"
	if [ -e "$image.mirror" ]; then
		disks+=(--disk "$image.mirror")
		more=(-drive "file=$image.mirror,format=raw,if=none,id=mirror,cache=unsafe"
			-device "virtio-blk-pci,drive=mirror")
	fi

	step "a look writes nothing"
	copy "$image" "$image.orig"
	agent 0 'repaired|degraded' plan --set mode=plan "${disks[@]}"
	cmp "$image" "$image.orig" || fail "mode=plan wrote to the disk"
	rm "$image.orig"

	step "repair"
	agent 0 repaired repair "${disks[@]}"
	has repair '.verify.bootable'
	has repair '.map | any(.from == "/dev/xvda1" and .to == "/dev/vda1")'
	has repair '[.filesystems[]? | .device + " " + .check + " " + .result] == ($want |
		if . == "" then [] else [. + " mount replayed"] end)' "$replayed"
	jq -c '.filesystems, .map' "$work/repair.json"

	step "a second repair changes nothing"
	agent 0 unchanged again "${disks[@]}"
	has again '(.filesystems // []) == []'

	step "boot"
	boot after raw "$image" 1 "${more[@]}"
	verdict "$root"
	power_down
	step "ok"
}
