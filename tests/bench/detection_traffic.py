# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""A hospital's traffic to the outside, host by host and hour by hour.

240 hosts over 14 weeks: 140 PCs, 50 of the wards, 10 servers with a nightly
backup to a cloud, 36 that are isolated, 4 with a job once a week; bursts that
mean nothing among them.  What a shape changes is in SHAPES: nobody knows what
a real hospital's tails are, so a detector must bear several.
"""
import datetime
import math
import random

WEEKS = 14
JUDGED = 6                                  # the last of them
START = datetime.date(2026, 8, 17)          # a Monday; ends 2026-11-22
HOURS = WEEKS * 168
FROM = (WEEKS - JUDGED) * 168
OFF = {datetime.date(2026, 9, 21), datetime.date(2026, 9, 22),
       datetime.date(2026, 9, 23), datetime.date(2026, 10, 12),
       datetime.date(2026, 11, 3)}
MANY = {'pc': 140, 'ward': 50, 'server': 10, 'isolated': 36, 'weekly': 4}

# level: log10 of the bytes of a PC's working hour, and how PCs differ in it;
# noise: how its hours differ, and day: its days, each drawn for each host;
# tail: degrees of freedom, few are heavy; bursts: per host and week of working
# hours, and how large, log10; nights: share of PCs that send at night too.
SHAPES = {
    'issue': dict(level=7.3, differ=0.30, noise=(0.15, 0.30), day=(0.08, 0.32),
                  tail=0, bursts=0.5, burst=(0.9, 0.15), nights=0.28),
    'quiet': dict(level=7.0, differ=0.30, noise=(0.10, 0.25), day=(0.08, 0.25),
                  tail=0, bursts=0.15, burst=(8.4, 0.30), nights=0.15),
    'heavy': dict(level=7.3, differ=0.30, noise=(0.12, 0.28), day=(0.10, 0.30),
                  tail=4, bursts=0.38, burst=(8.5, 0.35), nights=0.28),
    'bursty': dict(level=7.3, differ=0.30, noise=(0.12, 0.28),
                   day=(0.10, 0.36), tail=0, bursts=1.2, burst=(8.5, 0.30),
                   nights=0.28),
    'busy': dict(level=7.8, differ=0.30, noise=(0.12, 0.25), day=(0.08, 0.25),
                 tail=0, bursts=0.38, burst=(8.6, 0.30), nights=0.40),
    'wide': dict(make='apart', level=7.2, differ=0.5, sigma=(0.6, 1.0),
                 day=0.3, idle=0.1, night=0.12, bursts=(1.0, 0.5),
                 pareto=(1.4, 4e7), long=0.0, full=1, patch=0),
    'gusts': dict(make='apart', level=6.3, differ=0.5, sigma=(0.8, 1.2),
                  day=0.5, idle=0.3, night=0.25, bursts=(0.5, 1.0),
                  pareto=(1.1, 3e7), long=0.4, full=4, patch=1.5e8),
}


class Host:
    def __init__(self, kind, number):
        self.kind, self.number = kind, number
        self.name = '%s%03d' % (kind, number)
        self.sent = [0] * HOURS
        self.elsewhere = {}     # hour: bytes of it to a network of its own


def date_of(hour):
    return START + datetime.timedelta(days=hour // 24)


def is_off(day):
    return day.weekday() == 6 or day in OFF


def noise(dice, sigma, tail):
    """Of log10; a Student's t of so many degrees where tails are heavy."""
    x = dice.gauss(0, 1)
    if tail:
        x *= math.sqrt(tail / dice.gammavariate(tail / 2, 2))
    return sigma * x


def work_of(hour):
    """How much of a full working hour an hour of the day is, log10"""
    of_day = hour % 24
    day = date_of(hour)
    if is_off(day) or (day.weekday() == 5 and of_day > 13):
        return None
    return {8: -0.5, 9: 0.0, 10: 0.1, 11: 0.1, 12: -0.2, 13: 0.0, 14: 0.1,
            15: 0.1, 16: 0.0, 17: -0.3, 18: -0.8}.get(of_day)


