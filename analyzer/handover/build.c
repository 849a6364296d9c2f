/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/build.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/handover/build_priv.h"
#include "analyzer/handover/cms.h"
#include "analyzer/handover/excerpt.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/stamp.h"

int
build_needs_close(const struct site_log *log, const struct choice *c,
    bool *needed, struct buf *why)
{
	struct shelf s;
	uint64_t tail, high = 0;
	int rc = shelf_open(&s, log->dir, SPAN(""), why);

	if (rc == 0) {
		tail = shelf_closed(&s);
		if (s.n > 0)
			high = s.v[s.n - 1].high;
		*needed = tail < s.checkpoint.size && c->to >= tail &&
		    c->until > high;
	}
	shelf_close(&s);
	return rc;
}

/* The records that say what was deleted. */
static void
explanations_add(struct building *g)
{
	const struct gone *gone = &g->b->gone;
	size_t i;

	for (i = 0; i < gone->n; i++)
		if (gone->v[i].record != PACKAGE_UNSAID)
			pick_show(&g->pick, gone->v[i].record);
	pick_settle(&g->pick);
}

/* The closed segments that the range touches and that are here. */
static int
segments_find(struct building *g)
{
	const struct shelf *s = &g->shelf;
	const struct choice *c = g->o->choice;
	const struct shelf_item *item;
	size_t i;

	g->from = g->until = 0;
	for (i = 0; i < s->n; i++) {
		item = &s->v[i];
		if (!item->here || item->last + 1 >= s->checkpoint.size ||
		    item->last < c->from || item->first > c->to ||
		    item->high < c->since || item->low >= c->until)
			continue;
		if (g->until == 0)
			g->from = i;
		g->until = i + 1;
	}
	for (i = g->from; i < g->until; i++)
		g->b->segments += s->v[i].here;
	if (g->until == 0)
		return -1;
	g->b->package.first = s->v[g->from].first;
	g->b->package.last = s->v[g->until - 1].last;
	/* An excerpt of the x1 that say what is gone, if there are any. */
	explanations_add(g);
	return 0;
}

static int
records_find(struct building *g)
{
	struct package *p = &g->b->package;
	const struct pick *pick = &g->pick;

	if (pick_make(&g->pick, &g->shelf, g->o->choice, g->why) != 0 ||
	    !pick->any)
		return -1;
	explanations_add(g);
	p->shown = pick->shown;
	p->withheld = pick->withheld;
	p->first = pick->first;
	p->last = pick->last;
	g->b->hidden = p->last - p->first + 1 - p->shown - p->withheld -
	    gone_records(&g->b->gone, p->first, p->last);
	return 0;
}

/* Nothing is left of what was asked for; it may have been once. */
static void
say_none(struct building *g)
{
	char when[UTC_TEXT];
	struct gone_run run;
	size_t i = 0;

	buf_str(g->why,
	    tr("no sealed record is what you asked for; nothing was made",
		"条件に合う封印済みの記録がないため、何も作成しませんでした"));
	while (gone_next(&g->b->gone, &i, &run)) {
		buf_printf(g->why,
		    tr("; records %" PRIu64 "-%" PRIu64 " ",
			"。記録%" PRIu64 "-%" PRIu64 ": "),
		    run.first, run.last);
		if (run.basis == NULL)
			buf_str(g->why, tr("are missing", "欠落"));
		else
			buf_printf(g->why, tr("were deleted %s", "削除日時 %s"),
			    utc_print((int64_t)run.at, g->o->site->zone, when));
	}
}

/* The receive times of what is handed over. */
static void
times_find(struct building *g)
{
	const struct shelf_item *item;
	struct built *b = g->b;
	size_t i;

	b->low = g->pick.low;
	b->high = g->pick.high;
	for (i = g->from; i < g->until; i++) {
		item = &g->shelf.v[i];
		if (i == g->from || item->low < b->low)
			b->low = item->low;
		if (i == g->from || item->high > b->high)
			b->high = item->high;
	}
}

static int
find(struct building *g)
{
	struct package *p = &g->b->package;
	int rc;

	*p = (struct package){ .origin = span_str(g->o->log->origin),
		.kind = g->o->kind,
		.created = (uint64_t)utc_now(),
		.size = g->shelf.checkpoint.size,
		.why = g->o->why,
		.authority = g->o->authority,
		.recipient = g->o->recipient };
	if (gone_find(&g->b->gone, g->o->site, g->o->log, &g->shelf,
		g->o->choice, g->why) != 0)
		return -1;
	p->gone = g->b->gone.v;
	p->n_gone = g->b->gone.n;
	rc = p->kind == PACKAGE_WHOLE ? segments_find(g) : records_find(g);
	if (rc != 0 && g->why->len == 0)
		say_none(g);
	if (rc == 0)
		times_find(g);
	return rc;
}

