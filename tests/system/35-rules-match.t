#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody takes Sigma rules that others wrote, looks at what of them can be
# used, and holds them against events.
. "${srcdir:-.}/tests/lib.sh"
plan 47
cd "$T" || exit 99
mkdir -p pack/win pack/net bad

# rule FILE ID LOGSOURCE DETECTION: one rule with that head.
rule() {
	cat >>"$1" <<END
title: Rule $2
id: 0000000$2-bef0-4204-a928-ef5e620d6fcc
logsource: $3
detection: $4
END
}

rule pack/win/logon.yml 1 '{product: windows, service: security}' \
    '{s: {EventID: 4625, TargetUserName|startswith: adm}, condition: s}'
rule pack/win/whoami.yaml 2 '{product: windows, category: process_creation}' \
    '{a: {Image|endswith: \whoami.exe}, b: {User: null}, condition: a and not b}'
rule pack/net/dst.yml 3 '{category: firewall}' \
    '{s: {dst.ip|cidr: 192.0.2.0/24, dst.port: [22, 3389]}, condition: s}'
echo --- >>pack/net/dst.yml
rule pack/net/dst.yml 4 '{category: firewall}' \
    '{s: {tags: blue}, condition: s}'
rule pack/keyword.yml 5 '{product: linux}' \
    '{keywords: [segfault, "out of memory"], condition: keywords}'
echo 'not a rule' >pack/README.md

# --- check
konseki rules check pack >check.out 2>check.err
is 'rules that can be used are all' $? 0
is 'and counted by file' "$(cat check.out)" '4 files: 4 loaded, 0 refused'
is 'in Japanese the same' "$(konseki --lang ja rules check pack)" \
    '4 files: 4 loaded, 0 refused'
is 'of a file as well' "$(konseki rules check pack/net/dst.yml)" \
    '1 files: 1 loaded, 0 refused'

rule bad/twin.yml 1 '{product: windows}' '{s: {a: b}, condition: s}'
rule bad/again.yml 1 '{product: windows}' '{s: {a: b}, condition: s}'
rule bad/count.yml 6 '{product: windows}' \
    '{s: {a: b}, condition: s | count() > 5}'
rule bad/frame.yml 7 '{product: windows}' \
    '{s: {a: b}, timeframe: 5m, condition: s}'
rule bad/modifier.yml 8 '{product: windows}' \
    '{s: {a|near: b}, condition: s}'
rule bad/expand.yml 9 '{product: windows}' \
    '{s: {User|expand: "%admins%"}, condition: s}'
{ echo 'action: global'; rule /dev/stdout 6 '{product: x}' '{}'; } \
    >bad/action.yml
printf 'title: [\n' >bad/syntax.yml
: >bad/empty.yml
rule bad/level.yml 0 '{product: x}' '{s: {a: b}, condition: s}'
echo 'level: urgent' >>bad/level.yml
ln -s nowhere bad/gone.yml
konseki rules check bad >check.out
is 'refusals have a status of their own' $? 2
is 'the last line counts' "$(tail -n 1 check.out)" \
    '11 files: 1 loaded, 10 refused'
like 'a second id names the first' "$(cat check.out)" \
    "^twin\.yml:2:5: again\.yml has the id '.*' already, in its line 2$"
like 'an aggregation' "$(cat check.out)" '^count\.yml:4:37: .*correlation'
like 'a timeframe' "$(cat check.out)" '^frame\.yml:4:[0-9]+: .*correlation'
like 'an unknown modifier' "$(cat check.out)" "^modifier\.yml:4:17: .*'near'"
like 'a placeholder that nobody gave' "$(cat check.out)" \
    '^expand\.yml:4:[0-9]+: .*%admins%'
like 'an action' "$(cat check.out)" '^action\.yml:1:9: .*write each rule whole'
like 'what is no YAML' "$(cat check.out)" '^syntax\.yml:2:1: '
like 'an empty file' "$(cat check.out)" '^empty\.yml: there is nothing'
like 'a level that there is not' "$(cat check.out)" \
    "^level\.yml:5:8: 'level' is one of"
