#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""A RELP sender that says what was acknowledged.

usage: relp LISTENERS NAME COUNT WINDOW ACKED [SECONDS]

LISTENERS is the collector's run/listeners, read again at each connection; NAME
a listener in it. Messages "<13>relp N filler" with N from 1 to COUNT (0: until
told to stop) are sent, at most WINDOW of them under way; the N of each that
was acknowledged goes to the file ACKED, a line each, before anything else is
done. When a connection breaks, what is under way is sent again on another one,
first and in order, as librelp does. It ends when all are acknowledged, with 0;
with 1 after SECONDS (60), or with a message at an answer that is none.
"""
import collections
import re
import select
import socket
import sys
import time

RSP = re.compile(rb'(\d+) (\w+) (\d+)(?: |(?=\n))')


def message(n):
    return b'<13>relp %d %s' % (n, b'x' * (n * 7 % 200))


class Session:
    def __init__(self, listeners, name):
        with open(listeners) as f:
            port = next(int(x.split()[3]) for x in f if x.split()[0] == name)
        self.sock = socket.create_connection(('127.0.0.1', port), 5)
        self.txnr, self.left = 0, b''
        self.send(b'open', b'relp_version=1\nrelp_software=test\n'
                  b'commands=syslog')
        answer = self.read()
        while not answer:
            answer = self.read()
        if answer[0][:2] != (1, b'rsp') or answer[0][2][:6] != b'200 OK':
            sys.exit('open was answered %r' % (answer,))

    def send(self, command, data):
        self.txnr += 1
        self.sock.sendall(b'%d %s %d%s\n' % (
            self.txnr, command, len(data), b' ' + data if data else b''))
        return self.txnr

    def read(self):
        got = self.sock.recv(65536)
        if not got:
            raise OSError('closed')
        self.left += got
        frames, pos = [], 0
        while True:
            m = RSP.match(self.left, pos)
            if not m:
                break
            end = m.end() + int(m[3])
            if len(self.left) <= end:
                break
            if self.left[end] != 10:
                sys.exit('no frame: %r' % self.left[:80])
            frames.append((int(m[1]), m[2], self.left[m.end():end]))
            pos = end + 1
        self.left = self.left[pos:]
        return frames


def main():
    listeners, name, count, window, path = sys.argv[1:6]
    count, window = int(count) or 1 << 60, int(window)
    until = time.time() + float((sys.argv[6:] or ['60'])[0])
    under_way = collections.OrderedDict()  # number of the frame: message
    next_one, done = 1, 0
    acked = open(path, 'ab', buffering=0)
    session = None
    while done < count:
        if time.time() > until:
            sys.exit('%d of %d acknowledged' % (done, count))
        try:
            if session is None:
                session = Session(listeners, name)
                again = list(under_way.values())
                under_way.clear()
                for n in again:
                    under_way[session.send(b'syslog', message(n))] = n
            while len(under_way) < window and next_one <= count:
                under_way[session.send(b'syslog', message(next_one))] = next_one
                next_one += 1
                if select.select([session.sock], [], [], 0)[0]:
                    break
            if not select.select([session.sock], [], [], 0.5)[0]:
                continue
            for txnr, command, data in session.read():
                if command == b'serverclose':
                    raise OSError('serverclose')
                first = next(iter(under_way), None)
                if command != b'rsp' or data != b'200 OK' or txnr != first:
                    sys.exit('%r %r %r, awaited %r' % (
                        txnr, command, data, first))
                acked.write(b'%d\n' % under_way.pop(txnr))
                done += 1
        except (OSError, StopIteration, IndexError):
            session = None
            time.sleep(0.05)
    txnr = session.send(b'close', b'')
    got = []
    while len(got) < 2:
        got += session.read()
    if got != [(txnr, b'rsp', b'200 OK'), (0, b'serverclose', b'')]:
        sys.exit('close was answered %r' % got)


main()