def pc(host, dice, s):
    level = host.level = dice.gauss(s['level'], s['differ'])
    sigma, days = dice.uniform(*s['noise']), dice.uniform(*s['day'])
    nightly = dice.random() < s['nights']   # it updates and synchronises
    for hour in range(HOURS):
        if hour % 24 == 0:
            shift = noise(dice, days, s['tail'])
            away = dice.random() < 0.06
        work = work_of(hour)
        if work is not None and not away:
            x = level + shift + work + noise(dice, sigma, s['tail'])
        elif nightly or dice.random() < 0.3:
            x = (6.9 if nightly else 4.5) + noise(dice, 0.3, s['tail'])
        else:
            continue
        host.sent[hour] = int(10 ** x)


def ward(host, dice, s):
    level = host.level = dice.gauss(s['level'] - 0.8, s['differ'])
    sigma, days = dice.uniform(*s['noise']), dice.uniform(*s['day']) / 2
    for hour in range(HOURS):
        if hour % 24 == 0:
            shift = noise(dice, days, s['tail'])
        x = level + shift + noise(dice, sigma, s['tail'])
        host.sent[hour] = int(10 ** (x - (0.4 if hour % 24 < 7 else 0)))


def server(host, dice, s):
    at, size = dice.randrange(1, 5), dice.gauss(9.7, 0.3)
    for hour in range(HOURS):
        host.sent[hour] = int(10 ** (6.0 + noise(dice, 0.25, s['tail'])))
        if hour % 24 in (at, at + 1):
            host.sent[hour] += int(10 ** (size + noise(dice, 0.08, 0)))


def weekly(host, dice, s):
    day, at, size = dice.randrange(7), dice.randrange(24), dice.gauss(9.7, 0.3)
    for hour in range(HOURS):
        host.sent[hour] = int(10 ** (5.5 + noise(dice, 0.3, s['tail'])))
        if hour % 168 in (day * 24 + at, day * 24 + (at + 1) % 24):
            host.sent[hour] += int(10 ** (size + noise(dice, 0.1, 0)))


def bursts(host, dice, s):
    """A film, photographs, a large mail; the wards', a third of them."""
    rate = s['bursts'] * (0.33 if host.kind == 'ward' else 1)
    hours = [h for h in range(HOURS) if work_of(h) is not None]
    at = 0.0
    while True:
        at += dice.expovariate(rate * WEEKS / len(hours))
        if at >= len(hours):
            return
        x = dice.gauss(*s['burst']) + (host.level if s['burst'][0] < 3 else 0)
        host.sent[hours[int(at)]] += int(10 ** x)


# The other two are written apart from those above, as somebody would who knew
# no more than that hours are lognormal, hosts differ by three decades, bursts
# come by chance and have a Pareto's tail, nights are empty as a rule, and work
# grows at the end of a month.  All is drawn in natural logarithms: sigma: of
# an hour; day: of a day; idle: share of working hours without traffic; night:
# share of other hours with some; bursts: shape and mean of the gamma that a
# host's rate a week is drawn from; pareto: exponent and least bytes; long:
# share of bursts that go on for up to four hours; full: the backup of Sundays
# over that of other nights; patch: bytes that hosts pass on to others in the
# night after the second Tuesday of a month.
def month_end(day):
    return (day + datetime.timedelta(days=4)).month != day.month


def apart(host, dice, s):
    """Hours of a PC, or of the wards, where nights are as days"""
    ward_host = host.kind == 'ward'
    host.level = dice.gauss(s['level'] - (0.5 if ward_host else 0),
                            s['differ'])
    mean, sigma = host.level * math.log(10), dice.uniform(*s['sigma'])
    claims = not ward_host and dice.random() < 0.3
    for hour in range(HOURS):
        if hour % 24 == 0:
            shift = dice.gauss(0, s['day'])
        work = work_of(hour)
        if work is None and not ward_host:
            if dice.random() < s['night']:
                host.sent[hour] = int(dice.lognormvariate(13.0, 1.2))
            continue
        if dice.random() < s['idle']:
            continue
        x = mean + shift + (0 if ward_host else 2.3 * work)
        if claims and month_end(date_of(hour)):
            x += 0.7
        host.sent[hour] = int(dice.lognormvariate(x, sigma))


