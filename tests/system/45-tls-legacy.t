#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# An appliance of 2010 speaks TLS 1.0 with a cipher of its time and has a
# certificate of 1024 bits signed with SHA-1. A listener of its own, of profile
# legacy, takes it: with a warning at each start, and marked in the evidence.
# All others refuse it, and say that version, cipher or certificate is why. And
# when file descriptors run out, those who come to a TLS port wait: none of them
# is ever served in the clear.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/tls.sh"
command -v openssl >/dev/null || skip_all 'no openssl'
command -v python3 >/dev/null || skip_all 'no python3'
plan 26

certificates
authority clinic
# Key and certificate of RSA: old senders know no other.
tls_quiet openssl req -x509 -newkey rsa:2048 -nodes -keyout "$S/tls/rsa.key" \
    -out "$S/tls/rsa.pem" -days 7 -subj /CN=127.0.0.1
tls_quiet openssl req -x509 -newkey rsa:1024 -sha1 -nodes -days 7 \
    -keyout "$P/weakling.key" -out "$P/weakling.pem" -subj /CN=weakling
tls_quiet openssl req -new -newkey rsa:1024 -nodes -keyout "$P/short.key" \
    -out "$P/csr" -subj /CN=short
echo extendedKeyUsage=clientAuth >"$P/ext"
tls_quiet openssl ca -batch -notext -config "$P/clinic.ca/conf" -in "$P/csr" \
    -out "$P/short.pem" -extfile "$P/ext" -days 7 -md sha1
cp "$P/clinic.pem" "$S/tls/clients.pem"
tls='transport: tls, address: 127.0.0.1, port: 0, certificate: tls/rsa.pem, key: tls/rsa.key'
site_make <<END
listeners:
  - {name: modern, $tls}
  - {name: ours, $tls, client_ca: tls/clients.pem}
  - {name: legacy, $tls, tls_profile: legacy}
  - {name: known, $tls, tls_profile: legacy, client_ca: tls/clients.pem}
  - {name: pinned, $tls, tls_profile: legacy, client_fingerprints: ['$(fingerprint weakling)']}
END
site_start
cp "$S/tls/rsa.pem" "$T/ca.pem"
like 'a warning at the start' "$(cat "$T/collector.err")" \
    "warning: listener 'legacy': tls_profile legacy"
is 'for each, and for no other' \
    "$(grep -c 'tls_profile legacy' "$T/collector.err")" 3

# --- what old appliances speak ---
old='-cipher ALL:@SECLEVEL=0'
for v in tls1 tls1_1; do
	# shellcheck disable=SC2086 # options
	say legacy "<134>by $v" '' -$v $old
done
say legacy '<134>by RSA' '' -tls1_2 -cipher AES128-SHA:@SECLEVEL=0
say legacy '<134>by 1.3' ''
wait_received legacy 4
is 'TLS 1.0, 1.1, no forward secrecy, and 1.3 are taken' \
    "$(messages legacy | sort)" '<134>by 1.3
<134>by RSA
<134>by tls1
<134>by tls1_1'
like 'the stream says which it was' "$(records d1)" \
    'listener=legacy .* version=TLSv1 cipher=[^ ]* profile=legacy '
like 'and that the listener allows it' "$(records d1)" \
    'listener=legacy .* version=TLSv1.3 cipher=[^ ]* profile=legacy '
# shellcheck disable=SC2086 # options
say known '<134>short' short -tls1 $old
wait_received known 1
like 'a short key is taken, and named' "$(records d1)" \
    "listener=known .* tls=$(hash short) name=CN=short .*version=TLSv1 "
# shellcheck disable=SC2086 # options
say pinned '<134>weak' weakling -tls1_1 $old
wait_received pinned 1
is 'so is a weak one that is pinned' "$(messages pinned)" '<134>weak'
# shellcheck disable=SC2086 # options
say known '<134>not to be' weakling -tls1 $old
refused 'legacy does not mean that anybody may' known unknown-ca weakling

# --- and what others say of it ---
# shellcheck disable=SC2086 # options
say modern '<134>not to be' '' -tls1_1 $old
refused 'an old version is refused elsewhere' modern version
say modern '<134>not to be' '' -tls1_2 -cipher AES128-SHA:@SECLEVEL=0
refused 'so is an old cipher' modern cipher
say ours '<134>not to be' short -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0
refused 'and a weak certificate' ours weak short
say modern '<134>by 1.2' '' -tls1_2
wait_received modern 1
is 'but TLS 1.2 is taken' "$(messages modern)" '<134>by 1.2'
is 'and not called legacy' \
    "$(records d1 | grep 'listener=modern' | grep -c profile)" 0
is 'nothing of what was refused is there' \
    "$(konseki show --site "$S" --messages | grep -c 'not to be')" 0
site_stop
verified

# --- descriptors run out ---
# Few of them; the first connections take them all.
# shellcheck disable=SC3045 # dash and bash have it
(ulimit -n 48 && exec konseki-collector --site "$S" --foreground) \
    >"$T/collector.out" 2>"$T/collector.err" </dev/null &
collector=$!
tap_pids="$tap_pids $collector"
wait_for 'grep -q "collecting: 5" "$T/collector.err"'
cat >"$T/crowd.py" <<'END'
import socket, ssl, sys
port, ca, n = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False
held = []
for i in range(n):
    s = socket.create_connection(('127.0.0.1', port))
    s.settimeout(2)
    try:
        s = context.wrap_socket(s)
        s.sendall(b'<134>crowd %d\n' % i)
    except (OSError, ssl.SSLError):
        break
    held.append(s)
print(len(held), 'are in', flush=True)
late = []
for i in range(20):
    s = socket.create_connection(('127.0.0.1', port))
    s.sendall(b'<134>in the clear %d\n' % i)
    late.append(s)
print('late ones are there', flush=True)
sys.stdin.readline()
for s in held:
    s.close()
print('room again', flush=True)
for s in late:
    s.settimeout(20)
    try:
        while s.recv(1000):
            pass
    except OSError:
        pass
print('all sent away', flush=True)
END
mkfifo "$T/go"
start crowd sh -c 'exec <"$0"; exec "$@"' "$T/go" python3 "$T/crowd.py" \
    "$(port modern)" "$T/ca.pem" 60
crowd=$pid
exec 3>"$T/go"
wait_for 'grep -q "late ones" "$T/crowd.out"'
in=$(sed -n 's/ are in//p' "$T/crowd.out")
ok "descriptors ran out ($in connections)" [ "$in" -gt 5 -a "$in" -lt 45 ]
wait_for 'records g1 | grep -q kind=accept-deferred'
like 'that connections wait is recorded' "$(records g1)" \
    'kind=accept-deferred stream=- listener=modern'
wait_received modern $((in + 1))
is 'while they wait nothing is taken in the clear' \
    "$(messages modern | grep -c 'in the clear')" 0
echo >&3
exec 3>&-
wait_for 'grep -q "all sent away" "$T/crowd.out"'
wait_for '[ "$(records g1 | grep -c "cause=plain-text")" -ge 20 ]'
is 'nor when there is room again' \
    "$(messages modern | grep -c 'in the clear')" 0
is 'each is refused, and what he said is kept' \
    "$(records g1 | grep -c 'cause=plain-text offset=0 data=<134>in%20the%20clear%20[0-9]*%0A')" 20
is 'the records of those who spoke TLS are there' \
    "$(messages modern | grep -c 'crowd')" "$in"
stop "$crowd"
site_stop
verified
