#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The ledger is an Excel workbook, and somebody saves it anew while konseki watch
# runs, confined: what is new in it is in force, and in the casebook. One with a
# mistake is said by cell and changes nothing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 8

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S/ledgers"
site_make <<END
site: {language: en}
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, replay: yes}
END
save() { # save ROWS...: as Excel does, a new file in the place of the old
	{ echo '管理番号,設置場所,登録日,状態'; printf '%s\n' "$@"; } >"$T/table.csv"
	python3 "$srcdir/tests/system/xlsx.py" "$S/ledgers/new" 機器="$T/table.csv"
	chmod a+r "$S/ledgers/new"
	mv "$S/ledgers/new" "$S/ledgers/devices.xlsx"
}
save 1,Room1,d:44166,稼働 2,Room2,d:44166,稼働
site_start
start watch konseki --lang en watch
versions() { konseki --lang en ledgers changes devices 2>/dev/null; }
ok 'the workbook is what the watch goes by' wait_for \
    'versions | grep -q "devices.xlsx .機器.  2 rows"' 60
like 'its hash is that of the file' "$(versions)" \
    "$(sha256sum <"$S/ledgers/devices.xlsx" | cut -c 1-64)"

save 1,Room1,d:44166,稼働 2,Room2,2026/2/30,稼働
ok 'a mistake is said' wait_for \
    'grep -q "devices.xlsx .機器.: row 3, column 登録日 (C3)" "$T/watch.err"' 60
ok 'and changes nothing' wait_for \
    'grep -q "the former stay in force" "$T/watch.err"' 60
is 'no version of it is recorded' "$(versions | grep -c rows)" 1

save 1,Room9,d:44166,停止 3,Room3,d:44166,稼働
ok 'what is new is recorded' wait_for \
    'versions | grep -q "changed 1: 1: 設置場所, 状態"' 60
like 'what came' "$(versions)" 'added 1: 3$'
like 'and what went' "$(versions)" 'removed 1: 2$'
