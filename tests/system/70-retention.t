#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Evidence of months past its period is deleted: not while it is on hold, not
# by one person, not before its time; then its files go and nothing else does.
# The log verifies and says what is gone, what was proved before stays proved,
# a stop in the middle is made good at the next start, and a file removed
# without all this is found missing.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 61

# Two approvers, and a log of eight segments, the first of 70 days ago, each a
# week younger.
passphrase() {
	echo "the passphrase of $1" >"$T/$1.pass"
	echo "$T/$1.pass"
}
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
keys=$(for name in sato abe; do
	konseki retention --site "$S" --passphrase-file "$(passphrase $name)" \
	    key $name
done)
like 'a key is printed for the configuration' "$keys" '^abe\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$'
{
	sed 's/^  evidence: {/&retention: 30d, /' "$S/konseki.yml"
	echo 'retention: {approvers: ['
	echo "$keys" | sed 's/.*/"&",/'
	echo ']}'
} >"$T/new.yml"
cp "$T/new.yml" "$S/konseki.yml"
rm -r "$S/evidence" "$S/keys/evidence"
now=$(date +%s)
"$builddir/tests/system/mklog" "$S/evidence" "$S/keys/evidence" 400 8 \
    $(((now - 70 * 86400) * 1000000)) 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
file() {	# of a segment, by its number
	sed -n 's/^file //p' "$S/evidence/manifests/$(printf %012d "$1")"
}
record() {	# the first of a segment
	sed -n 's/^records \([0-9]*\) .*/\1/p' \
	    "$S/evidence/manifests/$(printf %012d "$1")"
}
retention() {
	konseki --lang en retention --site "$S" "$@"
}
by() {	# by NAME ARGUMENT...
	by_name=$1
	shift
	retention --by "$by_name" --passphrase-file "$T/$by_name.pass" "$@"
}
show() {
	konseki --lang en show --site "$S" "$@"
}
verify() {
	konseki-verify --pin "$S/evidence/log" "$S/evidence"
}
site_start

# What may go.
list=$(retention list --log evidence)
like 'six segments are past their period' "$list" 'segments 0-5: past its period'
like 'and what to do is said' "$list" 'delete ID --segments 0-5'
like 'the others are kept' "$list" 'segments 6-7: kept until'
like 'the casebook forever' "$(retention list)" 'casebook.*kept forever'

# Kept as a proof of then: the leaves of all records, and the checkpoint.
show --leaves >"$T/before"
cp "$S/evidence/checkpoint" "$T/checkpoint"
konseki prove --site "$S" --index 5 --output "$T/proof" 2>/dev/null

# One person holds.
ok 'a hold by days' by sato hold police-1 --log evidence \
    --since "$(TZ=JST-9 date -d @$((now - 57 * 86400)) +%F)" \
    --until "$(TZ=JST-9 date -d @$((now - 55 * 86400)) +%F)" \
    --basis '県警の要請 123'
like 'it is listed' "$(retention list --log evidence)" \
    'hold police-1: records [0-9]+-[0-9]+, since .* by sato \(uid'
like 'its segment is on hold' "$(retention list --log evidence)" \
    'segments 2-2: on hold police-1'
by sato hold typo --log evidence --from 5000000 --to 6000000 --basis x \
    >"$T/out" 2>&1
is 'records that are not there are not held' \
    "$? $(retention list --log evidence | grep -c 'hold typo')" '1 0'
like 'and it is said how many there are' "$(cat "$T/out")" \
    'nothing is held: the log has [0-9]+ records, and none from 5000000'
by sato hold ahead --log casebook --from 0 --to 5000000 --basis x \
    >"$T/out" 2>&1
is 'a hold may reach ahead' $? 0
like 'which is said' "$(cat "$T/out")" \
    'the newest record is [0-9]+ now: .* up to 5000000, will be on hold'
by sato delete d-held --segments 0-3 --basis '5 years' >"$T/out" 2>&1
is 'what is on hold is not given up' "$?" 1
like 'and it is said which' "$(cat "$T/out")" 'segment 2: the segment is on hold'
by sato delete d-early --segments 5-6 --basis x >"$T/out" 2>&1
like 'nor what is within its period' "$(cat "$T/out")" \
    'segment 6: the segment is not past its period'
