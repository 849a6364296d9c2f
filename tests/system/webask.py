#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Ask a server of this machine, and print status, content type and body.

usage: webask METHOD URL [FILE [AUTHORIZATION]]
"""
import sys
import urllib.error
import urllib.request


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    body = None
    if len(sys.argv) > 3:
        with open(sys.argv[3], 'rb') as f:
            body = f.read()
    r = urllib.request.Request(sys.argv[2], data=body, method=sys.argv[1])
    r.add_header('Content-Type', 'text/plain')
    if len(sys.argv) > 4:
        r.add_header('Authorization', sys.argv[4])
    # No proxy: it is this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        a = opener.open(r, timeout=10)
    except urllib.error.HTTPError as e:
        a = e
    print(a.status, a.headers.get('Content-Type', '-'))
    sys.stdout.flush()
    sys.stdout.buffer.write(a.read())


main()
