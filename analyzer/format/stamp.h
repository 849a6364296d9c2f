/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_STAMP_H
#define ANALYZER_FORMAT_STAMP_H

#include <stdbool.h>
#include <stddef.h>

#include "common/span.h"
#include "common/utc.h"

/*
 * Time stamps that stand in front of log lines, in the forms that syslog
 * senders write: RFC 3339, RFC 3164 and what vendors made of it.  Pure.
 */
struct stamp {
	struct utc_civil c; /* year 0 if none is written; 24:00:00 may stand */
	bool has_zone;
	bool odd_zone; /* one is named, but it is not known which */
	int zone;      /* seconds east, if has_zone */
	char quality;  /* Cisco: '*' never set, '.' lost its source; else 0 */
	size_t len;    /* bytes it takes, quality and zone included */
};

/*
 * Read a stamp at the very start of in:
 *   Jun  7 18:54:52[.123][ 2026][ JST]	   Jun 07 2026 18:54:52
 *   2026 Jun 07 18:54:52		   Sun Jun  7 18:54:52 2026
 *   2026-06-07T18:54:52[.123][Z|+09:00]   2026/06/07 18:54:52
 *   2026:06:07-18:54:52		   07-Jun-2026 18:54:52
 *   Sun, 7 Jun 2026 18:54:52 +0900	   07/Jun/2026:18:54:52 +0900
 *   1780826092.123456 (seconds of the epoch with a fraction)
 *   @400000006a25416607735940 (TAI64N)
 * Return false and leave *s undefined if there is none.
 */
bool stamp_parse(struct span in, struct stamp *s);

/* Whether the date and the time of day exist. */
bool stamp_valid(const struct stamp *s);

/* Month 1-12 by its English abbreviation, in any case; 0 if none. */
int stamp_month(const uint8_t *p, size_t len);

/* What stands where a zone may stand. */
enum stamp_zone {
	STAMP_ZONE_NONE,  /* something else */
	STAMP_ZONE_KNOWN, /* an offset, or a name that has one */
	STAMP_ZONE_ODD,	  /* a name that stands for several (CST, IST, BST) */
};

/*
 * The zone at the very start of s: "Z", "+09:00", "-0330", "JST", "UTC+9",
 * "CST(+0800)".  *zone if it is known; *len = its bytes.
 */
enum stamp_zone stamp_zone_take(struct span s, int *zone, size_t *len);

/*
 * All of s as a zone; here "(GMT+9:00) Tokyo", "Asia/Tokyo", and the POSIX
 * "JST-9" are understood too.  Names that mean different zones in different
 * countries are refused.  Return 0, or -1.
 */
int stamp_zone(struct span s, int *zone);

#endif
