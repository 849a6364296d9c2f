/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/senders.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/event/skew.h"
#include "analyzer/rule/grow.h"
#include "analyzer/rule/senders_state.h"

static const struct rule *
rule_of(const struct ruleset *rules, enum rule_detector detector)
{
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (rules->rules[i]->detector == detector)
			return rules->rules[i];
	return NULL;
}

struct senders *
senders_new(const struct ruleset *rules, const struct fact_site *site,
    struct limits *limits)
{
	struct senders *s = calloc(1, sizeof(*s));
	size_t i;

	if (s == NULL)
		abort();
	s->silence = rule_of(rules, RULE_SILENCE);
	s->outage = rule_of(rules, RULE_OUTAGE);
	s->rate = rule_of(rules, RULE_RATE);
	s->clock = rule_of(rules, RULE_CLOCK);
	s->site = site;
	s->limits = limits;
	s->judged = INT64_MIN;
	if (s->silence == NULL && s->outage == NULL && s->rate == NULL &&
	    s->clock == NULL) {
		free(s);
		return NULL;
	}
	s->arena = arena_new();
	s->by_key = index_new();
	for (i = 0; i < CACHE; i++)
		s->cache[i].sender = INDEX_NONE;
	return s;
}

void
senders_free(struct senders *s)
{
	size_t i, k;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++) {
		for (k = 0; k < s->v[i]->n; k++) {
			free(s->v[i]->day[k]->hours);
			free(s->v[i]->day[k]);
		}
		free(s->v[i]->day);
		free(s->v[i]);
	}
	free(s->v);
	free(s->gap);
	free(s->silences);
	index_free(s->by_key);
	arena_free(s->arena);
	free(s);
}

/* ---- which sender ---- */

static uint32_t
look_up(struct senders *s, struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);
	struct sender *x;
	uint32_t at;

	if (a->device_key.len == 0)
		return INDEX_NONE;
	at = index_get(s->by_key, a->device_key);
	if (at != INDEX_NONE)
		return at;
	if (s->n == SENDERS_MAX) {
		limits_note(s->limits, LIMIT_SENDERS, fs->time, NULL);
		return INDEX_NONE;
	}
	if ((x = calloc(1, sizeof(*x))) == NULL)
		abort();
	x->key = arena_str(s->arena, a->device_key);
	x->name = arena_str(s->arena, a->device_name);
	x->device = a->device;
	x->newest = INT64_MIN;
	x->dirty = INT64_MAX;
	grow(&s->v, s->n, &s->cap, sizeof(struct sender *));
	*index_put(s->by_key, a->device_key) = (uint32_t)s->n;
	s->v[s->n] = x;
	return (uint32_t)s->n++;
}

/*
 * Names are looked up in ledgers, which takes longer than to count.  A line of
 * the same stream with the same names is of the same device.
 */