def apart_server(host, dice, s):
    at, size = dice.randrange(1, 5), dice.gauss(21.5, 0.7)
    for hour in range(HOURS):
        host.sent[hour] = int(dice.lognormvariate(14.0, 0.8))
        if hour % 24 == at:
            x = dice.lognormvariate(size, 0.25)
            if date_of(hour).weekday() == 6:
                x *= s['full']
            host.sent[hour] += int(x)


def apart_weekly(host, dice, s):
    at, size = dice.randrange(168), dice.gauss(21.5, 0.7)
    for hour in range(HOURS):
        host.sent[hour] = int(dice.lognormvariate(12.0, 0.8))
        if hour % 168 == at:
            host.sent[hour] += int(dice.lognormvariate(size, 0.3))


def apart_bursts(host, dice, s):
    shape, mean = s['bursts']
    rate = dice.gammavariate(shape, mean / shape)
    exponent, least = s['pareto']
    hours = [h for h in range(HOURS) if work_of(h) is not None]
    at = 0.0
    while rate > 0:
        at += dice.expovariate(rate * WEEKS / len(hours))
        if at >= len(hours):
            break
        x = min(least * dice.paretovariate(exponent), 2e10)
        n = dice.randrange(2, 5) if dice.random() < s['long'] else 1
        for hour in hours[int(at):int(at) + n]:
            host.sent[hour] += int(x / n)
    for hour in range(2, HOURS, 24):
        day = date_of(hour)
        if s['patch'] and day.weekday() == 2 and 9 <= day.day <= 15:
            host.sent[hour] += int(dice.lognormvariate(
                math.log(s['patch']), 0.5))


def makers(s):
    """Who fills the hosts of a kind, and whose bursts they have"""
    if s.get('make') == 'apart':
        return {'pc': apart, 'ward': apart, 'server': apart_server,
                'weekly': apart_weekly}, apart_bursts
    return {'pc': pc, 'ward': ward, 'server': server,
            'weekly': weekly}, bursts


def hospital(seed, shape):
    """Every host of it; the same for the same seed and shape."""
    s = SHAPES[shape]
    fills, burst = makers(s)
    hosts = []
    for kind in ('pc', 'ward', 'server', 'isolated', 'weekly'):
        fill = fills.get(kind)
        for number in range(MANY[kind]):
            host = Host(kind, number)
            dice = random.Random('%d %s %s' % (seed, shape, host.name))
            if fill is not None:
                fill(host, dice, s)
            if kind in ('pc', 'ward'):
                burst(host, dice, s)
            hosts.append(host)
    return hosts


# Ways to take data out: bytes, hours, hour of the day.
WAYS = {
    '0.3GB in 1h at 01:00': (3e8, 1, 1),
    '5GB in 4h at 11:00': (5e9, 4, 11),
    '20GB in 6h at 11:00': (2e10, 6, 11),
    '2GB over 24h': (2e9, 24, 0),
    '0.5GB over 24h': (5e8, 24, 0),
}


def steal(hosts, seed, way):
    """
    Every host sends so much more on one working day of the judged weeks, each
    on a day of its own.  Returns (first hour, hours) by name.
    """
    size, hours, at = WAYS[way]
    when = {}
    for host in hosts:
        dice = random.Random('%d %s %s' % (seed, way, host.name))
        days = [d for d in range(FROM // 24, WEEKS * 7 - 1)
                if work_of(d * 24 + 11) is not None and
                date_of(d * 24).weekday() < 5]
        first = dice.choice(days) * 24 + at
        for hour in range(first, first + hours):
            host.sent[hour] += int(size / hours)
        when[host.name] = (first, hours)
    return when


def by_sigma(host, k, floor=1e8, back=28 * 24):
    """Hours beyond mean + k sigma of four weeks: what is not done here"""
    out = []
    total = sum(host.sent[FROM - back:FROM])
    squares = sum(b * b for b in host.sent[FROM - back:FROM])
    for hour in range(FROM, HOURS):
        mean = total / back
        sigma = math.sqrt(max(squares / back - mean * mean, 0))
        b = host.sent[hour]
        if b >= floor and b > mean + k * sigma:
            out.append(hour)
        gone = host.sent[hour - back]
        total += b - gone
        squares += b * b - gone * gone
    return out


def incidents(hours, merge=6):
    """Hours that are near each other are one alarm."""
    n, last = 0, None
    for hour in hours:
        n += last is None or hour - last > merge
        last = hour
    return n
