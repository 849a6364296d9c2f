#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""A RELP server that does as it is told.

usage: relpd PORT FILE [refuse:TEXT] [answer:TEXT] [late:N]

Each message is appended to FILE, an LF behind it, and answered with 200 OK.
refuse:TEXT  a message with TEXT in it is answered with 500 and not kept
answer:TEXT  the first connection gets this for an answer to its open
late:N       nothing is answered until N messages are there; then the last
             first
"""
import codecs
import socket
import sys


class Peer:
    def __init__(self, s):
        self.s, self.buffer = s, b''

    def until(self, delim):
        while True:
            at = min((self.buffer.find(d) for d in delim
                      if d in self.buffer), default=-1)
            if at >= 0:
                word, self.buffer = self.buffer[:at], self.buffer[at:]
                return word
            self.more()

    def take(self, n):
        while len(self.buffer) < n:
            self.more()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def more(self):
        piece = self.s.recv(65536)
        if not piece:
            raise EOFError
        self.buffer += piece

    def frame(self):
        txnr = self.until(b' ')
        self.take(1)
        command = self.until(b' ')
        self.take(1)
        length = int(self.until(b' \n'))
        data = b''
        if self.take(1) == b' ':
            data = self.take(length)
            if self.take(1) != b'\n':
                sys.exit('no LF behind a frame')
        elif length:
            sys.exit('no data')
        return txnr, command, data

    def answer(self, txnr, text):
        self.s.sendall(b'%s rsp %d %s\n' % (txnr, len(text), text))


def serve(peer, out, options):
    waiting, late = [], int(options.get('late', 0))
    while True:
        txnr, command, data = peer.frame()
        if command == b'open':
            if 'answer' in options:
                peer.s.sendall(codecs.decode(options.pop('answer'),
                                             'unicode_escape').encode())
                return
            peer.answer(txnr, b'200 OK\nrelp_version=0\ncommands=syslog')
        elif command == b'syslog':
            refuse = options.get('refuse', '').encode()
            if refuse and refuse in data:
                peer.answer(txnr, b'500 not this one')
                continue
            out.write(data + b'\n')
            out.flush()
            waiting.append(txnr)
            if len(waiting) >= late:
                late = 0
                for t in reversed(waiting):
                    peer.answer(t, b'200 OK')
                waiting = []
        elif command == b'close':
            peer.answer(txnr, b'')
            return
        else:
            sys.exit('what is %r?' % command)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    options = dict(a.split(':', 1) for a in sys.argv[3:])
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', int(sys.argv[1])))
    listener.listen()
    with open(sys.argv[2], 'ab') as out:
        print('listening', flush=True)
        while True:
            s, _ = listener.accept()
            with s:
                try:
                    serve(Peer(s), out, options)
                except (EOFError, ConnectionError):
                    pass


main()
