#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The night of an incident, on paper and in the casebook: what people noted and
# decided, with the time that it was and the time that it was written down; the
# time of awareness, once; the deadlines that run from it, and that a report was
# made. The report of the staff, the page of
# the night, the evidence kept in one go; who may do what; what the contact tree lacks, and the
# call sheet.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 65

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

# --- the report of the staff, with all its fields ---
ok 'somebody of the staff tells of something' case_ report --sign encrypted \
    --place 3F病棟 --about ward3-pc2 --at 2026-11-20T01:50 --name 鈴木 \
    --comment 'カルテが開けない' --scope '3台'
like 'all that the form asks for is recorded' \
    "$(konseki show --site "$S" --source staff --messages)" \
    '"place":"3F病棟","host":"ward3-pc2","who":"鈴木","text":"カルテが開けない","seen":"2026-11-20T01:50:00\+09:00","scope":"3台"'
konseki --lang ja case form --site "$S" >"$T/path"
is 'the form on paper asks for the same, in the order of the guidance' \
    "$(grep -o '<tr><th>[^<]*' "$(cat "$T/path")" | sed 's/.*>//' |
	tr '\n' ' ')" \
    '発生場所 発生箇所 発生日時 連絡者 異常の内容・範囲 見られた徴候 行ったこと 受付者・時刻 '

# --- the page of the night ---
mkdir -p "$S/ledgers"
cat >"$S/ledgers/devices.csv" <<'END'
管理番号,OS,ソフトウェア,IPアドレス,コンピュータ名,設置場所,状態,説明,外部接続点
001,Linux,PACS,192.168.20.11,pacs01,サーバ室,稼働,画像,
002,Linux,バックアップ,192.168.20.30,nas01,サーバ室,稼働,,
003,FortiOS,,192.168.20.1,fw01,2F,稼働,,はい
END
"$builddir/tests/system/submit_finding" "$S" "$(printf '%064d' 0 | tr 0 7)" 3 \
    192.168.20.17 >"$T/said" 2>&1
quiet_escalate() { konseki escalate --site "$S" >"$T/said" 2>&1; }
quiet_escalate
konseki --lang ja case night 1111 --site "$S" >"$T/path" 2>"$T/err"
night=$(cat "$T/path")
is 'containment goes from the backup network to the lines to the segments' \
    "$(grep -o '<h3>[①②③][^<]*' "$night" | sed 's/<h3>//' | tr '\n' ' ')" \
    '① バックアップに通ずるネットワーク ② 外部の通信経路 ③ セグメントの境界・関係する機器 '
is 'with the devices of the ledger' \
    "$(sed -n 's/^<li>□ \(00[0-9]\) <b>\([a-z0-9]*\)<.*/\1 \2/p' "$night" |
	tr '\n' ',')" '001 pacs01,002 nas01,003 fw01,001 pacs01,'
is 'the five causes stand side by side' \
    "$(grep -o 'class="cause"><h3>[^<]*' "$night" | sed 's/.*>//' | tr '\n' ' ')" \
    'サイバー攻撃の兆候 メンテナンス・移行作業 医療情報システム自体 LAN設備・ケーブル 電源系統 '
like 'the power stays on' "$(cat "$night")" '電源は切らないでください'
is 'so that is not among what may be done later' \
    "$(grep -c '<li>電源を切る' "$night")" 0
like 'a deadline that is over says so' \
    "$(cat "$night")" '<td class="st">期限を[0-9]+日過ぎています</td>'
is 'and by no negative number' "$(grep -c 'あと-' "$night")" 0
like 'whether it is an attack is open' "$(cat "$night")" '<li>攻撃かどうか'
like 'what not to do before the evidence is kept' "$(cat "$night")" \
    '<li>初期化</li><li>再インストール</li><li>ファームウェア更新</li><li>再起動</li>'
like 'what the guidance says of paying stands at the decisions' \
    "$(sed -n '/<div class="decide">/p' "$night")" \
    '経営層の判断.*金銭の支払いは、犯罪組織に対して支援を行うことと同義であり、厳に慎むこと'
konseki --lang en case night 1111 --site "$S" >"$T/path" 2>"$T/err"
like 'in English, too' "$(cat "$(cat "$T/path")")" \
    'To pay a ransom is the same as to support a criminal organisation'