static uint32_t
sender_of(struct senders *s, const struct event *e, struct facts *fs)
{
	static const enum ecs names[] = { ECS_OBSERVER_NAME,
		ECS_OBSERVER_HOSTNAME, ECS_HOST_NAME, ECS_HOST_HOSTNAME,
		ECS_SYSLOG_HOSTNAME, ECS_OBSERVER_IP, ECS_HOST_IP };
	uint8_t name[CACHED + sizeof(uint64_t)] = { 0 };
	uint64_t h = e->stream, word;
	size_t i, len = 0;
	uint32_t at;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct span v = facts_field(fs, names[i]);

		if (len + v.len + 1 > CACHED)
			return look_up(s, fs);
		name[len++] = (uint8_t)i;
		if (v.len == 0)
			continue;
		memcpy(name + len, v.p, v.len);
		len += v.len;
	}
	for (i = 0; i < len; i += sizeof(word)) {
		memcpy(&word, name + i, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	h = h >> 20 & (CACHE - 1);
	if (s->cache[h].sender != INDEX_NONE &&
	    s->cache[h].stream == e->stream && s->cache[h].len == len &&
	    memcmp(s->cache[h].name, name, len) == 0)
		return s->cache[h].sender;
	if ((at = look_up(s, fs)) == INDEX_NONE)
		return at;
	s->cache[h].sender = at;
	s->cache[h].stream = e->stream;
	s->cache[h].len = (uint8_t)len;
	memcpy(s->cache[h].name, name, len);
	return at;
}

/* ---- its days ---- */

size_t
sender_place(const struct sender *x, int64_t day)
{
	size_t i = x->n;

	while (i > 0 && x->day[i - 1]->day >= day)
		i--;
	return i;
}

struct sender_day *
sender_day(const struct sender *x, int64_t day)
{
	size_t i = sender_place(x, day);

	return i < x->n && x->day[i]->day == day ? x->day[i] : NULL;
}

/* Of a sender days are forgotten that no day after them looks back to. */
static void
forget_old(struct senders *s, struct sender *x)
{
	int64_t keep = (int64_t)settings_count(s->site->settings,
			   SETTING_SND_HISTORY) +
	    7;
	size_t n = 0;

	while (n + 1 < x->n && x->day[n]->day < x->day[x->n - 1]->day - keep &&
	    x->day[n]->day < x->dirty) {
		free(x->day[n]->hours);
		free(x->day[n]);
		n++;
	}
	memmove(x->day, x->day + n, (x->n - n) * sizeof(x->day[0]));
	x->n -= n;
	s->days -= n;
}

static struct sender_day *
need_day(struct senders *s, struct sender *x, int64_t day)
{
	size_t i = sender_place(x, day), k;
	struct sender_day *d;

	if (i < x->n && x->day[i]->day == day)
		return x->day[i];
	if (s->days >= SENDERS_DAYS) {
		for (k = 0; k < s->n; k++)
			forget_old(s, s->v[k]);
		i = sender_place(x, day);
	}
	if (s->days >= SENDERS_DAYS)
		return NULL;
	if ((d = calloc(1, sizeof(*d))) == NULL)
		abort();
	d->day = day;
	grow(&x->day, x->n, &x->cap, sizeof(struct sender_day *));
	memmove(x->day + i + 1, x->day + i, (x->n - i) * sizeof(x->day[0]));
	x->day[i] = d;
	x->n++;
	s->days++;
	return d;
}

static bool
is_before(const struct finding_cite *a, const struct finding_cite *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	return a->index < b->index;
}

static void
count(struct sender_day *d, int64_t since, const struct finding_cite *cite)
{
	struct sender_bin *b = &d->bin[since / BIN];
	uint16_t at = (uint16_t)(since % BIN / TICK);

	if (b->n == 0 || at < b->first)
		b->first = at;
	if (b->n == 0 || at > b->last)
		b->last = at;
	if (b->n < UINT32_MAX)
		b->n++;
	if (d->n == 0 || is_before(cite, &d->cites.first))
		d->cites.first = *cite;
	if (d->n == 0 || is_before(&d->cites.last, cite))
		d->cites.last = *cite;
	d->n++;
}

static void
note_clock(struct sender_day *d, int64_t since, const struct event *e)
{
	struct sender_hour *h;

	if (!skew_tells(e))
		return;
	if (d->hours == NULL &&
	    (d->hours = calloc(24, sizeof(*d->hours))) == NULL)
		abort();
	h = &d->hours[since / UTC_HOUR];
	if (h->n < SKEWS)
		h->v[h->n++] = (int32_t)((e->received - e->time) / UTC_SECOND);
}

static enum sender_class
class_of(const struct event *e)
{
	if (e->source == NULL)
		return SENDER_LIVE;
	if (e->source->replay)
		return SENDER_REPLAY;
	return span_is(e->source->transport, "import") ? SENDER_IMPORT
						       : SENDER_LIVE;
}

void
senders_feed(struct senders *s, const struct event *e, const char *origin,
    struct facts *fs)
{
	struct finding_cite cite = { origin, e->index, fs->time, { 0 } };
	int64_t day = calendar_day(s->site->calendar, fs->time);
	int64_t since = fs->time - calendar_midnight(s->site->calendar, day);
	struct sender_day *d;
	struct sender *x;
	uint32_t at;

	/* konseki's own, and what stands for a whole table. */
	if (e->source != NULL && span_is(e->source->transport, "konseki"))
		return;
	if (span_is(facts_field(fs, ECS_KIND), "staff-report") ||
	    (at = sender_of(s, e, fs)) == INDEX_NONE)
		return;
	x = s->v[at];
	if ((d = need_day(s, x, day)) == NULL) {
		limits_note(s->limits, LIMIT_SENDERS, fs->time, NULL);
		return;
	}
	memcpy(cite.leaf, e->leaf, sizeof(cite.leaf));
	count(d, since, &cite);
	note_clock(d, since, e);
	if (fs->time >= x->newest) {
		x->newest = fs->time;
		x->class = class_of(e);
	}
	x->replay |= class_of(e) == SENDER_REPLAY;
	if (day < x->dirty)
		x->dirty = day;
}

/* ---- the collector's own gaps ---- */

void
senders_gap(struct senders *s, int64_t from, int64_t until)
{
	struct sender_gap g = { from, until };
	size_t i, k;

	if (from >= until || s->ngap == SENDERS_DAYS)
		return;
	for (i = 0; i < s->ngap && s->gap[i].until < from; i++)
		;
	for (k = i; k < s->ngap && s->gap[k].from <= until; k++) {
		if (s->gap[k].from < g.from)
			g.from = s->gap[k].from;
		if (s->gap[k].until > g.until)
			g.until = s->gap[k].until;
	}
	if (k == i)
		grow(&s->gap, s->ngap, &s->cap_gap, sizeof(*s->gap));
	memmove(s->gap + i + 1, s->gap + k, (s->ngap - k) * sizeof(*s->gap));
	s->ngap = s->ngap + 1 - (k - i);
	s->gap[i] = g;
	for (i = 0; i < s->n; i++)
		if (calendar_day(s->site->calendar, from) - 1 < s->v[i]->dirty)
			s->v[i]->dirty =
			    calendar_day(s->site->calendar, from) - 1;
}

int64_t
senders_missed(const struct senders *s, int64_t from, int64_t until)
{
	size_t low = 0, high = s->ngap, mid;
	int64_t missed = 0, a, b;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (s->gap[mid].until <= from)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < s->ngap && s->gap[low].from < until; low++) {
		a = s->gap[low].from > from ? s->gap[low].from : from;
		b = s->gap[low].until < until ? s->gap[low].until : until;
		missed += b - a;
	}
	return missed;
}

