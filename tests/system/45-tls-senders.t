#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The relays that hospitals have forward with certificates of their own, as
# docs/site.md tells people to set them up: rsyslog (omfwd, OpenSSL's driver and
# GnuTLS's), syslog-ng (syslog() and network()). Each 2,000 messages: all are
# there, in order, byte for byte, and the evidence says who sent them. An
# rsyslog with a certificate of nobody's gets nothing in, and the evidence says
# that it tried.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tls.sh"
PATH=$PATH:/usr/sbin
command -v rsyslogd >/dev/null || skip_all 'no rsyslogd'
plan 15
usr=$builddir/peers/syslog-ng-core/usr

certificates
authority clinic
client clinic relay1 DNS:relay1.example.jp
client clinic relay2 DNS:relay2.example.jp
selfsigned nobody
cp "$P/clinic.pem" "$S/tls/clients.pem"
tls='transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem'
tls="$tls, client_ca: tls/clients.pem, client_names: ['*.example.jp']"
site_make <<END
listeners:
  - {name: ossl, $tls}
  - {name: gtls, $tls}
  - {name: ng, $tls}
  - {name: ng-lines, $tls}
  - {name: stranger, $tls}
END
site_start

n=2000
awk -v n=$n 'BEGIN { for (i = 1; i <= n; i++)
	printf "No.%d 電子カルテ 操作=参照 %0*d\n", i, i % 400 + 1, i }' \
    >"$T/in.log"

# forward NAME DRIVER CERTIFICATE: an rsyslog that sends in.log there.
forward() {
	cat >"$T/$1.conf" <<-END
	global(workDirectory="$T" net.enableDNS="off"
	    defaultNetstreamDriverCAFile="$T/ca.pem"
	    defaultNetstreamDriverCertFile="$P/$3.pem"
	    defaultNetstreamDriverKeyFile="$P/$3.key")
	module(load="imfile" mode="inotify")
	template(name="t" type="string" string="<134>1 - host app - - - %msg%")
	input(type="imfile" file="$T/in.log" tag="app:" ruleset="out"
	    reopenOnTruncate="off")
	ruleset(name="out") {
	action(type="omfwd" template="t" target="127.0.0.1" port="$(port "$1")"
	    protocol="tcp" TCP_Framing="octet-counted"
	    streamDriver="$2" streamDriverMode="1"
	    streamDriverAuthMode="x509/name"
	    streamDriverPermittedPeers="collector.test"
	    action.resumeRetryCount="-1" action.resumeInterval="1")
	}
	END
	mkdir -p "$T/$1.work"
	sed -i "s|workDirectory=\"$T\"|workDirectory=\"$T/$1.work\"|" "$T/$1.conf"
	start "$1" rsyslogd -n -f "$T/$1.conf" -i "$T/$1.pid"
}
# arrived NAME WHAT CERTIFICATE: two checks of what a sender sent.
arrived() {
	wait_received "$1" $n 60
	messages "$1" >"$T/$1.got"
	# syslog-ng ends a counted message with a line end.
	sed 's/^.* - - - //; /^$/d' "$T/$1.got" >"$T/$1.text"
	same "$2: every message is there, in order" "$T/$1.text" "$T/in.log"
	like "$2: and the evidence says who sent them" "$(records d1)" \
	    "listener=$1 .* tls=$(hash "$3") name=CN=$3 .* san=[*].example.jp"
}

have() {
	[ -n "$(find /usr/lib -name "lmnsd_$1.so" 2>/dev/null | head -n 1)" ]
}
if have ossl; then
	forward ossl ossl relay1
	rsyslog=$pid
	arrived ossl rsyslog relay1
	stop "$rsyslog"
	forward stranger ossl nobody
	rsyslog=$pid
	refused 'a certificate of nobody is refused' stranger unknown-ca nobody
	stop "$rsyslog"
	is 'and nothing of it is a record' "$(messages stranger 2>/dev/null)" \
	    ''
else
	skip 4 'no rsyslog-openssl'
fi
if have gtls; then
	forward gtls gtls relay2
	rsyslog=$pid
	arrived gtls 'rsyslog by GnuTLS' relay2
	stop "$rsyslog"
else
	skip 2 'no rsyslog-gnutls'
fi

core=$(find "$usr/lib" -name 'libsyslog-ng-*.so.0' 2>/dev/null | head -n 1)
modules=$(find "$usr/lib" -name libafsocket.so 2>/dev/null | head -n 1)
version=$(echo "$core" | sed -n 's/.*libsyslog-ng-\([0-9.]*\)\.so.*/\1/p')
syslog_ng() {
	LD_LIBRARY_PATH=${core%/*} SYSLOGNG_PREFIX=$usr "$usr/sbin/syslog-ng" \
	    --module-path "${modules%/*}" "$@"
}
cat >"$T/ng.conf" <<END
@version: $version
options { use-dns(no); keep-hostname(yes); stats-freq(0); create-dirs(yes); };
source s { file("$T/in.log" flags(no-parse) follow-freq(1) log-iw-size(10000)); };
destination counted { syslog("127.0.0.1" port($(port ng)) transport("tls")
    template("<134>1 - host app - - - \${MSG}")
    tls(ca-file("$T/ca.pem") key-file("$P/relay1.key")
        cert-file("$P/relay1.pem") peer-verify(required-trusted)
        trusted-dn("CN=collector.test"))); };
destination lines { network("127.0.0.1" port($(port ng-lines)) transport("tls")
    template("<134>1 - host app - - - \${MSG}\\n")
    tls(ca-file("$T/ca.pem") key-file("$P/relay2.key")
        cert-file("$P/relay2.pem") peer-verify(required-trusted))); };
log { source(s); destination(counted); destination(lines); flags(flow-control); };
END
if [ -n "$core" ] && [ -n "$modules" ] &&
    syslog_ng -s -f "$T/ng.conf" -R "$T/ng.persist" >"$T/ng.err" 2>&1; then
	export LD_LIBRARY_PATH="${core%/*}" SYSLOGNG_PREFIX="$usr"
	start syslog-ng "$usr/sbin/syslog-ng" --module-path "${modules%/*}" \
	    -F --no-caps -f "$T/ng.conf" -R "$T/ng.persist" -p "$T/ng.pid" \
	    -c "$T/ng.ctl"
	ng=$pid
	unset LD_LIBRARY_PATH SYSLOGNG_PREFIX
	arrived ng 'syslog-ng, counted' relay1
	arrived ng-lines 'syslog-ng, lines' relay2
	is 'as RFC 5425 wants it' "$(records d1 |
	    sed -n 's/.*listener=ng .*framing=\([a-z]*\) .*/\1/p' | sort -u)" octet
	stop "$ng"
else
	diag "$(head -n 3 "$T/ng.err" 2>/dev/null)"
	skip 5 'no syslog-ng'
fi
is 'nothing was lost on the way' \
    "$(records g1 | grep -vc 'listener=stranger')" 0
site_stop
verified
