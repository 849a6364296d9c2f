/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_COSIGN_H
#define EVIDENCE_COSIGN_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/note.h"

/*
 * Cosignatures of witnesses (C2SP tlog-cosignature v1, Ed25519, type 0x04): a
 * signature line whose bytes are key id, time, and the signature of
 * "cosignature/v1 LF time <seconds> LF" and the checkpoint's text.  It says:
 * at that time this was the largest checkpoint of the log that I had seen, and
 * all that I had seen before lead to it.  Pure.
 */
#define COSIGN_TIME_MAX UINT64_C(253402300799) /* the end of the year 9999 */

/* "<name>+<id, 8 hex>+<base64 of 0x04 and the key>".  Return 0, or -1. */
int cosign_key_parse(struct span vkey, struct note_key *k);

/*
 * Check a signature line against that key and read its time, in seconds since
 * 1970: NOTE_OK, NOTE_WRONG_KEY (another name or id) or NOTE_BAD_SIGNATURE.
 */
enum note_err cosign_verify(struct span text, const struct note_sig *s,
    const struct note_key *k, uint64_t *time);

/*
 * Append the cosignature line of text by that seed under that name.  0, or -1
 * if OpenSSL failed or it is no name.
 */
int cosign_sign(struct span text, struct span name, const uint8_t seed[KEY_LEN],
    uint64_t time, struct buf *out);

#endif
