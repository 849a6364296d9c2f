#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A device that somebody took over sends what looks like records, seals, ends
# of members and whole checkpoints, in the hope that a reader takes it for the
# log's own. Bodies are read by their length only: each arrives as one record,
# byte for byte, and nothing else is in the log.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 8

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
cat >"$T/send.py" <<'END'
import socket, sys
log = sys.argv[3]
note = open(log + '/checkpoint', 'rb').read()
bodies = [
    b'<13>a\ne1 1 1 - 3\nabc\n',
    b'\ne1 1795000000000000 1 - 5\nhello\n',
    b'<13>b\ns1 1795000000000000 0 - 10\nwall=1 mono\n',
    b'<13>c\nd1 1795000000000000 0 - 8\nstream=9\n',
    b'<13>d\nb1 1795000000000000 0 - 6\nboot=x\n',
    b'evseg1 test.example/evidence 1 0 salt=' + b'0' * 64 + b'\n',
    bytes.fromhex('1f8b08000000000000ff03000000000000000000'),
    bytes.fromhex('010000ffff0000ffff'),
    note,
    b'\x00\n\x00\r\n\xff' * 50,
    b'e1', b'\n', b' ', b'\x00',
]
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out = open(sys.argv[4], 'wb')
for b in bodies:
    udp.sendto(b, ('127.0.0.1', int(sys.argv[1])))
    out.write(b)
out.close()
out = open(sys.argv[5], 'wb')
with socket.create_connection(('127.0.0.1', int(sys.argv[2]))) as s:
    for b in bodies:
        frame = b'%d %s' % (len(b), b)
        s.sendall(frame)
        out.write(frame)
out.close()
print(len(bodies))
END
n=$(python3 "$T/send.py" "$(port udp)" "$(port tcp)" "$S/evidence" "$T/udp" \
    "$T/tcp")
wait_received udp "$n"
wait_received tcp "$n"
site_stop
for name in udp tcp; do
	is "$name: each is one record" "$(received $name)" "$n"
	raw $name >"$T/got"
	same "$name: byte for byte" "$T/got" "$T/$name"
done
attack_take
judge "$S/evidence"
verdict 'the log holds' 0 'INTACT'
is 'one start and the streams of two peers are all that it tells' \
    "$(records b1 | wc -l) $(records d1 | grep -vc ' end ')" '1 2'
site_start
site_stop
