/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/docket.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/docket_priv.h"
#include "common/log.h"
#include "common/utc.h"

/* ---- the tables ---- */

static const struct sheet_column checklist[] = { { "番号", true },
	{ "項目", true }, { "item", true }, { "確認者", true },
	{ "記録", true }, { "konsekiの記録", true }, { "records", true },
	{ "版", true }, { "出典", true } };
static const struct sheet_column bodies[] = { { "名称", true },
	{ "name", true }, { "電話", true }, { "メール", true },
	{ "受付", true }, { "目的", true }, { "purpose", true },
	{ "だれが", true }, { "基準日", true }, { "出典", true } };
static const struct sheet_column clauses[] = { { "条", true },
	{ "見出し", true }, { "heading", true }, { "条文", true },
	{ "clause", true } };
static const struct sheet_column logging[] = { { "製品", true },
	{ "product", true }, { "書式", true }, { "送ってほしいログ", true },
	{ "logs", true }, { "設定の例", true }, { "時刻", true },
	{ "clock", true }, { "出典", true } };

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *file;
	const struct sheet_column *columns;
	size_t n;
} tables[DOCKET_TABLES] = {
	[DOCKET_CHECKLIST] = { "", checklist, N(checklist) },
	[DOCKET_BODIES] = { "", bodies, N(bodies) },
	[DOCKET_CLAUSES] = { "", clauses, N(clauses) },
	[DOCKET_LOGGING] = { "", logging, N(logging) },
};

const char *
docket_table_file(enum docket_table t)
{
	static const char *const files[DOCKET_TABLES] = {
#define TABLE(id, file) [DOCKET_##id] = file,
#include "analyzer/report/docket_table_tbl.h"
#undef TABLE
	};

	return files[t];
}

int
docket_table_read(enum docket_table t, struct span bytes, const char *file,
    struct arena *arena, struct sheet *sheet, struct problems *ps)
{
	return sheet_read(bytes, file, tables[t].columns, tables[t].n,
	    arena, sheet, ps);
}

const char *
docket_cell(const struct docket *p, enum docket_table t, size_t row,
    size_t column)
{
	return arena_str(p->r->arena, p->in.tables[t].rows[row].cells[column]);
}

const char *
docket_cell2(const struct docket *p, enum docket_table t, size_t row, size_t ja,
    size_t en)
{
	return docket_cell(p, t, row, log_lang() == LOG_JA ? ja : en);
}

/* ---- taking the events ---- */

struct docket *
docket_new(const struct docket_in *in)
{
	struct docket *p = arena_alloc(in->r->arena, sizeof(*p));

	p->in = *in;
	p->r = in->r;
	p->sources = sources_new(p->r, in->from, in->until);
	p->logins = logins_new(p->r, in->from, in->until);
	p->connections = connections_new(p->r, in->from, in->until);
	p->sample = docket_sample_new(p->r, in->day);
	return p;
}

void
docket_free(struct docket *p)
{
	if (p == NULL)
		return;
	connections_close(p->connections);
	sources_close(p->sources);
}

void
docket_event(struct docket *p, const struct event *e, int64_t at)
{
	sources_event(p->sources, e, at);
	connections_event(p->connections, e, at);
	if (at < p->in.from || at >= p->in.until)
		return;
	p->replay |= e->source != NULL && e->source->replay;
	logins_event(p->logins, e, at);
	docket_sample_event(p->sample, e, at);
}

void
docket_finish(struct docket *p, const struct losses *losses)
{
	p->losses = losses;
	p->total = sources_finish(p->sources);
	p->login = logins_finish(p->logins, NULL, &p->n_logins,
	    &p->logins_beyond);
	docket_sample_finish(p->sample);
	weeks_build(p->r->book, p->r->zone, report_made(p->r), p->r->grace,
	    p->r->arena, &p->weeks);
	docket_match(p);
}

/* ---- what pages share ---- */

const char *
docket_period(const struct docket *p)
{
	return arena_printf(p->r->arena, "%s – %s",
	    figure_day(p->r->arena, p->in.from, p->r->zone),
	    figure_day(p->r->arena, p->in.until - 1, p->r->zone));
}

void
docket_begin(const struct docket *p, struct buf *out,
    const struct docket_head *head)
{
	struct utc_civil c;

	utc_to_civil(report_made(p->r), p->r->zone, &c);
	report_begin(p->r, out,
	    &(struct report_page){
		.title = head->title,
		.subtitle = head->subtitle == NULL ? "" : head->subtitle,
		.number = arena_printf(p->r->arena, "INS-%04d-%02d-%02d-%02u",
		    c.year, c.month, c.day, head->number),
		.style = head->style == NULL ? "" : head->style,
		.paper = head->paper,
		.replay = p->replay,
	    });
}

const struct source *
docket_source_of(const struct docket *p, const struct device *d)
{
	size_t i;

	for (i = 0; i < p->total->n; i++)
		if (report_device(p->r, p->total->rows[i].name) == d)
			return &p->total->rows[i];
	return NULL;
}

size_t
docket_findings(const struct docket *p, const char *code, size_t *unknown)
{
	const struct casebook *book = p->r->book;
	size_t i, n = 0;

	*unknown = 0;
	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (f->withdrawn || f->quiet != CASEBOOK_HEARD ||
		    strncmp(f->rule, code, strlen(code)) != 0 ||
		    f->until <= p->in.from || f->first >= p->in.until)
			continue;
		n++;
		*unknown += strcmp(f->kind, "unknown") == 0;
	}
	return n;
}

bool
docket_page(struct docket *p, size_t *i, const char **name, struct buf *out)
{
	static const struct {
		const char *name;
		void (*put)(const struct docket *p, struct buf *out);
	} pages[] = {
		{ "01-ledgers.html", docket_put_ledgers },
		{ "02-contacts.html", docket_put_contacts },
		{ "03-rules.html", docket_put_rules },
		{ "04-reviews.html", docket_put_reviews },
		{ "05-sample.html", docket_put_sample },
		{ "05-sample.txt", docket_put_sample_text },
		{ "05-sample.csv", docket_put_sample_csv },
		{ "06-store.html", docket_put_store },
		{ "07-maintenance.html", docket_put_maintenance },
		{ "07-maintenance.csv", docket_put_maintenance_csv },
		{ "08-checklist.html", docket_put_checklist },
		{ "09-vendor.html", docket_put_vendor },
		{ "index.html", docket_put_index },
	};

	if (*i >= N(pages))
		return false;
	*name = pages[*i].name;
	pages[(*i)++].put(p, out);
	return true;
}
