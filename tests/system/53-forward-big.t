#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A ward's collector receives a line of 1.5 MB, which it keeps in two records,
# and one of exactly the greatest size of a record. With the defaults of both
# sides they are whole in the second collector, by RELP and by RFC 5425, and so
# proved there. Then a target is said to take less: the second names the records
# that are missing, and says that the first announced them.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 27

relp=$(free_port) tls=$(free_port)
max=1048576
python3 - "$T/in.log" $max <<'END'
import sys
size = int(sys.argv[2])
with open(sys.argv[1], 'wb') as f:
    f.write(b'<13>long ' + b'"]\\ \x01\xff' * 250000 + b'\n')
    f.write(b'<13>exactly '.ljust(size - 1, b'm') + b'\n')
    f.write(b'<13>short\n')
END
ok 'the long line is one of 1.5 MB' \
    [ "$(head -n 1 "$T/in.log" | wc -c)" -gt 1500000 ]

# both TARGET: two new collectors, the first with that target and the lines.
both() {
	rm -rf "$FIRST" "$SECOND"
	at "$SECOND"
	certificates
	site_make <<-END
	listeners:
	  - {name: relp, transport: relp, address: 127.0.0.1, port: $relp}
	  - {name: tls, transport: tls, address: 127.0.0.1, port: $tls, certificate: tls/cert.pem, key: tls/key.pem}
	END
	both_start SECOND
	at "$FIRST"
	site_make <<-END
	listeners:
	  - {name: in, transport: tcp, address: 127.0.0.1, port: 0}
	forward:
	  - {name: second, $1}
	END
	both_start FIRST
	send in "$T/in.log"
	wait_received in 4 60
}

# whole WHICH: the second has all of the first, and proves it.
whole() {
	is "$1: the first keeps the long line in two" "$(received in)" 4
	wait_for all_arrived 60
	like "$1: every record arrives" "$(cat "$T/arrived")" \
	    '^test.example/evidence: records 0 to [0-9]*: [0-9]* arrived, 0 missing, 0 came again$'
	ok "$1: and nothing else" ! \
	    grep -E 'other records|not whole|their connection' "$T/arrived"
	cp "$FIRST/evidence/checkpoint" "$FIRST/evidence/log" "$T"
	wait_for 'arrived --checkpoint "$T/checkpoint" --pin "$T/log" | grep -q proved'
	tap $? "$1: they give the root that the first signed"
	is "$1: no record says that something was not sent" \
	    "$(not_forwarded second)" 0
}
both "url: \"syslog+tls://127.0.0.1:$tls\", ca: $T/ca.pem, server_name: collector.test"
whole tls
both_stop
both "url: \"relp://127.0.0.1:$relp\""
whole relp

# One of them for a third person: it lies in two pieces in the second's log, of
# which other sources may have a record between.
konseki show --site "$SECOND" --source relp >"$T/list"
grep -a -A 1 -m 1 '"\] <13>exactly' "$T/list" | cut -d' ' -f1 >"$T/pieces"
konseki show --site "$SECOND" --raw --source relp --from "$(head -n 1 "$T/pieces")" \
    --to "$(tail -n 1 "$T/pieces")" >"$T/message"
konseki forwarded --message "$T/message" --raw >"$T/record"
head -n 2 "$T/in.log" | tail -n 1 >"$T/line"
same 'a message in pieces gives the bytes that the first received' \
    "$T/record" "$T/line"
is 'which are a record of the greatest size' "$(wc -c <"$T/record")" $max
konseki show --site "$FIRST" --source in >"$T/list"
like 'with its place in the first' \
    "$(konseki forwarded --message "$T/message" | tr '\n' ' ')" \
    " index $(grep -a '<13>exactly' "$T/list" | cut -d' ' -f1) "
both_stop

both "url: \"relp://127.0.0.1:$relp\", max_message: 65536"
konseki show --site "$FIRST" --source in >"$T/list"
first=$(head -n 1 "$T/list" | cut -d' ' -f1)
last=$(sed -n 3p "$T/list" | cut -d' ' -f1)
said="  missing: $first to $last: announced as not forwarded to 'second' (too-big)"
wait_for 'arrived >"$T/arrived"; grep -qxF "$said" "$T/arrived"'
tap $? 'of what is too long for a target the second says which, and that it was announced'
like 'and nothing else is missing' "$(cat "$T/arrived")" \
    ': [0-9]* arrived, 3 missing, 0 came again$'
is 'it is one range' "$(grep -c '^  missing: ' "$T/arrived")" 1
status=0
arrived >"$T/arrived" || status=$?
is 'records are missing: exit 2' "$status" 2

# Nobody announced what a hand on the way took out: the short line's record.
konseki show --site "$SECOND" --messages --source relp >"$T/all"
grep -av '"\] <13>short' "$T/all" >"$T/less"
short=$(sed -n 4p "$T/list" | cut -d' ' -f1)
both_stop
at "$SECOND"
rm -rf "$SECOND"
site_make <<END
listeners:
  - {name: in, transport: tcp, address: 127.0.0.1, port: 0}
END
both_start SECOND
n=$(wc -l <"$T/less")
send in "$T/less"
wait_received in "$n" 30
arrived >"$T/arrived"
like 'a record that nobody announced is named' "$(cat "$T/arrived")" \
    "^  missing: $short to $short: NOT announced\$"
like 'beside those that were' "$(cat "$T/arrived")" \
    "^  missing: $first to $last: announced as "
is 'and no others' "$(grep -c '^  missing: ' "$T/arrived")" 2
stop "$second_pid"
