# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""bounds.py count
   bounds.py run FOLDER PROGRAM [sanitized]

For each kind of file of a log and of a package, what may be done to it, and what
konseki-verify makes of that. FOLDER holds log, next (of a log that follows
another), whole and part (packages), pin, next.pin, vkey, ca.pem and tsa/ca.pem.

Each change is made in a copy. Then PROGRAM must end by itself within SECONDS,
hold at most KIB of memory, its children included, and give one of the verdicts "tampered", "incomplete"
or "impossible" and name a file; "intact" only where MAY says why that is right.
Printed is one line of TAP for each kind or bomb, without numbers, and behind "#"
which of the changes failed and how. BOUNDS=REGEX in the environment: only those.
"""
import glob
import itertools
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
import bag  # noqa: E402

SECONDS = 20
KIB = 64 << 10
HUGE = 2 << 30
LARGE = 64 << 20
MANY = 100000
# Each is a file with words of its own: a minute for so many.
MANIFESTS = 300000 if os.environ.get('KONSEKI_LONG') else 20000
DEV_ZERO = os.makedev(1, 5)

# --- what is done to one file ---------------------------------------------------


def append(path, data, times=1):
    with open(path, 'ab') as f:  # what we hold counts for the child too
        f.writelines(itertools.repeat(data, times))


def exchange(path, sibling):
    os.rename(path, path + '~')
    os.rename(sibling, path)
    os.rename(path + '~', sibling)


def aside(path):
    """Take the file away, and keep it where no verifier looks."""
    kept = path.split('/copy/')[0] + '/kept'
    os.rename(path, kept)
    return kept


def folder_there(path):
    aside(path)
    os.mkdir(path)


def fifo_there(path):
    aside(path)
    os.mkfifo(path)


def device_there(path):
    aside(path)
    os.mknod(path, 0o020644, DEV_ZERO)


CHANGES = {
    'emptied': lambda p, _: os.truncate(p, 0),
    'cut in half': lambda p, _: os.truncate(p, os.path.getsize(p) // 2),
    'a byte more': lambda p, _: append(p, b'x'),
    'enlarged': lambda p, _: os.truncate(p, LARGE),
    'enlarged to 2 GB': lambda p, _: os.truncate(p, HUGE),
    'exchanged': exchange,
    'renamed': lambda p, _: os.rename(p, p + '.old'),
    'a link': lambda p, _: os.symlink(aside(p), p),
    'a FIFO': lambda p, _: fifo_there(p),
    'a folder': lambda p, _: folder_there(p),
    'a device': lambda p, _: device_there(p),
}
PLACED = ('renamed', 'a link', 'a FIFO', 'a folder', 'a device')
# By somebody with the hand-over key, who makes all hashes anew; of the rest the
# bag itself cannot be made.
HASHED = ('emptied', 'cut in half', 'a byte more', 'enlarged', 'exchanged',
          'renamed')

# --- to which files -------------------------------------------------------------

# name, pattern and which of those that match, and the same of a sibling
LOG = [
    ('log', 'log', 0, 'epochs', 0),
    ('checkpoint', 'checkpoint', 0, 'checkpoints/*', 0),
    ('checkpoints, of a token', 'checkpoints/*', 0, 'checkpoints/*', 1),
    ('checkpoints, of a segment', 'checkpoints/*', 1, 'checkpoints/*', 2),
    ('checkpoints, the last', 'checkpoints/*', -1, 'checkpoints/*', -2),
    ('manifests, the first', 'manifests/*', 0, 'manifests/*', 1),
    ('manifests, the last', 'manifests/*', -1, 'manifests/*', 0),
    ('epochs', 'epochs', 0, 'log', 0),
    ('segments, closed', 'segments/*/*', 0, 'segments/*/*', 1),
    ('segments, the last closed', 'segments/*/*', -2, 'segments/*/*', 0),
    ('segments, open', 'segments/*/*', -1, 'segments/*/*', 0),
    ('tokens', 'tokens/*', 0, 'tokens/*', 1),
    ('tile', 'tile/1/000', 0, 'lock', 0),
    ('lock', 'lock', 0, 'reserve', 0),
    ('reserve', 'reserve', 0, 'lock', 0),
]
LOG_FOLDERS = [(name, name, 0, 'log', 0) for name in (
    'checkpoints', 'manifests', 'segments', 'segments/*', 'tokens')]
BAG_FOLDERS = [(name, name, 0, 'bagit.txt', 0) for name in (
    'data', 'data/keys', 'data/log', 'data/log/segments', 'data/proofs')]
NEXT = [('predecessor', 'predecessor', 0, 'log', 0)]
TAGS = 'tagmanifest-sha256.txt'
WHOLE = [
    ('bagit.txt', 'bagit.txt', 0, 'bag-info.txt', 0),
    ('bag-info.txt', 'bag-info.txt', 0, 'bagit.txt', 0),
    ('manifest', 'manifest-sha256.txt', 0, TAGS, 0),
    ('tag manifest', TAGS, 0, 'manifest-sha256.txt', 0),
    ('note', TAGS + '.note', 0, TAGS + '.p7s', 0),
    ('p7s', TAGS + '.p7s', 0, TAGS + '.tsr', 0),
    ('tsr', TAGS + '.tsr', 0, TAGS + '.p7s', 0),
]
PAYLOAD = [
    ('README', 'README.en.txt', 0, 'README.ja.txt', 0),
    ('package.txt', 'data/package.txt', 0, 'data/log/log', 0),
    ('log', 'data/log/log', 0, 'data/package.txt', 0),
    ('checkpoint', 'data/log/checkpoint', 0, 'data/log/checkpoints/*', 0),
    ('checkpoints', 'data/log/checkpoints/*', 0,
     'data/log/checkpoints/*', 1),
    ('manifests', 'data/log/manifests/*', 0, 'data/log/manifests/*', 1),
    ('epochs', 'data/log/epochs', 0, 'data/log/log', 0),
    ('segments', 'data/log/segments/*/*', 0, 'data/log/segments/*/*', 1),
    ('tokens', 'data/log/tokens/*', 0, 'data/log/tokens/*', 1),
    ('proofs', 'data/proofs/*-proof', 0, 'data/proofs/*-proof', 1),
    ('nonces', 'data/proofs/*.nonce', 0, 'data/proofs/*.nonce', 1),
    ('key of the log', 'data/keys/log.vkey', 0, 'data/keys/epoch-root', 0),
    ('root of the epochs', 'data/keys/epoch-root', 0,
     'data/keys/log.vkey', 0),
    ('hand-over key', 'data/keys/handover.vkey', 0, 'data/keys/log.vkey', 0),
    ('policy', 'data/keys/policy', 0, 'data/keys/log.vkey', 0),
    ('custody', 'data/custody/custody.jsonl', 0, 'data/keys/policy', 0),
]
KEYS = [k for k in PAYLOAD if k[0] in ('log', 'hand-over key')]
EXCERPT = [('excerpt', 'data/excerpt/excerpt.evx', 0, 'data/log/log', 0)]

# --- where "intact" is right ----------------------------------------------------

NO_EVIDENCE = 'no evidence, and no verifier reads it (FORMAT.md, 1 and 10)'
NOT_NAMED = ('a note that no record and no end of an epoch asks for: what it '
             'says is proved by those behind it, and the name is said')
HIS_WORD = ('the word of whoever has the hand-over key: nothing of the log '
            'vouches for it (attack-package.t)')
MAY = {
    'log: tile': NO_EVIDENCE,
    'log: lock': NO_EVIDENCE,
    'log: reserve': NO_EVIDENCE,
    ('log: checkpoints, of a segment', 'renamed'): NOT_NAMED,
    ('log: checkpoints, the last', 'renamed'):
        'the note is in `checkpoint` too, and a crash comes between',
    ('next: predecessor', 'renamed'):
        'the first b1 says the same; the name is said',
    'whole: README, by an insider': HIS_WORD,
    'whole: custody, by an insider': HIS_WORD,
    'whole: policy, by an insider': HIS_WORD,
    ('whole: checkpoints, by an insider', 'renamed'): NOT_NAMED,
    ('whole: tokens, by an insider', 'renamed'):
        'a package has the tokens that its log kept: perhaps none',
}
# Of 2 GB: what is read by a reader of its own. All else in a bag is only hashed
# first, one file like the other, which takes its time: one is enough.
READ = [k for k in LOG + NEXT + WHOLE if k[0] != 'bag-info.txt'] + [
    k for k in PAYLOAD if k[0] == 'segments']

# --- bombs ----------------------------------------------------------------------

HEAD = bytes.fromhex('1f8b08000000000000ff')
EMPTY = HEAD + bytes.fromhex('03000000000000000000')


def member(plain, level=1):
    z = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (HEAD + z.compress(plain) + z.flush() +
            zlib.crc32(plain).to_bytes(4, 'little') +
            (len(plain) & 0xffffffff).to_bytes(4, 'little'))


def member_huge():
    """One of 2 GB of zeros; its CRC is wrong, but who comes so far?"""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = z.compress(bytes(1 << 20)) + z.flush(zlib.Z_FULL_FLUSH)
    return HEAD + block * (HUGE >> 20) + z.flush() + bytes(8)


def first(folder, pattern, which=0):
    return sorted(glob.glob(os.path.join(folder, pattern)))[which]


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def write(path, *parts):
    with open(path, 'wb') as f:
        f.writelines(parts)


def segment(folder, which, *parts):
    """Its first member, and these behind it."""
    path = first(folder, 'segments/*/*', which)
    data = read(path)
    z = zlib.decompressobj(31)
    plain = z.decompress(data)
    if z.eof:
        data = data[:len(data) - len(z.unused_data)]
    else:  # the open one: what of it is there, as a member
        data = member(plain)
    write(path, data, *parts)


def record(body, kind=b'e1', stream=b'1'):
    return b'%s 1795000000000000 %s - %d\n%s\n' % (kind, stream, len(body),
                                                   body)


def stream(n):
    return record(
        b'stream=%d next=0 listener=x transport=import local=%% peer=%% '
        b'port=0 framing=lf tls=%% name=%% replay=no' % n, b'd1', b'0')


def tiny(folder, which):
    one = member(record(b'x\n', b'e1', b'77'))
    segment(folder, which, member(stream(77)),
            *itertools.repeat(one * 1000, 1000))


def streams(folder, which):
    segment(folder, which, *(
        member(b''.join(stream(i) for i in range(n, n + 1000)))
        for n in range(77, MANY, 1000)))


def nested(folder):
    path = first(folder, 'segments/*/*')
    data = read(path)
    for _ in range(1000):
        data = member(data, 0)
    write(path, data)


def signatures(path, n):
    """The note's last line so many times."""
    line = read(path).splitlines(True)[-1]
    append(path, line, n)


