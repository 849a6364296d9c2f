#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody makes a log of his own and puts it, or parts of it, in the place of
# ours: everything in it fits, under our name, but it is not by the keys that
# were pinned. So with single keys and signature lines. Without a pin the
# verifier says that it could not know.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
plan 13

attack_mklog 200 2
MKLOG_USEC=1000000 "$builddir/tests/system/mklog" "$T/his" "$T/his-keys" \
    200 2 || exit 99
k=$(basename "$(find "$T/log/checkpoints" -type f | sort | head -n 1)")

attack 'all of the log' 'rm -r * && cp -Rp "$T/his/." .' 1 'log'
konseki-verify --lang en "$T/x" >"$T/said" 2>&1
verdict=$?
verdict 'without a pin it holds, and that is said' 0 'not pinned'
attack 'all but the description' 'rm -r * && cp -Rp "$T/his/." . &&
	cp "$T/pin" log' 1 '(checkpoint|segments|epochs)'
attack 'the description' 'cp "$T/his/log" log' 1 'log'
attack 'the key in the description' \
    'sed -i "s|^key.*|$(grep ^key "$T/his/log")|" log' 1 'log'
attack 'the root of the epochs in the description' \
    'sed -i "s/^epochs.*/$(grep ^epochs "$T/his/log")/" log' 1 'log'
attack 'the keys of the epochs' 'cp "$T/his/epochs" epochs' 1 'epochs'
attack 'one of them' '{ head -n 1 "$T/his/epochs"; sed 1d "$T/log/epochs"; } \
	>epochs' 1 'epochs'
attack 'the newest checkpoint' 'cp "$T/his/checkpoint" checkpoint' 1 'checkpoint'
attack 'a kept one' 'cp "$T/his/checkpoints/$k" checkpoints/$k' \
    1 'checkpoints/'
attack 'the log line alone' '{ sed 5,6d checkpoint;
	sed -n 5p "$T/his/checkpoint"; sed -n 6p "$T/log/checkpoint"; } >new &&
	mv new checkpoint' 1 'checkpoint'
attack 'no line of the epoch' 'sed -i 6d checkpoint' 1 'checkpoint'
attack 'the two lines exchanged' 'sed -i "5{h;d};6{G}" checkpoint' 1 'checkpoint'
