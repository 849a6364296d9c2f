#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A drill goes the whole way: a listener, the rules, the people, who answer with
# the code of the message at the hospital's own command. Each message and page
# says that it is a drill; of the hospital's logs only the casebook gets one
# record, which says that there was one and how long it took.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 29

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
cat >"$T/deliver" <<END
#!/bin/sh
{ env | grep KONSEKI_; cat; } >"$T/outbox/\$KONSEKI_TO"
END
chmod 755 "$T/deliver"
mkdir "$T/outbox"
chmod 777 "$T/outbox"
cat >"$T/contacts.yml" <<'END'
people:
  - {id: it, name: 山田 太郎, role: システム運用担当者, command: yes}
  - {id: director, name: 院長, role: 経営層, command: yes}
tree:
  serious: {order: [it, director], answer_min: 10}
  critical: {order: [[it, director]], answer_min: 5}
END
site_make <<END
site: {name: 見本病院}
analyzer: {contacts: $T/contacts.yml, internal: [192.168.0.0/16]}
escalation: {command: [$T/deliver]}
END
site_start
before=$(konseki show --site "$S" | wc -l)

konseki --lang en drill list --site "$S" >"$T/list"
is 'there are scenarios' "$(grep -c '^[a-z]' "$T/list")" 3
konseki drill nothing --site "$S" --by it >"$T/out" 2>"$T/err"
is 'of another name there is none' $? 1
ok 'nor one that leads elsewhere' ! konseki drill ../drills/handa \
    --site "$S" --by it
konseki drill handa --site "$S" >"$T/out" 2>"$T/err"
is 'somebody holds it' $? 1
like 'by name' "$(cat "$T/err")" '[-]-by'

start drill konseki drill handa --site "$S" --by it --lang en --wait 5
drill=$pid
ok 'people are told' wait_for 'test -s "$T/outbox/director"' 60
like 'that it is a drill, first of all' "$(cat "$T/outbox/director")" \
    '^【訓練】\[konseki 緊急\] 見本病院'
like 'and to call nobody outside' "$(cat "$T/outbox/director")" \
    '外部への連絡と機器の切離しは行わないでください'
like 'a lamp knows it, too' "$(cat "$T/outbox/director")" '^KONSEKI_DRILL=yes$'
code=$(sed -n 's/^KONSEKI_CODE=//p' "$T/outbox/director")
ok 'the code is answered at the hospital' wait_for \
    'konseki --lang en case ack --code "$code" --site "$S" >"$T/ack"'
like 'which says that it is a drill' "$(cat "$T/ack")" '^DRILL$'
is 'no case of the hospital has come of it' \
    "$(konseki --lang en case list --site "$S")" 'no cases'
D=$S/drill/current
id=$(konseki --lang en case list --site "$D" 2>"$T/err" | cut -c 1-8)
konseki --lang ja case night "$id" --site "$D" --output "$T" >"$T/path" 2>"$T/err"
like 'the page of the night says so' "$(cat "$(cat "$T/path")")" \
    'class="banner">訓練　訓練　訓練'
ok 'a decision is noted' konseki case note "$id" --decision --site "$D" \
    --by director --comment '紙カルテで継続する'
ok 'then the drill ends' wait_for '! running "$drill"' 60
wait "$drill"
is 'as it should' $? 0
cat "$T/drill.out" >"$T/said"
like 'it says how long it took' "$(cat "$T/said")" \
    '^DRILL: taken after 0 min [0-9]+ s$'
record=$(sed -n 's|^\(/.*/drill-.*-en.html\)$|\1|p' "$T/said")
like 'its record is marked' "$(cat "$record")" 'class="banner">DRILL'
like 'has the times' "$(cat "$record")" \
    '<tr><th>executives were told</th><td class="big">0 min [0-9]+ s</td>'
like 'and says where the lines went' "$(cat "$record")" \
    'own \(drill.invalid/[0-9-]*/evidence\)'
is 'the evidence of the hospital has not got a single record' \
    "$(konseki show --site "$S" | awk '$3 == "e1"' | wc -l)" 0
like 'its casebook has one that says what it was' \
    "$(konseki show --site "$S" --log casebook --messages)" \
    '^\{"type":"drill","case":"","who":"it","how":"drill","text":"Stolen VPN account.*, taken 0 min [0-9]+ s, .*drill.invalid/'
like 'the drill is a log of its own, marked as played' \
    "$(konseki show --site "$D" | awk '$3 == "d1"')" 'replay=yes'
ok 'which proves itself as any' konseki-verify "$D/evidence"
is 'its processes have ended' "$(pgrep -f "$S/drill" | wc -l)" 0
site_stop

# --- of which nothing could be recorded ---
drills=$(ls "$S/drill")
konseki --lang en drill handa --site "$S" --by it >"$T/out" 2>"$T/err"
is 'without a collector nobody is called together' $? 1
like 'which is said' "$(cat "$T/err")" \
    'could not be recorded: the collector is not running'
is 'and nothing was begun' "$(ls "$S/drill")" "$drills"
