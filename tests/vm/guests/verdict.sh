#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Says on the serial port what this boot came to, as the guest itself sees it. The harness
# believes nothing else. Powers off when the machine's SMBIOS asks for it.
set -u

# The words on stdin as one word; "none" when there are none.
list() {
	words=$(tr '\n' ',')
	words=${words%,}
	echo "${words:-none}"
}

state=$(timeout 120 systemctl is-system-running --wait)
failed=$(systemctl --failed --no-legend --plain | awk '{ print $1 }' | list)
root=$(findmnt -no SOURCE /)
fstype=$(findmnt -no FSTYPE /)
swap=$(swapon --noheadings --show=NAME | list)
getty=$(systemctl is-active serial-getty@ttyS0.service)
hvc0=$(systemctl is-active serial-getty@hvc0.service)
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
	systemctl poweroff
fi
