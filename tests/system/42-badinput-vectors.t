#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What appliances, relays and strangers are known to send: every terminator,
# counts that are wrong in every known way, half messages, protocols that are
# not syslog, Japanese encodings, priorities that are none, glued datagrams.
# Each goes over TCP whole and byte by byte, and must split alike: every byte is
# kept, in order; how the connection was split and what did not fit is recorded;
# no process ends. The table is tests/system/vectors.py.
#
# Of what is known about senders, the rest is shown elsewhere:
#   TLS to a plain port, plain text to a TLS port, four gigabytes counted, ten
#   megabytes of line, broken connections, too many     42-badinput-network.t
#   more than can be taken, descriptors run out         42-badinput-flood.t
#   port scans, slow senders, 10,000 connections,
#   senders that never read                             42-badinput-crowd.t
#   datagrams in fragments                              42-badinput-fragments.t
#   every split of every stream, counts over a record   tests/unit/frame_test.c
#   priorities and time stamps, one by one     tests/unit/{header,date}_test.c
#   CP932 whose second bytes are \ and |  tests/unit/{text,csv,convert}_test.c
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'

mkdir -p "$S"
cp -R "$srcdir/samples/site/ledgers" "$srcdir/samples/site/calendar.yml" \
    "$srcdir/samples/site/contacts.yml" "$S/"
site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: small, transport: tcp, address: 127.0.0.1, port: 0, max_frame: 480}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
cp "$S/run/processes" "$T/processes"
for way in tcp udp; do
	set -- "$(port $way)"
	[ $way = udp ] || set -- "$1" "$(port small)"
	python3 "$srcdir/tests/system/vectors.py" $way "$@" "$S/evidence" \
	    >>"$T/rows" || echo "not ok - vectors.py $way ends" >>"$T/rows"
done
plan $(($(grep -cE '^(not )?ok' "$T/rows") + 8))
ok 'there are rows' [ "$(grep -c '^ok' "$T/rows")" -gt 110 ]
while read -r row; do
	case $row in
	'ok - '*) tap 0 "${row#ok - }" ;;
	'not ok - '*) tap 1 "${row#not ok - }" ;;
	*) printf '%s\n' "$row" ;;
	esac
done <"$T/rows"
like 'who sent what is told by its stream' "$(records d1)" \
    'listener=tcp .* peer=127\.1\.1\.[0-9]* .* decided=auto$'

# Of all of it the analysis makes what it can, and goes on.
KONSEKI_RULES=$srcdir/rules konseki analyze --site "$S" >"$T/out" 2>&1
is 'the analysis takes all of it' $? 0
same 'no process has ended' "$S/run/processes" "$T/processes"
is 'nobody was alarmed' "$(grep -c ALARM "$T/collector.err")" 0
site_stop
verified
