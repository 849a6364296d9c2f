#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Logs and keys are made once. A second init changes no byte; a log that is new
# in the configuration is made beside the others. The pin that init prints is
# the one that proves the log.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 16

site_make </dev/null
is 'a pin for each log' "$(grep -c '^origin test.example/' "$T/pins")" 2
if [ "$(id -u)" = 0 ]; then
	is 'whoever is in the group writes reports' \
	    "$(stat -c '%G %a' "$S/reports")" "$site_group 2770"
else
	skip 1 'one account holds all'
fi
like 'with the root of its epoch keys' "$(cat "$T/pins")" \
    '^epochs 6 600 [0-9a-f]{64}$'
is 'the keys are nobody else'"'"'s' "$(stat -c %a "$S/keys")" 700
sed -n '/evidence\/log$/,/^created/p' "$T/pins" | sed 1d >"$T/pin"
same 'what is printed is the log file' "$T/pin" "$S/evidence/log"
is 'the public hand-over key is printed' \
    "$(sed -n '/handover\/evidence.vkey$/{n;p;}' "$T/pins")" \
    "$(cat "$S/handover/evidence.vkey")"
is 'the private one is for the group' \
    "$(stat -c %a "$S/handover/evidence.key")" 640

(cd "$S" && find . -type f -exec sha256sum {} + | sort) >"$T/before"
ok 'a second init ends with an error' ! konseki init --site "$S"
(cd "$S" && find . -type f -exec sha256sum {} + | sort) >"$T/after"
same 'and changes nothing' "$T/before" "$T/after"

rm -r "$S/casebook"
ok 'keys without their log are left alone' ! konseki init --site "$S"
ok 'no log is made with them' [ ! -e "$S/casebook/log" ]
rm -r "$S/keys/casebook"
ok 'without log and keys a log is made again' konseki init --site "$S"
(cd "$S" && find evidence keys/evidence handover/evidence.* -type f -exec sha256sum {} + |
    sort) >"$T/after"
sed 's| \./| |' "$T/before" | grep evidence | sort >"$T/evidence"
same 'and the other is as it was' "$T/evidence" "$T/after"

ok 'a height of 0 is refused' ! konseki init --site "$S" --epoch-height 0
ok 'and one of 21' ! konseki init --site "$S" --epoch-height 21
rm -r "$S/casebook" "$S/keys/casebook"
konseki init --site "$S" --epoch-height 3 >"$T/pins" 2>/dev/null
like 'one in between is taken' "$(cat "$T/pins")" '^epochs 3 600 '
