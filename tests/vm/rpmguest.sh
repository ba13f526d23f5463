# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# What is done to each guest that stands in for one with rpm: its only kernel is for Xen, and the
# stock one comes from a repository or a payload; or it has that already, and its initramfs is
# grafted or rebuilt. Behind lib.sh, repo.sh and rpm.sh.

# dnf takes 54 MB for this repository; what a real one holds makes it several times that.
rpmguest_memory=1024

# rpmguest LIKE LAYOUT ROOT KERNEL PAYLOAD: which one this test is about; makes the repository.
rpmguest() {
	rpmguest_like=$1 rpmguest_layout=$2 rpmguest_root=$3 rpmguest_kernel=$4 rpmguest_payload=$5
	need rpmbuild rpm
	need createrepo_c createrepo-c
	agent_timeout=3600 # a package tool in emulation, and dracut behind it
	step "a repository with $rpmguest_kernel and acpid"
	rpmguest_release=$(rpm_kernel "$work/repo" "$rpmguest_kernel" stock "$(rpmguest_debian)")
	rpm_acpid "$work/repo"
	createrepo_c --quiet "$work/repo"
	rm -rf "$work"/{kernel,acpid}{,-rpm}
	repo_serve "$work/repo"
	"$vm_project/packaging/payload/make" --from "$work/repo" --name "$rpmguest_payload" \
		"$work/payload.img"
}

rpmguest_debian() {
	apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-6.*\)/\1/p'
}

# rpmguest_mount IMAGE: its files in $work/mnt.
rpmguest_mount() {
	mount -t ext4 -o "loop,offset=$(offset_of "$rpmguest_layout")" "$1" "$work/mnt"
}

# rpmguest_guest KERNEL IMAGE: its repository is ours.
rpmguest_guest() {
	step "a guest like $rpmguest_like, its kernel: $1"
	"$vm_here/make-standin" --like "$rpmguest_like" --kernel "$1" -o "$2"
	rpmguest_mount "$2"
	printf '%s\n' '[standin]' 'name=stand-in' "baseurl=http://10.0.2.2:$repo_port/" \
		enabled=1 gpgcheck=0 autorefresh=1 | tee "$work/mnt/etc/yum.repos.d/standin.repo" \
		>"$work/mnt/etc/zypp/repos.d/standin.repo"
	umount "$work/mnt"
}

# rpmguest_fails IMAGE: as it is, its initramfs finds no root. It is made to speak of that.
rpmguest_fails() {
	step "as it is, it does not boot"
	copy "$1" "$work/before.img"
	rpmguest_mount "$work/before.img"
	sed -i '/^\tkernel/s/console=hvc0/console=ttyS0 rd.retry=5 rd.shell=0 rd.emergency=poweroff panic=1/' \
		"$work/mnt/boot/grub/menu.lst"
	umount "$work/mnt"
	boot before raw "$work/before.img" "$rpmguest_layout"
	heard "dracut.*FATAL|$gave_up|GUEST-VERDICT" 240
	vm_stop
	! grep -aq GUEST-VERDICT "$serial" || fail "it boots without a repair"
	grep -aE 'xvd' "$serial" | plain | tail -n 3
	rm "$work/before.img" "$serial"
}

# rpmguest_repair NAME ARGUMENT...: of $work/NAME.img.
rpmguest_repair() {
	local name=$1

	shift
	step "$name: repair"
	agent 0 repaired "$name" --memory "$rpmguest_memory" --disk "$work/$name.img" "$@"
	has "$name" '.pending == []'
	has "$name" '.verify.bootable'
	has "$name" '.steps | any(.id == "acpid" and .status == "done")'
}

# rpmguest_boots NAME: the stock kernel, with acpid from rpm's database, and the power button.
rpmguest_boots() {
	local image=$work/$1.img start

	rpmguest_mount "$image"
	chroot "$work/mnt" rpm -q acpid "$rpmguest_kernel"
	[ -e "$work/mnt/var/lib/xvd2vd/confirm" ] || fail "nothing notes the first start"
	umount "$work/mnt"
	step "$1: boot"
	boot "$1-boot" raw "$image" "$rpmguest_layout"
	verdict "$rpmguest_root"
	[[ $(plain <"$serial") == *" kernel=$rpmguest_release "* ]] ||
		fail "it does not run $rpmguest_release"
	start=$SECONDS
	power_down
	[ $((SECONDS - start)) -le 60 ] || fail "the button took more than 60 s"
	unmounted "$image" "$(offset_of "$rpmguest_layout")"
	rpmguest_mount "$image"
	cat "$work/mnt/var/lib/xvd2vd/confirmed" || fail "the first start was not noted"
	umount "$work/mnt"
	rm "$image"
}

# rpmguest_xen_only: from the repository, then from a payload alone.
rpmguest_xen_only() {
	local base=$work/xen.img

	rpmguest_guest xen "$base"
	rpmguest_fails "$base"
	copy "$base" "$work/network.img"
	rpmguest_repair network
	has network '.steps | any(.id == "kernel" and .kind == "run" and .status == "done")'
	repo_asked "$rpmguest_kernel-6"
	repo_asked acpid-2
	rpmguest_boots network
	repo_stop
	mv "$base" "$work/payload-guest.img"
	rpmguest_repair payload-guest --set packages=offline --disk "$work/payload.img"
	rpmguest_boots payload-guest
}

# rpmguest_initramfs NAME KIND ARGUMENT...: what dracut made on Xen gets virtio, by a step of that
# kind.
rpmguest_initramfs() {
	local name=$1 kind=$2

	shift 2
	rpmguest_guest stock "$work/$name.img"
	rpmguest_fails "$work/$name.img"
	rpmguest_repair "$name" --set packages=offline --disk "$work/payload.img" "$@"
	has "$name" '.steps | any(.id == "initramfs" and .kind == $want and .status == "done")' "$kind"
	has "$name" '.verify.checks | any(.id == "virtio" and .ok)'
	rpmguest_boots "$name"
}
