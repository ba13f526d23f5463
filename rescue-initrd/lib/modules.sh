# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Chooses kernel modules with everything they depend on, and writes the indexes that modprobe
# and libkmod read for just these.

# modules_index PACKAGES: depmod over the whole kernel package, once.
modules_index() {
	local kernel=$1/kernel release

	release=$(modules_release "$1")
	[ -f "$kernel/lib/modules/$release/modules.dep" ] || depmod -b "$kernel" "$release"
}

modules_release() {
	(cd "$1/kernel/lib/modules" && echo *)
}

# modules_closure LIST SEGMENT DIR: the paths below DIR (lib/modules/<release>) of the
# segment's modules and of all they need, in no order.
modules_closure() {
	awk -v segment="$2" '
		function canonical(path) {
			sub(/.*\//, "", path)
			sub(/\.ko(\..*)?$/, "", path)
			gsub(/-/, "_", path)
			return path
		}
		FILENAME ~ /modules\.builtin$/ { builtin[canonical($1)] = 1; next }
		FILENAME ~ /modules\.dep$/ {
			sub(/:$/, "", $1)
			path[canonical($1)] = $1
			$1 = $1
			deps[canonical($1)] = $0
			next
		}
		/^#/ || NF == 0 || $1 != segment { next }
		{
			name = canonical($2)
			if (name in path) {
				n = split(deps[name], all, " ")
				for (i = 1; i <= n; i++)
					print all[i]
			} else if (!(name in builtin) && $3 != "?") {
				print FILENAME ": the kernel has no module " $2 >"/dev/stderr"
				exit 1
			}
		}' "$3/modules.builtin" "$3/modules.dep" "$1"
}

# modules_stage LIST PACKAGES MAIN TOOLS: fills both staging trees. The indexes cover the
# modules of both, and are in MAIN.
modules_stage() {
	local list=$1 packages=$2 main=$3 tools=$4 release from dir path both

	modules_index "$packages"
	release=$(modules_release "$packages")
	from=$packages/kernel/lib/modules/$release
	dir=usr/lib/modules/$release
	mkdir -p "$main/$dir" "$tools/$dir"
	modules_closure "$list" main "$from" | while read -r path; do
		pick_copy "$from/$path" "$main" "$dir/$path"
	done
	modules_closure "$list" tools "$from" | while read -r path; do
		[ -e "$main/$dir/$path" ] || pick_copy "$from/$path" "$tools" "$dir/$path"
	done

	both=$(mktemp -d)
	mkdir -p "$both/lib/modules"
	cp -a "$tools/$dir" "$both/lib/modules/"
	cp -a "$main/$dir/." "$both/lib/modules/$release/"
	cp "$from/modules.builtin" "$from/modules.builtin.modinfo" "$from/modules.order" \
		"$both/lib/modules/$release/"
	depmod -b "$both" "$release"
	rm -f "$both/lib/modules/$release"/modules.symbols*
	cp "$both/lib/modules/$release"/modules.* "$main/$dir/"
	rm -r "$both"
}
