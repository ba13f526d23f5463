#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The checks of docs/REPAIRS.md are those that the reports of the healthy golden guests show,
# and for each there is a broken guest that fails it: no check vanishes unnoticed.
set -eu -o pipefail

cd "$(dirname "$0")/../.."
command -v jq >/dev/null || {
	echo "verify-ids.sh: jq is missing: apt-get install jq" >&2
	exit 1
}
# shellcheck disable=SC2016 # backquotes of Markdown
documented=$(sed -n '/^## Would it boot/,/^## /s/^| `\([a-z-]*\)` .*/\1/p' docs/REPAIRS.md | sort)
shown=$(jq -r 'select(.verify.bootable).verify.checks[].id' tests/guests/*/report.json | sort -u)
broken=$(sed -n 's/^fails //p' tests/guests/broken/* | sort -u)
status=0
[ -n "$documented" ] || {
	echo "docs/REPAIRS.md lists no checks"
	status=1
}
diff <(echo "$documented") <(echo "$shown") >/dev/null || {
	echo "docs/REPAIRS.md and what healthy guests show differ:"
	diff <(echo "$documented") <(echo "$shown") || status=1
}
diff <(echo "$documented") <(echo "$broken") >/dev/null || {
	echo "docs/REPAIRS.md and the broken guests differ:"
	diff <(echo "$documented") <(echo "$broken") || status=1
}
exit $status
