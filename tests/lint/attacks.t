#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Every attack that must be shown (tests/attacks.tbl) has a test that is there
# and is run by make check; and every test of an attack stands in the table.
cd "${srcdir:-.}" || exit 99
echo 1..3
# complaints N NAME: the standard input, if any, is what is wrong.
complaints() {
	out=$(cat)
	if [ -z "$out" ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		echo "$out" | sed 's/^/# /'
	fi
}
rows=$(sed '/^#/d; s/.*[	 ]//' tests/attacks.tbl)

for row in alter delete truncate 'roll back' reorder insert 'replace a key' \
    clock 'take over' fork swap 'in bodies' 'every bit' torn kill 'disk full' \
    'two writers' gzip 'power cut' TSA 'keys swapped' 'redaction then proof' \
    'deletion then proof'; do
	grep -v '^#' tests/attacks.tbl | grep -q "$row.*tests/" ||
	    echo "no test shows: $row"
done | complaints 1 'each attack that must be shown has a row'

for file in $rows; do
	[ -s "$file" ] || echo "$file: is not there"
	# A unit test is named by its program.
	grep -qF "${file%.c}" Makefile.am || echo "$file: is not run"
done | complaints 2 'each row has a test that is run'

for file in tests/system/attack-*.t; do
	echo "$rows" | grep -qxF "$file" || echo "$file: is not in the table"
done | complaints 3 'each test of an attack stands in the table'
