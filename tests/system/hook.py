#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Take what is sent to other systems, for tests.

usage: hook.py http STATUS OUT | udp OUT | tcp OUT | tls OUT CERT KEY

Print the port, then append each request (its Authorization header, a line end,
its body), datagram or connection to OUT, a line of "--" behind it.
"""
import http.server
import socket
import ssl
import sys


def put(path, data):
    with open(path, 'ab') as f:
        f.write(data + b'\n--\n')


def web(status, path):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers['Content-Length']))
            put(path, (self.headers['Authorization'] or '').encode() + b'\n' +
                body)
            self.send_response(status)
            self.send_header('Content-Length', '0')
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def datagrams(path):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(('127.0.0.1', 0))
    print(s.getsockname()[1], flush=True)
    while True:
        put(path, s.recv(65536))


def connections(path, context):
    s = socket.create_server(('127.0.0.1', 0))
    print(s.getsockname()[1], flush=True)
    while True:
        c = s.accept()[0]
        try:
            if context is not None:
                c = context.wrap_socket(c, server_side=True)
            data = b''
            while True:
                part = c.recv(65536)
                if not part:
                    break
                data += part
            put(path, data)
        except OSError as e:
            put(path, str(e).encode())
        c.close()


if sys.argv[1] == 'http':
    web(int(sys.argv[2]), sys.argv[3])
elif sys.argv[1] == 'udp':
    datagrams(sys.argv[2])
elif sys.argv[1] == 'tcp':
    connections(sys.argv[2], None)
else:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[3], sys.argv[4])
    connections(sys.argv[2], tls)
