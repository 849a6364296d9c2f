#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# What each part of Sigma means, one rule and one event at a time: whoever has
# rules from elsewhere must be able to trust that they mean the same here.
. "${srcdir:-.}/tests/lib.sh"
cd "$T" || exit 99
mkdir rules

# detection ## event ## fits?
cat >table <<'END'
{s: {a: x}, condition: s} ## {"a":"X"} ## yes
{s: {a: x}, condition: s} ## {"a":"xy"} ## no
{s: {a: x}, condition: s} ## {"A":"x"} ## no
{s: {a: [x, y]}, condition: s} ## {"a":["z","Y"]} ## yes
{s: {a|contains|all: [x, y]}, condition: s} ## {"a":"y and x"} ## yes
{s: {a|all: [x, y]}, condition: s} ## {"a":["x","y"]} ## yes
{s: {a|all: [x, y]}, condition: s} ## {"a":["x","z"]} ## no
{s: {a: 'b\*c'}, condition: s} ## {"a":"b*c"} ## yes
{s: {a: 'b\*c'}, condition: s} ## {"a":"bxc"} ## no
{s: {a: 'b\\*c'}, condition: s} ## {"a":"b\\xc"} ## yes
{s: {a: 'b\\\*c'}, condition: s} ## {"a":"b\\*c"} ## yes
{s: {a: 'b\\\*c'}, condition: s} ## {"a":"b\\xc"} ## no
{s: {a: '\\srv\x'}, condition: s} ## {"a":"\\srv\\x"} ## yes
{s: {a: '\\\\srv\x'}, condition: s} ## {"a":"\\\\srv\\x"} ## yes
{s: {a|endswith: '\'}, condition: s} ## {"a":"dir\\"} ## yes
{s: {a|endswith: 'x*.ps'}, condition: s} ## {"a":"x1.psx"} ## no
{s: {a: 'x*y'}, condition: s} ## {"a":"x\ny"} ## yes
{s: {a: '病?院'}, condition: s} ## {"a":"病總院"} ## yes
{s: {a: ＡＢ}, condition: s} ## {"a":"ａｂ"} ## yes
{s: {a: ŁÓDŹ}, condition: s} ## {"a":"łódź"} ## yes
{s: {a|cased: Ab}, condition: s} ## {"a":"ab"} ## no
{s: {a: ''}, condition: s} ## {"a":""} ## yes
{s: {a: ''}, condition: s} ## {"a":null} ## no
{s: {a: ''}, condition: s} ## {"a":[]} ## no
{s: {a: ''}, condition: s} ## {"a":{"b":1}} ## no
{s: {a: '*'}, condition: s} ## {"a":{"b":1}} ## no
{s: {a|re: '^$'}, condition: s} ## {"a":{"b":1}} ## no
{s: {a|exists: true}, condition: s} ## {"a":{"b":1}} ## yes
{s: {a|exists: true}, condition: s} ## {"a":[]} ## yes
{s: {a|exists: true}, condition: s} ## {"a":null} ## no
{s: {a|exists: false}, condition: s} ## {"b":1} ## yes
{s: {a: null}, condition: s} ## {"b":1} ## yes
{s: {a: null}, condition: s} ## {"a":null} ## yes
{s: {a: null}, condition: s} ## {"a":""} ## no
{s: {a: null}, condition: s} ## {"a":{"b":1}} ## no
{s: {a: [null, x]}, condition: s} ## {"a":"x"} ## yes
{s: {a: x}, condition: not s} ## {"b":1} ## yes
{s: {a|neq: x}, condition: s} ## {"b":1} ## yes
{s: {a|neq: [x, y]}, condition: s} ## {"a":"y"} ## no
{s: {a: 4625}, condition: s} ## {"a":"4625"} ## yes
{s: {a: '4625'}, condition: s} ## {"a":4625.0} ## yes
{s: {a: 4625}, condition: s} ## {"a":46250} ## no
{s: {a: true}, condition: s} ## {"a":true} ## yes
{s: {a: 'True'}, condition: s} ## {"a":true} ## yes
{s: {a|gt: 10}, condition: s} ## {"a":"1e3"} ## yes
{s: {a|gt: 10}, condition: s} ## {"a":"+11"} ## yes
{s: {a|lt: 10}, condition: s} ## {"a":"-1.5E+1"} ## yes
{s: {a|gt: 10}, condition: s} ## {"a":"11e"} ## no
{s: {a|gte: 10}, condition: s} ## {"a":10} ## yes
{s: {a|lte: 10}, condition: s} ## {"a":"ten"} ## no
{s: {a|cidr: 10.0.0.0/8}, condition: s} ## {"a":"10.1.2.3"} ## yes
{s: {a|cidr: 10.0.0.0/8}, condition: s} ## {"a":"10.1.2.3:80"} ## no
{s: {a|cidr: 'fe80::/10'}, condition: s} ## {"a":"FEBF::1"} ## yes
{s: {a|cidr: 'fe80::/10'}, condition: s} ## {"a":"fec0::1"} ## no
{s: {a|re: 'b.d'}, condition: s} ## {"a":"abcde"} ## yes
{s: {a|re: 'B.d'}, condition: s} ## {"a":"abcde"} ## no
{s: {a|re|i: 'Ä.d'}, condition: s} ## {"a":"äxD"} ## yes
{s: {a|re: 'b.d'}, condition: s} ## {"a":"b\nd"} ## no
{s: {a|re|s: 'b.d'}, condition: s} ## {"a":"b\nd"} ## yes
{s: {a|re|m: '^b$'}, condition: s} ## {"a":"a\nb\nc"} ## yes
{s: {a|re: '^b$'}, condition: s} ## {"a":"a\nb\nc"} ## no
{s: {a|re: '^.{2}$'}, condition: s} ## {"a":"病院"} ## yes
{s: {a|re: '[あ-ん]'}, condition: s} ## {"a":"é"} ## no
{s: {a|re: '^\d+$'}, condition: s} ## {"a":"１２"} ## yes
{s: {a|re: '\bx\b'}, condition: s} ## {"a":"éx"} ## no
{s: {a|re: 'xé?y'}, condition: s} ## {"a":"xy"} ## yes
{s: {a|base64: foobar}, condition: s} ## {"a":"Zm9vYmFy"} ## yes
{s: {a|base64offset|contains: foobar}, condition: s} ## {"a":"cWZvb2JhcnRhaWw="} ## yes
{s: {a|wide|base64offset|contains: ping}, condition: s} ## {"a":"cXFwAGkAbgBnAHRhaWw="} ## yes
{s: {a|base64offset|contains: 病院}, condition: s} ## {"a":"cXHnl4XpmaJ0YWls"} ## yes
{s: {a|contains|windash: ' -f '}, condition: s} ## {"a":"x /f y"} ## yes
{s: {a|contains|windash: ' /f '}, condition: s} ## {"a":"x ―f y"} ## yes
{s: {a|contains|windash: '-a-b'}, condition: s} ## {"a":"–a-b"} ## yes
{s: {a|contains|windash: '-a-b'}, condition: s} ## {"a":"-a/b"} ## no
{s: {a|contains|windash: '-a -b'}, condition: s} ## {"a":"/a –b"} ## yes
{s: {a|fieldref: b}, condition: s} ## {"a":"X","b":"x"} ## yes
{s: {a|fieldref|endswith: b}, condition: s} ## {"a":"yŁ","b":"ł"} ## yes
{s: {a|fieldref|cased: b}, condition: s} ## {"a":"X","b":"x"} ## no
{s: {a|fieldref: b}, condition: s} ## {"a":"x"} ## no
{s: {a|fieldref: b}, condition: s} ## {"a":"x*","b":"x*"} ## yes
{s: {t|hour: 10}, condition: s} ## {"t":"2026-11-20T10:05:00+09:00"} ## yes
{s: {t|week: 53}, condition: s} ## {"t":"2021-01-03T10:00:00Z"} ## yes
{s: {t|year|lt: 2027}, condition: s} ## {"t":"2026-12-31 23:59:59.999"} ## yes
{s: [foo, bar], condition: s} ## {"m":{"n":["a foo"]}} ## yes
{s: {'|all': [foo, bar]}, condition: s} ## {"m":"foo","n":"bar"} ## yes
{s: [foo], condition: s} ## {"foo":"x"} ## no
{s: [4625], condition: s} ## {"m":"id 4625."} ## yes
{s: [foo, {a: x}], condition: s} ## {"a":"x"} ## yes
{s: {x.y: v}, condition: s} ## {"x":{"y":"v"}} ## yes
{s: {x.y: v}, condition: s} ## {"x":[{"y":"w"},{"y":"v"}]} ## yes
{s: {x.y.z: v}, condition: s} ## {"x":{"y.z":"v"}} ## yes
{s: {x: v}, condition: s} ## {"x":{"y":"v"}} ## no
{s: [{a: x, b: y}, {c: z}], condition: s} ## {"a":"x","c":"z"} ## yes
{s: [{a: x, b: y}, {c: z}], condition: s} ## {"a":"x"} ## no
{s: {a: x}, t: {b: y}, condition: 1 of them} ## {"b":"y"} ## yes
{s: {a: x}, _t: {b: y}, condition: 1 of them} ## {"b":"y"} ## no
{_s: {a: x}, _t: {b: y}, condition: 1 of _*} ## {"b":"y"} ## yes
{s: {a: x}, t: {b: y}, condition: all of them} ## {"b":"y"} ## no
{s_a: {a: x}, s_b_a: {b: y}, condition: all of s_*_a} ## {"b":"y"} ## yes
{s: {a: x}, t: {b: y}, u: {c: z}, condition: s or t and u} ## {"a":"x"} ## yes
{s: {a: x}, t: {b: y}, condition: not s and t} ## {"b":"y"} ## yes
{s: {a: x}, t: {b: y}, condition: NOT (s AND t)} ## {"a":"x"} ## yes
{s: {a: x}, t: {b: y}, condition: [s, t]} ## {"b":"y"} ## yes
END
plan $(($(wc -l <table) + 1))

n=0
while IFS= read -r line; do
	detection=${line%% \#\# *}
	event=${line#* \#\# }
	event=${event%% \#\# *}
	printf 'title: row %s\nid: 00000000-0000-4000-8000-%012d\n' $n $n
	printf 'logsource: {category: c%s}\ndetection: %s\n---\n' $n \
	    "$detection"
	printf '{"logsource":{"category":"c%s"},%s\n' $n "${event#?}" >>events
	n=$((n + 1))
done <table >rules/all.yml
konseki rules match --rules rules --events events >out 2>err
is 'all can be read' "$?$(cat err)" 0
n=0
while IFS= read -r line; do
	have=no
	grep -q "^{\"event\":$n," out && have=yes
	is "$(printf %s "$line" | sed 's/\\/&&/g')" $have "${line##* }"
	n=$((n + 1))
done <table
