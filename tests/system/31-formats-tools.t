#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody writes a format file with what `konseki formats` gives him.
. "${srcdir:-.}/tests/lib.sh"
plan 26
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
cd "$T" || exit 99

# --- list
konseki formats list >"$T/list"
is 'list has every format file' "$(wc -l <"$T/list" | tr -d ' ')" \
    "$(grep -l '^format:' "$srcdir"/rules/formats/*.yml | wc -l | tr -d ' ')"
like 'with examples, title and file' "$(cat "$T/list")" \
    '^fortigate +[0-9]+ examples .*Fortinet.*formats/fortigate\.yml'
like 'and what it is made from, for programs' \
    "$(konseki formats list --json)" \
    '"format":"fortigate",.*"reference":"FortiOS.*"knowledge":"lines","examples":[0-9]+\}'

# --- test
ok 'the examples of a format hold' konseki formats test fortigate
cat >exfw.yml <<'END'
format: exfw
title: Example firewall
header: none
detect: {starts: exfw}
parse: [{keyvalue: {}}]
fields: {src: source.ip, user: user.name}
examples:
  - raw: 'exfw src=10.0.0.1 user=a'
    event:
      source.ip: 10.0.0.1
      user.name: b
END
konseki formats test exfw.yml >"$T/out" 2>&1
is 'one that does not is a failure' $? 1
is 'with file, line, field, wanted and found' "$(sed -n 1,3p "$T/out")" \
    "exfw.yml:11: user.name: another value
    wanted: b
    found: a"
is 'in Japanese too' "$(konseki --lang ja formats test exfw.yml | sed -n 1p)" \
    'exfw.yml:11: user.name: 値が違います'
sed -i 's/user.name: b/user.name: a/' exfw.yml
ok 'put right it holds' konseki formats test exfw.yml
konseki formats test nothing >"$T/out" 2>&1
is 'a format that there is not is no success' $? 1

# --- explain
line='<189>date=2026-11-20 time=14:03:05 devname="FW1" devid="FG1" logid="0000000013" type="traffic" subtype="forward" srcip=10.0.0.5 proto=6 action="deny" newkey="a b"'
konseki formats explain "$line" >"$T/out"
like 'explain says which format it is' "$(cat "$T/out")" '^format    fortigate: '
like 'by which words, and where they stand' "$(cat "$T/out")" \
    '^found by  contains "logid=", .*\(fortigate\.yml:[0-9]+\)$'
like 'which case applied' "$(cat "$T/out")" '^case +fortigate.yml:[0-9]+ action=deny$'
like 'the bytes of an input, its fields, its map' "$(cat "$T/out")" \
    'proto=6  ->  network\.iana_number, network\.transport = tcp \(map protocol\)$'
like 'by which rule the time' "$(cat "$T/out")" \
    '^time      2026-11-20T14:03:05\+09:00  .*zone of the site'
like 'what was left over' "$(sed '1,/^left over/d' "$T/out")" \
    '  159-161     newkey=a b  ->  the file does not name it'
is 'the same for programs' "$(echo "$line" | konseki formats explain --json |
    python3 -c 'import json, sys
x = json.load(sys.stdin)
i = [i for i in x["inputs"] if i["input"] == "srcip"][0]
print(x["format"], i["fields"][0]["field"],
    x["text"][i["offset"]:i["offset"] + i["length"]])')" \
    'fortigate source.ip 10.0.0.5'
like 'of a line that no format knows, which are near' \
    "$(konseki formats explain 'type=x logid=y')" \
    '^near      fortigate .*but not: contains "date="'

# --- unknown
{
	echo "$line"
	for i in 1 2 3; do
		echo "<14>Nov 20 14:03:0$i gw$i applianced: session $i opened by user$i from 10.0.0.$i"
		echo "<14>Nov 20 14:03:0$i gw1 applianced: fan $i slow"
	done
} >lines
konseki formats unknown <lines >"$T/out"
like 'unknown tells how many lines of which host' "$(cat "$T/out")" \
    '^gw1: 4 of 4 lines are not understood$'
is 'and their kinds' "$(grep -A1 '^ *[0-9]* [0-9]* lines' "$T/out" |
    sed -n 's/^     //p')" 'applianced: fan * slow
applianced: session * opened by * from *
applianced: session * opened by * from *
applianced: session * opened by * from *'
konseki formats unknown --lines 1 <lines >"$T/kind"
is 'the lines of one, as they came' "$(cat "$T/kind")" "$(grep fan lines)"
is 'the same for programs' "$(konseki formats unknown --json <lines |
    python3 -c 'import json, sys
for l in sys.stdin:
    x = json.loads(l)
    print(x["source"], x["number"], x["lines"], x["template"])' | sed -n 1p)" \
    'gw1 1 3 applianced: fan * slow'
is 'the same lines give the same kinds' "$(konseki formats unknown <lines |
    cksum)" "$(cksum <"$T/out")"
is 'where all is understood it says so' \
    "$(echo "$line" | konseki formats unknown)" 'every line is understood'

# --- lines of one device with another separator than those before
pairs='date=2026-11-20 time=10:00:05 devname=fw01 logid=0100032001 type=event'
pairs="$pairs subtype=system level=information logdesc=x user=bob ui=ssh action=login"
many() { i=0; while [ $i -lt 100 ]; do echo "$1"; i=$((i + 1)); done; }
user_of_last() { konseki parse | tail -n 1 | sed 's/.*"user":{"name":"\([^"]*\)".*/\1/'; }
commas=$(echo "$pairs" | tr ' ' ,)
is 'commas behind blanks: the whole value' "$({ many "$pairs"
    echo "$commas" | sed 's/user=bob/user=bob smith/'; } | user_of_last)" 'bob smith'
is 'blanks behind commas' "$({ many "$commas"
    echo "$pairs" | sed 's/user=bob/user=bob,smith/'; } | user_of_last)" 'bob,smith'

# --- wrong calls
konseki formats toast >"$T/out" 2>&1
is 'a wrong word is a usage error' $? 2
