# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Debian's libkmod is linked to OpenSSL, to print who signed a module. udevd never asks, and
# the 5 MB of libcrypto would be unpacked and mapped at every boot. A library with just the
# symbols libkmod names stands in; each answers "no", which libkmod takes for "not signed".

# nocrypto_replace TREE...: the first tree has libkmod and libcrypto; no program or library of
# any tree but libkmod may use libcrypto.
nocrypto_replace() {
	local libdir=$1/usr/lib/x86_64-linux-gnu file work
	local -a symbols

	while read -r file; do
		case $file in
		*/libkmod.so.2) ;;
		*) die "$file needs the real libcrypto: see lib/nocrypto.sh" ;;
		esac
	done < <(find "$@" -type f -exec grep -lsE 'libcrypto\.so\.3' {} + |
		while read -r file; do
			! pick_needed "$file" | grep -qx 'libcrypto.so.3' || echo "$file"
		done)

	need gcc gcc
	mapfile -t symbols < <(LC_ALL=C readelf -W --dyn-syms "$libdir/libkmod.so.2" |
		sed -n 's/.* UND \([A-Za-z0-9_]*\)@OPENSSL_3\.0\.0.*/\1/p' | LC_ALL=C sort -u)
	[ "${#symbols[@]}" -gt 0 ] || die "libkmod uses nothing of libcrypto: drop nocrypto.sh"
	work=$(mktemp -d)
	printf 'void *%s(void) { return 0; }\n' "${symbols[@]}" >"$work/stub.c"
	{
		printf 'OPENSSL_3.0.0 {\n'
		printf '\t%s;\n' "${symbols[@]}"
		printf '};\n'
	} >"$work/map"
	gcc -Os -w -fno-builtin -shared -nostdlib -s -Wl,-soname,libcrypto.so.3 \
		-Wl,--build-id=none -Wl,--version-script="$work/map" \
		-o "$libdir/libcrypto.so.3" "$work/stub.c"
	rm -r "$work"
}
