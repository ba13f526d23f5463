# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The test of one Debian as it is: repaired by a graft, and by its own tool. Then its kernel is
# installed anew, which makes an initramfs of nothing but what the repair has left in the tool's
# configuration.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# reinstall_kernel IMAGE CACHE: with this machine's network; what is fetched stays in CACHE.
reinstall_kernel() {
	mkdir -p "$2/lists/partial" "$2/archives/partial"
	# The mounts go with their namespace, whatever happens.
	unshare --mount sh -eus -- "$1" "$work/mnt" "$2" >"$work/apt.out" 2>&1 <<-'EOF' ||
		image=$1 mnt=$2 cache=$3
		mount -o loop "$image" "$mnt"
		mount -t proc proc "$mnt/proc"
		mount --bind "$cache/lists" "$mnt/var/lib/apt/lists"
		mount --bind "$cache/archives" "$mnt/var/cache/apt/archives"
		cp /etc/resolv.conf "$mnt/etc/resolv.conf"
		release=$(ls "$mnt/lib/modules")
		sum=$(sha256sum "$mnt/boot/initrd.img-$release")
		apt() {
			LC_ALL=C DEBIAN_FRONTEND=noninteractive chroot "$mnt" apt-get -q -y \
				-o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 "$@" </dev/null
		}
		ls "$cache/archives/linux-image-$release"_*.deb || apt update
		apt install --reinstall "linux-image-$release"
		[ "$(sha256sum "$mnt/boot/initrd.img-$release")" != "$sum" ]
		umount -R "$mnt"
	EOF
		fail "the kernel cannot be installed anew"
	grep 'update-initramfs: Generating' "$work/apt.out" || fail "no initramfs was made"
	rm "$work/apt.out"
}

# starts NAME: that guest runs from its virtio disk, and is shut down.
starts() {
	step "$1: boot"
	boot "$1" raw "$image" 1
	verdict /dev/vda
	power_down
	unmounted "$image" 0
	rm "$serial"
}

# test_suite SUITE ARCH
test_suite() {
	local suite=$1 arch=$2 base image way
	# What a repair did to the initramfs: bytes of ours, or the guest's own program.
	local -A kinds=([graft]=write [rebuild]=run)

	prepare
	base=$work/base.img
	step "a guest of Debian $suite, $arch"
	"$vm_here/make-guest" --layout 1 --init quick --suite "$suite" --arch "$arch" -o "$base"
	for way in rebuild graft; do
		step "$way"
		image=$work/$way.img
		copy "$base" "$image"
		agent 0 repaired "$way" --set "initrd=$way" --disk "$image"
		has "$way" '.verify.bootable'
		has "$way" '.steps | any(.id == "initramfs" and .kind == $want and .status == "done")' \
			"${kinds[$way]}"
		starts "$way"
	done

	step "its kernel, installed anew"
	reinstall_kernel "$image" "$(cache_dir)/apt/$suite-$arch"
	starts reinstalled
	agent 0 unchanged again --disk "$image"
	step "ok"
}
