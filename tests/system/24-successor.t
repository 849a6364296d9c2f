#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A log that cannot go on is left as it is and followed by another, and the
# collector collects all the same. First an old copy of the folder is put back:
# the signer signed more than is there. Then the signer's own state is set
# back. Then somebody makes new keys after an incident. Then the epochs of a log come to an end while a device sends: the old
# log certifies the keys of the new one, and not a line is lost.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 54

listeners='listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}'
# send TEXT: a line, and wait until the log in force has it.
send() {
	printf '<13>%s\n' "$1" >"$T/line"
	python3 "$srcdir/tests/system/peer.py" "$(port tcp)" "file:$T/line" end
	wait_for "messages tcp | grep -qx '<13>$1'"
}
# sums FOLDER: what lies there, byte for byte.
sums() {
	(cd "$1" && find . -type f ! -name lock -exec sha256sum {} + | sort -k 2)
}
# origin N: of the log of that generation.
origin() {
	sed -n 's/^origin //p' "$S/evidence$1/log"
}
seeds() {
	sed -n 's/^next //p' "$S/keys/evidence$1/seeds"
}

echo "$listeners" | site_make
site_start
send one
site_stop
cp -Rp "$S/evidence" "$T/old"
site_start
send two
site_stop

# --- an old copy of the folder ---
rm -r "$S/evidence"
cp -Rp "$T/old" "$S/evidence"
sums "$S/evidence" >"$T/before"
# The greater size of the two slots.
size=$(tr '\0' '\n' <"$S/keys/evidence/signed" |
    sed -n 's/^\([0-9]*\) [0-9a-f]\{64\}$/\1/p' | sort -n | tail -n 1)
site_start
tap 0 'a log that is shorter than what was signed stops nobody'
like 'it is an alarm' "$(cat "$T/collector.err")" \
    "ALARM: log 'evidence' is not as it was signed"
like 'and people are told what to print' "$(cat "$T/collector.err")" \
    'origin test.example/evidence/2'
send three
is 'what comes in goes to the successor' "$(messages tcp)" '<13>three'
is 'which has an origin of its own' "$(origin .2)" test.example/evidence/2
like 'its first records say which log it follows' "$(records b1)" \
    "successor=test.example/evidence why=break size=$size root="
like 'and that this one broke' "$(records g1)" \
    "kind=log-break .*origin=test.example/evidence size=$size root=.* found="
sums "$S/evidence" >"$T/after"
same 'of the old log not a byte was changed' "$T/before" "$T/after"
is 'the seeds of its keys are destroyed' "$(seeds '')" 64
site_stop
ok 'the successor proves to be intact' \
    konseki-verify --pin "$S/evidence.2/log" "$S/evidence.2"
is 'its folder is that of the logs' \
    "$(stat -c %U "$S/evidence.2" "$S/evidence.2/log" | sort -u)" "$site_user"
is 'its keys are nobody else'"'"'s' "$(stat -c %a "$S/keys/evidence.2")" 700

# --- it stays in force, and is recovered as any log is ---
site_start
send four
is 'after another start it goes on' "$(messages tcp | tr '\n' ' ')" \
    '<13>three <13>four '
is 'the break is told once' "$(records g1 | grep -c log-break)" 1
like 'konseki status says that there was one before' \
    "$(konseki status --site "$S")" 'follows: *1 before it'
is 'no other was made' "$(ls -d "$S"/evidence.[3-9] 2>/dev/null)" ''
site_stop

# --- the signer's state set back ---
cp -Rp "$S/keys/evidence.2" "$T/old-keys"
site_start
send five
site_stop
rm -r "$S/keys/evidence.2"
cp -Rp "$T/old-keys" "$S/keys/evidence.2"
site_start
send six
is 'a signer that was set back signs no second history' \
    "$(messages tcp)" '<13>six'
like 'the successor says why' "$(records g1)" \
    'kind=log-break .*origin=test.example/evidence/2 .*found=.*set%20back'
site_stop
ok 'the log before it still holds' konseki-verify "$S/evidence.2"
ok 'and so does the new one' konseki-verify "$S/evidence.3"

