#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# docs/pack.md is what the rules say; whoever changes one makes it again: make
# pack-page in the build folder.
. "${srcdir:-.}/tests/lib.sh"
plan 3

konseki --lang ja rules page --rules "$srcdir/rules" >"$T/page"
if ! cmp -s "$T/page" "$srcdir/docs/pack.md"; then
	diag "$(diff "$srcdir/docs/pack.md" "$T/page" | head -n 20 | cut -c 1-200)"
fi
same 'the page is made from the rules' "$T/page" "$srcdir/docs/pack.md"
grep -hE '^  code: ' -r "$srcdir/rules/detection" | sed 's/.*code: *//; s/"//g' |
    sort >"$T/codes"
sed -n 's/^### \([^ ]*\) .*/\1/p' "$T/page" | sort >"$T/sections"
same 'with a section for each' "$T/codes" "$T/sections"
konseki --lang en rules page --rules "$srcdir/rules" >"$T/english"
same 'the same in whatever language' "$T/page" "$T/english"
