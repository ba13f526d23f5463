# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Boots guests in QEMU for the demo: the accelerator that really works, a console in a file,
# and a wait that ends.

# vm_accel VMLINUZ: kvm when an ordinary kernel runs under it, else tcg. /dev/kvm may exist
# where it does not, so a kernel without a root file system is booted up to its panic.
vm_accel() {
	local vmlinuz=$1 log accel=tcg

	log=$(mktemp)
	if [ -w /dev/kvm ]; then
		timeout 8 qemu-system-x86_64 -accel kvm -m 256 -nodefaults -display none \
			-no-reboot -serial "file:$log" -kernel "$vmlinuz" \
			-append "console=ttyS0 panic=-1" >/dev/null 2>&1 || true
		! grep -q 'Kernel panic - not syncing: VFS' "$log" || accel=kvm
	fi
	rm -f "$log"
	printf '%s\n' "$accel"
}

# vm_start LOG ACCEL IMAGE [QEMU ARGUMENT ...]: sets vm_pid.
vm_start() {
	local log=$1 accel=$2 image=$3

	shift 3
	: >"$log"
	qemu-system-x86_64 -accel "$accel" -m 512 -nodefaults -display none -no-reboot \
		-serial "file:$log" -netdev user,id=net -device virtio-net-pci,netdev=net,romfile= \
		-drive "file=$image,format=raw,if=none,id=disk" \
		-device virtio-blk-pci,drive=disk "$@" \
		2> >(grep -v 'terminating on signal' >&2) &
	vm_pid=$!
}

# vm_wait LOG PATTERN SECONDS: 0 when the pattern came, 1 when the machine ended or the time
# was up without it. Prints a dot now and then.
vm_wait() {
	local log=$1 pattern=$2 seconds=$3 start=$SECONDS dots=0

	while ! grep -aqE "$pattern" "$log"; do
		if ! kill -0 "$vm_pid" 2>/dev/null || [ $((SECONDS - start)) -ge "$seconds" ]; then
			[ "$dots" = 0 ] || echo
			grep -aqE "$pattern" "$log"
			return
		fi
		if [ $((SECONDS - start)) -ge $((5 * (dots + 1))) ]; then
			printf .
			dots=$((dots + 1))
		fi
		sleep 0.3
	done
	[ "$dots" = 0 ] || echo
}

# Ends the machine: by itself within SECONDS, or not.
vm_stop() {
	local seconds=${1-0}

	while [ "$seconds" -gt 0 ] && kill -0 "$vm_pid" 2>/dev/null; do
		sleep 1
		seconds=$((seconds - 1))
	done
	kill "$vm_pid" 2>/dev/null || true
	wait "$vm_pid" 2>/dev/null || true
	vm_pid=
}
