# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests with real guests share: a work folder that is cleaned up, the repair by the
# launcher, lists of a guest's files, boots that end. Whether a guest runs, only its own words
# on the serial port say.
#   XVD2VD_BUILD   folder of xvd2vd-run (default: build of the project)
#   XVD2VD_RESCUE  folder of the rescue system (default: build/rescue)
#   XVD2VD_ACCEL   kvm or tcg (default: what works here)

vm_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vm_project=$(cd "$vm_here/../.." && pwd)
# shellcheck source=../../rescue-initrd/lib/common.sh
. "$vm_project/rescue-initrd/lib/common.sh"
# shellcheck source=../../rescue-initrd/lib/vm.sh
. "$vm_project/rescue-initrd/lib/vm.sh"

build=${XVD2VD_BUILD:-$vm_project/build}
rescue=${XVD2VD_RESCUE:-$vm_project/build/rescue}
# What a kernel or an initramfs says when it gives up.
gave_up='Kernel panic|ALERT!|Dropping to a shell|emergency mode'

# fail WORDS: ends the test; what the machines said last goes with it.
fail() {
	local log

	for log in "$work"/*.out "$work"/*.serial; do
		[ -s "$log" ] || continue
		echo "--- the end of ${log##*/}"
		tail -n 15 "$log" | plain | sed 's/^/  | /'
	done
	echo "FAIL: $*"
	exit 1
}

step() {
	echo "== $* ($SECONDS s)"
}

# Text without what a terminal would obey.
plain() {
	tr -d '\r' | sed 's/\x1b[[(][0-9;?]*[a-zA-Z]//g; s/\x1bc//g'
}

clean_up() {
	[ -z "$vm_pid" ] || vm_stop
	! mountpoint -q "$work/mnt" || umount "$work/mnt"
	rm -rf --one-file-system "$work"
}

# Once, first: checks what is needed, makes $work, finds $accel.
prepare() {
	local known

	[ "$(id -u)" = 0 ] || die "run me as root"
	PATH=$PATH:/usr/sbin:/sbin
	need qemu-system-x86_64 qemu-system-x86
	need qemu-img qemu-utils
	need socat socat
	need jq jq
	need getfattr attr
	need dumpe2fs e2fsprogs
	[ -x "$build/xvd2vd-run" ] || die "$build has no xvd2vd-run: cmake --build build"
	[ -f "$rescue/kvm-pvgrub.img" ] || die "no rescue system: rescue-initrd/build -o $rescue"
	vm_pid=
	# Not /tmp: that may be memory, and guests take a gigabyte.
	work=$(mktemp -d "${TMPDIR:-/var/tmp}/xvd2vd-vm.XXXXXX")
	trap clean_up EXIT
	trap 'exit 1' HUP INT TERM
	mkdir "$work/mnt"
	# The probe takes seconds where KVM does not work: once a boot of this machine.
	accel=${XVD2VD_ACCEL-}
	if [ -z "$accel" ]; then
		known=$(cache_dir)/accel-$(cat /proc/sys/kernel/random/boot_id)
		if [ ! -s "$known" ]; then
			mkdir -p "${known%/*}"
			rm -f "${known%/*}"/accel-*
			vm_accel "$rescue/vmlinuz" >"$known.$$"
			mv "$known.$$" "$known"
		fi
		accel=$(cat "$known")
	fi
	step "${0##*/}: accelerator $accel"
}

# guest LAYOUT IMAGE: a guest as Xen left it.
guest() {
	step "a guest of layout $1: ${2##*/}"
	"$vm_here/make-guest" --layout "$1" -o "$2"
}

copy() {
	cp --sparse=always --reflink=auto "$1" "$2"
}

# Where the root file system of a layout begins.
offset_of() {
	case $1 in
	3) echo 1048576 ;;
	*) echo 0 ;;
	esac
}

# agent STATUS RESULT[|RESULT] NAME ARGUMENT...: one boot into the rescue system. The report
# is $work/NAME.json. agent_timeout: seconds, where it is a long one.
agent() {
	local status=$1 result=$2 name=$3 got=0 start=$SECONDS limit=${agent_timeout-300}

	shift 3
	timeout -k 10 "$((limit + 100))" "$build/xvd2vd-run" --rescue "$rescue" \
		--accel "$accel" --timeout "$limit" --quiet --report "$work/$name.json" \
		--log "$work/$name.serial" "$@" >"$work/$name.out" 2>&1 </dev/null || got=$?
	[ "$got" = "$status" ] || fail "$name: exit status $got, want $status"
	has "$name" '.result | IN($want | split("|") | .[])' "$result"
	rm -f "$work/$name.out" "$work/$name.serial"
	echo "$name: exit status $got, $(jq -r .result "$work/$name.json"), in $((SECONDS - start)) s"
}

# has NAME FILTER [WANT]: holds for the report of that run.
has() {
	jq -e --arg want "${3-}" "$2" "$work/$1.json" >/dev/null ||
		fail "$1: not so in the report: ${2//\$want/${3-}}: $(cat "$work/$1.json")"
}

# unmounted IMAGE OFFSET: the file system there was, and is clean.
unmounted() {
	local state

	state=$(dumpe2fs -h "$1?offset=$2" 2>/dev/null |
		grep -E '^Filesystem (state|features):')
	[[ $state =~ state:\ +clean$ && $state != *needs_recovery* ]] ||
		fail "the file system in ${1##*/} was not unmounted: $state"
}

