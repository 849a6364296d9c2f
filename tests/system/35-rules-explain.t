#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody holds a rule against one event and wants to know why it fits, or why
# it does not: first without a site, then with its ledgers.
. "${srcdir:-.}/tests/lib.sh"
plan 43
cd "$T" || exit 99
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

# event NAME=VALUE...: an event of a login at night, with these in it.
event() {
	printf '{"@timestamp":"2026-11-18T23:00:00+09:00"'
	for member in konseki.kind=admin-login "$@"; do
		printf ',"%s":"%s"' "${member%%=*}" "${member#*=}"
	done
	echo '}'
}

# explain RULE EVENT [OPTION...]: in English; $status.
explain() {
	rule=$1 event=$2
	shift 2
	konseki --lang en rules explain "$rule" --event "$event" "$@" >out 2>err
	status=$?
}

# end: the lines behind the verdict.
end() {
	sed -n '/^[a-z ]*:$/,$p' out
}

explain ADM-01 "$(event event.outcome=failure user.name=root1)"
is 'a rule that does not fit is no error' $status 0
like 'it says which rule' "$(sed -n 1p out)" \
    '^ADM-01  Administrator login outside working hours \(detection/admin/'
like 'and of which event' "$(sed -n 2p out)" \
    '^2026-11-18T23:00:00\+09:00  admin-login failure  user=root1'
line=$(grep -n 'failure: {event' "$srcdir/rules/detection/admin/off-hours-login.yml" |
    cut -d : -f 1)
is 'why not, and nothing else' "$(end)" "does not fit:
  detection, line $line: yes  event.outcome: failure  = \"failure\""
like 'each part with what came of it' "$(cat out)" '^> no     not$'
like 'each test with what was seen' "$(cat out)" \
    '^  yes +konseki.kind: admin-login \| vpn-login .* = "admin-login"  fits admin-login$'
like 'and what is missing' "$(cat out)" 'konseki.menu\|contains: 管理  \(missing\)$'

explain ADM-01 "$(event event.outcome=success user.name=root1)"
like 'without a site facts are not known' "$(end)" \
    '^  when, line [0-9]+: \?    calendar.state: off-hours  \(not known here\)$'
like 'which is said' "$(end)" '^cannot be told from what is known here:$'
like 'with what would tell' "$(end)" '^  --site DIR tells'
is 'and nothing that would not' "$(grep -c 'what came before' out)" 0

# --- With a site.
mkdir -p site/ledgers
cat >site/konseki.yml <<'END'
logs:
  evidence: {dir: e, origin: test.example/evidence}
  casebook: {dir: c, origin: test.example/casebook}
analyzer: {vpn: [10.9.0.0/16]}
END
printf 'ユーザID,状態,権限\nroot1,使用可,Admin\n' >site/ledgers/accounts.csv
printf '管理番号\n' >site/ledgers/devices.csv
printf '開始,終了\n' >site/ledgers/maintenance.csv
explain ADM-01 "$(event user.name=root1 source.ip=10.9.1.1)" --site site
like 'with them it fits' "$(end)" '^fits:$'
like 'by the calendar' "$(end)" \
    '^  when, line [0-9]+: yes  calendar.state: off-hours  = "off-hours"$'
like 'and by the ledger' "$(cat out)" '^> yes +account.role: admin  = "admin"$'
like 'what raises it is told' "$(cat out)" '^> yes +source.side: wan \| vpn  = "vpn"  fits vpn$'
like 'and what history would' "$(cat out)" 'source.first_seen: yes  \(not known here\)'
explain ADM-01 "$(event source.ip=192.168.1.1)" --site site
like 'and what would not' "$(cat out)" '^> no +source.side: wan \| vpn  = "lan"$'
printf '開始,終了,ユーザID\n2026/11/18 22:00,2026/11/19 2:00,root1\n' \
    >site/ledgers/maintenance.csv
explain ADM-01 "$(event user.name=root1)" --site site
line=$(grep -n 'off: {calendar' "$srcdir/rules/detection/admin/off-hours-login.yml" |
    cut -d : -f 1)
is 'a plan explains it' "$(end)" "does not fit:
  when, line $line: no   plan.state: none  = \"covered\""
like 'in Japanese too' "$(konseki --lang ja rules explain ADM-01 --site site \
    --event "$(event user.name=root1)")" \
    "^  when ${line}行: ×  plan.state: none  = \"covered\"$"

