#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A hospital's firewall log got new keys twice: what it held before lies in two
# older generations.  They are shown, verified, proved and handed over like the
# one in force, by the same names everywhere, and who asks for a time that
# another generation holds is told which.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 14

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
sed -i 's/^  evidence: {/&retention: 30d, /' "$S/konseki.yml"
rm -r "$S/evidence" "$S/keys/evidence"
# Eight segments, a week from one to the next, from 70 days ago on.
now=$(date +%s)
"$builddir/tests/system/mklog" "$S/evidence" "$S/keys/evidence" 400 8 \
    $(((now - 70 * 86400) * 1000000)) 7 || exit 99
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$S/evidence"
rekey() {
	konseki-collector --site "$S" --rekey evidence --reason 'keys were read' \
	    >"$T/rekey" 2>&1 || diag "$(cat "$T/rekey")"
}
for n in second third; do
	echo "<13>1 - host app - - - $n" >"$T/$n"
	rekey
	site_start
	konseki import --site "$S" "$T/$n" >/dev/null
	stop "$collector"
done
site_start

# --- one way to name them ---
show() {
	konseki --lang en show --site "$S" "$@"
}
like 'a name alone is the log in force' "$(show --messages)" ' third$'
like 'NAME.2 is the second' "$(show --log evidence.2)" ' second$'
is 'NAME.1 is the first' "$(show --log evidence.1 | cut -d ' ' -f 5-)" \
    "$(konseki show "$S/evidence" | cut -d ' ' -f 5-)"
like 'NAME.3 is the one in force' "$(show --log evidence.3)" ' third$'
like 'one that is not there' "$(show --log evidence.4 2>&1)" \
    "no log 'evidence.4': 'evidence' has the generations evidence.1 to evidence.3"
like 'or whose number is none' "$(show --log evidence.01 2>&1)" \
    "no log 'evidence.01'"
is 'one with those before it' "$(show --log evidence.2 --all | wc -l)" \
    "$(($(show --log evidence.1 | wc -l) + $(show --log evidence.2 | wc -l)))"
like 'the look at it is recorded under that name' "$(records o1 casebook)" \
    'action=view what=show log=evidence\.1 '
for n in 1 2 3; do
	ok "verify takes the name evidence.$n" konseki verify --site "$S" \
	    --log evidence.$n --pin "$S/evidence$([ $n = 1 ] || echo .$n)/log"
done
konseki prove --site "$S" --log evidence.1 --index 5 --output "$T/proof" \
    2>/dev/null
like 'prove makes a proof of the first' "$(konseki --lang en prove \
    --check "$T/proof" --pin "$S/evidence/log")" \
    '^in the [0-9]+ records of test.example/evidence$'
ok 'which is none of the second' ! konseki prove --check "$T/proof" \
    --pin "$S/evidence.2/log"
site_stop
