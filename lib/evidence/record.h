/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_RECORD_H
#define EVIDENCE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * One record of a segment and its leaf (FORMAT.md, 3 and 4).  Pure.
 */
#define RECORD_BODY_MAX (1u << 20) /* bytes of an e1 body */
#define RECORD_SYSTEM_MAX 65536u   /* bytes of a system record's body */
#define RECORD_HEAD_MAX 256u	   /* bytes of a head line, LF included */
#define RECORD_LEAF_MAX 180u	   /* bytes of a leaf line */
#define RECORD_SALT 32
#define RECORD_RX_MAX 253402300799999999u /* the end of the year 9999 */

enum record_kind {
#define RECORD_KIND(id, text, doc) RECORD_##id,
#include "evidence/record_kind_tbl.h"
#undef RECORD_KIND
	RECORD_KIND_COUNT
};

enum {			      /* flags of an e1 record */
	RECORD_CUT = 1,	      /* x */
	RECORD_PARTIAL = 2,   /* f */
	RECORD_IMPORTED = 4,  /* i */
	RECORD_DUPLICATE = 8, /* d */
};

enum record_framing {
	RECORD_FRAMING_NONE,
	RECORD_FRAMING_LF,
	RECORD_FRAMING_NUL,
	RECORD_FRAMING_OCTET,
	RECORD_FRAMING_RAW,
};

struct record {
	enum record_kind kind;
	uint64_t rx;	 /* usec since 1970 UTC */
	uint32_t stream; /* 0 for system records */
	unsigned flags;	 /* RECORD_CUT ... */
	uint16_t port;	 /* sender's port if it changed, else 0 */
	struct span body;
};

enum record_err {
	RECORD_OK,
	RECORD_MORE,	 /* the bytes end before the record does */
	RECORD_BAD_KIND, /* not a kind of this version */
	RECORD_BAD_HEAD, /* head line not as specified */
	RECORD_BAD_LEN,	 /* longer than its kind may be */
	RECORD_BAD_END,	 /* no LF behind the body */
};

/* A sentence in the user's language. */
const char *record_strerror(enum record_err e);

/* "e1"; the two letters of a kind. */
const char *record_kind_name(enum record_kind kind);

/* Append head line, body and LF. */
void record_print(const struct record *r, struct buf *out);

/*
 * Read the record at the start of in; *size = its bytes, head and final LF
 * included.  The body borrows from in.
 */
enum record_err record_parse(struct span in, struct record *r, size_t *size);

/* Nonce of the record with that index in a segment with that salt. */
void record_nonce(const uint8_t salt[RECORD_SALT], uint64_t index,
    uint8_t nonce[16]);

/* commit = SHA-256(nonce || SHA-256(body)). */
void record_commit(const uint8_t nonce[16], struct span body,
    uint8_t commit[SHA256_LEN]);

/* Write the leaf line to out[RECORD_LEAF_MAX]; return its length. */
size_t record_leaf_line(const struct record *r, uint64_t index, uint64_t seq,
    const uint8_t commit[SHA256_LEN], char *out);

/* Leaf hash of a record: all three steps above and SHA-256(0x00 || line). */
void record_leaf(const struct record *r, uint64_t index, uint64_t seq,
    const uint8_t salt[RECORD_SALT], uint8_t leaf[SHA256_LEN]);

/* The message inside an e1 body: without the transport's framing. */
struct span record_message(struct span body, enum record_framing framing);

const char *record_framing_name(enum record_framing f);
int record_framing_parse(struct span name, enum record_framing *f);

/*
 * Words of a system record's body.  record_word appends " key=value" (no
 * blank at the start of out) with the value escaped; record_word_get finds
 * a key's value and appends it unescaped: 1 found, 0 not there, -1 ill-formed.
 */
void record_word(struct buf *out, const char *key, struct span value);
void record_word_u64(struct buf *out, const char *key, uint64_t value);
void record_word_hash(struct buf *out, const char *key,
    const uint8_t hash[SHA256_LEN]);
int record_word_get(struct span body, const char *key, struct buf *value);
int record_word_get_u64(struct span body, const char *key, uint64_t *value);

#endif
