/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CLOCK_H
#define ANALYZER_FORMAT_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "analyzer/format/stamp.h"

/*
 * Device time: from text to an instant, and the rule by which it was derived.
 * Pure; the receive time is handed in.
 *
 * A pattern is a string with %Y %y %E %m %b %d %a %H %I %M %S %p %f %z %Z %%,
 * where numbers need no padding, %E is a Japanese era with its year (令和7,
 * R7), %a a weekday, which is not looked at, %p also 午前 and 午後, %f a
 * fraction without its point, and all else stands for itself; a blank stands
 * for one or more blanks.  %y is of 1969-2068, as POSIX has it.
 */

/* Whether the pattern is one; *bad = offset of what is wrong. */
bool clock_check(struct span pattern, size_t *bad);

/*
 * Read pieces, which stand for one text with a blank between each, by the
 * pattern; all of it must match.
 */
bool clock_parse(struct span pattern, const struct span *pieces, size_t n,
    struct stamp *s);

/* Seconds, or 13, 16 or 19 digits of ms, us or ns, of the epoch. */
bool clock_epoch(struct span text, int64_t *usec);

/* What is known of zones when the line does not say. */
struct clock_zones {
	int site;	 /* seconds east */
	bool has_device; /* the ledger knows the device's zone */
	int device;
	int64_t now; /* receive time, utc usec: the year is near it */
};

/*
 * The instant of a stamp, the rule that gave it, and what is to be known of it
 * (EVENT_MARK_YEAR, and what the stamp says of its clock; the rest of *mark
 * stays).  A year that is missing is the last that does not put the stamp
 * more than two days after now.
 */
int64_t clock_resolve(const struct stamp *s, const struct clock_zones *z,
    enum event_clock *rule, uint8_t *mark);

/*
 * The zone that the device's clock runs on, and the year if the stamp has
 * none, from its local stamp and an instant in the same line; false if they do
 * not fit any zone within two minutes.
 */
bool clock_zone_of(struct stamp *local, int64_t utc, int *zone);

#endif
