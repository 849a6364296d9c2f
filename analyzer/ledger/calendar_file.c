/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/calendar_file.h"

#include <stdlib.h>

#include "analyzer/ledger/calendar.h"
#include "analyzer/ledger/date.h"
#include "analyzer/ledger/sheet.h"
#include "common/log.h"
#include "common/utc.h"

#define JAPAN (9 * 3600)
#define FAIL(at, ...) yaml_fail(r->err, r->file, at, __VA_ARGS__)

struct reader {
	struct calendar *c;
	const char *file;
	struct yaml_error *err;
};

static const char *const weekdays[] = { "sun", "mon", "tue", "wed", "thu",
	"fri", "sat" };

/* "8:30" at *at of s, to minutes. */
static int
clock_minutes(struct span s, size_t *at)
{
	int part[2] = { 0, 0 };
	size_t i, n;

	for (i = 0; i < 2; i++) {
		for (n = 0; *at < s.len && n < 2; n++, (*at)++) {
			if (s.p[*at] < '0' || s.p[*at] > '9')
				break;
			part[i] = part[i] * 10 + (s.p[*at] - '0');
		}
		if (n == 0)
			return -1;
		if (i == 0 && (*at == s.len || s.p[(*at)++] != ':'))
			return -1;
	}
	if (part[1] > 59 || part[0] * 60 + part[1] > 1440)
		return -1;
	return part[0] * 60 + part[1];
}

static int
read_window(struct reader *r, const struct yaml_node *n,
    struct calendar_hours *h)
{
	size_t at = 0;
	int from, to = -1;

	from = n->kind == YAML_SCALAR ? clock_minutes(n->text, &at) : -1;
	if (from >= 0 && at < n->text.len && n->text.p[at++] == '-')
		to = clock_minutes(n->text, &at);
	if (to < 0 || at != n->text.len)
		return FAIL(n,
		    tr("hours are written \"8:30-17:15\"",
			"時間帯は \"8:30-17:15\" の形で書いてください"));
	if (h->n == CALENDAR_HOURS)
		return FAIL(n,
		    tr("at most %d windows a day", "1日の時間帯は%d個までです"),
		    CALENDAR_HOURS);
	h->v[h->n].from = from;
	h->v[h->n++].to = to > from ? to : to + 1440;
	return 0;
}

static int
read_business(struct reader *r, const struct yaml_node *map)
{
	const struct yaml_node *day, *w;
	size_t i;

	if (map->kind != YAML_MAP)
		return FAIL(map,
		    tr("a map of mon ... sun", "mon～sunの対応表が必要です"));
	for (i = 0; i < 7; i++)
		r->c->week[i].n = 0;
	for (day = map->first; day != NULL; day = day->next) {
		for (i = 0; i < 7; i++)
			if (span_is(day->key, weekdays[i]))
				break;
		if (i == 7)
			return FAIL(day,
			    tr("no such weekday; one of mon tue wed thu fri "
			       "sat sun",
				"曜日はmon tue wed thu fri sat "
				"sunのいずれかです"));
		if (day->kind == YAML_SCALAR) {
			if (read_window(r, day, &r->c->week[i]) == -1)
				return -1;
			continue;
		}
		for (w = day->first; w != NULL; w = w->next)
			if (read_window(r, w, &r->c->week[i]) == -1)
				return -1;
	}
	return 0;
}

/* "12-29" to 1229. */
static int
read_month_day(struct reader *r, const struct yaml_node *n, int *mmdd)
{
	struct span s = n->text;
	int month = 0, dom = 0;
	bool good = n->kind == YAML_SCALAR && s.len == 5 && s.p[2] == '-';
	size_t i;

	for (i = 0; good && i < 5; i++)
		good = i == 2 || (s.p[i] >= '0' && s.p[i] <= '9');
	if (good) {
		month = (s.p[0] - '0') * 10 + s.p[1] - '0';
		dom = (s.p[3] - '0') * 10 + s.p[4] - '0';
		good = dom >= 1 && dom <= utc_month_days(2000, month);
	}
	if (!good)
		return FAIL(n,
		    tr("a day of the year is written 12-29",
			"月日は 12-29 の形で書いてください"));
	*mmdd = month * 100 + dom;
	return 0;
}

/* Every key of a map must be one of "a|b|c". */
static int
check_keys(struct reader *r, const struct yaml_node *map, const char *keys)
{
	const struct yaml_node *n;

	if (map->kind != YAML_MAP)
		return FAIL(map,
		    tr("a map with the keys %s", "キー %s の対応表が必要です"),
		    keys);
	for (n = map->first; n != NULL; n = n->next)
		if (!sheet_is_one_of(n->key, keys))
			return FAIL(n,
			    tr("unknown key '%.*s'; allowed: %s",
				"キー「%.*s」はありません。使えるキー: %s"),
			    (int)n->key.len, (const char *)n->key.p, keys);
	return 0;
}

