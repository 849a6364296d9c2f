# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for tests with a running collector; read after tests/lib.sh. The site
# is $S, below $T. As root the collector becomes nobody, as it becomes konseki
# where it is installed; else it stays who it is. $site_ids are its numbers: who
# has some need not have a name.
# shellcheck disable=SC2016,SC2154 # conditions; T, pid, status: tests/lib.sh

S=$T/site
site_user=$(id -un 2>/dev/null) site_group=$(id -gn 2>/dev/null)
site_ids=$(id -u):$(id -g)
if [ "$(id -u)" = 0 ]; then
	chmod 711 "$T"
	site_user=nobody site_group=nogroup
	site_ids=$(id -u nobody):$(getent group nogroup | cut -d : -f 3)
fi
collector=
site_evidence=evidence # its folder
site_reserve=1	       # MiB of disk for each log
site_ring=4	       # MiB of the ring: small, as some tests fill it
site_height=6	       # two to this power epochs: each start takes one

# site_make: the site's folder with a konseki.yml whose end is the standard
# input, and its logs.
site_make() {
	mkdir -p "$S"
	{
		cat <<-END
		logs:
		  evidence: {dir: $site_evidence, origin: test.example/evidence, epoch_height: $site_height}
		  casebook: {origin: test.example/casebook, epoch_height: $site_height}
		user: $site_user
		group: $site_group
		writer: {reserve_mib: $site_reserve, ring_mib: $site_ring, disk_look_s: ${site_look:-3600}}
		END
		cat
	} >"$S/konseki.yml"
	konseki init --site "$S" >"$T/pins" 2>"$T/init.err" ||
	    { diag "$(cat "$T/init.err")"; exit 99; }
}

# site_start: run a collector until it listens; its process id is $collector.
# What it says is in $T/collector.err.
site_start() {
	rm -f "$S/run/listeners"
	start collector konseki-collector --site "$S" --foreground
	collector=$pid
	wait_for 'test -e "$S/run/listeners" || ! running "$collector"' 30
	if [ ! -e "$S/run/listeners" ]; then
		diag "$(cat "$T/collector.err")"
		exit 99
	fi
	wait_for 'grep -q "^monitor " "$S/run/processes"' # it comes last
}

# site_stop: SIGTERM; one check that it ended with 0.
site_stop() {
	stop "$collector"
	is 'SIGTERM ends the collector with 0' "$status" 0
	[ "$status" = 0 ] || diag "$(cat "$T/collector.err")"
}

# site_kill: SIGKILL to all processes of the collector at once.
site_kill() {
	site_killed=$(awk '{ print $2 }' "$S/run/processes")
	# shellcheck disable=SC2086 # a list of numbers
	kill -KILL $site_killed 2>/dev/null
	stop "$collector"
	for site_pid in $site_killed; do # they hold the logs until they are gone
		wait_for '! running $site_pid'
	done
	wait_for 'flock -n "$S/$site_evidence/lock" true' # a disk may keep it
}

# site_reload TEXT: SIGHUP; wait until it was answered once more with TEXT.
site_reload() {
	site_answers=$(grep -c "$1" "$T/collector.err")
	kill -HUP "$collector"
	wait_for "[ \"\$(grep -c '$1' \"\$T/collector.err\")\" -gt $site_answers ]"
}

# port NAME: of a listener.
port() {
	awk -v n="$1" '$1 == n { print $4 }' "$S/run/listeners"
}

# pid_of NAME: of a process of the collector.
pid_of() {
	awk -v n="$1" '$1 == n { print $2 }' "$S/run/processes"
}

# received NAME: how many sealed records a listener has; messages NAME: them,
# one a line; raw NAME: their bytes, laid end to end.
received() {
	konseki show --site "$S" --source "$1" | wc -l
}

messages() {
	konseki show --site "$S" --source "$1" --messages
}

raw() {
	konseki show --site "$S" --source "$1" --raw
}

# records KIND [LOG]: system records of that kind, one a line.
records() {
	konseki show --site "$S" --log "${2:-evidence}" |
	    awk -v k="$1" '$3 == k'
}

# gap KIND LISTENER [WORD [PEER]]: the sum of count=, or of WORD=, over the g1 of
# that kind of a listener ("-": of none), and of that sender alone.
gap() {
	records g1 | awk -v kind="kind=$1" -v of="listener=$2" \
	    -v word="${3:-count}=" -v peer="${4:+peer=$4}" '{
		hit = n = 0
		for (i = 4; i <= NF; i++) {
			hit += $i == kind || $i == of || $i == peer
			if (index($i, word) == 1)
				n = substr($i, length(word) + 1)
		}
		if (hit == (peer == "" ? 2 : 3))
			sum += n
	} END { print sum + 0 }'
}

