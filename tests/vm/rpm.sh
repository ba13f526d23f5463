# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# RPM packages for guests that stand in for those of Red Hat and SUSE: made by rpmbuild of what
# Debian's packages hold, since no other distribution runs in these tests. They have $work and
# die().

# rpm_build DIR NAME VERSION TREE [SCRIPT]: the files and links of the tree as a package; the
# script, for every sh, runs when it is installed. $provides: what it stands for.
rpm_build() {
	local dir=$1 name=$2 version=$3 tree=$4 script=${5-} top=$work/rpmbuild

	command -v rpmbuild >/dev/null || die "rpmbuild is missing: apt-get install rpm"
	rm -rf "$top"
	mkdir -p "$top" "$dir"
	(cd "$tree" && find . ! -type d -printf '/%P\n') >"$top/files"
	cat >"$top/spec" <<-END
		%global _build_id_links none
		%global debug_package %{nil}
		%global __os_install_post %{nil}
		%global _binary_payload w1.gzdio
		Name: $name
		Version: ${version%-*}
		Release: ${version##*-}
		Summary: stand-in
		License: as in Debian
		AutoReqProv: no
		${provides:+Provides: $provides}
		%description
		Made of what Debian's packages hold.
		%install
		cp -a "$tree/." "%{buildroot}"
		%files -f $top/files
		%defattr(-,root,root)
		%posttrans
		$script
	END
	rpmbuild -bb --quiet --define "_topdir $top" --define "_rpmdir $dir" \
		--define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
		--define "buildroot $top/root" --target x86_64 "$top/spec" \
		>"$top/log" 2>&1 || die "rpmbuild of $name: $(tail -n 5 "$top/log")"
	rm -rf "$top"
}

# rpm_deb NAME TREE: what a Debian package holds; fetched once.
rpm_deb() {
	local cache name=$1 tree=$2

	cache=$(cache_dir)/debs
	mkdir -p "$cache/partial"
	ls "$cache/${name}_"*.deb >/dev/null 2>&1 || (
		cd "$cache/partial" || exit
		apt-get -q download "$name" >"$work/apt.out" 2>&1 ||
			die "cannot fetch $name: apt-get update first?"
		mv "${name}_"*.deb "$cache/"
	)
	mkdir -p "$tree"
	dpkg-deb -x "$(find "$cache" -maxdepth 1 -name "${name}_*.deb" | tail -n 1)" "$tree"
}

# Drivers that such a guest may need; a whole kernel's take minutes to unpack in emulation.
rpm_drivers='virtio_pci virtio_blk virtio_net virtio_scsi xen-blkfront xen-netfront ext4
	crc32c_generic button evdev af_packet'

# rpm_kernel DIR NAME FLAVOUR DEBIAN: a kernel of Debian's by that name; FLAVOUR is stock, or
# xen: for Xen alone as far as its config says, and without any virtio driver. Prints its
# release.
rpm_kernel() {
	local dir=$1 name=$2 flavour=$3 debian=$4 from=$work/kernel tree=$work/kernel-rpm release

	rm -rf "$from" "$tree"
	rpm_deb "$debian" "$from"
	release=$(ls "$from/lib/modules")
	mkdir -p "$tree/boot" "$tree/lib/modules/$release"
	cp "$from/boot/vmlinuz-$release" "$from/boot/config-$release" "$tree/boot/"
	cp "$from/lib/modules/$release/"modules.{builtin,builtin.modinfo,order} \
		"$tree/lib/modules/$release/"
	depmod -b "$from" "$release"
	# shellcheck disable=SC2086
	for driver in $rpm_drivers; do
		modprobe -d "$from" -S "$release" --show-depends "$driver" 2>/dev/null || :
	done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r path; do
		path=${path#"$from/"}
		mkdir -p "$tree/${path%/*}"
		cp "$from/$path" "$tree/$path"
	done
	if [ "$flavour" = xen ]; then
		find "$tree/lib" -name '*virtio*.ko*' -delete
		sed -i 's/^CONFIG_XEN=y/&\nCONFIG_X86_64_XEN=y/' "$tree/boot/config-$release"
		grep -q '^CONFIG_X86_64_XEN=y' "$tree/boot/config-$release" || die "config of $release"
	fi
	[[ $release =~ ^[0-9.]+-[0-9]+ ]] || die "a strange release: $release"
	rpm_build "$dir" "$name" "${BASH_REMATCH[0]}" "$tree" \
		"/sbin/new-kernel-pkg $name $release"
	echo "$release"
}

# rpm_acpid DIR: Debian's daemon, with a rule like that of Red Hat's package.
rpm_acpid() {
	local dir=$1 from=$work/acpid tree=$work/acpid-rpm

	rm -rf "$from" "$tree"
	rpm_deb acpid "$from"
	mkdir -p "$tree/usr/sbin" "$tree/etc/init.d" "$tree/etc/acpi/events" \
		"$tree/etc/acpi/actions"
	cp "$from/usr/sbin/acpid" "$tree/usr/sbin/"
	cp "$from/etc/init.d/acpid" "$tree/etc/init.d/"
	printf '%s\n' 'event=button/power.*' 'action=/etc/acpi/actions/power.sh %e' \
		>"$tree/etc/acpi/events/power"
	printf '%s\n' '#!/bin/sh' '/sbin/shutdown -h now' >"$tree/etc/acpi/actions/power.sh"
	chmod 755 "$tree/etc/acpi/actions/power.sh"
	rpm_build "$dir" acpid 2.0.33-2 "$tree" '
# What chkconfig --add and insserv do.
for level in 2 3 4 5; do
	dir=/etc/rc$level.d
	[ -d $dir ] || dir=/etc/init.d/rc$level.d
	ln -sf /etc/init.d/acpid $dir/S26acpid
done'
}
