/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/gone.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"
#include "evidence/retention_file.h"

#define DAY INT64_C(86400000000) /* usec */

static bool
asked_for(const struct shelf_item *item, const struct choice *c)
{
	return item->last >= c->from && item->first <= c->to &&
	    item->high >= c->since && item->low < c->until;
}

/*
 * What the log says of retention, with the writer's cache.  That a segment is
 * missing without a word is what the package then says.
 */
static void
load(struct gone *g, const struct site *site, const struct site_log *log)
{
	struct retention_file file = { .dir = log->dir };
	char name[SITE_NAME_MAX + 16], cache[4096];
	struct buf why;

	buf_init(&why);
	snprintf(name, sizeof(name), "retention-%s", log->label);
	if (io_join(cache, sizeof(cache), site->cache, name) == 0)
		file.cache = cache;
	if (retention_load(g->said, &file, &why) != 0)
		log_warn("%s: %s", log->dir, buf_cstr(&why));
	buf_fini(&why);
}

/* The record that says it, below the checkpoint. */
static void
explain(const struct gone *g, struct package_gone *v, uint64_t size)
{
	const struct retention_deletion *d =
	    retention_deletion(g->said, v->segment);

	v->record = d != NULL && d->gone.first == v->first &&
		d->gone.last == v->last && d->from.index < size
	    ? d->from.index
	    : PACKAGE_UNSAID;
}

int
gone_find(struct gone *g, const struct site *site, const struct site_log *log,
    const struct shelf *s, const struct choice *c, struct buf *why)
{
	const struct shelf_item *item;
	size_t i;

	memset(g, 0, sizeof(*g));
	if ((g->v = calloc(s->n + 1, sizeof(*g->v))) == NULL) {
		buf_str(why, strerror(errno));
		return -1;
	}
	for (i = 0; i < s->n; i++) {
		item = &s->v[i];
		if (!item->here && asked_for(item, c))
			g->v[g->n++] = (struct package_gone){ item->number,
				item->first, item->last, PACKAGE_UNSAID };
	}
	if (g->n == 0)
		return 0;
	g->said = retention_new();
	load(g, site, log);
	for (i = 0; i < g->n; i++)
		explain(g, &g->v[i], s->checkpoint.size);
	return 0;
}

void
gone_fini(struct gone *g)
{
	free(g->v);
	if (g->said != NULL)
		retention_free(g->said);
	memset(g, 0, sizeof(*g));
}

uint64_t
gone_records(const struct gone *g, uint64_t first, uint64_t last)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < g->n; i++)
		if (g->v[i].first >= first && g->v[i].last <= last)
			n += g->v[i].last - g->v[i].first + 1;
	return n;
}

static void
run_of(const struct gone *g, size_t i, struct gone_run *run)
{
	const struct package_gone *v = &g->v[i];
	const struct retention_deletion *d;

	*run = (struct gone_run){ v->first, v->last, 0, NULL };
	if (v->record == PACKAGE_UNSAID)
		return;
	d = retention_deletion(g->said, v->segment);
	run->at = d->from.at;
	run->basis = d->gone.basis;
}

static bool
alike(const struct gone_run *a, const struct gone_run *b)
{
	if (a->last + 1 != b->first || (a->basis == NULL) != (b->basis == NULL))
		return false;
	return a->basis == NULL ||
	    (a->at / DAY == b->at / DAY && strcmp(a->basis, b->basis) == 0);
}

bool
gone_next(const struct gone *g, size_t *i, struct gone_run *run)
{
	struct gone_run next;

	if (*i >= g->n)
		return false;
	run_of(g, *i, run);
	while (++*i < g->n) {
		run_of(g, *i, &next);
		if (!alike(run, &next))
			break;
		run->last = next.last;
	}
	return true;
}

static void
run_print(const struct gone_run *run, bool ja, int zone, struct buf *out)
{
	char when[UTC_TEXT];

	if (run->basis == NULL) {
		buf_printf(out,
		    ja ? "\n欠落             記録%" PRIu64 "-%" PRIu64
			 "（削除されたという記録もありません）"
		       : "\nMissing          records %" PRIu64 "-%" PRIu64
			 " (and no record says that they were deleted)",
		    run->first, run->last);
		return;
	}
	utc_print((int64_t)run->at, zone, when);
	buf_printf(out,
	    ja ? "\n削除済み         記録%" PRIu64 "-%" PRIu64 "、%s、根拠: "
	       : "\nDeleted          records %" PRIu64 "-%" PRIu64
		 ", %s, basis: ",
	    run->first, run->last, when);
	text_escape(span_str(run->basis), out);
}

void
gone_print(const struct gone *g, bool ja, int zone, struct buf *out)
{
	struct gone_run run;
	size_t i = 0;

	while (gone_next(g, &i, &run))
		run_print(&run, ja, zone, out);
}
