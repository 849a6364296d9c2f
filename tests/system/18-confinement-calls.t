#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody took a process of the collector over, and tries to break out: run a
# program, make a process, look into another, speak to the network, bring new
# code, a namespace, a mount, a call that is younger than this program or of
# another kind of machine; have a descriptor send signals to another. In the
# cell of each process, entered as the product enters it, each try is stopped
# but for what that process is for; the table is that of SECURITY.md (the parent
# is refused and not ended, since all would end with it). What finds itself
# broken ends by the signal that says so. An ordinary account stops the same.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
escape=$builddir/tests/system/escape
[ -x "$escape" ] || skip_all 'the helper is not built'
kernel=$("$escape")
[ "${kernel% *}" = 1 ] || skip_all 'this kernel filters no calls'
grep -q '^MODE_CFLAGS = .*-fsanitize' "$builddir/Makefile" &&
    skip_all 'sanitizers are allowed some of this'
plan 2

site_make </dev/null
cat >"$T/want" <<'END'
try parent receiver writer signer tailer anchor monitor forwarder asker successor parser
run EPERM killed killed killed killed killed killed killed killed killed killed
fork done killed killed killed killed killed killed killed killed killed killed
trace EPERM killed killed killed killed killed killed killed killed killed killed
end-others done killed killed killed killed killed killed killed killed killed killed
tcp done killed killed killed killed done killed done done killed killed
unix done killed killed killed killed done killed done done killed killed
signal-by-descriptor EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM
device ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY
netlink EAFNOSUPPORT killed killed killed killed EAFNOSUPPORT killed EAFNOSUPPORT EAFNOSUPPORT killed killed
packets EAFNOSUPPORT killed killed killed killed EAFNOSUPPORT killed EAFNOSUPPORT EAFNOSUPPORT killed killed
new-code done EACCES EACCES EACCES EACCES done EACCES done done EACCES EACCES
namespace EPERM killed killed killed killed killed killed killed killed killed killed
mount EPERM killed killed killed killed killed killed killed killed killed killed
bpf EPERM killed killed killed killed killed killed killed killed killed killed
memory-of-others EPERM killed killed killed killed killed killed killed killed killed killed
io-uring EPERM killed killed killed killed killed killed killed killed killed killed
account EPERM killed killed killed killed killed killed killed killed killed killed
newer ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS
x32 killed killed killed killed killed killed killed killed killed killed killed
bind-tcp done killed killed killed killed EACCES killed EACCES EACCES killed killed
read-key done EACCES EACCES done EACCES EACCES EACCES EACCES EACCES done EACCES
read-log done EACCES done EACCES EACCES done EACCES done done done EACCES
read-configuration done EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES done EACCES
abort ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT
END
# Ports are governed from version 4 on; only x86-64 has another kind of call.
[ "${kernel#* }" -ge 4 ] || sed -i '/^bind-tcp/d' "$T/want"
[ "${kernel#* }" -ge 1 ] || sed -i '/^read-/d' "$T/want"
[ "$(uname -m)" = x86_64 ] || sed -i '/^x32/d' "$T/want"
keep() { # the same rows, and what an ordinary account may not do to others
	awk 'NR == FNR { row[$1] = 1; next } $1 in row' "$T/want" - |
	    sed 's/^end-others EPERM/end-others done/'
}
"$escape" "$S" | keep >"$T/got"
same 'each process has the calls of its work' "$T/got" "$T/want"
[ "$(cmp "$T/got" "$T/want" 2>&1)" = '' ] || diag "$(diff "$T/want" "$T/got")"
if [ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null; then
	skip 1 'not root, or no setpriv'
	exit
fi
chown -R 65534:65534 "$S" # so that only the cells keep files apart
setpriv --reuid=65534 --regid=65534 --clear-groups "$escape" "$S" |
    keep >"$T/got"
same 'and as an ordinary account' "$T/got" "$T/want"
