#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A client sends every byte value over UDP, in lines, with octet counts and
# with NULs, on many connections at once and in pieces as small as a byte. What
# it sent is in the evidence, byte for byte and in order, sealed; SIGTERM makes
# a final seal, and then the log proves to be whole.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
site_ring=32 # the default
plan 22

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: udp6, transport: udp, address: "::1", port: 0}
  - {name: lf, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: octet, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: nul, transport: tcp, address: 127.0.0.1, port: 0, framing: nul}
  - {name: many, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
cat >"$T/client.py" <<'END'
import os, random, socket, sys
ports = dict(line.split()[::3] for line in open(sys.argv[1]))
out = sys.argv[2]
rnd = random.Random(7)
every = bytes(range(256))

def keep(name, data):
    with open(out + '/' + name + '.sent', 'wb') as f:
        f.write(data)

def tcp(name, data, piece):
    s = socket.create_connection(('127.0.0.1', int(ports[name])))
    for i in range(0, len(data), piece):
        s.sendall(data[i:i + piece])
    s.close()

for name, family, host in (('udp', socket.AF_INET, '127.0.0.1'),
                           ('udp6', socket.AF_INET6, '::1')):
    s = socket.socket(family, socket.SOCK_DGRAM)
    grams = [b'<13>one', every, b'', b'two\n', every * 200, b'x']
    for g in grams:
        s.sendto(g, (host, int(ports[name])))
    keep(name, b''.join(grams))
lines = b''.join(b'<13>%d ' % i + every.replace(b'\n', b'') + b'\n'
                 for i in range(200))
keep('lf', lines)
tcp('lf', lines, 3)
frames = b''.join(b'%d ' % len(m) + m for m in
                  (b'<13>' + every * (i % 9) for i in range(200)))
keep('octet', frames)
tcp('octet', frames, 7)
nuls = b'<13>first\x00\n<13>\nsecond\x00last, and no end'
keep('nul', nuls)
tcp('nul', nuls, 1)
socks = [socket.create_connection(('127.0.0.1', int(ports['many'])))
         for i in range(50)]
for n in range(100):
    for i, s in enumerate(socks):
        s.sendall(b'<13>%02d %03d %s\n' % (i, n, b'y' * rnd.randrange(400)))
for s in socks:
    s.close()
END
ok 'the client sends all of it' \
    python3 "$T/client.py" "$S/run/listeners" "$T"
wait_received udp 6
wait_received udp6 6
wait_received lf 200
wait_received octet 200
wait_received nul 3
wait_received many 5000
for name in udp udp6 lf octet nul; do
	raw $name >"$T/$name.kept"
	same "$name: every byte is there" "$T/$name.kept" "$T/$name.sent"
done
is 'octet counts: a record for each frame' "$(received octet)" 200
is 'NUL: two frames and the rest' "$(received nul)" 3
is 'UDP: a record for each datagram, empty ones too' "$(received udp)" 6
is 'fifty connections: every message' "$(messages many | sort -u | wc -l)" 5000
# Of one connection the counters rise by one, as do the sequence numbers.
messages many | awk '{ if ($2 + 0 != n[$1]++) bad++ } END { exit bad > 0 }'
tap $? 'and those of a connection stand in order'
is 'fifty streams' "$(records d1 | grep -c 'listener=many')" 50
is 'each of which ended' "$(records d1 | grep -c 'end .*why=peer-closed')" 53

ok 'a second collector on the site is refused' \
    ! konseki-collector --site "$S" --foreground
kill -TERM "$(pid_of writer)"
site_stop
is 'what the run folder said is gone' \
    "$(ls "$S/run/listeners" "$S/run/submit.sock" 2>/dev/null)" ''
like 'the last record is the final seal' \
    "$(konseki show --site "$S" | tail -n 1)" ' s1 .* final=1 '
is 'the counters of the last seal' "$(records s1 | tail -n 1 |
    sed 's/.*\(received=[0-9]* accepted=[0-9]*\).*/\1/')" \
    'received=5415 accepted=5415'
like 'which say how good the clock is' "$(records s1 | tail -n 1)" \
    ' build=[^ ]* esterror=(-|[0-9]+) maxerror=(-|[0-9]+) leap=(-|none|insert|delete)$'
is 'each start says which program file it was' \
    "$(records b1 | sed 's/.* program-sha256=//' | sort -u)" \
    "$(sha256sum "$builddir/konseki-collector" | cut -d' ' -f1)"
verified
