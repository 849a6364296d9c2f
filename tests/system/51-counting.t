#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# What rules that count make of real lines: passwords guessed at a firewall's
# SSL-VPN and then found, IDs sprayed, an administrator who mistyped, an ID from
# two addresses, accounts locked by Windows. All come by two paths, the second
# backwards, and count once: nine wrong passwords are not eighteen.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 15

KONSEKI_RULES=$srcdir/rules
KONSEKI_SITE=$S
export KONSEKI_RULES KONSEKI_SITE
site_make <<END
site: {name: 見本病院, language: en}
listeners: []
analyzer: {internal: [192.168.0.0/16], vpn: [10.9.0.0/16]}
END
site_start

fw() { # fw TIME FIELDS
	echo "date=2026-11-24 time=$1 devname=\"fw01\" devid=\"FGT60FTK26000001\" tz=\"+0900\" type=\"event\" $2"
}
failed() { # failed TIME USER ADDRESS
	fw "$1" "subtype=\"vpn\" logid=\"0101039426\" level=\"alert\" action=\"ssl-login-fail\" tunneltype=\"ssl-web\" tunnelid=0 remip=$3 tunnelip=(null) user=\"$2\" group=\"N/A\" reason=\"sslvpn_login_permission_denied\" msg=\"SSL user failed to logged in\""
}
came() { # came TIME USER ADDRESS
	fw "$1" "subtype=\"vpn\" logid=\"0101039424\" level=\"information\" action=\"tunnel-up\" tunneltype=\"ssl-web\" remip=$3 tunnelip=(null) user=\"$2\" group=\"vpn\""
}
admin() { # admin TIME failed|success
	fw "$1" "subtype=\"system\" logid=\"010003200$([ "$2" = failed ] && echo 2 || echo 1)\" level=\"information\" action=\"login\" status=\"$2\" user=\"fwadmin\" ui=\"https(192.168.1.9)\" method=\"https\" srcip=192.168.1.9 dstip=192.168.1.1"
}
two() { # two NUMBER: with two digits
	printf '%02d' "$1"
}
{
	i=0
	while [ $i -lt 10 ]; do # guessed, in whatever letters
		failed "10:$(two $i):00" tanaka "203.0.113.1$i"
		i=$((i + 1))
	done
	came 10:30:00 TANAKA 198.51.100.9
	i=0
	while [ $i -lt 9 ]; do # mistyped
		failed "11:$(two $i):00" sato 203.0.113.50
		i=$((i + 1))
	done
	came 11:30:00 sato 203.0.113.50
	i=0
	while [ $i -lt 20 ]; do # sprayed
		failed "12:$(two $i):00" "user$i" 203.0.113.66
		i=$((i + 1))
	done
	for i in 1 2 3 4; do
		admin "13:0$i:00" failed
	done
	admin 13:05:00 success
	came 14:00:00 suzuki 203.0.113.70
	came 14:10:00 suzuki 203.0.113.71
	came 15:00:00 mori 203.0.113.72
	came 15:30:01 mori 203.0.113.73
} >"$T/fw.log"
for i in 1 2 3 4 5; do
	printf '<14>Nov 24 16:0%d:06 DC1 MSWinEventLog\t1\tSecurity\t8%d\tTue Nov 24 16:0%d:05 2026\t4740\tMicrosoft-Windows-Security-Auditing\tN/A\tN/A\tSuccess Audit\tDC1.hosp.example\tUser Account Management\t\tA user account was locked out.    Subject:   Security ID:  S-1-5-18   Account Name:  DC1$   Account Domain:  HOSP   Logon ID:  0x3E7    Account That Was Locked Out:   Security ID:  S-1-5-21-1-2-3-110%d   Account Name:  nurse%d    Additional Information:   Caller Computer Name: WARD3-PC02\t10%d\n' \
	    $i $i $i $i $i $i
done >"$T/dc.log"
for f in fw dc; do
	tac "$T/$f.log" >"$T/$f-back.log"
	konseki import --replay --source $f "$T/$f.log" "$T/$f-back.log" \
	    >>"$T/said" 2>&1 || diag "$(cat "$T/said")"
done
ok 'they are analysed' konseki analyze
konseki analyze --print >"$T/findings"
konseki analyze --print >"$T/again"
site_stop
same 'twice the same' "$T/again" "$T/findings"

keys() { # keys RULE: what its findings are about
	grep "\"rule\":\"$1\"" "$T/findings" |
	    sed 's/.*"key":"\([^"]*\)".*/\1/' | sort | tr '\n' ' '
}
is 'a password was guessed, in whatever letters' "$(keys VPN-03)" \
    'user=tanaka '
is 'of an address that had not failed' "$(keys VPN-03-source)" ''
like 'it is said so, with the account and its address' \
    "$(grep '"rule":"VPN-03"' "$T/findings")" \
    'TANAKA.*10:30.*198\.51\.100\.9'
is 'IDs were sprayed' "$(keys VPN-01-spray)" 'source=203.0.113.66 '
is 'ten within ten minutes among them' "$(keys VPN-01)" \
    'source=203.0.113.66 '
is 'nine wrong passwords by two paths are nine' \
    "$(grep -c sato "$T/findings")" 0
is 'four of an administrator too' "$(keys AUTH-03)" ''
is 'an ID came from two addresses, another after half an hour' \
    "$(keys VPN-04)" 'user=suzuki '
is 'accounts were locked' "$(keys AUTH-02)" 'device=dc1.hosp.example '
is 'nothing else was counted' \
    "$(grep -cE '"rule":"(VPN-01-account|VPN-08-again|AUTH-01|AUTH-01-hosts|AUTH-05|ADM-06|ACC-07-terminals|EMR-03-floor)"' "$T/findings")" 0
cites() { # cites RULE KEY: records in all, and how many are named
	grep "\"rule\":\"$1\"" "$T/findings" | grep "\"key\":\"$2\"" |
	    sed 's/.*"evidence":\[\([^]]*\)\],"evidence_n":\([0-9]*\).*/\2 \1/' |
	    awk '{ print $1, gsub(/"leaf"/, "") }'
}
is 'the failures and the success are cited, not the success alone' \
    "$(cites VPN-03 user=tanaka)" '11 11'
is 'and all twenty that were sprayed' \
    "$(cites VPN-01-spray source=203.0.113.66)" '20 20'
