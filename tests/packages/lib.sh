# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of packages share: a source tree without git to build from, and lists of files.
#   XVD2VD_BUILD  a release build, for its static libraries (default: build of the project)

packages_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$packages_here/../.." && pwd)
# shellcheck source=../../rescue-initrd/lib/common.sh
. "$project/rescue-initrd/lib/common.sh"
# shellcheck source=blocks.sh
. "$packages_here/blocks.sh"
build=${XVD2VD_BUILD:-$project/build}

fail() {
	echo "FAIL: $*"
	exit 1
}

step() {
	echo "== $* ($SECONDS s)"
}

clean_up() {
	local mounted

	for mounted in "$work"/*/{dev,proc,cache}; do
		! mountpoint -q "$mounted" || umount -R "$mounted"
	done
	rm -rf --one-file-system "$work"
}

# prepare: $work, $tarball, and $tree, which has no git above it.
prepare() {
	[ "$(id -u)" = 0 ] || die "run me as root"
	PATH=$PATH:/usr/sbin:/sbin
	XVD2VD_STATIC_LIBS=$(realpath "$build/static-libs")
	XVD2VD_CACHE=$(cache_dir)
	export XVD2VD_STATIC_LIBS XVD2VD_CACHE
	[ -f "$XVD2VD_STATIC_LIBS/stamp" ] || die "$build is no release build: cmake --preset release"
	work=$(mktemp -d "${TMPDIR:-/var/tmp}/xvd2vd-packages.XXXXXX")
	trap clean_up EXIT
	trap 'exit 1' HUP INT TERM
	tarball=$("$project/packaging/tarball" "$work")
	mkdir "$work/source"
	tar -xf "$tarball" -C "$work/source"
	tree=$(echo "$work"/source/*)
	[ ! -e "$tree/.git" ] || fail "the tarball has .git"
}

# build_twice KIND COMMANDS: packages in $work/one by these, which make them in the folder packages
# of the tree; and in $work/two of the tarball: the same bytes, though the second is of a user whose
# clock, umask, locale and folder are others.
build_twice() {
	local kind=$1 commands=$2 file

	step "$kind: the first build"
	(cd "$tree" && bash -eux -c "$commands") >"$work/log" 2>&1 ||
		{ tail -n 40 "$work/log"; fail "it does not build: $commands"; }
	mv "$tree/packages" "$work/one"
	step "$kind: the second build"
	mkdir -p "$work/elsewhere/a longer name"
	(
		umask 077
		TZ=Asia/Tokyo LC_ALL=C TMPDIR="$work/elsewhere" \
			"$tree/packaging/$kind/build" --tarball "$tarball" -o "$work/two"
	) >"$work/log" 2>&1 || { tail -n 40 "$work/log"; fail "it does not build a second time"; }
	for file in "$work"/one/*."$kind"; do
		cmp "$file" "$work/two/${file##*/}" || fail "${file##*/}: two builds differ"
		echo "$(stat -c %s "$file") bytes, twice the same: ${file##*/}"
	done
}

# files_of TREE: its files with type, mode, owner and target, and the sums of their bytes; but
# for the package managers' own books.
files_of() (
	set -- "$1" -xdev '(' -path ./dev -o -path ./proc -o -path ./run -o -path ./cache \
		-o -path ./var/log -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/lib/rpm \
		-o -path ./var/cache/apt -o -path ./var/cache/ldconfig ')' -prune -o
	cd "$1"
	shift
	find . "$@" -printf '%p\t%y %m %U:%G %l\n' | LC_ALL=C sort
	find . "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum
)

# golden_into DIR: a golden guest as it was before, for an agent to plan its repair.
golden=debian-12-layout3
golden_into() {
	mkdir -p "$1"
	"$tree/tests/guests/make-tree" "$tree/tests/guests/$golden" "$1/tree"
	cp "$tree/tests/guests/$golden/machine.json" "$1/"
	find "$1/tree" | LC_ALL=C sort >"$work/golden.files"
}

# golden_plan DIR COMMAND...: what that agent plans for it is what it should be, and no more than
# a plan.
golden_plan() {
	local dir=$1

	shift
	"$@" plan --root "${golden_at-$dir}/tree" --disks "${golden_at-$dir}/machine.json" --offline \
		>"$work/plan" || fail "the installed agent does not plan: exit status $?"
	diff "$tree/tests/guests/$golden/plan.txt" "$work/plan" ||
		fail "the installed agent plans something else"
	find "$dir/tree" | LC_ALL=C sort | diff "$work/golden.files" - || fail "the plan changed the tree"
	echo "plan: as tests/guests/$golden has it"
}
