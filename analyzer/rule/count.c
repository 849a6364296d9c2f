/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/count.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/kept.h"
#include "analyzer/rule/near.h"
#include "analyzer/rule/repeat.h"
#include "analyzer/rule/thin.h"
#include "analyzer/sigma/correlate.h"
#include "analyzer/sigma/part.h"

enum clock { CLOCK_LIVE, CLOCK_REPLAY, CLOCKS };

struct counted { /* one rule, by one clock */
	struct cited *cited;
	struct correlate *windows;
	struct counted_rule *of;
};

struct counted_rule {
	struct count *count;
	const struct rule *rule;
	const struct correlation_linked *linked;
	size_t nlinked;
	struct counted by[CLOCKS];
};

struct base {
	const struct rule_base *base;
	struct counted_rule *of;
	uint32_t number; /* within the rule */
	bool answers; /* answers() */
	/* To thin its events by (thin.h), or NULL. */
	const struct correlation *thin;
};

struct count {
	const struct fact_site *site;
	struct limits *limits;
	count_result *result;
	void *arg;
	struct arena *arena; /* of what lives as long as c */
	struct arena *pass;  /* of one result */
	struct groups_seed seed; /* of all windows */
	struct counted_rule *rule;
	size_t n;
	struct base *base;
	size_t nbase;
	struct kept *kept[CLOCKS];
	/* Of what something is expected to follow: for so long. */
	struct kept *waiting[CLOCKS];
	int64_t longest;
	struct repeat *repeat[CLOCKS];
	int64_t come[CLOCKS];
	int64_t now; /* of the last event that was pushed, and its number */
	uint64_t number;
	const char *origin; /* of the last event, and its part of the number */
	uint64_t of_origin;
	uint64_t late; /* the last one that came too late */
	uint64_t last; /* event that was pushed, and whether it came before */
	bool again;
	struct thin *thin;
	struct event event; /* of the result */
	uint64_t dropped;
	uint64_t restarts;
};

/* What is judged early, or has nothing to count, is not lost. */
static bool
is_lost(enum correlate_loss why)
{
	return why == CORRELATE_LOST_LATE || why == CORRELATE_LOST_GROUP ||
	    why == CORRELATE_LOST_EVENT || why == CORRELATE_LOST_RESULT;
}

/* By origin and index: the same each time the record is read. */
static uint64_t
number_of(struct count *c, const struct event *e, const char *origin)
{
	uint64_t h = 14695981039346656037u;
	const char *s;

	if (origin != c->origin) { /* it outlives c: it is still that one */
		for (s = origin; *s != '\0'; s++)
			h = (h ^ (uint8_t)*s) * 1099511628211u;
		c->origin = origin;
		c->of_origin = h << 40;
	}
	return c->of_origin | (e->index & ((UINT64_C(1) << 40) - 1));
}

static const struct kept_event *
find_kept(const struct count *c, uint64_t number)
{
	const struct kept_event *k = NULL;
	size_t i;

	for (i = 0; i < CLOCKS && k == NULL; i++)
		k = kept_find(c->kept[i], number);
	for (i = 0; i < CLOCKS && k == NULL; i++)
		k = kept_find(c->waiting[i], number);
	return k;
}

static void
take_result(void *arg, const struct correlate_result *r)
{
	struct counted *by = arg;
	struct count *c = by->of->count;
	struct cited_list rests = { .n = 0 };
	const struct kept_event *k;
	struct facts fs;

	if (r->correlation != 0) { /* of a base: it says nothing by itself */
		cited_rests(by->cited, r->event, r->fresh, r->nfreshed,
		    r->nfresh);
		return;
	}
	k = find_kept(c, r->event);
	if (k == NULL) {
		c->dropped++;
		limits_note(c->limits, LIMIT_COMPLETED, r->time, NULL);
		return;
	}
	cited_list(by->cited, r->fresh, r->nfreshed, r->nfresh, &rests);
	arena_reset(c->pass);
	kept_restore(k, &c->event);
	facts_init(&fs, c->site, &c->event, kept_time(k), c->pass);
	c->result(c->arg, by->of->rule, &c->event, c->event.origin, &fs,
	    &rests);
}

