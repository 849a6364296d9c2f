#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Send at half of what the collector takes, for a while, and watch its memory.

usage: soak SITE SECONDS CONNECTIONS

SITE has listeners tcp and udp in run/listeners and runs. For two seconds all is
sent that the collector takes; from then on half of that rate over TCP, and a
thousand datagrams a second over UDP. Connections end and begin anew at random;
four times another max_connections is written into konseki.yml and the collector
told to read it again.

Prints "sent TCP UDP", "rate N", "reloads N", "connections N" and "memory A B":
the summed PSS of its processes (KiB), the median of the first quarter of the
time and of the last.
"""
import os
import random
import re
import signal
import socket
import statistics
import sys
import time

LINES = 200


def port(site, name):
    with open(site + '/run/listeners') as f:
        return next(int(x.split()[3]) for x in f if x.split()[0] == name)


def processes(site):
    with open(site + '/run/processes') as f:
        return {x.split()[0]: int(x.split()[1]) for x in f}


def pss(site):
    total = 0
    for pid in processes(site).values():
        try:
            with open('/proc/%d/smaps_rollup' % pid) as f:
                total += sum(int(x.split()[1]) for x in f
                             if x.startswith('Pss:'))
        except OSError:
            pass
    return total


def durable(site):
    with open(site + '/evidence/checkpoint', 'rb') as f:
        return int(f.read().split(b'\n')[1])


class Sender:
    def __init__(self, site, n):
        self.site, self.port = site, port(site, 'tcp')
        self.random = random.Random(7)
        self.s = [self.dial() for _ in range(n)]
        self.opened, self.lines = n, 0
        pad = bytes(self.random.choices(b'abcdefghijklmnop=" ', k=230))
        self.text = b''.join(
            b'<189>date=2026-11-20 devname="fw01" n=%06d %s\n' % (i, pad)
            for i in range(LINES))

    def dial(self):
        return socket.create_connection(('127.0.0.1', self.port))

    def chunk(self):
        self.random.choice(self.s).sendall(self.text)
        self.lines += LINES

    def again(self):
        """End one connection and begin another."""
        i = self.random.randrange(len(self.s))
        self.s[i].close()
        self.s[i] = self.dial()
        self.opened += 1


def top_rate(sender, site):
    """Lines a second, over two of them; what was sent is taken at the end."""
    before, end = durable(site), time.monotonic() + 2
    begin = time.monotonic()
    while time.monotonic() < end:
        sender.chunk()
    while durable(site) < before + sender.lines:
        time.sleep(0.02)
    return sender.lines / (time.monotonic() - begin)


def reload(site, n):
    with open(site + '/konseki.yml') as f:
        text = f.read()
    with open(site + '/konseki.yml', 'w') as f:
        f.write(re.sub('max_connections: [0-9]+',
                       'max_connections: %d' % (100 + n), text))
    os.kill(processes(site)['parent'], signal.SIGHUP)


def main():
    site, seconds = sys.argv[1], float(sys.argv[2])
    sender = Sender(site, int(sys.argv[3]))
    rate = top_rate(sender, site) / 2
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.connect(('127.0.0.1', port(site, 'udp')))
    memory, reloads, datagrams, base = [], 0, 0, sender.lines
    begin = time.monotonic()
    sampled = again = begin
    while (t := time.monotonic()) < begin + seconds:
        if sender.lines - base < (t - begin) * rate:
            sender.chunk()
        else:
            time.sleep(0.0005)
        if datagrams < (t - begin) * 1000:
            udp.send(b'<13>datagram %d' % datagrams)
            datagrams += 1
        if t > again:
            sender.again()
            again = t + sender.random.random() * 0.4
        if t > sampled:
            memory.append((t - begin, pss(site)))
            sampled = t + min(5, seconds / 100)
        if reloads < 4 and t > begin + (reloads + 1) * seconds / 5:
            reloads += 1
            reload(site, reloads)
    for s in sender.s:
        s.close()
    first = [m for t, m in memory if t < seconds / 4]
    last = [m for t, m in memory if t > seconds * 3 / 4]
    print('sent %d %d' % (sender.lines, datagrams))
    print('rate %d' % rate)
    print('reloads %d' % reloads)
    print('connections %d' % sender.opened)
    print('memory %d %d' % (statistics.median(first), statistics.median(last)))


main()
