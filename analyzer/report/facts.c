/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/facts.h"

#include <string.h>

#include "analyzer/case/mask.h"
#include "analyzer/report/damage_priv.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/hex.h"

/* Who reports, when it was known, what was done, what was kept. */
#define PEOPLE 3u

/* Notes and texts of devices stand in it, and it leaves the house. */
const char *
facts_masked(const struct damage *d, const char *text)
{
	struct buf out;
	const char *s;

	buf_init(&out);
	s = mask_patients(span_str(text), &out) == 0
	    ? text
	    : arena_str(d->r->arena, buf_view(&out));
	buf_fini(&out);
	return s;
}

void
facts_add(struct facts *out, enum report_certainty c,
    const struct report_cite *cite, uint64_t records, const char *text)
{
	if (out->n == FACTS_MAX) {
		out->more++;
		return;
	}
	out->v[out->n++] = (struct fact){ .certainty = c,
		.text = facts_masked(out->d, text),
		.cite = cite == NULL ? (struct report_cite){ NULL, 0, "" }
				     : *cite,
		.records = records };
}

static void
contact(struct facts *out)
{
	const struct report *r = out->d->r;
	const struct contacts_person *p;
	size_t i;

	for (i = 0; r->contacts != NULL && i < r->contacts->n_people &&
	     i < PEOPLE;
	     i++) {
		p = &r->contacts->people[i];
		facts_add(out, REPORT_CONFIRMED, NULL, 0,
		    arena_printf(r->arena, "%s%s%s",
			report_person(r, p->id),
			*p->phone == '\0' ? "" : "　",
			figure_clip(r->arena, span_str(p->phone), 40)));
	}
}

static void
aware(struct facts *out)
{
	const struct damage *d = out->d;
	const struct casebook_step *s = d->group->aware;
	const struct casebook_finding *f = d->findings[0];
	struct arena *a = d->r->arena;
	struct report_cite cite;
	size_t i;

	if (s != NULL) {
		cite = report_cite_step(s);
		facts_add(out, REPORT_CONFIRMED, &cite, 1,
		    arena_printf(a, "%s %s %s", word_of(WORD_AWARE_AT),
			figure_time(a, s->from, d->r->zone),
			report_who(d->r, s)));
	} else {
		facts_add(out, REPORT_OPEN, NULL, 0, word_of(WORD_AWARE_NONE));
	}
	for (i = 1; i < d->n_findings; i++)
		if (d->findings[i]->index < f->index)
			f = d->findings[i];
	cite = report_cite_recorded(f);
	facts_add(out, REPORT_CONFIRMED, &cite, 1,
	    arena_printf(a, "%s %s", word_of(WORD_FIRST_FINDING),
		figure_time(a, f->recorded, d->r->zone)));
	if (s != NULL && s->from < d->findings[0]->first && !d->replay)
		facts_add(out, REPORT_OPEN, NULL, 0,
		    word_of(WORD_AWARE_BEFORE));
}

static void
began(struct facts *out)
{
	const struct damage *d = out->d;
	const struct casebook_finding *f = d->findings[0];
	struct report_cite cite;

	if (f->n_cites == 0)
		return;
	cite = report_cite_finding(&f->cites[0]);
	facts_add(out, REPORT_ESTIMATED, &cite, f->n_evidence,
	    arena_printf(d->r->arena, "%s %s", word_of(WORD_FIRST_RECORD),
		figure_time(d->r->arena, f->first, d->r->zone)));
}

static void
how_found(struct facts *out)
{
	const struct damage *d = out->d;
	const struct casebook_finding *f = d->findings[0];
	const struct casebook_step *s = d->group->acked;
	struct arena *a = d->r->arena;
	struct report_cite cite;
	size_t i;

	cite = report_cite_recorded(f);
	facts_add(out, REPORT_CONFIRMED, &cite, 1,
	    arena_printf(a, tr("konseki found: %s (rule %s)",
				"konsekiによる検出：%s（ルール %s）"),
		figure_clip(a, span_str(tr(f->title_en, f->title_ja)), 120),
		f->rule));
	for (i = 0; i < d->n_staff; i++)
		facts_add(out, REPORT_CONFIRMED, &d->staff[i].cite, 1,
		    arena_printf(a, "%s %s",
			figure_time(a, d->staff[i].at, d->r->zone),
			d->staff[i].text));
	if (s == NULL)
		return;
	cite = report_cite_step(s);
	facts_add(out, REPORT_CONFIRMED, &cite, 1,
	    arena_printf(a, "%s %s %s", word_of(WORD_TAKEN_BY),
		report_who(d->r, s), figure_time(a, s->at, d->r->zone)));
}