by sato delete d-open --segments 8-8 --basis x >"$T/out" 2>&1
like 'nor what is not closed' "$(cat "$T/out")" 'segment 8: .* not closed'
by sato delete d-book --log casebook --segments 0-0 --basis x >"$T/out" 2>&1
is 'nor a casebook' "$?" 1

# Two persons.
ok 'one asks' by sato delete d-1 --segments 0-1 --basis '運用管理規程 第8条'
like 'it waits' "$(retention list --log evidence)" \
    'waits for approval: delete d-1, segments 0-1'
by sato approve d-1 >"$T/out" 2>&1
like 'who asked does not approve' "$(cat "$T/out")" 'that takes another person'
retention --by abe --passphrase-file "$T/sato.pass" approve d-1 >"$T/out" 2>&1
like 'nor by lending a name' "$(cat "$T/out")" "not the passphrase of 'abe'"
cat >"$T/client.py" <<'END'
import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.settimeout(20)
s.connect(sys.argv[1])
s.send(sys.argv[2].replace('NOW', str(int(time.time() * 1e6))).encode())
print(s.recv(70000)[:80])
END
like 'nor unsigned' "$(python3 "$T/client.py" "$S/run/submit.sock" \
    'Hevidence
action=approve id=d-1 by=abe at=NOW')" 'xretention.*signature'
like 'nor as an operator record like others' \
    "$(python3 "$T/client.py" "$S/run/submit.sock" 'Pevidence
action=delete id=d-1 by=sato and=abe at=NOW')" 'xbad-words'
ok 'nothing is gone so far' [ -e "$S/evidence/$(file 0)" ]
ok 'another approves' by abe approve d-1
ok 'the first file is gone' [ ! -e "$S/evidence/$(file 0)" ]
ok 'and the second' [ ! -e "$S/evidence/$(file 1)" ]
ok 'the third is not' [ -e "$S/evidence/$(file 2)" ]
is 'manifests stay' "$(find "$S/evidence/manifests" -type f | wc -l)" 8
like 'the deletion is a record' "$(records x1)" \
    'segment=0 first=0 last=[0-9]+ manifest=[0-9a-f]{64} .*by=sato and=abe request=d-1'
by abe approve d-1 >"$T/out" 2>&1
like 'it is approved once' "$(cat "$T/out")" 'no request with this id waits'

# The release takes two as well.
ok 'a release is asked for' by abe release police-1 --basis 'case closed'
by sato delete d-2 --segments 2-3 --basis x >"$T/out" 2>&1
like 'which changes nothing yet' "$(cat "$T/out")" 'is on hold'
ok 'and approved' by sato approve police-1
ok 'then the segment is given up' by sato delete d-2 --segments 2-3 --basis '5 years'

# A stop between the record and the file: the folder does not let it go.
day=$S/evidence/$(dirname "$(file 3)")
chmod 555 "$day"
by abe approve d-2 >"$T/out" 2>&1
like 'a file that cannot go is said' "$(cat "$T/out")" \
    "$(file 3): the deletion is recorded, but the file stays"
site_kill
chmod 755 "$day"
ok 'the file is still there' [ -e "$S/evidence/$(file 3)" ]
site_start
ok 'the next start finishes' wait_for '[ ! -e "$S/evidence/$(file 3)" ]'
ok 'and says so' wait_for 'grep -q "停止前に記録された削除\|recorded before the stop" "$T/collector.err"'

# Readers.
is 'what is left is shown' "$(show | awk '{ print $1 }' | head -n 1)" \
    "$(record 4)"
like 'and what is not' "$(show 2>&1 >/dev/null)" \
    "records 0 to $(($(record 4) - 1)) .*deleted"
ok 'it can be analysed' env KONSEKI_RULES="$srcdir/rules" konseki analyze \
    --site "$S"
