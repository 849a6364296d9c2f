# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""Five weeks of a small hospital, for storylog (its input).

usage: past_story.py SEED [DELETED]

A seed that is even has so few sources that each has its row on the sheet.  A
segment a day, and whatever makes a sheet depend on other weeks: sessions
that go on for weeks, lines that come late or twice, lines without a name after
others, streams that end and whose numbers come again, tables whose titles came
days before their rows, text in CP932 with lines that could be anything, an
import of old history, a replay with lines that tell no time, restarts, losses
that are told in another week.  The records of DELETED say that this segment was
deleted.
"""
import random
import sys

FIRST = 1792335600  # Mon 2026-10-19 00:00 +09:00
DAY = 86400
DAYS = 36
dice = random.Random(int(sys.argv[1]))
deleted = int(sys.argv[2]) if len(sys.argv) > 2 else None
few = int(sys.argv[1]) % 2 == 0
out = sys.stdout.buffer

FW, FW2, LINUX, CP932, TABLE, REPLAY, OLD, SHY, TABLE2 = range(9)
TCP = 100  # streams that end


def put(text):
    out.write(text if isinstance(text, bytes) else text.encode())
    out.write(b'\n')


def stream(n, words):
    put('d %d %s tls=%% name=%%' % (n, words))


def net(n, peer, replay='no'):
    stream(n, 'listener=tcp transport=tcp local=10.2.0.20:514 peer=%s port=0 '
           'framing=lf replay=%s' % (peer, replay))


def imported(n, name, more='', replay='no'):
    stream(n, 'listener=import transport=import framing=lf replay=%s uid=0 '
           'program=konseki file=%s size=1%s' % (replay, name, more))


def date(t):
    import time
    return time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(t + 9 * 3600))


def forti(t, rest, name='fw01'):
    day, clock = date(t).split()
    return ('<189>date=%s time=%s devname="%s" devid="FGT60F" '
            'eventtime=%d000000000 tz="+0900" type="event" '
            'level="information" vd="root" %s' % (day, clock, name, t, rest))


def vpn(t, up, number, user, host, more='', name='fw01'):
    return forti(t, 'logid="01010399%d" subtype="vpn" action="tunnel-%s" '
                 'tunneltype="ssl-tunnel" tunnelid=%d remip=203.0.113.%d '
                 'tunnelip=10.212.134.%d user="%s" group="vpn" %s'
                 % (47 if up else 48, 'up' if up else 'down', number, host,
                    host, user, more), name)


def admin(t, user, name='fw01', what='login', ok=True):
    return forti(t, 'logid="0100032001" subtype="system" logdesc="Admin %s '
                 'successful" user="%s" ui="https(10.1.0.7)" method="https" '
                 'srcip=10.1.0.7 dstip=10.2.0.1 action="%s" status="%s"'
                 % (what, user, what, 'success' if ok else 'failed'), name)


def sshd(t, user, ok=True, host='srv01'):
    return ('<86>%s %s sshd[%d]: %s password for %s from 10.1.0.%d port '
            '%d ssh2' % (rfc3164(t), host, dice.randrange(9999), 'Accepted' if ok
                         else 'Failed', user, dice.randrange(1, 9),
                         dice.randrange(1024, 60000)))


def rfc3164(t):
    import time
    return time.strftime('%b %d %H:%M:%S', time.gmtime(t + 9 * 3600)).replace(
        ' 0', '  ')


open_now = []  # sessions: number, user, host, device
said = []  # lines that may come again, days later


def session(n, t):
    """A VPN session begins, or one that is open ends"""
    name = 'fw01' if n == FW else 'fw02'
    if open_now and dice.random() < 0.45:
        number, user, host, of = open_now.pop(dice.randrange(len(open_now)))
        line = vpn(t, False, number, user, host, 'duration=%d sentbyte=%d '
                   'rcvdbyte=%d' % (dice.randrange(7200), dice.randrange(
                       10 ** 7), dice.randrange(10 ** 8)), of)
    else:
        number, user, host = (dice.randrange(10 ** 6), 'user%d' %
                              dice.randrange(12), dice.randrange(1, 20))
        line = vpn(t, True, number, user, host, '', name)
        if dice.random() < 0.8:
            open_now.append((number, user, host, name))
    put('r %d %s' % (n, line))
    said.append(line)
    if dice.random() < 0.15:  # it comes again, by another way
        put('r %d %s' % (FW2 if n == FW else FW, line))


def text(t, words):
    return ('%s emr %s' % (rfc3164(t), words)).encode('cp932')


def odd(t, day):
    """What makes one day hang on another"""
    what = dice.randrange(17)
    if what == 0:
        put('r %d %s' % (dice.choice((FW, SHY)), 'a line without a name'))
    elif what == 1:
        put('r %d %s' % (LINUX, 'nothing that anybody knows %d' % t))
    elif what == 2:
        put(b'r %d <13>' % CP932 + text(t, '患者情報を表示しました'))
    elif what == 3:  # cut within a character: as the lines before it
        put(b'r %d <13>' % CP932 + text(t, '表示')[:-1])
    elif what == 4:
        put('r %d user%d,%s,ログイン,成功' % (TABLE, dice.randrange(9), date(t)))
    elif what == 5:
        put('r %d %s' % (REPLAY, 'no time in here'))
    elif what == 6:
        put('r %d %s' % (OLD, sshd(t - dice.randrange(25) * DAY, 'old', True,
                                   'old01')))
    elif what == 7:
        put('r %d %s' % (FW, forti(t, 'logid="0100032009" subtype="system" '
                                   'logdesc="FortiGate started"')))
    elif what == 8:  # late, and ahead
        put('r %d %s' % (FW, vpn(t + dice.randrange(-3 * DAY, 500), True,
                                 dice.randrange(99), 'late', 30)))
    elif what == 9:
        put('g kind=dropped count=%d from=%d000000 until=%d000000' % (
            dice.randrange(1, 99), t - dice.randrange(12) * DAY, t))
    elif what == 10:
        put('r %d user%d,%s,参照,成功' % (TABLE2, dice.randrange(9), date(t)))
    elif what == 11 and said:
        put('r %d %s' % (dice.choice((FW, FW2)), dice.choice(said[-40:])))
    elif what == 12 and not few:
        put('e %d' % (TCP + day % 3))
        net(TCP + day % 3, '10.3.0.%d' % dice.randrange(1, 3))
        put('r %d %s' % (TCP + day % 3, 'who am I'))
    elif what == 13 and not few:
        put('r %d <13>%s host%d app: hello' % (
            TCP + dice.randrange(3), rfc3164(t), dice.randrange(5)))
    elif what == 14 and not few:
        put('r %d %s' % (LINUX, admin(t, 'local', 'fw03', 'logout')))
    else:
        put('r %d %s' % (FW, admin(t, 'fwadmin', ok=dice.random() < 0.7)))


def day_of(day, t):
    """What happens once"""
    if day % 7 == 0:  # of the time that was reached in the week before
        put('r %d %s' % (REPLAY, 'no time in here'))
        if day > 0:  # before any line that says what its stream is
            put('r %d user1,%s,参照,成功' % (TABLE, date(t)))
    if day in (1, 25):  # of then; and of a time that has not come
        put('r %d %s' % (REPLAY, admin(t + 16 * DAY, 'replayed', 'fw02')))
    if day == 3:  # the segment that is deleted has this
        put('r %d 利用者ID,日時,操作,結果' % TABLE2)
        put(b'r %d <13>' % CP932 + text(t, '漢字'))
        put('r %d %s' % (REPLAY, admin(t + 20 * DAY, 'replayed', 'fw02')))
    if day % 7 == 0:  # the first of the week says no name
        put('r %d %s' % (SHY, 'a line without a name'))
        put(b'r %d <13>' % CP932 + text(t, '表示')[:-1])


put('t %d000000' % FIRST)
net(FW, '10.2.0.1')
net(FW2, '10.2.0.2')
net(LINUX, '10.2.0.9')
net(CP932, '10.2.0.11')
imported(TABLE, 'emr.csv', ' encoding=utf-8 mapping=emr-access')
net(REPLAY, '10.2.0.30', 'yes')
imported(OLD, 'old.log')
net(SHY, '10.2.0.12')
imported(TABLE2, 'b.csv', ' encoding=utf-8 mapping=emr-access')
for i in range(3):
    net(TCP + i, '10.3.0.%d' % (i + 1))
put('r %d 利用者ID,日時,操作,結果' % TABLE)
put('r %d %s' % (SHY, sshd(FIRST, 'shy', True, 'shy01')))
for day in range(DAYS):
    t = FIRST + day * DAY
    put('t %d000000' % t)
    day_of(day, t)
    for i in range(dice.randrange(10, 40)):
        t += dice.randrange(1, 2000)
        put('t %d%06d' % (t, dice.randrange(10 ** 6)))
        if dice.random() < 0.35:
            session(dice.choice((FW, FW2)), t)
        elif dice.random() < 0.4 and day not in (9, 10):  # one falls silent
            put('r %d %s' % (LINUX, sshd(t, 'user%d' % dice.randrange(6),
                                         dice.random() < 0.8)))
        else:
            odd(t, day)
    if day == 20 and deleted is not None:
        put('x %d' % deleted)
    put('n x')
