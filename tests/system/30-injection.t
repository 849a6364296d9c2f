#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody puts a line of another device into a user's name or a URL.
. "${srcdir:-.}/tests/lib.sh"
plan 5
cd "$T" || exit 99

python3 "$srcdir/tests/system/injection.py" \
    "$(command -v konseki)" "$srcdir/rules/formats" >out
is 'all are read' $? 0
# Names that stand where another format's line begins too.  Only ever fewer.
misled=$(sed -n '$s/.* tried, \([0-9]*\) misled$/\1/p' out)
ok "hardly any line says what its text says ($misled)" \
    [ "${misled:-9999}" -le 176 ]

line='203.0.113.9 - - [20/Nov/2026:14:03:05 +0900] "GET /reserve HTTP/1.1" 200 5120 "-" "CEF:0|Ubiquiti|UniFi Network|9.3.43|201|Threat Detected and Blocked|7|src=192.0.2.99 dst=192.168.10.5"'
like 'a browser name with CEF in it is a browser name' \
    "$(printf '%s\n' "$line" | konseki parse --formats "$srcdir/rules/formats")" \
    '"source":\{"ip":"203.0.113.9"'
# A hundred formats' lines in it: none pushes the first one out.
python3 - "$srcdir/rules/formats" >many <<'END'
import glob, sys, yaml
said = []
for path in sorted(glob.glob(sys.argv[1] + '/*.yml')):
    with open(path, encoding='utf8') as f:
        doc = yaml.load(f, yaml.CSafeLoader)
    said += [e['raw'] for e in doc.get('examples') or []][:1]
print('203.0.113.9 - - [20/Nov/2026:14:03:05 +0900] "GET / HTTP/1.1" 200 5120 '
      '"-" "%s"' % ' '.join(
          str(raw).translate(str.maketrans('\n', ' ', '"\\')) for raw in said))
END
is 'nor is one with lines of all formats in it another' \
    "$(konseki parse --formats "$srcdir/rules/formats" --output csv \
        --columns format,source.ip <many | tail -n 1 | tr -d '\r')" \
    '"web-access","203.0.113.9"'
# Words far into a line that no other format claims: an event, with a warning.
line="a text of some length that no format knows, with all that may stand in front of somebody's own words, whatever these are, then: date=2026-11-20 time=10:00:00 devid=FG9 logid=0000000013 type=traffic subtype=forward srcip=192.0.2.99"
like 'what is known by words far into a line says so' \
    "$(printf '%s\n' "$line" | konseki parse --formats "$srcdir/rules/formats")" \
    '"error":\{"message":"the format is known by words far into the line'