like 'what was noted stands there' "$(cat "$night")" 'バックアップNASのLANケーブルを抜いた'
like 'a number that is not filled in says so' "$(cat "$night")" \
    '<span class="blank">未記入</span>'
# Of the devices that a finding names those that the ledger has.
"$builddir/tests/system/submit_finding" "$S" "$(printf '%064d' 0 | tr 0 6)" 3 \
    192.168.20.16 fw01 192.168.20.1 stranger9 >"$T/said" 2>&1
konseki --lang ja case night 6666 --site "$S" >"$T/path" 2>"$T/err"
is 'a device that somebody was on or changed is concerned' \
    "$(sed -n '/<h3>関係する機器/,/<.ul>/s/^<li>□ //p' "$(cat "$T/path")" |
	sed 's/<[^>]*>//g; s/ 画像.*//; s/ 2F *$//' | tr '\n' ',')" \
    '192.168.20.16,003 fw01,'
like 'that it was made is recorded' "$(records o1 casebook)" 'what=night'

# --- judged, in a case of its own ---
finding 8 3 >"$T/said" 2>&1
case_ judge 8888 incident --by director --comment 暗号化 >"$T/said" 2>&1
konseki --lang ja case night 8888 --site "$S" >"$T/path" 2>"$T/err"
like 'a judgement is said, and by whom' "$(cat "$(cat "$T/path")")" \
    '重大*.*</span> 判定：事案（director '
is 'and it is no longer asked' \
    "$(grep -c '攻撃かどうか\|疑い（確認' "$(cat "$T/path")")" 0

# --- the evidence is kept ---
mkdir "$T/usb"
konseki --lang en case preserve 1111 --site "$S" --by it --output "$T/usb" \
    --from 2026-01-01 >"$T/kept" 2>&1
is 'all of it is kept in one go' "$? $(tail -n 1 "$T/kept")" \
    "0 preserved in $T/usb: 8 step(s) done, 0 failed"
like 'both logs are on hold' "$(konseki --lang en retention --site "$S" \
    --log casebook list)" 'case-11111111-20'
ok 'a package of each lies there, and is intact' sh -c \
    "for p in '$T'/usb/*/; do konseki-verify \"\$p\" || exit 1; done"
is 'with a sheet for the drawer of each' \
    "$(find "$T/usb" -name 'anchor-*.html' | wc -l)" 2
like 'and the casebook says what each step said' "$(case_ show 1111)" \
    'evidence kept by it \(command\) hold of the evidence log: OK .*; package of the casebook: OK'
LC_ALL=C konseki --lang ja case preserve 1111 --site "$S" --by it \
    --output "$T/usb2" --from 2026-01-01 >"$T/kept.ja" 2>&1
ok 'each step speaks the language that was asked for' \
    sh -c "grep -q '^記録し封印しました' '$T/kept.ja' &&
    grep -q '^改ざんなし: ' '$T/kept.ja' && ! grep -q 'recorded and' '$T/kept.ja'"
chmod 500 "$T/usb"
if [ "$(id -u)" != 0 ]; then
	ok 'where it cannot be written, that is a failure' ! \
	    case_ preserve 1111 --by it --output "$T/usb"
else
	skip 1 'root writes everywhere'
fi
chmod 700 "$T/usb"

# --- who may do what ---
cp "$S/konseki.yml" "$T/konseki.yml"
me=user:$(id -un)
roles() { # roles LIST: who I am
	{ cat "$T/konseki.yml"; echo "roles: $1"; } >"$S/konseki.yml"
}
roles "{auditors: [$me], safety: [nobody-else]}"
says 'to take a case, of an auditor' 'you are: auditor' ack 1111 --by it
says 'to keep evidence, of an auditor' 'is for: operator' \
    preserve 1111 --by it --output "$T/usb"
ok 'an auditor looks' case_ show 1111
roles "{operators: [$me]}"
ok 'an operator takes a case' case_ ack 1111 --by it
says 'to judge it, of an operator' 'is for: planning manager, safety manager' \
    judge 1111 normal --by it --comment x
konseki --lang en retention --site "$S" release x --basis y --by it \
    >"$T/out" 2>"$T/err"
like 'to let evidence go is for one' "$(cat "$T/err")" \
    'is for: safety manager; you are: operator'
roles "{safety: [$(id -gn)]}"
ok 'a group has a role, too' case_ judge 1111 check --by it --comment x
cp "$T/konseki.yml" "$S/konseki.yml"

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
