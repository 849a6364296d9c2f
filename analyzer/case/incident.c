/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/incident.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/case/cover.h"
#include "analyzer/case/inhibit.h"
#include "analyzer/case/linking.h"
#include "analyzer/ledger/index.h"

#define TACTICS 16 /* ATT&CK has 14 */

static const unsigned weights[] = CASEBOOK_WEIGHTS;

struct build {
	struct casebook *book;
	struct arena *arena;
	size_t *set;	     /* of each finding (linking.h) */
	uint32_t *group_of;  /* of each finding, INDEX_NONE = none */
	struct index *names; /* of cases, to positions of groups */
};

/* ---- who is quiet ---- */

static void
read_silences(struct build *b)
{
	struct casebook *k = b->book;
	size_t i, j;

	k->silences =
	    arena_alloc(b->arena, (k->n_steps + 1) * sizeof(*k->silences));
	for (i = 0; i < k->n_steps; i++) {
		const struct casebook_step *s = &k->steps[i];

		if (s->kind == CASEBOOK_SILENCE) {
			k->silences[k->n_silences].made = s;
			memcpy(k->silences[k->n_silences++].id, s->leaf, 8);
		}
		for (j = 0;
		     s->kind == CASEBOOK_UNSILENCE && j < k->n_silences; j++)
			if (k->silences[j].ended == NULL &&
			    strcmp(k->silences[j].id, s->silence) == 0)
				k->silences[j].ended = s;
	}
}

/* A silence is for what comes while it is kept, never for what was there. */
static bool
is_silenced(const struct casebook_silence *s, const struct casebook_finding *f)
{
	const struct cover c = { s->made->rule, s->made->about, s->made->most };

	return f->entered > s->made->order &&
	    (s->ended == NULL || f->entered < s->ended->order) &&
	    f->first >= s->made->from && f->first < s->made->until &&
	    cover_holds(&c, f);
}

static void
hush(struct build *b, struct casebook_finding *f)
{
	struct casebook *k = b->book;
	size_t i;

	f->quiet = CASEBOOK_HEARD;
	f->quiet_by = "";
	if (*f->excepted != '\0') {
		f->quiet = CASEBOOK_EXCEPTED;
		f->quiet_by = f->excepted;
		return;
	}
	for (i = 0; i < k->n_silences; i++) {
		if (!is_silenced(&k->silences[i], f))
			continue;
		f->quiet = CASEBOOK_SILENCED;
		f->quiet_by = k->silences[i].id;
		k->silences[i].n += !f->withdrawn;
		return;
	}
}

/* ---- groups ---- */

static int
by_first(const void *a, const void *b)
{
	const struct casebook_finding *const *p = a, *const *q = b;

	if ((*p)->first != (*q)->first)
		return (*p)->first < (*q)->first ? -1 : 1;
	return (*p)->entered < (*q)->entered ? -1 : 1;
}

/* Positions of the findings that are of a case, in the order of time. */
static size_t *
in_time(struct build *b, size_t *n)
{
	struct casebook *k = b->book;
	const struct casebook_finding **v =
	    arena_alloc(b->arena, (k->n_findings + 1) * sizeof(*v));
	size_t *at = arena_alloc(b->arena, (k->n_findings + 1) * sizeof(*at));
	size_t i;

	*n = 0;
	for (i = 0; i < k->n_findings; i++)
		if (*k->findings[i].group != '\0' && !k->findings[i].withdrawn)
			v[(*n)++] = &k->findings[i];
	if (*n > 0)
		qsort(v, *n, sizeof(*v), by_first);
	for (i = 0; i < *n; i++)
		at[i] = (size_t)(v[i] - k->findings);
	return at;
}

