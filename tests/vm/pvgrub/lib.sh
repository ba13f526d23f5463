# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Small disks for the tests of boot loaders: one file system with a menu and a kernel that only
# says how it was started (probe.S), in every place where a guest may have it. No root needed,
# nothing is mounted.
#   XVD2VD_RESCUE  folder of the rescue system (default: build/rescue)

pvgrub_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pvgrub_project=$(cd "$pvgrub_here/../../.." && pwd)
# shellcheck source=../../../rescue-initrd/lib/common.sh
. "$pvgrub_project/rescue-initrd/lib/common.sh"

pvgrub_image=${XVD2VD_RESCUE:-$pvgrub_project/build/rescue}/kvm-pvgrub.img
tests=0 failed=0

# Once, first: makes $work with the kernel.
pvgrub_prepare() {
	PATH=$PATH:/usr/sbin:/sbin
	need qemu-system-x86_64 qemu-system-x86
	need gcc gcc
	need mke2fs e2fsprogs
	need sfdisk fdisk
	[ -f "$pvgrub_image" ] || die "no $pvgrub_image: rescue-initrd/build"
	work=$(mktemp -d "${TMPDIR:-/var/tmp}/xvd2vd-pvgrub.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	gcc -m32 -c "$pvgrub_here/probe.S" -o "$work/probe.o"
	ld -m elf_i386 -e 0 --oformat binary --section-start=.head=0 --section-start=.body=0x400 \
		"$work/probe.o" -o "$work/probe"
	rm "$work/probe.o"
}

# tree FOLDER: a guest's files but for the menu; the initrd says "good".
tree() {
	rm -rf "$1"
	mkdir -p "$1/boot" "$1/etc"
	cp "$work/probe" "$1/boot/vmlinuz-6.1"
	echo good >"$1/boot/initrd.img-6.1"
	echo "/dev/vda / auto defaults 0 1" >"$1/etc/fstab"
}

# menu KIND DEVICE FOLDER [PATH]: a menu whose default is its second entry, and which names its
# root as DEVICE; the other entries have what does not exist.
menu() {
	local kind=$1 device=$2 dir=$3 path=${4-}

	case $kind in
	legacy)
		path=$dir/${path:-boot/grub/menu.lst}
		mkdir -p "${path%/*}"
		printf '%s\n' 'default	1' 'timeout=0' 'color cyan/blue white/blue' \
			'hiddenmenu' 'splashimage=(hd0,0)/grub/splash.xpm.gz' '' \
			'title wrong' "root ($device)" 'kernel /boot/none entry=wrong' '' \
			'title		Debian, kernel 6.1' "root		($device)" \
			'kernel		/boot/vmlinuz-6.1 root=/dev/xvda2 ro entry=good' \
			'initrd		/boot/initrd.img-6.1' 'quiet' 'savedefault' '' \
			'title other' "root ($device)" 'kernel /boot/none' >"$path"
		;;
	explicit) # SUSE's way: no "root", the device in each path
		path=$dir/${path:-boot/grub/menu.lst}
		mkdir -p "${path%/*}"
		printf '%s\n' 'default 0' 'timeout 0' 'title SUSE' \
			"kernel ($device)/boot/vmlinuz-6.1 root=/dev/xvda2 entry=good" \
			"initrd ($device)/boot/initrd.img-6.1" >"$path"
		;;
	grub2)
		path=$dir/${path:-boot/grub/grub.cfg}
		mkdir -p "${path%/*}"
		printf '%s\n' 'if [ -s $prefix/grubenv ]; then load_env; fi' \
			'set default="1"' 'insmod part_msdos' 'insmod ext2' \
			"set root='$device'" 'set timeout=0' \
			"menuentry 'wrong' { linux /boot/none entry=wrong; }" \
			"menuentry 'Debian' --class debian \$menuentry_id_option 'simple' {" \
			'	insmod gzio' \
			"	set root='$device'" \
			"	search --no-floppy --fs-uuid --set=root @UUID@" \
			'	linux /boot/vmlinuz-6.1 root=/dev/xvda2 ro entry=good' \
			'	initrd /boot/initrd.img-6.1' '}' >"$path"
		;;
	extlinux)
		path=$dir/${path:-boot/extlinux.conf}
		mkdir -p "${path%/*}"
		printf '%s\n' 'DEFAULT lts' 'TIMEOUT 10' 'PROMPT 0' \
			'MENU TITLE Alpine/Linux Boot Menu' '' 'LABEL wrong' \
			'	LINUX /boot/none' 'LABEL lts' '	MENU LABEL Linux lts' \
			"	LINUX $device/vmlinuz-6.1" "	INITRD $device/initrd.img-6.1" \
			'	APPEND root=/dev/xvda2 modules=ext4 entry=good' >"$path"
		;;
	esac
}

