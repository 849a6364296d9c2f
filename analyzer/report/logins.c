/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/logins.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "analyzer/rule/repeat.h"

#define BUCKETS 1024u

struct row {
	struct login login;
	struct span own; /* as its first record names the device */
	size_t next; /* in its bucket: position + 1, 0 at the end */
};

struct logins {
	const struct report *r;
	int64_t from, until;
	struct row *rows;
	size_t n, cap;
	size_t buckets[BUCKETS];
	uint64_t beyond, repeated;
	struct repeat *repeat;
	struct picture_hours hours;
};

struct logins *
logins_new(const struct report *r, int64_t from, int64_t until)
{
	struct logins *l = arena_alloc(r->arena, sizeof(*l));

	l->r = r;
	l->from = from;
	l->until = until;
	l->repeat = repeat_new();
	return l;
}

const char *
logins_kind_name(enum logins_kind k)
{
	switch (k) {
	case LOGINS_VPN:
		return word_of(WORD_LOGIN_VPN);
	case LOGINS_ADMIN:
		return word_of(WORD_LOGIN_ADMIN);
	case LOGINS_OTHER:
	case LOGINS_KINDS:
		break;
	}
	return word_of(WORD_LOGIN_OTHER);
}

/* FNV-1a: rows are few, and a stranger's names only make a bucket long. */
static size_t
bucket(struct span user, struct span source, enum logins_kind kind)
{
	uint32_t h = 2166136261u + (uint32_t)kind;
	size_t i;

	for (i = 0; i < user.len; i++)
		h = (h ^ user.p[i]) * 16777619u;
	for (i = 0; i < source.len; i++)
		h = (h ^ source.p[i]) * 16777619u;
	return h % BUCKETS;
}

static void
grow(struct logins *l)
{
	if (l->n < l->cap)
		return;
	l->cap = l->cap == 0 ? 32 : l->cap * 2;
	l->rows = reallocarray(l->rows, l->cap, sizeof(*l->rows));
	if (l->rows == NULL)
		abort();
}

/* The row of that account and address; of a device by its text or, NULL, by
 * what the record calls it. */
static struct login *
find_row(struct logins *l, const struct row *like, size_t b,
    const char *device)
{
	struct row *x;
	size_t i;

	for (i = l->buckets[b]; i > 0; i = x->next) {
		x = &l->rows[i - 1];
		if (x->login.kind == like->login.kind &&
		    span_eq(x->login.user, like->login.user) &&
		    span_eq(x->login.source, like->login.source) &&
		    (device != NULL ? strcmp(x->login.device, device) == 0
				    : span_eq(x->own, like->own)))
			return &x->login;
	}
	return NULL;
}

/* The row of a login, a new one, or NULL if there are too many. */
static struct login *
find(struct logins *l, const struct event *e, enum logins_kind kind)
{
	struct arena *a = l->r->arena;
	struct arena_mark mark = arena_mark(a);
	struct row row = { .own = report_observer(e),
		.login = { .kind = kind,
		    .user = event_get(e, ECS_USER_NAME),
		    .source = event_get(e, ECS_SOURCE_IP) } };
	size_t b = bucket(row.login.user, row.login.source, kind);
	struct login *x = find_row(l, &row, b, NULL);

	if (x != NULL)
		return x;
	row.login.device = report_device_text(l->r, row.own);
	x = find_row(l, &row, b, row.login.device);
	if (x != NULL || l->n == LOGINS_MAX) {
		arena_back(a, &mark);
		return x;
	}
	row.own = arena_copy(a, row.own);
	row.login.user = arena_copy(a, row.login.user);
	row.login.source = arena_copy(a, row.login.source);
	row.login.country =
	    arena_copy(a, event_get(e, ECS_SOURCE_GEO_COUNTRY));
	row.next = l->buckets[b];
	grow(l);
	l->rows[l->n] = row;
	l->buckets[b] = ++l->n;
	return &l->rows[l->n - 1].login;
}

