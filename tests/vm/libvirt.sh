# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034 # $work and others are the caller's
# A libvirtd of the test's own: in mount and PID namespaces of its own, so that it neither sees nor
# touches one that runs on this machine, and ends with the test.

# libvirt_enter ARGUMENT...: runs this script again inside them; its own arguments are handed on.
libvirt_enter() {
	[ -z "${XVD2VD_LIBVIRT_ENTERED-}" ] || return 0
	export XVD2VD_LIBVIRT_ENTERED=yes
	exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc \
		"$0" "$@"
}

# libvirt_up: starts it, and waits until it answers. QEMU runs as root: what it is to read lies in
# folders of root's.
libvirt_up() {
	local dir try

	for dir in /run/lock /run/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt; do
		mkdir -p "$dir"
		mount -t tmpfs -o mode=755 libvirt "$dir"
	done
	cp -a /etc/libvirt "$work/etc-libvirt"
	rm -rf "$work"/etc-libvirt/qemu/{*.xml,autostart,networks/autostart}
	cat >"$work/etc-libvirt/qemu.conf" <<-'END'
		user = "root"
		group = "root"
		security_driver = "none"
	END
	mount --bind "$work/etc-libvirt" /etc/libvirt
	mkdir -p /var/lib/libvirt/qemu
	virtlogd --daemon
	libvirtd --daemon
	export LIBVIRT_DEFAULT_URI=qemu:///system
	for try in $(seq 100); do
		! virsh version >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	echo "libvirtd does not answer after $try tries" >&2
	return 1
}

# libvirt_definition NAME: the persistent one, whole.
libvirt_definition() {
	virsh dumpxml --inactive --security-info "$1"
}

# libvirt_is NAME STATE: within ten seconds.
libvirt_is() {
	local try

	for try in $(seq 100); do
		[ "$(virsh domstate "$1")" != "$2" ] || return 0
		sleep 0.1
	done
	echo "domain $1 is $(virsh domstate "$1"), not $2, after $try tries" >&2
	return 1
}

# libvirt_guest NAME IMAGE OS-ELEMENT...: a domain as a provider has them, with a raw disk, and a
# serial port that writes to $work/NAME.serial.
libvirt_guest() {
	local name=$1 image=$2 file=$work/$1.xml

	shift 2
	cat >"$file" <<-END
		<domain type='${accel/tcg/qemu}'>
		  <name>$name</name>
		  <memory unit='MiB'>512</memory>
		  $*
		  <features><acpi/></features>
		  <devices>
		    <disk type='file' device='disk'>
		      <driver name='qemu' type='raw' cache='unsafe'/>
		      <source file='$image'/><target dev='vda' bus='virtio'/>
		    </disk>
		    <interface type='user'><model type='virtio'/></interface>
		    <serial type='file'><source path='$work/$name.serial'/></serial>
		  </devices>
		</domain>
	END
	virsh -q define "$file"
}

# libvirt_listen NAME: what vm_wait and verdict look at is that domain, which runs.
libvirt_listen() {
	serial=$work/$1.serial
	vm_pid=$(cat "/run/libvirt/qemu/$1.pid")
}