# xfs has no -d; this is its list of files.
xfs_protofile() {
	local path

	printf '%s\n' /dev/null '0 0' 'd--755 0 0'
	while read -r path; do
		case $path in
		')') echo '$' ;;
		*/) echo "${path%/} d--755 0 0" ;;
		*) echo "${path%% *} ---644 0 0 ${path#* }" ;;
		esac
	done < <(xfs_walk "$1")
	echo '$'
}

xfs_walk() {
	local path

	for path in "$1"/*; do
		if [ -d "$path" ]; then
			echo "${path##*/}/"
			xfs_walk "$path"
			echo ')'
		elif [ -f "$path" ]; then
			echo "${path##*/} $path"
		fi
	done
}

uuid=3b6ae4dc-5e5a-4f5c-8a4b-0c1f1a9f7d10

# filesystem TYPE FOLDER IMAGE
filesystem() {
	local type=$1 dir=$2 image=$3 menu

	for menu in "$dir"/boot/grub*/grub.cfg "$dir"/grub*/grub.cfg; do
		[ ! -f "$menu" ] || sed -i "s/@UUID@/$uuid/" "$menu"
	done
	rm -f "$image"
	case $type in
	ext2 | ext3 | ext4)
		truncate -s 8M "$image"
		mke2fs -q -F -t "$type" -U "$uuid" -d "$dir" "$image"
		;;
	ext3-old) # as Etch made them
		truncate -s 8M "$image"
		mke2fs -q -F -t ext3 -I 128 -b 1024 -O '^resize_inode,^dir_index' -U "$uuid" \
			-d "$dir" "$image"
		;;
	xfs)
		need mkfs.xfs xfsprogs
		truncate -s 320M "$image"
		xfs_protofile "$dir" >"$work/protofile"
		mkfs.xfs -q -m "uuid=$uuid" -p "$work/protofile" "$image"
		;;
	btrfs)
		need mkfs.btrfs btrfs-progs
		truncate -s 128M "$image"
		mkfs.btrfs -q -m single -U "$uuid" --rootdir "$dir" "$image" >/dev/null
		;;
	btrfs-at) # Ubuntu's way: / is the subvolume "@", and grub.cfg names it in its paths
		[ "$(id -u)" = 0 ] || die "a subvolume is made in a mounted file system: run me as root"
		menu=$dir/boot/grub/grub.cfg
		[ ! -f "$menu" ] || sed -i 's, /boot/, /@/boot/,' "$menu"
		mkdir "$work/empty" "$work/mnt"
		filesystem btrfs "$work/empty" "$image"
		mount -o loop "$image" "$work/mnt"
		btrfs -q subvolume create "$work/mnt/@"
		cp -a "$dir/." "$work/mnt/@/"
		umount "$work/mnt"
		rmdir "$work/empty" "$work/mnt"
		;;
	reiserfs)
		need mkreiserfs reiserfsprogs
		truncate -s 40M "$image"
		mkreiserfs -q -ff -u "$uuid" "$image" >/dev/null 2>&1
		fill "$type" "$dir" "$image"
		;;
	jfs)
		need mkfs.jfs jfsutils
		truncate -s 20M "$image"
		mkfs.jfs -q "$image" >/dev/null
		jfs_tune -U "$uuid" "$image" >/dev/null
		fill "$type" "$dir" "$image"
		;;
	*) die "a file system of type $type?" ;;
	esac
}

# needs MODULE FOLDER: the module's file and those it needs, what is needed first.
needs() {
	local file name

	file=$(find "$2" -name "$1.ko" -o -name "${1//_/-}.ko")
	[ -n "$file" ] || return 0 # built in
	for name in $(modinfo -F depends "$file" | tr , ' '); do
		needs "$name" "$2"
	done
	printf '%s\n' "$file"
}

# fill TYPE FOLDER IMAGE: for what cannot be filled unmounted: by Debian's generic kernel,
# whose initramfs is a busybox. The files come as a tar on a second disk. fill_seconds: where
# they are many.
fill() {
	local type=$1 dir=$2 image=$3 kernel root=$work/fill file

	need modinfo kmod
	need cpio cpio
	# shellcheck source=../../../rescue-initrd/lib/packages.sh
	. "$pvgrub_project/rescue-initrd/lib/packages.sh"
	kernel=$(packages_fetch "$pvgrub_project/rescue-initrd/packages.list" \
		linux-image-amd64 "$(cache_dir)" '')
	rm -rf "$root"
	mkdir -p "$root/dev" "$root/mnt"
	cp "$kernel/busybox-static/bin/busybox" "$root/"
	{
		echo '#!/busybox sh'
		for file in virtio_pci virtio_blk "$type"; do
			needs "$file" "$kernel/kernel/lib/modules"
		done | awk '!seen[$0]++' | while read -r file; do
			cp "$file" "$root/"
			echo "/busybox insmod /${file##*/}"
		done
		printf '%s\n' '/busybox mount -t devtmpfs dev /dev' \
			"/busybox mount -t $type /dev/vda /mnt" \
			'/busybox tar -x -f /dev/vdb -C /mnt' '/busybox umount /mnt' \
			'/busybox echo FILLED' '/busybox poweroff -f'
	} >"$root/init"
	chmod +x "$root/init"
	(cd "$root" && find . | cpio --create --format=newc --quiet) >"$work/fill.cpio"
	tar --create --directory "$dir" --file "$work/fill.tar" .
	truncate -s %4096 "$work/fill.tar"
	seconds=${fill_seconds-60} start fill "$image" "$work/fill.tar" -- -kernel "$kernel"/kernel/boot/vmlinuz-* \
		-initrd "$work/fill.cpio" -append "console=ttyS0 quiet panic=-1" -m 256
	grep -q FILLED "$work/fill.serial" || die "no $type made: $(cat "$work/fill.serial")"
}

