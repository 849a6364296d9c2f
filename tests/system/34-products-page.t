#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# docs/products.md is what the format files say; whoever changes one makes it
# again: make products-page in the build folder.
. "${srcdir:-.}/tests/lib.sh"
plan 4

konseki --lang ja formats page --formats "$srcdir/rules/formats" >"$T/page"
if ! cmp -s "$T/page" "$srcdir/docs/products.md"; then
	diag "$(diff "$srcdir/docs/products.md" "$T/page" | head -n 20 | cut -c 1-200)"
fi
same 'the page is made from the format files' "$T/page" \
    "$srcdir/docs/products.md"
for f in "$srcdir"/rules/formats/*.yml; do
	sed -n 's/^format: *\([a-z0-9-]*\).*/\1/p' "$f"
done | sort >"$T/formats"
sed -n 's/^## //p' "$T/page" | sort >"$T/sections"
same 'with a section for each' "$T/formats" "$T/sections"
is 'each of which says where the knowledge comes from' \
    "$(grep -c '^- Knowledge: .' "$T/page")" "$(wc -l <"$T/formats" | tr -d ' ')"
is 'and which are from a manual alone' \
    "$(grep -c '^- From the manual alone' "$T/page")" \
    "$(grep -l '^# From the manual alone' "$srcdir"/rules/formats/*.yml | wc -l | tr -d ' ')"
