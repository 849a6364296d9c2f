/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/casebook.h"

#include <string.h>

#include "analyzer/case/entry.h"
#include "analyzer/case/incident.h"
#include "analyzer/case/weeks.h"
#include "analyzer/ledger/index.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/sha256.h"

/*
 * A casebook is small beside the evidence: thousands of records in years.  So
 * all of it is read, and arrays grow by doubling inside the arena.
 */
struct fold {
	struct casebook *book;
	struct arena *arena;
	const char *origin; /* of the log being read */
	size_t findings_cap, steps_cap, searches_cap, versions_cap;
	struct index *by_id; /* of findings */
	uint64_t order;	     /* of the record being read */
};

const char *
casebook_severity_word(enum casebook_severity s)
{
	static const char *const words[] = { "info", "notice", "warning",
		"serious", "critical" };

	return words[s];
}

const char *
casebook_severity_name(enum casebook_severity s)
{
	switch (s) {
	case CASEBOOK_INFO:
		return tr("information", "情報");
	case CASEBOOK_NOTICE:
		return tr("notice", "注意");
	case CASEBOOK_WARNING:
		return tr("warning", "警告");
	case CASEBOOK_SERIOUS:
		return tr("serious", "重大");
	case CASEBOOK_CRITICAL:
		return tr("critical", "緊急");
	}
	return "";
}

/* Room for one more in an array of the arena. */
static void *
grow(struct arena *arena, void *array, size_t n, size_t *cap, size_t size)
{
	void *wider;

	if (n < *cap)
		return array;
	*cap = *cap == 0 ? 16 : *cap * 2;
	wider = arena_alloc(arena, *cap * size);
	if (n > 0)
		memcpy(wider, array, n * size);
	return wider;
}

/*
 * A record with the id of one before revises it (late records, other
 * ledgers): the newest holds, both stay in the log, the case stays the same.
 */
static void
fold_finding(struct fold *f, const struct casebook_finding *finding)
{
	struct casebook *b = f->book;
	uint32_t *slot = index_put(f->by_id, span_str(finding->id));
	struct casebook_finding *old, revised = *finding;

	if (*slot != INDEX_NONE) {
		old = &b->findings[*slot];
		revised.revisions = old->revisions + 1;
		revised.group = old->group;
		revised.entered = old->entered;
		if (revised.severity == old->severity)
			revised.recorded = old->recorded;
		*old = revised;
		return;
	}
	revised.entered = f->order;
	b->findings = grow(f->arena, b->findings, b->n_findings,
	    &f->findings_cap, sizeof(*b->findings));
	*slot = (uint32_t)b->n_findings;
	b->findings[b->n_findings++] = revised;
}

static void
fold_step(struct fold *f, const struct casebook_step *step)
{
	struct casebook *b = f->book;

	b->steps = grow(f->arena, b->steps, b->n_steps, &f->steps_cap,
	    sizeof(*b->steps));
	b->steps[b->n_steps++] = *step;
}

/* The same with the record that it stands in. */
static void
fold_placed(struct fold *f, const struct evread_record *rec,
    struct casebook_step *step)
{
	step->origin = f->origin;
	step->index = rec->index;
	step->at = (int64_t)rec->r.rx;
	step->order = f->order;
	hex_print(rec->leaf, sizeof(rec->leaf), step->leaf);
	step->leaf[64] = '\0';
	fold_step(f, step);
}

static void
fold_search(struct fold *f, const struct search *search)
{
	struct casebook *b = f->book;

	b->searches = grow(f->arena, b->searches, b->n_searches,
	    &f->searches_cap, sizeof(*b->searches));
	b->searches[b->n_searches++] = *search;
}

static void
fold_version(struct fold *f, const struct evread_record *rec,
    struct version *v)
{
	struct casebook *b = f->book;

	v->origin = f->origin;
	v->index = rec->index;
	v->at = (int64_t)rec->r.rx;
	b->versions = grow(f->arena, b->versions, b->n_versions,
	    &f->versions_cap, sizeof(*b->versions));
	b->versions[b->n_versions++] = *v;
}

/* One record; what is no entry is counted and left alone. */
static void
fold_record(struct fold *f, const struct evread_record *rec)
{
	struct entry e;
	uint64_t uid = 0;

	if (f->order++ == 0)
		f->book->began = (int64_t)rec->r.rx;
	if (rec->r.kind == RECORD_OPERATOR &&
	    weeks_made(rec->r.body, f->arena, &e.step)) {
		fold_placed(f, rec, &e.step);
		return;
	}
	if (rec->r.kind != RECORD_RECEIVED)
		return;
	if (entry_parse(rec->message, f->arena, &e) != 0) {
		f->book->unreadable++;
		return;
	}
	if (e.what == ENTRY_FINDING) {
		e.finding.origin = f->origin;
		e.finding.index = rec->index;
		e.finding.recorded = (int64_t)rec->r.rx;
		hex_print(rec->leaf, sizeof(rec->leaf), e.finding.leaf);
		e.finding.leaf[64] = '\0';
		fold_finding(f, &e.finding);
		return;
	}
	if (e.what == ENTRY_VERSION) {
		fold_version(f, rec, &e.version);
		return;
	}
	if (rec->stream != NULL &&
	    record_word_get_u64(rec->stream->words, "uid", &uid) != 1)
		uid = 0;
	if (e.what == ENTRY_SEARCH) {
		e.search.uid = (uint32_t)uid;
		e.search.origin = f->origin;
		e.search.index = rec->index;
		e.search.recorded = (int64_t)rec->r.rx;
		hex_print(rec->leaf, sizeof(rec->leaf), e.search.leaf);
		fold_search(f, &e.search);
		return;
	}
	e.step.uid = (uint32_t)uid;
	fold_placed(f, rec, &e.step);
}