# layout KIND IMAGE DISK: the file system IMAGE goes into DISK.
layout() {
	local kind=$1 image=$2 disk=$3 size start=2048

	rm -f "$disk"
	size=$(stat -c %s "$image")
	case $kind in
	bare)
		cp --sparse=always "$image" "$disk"
		return
		;;
	msdos) printf '%s\n' 'label: dos' "$start,,L,*" >"$work/table" ;;
	msdos63)
		start=63
		printf '%s\n' 'label: dos' "63,,L,*" >"$work/table"
		;;
	msdos5) # in a logical partition
		start=8192
		printf '%s\n' 'label: dos' '2048,2048,S' '4096,+,E' "start=$start, type=L" \
			>"$work/table"
		;;
	gpt)
		start=4096
		printf '%s\n' 'label: gpt' '2048,2048,S' "$start,,L" >"$work/table"
		;;
	gpt-bios)
		start=4096
		printf '%s\n' 'label: gpt' \
			'2048,2048,21686148-6449-6E6F-744E-656564454649' "$start,,L" >"$work/table"
		;;
	lvm | md) ;;
	*) die "a layout $kind?" ;;
	esac
	truncate -s $((start * 512 + size + (2 << 20))) "$disk"
	dd if="$image" of="$disk" bs=512 seek="$start" conv=notrunc,sparse status=none
	case $kind in
	lvm | md) "$pvgrub_here/volume" "$kind" "$disk" "$size" ;;
	*) sfdisk -q --force "$disk" <"$work/table" >"$work/sfdisk.log" 2>&1 ||
		die "sfdisk: $(cat "$work/sfdisk.log")" ;;
	esac
}

# guest_disk KIND DEVICE TYPE LAYOUT: a whole guest as $work/disk.
guest_disk() {
	tree "$work/tree"
	menu "$1" "$2" "$work/tree"
	filesystem "$3" "$work/tree" "$work/fs"
	layout "$4" "$work/fs" "$work/disk"
}

# start NAME DISK... [-- QEMU ARGUMENT...]: one boot; what was said is kept for `want`.
start() {
	local name=$1 args=() n=0

	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		args+=(-drive "file=$1,format=raw,if=none,id=d$n,cache=unsafe"
			-device "virtio-blk-pci,drive=d$n")
		n=$((n + 1))
		shift
	done
	[ $# -eq 0 ] || shift
	timeout -k 5 "${seconds:-25}" qemu-system-x86_64 -accel "${XVD2VD_ACCEL:-tcg}" -m 128 \
		-nodefaults -display none -no-reboot -serial "file:$(said "$name")" \
		"${args[@]}" "$@" >"$work/qemu.out" 2>&1 </dev/null || :
}

# pvgrub NAME DISK...
pvgrub() {
	start "$@" -- -kernel "$pvgrub_image"
}

said() {
	echo "$work/${1//[^a-z0-9.-]/_}.serial"
}

# What was said in boot NAME, without what a terminal would obey.
words() {
	tr -d '\r' <"$(said "$1")" | sed 's/\x1b[[(][0-9;?]*[a-zA-Z]//g; s/\x1bc//g'
}

# want NAME PATTERN: that was said.
want() {
	local name=$1

	tests=$((tests + 1))
	if words "$name" | grep -aqE -- "$2"; then
		echo "ok   $name"
	else
		echo "FAIL $name: not said: $2"
		words "$name" | tail -n 15 | sed 's/^/  | /'
		sed 's/^/  | /' "$work/qemu.out"
		failed=$((failed + 1))
	fi
}

done_() {
	echo "$tests checks, $failed failed ($SECONDS s)"
	[ "$failed" = 0 ]
}

# What the default entry of every menu says, given to the kernel whole.
# shellcheck disable=SC2034
good='PVGRUB-OK cmdline=.*root=/dev/xvda2 .*entry=good.* initrd=good end\.'
