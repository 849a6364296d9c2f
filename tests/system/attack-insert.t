#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody adds a record that was never received: at its place in the past,
# with a fitting time, numbers and links made to fit, and with the keys of the
# machine; and with a time long before that, at the end, where he still may write.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 8

attack_site
cp "$T/log/checkpoint" "$T/anchor"
attack 'in the past' '"$relog" -f . insert=m2' 1 'segments/'
attack 'with all links computed anew' '"$relog" . insert=m2' 1 'segments/'
attack 'with the keys of the machine' '"$relog" -k "$T/keys" . insert=m2' \
    1 'checkpoints/'
attack 'in the first epoch' '"$relog" -k "$T/keys" . insert=m0' \
    1 'checkpoints/'
attack 'now, but of an hour ago' \
    '"$relog" -k "$T/keys" . insert=m5:3600000000' 1 'segments/.*record (2[5-9]|3[0-9])'
attack 'a year ago' \
    '"$relog" -k "$T/keys" . insert=m5:31536000000000' 1 'segments/'
stop "$collector"

rm -rf "$T/log" "$T/keys"
attack_mklog 300 3
attack 'in a closed segment' '"$relog" -f . insert=m20' 1 '(manifests|segments)/'
attack 'with its manifest and all links' '"$relog" . insert=m20' \
    1 '(segments|checkpoints)/'