static int
read_yearly(struct reader *r, const struct yaml_node *n,
    struct calendar_yearly *y)
{
	const struct yaml_node *from, *to;

	*y = (struct calendar_yearly){ true, 0, 0 };
	if (n->kind == YAML_SCALAR && span_is(n->text, "none")) {
		y->set = false;
		return 0;
	}
	if (n->kind == YAML_SCALAR) {
		if (read_month_day(r, n, &y->from) == -1)
			return -1;
		y->to = y->from;
		return 0;
	}
	if (check_keys(r, n, "from|to") == -1)
		return -1;
	from = yaml_get(n, "from");
	to = yaml_get(n, "to");
	if (from == NULL || to == NULL)
		return FAIL(n,
		    tr("from and to are needed", "from と to が必要です"));
	return read_month_day(r, from, &y->from) == -1 ||
		read_month_day(r, to, &y->to) == -1
	    ? -1
	    : 0;
}

static int
read_date(struct reader *r, const struct yaml_node *n, int64_t *day)
{
	if (n != NULL && n->kind == YAML_SCALAR &&
	    date_parse(n->text, day) == 0)
		return 0;
	return FAIL(n,
	    tr("a date is written 2026-08-13",
		"日付は 2026-08-13 の形で書いてください"));
}

/* "08-13": a day of each year. */
static bool
is_month_day(const struct yaml_node *n)
{
	return n != NULL && n->kind == YAML_SCALAR && n->text.len == 5 &&
	    n->text.p[2] == '-';
}

static int
add_nth(struct reader *r, const struct yaml_node *n,
    struct calendar_range *range)
{
	if (n->kind != YAML_SCALAR || n->text.len != 1 || n->text.p[0] < '1' ||
	    n->text.p[0] > '5')
		return FAIL(n,
		    tr("the weekday's number in the month, 1 to 5",
			"月の何番目の曜日かを1から5で書いてください"));
	range->nth |= 1u << (n->text.p[0] - '0');
	return 0;
}

/* {weekday: sat, nth: [2, 4], name: 第2・第4土曜} */
static int
read_weekday(struct reader *r, const struct yaml_node *n,
    struct calendar_range *range)
{
	const struct yaml_node *day = yaml_get(n, "weekday"), *nth, *i;

	if (check_keys(r, n, "weekday|nth|name") == -1)
		return -1;
	range->by_weekday = true;
	while (range->weekday < 7 && !span_is(day->text,
					 weekdays[range->weekday]))
		range->weekday++;
	if (day->kind != YAML_SCALAR || range->weekday == 7)
		return FAIL(day,
		    tr("no such weekday; one of mon tue wed thu fri sat sun",
			"曜日はmon tue wed thu fri sat sunのいずれかです"));
	if ((nth = yaml_get(n, "nth")) == NULL)
		return 0;
	if (nth->kind == YAML_SCALAR)
		return add_nth(r, nth, range);
	for (i = nth->first; i != NULL; i = i->next)
		if (add_nth(r, i, range) == -1)
			return -1;
	return 0;
}

/* {from: 08-13, to: 08-15, name: お盆}, which may cross New Year. */
static int
read_each_year(struct reader *r, const struct yaml_node *n,
    struct calendar_range *range)
{
	const struct yaml_node *from = yaml_get(n, "from");
	const struct yaml_node *to = yaml_get(n, "to");

	range->yearly.set = true;
	if (read_month_day(r, from, &range->yearly.from) == -1)
		return -1;
	range->yearly.to = range->yearly.from;
	return to == NULL ? 0 : read_month_day(r, to, &range->yearly.to);
}

static int
read_dates(struct reader *r, const struct yaml_node *n,
    struct calendar_range *range)
{
	const struct yaml_node *to = yaml_get(n, "to");

	if (read_date(r, yaml_get(n, "from"), &range->from) == -1)
		return -1;
	range->to = range->from;
	if (to != NULL && read_date(r, to, &range->to) == -1)
		return -1;
	return range->to < range->from
	    ? FAIL(to,
		  tr("it ends before it begins", "終わりが始まりより前です"))
	    : 0;
}

static int
read_range(struct reader *r, const struct yaml_node *n,
    struct calendar_range *range)
{
	const struct yaml_node *name;
	int rc;

