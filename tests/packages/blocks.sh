# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The commands of docs/PROVIDERS.md, for tests to run as they stand: a block that begins with
# ```console run=NAME has a command in each line behind "$ ".

providers_doc=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/docs/PROVIDERS.md

# block NAME: its commands.
block() {
	sed -n "/^\`\`\`console run=$1\$/,/^\`\`\`\$/s/^\\\$ //p" "$providers_doc"
}

# run_block NAME [VARIABLE=VALUE]...: runs them one after another, in a shell of their own; a line
# that assigns such a variable assigns this value.
run_block() (
	commands=$(block "$1")
	[ -n "$commands" ] || fail "docs/PROVIDERS.md has no commands for $1"
	shift
	for given; do
		grep -q "^${given%%=*}=" <<<"$commands" || fail "nothing assigns ${given%%=*}"
	done
	while IFS= read -r command <&3; do
		for given; do
			[[ $command != "${given%%=*}="* ]] || command=${given%%=*}=${given#*=}
		done
		echo "\$ $command"
		eval "$command" 3<&- </dev/null || fail "exit status $?: $command"
	done 3<<<"$commands"
)