# why LISTENER: how its streams ended, each reason once.
why() {
	records d1 | awk -v l="listener=$1" '$6 == l { live[$4] = 1 }
		$4 == "end" && live[$5] { live[$5] = 0; print $NF }' | sort -u
}

# wait_received NAME N [SECONDS]: until that many records are sealed.
wait_received() {
	wait_for "[ \"\$(received $1)\" -ge $2 ]" "${3:-30}" && return
	diag "$1: $(received "$1") of $2"
	return 1
}

# wait_sealed N [SECONDS]: until that many records of all kinds are sealed; for
# many of them, as it reads none.
wait_sealed() {
	wait_for "[ \"\$(sed -n 2p \"\$S/$site_evidence/checkpoint\")\" -ge $1 ]" \
	    "${2:-30}"
}

# memory NAME MIB: one check that all processes of the collector together need no
# more (PSS).
memory() {
	if [ "$(id -u)" != 0 ]; then
		skip 1 'not root' # nobody can look into what cannot be traced
		return
	fi
	site_pss=$(awk '{ print $2 }' "$S/run/processes" |
	    while read -r site_pid; do
		cat "/proc/$site_pid/smaps_rollup"
	done | awk '$1 == "Pss:" { n += $2 } END { print int(n / 1024) }')
	diag "PSS: $site_pss MiB"
	ok "$1" [ "$site_pss" -gt 0 -a "$site_pss" -le "$2" ]
}

# breaks_off LISTENER STEP...: a peer (peer.py) that does so, and breaks its
# connection off once a record of it was read and sealed.
breaks_off() {
	breaks_off_to=$(port "$1") breaks_off_name=$1
	shift
	mkfifo "$T/break"
	python3 "$srcdir/tests/system/peer.py" "$breaks_off_to" "$@" \
	    input reset <"$T/break" &
	exec 8>"$T/break"
	wait_received "$breaks_off_name" 1
	echo >&8
	exec 8>&-
	wait $!
	rm "$T/break"
}

# free_port: one that nobody listens on now. It is none of those that the kernel
# gives to whoever asks for any: else somebody gets it before it is used, or
# who calls it while nobody listens reaches himself.
free_port() {
	python3 -c 'import random, socket
with open("/proc/sys/net/ipv4/ip_local_port_range") as f:
    low = int(f.read().split()[0])
while True:
    port = random.randrange(1024, low if low > 2048 else 65536)
    try:
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            with socket.socket(socket.AF_INET, kind) as s:
                s.bind(("0.0.0.0", port))
        break
    except OSError:
        pass
print(port)'
}

# some_of FILE WANT: the lines of FILE, one at least, are some of WANT's, in order.
some_of() {
	[ -s "$1" ] && python3 -c 'import sys
want = iter(open(sys.argv[2], "rb"))
sys.exit(not all(any(w == got for w in want) for got in open(sys.argv[1], "rb")))' \
	    "$1" "$2"
}

# flip FILE N: its byte N becomes another one, whatever it is.
flip() {
	site_byte=$(od -An -tu1 -j"$2" -N1 "$1")
	printf %b "$(printf '\\0%o' $((site_byte ^ 255)))" |
	    dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# verified: two checks that both logs prove to be intact.
verified() {
	for site_log in "$site_evidence" casebook; do
		ok "konseki-verify finds the $site_log intact" \
		    konseki-verify --pin "$S/$site_log/log" "$S/$site_log"
	done
}

# certificates: a CA in $T/ca.pem, and cert.pem and key.pem in $S/tls for
# 127.0.0.1 and collector.test; good for $cert_days, 30 unless said.
certificates() {
	mkdir -p "$S/tls"
	{
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		    -nodes -keyout "$T/ca.key" -out "$T/ca.pem" -days "${cert_days:-30}" \
		    -subj '/CN=test CA' &&
		openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		    -nodes -keyout "$S/tls/key.pem" -out "$T/cert.csr" \
		    -subj /CN=collector.test &&
		echo 'subjectAltName=IP:127.0.0.1,DNS:collector.test' \
		    >"$T/cert.ext" &&
		openssl x509 -req -in "$T/cert.csr" -CA "$T/ca.pem" \
		    -CAkey "$T/ca.key" -CAcreateserial -days "${cert_days:-30}" \
		    -extfile "$T/cert.ext" -out "$S/tls/cert.pem"
	} >"$T/openssl.err" 2>&1 || { diag "$(cat "$T/openssl.err")"; exit 99; }
}
