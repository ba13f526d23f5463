#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every source says its licence in its first line; a script in its second, behind #!.
set -eu -o pipefail

cd "$(dirname "$0")/../.."
{
	tests/lint/files c
	tests/lint/files cmake
	tests/lint/files shell
} | xargs awk '
	function judge() {
		if (name && !found) {
			print name ": no SPDX-License-Identifier in its first line"
			bad = 1
		}
	}
	FNR == 1 {
		judge()
		name = FILENAME
		found = 0
		script = /^#!/
	}
	FNR == 1 + script && /SPDX-License-Identifier: GPL-2\.0-or-later/ { found = 1 }
	FNR > 2 { nextfile }
	END {
		judge()
		exit bad
	}'
