/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/deadline.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/cells.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/case/deadline_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/case/deadline_tbl.h"
#undef COLUMN
};

struct deadlines {
	struct arena *arena;
	struct deadline *v;
	size_t n;
};

static const char *
text(const struct cells *c, size_t column)
{
	struct problem_at at = cells_at(c, column);
	struct span s = cells_text(c, column);

	if (s.len == 0)
		problems_error(c->ps, &at, "%s",
		    tr("must not be empty", "空欄にできません"));
	return arena_str(c->arena, s);
}

static unsigned
days(const struct cells *c, size_t column)
{
	struct problem_at at = cells_at(c, column);
	uint64_t n = 0;

	if (num_parse(cells_key(c, column), DEADLINE_DAYS, &n) != 0 || n == 0)
		problems_error(c->ps, &at,
		    tr("a number of days from 1 to %u is needed",
			"1から%uまでの日数を記入してください"),
		    DEADLINE_DAYS);
	return (unsigned)n;
}

/* "14;7;0": days before, falling. */
static void
read_before(const struct cells *c, struct deadline *d)
{
	struct problem_at at = cells_at(c, COL_BEFORE);
	struct span rest = cells_text(c, COL_BEFORE), value;
	uint64_t n;

	while (sheet_next_value(&rest, &value)) {
		if (d->n_before < DEADLINE_BEFORE &&
		    num_parse(value, DEADLINE_DAYS, &n) == 0 &&
		    (d->n_before == 0 || n < d->before[d->n_before - 1])) {
			d->before[d->n_before++] = (unsigned)n;
			continue;
		}
		problems_error(c->ps, &at,
		    tr("up to %u numbers of days are needed, the largest first",
			"日数を大きい順に%u個まで記入してください"),
		    DEADLINE_BEFORE);
		return;
	}
}

static bool
read_open(const struct cells *c)
{
	struct problem_at at = cells_at(c, COL_OPEN);
	struct span s = cells_text(c, COL_OPEN);

	if (!span_is(s, "翌開庁日") && !span_is(s, "そのまま"))
		problems_error(c->ps, &at, "%s",
		    tr("write 翌開庁日 (the next day that offices are open) "
		       "or そのまま (the day itself)",
			"「翌開庁日」か「そのまま」と記入してください"));
	return span_is(s, "翌開庁日");
}

static void
read_row(void *element, const struct cells *c)
{
	struct deadline *d = element;
	struct problem_at at = cells_at(c, COL_LAST);

	*d = (struct deadline){ .id = text(c, COL_ID),
		.name_ja = text(c, COL_JA),
		.name_en = text(c, COL_EN),
		.to_ja = text(c, COL_TO_JA),
		.to_en = text(c, COL_TO_EN),
		.if_ja = text(c, COL_IF_JA),
		.if_en = text(c, COL_IF_EN),
		.basis = text(c, COL_BASIS),
		.first = days(c, COL_FIRST),
		.last = days(c, COL_LAST),
		.open = read_open(c),
		.since = cells_date(c, COL_SINCE),
		.until = cells_date(c, COL_UNTIL) };
	if (d->until == INT64_MIN)
		d->until = INT64_MAX;
	if (d->first > d->last)
		problems_error(c->ps, &at, "%s",
		    tr("is before its first day",
			"目安の日より前になっています"));
	read_before(c, d);
}

static const struct cells_list list = { columns, COL_COUNT,
	sizeof(struct deadline), read_row };

struct deadlines *
deadlines_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct deadlines *ds = calloc(1, sizeof(*ds));

	if (ds == NULL)
		abort();
	ds->arena = arena_new();
	ds->v = cells_read(&list, bytes, file, ds->arena, ps, &ds->n);
	if (ds->v == NULL) {
		deadlines_free(ds);
		return NULL;
	}
	return ds;
}

void
deadlines_free(struct deadlines *ds)
{
	if (ds == NULL)
		return;
	arena_free(ds->arena);
	free(ds);
}

const struct deadline *
deadlines_next(const struct deadlines *ds, int64_t aware, size_t *at)
{
	while (*at < ds->n) {
		const struct deadline *d = &ds->v[(*at)++];

		if (aware >= d->since && aware <= d->until)
			return d;
	}
	return NULL;
}

const struct deadline *
deadlines_find(const struct deadlines *ds, const char *id)
{
	size_t i;

	for (i = 0; i < ds->n; i++)
		if (strcmp(ds->v[i].id, id) == 0)
			return &ds->v[i];
	return NULL;
}

static bool
is_closed(int64_t day, const struct holidays *table)
{
	int weekday = utc_weekday(day), year, month, date;

	utc_date(day, &year, &month, &date);
	return weekday == 0 || weekday == 6 || (month == 12 && date >= 29) ||
	    (month == 1 && date <= 3) || holidays_get(table, day) != NULL;
}

int64_t
deadline_day(const struct deadline *d, int64_t aware,
    const struct holidays *table)
{
	int64_t day = aware + d->last - 1;

	while (d->open && is_closed(day, table))
		day++;
	return day;
}

int64_t
deadline_first(const struct deadline *d, int64_t aware)
{
	return aware + d->first - 1;
}

int
deadline_reminder(const struct deadline *d, int64_t day, int64_t today)
{
	int found = -1;
	size_t i;

	for (i = 0; i < d->n_before; i++)
		if (today >= day - d->before[i])
			found = (int)d->before[i];
	return found;
}
