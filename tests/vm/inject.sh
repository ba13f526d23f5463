# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # lib.sh sets them
# Others' rescue systems with xvd2vd.cpio behind them: they repair a guest where the kernel's
# command line asks for it, and start as ever where it does not.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=../packages/blocks.sh
. "$(dirname "${BASH_SOURCE[0]}")/../packages/blocks.sh"

# inject_prepare INIT: $work/guest.img as Xen left it; $tree, a Debian system of that kind to make
# initramfs images in, with $kernel, of which $work/vmlinuz is a copy.
inject_prepare() {
	prepare
	need cpio cpio
	[ -f "$rescue/xvd2vd.cpio" ] || die "no xvd2vd.cpio: rescue-initrd/build -o $rescue"
	step "a guest of layout 1, and a Debian ($1) to make images in"
	"$vm_here/make-guest" --layout 1 --init quick -o "$work/guest.img"
	"$vm_here/make-guest" --layout 1 --init "$1" -o "$work/debian.img"
	tree=$work/mnt
	mount -t ext4 -o loop "$work/debian.img" "$tree"
	kernel=$(cd "$tree/lib/modules" && echo *)
	cp "$tree/boot/vmlinuz-$kernel" "$work/vmlinuz"
}

# in_tree COMMAND...: runs in the Debian system.
in_tree() {
	# shellcheck disable=SC2016 # of the shell inside
	LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin unshare --mount --propagation private sh -ec '
		mount -t proc proc "$0/proc"
		mount --bind /dev "$0/dev"
		exec chroot "$0" "$@"' "$tree" "$@" >"$work/tree.out" 2>&1 || fail "$* ended with $?"
	rm "$work/tree.out"
}

# inject_install FROM TO: what makes images of another's with xvd2vd in them, and what that takes from
# the package of the rescue system.
inject_install() {
	install -D "$vm_project/$1" "$tree/$2"
	install -D -m 644 -t "$tree/usr/share/xvd2vd" "$rescue/xvd2vd.cpio"
	install -D -m 644 -t "$tree/usr/share/xvd2vd/builder/rescue-initrd" \
		"$vm_project/rescue-initrd/modules.list"
}

# inject_take NAME...: takes these images out of the tree, which is not needed any more.
inject_take() {
	local name

	for name; do
		mv "$tree/$name.img" "$work/"
		echo "$name.img has $(stat -c %s "$work/$name.img") bytes"
	done
	umount "$tree"
	rm "$work/debian.img"
}

# inject NAME: $work/NAME-injected.img is that image with ours behind it, as docs/PROVIDERS.md says.
inject() {
	cp "$work/$1.img" "$work/theirs.img"
	cd "$work"
	run_block inject "rescue=$(realpath "$rescue")"
	cd "$OLDPWD"
	mv "$work/new.img" "$work/$1-injected.img"
}

# inject_boot NAME INITRD WORDS [QEMU ARGUMENT...]: that image, with the guest's disk as its first.
inject_boot() {
	local name=$1 initrd=$2 words=$3

	shift 3
	serial=$work/$name.serial
	: >"$serial"
	timeout -k 10 600 qemu-system-x86_64 -accel "$accel" -m 512 -nodefaults -display none \
		-no-reboot -serial "file:$serial" -kernel "$work/vmlinuz" -initrd "$initrd" \
		-append "console=ttyS0 panic=5 net.ifnames=0 $words" \
			-netdev user,id=net -device virtio-net-pci,netdev=net,romfile= \
		-drive "file=$work/guest.img,format=raw,if=none,id=disk,cache=unsafe" \
		-device virtio-blk-pci,drive=disk "$@" >"$work/$name.out" 2>&1 </dev/null &
	vm_pid=$!
}

# inject_ended SECONDS: the machine has powered itself off.
inject_ended() {
	local start=$SECONDS

	while kill -0 "$vm_pid" 2>/dev/null; do
		[ $((SECONDS - start)) -lt "$1" ] || fail "it has not ended within $1 s"
		sleep 0.5
	done
	wait "$vm_pid" || fail "QEMU ended with $?"
	vm_pid=
}

# inject_repair NAME INITRD WORDS: it takes over, and repairs the guest. Images of others know nothing
# of the report's port: the guest has the report.
inject_repair() {
	inject_boot "$1" "$2" "$3 xvd2vd.mode=auto xvd2vd.finish=poweroff xvd2vd.on-fail=poweroff"
	inject_ended 300
	! plain <"$serial" | grep -aE "$gave_up|what is here has to serve" ||
		fail "$1: it did not take over"
	debugfs -R "cat /var/lib/xvd2vd/report.json" "$work/guest.img" >"$work/$1.json" 2>/dev/null
	has "$1" '.result == $want' repaired
	has "$1" '.verify.bootable'
	unmounted "$work/guest.img" 0
	plain <"$serial" | grep -a '^repaired after'
}

# inject_inert INITRD WORDS: without xvd2vd.mode= that image starts the guest, as it would without
# ours behind it.
inject_inert() {
	inject_boot inert "$1" "root=/dev/vda ro $2"
	vm_wait "$serial" "^GUEST-VERDICT .*root=/dev/vda |$gave_up" 300 ||
		fail "the guest gave no verdict"
	! plain <"$serial" | grep -aE "$gave_up|xvd2vd: " || fail "it did not start the guest"
	plain <"$serial" | grep -a '^GUEST-VERDICT .*root=/dev/vda '
	vm_stop
}

# inject_guest: the repaired guest by its own menu.
inject_guest() {
	boot after raw "$work/guest.img" 1
	verdict /dev/vda
	vm_stop
}
