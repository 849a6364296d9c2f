#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Whoever writes calendar.yml sees on which days the site is closed, and why.
. "${srcdir:-.}/tests/lib.sh"
plan 9

mkdir -p "$T/site" "$T/rules"
printf 'logs: {evidence: {origin: h.example/e}, casebook: {origin: h.example/c}}\n' \
    >"$T/site/konseki.yml"
cat >"$T/site/calendar.yml" <<'X'
business:
  mon: ["8:30-17:15"]
  tue: ["8:30-17:15"]
  wed: ["8:30-17:15"]
  fri: ["8:30-17:15"]
  sat: ["8:30-12:30"]
closed:
  - {from: 08-13, to: 08-15, name: お盆}
  - {weekday: sat, nth: [2, 4], name: 第2・第4土曜}
open: [2026-11-03]
X
cp -r "$srcdir/rules/." "$T/rules"
KONSEKI_RULES=$T/rules
export KONSEKI_RULES
calendar() { konseki --lang "$1" ledgers calendar --site "$T/site" "$2" \
    >"$T/out" 2>"$T/err"; }

calendar ja 2026
is 'it is shown' "$?" 0
like 'days are counted' "$(head -1 "$T/out")" '^2026年: 業務のある日[0-9]*日、休み[0-9]*日'
like 'a citizens holiday between two' "$(cat "$T/out")" '9月22日.*国民の休日（5連休）$'
like 'a substitute' "$(cat "$T/out")" '5月6日.*振替休日（5連休）$'
like 'days of each year' "$(cat "$T/out")" '8月14日.*お盆.*$'
like 'a weekday of the month' "$(cat "$T/out")" '11月14日.土.  第2・第4土曜$'
ok 'not the others' ! grep -q '11月7日' "$T/out"
ok 'a holiday on which the site works is none' ! grep -q '11月3日' "$T/out"

# A law that came after the table: what the table says counts, and is said.
sed -i 's|^2026/11/23,.*|2026/11/24,勤労感謝の日|' "$T/rules/data/holidays.csv"
calendar en 2026
like 'a table that the rules contradict is said' "$(cat "$T/err")" \
    '2 days of 2026 differ from the rules of the law, first 11/23'
