#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody doubles the machine and lets each half write a history of its own,
# one for the hospital and one for the inspector. Each log holds for itself. Put
# side by side, two checkpoints by the same keys that do not belong to one
# history convict him: each log is refused with an anchor of the other, whether
# that is of its own size, or of one before.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 11

attack_site
site_kill
wait_for 'flock -n "$S/evidence/lock" true'
cp -Rp "$S" "$T/double"
# grow TEXT: one half goes on and stops.
grow() {
	site_start
	attack_send "$1"
	site_stop
}
grow one
mv "$S" "$T/half" && mv "$T/double" "$S"
grow two
for log in "$S" "$T/half"; do
	judge "$log/evidence"
	verdict 'each half holds alone' 0 'INTACT'
	judge "$log/evidence" --anchor "$log/evidence/checkpoint"
	verdict 'and with an anchor of its own' 0 'INTACT'
done
# The end of epoch 3, which both have, has one size unless one of them idled.
a=$S/evidence b=$T/half/evidence
judge "$a" --anchor "$b/checkpoint"
verdict 'one with the newest anchor of the other' 1 '(anchor|checkpoint)'
judge "$b" --anchor "$a/checkpoint"
verdict 'and the other way round' 1 '(anchor|checkpoint)'

# --- two checkpoints of one size, by the same keys ---
"$relog" -k "$T/keys" "$T/log" alter=m5
cp "$T/log/checkpoint" "$T/forked"
attack_size=$(sed -n 2p "$T/forked")
is 'the two are of one size' "$attack_size" \
    "$(sed -n 2p "$a/checkpoints/$(printf %012d "$attack_size")" 2>/dev/null ||
	echo "$attack_size")"
judge "$T/log"
verdict 'the forged one holds alone' 0 'INTACT'
judge "$a" --anchor "$T/forked"
verdict 'but the history of the collector is another' 1 'anchor'
