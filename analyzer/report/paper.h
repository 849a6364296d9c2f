/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_PAPER_H
#define ANALYZER_REPORT_PAPER_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/checkpoint.h"
#include "evidence/logfile.h"

/*
 * The anchor sheet: one page of A4, in Japanese and English, with what proves a
 * log from outside, when it lies in a drawer: the three lines of a checkpoint,
 * the root R of its epoch keys, and both as a QR code.  Pure.
 */
struct paper {
	const char *site; /* the hospital's name, or "" */
	const struct logfile *log;
	const struct checkpoint *checkpoint;
	int64_t made; /* utc usec */
	int zone;
};

/*
 * Append what the QR code holds and is printed in letters: the three lines, and
 * "R <hex>" unless r is NULL.
 */
void paper_text(const struct checkpoint *c, const uint8_t *r, struct buf *out);

/* Append it as markup, in letters and as a code, for whatever sheet.  0, or -1
 * and errno. */
int paper_put(const struct checkpoint *c, const uint8_t *r, struct buf *out);

/* Append the page.  Return 0, or -1 and errno. */
int paper_html(const struct paper *p, struct buf *out);

#endif
