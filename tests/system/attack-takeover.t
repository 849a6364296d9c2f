#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody takes the machine over while it runs and finds all keys of that
# moment: that of the log, that of the epoch in use, the seeds of all to come.
# The keys of the epochs that ended are not among them, so what he makes of the
# past is refused, whatever he signs it with. What he can do is shown too:
# within the epoch in use he can rewrite, and afterwards write what he likes;
# only an anchor outside limits that.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 18

attack_site
cp "$T/log/checkpoint" "$T/anchor"
cp "$T/log/checkpoints/$kept" "$T/anchor-1" # the end of epoch 1

# --- what he has ---
"$relog" -l "$T/keys" >"$T/can"
cut -d ' ' -f 2 "$T/log/epochs" >"$T/used"
is 'he has the key of the epoch in use and of all to come' \
    "$(wc -l <"$T/can")" 62
is 'it is that of the log' "$(head -n 1 "$T/can")" "$(sed -n 3p "$T/used")"
is 'and no key of an epoch that ended' \
    "$(head -n 2 "$T/used" | grep -cxF -f "$T/can")" 0

# --- the past ---
with='"$relog" -k "$T/keys"'
for edit in alter drop insert swap rx; do
	attack "$edit: a record of the first epoch" "$with . $edit=m0:1" \
	    1 '(checkpoints|segments)'
done
attack 'a record of the epoch before' "$with . alter=m3" \
    1 "checkpoints/$kept"
attack 'with the key of now called by its name' "$with . alter=m3 &&
	sed -i 's|evidence/e1 |evidence/e2 |' checkpoints/$kept" \
    1 "checkpoints/$kept"
attack 'with its kept checkpoint removed' "$with . alter=m3 &&
	rm checkpoints/$kept" 1 'checkpoints'
attack 'with the signature of then' "$with . alter=m3 &&
	cp '$T/anchor-1' checkpoints/$kept" 1 '(checkpoints|segments)'
# All past epochs left out, so that none of their keys is asked for. Numbers
# follow each other, so that some are missing must show.
attack 'as if there had been no epoch before' \
    "$with -s . alter=m0" 1 'epoch'
attack 'which an anchor refutes in any case' "$with -s . alter=m0" \
    1 'anchor' --anchor "$T/anchor-1"

# --- what he can ---
attack 'in the epoch in use he can rewrite' "$with . alter=m5" \
    0 'no outside anchor'
attack 'if there is no anchor of it' "$with . alter=m5" \
    1 'anchor' --anchor "$T/anchor"
attack 'an anchor of before does not help' "$with . alter=m5" \
    0 'INTACT' --anchor "$T/anchor-1"
attack_send 'he lets the collector write what he likes'
stop "$collector"
judge "$S/evidence" --anchor "$T/anchor"
verdict 'after it what he writes is accepted, and that is said' 0 \
    'anything after the machine was taken over'
