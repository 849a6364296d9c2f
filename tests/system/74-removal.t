#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A log got new keys, and years later all that it held before is past its
# period.  The older log signs nothing, so nothing of it can be deleted; two
# persons have it removed whole, and the log in force records what it was: not
# while it is on hold, not before its time, not if it is not what it should be.
# A stop in the middle is made good, and the record outlives the next keys.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 42

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
keys=$(for name in sato abe; do
	echo "the passphrase of $name" >"$T/$name.pass"
	konseki retention --site "$S" --passphrase-file "$T/$name.pass" \
	    key $name
done)
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
    $(((now - 100 * 86400) * 1000000)) 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
retention() {
	konseki --lang en retention --site "$S" "$@"
}
by() {	# by NAME ARGUMENT...
	by_name=$1
	shift
	retention --by "$by_name" --passphrase-file "$T/$by_name.pass" "$@"
}
refused() {	# refused NAME ERE COMMAND...
	refused_name=$1 refused_why=$2
	shift 2
	"$@" >"$T/out" 2>&1 && diag 'it was done'
	like "$refused_name" "$(cat "$T/out")" "$refused_why"
}
rekey() {
	konseki-collector --site "$S" --rekey evidence --reason 'keys were read' \
	    >"$T/rekey" 2>&1 || diag "$(cat "$T/rekey")"
}

rekey
site_start
by sato hold police-1 --from 0 --to 3 --basis '県警の要請 123' >/dev/null

# What stands in the way.
refused 'what is in force is not removed' 'evidence is in force' \
    by sato remove r-0 --basis x
ok 'a hold of all of it' by sato hold h-1 --log evidence.1 --basis 'a lawsuit'
like 'is listed' "$(retention list)" \
    '^  hold h-1: all of test.example/evidence, since .* by sato'
refused 'what is on hold is not given up' 'this log is on hold' \
    by sato remove r-1 --log evidence.1 --basis x
ok 'one asks for the release' by abe release h-1 --basis 'case closed'
ok 'another approves' by sato approve h-1
ok 'then its removal is asked for' by sato remove r-1 --log evidence.1 \
    --basis '運用管理規程 第8条'
like 'it waits' "$(retention list)" \
    'waits for approval: remove r-1, all of test.example/evidence, until'
refused 'who asked does not approve' 'that takes another person' \
    by sato approve r-1
refused 'not before its time, counted from its end' \
    'not all of this log is past its period' by abe approve r-1
sed -i "s/^at .*/at $(((now - 50 * 86400) * 1000000))/" \
    "$S/evidence.2/predecessor"
like 'when all is past its period that is said' "$(retention list)" \
    'to have it removed: konseki retention --log evidence.1 remove ID'
ok 'a hold that comes later' by sato hold h-2 --log evidence.1 --basis x
refused 'stops what was asked for' 'this log is on hold' \
    by abe approve r-1
by sato release h-2 --basis settled >/dev/null
by abe approve h-2 >/dev/null
file=$(find "$S/evidence/segments" -name '*.gz' | sort | head -n 1)
cp -p "$file" "$T/kept"
flip "$file" 300
refused 'what is not as it was written stays' \
    'this log is not whole, or not as its manifests say' by abe approve r-1
cp -p "$T/kept" "$file"
ok 'nothing is gone so far' konseki-verify "$S/evidence"
cp -Rp "$S/evidence" "$T/evidence"

mv "$S/evidence/checkpoint" "$T/checkpoint"
refused 'so does one without its checkpoint' \
    'this log is not whole' by abe approve r-1
mv "$T/checkpoint" "$S/evidence/checkpoint"
sed -i.whole 's/^size .*/size 999999/' "$S/evidence.2/predecessor"
refused 'or when more was signed than is there' 'this log is not whole' \
    by abe approve r-1
mv "$S/evidence.2/predecessor.whole" "$S/evidence.2/predecessor"

# Two persons, and it goes.
mkdir "$S/evidence/other"
root=$(sed -n 3p "$S/evidence/checkpoint" | base64 -d | od -An -tx1 | tr -d ' \n')
size=$(sed -n 2p "$S/evidence/checkpoint")
manifest=$(find "$S/evidence/manifests" -type f | sort | tail -n 1)
manifest=$(sha256sum "$manifest" | cut -d ' ' -f 1)
ok 'another approves the removal' by abe approve r-1
is 'its description stays, and what is none of its names' \
    "$(cd "$S/evidence" && echo *)" 'log other'
rmdir "$S/evidence/other"
like 'what it was is a record of the log in force' "$(records o1)" \
    "action=remove id=r-1 origin=test.example/evidence size=$size root=$root manifest=$manifest basis=.* by=sato and=abe at=[0-9]+ sig="
refused 'it is removed once' 'this log was removed already' \
    by sato remove r-2 --log evidence.1 --basis x
like 'who asks for it is told' "$(konseki --lang en show --site "$S" \
    --log evidence.1 2>&1)" 'its checkpoint is not here: .*retention list'
like 'retention list says by whom and why' "$(retention list | tr '\n' ' ')" \
    'evidence.1 .* removed on 20.* by sato and abe, request r-1: [0-9]+ records +運用管理規程 第8条'
konseki --lang en status --site "$S" >"$T/status"
is 'status: all is well' "$?" 0
like 'and it says so, too' "$(cat "$T/status")" \
    '^    evidence.1: removed, [0-9]+ records, request r-1 of 20'
konseki-verify --anchor "$T/evidence/checkpoint" "$S/evidence" >"$T/said" 2>&1
is 'what is left proves nothing' "$?" 2
like 'but what may account for it' "$(cat "$T/said")" \
    'no records are here: .* o1 action=remove'
like 'and who reads all' "$(konseki --lang en show --site "$S" --all 2>&1)" \
    "site/evidence: this log is over and its checkpoint is not here"
KONSEKI_RULES="$srcdir/rules" konseki --lang en analyze --site "$S" \
    >"$T/said" 2>&1
is 'the analysis goes on' "$?" 0
like 'and says what it could not read' "$(cat "$T/said")" \
    'site/evidence: this log is over and its checkpoint is not here'
site_stop

# A stop between the record and the files.
rm -r "$S/evidence"
cp -Rp "$T/evidence" "$S/evidence"
site_start
ok 'the next start finishes' wait_for '[ "$(ls -A "$S/evidence")" = log ]'
ok 'and says so' wait_for 'grep -q "its removal was recorded before the stop\|世代の削除を実行" "$T/collector.err"'
site_stop

# New keys once more: the newest log explains all that is gone.
rekey
site_start
wait_for 'records o1 | grep -q action=remove'
like 'the removal is carried on' "$(records o1)" \
    "action=remove id=r-1 origin=test.example/evidence size=$size .* since=[0-9]+"
like 'and shown' "$(konseki --lang en status --site "$S")" \
    '^    evidence.1: removed, '
like 'so is a hold that was in force' "$(records o1)" \
    'action=hold-log id=police-1 origin=test.example/evidence/2 basis=.* by=sato at=[0-9]+ since=[0-9]+'
refused 'which stops the removal of the second' 'this log is on hold' \
    by sato remove r-3 --log evidence.2 --basis x
by sato release police-1 --basis x >/dev/null
by abe approve police-1 >/dev/null
by sato remove r-3 --log evidence.2 --basis x >/dev/null
refused 'until two released it; but it is not past its period' \
    'not all of this log is past its period' by abe approve r-3
site_stop
for n in .2 .3; do
	ok "evidence$n is intact" konseki-verify "$S/evidence$n"
done
