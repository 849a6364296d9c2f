#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Somebody exchanges whole segments: within the log, with their manifests, or
# for those of another log of the same name; or repeats one.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
. "$srcdir/tests/system/attack.sh"
plan 8

attack_mklog 300 3
MKLOG_USEC=1000000 "$builddir/tests/system/mklog" "$T/his" "$T/his-keys" \
    300 3 || exit 99
sa='segments/*/000000000000.ev1.gz' sb="segments/*/$second.ev1.gz"
ma=manifests/000000000000 mb=manifests/000000000001
exchange() {
	mv "$1" exchanged && mv "$2" "$1" && mv exchanged "$2"
}

attack 'two segments' "exchange $sa $sb" 1 '(segments|manifests)/'
attack 'two manifests' "exchange $ma $mb" 1 'manifests/'
attack 'both' "exchange $sa $sb && exchange $ma $mb" 1 '(segments|manifests)/'
attack 'a segment of another log' "cp \"\$T/his\"/$sa $sa" 1 '(segments|manifests)/'
attack 'with its manifest' "cp \"\$T/his\"/$sa $sa && cp \"\$T/his\"/$ma $ma" \
    1 '(segments|manifests|checkpoints)/'
attack 'a segment once more, on another day' \
    "mkdir segments/2027-01-01 && cp $sb segments/2027-01-01" 1 'segments/'
attack 'a segment once more, at the end' \
    "cp $sb \$(dirname $sb)/999999999999.ev1.gz" 1 'segments/'
attack 'a segment in the place of the open one' \
    "cp $sb segments/*/$third.ev1.gz" 1 "segments/.*/$third"
