#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Send what devices and strangers send, and look for it in the evidence.

usage: vectors tcp PORT SMALL LOG      vectors udp PORT LOG

Each TCP row goes twice, whole and byte by byte, from two addresses of its own;
how it splits must not depend on that. Each UDP row goes from an address of its
own. Then each row is looked for in LOG's segments: the framing, the pieces and
their flags, what the connection's g1 says. Prints TAP without a plan. SMALL is
the port of a listener with max_frame 480.
"""
import glob
import re
import socket
import sys
import threading
import time
import zlib

JA = '<13>端末 表示ソ能'


def line(text, code):
    return text.encode(code) + b'\n'


# name, bytes, framing, pieces; of each piece '~' cut, '!' partial, '?' stray
# in the fifth column, '.' neither; None: LF ends each piece.
TCP = [
    # --- terminators ---
    ('LF', b'<13>a\n<13>b\n', 'lf', None),
    ('CR LF', b'<13>a\r\n<13>b\r\n', 'lf', None),
    ('NUL', b'<13>a\0<13>b\0', 'nul', [b'<13>a\0', b'<13>b\0'], '..'),
    ('NUL and LF', b'<13>a\0\n<13>b\0\n', 'lf', None),
    ('CR, LF and NUL', b'<13>a\r\n\0<13>b\r\n\0', 'lf',
     [b'<13>a\r\n', b'\0<13>b\r\n', b'\0'], '...'),
    ('no end', b'<13>a', 'lf', [b'<13>a'], '!'),
    ('NUL in the middle of a line', b'<13>a\0b\n<13>c\n', 'lf', None),
    ('NUL in a counted message', b'7 <13>a\0b5 <13>c', 'octet',
     [b'7 <13>a\0b', b'5 <13>c'], '..'),
    ('LF and a blank, as an ASA', b'<166>a\n <166>b\n ', 'lf',
     [b'<166>a\n', b' <166>b\n', b' '], '...'),
    ('empty lines', b'\n\n<13>a\n\r\n', 'lf', None),
    # --- octet counts ---
    ('counts one after the other', b'5 <13>a6 <13>bb', 'octet',
     [b'5 <13>a', b'6 <13>bb'], '..'),
    ('LF inside the count', b'6 <13>a\n7 <13>bb\n', 'octet',
     [b'6 <13>a\n', b'7 <13>bb\n'], '..'),
    ('LF behind each counted message', b'5 <13>a\n6 <13>bb\n', 'octet',
     [b'5 <13>a', b'\n', b'6 <13>bb', b'\n'], '....'),
    ('CR LF, NUL and a blank between counted messages',
     b'5 <13>a\r\n5 <13>b\x005 <13>c 5 <13>d', 'octet',
     [b'5 <13>a', b'\r\n', b'5 <13>b', b'\0', b'5 <13>c', b' ', b'5 <13>d'],
     '.......'),
    ('counts with the blank in them', b'6 <13>a6 <13>b6 <13>c', 'octet',
     [b'6 <13>a6', b' ', b'<13>b', b'6 <13>c'], '..?!'),
    ('characters counted instead of bytes',
     '6 <13>日本6 <13>ab'.encode(), 'octet',
     ['6 <13>日本'.encode()[:8], '日本'.encode()[2:], b'6 <13>ab'], '.?.'),
    ('the byte-order mark counted, as it should be',
     b'8 \xef\xbb\xbf<13>a5 <13>b', 'octet',
     [b'8 \xef\xbb\xbf<13>a', b'5 <13>b'], '..'),
    ('a message cut behind its count',
     b'20 <13>ab9 <13>abcde9 <13>fghij9 <13>klmno', 'octet',
     [b'20 <13>ab9 <13>abcde9 <', b'13>fghij', b'9 <13>klmno'], '.?.'),
    ('counts of nothing', b'5 <13>a0 5 <13>b0 ', 'octet',
     [b'5 <13>a', b'0 ', b'5 <13>b', b'0 '], '....'),
    ('the end inside a counted message', b'5 <13>a100 <13>half', 'octet',
     [b'5 <13>a', b'100 <13>half'], '.!'),
    ('the end inside a count', b'5 <13>a10', 'octet', [b'5 <13>a', b'10'],
     '.!'),
    ('counted and then lines', b'5 <13>a<13>b\n<13>c\n', 'octet',
     [b'5 <13>a', b'<13>b\n', b'<13>c\n'], '.??'),
    ('a count of four gigabytes later on',
     b'5 <13>a4294967296 <13>b\n6 <13>cc', 'octet',
     [b'5 <13>a', b'4294967296 <13>b\n', b'6 <13>cc'], '.?.'),
    # --- lines that look like counts ---
    ('a second line that begins with a date', b'<13>a\n02-19T12:02:54 b\n',
     'lf', None),
    ('a line that begins with a number', b'100 % done\n<13>a\n', 'lf', None),
    ('a count with a leading zero', b'05 <13>a\n', 'lf', None),
    ('a count of eleven digits', b'12345678901 <13>a\n', 'lf', None),
    ('a count below zero', b'-1 <13>a\n', 'lf', None),
    ('a count that no number holds', b'99999999999999999999999 <13>a\n',
     'lf', None),
    ('a count of four gigabytes first', b'4294967296 <13>a\n<13>b\n', 'lf',
     None),
    # --- what is no syslog ---
    ('HTTP', b'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'lf', None),
    ('a TLS hello', b'\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03', 'raw',
     [b'\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03'], '.'),
    ('PROXY version 1', b'PROXY TCP4 192.0.2.1 192.0.2.2 7 8\r\n<13>a\n',
     'lf', None),
    ('PROXY version 1, cut', b'PROXY TCP4 192.0.2.', 'lf',
     [b'PROXY TCP4 192.0.2.'], '!'),
    ('PROXY version 2',
     b'\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\0\7\0\x08<13>a\n',
     'lf', None),
    ('PROXY version 2, cut', b'\r\n\r\n\0\r\nQUIT\n\x21\x11\0', 'lf',
     [b'\r\n', b'\r\n', b'\0\r\n', b'QUIT\n', b'\x21\x11\0'], '....!'),
    ('a scanner that asks for SMB', b'\0\0\0\x2f\xffSMB\x72\0\0\0\0\x08', 'lf',
     [b'\0\0\0\x2f\xffSMB\x72\0\0\0\0\x08'], '!'),
    ('a scanner that asks for help', b'\r\n\r\nHELP\r\n', 'lf', None),
    ('a RELP sender', b'1 open 25 relp_version=0\ncommands=sys\n', 'lf', None),
    # --- encodings ---
    ('a byte-order mark first', b'\xef\xbb\xbf<13>a\n<13>b\n', 'lf', None),
    ('CP932 with \\ and | as second bytes', line(JA, 'cp932') * 2, 'lf', None),
    ('EUC-JP', line(JA, 'euc_jp') * 2, 'lf', None),
    ('ISO-2022-JP', line(JA, 'iso2022_jp') * 2, 'lf', None),
    ('bytes of no encoding', bytes(x for x in range(1, 256) if x != 10) +
     b'\n', 'lf', None),
    ('UTF-16', '<13>あ\n<13>b\n'.encode('utf-16-le'), 'lf',
     ['<13>あ'.encode('utf-16-le') + b'\n',
      b'\0' + '<13>b'.encode('utf-16-le') + b'\n', b'\0'], '...'),
    # --- priorities ---
    ('odd priorities', b'<189 a\n<192>b\n<013>c\n<13> d\n<9999999>e\n<>f\n'
     b'<13>{"g":1}\n<Event xmlns="h"/>\nCEF:0|i|j|k|l|m|n|\n'
     b'<165>1 Aug 17 00:00:00 o p: q\n', 'lf', None),
]
CEF = 'CEF:0|富士|ソフト|1|表|能|5|msg=申請\\=ソ'
UDP = [
    ('LF', b'<13>a\n'), ('CR LF', b'<13>a\r\n'), ('NUL', b'<13>a\0'),
    ('NUL and LF', b'<13>a\0\n'), ('no end', b'<13>a'),
    ('nothing', b''), ('nothing but LF', b'\n'),
    ('NUL in the middle', b'<13>a\0b'),
    ('a count', b'5 <13>a'),
    ('two messages glued together',
     b'<189>31: 0.0.0.0: CLI initiated<189>32: 0.0.0.0: *Apr 29 13:58:46.411: '
     b'%SYS-5-CONFIG_I: Configured from console'),
    ('two lines', b'<13>a\n<13>b\n'),
    ('CP932 in CEF', b'<13>' + CEF.encode('cp932')),
    ('ISO-2022-JP in structured data',
     '<13>1 - h a - - [x y="表示"] 能'.encode('iso2022_jp')),
    ('UTF-16', '<13>あ'.encode('utf-16')),
    ('a byte-order mark', b'\xef\xbb\xbf<13>a'),
    ('a TLS hello', b'\x16\xfe\xff\0\0'), ('bytes', bytes(range(256))),
    ('65,507 bytes', b'<13>' + b'u' * 65503),
    ('no priority, no stamp, no name', b'words'),
    ('a priority and a blank', b'<13> [INSPECT] LAN2[out][200102] TCP'),
    ('a forged record', b'\ne1 1 1 - 5\nforge'),
]


def long_frame(n):
    body = b'%d <13>' % (n + 4) + b'y' * n
    cut = [body[i:i + 480] for i in range(0, len(body), 480)]
    return body + b'5 <13>a', cut + [b'5 <13>a'], '~' * (len(cut) - 1) + '..'


def records(log):
    """Of each record: kind, stream, flags, body."""
    found = []
    for path in sorted(glob.glob(log + '/segments/*/*.gz')):
        with open(path, 'rb') as f:
            data = f.read()
        text = b''
        while data:
            z = zlib.decompressobj(31)
            text += z.decompress(data)
            data = z.unused_data
        pos = text.find(b'\n') + 1
        while text.find(b'\n', pos) > 0:
            end = text.index(b'\n', pos)
            kind, _, stream, flags, size = text[pos:end].split(b' ')
            body = text[end + 1:end + 1 + int(size)]
            if len(body) < int(size):
                break
            found.append((kind.decode(), int(stream), flags.decode(), body))
            pos = end + 1 + int(size) + 1
    return found


def peers(log):
    """Of each peer: d1, e1s as (flags, body), g1s, whether it has ended."""
    found, live = {}, {}
    for kind, stream, flags, body in records(log):
        words = body.decode('latin-1') if kind != 'e1' else ''
        if kind == 'd1' and words.startswith('end '):
            live[re.search('stream=([0-9]+)', words)[1]]['end'] = words
        elif kind == 'd1':
            peer = re.search('peer=([^ ]*)', words)
            n = re.search('stream=([0-9]+)', words)[1]
            live[n] = found.setdefault(peer and peer[1], {
                'd1': words, 'e1': [], 'g1': [], 'end': ''})
        elif kind == 'e1':
            live[str(stream)]['e1'].append((flags, body))
        elif kind == 'g1':
            n = re.search('stream=([0-9]+)', words)
            if n:
                live[n[1]]['g1'].append(words)
    return found


def deliver(port, peer, data, step):
    with socket.socket() as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.bind((peer, 0))
        s.connect(('127.0.0.1', port))
        try:
            for i in range(0, len(data), step):
                s.sendall(data[i:i + step])
                if step < len(data):
                    time.sleep(0.0005)
            s.shutdown(socket.SHUT_WR)
            while s.recv(100):
                pass
        except ConnectionError:
            pass  # whoever speaks TLS is sent away in the middle


def wait(log, names, done):
    end = time.monotonic() + 30
    while True:
        found = peers(log)
        if all(x in found and done(found[x]) for x in names) or \
                time.monotonic() > end:
            return found
        time.sleep(0.1)


def tell(wrong, name):
    print('not ok' if wrong else 'ok', '-', name)
    for text in wrong:
        print('#', text)


def wrong_tcp(row, got):
    _, data, framing, pieces, marks = row
    if got is None:
        return ['it is not there']
    wrong = []
    flags = ''.join({'x': '~', 'f': '!'}.get(f[0], '.') for f, _ in got['e1'])
    stray = [p for p, m in zip(pieces, marks) if m == '?']
    if [b for _, b in got['e1']] != pieces:
        wrong.append('pieces %r' % [b for _, b in got['e1']])
    if b''.join(b for _, b in got['e1']) != data:
        wrong.append('not all bytes are there')
    if flags != marks.replace('?', '.'):
        wrong.append('flags ' + flags)
    if ' framing=%s ' % framing not in got['d1'] or \
            not got['d1'].endswith(' decided=auto'):
        wrong.append(got['d1'])
    if not got['end']:
        wrong.append('the stream has no end')
    if stray and got['g1']:
        first = sum(map(len, pieces[:marks.index('?')]))
        last = sum(map(len, pieces[:marks.rindex('?') + 1]))
        if not re.search(' offset=%d ' % first, got['g1'][0]) or \
                not got['g1'][-1].endswith(' end=%d' % last):
            wrong.append('bounds %d to %d' % (first, last))
    told = [(int(re.search('count=([0-9]+)', g)[1]),
             int(re.search(' bytes=([0-9]+)', g)[1])) for g in got['g1']]
    if (sum(n for n, _ in told), sum(n for _, n in told)) != \
            (len(stray), sum(map(len, stray))) or \
            not all(g.startswith('kind=resync ') for g in got['g1']):
        wrong.append('told %r' % got['g1'])
    return wrong


def tcp(port, small, log):
    rows = [(r[0], r[1], r[2], r[1].splitlines(True) if r[3] is None
             else r[3], r[4] if len(r) > 4 else '') for r in TCP]
    # Only LF ends lines; splitlines() knows more ends.
    rows = [(a, d, f, re.findall(b'[^\n]*\n', d) if TCP[i][3] is None else p,
             m or '.' * d.count(b'\n'))
            for i, (a, d, f, p, m) in enumerate(rows)]
    jobs = [(port, '127.1.%d.%d' % (k, i + 1), r[1], step, r)
            for i, r in enumerate(rows)
            for k, step in ((0, len(r[1])), (1, 1))
            if step > 1 or r[2] != 'raw']
    for n in 2000, 470, 960:
        data, pieces, marks = long_frame(n)
        jobs.append((small, '127.1.2.%d' % (n % 251), data, 7, (
            'a counted message of %d bytes where 480 are a record' % n,
            data, 'octet', pieces, marks)))
    threads = [threading.Thread(target=deliver, args=j[:4]) for j in jobs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    found = wait(log, [j[1] for j in jobs], lambda x: x['end'])
    for _, peer, data, step, row in jobs:
        tell(wrong_tcp(row, found.get(peer)),
             row[0] + (', byte by byte' if step == 1 else ''))


def udp(port, log):
    names = ['127.2.0.%d' % (i + 1) for i in range(len(UDP))]
    for peer, (_, data) in zip(names, UDP):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind((peer, 0))
            s.sendto(data, ('127.0.0.1', port))
            try:
                s.sendto(b'x' * 65508, ('127.0.0.1', port))
                tell(['65,508 bytes were sent'], 'no datagram is larger')
            except OSError:
                pass
    found = wait(log, names, lambda x: x['e1'])
    for peer, (name, data) in zip(names, UDP):
        got = found.get(peer, {'e1': []})['e1']
        tell([] if [b for _, b in got] == [data] and got[0][0] == '-'
             else ['got %r' % got], 'a datagram: ' + name)


if sys.argv[1] == 'tcp':
    tcp(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
else:
    udp(int(sys.argv[2]), sys.argv[3])