/* ---- judging ---- */

/* Up to where it is judged; of imports their own last record. */
static int64_t
now_of(const struct sender *x, const struct senders_clock *clock)
{
	int64_t now = x->class == SENDER_LIVE ? clock->live
	    : x->class == SENDER_REPLAY	      ? clock->replay
					      : x->newest;

	return now > x->newest ? now : x->newest;
}

struct draft *
senders_draft(const struct senders *s, const struct rule *r,
    const struct sender *x, const char *more, struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));

	draft_begin(d, r, s->site, arena);
	d->f.key = arena_printf(arena, "device=%s%s", x->key, more);
	d->f.replay = x->replay;
	draft_device(d, "device", x->device, span_str(x->name));
	return d;
}

static void
judge_sender(struct senders *s, size_t sender,
    const struct senders_clock *clock, struct outbox *out, struct arena *arena)
{
	struct sender *x = s->v[sender];
	int64_t now = now_of(x, clock);
	size_t i = sender_place(x, x->dirty);

	if (i > 0) /* a silence before it may have ended, or begun */
		i--;
	for (; i < x->n; i++) {
		if (s->silence != NULL || s->outage != NULL)
			sender_silence(s, sender, i, now, out, arena);
		if (s->rate != NULL)
			sender_rate(s, x, i, now, out, arena);
		if (s->clock != NULL)
			sender_clock(s, x, i, now, out, arena);
	}
	/* Today goes on. */
	x->dirty = x->n > 0 ? x->day[x->n - 1]->day : INT64_MAX;
}

void
senders_judge(struct senders *s, const struct senders_clock *clock,
    struct outbox *out, struct arena *arena)
{
	int64_t newest =
	    clock->live > clock->replay ? clock->live : clock->replay;
	size_t i;

	if (!clock->finish && newest < s->judged + BIN)
		return;
	s->judged = newest;
	for (i = 0; i < s->n; i++)
		judge_sender(s, i, clock, out, arena);
	if (s->outage != NULL)
		senders_outage(s, clock, out, arena);
}