# file_list IMAGE OFFSET LIST: every file with type, mode, owner, size, target and time, the
# SHA-256 of its bytes, and extended attributes. Writes nothing to the image. files_least: lines
# of a list that is whole.
file_list() {
	local image=$1 offset=$2 list=$3

	unmounted "$image" "$offset"
	mount -t ext4 -o "ro,noload,loop,offset=$offset" "$image" "$work/mnt"
	(
		cd "$work/mnt"
		find . -xdev -printf '%p\t%y %m %U:%G %l\n'
		find . -xdev -type f -printf '%p\ttime %Ts size %s\n'
		find . -xdev -type f -print0 | xargs -0r sha256sum --zero |
			sed -Ez 's/^([0-9a-f]{64})..(.*)$/\2\tsha256 \1/' | tr '\0' '\n'
		getfattr -Rhd -m - . 2>/dev/null | awk '
			/^# file: / { name = substr($0, 9); next }
			NF { print "./" name "\txattr " $0 }'
	) | LC_ALL=C sort >"$list"
	umount "$work/mnt"
	[ "$(wc -l <"$list")" -gt "${files_least-20000}" ] || fail "too few files in ${image##*/}"
}

# same_files LIST LIST WHAT [PATH...]: the same but for these, and what is below them.
same_files() {
	local one=$1 two=$2 what=$3 path filter='^$'

	shift 3
	for path; do
		filter+="|^\\.${path//./\\.}[/"$'\t'"]"
	done
	diff <(grep -Ev "$filter" "$one") <(grep -Ev "$filter" "$two") >"$work/diff" || {
		head -n 30 "$work/diff"
		fail "$what"
	}
}

# boot NAME FORMAT IMAGE LAYOUT [QEMU ARGUMENT...]: starts the guest as its host would: by its
# MBR, or by kvm-pvgrub.img where pv-grub did. It speaks in $work/NAME.serial.
boot() {
	local name=$1 format=$2 image=$3 layout=$4 loader=()

	shift 4
	[ "$layout" = 3 ] || loader=(-kernel "$rescue/kvm-pvgrub.img")
	serial=$work/$name.serial
	: >"$serial"
	timeout -k 10 600 qemu-system-x86_64 -accel "$accel" -m 512 -nodefaults -display none \
		-no-reboot -serial "file:$serial" -qmp "unix:$work/qmp,server=on,wait=off" \
		-netdev user,id=net -device virtio-net-pci,netdev=net,romfile= \
		-drive "file=$image,format=$format,if=none,id=disk,cache=unsafe" \
		-device virtio-blk-pci,drive=disk "${loader[@]}" "$@" 2>"$work/$name.out" &
	vm_pid=$!
}

# heard PATTERN SECONDS: that came on the serial port.
heard() {
	vm_wait "$serial" "$1" "$2" || fail "not heard within $2 s: $1"
}

# verdict ROOT [FAILED]: the guest is up, from that device, with nothing of Xen's missing, and nothing failed but
# what that pattern says.
verdict() {
	local words want

	vm_wait "$serial" "^GUEST-VERDICT .*eth0=.|$gave_up" 300 ||
		fail "the guest gave no verdict"
	words=$(plain <"$serial" | grep -a '^GUEST-VERDICT ' || :)
	[ -n "$words" ] || fail "the guest does not boot"
	echo "${words#GUEST-VERDICT }"
	# systemd says so, with "quiet" too, when it has waited for a device of Xen's.
	! plain <"$serial" | grep -aE 'Timed out waiting for|start job is running for /dev/' ||
		fail "the boot waited for a device that is not there"
	for want in "root=$1" swap=none state=running getty=active; do
		[[ " $words " == *" $want "* ]] || fail "the guest does not say $want"
	done
	[[ " $words " =~ \ failed=(${2-none})\  ]] || fail "the guest does not say failed=${2-none}"
	[[ " $words" != *" hvc0=active"* ]] || fail "a getty waits on Xen's console"
	[[ " $words" =~ \ eth0=up:10\.0\.2\.15/24 ]] || fail "the guest's eth0 is not up"
	heard '^xen-guest-[123] login: ' 60
	echo "a login prompt on ttyS0"
}

# press_button: the power button, by the host.
press_button() {
	printf '%s\n' '{"execute":"qmp_capabilities"}' '{"execute":"system_powerdown"}' |
		socat -t 2 - "UNIX-CONNECT:$work/qmp" >/dev/null
}

# power_down: the host presses the button, the guest shuts down.
power_down() {
	local start=$SECONDS

	press_button
	vm_wait "$serial" 'reboot: Power down' 120 || fail "the guest ignores the power button"
	vm_stop 20
	echo "powered down by the button in $((SECONDS - start)) s"
}

# power_down_later SECONDS: the same, where the guest begins to hear the button by then.
power_down_later() {
	local start=$SECONDS

	until press_button && vm_wait "$serial" 'reboot: Power down' 10; do
		[ $((SECONDS - start)) -lt "$1" ] || fail "the guest ignores the power button"
	done
	vm_stop 20
	echo "powered down by the button after $((SECONDS - start)) s"
}
