#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Targets that are not what they should be. One answers nonsense at first, then
# in the wrong order, and refuses one message again and again: that one is given
# up, which is recorded, and all others arrive. One takes RELP for something
# else, one is no RELP receiver at all: each is said in a sentence, and tried
# again, while receiving goes on.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/forward.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 16

odd=$(free_port) mute=$(free_port) shut=$(free_port) vain=$(free_port)
site_make <<END
listeners:
  - {name: in, transport: tcp, address: 127.0.0.1, port: 0}
forward:
  - {name: odd, url: "relp://127.0.0.1:$odd", form: plain}
  - {name: mute, url: "relp://127.0.0.1:$mute", form: plain}
  - {name: shut, url: "relp://127.0.0.1:$shut", form: plain}
  - {name: vain, url: "relp://127.0.0.1:$vain"}
END
start odd python3 "$srcdir/tests/system/relpd.py" "$odd" "$T/odd.got" \
    'refuse:poison' 'answer:HTTP/1.1 400 Bad Request\r\n\r\n' late:1000
start shut python3 "$srcdir/tests/system/relpd.py" "$shut" "$T/shut.got" \
    'answer:1 rsp 15 500 not for you\n'
start vain python3 "$srcdir/tests/system/relpd.py" "$vain" "$T/vain.got" \
    refuse:action=not-forwarded
# It listens and says nothing.
cat >"$T/mute.py" <<'END'
import signal, socket, sys
s = socket.socket()
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen()
print('listening', flush=True)
signal.pause()
END
start mute python3 "$T/mute.py" "$mute"
wait_for 'cat "$T/odd.out" "$T/shut.out" "$T/mute.out" "$T/vain.out" |
    grep -c listening | grep -qx 4'
site_start

awk 'BEGIN { for (i = 1; i <= 3000; i++) print "<13>" i (i == 1500 ? " poison" : "") }' \
    >"$T/in.log"
send in "$T/in.log"
grep -v poison "$T/in.log" >"$T/want"
wait_received in 3000
is 'all is received' "$(received in)" 3000
wait_for '[ "$(place odd sent)" = 2999 ]' 60
sort -u -t'>' -k2n "$T/odd.got" >"$T/sorted"
same 'all but the one refused are there' "$T/sorted" "$T/want"
awk '!seen[$0]++' "$T/odd.got" >"$T/order"
same 'and came in order' "$T/order" "$T/want"
is 'each was acknowledged' "$(place odd sent)" 2999
said=$(cat "$T/collector.err")
like 'nonsense is said to be nonsense' "$said" \
    "target 'odd' .*ALARM: records are not forwarded: it does not speak RELP"
index=$(konseki show --site "$S" --source in | grep poison | cut -d' ' -f1)
like 'the refused record is recorded' "$(records o1)" \
    "action=not-forwarded target=odd origin=test.example/evidence first=$index last=$index count=1 bytes=.* why=refused"
like 'and said' "$said" \
    "target 'odd': 1 record, $index, is not forwarded: the target refused them"
is 'once' "$(not_forwarded odd)" 1
like 'who refuses to speak is said' "$said" \
    "target 'shut' .*it refuses to speak RELP with us: 500 not for you"
wait_for 'grep -q "target .mute. .*does not answer as a RELP" "$T/collector.err"'
tap $? 'and who says nothing'
wait_for '[ "$(wc -l <"$T/shut.got")" -ge 3000 ]'
same 'the one that thought better of it has everything' "$T/shut.got" "$T/in.log"
# One that takes no word of it would get another for each that it refused.
wait_for '[ "$(place vain skipped)" -ge 1 ]' 60
tap $? 'that a record was not forwarded is refused'
is 'which is not told again' "$(not_forwarded vain)" 0
site_stop
verified