like 'a link to nothing' "$(cat check.out)" '^gone\.yml: No such file'
like 'all of it in Japanese' "$(konseki --lang ja rules check bad)" \
    '^expand\.yml:4:[0-9]+: %admins% の値が決まっていません'

echo 'admins: [root, Administrator]' >places.yml
is 'with its values the rule is one' \
    "$(konseki rules check --placeholders places.yml bad | tail -n 1)" \
    '11 files: 2 loaded, 9 refused'
konseki rules check nowhere >check.out 2>check.err
is 'a folder that is not there is an error' $? 1
like 'and named' "$(cat check.err)" "'nowhere'"
konseki rules check >/dev/null 2>&1
is 'so is none at all' $? 2

# --- match: line 2 (number 1) is no event, and the rest keep their numbers.
cat >events.jsonl <<'END'
{"EventID": 4625.0, "TargetUserName": "ADMIN"}
EventID=4625
{"Image": "C:\\Windows\\WHOAMI.exe", "User": "x"}
{"Image": "C:\\Windows\\whoami.exe", "User": null}

{"dst": {"ip": "192.0.2.7", "port": 22}, "tags": ["red", "blue"]}
{"dst.ip": "192.0.2.7", "dst.port": "3389"}
{"msg": {"text": ["ok", "Out of memory: killed"]}}
{"EventID": 4625, "TargetUserName": "adm", "logsource": {"product": "linux"}}
{"EventID": 4625, "TargetUserName": "adm", "logsource": {"product": "windows", "service": "security", "category": "x"}}
{"EventID": 4625, "TargetUserName": "adm", "logsource": {"product": "windows"}}
END
konseki rules match --rules pack --events events.jsonl >out 2>err
is 'a line that is no event is a failure' $? 1
id=bef0-4204-a928-ef5e620d6fcc
cat >want <<END
{"event":0,"id":"00000001-$id","path":"win/logon.yml"}
{"event":2,"id":"00000002-$id","path":"win/whoami.yaml"}
{"event":5,"id":"00000003-$id","path":"net/dst.yml"}
{"event":5,"id":"00000004-$id","path":"net/dst.yml"}
{"event":6,"id":"00000003-$id","path":"net/dst.yml"}
{"event":7,"id":"00000005-$id","path":"keyword.yml"}
{"event":9,"id":"00000001-$id","path":"win/logon.yml"}
END
same 'the matches, by event and then by path' out want
like 'it is named' "$(cat err)" '^konseki: events.jsonl:2: no JSON object: '
like 'and counted' "$(cat err)" '^konseki: 1 lines are no events$'
sed -i '2s/.*/{}/' events.jsonl
konseki rules match --rules pack --events - <events.jsonl >out 2>err
is 'without it all is well' $? 0
same 'of standard input too' out want
is 'and nothing is said' "$(cat err)" ''

konseki rules match --rules bad --events events.jsonl >out 2>err
is 'refused rules stop nothing' $? 0
like 'but are told' "$(cat err)" '10 of 11 rule files are refused'
for line in '{"a":1' '{"a":1}x' '[1]' '{"a":01}' '{"a":tru}' '{a:1}' \
    '{"a":"\q"}' '{"a":1,}' '"a"'; do
	echo "$line"
done >broken.jsonl
konseki rules match --rules pack --events broken.jsonl >out 2>err
is 'half an object is none, nor is any other text' \
    "$(grep -c 'no JSON object' err)" 9
is 'and none fits a rule' "$(cat out)" ''
konseki rules match --rules pack --events nowhere >out 2>err
is 'a file that is not there is an error' $? 1
ok 'help says how' konseki rules --help

