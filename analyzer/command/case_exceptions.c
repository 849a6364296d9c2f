/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/case.h"
#include "common/buf.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * konseki case exceptions: rows for exceptions.csv out of what people judged
 * normal.  A proposal and no more: somebody reads it, names who answers for it
 * and puts it into the ledger.
 */
#define PROPOSE 2      /* findings judged normal that make a habit */
#define PROPOSE_DAYS 90 /* until somebody looks again */

/* Findings of one fingerprint. */
struct habit {
	const struct casebook_finding *last; /* of those judged normal */
	size_t normal, other; /* judged so; not so, or not at all */
};

static struct habit *
habits(const struct case_call *c, size_t *n)
{
	struct habit *v =
	    arena_alloc(c->arena, (c->book.n_findings + 1) * sizeof(*v));
	size_t i, k;

	*n = 0;
	for (i = 0; i < c->book.n_findings; i++) {
		const struct casebook_finding *f = &c->book.findings[i];

		if (f->withdrawn || f->quiet == CASEBOOK_EXCEPTED)
			continue;
		for (k = 0; k < *n; k++)
			if (strcmp(v[k].last->print, f->print) == 0)
				break;
		if (k == *n)
			v[(*n)++] = (struct habit){ .last = f };
		if (f->judged == NULL ||
		    strcmp(f->judged->how, "normal") != 0) {
			v[k].other++;
			continue;
		}
		v[k].normal++;
		if (v[k].last->judged == NULL ||
		    f->judged->order > v[k].last->judged->order)
			v[k].last = f;
	}
	return v;
}

/* A cell: what a spreadsheet would take for a formula gets an apostrophe. */
static void
cell(const char *s, const char *end)
{
	const char *p;

	putchar('"');
	if (strchr("=+-@", *s) != NULL && *s != '\0')
		putchar('\'');
	for (p = s; *p != '\0'; p++) {
		if (*p == '"')
			putchar('"');
		putchar((unsigned char)*p < ' ' ? ' ' : *p);
	}
	printf("\"%s", end);
}

/* What it is about: the first thing that its key names. */
static const char *
about(const struct case_call *c, const struct casebook_finding *f)
{
	size_t i;

	for (i = 0; i < f->n_entities; i++)
		if (strcmp(f->entities[i].kind, "device") != 0)
			return arena_printf(c->arena, "%s=%s",
			    f->entities[i].kind, f->entities[i].value);
	return f->n_entities == 0
	    ? ""
	    : arena_printf(c->arena, "device=%s", f->entities[0].value);
}

static void
date(int64_t at, int zone, const char *end)
{
	struct utc_civil d;

	utc_to_civil(at, zone, &d);
	printf("%04d/%02d/%02d%s", d.year, d.month, d.day, end);
}

static void
propose(const struct case_call *c, const struct habit *h)
{
	const struct casebook_step *s = h->last->judged;

	cell(h->last->rule, ",");
	cell(about(c, h->last), ",");
	cell(s->who, ",");
	cell(s->text, ",");
	date(s->at, c->s->zone, ",");
	date(s->at + PROPOSE_DAYS * UTC_DAY, c->s->zone, ",");
	cell(tr(casebook_severity_word(h->last->severity),
		 casebook_severity_name(h->last->severity)),
	    ",");
	cell(arena_printf(c->arena,
		 tr("judged normal %zu of %zu times", "%zu/%zu件が正常判定"),
		 h->normal, h->normal + h->other),
	    "\n");
}

int
case_exceptions(const struct case_call *c)
{
	size_t i, n, proposed = 0;
	struct habit *v = habits(c, &n);

	for (i = 0; i < n; i++) {
		if (v[i].normal < PROPOSE || v[i].last->judged == NULL)
			continue;
		if (proposed++ == 0)
			puts(tr("rule,about,owner,reason,from,until,most,note",
			    "ルール,対象,責任者,理由,開始日,期限,上限,備考"));
		propose(c, &v[i]);
	}
	if (proposed == 0)
		log_info(tr("nothing is proposed: nothing was judged normal "
			    "%d times",
			     "提案はありません。正常と%d回判定された検知がない"
			     "ためです"),
		    PROPOSE);
	return 0;
}
