#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Nothing is lost in silence: what a g1 record can say is a row of one table,
# which gives it its sentence in two languages, and some test makes it happen.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir" || exit 99
table=lib/evidence/gap_tbl.h
plan 6

# A row: identifier, name, who, English, Japanese.
grep '^GAP(' $table >"$T/lines"
sed -nE 's/^GAP\(([A-Z_]+), "([a-z-]+)", (RECEIVER|WRITER), "[^"]+", "[^"]+"\)$/\1 \2 \3/p' \
    "$T/lines" >"$T/rows"
ok 'the table has rows' [ -s "$T/rows" ]
is 'each with a sentence in both languages' \
    "$(wc -l <"$T/rows")" "$(wc -l <"$T/lines")"

# Whoever writes a kind= takes its name from the table.
is 'no kind is written beside the table' "$(grep -rnE ', "kind"|"kind=' \
    lib/evidence collector --include='*.c' |
    grep -vE 'gap_name\(|package_kind_name\(|record_word_get|word_text\(|strcmp\(')" ''
while read -r id name _; do
	grep -rqE "GAP_$id\\b" lib/evidence collector --include='*.c' ||
	    echo "$name"
done <"$T/rows" >"$T/unused"
is 'each row is said by some code' "$(cat "$T/unused")" ''

# Each has a row in the format: in the table of the writer's own, or in that of
# the receiver's, and in no other.
sed -n '/^\*\*Gaps\.\*\*/,/^\*\*Streams\.\*\*/p' lib/evidence/FORMAT.md |
    awk -F '|' '/^\| of the receiver/ { who = "RECEIVER" }
	/^\| `kind=`/ { who = "WRITER"; next }
	/^\| `[a-z]/ { n = split($2, name, "`")
		for (i = 2; i < n; i += 2) print name[i], who }' |
    sort >"$T/format"
cut -d ' ' -f 2- "$T/rows" | sort >"$T/want"
same 'each has its row in the format' "$T/format" "$T/want"

# A test that makes it happen names it: by what the record or the receiver then
# says, or by the identifier.  Tests of who reads or carries it do not count.
while read -r id name _; do
	grep -rlE "kind=$name\\b|gap $name |expect\\(\"$name |\\bGAP_$id\\b" \
	    tests/unit tests/system |
	    grep -qvE '/(verify_test|report_fixture|ring_test)\.c$' ||
	    echo "$name"
done <"$T/rows" >"$T/untested"
is 'and made to happen by some test' "$(cat "$T/untested")" ''
