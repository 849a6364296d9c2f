#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A second collector is started on the same log, with the same site and with
# one of its own that names the same folder; then the lock is removed under the
# first one. Only one writes, nothing is mixed, and the log stays whole.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 8

attack_site
second() {
	timeout 20 konseki-collector --site "$1" --foreground >"$T/second" 2>&1
}
second "$S"
is 'a second collector of the site ends' $? 1
like 'and says why' "$(cat "$T/second")" '(runs|lock|in use|another)'
attack_send 'the first one goes on'

mkdir "$T/other"
sed "s|dir: evidence|dir: $S/evidence|" "$S/konseki.yml" >"$T/other/konseki.yml"
cp -Rp "$S/keys" "$T/other/keys"
[ "$(id -u)" != 0 ] || chown -R "$site_user" "$T/other"
cp -Rp "$S/casebook" "$T/other/casebook"
second "$T/other"
is 'nor does one of another site with copies of the keys' $? 1
like 'it says that the log is in use' "$(cat "$T/second")" \
    '(running|lock|in use|another)'
attack_send 'and goes on'

# Somebody who removes the lock has the keys' lock against him.
rm "$S/evidence/lock"
second "$S"
is 'without the lock a second one ends as well' $? 1
attack_send 'and on'
site_stop
attack_take
judge "$S/evidence"
verdict 'the log is whole' 0 'INTACT'
is 'and has what was sent, once each' \
    "$(messages tcp | sort | uniq -d | wc -l) $(messages tcp | wc -l)" '0 9'
