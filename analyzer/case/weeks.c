/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/weeks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"
#include "evidence/record.h"

#define WEEK (7 * UTC_DAY)

int64_t
weeks_monday(int64_t at, int zone)
{
	struct utc_civil c;
	int64_t day;

	utc_to_civil(at, zone, &c);
	day = utc_days(c.year, c.month, c.day);
	day -= (utc_weekday(day) + 6) % 7;
	return day * UTC_DAY - zone * UTC_SECOND;
}

const char *
weeks_number(int64_t from, int zone, char out[WEEKS_NUMBER])
{
	struct utc_civil c;

	utc_to_civil(from, zone, &c);
	snprintf(out, WEEKS_NUMBER, "WR-%04u-%02u-%02u",
	    (unsigned)c.year % 10000u, (unsigned)c.month % 100u,
	    (unsigned)c.day % 100u);
	return out;
}

bool
weeks_number_parse(struct span text, int zone, int64_t *from)
{
	char again[WEEKS_NUMBER];
	uint64_t y, m, d;

	if (text.len != WEEKS_NUMBER - 3 ||
	    num_parse(span_sub(text, 3, 4), 9999, &y) != 0 ||
	    num_parse(span_sub(text, 8, 2), 12, &m) != 0 ||
	    num_parse(span_sub(text, 11, 2), 31, &d) != 0 || m == 0 || d == 0)
		return false;
	*from = utc_days((int)y, (int)m, (int)d) * UTC_DAY -
	    zone * UTC_SECOND;
	weeks_number(*from, zone, again);
	return span_is(text, again) && weeks_monday(*from, zone) == *from;
}

bool
weeks_made(struct span words, struct arena *arena, struct casebook_step *step)
{
	uint64_t from, until, uid = 0;
	struct buf what;
	bool made;

	buf_init(&what);
	made = record_word_get(words, "what", &what) == 1 &&
	    span_is(buf_view(&what), "review") &&
	    record_word_get_u64(words, "since", &from) == 1 &&
	    record_word_get_u64(words, "until", &until) == 1 && from < until &&
	    until <= RECORD_RX_MAX;
	buf_fini(&what);
	if (!made)
		return false;
	if (record_word_get_u64(words, "uid", &uid) != 1)
		uid = 0;
	*step = (struct casebook_step){ .kind = CASEBOOK_REVIEW,
		.group = "",
		.who = arena_printf(arena, "uid %u", (unsigned)uid),
		.how = "made",
		.text = "",
		.ok = true,
		.uid = (uint32_t)uid,
		.finding = "",
		.silence = "",
		.rule = "",
		.about = "",
		.sheet = "",
		.from = (int64_t)from,
		.until = (int64_t)until };
	return true;
}

const char *
weeks_state_name(enum weeks_state s)
{
	switch (s) {
	case WEEKS_SIGNED:
		return tr("signed in time", "期限内に確認");
	case WEEKS_LATE:
		return tr("signed late", "期限後に確認");
	case WEEKS_WAITING:
		return tr("not signed yet", "確認待ち");
	case WEEKS_MISSING:
		return tr("no signature recorded", "署名の記録なし");
	}
	return "";
}

/* ---- the list ---- */

struct building {
	struct weeks *weeks;
	const struct casebook *book;
	int zone;
};

static bool
is_of(const struct casebook_step *s, const char *how)
{
	return s->kind == CASEBOOK_REVIEW && s->until != 0 &&
	    strcmp(s->how, how) == 0;
}

static int
by_begin(const void *a, const void *b)
{
	const struct weeks_week *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* One for each Monday: those owed, then what was signed besides. */
static void
list(struct building *b, int64_t now, struct arena *arena)
{
	struct weeks *w = b->weeks;
	int64_t first, at;
	size_t i, k, n = b->book->n_steps + 1;

	first = weeks_monday(b->book->began, b->zone);
	if (first < b->book->began)
		first += WEEK;
	if (b->book->began != 0 && now > first)
		n += (size_t)((now - first) / WEEK);
	w->v = arena_alloc(arena, n * sizeof(*w->v));
	for (at = first; b->book->began != 0 && at + WEEK <= now; at += WEEK)
		w->v[w->n++] = (struct weeks_week){ .from = at,
			.until = at + WEEK,
			.owed = true };
	w->owed = w->n;
	for (i = 0; i < b->book->n_steps; i++) {
		const struct casebook_step *s = &b->book->steps[i];

		if (!is_of(s, "reviewed") && !is_of(s, "approved"))
			continue;
		for (k = 0; k < w->n && w->v[k].from != s->from; k++)
			;
		if (k == w->n)
			w->v[w->n++] = (struct weeks_week){ .from = s->from,
				.until = s->until };
	}
	if (w->n > 0)
		qsort(w->v, w->n, sizeof(*w->v), by_begin);
}

static void
take_step(struct building *b, struct weeks_week *w,
    const struct casebook_step *s)
{
	char number[WEEKS_NUMBER];

	if (s->kind == CASEBOOK_REMIND) {
		weeks_number(w->from, b->zone, number);
		w->reminders += s->ok &&
		    strncmp(s->about, number, WEEKS_NUMBER - 3) == 0;
		return;
	}
	if (s->kind != CASEBOOK_REVIEW || s->from != w->from)
		return;
	if (is_of(s, "made") && w->reviewed == NULL)
		w->made = s;
	if (is_of(s, "approved") && w->approved == NULL)
		w->approved = s;
	if (!is_of(s, "reviewed"))
		return;
	if (w->reviewed == NULL)
		w->reviewed = s;
	w->signatures++;
}

static void
judge(struct weeks *weeks, struct weeks_week *w, int64_t now, int64_t grace)
{
	const bool over = now > w->until + grace;

	if (w->reviewed == NULL)
		w->state = over ? WEEKS_MISSING : WEEKS_WAITING;
	else
		w->state = w->owed && w->reviewed->at > w->until + grace
		    ? WEEKS_LATE
		    : WEEKS_SIGNED;
	w->quick = w->reviewed != NULL && w->made != NULL &&
	    w->reviewed->at - w->made->at < WEEKS_QUICK;
	weeks->reviewed += w->reviewed != NULL;
	if (!w->owed)
		return;
	weeks->in_time += w->state == WEEKS_SIGNED;
	weeks->late += w->state == WEEKS_LATE;
	weeks->missing += w->state == WEEKS_MISSING;
	if (w->state == WEEKS_MISSING && weeks->oldest_missing == NULL)
		weeks->oldest_missing = w;
}

void
weeks_build(const struct casebook *book, int zone, int64_t now, int64_t grace,
    struct arena *arena, struct weeks *weeks)
{
	struct building b = { weeks, book, zone };
	size_t i, k;

	*weeks = (struct weeks){ 0 };
	list(&b, now, arena);
	for (i = 0; i < weeks->n; i++) {
		for (k = 0; k < book->n_steps; k++)
			take_step(&b, &weeks->v[i], &book->steps[k]);
		judge(weeks, &weeks->v[i], now, grace);
	}
}

const struct weeks_week *
weeks_of(const struct weeks *weeks, int64_t from)
{
	size_t i;

	for (i = 0; i < weeks->n; i++)
		if (weeks->v[i].from == from)
			return &weeks->v[i];
	return NULL;
}