const struct version *
casebook_version(const struct casebook *book, const char *name)
{
	size_t i;

	for (i = book->n_versions; i > 0; i--)
		if (strcmp(book->versions[i - 1].name, name) == 0)
			return &book->versions[i - 1];
	return NULL;
}

int
casebook_load(const struct evchain_options *logs, int64_t repeat,
    struct arena *arena, struct casebook *book, struct buf *why)
{
	struct fold f = { .book = book,
		.arena = arena,
		.origin = "",
		.by_id = index_new() };
	const struct evread *newest;
	struct evread_record rec;
	struct evchain *c;
	int rc;

	*book = (struct casebook){ .repeat = repeat };
	if (evchain_open(&c, logs, why) != 0) {
		index_free(f.by_id);
		return -1;
	}
	newest = evchain_newest(c);
	book->origin = arena_str(arena, span_str(evread_origin(newest)));
	book->size = evread_size(newest);
	memcpy(book->root, evread_root(newest), sizeof(book->root));
	while ((rc = evchain_next(c, &rec, why)) == 1) {
		if (strcmp(f.origin, evchain_origin(c)) != 0)
			f.origin =
			    arena_str(arena, span_str(evchain_origin(c)));
		fold_record(&f, &rec);
	}
	evchain_close(c);
	index_free(f.by_id);
	if (rc == 0)
		incident_build(book, arena);
	return rc;
}

enum phase
casebook_phase(const struct casebook_finding *f)
{
	enum phase p = PHASE_NONE;
	size_t i;

	for (i = 0; i < f->n_attack && p == PHASE_NONE; i++)
		p = phase_of_technique(f->attack[i]);
	for (i = 0; i < f->n_tactics && p == PHASE_NONE; i++)
		p = phase_of_tactic(f->tactics[i]);
	return p;
}

void
casebook_phases(const struct casebook_group *g, struct buf *out)
{
	const char *between = "";
	size_t i;

	for (i = 0; i < PHASE_RESPONSE; i++) {
		if (g->phases[i].n == 0)
			continue;
		buf_printf(out, "%s%s", between, phase_name((enum phase)i));
		between = tr(" > ", "→");
	}
}

void
casebook_print(const char *rule, const char *key, char print[CASEBOOK_PRINT])
{
	uint8_t sum[SHA256_LEN];
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, rule, strlen(rule) + 1);
	sha256_update(&sha, key, strlen(key));
	sha256_final(&sha, sum);
	hex_print(sum, (CASEBOOK_PRINT - 1) / 2, print);
	print[CASEBOOK_PRINT - 1] = '\0';
}

bool
casebook_silence_holds(const struct casebook_silence *s, int64_t now)
{
	return s->ended == NULL && now < s->made->until;
}

const struct casebook_finding *
casebook_finding(const struct casebook *book, const char *id)
{
	size_t i;

	for (i = 0; i < book->n_findings; i++)
		if (strcmp(book->findings[i].id, id) == 0)
			return &book->findings[i];
	return NULL;
}

/* 2 the case has or had that id, 1 one of its ids begins so, 0 none does. */
static int
bears(const struct casebook_group *g, const char *id, size_t len)
{
	size_t i;
	int found = strncmp(g->id, id, len) == 0;

	if (strcmp(g->id, id) == 0)
		return 2;
	for (i = 0; i < g->n_others; i++) {
		if (strcmp(g->others[i], id) == 0)
			return 2;
		found |= strncmp(g->others[i], id, len) == 0;
	}
	return found;
}

const struct casebook_group *
casebook_group(const struct casebook *book, const char *id)
{
	const struct casebook_group *found = NULL;
	size_t i, len = strlen(id), n = 0;
	int how;

	for (i = 0; i < book->n_groups && len > 0; i++) {
		how = bears(&book->groups[i], id, len);
		if (how == 2)
			return &book->groups[i];
		if (how == 0)
			continue;
		found = &book->groups[i];
		n++;
	}
	return n == 1 ? found : NULL; /* or the beginning is not unique */
}

const struct casebook_finding *
casebook_worst(const struct casebook *book, const struct casebook_group *g)
{
	const struct casebook_finding *w = NULL, *f;
	size_t i;

	for (i = 0; i < g->n_findings; i++) {
		f = &book->findings[g->findings[i]];
		if ((f->quiet == CASEBOOK_HEARD || g->n_heard == 0) &&
		    (w == NULL || f->severity > w->severity))
			w = f;
	}
	return w;
}