static void
measures(struct facts *out)
{
	const struct damage *d = out->d;
	struct arena *a = d->r->arena;
	const struct casebook *book = d->r->book;
	struct report_cite cite;
	size_t i;

	for (i = 0; i < book->n_steps; i++) {
		const struct casebook_step *s = &book->steps[i];

		if (strcmp(s->group, d->group->id) != 0 ||
		    s->kind == CASEBOOK_REPORT || s->kind == CASEBOOK_DONE ||
		    s->kind == CASEBOOK_REMIND)
			continue;
		cite = report_cite_step(s);
		facts_add(out, REPORT_CONFIRMED, &cite, 1,
		    arena_printf(a, "%s %s %s%s%s",
			figure_time(a,
			    s->kind == CASEBOOK_NOTE ? s->from : s->at,
			    d->r->zone),
			report_step(s), report_who(d->r, s),
			*s->text == '\0' ? "" : tr(": ", "："),
			figure_clip(a, span_str(s->text), 300)));
	}
	if (out->n == 0)
		facts_add(out, REPORT_OPEN, NULL, 0, word_of(WORD_NO_STEPS));
}

static void
authorities(struct facts *out)
{
	const struct damage *d = out->d;
	struct arena *a = d->r->arena;
	const struct casebook *book = d->r->book;
	struct report_cite cite;
	size_t i;

	for (i = 0; i < book->n_steps; i++) {
		const struct casebook_step *s = &book->steps[i];

		if (strcmp(s->group, d->group->id) != 0 ||
		    s->kind != CASEBOOK_DONE)
			continue;
		cite = report_cite_step(s);
		facts_add(out, REPORT_CONFIRMED, &cite, 1,
		    arena_printf(a, tr("%s %s %s: %s", "%s %s %s：%s"),
			figure_time(a, s->from, d->r->zone),
			figure_clip(a, span_str(s->about), 40),
			report_who(d->r, s),
			figure_clip(a, span_str(s->text), 200)));
	}
	if (out->n == 0)
		facts_add(out, REPORT_OPEN, NULL, 0,
		    word_of(WORD_NO_AUTHORITIES));
}

static void
preserved_log(struct facts *out, enum word name,
    const struct verify_result *v, const struct report_generations *before)
{
	const struct report *r = out->d->r;
	const struct report_proof p = report_proof(r, v, before);
	char root[65] = "";

	hex_print(v->root, 32, root);
	facts_add(out,
	    v->verdict == VERIFY_INTACT ? REPORT_CONFIRMED : REPORT_OPEN, NULL,
	    v->size,
	    arena_printf(r->arena,
		tr("%s %s: %s records, sealed %s, root (SHA-256, RFC 6962) "
		   "%s; %s%s",
		    "%s %s：%s件、最新の封印 %s、根ハッシュ（SHA-256、RFC "
		    "6962）%s。検証結果 %s%s"),
		word_of(name), v->origin, figure_count(r->arena, v->size),
		figure_time(r->arena, (int64_t)v->sealed_time, r->zone), root,
		p.verdict, p.limits));
}

/* Of rules about backups, of whatever case. */
static void
backup(struct facts *out)
{
	const struct damage *d = out->d;
	const struct casebook *book = d->r->book;
	struct arena *a = d->r->arena;
	struct report_cite cite;
	size_t i;

	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (f->withdrawn || strncmp(f->rule, "BKP", 3) != 0 ||
		    f->first >= d->until || f->until <= d->from)
			continue;
		cite = report_cite_recorded(f);
		facts_add(out, REPORT_ESTIMATED, &cite, f->n_evidence,
		    arena_printf(a, "%s %s",
			figure_time(a, f->first, d->r->zone),
			figure_clip(a, span_str(tr(f->what_en, f->what_ja)),
			    240)));
	}
	if (out->n == 0)
		facts_add(out, REPORT_OPEN, NULL, 0,
		    arena_printf(a, "%s%s", word_of(WORD_NO_BACKUP),
			damage_scope(d)));
}

static void
site(struct facts *out)
{
	facts_add(out, REPORT_CONFIRMED, NULL, 0, out->d->r->site);
}

static void
preserved(struct facts *out)
{
	const struct report *r = out->d->r;

	preserved_log(out, WORD_EVIDENCE_LOG, r->evidence,
	    &r->evidence_before);
	preserved_log(out, WORD_CASEBOOK, r->cases, &r->cases_before);
}

static const struct facts_filler people[] = {
	{ FIELD_SITE, site },
	{ FIELD_CONTACT, contact },
	{ FIELD_AWARE, aware },
	{ FIELD_BEGAN, began },
	{ FIELD_HOW_FOUND, how_found },
	{ FIELD_MEASURES, measures },
	{ FIELD_AUTHORITIES, authorities },
	{ FIELD_BACKUP, backup },
	{ FIELD_PRESERVED, preserved },
	{ FIELD_COUNT, NULL },
};

/* A field that no list has is one that only people can say. */
void
facts_of(struct damage *d, enum field f, struct facts *out)
{
	const struct facts_filler *const lists[] = { people, facts_course,
		facts_figures, facts_public };
	const struct facts_filler *x;
	size_t i;

	memset(out, 0, sizeof(*out));
	out->d = d;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (x = lists[i]; x->field != FIELD_COUNT; x++)
			if (x->field == f)
				x->take(out);
}
