# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
"""The holidays of Japan 2000-2099, another way: python3 holidays.py > holidays.csv

Written from the text of the law (国民の祝日に関する法律, its amendments and the
special laws of 2018 and 2020), with the equinoxes from the motion of the sun
(J. Meeus, Astronomical Algorithms, chapter 27), so that holiday.c has something
to be held against for years that no office has published yet.
"""
import datetime
import math

# Periodic terms of Meeus' table 27.C: A, B, C.
TERMS = [(485, 324.96, 1934.136), (203, 337.23, 32964.467),
         (199, 342.08, 20.186), (182, 27.85, 445267.112),
         (156, 73.14, 45036.886), (136, 171.52, 22518.443),
         (77, 222.54, 65928.934), (74, 296.72, 3034.906),
         (70, 243.58, 9037.513), (58, 119.81, 33718.147),
         (52, 297.17, 150.678), (50, 21.02, 2281.226),
         (45, 247.54, 29929.562), (44, 325.15, 31555.956),
         (29, 60.93, 4443.417), (18, 155.12, 67555.328),
         (17, 288.79, 4562.452), (16, 198.04, 62894.029),
         (14, 199.76, 31436.921), (12, 95.39, 14577.848),
         (12, 287.11, 31931.756), (12, 320.81, 34777.259),
         (9, 227.73, 1222.114), (8, 15.45, 16859.074)]
MEAN = {3: (2451623.80984, 365242.37404, .05169, -.00411, -.00057),
        9: (2451810.21715, 365242.01767, -.11575, .00337, .00078)}


def equinox(year, month):
    y = (year - 2000) / 1000
    a, b, c, d, e = MEAN[month]
    jde = a + b * y + c * y ** 2 + d * y ** 3 + e * y ** 4
    t = (jde - 2451545.0) / 36525
    w = math.radians(35999.373 * t - 2.47)
    lam = 1 + .0334 * math.cos(w) + .0007 * math.cos(2 * w)
    jde += .00001 * sum(p * math.cos(math.radians(q + r * t))
                        for p, q, r in TERMS) / lam
    # Dynamical time is about 64 s ahead in 2000 and some minutes in 2099.
    ahead = 62.92 + .32217 * (year - 2000) + .005589 * (year - 2000) ** 2
    seconds = (jde - 2440587.5) * 86400 - ahead + 9 * 3600
    return (datetime.datetime(1970, 1, 1)
            + datetime.timedelta(seconds=seconds)).date()


def monday(year, month, n):
    first = datetime.date(year, month, 1)
    return first + datetime.timedelta((7 - first.weekday()) % 7 + 7 * (n - 1))


def of_law(y):
    """Article 2 as it stood in that year."""
    d = datetime.date
    yield d(y, 1, 1), "元日"
    yield monday(y, 1, 2), "成人の日"
    yield d(y, 2, 11), "建国記念の日"
    if y >= 2020:
        yield d(y, 2, 23), "天皇誕生日"
    yield equinox(y, 3), "春分の日"
    yield d(y, 4, 29), "昭和の日" if y >= 2007 else "みどりの日"
    yield d(y, 5, 3), "憲法記念日"
    if y >= 2007:
        yield d(y, 5, 4), "みどりの日"
    yield d(y, 5, 5), "こどもの日"
    sea = {2020: d(y, 7, 23), 2021: d(y, 7, 22)} if y in (2020, 2021) else {}
    yield sea.get(y, d(y, 7, 20) if y < 2003 else monday(y, 7, 3)), "海の日"
    if y >= 2016:
        special = {2020: (8, 10), 2021: (8, 8)}
        yield d(y, *special.get(y, (8, 11))), "山の日"
    yield d(y, 9, 15) if y < 2003 else monday(y, 9, 3), "敬老の日"
    yield equinox(y, 9), "秋分の日"
    if y in (2020, 2021):
        yield d(y, 7, 24 if y == 2020 else 23), "スポーツの日"
    else:
        yield monday(y, 10, 2), "体育の日" if y < 2020 else "スポーツの日"
    yield d(y, 11, 3), "文化の日"
    yield d(y, 11, 23), "勤労感謝の日"
    if y <= 2018:
        yield d(y, 12, 23), "天皇誕生日"
    if y == 2019:
        yield d(y, 5, 1), "即位の日"
        yield d(y, 10, 22), "即位礼正殿の儀の行われる日"


def year(y):
    day = datetime.timedelta(1)
    days = dict(of_law(y))
    more = {}
    for date in days:
        if date.weekday() == 6:  # article 3, 2
            date += day
            while date in days:
                date += day
            more[date] = "振替休日"
    for date in days:            # article 3, 3
        middle = date + day
        if middle + day in days and middle not in days and \
                middle.weekday() != 6 and middle not in more:
            more[middle] = "国民の休日"
    days.update(more)
    return sorted(days.items())


print("日付,名称")
for y in range(2000, 2100):
    for date, name in year(y):
        print("%d/%d/%d,%s" % (date.year, date.month, date.day, name))
