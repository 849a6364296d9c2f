#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The units that come with konseki are ones that systemd understands, wholly,
# and give up what the programs do not need: by systemd's own count of what a
# service is exposed to, witness and watch to little, the collector, which
# begins as root, to no more than such a one must. They name the programs where
# they are installed.
. "${srcdir:-.}/tests/lib.sh"
plan 17

for unit in collector watch witness; do
	file=$builddir/packaging/systemd/konseki-$unit.service
	cp "$file" "$T/"
	like "$unit: the program is where it is installed" \
	    "$(sed -n 's/^ExecStart=//p' "$file")" '^/[^ ]*/bin/konseki'
	is 'no word is left to be filled in' "$(grep -c '@[a-z]*@' "$file")" 0
	is 'no core is dumped' "$(grep -c '^LimitCORE=0' "$file")" 1
	is 'and no privilege gained' "$(grep -c '^NoNewPrivileges=yes' "$file")" 1
done
like 'the collector tells that it is ready and alive' \
    "$(grep -E '^(Type|WatchdogSec)=' "$T/konseki-collector.service" | tr '\n' ' ')" \
    '^Type=notify WatchdogSec=[0-9]+ $'
if ! command -v systemd-analyze >/dev/null ||
    ! systemd-analyze security --help 2>/dev/null | grep -q -e --offline; then
	skip 4 'no systemd-analyze that can do this'
	exit
fi
# What is installed elsewhere is not there to be looked at.
sed -i 's|^ExecStart=.*|ExecStart=/bin/true|; s|^ExecReload=.*|ExecReload=/bin/true|; /^Documentation=/d; /^User=/d; /^Group=/d' \
    "$T"/*.service
is 'systemd understands all of them' "$(systemd-analyze verify "$T"/*.service 2>&1 |
    grep -F "$T")" ''
# exposure UNIT: tenths, of 100; the lines above took nothing but the account.
exposure() {
	cp "$builddir/packaging/systemd/konseki-$1.service" "$T/"
	systemd-analyze security --offline=true --no-pager \
	    "$T/konseki-$1.service" 2>/dev/null |
	    sed -n 's/.*exposure level for .*: \([0-9]*\)\.\([0-9]\).*/\1\2/p'
}
for unit in watch:15 witness:15 collector:45; do
	most=${unit#*:} unit=${unit%:*} got=$(exposure "${unit%:*}")
	ok "the $unit is exposed to at most $most tenths (${got:-unknown})" \
	    [ "${got:-100}" -le "$most" ]
done