/* The signed note over the tag manifest. */
static int
note_put(struct building *g)
{
	const struct package *p = &g->b->package;
	struct buf text, note;
	int rc;

	buf_init(&text);
	buf_init(&note);
	package_print_note(p, g->b->hash, &text);
	buf_span(&note, buf_view(&text));
	buf_byte(&note, '\n');
	rc = note_sign(buf_view(&text), span_str(g->key.public.name),
	    g->key.seed, &note);
	if (rc != 0)
		buf_str(g->why, "OpenSSL: Ed25519");
	else
		rc = pack_put(g->pack, "tagmanifest-sha256.txt.note",
		    buf_view(&note), g->why);
	buf_fini(&text);
	buf_fini(&note);
	return rc;
}

static int
cms_put(struct building *g, struct span tags)
{
	struct buf der;
	int rc;

	if (*g->o->certificate == '\0')
		return 0;
	buf_init(&der);
	rc = cms_sign(g->o->certificate, g->o->key, tags, &der, g->why);
	if (rc == 0)
		rc = pack_put(g->pack, "tagmanifest-sha256.txt.p7s",
		    buf_view(&der), g->why);
	buf_fini(&der);
	return rc;
}

/*
 * The token of the first authority that gives one.  None of them may be within
 * reach just now: then the package goes without, and that is said.
 */
static int
token_put(struct building *g)
{
	const struct site *site = g->o->site;
	struct tsa_token token;
	struct buf response, why;
	size_t i;
	int rc = 0;

	buf_init(&response);
	buf_init(&why);
	for (i = 0; i < site->anchor.n_tsas && response.len == 0; i++) {
		why.len = 0;
		if (stamp_ask(&site->anchor.tsas[i], g->b->hash, -1, &token,
			&response, &why) != 0)
			log_warn(tr("no time stamp of %s: %s",
				     "%s のタイムスタンプを得られません: %s"),
			    site->anchor.tsas[i].url, buf_cstr(&why));
	}
	if (response.len > 0) {
		g->b->stamped = token.time;
		rc = pack_put(g->pack, "tagmanifest-sha256.txt.tsr",
		    buf_view(&response), g->why);
	}
	buf_fini(&response);
	buf_fini(&why);
	return rc;
}

/* Manifests, and the signatures over them. */
static int
finish(struct building *g)
{
	struct buf info, tags;
	int rc;

	buf_init(&info);
	buf_init(&tags);
	build_info(g, &info);
	rc = pack_finish(g->pack, buf_view(&info), g->b->hash, &tags, g->why);
	if (rc == 0)
		rc = note_put(g);
	if (rc == 0)
		rc = cms_put(g, buf_view(&tags));
	if (rc == 0)
		rc = g->o->check(g->o->log, pack_making(g->pack), g->why);
	if (rc == 0)
		rc = token_put(g);
	buf_fini(&info);
	buf_fini(&tags);
	return rc == 0 ? pack_publish(g->pack, g->why) : -1;
}

static int
fill(struct building *g)
{
	struct built *b = g->b;

	if (build_log(g) != 0)
		return -1;
	if (b->package.kind == PACKAGE_WHOLE && build_proofs(g) != 0)
		return -1;
	if (g->pick.n > 0 &&
	    excerpt_put(g->pack, &b->package, &g->shelf, &g->pick, g->why) != 0)
		return -1;
	return build_text(g);
}

static int
make(struct building *g)
{
	struct built *b = g->b;
	int rc;

	if (find(g) != 0 ||
	    handkey_load(g->o->site, g->o->log, &g->key, g->why) != 0)
		return -1;
	package_print_name(&b->package, &b->name);
	checkpoint_print(&g->shelf.checkpoint, &b->checkpoint);
	rc = pack_open(&g->pack, g->o->output, buf_cstr(&b->name), g->why);
	if (rc == 0)
		rc = fill(g);
	if (rc == 0)
		rc = finish(g);
	if (rc == 0) {
		buf_str(&b->path, pack_path(g->pack));
		b->bytes = pack_bytes(g->pack);
		b->files = pack_files(g->pack);
	}
	pack_close(g->pack);
	return rc;
}

int
build(const struct build_options *o, struct built *b, struct buf *why)
{
	struct building g = { .o = o, .b = b, .why = why };
	int rc;

	memset(b, 0, sizeof(*b));
	buf_init(&b->path);
	buf_init(&b->name);
	buf_init(&b->checkpoint);
	/* The log grows: proofs and copies are of one checkpoint. */
	g.shelf.dir.fd = -1;
	rc = prove_open(&g.prove, o->log->dir, NULL, why);
	if (rc == 0)
		rc =
		    shelf_open(&g.shelf, o->log->dir, prove_note(g.prove), why);
	if (rc == 0)
		rc = make(&g);
	prove_close(g.prove);
	handkey_wipe(&g.key);
	free(g.pick.v);
	shelf_close(&g.shelf);
	return rc;
}

void
built_fini(struct built *b)
{
	buf_fini(&b->path);
	buf_fini(&b->name);
	buf_fini(&b->checkpoint);
	gone_fini(&b->gone);
}
