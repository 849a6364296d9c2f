#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What the device ledger says of a device goes before what its lines look like:
# the zone of its clock, by its address or by its name behind a relay, and the
# format of its lines.  A format that there is not is said.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 10
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
mkdir -p "$S/ledgers"
cat >"$S/ledgers/devices.csv" <<'END'
管理番号,コンピュータ名,IPアドレス,タイムゾーン,ログ書式
1,utcfw,127.0.0.2,UTC,
2,radius1,127.0.0.3,,freeradius
3,behind,,+02:00,
4,odd,127.0.0.4,,no-such-format
END
site_start
# send ADDRESS LINE
send() {
	python3 - "$(port udp)" "$1" "$2" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[2], 0))
s.sendto(sys.argv[3].encode(), ('127.0.0.1', int(sys.argv[1])))
END
}
# The same line of a firewall, from two places, and of a server from two others.
fw='<189>date=2026-11-20 time=14:03:05 devname="x" devid="FG1" logid="0000000013" type="traffic" subtype="forward" srcip=10.0.0.5 dstip=203.0.113.9 action="deny"'
send 127.0.0.2 "$fw"
send 127.0.0.9 "$fw"
send 127.0.0.9 '<86>Nov 20 14:03:05 behind sshd[77]: Failed password for root from 203.0.113.7 port 4711 ssh2'
send 127.0.0.9 '<86>Nov 20 14:03:05 other sshd[77]: Failed password for root from 203.0.113.7 port 4711 ssh2'
wait_received udp 4
site_stop
konseki --lang en parse --site "$S" --output flat >"$T/out" 2>"$T/err"
times=$(sed 's/.*"@timestamp":"\([^"]*\)".*/\1/' "$T/out" | cut -c1-19 | sed 's/^[0-9]*-//')
is 'a device of the ledger, by its address' \
    "$(echo "$times" | sed -n 1p)" 11-20T14:03:05
is 'one that the ledger does not have: the zone of the site' \
    "$(echo "$times" | sed -n 2p)" 11-20T05:03:05
is 'a device behind a relay, by its name' \
    "$(echo "$times" | sed -n 3p)" 11-20T12:03:05
is 'and another behind it' "$(echo "$times" | sed -n 4p)" 11-20T05:03:05
like 'a format that there is not is said, with its row' "$(cat "$T/err")" \
    "row 5: there is no log format 'no-such-format'"

site_start
# Without its program's name nothing in this line tells whose it is.
radius='Login incorrect: [suzuki] (from client ap1 port 0 cli 00-11-22-33-44-55)'
send 127.0.0.3 "$radius"
send 127.0.0.9 "$radius"
wait_received udp 2
site_stop
konseki parse --site "$S" --output flat >"$T/out" 2>/dev/null
like 'a line of the format that the ledger names' \
    "$(sed -n 5p "$T/out")" '"konseki.kind":"login".*FreeRADIUS'
is 'and the same line from elsewhere' "$(sed -n 6p "$T/out")" '{}'
konseki show --site "$S" --events >"$T/show" 2>/dev/null
like 'show --events says the same' "$(cat "$T/show")" 'T21:03:05\+09:00  behind'
