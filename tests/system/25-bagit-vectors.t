#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The bags of the BagIt conformance suite get the verdicts that it gives them:
# whoever gets a package may check it with another tool, which must not differ.
. "${srcdir:-.}/tests/lib.sh"
vectors=$srcdir/../shared/vectors/bagit
[ -d "$vectors" ] || skip_all 'no ../shared/vectors/bagit'
cd "$vectors" || exit 99
bags=$(find v0.97/valid v0.97/invalid v0.97/linux-only v1.0/valid \
    v1.0/invalid -mindepth 1 -maxdepth 1 -type d | sort)
plan "$(echo "$bags" | wc -l)"

for bag in $bags; do
	want='1, with a reason'
	case $bag in
	# Tag files in UTF-16 are refused, which is said; we never write them.
	*/UTF-16-*) ;;
	*/valid/*) want=0 ;;
	esac
	out=$("$builddir/tests/system/bag_check" "$bag")
	is "$bag" "$?${out:+, with a reason}" "$want"
	[ -z "$out" ] || diag "$out"
done
