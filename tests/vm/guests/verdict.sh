#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Says on the serial port what this boot came to, as the guest itself sees it. The harness
# believes nothing else. Powers off when the machine's SMBIOS asks for it.
set -u

# On Xen there is nobody to tell.
[ -e /dev/ttyS0 ] && [ ! -e /proc/xen/capabilities ] || exit 0

# The words on stdin as one word; "none" when there are none.
list() {
	words=$(tr '\n' ',')
	words=${words%,}
	echo "${words:-none}"
}

systemd_says() {
	state=$(timeout 120 systemctl is-system-running --wait)
	failed=$(systemctl --failed --no-legend --plain | awk '{ print $1 }' | list)
	getty=$(systemctl is-active serial-getty@ttyS0.service)
	hvc0=$(systemctl is-active serial-getty@hvc0.service)
}

# sysvinit keeps no book of what its scripts came to: what they were to bring about is looked
# at. A getty without its console respawns for ever, so for it the inittab counts.
sysvinit_says() {
	getty=inactive
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		! pgrep -f 'getty.*ttyS0' >/dev/null || {
			getty=active
			break
		}
		sleep 0.5
	done
	hvc0=inactive
	! grep -qE '^[^#].*(hvc0|xvc0)' /etc/inittab || hvc0=active
	state=runlevel-$(runlevel | awk '{ print $2 }')
	[ "$state" != runlevel-2 ] || state=running
	failed=$({
		findmnt -no OPTIONS / | grep -qE '^rw(,|$)' || echo checkroot.sh
		awk '$1 !~ /^#/ && NF && $3 != "swap" && $4 !~ /noauto/ { print $2 }' /etc/fstab |
			while read -r dir; do findmnt "$dir" >/dev/null || echo "mount:$dir"; done
		awk '$1 !~ /^#/ && $3 == "swap" && $4 !~ /noauto/ { print $1 }' /etc/fstab |
			while read -r dev; do
				swapon --noheadings --show=NAME | grep -qxF "$dev" || echo "swap:$dev"
			done
		ifquery --list | while read -r name; do
			ifquery --state "$name" >/dev/null || echo "ifup:$name"
		done
		pgrep -x udevd >/dev/null || pgrep -f systemd-udevd >/dev/null || echo udev
		pgrep -x acpid >/dev/null || echo acpid
	} 2>/dev/null | list)
}

if [ -d /run/systemd/system ]; then
	systemd_says
else
	sysvinit_says
fi
root=$(findmnt -no SOURCE /)
fstype=$(findmnt -no FSTYPE /)
swap=$(swapon --noheadings --show=NAME | list)
eth0=absent
if [ -e /sys/class/net/eth0 ]; then
	eth0=$(cat /sys/class/net/eth0/operstate)
	address=$(ip -4 -o addr show dev eth0 | awk '{ print $4; exit }')
	eth0=$eth0:${address:-none}
fi

printf '\nGUEST-VERDICT root=%s fstype=%s swap=%s failed=%s state=%s getty=%s hvc0=%s %s\n' \
	"$root" "$fstype" "$swap" "$failed" "$state" "$getty" "$hvc0" \
	"kernel=$(uname -r) eth0=$eth0" >/dev/ttyS0

if grep -aqs 'xvd2vd-test:poweroff' /sys/firmware/dmi/entries/11-*/raw; then
	poweroff
fi
