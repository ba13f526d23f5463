#compdef xvd2vd xvd2vd-run
# SPDX-License-Identifier: GPL-2.0-or-later
# zsh completion for xvd2vd(8) and xvd2vd-run(1).

local -a settings run_settings domains
settings=(
	'fstab[how fstab names what was renamed]:value:(device uuid)'
	'swap[the swap disk that only Xen had]:value:(remove keep)'
	'initrd[how virtio gets into the initramfs]:value:(auto graft rebuild)'
	'boot[who starts the guest]:value:(auto host self)'
	'console[what replaces hvc0]:value:(ttyS0 keep)'
	'packages[where missing packages come from]:value:(auto offline off)'
	'undo[what an undo does beyond what is safe]:value:(safe force packages all)'
	'ext4[make ext4 of an ext3 root]:value:(no yes)'
	'grow[take what room the disk has]:value:(no yes)'
	'map[OLD\:NEW,...]:value:'
	'root[the device of the root]:value:'
)
run_settings=(
	'mode[what the rescue system does]:value:(auto plan verify undo)'
	'finish[how a run that went well ends]:value:(poweroff reboot)'
	'on-fail[how one that did not ends]:value:(poweroff reboot)'
)

if [[ $service = xvd2vd ]]; then
	_arguments \
		'1:command:((scan\:"print what this machine and its guest are" plan\:"print what would be changed" apply\:"change it" verify\:"rehearse the boot" undo\:"put back" status\:"print what was done"))' \
		'--root[a mounted tree]:folder:_files -/' \
		'--disks[the machine, as scan --json prints it]:file:_files' \
		'--offline[run no program of the guest]' \
		'--json[print JSON]' \
		'--diff[show the differences of the files]' \
		'--yes[do not ask]' \
		'*--set[an option]:setting:_values -S = setting $settings' \
		'--help[show the options]' \
		'--version[show the version]' \
		'*:path:_files'
	return
fi

domains=(${(f)"$(_call_program domains virsh list --all --name 2>/dev/null)"})
settings+=($run_settings)
_arguments \
	'--rescue[the rescue system]:folder:_files -/' \
	'*--disk[a disk, in the order the guest sees them]:image:_files' \
	'--domain[a libvirt domain]:domain:($domains)' \
	'--all-matching[all domains with such names]:pattern:' \
	'--jobs[of them at once]:number:' \
	'--reports[the folder for their reports]:folder:_files -/' \
	'--again[do not skip]' \
	'--start[start what was repaired]' \
	'--connect[the URI of libvirt]:URI:' \
	'*--format[format of the disks after it]:format:(raw qcow2 qed vmdk vdi vpc vhdx)' \
	'*--set[an option of the agent]:setting:_values -S = setting $settings' \
	'--report[write the report there]:file:_files' \
	'--log[write the serial console there]:file:_files' \
	'--timeout[wait that long for the report]:seconds:' \
	'--memory[memory of the machine]:megabytes:' \
	'--accel[the accelerator]:how:(auto kvm tcg)' \
	'--mac[address of the network card]:address:' \
	'--no-network[no network card]' \
	'--qemu[the QEMU to run]:program:_command_names -e' \
	'--quiet[no progress]' \
	'--help[show the options]' \
	'--version[show the version]'
