#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-tidy (.clang-tidy) finds nothing in the agent and the launcher (but err.c,
# which tidy-model.h redefines). Files given as
# arguments are looked at instead of all.
set -eu -o pipefail

cd "$(dirname "$0")/../.."
command -v clang-tidy >/dev/null || {
	echo "tidy.sh: clang-tidy is missing: apt-get install clang-tidy" >&2
	exit 1
}
# It needs the compiler's arguments only, nothing that is built.
commands=$(mktemp -d)
trap 'rm -rf "$commands"' EXIT
cmake --preset clang -DXVD2VD_TESTS=OFF -B "$commands" >"$commands/log" || {
	tail -n 5 "$commands/log"
	exit 1
}
[ $# -gt 0 ] || mapfile -t set < <(tests/lint/files c | grep -E '^(agent|packaging/host)/.*\.c$' |
	grep -vxF agent/base/err.c)
[ $# -eq 0 ] || set=("$@")
# What is known to be wrong (tidy.known) does not count.
found=$commands/found
printf '%s\n' "${set[@]}" | xargs -P 2 -n 4 clang-tidy --quiet -p "$commands" \
	--extra-arg=-include --extra-arg="$PWD/tests/lint/tidy-model.h" >"$found" 2>"$commands/log" || :
awk -v here="$PWD/" '
	NR == FNR { if (!/^#/) known[$1 " " $2] = 1; next }
	/: (error|warning): / {
		file = $0
		sub(/:.*/, "", file)
		if (index(file, here) == 1)
			file = substr(file, length(here) + 1)
		check = $0
		sub(/.*\[/, "", check)
		sub(/[],].*/, "", check)
		show = !((file " " check) in known)
		if (show)
			bad = 1
	}
	show
	END { exit bad }' tests/lint/tidy.known "$found"
