#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody changes what was received: first in the file alone, then with all
# that can be computed without a key made to fit, then with the keys of the
# machine. Each time the verifier says that the log was tampered with, and
# where. So it does for a change of a record that the collector wrote itself,
# and of a time of receipt by a millisecond.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 17

# --- the log of a collector, one open segment ---
attack_site
attack 'a byte of the compressed file' '
	f=$(find segments -name "*.gz")
	flip "$f" 300' \
    1 'segments/.*gz'
attack 'a record, deflated and summed anew' '"$relog" -f . alter=m2' \
    1 'segments/.*record (1[5-9]|2[0-9])'
attack 'with all links computed anew' '"$relog" . alter=m2' \
    1 'segments/.*record (1[1-9]|2[0-9])'
attack 'with the keys of the machine' '"$relog" -k "$T/keys" . alter=m2' \
    1 "checkpoints/$kept"
attack 'a millisecond of its time of receipt' \
    '"$relog" -k "$T/keys" . rx=m2:1000' 1 "checkpoints/$kept"
n=$(record_at s1 2)
attack 'a seal' "\"\$relog\" -f . alter=$n" 1 'segments/'
attack 'the start of the collector' \
    "\"\$relog\" -f . alter=$(record_at b1 1)" 1 'segments/'
attack 'who sent it' "\"\$relog\" -f . alter=$(record_at d1 1)" 1 'segments/'
attack 'the key of an epoch' "\"\$relog\" -f . alter=$(record_at k1 2)" \
    1 'segments/'
attack 'and that with the keys of the machine' \
    "\"\$relog\" -k \"\$T/keys\" . alter=$(record_at k1 2)" \
    1 '(segments|checkpoints)/'
stop "$collector"

# --- a log of three segments and five epochs ---
rm -rf "$T/log" "$T/keys"
attack_mklog 300 3
attack 'a record of a closed segment' '"$relog" -f . alter=m20' \
    1 '(manifests|segments)/'
attack 'with its manifest and all links' '"$relog" . alter=m20' \
    1 'segments/.*/000000000000'
attack 'a record of the second segment' '"$relog" -f . alter=m150' \
    1 "(manifests/000000000001|segments/.*/$second)"
attack 'with its manifest and all links' '"$relog" . alter=m150' \
    1 "segments/.*/$second"
attack 'a manifest' 'sed -i "s/^time ./time 2/" manifests/000000000001' \
    1 '(manifests|segments)/'
attack 'the root in a checkpoint' \
    'sed -i "3s/^./\/\//; 3s/.=$/=/" checkpoint' 1 'checkpoint'
attack 'the key of an epoch in its file' \
    'sed -i "2s/[A-Za-z0-9]/\/&/; 2s/./&/" epochs' 1 'epochs'
