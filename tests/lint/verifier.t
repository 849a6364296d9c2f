#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Whoever must trust konseki-verify reads it: the lines of all our files that it
# links, as the linker's map names them, have a limit. And it shares no code with
# the writer, whose mistakes it must not repeat.
. "${srcdir:-.}/tests/lib.sh"
plan 4
limit=5940

cd "$builddir" || exit 99
words=$(sed -n 's/^\(MODE_CFLAGS\|ISAL_LIBS\|ZLIB_LIBS\|CRYPTO_LIBS\) = //p' \
    Makefile)
# shellcheck disable=SC2086 # they are words
${CC:-cc} -o "$T/linked" verify/main.o libverify.a libcommon.a $words \
    -Wl,-Map="$T/map" >"$T/err" 2>&1
is 'it links with OpenSSL, zlib and ISA-L alone' $? 0
lines=$(wc -l <"$srcdir/verify/main.c")
# shellcheck disable=SC2013 # no names with blanks
for object in $(grep -o 'lib[a-z]*\.a([a-z0-9_]*\.o)' "$T/map" | sort -u); do
	name=${object#*\(}
	name=${name%.o\)}.c
	case $object in
	libverify.*) name=verify/$name ;;
	libcommon.*) name=lib/common/$name ;;
	*) continue ;; # zlib or OpenSSL
	esac
	n=$(wc -l <"$srcdir/$name")
	diag "$n $name"
	lines=$((lines + n))
done
diag "$lines lines"
ok 'the map names its files' [ "$lines" -gt 1000 ]
ok "at most $limit lines" [ "$lines" -le "$limit" ]
is 'nothing of the writer' "$(grep -c 'libevidence' "$T/map")" 0
