/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/holiday.h"

#include <stdlib.h>

#include "analyzer/ledger/csv.h"
#include "analyzer/ledger/date.h"
#include "common/arena.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

#define FIRST_YEAR 2000
#define LAST_YEAR 2099

static const struct {
	int first, last, month, day, monday;
	struct holiday name;
} rules[] = {
#define HOLIDAY(first, last, month, day, monday, ja, en)                       \
	{ first, last, month, day, monday, { ja, en } },
#include "analyzer/ledger/holiday_tbl.h"
#undef HOLIDAY
};

static const struct holiday vernal = { "春分の日", "Vernal Equinox Day" };
static const struct holiday autumnal = { "秋分の日", "Autumnal Equinox Day" };
static const struct holiday substitute = { "振替休日", "substitute holiday" };
static const struct holiday between = { "国民の休日", "citizens' holiday" };

/*
 * The day of an equinox in March or September: the mean tropical year since
 * 1980, in millionths of a day; holds for 1980-2099.
 */
static int
equinox(int year, int base)
{
	int y = year - 1980;

	return (base + 242194 * y) / 1000000 - y / 4;
}

/* A holiday by its own right, before substitution. */
static const struct holiday *
proper(int64_t day)
{
	int year, month, dom, nth;
	size_t i;

	utc_date(day, &year, &month, &dom);
	if (year < FIRST_YEAR || year > LAST_YEAR)
		return NULL;
	nth = utc_weekday(day) == 1 ? (dom + 6) / 7 : 0;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].month == month && year >= rules[i].first &&
		    year <= rules[i].last &&
		    (rules[i].day != 0 ? rules[i].day == dom
				       : rules[i].monday == nth))
			return &rules[i].name;
	if (month == 3 && dom == equinox(year, 20843100))
		return &vernal;
	if (month == 9 && dom == equinox(year, 23248800))
		return &autumnal;
	return NULL;
}

/*
 * The first day after a Sunday's holiday that is none itself.  (Before 2007 it
 * was the Monday or nothing; in 2000-2006 that comes to the same.)
 */
static bool
is_substitute(int64_t day)
{
	int64_t d;

	for (d = day - 1; proper(d) != NULL; d--)
		if (utc_weekday(d) == 0)
			return true;
	return false;
}

const struct holiday *
holiday_by_rule(int64_t day)
{
	const struct holiday *h = proper(day);

	if (h != NULL)
		return h;
	if (is_substitute(day))
		return &substitute;
	if (utc_weekday(day) != 0 && proper(day - 1) != NULL &&
	    proper(day + 1) != NULL)
		return &between;
	return NULL;
}

struct holidays {
	struct arena *arena;
	struct entry {
		int64_t day;
		struct holiday name;
	} * v;
	size_t n, cap;
	int first, last;
};

static int
compare(const void *a, const void *b)
{
	const struct entry *p = a, *q = b;

	return p->day < q->day ? -1 : p->day > q->day;
}

static void
take(struct holidays *hs, int64_t day, struct span name)
{
	const struct holiday *rule = holiday_by_rule(day);
	struct entry *e;

	if (hs->n == hs->cap) {
		hs->cap = hs->cap == 0 ? 256 : hs->cap * 2;
		hs->v = reallocarray(hs->v, hs->cap, sizeof(*hs->v));
		if (hs->v == NULL)
			abort();
	}
	e = &hs->v[hs->n++];
	e->day = day;
	e->name.ja = arena_str(hs->arena, name);
	e->name.en = rule != NULL ? rule->en : e->name.ja;
}

/* The first record may be a header: it is one if its date is none. */
static void
read_table(struct holidays *hs, struct csv *csv, const char *file,
    struct problems *ps)
{
	struct problem_at at = { .file = file };
	struct span cells[CSV_CELLS];
	int64_t day;
	size_t n;
	int rc;

	while ((rc = csv_next(csv, hs->arena, cells, &n)) == 1) {
		at.row = csv->row;
		at.value = cells[0];
		if (n == 1 && text_trim(cells[0]).len == 0)
			continue;
		if (n >= 2 && text_trim(cells[1]).len > 0 &&
		    date_parse(cells[0], &day) == 0)
			take(hs, day, text_trim(cells[1]));
		else if (csv->row > 1)
			problems_error(ps, &at,
			    tr("not a date and a name",
				"日付と名称の2列として読めません"));
	}
	if (rc == -1)
		problems_error(ps, &at, "%s", csv_strerror(csv->error));
	else if (hs->n == 0)
		problems_error(ps, &at, tr("no holidays", "祝日がありません"));
}

/* A year of the table against the rules, which the law may have overtaken. */
static void
check_year(const struct holidays *hs, int year, const char *file,
    struct problems *ps)
{
	struct problem_at at = { .file = file };
	const struct holiday *table, *rule, *first = NULL;
	int64_t day, at_day = 0;
	int n = 0, y, month = 1, dom = 1;

	for (day = utc_days(year, 1, 1); day <= utc_days(year, 12, 31);
	     day++) {
		table = holidays_get(hs, day);
		rule = holiday_by_rule(day);
		if ((table == NULL) == (rule == NULL))
			continue;
		if (n++ == 0) {
			first = table != NULL ? table : rule;
			at_day = day;
		}
	}
	if (n == 0)
		return;
	utc_date(at_day, &y, &month, &dom);
	problems_notice(ps, &at,
	    tr("%d days of %d differ from the rules of the law, first %d/%d "
	       "(%s); the table counts: see that it is whole and new",
		"%2$d年は%1$d日が法律の規則と異なります（最初は%3$d月%4$d日"
		"「%5$s」）。表を優先します。表が最新で欠けがないか確認してく"
		"ださい"),
	    n, year, month, dom, tr(first->en, first->ja));
}

struct holidays *
holidays_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct holidays *hs = calloc(1, sizeof(*hs));
	size_t bom, before = ps->errors;
	enum text_encoding enc = text_guess(bytes, &bom);
	struct csv csv;
	struct buf b;
	int year, month, dom;

	if (hs == NULL)
		abort();
	hs->arena = arena_new();
	buf_init(&b);
	(void)text_decode(enc, span_sub(bytes, bom, bytes.len), &b);
	csv = csv_make(buf_view(&b));
	read_table(hs, &csv, file, ps);
	buf_fini(&b);
	if (ps->errors > before) {
		holidays_free(hs);
		return NULL;
	}
	qsort(hs->v, hs->n, sizeof(*hs->v), compare);
	utc_date(hs->v[0].day, &hs->first, &month, &dom);
	utc_date(hs->v[hs->n - 1].day, &hs->last, &month, &dom);
	for (year = hs->first; year <= hs->last; year++)
		if (year >= FIRST_YEAR && year <= LAST_YEAR)
			check_year(hs, year, file, ps);
	return hs;
}

void
holidays_free(struct holidays *hs)
{
	if (hs == NULL)
		return;
	free(hs->v);
	arena_free(hs->arena);
	free(hs);
}

void
holidays_years(const struct holidays *hs, int *first, int *last)
{
	*first = hs->first;
	*last = hs->last;
}

const struct holiday *
holidays_get(const struct holidays *hs, int64_t day)
{
	struct entry key = { .day = day }, *e;
	int year, month, dom;

	utc_date(day, &year, &month, &dom);
	if (hs == NULL || year < hs->first || year > hs->last)
		return holiday_by_rule(day);
	e = bsearch(&key, hs->v, hs->n, sizeof(*hs->v), compare);
	return e == NULL ? NULL : &e->name;
}
