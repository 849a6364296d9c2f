#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Prometheus asks at a local socket how the collector is, and a person asks
# `konseki status`: what was received, kept and lost, how old the last seal is,
# how much room the disk has. The numbers are those of the log. Who answers has
# no key, no log and no network, and whatever it is asked it answers briefly and
# goes on: a request without an end, one that is too long, many that say
# nothing. A disk that fills is said before it is full.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
command -v curl >/dev/null || skip_all 'no curl'
command -v openssl >/dev/null || skip_all 'no openssl'
plan 53

certificates
site_make <<'END'
listeners:
  - {name: tcp, transport: tcp, address: 127.0.0.1, port: 0, max_connections: 2}
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0, receive_buffer: 65536}
  - {name: odd, transport: tcp, address: 127.0.0.1, port: 0, framing: octet}
  - {name: tls, transport: tls, address: 127.0.0.1, port: 0, certificate: tls/cert.pem, key: tls/key.pem}
END
site_start
sock=$S/run/metrics.sock
ask() { curl -s --max-time 10 --http1.0 --unix-socket "$sock" "http://localhost$1"; }
# value NAME [LABELS]: of a metric.
value() { ask /metrics | awk -v n="$1${2:+{$2\}}" '$1 == n { print $2 }'; }
# field PATH: of /status, in Python's words.
field() { ask /status | python3 -c "import json, sys; d = json.load(sys.stdin); print(d$1)"; }

ok 'it answers by then' [ -S "$sock" ]
is 'the group may ask' "$(stat -c '%g %a' "$sock")" "${site_ids#*:} 660"
is 'it is up' "$(value konseki_up)" 1
python3 - "$(port tcp)" "$(port udp)" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'hello\n' * 100)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(30):
    u.sendto(b'x' * 10, ('127.0.0.1', int(sys.argv[2])))
END
wait_received tcp 100
wait_received udp 30
tcp='listener="tcp",transport="tcp"' udp='listener="udp",transport="udp"'
wait_for '[ "$(value konseki_listener_received_records_total "$udp")" = 30 ]'
is 'records of a listener' "$(value konseki_listener_received_records_total "$tcp") $(value konseki_listener_received_records_total "$udp")" '100 30'
is 'and bytes' "$(value konseki_listener_received_bytes_total "$tcp") $(value konseki_listener_received_bytes_total "$udp")" '600 300'
is 'and connections' "$(value konseki_listener_connections_total "$tcp") $(value konseki_listener_connections "$tcp")" '1 0'
is 'what the log took' "$(value konseki_log_accepted_records_total 'log="evidence"')" 130
wait_for '[ "$(value konseki_log_durable_records "log=\"evidence\"")" -ge 130 ]'
ok 'what is durable is what it has' [ "$(value konseki_log_durable_records 'log="evidence"')" -ge 130 ]
ok 'it seals' [ "$(value konseki_log_seals_total 'log="evidence"')" -ge 1 ]
like 'not long ago' "$(field "['logs'][0]['seal_age_seconds']")" '^[0-9]$|^1[0-9]$'
is 'nothing is wrong' "$(value konseki_log_fault 'log="evidence"') $(value konseki_log_reserve_in_use 'log="evidence"')" '0 0'
# --- of each sender
who='source="127.0.0.1",listener="tcp",transport="tcp",log="evidence"'
wait_for '[ "$(value konseki_source_received_records_total "$who")" = 100 ]'
is 'records of a sender' "$(value konseki_source_received_records_total "$who")" 100
is 'and bytes' "$(value konseki_source_received_bytes_total "$who")" 600
last=$(value konseki_source_last_message_timestamp_seconds "$who")
ok 'and when it was heard last' [ $(($(date +%s) - ${last%.*})) -le 60 ]
is 'it is not silent' "$(value konseki_source_silent "$who")" 0
is 'none is left out' "$(value konseki_sources) $(value konseki_sources_left_out)" '2 0'
like 'the disk has room' "$(value konseki_disk_free_bytes 'log="evidence"')" '^[1-9][0-9]+$'

