#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Lines that no format knows are kept as they are and counted for each source in
# the weekly review. A rule, a format, a ledger, a calendar or a contact tree
# that is wrong is named with its place, and nothing is done by it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 30

samples=$srcdir/samples
mkdir -p "$S"
cp -R "$samples/site/ledgers" "$samples/site/calendar.yml" \
    "$samples/site/contacts.yml" "$S/"
cp -R "$srcdir/rules" "$T/rules"
chmod -R u+w "$S" "$T/rules"
KONSEKI_RULES=$T/rules
export KONSEKI_RULES
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start

# --- lines that no format knows ---
known() {
	TZ=UTC-9 date +"<189>date=%F time=%T tz=\"+0900\" devname=\"$1\" \
devid=\"FGT$1\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" \
level=\"notice\" srcip=192.168.20.10 dstip=192.168.20.20 action=\"accept\" \
sentbyte=1 rcvdbyte=1"
}
python3 - "$(port udp)" "$(known fw01)" "$(known fw77)" >"$T/sent" <<'END'
import socket, sys
one, two = sys.argv[2].encode(), sys.argv[3].encode()
for peer, lines in (('127.0.0.2', [one, b'<13>mystery one', one,
                                   '謎の行'.encode('cp932'), b'\0\1\2']),
                    ('127.0.0.3', [b'mystery two']),
                    ('127.0.0.4', [two, two])):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind((peer, 0))
        s.connect(('127.0.0.1', int(sys.argv[1])))
        for line in lines:
            s.send(line)
            sys.stdout.buffer.write(line + b'\n')
END
wait_received udp 8
messages udp >"$T/got"
same 'lines that no format knows are kept as they are' "$T/got" "$T/sent"
konseki analyze --site "$S" >"$T/out" 2>&1
is 'they are no obstacle to the analysis' $? 0
like 'which counts them' "$(cat "$T/out")" '^8 records read, 4 not understood;'
konseki review --site "$S" --lang en --output "$T/review" >"$T/out" 2>&1
is 'nor to the review' $? 0
# Label, records and how many of them were not understood (their range last).
sed -n 's|^<tr class="[^"]*"><td>\([^<]*\)</td><td class="n">\([0-9]*\)</td>.*<td class="n">\([0-9]*\)</td><td><span class="cite">.*</td></tr>$|\1: \2 \3|p' \
    "$T/review/"*.html | grep -e fw -e 127 | sort >"$T/rows"
is 'which counts them for each source' "$(cat "$T/rows")" \
    '004 fw01 (サーバ室): 5 3
127.0.0.3: 1 1
fw77: 2 0'

# --- what people write by hand ---
# entries: how many the casebook has.
entries() {
	konseki show --site "$S" --log casebook | grep -c ' e1 '
}
before=$(entries)
# wrong WHAT FILE COMMAND STATUS ERE: after sed's COMMAND on FILE an analysis
# ends with STATUS, and what it says matches.
wrong() {
	cp "$2" "$T/good"
	sed -i "$3" "$2"
	konseki analyze --site "$S" >"$T/out" 2>&1
	is "$1: status" $? "$4"
	like "$1 is named" "$(cat "$T/out")" "$5"
	cp "$T/good" "$2"
}
# Without one rule the others would be taken for all: nothing is analysed.
rule=$(find "$T/rules/detection" -name '*.yml' | sort | tail -n 1)
wrong 'a key that no rule has' "$rule" 's/^level:/levle:/' 1 \
    "/${rule##*/}:[0-9]+:[0-9]+: .*levle"
wrong 'a rule that is no YAML' "$rule" '5s/.*/detection: [/' \
    1 "/${rule##*/}:[0-9]+:[0-9]+: "
wrong 'a key that no format has' "$T/rules/formats/fortigate.yml" \
    's/^header: host/haeder: host/' 1 '/fortigate.yml:[0-9]+:[0-9]+: .*haeder'
wrong 'a pattern that is none' "$T/rules/formats/fortigate.yml" \
    "s/'^(?<ui_name>/'^((?<ui_name>/" \
    1 '/fortigate.yml:[0-9]+:[0-9]+: '
wrong 'a profile that is wrong' "$T/rules/profiles/hospital.yml" \
    '$s/.*/frobnicate: 1/' 1 '/hospital.yml:[0-9]+:[0-9]+: '
like 'a folder of rules that is not there is named' \
    "$(KONSEKI_RULES=$T/none konseki analyze --site "$S" 2>&1)" \
    "the rules are those of $T/none "
wrong 'a calendar that is wrong' "$S/calendar.yml" \
    's/mon: .*/mon: 8:30-27:15/' 1 '/calendar.yml:[0-9]+:[0-9]+: '
wrong 'a ledger without its columns' "$S/ledgers/devices.csv" 1d 1 \
    'devices.csv: no header found'
wrong 'a wrong date in a ledger' "$S/ledgers/maintenance.csv" \
    '2s|2026/09/30 20:00|2026/13/30 20:00|' 1 \
    "maintenance.csv: row 2, column 開始 .[A-Z]+2., '2026/13/30 20:00'"
is 'nothing was found by any of it' "$(entries)" "$before"
ok 'and all is well again' konseki analyze --site "$S"
sed -i 's/^tree:/tere:/' "$S/contacts.yml"
konseki escalate --site "$S" >"$T/out" 2>&1
is 'with a wrong contact tree nobody is told' $? 1
like 'and it is named' "$(cat "$T/out")" '/contacts.yml:[0-9]+:[0-9]+: .*tere'
is 'nor is anything written' "$(entries)" "$before"
site_stop
verified
