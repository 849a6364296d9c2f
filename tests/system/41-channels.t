#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# People are told over the web, two at a time, and other systems get a copy in
# CEF over UDP, TCP and TLS; a server that refuses is recorded, and the next is
# told. The code of a message says who answers and for what; one that is old
# answers for nothing that came after it, an absence note for nothing at all.
# Who is to be reminded of a deadline is, once. No patient leaves the house, and
# what is a drill says so.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 36

KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
hook() { # hook NAME ARG...: its port is in $port
	hook_name=$1
	shift
	start "$hook_name" python3 "$srcdir/tests/system/hook.py" "$@"
	wait_for 'test -s "$T/$hook_name.out"'
	port=$(cat "$T/$hook_name.out")
}
certificates
hook web http 200 "$T/posted"
web=$port
hook siem udp "$T/cef"
siem=$port
echo 'Bearer token-1' >"$T/auth"
cat >"$T/contacts.yml" <<'END'
people:
  - {id: safety, name: 佐々木 誠, role: 医療情報システム安全管理責任者, webhook: yes}
  - {id: director, name: 院長, role: 経営層, webhook: yes}
  - {id: vendor, name: X社, role: 事業者, webhook: yes}
tree:
  serious: {order: [safety, vendor], answer_min: 10}
  critical: {order: [[safety, director], vendor], answer_min: 5, repeat: yes}
deadlines: [director]
END
site_make <<END
site: {name: 見本病院}
analyzer: {contacts: $T/contacts.yml}
escalation:
  webhook: "http://127.0.0.1:$web/hook"
  webhook_auth_file: $T/auth
  cef: syslog+udp://127.0.0.1:$siem
END
site_start
case_() { konseki --lang en case --site "$S" "$@"; }
finding() {
	finding_id=$(printf '%064d' 0 | tr 0 "$1")
	"$builddir/tests/system/submit_finding" "$S" "$finding_id" "$2" \
	    "192.168.20.1${3:-$1}"
}
quietly() { "$@" >"$T/said" 2>&1; }
# code ID WHO: of the last message to somebody.
code() {
	konseki show --site "$S" --log casebook --messages |
	    sed -n "s/.*\"type\":\"sent\",\"case\":\"$1\",\"who\":\"$2\".*\"code\":\"\([^\"]*\)\".*/\1/p" |
	    tail -n 1
}

# --- two at a time, and a copy ---
quietly finding 1 4
ok 'a critical case is told' quietly konseki escalate --site "$S"
is 'two people are told together' \
    "$(grep -o '"to":"[a-z]*"' "$T/posted" | tr '\n' ' ')" \
    '"to":"safety" "to":"director" '
like 'with what the server asks for' "$(cat "$T/posted")" '^Bearer token-1$'
like 'and a text that a chat shows' "$(cat "$T/posted")" \
    '^\{"text":"\[konseki 緊急\] 見本病院: .*"drill":false\}$'
wait_for 'test "$(grep -c CEF "$T/cef")" = 2'
like 'the other system has its copy' "$(cat "$T/cef")" \
    '^<106>1 20.* - konseki - case - CEF:0\|konseki\|konseki\|1\|outbound-volume\|.*\|10\|start=.* externalId=11111111 cat=case dvc=見本病院'
is 'a copy is no attempt to tell somebody' \
    "$(case_ show 1111 | grep -c ' told siem (cef) sent')" 2
posts() { grep -c '"code"' "$T/posted"; }
ok 'nobody else is told yet' quietly konseki escalate --site "$S"
is 'as an answer is waited for' "$(posts)" 2

# --- codes ---
one=$(code 11111111 director)
ok 'a code is refused that no message had' ! case_ ack --code 0000-0000
ok 'an absence note is no answer, and no mistake' sh -c \
    "printf 'Auto-Submitted: auto-replied\n\n$one\n' |
    konseki case ack --reply --site '$S'"
is 'nobody took the case by it' "$(case_ show 1111 | grep -c 'taken by')" 0
ok 'the code takes the case, as people type it' quietly \
    case_ ack --code "$(echo "$one" | tr 'A-Z' 'a-z' | tr -d -)"
like 'by whom, the message knows' "$(case_ show 1111)" ' taken by director \(code\)'
ok 'then nobody is told' quietly konseki escalate --site "$S"
is 'nothing was posted' "$(posts)" 2
quietly finding 2 3
quietly konseki escalate --site "$S"
one=$(code 22222222 safety)
quietly finding 5 4 2
ok 'a case that becomes worse is told again' quietly \
    konseki escalate --site "$S"
