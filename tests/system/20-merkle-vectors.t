#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# Inclusion and consistency proofs of another library, most of them spoilt on
# purpose, get the verdicts that library gives them.
. "${srcdir:-.}/tests/lib.sh"
vectors=$srcdir/../shared/vectors/merkle/testdata
[ -d "$vectors" ] || skip_all 'no ../shared/vectors/merkle'
cd "$vectors" || exit 99
find inclusion consistency subtreeinclusion subtreeconsistency \
    -name '*.json' -exec "$builddir/tests/system/merkle_vectors" {} +
