#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A threshold is changed while konseki watch runs, in the middle of what it
# counts: six wrong passwords of ten came, now eight are enough, and two more
# come. The finding has all eight, and names the rules that are in force. A
# profile that is wrong is said and changes nothing; a ledger that an editor put
# in the place of another is read, and so is the list of exceptions: the finding
# is revised, and names the row. A wrong row is said and not in force. That
# konseki.yml was changed is said: it takes another start. Here it says that the
# rest of a case is waited for longer than the usual half minute.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 22

cp -R "$srcdir/rules" "$T/rules"
chmod -R u+w,a+rX "$T/rules"
KONSEKI_RULES=$T/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" \
    "$srcdir/samples/site/deliver" "$S/"
chmod -R u+w,a+rX "$S/ledgers" "$S/calendar.yml"
cat >"$S/contacts.yml" <<END
people:
  - {id: first, name: 山田, command: yes}
tree:
  notice: {order: [first], answer_min: 60}
  warning: {order: [first], answer_min: 60}
  serious: {order: [first], answer_min: 60}
  critical: {order: [first], answer_min: 60}
END
site_make <<END
site: {language: en}
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, replay: yes}
analyzer: {internal: [192.168.0.0/16], vpn: [10.9.0.0/16]}
escalation: {command: [$S/deliver], gather_s: 3600}
END
site_start

failed() { # failed TIME ADDRESS
	echo "<185>date=2026-11-24 time=$1 devname=\"fw01\" devid=\"FGT60FTK26000001\" tz=\"+0900\" type=\"event\" subtype=\"vpn\" logid=\"0101039426\" level=\"alert\" action=\"ssl-login-fail\" tunneltype=\"ssl-web\" tunnelid=0 remip=$2 tunnelip=(null) user=\"tanaka\" group=\"N/A\" reason=\"sslvpn_login_permission_denied\" msg=\"SSL user failed to logged in\""
}
play() { "$srcdir/samples/tools/play" tcp 127.0.0.1 "$(port tcp)" "$1"; }
profile=$T/rules/profiles/default.yml
edit() { # edit FILE SED: as an editor does, a new file in the place of the old
	sed "$2" "$1" >"$1.new" && chmod a+r "$1.new" && mv "$1.new" "$1"
}
said() { # said N TEXT: so often or more
	[ "$(grep -c "$2" "$T/watch.err")" -ge "$1" ]
}
found() { # found RULE: the newest text in the casebook
	konseki show --log casebook --messages 2>/dev/null |
	    grep "\"rule\":\"$1\"" | tail -n 1
}

ok 'ten failures are the threshold' grep -q 'failures: 10 ' "$profile"
start watch konseki --lang en watch
watch=$pid
matcher() { pgrep -P "$watch" -x konseki-matcher; }
wait_for 'grep -q "Seccomp:.2" "/proc/$(matcher)/status"' 30
first=$(matcher)
for m in 0 1 2 3 4 5; do failed "10:0$m:00" 203.0.113.50; done >"$T/six"
failed 10:00:30 198.51.100.7 >>"$T/six"
ok 'six come' play "$T/six"
wait_for '[ "$(messages tcp | wc -l)" = 7 ]'

edit "$profile" 's/^    failures: 10 /    failures: many /'
ok 'a threshold that is none is said' wait_for \
    'said 1 "the former stay in force"' 60
ok 'with its place' grep -q 'default.yml:[0-9]*' "$T/watch.err"
edit "$profile" 's/^    failures: many /    failures: 8 /'
ok 'a threshold of eight is taken' wait_for 'said 1 "are in force"' 60
for m in 6 7; do failed "10:0$m:00" 203.0.113.50; done >"$T/two"
failed 13:00:00 198.51.100.7 >>"$T/two"
ok 'two more come' play "$T/two"
ok 'they are found' wait_for '[ -n "$(found VPN-01)" ]' 90
like 'with the six from before' "$(found VPN-01)" \
    '"key":"source=203.0.113.50".*"name":"count","value":"8"'
is 'of which each is cited' "$(found VPN-01 | grep -o '"index":[0-9]*' |
    sort -u | wc -l | tr -d ' ')" 8
hash() { sed -n 's/.*"rules_sha256":"\([0-9a-f]*\)".*/\1/p'; }
is 'by the rules in force' "$(found VPN-01 | hash)" \
    "$(konseki analyze --print 2>/dev/null | grep '"rule":"VPN-01"' | hash)"
told() { find "$S/outbox" -type f 2>/dev/null | wc -l | tr -d ' '; }
told_until=$(($(date +%s) + 35))
ok 'half a minute goes by' wait_for '[ "$(date +%s)" -ge $told_until ]' 60
is 'and nobody was told: the site waits longer' "$(told)" 0
konseki escalate >"$T/said" 2>&1
is 'who asks for a turn now does not wait' "$(told)" 1

edit "$S/ledgers/devices.csv" 's/fw01/fw01/'
printf '\n' >>"$S/ledgers/devices.csv"
ok 'a ledger that was replaced is taken' wait_for 'said 2 "are in force"' 60

exceptions() { # exceptions REASON: a new file in the place of the old one
	printf 'ルール,対象,責任者,理由,開始日,期限,上限\nVPN-01,203.0.113.50,山田,%s,2026/11/1,2026/12/31,\n' \
	    "$1" >"$S/ledgers/exceptions.new"
	chmod a+r "$S/ledgers/exceptions.new"
	mv "$S/ledgers/exceptions.new" "$S/ledgers/exceptions.csv"
}
ok 'the finding is heard' [ -z "$(found VPN-01 | grep '"excepted"')" ]
exceptions ''
ok 'an exception without a reason is said' wait_for \
    'grep -q "exceptions.csv: row 2" "$T/watch.err"' 60
ok 'and the others are taken' wait_for 'said 3 "are in force"' 60
exceptions 試験
ok 'one that is right covers what was found before' wait_for \
    'found VPN-01 | grep -q "\"excepted\":\"[^\"]*山田"' 90
is 'as it does for an analysis' "$(konseki --lang en analyze 2>/dev/null |
    grep -o '[0-9]* new findings')" '0 new findings'

cp "$S/konseki.yml" "$S/konseki.new"
mv "$S/konseki.new" "$S/konseki.yml"
ok 'another konseki.yml takes a start' wait_for \
    'said 1 "konseki.yml was changed.*next start"' 60
is 'all by the process that began' "$(matcher)" "$first"
kill -TERM "$watch"
wait_for '! running "$watch"'
site_stop
