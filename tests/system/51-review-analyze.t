#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# One reading of the evidence for the analysis and the week's sheet: what is
# found and what is shown are those of an analysis and a review after it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 12

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
night=$srcdir/samples/incident/night
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" "$S/"
chmod -R u+w "$S"
site_make <<END
site: {name: Sample hospital, language: en}
listeners: []
analyzer: {internal: [192.168.0.0/16, 10.0.0.0/8], vpn: [10.212.134.0/24]}
END
konseki --lang en review --analyze >"$T/out" 2>"$T/err"
is 'without the collector nothing can be entered' "$?" 1
ok 'and no sheet claims it' test ! -s "$T/out"
site_start
{
	konseki import --replay --source fw01 "$night/fortigate.log" &&
	konseki import --replay --source emr01 "$night/emr01.log"
} >"$T/said" 2>&1
konseki analyze --print >"$T/printed" 2>"$T/err"
ok 'both at once' sh -c \
    "konseki --lang en review --analyze --week 2026-11-16 >'$T/out'"
like 'what was read and found' "$(cat "$T/out")" \
    '^[0-9]* records read, .* 0 known already'
is 'all that an analysis finds is in the casebook' \
    "$(sed -n 's/.*understood; \([0-9]*\) new.*/\1/p' "$T/out")" \
    "$(wc -l <"$T/printed" | tr -d ' ')"
konseki --lang en analyze >"$T/out"
like 'an analysis after it finds nothing new' "$(cat "$T/out")" \
    ' 0 new findings, [1-9][0-9]* known already'

# Each review is itself recorded, so the casebook's checkpoint is another.
plain() { # plain FILE: the page without when it was made, and checkpoints
	sed -e '/class="made"/d' -e '/class="qr"/d' -e '/^[0-9]*$/d' \
	    -e '/^[A-Za-z0-9+\/]\{43\}=$/d' "$1"
}
page=review-2026-11-16-en.html
plain "$S/reports/$page" >"$T/both"
ok 'findings stand on the sheet' grep -q 'class="sev' "$T/both"
konseki --lang en review --week 2026-11-16 --output "$T" >"$T/said"
plain "$T/$page" >"$T/after"
same 'a review by itself shows the same' "$T/both" "$T/after"
ok 'the week that is reviewed without asking' sh -c \
    "konseki --lang en review --analyze --output '$T/any' >'$T/said'"
like 'is that of the newest record' "$(cat "$T/said")" \
    "$T/any/$page"
plain "$T/any/$page" >"$T/again"
same 'and it shows the same' "$T/again" "$T/both"
site_stop
