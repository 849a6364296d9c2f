#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The whole folder of a log is set back to what it was: an old copy, in which
# everything fits. From the folder alone nobody can tell, and the verifier says
# so. An anchor that was kept outside tells. Then the keys are set back with it,
# as an image of the whole machine would do: the collector goes on, and it is
# again the anchor that convicts it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 10

attack_site
attack_send 'before the anchor'
cp "$S/evidence/checkpoint" "$T/anchor"
attack_send 'after the anchor'
site_stop
judge "$S/evidence"
verdict 'the log as it is' 0 'no outside anchor'
judge "$S/evidence" --anchor "$T/anchor"
verdict 'and with the anchor' 0 'INTACT'
judge "$T/log"
verdict 'the old copy alone' 0 'rollback .* is not excluded'
judge "$T/log" --anchor "$T/anchor"
verdict 'with the anchor it is set back' 1 'checkpoint'

# --- log and keys ---
rm -r "$S/evidence" "$S/keys/evidence"
cp -Rp "$T/log" "$S/evidence"
cp -Rp "$T/keys" "$S/keys/evidence"
site_start
is 'a machine set back as a whole does not know it' \
    "$(grep -c ALARM "$T/collector.err")" 0
attack_send 'another history'
attack_send 'and more of it, so that it is longer than the first one'
site_stop
judge "$S/evidence"
verdict 'what it writes then holds alone' 0 'no outside anchor'
judge "$S/evidence" --anchor "$T/anchor"
verdict 'but not against the anchor' 1 'anchor'
is 'the records that the anchor covers are gone' \
    "$(messages tcp | grep -c 'before the anchor')" 0
