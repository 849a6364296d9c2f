#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The night of an incident, on paper and in the casebook: what people noted and
# decided, with the time that it was and the time that it was written down; the
# time of awareness, once; the deadlines that run from it, and that a report was
# made.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 16

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
cat >"$T/contacts.yml" <<'END'
people:
  - {id: it, name: 山田 太郎, role: システム運用担当者}
  - {id: director, name: 院長, role: 経営層}
tree:
  serious: {order: [it, director]}
END
site_make <<END
site: {name: 見本病院}
analyzer: {contacts: $T/contacts.yml}
END
site_start
case_() { konseki --lang en case --site "$S" "$@"; }
finding() {
	finding_id=$(printf '%064d' 0 | tr 0 "$1")
	"$builddir/tests/system/submit_finding" "$S" "$finding_id" "$2" \
	    "192.168.20.1$1"
}
# says NAME ERE ARG...: it is refused, and why.
says() {
	said_name=$1 said_want=$2
	shift 2
	case_ "$@" >"$T/out" 2>"$T/err"
	is "$said_name is refused" "$?" 1
	like 'and it is said why' "$(cat "$T/err")" "$said_want"
}
ok 'a case' finding 1 3

# --- the time of awareness ---
says 'to count deadlines from nothing' 'no time of awareness' deadlines 1111
says 'an awareness in the future' 'in the future' \
    aware 1111 --at 2099-01-01 --by it
ok 'the time of awareness is recorded' \
    case_ aware 1111 --at 2026-11-20T02:24 --by it
says 'to set it again' 'recorded already: 2026-11-20 02:24:00' \
    aware 1111 --at 2026-11-21T02:24 --by it
case_ deadlines 1111 >"$T/deadlines"
is 'the deadlines are those of the table' \
    "$(sed -n 's/^\([a-z0-9-]*\)  *[a-z].* \([A-Z][a-z][a-z] [0-9-]*\)  [0-9A-Z].*/\1 \2/p' \
    "$T/deadlines" | tr '\n' ',')" \
    'mhlw Fri 2026-11-20,police Fri 2026-11-20,ppc-quick Tue 2026-11-24,ppc-full-30 Mon 2026-12-21,ppc-full-60 Mon 2027-01-18,'
ok 'a report is made' case_ done 1111 mhlw --by director --comment 'by phone'
like 'which is said' "$(case_ deadlines 1111)" \
    '^mhlw .*reported 20.* by director$'

# --- notes ---
ok 'what was done is noted' case_ note 1111 --at 2026-11-20T02:31 --by it \
    --comment 'バックアップNASのLANケーブルを抜いた'
says 'a note of two lines' 'one line' note 1111 --by it --comment 'a
b'
konseki show --site "$S" --log casebook --messages >"$T/book"
like 'a note says when it was' "$(grep '"type":"note"' "$T/book")" \
    '"from":"2026-11-19T17:31:00Z"'
site_stop