week=$(TZ=JST-9 date -d @$((now - 63 * 86400)) +%F)
ok 'a review of a week that is gone' env KONSEKI_RULES="$srcdir/rules" konseki \
    --lang en review --site "$S" --week "$week" --output "$T/reports"
ok 'says that it is gone' grep -rq 'deleted at the end of their retention' \
    "$T/reports"
echo '<13>1 - host app - - - later' >"$T/later"
ok 'and it goes on' konseki import --site "$S" "$T/later"
site_stop

# Proofs.
verify >"$T/verified"
is 'the log is intact' "$?" 0
like 'and what was deleted is named' "$(cat "$T/verified")" \
    "0 to [0-9]+, deleted .*basis: 運用管理規程"
ok 'the checkpoint of before anchors it' konseki-verify \
    --pin "$S/evidence/log" --anchor "$T/checkpoint" "$S/evidence"
cat >"$T/prove.py" <<'END'
# The inclusion proof of a deleted record, made from the leaves of then, gives
# the root of the checkpoint of then.
import base64, hashlib, re, sys
h = lambda b: hashlib.sha256(b).digest()
leaves = [bytes.fromhex(re.search(r'[0-9a-f]{64}', l).group())
          for l in open(sys.argv[1], errors='replace')
          if re.match(r'\s*\d+ ', l)]
size, root = open(sys.argv[2]).read().split('\n')[1:3]
def split(n):
    k = 1
    while k * 2 < n: k *= 2
    return k
def mth(l):
    if len(l) == 1: return l[0]
    k = split(len(l))
    return h(b'\1' + mth(l[:k]) + mth(l[k:]))
def path(m, l):
    if len(l) == 1: return []
    k = split(len(l))
    if m < k: return path(m, l[:k]) + [('r', mth(l[k:]))]
    return path(m - k, l[k:]) + [('l', mth(l[:k]))]
leaves = leaves[:int(size)]
got = leaves[5]
for side, x in path(5, leaves):
    got = h(b'\1' + (got + x if side == 'r' else x + got))
sys.exit(got != base64.b64decode(root))
END
ok 'a proof of before still holds' python3 "$T/prove.py" "$T/before" \
    "$T/checkpoint"

like 'so does the program'"'"'s own' "$(konseki prove --check "$T/proof" \
    --pin "$S/evidence/log")" '^proved: [a-z]1 5 '
konseki prove --index 5 "$S/evidence" >"$T/out" 2>&1
is 'a new one cannot be made' "$?" 1
like 'and it is said why' "$(cat "$T/out")" 'deleted or is missing'
kept=$(record 7)
konseki prove --index "$kept" --output "$T/kept" "$S/evidence" 2>/dev/null
like 'one of a record that is left can' "$(konseki prove --check "$T/kept" \
    --pin "$S/evidence/log")" "^proved: m1 $kept "
ok 'and that the log extends what it was then' konseki prove \
    --from "$(sed -n 2p "$T/checkpoint")" --output "$T/extends" "$S/evidence"

# Two accounts instead of two keys.
if [ "$(id -u)" = 0 ]; then
	sed -i '/^retention:/,$d' "$S/konseki.yml"
	site_start
	as() {	# as UID ARGUMENT...
		as_uid=$1
		shift
		setpriv --reuid "$as_uid" --regid "$(id -g nobody)" \
		    --clear-groups konseki --lang en retention --site "$S" "$@"
	}
	as 0 delete d-3 --segments 4-4 --basis x --by root >"$T/out" 2>&1
	like 'root is nobody' "$(cat "$T/out")" 'are not persons'
	as 1001 delete d-3 --segments 4-4 --basis x --by sato >/dev/null
	as 1001 approve d-3 --by abe >"$T/out" 2>&1
	like 'one account is one person' "$(cat "$T/out")" 'another person'
	ok 'two accounts are two' as 1002 approve d-3 --by abe
	site_stop
	ok 'the log is intact' verify
else
	skip 4 'not root'
fi

# A file that goes without all this.
rm "$S/evidence/$(file 5)"
verify >"$T/verified"
is 'a file removed by hand is tampering' "$?" 1
