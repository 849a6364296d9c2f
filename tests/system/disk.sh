# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Helpers for tests whose evidence lies on a small disk; read in place of
# tests/lib.sh and tests/system/site.sh, which it reads. The test begins anew in
# a name space of its own, so that its mounts are nobody else's and end with it.

if [ "$(id -u)" = 0 ] && [ -z "${KONSEKI_UNSHARED:-}" ] &&
    unshare --mount true 2>/dev/null; then
	KONSEKI_UNSHARED=yes exec unshare --mount sh "$0"
fi
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
[ -n "${KONSEKI_UNSHARED:-}" ] ||
    skip_all 'a small file system of its own needs root and name spaces'

disk=$S/disk
site_evidence=disk/evidence

# disk_make SIZE: an empty one, at $disk, to be made before the site.
disk_make() {
	mkdir -p "$disk"
	mount -t tmpfs -o size="$1",mode=755 none "$disk" ||
	    skip_all 'cannot mount a tmpfs'
	trap 'umount -l "$disk"; cleanup' EXIT
}

# disk_fill BYTES: leave so many. disk_free: give the rest back.
disk_fill() {
	disk_left=$(df --output=avail -B 1 "$disk" | tail -n 1)
	head -c $((disk_left - $1)) /dev/zero >"$disk/ballast"
}

disk_free() {
	rm "$disk/ballast"
}