# --- correlations: rules that they refer to are silent, the events may come in
# any order, and each match is that of the event which completed it.
mkdir corr
rule corr/failed.yml 1 '{product: windows}' '{s: {EventID: 4625}, condition: s}'
echo 'name: failed' >>corr/failed.yml
rule corr/logon.yml 2 '{product: windows}' '{s: {EventID: 4624}, condition: s}'
echo 'name: logon' >>corr/logon.yml
cat >corr/many.yml <<END
title: Many failures of one user
name: many
id: 00000003-$id
correlation:
  type: event_count
  rules: [failed]
  group-by: [User]
  timespan: 5m
  condition: {gte: 3}
---
title: And then a success
id: 00000004-$id
correlation:
  type: temporal_ordered
  rules: [many, logon]
  group-by: [User]
  timespan: 10m
END
cat >corr.jsonl <<'END'
{"EventID":4624,"User":"a","@timestamp":"2026-11-27T09:09:00Z"}
{"EventID":4625,"User":"a","@timestamp":"2026-11-27T18:00:00+09:00"}
{"EventID":4625,"User":"b","UtcTime":"2026-11-27 09:01:00.000"}
{"EventID":4625,"User":"a","time":1795770120}
{"EventID":4625,"User":"a","time":1795770240000}
{"EventID":4625,"User":"a","time":1795770600}
END
is 'correlations are read' "$(konseki rules check corr)" \
    '3 files: 3 loaded, 0 refused'
konseki rules match --rules corr --events corr.jsonl >out 2>err
is 'and hold' $? 0
is 'they match, their rules do not' "$(cat out)" \
    '{"event":0,"id":"00000004-'$id'","path":"many.yml"}'
sed -i 's/^  type: temporal_ordered/  generate: true\n&/' corr/many.yml
konseki rules match --rules corr --events corr.jsonl >out 2>err
cat >want <<END
{"event":0,"id":"00000002-$id","path":"logon.yml"}
{"event":0,"id":"00000004-$id","path":"many.yml"}
{"event":4,"id":"00000003-$id","path":"many.yml"}
END
same 'unless they are to, in order of events' out want
cat >both.yml <<END
title: Failed
name: one
id: 00000001-$id
logsource: {product: windows}
detection: {s: {EventID: 4625}, condition: s}
---
title: Of a user
name: other
id: 00000002-$id
logsource: {product: windows}
detection: {s: {User: b}, condition: s}
---
title: Any of them
id: 00000003-$id
correlation:
  {type: event_count, rules: [one, other], timespan: 1m, condition: {gte: 1}}
END
is 'twice by one event is once' \
    "$(sed -n 3p corr.jsonl | konseki rules match --rules both.yml --events -)" \
    '{"event":0,"id":"00000003-'$id'","path":"both.yml"}'
sed 's/"time":1795770120/"when":1/' corr.jsonl >untimed.jsonl
konseki rules match --rules corr --events untimed.jsonl >out 2>err
is 'an event without a time is left out' "$(cat out)" "$(sed -n 1p want)"
like 'and counted' "$(cat err)" '1 events without a time'
sed -i 's/rules: \[failed\]/rules: [failde]/' corr/many.yml
konseki rules check corr >check.out
is 'a rule that is not there is refused' $? 2
like 'at its place' "$(cat check.out)" "^many\.yml:6:11: there is no rule 'failde'"
like 'and what refers to the refused' "$(cat check.out)" '^many\.yml:16:11: the correlation .many. was refused'

# konseki's own rules are Sigma too; what they call by name is in the profile.
konseki rules check "$srcdir/rules/detection" >"$T/own" 2>&1
tap $? 'the rules that come with konseki are Sigma'
like 'all of them' "$(tail -n 1 "$T/own")" '^[0-9]* files: [0-9]* loaded, 0 refused$'
mkdir -p "$T/alone"
cp "$srcdir/rules/detection/vpn/failed-logins.yml" "$T/alone"
konseki rules check "$T/alone" >"$T/own" 2>&1
like 'without the profile the name without a number is named' \
    "$(cat "$T/own")" 'nobody says what %vpn.failures_within% stands for'
