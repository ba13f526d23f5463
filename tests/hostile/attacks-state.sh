# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # run has set and reads these
# The agent's own folder in the guest, in the hands of someone else.

state=var/lib/xvd2vd
attack_state_link_out() {
	guest debian-12-layout3
	rm -rf "${tree:?}/$state"
	ln -s "../../../../../../../..$outside" "$tree/$state"
	remember
	agent apply --yes
	[ "$status" = 0 ] || unchanged apply
	rm "$tree/$state"
	guest debian-12-layout3
	ln -s "$outside" "$tree/$state"
	remember
	agent apply --yes
	ends 0 1
	[ "$status" = 0 ] || unchanged apply
}
attack_state_var_link_out() {
	guest debian-12-layout3
	rm -rf "$tree/var/lib"
	ln -s "$outside" "$tree/var/lib"
	remember
	agent apply --yes
}
attack_state_special() {
	local how
	for how in fifo socket folder kcore loop huge; do
		guest debian-12-layout3
		spoil "$state" "$how"
		remember
		agent apply --yes
		[ "$status" = 0 ] || unchanged apply
		guest debian-12-layout3
		mkdir -p "$tree/$state"
		spoil "$state/lock" "$how"
		remember
		agent apply --yes
		[ "$status" = 0 ] || unchanged apply
		agent undo --yes
		guest debian-12-layout3
		mkdir -p "$tree/$state/000001"
		spoil "$state/000001/journal" "$how"
		remember
		agent apply --yes
		[ "$status" = 0 ] || unchanged apply
	done
}
attack_state_is_a_file() {
	guest debian-12-layout3
	echo >"$tree/$state"
	remember
	agent apply --yes
	ends 1
	says "/$state"
	unchanged apply
	agent undo --yes
	agent status
}
attack_journal_garbage() {
	guest debian-12-layout3
	mkdir -p "$tree/$state/000001"
	perl -e 'srand 5; print chr int rand 256 for 1 .. 100000' >"$tree/$state/000001/journal"
	remember
	agent apply --yes
	[ "$status" = 0 ] || { says journal; unchanged apply; }
	agent undo --yes
	agent status
}
# Each of its bytes could be a frame's beginning, and each frame is long.
attack_journal_frames() {
	guest debian-12-layout3
	mkdir -p "$tree/$state/000001"
	perl -e 'print "XVJ1", pack("VVVV", 4 << 20, 9, 0, 0) for 1 .. 400000' \
		>"$tree/$state/000001/journal"
	remember
	agent apply --yes
	[ "$status" = 0 ] || { says journal; unchanged apply; }
}
# One good frame of records that each name another path.
attack_journal_records() {
	guest debian-12-layout3
	mkdir -p "$tree/$state/000001"
	perl -e '
		my @crc = map { my $c = $_; $c = $c & 1 ? $c >> 1 ^ 0x82f63b78 : $c >> 1 for 1 .. 8; $c } 0 .. 255;
		my $data = pack "CVV/a", 1, 2, "000001";
		$data .= pack "CV/ax49", 3, "/x$_" for 1 .. 120000;
		my $head = "XVJ1" . pack "VVV", length $data, 1, 0;
		my $sum = 0xffffffff;
		$sum = $crc[($sum ^ $_) & 255] ^ $sum >> 8 for unpack "C*", $head . $data;
		print $head, pack("V", $sum ^ 0xffffffff), $data' >"$tree/$state/000001/journal"
	remember
	agent status
	says '000001'
	agent apply --yes
	ends 1
	says 'more records'
	unchanged apply
}
# What was changed has grown beyond all measure since.
attack_undo_huge() {
	guest debian-12-layout3
	remember
	agent apply --yes
	truncate -s 1T "$tree/etc/fstab"
	remember
	agent undo --yes
	ends 3
	says 'changed since.*/etc/fstab'
	unchanged undo
	agent undo --yes /etc/fstab
	ends 0
	cmp -s "$tree/etc/fstab" "$work/case-debian-12-layout3/etc/fstab" ||
		complain "fstab is not what it was"
}
# Two runs stand over each other: each undo says what is left.
attack_undo_in_turn() {
	guest debian-12-layout3
	remember
	agent apply --yes
	agent undo --yes /etc/fstab
	agent apply --yes
	agent undo --yes
	ends 0
	says 'run 000001 is still in place'
	agent undo --yes
	ends 0
	! grep -q 'still in place' "$work/out" || complain "says that a run is left"
	unchanged undo
}
attack_journals_many() {
	guest debian-12-layout3
	mkdir -p "$tree/$state"
	(cd "$tree/$state" || exit
		seq -f '%06g' 2000 | xargs mkdir
		seq -f '%06g/journal' 2000 | xargs truncate -s 60M)
	remember
	agent apply --yes
	[ "$status" = 0 ] || unchanged apply
}
attack_journal_ids() {
	guest debian-12-layout3
	mkdir -p "$tree/$state/999999999"
	remember
	agent apply --yes
	agent undo --yes
	[ "$status" = 0 ] || unchanged apply
}
attack_status_forged() {
	guest debian-12-layout3
	mkdir -p "$tree/$state"
	printf '{"result":"\033[2J\033]0;owned\007"}\n' >"$tree/$state/report.json"
	remember
	agent status
	agent status --json
	printf 'not json at all\n' >"$tree/$state/report.json"
	agent status --json
}
attack_status_no_report() {
	guest debian-12-layout3
	remember
	agent apply --yes
	rm "$tree/$state/report.json"
	mkfifo "$tree/$state/report.json"
	agent status
	ends 0
	grep -q 'message .*report.json' "$work/out" || complain "status: nothing of the fifo" "$(cat "$work/out")"
	grep -q '^history .*000001' "$work/out" || complain "status: no history" "$(cat "$work/out")"
	agent status --json
	ends 0
}
attack_locked() {
	guest debian-12-layout3
	agent apply --yes
	agent undo --yes
	remember
	# As another xvd2vd would hold it.
	perl -e 'open F, "+>>", $ARGV[0] or die; my $l = pack "ssx4qqi", 1, 0, 0, 0, 0;
		fcntl F, 37, $l or die "lock: $!"; print "held\n"; $| = 1; sleep 60' \
		"$tree/$state/lock" >"$work/holder" &
	local holder=$! i
	for i in $(seq 50); do sleep 0.1; [ ! -s "$work/holder" ] || break; done
	agent apply --yes
	kill "$holder"
	wait "$holder" 2>/dev/null || :
	ends 1
	says 'another xvd2vd'
	unchanged apply
}