/* One group for each set, in the order of first evidence. */
static void
make_groups(struct build *b)
{
	struct casebook *k = b->book;
	size_t i, n, *at = in_time(b, &n);
	struct casebook_group *g;

	b->group_of =
	    arena_alloc(b->arena, (k->n_findings + 1) * sizeof(*b->group_of));
	for (i = 0; i < k->n_findings; i++)
		b->group_of[i] = INDEX_NONE;
	k->groups = arena_alloc(b->arena, (n + 1) * sizeof(*k->groups));
	for (i = 0; i < n; i++) {
		uint32_t *slot = &b->group_of[b->set[at[i]]];

		if (*slot == INDEX_NONE) {
			*slot = (uint32_t)k->n_groups++;
			k->groups[*slot].id =
			    k->findings[b->set[at[i]]].group;
		}
		b->group_of[at[i]] = *slot;
		k->groups[*slot].n_findings++;
	}
	for (i = 0; i < n; i++) {
		g = &k->groups[b->group_of[at[i]]];
		if (g->findings == NULL) {
			g->findings = arena_alloc(b->arena,
			    g->n_findings * sizeof(*g->findings));
			g->n_findings = 0;
		}
		g->findings[g->n_findings++] = at[i];
	}
}

/* Ids that a case had while it was several lead to it, too. */
static void
take_names(struct build *b)
{
	struct casebook *k = b->book;
	const char **others;
	size_t i, j;

	for (i = 0; i < k->n_groups; i++) {
		struct casebook_group *g = &k->groups[i];

		others =
		    arena_alloc(b->arena, g->n_findings * sizeof(*others));
		for (j = 0; j < g->n_findings; j++) {
			struct casebook_finding *f =
			    &k->findings[g->findings[j]];
			uint32_t *slot =
			    index_put(b->names, span_str(f->group));

			if (*slot == INDEX_NONE && strcmp(f->group, g->id) != 0)
				others[g->n_others++] = f->group;
			*slot = (uint32_t)i;
			f->named = f->group;
			f->group = g->id;
		}
		g->others = others;
	}
}

/* ---- judgements and answers ---- */

static void
judge(struct build *b, const struct casebook_step *s, struct casebook_group *g)
{
	struct casebook_finding *f;
	size_t i;

	for (i = 0; i < g->n_findings; i++) {
		f = &b->book->findings[g->findings[i]];
		if (f->entered > s->order)
			continue; /* nobody had seen it */
		if (*s->finding == '\0') {
			f->judged = s;
		} else if (strcmp(f->id, s->finding) == 0) {
			f->judged = s;
			f->normal = strcmp(s->how, "normal") == 0;
		}
	}
}

static void
take_steps(struct build *b)
{
	struct casebook *k = b->book;
	struct casebook_group *g;
	struct casebook_step *s;
	uint32_t at;
	size_t i;

	for (i = 0; i < k->n_steps; i++) {
		s = &k->steps[i];
		if (*s->group == '\0' ||
		    (at = index_get(b->names, span_str(s->group))) ==
			INDEX_NONE)
			continue;
		g = &k->groups[at];
		s->group = g->id;
		if (s->kind == CASEBOOK_JUDGE)
			judge(b, s, g);
		if (s->kind == CASEBOOK_AWARE &&
		    (g->aware == NULL || s->from < g->aware->from))
			g->aware = s;
		if (s->kind == CASEBOOK_ACK && g->acked == NULL)
			g->acked = s;
		if (s->kind == CASEBOOK_JUDGE && *s->finding == '\0')
			g->judged = s;
		if (s->kind == CASEBOOK_ACK ||
		    (s->kind == CASEBOOK_JUDGE && *s->finding == '\0'))
			g->answered = s;
	}
}

/* Each finding was judged normal by itself: that settles the case. */
static void
settle(const struct build *b, struct casebook_group *g)
{
	const struct casebook_step *last = NULL;
	size_t i;

	for (i = 0; i < g->n_findings; i++) {
		const struct casebook_finding *f =
		    &b->book->findings[g->findings[i]];

		if (f->quiet != CASEBOOK_HEARD)
			continue;
		if (!f->normal)
			return;
		if (last == NULL || f->judged->order > last->order)
			last = f->judged;
	}
	if (last == NULL ||
	    (g->answered != NULL && g->answered->order > last->order))
		return;
	g->judged = g->answered = last;
}

