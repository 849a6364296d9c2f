#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""A TCP client that does as it is told.

usage: peer PORT STEP...

text:T    send T, in which \\n, \\0 and \\xNN mean what they mean in Python
file:F    send the bytes of the file F
press:F   likewise, and say "held back" once nothing could be sent for 2 s
byte:N    send N times the byte "x"
tls:CA    go on by TLS, the server's certificate checked against CA
end       say that nothing more will be sent, wait until the other side closes
gone      wait until the other side closes
input     wait for a line of input
reset     break the connection off (RST)
hold      say "held" and do nothing until told to stop
At the end the connection is closed without a word of TLS.
"""
import codecs
import select
import signal
import socket
import ssl
import struct
import sys


def drain(s):
    """Read until the other side closes."""
    try:
        while s.recv(65536):
            pass
    except OSError:
        pass


def press(s, path):
    """In pieces so small that one fits wherever there is room: no send waits."""
    with open(path, 'rb') as f:
        left = memoryview(f.read())
    said = False
    while left:
        if not said and not select.select([], [s], [], 2)[1]:
            print('held back', flush=True)
            said = True
        left = left[s.send(left[:16384]):]


def step(s, name, value):
    if name == 'text':
        s.sendall(codecs.decode(value, 'unicode_escape').encode('latin-1'))
    elif name == 'file':
        with open(value, 'rb') as f:
            s.sendall(f.read())
    elif name == 'press':
        press(s, value)
    elif name == 'byte':
        s.sendall(b'x' * int(value))
    elif name == 'tls':
        context = ssl.create_default_context(cafile=value)
        s = context.wrap_socket(s, server_hostname='127.0.0.1',
                                suppress_ragged_eofs=True)
    elif name == 'end':
        s.shutdown(socket.SHUT_WR)
        drain(s)
    elif name == 'gone':
        drain(s)
    elif name == 'input':
        sys.stdin.readline()
    elif name == 'reset':
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                     struct.pack('ii', 1, 0))
    elif name == 'hold':
        print('held', flush=True)
        signal.pause()
    else:
        sys.exit(__doc__)
    return s


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
    for argument in sys.argv[2:]:
        name, _, value = argument.partition(':')
        s = step(s, name, value)
    s.close()


main()