/* "source.ip=192.0.2.1 user.name=abc" */
static const char *
group_text(const struct correlation *c, const struct span *group,
    struct arena *arena)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < c->ngroup; i++)
		text = arena_printf(arena, "%s%s%.*s=%.*s", text,
		    i > 0 ? " " : "", (int)c->group[i].text.len,
		    (const char *)c->group[i].text.p, (int)group[i].len,
		    group[i].p == NULL ? "" : (const char *)group[i].p);
	return text;
}

/* How near it came, for who asks. */
static void
take_judged(void *arg, const struct correlate_result *r)
{
	static const enum near_how how[] = { [CORRELATION_GT] = NEAR_GT,
		[CORRELATION_GTE] = NEAR_GTE,
		[CORRELATION_LT] = NEAR_LT,
		[CORRELATION_LTE] = NEAR_LTE,
		[CORRELATION_EQ] = NEAR_EQ,
		[CORRELATION_NEQ] = NEAR_NEQ };
	struct counted *by = arg;
	struct count *c = by->of->count;
	const struct correlation *k = by->of->linked[r->correlation].c;
	struct near n = { .rule = by->of->rule, .time = r->time };
	size_t i;

	arena_reset(c->pass);
	n.layer = r->correlation == 0
	    ? ""
	    : arena_printf(c->pass, "%u", (unsigned)r->correlation);
	n.key = group_text(k, r->group, c->pass);
	for (i = 0; i < k->nbound; i++)
		(void)near_value(&n,
		    k->type == CORRELATION_EVENT_COUNT ? "count" : "value",
		    r->value, how[k->bound[i].op], k->bound[i].value);
	if (k->nbound == 0)
		(void)near_value(&n, "rules", r->value, NEAR_GTE,
		    (double)k->nrules);
	c->site->near->tell(c->site->near->arg, &n);
}

/* At the time of the event that is looked at, if it is known. */
static void
take_loss(void *arg, enum correlate_loss why, uint32_t correlation)
{
	static const enum limit limits[] = {
		[CORRELATE_LOST_LATE] = LIMIT_LATE,
		[CORRELATE_LOST_GROUP] = LIMIT_GROUPS,
		[CORRELATE_LOST_EVENT] = LIMIT_EVENTS,
		[CORRELATE_LOST_RESULT] = LIMIT_RESULTS,
	};
	const struct counted *by = arg;
	struct count *c;

	(void)correlation;
	if (!is_lost(why))
		return;
	c = by->of->count;
	if (why == CORRELATE_LOST_LATE && c->late == c->number)
		limits_name(c->limits, LIMIT_LATE, c->now, by->of->rule->code);
	else
		limits_note(c->limits, limits[why], c->now,
		    by->of->rule->code);
	if (why == CORRELATE_LOST_LATE)
		c->late = c->number;
}

static struct correlate *
new_windows(struct counted *by, enum clock clock)
{
	const struct correlate_told told = { take_result, take_loss,
		by->of->count->site->near != NULL ? take_judged : NULL, by };
	struct correlate_limits limits = CORRELATE_LIMITS;

	/* Of replays the clock is behind already. */
	limits.lateness = clock == CLOCK_LIVE
	    ? settings_usec(by->of->count->site->settings, SETTING_SKEW_MAX)
	    : 0;
	limits.bytes = 8u << 20;
	limits.held = 8u << 20;
	limits.seed = &by->of->count->seed;
	return correlate_new(by->of->linked, by->of->nlinked, &limits, &told);
}

/* Whether it is only what others wait for: nothing is ever told of it. */
static bool
answers(const struct counted_rule *of, uint32_t base)
{
	const struct correlation_linked *l;
	const struct correlation_source *s;

	for (l = of->linked; l < of->linked + of->nlinked; l++)
		for (s = l->sources; s < l->sources + l->c->nrules; s++)
			if (!s->chained && s->number == base &&
			    (l->c->type != CORRELATION_ABSENCE ||
				s == l->sources))
				return false;
	return true;
}

static void
add_rule(struct count *c, const struct rule *r)
{
	struct counted_rule *of = &c->rule[c->n++];
	size_t i;

	of->count = c;
	of->rule = r;
	of->linked = rule_link(r, &of->nlinked, NULL, c->arena);
	for (i = 0; i < CLOCKS; i++) {
		of->by[i].of = of;
		of->by[i].cited = cited_new();
		of->by[i].windows = new_windows(&of->by[i], (enum clock)i);
	}
	for (i = 0; i < r->nbase; i++)
		if (r->base[i].detection != NULL)
			c->base[c->nbase++] =
			    (struct base){ .base = &r->base[i],
				    .of = of,
				    .number = (uint32_t)i,
				    .answers = answers(of, (uint32_t)i) };
	if (of->linked->c->type == CORRELATION_ABSENCE &&
	    of->linked->c->timespan > c->longest)
		c->longest = of->linked->c->timespan;
	/* Where one correlation is asked of one base, and nothing else. */
	if (of->nlinked == 1 && r->nbase == 1 && thin_may(of->linked))
		c->base[c->nbase - 1].thin = of->linked->c;
}