/* ---- how grave it is ---- */

struct tally {
	struct index *prints; /* to positions in weight */
	unsigned *weight;
	size_t n;
	uint64_t sum; /* of weight */
	const char *tactics[TACTICS];
	size_t n_tactics;
	const struct casebook_finding **serious;
	size_t n_serious;
	enum casebook_severity severity;
	bool independent;
};

static bool
rest_on_one_record(const struct casebook_finding *f,
    const struct casebook_finding *g)
{
	size_t i, k;

	for (i = 0; i < f->n_cites; i++)
		for (k = 0; k < g->n_cites; k++)
			if (f->cites[i].index == g->cites[k].index &&
			    strcmp(f->cites[i].origin, g->cites[k].origin) == 0)
				return true;
	return false;
}

static void
add_tactics(struct tally *t, const struct casebook_finding *f)
{
	size_t i, k;

	for (i = 0; i < f->n_tactics; i++) {
		for (k = 0; k < t->n_tactics; k++)
			if (strcmp(t->tactics[k], f->tactics[i]) == 0)
				break;
		if (k == t->n_tactics && k < TACTICS)
			t->tactics[t->n_tactics++] = f->tactics[i];
	}
}

static uint64_t
score(const struct tally *t)
{
	size_t more = t->n_tactics > 0 ? t->n_tactics - 1 : 0;

	return t->sum * (10 + 3 * more) / 10;
}

static void
add_serious(struct tally *t, const struct casebook_finding *f)
{
	size_t i;

	if (f->severity < CASEBOOK_SERIOUS)
		return;
	for (i = 0; i < t->n_serious && !t->independent; i++)
		t->independent = strcmp(t->serious[i]->rule, f->rule) != 0 &&
		    !rest_on_one_record(t->serious[i], f);
	t->serious[t->n_serious++] = f;
}

/* The same thing again (its fingerprint) weighs once, as at its gravest. */
static void
tally_add(struct tally *t, const struct casebook_finding *f)
{
	uint32_t *slot = index_put(t->prints, span_str(f->print));
	unsigned w = weights[f->severity];

	if (*slot == INDEX_NONE)
		*slot = (uint32_t)t->n++;
	if (w > t->weight[*slot]) {
		t->sum += w - t->weight[*slot];
		t->weight[*slot] = w;
	}
	add_tactics(t, f);
	add_serious(t, f);
	if (f->severity > t->severity)
		t->severity = f->severity;
	if (t->independent || score(t) >= CASEBOOK_GRAVE)
		t->severity = CASEBOOK_CRITICAL;
}

static int
by_recorded(const void *a, const void *b)
{
	const struct casebook_finding *const *p = a, *const *q = b;

	if ((*p)->recorded != (*q)->recorded)
		return (*p)->recorded < (*q)->recorded ? -1 : 1;
	return (*p)->entered < (*q)->entered ? -1 : 1;
}

/* The findings that count, as they were recorded; *n of them. */
static const struct casebook_finding **
counting(const struct build *b, const struct casebook_group *g, bool all,
    size_t *n)
{
	const struct casebook_finding **v =
	    arena_alloc(b->arena, g->n_findings * sizeof(*v));
	size_t i;

	for (i = *n = 0; i < g->n_findings; i++) {
		const struct casebook_finding *f =
		    &b->book->findings[g->findings[i]];

		if (f->quiet == CASEBOOK_HEARD && (all || !f->normal))
			v[(*n)++] = f;
	}
	qsort(v, *n, sizeof(*v), by_recorded);
	return v;
}

