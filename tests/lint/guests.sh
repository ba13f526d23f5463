#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Of each generation of each family there are two golden guests or more. Where such a guest can be
# repaired, one has its root where the three layouts of README.md have it: on an unpartitioned disk,
# or on the first partition.
set -eu -o pipefail

cd "$(dirname "$0")/../guests"
{
	jq -r '"\(input_filename) \(.root)"' ./*/machine.json
	jq -r 'select(.guest.id) | "\(input_filename) \(.guest.id) \(.guest.version). \(.result)"' \
		./*/report.json
} | awk '
	# Who, and how the version begins.
	NR == FNR && NF { who[++n] = "^(" $1 ")$"; generation[n] = "^(" $2 ")[.]" }
	NR == FNR { next }
	{ sub("[^/]*$", "", $1) }
	NF == 2 { root[$1] = $2; next }
	{
		for (i = 1; i <= n; i++)
			if ($2 ~ who[i] && $3 ~ generation[i]) {
				guests[i]++
				repaired[i] += $4 != "refused"
				shaped[i] += $4 != "refused" && root[$1] ~ "^/dev/vda1?$"
			}
	}
	END {
		for (i = 1; i <= n; i++) {
			if (guests[i] < 2)
				problem = guests[i] + 0 " guests"
			else if (repaired[i] && !shaped[i])
				problem = "no guest in the shape of a layout"
			else
				continue
			print "tests/guests: " who[i] " " generation[i] ": " problem
			bad = 1
		}
		exit bad || !n
	}' <(
	cat <<-'END'
		centos|rhel|scientific|ol|cloudlinux 5
		centos|rhel|scientific|ol|cloudlinux 6
		centos|rhel|scientific|ol|cloudlinux 7
		centos|rhel|almalinux|rocky|ol|cloudlinux 8
		centos|rhel|almalinux|rocky|ol|cloudlinux 9
		fedora 1[0-5]
		fedora 1[6-9]|2[0-9]
		fedora [34][0-9]
		amzn 20[0-9][0-9]
		amzn 2
		sles|opensuse 10
		sles|opensuse 11
		sles|opensuse 12|13
		sles|opensuse-leap 15
		debian 5
		debian 6
		debian 7
		debian 8
		debian 9
		debian 10
		debian 11
		debian 12
		debian 13
		ubuntu 8.04
		ubuntu 10.04
		ubuntu 12.04
		ubuntu 14.04
		ubuntu 16.04
		ubuntu 18.04
		ubuntu 20.04
		ubuntu 22.04
		ubuntu 24.04
		arch
		alpine 3
		gentoo
	END
) -
