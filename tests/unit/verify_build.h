/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_VERIFY_BUILD_H
#define TESTS_VERIFY_BUILD_H

#include "tests/unit/forge.h"

/*
 * A log of two segments and two epochs, in which one thing at a time is not
 * as it must be: `wrong` says which.  Everything else is right and signed.
 */
enum wrong {
	NOTHING,
	SEAL_PREVIOUS,
	SEAL_UNSIGNED, /* one seal got no checkpoint: allowed */
	SEAL_WALL_BACK,
	SEAL_WALL_BACK_STEP, /* with a g1 clock-step: allowed */
	SEAL_WALL_BACK_BOOT, /* with a b1: allowed */
	SEAL_MONO_BACK,
	SEAL_EPOCH,
	RECORD_4_EARLY, /* allowed */
	RECORD_6_EARLY,
	RECORD_6_EARLY_FULL, /* behind a g1 disk-full */
	RECORD_6_EARLY_SAID, /* behind a g1 that says from when on: allowed */
	RECORD_6_EARLY_LESS, /* from later on */
	RECORD_LATE,
	STREAM_SKIP,
	STREAM_AGAIN,
	STREAM_BOOT, /* begins anew behind a b1: allowed */
	FINAL_MISSING,
	FINAL_TWICE,
	FINAL_TWICE_UNSIGNED, /* the first got no checkpoint: allowed */
	FINAL_NOT_KEPT,
	EPOCH_FOREIGN,
	EPOCH_BACK,
	EPOCH_AGAIN, /* behind a b1: allowed */
	EPOCH_NO_LINE,
	LINK_PREVIOUS,
	LINK_TWICE,
	SEGMENT_NUMBER,
	SEGMENT_FIRST,
	MANIFEST_NONE,
	KEPT_WRONG,
	NEWEST_NO_SEAL,
	NEWEST_ROOT,
	NEWEST_EPOCH,
	BODY_TWO, /* the body of that record is another than was sealed */
	BODY_THREE,
	BODY_FOUR,
	DELETION, /* of the first segment, whose file is removed */
	DELETION_OTHER,
	COSIGNED, /* the first kept checkpoint, and a w1 says so */
	COSIGNED_OTHER,
	TOKEN_NONE, /* a t1 of a token that is not there */
	SUCCESSOR,
	FOLLOWS, /* the first b1 names a predecessor */
};

extern const uint8_t verify_other[SHA256_LEN]; /* no hash of anything */
extern char verify_witness[256];	       /* who cosigned: its vkey */

void verify_build(struct forge *f, enum wrong w);

#endif
