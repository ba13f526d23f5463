# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # run has set and reads these
# What a guest would like to have on the console.

evil=$'\033[2J\033]0;owned\007\x9b31m\r'
attack_escapes_os_release() {
	guest debian-12-layout3
	printf 'ID=debian\nVERSION_ID="12%s"\nPRETTY_NAME="Debian %s"\n' "$evil" "$evil" \
		>"$tree/etc/os-release"
	remember
	agent scan
	agent scan --json
	agent plan
	agent apply --yes --json
	agent status
}
attack_escapes_unknown_system() {
	guest debian-12-layout3
	printf 'ID=%s\nPRETTY_NAME="%s"\n' "$evil" "$evil" >"$tree/etc/os-release"
	remember
	agent scan
	agent plan
	ends 3
	agent apply --yes
	ends 3
	unchanged apply
}
attack_escapes_fstab() {
	guest debian-12-layout3
	printf '/dev/xvdb1%s /mnt%s ext4 defaults 0 0\n/dev/xvdq /x%s ext4 defaults 0 0\nLABEL=%s none swap sw 0 0\n' \
		"$evil" "$evil" "$evil" "$evil" >>"$tree/etc/fstab"
	remember
	agent plan
	agent plan --diff
	agent plan --json
	agent apply --yes
	agent verify
	agent undo --yes
}
attack_escapes_names() {
	guest debian-12-layout3
	mkdir -p "$tree/etc/initramfs-tools/conf.d" "$tree/etc/default/grub.d"
	echo 'RESUME=/dev/xvda1' >"$tree/etc/initramfs-tools/conf.d/a$evil"
	echo 'GRUB_CMDLINE_LINUX="root=/dev/xvda1"' >"$tree/etc/default/grub.d/a$evil.cfg"
	: >"$tree/boot/initrd.img-$evil"
	cp "$tree/boot/vmlinuz-6.1.0-18-amd64" "$tree/boot/vmlinuz-$evil"
	remember
	agent scan
	agent plan
	agent plan --diff
	agent apply --yes
	agent undo --yes
}
attack_escapes_interfaces() {
	guest debian-12-layout3
	printf 'auto e%s\niface e%s inet dhcp\n' "$evil" "$evil" >"$tree/etc/network/interfaces"
	remember
	agent plan
	agent apply --yes
}
attack_escapes_grub_cfg() {
	guest debian-12-layout3
	sed -i "s/menuentry '/&$evil/; s,root=/dev/xvda1,root=/dev/xvdz$evil," "$tree/boot/grub/grub.cfg"
	remember
	agent plan
	agent verify
	agent apply --yes
}
attack_escapes_disks() {
	guest debian-12-layout3
	jq --arg e "$evil" '.disks[0].serial = $e | .disks[0].parts[0].label = $e
		| .disks += [{name: ("vdb" + $e), type: "ext4", label: $e, uuid: $e}]
		| .root = "/dev/" + $e' "$disks" >"$work/disks.json"
	disks=$work/disks.json
	remember
	agent scan
	agent plan
	agent apply --yes
}
