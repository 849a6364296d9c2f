#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# On a Sunday morning nurses call, one after the other: files cannot be opened.
# Whoever has the telephone types it in; three calls are a finding that cites
# them, and what is not on the list of signs is kept and not counted.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 15

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
analyzer: {profile: clinic}
END

report() { konseki --lang en case report "$@" >"$T/said" 2>&1; }
report --sign encrypted --name 鈴木
is 'without a collector nothing is recorded' $? 1
like 'which is said' "$(cat "$T/said")" 'nothing was recorded: '
site_start
report --name 鈴木
is 'a report needs a sign' $? 1
like 'of the list' "$(cat "$T/said")" 'encrypted  files are encrypted'
report --sign burning --name 鈴木
is 'and no other' $? 1
report --sign encrypted
is 'and somebody who told of it' $? 1
report --sign other --name 森 --comment "$(printf 'two\nlines')"
is 'and plain words' $? 1
report --sign encrypted --name 鈴木 --place 3F --about ward3-pc2 \
    --comment 'カルテが"開けない"'
is 'the first call' $? 0
like 'is recorded' "$(cat "$T/said")" '^recorded and sealed: evidence #[0-9]'
report --sign other --name 森 --comment 'the printer is out of paper'
report --sign data-lost --name 高橋 --place 2F
konseki analyze --print 2>/dev/null >"$T/findings"
is 'two with a sign are no finding' "$(grep -c '"RAN-05"' "$T/findings")" 0
report --sign encrypted --name 田中 --place 4F
konseki analyze --print 2>/dev/null >"$T/findings"
like 'the third call makes one' "$(grep '"RAN-05"' "$T/findings")" \
    '"severity":"serious".*"key":"site=all".*"evidence_n":3,'
like 'what was told can be read' "$(konseki show --messages)" \
    '"place":"3F","host":"ward3-pc2","who":"鈴木","text":"カルテが\\"開けない\\""'
ok 'it is entered' konseki analyze
site_stop
sed -n 's/^\([a-z-]*\),.*/\1/p' "$srcdir/rules/data/signs.csv" |
    grep -v '^other$' | sort >"$T/listed"
sed -n 's/.*event.reason: \[\(.*\)\]}.*/\1/p' \
    "$srcdir/rules/detection/impact/staff-reports.yml" | tr -d ' ' | tr ',' '\n' |
    sort >"$T/counted"
same 'all signs of the list are counted' "$T/listed" "$T/counted"
