#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# The power goes at any moment. The writes and syncs of a log and its signer are
# recorded, and the disk is put into each state that a cut could have left;
# from each the log is recovered, intact, with all that was acknowledged.
PATH=${builddir:-.}:$PATH
export PATH
exec "${builddir:-.}/tests/system/powercut" ${KONSEKI_LONG:+5}
