#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody takes out what incriminates him: a record, all of a connection, a
# seal, the end of an epoch, a whole segment, an hour. Numbers and links are
# made to fit where that can be done. The verifier misses it each time.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 14

attack_site
attack 'a record' '"$relog" -f . drop=m2' 1 'segments/'
attack 'with all links computed anew' '"$relog" . drop=m2' \
    1 '(segments|checkpoints)'
attack 'with the keys of the machine' '"$relog" -k "$T/keys" . drop=m2' \
    1 'checkpoints/'
d=$(record_at d1 3) # the definition of the second connection
attack 'all of a connection' "\"\$relog\" -f . drop=$d drop=$d drop=$d drop=$d" \
    1 'segments/'
attack 'with the keys of the machine' \
    "\"\$relog\" -k \"\$T/keys\" . drop=$d drop=$d drop=$d drop=$d" \
    1 'checkpoints/'
s=$(record_at s1 2)
attack 'a seal' "\"\$relog\" . drop=$s" 1 '(segments|checkpoints)/'
b=$(record_at b1 2)
attack 'a start' "\"\$relog\" . drop=$b" 1 '(segments|checkpoints)'
stop "$collector"

rm -rf "$T/log" "$T/keys"
attack_mklog 300 3
attack 'a segment in the middle' 'rm segments/*/$second.ev1.gz' \
    1 '(segments|manifests|log)'
attack 'with its manifest' \
    'rm segments/*/$second.ev1.gz manifests/000000000001' \
    1 '(segments|manifests|log)'
attack 'the first segment' 'rm segments/*/000000000000.ev1.gz' 1 '(segments|manifests)'
attack 'all segments' 'rm -r segments/*' 1 '(segments|checkpoint)'
attack 'a manifest' 'rm manifests/000000000000' 1 'manifests'
attack 'the final checkpoint of an epoch' 'rm checkpoints/$final' \
    1 'checkpoints'
attack 'an epoch in its file' 'sed -i 2d epochs' 1 'epochs'
