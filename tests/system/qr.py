#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Draw the QR code of a page as a picture (PGM) for a decoder.

usage: qr PAGE.html >PICTURE.pgm

Reads nothing but the path of the page's only SVG: rows of black runs.
"""
import re
import sys

SCALE = 6


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding='utf-8') as f:
        page = f.read()
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', page).group(1))
    path = re.search(r'<path d="([^"]*)"', page).group(1)
    runs = re.findall(r'M(\d+) (\d+)h(\d+)v1h-\3z', path)
    if ''.join(f'M{x} {y}h{n}v1h-{n}z' for x, y, n in runs) != path:
        sys.exit('not a path of black runs')
    rows = [bytearray(b'\xff' * side) for _ in range(side)]
    for x, y, n in runs:
        for i in range(int(n)):
            rows[int(y)][int(x) + i] = 0
    out = sys.stdout.buffer
    out.write(b'P5\n%d %d\n255\n' % (side * SCALE, side * SCALE))
    for row in rows:
        line = b''.join(bytes([c]) * SCALE for c in row)
        out.write(line * SCALE)


main()
