# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of boot code add to lib.sh: disks that start themselves, by plan/bootcode.c.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

boot_img=/usr/lib/grub/i386-pc/boot.img

bootcode_prepare() {
	local agent=$pvgrub_project/agent

	pvgrub_prepare
	need debugfs e2fsprogs
	[ -f "$boot_img" ] || die "$boot_img is missing: apt-get install grub-pc-bin"
	gcc -std=gnu17 -D_GNU_SOURCE -O1 -I "$agent" -o "$work/install-bootcode" \
		"$pvgrub_here/install-bootcode.c" "$agent/plan/bootcode.c" \
		"$agent"/base/{err,str,strbuf}.c
}

# extents IMAGE START: of the file that boot code of the way "file" lists, as SECTOR:COUNT for a
# disk where the file system begins at START.
extents() {
	local image=$1 start=$2 path=/boot/xvd2vd/kvm-pvgrub.img size unit n

	unit=$(dumpe2fs -h "$image" 2>/dev/null | awk '/^Block size:/ { print $3 / 512 }')
	size=$(stat -c %s "$pvgrub_image")
	for ((n = 0; n * unit * 512 < size; n++)); do
		echo "bmap $path $n"
	done | debugfs -f - "$image" 2>/dev/null | awk -v unit="$unit" -v start="$start" '
		/^[0-9]+$/ { print start + $1 * unit ":" unit }'
}

# merged: runs of sectors joined.
merged() {
	awk -F: '{ if (n && $1 == at + n) n += $2
		else { if (n) print at ":" n; at = $1; n = $2 } }
		END { if (n) print at ":" n }'
}

# self_booting NAME KIND DEVICE TYPE LAYOUT WAY: a guest whose disk then starts by itself, in
# that way; or, where WAY is words, the reason why it cannot.
self_booting() {
	local name=$1 where=$5 way=$6 table='' first=0 bios=0 bios_size=0 start=0 type=$4 got list

	tree "$work/tree"
	menu "$2" "$3" "$work/tree"
	mkdir -p "$work/tree/boot/xvd2vd"
	cp "$pvgrub_image" "$work/tree/boot/xvd2vd/"
	filesystem "$type" "$work/tree" "$work/fs"
	layout "$where" "$work/fs" "$work/disk"
	case $where in
	msdos) table=dos first=2048 start=2048 ;;
	msdos63) table=dos first=63 start=63 ;;
	gpt-bios) table=gpt first=2048 bios=2048 bios_size=2048 start=4096 ;;
	gpt) table=gpt first=2048 start=4096 ;;
	lvm | md) type='' ;;
	esac
	type=${type%-old}
	list=
	case $type in
	ext*) list=$(extents "$work/fs" "$start" | merged) ;;
	esac
	# shellcheck disable=SC2086
	got=$("$work/install-bootcode" "$work/disk" "$table" "$first" "$bios" "$bios_size" \
		"$type" "$start" "$boot_img" "$pvgrub_image" $list) || :
	case $got in
	gap | bios-boot | file) ;;
	*)
		echo "$got" >"$(said "$name")"
		: >"$work/qemu.out"
		want "$name" "$way"
		return
		;;
	esac
	[ "$got" = "$way" ] || echo "FAIL $name: by way of $got, not $way"
	[ "$got" = "$way" ] || failed=$((failed + 1))
	if [ -n "$table" ]; then
		sfdisk -q --verify "$work/disk" >"$work/qemu.out" 2>&1 ||
			die "$name: the table is broken: $(cat "$work/qemu.out")"
	fi
	case $type in
	ext*) e2fsck -fn "$work/disk?offset=$((start * 512))" >"$work/e2fsck" 2>&1 ||
		die "$name: $(cat "$work/e2fsck")" ;;
	esac
	start "$name" "$work/disk"
	want "$name" "$good"
}
