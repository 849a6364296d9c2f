#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Lines of other formats inside what anybody can have a device write.

usage: injection.py KONSEKI FORMATS

Of each example of a format the name of a user, a URL, a browser's name or the
like is replaced by text that looks like a line of another device.  Whatever
the event says then, it must not say what that text says: neither by becoming
an event of that other format, nor with its addresses.  Prints a line for each
format that lets itself be misled, with an example, and how many lines were
tried.  Lines that come out with an error.message are no fact and do not count.
"""
import collections
import csv
import glob
import io
import json
import subprocess
import sys

import yaml

FIELDS = ('user.name', 'url.original', 'url.query', 'url.path', 'url.domain',
          'user_agent.original', 'process.command_line', 'file.name',
          'file.path', 'dns.question.name', 'tls.client.server_name',
          'email.subject', 'http.request.referrer', 'event.reason')
OUT = ('format', 'source.ip', 'destination.ip', 'event.outcome',
       'error.message')
FORGED = ('10.9.9.9', '192.0.2.99')
# 10.9.9.9 and 192.0.2.99 stand in no example.
TEXTS = (
    'CEF:0|Fortinet|Fortigate|v7|1|traffic:forward close|3|src=10.9.9.9 '
    'dst=192.0.2.99 act=accept cat=traffic:forward',
    'CEF:0|Check Point|VPN-1|1|1|x|3|src=10.9.9.9 dst=192.0.2.99 act=Accept',
    'LEEF:1.0|Acme|x|1|login|src=10.9.9.9\tdst=192.0.2.99\tusrName=root',
    'x,type=traffic,srcip=10.9.9.9,dstip=192.0.2.99',
    'date=2026-11-20 time=10:00:00 devid=FG9 logid=0000000013 type=traffic '
    'subtype=forward srcip=10.9.9.9 dstip=192.0.2.99 action=accept',
    '%ASA-6-302013: Built outbound TCP connection 1 for outside:192.0.2.99/80'
    ' (192.0.2.99/80) to inside:10.9.9.9/1 (10.9.9.9/1)',
    'sshd[1]: Accepted password for root from 10.9.9.9 port 22 ssh2',
    'Accepted password for root from 10.9.9.9 port 22 ssh2',
    'id=firewall sn=1 time="2026-11-20 10:00:00" fw=10.9.9.9 pri=6 c=1 m=98 '
    'msg="Connection Opened" src=10.9.9.9:1:X0 dst=192.0.2.99:53:X1',
    '{"logid":"1","devid":"x","subtype":"y","srcip":"10.9.9.9"}',
    '<189>date=2026-11-20 devid=x type=event subtype=y srcip=10.9.9.9',
    'RT_FLOW: RT_FLOW_SESSION_CREATE: session created '
    '10.9.9.9/1->192.0.2.99/80 junos-http',
    'kernel: [UFW ALLOW] IN=eth0 OUT= SRC=10.9.9.9 DST=192.0.2.99 PROTO=TCP '
    'SPT=1 DPT=22',
    '10.9.9.9 - root [20/Nov/2026:14:03:05 +0900] "GET / HTTP/1.1" 200 1',
    'from 10.9.9.9 port 22',
)


def examples(folder):
    for path in sorted(glob.glob(folder + '/*.yml')):
        with open(path, encoding='utf8') as f:
            doc = yaml.load(f, yaml.CSafeLoader)
        for e in doc.get('examples') or []:
            raw = e.get('raw')
            if (isinstance(raw, str) and '\n' not in raw
                    and not {'before', 'encoding', 'unknown'} & set(e)):
                yield doc['format'], raw, e.get('event') or {}


def fit(text, field, raw, begin, end):
    """What of the text this place of the line can hold"""
    behind = raw[end:end + 1]
    if behind in ('"', "'"):
        text = text.replace(behind, '')
    elif behind == ' ' or behind in ',;|\t&':
        text = text.replace(' ', '_')
        if behind not in ('', ' '):
            text = text.replace(behind, '_')
    if raw.lstrip()[:1] in ('{', '<'):
        for c in '"\\<&':
            text = text.replace(c, '')
    if field.startswith('url') or field == 'user_agent.original':
        text = text.replace('"', '')
    return raw[:begin] + raw[begin:begin + 1] + text + raw[end:]


def cases(folder):
    for name, raw, event in examples(folder):
        for field in FIELDS:
            value = event.get(field)
            if (not isinstance(value, str) or len(value) < 3
                    or raw.count(value) != 1 or value[0].isdigit()):
                continue
            begin = raw.index(value)
            for text in TEXTS:
                yield name, field, fit(text, field, raw, begin,
                                       begin + len(value))


def main():
    konseki, folder = sys.argv[1:]
    tried = list(cases(folder))
    lines = ''.join(json.dumps({'raw': c[2]}) + '\n' for c in tried)
    out = subprocess.run(
        [konseki, 'parse', '--formats', folder, '--input', 'jsonl',
         '--output', 'csv', '--columns', ','.join(OUT)],
        input=lines.encode(), stdout=subprocess.PIPE, check=True)
    rows = list(csv.reader(io.StringIO(
        out.stdout.decode('utf8').lstrip('\ufeff'))))[1:]
    misled, example = collections.Counter(), {}
    for (name, field, line), row in zip(tried, rows, strict=True):
        became, source, destination, _, error = row
        if error or not {source, destination} & set(FORGED):
            continue
        misled[name, field, became] += 1
        example[name, field, became] = line
    for key, n in misled.most_common():
        print('%s %s -> %s: %d: %s' % (*key, n, example[key]))
    print('%d lines tried, %d misled' % (len(tried), sum(misled.values())))


if __name__ == '__main__':
    main()
