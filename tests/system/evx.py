#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Read an excerpt from its description alone (FORMAT.md, 12).

usage: evx FILE CHECKPOINT [shown|withheld]

Recomputes each commit and the root, and compares it with the checkpoint's.
Prints the indexes of the records that are shown, or whose body is withheld, or
how many there are; ends with 1 if anything does not fit.
"""
import base64
import hashlib
import sys


def sha(data):
    return hashlib.sha256(data).digest()


class Tree:
    """Perfect subtrees (level, hash) from the left; equal ones join."""

    def __init__(self):
        self.stack, self.size = [], 0

    def add(self, level, digest):
        assert self.size % (1 << level) == 0, 'not aligned'
        self.size += 1 << level
        while self.stack and self.stack[-1][0] == level:
            digest = sha(b'\1' + self.stack.pop()[1] + digest)
            level += 1
        assert not self.stack or self.stack[-1][0] > level, 'order'
        self.stack.append((level, digest))

    def root(self):
        stack = list(self.stack)
        digest = stack.pop()[1]
        while stack:
            digest = sha(b'\1' + stack.pop()[1] + digest)
        return digest


def item(f, head, tree, found):
    words = head.decode('ascii').split(' ')
    if words[0] == 'h':
        level, index, digest = int(words[1]), int(words[2]), words[3]
        assert index << level == tree.size, 'index'
        tree.add(level, bytes.fromhex(digest))
        return
    leaf = words[2:] if words[0] == 'r' else words[1:]
    assert len(leaf) == 7 and int(leaf[1]) == tree.size, 'leaf'
    if words[0] == 'r':
        body = f.read(int(leaf[5]))
        assert f.read(1) == b'\n', 'end'
        commit = sha(bytes.fromhex(words[1]) + sha(body)).hex()
        assert commit == leaf[6], 'commit'
    else:
        assert words[0] == 'w', 'kind'
    found[words[0]].append((tree.size, leaf[0]))
    tree.add(0, sha(b'\0' + ' '.join(leaf).encode()))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[2], 'rb') as f:
        origin, size, root = f.read().split(b'\n')[:3]
    tree, found = Tree(), {'r': [], 'w': []}
    with open(sys.argv[1], 'rb') as f:
        assert f.readline() == b'evx1 %s %s\n' % (origin, size), 'head'
        while True:
            head = f.readline()
            if not head:
                break
            assert head.endswith(b'\n'), 'cut'
            item(f, head[:-1], tree, found)
    assert tree.size == int(size), 'size'
    assert tree.root() == base64.b64decode(root), 'root'
    if len(sys.argv) > 3:
        for index, kind in found['r' if sys.argv[3] == 'shown' else 'w']:
            print(index, kind)
    else:
        print(len(found['r']), len(found['w']))


try:
    main()
except AssertionError as e:
    sys.exit('evx: %s' % e)
