# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # run has set and reads these
# Files of the guest that are not what they should be.

attack_fstab() {
	local how
	for how in "${spoils[@]}"; do
		guest debian-12-layout3
		spoil etc/fstab "$how"
		refuses fstab
	done
	for how in long-line bytes; do
		guest debian-12-layout3
		spoil etc/fstab "$how"
		repairs
	done
}

# A disk's name that does not end within a megabyte.
attack_fstab_long_word() {
	guest debian-12-layout3
	{
		printf '/dev/xvd'
		head -c 900000 /dev/zero | tr '\0' a
		echo ' /mnt ext4 defaults 0 0'
	} >>"$tree/etc/fstab"
	remember
	agent plan
	agent apply --yes --json
	[ "$status" = 0 ] || unchanged apply
}

# 100000 lines that each name another disk.
attack_fstab_many_disks() {
	guest debian-12-layout3
	awk 'BEGIN { for (i = 0; i < 30000; i++) printf "/dev/xvd%c%c%d /m%d ext4 nofail 0 0\n",
		97 + i % 26, 97 + i / 26 % 26, i % 250 + 1, i }' >>"$tree/etc/fstab"
	remember
	agent plan --json
	agent apply --yes --json
	[ "$status" = 0 ] || [ "$status" = 4 ] || unchanged apply
}

attack_grub_cfg() { spoiled boot/grub/grub.cfg grub.cfg missing; }
attack_grub_cfg_many_entries() {
	guest debian-12-layout3
	for i in $(seq 600); do
		sed -n '/^menuentry/,/^}/p' "$work/case-debian-12-layout3/boot/grub/grub.cfg"
	done >>"$tree/boot/grub/grub.cfg"
	remember
	agent plan
	says 'grub.cfg'
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
attack_default_grub() { spoiled etc/default/grub default/grub missing kcore absolute dots loop; }
attack_os_release() {
	local how
	for how in huge fifo folder socket kcore dots loop nul missing; do
		guest debian-12-layout3
		spoil etc/os-release "$how"
		remember
		agent plan
		agent apply --yes --json
		case $status in 0 | 4) ;; *) unchanged apply ;; esac
	done
}
attack_menu_lst() {
	local how
	for how in huge fifo folder socket kcore absolute dots loop nul; do
		guest ubuntu-10.04-legacy-ec2
		spoil boot/grub/menu.lst "$how"
		survives menu.lst boot/grub/menu.lst
	done
}

# What cannot be read must not be taken for empty, and written anew.
attack_net_rules() {
	local how
	for how in huge fifo folder kcore; do
		guest ubuntu-10.04-legacy-ec2
		spoil etc/udev/rules.d/70-persistent-net.rules "$how"
		survives . etc/udev/rules.d/70-persistent-net.rules
	done
}

attack_interface_names() {
	guest debian-12-layout3
	printf 'auto ../../../../outside/x\niface ../../../../outside/x inet dhcp\n' \
		>"$tree/etc/network/interfaces"
	remember
	agent apply --yes --json
	! find "$tree" -name '*x.link' | grep -q . || complain "a link file outside its folder"
	guest debian-12-layout3
	printf 'auto ../../../tmp/x%%n%%s\n' >"$tree/etc/network/interfaces"
	agent apply --yes --json
	[ ! -e "$tree/tmp" ] || complain "a file made in another folder"
}

attack_folders_are_links() {
	local folder
	for folder in boot etc; do
		guest debian-12-layout3
		mv "$tree/$folder" "$outside/$folder"
		ln -s "$outside/$folder" "$tree/$folder"
		remember
		agent plan --json
		agent apply --yes
		ends 1 2 3
		unchanged apply
		guest debian-12-layout3
		mv "$tree/$folder" "$outside/$folder"
		ln -s "../../../../../../../../..$outside/$folder" "$tree/$folder"
		remember
		agent apply --yes
		ends 1 2 3
		unchanged apply
	done
	# Within the guest they are as good as any.
	guest debian-12-layout3
	mv "$tree/etc" "$tree/usr/etc"
	ln -s /usr/etc "$tree/etc"
	repairs
}

attack_many_files() {
	guest debian-12-layout3
	(cd "$tree/boot" && seq -f 'initrd.img-%06g' 100000 | xargs touch)
	remember
	agent plan
	says '/boot.*more than'
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
	guest debian-12-layout3
	mkdir -p "$tree/etc/initramfs-tools/conf.d"
	(cd "$tree/etc/initramfs-tools/conf.d" && seq 100000 | xargs touch)
	remember
	agent plan
	says 'conf\.d.*more than'
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}

# As many as are looked at, in every folder that is searched.
attack_full_folders() {
	local folder
	guest debian-12-layout3
	for folder in etc/event.d etc/lvm/backup etc/network/interfaces.d etc/initramfs-tools/conf.d; do
		mkdir -p "$tree/$folder"
		(cd "$tree/$folder" && seq -f 'a-name-of-some-length-%06g' 4000 | xargs touch)
	done
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