struct count *
count_new(const struct ruleset *rules, const struct fact_site *site,
    struct limits *limits, count_result *result, void *arg)
{
	struct count *c = calloc(1, sizeof(*c));
	size_t i, n = 0, nbase = 0;

	if (c == NULL)
		abort();
	c->site = site;
	c->limits = limits;
	c->result = result;
	c->arg = arg;
	c->arena = arena_new();
	c->pass = arena_new();
	groups_seed(&c->seed);
	c->last = c->late = UINT64_MAX;
	count_come(c, INT64_MIN / 2, INT64_MIN / 2);
	for (i = 0; i < CLOCKS; i++)
		c->repeat[i] = repeat_new();
	for (i = 0; i < rules->n; i++) {
		n += rules->rules[i]->correlation != NULL;
		nbase += rules->rules[i]->nbase;
	}
	c->rule = arena_alloc(c->arena, n * sizeof(*c->rule));
	c->base = arena_alloc(c->arena, nbase * sizeof(*c->base));
	for (i = 0; i < CLOCKS; i++) {
		c->kept[i] = kept_new(COUNT_KEPT, COUNT_BYTES);
		c->waiting[i] = kept_new(COUNT_KEPT, COUNT_WAITING);
	}
	c->thin = thin_new();
	for (i = 0; i < rules->n; i++)
		if (rules->rules[i]->correlation != NULL)
			add_rule(c, rules->rules[i]);
	return c;
}

void
count_free(struct count *c)
{
	size_t i, k;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++) {
			correlate_free(c->rule[i].by[k].windows);
			cited_free(c->rule[i].by[k].cited);
		}
	for (k = 0; k < CLOCKS; k++) {
		kept_free(c->kept[k]);
		kept_free(c->waiting[k]);
		repeat_free(c->repeat[k]);
	}
	thin_free(c->thin);
	arena_free(c->arena);
	arena_free(c->pass);
	free(c);
}

size_t
count_bases(const struct count *c)
{
	return c->nbase;
}

const struct detection *
count_detection(const struct count *c, size_t base)
{
	return c->base[base].base->detection;
}

void
count_come(struct count *c, int64_t live, int64_t replay)
{
	c->come[CLOCK_LIVE] = live;
	c->come[CLOCK_REPLAY] = replay;
}

static enum clock
clock_of(const struct event *e)
{
	return e->source != NULL &&
		(e->source->replay || span_is(e->source->transport, "import"))
	    ? CLOCK_REPLAY
	    : CLOCK_LIVE;
}

bool
count_routes(const struct count *c, size_t base, const struct event *e)
{
	return rule_routes(&c->base[base].base->logsource, e);
}

static void
mark(const struct count *c, const struct event *e, struct count_look *look)
{
	if (!look->marked)
		repeat_mark(c->repeat[clock_of(e)], e, &look->mark);
	look->marked = true;
}

/* How many bytes, these, by which others like it are known; and the parts. */
void
count_look(const struct count *c, size_t base, const struct event *e,
    const struct view *v, struct count_look *look, struct buf *out)
{
	const struct base *b = &c->base[base];
	size_t at = out->len;
	uint32_t len = 0;

	(void)buf_reserve(out, sizeof(len));
	out->len += sizeof(len);
	if (b->thin != NULL)
		thin_words(b->thin, b->of->linked->sources, v, out);
	else {
		mark(c, e, look);
		buf_append(out, &look->mark.a, sizeof(look->mark.a));
		buf_append(out, &look->mark.b, sizeof(look->mark.b));
	}
	len = (uint32_t)(out->len - at - sizeof(len));
	memcpy(out->p + at, &len, sizeof(len));
	part_make(b->of->linked, b->of->nlinked, b->number, &c->seed, v, out);
}

