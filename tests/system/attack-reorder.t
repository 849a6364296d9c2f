#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody exchanges records, so that the effect comes before the cause: two
# neighbours, over a seal, in a closed segment, two seals.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 8

attack_site
attack 'two records of a connection' '"$relog" -f . swap=m2' 1 'segments/'
attack 'with all links computed anew' '"$relog" . swap=m2' 1 'segments/'
attack 'with the keys of the machine' '"$relog" -k "$T/keys" . swap=m2' \
    1 'checkpoints/'
n=$(record_at s1 2)
attack 'two seals' "\"\$relog\" . swap=$n" 1 '(segments|checkpoints)/'
attack 'a record and the seal over it' "\"\$relog\" . swap=$((n - 1))" \
    1 '(segments|checkpoints)/'
stop "$collector"

rm -rf "$T/log" "$T/keys"
attack_mklog 300 3
attack 'in a closed segment' '"$relog" -f . swap=m20' 1 '(manifests|segments)/'
attack 'with its manifest and all links' '"$relog" . swap=m20' \
    1 'segments/.*/000000000000'
attack 'two lines of epochs' 'sed -i "2{h;d};3{G}" epochs' 1 'epochs'
