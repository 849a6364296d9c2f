/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_PIN_H
#define VERIFY_PIN_H

#include "verify/folder.h"
#include "verify/merkle.h"
#include "verify/signed.h"

/*
 * The small files of a log: `log`, which is what is pinned (FORMAT.md, 2), the
 * manifest of a segment (5) and a line of `epochs` (7).  Pure.
 */
#define PIN_MAX 4096u		/* bytes of `log` */
#define PIN_MANIFEST_MAX 16384u /* of a manifest */
#define PIN_HEIGHT_MAX 20u
#define PIN_LINE_MAX 2048u /* of a line of `epochs` */

struct pin {
	struct signed_key key; /* its name is the origin */
	uint64_t height, seconds, created;
	uint8_t r[SHA256_LEN];
};

struct pin_manifest {
	char origin[121];
	char file[FOLDER_PATH];
	uint64_t segment, time_low, time_high, members, stream_len, gzip_len;
	uint8_t stream_hash[SHA256_LEN], gzip_hash[SHA256_LEN];
	uint8_t previous[SHA256_LEN];
	struct merkle range; /* of the leaves; records begin to end - 1 */
};

struct pin_epoch { /* what is not used is zero */
	uint64_t number;
	uint8_t key[32];
	size_t height;
	uint8_t path[PIN_HEIGHT_MAX][SHA256_LEN];
};

/* 0, or the number of the line that is wrong. */
unsigned pin_parse(struct span in, struct pin *p);

/* Write the manifest to out[PIN_MANIFEST_MAX]; return its length. */
size_t pin_manifest_print(const struct pin_manifest *m, char *out);

/* 0, or -1: what is taken is printed as the same bytes again. */
int pin_manifest_parse(struct span in, struct pin_manifest *m);

/* "<n> <base64 key> <path>", LF included; path alone.  0, or -1. */
int pin_epoch_parse(struct span line, struct pin_epoch *e);
int pin_path_parse(struct span s, struct pin_epoch *e);

/* Whether the key's path leads to the pinned R. */
bool pin_epoch_ok(const struct pin *p, const struct pin_epoch *e);

#endif