# --- a log whose manifest was changed ---
# An unreadable seal is no reason to lose what comes.
printf 'x' >>"$S/evidence.3/epochs"
segment=$(find "$S/evidence.3/segments" -name '*.gz')
flip "$segment" 200
site_start
send seven
is 'a damaged log is followed too' "$(messages tcp)" '<13>seven'
site_stop
konseki-verify "$S/evidence.3" >/dev/null
is 'and is found damaged by the verifier' $? 1

# --- what the analyzer reads ---
konseki show --site "$S" --all --source tcp --messages >"$T/all" 2>"$T/all.err"
is 'all generations are read in order, but for the damaged one' "$(tr '\n' ' ' <"$T/all")" \
    '<13>one <13>three <13>four <13>five <13>seven '
like 'with a word on what could not be' "$(cat "$T/all.err")" 'evidence.3'

# --- new keys after an incident ---
ok 'new keys need a reason' ! konseki-collector --site "$S" --rekey evidence
ok 'and a log that there is' ! konseki-collector --site "$S" --rekey evidenz \
    --reason 'the server was taken over'
site_start
ok 'and a collector that is stopped' ! konseki-collector --site "$S" \
    --rekey casebook --reason 'the server was taken over'
site_stop
ok 'then they are made' konseki-collector --site "$S" --rekey casebook \
    --reason 'the server was taken over'
site_start
like 'the successor says why' "$(records o1 casebook)" \
    'action=rekey at=[0-9]+ reason=the%20server%20was%20taken%20over'
site_stop
ok 'the log before holds' konseki-verify "$S/casebook"
ok 'and so does the new one' konseki-verify "$S/casebook.2"

# --- epochs that end ---
rm -rf "$S" # a new site
site_height=1
echo "$listeners" | sed '1i\
# epochs of fifteen seconds' | site_make
sed -i 's/epoch_height: 1}/epoch_height: 1, epoch_s: 15}/' "$S/konseki.yml"
rm -r "$S/evidence" "$S/casebook" "$S/keys"
konseki init --site "$S" >/dev/null 2>&1
site_start
start stream python3 -c '
import socket, sys, time, os
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
n = 0
while not os.path.exists(sys.argv[2]) and n < 30000:
    s.sendall(b"<13>line %d\n" % n)
    n += 1
    time.sleep(0.002)
s.close()
print(n)
' "$(port tcp)" "$T/enough"
stream=$pid
wait_for 'test -e "$S/evidence.2/log" && test -e "$S/casebook.2/log"' 45
tap $? 'when the last epoch begins successors come into force'
wait_for 'received tcp | grep -qv "^0$"'
is 'nobody was alarmed' "$(grep -c ALARM "$T/collector.err")" 0
: >"$T/enough"
wait_for '! running $stream'
n=$(cat "$T/stream.out")
wait_for 'konseki show --site "$S" --all --messages |
    grep -qx "<13>line $((n - 1))"' 20
site_stop
konseki show --site "$S" --all --source tcp --messages >"$T/all"
seq 0 $((n - 1)) | sed 's/^/<13>line /' >"$T/want"
same 'no line is lost and none is twice' "$T/all" "$T/want"
ok 'the old log has some of them' sh -c \
    'konseki show "$1/evidence" --messages | grep -q "<13>line"' - "$S"
old=$(konseki show "$S/evidence" | awk '$3 == "o1"')
like 'the old log certifies the keys of the new one' "$old" \
    "action=successor origin=test.example/evidence/2 key=test.example/evidence/2%?[^ ]* height=1"
like 'and its very description' "$old" \
    "sha256=$(sha256sum "$S/evidence.2/log" | cut -d ' ' -f 1)"
like 'the new log names the old one' \
    "$(konseki show "$S/evidence.2" | awk '$3 == "b1"')" \
    'successor=test.example/evidence why=renewal size=[1-9]'
for log in evidence casebook; do
	ok "$log: the first generation ends whole" \
	    konseki-verify "$S/$log"
	ok "$log: the second one holds" konseki-verify "$S/$log.2"
done
is 'the old keys are destroyed' "$(seeds '')" 2
is 'nothing is taken for lost' "$(records g1)" ''