case_ ack --code "$one" >"$T/out" 2>"$T/err"
is 'the old code does not answer for it' $? 1
like 'and it is said why' "$(cat "$T/err")" 'answer the newer one'
ok 'the new one does' quietly case_ ack --code "$(code 22222222 director)"

# --- a server that refuses ---
hook no http 503 "$T/refused"
sed -i "s|127.0.0.1:$web/hook|127.0.0.1:$port/hook|" "$S/konseki.yml"
hook tls tls "$T/cef.tls" "$S/tls/cert.pem" "$S/tls/key.pem"
sed -i "s|syslog+udp://127.0.0.1:$siem|syslog+tls://127.0.0.1:$port|
    \$a\\  cef_ca: $T/ca.pem" "$S/konseki.yml"
quietly finding 3 3
ok 'a server that refuses is a failure' ! konseki escalate --site "$S"
like 'and recorded as one' "$(case_ show 3333)" \
    ' told safety \(webhook, failed\) refused, status 503 '
wait_for 'grep -q CEF "$T/cef.tls"'
like 'the copy goes over TLS, with its length' "$(cat "$T/cef.tls")" \
    '^[0-9]+ <107>1 .*CEF:0'
certificates
hook other tls "$T/cef.other" "$S/tls/cert.pem" "$S/tls/key.pem"
sed -i "s|syslog+tls://127.0.0.1:[0-9]*|syslog+tls://127.0.0.1:$port|
    s|cef_ca: .*|cef_ca: $T/none.pem|" "$S/konseki.yml"
: >"$T/none.pem"
quietly konseki escalate --site "$S"
like 'a system of another authority gets none' "$(case_ show 3333)" \
    ' told siem \(cef, failed\) '
is 'nothing of it went there' "$(grep -c CEF "$T/cef.other" 2>/dev/null)" 0
hook tcp tcp "$T/cef.tcp"
sed -i "s|syslog+tls://127.0.0.1:[0-9]*|syslog+tcp://127.0.0.1:$port|
    s|hook\"|hook\"|; s|127.0.0.1:[0-9]*/hook|127.0.0.1:$web/hook|" "$S/konseki.yml"

# --- deadlines ---
quietly case_ ack 3333 --by safety
: >"$T/posted"
ok 'the time of awareness' quietly case_ aware 3333 --by safety \
    --at "$(TZ=Asia/Tokyo date -d '3 days ago' +%Y-%m-%d)"
ok 'who is to be reminded is' quietly konseki escalate --site "$S"
is 'in one message, by what presses most' \
    "$(grep -o '"subject":"[^"]*"' "$T/posted" | sed 's/.*: //; s/ *[（(].*)/ /')" \
    '厚生労働省への連絡  ほか2件"'
is 'of each deadline that is near or over' \
    "$(grep -o 'case done 33333333 [a-z-]*' "$T/posted" |
	awk '!seen[$4]++ { printf "%s,", $4 }')" 'mhlw,police,ppc-quick,'
is 'and the casebook has each' "$(case_ show 3333 | grep -c 'reminded')" 3
is 'nobody else is' "$(grep -o '"to":"[a-z]*"' "$T/posted" | sort -u)" \
    '"to":"director"'
: >"$T/posted"
ok 'and only once' quietly konseki escalate --site "$S"
is 'nothing more was posted' "$(posts)" 0

# --- a drill; a patient ---
sed -i '$a\drill: yes' "$S/konseki.yml"
sed -i "s|^site: .*|site: {name: 見本病院 患者ID:1234567}|" "$S/konseki.yml"
quietly finding 4 4
ok 'a case of a drill is told' quietly konseki escalate --site "$S"
like 'and says so, without the patient' "$(cat "$T/posted")" \
    '"subject":"【訓練】\[konseki 緊急\] 見本病院 患者ID:\*\*\*\*67: .*"drill":true'
wait_for 'grep -q CEF "$T/cef.tcp"'
like 'its copy, too, over TCP' "$(cat "$T/cef.tcp")" \
    '^[0-9]+ <106>1 .*\[DRILL\] .*cat=drill dvc=見本病院 患者ID:\*\*\*\*67 '
site_stop
