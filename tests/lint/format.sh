#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All C is as clang-format would write it.
set -eu -o pipefail

cd "$(dirname "$0")/../.."
command -v clang-format >/dev/null || {
	echo "format.sh: clang-format is missing: apt-get install clang-format" >&2
	exit 1
}
tests/lint/files c | xargs clang-format --dry-run -Werror