/* Whether others like it tell as much as the event would. */
static bool
is_superfluous(struct count *c, size_t base, enum clock clock, int64_t time,
    uint64_t number, struct span like)
{
	const struct base *b = &c->base[base];
	uint64_t which = (c->restarts * c->nbase + base) * CLOCKS + clock;
	struct digest d = { .seed = NULL };

	if (b->thin != NULL)
		return thin_seen(c->thin, which, b->thin, time, like);
	if (c->last != number) {
		c->last = number;
		memcpy(&d.a, like.p, sizeof(d.a));
		memcpy(&d.b, like.p + sizeof(d.a), sizeof(d.b));
		c->again = repeat_marked(c->repeat[clock], &d);
	}
	return c->again;
}

/*
 * When their copies take too much room, those that wait longest for others to
 * come before them are judged early.  No result is lost by it; but what comes
 * later than they did comes late.
 */
static void
make_room(struct count *c, enum clock clock)
{
	int64_t lateness = clock == CLOCK_LIVE
	    ? settings_usec(c->site->settings, SETTING_SKEW_MAX)
	    : 0;
	int64_t until;
	size_t i;

	while (kept_is_full(c->kept[clock])) {
		until = kept_early(c->kept[clock]);
		for (i = 0; i < c->n; i++)
			correlate_advance(c->rule[i].by[clock].windows,
			    until + lateness);
		kept_forget(c->kept[clock], until);
	}
}

void
count_push(struct count *c, size_t base, const struct event *e,
    const char *origin, const struct facts *fs, struct span looked)
{
	const struct base *b = &c->base[base];
	uint64_t number = number_of(c, e, origin);
	struct finding_cite cite = { origin, e->index, fs->time, { 0 } };
	struct counted *by;
	enum clock clock = clock_of(e);
	uint32_t like;

	memcpy(&like, looked.p, sizeof(like));
	looked = span_sub(looked, sizeof(like), looked.len);
	if (is_superfluous(c, base, clock, fs->time, number,
		span_sub(looked, 0, like)))
		return;
	by = &b->of->by[clock];
	memcpy(cite.leaf, e->leaf, sizeof(cite.leaf));
	c->now = fs->time;
	c->number = number;
	if (!b->answers) {
		make_room(c, clock);
		kept_put(b->of->linked->c->type == CORRELATION_ABSENCE
			? c->waiting[clock]
			: c->kept[clock],
		    number, e, origin, fs->time);
		cited_put(by->cited, number, &cite);
	}
	if (fs->time < c->come[clock])
		correlate_advance(by->windows, c->come[clock]);
	correlate_push_parts(by->windows, b->number, fs->time, number,
	    span_sub(looked, like, looked.len));
}

void
count_advance(struct count *c, int64_t live, int64_t replay)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		correlate_advance(c->rule[i].by[CLOCK_LIVE].windows, live);
		correlate_advance(c->rule[i].by[CLOCK_REPLAY].windows, replay);
	}
	live -= settings_usec(c->site->settings, SETTING_SKEW_MAX);
	kept_forget(c->kept[CLOCK_LIVE], live);
	kept_forget(c->kept[CLOCK_REPLAY], replay);
	kept_forget(c->waiting[CLOCK_LIVE], live - c->longest);
	kept_forget(c->waiting[CLOCK_REPLAY], replay - c->longest);
}

void
count_finish(struct count *c)
{
	size_t i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++)
			correlate_finish(c->rule[i].by[k].windows);
}

static uint64_t
dropped_of(const struct correlate *windows)
{
	uint64_t n = 0;
	int why;

	for (why = 0; why < CORRELATE_LOSSES; why++)
		if (is_lost((enum correlate_loss)why))
			n += correlate_lost(windows, (enum correlate_loss)why);
	return n;
}

void
count_restart(struct count *c)
{
	struct counted *by;
	size_t i;

	for (i = 0; i < c->n; i++) {
		by = &c->rule[i].by[CLOCK_REPLAY];
		correlate_finish(by->windows);
		c->dropped += dropped_of(by->windows);
		correlate_free(by->windows);
		by->windows = new_windows(by, CLOCK_REPLAY);
	}
	kept_forget(c->kept[CLOCK_REPLAY], INT64_MAX);
	kept_forget(c->waiting[CLOCK_REPLAY], INT64_MAX);
	c->restarts++;
}

uint64_t
count_dropped(const struct count *c)
{
	uint64_t n = c->dropped;
	size_t i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++)
			n += dropped_of(c->rule[i].by[k].windows);
	return n;
}