# --- what is lost
start hold python3 -c '
import socket, sys, time
s = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(5)]
time.sleep(60)' "$(port tcp)"
hold=$pid
wait_for '[ "$(value konseki_listener_lost_total "$tcp,kind=\"connection-limit\"")" = 3 ]'
is 'who was turned away is counted' "$(value konseki_listener_lost_total "$tcp,kind=\"connection-limit\"")" 3
is 'and who is there' "$(value konseki_listener_connections "$tcp")" 2
kill -STOP "$(pid_of receiver)"
python3 - "$(port udp)" <<'END'
import socket, sys
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(3000):
    u.sendto(b'x' * 500, ('127.0.0.1', int(sys.argv[1])))
END
kill -CONT "$(pid_of receiver)"
wait_for '[ "$(value konseki_listener_lost_total "$udp,kind=\"kernel-drop\"")" -gt 0 ]'
wait_for '[ "$(($(value konseki_listener_lost_total "$udp,kind=\"kernel-drop\"") + $(value konseki_listener_received_records_total "$udp")))" = 3030 ]'
is 'sent = received + dropped' "$(($(value konseki_listener_lost_total "$udp,kind=\"kernel-drop\"") + $(value konseki_listener_received_records_total "$udp")))" 3030
kill -KILL "$(pid_of receiver)"
wait_for '[ "$(value konseki_process_restarts_total "process=\"receiver\"")" = 1 ]'
is 'a process that had to be made again is counted' "$(value konseki_process_restarts_total 'process="receiver"')" 1
wait_for '[ "$(value konseki_listener_received_records_total "$tcp")" = 100 ]'
is 'and its numbers go on' "$(value konseki_listener_received_records_total "$tcp")" 100
stop "$hold"
python3 - "$(port odd)" "$(port tls)" <<'END'
import socket, sys
for port, what in ((1, b'3 abcxx\n3 abc'), (1, b'3 abcyyyy\n3 abczz\n3 abc'), (2, b'<13>no TLS\n'), (2, b'GET /\n')):
    s = socket.create_connection(('127.0.0.1', int(sys.argv[port])))
    s.sendall(what)
    s.shutdown(socket.SHUT_WR)
    s.settimeout(20)
    try:
        s.recv(1)
    except OSError:
        pass
END
# lost KIND LISTENER TRANSPORT: the metric.
lost() {
	value konseki_listener_lost_total "listener=\"$2\",transport=\"$3\",kind=\"$1\""
}
wait_for '[ "$(gap tls-handshake tls)" = 2 ]'
wait_for '[ "$(gap resync odd)" -ge 2 ]'
wait_for '[ "$(lost tls-handshake tls tls)" = 2 ]'
ok 'what came out of step is told' [ "$(gap resync odd)" -ge 2 ]
is 'and counted as often' "$(lost resync odd tcp)" "$(gap resync odd)"
who='source="127.0.0.1",listener="tls",transport="refused",log="evidence"'
wait_for '[ "$(value konseki_source_lost_total "$who,kind=\"tls-handshake\"")" = 2 ]'
is 'of the sender, too' "$(value konseki_source_lost_total "$who,kind=\"tls-handshake\"")" 2
is 'and why, for machines' "$(field "['sources'][-1]['why']")" tls-plain-text
is 'so is who spoke no TLS' "$(lost tls-handshake tls tls)" "$(gap tls-handshake tls)"

# --- what is planned is no restart
reloads=$(value konseki_reloads_total)
monitor=$(pid_of monitor)
kill -HUP "$collector"
wait_for '[ "$(value konseki_reloads_total)" = $((reloads + 1)) ]'
wait_for '[ "$(pid_of monitor)" != "$monitor" ] && ask /metrics | grep -q konseki_up'
is 'a reload' "$(value konseki_reloads_total)" $((reloads + 1))
is 'is no restart of who shows numbers' "$(value konseki_process_restarts_total 'process="monitor"')" 0

# --- as Prometheus wants it
ask /metrics >"$T/metrics"
ok 'there are metrics' [ "$(grep -c '^# TYPE konseki_' "$T/metrics")" -gt 20 ]
is 'each metric has its type once, and its help' "$(awk '
	/^# TYPE/ { t[$3]++; type[$3] = $4; next }
	/^# HELP/ { h[$3]++; next }
	{ n = $1; sub(/\{.*/, "", n); if (t[n] != 1 || h[n] != 1) print n
	  if (type[n] == "counter" && n !~ /_total$/) print "counter", n
	  if (NF != 2 || $2 !~ /^[0-9.]+$/) print "line", $0 }' "$T/metrics")" ''
like 'by its content type' "$(curl -s -D - -o /dev/null --http1.0 --unix-socket "$sock" http://localhost/metrics)" '^Content-Type: text/plain; version=0.0.4'
is 'each stands in docs/site.md' "$(sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' "$T/metrics" | while read -r n; do
	grep -q "^| \`$n\`" "$srcdir/docs/site.md" || echo "$n"; done)" ''
