#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody took a process of the collector over, and tries to break out: run a
# program, make a process, look into another, speak to the network, bring new
# code, a namespace, a mount, a call that is younger than this program or of
# another kind of machine; have a descriptor send signals to another, hand one
# on, send by a socket of UDP to anybody, slow another process down; write a log
# that he may read, lock it, or open it to everybody. In the cell of each
# process, entered as the product enters it, each try is stopped but for what
# that process is for; the table is that of SECURITY.md (the parent is refused
# and not ended, since all would end with it). What finds itself broken ends by
# the signal that says so. An ordinary account stops the same.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
escape=$builddir/tests/system/escape
[ -x "$escape" ] || skip_all 'the helper is not built'
kernel=$("$escape")
[ "${kernel% *}" = 1 ] || skip_all 'this kernel filters no calls'
grep -q '^MODE_CFLAGS = .*-fsanitize' "$builddir/Makefile" &&
    skip_all 'sanitizers are allowed some of this'
plan 2

# The folder that the copies lie in holds the logs, too: that is not theirs.
mkdir "$T/copies"
chmod 777 "$T/copies"
site_make <<END
anchor: {copy: $T/copies}
END
cat >"$T/want" <<'END'
try parent receiver writer signer tailer anchor monitor forwarder asker successor parser loader
run EPERM killed killed killed killed killed killed killed killed killed killed EPERM
fork done killed killed killed killed killed killed killed killed killed killed EPERM
trace EPERM killed killed killed killed killed killed killed killed killed killed EPERM
end-others done killed killed killed killed killed killed killed killed killed killed EPERM
tcp done killed killed killed killed done killed done done killed killed EPERM
unix done killed killed killed killed EAFNOSUPPORT killed EAFNOSUPPORT EAFNOSUPPORT killed killed done
slow-others EINVAL killed EINVAL killed killed killed killed killed killed killed killed EPERM
pass-descriptor EBADF killed killed killed killed EBADF killed EBADF EBADF killed killed EBADF
signal-by-descriptor EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM EPERM
device ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY ENOTTY
netlink EAFNOSUPPORT killed killed killed killed EAFNOSUPPORT killed EAFNOSUPPORT EAFNOSUPPORT killed killed EPERM
packets EAFNOSUPPORT killed killed killed killed EAFNOSUPPORT killed EAFNOSUPPORT EAFNOSUPPORT killed killed EPERM
new-code done EACCES EACCES EACCES EACCES done EACCES done done EACCES EACCES done
namespace EPERM killed killed killed killed killed killed killed killed killed killed EPERM
mount EPERM killed killed killed killed killed killed killed killed killed killed EPERM
bpf EPERM killed killed killed killed killed killed killed killed killed killed EPERM
memory-of-others EPERM killed killed killed killed killed killed killed killed killed killed EPERM
io-uring EPERM killed killed killed killed killed killed killed killed killed killed EPERM
account EPERM killed killed killed killed killed killed killed killed killed killed EPERM
newer ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS
x32 killed killed killed killed killed killed killed killed killed killed killed killed
bind-tcp done killed killed killed killed killed killed killed killed killed killed EPERM
datagram-to-anybody done killed killed killed killed done killed done done killed killed done
read-key done EACCES EACCES done EACCES EACCES EACCES EACCES EACCES done EACCES done
read-log done EACCES done EACCES EACCES done EACCES done done done EACCES done
write-log done EACCES done EACCES EACCES EACCES EACCES EACCES EACCES done EACCES EACCES
lock-log done killed done EBADF killed killed killed killed killed done killed EPERM
open-log-to-all done killed killed killed killed killed killed killed killed done killed EPERM
read-configuration done EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES done EACCES done
abort ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT ABRT
END
# Only x86-64 has another kind of call.
[ "${kernel#* }" -ge 1 ] || sed -i -E '/^(read|write|lock|open)-/d' "$T/want"
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
