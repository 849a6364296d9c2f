#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# konseki status: what is held from when to when, its size and growth, days
# until the disk is full, what goes next; for people in two languages and for
# programs; the same each time it is asked about the same moment. When somebody
# made an error in konseki.yml it answers from the collector that runs, and says
# where the error is.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 34

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
sed -i 's/^  evidence: {/&retention: 30d, /' "$S/konseki.yml"
rm -r "$S/evidence" "$S/keys/evidence"
# Eight segments, a week from one to the next, from 2026-09-01 12:00 UTC on.
"$builddir/tests/system/mklog" "$S/evidence" "$S/keys/evidence" 400 8 \
    1788264000000000 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
status() {
	konseki --lang "${lang:-en}" status --site "$S" "$@"
}

status --at 2026-11-02 >"$T/text"
is 'a collector that does not run is an error' "$?" 1
like 'and said' "$(cat "$T/text")" '^collector: NOT RUNNING'
like 'from when to when' "$(cat "$T/text")" \
    'held: +2026-09-01 21:00:00 to 2026-10-20 21:00:00'
like 'how many segments' "$(cat "$T/text")" 'in 8 segments'
like 'what is past its period' "$(cat "$T/text")" 'retention: 30d; past it: 5 segments'
like 'what goes next' "$(cat "$T/text")" 'next: segment 5 on 2026-11-06'
like 'the age of the newest seal' "$(cat "$T/text")" \
    'sealed: +2026-10-20 21:00:00 \([0-9]{7} s ago\); unsealed: 0 records'
like 'in Japanese' "$(lang=ja status --at 2026-11-02)" \
    '次の満了: セグメント5、2026-11-06'
is 'on a narrow terminal' "$(awk 'length > 79' "$T/text")" ''

# The figures, from the manifests, the files, and the records of the open
# segment.
cat >"$T/check.py" <<'END'
import datetime, json, glob, os, subprocess, sys
out = json.load(open(sys.argv[1]))
log = [l for l in out['logs'] if l['name'] == 'evidence'][0]
def usec(text):
    return datetime.datetime.fromisoformat(text).timestamp() * 1e6
now = usec(out['at'])
day = 86400e6
segs = []
for f in sorted(glob.glob(sys.argv[2] + '/manifests/*')):
    m = dict(l.rstrip('\n').split(' ', 1) for l in open(f))
    lo, hi = map(int, m['time'].split())
    segs.append((int(m['gzip'].split()[0]), lo, hi))
files = sorted(glob.glob(sys.argv[2] + '/segments/*/*'))
shown = [usec(l.split()[1]) for l in open(sys.argv[3])]
inflated = sum(len(subprocess.run(['zcat', f], capture_output=True).stdout)
               for f in files)
segs.append((os.path.getsize(files[-1]), min(shown), max(shown)))
def rate(days):
    frm = now - days * day
    s = sum(b * (min(hi, now) - max(lo, frm)) / (hi - lo)
            for b, lo, hi in segs if hi >= frm and lo <= now)
    return s / days
def case(name, good):
    print('ok' if good else 'not ok', name)
near = lambda a, b: abs(a - b) <= 1
case('week', near(log['bytes_per_day_7'], rate(7)))
case('month', near(log['bytes_per_day_30'], rate(30)) and rate(30) > 0)
case('sizes', log['disk_bytes'] == sum(map(os.path.getsize, files)) and
     log['inflated_bytes'] == inflated and len(files) == log['segments'] == 8)
total = sum(max(l['bytes_per_day_7'], l['bytes_per_day_30'])
            for l in out['logs'])
case('days', log['days_until_full'] == log['free_bytes'] // total)
case('next', log['next'] == {'segment': 5, 'at': '2026-11-06T00:00:00+09:00'})
case('fault', log['fault'] is None and log['missing'] == 0 and
     log['deleted'] == 0 and log['holds'] == 0)
END
status --at 2026-11-02 --json >"$T/json"
konseki show --site "$S" --from "$(printf '%s\n' "$S"/evidence/segments/*/* |
    sed -n '$s/.*\/0*\([0-9]*\).ev1.gz/\1/p')" >"$T/shown"
python3 "$T/check.py" "$T/json" "$S/evidence" "$T/shown" >"$T/said" 2>&1
for name in week month sizes days next fault; do
	ok "JSON: $name" grep -q "^ok $name" "$T/said"
done
grep -v '^ok' "$T/said" | sed 's/^/# /'
free() {	# what others do on the disk is not ours to hold still
	sed 's/"free_bytes":[0-9]*,"days_until_full":[0-9]*//g'
}
is 'the same each time' "$(free <"$T/json")" \
    "$(status --at 2026-11-02 --json | free)"

site_start
ok 'all is well when it runs' konseki status --site "$S"
like 'and is listed' "$(status)" '^  udp +udp +127.0.0.1 [0-9]+'
site_stop
# The first hour of a log says nothing of its years.
rm -r "$S/evidence" "$S/keys/evidence"
konseki init --site "$S" >/dev/null 2>&1
site_start
status >"$T/young"
like 'of a log of seconds it is not known yet how it grows' \
    "$(cat "$T/young")" '^  growth: +not known yet'
like 'nor when the disk is full' "$(cat "$T/young")" \
    '^  free: .* not known yet$'
like 'in Japanese' "$(lang=ja status)" '増加: +判定不可'
like 'in JSON' "$(status --json)" \
    '"bytes_per_day_7":null,"bytes_per_day_30":null,"free_bytes":[0-9]+,"days_until_full":null'

# An error in the file, and in what it is written in.
ok 'the configuration in force is there' cmp "$S/konseki.yml" "$S/run/konseki.yml"
cp "$S/konseki.yml" "$T/good.yml"
sed -i 's/transport: udp/transprot: udp/' "$S/konseki.yml"
line=$(grep -n transprot "$S/konseki.yml" | cut -d : -f 1)
status >"$T/text" 2>"$T/err"
is 'a file that is broken is an error' "$?" 1
like 'the collector runs all the same' "$(cat "$T/text")" '^collector: running'
like 'what is wrong is said, and where' "$(cat "$T/text")" \
    "^  $S/konseki.yml:$line:[0-9]+: unknown key 'transprot'"
like 'listeners are there' "$(cat "$T/text")" '^  udp +received 0 '
like 'and logs' "$(cat "$T/text")" '^log evidence'
printf 'logs: [\n' >"$S/konseki.yml"
like 'no YAML at all, in Japanese' "$(lang=ja status)" '^konseki.yml: 誤りがあります'
like 'in JSON' "$(status --json)" '"broken":".*/konseki.yml:2:1: '
cp "$T/good.yml" "$S/konseki.yml"
like 'once it is right nothing is said' "$(status --json)" '"broken":null'
site_stop
printf 'logs: [\n' >"$S/konseki.yml"
like 'of a collector that does not run it is all that is said' \
    "$(status 2>&1)" '^konseki: .*/konseki.yml:2:1: '
cp "$T/good.yml" "$S/konseki.yml"
