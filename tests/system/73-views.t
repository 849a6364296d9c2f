#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Who looks at evidence leaves a trace: each showing, proof and timeline is an
# operator record in the casebook, with the uid that the kernel knows and the
# range. Where no collector runs that could record it, that is said.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 29

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
last_by() {	# the same, if it was not there at the last call
	records o1 casebook | sed "1,$(cat "$T/n")d" |
	    grep 'action=[ve][ix]' | tail -n 1
	records o1 casebook | wc -l >"$T/n"
}
records o1 casebook | wc -l >"$T/n"
# A folder is the log that it is, by whatever path.
konseki show "$S/evidence" >/dev/null 2>"$T/err"
like 'the folder of a site is its log' "$(last_by; cat "$T/err")" \
    'action=view what=show log=evidence first=0$'
konseki show --log "$S/evidence/" --from 1 --to 2 >/dev/null
like 'so is one that --log names' "$(last_by)" \
    'what=show log=evidence first=1 last=2$'
konseki show --site "$S" --raw --stream 1 "$S/evidence" >"$T/raw"
like 'with --site as well' "$(last_by)" \
    'action=export what=show log=evidence first=0 stream=1$'
ln -s "$S/evidence" "$T/elsewhere"
konseki show --site "$S" "$T/elsewhere" >/dev/null
like 'and by another path' "$(last_by)" 'what=show log=evidence first=0$'
(cd "$S/evidence" && konseki show . >/dev/null)
like 'or from inside' "$(last_by)" 'what=show log=evidence first=0$'
KONSEKI_SITE=$S konseki prove --index 2 --output "$T/proof" \
    "$T/elsewhere" 2>/dev/null
like 'a proof from a folder' "$(last_by)" \
    'what=prove log=evidence first=2 last=2$'
konseki show "$S/casebook" >/dev/null
is "the casebook's is the casebook" "$(last_by)" ''
cp -R "$S/evidence" "$T/copy"
konseki show "$T/copy" >/dev/null 2>"$T/err"
is 'a folder of no site stays that' "$(last_by; cat "$T/err")" ''

# What a proof shows, and of how large a log.
konseki prove --site "$S" --from 4 --output "$T/from"
like 'that a log grew: from which size to which' "$(last_by)" \
    'what=prove log=evidence old=4 size=[0-9]+$'
konseki prove --site "$S" --tiles "$T/tiles"
like 'the whole tree' "$(last_by)" \
    'what=prove log=evidence first=0 last=[0-9]+$'
is 'up to its checkpoint' "$(last | sed 's/.*last=//')" \
    $(($(sed -n 2p "$T/tiles/checkpoint") - 1))
konseki prove --site "$S" --from 999999 2>/dev/null
konseki prove --site "$S" --index 999999 2>/dev/null
like 'what was asked for in vain as well' "$(last_by)" \
    'what=prove log=evidence first=999999 last=999999$'

konseki review --site "$S" --week 2026-11-18 --output "$T/reports" >/dev/null \
    2>&1
like 'the weekly review, with its week' "$(last_by)" \
    "action=export what=review log=evidence since=1794754800000000 until=1795359600000000\$"
site_stop
konseki show --site "$S" >"$T/out" 2>"$T/err"
is 'without a collector it is shown as well' $? 0
ok 'as much as before, and the end' [ "$(wc -l <"$T/out")" -gt "$size" ]
like 'but that it could not be recorded is said' "$(cat "$T/err")" \
    'looked at could not be recorded: the collector is not running'
verified