# --- A line as it was logged, and what konseki parse makes of it.
login=$(grep -h 'Admin login successful' "$srcdir"/samples/incident/history/*.log |
    head -n 1)
traffic=$(grep -h 'type="traffic"' "$srcdir"/samples/incident/history/*.log |
    head -n 1)
explain ADM-01 "$login"
like 'a line goes through the formats' "$(sed -n 2p out)" 'user=fwadmin .*\[fortigate\]$'
sed '2d' out >of_line
echo "$login" | konseki parse --output flat >parsed
explain ADM-01 - <parsed
sed '2d' out >of_json
same 'and is explained as the event that it becomes' of_line of_json
explain ADM-01 "$traffic"
like 'what comes from elsewhere is told' "$(end)" \
    '^  the rule is for another log source$'
printf '%s\n\n%s\n' "$login" "$traffic" >lines
explain ADM-01 - <lines
is 'several lines, one after the other' "$(grep -c '^ADM-01 ' out)" 2

# --- Other rules.
sed -n '/^```yaml$/,/^```$/p;/^```$/q' "$srcdir/docs/rules.md" |
    sed '/^```/d' >my.yml
explain my.yml "$(event konseki.kind=logout)"
like 'a file' "$(end)" \
    '^  detection, line 7: no   konseki.kind: login \| vpn-login  = "admin-login", "logout"$'
explain VPN-01 "$(event event.outcome=failure)"
like 'a rule that counts says what it counts' "$(end)" '^is not counted:$'
explain VPN-03 "$(event konseki.kind=vpn-login event.outcome=failure \
    user.name=sato)"
like 'a failure before a success is counted' "$(end)" '^is counted:$'
is 'a count of what is counted decides nothing of one event' \
    "$(grep -c vpn_guess_id_many out)" 0
like 'what is asked of the event that completes it stands apart' "$(cat out)" \
    'asked of the event that completes it:'
explain ADM-06 "$(event event.outcome=success user.name=root1 \
    source.ip=192.168.1.9 observer.name=FW1)"
like 'facts of what is counted need a site' "$(end)" \
    '^cannot be told from what is known here:$'
explain OUT "$traffic"
like 'and one that does not look at single events so' "$(cat out)" 'judges many together'

# --- Sigma as others write it, and events as they stand.
cat >sigma.yml <<'END'
title: Whoami by others
logsource: {product: windows, category: process_creation}
detection:
  tool: {Image|endswith: \whoami.exe}
  own: {User|startswith: SYSTEM}
  condition: tool and not own
END
explain sigma.yml '{"Image": "C:\\\\whoami.exe", "User": "SYSTEM_1"}'
is 'a file of Sigma' "$(end)" 'does not fit:
  detection, line 5: yes  User|startswith: SYSTEM  = "SYSTEM_1"'
explain sigma.yml '{"Image": "C:\\whoami.exe", "logsource": {"product": "windows", "category": "process_creation"}}'
is 'which fits' "$(sed -n '/^fits/,$p' out)" 'fits:
  detection, line 4: yes  Image|endswith: \whoami.exe  = "C:\whoami.exe"
  detection, line 5: no   User|startswith: SYSTEM  (missing)'
explain sigma.yml '{"Image": "C:\\whoami.exe", "logsource": {"product": "linux"}}'
is 'an event that goes to other rules' "$(end)" 'does not fit:
  the rule is for another log source'
explain sigma.yml 'no JSON'
is 'and none that is no object' $status 1

# --- What is no event.
explain ADM-01 '{"konseki.kind":'
is 'half an object is an error' $status 1
like 'and named' "$(cat err)" 'no JSON object'
explain ADM-01 '{"konseki.kind":"login","foo":1}'
like 'what no rule can ask for is told, and that the time is missing' \
    "$(tr '\n' ' ' <err)" 'no @timestamp.*1 members of the event are no fields'
konseki rules explain ADM-01 >out 2>&1
is 'without an event it is an error' $? 1
like 'which says what is missing' "$(cat out)" '--event|--eventで'

# --- How near a rule came that judges many together.
failure() {	# failure MINUTE
	echo '{"@timestamp":"2026-11-20T10:0'"$1"':00+09:00","konseki.kind":"vpn-login","event.outcome":"failure","source.ip":"203.0.113.5","user.name":"u'"$1"'"}'
}
for i in 1 2 3; do failure $i; done |
    konseki --lang en rules explain VPN-01 --event - >out 2>err
is 'three events that are counted' "$(tail -n 3 out)" \
    '3 times something was judged, of 1 hosts, groups or accounts; 0 findings
2026-11-20 10:03:00  source.key=203.0.113.5
    no  count 3 >= 10'
for i in 1 2; do failure $i; done |
    konseki --lang ja rules explain VPN-01 --event - >out 2>err
is 'in Japanese' "$(tail -n 1 out)" '    ×  count 2 >= 10'
konseki --lang en rules explain OUT >out 2>&1
is 'of nothing it cannot be told' $? 1
like 'and where it could be' "$(cat out)" '--site says whose evidence'
