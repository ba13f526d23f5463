# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # run has set and reads these
# Descriptions of machines (--disks) that no machine has.

# machine: --disks from standard input; it is wrong, and no guest can make it right
bad_machine() {
	guest debian-12-layout3
	cat >"$work/disks.json"
	disks=$work/disks.json
	remember
	agent plan --json
	ends 2 3
	agent apply --yes
	ends 2 3
	says "${1:-disks.json}"
	unchanged apply
}
attack_disks_garbage() {
	printf '' | bad_machine
	echo '{' | bad_machine
	echo '[]' | bad_machine
	echo 'null' | bad_machine
	echo '{}' | bad_machine
	echo '{"disks":[],"disks":[]}' | bad_machine
	printf '{"disks":[{"name":"v\0da"}]}' | bad_machine
	printf '{"disks":[{"name":"\xff\xfe"}]}' | bad_machine
	perl -e 'srand 6; print chr int rand 256 for 1 .. 100000' | bad_machine
	perl -e 'print "[" x 500000' | bad_machine
	perl -e 'print "{\"disks\":", "[" x 3000, "]" x 3000, "}"' | bad_machine
	zeros 2 | tr '\0' ' ' | bad_machine
}
attack_disks_types() {
	local what
	for what in 1 '"x"' '{}' '[1]' '[[]]' '[{}]' '[{"name":1}]' '[{"name":""}]' \
		'[{"name":"vda","size":-1}]' '[{"name":"vda","size":1e9}]' \
		'[{"name":"vda","size":99999999999999999999}]' '[{"name":"vda","size":"1"}]' \
		'[{"name":"vda","parts":{}}]' '[{"name":"vda","parts":[{"name":"vda1","number":4294967297}]}]' \
		'[{"name":"vda","on":[1]}]'; do
		echo "{\"disks\":$what,\"root\":\"/dev/vda1\"}" | bad_machine
	done
	echo '{"disks":[],"nets":[1],"root":"/dev/vda1"}' | bad_machine
	echo '{"disks":[],"nets":{},"root":"/dev/vda1"}' | bad_machine
	echo '{"disks":[],"root":1}' | bad_machine
	echo '{"disks":[],"root":"/dev/vda1"}' | bad_machine vda1
	echo '{"disks":[{"name":"vda"}],"root":"/dev/vdz"}' | bad_machine vdz
	echo '{"disks":[{"name":"vda"}]}' | bad_machine root
}
attack_disks_many() {
	local what
	jq -n '{disks: [range(1100) | {name: "vd\(.)", parts: []}], root: "/dev/vd1"}' | bad_machine
	# More than a machine has, and volumes that lie on each other in a circle.
	for what in \
		'{disks: [range(1000) | {name: "vd\(.)", on: ["vd\(. + 1)"]}], root: "/dev/vd1"}' \
		'{disks: [{name: "vda"}], volumes: [range(1000) | {name: "v\(.)",
			on: ["v\((. + 1) % 1000)", "v\((. + 2) % 1000)"]}], root: "/dev/v0"}'; do
		guest debian-12-layout3
		disks=$work/disks.json
		jq -n "$what" >"$disks"
		remember
		agent plan --json
		agent apply --yes --json
		case $status in 0 | 4) ;; *) unchanged apply ;; esac
	done
}
attack_disks_special() {
	guest debian-12-layout3
	remember
	for disks in "$work" /dev/zero /dev/null "$work/not-there" ''; do
		[ -n "$disks" ] || continue
		agent plan --json
		ends 2
		[ -s "$work/err" ] || complain "$disks: nothing is said"
	done
	mkfifo "$work/fifo.$$"
	disks=$work/fifo.$$
	agent plan --json
	ends 2
}
# Volumes with numbers, disks that lie on others, a root that is all of it.
attack_disks_confused() {
	local what
	for what in \
		'{"disks":[],"volumes":[{"name":"v0","number":1,"type":"ext4"}],"root":"/dev/v0"}' \
		'{"disks":[],"volumes":[{"name":"v0","number":1,"on":["v0"],"type":"ext4"}],"root":"/dev/v0"}' \
		'{"disks":[{"name":"vda","number":1,"on":["vda1"],"parts":[{"name":"vda","number":1,"on":["vda"]}]}],"root":"/dev/vda"}' \
		'{"disks":[{"name":"vda","parts":[{"name":"vda1","number":0}]}],"volumes":[{"name":"vda1","on":["nowhere"]}],"root":"/dev/vda1"}'; do
		guest debian-12-layout3
		disks=$work/disks.json
		echo "$what" >"$disks"
		remember
		agent scan --json
		agent plan --json
		agent apply --yes --json
		case $status in 0 | 4) ;; *) unchanged apply ;; esac
	done
}
# How a shell hands over what another program prints, and how people keep files.
attack_disks_linked() {
	guest debian-12-layout3
	remember
	ln -sf "$(realpath "$disks")" "$work/linked.json"
	disks=$work/linked.json
	agent plan --json
	ends 0
}