static bool
kind_of(const struct event *e, enum logins_kind *kind)
{
	static const struct {
		const char *name;
		enum logins_kind kind;
	} kinds[] = {
		{ "vpn-login", LOGINS_VPN },
		{ "admin-login", LOGINS_ADMIN },
		{ "login", LOGINS_OTHER },
	};
	struct span name = event_get(e, ECS_KIND);
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_is(name, kinds[i].name)) {
			*kind = kinds[i].kind;
			return true;
		}
	return false;
}

static void
count(struct login *x, const struct event *e, int64_t at)
{
	bool failed = span_is(event_get(e, ECS_EVENT_OUTCOME), "failure");

	if (x->succeeded + x->failed == 0 || at < x->first)
		x->first = at;
	if (at > x->last)
		x->last = at;
	if (x->cite.origin == NULL || (!failed && x->succeeded == 0))
		x->cite = report_cite_event(e);
	report_range_add(&x->records, e);
	if (failed)
		x->failed++;
	else
		x->succeeded++;
}

void
logins_event(struct logins *l, const struct event *e, int64_t at)
{
	enum logins_kind kind;
	struct login *x;

	if (at < l->from || at >= l->until || !kind_of(e, &kind))
		return;
	if (repeat_seen(l->repeat, e)) {
		l->repeated++;
		return;
	}
	x = find(l, e, kind);
	if (x == NULL)
		l->beyond++;
	else
		count(x, e, at);
	if (kind != LOGINS_OTHER &&
	    !span_is(event_get(e, ECS_EVENT_OUTCOME), "failure"))
		picture_hours_add(&l->hours, at, l->r->zone);
}

const struct picture_hours *
logins_hours(const struct logins *l)
{
	return &l->hours;
}

static int
order(const void *a, const void *b)
{
	const struct login *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->cite.index < y->cite.index ? -1
					     : x->cite.index > y->cite.index;
}

/* By account or address; the device alone makes nobody a suspect. */
static bool
is_of(const struct subject *subject, const struct login *x)
{
	const struct subject_names names = { .user = x->user,
		.source = x->source,
		.traffic = true };

	return subject == NULL || subject_has(subject, &names, x->first) ||
	    subject_has(subject, &names, x->last);
}

const struct login *
logins_finish(struct logins *l, const struct subject *subject, size_t *n,
    uint64_t *beyond)
{
	struct login *rows =
	    arena_alloc(l->r->arena, (l->n + 1) * sizeof(*rows));
	size_t i;

	*n = 0;
	for (i = 0; i < l->n; i++)
		if (is_of(subject, &l->rows[i].login))
			rows[(*n)++] = l->rows[i].login;
	if (*n > 0)
		qsort(rows, *n, sizeof(*rows), order);
	*beyond = l->beyond;
	free(l->rows);
	l->rows = NULL;
	repeat_free(l->repeat);
	l->repeat = NULL;
	return rows;
}

uint64_t
logins_repeated(const struct logins *l)
{
	return l->repeated;
}

/* Whether no row before i of that kind counts the same name. */
static bool
is_new(const struct login *rows, size_t i, bool user)
{
	size_t j;

	for (j = 0; j < i; j++) {
		if (rows[j].kind != rows[i].kind)
			continue;
		if (user ? rows[j].succeeded > 0 &&
			    span_eq(rows[j].user, rows[i].user)
			 : rows[j].failed > 0 &&
			    span_eq(rows[j].source, rows[i].source))
			return false;
	}
	return true;
}

struct logins_sum
logins_sum(const struct login *rows, size_t n, enum logins_kind kind)
{
	struct logins_sum sum = { 0 };
	size_t i;

	for (i = 0; i < n; i++) {
		if (rows[i].kind != kind)
			continue;
		sum.succeeded += rows[i].succeeded;
		sum.failed += rows[i].failed;
		report_range_join(&sum.records, &rows[i].records);
		sum.users += rows[i].succeeded > 0 && is_new(rows, i, true);
		sum.sources += rows[i].failed > 0 && is_new(rows, i, false);
	}
	return sum;
}
