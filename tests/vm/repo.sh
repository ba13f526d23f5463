# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# A Debian repository of a few packages for guests that install something: the packages are
# the distribution's own, fetched once; the repository is served by this machine alone, which
# QEMU's user network shows to its guest as 10.0.2.2. Behind lib.sh.

repo_pid=

# repo_fetch DIR PACKAGE...: copies in DIR, from the cache.
repo_fetch() {
	local dir=$1 cache name

	shift
	need dpkg-scanpackages dpkg-dev
	cache=$(cache_dir)/debs
	mkdir -p "$cache/partial" "$dir"
	for name; do
		ls "$cache/${name}_"*.deb >/dev/null 2>&1 || (
			cd "$cache/partial" || exit
			rm -f "${name}_"*.deb
			apt-get -q download "$name" >"$work/apt.out" 2>&1 ||
				fail "cannot fetch $name: apt-get update first?"
			mv "${name}_"*.deb "$cache/"
		)
		cp "$cache/${name}_"*.deb "$dir/"
	done
}

# repo_index DIR
repo_index() {
	(cd "$1" && dpkg-scanpackages --multiversion . 2>/dev/null >Packages)
}

# repo_newer DIR PACKAGE: the one that is there gets a higher version than the guest's.
repo_newer() {
	local tree=$work/newer

	rm -rf "$tree"
	dpkg-deb --raw-extract "$1/$2"_*.deb "$tree"
	sed -i 's/^Version: .*/&+newer/' "$tree/DEBIAN/control"
	rm "$1/$2"_*.deb
	dpkg-deb --root-owner-group -Znone --build "$tree" "$1/$2_newer.deb" >/dev/null
	rm -rf "$tree"
}

# repo_depend DIR PACKAGE RELATION: one more that the package needs.
repo_depend() {
	local tree=$work/depend

	rm -rf "$tree"
	dpkg-deb --raw-extract "$1/$2"_*.deb "$tree"
	sed -i "s/^Depends: .*/&, $3/" "$tree/DEBIAN/control"
	grep -qF "$3" "$tree/DEBIAN/control" || fail "$2 depends on nothing"
	rm "$1/$2"_*.deb
	dpkg-deb --root-owner-group -Znone --build "$tree" "$1/$2_depends.deb" >/dev/null
	rm -rf "$tree"
}

# repo_serve DIR [PORT]: sets repo_port.
repo_serve() {
	need python3 python3
	python3 -u -m http.server "${2-0}" --bind 127.0.0.1 --directory "$1" >"$work/http.out" 2>&1 &
	repo_pid=$!
	repo_port=
	for _ in $(seq 100); do
		repo_port=$(sed -n 's/^Serving HTTP .* port \([0-9]*\) .*/\1/p' "$work/http.out")
		[ -z "$repo_port" ] || return 0
		sleep 0.1
	done
	fail "the HTTP server does not start"
}

repo_stop() {
	[ -z "$repo_pid" ] || kill "$repo_pid" 2>/dev/null || :
	repo_pid=
}

# repo_asked FILE: the guest has fetched it.
repo_asked() {
	grep -qF "$1" "$work/http.out" || fail "nobody asked the repository for $1"
}

# repo_use IMAGE: the guest's only source of packages, and nothing it knows of others.
repo_use() {
	mount -o loop "$1" "$work/mnt"
	rm -rf "$work/mnt/etc/apt/sources.list.d" "$work/mnt/var/lib/apt/lists"
	mkdir -p "$work/mnt/var/lib/apt/lists/partial"
	echo "deb [trusted=yes] http://10.0.2.2:$repo_port/ ./" >"$work/mnt/etc/apt/sources.list"
	umount "$work/mnt"
}

# in_image IMAGE PROGRAM...: of the guest's.
in_image() {
	local image=$1 failed=

	shift
	mount -o loop "$image" "$work/mnt"
	mount -t proc proc "$work/mnt/proc"
	LC_ALL=C DEBIAN_FRONTEND=noninteractive chroot "$work/mnt" "$@" >"$work/chroot.out" 2>&1 ||
		failed=yes
	umount "$work/mnt/proc" "$work/mnt"
	[ -z "$failed" ] || fail "in the guest: $*"
	rm "$work/chroot.out"
}

# installed IMAGE PACKAGE[=VERSION]...: the guest's database says so.
installed() {
	local image=$1 have want

	shift
	mount -t ext4 -o ro,noload,loop "$image" "$work/mnt"
	have=$(dpkg-query --admindir="$work/mnt/var/lib/dpkg" -W \
		-f '${db:Status-Status} ${Package}=${Version}\n')
	umount "$work/mnt"
	for want; do
		[[ $want = *=* ]] || want="$want="
		grep -qF "installed $want" <<<"$have" || fail "not installed: $want"
	done
}

# install_traces IMAGE WANT: of what installs a package at a start.
install_traces() {
	local found

	mount -t ext4 -o ro,noload,loop "$1" "$work/mnt"
	found=$(cd "$work/mnt" && find etc var/lib -path '*xvd2vd*' -name '*install*' |
		LC_ALL=C sort | paste -sd' ')
	umount "$work/mnt"
	[ "$found" = "$2" ] || fail "what installs it: \"$found\", want \"$2\""
}
