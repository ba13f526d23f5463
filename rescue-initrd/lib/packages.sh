# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Fetches the rescue system's Debian packages and unpacks each into a folder of its own.
# Nothing is installed, and the network is not touched when the cache holds the set.

# The kernel package that Debian's meta package stands for today.
packages_kernel() {
	local meta=$1 name

	name=$(apt-cache depends --no-recommends --no-suggests "$meta" 2>/dev/null |
		awk '$1 == "Depends:" { print $2; exit }')
	[ -n "$name" ] || die "apt knows no $meta: apt-get update"
	printf '%s\n' "$name"
}

# packages_fetch LIST META_KERNEL CACHE [refresh]: prints the folder that holds
# <package>/..., kernel/... and MANIFEST (name and version of each).
packages_fetch() {
	local list=$1 meta=$2 cache=$3 refresh=${4-} key dir tmp kernel deb name
	local -a names

	mapfile -t names < <(sed 's/#.*//' "$list" | awk 'NF { print $1 }')
	key=$(printf '%s\n' "$meta" "${names[@]}" | sha256sum | cut -c1-16)
	dir=$cache/rescue-$key
	if [ -f "$dir/MANIFEST" ] && [ -z "$refresh" ]; then
		printf '%s\n' "$dir"
		return
	fi

	need apt-get apt
	need dpkg-deb dpkg
	kernel=$(packages_kernel "$meta")
	tmp=$dir.new.$$
	mkdir -p "$tmp/debs"
	say "rescue: fetching $kernel and ${#names[@]} packages"
	(cd "$tmp/debs" && apt-get -qq -o APT::Sandbox::User=root \
		download "$kernel" "${names[@]}" >/dev/null) ||
		die "some packages could not be fetched: apt-get update"
	for deb in "$tmp"/debs/*.deb; do
		name=$(dpkg-deb -f "$deb" Package)
		dpkg-deb -f "$deb" Package Version | awk '{ printf "%s%s", $2, NR % 2 ? " " : "\n" }'
		[ "$name" != "$kernel" ] || name=kernel
		dpkg-deb -x "$deb" "$tmp/$name"
	done | LC_ALL=C sort >"$tmp/manifest"
	rm -r "$tmp/debs"
	mv "$tmp/manifest" "$tmp/MANIFEST"
	rm -rf "$dir"
	mv "$tmp" "$dir"
	printf '%s\n' "$dir"
}
