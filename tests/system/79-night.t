#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The night of an incident, on paper and in the casebook: what people noted and
# decided, with the time that it was and the time that it was written down; the
# time of awareness, once; the deadlines that run from it, and that a report was
# made. The contact tree: what it lacks, and the call sheet.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 28

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

# --- the contact tree, on paper: with no collector ---
site_stop
contacts() { konseki --lang "$1" contacts "$2" --site "$S" $3 $4; }
contacts en check >"$T/lint"
is 'a tree that lacks something is said to' "$?" 1
like 'as roles that nobody has' "$(cat "$T/lint")" \
    '^nobody has the role: planning manager$'
like 'and offices that are not on the sheet' "$(cat "$T/lint")" \
    '^not on the sheet of those outside: ministry'
cat >"$T/table.csv" <<'END'
外部関係機関,連絡先
厚生労働省医政局特定医薬品開発支援・医療情報担当参事官室,03-6812-7837 igishitsu@mhlw.go.jp
〇〇（都道府県警察の担当部署）,××-××××-××××
"a ""quoted"" <office>",098-000-0000
END
konseki --lang ja contacts import "$T/table.csv" >"$T/rows" 2>"$T/err"
is 'the form of the guidance becomes rows, number and address apart' \
    "$(sed -n 2p "$T/rows")" \
    '  - {name: "厚生労働省医政局特定医薬品開発支援・医療情報担当参事官室", phone: "03-6812-7837", mail: "igishitsu@mhlw.go.jp"}'
like 'what is not filled in is said' "$(sed -n 3p "$T/rows")$(cat "$T/err")" \
    '# 未記入konseki: 警告: 1件が未記入です（全3件）$'
cat "$T/rows" >>"$T/contacts.yml"
ok 'and they are rows that the tree takes' sh -c \
    "konseki contacts sheet --site '$S' --lang ja >'$T/path'"
sheet=$(cat "$T/path")
like 'the call sheet has the number in large' "$(cat "$sheet")" \
    '<span class="tel">03-6812-7837</span> igishitsu@mhlw.go.jp'
like 'and says where there is none' "$(cat "$sheet")" \
    '<span class="blank">未記入</span> ××-××××-××××'
like 'names are text' "$(cat "$sheet")" \
    'a &quot;quoted&quot; &lt;office&gt;'
like 'what is generally known stands on it' "$(cat "$sheet")" '03-5978-7509'
like 'and not to power off' "$(cat "$sheet")" '電源は切らず、LANケーブルを抜いて'
konseki contacts sheet --site "$S" --lang en >"$T/path"
is 'an English one has no Japanese but names and texts of the site' \
    "$(sed 's/<style>.*//; s/<[^>]*>//g' "$(cat "$T/path")" | grep -c '連絡の順序\|院内')" 0
