/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/history.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "analyzer/rule/ruleset.h"
#include "common/log.h"

struct part { /* a log that is read */
	const struct history *h;
	struct logdir dir;
	size_t log;
	struct evread *reader;
	uint64_t next;	 /* index */
	uint64_t closed; /* segments */
	struct past kept, made;
	bool building; /* made */
	bool anew;
};

/*
 * A record that tells no time (a table's header, a line that no format knows)
 * is of the time that was reached when it is of a replay: the day on which it
 * was played would move every sheet to the week of today.
 */
static bool
tells_time(const struct event *e)
{
	return e->clock != EVENT_CLOCK_NONE || e->source == NULL ||
	    !e->source->replay;
}

int64_t
judging_time(struct judging *j, const struct event *e)
{
	int64_t at = event_judged_time(e, j->skew);

	if (!tells_time(e))
		return j->newest != 0 ? j->newest : at;
	if (at > j->newest)
		j->newest = at;
	return at;
}

/* ---- records ---- */

static void
take(struct part *t, const struct events_item *item)
{
	const struct history *h = t->h;
	const struct event *e = item->event;
	int64_t at = e == NULL ? (int64_t)item->rec.r.rx
			       : judging_time(h->judging, e);
	const struct past_record rec = { .r = &item->rec.r,
		.index = item->rec.index,
		.leaf = item->rec.leaf,
		.event = e,
		.tells = e != NULL && tells_time(e),
		.at = at };

	if (t->building)
		past_record(&t->made, &rec);
	h->item(h->cookie, h->events, item, at);
}

/* Records up to that index: 0, or -1 (said). */
static int
read_up_to(struct part *t, uint64_t until)
{
	const struct evchain_run run = { t->log, t->next, until };
	struct events_item item;
	int rc;

	events_run(t->h->events, &run);
	while ((rc = events_next(t->h->events, t->h->what, &item)) == 1)
		take(t, &item);
	t->next = until;
	return rc;
}

/* ---- a closed segment ---- */

static bool
is_drawn(uint64_t n)
{
	uint64_t x = 0;

	if (getrandom(&x, sizeof(x), 0) != sizeof(x))
		return false;
	return x % n == 0;
}

/* Whether what was kept follows from what is known at its beginning. */
static bool
fits(const struct part *t, const struct past *p)
{
	struct reading *reading = events_reading(t->h->events);
	const char *origin = evread_origin(t->reader);
	bool same = !p->untimed || p->newest_before == t->h->judging->newest;
	struct buf now;
	size_t i;

	buf_init(&now);
	for (i = 0; i < p->n_memory && same; i++) {
		now.len = 0;
		reading_get_memory(reading, origin, p->memory[i].stream, &now);
		same = span_eq(buf_view(&now), p->memory[i].before);
	}
	buf_fini(&now);
	return same;
}

/* What was received in these days is looked at, whatever is kept of it. */
static bool
is_near(const struct part *t, const struct manifest *m)
{
	const int64_t skew = t->h->judging->skew;

	return (int64_t)m->time_low - skew < t->h->until &&
	    (int64_t)m->time_high + skew >= t->h->from;
}

/* It stands for its records.  Return false if it cannot. */
static bool
pass(struct part *t, const struct manifest *m)
{
	struct reading *reading = events_reading(t->h->events);
	const struct past *p = &t->kept;
	const char *origin = evread_origin(t->reader);
	struct record x1;
	size_t i;

	for (i = 0; i < p->n_memory; i++)
		if (reading_put_memory(reading, origin, p->memory[i].stream,
			p->memory[i].after) != 0)
			return false;
	if (p->n_memory > 0)
		events_remember(t->h->events);
	for (i = 0; i < p->n_told; i++) {
		x1 = (struct record){ .kind = p->told[i].kind,
			.rx = p->told[i].rx,
			.body = p->told[i].body };
		if (x1.kind == RECORD_DELETION)
			evread_explain(t->reader, &x1);
	}
	if (p->newest > t->h->judging->newest)
		t->h->judging->newest = p->newest;
	t->next = m->last + 1;
	t->h->book->used++;
	return t->h->past(t->h->cookie, t->reader, p);
}

static void
keep_memory(void *cookie, uint32_t stream, struct span before,
    struct span after)
{
	past_memory(cookie, stream, before, after);
}

