#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of docs/ARCHITECTURE.md hold: which room includes which, and which library's
# header stands where. And only main/ prints and ends the program.
set -eu -o pipefail

cd "$(dirname "$0")/../.."
mapfile -t sources < <(tests/lint/files c | grep -E '^(agent|packaging/host)/')

awk -v table=docs/ARCHITECTURE.md '
	function complain(text) {
		print FILENAME ":" FNR ": " text
		bad = 1
	}
	# The cells of a row of one of the two tables, without backquotes.
	function cells(line, cell,   n, i) {
		gsub(/`/, "", line)
		n = split(line, cell, "|")
		for (i = 1; i <= n; i++)
			gsub(/^ +| +$/, "", cell[i])
		return n
	}
	function matches(path, patterns,   n, i, pattern, list) {
		n = split(patterns, list, " ")
		for (i = 1; i <= n; i++) {
			pattern = list[i]
			gsub(/\./, "\\.", pattern)
			gsub(/\*/, ".*", pattern)
			if (path ~ "^" pattern "$")
				return 1
		}
		return 0
	}
	BEGIN {
		while ((getline line <table) > 0) {
			if (line ~ /^\| room \|/)
				kind = "room"
			else if (line ~ /^\| header \|/)
				kind = "header"
			else if (line !~ /^\|/)
				kind = ""
			else if (kind == "room" && line ~ /^\| `/) {
				n = cells(line, cell)
				room = cell[2]
				sub(/\/$/, "", room)
				may[room] = " " cell[n - 1] " "
			} else if (kind == "header" && line ~ /^\| `/) {
				cells(line, cell)
				n = split(cell[2], names, " ")
				for (i = 1; i <= n; i++)
					only[names[i]] = cell[3]
			}
		}
		if (length(may) < 11 || length(only) < 7) {
			print table ": the tables of rooms and headers are not there"
			exit bad = 1
		}
		ends = "(^|[^A-Za-z0-9_>.])(v?f?printf|f?puts|f?putc|putchar|perror|exit|_exit|abort)[ \t]*\\("
		shells = "(^|[^A-Za-z0-9_>.])(system|popen)[ \t]*\\("
	}
	FNR == 1 {
		path = FILENAME
		sub(/^agent\/|^packaging\//, "", path)
		room = path
		sub(/\/.*/, "", room)
		comment = 0
		# A child between fork and exec can only _exit.
		quiet = room != "main" && path !~ /^(sys\/spawn_child|host\/child)\.c$/ &&
			path !~ /^host\/(main|launch|fleet|outcome|progress)\.c$/
		if (!(room in may))
			complain("the room " room "/ is not in the table of " table)
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		other = part[2]
		if (!sub(/\/.*/, "", other))
			complain("include with the room: \"" room "/" part[2] "\"")
		else if (may[room] != " all " && index(may[room], " " other " ") == 0)
			complain(room "/ may not include " part[2])
	}
	/^[ \t]*#[ \t]*include[ \t]*</ {
		split($0, part, /[<>]/)
		for (name in only)
			if (index(part[2], name) == 1 && !matches(path, only[name]))
				complain("<" part[2] "> only in " only[name])
	}
	{
		# Comments and strings say much that is no call.
		code = $0
		gsub(/\\"/, "", code)
		gsub(/"[^"]*"/, "\"\"", code)
		if (comment && sub(/^.*\*\//, "", code))
			comment = 0
		else if (comment)
			code = ""
		gsub(/\/\*([^*]|\*[^\/])*\*\//, "", code)
		sub(/\/\/.*/, "", code)
		if (sub(/\/\*.*/, "", code))
			comment = 1
		if (quiet && code ~ ends)
			complain("only main/ prints and exits: " $0)
		if (code ~ shells)
			complain("no shell: " $0)
	}
	END { exit bad }' "${sources[@]}"
