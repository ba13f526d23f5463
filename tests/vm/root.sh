# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The test of a guest whose /boot is apart and whose root is not simply ext4 on a partition:
# repaired, left alone the second time, and it runs from its virtio disk.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# test_root SHAPE ROOT REPLAYED: ROOT as the guest itself names it; REPLAYED: the file system
# that the last machine did not unmount ("": none).
test_root() {
	local shape=$1 root=$2 replayed=$3 image

	prepare
	image=$work/guest.img
	step "a guest with its root on $shape"
	"$vm_here/make-disk" --root "$shape" -o "$image"

	step "a look writes nothing"
	copy "$image" "$image.orig"
	agent 0 'repaired|degraded' plan --set mode=plan --disk "$image"
	cmp "$image" "$image.orig" || fail "mode=plan wrote to the disk"
	rm "$image.orig"

	step "repair"
	agent 0 repaired repair --disk "$image"
	has repair '.verify.bootable'
	has repair '.map | any(.from == "/dev/xvda1" and .to == "/dev/vda1")'
	has repair '[.filesystems[]? | .device + " " + .check + " " + .result] == ($want |
		if . == "" then [] else [. + " mount replayed"] end)' "$replayed"
	jq -c '.filesystems, .map' "$work/repair.json"

	step "a second repair changes nothing"
	agent 0 unchanged again --disk "$image"
	has again '(.filesystems // []) == []'

	step "boot"
	boot after raw "$image" 1
	verdict "$root"
	power_down
	step "ok"
}
