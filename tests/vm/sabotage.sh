# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Repairs of a guest in which something goes badly wrong, by saboteur.c in the rescue system: for
# the tests of what PID 1 makes of it.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# overlay ENTRY...: a rescue system in $work/rescue that has these files of $work/overlay, too.
overlay() {
	local n

	mkdir -p "$work/rescue"
	cp "$rescue/vmlinuz" "$rescue/cmdline" "$work/rescue/"
	n=$(stat -c %s "$rescue/initrd.img")
	{
		cat "$rescue/initrd.img"
		# The kernel wants a segment to begin at a multiple of four.
		head -c $((-n & 3)) /dev/zero
		(cd "$work/overlay" && printf '%s\n' "$@" |
			cpio --create --format=newc --owner=0:0 --quiet)
	} >"$work/rescue/initrd.img"
}

# udevd TARGET|-: what /usr/lib/systemd/systemd-udevd is: a link there, or the saboteur.
udevd() {
	if [ "$1" = - ]; then
		cp "$work/saboteur" "$work/overlay/$daemon.new"
	else
		ln -s "$1" "$work/overlay/$daemon.new"
	fi
	mv -T "$work/overlay/$daemon.new" "$work/overlay/$daemon"
}

# run STATUS RESULT NAME END ARGUMENT...: agent() in $work/rescue, for $work/guest.img; the machine
# says how it ends.
run() {
	local rescue=$work/rescue name=$3 end=$4

	set -- "$1" "$2" "$3" "${@:5}"
	agent "$@" --disk "$work/guest.img" --log "$work/console.serial"
	! grep -aE 'Kernel panic|Attempted to kill init' "$work/console.serial" ||
		fail "$name: the kernel panicked"
	on_console "$end"
}

# spoiled WHEN HARM STATUS RESULT NAME END ARGUMENT...: run() with the saboteur.
spoiled() {
	echo "$1 $2" >"$work/overlay/saboteur"
	overlay "$daemon" saboteur
	shift 2
	run "$@"
	on_console saboteur:
}

# on_console WORDS: were seen there.
on_console() {
	grep -aqF "$1" "$work/console.serial" || fail "not on the console: $1"
}

# says NAME WORDS: that is in its report's message.
says() {
	jq -r .message "$work/$1.json"
	has "$1" '.message | contains($want)' "$2"
}

# as_before: the guest's files are those that it came with; the repair has left nothing.
as_before() {
	file_list "$work/guest.img" "$offset" "$work/list.now"
	same_files "$work/list.before" "$work/list.now" "the guest is not as it was" \
		/var/lib/xvd2vd
	! grep -E '^\./var/lib/xvd2vd/[0-9]' "$work/list.now" || fail "its journal is still there"
}

# as_repaired: the guest's files are those that the other ways to a repair led to.
as_repaired() {
	file_list "$work/guest.img" "$offset" "$work/list.now"
	# When it was written is another moment.
	sed -Ei 's/\ttime [0-9]+ size/\tsize/' "$work/list.now"
	[ -e "$work/list.repaired" ] || mv "$work/list.now" "$work/list.repaired"
	[ ! -e "$work/list.now" ] || same_files "$work/list.repaired" "$work/list.now" \
		"not what an undisturbed repair makes" /var/lib/xvd2vd
}

# Time that runs ahead to the next timer tick whenever the machine has nothing to do, with disks
# that it does not wait for long; and on-fail=shell, which the launcher, where nobody sits, does
# not let through.
write_qemu_ahead() {
	cat >"$work/qemu-ahead" <<'END'
#!/bin/bash
args=()
for arg; do
	case $arg in
	'{'*) arg="{\"cache\":{\"no-flush\":true},${arg#\{}" ;;
	console=*) arg="${arg/on-fail=poweroff/on-fail=shell} nohz=off" ;;
	esac
	args+=("$arg")
done
exec qemu-system-x86_64 "${args[@]}" -icount shift=auto,sleep=off
END
	chmod +x "$work/qemu-ahead"
}

# Once, first: the saboteur, QEMU with a clock that runs ahead, and a guest of layout 3.
prepare_sabotage() {
	prepare
	need gcc gcc
	need cpio cpio
	offset=$(offset_of 3)
	daemon=usr/lib/systemd/systemd-udevd
	mkdir -p "$work/overlay/${daemon%/*}"
	gcc -std=c17 -D_GNU_SOURCE -O2 -static -o "$work/saboteur" "$vm_here/saboteur.c"
	udevd -
	write_qemu_ahead
	guest 3 "$work/before.img"
	file_list "$work/before.img" "$offset" "$work/list.before"
	copy "$work/before.img" "$work/guest.img"
}
