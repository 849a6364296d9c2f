/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_RELAY_H
#define SITE_RELAY_H

#include <stddef.h>
#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * How one collector gives the closed files of its logs to another machine: PUT
 * over HTTP or HTTPS to "konseki-witness", below its address:
 *
 *	<hex SHA-256 of the origin>/log
 *	.../checkpoint			the newest; only ever a larger one
 *	.../checkpoints/<size>		a kept note; may get more lines
 *	.../tokens/<size>-<16 hex>.tsr	its hash begins so
 *	.../manifests/<number>		in their order
 *	.../segments/<number>/<offset>	part of a closed segment, which must be
 *					what its manifest says
 *	.../epochs/<offset>		part of a file that only grows
 *
 * Sizes and numbers have twelve digits, offsets are plain.  Answers: 200 (it is
 * there and synced), 409 with WITNESS_SIZE_TYPE and a size (parts: go on from
 * there), 409 (other bytes are there), 403 (the secret), 404 (no such log or
 * name), 422 (not what the name or the manifest says), 507 (no room).
 *
 * Each request carries RELAY_SCHEME and a code over it by a shared secret, so
 * that nobody else can fill or poison the store; what is repeated changes
 * nothing.  The code hides nothing: use HTTPS where others listen.  Pure.
 */
#define RELAY_SCHEME "konseki-hmac-sha256 "
#define RELAY_AUTH_MAX (sizeof(RELAY_SCHEME) + 2 * (size_t)SHA256_LEN)
#define RELAY_PART_MAX (1u << 20) /* bytes of a body */
#define RELAY_PATH_MAX 160u	  /* bytes of a path, NUL included */
#define RELAY_SECRET_MIN 16u	  /* bytes */

/*
 * The value of the Authorization header: HMAC-SHA-256 of "PUT", path and the
 * body's SHA-256 in hex, an LF behind each.
 */
void relay_auth(struct span secret, struct span path, struct span body,
    char out[RELAY_AUTH_MAX]);

enum relay_what {
	RELAY_LOG,
	RELAY_EPOCHS, /* offset */
	RELAY_CHECKPOINT,
	RELAY_KEPT,	/* number: size */
	RELAY_TOKEN,	/* number: size; hash */
	RELAY_MANIFEST, /* number */
	RELAY_SEGMENT,	/* number, offset */
};

struct relay_path {
	uint8_t origin[SHA256_LEN]; /* its SHA-256 */
	enum relay_what what;
	uint64_t number, offset;
	uint8_t hash[8]; /* the first bytes of a token's */
};

/* A path without a slash in front.  parse: 0, or -1; there is one spelling. */
int relay_path_parse(struct span path, struct relay_path *p);
void relay_path_print(const struct relay_path *p, char out[RELAY_PATH_MAX]);

#endif
