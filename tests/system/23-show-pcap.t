#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A firewall's messages look odd, and its maker asks for a capture. What came by
# UDP and TCP, IPv4 and IPv6, comes out as packets: addresses, ports, times and
# every byte as received, also of a record that is longer than a packet may be.
# A choice of records is the one that `konseki show` has, and the export is
# recorded. A reader of its own checks each length and sum.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 15

site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: six, transport: udp, address: "::1", port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: unix, transport: unix-dgram, path: run/log}
END
site_start
head -c 200000 /dev/zero | tr '\0' x >"$T/x"
{
	printf '<13>one\r\n<14>\223\372\226{ two\n<13>'
	cat "$T/x"
	printf '\n'
} >"$T/tcp"
python3 - "$(port udp)" "$(port six)" "$(port tcp)" "$S/run/log" "$T" <<'END'
import os, socket, sys
udp, six, tcp, path, folder = sys.argv[1:]
names = open(os.path.join(folder, 'names'), 'w')
def flow(name, family, to, bodies):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind((to[0], 0))
    for b in bodies:
        s.sendto(b, to)
    print(name, '%s.%d' % s.getsockname()[:2], file=names)
    with open(os.path.join(folder, name), 'wb') as f:
        for b in bodies:
            f.write(b'%d\n' % len(b) + b)
flow('v4', socket.AF_INET, ('127.0.0.1', int(udp)),
     [b'<13>a', b'', b'\0\n\r' + bytes(range(256)), b'z' * 65507])
flow('v6', socket.AF_INET6, ('::1', int(six)), [b'<13>odd', b'<13>even'])
s = socket.create_connection(('127.0.0.1', int(tcp)))
print('stream', '%s.%d' % s.getsockname(), file=names)
s.sendall(open(os.path.join(folder, 'tcp'), 'rb').read())
s.shutdown(socket.SHUT_WR)
s.recv(1)
u = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
u.sendto(b'<13>of this machine', path)
END
wait_received udp 4
wait_received six 2
wait_received tcp 3
wait_received unix 1
mkdir "$T/got" "$T/some"
konseki show --site "$S" --pcap "$T/all.pcap" >"$T/out" 2>"$T/err"
is 'packets are made' "$? $(cat "$T/out")" '0 '
like 'of a socket of this machine none' "$(cat "$T/err")" \
    '1 record did not come by UDP or TCP: it is no packet'
python3 "$srcdir/tests/system/pcap.py" "$T/all.pcap" "$T/got" >"$T/flows"
is 'a reader finds each length and sum right' $? 0
diag "$(cat "$T/flows")"
of() {
	sed -n "s/^$1 //p" "$T/names"
}
same 'datagrams by IPv4, byte for byte' "$T/got/$(of v4)" "$T/v4"
same 'and by IPv6' "$T/got/$(of v6)" "$T/v6"
same 'a connection, byte for byte' "$T/got/$(of stream)" "$T/tcp"
like 'from whom to whom' "$(cat "$T/flows")" \
    "^UDP $(of v4 | sed 's/[.]/[.]/g') 127.0.0.1.$(port udp) 4 "
like 'by IPv6 likewise' "$(cat "$T/flows")" "^UDP ::1.* ::1.$(port six) 2 "
like 'a long record in several segments' "$(cat "$T/flows")" \
    "^TCP .* 127.0.0.1.$(port tcp) 6 "
konseki show --site "$S" --source tcp >"$T/list"
konseki show --site "$S" --pcap "$T/some.pcap" --source tcp \
    --to "$(head -n 1 "$T/list" | cut -d' ' -f1)" 2>"$T/err"
python3 "$srcdir/tests/system/pcap.py" "$T/some.pcap" "$T/some" >"$T/flows"
printf '<13>one\r\n' >"$T/want"
same 'a choice of records' "$T/some/$(of stream)" "$T/want"
when=$(head -n 1 "$T/list" | cut -d' ' -f2)
last=$(sed -n 's/^last //p' "$T/flows")
is 'with its time of receipt' \
    "$(date -u -d "@${last%??????}" +%H:%M:%S).${last#"${last%??????}"}" \
    "$(python3 -c 'import sys, datetime as d; print(d.datetime.fromisoformat(
sys.argv[1].replace("Z", "+00:00")).astimezone(d.timezone.utc).strftime(
"%H:%M:%S.%f"))' "$when")"
status=0
konseki show --site "$S" --pcap "$T/some.pcap" 2>"$T/err" || status=$?
is 'a file that is there is not written over' \
    "$status $(grep -c 'some.pcap: File exists' "$T/err")" '1 1'
is 'nobody else may read it' "$(stat -c %a "$T/some.pcap")" 600
like 'that it was taken out is recorded' \
    "$(konseki show --site "$S" --log casebook)" \
    ' o1 .*action=export what=show log=evidence .*source=tcp'
site_stop