def line_huge(path):
    os.truncate(path, 0)
    os.truncate(path, HUGE)


def fetched(path):
    write(path)
    line_huge(path)


def names(folder, shape):
    """So many files; they share the bytes, which is quicker."""
    os.makedirs(folder, exist_ok=True)
    for i in range(MANY):
        path = '%s/%s' % (folder, shape % i)
        if i % 50000 == 0:  # few file systems have more links to a file
            write(path)
            target = path
        else:
            os.link(target, path)


def strange(folder):
    names(folder, '%07d')


def unsealed(folder):
    """Names of segments that nobody wrote."""
    names(os.path.dirname(first(folder, 'segments/*/*')),
          '1%011d.ev1.gz')


def holes(folder, n):
    """Manifests of one record each in the place of segments, and one behind."""
    shutil.rmtree(folder + '/segments')
    shutil.rmtree(folder + '/checkpoints')
    previous = '0' * 64
    origin = read(folder + '/checkpoint').split(b'\n')[0].decode()
    for i in range(n):
        text = (
            'evman1 %s\nsegment %d\nfile segments/2026-11-20/%012d.ev1.gz\n'
            'records %d %d\ntime 1795000000000000 1795000000000000\n'
            'members 1\nstream 1 %s\ngzip 1 %s\nsubtree 0 %d %s\n'
            'previous %s\n' % (origin, i, i, i, i, '0' * 64, '0' * 64, i,
                               '0' * 64, previous)).encode()
        write('%s/manifests/%012d' % (folder, i), text)
        previous = bag.sha(text).hex()
    os.makedirs(folder + '/segments/2026-11-20')
    write('%s/segments/2026-11-20/%012d.ev1.gz' % (folder, n), member(
        ('evseg1 %s %d %d salt=%s\n' % (origin, n, n, '0' * 64)).encode() +
        record(b'segment=%d previous=%s' % (n, previous.encode()), b'm1',
               b'0')))


