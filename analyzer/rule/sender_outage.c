/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/senders_state.h"

/*
 * Servers that fell silent within a short time of each other, while others
 * still send: what encryption or a switched-off hypervisor looks like.
 */
static bool
is_server(const struct sender *x)
{
	return x->device != NULL && x->device->server;
}

/* Whether work on the device was announced for that time. */
static bool
is_planned(const struct senders *s, const struct sender *x, int64_t at,
    struct arena *arena)
{
	struct plan_act act = { .time = at,
		.grace = settings_usec(s->site->settings, SETTING_ADM_GRACE),
		.nobody = true };

	act.device[0] = sheet_key(span_str(x->key), arena);
	act.device[1] = sheet_key(x->device->name, arena);
	return plans_covering(s->site->ledgers->maintenance, &act) != NULL;
}

/* Whether there are records of [from, until], by bins. */
static bool
sends(const struct senders *s, const struct sender *x, int64_t from,
    int64_t until)
{
	const struct calendar *c = s->site->calendar;
	const struct sender_day *d;
	int64_t since, day = calendar_day(c, from);
	int k;

	for (; day <= calendar_day(c, until); day++) {
		if ((d = sender_day(x, day)) == NULL)
			continue;
		since = calendar_midnight(c, day);
		for (k = 0; k < BINS; k++)
			if (d->bin[k].n > 0 &&
			    since + k * BIN + (int64_t)d->bin[k].last * TICK >=
				from &&
			    since + k * BIN + (int64_t)d->bin[k].first * TICK <=
				until)
				return true;
	}
	return false;
}

/* What was there at that time. */
struct scene {
	uint64_t servers; /* that sent within the day before */
	bool others;	  /* others went on */
};

static struct scene
look(const struct senders *s, int64_t from, int64_t within, int64_t floor)
{
	struct scene w = { 0, false };
	size_t i;

	for (i = 0; i < s->n; i++)
		if (is_server(s->v[i]))
			w.servers +=
			    sends(s, s->v[i], from - UTC_DAY, from);
		else
			w.others |= sends(s, s->v[i], from + within + 1,
			    from + within + floor);
	return w;
}

static int
compare(const void *pa, const void *pb)
{
	const struct sender_silence *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->sender < b->sender ? -1 : a->sender > b->sender;
}

static void
deliver(const struct senders *s, const struct sender_silence *q, size_t n,
    const struct scene *w, struct outbox *out, struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));
	const struct sender *x;
	size_t i;

	draft_begin(d, s->outage, s->site, arena);
	d->f.key = "site=all";
	d->f.from = d->f.first = q[0].from;
	d->f.until = q[n - 1].from + 1;
	draft_time(d, SENTENCE_TIME, q[0].from);
	for (i = 0; i < n; i++) {
		x = s->v[q[i].sender];
		d->f.replay |= x->replay;
		draft_device(d, "host", x->device, span_str(x->name));
		draft_cite(d, &q[i].before);
	}
	d->v.ja[SENTENCE_DETAIL] =
	    arena_printf(arena, "サーバ%llu台のうち%zu台",
		(unsigned long long)w->servers, n);
	d->v.en[SENTENCE_DETAIL] = arena_printf(arena, "%zu of %llu servers", n,
	    (unsigned long long)w->servers);
	finding_count(&d->f, "", "silent", "", n);
	finding_count(&d->f, "", "servers", "", w->servers);
	draft_end(d);
	outbox_add(out, &d->f);
}

/* Those of servers, in order, without what was announced. */
static struct sender_silence *
of_servers(const struct senders *s, size_t *n, struct arena *arena)
{
	struct sender_silence *v =
	    arena_alloc(arena, (s->n_silences + 1) * sizeof(*v));
	size_t i;

	*n = 0;
	for (i = 0; i < s->n_silences; i++) {
		const struct sender_silence *q = &s->silences[i];

		if (is_server(s->v[q->sender]) &&
		    !is_planned(s, s->v[q->sender], q->from, arena))
			v[(*n)++] = *q;
	}
	qsort(v, *n, sizeof(*v), compare);
	return v;
}

void
senders_outage(struct senders *s, const struct senders_clock *clock,
    struct outbox *out, struct arena *arena)
{
	const struct settings *t = s->site->settings;
	int64_t within = settings_usec(t, SETTING_OUTAGE_WITHIN);
	int64_t floor = settings_usec(t, SETTING_SIL_FLOOR);
	size_t i, k, n, least = settings_count(t, SETTING_OUTAGE_LEAST);
	const struct sender_silence *q = of_servers(s, &n, arena);
	struct scene w;

	(void)clock;
	outbox_scope(out, span_str(s->outage->id));
	for (i = 0; i < n; i = k) {
		for (k = i + 1; k < n && q[k].from <= q[i].from + within; k++)
			;
		if (k - i < least) {
			k = i + 1;
			continue;
		}
		w = look(s, q[i].from, within, floor);
		if (w.others &&
		    (double)(k - i) * 100 >= (double)w.servers *
			    settings_number(t, SETTING_OUTAGE_SHARE))
			deliver(s, q + i, k - i, &w, out, arena);
		else
			k = i + 1;
	}
}
