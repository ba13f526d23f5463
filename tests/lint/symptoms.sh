#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each row of docs/SYMPTOMS.md names tests, and each test that it names exists.
set -eu -o pipefail

cd "$(dirname "$0")/../.."
tests/run --all --list | awk '
	FNR == NR { exists[$1] = 1; next }
	!/^\|/ || /^\| symptom/ || /^\| ---/ { next }
	{
		rows++
		n = split($0, cell, /\|/)
		tests = split(cell[n - 1], test, "`")
		if (n != 6 || tests < 3) {
			print FILENAME ":" FNR ": no test is named"
			bad = 1
		}
		for (i = 2; i <= tests; i += 2)
			if (!(test[i] in exists)) {
				print FILENAME ":" FNR ": " test[i] ": no such test"
				bad = 1
			}
	}
	END {
		if (!rows)
			print FILENAME ": no rows"
		exit bad || !rows
	}' - docs/SYMPTOMS.md
