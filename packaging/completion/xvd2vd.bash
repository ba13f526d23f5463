# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# bash completion for xvd2vd(8) and xvd2vd-run(1).

# What follows an option: words, or one of bash's own kinds (-f files, -d folders, -c programs).
declare -gA _xvd2vd_after=(
	[--root]=-d [--disks]=-f [--disk]=-f [--rescue]=-d [--reports]=-d [--report]=-f [--log]=-f
	[--qemu]=-c [--format]='raw qcow2 qed vmdk vdi vpc vhdx' [--accel]='auto kvm tcg'
	[--jobs]='' [--connect]='' [--timeout]='' [--memory]='' [--mac]='' [--all-matching]=''
)
# The values of --set; those of the rescue system alone go with xvd2vd-run.
declare -gA _xvd2vd_settings=(
	[fstab]='device uuid' [swap]='remove keep' [initrd]='auto graft rebuild'
	[boot]='auto host self' [console]='ttyS0 keep' [packages]='auto offline off'
	[undo]='safe force packages all' [ext4]='no yes' [grow]='no yes' [map]='' [root]=''
)
declare -gA _xvd2vd_run_settings=(
	[mode]='auto plan verify undo' [finish]='poweroff reboot' [on-fail]='poweroff reboot'
)
_xvd2vd_commands='scan plan apply verify undo status --help --version'
_xvd2vd_options='--root --disks --offline --json --diff --yes --set --help'
_xvd2vd_run_options='--rescue --disk --domain --all-matching --jobs --reports --again --start
	--connect --format --set --report --log --timeout --memory --accel --mac --no-network --qemu
	--quiet --help --version'

_xvd2vd() {
	local words=("${COMP_WORDS[@]:0:COMP_CWORD}") current=${COMP_WORDS[COMP_CWORD]} last key what
	local run=${COMP_WORDS[0]##*/}

	# bash makes words of "=" and of what stands around it: --set KEY = VALUE.
	[ "$current" != = ] || {
		words+=("=")
		current=
	}
	last=${words[-1]} key=
	if [ "$last" = = ] && [ ${#words[@]} -ge 4 ] && [ "${words[-3]}" = --set ]; then
		key=${words[-2]}
		what=${_xvd2vd_settings[$key]-${_xvd2vd_run_settings[$key]-}}
	elif [ "$last" = --set ]; then
		what=$(printf '%s= ' "${!_xvd2vd_settings[@]}")
		[ "$run" != xvd2vd-run ] || what+=$(printf '%s= ' "${!_xvd2vd_run_settings[@]}")
		compopt -o nospace 2>/dev/null
	elif [ "$last" = --domain ]; then
		what=$(virsh list --all --name 2>/dev/null)
	elif [ -n "${_xvd2vd_after[$last]+is}" ]; then
		what=${_xvd2vd_after[$last]}
	elif [ "$run" = xvd2vd-run ]; then
		what=$_xvd2vd_run_options
	elif [ "$COMP_CWORD" -eq 1 ]; then
		what=$_xvd2vd_commands
	else
		what=$_xvd2vd_options
	fi
	case $what in
	-[cdf])
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen "$what" -- "$current")
		;;
	*) mapfile -t COMPREPLY < <(compgen -W "$what" -- "$current") ;;
	esac
}
complete -F _xvd2vd xvd2vd xvd2vd-run