/* Read it, and keep what is asked for later. */
static int
make(struct part *t, const struct manifest *m, bool drawn)
{
	struct reading *reading = events_reading(t->h->events);
	bool differs;

	past_begin(&t->made, t->h->judging->newest);
	reading_note(reading, evread_origin(t->reader));
	t->building = true;
	if (read_up_to(t, m->last + 1) != 0)
		return -1;
	t->building = false;
	if (events_log(t->h->events, t->log) == NULL)
		return 0; /* it broke off */
	if (reading_noted(reading, keep_memory, &t->made) != 0)
		t->made.useless = true;
	pastbook_keep(t->h->book, m, &t->made, &differs);
	if (drawn && differs) {
		t->h->book->wrong++;
		t->anew = true;
	}
	return 0;
}

/* 0, or -1 (said). */
static int
take_segment(struct part *t, const struct manifest *m)
{
	struct pastbook *book = t->h->book;
	bool good, drawn;
	int fd = logdir_open_file(&t->dir, m->file);

	if (fd < 0) { /* deleted */
		pastbook_drop(book, m);
		return read_up_to(t, m->last + 1);
	}
	close(fd);
	if (!pastbook_proves(book, &t->dir, m))
		return read_up_to(t, m->last + 1);
	good = pastbook_load(book, m, &t->kept) && fits(t, &t->kept);
	drawn = good && is_drawn(t->closed);
	if (!good || drawn)
		return make(t, m, drawn);
	if (is_near(t, m) || past_touches(&t->kept, t->h->from, t->h->until))
		return read_up_to(t, m->last + 1);
	if (!pass(t, m))
		t->anew = true;
	return 0;
}

/* ---- a log ---- */

static uint64_t
count_closed(const struct part *t)
{
	uint64_t n = t->dir.n_manifests;

	return n > 0 ? n : 1;
}

/* Its closed segments, as far as their manifests lead: 0, or -1 (said). */
static int
take_closed(struct part *t)
{
	struct manifest *m = malloc(sizeof(*m));
	uint8_t hash[SHA256_LEN];
	const char *name;
	uint64_t n;
	int rc = 0;

	if (m == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	if (logdir_list(&t->dir, NULL, NULL, &name) != 0) {
		free(m); /* who reads it says why */
		return 0;
	}
	t->closed = count_closed(t);
	for (n = 0; rc == 0 && !t->anew &&
	     logdir_manifest(&t->dir, n, m, hash) == 0;
	     n++) {
		if (strcmp(m->origin, evread_origin(t->reader)) != 0 ||
		    m->first != t->next || m->last >= evread_size(t->reader))
			break;
		rc = take_segment(t, m);
		if (events_log(t->h->events, t->log) == NULL)
			break;
	}
	free(m);
	return rc;
}

static int
take_log(struct part *t)
{
	int rc = 0;

	t->reader = events_log(t->h->events, t->log);
	t->next = 0;
	if (t->reader == NULL)
		return 0;
	if (logdir_open(&t->dir, events_dir(t->h->events, t->log)) == 0) {
		rc = take_closed(t);
		logdir_close(&t->dir);
	}
	t->building = false;
	if (rc != 0 || t->anew || t->h->closed_only)
		return rc;
	return read_up_to(t, UINT64_MAX);
}

enum history_end
history_read(const struct history *h)
{
	struct part t = { .h = h };
	int rc = 0;

	past_init(&t.kept);
	past_init(&t.made);
	for (t.log = 0; t.log < events_logs(h->events) && rc == 0 && !t.anew;
	     t.log++)
		rc = take_log(&t);
	past_fini(&t.kept);
	past_fini(&t.made);
	return rc != 0 ? HISTORY_FAILED : t.anew ? HISTORY_ANEW : HISTORY_READ;
}

int
history_skew(const struct site *site, struct arena *arena, int64_t *usec)
{
	const char *rules = events_rules(site);
	struct settings settings = { 0 };
	struct yaml_error err;

	if (ruleset_settings(rules, site->analyzer.profile, arena, &settings,
		&err) != 0) {
		events_rules_report(rules, &err);
		return -1;
	}
	*usec = settings_usec(&settings, SETTING_SKEW_MAX);
	return 0;
}