	range->name = "";
	range->from = 1; /* none by date */
	if (n->kind == YAML_SCALAR && is_month_day(n)) {
		range->yearly.set = true;
		rc = read_month_day(r, n, &range->yearly.from);
		range->yearly.to = range->yearly.from;
		return rc;
	}
	if (n->kind == YAML_SCALAR) {
		if (read_date(r, n, &range->from) == -1)
			return -1;
		range->to = range->from;
		return 0;
	}
	if (yaml_get(n, "weekday") != NULL)
		rc = read_weekday(r, n, range);
	else if (check_keys(r, n, "from|to|name") == -1)
		return -1;
	else if (yaml_get(n, "from") == NULL)
		return FAIL(n, tr("from is needed", "from が必要です"));
	else if (is_month_day(yaml_get(n, "from")))
		rc = read_each_year(r, n, range);
	else
		rc = read_dates(r, n, range);
	if ((name = yaml_get(n, "name")) != NULL && name->kind == YAML_SCALAR)
		range->name = arena_str(r->c->arena, name->text);
	return rc;
}

static int
read_ranges(struct reader *r, const struct yaml_node *list,
    struct calendar_range **head)
{
	const struct yaml_node *n;
	struct calendar_range *range;

	if (list->kind != YAML_SEQ)
		return FAIL(list,
		    tr("a list of dates", "日付の一覧が必要です"));
	for (n = list->first; n != NULL; n = n->next) {
		range = arena_alloc(r->c->arena, sizeof(*range));
		if (read_range(r, n, range) == -1)
			return -1;
		*head = range;
		head = &range->next;
	}
	return 0;
}

static int
read_shifts(struct reader *r, const struct yaml_node *map)
{
	struct calendar_shift **tail = &r->c->shifts, *s;
	const struct yaml_node *n;

	if (map->kind != YAML_MAP)
		return FAIL(map,
		    tr("a map of names and hours",
			"名前と時間帯の対応表が必要です"));
	for (n = map->first; n != NULL; n = n->next) {
		s = arena_alloc(r->c->arena, sizeof(*s));
		s->key = sheet_key(n->key, r->c->arena);
		if (read_window(r, n, &s->hours) == -1)
			return -1;
		*tail = s;
		tail = &s->next;
	}
	return 0;
}

static int
read_scalars(struct reader *r, const struct yaml_node *root)
{
	const struct yaml_node *zone = yaml_get(root, "zone");
	const struct yaml_node *holidays = yaml_get(root, "holidays");

	if (zone != NULL &&
	    (zone->kind != YAML_SCALAR ||
		utc_parse_zone(zone->text, &r->c->zone) == -1))
		return FAIL(zone,
		    tr("a zone is written \"+09:00\"",
			"時差は \"+09:00\" の形で書いてください"));
	if (holidays == NULL)
		return 0;
	if (holidays->kind != YAML_SCALAR ||
	    !sheet_is_one_of(holidays->text, "japan|none"))
		return FAIL(holidays,
		    tr("japan or none", "japan か none を書いてください"));
	r->c->japan = span_is(holidays->text, "japan");
	return 0;
}

static int
read_root(struct reader *r, const struct yaml_node *root)
{
	const struct yaml_node *n;

	if (check_keys(r, root,
		"zone|business|holidays|year_end|founding_day|closed|open|"
		"shifts") == -1 ||
	    read_scalars(r, root) == -1)
		return -1;
	if ((n = yaml_get(root, "business")) != NULL &&
	    read_business(r, n) == -1)
		return -1;
	if ((n = yaml_get(root, "year_end")) != NULL &&
	    read_yearly(r, n, &r->c->year_end) == -1)
		return -1;
	if ((n = yaml_get(root, "founding_day")) != NULL &&
	    read_yearly(r, n, &r->c->founding) == -1)
		return -1;
	if ((n = yaml_get(root, "closed")) != NULL &&
	    read_ranges(r, n, &r->c->closed) == -1)
		return -1;
	if ((n = yaml_get(root, "open")) != NULL &&
	    read_ranges(r, n, &r->c->open) == -1)
		return -1;
	if ((n = yaml_get(root, "shifts")) != NULL)
		return read_shifts(r, n);
	return 0;
}

struct calendar *
calendar_default(const struct holidays *table)
{
	struct calendar *c = calloc(1, sizeof(*c));
	size_t i;

	if (c == NULL)
		abort();
	c->arena = arena_new();
	c->table = table;
	c->zone = JAPAN;
	c->japan = true;
	c->year_end = (struct calendar_yearly){ true, 1229, 103 };
	for (i = 1; i <= 5; i++) {
		c->week[i].n = 1;
		c->week[i].v[0].from = 8 * 60 + 30;
		c->week[i].v[0].to = 17 * 60 + 15;
	}
	return c;
}

struct calendar *
calendar_parse(struct span text, const char *name, const struct holidays *table,
    struct yaml_error *err)
{
	struct calendar *c = calendar_default(table);
	struct reader r = { c, name, err };
	struct arena *arena = arena_new();
	struct yaml_node *root = yaml_parse(text, name, arena, err);

	if (root == NULL || read_root(&r, root) == -1) {
		calendar_free(c);
		c = NULL;
	}
	arena_free(arena);
	return c;
}
