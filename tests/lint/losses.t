#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# docs/losses.md has every way to lose a record: each row of the table of gaps
# is there once, with a system test that exists, is run, and makes it happen.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
table=lib/evidence/gap_tbl.h
plan 6

sed -nE 's/^GAP\([A-Z_]+, "([a-z-]+)".*/\1/p' $table | sort >"$T/gaps"
sed -nE 's/^\| `([a-z-]+)` \|.*\| (tests\/system\/[a-z0-9-]+\.t) \|$/\1 \2/p' \
    docs/losses.md | sort >"$T/rows"
ok 'the table of gaps has rows' [ -s "$T/gaps" ]
is 'each gap has a row, and each row is a gap' \
    "$(cut -d ' ' -f 1 "$T/rows")" "$(cat "$T/gaps")"
is 'in all its columns' "$(grep -E '^\| `[a-z-]+` \|' docs/losses.md |
    awk -F '|' 'NF != 8 { print $2; next }
	{ for (i = 3; i < 8; i++) if ($i ~ /^ *$/) print $2 }')" ''
is 'in Japanese as well' "$(grep -E '^\| `[a-z-]+` \|' docs/losses.md |
    awk -F '|' '$4 !~ /[^ -~]/ { print $2 }')" ''
while read -r name file; do
	[ -f "$file" ] && grep -qF "$file" Makefile.am || echo "$file"
	grep -qE "(kind=|gap |kind=\[\^ \]\*)$name\\b" "$file" 2>/dev/null ||
	    echo "$name: not in $file"
done <"$T/rows" >"$T/wrong"
is 'each names a test that is run and makes it happen' "$(cat "$T/wrong")" ''

# What a connection can end with is told to whoever reads the log.
is 'the ends that lose something are there' "$(for end in peer-reset \
    peer-vanished tls-cut recycled; do
	grep -q "\"$end\"" collector/conn_end_tbl.h &&
	    grep -q "\`$end\`\|why=$end" docs/losses.md || echo "$end"
done)" ''
