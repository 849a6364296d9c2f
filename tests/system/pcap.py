#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Reads a pcap file of raw packets and checks every length and sum in it.

usage: pcap.py FILE DIR

For each flow a line "UDP|TCP FROM TO PACKETS BYTES" on standard output, and its
payload in DIR/FROM: of TCP laid end to end as the sequence numbers say, of UDP
each datagram behind its length in a line.
"""
import ipaddress
import os
import struct
import sys


def total(data):
    data += b'\0' * (len(data) % 2)
    n = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while n > 0xffff:
        n = (n & 0xffff) + (n >> 16)
    return n


def packet(data):
    """(protocol, from, to, what is behind the head of IP)"""
    if data[0] >> 4 == 4:
        length, = struct.unpack('!H', data[2:4])
        protocol, ends, rest = data[9], data[12:20], data[20:]
        assert data[0] == 0x45 and length == len(data)
        assert total(data[:20]) == 0xffff, 'sum of IPv4'
    else:
        length, protocol = struct.unpack('!HB', data[4:7])
        ends, rest = data[8:40], data[40:]
        assert data[0] >> 4 == 6 and length == len(rest)
    assert total(ends + struct.pack('!HH', protocol, len(rest)) + rest) \
        == 0xffff, 'sum of UDP or TCP'
    half = len(ends) // 2
    return protocol, *(str(ipaddress.ip_address(e))
                       for e in (ends[:half], ends[half:])), rest


def main(path, folder):
    with open(path, 'rb') as f:
        data = f.read()
    magic, major, minor, zone, _, snap, link = struct.unpack(
        '=IHHiIII', data[:24])
    assert (magic, major, minor, zone, link) == (0xa1b2c3d4, 2, 4, 0, 101)
    at, last, flows = 24, 0, {}
    while at < len(data):
        second, usec, kept, length = struct.unpack('=4I', data[at:at + 16])
        assert usec < 1000000 and kept == length <= snap
        last = second * 1000000 + usec
        protocol, source, to, rest = packet(data[at + 16:at + 16 + kept])
        ports = struct.unpack('!HH', rest[:4])
        key = ('TCP' if protocol == 6 else 'UDP', '%s.%d' % (source, ports[0]),
               '%s.%d' % (to, ports[1]))
        flow = flows.setdefault(key, [0, b''])
        flow[0] += 1
        if protocol == 6:
            seq, = struct.unpack('!I', rest[4:8])
            assert seq == len(flow[1]) + 1, 'sequence number'
            flow[1] += rest[20:]
        else:
            assert struct.unpack('!H', rest[4:6])[0] == len(rest)
            flow[1] += b'%d\n' % (len(rest) - 8) + rest[8:]
        at += 16 + kept
    assert at == len(data)
    for key, (n, payload) in flows.items():
        print(*key, n, len(payload))
        with open(os.path.join(folder, key[1]), 'wb') as f:
            f.write(payload)
    print('last', last)


main(*sys.argv[1:])
