#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Send without a pause over TCP and UDP until told to stop.

usage: load LISTENERS TCP UDP

LISTENERS is the collector's run/listeners; TCP and UDP are names in it. Each
line is "<13>C N ..." with the number of the connection and one that counts up
over all; when a connection breaks another one is made.
"""
import random
import socket
import sys
import time


def port(name):
    with open(sys.argv[1]) as f:
        return next(int(x.split()[3]) for x in f if x.split()[0] == name)


def lines(c, n, filler):
    return [b'<13>%d %d %s' % (c, n + i, filler[i % 7:][:(n + i) % 200])
            for i in range(50)]


def main():
    c = n = 0
    filler = bytes(random.Random(1).choices(range(0x21, 0x7f), k=400))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        try:
            s = socket.create_connection(('127.0.0.1', port(sys.argv[2])))
            c += 1
            datagrams.connect(('127.0.0.1', port(sys.argv[3])))
            while True:
                batch = lines(c, n, filler)
                s.sendall(b'\n'.join(batch) + b'\n')
                datagrams.send(batch[0])
                n += len(batch)
                time.sleep(0.004)
        except (OSError, StopIteration, IndexError):
            time.sleep(0.02)


main()
