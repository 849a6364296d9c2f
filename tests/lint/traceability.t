#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# docs/traceability.md says where each statement of the guidance is served: what
# it names exists, and no row of the design's table is left out.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
page=docs/traceability.md
rows=242 # of the design's table
plan 6

grep '^| [0-9]' $page >"$T/rows"
cut -d ' ' -f 2 "$T/rows" >"$T/numbers"
seq $rows >"$T/want"
same 'each row once, in order' "$T/numbers" "$T/want"

is 'each says how far it is served' \
    "$(grep -cE '^\| [0-9]+ \| [^|]+ \| (○|△|人|×) \| [^|]+ \| [^|]*\|$' \
	"$T/rows")" $rows

# What is served has a test; what is left to people, or missing, may have none.
is 'what is served is shown by a test' "$(awk -F '|' \
    '($4 ~ /○/) && $6 !~ /`[0-9a-z-]+(\.t|_test\.c)`/ { print $2 }' "$T/rows")" ''

grep -oE '`[0-9a-z_-]+(\.t|_test\.c)`' $page | tr -d '`' | sort -u |
    while read -r test; do
	[ -e "tests/system/$test" ] || [ -e "tests/unit/$test" ] ||
	    [ -e "tests/lint/$test" ] || echo "$test"
done >"$T/tests"
is 'its tests exist' "$(cat "$T/tests")" ''

grep -oE '`konseki [a-z]+`?' $page | tr -d '`' | sort -u |
    while read -r _ word; do
	grep -q "^COMMAND($word," analyzer/command/command_tbl.h || echo "$word"
done >"$T/commands"
is 'its subcommands exist' "$(cat "$T/commands")" ''

grep -vE '^[#>]' $page | grep -oE '\b(OUT|[A-Z]{1,4}-[0-9]{2}(-[a-z]+)?)\b' |
    sort -u | while read -r code; do
	grep -rqE "code: $code\$" rules/detection || echo "$code"
done >"$T/codes"
is 'its rules exist' "$(cat "$T/codes")" ''
