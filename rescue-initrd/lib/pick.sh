# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Copies the files the lists name out of the unpacked packages into a staging tree with a
# merged /usr, and finds the shared libraries they need.

# bin/x, sbin/x and lib/x live below usr/ in the initramfs; the old names are links.
pick_merged() {
	case $1 in
	bin/* | sbin/* | lib/* | lib64/*) printf 'usr/%s\n' "$1" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# pick_copy FROM STAGE NAME
pick_copy() {
	mkdir -p "$2/$(dirname "$3")"
	cp -dp "$1" "$2/$3"
}

# The skeleton both segments share, so that either can be unpacked first.
pick_skeleton() {
	local stage=$1 name

	for name in bin sbin lib lib64; do
		mkdir -p "$stage/usr/$name"
		ln -s "usr/$name" "$stage/$name"
	done
}

# pick_list LIST PACKAGES STAGE
pick_list() {
	local list=$1 packages=$2 stage=$3 package file third rest name

	while read -r package file third rest; do
		case $package in
		'' | '#'*) continue ;;
		esac
		[ -z "$rest" ] || die "$list: too many columns: $package $file"
		name=$(pick_merged "${third:-$file}")
		if [ "$package" != - ]; then
			[ -e "$packages/$package/$file" ] ||
				die "$list: $package has no $file"
			pick_copy "$packages/$package/$file" "$stage" "$name"
		elif [ "${file%/}" != "$file" ]; then
			mkdir -p "$stage/$file"
		else
			mkdir -p "$stage/$(dirname "$file")"
			ln -s "$third" "$stage/$file"
		fi
	done <"$list"
}

# The sonames an ELF file asks for; nothing for other files.
pick_needed() {
	LC_ALL=C readelf -d "$@" 2>/dev/null |
		sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | LC_ALL=C sort -u
}

# pick_libraries PACKAGES STAGE [BASE]: the closure of shared libraries of everything in
# STAGE; what the tree BASE already has is left out.
pick_libraries() {
	local packages=$1 stage=$2 base=${3-$2} soname from todo=1
	local libdir=usr/lib/x86_64-linux-gnu
	local -a files

	while [ "$todo" = 1 ]; do
		todo=0
		mapfile -t files < <(find "$stage/usr" -type f \( -perm -100 -o -name '*.so*' \))
		for soname in $(pick_needed "${files[@]}"); do
			for from in "$stage" "$base"; do
				[ ! -e "$from/$libdir/$soname" ] || continue 2
				[ ! -e "$from/usr/lib64/$soname" ] || continue 2
			done
			from=$(pick_find_library "$packages" "$soname")
			case $soname in
			ld-linux-*) pick_copy "$(readlink -e "$from")" "$stage" \
				"usr/lib64/$soname" ;;
			*) pick_copy "$(readlink -e "$from")" "$stage" "$libdir/$soname" ;;
			esac
			todo=1
		done
	done
}

pick_find_library() {
	local packages=$1 soname=$2 path

	for path in "$packages"/*/lib/x86_64-linux-gnu/"$soname" \
		"$packages"/*/usr/lib/x86_64-linux-gnu/"$soname"; do
		if [ -e "$path" ]; then
			printf '%s\n' "$path"
			return
		fi
	done
	die "no package of packages.list has the library $soname"
}
