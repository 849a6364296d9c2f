#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""A service manager as far as a service sees it.

usage: notify SOCKET COMMAND...

Listens on the datagram socket, runs the command with NOTIFY_SOCKET set, prints
each message with the second at which it came, its lines joined by blanks, and
keeps what it is asked to keep (FDSTORE=1). When the command ends, its status is
printed; with KEPT=N it is run N times more, with what was kept (LISTEN_FDS).
Environment: SOCKETS="name,udp,127.0.0.1,0 ..." are opened before the first run; of
unix-dgram and unix-stream the third word is the path.
"""
import array
import os
import signal
import socket
import sys
import time

path, command = sys.argv[1], sys.argv[2:]
store = []
for word in os.environ.get('SOCKETS', '').split():
    name, kind, address, port = word.split(',')
    s = socket.socket(
        socket.AF_UNIX if kind.startswith('unix') else socket.AF_INET,
        socket.SOCK_STREAM if kind in ('tcp', 'unix-stream')
        else socket.SOCK_DGRAM)
    s.bind(address if kind.startswith('unix') else (address, int(port)))
    if s.type == socket.SOCK_STREAM:
        s.listen(64)
    if s.family == socket.AF_INET:
        print('port', name, s.getsockname()[1], flush=True)
    store.append((name, s.detach()))
control = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
control.bind(path)
control.settimeout(0.05)
os.chmod(path, 0o666)


def run():
    pid = os.fork()
    if pid:
        return pid
    fds = [os.dup2(fd, 100 + i) for i, (_, fd) in enumerate(store)]
    for i, fd in enumerate(fds):
        os.dup2(fd, 3 + i)
        os.set_inheritable(3 + i, True)
    os.closerange(3 + len(fds), 1000)
    os.environ['NOTIFY_SOCKET'] = path
    if fds:
        os.environ['LISTEN_PID'] = str(os.getpid())
        os.environ['LISTEN_FDS'] = str(len(fds))
        os.environ['LISTEN_FDNAMES'] = ':'.join(n for n, _ in store)
    if 'WATCHDOG_USEC' in os.environ:
        os.environ['WATCHDOG_PID'] = str(os.getpid())
    os.execvp(command[0], command)


def told():
    try:
        data, aside, _, _ = control.recvmsg(4096, socket.CMSG_SPACE(64))
    except socket.timeout:
        return
    words = data.decode().split('\n')
    print('%.2f' % time.monotonic(), *words, flush=True)
    fds = array.array('i')
    for level, kind, body in aside:
        fds.frombytes(body[:len(body) - len(body) % fds.itemsize])
    names = [w[7:] for w in words if w.startswith('FDNAME=')]
    if 'FDSTORE=1' in words and names:
        for fd in fds:
            if not any(os.path.sameopenfile(fd, f) for _, f in store):
                store.append((names[0], fd))
    if 'FDSTOREREMOVE=1' in words:
        for item in [i for i in store if i[0] in names]:
            os.close(item[1])
            store.remove(item)


pid = run()
print('pid', pid, flush=True)
signal.signal(signal.SIGTERM, lambda *a: os.kill(pid, signal.SIGTERM))
runs = 1 + int(os.environ.get('KEPT', '0'))
while True:
    told()
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        print('ended', os.waitstatus_to_exitcode(status), flush=True)
        runs -= 1
        if not runs:
            sys.exit(os.waitstatus_to_exitcode(status))
        pid = run()
        print('pid', pid, flush=True)
