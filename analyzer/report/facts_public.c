/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/damage_priv.h"
#include "analyzer/report/facts.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"

/*
 * Sentences for the public: no address, account, name of a device or figure
 * that helps others; only what the records bear.
 */

static void
public_aware(struct facts *out)
{
	const struct damage *d = out->d;
	const struct casebook_step *s = d->group->aware;
	struct arena *a = d->r->arena;
	struct report_cite cite;

	if (s == NULL) {
		facts_add(out, REPORT_OPEN, NULL, 0, word_of(WORD_AWARE_NONE));
		return;
	}
	cite = report_cite_step(s);
	facts_add(out, REPORT_CONFIRMED, &cite, 1,
	    arena_printf(a, "%s%s", figure_minute(a, s->from, d->r->zone),
		word_of(WORD_PUB_KNEW)));
}

/* One sentence for each phase that findings speak of. */
static void
by_phase(struct facts *out, const enum word words[PHASE_COUNT])
{
	const struct damage *d = out->d;
	struct report_cite cite;
	size_t i, p;

	for (p = 0; p < PHASE_RESPONSE; p++) {
		if (words[p] == WORD_COUNT)
			continue;
		for (i = 0; i < d->n_findings; i++)
			if (casebook_phase(d->findings[i]) == (enum phase)p)
				break;
		if (i == d->n_findings)
			continue;
		cite = report_cite_recorded(d->findings[i]);
		facts_add(out, REPORT_ESTIMATED, &cite,
		    d->findings[i]->n_evidence, word_of(words[p]));
	}
	if (out->n == 0)
		facts_add(out, REPORT_OPEN, NULL, 0, word_of(WORD_PUB_OPEN));
}

static size_t
count_places(const struct damage *d)
{
	size_t i, j, n = 0;

	for (i = 0; i < d->n_findings; i++)
		for (j = 0; j < d->findings[i]->n_entities; j++)
			n += damage_is_device(d,
				 &d->findings[i]->entities[j]) &&
			    !damage_named_before(d, i, j,
				&d->findings[i]->entities[j]);
	return n;
}

static void
public_scope(struct facts *out)
{
	const struct damage *d = out->d;
	struct arena *a = d->r->arena;

	facts_add(out, REPORT_ESTIMATED, NULL, 0,
	    arena_printf(a, "%s %zu%s", word_of(WORD_PUB_DEVICES),
		count_places(d), tr("", "台（調査中）")));
	facts_add(out, REPORT_ESTIMATED, NULL, 0,
	    d->amount.hours > 0 ? word_of(WORD_PUB_SENT)
				: word_of(WORD_PUB_NOT_SENT));
}

static void
public_what(struct facts *out)
{
	static const enum word words[PHASE_COUNT] = {
		[PHASE_ENTRY] = WORD_PUB_ENTRY,
		[PHASE_DISCOVERY] = WORD_COUNT,
		[PHASE_LATERAL] = WORD_COUNT,
		[PHASE_EXFILTRATION] = WORD_PUB_EXFILTRATION,
		[PHASE_DESTRUCTION] = WORD_PUB_DESTRUCTION,
	};

	by_phase(out, words);
}

static void
public_route(struct facts *out)
{
	static const enum word words[PHASE_COUNT] = {
		[PHASE_ENTRY] = WORD_PUB_ROUTE,
		[PHASE_DISCOVERY] = WORD_COUNT,
		[PHASE_LATERAL] = WORD_PUB_LATERAL,
		[PHASE_EXFILTRATION] = WORD_COUNT,
		[PHASE_DESTRUCTION] = WORD_COUNT,
	};

	by_phase(out, words);
}

const struct facts_filler facts_public[] = {
	{ FIELD_PUB_AWARE, public_aware },
	{ FIELD_PUB_WHAT, public_what },
	{ FIELD_PUB_SCOPE, public_scope },
	{ FIELD_PUB_ROUTE, public_route },
	{ FIELD_COUNT, NULL },
};
