/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_SIGN_H
#define EVIDENCE_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "evidence/tree.h"

/*
 * What writer and signer say to each other.  The signer signs a size and root
 * only if they extend what it signed last: the writer shows the compact range
 * at the last signature and the one from there on; the signer computes both
 * roots itself.  Its state is durable before the signature leaves it.
 */
enum sign_what {
	SIGN_STATE, /* what was signed last; which epoch comes next */
	SIGN_BEGIN, /* begin the next epoch: its number, key and path */
	SIGN_SEAL,  /* sign */
	SIGN_END,   /* the final checkpoint is durable: destroy the seed */
};

struct sign_request {
	enum sign_what what;
	struct tree_range signed_range; /* SEAL: [0, last signed size) */
	struct tree_range added;	/* SEAL: [last signed size, new size) */
};

enum sign_status {
	SIGN_OK,
	SIGN_REFUSED,	/* does not extend the last signature */
	SIGN_EXHAUSTED, /* no epoch is left */
	SIGN_FAILED,	/* its state could not be made durable; or it is gone */
};

#define SIGN_PATH_MAX 20

struct sign_reply {
	enum sign_status status;
	char origin[128];
	uint64_t size; /* signed last */
	uint8_t root[SHA256_LEN];
	bool open; /* an epoch is open (after a crash: not ended) */
	uint32_t epoch;
	uint8_t key[32];			 /* of the epoch */
	unsigned height;			 /* hashes in path */
	uint8_t path[SIGN_PATH_MAX][SHA256_LEN]; /* leaf sibling first */
	char lines[512]; /* SEAL: the two signature lines of the note */
};

/* One request, one reply; blocks.  Return 0, or -1 if the signer is gone. */
struct signer {
	int (*ask)(void *cookie, const struct sign_request *request,
	    struct sign_reply *reply);
	void *cookie;
};

/* As messages, for a socket between two processes.  Both ways are bounded
 * (SIGN_MESSAGE_MAX) and strict; parse returns 0, or -1. */
#define SIGN_MESSAGE_MAX 8192
void sign_request_print(const struct sign_request *r, struct buf *out);
int sign_request_parse(struct span in, struct sign_request *r);
void sign_reply_print(const struct sign_reply *r, struct buf *out);
int sign_reply_parse(struct span in, struct sign_reply *r);

#endif
