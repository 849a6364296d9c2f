#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody cuts off the end: the bytes of a file, the last segment, the newest
# seals. With the checkpoint in place it is seen at once (a byte that belongs to
# no record passes for a torn write). If an older checkpoint
# is put in its place, the log is one that was sealed once: that it went on is
# told by whoever kept a newer checkpoint, and by the collector's signer.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 13

attack_site
cp "$T/log/checkpoint" "$T/anchor"
attack 'one byte' 'truncate -s -1 "$(find segments -name "*.gz")"' 2 'segments/'
attack 'a hundred' 'truncate -s -100 "$(find segments -name "*.gz")"' \
    1 'segments/'
attack 'all bytes' 'truncate -s 0 "$(find segments -name "*.gz")"' 1 'segments/'
attack 'all from a record on' '"$relog" -f . cut=m5' 1 'segments/'
attack 'the newest epoch' '"$relog" -f . cut=$size1' 1 'segments/'
attack 'with the kept checkpoint of that size as the newest' '
	"$relog" -f . cut=$size1 && cp checkpoints/$kept checkpoint' \
    0 'no outside anchor'
older='"$relog" -f . cut=$size1 && cp checkpoints/$kept checkpoint &&
	sed -i "\$d" epochs'
attack 'with its epoch forgotten it is the log of then' "$older" \
    0 'no outside anchor'
attack 'but not for who kept a newer checkpoint' "$older" \
    1 'checkpoint' --anchor "$T/anchor"
site_kill
wait_for 'flock -n "$S/evidence/lock" true'
(cd "$S/evidence" && eval "$older") >"$T/out" 2>&1
cp "$S/evidence/checkpoint" "$T/cut"
site_start
like 'the collector does not go on with it' "$(cat "$T/collector.err")" \
    "ALARM: log 'evidence' is not as it was signed"
same 'nor change it' "$S/evidence/checkpoint" "$T/cut"
stop "$collector"

rm -rf "$T/log" "$T/keys"
attack_mklog 300 3
attack 'the last segment' 'rm segments/*/$third.ev1.gz' 1 '(segments|log)'
attack 'a closed segment' 'truncate -s -20 segments/*/$second.ev1.gz' \
    1 "segments/.*/$second"
attack 'the checkpoint' 'rm checkpoint' 1 'checkpoint'
