#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Who looks at evidence leaves a trace: each showing, proof and timeline is an
# operator record in the casebook, with the uid that the kernel knows and the
# range. Where no collector runs that could record it, that is said.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 17

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
printf 'one\ntwo\n' >"$T/a.log"
site_start
konseki import --site "$S" "$T/a.log" >/dev/null
size=$(konseki show --site "$S" 2>"$T/err" | wc -l)
is 'nothing is said of it' "$(cat "$T/err")" ''
last() {	# the newest view or export in the casebook
	records o1 casebook | grep 'action=[ve][ix]' | tail -n 1
}
like 'a showing is recorded, with who and what' "$(last)" \
    "uid=$(id -u) action=view what=show log=evidence first=0\$"
konseki show --site "$S" --from 1 --to 3 --stream 1 --source a.log >/dev/null
like 'and with its range' "$(last)" \
    'action=view .* first=1 last=3 stream=1 source=a.log$'
konseki show --site "$S" --raw --stream 1 >"$T/raw"
like 'bytes that leave are an export' "$(last)" 'action=export what=show '
same 'which has not changed' "$T/raw" "$T/a.log"
is 'the evidence does not grow by it' \
    "$(records o1 | wc -l)" 0
konseki prove --site "$S" --index 2 --output "$T/proof" 2>/dev/null
like 'a proof' "$(last)" 'action=export what=prove log=evidence first=2 last=2$'
konseki prove --site "$S" --range 2-4 --output "$T/range" 2>/dev/null
like 'of a range' "$(last)" 'what=prove log=evidence first=2 last=4$'
konseki timeline --site "$S" --from 2026-01-01 --output "$T/reports" >/dev/null
like 'a timeline' "$(last)" \
    'action=export what=timeline log=evidence since=[0-9]{16}$'
n=$(records o1 casebook | wc -l)
konseki show --site "$S" --log casebook >/dev/null
is 'the casebook may be looked at' "$(records o1 casebook | wc -l)" "$n"
konseki show "$S/evidence" >/dev/null 2>"$T/err"
is 'a folder is of no site' "$(records o1 casebook | wc -l) $(cat "$T/err")" "$n "
site_stop
konseki show --site "$S" >"$T/out" 2>"$T/err"
is 'without a collector it is shown as well' $? 0
ok 'as much as before, and the end' [ "$(wc -l <"$T/out")" -gt "$size" ]
like 'but that it could not be recorded is said' "$(cat "$T/err")" \
    'looked at could not be recorded: the collector is not running'
verified
