#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Many peers at once, or bad ones.

usage: crowd.py many PORT N     N connections, each with half a line; says
                                "held", and on a line of input ends each line
                                and connection
       crowd.py scan PORT N     N that connect and close, N that break off
       crowd.py drip PORT N     N that send a byte every 100 ms, until killed
       crowd.py deaf PORT       begin TLS and never read; says "gone" when the
                                other side has had enough
       crowd.py trickle PORT    begin TLS, a byte a second
       crowd.py mute PORT CA    TLS, then lines and never a read
"""
import select
import socket
import ssl
import struct
import sys
import time


def dial(port, i=0):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.3.%d.%d' % (i // 200 % 200, 1 + i % 200), 0))
    s.connect(('127.0.0.1', port))
    return s


def many(port, n):
    all_of_them = [dial(port, i) for i in range(n)]
    for i, s in enumerate(all_of_them):
        s.sendall(b'<13>%d of many' % i)
    print('held', flush=True)
    sys.stdin.readline()
    for s in all_of_them:
        s.sendall(b'\n')
        s.close()


def scan(port, n):
    for i in range(n):
        dial(port).close()
        s = dial(port)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                     struct.pack('ii', 1, 0))
        s.close()


def drip(port, n):
    slow = [dial(port, i) for i in range(n)]
    print('held', flush=True)
    while True:
        for s in slow:
            s.send(b'z')
        time.sleep(0.1)


def hello():
    context = ssl.create_default_context()
    out = ssl.MemoryBIO()
    tls = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname='x.test')
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def patient(s, deadline=60):
    """Until the other side has closed, without a read."""
    p = select.poll()
    p.register(s, select.POLLRDHUP)
    print('gone' if p.poll(deadline * 1000) else 'still there', flush=True)


def deaf(port):
    s = dial(port)
    s.sendall(hello())
    patient(s)


def trickle(port):
    s = dial(port)
    p = select.poll()
    p.register(s, select.POLLRDHUP)
    for byte in hello()[:60]:
        s.send(bytes([byte]))
        if p.poll(1000):
            break
    patient(s, 0)


def mute(port, ca):
    context = ssl.create_default_context(cafile=ca)
    s = context.wrap_socket(dial(port), server_hostname='127.0.0.1')
    for i in range(20000):
        s.sendall(b'<13>%d never a read %s\n' % (i, b'm' * 200))
    s.close()


what = {'many': many, 'scan': scan, 'drip': drip, 'deaf': deaf,
        'trickle': trickle, 'mute': mute}[sys.argv[1]]
what(int(sys.argv[2]),
     *[int(x) if x.isdigit() else x for x in sys.argv[3:]])
