#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cppcheck finds nothing in the agent and the launcher. Not leaks: it does not know the cleanup
# attribute; the tests run with LeakSanitizer.
set -eu -o pipefail

cd "$(dirname "$0")/../.."
command -v cppcheck >/dev/null || {
	echo "cppcheck.sh: cppcheck is missing: apt-get install cppcheck" >&2
	exit 1
}
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	--error-exitcode=1 -j 2 -I agent -I packaging -D_GNU_SOURCE \
	-D__GNUC__=12 '-DXVD2VD_VERSION="x"' '-DXVD2VD_RESCUE_DIR="x"' \
	--suppress=missingIncludeSystem --suppress=memleak \
	--include=tests/lint/cppcheck-model.h \
	agent packaging/host
