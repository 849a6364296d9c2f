#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A finding is mailed through a real mail server (exim) that takes nothing
# without TLS: subject and text come out in Japanese. A server that cannot show
# the right certificate gets nothing, and the casebook says that the message
# failed. The command channel gets the same text. Who is told is in the
# casebook; somebody's answer ends it.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES
peers=$builddir/peers
exim=$peers/exim4-daemon-light/usr/sbin/exim4
[ -x "$exim" ] || skip_all "no $exim"
wrapper=$(find "$peers/" -name libnss_wrapper.so | head -n 1)
[ -n "$wrapper" ] || skip_all "no libnss_wrapper.so below $peers"
libidn=$(dirname "$(find "$peers/" -name libidn.so.12 | head -n 1)")

# --- the mail server, in a folder of its own and under no account ---
M=$T/mail
mkdir -p "$M/in" "$M/spool"
# Debian's exim wants an account by this name, which is nobody's here.
mail_uid=$(id -u) mail_gid=$(id -g)
if [ "$mail_uid" = 0 ]; then
	mail_uid=65533 mail_gid=65533
fi
echo "Debian-exim:x:$mail_uid:$mail_gid::/:/bin/false" >"$M/passwd"
echo "Debian-exim:x:$mail_gid:" >"$M/group"
cat /etc/passwd >>"$M/passwd"
cat /etc/group >>"$M/group"
cat >"$M/exim" <<END
#!/bin/sh
LD_LIBRARY_PATH=$libidn LD_PRELOAD=$wrapper
NSS_WRAPPER_PASSWD=$M/passwd NSS_WRAPPER_GROUP=$M/group
export LD_LIBRARY_PATH LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
exec $exim -C $M/exim.conf "\$@"
END
chmod 755 "$M/exim"
cat >"$M/exim.conf" <<END
keep_environment = *
exim_path = $exim
primary_hostname = mail.test
spool_directory = $M/spool
log_file_path = $M/spool/%slog
tls_advertise_hosts = *
tls_certificate = $M/cert.pem
tls_privatekey = $M/key.pem
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  deny
    message = no mail without TLS
    !encrypted = *
  accept
begin routers
all:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  directory = $M/in
  create_directory = false
END
certificates
cp "$S/tls/cert.pem" "$S/tls/key.pem" "$M"
[ "$(id -u)" != 0 ] || chown -R "$mail_uid:$mail_gid" "$M/in" "$M/spool" \
    "$M/key.pem"
"$M/exim" -bV >"$T/exim.out" 2>&1 ||
    skip_all "exim does not run: $(head -n 1 "$T/exim.out")"
n=30
[ -z "${KONSEKI_LONG:-}" ] || n=31
plan $n

start smtp python3 "$srcdir/tests/system/inetd.py" "$M/exim" -bs
wait_for 'test -s "$T/smtp.out"'
smtp=$(cat "$T/smtp.out")

# --- the site ---
cat >"$T/deliver" <<'END'
#!/bin/sh
{
	env | grep KONSEKI_
	cat
} >"$1"
END
chmod 755 "$T/deliver"
site_make <<END
site: {name: 見本病院}
mail: {server: "smtp://127.0.0.1:$smtp", ca: $T/ca.pem, from: konseki@mihon.example}
escalation: {command: [$T/deliver, $T/delivered]}
END
cat >"$S/contacts.yml" <<'END'
people:
  - {id: tantou, name: 山田 太郎, role: システム運用担当者, mail: yamada@mihon.example, phone: 内線 210, command: yes}
  - {id: sekinin, name: 佐々木 誠, role: 安全管理責任者, mail: sasaki@mihon.example}
  - {id: denwa, name: 高橋 実, role: 企画管理者, phone: 内線 120}
tree:
  warning: {order: [denwa, sekinin], answer_min: 1}
  serious: {order: [tantou, sekinin], answer_min: 1}
  critical: {order: [sekinin], answer_min: 1}
END
site_start

# finding DIGIT SEVERITY: one whose case is DIGIT eight times, of a host of its
# own, as what speaks of one host is one case.
finding() {
	finding_id=$(printf '%064d' 0 | tr 0 "$1")
	"$builddir/tests/system/submit_finding" "$S" "$finding_id" "$2" \
	    "192.168.20.1$1"
}
# mails: how many have arrived. mail_text N: the N-th, decoded.
mails() {
	find "$M/in" -name 'q*' -type f | wc -l
}
mail_text() {
	find "$M/in" -name 'q*' -type f -printf '%T@ %p\n' | sort |
	    sed -n "$1s/^[^ ]* //p" >"$T/mail.path"
	python3 - "$(cat "$T/mail.path")" <<'END'
import email, email.policy, sys
with open(sys.argv[1], 'rb') as f:
    m = email.message_from_binary_file(f, policy=email.policy.default)
for name in ('from', 'to', 'subject', 'content-type'):
    print('%s: %s' % (name, m[name]))
print('seconds: %s' % (m['date'].datetime.utcoffset().total_seconds()))
print(m.get_content())
END
}

