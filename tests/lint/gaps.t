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

# What is the writer's is part of the format.
while read -r _ name who; do
	[ "$who" = RECEIVER ] || grep -q "^| .*\`$name\`.* |.*|" \
	    lib/evidence/FORMAT.md || echo "$name"
done <"$T/rows" >"$T/unknown"
is "the writer's own stand in the format" "$(cat "$T/unknown")" ''

# A test that makes it happen names it: by what the record or the receiver then
# says, or by the identifier.  Tests of who reads or carries it do not count.
while read -r id name _; do
	grep -rlE "kind=$name\\b|gap $name |expect\\(\"$name |\\bGAP_$id\\b" \
	    tests/unit tests/system |
	    grep -qvE '/(verify_test|report_fixture|ring_test)\.c$' ||
	    echo "$name"
done <"$T/rows" >"$T/untested"
is 'and made to happen by some test' "$(cat "$T/untested")" ''
