/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/plan.h"

#include <stdlib.h>

#include "analyzer/ledger/date.h"
#include "analyzer/ledger/sheet.h"
#include "common/log.h"
#include "common/utc.h"

enum maintenance_column {
#define COLUMN(id, required, names) PLAN_##id,
#include "analyzer/ledger/plan_tbl.h"
#undef COLUMN
	PLAN_COUNT
};

static const struct sheet_column plan_columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/plan_tbl.h"
#undef COLUMN
};

enum duty_column {
#define COLUMN(id, required, names) DUTY_##id,
#include "analyzer/ledger/duty_tbl.h"
#undef COLUMN
	DUTY_COUNT
};

static const struct sheet_column duty_columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/duty_tbl.h"
#undef COLUMN
};

#define DUTY_LENGTH (36 * UTC_HOUR) /* midnight until noon of the next day */
#define PLAN_LONGEST (92 * UTC_DAY) /* beyond it a date is mistyped */

struct plans {
	struct arena *arena;
	struct plan *v;
	size_t n;
};

static struct plans *
plans_new(void)
{
	struct plans *pl = calloc(1, sizeof(*pl));

	if (pl == NULL)
		abort();
	pl->arena = arena_new();
	return pl;
}

void
plans_free(struct plans *pl)
{
	if (pl == NULL)
		return;
	arena_free(pl->arena);
	free(pl);
}

size_t
plans_count(const struct plans *pl)
{
	return pl->n;
}

const struct plan *
plans_at(const struct plans *pl, size_t i)
{
	return i < pl->n ? &pl->v[i] : NULL;
}

/* By start, then by row, so that "the first" means one thing. */
static int
compare(const void *a, const void *b)
{
	const struct plan *p = a, *q = b;

	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	return p->row < q->row ? -1 : p->row > q->row;
}

/* An instant from a cell; *dated = a date without a time. */
static int
instant(struct problem_at at, int zone, int64_t *usec, bool *dated,
    struct problems *ps)
{
	int64_t seconds;

	if (date_parse_time(at.value, &seconds, dated) == -1) {
		problems_error(ps, &at,
		    tr("not a date and time; write 2026/11/22 1:00",
			"日時として読めません。2026/11/22 "
			"1:00の形で記入してください"));
		return -1;
	}
	*usec = (seconds - zone) * UTC_SECOND;
	return 0;
}

static void
check_order(const struct plan *p, struct problem_at at, struct problems *ps)
{
	if (p->until <= p->from)
		problems_error(ps, &at,
		    tr("the end is not after the start",
			"終了が開始より後になっていません"));
	else if (p->until - p->from > PLAN_LONGEST)
		problems_error(ps, &at,
		    tr("longer than three months; write one row for each work",
			"3か月を超えています。作業ごとに行を分けてください"));
}

/* "22:00" of a day.  Return 0, or -1: it is no time of day. */
static int
clock_of(struct span cell, int64_t midnight, int64_t *usec)
{
	static const char day[] = "1970/1/1 ";
	uint8_t text[32];
	int64_t seconds;
	bool dated;

	if (cell.len == 0 || cell.len >= sizeof(text) - sizeof(day))
		return -1;
	memcpy(text, day, sizeof(day) - 1);
	memcpy(text + sizeof(day) - 1, cell.p, cell.len);
	if (date_parse_time(span_make(text, sizeof(day) - 1 + cell.len),
		&seconds, &dated) == -1)
		return -1;
	*usec = midnight + seconds * UTC_SECOND;
	return 0;
}

static void
duty_time(struct problem_at at, int64_t midnight, int64_t *usec,
    struct problems *ps)
{
	if (at.value.len > 0 && clock_of(at.value, midnight, usec) == -1)
		problems_error(ps, &at,
		    tr("not a time; write 17:15",
			"時刻として読めません。17:15の形で記入してください"));
}

/*
 * Where the day has a column of its own, start and end may be times of it; an
 * end that is not after the start is one of the next day.
 */
static int
read_times(struct plan *p, const struct sheet *sheet,
    const struct sheet_row *row, int zone, struct problems *ps)
{
	struct problem_at day = sheet_at(sheet, row, PLAN_DATE);
	struct problem_at from = sheet_at(sheet, row, PLAN_FROM);
	struct problem_at until = sheet_at(sheet, row, PLAN_UNTIL);
	bool dated = false, clocks[2] = { false, false };
	int64_t midnight = 0;
	int bad = 0;

	if (day.value.len > 0) {
		if (instant(day, zone, &midnight, &dated, ps) == -1)
			return -1;
		clocks[0] = clock_of(from.value, midnight, &p->from) == 0;
		clocks[1] = clock_of(until.value, midnight, &p->until) == 0;
		dated = false;
	}
	if (!clocks[0])
		bad |= instant(from, zone, &p->from, &dated, ps);
	if (!clocks[1])
		bad |= instant(until, zone, &p->until, &dated, ps);
	if (bad != 0)
		return -1;
	if (!clocks[1] && dated)
		p->until += UTC_DAY; /* the whole last day */
	if (clocks[0] && clocks[1] && p->until <= p->from)
		p->until += UTC_DAY;
	return 0;
}