ok '/status is JSON' field ''

# --- hostile
code() { curl -s -o /dev/null -w '%{http_code}' --max-time 10 --unix-socket "$sock" "$@"; }
is 'another path is not found' "$(code http://localhost/../../etc/passwd) $(code http://localhost/metricsx)" '404 404'
is 'nothing is put there' "$(code -X PUT -d x http://localhost/metrics)" 405
python3 - "$sock" >"$T/hostile" <<'END'
import socket, sys, threading
def ask(data, wait=10):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(wait)
    s.connect(sys.argv[1])
    out = b''
    try:
        s.sendall(data)
        while True:
            x = s.recv(65536)
            if not x:
                break
            out += x
    except OSError:
        pass
    return out.split(b'\r\n')[0].decode()
print('long', ask(b'GET /metrics HTTP/1.0\r\nX: ' + b'x' * 9000))
print('none', ask(b'\0\xff\r\n\r\n'))
print('empty', ask(b'\n\n'))
# One that does not finish, many that say nothing, and one that asks.
said = []
half = threading.Thread(target=lambda: said.append(ask(b'GET /metrics')))
half.start()
idle = []
for i in range(20):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(5)
    try:
        s.connect(sys.argv[1])
    except OSError:
        break
    idle.append(s)
print('among', len(idle), ask(b'GET /status HTTP/1.0\r\n\r\n', 25))
half.join()
print('half', *said)
END
like 'a long request is refused' "$(cat "$T/hostile")" '^long HTTP/1.0 431'
like 'and what is none' "$(cat "$T/hostile")" '^none HTTP/1.0 400'
like 'or nothing' "$(cat "$T/hostile")" '^empty HTTP/1.0 400'
like 'half a request has a few seconds' "$(cat "$T/hostile")" '^half $'
like 'those who say nothing make others wait and no more' "$(cat "$T/hostile")" '^among [0-9]+ HTTP/1.0 200'
if [ "$(id -u)" = 0 ]; then
	monitor=$(pid_of monitor)
	is 'who answers is nobody' "$(awk '/^Uid/ { print $2 }' "/proc/$monitor/status")" 65534
	is 'sees an empty folder' "$(readlink "/proc/$monitor/root")" "$S/run/empty"
	is 'and can open nothing' "$(awk '/^CapEff/ { print $2 }' "/proc/$monitor/status")" 0000000000000000
else
	skip 3 'not root'
fi
kill -KILL "$(pid_of monitor)"
python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1]))).sendall(b"last\n")' "$(port tcp)"
wait_received tcp 101
is 'without it everything is received' "$(received tcp)" 101
wait_for 'ask /metrics | grep -q konseki_up'
is 'and it comes back' "$(value konseki_up)" 1

# --- what a person sees
konseki status --site "$S" >"$T/status"
like 'konseki status says it' "$(cat "$T/status")" 'received 101'
konseki status --site "$S" --json >"$T/status.json"
is 'in JSON as well' "$(python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))["live"]
print([l["konseki_listener_received_records_total"] for l in d["listeners"]][0])' "$T/status.json")" 101
site_stop
ok 'with it goes the socket' ! test -e "$S/run/metrics.sock"

# --- a disk that fills
free=$(df -P "$S" | awk 'NR == 2 { print int(100 * $4 / ($3 + $4)) }')
sed -i "s/^writer: .*/writer: {reserve_mib: 1, disk_warn_percent: 99, disk_alarm_percent: 99}/" "$S/konseki.yml"
if [ "$free" -ge 99 ]; then
	skip 3 'the disk is empty'
	exit
fi
site_start
wait_for '[ "$(value konseki_disk_state "log=\"evidence\"")" = 2 ]'
is 'the alarm is in the metrics' "$(value konseki_disk_state 'log="evidence"') $(field "['logs'][0]['disk']")" '2 alarm'
like 'in the messages' "$(cat "$T/collector.err")" "log 'evidence': ALARM: its disk is nearly full: [0-9.]+ % .* are free"
like 'and in the status' "$(konseki status --site "$S")" 'ALARM: the disk is nearly full'
stop "$collector"
