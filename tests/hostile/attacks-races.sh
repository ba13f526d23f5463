# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # run has set and reads these
# Two runs at once, and runs that are killed.

attack_two_at_once() {
	local a b i
	for i in 1 2 3 4 5; do
		guest debian-12-layout3
		remember
		"$agent" apply --yes --root "$tree" --disks "$disks" --offline >"$work/a" 2>&1 &
		a=$!
		"$agent" apply --yes --root "$tree" --disks "$disks" --offline >"$work/b" 2>&1 &
		b=$!
		sa=0 sb=0
		wait "$a" || sa=$?
		wait "$b" || sb=$?
		case $sa:$sb in
		0:0 | 0:1 | 1:0) ;;
		*) complain "two at once ended with $sa and $sb" "$(cat "$work/a" "$work/b")" ;;
		esac
		agent verify --json
		[ "$(jq .verify.bootable "$work/out")" = true ] ||
			complain "round $i: it does not boot" "$(cat "$work/a" "$work/b")"
		agent undo --yes
		ends 0
		unchanged "round $i: undo"
	done
}
attack_killed() {
	local i pid
	for i in $(seq 1 40); do
		guest debian-12-layout3
		remember
		"$agent" apply --yes --root "$tree" --disks "$disks" --offline >/dev/null 2>&1 &
		pid=$!
		sleep "0.0$((i % 10))$((i / 10))"
		kill -9 "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
		agent apply --yes --json
		ends 0
		agent verify
		ends 0
		agent undo --yes
		ends 0
		unchanged "killed the ${i}th time"
		find "$tree" -name '.*xvd2vd*' >"$work/left"
		[ ! -s "$work/left" ] || complain "something is left behind" "$(cat "$work/left")"
	done
}
