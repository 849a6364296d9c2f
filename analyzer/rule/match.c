/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/fact_flow.h"
#include "analyzer/rule/grow.h"
#include "analyzer/rule/match_window.h"
#include "analyzer/rule/scope.h"
#include "common/utc.h"

void
match_free(struct match *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->n; i++)
		match_window_free(m->windows[i]);
	for (i = 0; i < m->n_followed; i++)
		free(m->followed[i].v);
	free(m->followed);
	free(m->windows);
	index_free(m->by_window);
	index_free(m->keys);
	buf_fini(&m->key);
	view_fini(&m->view);
	view_fini(&m->completed);
	count_free(m->count);
	match_look_free(m->look);
	usual_free(m->usual);
	novel_free(m->novel);
	set_split_free(m->split);
	set_free(m->set);
	free(m->of);
	free(m->settling);
	free(m);
}

static void
key_part(struct buf *b, struct span name, struct span value)
{
	if (b->len > 0)
		buf_byte(b, ' ');
	buf_span(b, name);
	buf_span(b, value);
}

/* "user=klm@nop device=001": whom the finding is about. */
void
match_key(struct facts *fs, unsigned keys, struct buf *b)
{
	const struct fact_actor *a = facts_actor(fs);
	char text[ADDRESS_TEXT];

	b->len = 0;
	if (keys & RULE_KEY_USER)
		key_part(b, SPAN("user="), a->user_key);
	if (keys & RULE_KEY_DEVICE)
		key_part(b, SPAN("device="), a->device_key);
	if (keys & RULE_KEY_HOST)
		key_part(b, SPAN("host="), fact_host(fs).key);
	if (keys & RULE_KEY_SOURCE)
		key_part(b, SPAN("source="),
		    a->has_source ? span_str(address_print(&a->source, text))
				  : facts_field(fs, ECS_SOURCE_MAC));
	if (keys & RULE_KEY_SITE)
		key_part(b, SPAN("site="), SPAN("all"));
}

static int64_t
window_start(const struct match *m, int64_t time, int64_t length)
{
	int64_t zone = calendar_zone(m->site->calendar) * UTC_SECOND;
	int64_t local = time + zone;
	int64_t n =
	    local >= 0 ? local / length : -((length - 1 - local) / length);

	return n * length - zone;
}

/* Of what is kept, when it is judged. */
static bool
asks_message(const struct rule *r)
{
	const struct rule_raise *raise;

	for (raise = r->raises; raise != NULL; raise = raise->next)
		if (detection_asks(raise->when, ECS_MESSAGE))
			return true;
	return detection_asks(r->history, ECS_MESSAGE);
}

/* By what a window is found; the key's text is a number by itself. */
struct window_key {
	const struct rule *rule;
	int64_t start;
	uint64_t key;
};

static struct match_window *
window_new(struct match *m, const struct window_key *k)
{
	struct span text = buf_view(&m->key);
	struct match_window *w = calloc(1, sizeof(*w) + text.len + 1);

	if (w == NULL)
		abort();
	w->rule = k->rule;
	w->start = k->start;
	w->message = asks_message(k->rule);
	memcpy(w->key, text.p, text.len);
	grow(&m->windows, m->n, &m->cap, sizeof(struct match_window *));
	*index_put(m->by_window, span_make(k, sizeof(*k))) = (uint32_t)m->n;
	m->windows[m->n++] = w;
	return w;
}

/* Leaves the text of the rule's keys in m->key. */
static struct match_window *
window_of(struct match *m, const struct rule *r, struct facts *fs)
{
	struct window_key k = { r, window_start(m, fs->time, r->window), 0 };
	uint32_t i = INDEX_NONE, key;

	match_key(fs, r->keys, &m->key);
	key = index_get(m->keys, buf_view(&m->key));
	k.key = key;
	if (key != INDEX_NONE)
		i = index_get(m->by_window, span_make(&k, sizeof(k)));
	if (i != INDEX_NONE)
		return m->windows[i];
	if (m->n == MATCH_WINDOWS) {
		m->dropped++;
		limits_note(m->limits, LIMIT_WINDOWS, fs->time, r->code);
		return NULL;
	}
	k.key = match_intern(m, buf_view(&m->key));
	return window_new(m, &k);
}

