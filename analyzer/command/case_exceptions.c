/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/case.h"
#include "analyzer/report/csvout.h"
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

static const char *
date(const struct case_call *c, int64_t at)
{
	struct utc_civil d;

	utc_to_civil(at, c->s->zone, &d);
	return arena_printf(c->arena, "%04d/%02d/%02d", d.year, d.month,
	    d.day);
}

static void
head(struct buf *out)
{
	const char *const titles[] = { tr("rule", "ルール"),
		tr("about", "対象"), tr("owner", "責任者"),
		tr("reason", "理由"), tr("from", "開始日"),
		tr("until", "期限"), tr("most", "上限"), tr("note", "備考") };
	size_t i;

	csvout_begin(out);
	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		csvout_str(out, titles[i]);
	csvout_row(out);
}

static void
propose(const struct case_call *c, const struct habit *h, struct buf *out)
{
	const struct casebook_step *s = h->last->judged;

	csvout_str(out, h->last->rule);
	csvout_str(out, about(c, h->last));
	csvout_str(out, s->who);
	csvout_str(out, s->text);
	csvout_str(out, date(c, s->at));
	csvout_str(out, date(c, s->at + PROPOSE_DAYS * UTC_DAY));
	csvout_str(out,
	    tr(casebook_severity_word(h->last->severity),
		casebook_severity_name(h->last->severity)));
	csvout_str(out,
	    arena_printf(c->arena,
		tr("judged normal %zu of %zu times", "%zu/%zu件が正常判定"),
		h->normal, h->normal + h->other));
	csvout_row(out);
}

int
case_exceptions(const struct case_call *c)
{
	size_t i, n, proposed = 0;
	struct habit *v = habits(c, &n);
	struct buf out;

	buf_init(&out);
	for (i = 0; i < n; i++) {
		if (v[i].normal < PROPOSE || v[i].last->judged == NULL)
			continue;
		if (proposed++ == 0)
			head(&out);
		propose(c, &v[i], &out);
	}
	(void)fwrite(out.p, 1, out.len, stdout);
	buf_fini(&out);
	if (proposed == 0)
		log_info(tr("nothing is proposed: nothing was judged normal "
			    "%d times",
			     "提案はありません。正常と%d回判定された検知がない"
			     "ためです"),
		    PROPOSE);
	return 0;
}