def deep(folder, depth, last):
    """So many folders in each other, and a file in the last."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir('d', dir_fd=at)
        below = os.open('d', os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    if last:
        os.close(os.open('x', os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)


def listed(folder, size):
    """A file that the manifest lists again and again, rightly."""
    path = folder + '/data/x'
    write(path)
    os.truncate(path, size)
    line = b'%s  data/x\n' % bag.file_sha(path).hex().encode()
    manifest = folder + '/manifest-sha256.txt'
    data = read(manifest)
    write(manifest, data, *itertools.repeat(line, MANY))


# name, tree, by whom (insider: hashes and note are made anew), what is done,
# and why "intact" would be right
BOMBS = [
    ('a manifest that lists 16 MiB 100,000 times', 'whole', False,
     lambda d: listed(d, 16 << 20), None),
    ('a member of 2 GB', 'log', False,
     lambda d: segment(d, 0, member_huge()), None),
    ('a member of 2 GB in the open segment', 'log', False,
     lambda d: segment(d, -1, member_huge()), None),
    ('a member of 2 GB in a package', 'whole', True,
     lambda d: segment(d + '/data/log', 0, member_huge()), None),
    ('a segment deflated 1,000 times', 'log', False, nested, None),
    ('a record of 2 GB', 'log', False, lambda d: segment(
        d, 0, member(b'e1 1795000000000000 1 - 2147483648\n')), None),
    ('1,000,000 empty members', 'log', False, lambda d: segment(
        d, 0, *itertools.repeat(EMPTY * 1000, 1000)), None),
    ('1,000,000 members of a record', 'log', False,
     lambda d: tiny(d, 0), None),
    ('1,000,000 members of a record in the open segment', 'log', False,
     lambda d: tiny(d, -1), None),
    ('100,000 streams at a time', 'log', False,
     lambda d: streams(d, 0), None),
    ('100,000 streams in the open segment', 'log', False,
     lambda d: streams(d, -1), None),
    ('a checkpoint with 10,000 signature lines', 'log', False,
     lambda d: signatures(d + '/checkpoint', 10000), None),
    ('a checkpoint with 300 signature lines', 'log', False,
     lambda d: signatures(d + '/checkpoint', 300), None),
    ('a kept checkpoint with 10,000 signature lines', 'log', False,
     lambda d: signatures(first(d, 'checkpoints/*'), 10000), None),
    ('the note with 10,000 signature lines', 'whole', False,
     lambda d: signatures(d + '/' + TAGS + '.note', 10000), None),
    ('the note with 300 signature lines', 'whole', False,
     lambda d: signatures(d + '/' + TAGS + '.note', 300), None),
    ('epochs: a line of 2 GB', 'log', False,
     lambda d: line_huge(d + '/epochs'), None),
    ('epochs: 100,000 times the same line', 'log', False,
     lambda d: append(d + '/epochs', read(d + '/epochs'), MANY), None),
    ('epochs of a package: a line of 2 GB', 'whole', True,
     lambda d: line_huge(d + '/data/log/epochs'), None),
    ('excerpt: a line of 2 GB', 'part', True,
     lambda d: line_huge(d + '/data/excerpt/excerpt.evx'), None),
    ('100,000 strange files in a log', 'log', False, strange,
     'strange names are counted and said'),
    ('100,000 segments of nobody', 'log', False, unsealed, None),
    ('manifests without a segment, %d' % MANIFESTS, 'log', False,
     lambda d: holes(d, MANIFESTS), None),
    ('100,000 strange files in data/', 'whole', False,
     lambda d: strange(d + '/data/x'), None),
    ('a folder nested 1,000 deep in a log', 'log', False,
     lambda d: deep(d, 1000, True), 'a strange name is counted and said'),
    ('a folder nested 1,000 deep in data/', 'whole', False,
     lambda d: deep(d + '/data', 1000, True), None),
    ('the same without a file', 'whole', False,
     lambda d: deep(d + '/data', 1000, False),
     'a bag is its files, and no folder (RFC 8493)'),
    ('a manifest that lists a file 100,000 times', 'whole', False,
     lambda d: listed(d, 1), None),
    ('a file of 64 GB', 'whole', False, lambda d: os.truncate(
        d + '/data/custody/custody.jsonl', 64 << 30), None),
    ('files of 2 GB to be fetched', 'whole', False,
     lambda d: fetched(d + '/fetch.txt'), None),
]

# --- running it -----------------------------------------------------------------


class Run:
    """One change in a copy, and what the program makes of it."""
    peak, longest = (0, 'nothing'), (0, 'nothing')
    lock = threading.Lock()

    def __init__(self, base, program, sanitized):
        self.base, self.program, self.sanitized = base, program, sanitized
        self.numbers = itertools.count()

    def options(self, tree, insider, pinned):
        base, key = self.base, 'own.vkey' if insider else 'vkey'
        out = ['--json', '--jobs', '2']
        if pinned:
            out += ['--pin', base + ('/next.pin' if tree == 'next'
                                     else '/pin')]
        if tree in ('whole', 'part') and pinned:
            out += ['--key', read(base + '/' + key).decode().strip()]
            if not insider:
                out += ['--cert', base + '/ca.pem']
        if not insider:
            out += ['--tsa', base + '/tsa/ca.pem']
        return out

    def judge(self, name, argv, may, seconds=SECONDS):
        """What is wrong with that call, or None."""
        begin, late, held = time.monotonic(), [], [0]
        done = threading.Event()
        p = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
        if not self.sanitized:  # the machine is not ours alone
            resource.prlimit(p.pid, resource.RLIMIT_AS, (HUGE, HUGE))
        timer = threading.Timer(seconds, lambda: (late.append(1),
                                                  p.kill()))
        timer.start()
        watch = threading.Thread(target=self.watch, args=(p.pid, held, done))
        watch.start()
        said = p.stdout.read(1 << 20)
        p.stdout.close()
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = 0  # it was waited for
        timer.cancel()
        done.set()
        watch.join()
        held = max(held[0], usage.ru_maxrss)
        took = time.monotonic() - begin
        with Run.lock:
            Run.peak = max(Run.peak, (held, name))
            Run.longest = max(Run.longest, (took, name))
        if late:
            return 'not within %d seconds' % seconds
        if os.WIFSIGNALED(status):
            return 'ended by %s' % signal.Signals(os.WTERMSIG(status)).name
        if held > KIB and not self.sanitized:
            return 'held %d KiB' % held
        return self.report(os.WEXITSTATUS(status), said, may)

    @staticmethod
    def watch(pid, held, done):
        """The most that the process and its children held together."""
        while not done.wait(0.005):
            pids, pss = [str(pid)], 0
            try:
                pids += read('/proc/%d/task/%d/children' % (
                    pid, pid)).decode().split()
                for p in pids:
                    for line in read('/proc/%s/smaps_rollup' % p).split(b'\n'):
                        if line.startswith(b'Pss:'):
                            pss += int(line.split()[1])
            except OSError:  # one of them has just ended
                continue
            held[0] = max(held[0], pss)

    @staticmethod
    def report(code, said, may):
        try:
            report = json.loads(said)
        except ValueError:
            return 'exit %d and no report: %s' % (code, said[:200])
        if code != report['exit'] or code not in (0, 1, 2, 3):
            return 'exit %d, report %s' % (code, report['exit'])
        if code == 0:
            return None if may else 'INTACT'
        fault = report.get('fault', {})
        if not fault.get('file'):
            return 'exit %d without a file' % code
        if fault.get('what') in (None, '', 'Success'):
            return 'exit %d, %s, without a reason: %s' % (
                code, fault['file'], fault.get('what'))
        return None

    def case(self, tree, insider, change, may, name, pinned=True):
        room = '%s/bounds-%d' % (self.base, next(self.numbers))
        copy = room + '/copy'
        os.mkdir(room)
        try:
            shutil.copytree('%s/%s' % (
                self.base, tree + '-own' if insider else tree), copy)
            change(copy)
            if insider:
                bag.again(copy, self.base + '/own.pem', True,
                          bag.said('%s/%s' % (self.base, tree)))
            # As if nobody were at work: it need not wait for a writer.
            for path in glob.glob(self.base + '/log/segments/*/*'):
                path = copy + path[len(self.base) + 4:]
                if os.path.lexists(path):
                    os.utime(path, (10 ** 9, 10 ** 9), follow_symlinks=False)
            return self.judge(name, [self.program] + self.options(
                tree, insider, pinned) + [copy], may)
        except (OSError, LookupError, ValueError) as e:
            return 'could not be done: %r' % e
        finally:
            subprocess.run(['rm', '-rf', room], check=True)


def groups():
    """(name of the check, [(name, tree, insider, pinned, change, may)])."""
    for tree in 'log', 'next', 'whole', 'part':
        yield '%s: nothing done' % tree, [
            ('nothing', tree, False, True, lambda d: None, 'it is')]
    for tree in 'whole', 'part':
        yield '%s: all hashes made anew' % tree, [
            ('nothing', tree, True, True, lambda d: None, 'it is')]
    for tree, kinds, insider, pinned, changes in (
            ('log', LOG, False, True, CHANGES),
            ('log', LOG[:1], False, False, CHANGES),
            ('log', LOG_FOLDERS, False, True, PLACED),
            ('next', NEXT, False, True, CHANGES),
            ('whole', WHOLE, False, True, CHANGES),
            ('whole', PAYLOAD, False, True, CHANGES),
            ('whole', PAYLOAD, True, True, HASHED),
            ('whole', KEYS, True, False, HASHED),
            ('whole', BAG_FOLDERS, False, True, PLACED),
            ('part', EXCERPT, False, True, CHANGES),
            ('part', EXCERPT, True, True, HASHED)):
        for kind, *place in kinds:
            label = '%s: %s%s%s' % (
                tree, kind, ', by an insider' if insider else '',
                '' if pinned else ', no pin')
            # 2 GB are hashed where nothing else can tell: not for each.
            not_this = 'enlarged' if (kind, *place) in READ and \
                not insider else 'enlarged to 2 GB'
            yield label, [(
                how, tree, insider, pinned, one(CHANGES[how], *place),
                MAY.get((label, how)) or MAY.get(label))
                for how in changes if how != not_this and
                (how != 'a device' or os.geteuid() == 0)]
    for name, tree, insider, change, may in BOMBS:
        yield 'bomb: ' + name, [
            ('a bomb', tree, insider, True, change, may)]


BAD = {  # programs that do what the verifier must not
    'a crash': ('kill -SEGV $$', 'ended by SIGSEGV'),
    'one that never ends': ('exec sleep 9', 'not within 1 seconds'),
    'too much memory': ('exec python3 -c "b\'x\' * (80 << 20)"', 'held '),
    'too much memory of several': (
        'for i in 1 2 3; do python3 -c "import time; b = b\'x\' * (30 << 20); '
        'time.sleep(0.5)" & done; wait', 'held '),
    'no report': ('exit 1', 'exit 1 and no report'),
    'no such verdict': ("echo '{\"exit\":4}'; exit 4", 'exit 4, '),
    'another status': ("echo '{\"exit\":1}'", 'exit 0, '),
    'no file': ("echo '{\"exit\":1}'; exit 1", 'exit 1 without a file'),
    'no reason': ("echo '{\"exit\":1,\"fault\":{\"file\":\"x\"}}'; exit 1",
                  'exit 1, x, without a reason'),
    'not noticed': ("echo '{\"exit\":0}'", 'INTACT'),
}


def measure(run):
    """What is wrong with a program is seen here."""
    bad = []
    for name, (command, want) in BAD.items():
        if name.startswith('too much memory') and run.sanitized:
            continue
        seconds = 1 if want.startswith('not within') else 30
        got = run.judge(name, ['sh', '-c', command], None, seconds)
        if not got or not got.startswith(want):
            bad.append('# %s: %s' % (name, got))
    Run.peak = Run.longest = (0, 'nothing')
    run.judge('what cannot be seen below this test\'s own', ['true'], None)
    return '\n'.join(['not ok ' if bad else 'ok '] + bad).replace(
        'ok ', 'ok a program that misbehaves is noticed', 1)


def one(change, pattern, which, sibling, other):
    return lambda folder: change(first(folder, pattern, which),
                                 first(folder, sibling, other))


def prepare(base):
    """Copies of the packages as somebody with the key makes them."""
    for tree in 'whole', 'part':
        own = '%s/%s-own' % (base, tree)
        shutil.copytree(base + '/' + tree, own)
        os.remove(own + '/' + TAGS + '.p7s')
        os.remove(own + '/' + TAGS + '.tsr')
        bag.again(own, base + '/own.pem')
    shutil.copy(own + '/data/keys/handover.vkey', base + '/own.vkey')


def main():
    if sys.argv[1] == 'count':
        print(len(list(groups())) + 1)
        return
    run = Run(sys.argv[2], sys.argv[3], len(sys.argv) > 4)
    only = os.environ.get('BOUNDS', '')
    prepare(run.base)
    print(measure(run))

    def check(group):
        label, cases = group
        bad = []
        for how, tree, insider, pinned, change, may in cases:
            why = run.case(tree, insider, change, may,
                           '%s: %s' % (label, how), pinned)
            if why is not None:
                bad.append('# %s: %s' % (how, why))
        return '\n'.join([('not ok ' if bad else 'ok ') + label] + bad)

    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(check, [g for g in groups()
                                     if re.search(only, g[0])]):
            print(line, flush=True)
    print('# most memory: %d KiB, %s' % Run.peak)
    print('# most time: %.1f s, %s' % Run.longest)


main()
