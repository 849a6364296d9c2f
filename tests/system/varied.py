#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""What the rules' own examples are about, as lines that a collector can take.

usage: varied.py RULES FOLDER SEED NOW

Into FOLDER: ledgers/*.csv (rows of all examples; of those that contradict each
other the first), varied.yml (a format that knows the lines), replay.N (lines of
the examples, each example whole, in an order by SEED), live.N (those that last
a few minutes, moved to end at NOW, seconds since 1970), late.N (some lines of
either that stand in no other file).
"""
import csv
import datetime
import glob
import io
import json
import os
import random
import sys

import yaml

REPEATS = 120     # of a repeated event
PIECES = 6
SHORT = 240       # seconds: an example that is also played as if it were now
TITLES = {'samaccountname': 'ユーザID', 'passwordlastset': 'パスワード変更日',
          'network': 'ネットワーク', 'asn': 'AS', 'as番号': 'AS',
          'no.': '管理番号', 'id': 'ユーザID'}
KEYS = {          # of a ledger's rows: no two may share one
    'devices': ['管理番号', 'コンピュータ名', 'IPアドレス', 'MAC'],
    'accounts': ['ユーザID'],
    'people': ['氏名', 'ユーザID'],
    'identities': ['ユーザID', '別ID'],
    'networks': ['ネットワーク'],
}


def examples(rules):
    for path in sorted(glob.glob(rules + '/detection/**/*.yml',
                                 recursive=True)):
        with open(path, encoding='utf-8') as f:
            for doc in yaml.safe_load_all(f):
                yield from (doc.get('x-konseki') or {}).get('examples') or []


def names_of(texts):
    """The name of each ID of the account ledger"""
    rows = [row for text in texts for row in csv.DictReader(io.StringIO(text))]
    return {row.get('ユーザID'): row['氏名'].replace(' ', '')
            for row in rows if row.get('氏名')}


def write_ledger(folder, name, texts, names):
    rows, seen, titles = [], set(), []
    for text in texts:
        for row in csv.DictReader(io.StringIO(text)):
            row = {TITLES.get(k.strip().lower(), k.strip()):
                   (v or '').strip() for k, v in row.items() if k}
            own = {(k, row[k].lower().lstrip('0')) for k in row
                   if row[k] and k in KEYS.get(name, [])}
            # A person of one list is in the other by ID, or by name.
            if name == 'people' and names.get(row.get('ユーザID')):
                own.add(('氏名', names[row['ユーザID']]))
            if own & seen or row in rows:
                continue
            seen |= own
            rows.append(row)
            titles += [k for k in row if k not in titles]
    with open('%s/%s.csv' % (folder, name), 'w', encoding='utf-8',
              newline='') as f:
        w = csv.DictWriter(f, titles)
        w.writeheader()
        w.writerows(rows)


def write_format(path, fields):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('format: varied\ntitle: examples of rules\n'
                'reference: this test\n'
                'detect: {starts: [\'{"varied":\']}\n'
                'parse:\n  - json: {}\n'
                'time:\n  - {from: at, as: "%Y-%m-%dT%H:%M:%S.%f%z"}\n'
                'fields:\n')
        for name in sorted(fields):
            f.write('  f.%s: %s\n' % (name, name))
        f.write('examples:\n'
                '  - raw: \'{"varied":1,"at":"2026-11-20T10:00:00.0+0900",'
                '"f":{"user":{"name":"abc"}}}\'\n'
                '    event: {user.name: abc}\n')


def line(at, fields, n):
    tree = {}
    for name, value in fields.items():
        if isinstance(value, str):
            value = value.replace('{n}', str(n), 1)
        node, parts = tree, name.split('.')
        for part in parts[:-1]:
            node = node.setdefault(part, {})
        node[parts[-1]] = value if isinstance(value, list) else str(value)
    return json.dumps({'varied': 1, 'at': at.strftime(
        '%Y-%m-%dT%H:%M:%S.%f') + at.strftime('%z'), 'f': tree},
        ensure_ascii=False, separators=(',', ':'))


def events(example):
    units = {'s': 1, 'm': 60, 'h': 3600, 'd': 86400}
    for e in example.get('events') or []:
        every = e.get('every', '1h')
        step = int(every[:-1]) * units[every[-1]]
        at = e['at']
        if isinstance(at, str):
            at = datetime.datetime.fromisoformat(at)
        if at.tzinfo is None:    # as YAML 1.1 reads a time: in UTC
            at = at.replace(tzinfo=datetime.timezone.utc)
        for i in range(min(int(e.get('repeat', 1)), REPEATS)):
            yield (at + datetime.timedelta(seconds=step * i), e['fields'],
                   i + 1)


def write_lines(folder, name, lines):
    with open('%s/%s' % (folder, name), 'w', encoding='utf-8') as f:
        f.write(''.join(x + '\n' for x in lines))


def main():
    rules, folder, seed, now = sys.argv[1:5]
    rng = random.Random(int(seed))
    now = datetime.datetime.fromtimestamp(int(now), datetime.timezone.utc)
    ledgers, fields, shared = {}, set(), list(examples(rules))
    replay = [[] for _ in range(PIECES)]
    live = [[] for _ in range(PIECES)]
    late = [[] for _ in range(PIECES)]
    rng.shuffle(shared)
    for x in shared:
        for name, text in (x.get('ledgers') or {}).items():
            ledgers.setdefault(name, []).append(text)
        es = list(events(x))
        if not es:
            continue
        piece = rng.randrange(PIECES)
        fields.update(k for _, f, _ in es for k in f)
        last = max(at for at, _, _ in es)
        short = (last - min(at for at, _, _ in es)).total_seconds() < SHORT
        for at, f, n in es:
            to = late if piece > 0 and rng.random() < 0.03 else replay
            to[piece].append(line(at, f, n))
            if short:
                to = late if piece > 0 and rng.random() < 0.05 else live
                to[piece].append(line(now - (last - at), f, n))
    os.makedirs(folder + '/ledgers', exist_ok=True)
    names = names_of(ledgers.get('accounts', []))
    for name, texts in ledgers.items():
        write_ledger(folder + '/ledgers', name, texts, names)
    write_format(folder + '/varied.yml', fields)
    for i in range(PIECES):
        write_lines(folder, 'replay.%d' % i, replay[i])
        write_lines(folder, 'live.%d' % i, live[i])
        write_lines(folder, 'late.%d' % i, late[i])


main()
