#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Somebody changes one bit of a sealed log, or cuts one file: whichever it is,
# the verifier says which file is wrong.  The work is done by a helper, some
# hundred thousand verifications in one process.
exec "${builddir:-.}/tests/system/verify_flips"
