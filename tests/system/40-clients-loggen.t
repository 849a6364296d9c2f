#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# syslog-ng's loggen sends over UDP, over several TCP connections at once, and
# over TLS. Its messages carry a number for each connection: none is missing,
# none is there twice, and those of a connection stand in order. A file that it
# sends as it is comes out as it is.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
peer=$builddir/peers/syslog-ng-core/usr
[ -x "$peer/bin/loggen" ] || skip_all "no $peer/bin/loggen"
libraries=$(find "$peer/lib" -name 'libloggen_helper*' | head -n 1)
unpacked() {
	LD_LIBRARY_PATH=${libraries%/*} SYSLOGNG_PREFIX=$peer \
	    "$peer/bin/loggen" "$@"
}
unpacked --help >"$T/loggen.out" 2>&1
grep -q help-socket-plugin "$T/loggen.out" ||
    skip_all "loggen does not run: $(head -n 1 "$T/loggen.out")"
plan 16

certificates
site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: file, transport: tcp, address: 127.0.0.1, port: 0}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
site_start

# loggen LISTENER OPTION...
loggen() {
	loggen_to=$(port "$1")
	shift
	unpacked --quiet "$@" 127.0.0.1 "$loggen_to" \
	    >>"$T/loggen.out" 2>&1 || diag "loggen: $(tail -n 3 "$T/loggen.out")"
}

# numbers LISTENER: "connection n first last" of each, "wrong" for what is out
# of order.
numbers() {
	konseki show --site "$S" --source "$1" --stream "$2" --messages |
	    sed -n 's/.*seq: 0*\([0-9][0-9]*\), thread: \([0-9]*\),.*/\2 \1/p' |
	    awk '{ if ($2 != n[$1] + 0) print "wrong", $0; n[$1]++ }
		END { for (t in n) print n[t] }'
}
streams() {
	records d1 | sed -n "s/.* d1 stream=\([0-9]*\) .*listener=$1 .*/\1/p"
}

loggen udp --inet --dgram --number 3000 --rate 6000 --size 400
loggen tcp --inet --stream --number 1250 --rate 100000 --size 300 \
    --active-connections 4
loggen tls --use-ssl --number 2500 --rate 100000 --size 600 \
    --active-connections 2 --syslog-proto
awk 'BEGIN { for (i = 1; i <= 3000; i++)
	printf "<134>そのまま %d \\ \"受付\" %0*d\n", i, i % 900, i }' >"$T/file"
loggen file --inet --stream --number 3000 --rate 100000 --read-file "$T/file" \
    --dont-parse
wait_received udp 3000
wait_received tcp 5000
wait_received tls 5000
wait_received file 3000

is 'UDP: all came' "$(received udp)" 3000
s=$(streams udp)
is 'UDP: in order' "$(numbers udp "$s")" 3000
for way in tcp tls; do
	sum=0 wrong=
	for s in $(streams $way); do
		seen=$(numbers $way "$s")
		case $seen in
		*wrong*) wrong="$wrong $s: $seen" ;;
		*) sum=$((sum + seen)) ;;
		esac
	done
	is "$way: each connection's messages are in order" "$wrong" ''
	is "$way: none is missing, none too many" "$sum $(received $way)" \
	    '5000 5000'
done
is 'TCP: in four connections' "$(streams tcp | wc -l)" 4
raw file >"$T/got"
same 'the file is there, byte for byte' "$T/got" "$T/file"
is 'UDP: whole' "$(raw udp | wc -c)" $((3000 * 400))
is 'TCP: whole' "$(raw tcp | wc -c)" $((5000 * 300))
is 'TLS: whole, with counts' "$(raw tls | wc -c)" $((5000 * 604))
is 'TLS: with octet counts' "$(records d1 | grep 'listener=tls' |
    grep -c 'framing=octet')" 2
is 'nothing was lost' "$(records g1)" ''
site_stop
verified