static void
weigh(const struct build *b, struct casebook_group *g)
{
	struct tally t = { .prints = index_new() };
	const struct casebook_finding **v;
	enum casebook_severity was;
	size_t i, n;

	(void)counting(b, g, true, &g->n_heard);
	v = counting(b, g, false, &n);
	g->incident = n > 0;
	if (n == 0) /* all normal: as it was found, but no incident */
		v = counting(b, g, true, &n);
	t.weight = arena_alloc(b->arena, (n + 1) * sizeof(*t.weight));
	t.serious = arena_alloc(b->arena, (n + 1) * sizeof(*t.serious));
	for (i = 0; i < n; i++) {
		was = t.severity;
		tally_add(&t, v[i]);
		if (i == 0 || t.severity > was)
			g->since = v[i]->recorded;
	}
	index_free(t.prints);
	g->severity = t.severity;
	g->score = score(&t);
	g->n_tactics = t.n_tactics;
	g->independent = t.independent;
	g->incident &= g->score >= CASEBOOK_INCIDENT;
}

/* ---- time ---- */

static void
note_phase(struct casebook_phase *p, const struct casebook_finding *f)
{
	if (p->n++ == 0 || f->first < p->first)
		p->first = f->first;
}

static void
span_time(const struct build *b, struct casebook_group *g)
{
	const struct casebook_finding *f;
	int64_t before = INT64_MIN;
	size_t i;

	g->first = b->book->findings[g->findings[0]].first;
	g->last = INT64_MIN;
	for (i = 0; i < g->n_findings; i++) {
		f = &b->book->findings[g->findings[i]];
		g->last = f->until > g->last ? f->until : g->last;
		if (f->quiet == CASEBOOK_HEARD && !f->normal)
			note_phase(&g->phases[casebook_phase(f)], f);
	}
	g->in_order = true;
	for (i = 0; i < PHASE_RESPONSE; i++) {
		if (g->phases[i].n == 0)
			continue;
		g->in_order &= g->phases[i].first >= before;
		before = g->phases[i].first;
	}
}

/* ---- again ---- */

static bool
answer_is(const struct casebook_step *answer, const char *how)
{
	return answer->kind == CASEBOOK_JUDGE && strcmp(answer->how, how) == 0;
}

/*
 * Whether f, which came after an answer, calls for another one: what was
 * judged normal is over, so anything new does; where somebody is at work, what
 * is grave does.
 */
static bool
calls_again(const struct casebook_group *g, const struct casebook_finding *f,
    bool repeated)
{
	if (g->answered == NULL || f->recorded <= g->answered->at || repeated ||
	    f->normal)
		return false;
	return answer_is(g->answered, "normal") ||
	    f->severity >= CASEBOOK_SERIOUS;
}

static void
find_news(const struct build *b, struct casebook_group *g)
{
	struct index *prints = index_new();
	const struct casebook_finding **v, *f;
	int64_t repeat =
	    b->book->repeat > 0 ? b->book->repeat : CASEBOOK_REPEAT;
	bool repeated;
	uint32_t *slot;
	size_t i, n;

	v = counting(b, g, true, &n);
	for (i = 0; i < n; i++) {
		f = v[i];
		slot = index_put(prints, span_str(f->print));
		repeated = *slot != INDEX_NONE &&
		    f->recorded < v[*slot]->recorded + repeat &&
		    f->severity <= v[*slot]->severity;
		g->n_repeats += *slot != INDEX_NONE;
		if (!repeated)
			*slot = (uint32_t)i; /* the one that was told */
		if (g->news == 0 && calls_again(g, f, repeated))
			g->news = f->recorded;
	}
	index_free(prints);
}

void
incident_build(struct casebook *book, struct arena *arena)
{
	struct build b = { .book = book, .arena = arena };
	size_t i;

	book->n_groups = book->n_silences = 0;
	b.names = index_new();
	b.set = arena_alloc(arena, (book->n_findings + 1) * sizeof(*b.set));
	read_silences(&b);
	for (i = 0; i < book->n_findings; i++)
		hush(&b, &book->findings[i]);
	linking_sets(book->findings, book->n_findings, b.set);
	make_groups(&b);
	take_names(&b);
	take_steps(&b);
	for (i = 0; i < book->n_groups; i++) {
		inhibit_case(book, &book->groups[i], arena);
		settle(&b, &book->groups[i]);
		weigh(&b, &book->groups[i]);
		span_time(&b, &book->groups[i]);
		find_news(&b, &book->groups[i]);
	}
	index_free(b.names);
}
