# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What `run` and `one` share.

# shellcheck source=../vm/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"

# logged NAME IMAGE [ARGUMENT...]: a repair of IMAGE with its writes in $work/NAME.log, started in
# the background: $run_pid, and QEMU's process id in $work/NAME.pid.
logged() {
	local name=$1 image=$2

	shift 2
	rm -f "$work/$name.pid" "$work/$name.log"
	CHAOS_LOG=$work/$name.log CHAOS_PID=$work/$name.pid "$build/xvd2vd-run" \
		--qemu "$vm_project/tests/chaos/qemu-logged" --rescue "$rescue" \
		--accel "$accel" --timeout 300 --quiet --disk "$image" "$@" \
		>"$work/$name.out" 2>&1 </dev/null &
	# shellcheck disable=SC2034
	run_pid=$!
}

# timeless LIST: without when a file was written, which is another moment in each run.
timeless() {
	sed -E 's/\ttime [0-9]+ size/\tsize/' "$1"
}
