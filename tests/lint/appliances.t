#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Whoever stands before an appliance finds its page: listed, in both languages,
# with the commands, the log switches, how to see that it works, and the traps.
. "${srcdir:-.}/tests/lib.sh"
cd "$srcdir/docs/appliances" || exit 99
plan 6

for page in fortigate yamaha-rtx nec-ix cisco paloalto sonicwall juniper-srx \
    checkpoint watchguard sophos allied-telesis windows linux nas; do
	[ -f $page.md ] || echo "$page"
done >"$T/missing"
is 'a page for each product' "$(cat "$T/missing")" ''

for page in *.md; do
	[ "$page" != README.md ] || continue
	grep -qF "($page)" README.md || echo "$page"
done >"$T/unlisted"
is 'each is in the list' "$(cat "$T/unlisted")" ''

for page in *.md; do
	[ "$page" != README.md ] || continue
	for part in '有効にするログ' '動作確認' '注意点' 'Log switches' 'See that it works' \
	    'Known traps'; do
		grep -qE "^##.*$part|^$part|Log switches / $part" "$page" ||
		    echo "$page: $part"
	done
done >"$T/parts"
is 'with its parts in both languages' "$(cat "$T/parts")" ''

# The switches that a page asks for need a way to look at what came.
grep -L '^konseki show --site SITE' -- *.md >"$T/unseen" || :
is 'and a command to see what came' "$(cat "$T/unseen")" ''

# RFC 5737, RFC 1918 and this machine's own.
grep -noE '\b([0-9]{1,3}\.){3}[0-9]{1,3}\b' -- *.md | grep -vE \
    ':(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|127\.|0\.0\.0\.0)' \
    >"$T/public"
is 'no address of anybody else' "$(cat "$T/public")" ''

# Every option of konseki in the pages is one.
grep -ohE '^konseki [a-z]+( --[a-z-]+)*' -- *.md | sort -u |
    while read -r _ command options; do
	konseki "$command" --help >"$T/help" 2>&1 || echo "$command"
	for o in $options; do
		grep -qF -e " $o " -e "[$o" -e " $o]" "$T/help" ||
		    echo "$command $o"
	done
done >"$T/wrong"
is 'and no option that konseki has not' "$(cat "$T/wrong")" ''
