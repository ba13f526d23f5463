# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # run has set and reads these
# Initramfs images and module indexes that mean harm.

attack_image_cut() {
	local size at
	guest debian-12-layout3
	size=$(stat -c %s "$tree/$initrd")
	for at in 0 1 5 100 $((size / 2)) $((size - 1)); do
		guest debian-12-layout3
		truncate -s "$at" "$tree/$initrd"
		refuses initrd
	done
}
attack_image_garbage() {
	perl -e 'srand 1; print chr int rand 256 for 1 .. 300000' | image_refused
	{ printf '\x1f\x8b\x08'; perl -e 'srand 2; print chr int rand 256 for 1 .. 9999'; } | image_refused
	{ printf '\xfd7zXZ\0'; perl -e 'srand 3; print chr int rand 256 for 1 .. 9999'; } | image_refused
	{ printf '\x28\xb5\x2f\xfd'; perl -e 'srand 4; print chr int rand 256 for 1 .. 9999'; } | image_refused
	{ printf '\x5d\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff'; zeros 1; } | image_refused
}
attack_image_special() {
	local how
	for how in huge fifo folder socket kcore absolute dots loop; do
		guest debian-12-layout3
		spoil "$initrd" "$how"
		refuses initrd
	done
}
attack_bomb_zstd() { zeros 4096 | zstd -q -1 | image_refused; }
attack_bomb_gzip() {
	zeros 512 | gzip -1 >"$work/bomb"
	for _ in 1 2 3 4 5 6 7 8; do cat "$work/bomb"; done | image_refused
}
attack_bomb_xz() {
	zeros 256 | xz -0 -T1 >"$work/bomb"
	for _ in 1 2 3 4 5 6 7 8; do cat "$work/bomb"; done | image_refused
}
# A window that the kernel would not allocate either.
attack_bomb_window() { zeros 64 | zstd -q --ultra --long=31 -1 | image_refused; }
attack_segments() {
	# A million archives of nothing but their trailer, one compressed in the other's place.
	printf '' | cpio -o -H newc --quiet | gzip >"$work/empty"
	perl -e 'local $/; my $x = <>; print $x x 200000' "$work/empty" | image_refused
}
attack_archive_long_names() { "$here/make-archive" long-names | zstd -q | image_refused; }
attack_archive_many_wanted() { "$here/make-archive" many-wanted | zstd -q | image_refused; }
attack_archive_many_members() { "$here/make-archive" many-members | zstd -q | image_refused; }
attack_archive_many_links() { "$here/make-archive" many-links | zstd -q | image_refused; }
attack_archive_size_lies() { "$here/make-archive" size-lies | image_refused; }
attack_archive_size_wraps() { "$here/make-archive" size-wraps | image_refused; }
attack_archive_name_lies() { "$here/make-archive" name-lies | image_refused; }
attack_archive_names_out() { "$here/make-archive" names-out | image_refused; }

# One bomb is bounded; a folder full of them must be as well.
attack_bombs() {
	guest debian-12-layout3
	zeros 1000 | zstd -q -1 >"$work/bomb"
	for i in $(seq 60); do ln "$work/bomb" "$tree/boot/initrd.img-$i"; done
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
attack_name_bombs() {
	guest debian-12-layout3
	"$here/make-archive" many-wanted | sed 's/modules\.dep/modules.xyz/g' | zstd -q >"$work/bomb"
	for i in $(seq 60); do ln "$work/bomb" "$tree/boot/initrd.img-$i"; done
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}

modules=usr/lib/modules/6.1.0-18-amd64
attack_modules() {
	local how
	for how in huge fifo folder socket kcore absolute dots loop missing; do
		guest debian-12-layout3
		spoil "$modules/kernel/drivers/block/virtio_blk.ko" "$how"
		refuses virtio_blk
	done
}
attack_modules_dep() {
	local how
	for how in huge fifo folder socket kcore absolute dots loop; do
		guest debian-12-layout3
		spoil "$modules/modules.dep" "$how"
		refuses .
	done
}
attack_modules_dep_cycle() {
	guest debian-12-layout3
	sed -i 's,^\(kernel/drivers/virtio/virtio.ko:\).*,\1 kernel/drivers/block/virtio_blk.ko,' \
		"$tree/$modules/modules.dep"
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
attack_modules_dep_long_line() {
	guest debian-12-layout3
	perl -e 'print "kernel/x.ko:", " kernel/drivers/virtio/virtio.ko" x 200000, "\n";
		print "kernel/drivers/block/virtio_blk.ko:", " kernel/x.ko" x 100000, "\n"' \
		>>"$tree/$modules/modules.dep"
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
# Each module needs all that come behind it.
attack_modules_dep_deep() {
	guest debian-12-layout3
	sed -i 's,^\(kernel/drivers/virtio/virtio.ko:\).*,\1 kernel/m1.ko,' "$tree/$modules/modules.dep"
	awk 'BEGIN { for (i = 1; i < 60000; i++) printf "kernel/m%d.ko: kernel/m%d.ko kernel/m%d.ko\n", i, i + 1, i + 2 }' \
		>>"$tree/$modules/modules.dep"
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
# A driver that needs a hundred thousand others.
attack_modules_dep_wide() {
	guest debian-12-layout3
	perl -i -pe 'if (m,^kernel/drivers/virtio/virtio\.ko:,) { chomp; $_ .= " kernel/m$_.ko" for 1 .. 100000; $_ .= "\n" }
		if (eof) { $_ .= "kernel/m$_.ko:\n" for 1 .. 100000 }' "$tree/$modules/modules.dep"
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
# An image without indexes, whose many modules are each looked for in a long modules.dep.
attack_index_search() {
	guest debian-12-layout3
	awk 'BEGIN { for (i = 0; i < 200000; i++) printf "kernel/filler/some/where/x%d.ko:\n", i }' \
		>>"$tree/$modules/modules.dep"
	"$here/make-archive" image-of-modules | zstd -q >"$tree/$initrd"
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
attack_modules_dep_dots() {
	guest debian-12-layout3
	sed -i 's,kernel/drivers/virtio/virtio_ring.ko,../../../../../etc/shadow,g' "$tree/$modules/modules.dep"
	echo 'root:secret' >"$tree/etc/shadow"
	remember
	agent plan --json
	agent apply --yes --json
	case $status in 0 | 4) ;; *) unchanged apply ;; esac
}
