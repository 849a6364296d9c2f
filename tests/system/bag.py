#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A package for investigators, from FORMAT.md alone.

usage: bag.py whole|excerpt LOG FIRST LAST FOLDER [KEY.pem]
       bag.py again FOLDER KEY.pem [keep]

whole: the segments with the numbers FIRST to LAST; excerpt: the records with
those indexes, every third with its body withheld. again: makes manifests and
note anew over whatever the folder holds now. KEY.pem (Ed25519) is made if it is
not there; its verifier key is data/keys/handover.vkey, unless that is to be kept.
"""
import base64
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import zlib


def sha(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha(b'\1' + left + right)


def inflate(path):
    data, out = open(path, 'rb').read(), b''
    while data:
        d = zlib.decompressobj(31)
        out += d.decompress(data)
        if not d.eof:
            break
        data = d.unused_data
    return out


def records(log):
    """(segment, leaf line, nonce, body) of each record."""
    seqs, index = {}, 0
    for n, path in enumerate(sorted(glob.glob(log + '/segments/*/*.gz'))):
        data = inflate(path)
        head, data = data.split(b'\n', 1)
        salt = bytes.fromhex(head.split(b'salt=')[1].decode())
        while data:
            line, data = data.split(b'\n', 1)
            kind, rx, stream, flags, length = line.split(b' ')
            body, data = data[:int(length)], data[int(length) + 1:]
            if kind == b'd1':
                words = dict(w.split(b'=', 1) for w in body.split(b' ')
                             if b'=' in w)
                seqs[words[b'stream']] = int(words[b'next'])
            seq = 0
            if kind == b'e1':
                seq = seqs[stream]
                seqs[stream] += 1
            nonce = sha(b'ev1 nonce' + salt + index.to_bytes(8, 'big'))[:16]
            commit = sha(nonce + sha(body)).hex()
            yield n, b'%s %d %s %s:%d %s %s %s' % (
                kind, index, rx, stream, seq, flags, length,
                commit.encode()), nonce, body
            index += 1


def root(leaves, begin, end):
    if end - begin == 1:
        return leaves[begin]
    k = 1 << (end - begin - 1).bit_length() - 1
    return node(root(leaves, begin, begin + k), root(leaves, begin + k, end))


def path_to(leaves, i, begin, end):
    if end - begin == 1:
        return []
    k = 1 << (end - begin - 1).bit_length() - 1
    if i < begin + k:
        return path_to(leaves, i, begin, begin + k) + [
            root(leaves, begin + k, end)]
    return path_to(leaves, i, begin + k, end) + [
        root(leaves, begin, begin + k)]


def put(folder, name, data):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(data)


def whole(folder, log, first, last, all_, note, leaves, size):
    files = sorted(glob.glob(log + '/segments/*/*.gz'))
    for path in files[first:last + 1]:
        put(folder, 'data/log/' + os.path.relpath(path, log),
            open(path, 'rb').read())
    for n in range(first, last + 1):
        i = next(i for i, r in enumerate(all_) if r[0] == n + 1)
        text = b'c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n' % (
            base64.b64encode(all_[i][1]), i)
        for h in path_to(leaves, i, 0, size):
            text += base64.b64encode(h) + b'\n'
        put(folder, 'data/proofs/m1-%012d.tlog-proof' % (n + 1),
            text + b'\n' + note)
        put(folder, 'data/proofs/m1-%012d.nonce' % (n + 1),
            all_[i][2].hex().encode() + b'\n')
    shown = [i for i, r in enumerate(all_) if first <= r[0] <= last]
    return shown[0], shown[-1]


def excerpt(folder, origin, first, last, all_, leaves, size):
    out = b'evx1 %s %d\n' % (origin, size)

    def hidden(begin, end):
        text = b''
        while begin < end:
            level = (end - begin).bit_length() - 1
            if begin:
                level = min(level, (begin & -begin).bit_length() - 1)
            text += b'h %d %d %s\n' % (level, begin >> level, root(
                leaves, begin, begin + (1 << level)).hex().encode())
            begin += 1 << level
        return text
    out += hidden(0, first)
    for i in range(first, last + 1):
        _, line, nonce, body = all_[i]
        if i % 3 == 0:
            out += b'w %s\n' % line
        else:
            out += b'r %s %s\n%s\n' % (nonce.hex().encode(), line, body)
    put(folder, 'data/excerpt/excerpt.evx', out + hidden(last + 1, size))
    return first, last


def make(kind, log, first, last, folder, key):
    note = open(log + '/checkpoint', 'rb').read()
    origin, size = note.split(b'\n')[0], int(note.split(b'\n')[1])
    all_ = list(records(log))[:size]
    leaves = [sha(b'\0' + r[1]) for r in all_]
    for name in ('log', 'epochs', 'checkpoint'):
        put(folder, 'data/log/' + name, open(log + '/' + name, 'rb').read())
    for path in glob.glob(log + '/manifests/*') + glob.glob(
            log + '/checkpoints/*'):
        put(folder, 'data/log/' + os.path.relpath(path, log),
            open(path, 'rb').read())
    if kind == 'whole':
        first, last = whole(folder, log, first, last, all_, note, leaves,
                            size)
    else:
        excerpt(folder, origin, first, last, all_, leaves, size)
    put(folder, 'data/package.txt', b'ev1 package\norigin %s\nkind %s\n'
        b'created 1800000000000000\nsize %d\nrecords %d %d\nwhy x\n'
        b'authority y\nfor z\n' % (origin, kind.encode(), size, first, last))
    for line in open(log + '/log', 'rb'):
        if line.startswith(b'key '):
            put(folder, 'data/keys/log.vkey', line[4:])
        if line.startswith(b'epochs '):
            put(folder, 'data/keys/epoch-root', line.split(b' ')[3])
    put(folder, 'data/custody/custody.jsonl', b'{}\n')
    put(folder, 'README.en.txt', b'read me\n')
    put(folder, 'bagit.txt', b'BagIt-Version: 1.0\n'
        b'Tag-File-Character-Encoding: UTF-8\n')
    again(folder, key)


def file_sha(path):
    """Of a file that may be larger than the memory."""
    h = hashlib.sha256()
    with open(path, 'rb') as f:
        for piece in iter(lambda: f.read(1 << 20), b''):
            h.update(piece)
    return h.digest()


def public(key):
    if not os.path.exists(key):
        subprocess.run(['openssl', 'genpkey', '-algorithm', 'ed25519', '-out',
                        key], check=True)
    return subprocess.run(['openssl', 'pkey', '-in', key, '-pubout',
                           '-outform', 'DER'], check=True,
                          capture_output=True).stdout[-32:]


def manifest(folder, name, paths):
    put(folder, name, b''.join(b'%s  %s\n' % (
        file_sha(os.path.join(folder, p)).hex().encode(),
        p.encode()) for p in sorted(paths)))


def said(folder):
    """Origin and time of making, as package.txt has them."""
    lines = open(folder + '/data/package.txt', 'rb').read().split(b'\n')
    return lines[1].split(b' ')[1], lines[3].split(b' ')[1]


def again(folder, key, keep=False, words=None):
    origin, created = words or said(folder)
    name = origin + b'/handover'
    pub = b'\1' + public(key)
    ident = sha(name + b'\n' + pub)[:4]
    vkey = b'%s+%s+%s' % (name, ident.hex().encode(), base64.b64encode(pub))
    if not keep:
        put(folder, 'data/keys/handover.vkey', vkey + b'\n')
    payload, tags, total = [], [], 0
    for d, _, names in os.walk(folder):
        for n in names:
            p = os.path.relpath(os.path.join(d, n), folder)
            if p.startswith('data/'):
                payload.append(p)
                total += os.path.getsize(os.path.join(folder, p))
            elif not p.startswith('tagmanifest'):
                tags.append(p)
    put(folder, 'bag-info.txt', b'Payload-Oxum: %d.%d\n' % (
        total, len(payload)))
    manifest(folder, 'manifest-sha256.txt', payload)
    tags = set(tags) | {'bag-info.txt', 'manifest-sha256.txt'}
    manifest(folder, 'tagmanifest-sha256.txt', tags)
    text = b'konseki package\n%s\n%s\n%s\n' % (
        origin, sha(open(
            folder + '/tagmanifest-sha256.txt', 'rb').read()).hex().encode(),
        created)
    put(folder, '../text', text)
    sig = subprocess.run(['openssl', 'pkeyutl', '-sign', '-inkey', key,
                          '-rawin', '-in', folder + '/../text'], check=True,
                         capture_output=True).stdout
    put(folder, 'tagmanifest-sha256.txt.note', text + b'\n' + (
        '— %s %s\n' % (name.decode(), base64.b64encode(
            ident + sig).decode())).encode())


def main():
    if sys.argv[1] == 'again':
        again(sys.argv[2], sys.argv[3], sys.argv[4:] == ['keep'])
    else:
        shutil.rmtree(sys.argv[5], ignore_errors=True)
        make(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]),
             sys.argv[5], sys.argv[6])


if __name__ == '__main__':
    main()
