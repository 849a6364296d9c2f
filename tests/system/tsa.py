#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""An authority of OpenSSL's behind HTTP, for tests (see tsa.sh).

usage: tsa DIR

Says on which port of 127.0.0.1 it listens.  What it answers is what the file
DIR/mode says at that time: good, or what it does wrong.
"""
import http.server
import os
import re
import subprocess
import sys


def run(*args):
    subprocess.run(args, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def query(folder, digest):
    """Another query for a digest, with a nonce of its own."""
    out = os.path.join(folder, 'other.tsq')
    run('openssl', 'ts', '-query', '-digest', digest, '-sha256', '-cert',
        '-out', out)
    return out


def reply(folder, mode, asked):
    path = os.path.join(folder, 'query.tsq')
    with open(path, 'wb') as f:
        f.write(asked)
    # messageImprint: an OCTET STRING of 32 bytes.
    digest = re.search(b'\x04\x20(.{32})', asked, re.S).group(1)
    if mode == 'imprint':
        path = query(folder, '00' * 32)
    elif mode == 'nonce':
        path = query(folder, digest.hex())
    name = mode if mode in ('other', 'expired') else 'good'
    out = os.path.join(folder, 'reply.tsr')
    run('openssl', 'ts', '-reply', '-config', os.path.join(folder, 'tsa.cnf'),
        '-queryfile', path, '-signer', os.path.join(folder, name + '.pem'),
        '-inkey', os.path.join(folder, name + '.key'), '-out', out)
    with open(out, 'rb') as f:
        return f.read()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked = self.rfile.read(int(self.headers['Content-Length']))
        with open(os.path.join(sys.argv[1], 'mode')) as f:
            mode = f.read().strip()
        if mode == 'busy' or \
                self.headers['Content-Type'] != 'application/timestamp-query':
            self.send_error(503)
            return
        body = b'x' * 100000 if mode == 'flood' else \
            reply(sys.argv[1], mode, asked)
        self.send_response(200)
        self.send_header('Content-Type', 'text/html' if mode == 'type'
                         else 'application/timestamp-reply')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    s = http.server.HTTPServer(('127.0.0.1', 0), Handler)
    print(s.server_address[1], flush=True)
    s.serve_forever()


main()
