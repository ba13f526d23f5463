#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All shell scripts pass shellcheck, and say what errors do: `set -eu`, or `set -u` where a
# script goes on by intent (an init).
set -eu -o pipefail

cd "$(dirname "$0")/../.."
command -v shellcheck >/dev/null || {
	echo "shell.sh: shellcheck is missing: apt-get install shellcheck" >&2
	exit 1
}
# Not: '$' in single quotes, which are programs of jq and awk; a cd that nobody checks, since
# set -e does.
status=0
tests/lint/files shell | xargs shellcheck -x -P SCRIPTDIR -e SC2016,SC2164 ||
	status=1
while IFS= read -r file; do
	# A file without #! is sourced: the script that does it has set them.
	head -n 1 "$file" | grep -q '^#!' || continue
	grep -qE '^set -[a-z]*u' "$file" && continue
	echo "$file: no set -eu (or set -u)"
	status=1
done < <(tests/lint/files shell)
exit $status