/* A number for a text, the same for the same text. */
uint32_t
match_intern(struct match *m, struct span s)
{
	uint32_t *slot = index_put(m->keys, s);

	if (*slot == INDEX_NONE)
		*slot = (uint32_t)index_count(m->keys) - 1;
	return *slot;
}

static bool
is_settled(const struct match *m, const struct rule *r, struct facts *fs)
{
	size_t i;

	for (i = 0; i < m->n_settling; i++)
		if (m->settling[i].rule == r)
			return settled_is(m->settling[i].by, fs, m->usage);
	return false;
}

/* The window that the event went to, or NULL. */
static struct match_window *
take_event(struct match *m, const struct rule *r, const struct event *e,
    const char *origin, struct facts *fs)
{
	struct match_window *w;
	int64_t bears;
	bool is_new;

	if (r->novel.n > 0) {
		is_new = novel_note(m->novel, r, fs, &bears);
		match_touch(m, bears);
		if (!is_new)
			return NULL;
	}
	if (is_settled(m, r, fs))
		return NULL;
	w = window_of(m, r, fs);
	if (r->baseline.measure != RULE_MEASURE_NONE)
		match_touch(m,
		    usual_note(m->usual, r, buf_view(&m->key), e, origin, fs));
	if (w != NULL)
		match_keep(w, e, origin, fs->time);
	return w;
}

/*
 * A correlation's result, as the event that completed it.  It may come while
 * another event is looked at, when no more can be held back for late ones: so
 * it is shown apart.
 */
static void
take_result(void *arg, const struct rule *r, const struct event *e,
    const char *origin, struct facts *fs, const struct cited_list *rests)
{
	struct match *m = arg;
	struct match_window *w;

	if (r->when != NULL) {
		scope_view(&m->completed, e, fs);
		if (!detection_match(r->when, &m->completed))
			return;
	}
	w = take_event(m, r, e, origin, fs);
	if (w == NULL)
		return;
	if (w->rests == NULL &&
	    (w->rests = calloc(1, sizeof(*w->rests))) == NULL)
		abort();
	cited_join(w->rests, rests);
}

static void
make_set(struct match *m)
{
	const struct rule *r;
	size_t i;

	m->set = set_new();
	if ((m->of = calloc(m->rules->n + 1, sizeof(*m->of))) == NULL)
		abort();
	for (i = 0; i < m->rules->n; i++) {
		r = m->rules->rules[i];
		if (r->detector != RULE_EVENTS || r->detection == NULL)
			continue;
		set_add(m->set, r->detection, r->when);
		m->of[m->n_of++] = r;
	}
	for (i = 0; i < count_bases(m->count); i++)
		set_add(m->set, count_detection(m->count, i), NULL);
	for (i = 0; i < m->n_followed; i++)
		set_add(m->set, m->followed[i].raise->followed, NULL);
	for (i = 0; i < gather_count(m->gather); i++)
		set_add(m->set, gather_detection(m->gather, i),
		    gather_when(m->gather, i));
	set_make(m->set, ECS_COUNT, FACT_COUNT);
	m->split = set_split_new(m->set, ECS_KIND);
	m->look = match_look_new(m);
}

static void
find_settling(struct match *m)
{
	enum settled by;
	size_t i;

	for (i = 0; i < m->rules->n; i++) {
		by = settled_by(m->rules->rules[i], m->site);
		if (by == SETTLED_NEVER)
			continue;
		grow(&m->settling, m->n_settling, &m->cap_settling,
		    sizeof(*m->settling));
		m->settling[m->n_settling++] =
		    (struct match_settling){ m->rules->rules[i], by };
	}
}

struct match *
match_new(const struct ruleset *rules, const struct fact_site *site,
    struct limits *limits, struct gather *gather, const struct usage *usage)
{
	struct match *m = calloc(1, sizeof(*m));
	const struct rule_raise *raise;
	size_t i;

