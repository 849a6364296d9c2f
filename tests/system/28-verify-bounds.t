#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Whoever must be stopped from proving something need not forge: a file that
# makes the verifier crash, wait for ever or eat the memory would do. So each kind
# of file of a log and of a package is cut, enlarged to 2 GB, exchanged, renamed,
# replaced by a link, a FIFO, a folder, a device, and made a bomb: the verdict is
# one of the four, it names a file, and comes within 20 seconds and 64 MiB. What
# is done, and where "intact" is a right answer, stands in bounds.py.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tsa.sh"
command -v python3 >/dev/null || skip_all 'no python3'
bounds=$srcdir/tests/system/bounds.py
plan "$(python3 "$bounds" count)"

# A log of three closed segments and an open one, with tokens; packages of it; the
# log that follows it. All by the programs that a hospital runs.
certificates
tsa_make >"$T/openssl.err" 2>&1 || diag "$(cat "$T/openssl.err")"
echo good >"$A/mode"
start tsa python3 "$srcdir/tests/system/tsa.py" "$A"
wait_for '[ -s "$T/tsa.out" ]'
site_make <<END
anchor: {tsa: [{url: "http://127.0.0.1:$(cat "$T/tsa.out")/", ca: $A/ca.pem, every_s: 1}]}
handover: {certificate: $S/tls/cert.pem, key: $S/tls/key.pem}
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
seal() {	# seal NAME ARGUMENT...: a package $T/NAME
	seal_name=$1
	shift
	konseki seal --site "$S" --for Police --why x --authority y \
	    --output "$T/out-$seal_name" "$@" >"$T/made" 2>&1 ||
	    { diag "$(cat "$T/made")"; exit 99; }
	mv "$T/out-$seal_name/"test*[0-9] "$T/$seal_name"
}
for round in 1 2 3; do
	seq 1 200 | sed "s/^/<13>line $round /" >"$T/in"
	konseki import --site "$S" "$T/in" >/dev/null
	wait_for "[ \"\$(records t1 | wc -l)\" -ge $round ]" 30 || exit 99
	case $round in
	1) seal first ;;
	2) seal whole ;;
	esac
done
seal part --level excerpt --withhold 1
stop "$collector"
cp -R "$S/evidence" "$T/log"
konseki-collector --site "$S" --rekey evidence --reason test 2>"$T/err" ||
    { diag "$(cat "$T/err")"; exit 99; }
site_start
wait_for '[ "$(records t1 | wc -l)" -ge 1 ]' 30 || exit 99
stop "$collector"
cp -R "$S/evidence.2" "$T/next"
cp "$T/log/log" "$T/pin"
cp "$T/next/log" "$T/next.pin"
cp "$S/handover/evidence.vkey" "$T/vkey"
truncate -s 4096 "$T/log/reserve" "$T/next/reserve" # it is copied often

sanitized=
! grep -q __asan_init "$builddir/konseki-verify" || sanitized=sanitized
python3 "$bounds" run "$T" "$builddir/konseki-verify" $sanitized \
    >"$T/cases" 2>"$T/err" || diag "$(cat "$T/err")"
while read -r line; do
	case $line in
	'ok '*) tap 0 "${line#ok }" ;;
	'not ok '*) tap 1 "${line#not ok }" ;;
	*) echo "$line" ;;
	esac
done <"$T/cases"
