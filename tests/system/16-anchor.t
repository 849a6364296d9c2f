#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Checkpoints are copied to a folder outside. Somebody puts an old copy of the
# whole log back, keys and all: the verifier sees nothing wrong in the folder
# alone, but with the copy it does; and the collector says so and leaves the
# copy as it is.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 13

mkdir "$T/outside"
[ "$(id -u)" != 0 ] || chown nobody "$T/outside"
site_make <<END
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
anchor: {copy: $T/outside, every_s: 1}
END
site_start
copy=$T/outside/evidence/checkpoint
wait_for '[ -s "$copy" ]'
tap $? 'the newest checkpoint is copied'
site_stop
same 'so is the last' "$copy" "$S/evidence/checkpoint"
is 'and those that the log keeps' "$(ls "$T/outside/evidence/checkpoints")" \
    "$(ls "$S/evidence/checkpoints")"
cp -Rp "$S/evidence" "$T/old"
cp -Rp "$S/keys/evidence" "$T/old-keys"

site_start
konseki import --site "$S" "$srcdir/LICENSE" >/dev/null
site_stop
same 'the copy grows with the log' "$copy" "$S/evidence/checkpoint"
ok 'the log holds against it' konseki-verify --anchor "$copy" "$S/evidence"
cp "$copy" "$T/newest"

rm -r "$S/evidence" "$S/keys/evidence"
cp -Rp "$T/old" "$S/evidence"
cp -Rp "$T/old-keys" "$S/keys/evidence"
ok 'a log that was rolled back whole holds alone' konseki-verify "$S/evidence"
konseki-verify --anchor "$copy" "$S/evidence" >"$T/out"
is 'but not against the copy' "$?" 1
site_start
wait_for 'grep -q "rolled back" "$T/collector.err"'
like 'and the collector says so' "$(cat "$T/collector.err")" \
    "ALARM: it has [0-9]+ records, but its checkpoint at .* [0-9]+: it was"
same 'the copy stays, for it is the proof' "$copy" "$T/newest"
wait_for 'test -s "$T/outside/evidence.2/checkpoint"'
tap $? 'what follows has a copy of its own'
stop "$collector"
same 'and of the old log nothing more was signed' "$S/evidence/checkpoint" \
    "$T/old/checkpoint"