	if (m == NULL)
		abort();
	m->rules = rules;
	m->site = site;
	m->limits = limits;
	m->by_window = index_new();
	m->keys = index_new();
	m->touched = INT64_MAX;
	buf_init(&m->key);
	scope_view_init(&m->view);
	scope_view_init(&m->completed);
	m->count = count_new(rules, site, limits, take_result, m);
	m->gather = gather;
	m->usual = usual_new(site);
	m->normal = INT64_MAX;
	m->novel = novel_new();
	m->usage = usage;
	find_settling(m);
	for (i = 0; i < rules->n; i++)
		for (raise = rules->rules[i]->raises; raise != NULL;
		     raise = raise->next) {
			if (raise->followed == NULL)
				continue;
			grow(&m->followed, m->n_followed, &m->cap_followed,
			    sizeof(*m->followed));
			m->followed[m->n_followed++] =
			    (struct match_followed){ .raise = raise };
			if (raise->within > m->longest)
				m->longest = raise->within;
		}
	make_set(m);
	return m;
}

void
match_come(struct match *m, int64_t live, int64_t replay)
{
	count_come(m->count, live, replay);
}

void
match_advance(struct match *m, int64_t live, int64_t replay, bool finish)
{
	count_advance(m->count, live, replay);
	if (finish)
		count_finish(m->count);
}

void
match_restart(struct match *m)
{
	count_restart(m->count);
}

/* ---- what an event fits ---- */

static void
feed_followed(struct match *m, struct match_followed *f, struct facts *fs)
{
	if (f->n == MATCH_FOLLOWERS) {
		m->dropped++;
		limits_note(m->limits, LIMIT_FOLLOWERS, fs->time, NULL);
		return;
	}
	match_key(fs, f->raise->same, &m->key);
	grow(&f->v, f->n, &f->cap, sizeof(*f->v));
	f->v[f->n++] = (struct match_follower){ fs->time,
		match_intern(m, buf_view(&m->key)) };
	match_touch(m, fs->time);
}

void
match_one(struct match *m, const struct match_seen *s, const struct event *e,
    struct facts *fs)
{
	size_t bases = m->n_of + count_bases(m->count);
	size_t followed = bases + m->n_followed;

	/* Whether something can be said hangs on which days have records. */
	if (s->number >= followed &&
	    gather_feed(m->gather, s->number - followed, e, s->origin, fs,
		s->share))
		match_touch(m, fs->time);
	if (s->number >= followed)
		return;
	if (s->number >= bases)
		feed_followed(m, &m->followed[s->number - bases], fs);
	else if (s->number >= m->n_of)
		count_push(m->count, s->number - m->n_of, e, s->origin, fs,
		    s->counted);
	else
		(void)take_event(m, m->of[s->number], e, s->origin, fs);
}

void
match_touch(struct match *m, int64_t time)
{
	if (time < m->touched)
		m->touched = time;
}

static const struct rule *
rule_of(const struct match *m, const char *code)
{
	size_t i;

	for (i = 0; i < m->rules->n; i++)
		if (strcmp(m->rules->rules[i]->code, code) == 0)
			return m->rules->rules[i];
	return NULL;
}

void
match_accept(struct match *m, const struct normal *v, size_t n)
{
	const struct rule *r;
	size_t i;

	match_touch(m, m->normal);
	m->normal = INT64_MAX;
	usual_accept_none(m->usual);
	for (i = 0; i < n; i++) {
		r = rule_of(m, v[i].rule);
		if (r == NULL || r->baseline.measure == RULE_MEASURE_NONE)
			continue;
		usual_accept(m->usual, r, span_str(v[i].key), v[i].from,
		    v[i].until);
		if (v[i].from < m->normal)
			m->normal = v[i].from;
	}
	match_touch(m, m->normal);
}

void
match_judge(struct match *m, const struct match_history *h,
    struct outbox *out, struct arena *arena)
{
	struct match_window *w;
	char scope[32];
	size_t i;

	for (i = 0; i < m->n; i++) {
		w = m->windows[i];
		/* What came later bears on what was before it, within. */
		if (!w->dirty &&
		    (m->touched == INT64_MAX ||
			w->start + w->rule->window < m->touched - m->longest))
			continue;
		w->dirty = false;
		snprintf(scope, sizeof(scope), "window %zu", i);
		outbox_scope(out, span_str(scope));
		match_window_judge(m, w, h, out, arena);
	}
	m->touched = INT64_MAX;
	if (m->doubtful)
		match_doubts_judge(m, out, arena);
	m->doubtful = false;
}

uint64_t
match_dropped(const struct match *m)
{
	return m->dropped + count_dropped(m->count);
}

uint64_t
match_past_dropped(const struct match *m)
{
	return usual_dropped(m->usual) + novel_dropped(m->novel);
}