# --- told ---
ok 'a finding is put into the casebook' finding 1 3
konseki escalate --site "$S" >"$T/out" 2>"$T/err"
is 'somebody is told' $? 0
wait_for '"$M/exim" -q; [ "$(mails)" = 1 ]'
tap $? 'the mail arrives'
mail_text 1 >"$T/1"
like 'from the site' "$(cat "$T/1")" '^from: konseki <konseki@mihon.example>$'
like 'to the first in order' "$(cat "$T/1")" \
    '^to: 山田 太郎 <yamada@mihon.example>$'
like 'the subject is Japanese' "$(cat "$T/1")" \
    '^subject: \[konseki 重大\] 見本病院: 外部への大量送信（通常の40倍を超える通信量）$'
like 'so is the text' "$(cat "$T/1")" \
    '画像サーバーから 203.0.113.9 へ 40 GB を送信'
like 'with what to do' "$(cat "$T/1")" '通信の目的を担当者に確認してください'
like 'and how to answer' "$(cat "$T/1")" 'konseki case ack --code [0-9A-Z]{4}-[0-9A-Z]{4}$'
like 'in the zone of the site' "$(cat "$T/1")" '^seconds: 32400'
ok 'the command has it, too' test -s "$T/delivered"
is 'and is told about what and whom' "$(grep -E '_(CASE|TO)=' \
    "$T/delivered" | sort | tr '\n' ' ')" 'KONSEKI_CASE=11111111 KONSEKI_TO=tantou '
like 'with the same text' "$(cat "$T/delivered")" \
    '画像サーバーから 203.0.113.9 へ 40 GB を送信'
konseki case show 1111 --site "$S" >"$T/case"
is 'the casebook has both' "$(grep -c ' told tantou (mail) accepted, code 250\| told tantou (command) exit status 0' "$T/case")" 2

# --- not answered, answered ---
konseki escalate --site "$S" >"$T/out" 2>"$T/err"
like 'the next is told only later' "$(cat "$T/out")" \
    '^the next person is due at '
is 'so nothing was sent' "$(mails)" 1
if [ -n "${KONSEKI_LONG:-}" ]; then
	wait_for 'konseki escalate --site "$S"; "$M/exim" -q
	    [ "$(mails)" = 2 ]' 90
	mail_text 2 >"$T/2"
	like 'the next in order is told' "$(cat "$T/2")" \
	    '^to: 佐々木 誠 <sasaki@mihon.example>$'
fi
told=$(mails)
printf 'From: <yamada@mihon.example>\r\nIn-Reply-To:\r\n %s\r\n\r\nOK\r\n' \
    "$(grep -i '^message-id:' "$(cat "$T/mail.path")" | cut -d ' ' -f 2)" \
    >"$T/reply"
ok 'somebody answers by a reply to the mail' \
    konseki case ack --reply --site "$S" <"$T/reply"
like 'the casebook knows who it was' "$(konseki case show 1111 --site "$S")" \
    ' taken by tantou \(reply\)'
konseki escalate --site "$S" >"$T/out" 2>"$T/err"
is 'then nobody is due' "$(cat "$T/out")" ''

# --- not to be told ---
finding 2 2
ok 'one without a channel cannot be told' ! konseki escalate --site "$S"
like 'and the casebook says so' "$(konseki case show 2222 --site "$S")" \
    ' told denwa \(none, failed\) no channel: telephone 内線 120 '
konseki case ack 2222 --site "$S" --by denwa >"$T/out"

# --- a server that is not who it says ---
certificates
finding 3 4
ok 'a server of another CA is refused' ! konseki escalate --site "$S"
like 'and the casebook says why' "$(konseki case show 3333 --site "$S")" \
    ' told sekinin \(mail, failed\) .*certificate'

# --- a server without TLS ---
sed 's/^tls_advertise_hosts = .*/tls_advertise_hosts =/; /encrypted/d; /^  deny/d
    /message = /d' "$M/exim.conf" >"$M/plain.conf"
sed 's/exim.conf/plain.conf/' "$M/exim" >"$M/plain"
chmod 755 "$M/plain"
start plain python3 "$srcdir/tests/system/inetd.py" "$M/plain" -bs
wait_for 'test -s "$T/plain.out"'
sed -i "s/127.0.0.1:$smtp/127.0.0.1:$(cat "$T/plain.out")/" "$S/konseki.yml"
finding 4 4
ok 'a server without TLS is refused' ! konseki escalate --site "$S"
like 'and the casebook says why' "$(konseki case show 4444 --site "$S")" \
    ' told sekinin \(mail, failed\) .*(SSL|TLS)'
sed -i 's/^mail: {/mail: {tls: none, /' "$S/konseki.yml"
finding 5 4
ok 'unless the site wants it so' konseki escalate --site "$S"
told=$((told + 1))
wait_for '"$M/exim" -q; [ "$(mails)" = $told ]'
is 'none of those refused got a mail' "$("$M/exim" -bpc 2>"$T/err"; mails)" "0
$told"
site_stop
verified
