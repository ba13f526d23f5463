# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The test of one layout, whole: the guest does not boot on KVM, is repaired, is left alone the
# second time, gets everything back by undo, and runs from its virtio disk.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The same guest, except that its kernel speaks on the serial port and does not wait long.
audible() {
	local image=$1 offset=$2 menu

	mount -t ext4 -o "loop,offset=$offset" "$image" "$work/mnt"
	for menu in "$work"/mnt/boot/grub/{grub.cfg,menu.lst}; do
		[ ! -f "$menu" ] || sed -i '/^[^#]/ {
			s/console=hvc0/console=ttyS0 noresume rootdelay=1 panic=1/
			s/^root\t.*/root\t\t(hd0)/ }' "$menu"
	done
	umount "$work/mnt"
}

# changed_paths LIST LIST: the paths that differ, but the agent's own.
changed_paths() {
	{ diff "$1" "$2" || :; } | sed -n 's/^[<>] \([^\t]*\)\t.*/\1/p' | LC_ALL=C sort -u |
		grep -v '^\./var/lib/xvd2vd\(/\|$\)' || :
}

# confirmed IMAGE OFFSET ROOT LIST: its first start has left word, and nothing else; an undo
# still puts everything back, but for what the start itself has changed.
confirmed() {
	local image=$1 offset=$2 root=$3 list=$4 hooks

	file_list "$image" "$offset" "$list.started"
	mount -t ext4 -o "loop,offset=$offset" "$image" "$work/mnt"
	tee "$work/confirmed" <"$work/mnt/var/lib/xvd2vd/confirmed"
	grep -qx "root=$root" "$work/confirmed" || fail "it was not this root that started"
	hooks=$(cd "$work/mnt" && find etc var/lib/xvd2vd -name '*confirm' -o -name '*-confirm.*')
	[ -z "$hooks" ] || fail "the first start leaves $hooks"
	"$build/xvd2vd" status --root "$work/mnt" >"$work/status" || fail "status: $?"
	grep -i 'confirmed' "$work/status" || fail "status does not say it: $(cat "$work/status")"
	"$build/xvd2vd" undo --yes --root "$work/mnt" >"$work/undo.out" 2>&1 ||
		fail "undo after the first start ended with $?"
	umount "$work/mnt"
	file_list "$image" "$offset" "$list.returned"
	changed_paths "$list.repaired" "$list.started" >"$list.by-start"
	changed_paths "$list.before" "$list.returned" >"$list.left"
	LC_ALL=C comm -23 "$list.left" "$list.by-start" >"$work/diff"
	[ ! -s "$work/diff" ] || fail "undone after its start, it differs in $(head -n 20 "$work/diff")"
}

# test_layout NUMBER NAME ROOT OLD-ROOT OLD-SWAP
test_layout() {
	local layout=$1 name=$2 root=$3 old_root=$4 old_swap=$5 offset image list

	prepare
	offset=$(offset_of "$layout")
	image=$work/guest.img
	list=$work/list
	guest "$layout" "$image"
	file_list "$image" "$offset" "$list.before"

	step "as it is, its initramfs finds no root"
	copy "$image" "$work/audible.img"
	audible "$work/audible.img" "$offset"
	boot before raw "$work/audible.img" "$layout"
	heard "$gave_up|GUEST-VERDICT" 180
	vm_stop
	grep -aq "ALERT! *$old_root does not exist" "$serial" ||
		fail "no word of $old_root: does it boot?"
	grep -a 'ALERT!' "$serial" | plain
	rm "$serial" "$work/audible.img"

	step "repair"
	agent 0 repaired repair --disk "$image"
	has repair '.guest.layout == $want' "$name"
	has repair '.verify.bootable'
	has repair '.map | any(.from + " " + (.to // "none") == $want)' "$old_root $root"
	has repair '.map | any(.from + " " + (.to // "none") == $want)' "$old_swap none"
	jq -r '.map[] | "\(.from) -> \(.to // "none")"' "$work/repair.json"
	file_list "$image" "$offset" "$list.repaired"

	step "a second repair changes nothing"
	agent 0 unchanged again --disk "$image"
	file_list "$image" "$offset" "$list.again"
	same_files "$list.repaired" "$list.again" "the second repair changed files"

	step "undo puts everything back"
	copy "$image" "$work/undone.img"
	agent 0 undone undo --set mode=undo --disk "$work/undone.img"
	file_list "$work/undone.img" "$offset" "$list.undone"
	! cmp -s "$list.repaired" "$list.undone" || fail "undo did nothing"
	same_files "$list.before" "$list.undone" "undone, the guest is not what it was" \
		/var/lib/xvd2vd
	rm "$work/undone.img"

	step "boot"
	boot after raw "$image" "$layout"
	verdict "$root"
	step "the power button"
	power_down
	step "the first start is confirmed, and can be undone"
	confirmed "$image" "$offset" "$root" "$list"
	step "ok"
}
