/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/format/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* 2026-12-31T23:59:30Z */
#define NOW (INT64_C(1798761570) * UTC_SECOND)

/* An instant that a stamp gives is one, and no year is of the future. */
static void
check_instant(const struct stamp *s)
{
	struct clock_zones z = { 32400, true, 0, NOW };
	enum event_clock rule;
	uint8_t mark = 0;
	int64_t at;

	assert(stamp_valid(s));
	at = clock_resolve(s, &z, &rule, &mark);
	assert(rule == (s->has_zone ? EVENT_CLOCK_OFFSET : EVENT_CLOCK_LEDGER));
	if (s->c.year != 0) {
		assert((mark & EVENT_MARK_YEAR) == 0);
		assert(s->has_zone || at == utc_from_civil(&s->c, 0));
		return;
	}
	assert(mark & EVENT_MARK_YEAR);
	assert(at <= NOW + 2 * UTC_DAY && at > NOW - 9 * 366 * UTC_DAY);
}

/* What is read of it is a stamp by itself, and the same. */
static void
check_stamp(struct span in)
{
	struct stamp s, again;

	if (!stamp_parse(in, &s))
		return;
	assert(s.len > 0 && s.len <= in.len);
	check_instant(&s);
	if (s.len >= 13) {
		assert(stamp_parse(span_sub(in, 0, s.len), &again));
		assert(again.len == s.len);
		assert(again.c.second == s.c.second && again.c.day == s.c.day);
		assert(again.has_zone == s.has_zone);
	}
}

static void
check_zone(struct span in)
{
	int zone, again;
	size_t len = 0;

	if (stamp_zone_take(in, &zone, &len) == STAMP_ZONE_KNOWN) {
		assert(len > 0 && len <= in.len);
		assert(zone > -86400 && zone < 86400 && zone % 60 == 0);
		assert(stamp_zone(span_sub(in, 0, len), &again) == 0);
		assert(again == zone);
	}
	if (stamp_zone(in, &zone) == 0)
		assert(zone > -86400 && zone < 86400);
}

/* The first line is a pattern, the rest is read by it. */
static void
check_pattern(struct span in)
{
	const uint8_t *lf =
	    in.len == 0 ? NULL : memchr(in.p, '\n', in.len);
	struct span pattern, piece[2];
	struct stamp s;
	size_t bad = 0;

	if (lf == NULL)
		return;
	pattern = span_sub(in, 0, (size_t)(lf - in.p));
	piece[0] = span_sub(in, pattern.len + 1, in.len);
	if (!clock_check(pattern, &bad)) {
		assert(bad <= pattern.len);
		return;
	}
	if (clock_parse(pattern, piece, 1, &s))
		check_instant(&s);
	piece[1] = span_sub(piece[0], piece[0].len / 2, piece[0].len);
	piece[0].len /= 2;
	if (clock_parse(pattern, piece, 2, &s))
		check_instant(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct span in = span_make(buf, len);
	int64_t usec;

	check_stamp(in);
	check_zone(in);
	check_pattern(in);
	if (clock_epoch(in, &usec))
		assert(usec >= 0);
	return 0;
}
