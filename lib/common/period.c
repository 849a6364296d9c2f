/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/period.h"

#include "common/num.h"
#include "common/utc.h"

int
period_parse(struct span s, struct period *p)
{
	struct span digits = span_sub(s, 0, s.len == 0 ? 0 : s.len - 1);
	uint64_t n;

	*p = (struct period){ .forever = span_is(s, "forever") };
	if (p->forever)
		return 0;
	if (s.len == 0)
		return -1;
	if (s.p[s.len - 1] == 'd' &&
	    num_parse_canonical(digits, PERIOD_DAYS_MAX, &n) == 0 &&
	    n >= PERIOD_DAYS_MIN) {
		p->days = (unsigned)n;
		return 0;
	}
	if (s.p[s.len - 1] == 'y' &&
	    num_parse_canonical(digits, PERIOD_YEARS_MAX, &n) == 0 && n > 0) {
		p->years = (unsigned)n;
		return 0;
	}
	return -1;
}

void
period_print(const struct period *p, struct buf *out)
{
	if (p->forever)
		buf_str(out, "forever");
	else if (p->years > 0)
		buf_printf(out, "%uy", p->years);
	else
		buf_printf(out, "%ud", p->days);
}

int64_t
period_end(const struct period *p, int64_t usec, int zone)
{
	struct utc_civil c;
	int64_t last;
	int days;

	if (p->forever)
		return INT64_MAX;
	utc_to_civil(usec, zone, &c);
	c.year += (int)p->years;
	if (c.year > 9999)
		return INT64_MAX;
	days = utc_month_days(c.year, c.month);
	if (c.day > days)
		c.day = days;
	last = utc_days(c.year, c.month, c.day) + (int64_t)p->days;
	return (last + 1) * UTC_DAY - zone * UTC_SECOND;
}
