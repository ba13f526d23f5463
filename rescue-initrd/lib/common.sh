# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the scripts of the rescue system share: messages, the cache folder, the clock.

say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "${0##*/}: $*"
	exit 1
}

# need TOOL PACKAGE: stop with one line saying what to install.
need() {
	command -v "$1" >/dev/null 2>&1 || die "$1 is missing: apt-get install $2"
}

# Where downloads and unpacked packages stay between runs.
cache_dir() {
	printf '%s\n' "${XVD2VD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/xvd2vd}"
}

# The one time stamp of everything built: the last commit's, or 0 outside git.
source_date_epoch() {
	local project=$1

	printf '%s\n' "${SOURCE_DATE_EPOCH:-$(git -C "$project" log -1 --format=%ct \
		2>/dev/null || echo 0)}"
}
