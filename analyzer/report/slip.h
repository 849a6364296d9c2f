/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_SLIP_H
#define ANALYZER_REPORT_SLIP_H

#include <stdint.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * The custody form (受渡票) of a package: one page of A4 that goes another way
 * than the package, with the hash that stands for all of it, in letters and as
 * a QR code, and room for what both sides and a witness sign.  Pure.
 */
struct slip {
	enum log_lang lang;
	const char *site; /* the hospital's name, or "" */
	const char *name; /* of the package's folder */
	struct span origin;
	struct span what;      /* kind and counts, what is gone: LF ends each */
	uint64_t first, last;  /* records */
	int64_t low, high;     /* their receive times, utc usec */
	int64_t made, stamped; /* utc usec; stamped 0: no time stamp */
	int zone;
	uint64_t files, bytes;	 /* of the payload */
	const uint8_t *hash;	 /* of tagmanifest-sha256.txt */
	const char *sealed_name; /* of the encrypted file, or NULL */
	const uint8_t *sealed_hash;
	const char *by; /* who made it */
	struct span recipient, why, authority;
};

/* What the QR code holds: a line that sha256sum -c takes. */
void slip_line(const struct slip *s, struct buf *out);

/* Append the page.  Return 0, or -1 and errno. */
int slip_html(const struct slip *s, struct buf *out);

#endif
