#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Devices send Japanese as CP932 and EUC-JP. The bytes stay as they are, and
# below them `konseki show --decode` has the text: in the encoding that the
# listener is said to have, which its streams record, else in the one that was
# guessed, and then it says so.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 14

site_make <<END
listeners:
  - {name: auto, transport: udp, address: 127.0.0.1, port: 0}
  - {name: euc, transport: tcp, address: 127.0.0.1, port: 0, encoding: euc-jp}
  - {name: unix, transport: unix-dgram, path: run/log, encoding: cp932}
END
site_start
python3 - "$(port auto)" "$(port euc)" "$S/run/log" <<'END'
import socket, sys
text = '<13>病院 ログイン成功'
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for encoding in ('cp932', 'utf-8', 'iso-2022-jp'):
    u.sendto(text.encode(encoding), ('127.0.0.1', int(sys.argv[1])))
s = socket.create_connection(('127.0.0.1', int(sys.argv[2])))
s.sendall((text + '\n').encode('euc-jp'))
s.shutdown(socket.SHUT_WR)
s.recv(1)
u = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
u.sendto(text.encode('cp932'), sys.argv[3])
END
wait_received auto 3
wait_received euc 1
wait_received unix 1
konseki show --site "$S" --source auto --decode >"$T/auto"
is 'a line below each that is no UTF-8' "$(grep -c '' "$T/auto")" 5
like 'the bytes stay as they are' "$(head -n 1 "$T/auto")" \
    '<13>\\x95a\\x89@ \\x83'
is 'and their text is a guess' "$(sed -n 2p "$T/auto")" \
    '  = cp932, guessed: <13>病院 ログイン成功'
like 'UTF-8 needs none' "$(sed -n 3p "$T/auto")" '<13>病院 ログイン成功$'
is 'ISO-2022-JP has its own signs' "$(sed -n 5p "$T/auto")" \
    '  = iso-2022-jp, guessed: <13>病院 ログイン成功'
konseki show --site "$S" --source euc --decode >"$T/euc"
is 'what a listener is said to have is no guess' "$(sed -n 2p "$T/euc")" \
    '  = euc-jp: <13>病院 ログイン成功'
is 'likewise of a socket of this machine' \
    "$(konseki show --site "$S" --source unix --decode | sed -n 2p)" \
    '  = cp932: <13>病院 ログイン成功'
is 'its streams record it' "$(records d1 |
    sed -n 's/.* listener=\([a-z]*\) .*replay=no encoding=\([a-z0-9-]*\).*/\1 \2/p' | sort)" \
    'euc euc-jp
unix cp932'
konseki show --site "$S" --source euc --raw >"$T/raw"
printf '<13>病院 ログイン成功\n' | iconv -t EUC-JP >"$T/want"
same 'the evidence has the bytes' "$T/raw" "$T/want"
ok 'bytes are asked for, or text' ! \
    konseki show --site "$S" --raw --decode 2>"$T/err"
sed -i 's/encoding: cp932/encoding: sjis/' "$S/konseki.yml"
like 'an encoding that is none is an error' \
    "$(konseki-collector --check-config --site "$S" 2>&1)" \
    "'encoding' needs one of auto, utf-8, cp932, euc-jp, iso-2022-jp"
site_stop
verified
