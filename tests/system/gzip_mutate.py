# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""gzip_mutate.py NAME FILE: rewrite a segment file, so that gunzip still gives
the same bytes, or more, or fewer.  FILE is taken apart by its members."""
import struct
import sys
import zlib

name, path = sys.argv[1:]
with open(path, 'rb') as f:
    data = f.read()
HEAD = bytes.fromhex('1f8b08000000000000ff')
EMPTY = HEAD + bytes.fromhex('03000000000000000000')


def members(data):
    out = []
    while data:
        z = zlib.decompressobj(31)
        plain = z.decompress(data)
        if not z.eof:
            out.append((data, plain))  # an open member
            break
        out.append((data[:len(data) - len(z.unused_data)], plain))
        data = z.unused_data
    return out


def pack(plain, head=HEAD, level=9, strategy=0, crc=None, size=None):
    z = zlib.compressobj(level, zlib.DEFLATED, -15, 8, strategy)
    return (head + z.compress(plain) + z.flush() +
            struct.pack('<II', zlib.crc32(plain) if crc is None else crc,
                        (len(plain) if size is None else size) & 0xffffffff))


def head(flags=0, mtime=0, xfl=0, os=255, more=b''):
    return struct.pack('<BBBBIBB', 0x1f, 0x8b, 8, flags, mtime, xfl, os) + more


parts = members(data)
raw = [p for p, _ in parts]
first, plain = parts[0]
rest = b''.join(raw[1:])


def halves():
    """A member cut in two on a record boundary: the same records."""
    at = plain.index(b'\ne1 ') + 1
    return pack(plain[:at]) + pack(plain[at:]) + rest


def bomb():
    """A gigabyte of zeros behind the first member."""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    block, crc, body = bytes(1 << 20), 0, b''
    for _ in range(1024):
        body += z.compress(block)
        crc = zlib.crc32(block, crc)
    return first + HEAD + body + z.flush() + struct.pack(
        '<II', crc, 1 << 30) + rest


mutations = {
    'mtime': lambda: head(mtime=1) + first[10:] + rest,
    'os': lambda: head(os=3) + first[10:] + rest,
    'xfl': lambda: head(xfl=2) + first[10:] + rest,
    'text': lambda: head(flags=1) + first[10:] + rest,
    'fname': lambda: head(flags=8, more=b'x\0') + first[10:] + rest,
    'fcomment': lambda: head(flags=16, more=b'hidden\0') + first[10:] + rest,
    'fextra': lambda: head(flags=4, more=b'\4\0abcd') + first[10:] + rest,
    'fhcrc': lambda: head(flags=2, more=struct.pack(
        '<H', zlib.crc32(head(flags=2)) & 0xffff)) + first[10:] + rest,
    'reserved': lambda: head(flags=0x80) + first[10:] + rest,
    'method': lambda: first[:2] + b'\7' + first[3:] + rest,
    'recompressed': lambda: pack(plain, level=1) + rest,
    'stored': lambda: pack(plain, level=0) + rest,
    'halves': halves,
    'one-member': lambda: pack(b''.join(p for _, p in parts)) + EMPTY,
    'empty-inside': lambda: first + EMPTY + rest,
    'empty-in-front': lambda: EMPTY + data,
    'empty-twice': lambda: data + EMPTY,
    'no-end': lambda: b''.join(raw[:-1]),
    'member-less': lambda: first + b''.join(raw[2:]),
    'member-twice': lambda: first + data,
    'members-exchanged': lambda: raw[1] + first + b''.join(raw[2:]),
    'zero-padding': lambda: data + bytes(512),
    'trailing-byte': lambda: data + b'x',
    'trailing-text': lambda: data + b'e1 1 1 - 1\nx\n',
    'trailing-member': lambda: data + pack(b'e1 1 1 - 1\nx\n'),
    'nested': lambda: pack(data),
    'nested-inside': lambda: first + pack(pack(plain)) + rest,
    'crc': lambda: pack(plain, crc=0) + rest,
    'size': lambda: pack(plain, size=len(plain) + 1) + rest,
    'no-trailer': lambda: first[:-8] + rest,
    'bomb': bomb,
}
if name == 'list':
    print('\n'.join(mutations))
else:
    new = mutations[name]()
    if new == data:
        sys.exit('nothing was changed')
    with open(path, 'wb') as f:
        f.write(new)
