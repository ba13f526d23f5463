# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Sourced by another initramfs before it looks for disks: initramfs-tools' init reads it as one of
# conf/conf.d, dracut's as a hook of its command line. xvd2vd takes over where the kernel's command
# line asks for it; else nothing happens.
read -r xvd2vd_words </proc/cmdline
case " $xvd2vd_words " in
*" xvd2vd.mode="*) exec /xvd2vd init ;;
esac
unset xvd2vd_words
