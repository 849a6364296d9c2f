#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Run a program for each connection, its socket as standard input and output.

usage: inetd PROGRAM [ARGUMENT...]

Says on which port of 127.0.0.1 it listens; ends when it is told to.
"""
import socket
import subprocess
import sys


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with socket.create_server(('127.0.0.1', 0)) as s:
        print(s.getsockname()[1], flush=True)
        while True:
            c, _ = s.accept()
            with c:
                subprocess.run(sys.argv[1:], stdin=c, stdout=c, check=False)


main()
