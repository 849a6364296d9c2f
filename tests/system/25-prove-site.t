#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# While a collector runs, its records can be proved: its tiles and the index of
# its segment grow with the log, and go on behind a kill. What the tiles of a
# killed writer lack is there again after the next start.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
plan 14

site_make <<'END'
listeners:
  - {name: in, transport: tcp, address: 127.0.0.1, port: 0}
END
site_start
send() {	# send FIRST LAST: long lines that compress badly enough
	seq "$1" "$2" | awk '{ printf "<13>line %d", $1; srand($1)
		for (i = 0; i < 40; i++) printf " %x", rand() * 1e9; print "" }' |
		python3 -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(sys.stdin.buffer.read())
s.close()' "$(port in)"
}
size() {
	sed -n 2p "$S/evidence/checkpoint" 2>/dev/null || echo 0
}
send 1 20000
wait_for '[ "$(received in)" -ge 20000 ]' 60
ok "the writer keeps tiles" [ -s "$S/evidence/tile/1/000" ]
idx=$S/cache/index-test.example-evidence/000000000000.idx
like "and an index of its segment" "$(head -n 1 "$idx")" \
	'^evidx1 test.example/evidence 0$'
ok "with points in it" [ "$(wc -l <"$idx")" -ge 2 ]
for i in 0 9000 $(($(size) - 1)); do
	konseki prove --site "$S" --index "$i" --output "$T/p" 2>"$T/err"
	like "record $i is proved" "$(konseki prove --check "$T/p" \
		--pin "$S/evidence/log")" "^proved: .. $i "
done
n=$(size)
cp "$S/evidence/checkpoint" "$T/old"

site_kill
truncate -s 320 "$S/evidence/tile/1/000"	# what a power cut may leave
truncate -s -3 "$idx"
site_start
# shellcheck disable=SC2017 # whole blocks
ok "a start makes the open segment's tiles whole" \
	[ "$(stat -c %s "$S/evidence/tile/1/000")" -ge $((n / 256 * 32)) ]
send 20001 40000
wait_for '[ "$(received in)" -ge 40000 ]' 60
like "the index begins anew behind a torn line" "$(cat "$idx")" \
	'^evidx1 test.example/evidence 0$'
for i in 9000 $((n + 9000)); do
	konseki prove --site "$S" --index "$i" --output "$T/p" 2>"$T/err"
	like "record $i is proved" "$(konseki prove --check "$T/p" \
		--pin "$S/evidence/log")" "^proved: e1 $i "
done
ok "the log extends that of before" \
	konseki prove --site "$S" --from "$n" --output "$T/c"
is "and says from where" "$(head -n 1 "$T/c")" "old $n"
site_stop
konseki-verify --pin "$S/evidence/log" "$S/evidence" >"$T/out"
is "the log is intact" $? 0