static void
read_plan(struct plans *pl, const struct sheet *sheet,
    const struct sheet_row *row, int zone, struct problems *ps)
{
	struct plan *p = &pl->v[pl->n++];
	struct problem_at entered = sheet_at(sheet, row, PLAN_ENTERED);
	int64_t when;
	bool dated;

	*p = (struct plan){ .row = row->number };
	p->id = row->cells[PLAN_ID];
	p->vendor = sheet_key(row->cells[PLAN_VENDOR], pl->arena);
	p->users = sheet_keys(row->cells[PLAN_USERS], pl->arena);
	p->devices = sheet_keys(row->cells[PLAN_DEVICES], pl->arena);
	p->work = row->cells[PLAN_WORK];
	if (read_times(p, sheet, row, zone, ps) == -1)
		return;
	check_order(p, sheet_at(sheet, row, PLAN_UNTIL), ps);
	if (entered.value.len > 0 &&
	    instant(entered, zone, &when, &dated, ps) == 0)
		p->late = when > p->from + (dated ? UTC_DAY : 0);
}

static void
read_duty(struct plans *pl, const struct sheet *sheet,
    const struct sheet_row *row, int zone, struct problems *ps)
{
	struct problem_at user = sheet_at(sheet, row, DUTY_USERS);
	struct plan *p = &pl->v[pl->n++];
	int64_t midnight;
	bool dated;

	*p = (struct plan){ .row = row->number };
	p->users = sheet_keys(user.value, pl->arena);
	p->work = row->cells[DUTY_WORK];
	if (p->users.len == 0)
		problems_error(ps, &user,
		    tr("the duty has no user ID", "ユーザIDがありません"));
	if (instant(sheet_at(sheet, row, DUTY_DATE), zone, &midnight, &dated,
		ps) == -1)
		return;
	p->from = midnight;
	p->until = midnight + DUTY_LENGTH;
	duty_time(sheet_at(sheet, row, DUTY_FROM), midnight, &p->from, ps);
	duty_time(sheet_at(sheet, row, DUTY_UNTIL), midnight, &p->until, ps);
	if (p->until <= p->from)
		p->until += UTC_DAY; /* 17:15 to 8:30 ends on the next day */
}

/* A table of columns and who reads a row of them. */
struct kind {
	const struct sheet_column *columns;
	size_t n;
	void (*read)(struct plans *pl, const struct sheet *sheet,
	    const struct sheet_row *row, int zone, struct problems *ps);
};

static struct plans *
parse(struct span bytes, const char *file, int zone, const struct kind *kind,
    struct problems *ps)
{
	struct plans *pl = plans_new();
	size_t i, before = ps->errors;
	struct sheet sheet;

	if (sheet_read(bytes, file, kind->columns, kind->n, pl->arena, &sheet,
		ps) == 0) {
		pl->v = arena_alloc(pl->arena, (sheet.n + 1) * sizeof(*pl->v));
		for (i = 0; i < sheet.n; i++)
			kind->read(pl, &sheet, &sheet.rows[i], zone, ps);
		qsort(pl->v, pl->n, sizeof(*pl->v), compare);
	}
	if (ps->errors == before)
		return pl;
	plans_free(pl);
	return NULL;
}

struct plans *
plans_parse_maintenance(struct span bytes, const char *file, int zone,
    struct problems *ps)
{
	static const struct kind kind = { plan_columns, PLAN_COUNT, read_plan };

	return parse(bytes, file, zone, &kind, ps);
}

struct plans *
plans_parse_duty(struct span bytes, const char *file, int zone,
    struct problems *ps)
{
	static const struct kind kind = { duty_columns, DUTY_COUNT, read_duty };

	return parse(bytes, file, zone, &kind, ps);
}

/* Whether one of the values in a cell is one of the n keys. */
static bool
names_one_of(struct span cell, const struct span *keys, size_t n)
{
	struct span value;
	size_t i;

	while (sheet_next_value(&cell, &value))
		for (i = 0; i < n; i++)
			if (keys[i].len > 0 && span_eq(keys[i], value))
				return true;
	return false;
}

static bool
covers(const struct plan *p, const struct plan_act *act)
{
	const struct span who[2] = { act->user, act->account };

	if (act->time < p->from - act->grace ||
	    act->time >= p->until + act->grace)
		return false;
	/* A connection without a user: a plan that names its device will do. */
	if (act->nobody && names_one_of(p->devices, act->device, 3))
		return true;
	if (p->users.len > 0 && !names_one_of(p->users, who, 2))
		return false;
	/* A plan of a vendor that names no ID is for the vendor's IDs. */
	if (p->users.len == 0 && p->vendor.len > 0 &&
	    !span_eq(p->vendor, act->vendor))
		return false;
	return act->anywhere || p->devices.len == 0 ||
	    names_one_of(p->devices, act->device, 3);
}

const struct plan *
plans_covering(const struct plans *pl, const struct plan_act *act)
{
	return plans_next_covering(pl, act, NULL);
}

const struct plan *
plans_next_covering(const struct plans *pl, const struct plan_act *act,
    const struct plan *behind)
{
	size_t i = behind == NULL ? 0 : (size_t)(behind - pl->v) + 1;

	for (; i < pl->n; i++) {
		if (pl->v[i].from - act->grace > act->time)
			break;
		if (covers(&pl->v[i], act))
			return &pl->v[i];
	}
	return NULL;
}
