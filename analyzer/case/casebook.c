/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/casebook.h"

#include <string.h>

#include "analyzer/case/entry.h"
#include "common/hex.h"
#include "common/log.h"

/*
 * A casebook is small beside the evidence: thousands of records in years.  So
 * all of it is read, and arrays grow by doubling inside the arena.
 */
struct fold {
	struct casebook *book;
	struct arena *arena;
	const char *origin; /* of the log being read */
	size_t findings_cap, steps_cap, groups_cap;
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

static struct casebook_group *
group_of(struct fold *f, const char *id)
{
	struct casebook *b = f->book;
	struct casebook_group *g;
	size_t i;

	for (i = 0; i < b->n_groups; i++)
		if (strcmp(b->groups[i].id, id) == 0)
			return &b->groups[i];
	b->groups = grow(f->arena, b->groups, b->n_groups, &f->groups_cap,
	    sizeof(*b->groups));
	g = &b->groups[b->n_groups++];
	*g = (struct casebook_group){ .id = id };
	return g;
}

/*
 * A record with the id of one before revises it (late records, other
 * ledgers): the newest holds, both stay in the log, the case stays the same.
 */
static void
fold_finding(struct fold *f, const struct casebook_finding *finding)
{
	struct casebook *b = f->book;
	struct casebook_finding *old, revised;
	size_t i;

	for (i = 0; i < b->n_findings; i++) {
		old = &b->findings[i];
		if (strcmp(old->id, finding->id) != 0)
			continue;
		revised = *finding;
		revised.revisions = old->revisions + 1;
		revised.group = old->group;
		if (revised.severity == old->severity)
			revised.recorded = old->recorded;
		*old = revised;
		return;
	}
	b->findings = grow(f->arena, b->findings, b->n_findings,
	    &f->findings_cap, sizeof(*b->findings));
	b->findings[b->n_findings++] = *finding;
}

static void
fold_step(struct fold *f, const struct casebook_step *step)
{
	struct casebook *b = f->book;

	b->steps = grow(f->arena, b->steps, b->n_steps, &f->steps_cap,
	    sizeof(*b->steps));
	b->steps[b->n_steps++] = *step;
}

/* One record; what is no entry is counted and left alone. */
static void
fold_record(struct fold *f, const struct evread_record *rec)
{
	struct entry e;
	uint64_t uid = 0;

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
	if (rec->stream != NULL &&
	    record_word_get_u64(rec->stream->words, "uid", &uid) != 1)
		uid = 0;
	e.step.uid = (uint32_t)uid;
	e.step.origin = f->origin;
	e.step.index = rec->index;
	e.step.at = (int64_t)rec->r.rx;
	hex_print(rec->leaf, sizeof(rec->leaf), e.step.leaf);
	e.step.leaf[64] = '\0';
	fold_step(f, &e.step);
}

/* Put finding i where its first evidence belongs in its case. */
static void
group_add(struct fold *f, size_t i)
{
	struct casebook *b = f->book;
	const struct casebook_finding *x = &b->findings[i];
	struct casebook_group *g = group_of(f, x->group);
	size_t pos = g->n_findings;

	/* Room for all there are: cases have few findings. */
	if (g->findings == NULL)
		g->findings =
		    arena_alloc(f->arena, b->n_findings * sizeof(*g->findings));
	while (pos > 0 && b->findings[g->findings[pos - 1]].first > x->first) {
		g->findings[pos] = g->findings[pos - 1];
		pos--;
	}
	g->findings[pos] = i;
	if (g->n_findings++ == 0) {
		g->first = x->first;
		g->last = x->until;
	}
	g->first = x->first < g->first ? x->first : g->first;
	g->last = x->until > g->last ? x->until : g->last;
	g->severity = x->severity > g->severity ? x->severity : g->severity;
}

static void
fold_groups(struct fold *f)
{
	struct casebook *b = f->book;
	struct casebook_group *g;
	size_t i, k;

	for (i = 0; i < b->n_findings; i++)
		if (*b->findings[i].group != '\0' && !b->findings[i].withdrawn)
			group_add(f, i);
	for (i = 0; i < b->n_steps; i++) {
		for (k = 0; k < b->n_groups; k++) {
			g = &b->groups[k];
			if (strcmp(g->id, b->steps[i].group) != 0)
				continue;
			if (b->steps[i].kind == CASEBOOK_ACK &&
			    g->acked == NULL)
				g->acked = &b->steps[i];
			if (b->steps[i].kind == CASEBOOK_JUDGE)
				g->judged = &b->steps[i];
		}
	}
	for (i = 1; i < b->n_groups; i++) {
		struct casebook_group x = b->groups[i];

		for (k = i; k > 0 && b->groups[k - 1].first > x.first; k--)
			b->groups[k] = b->groups[k - 1];
		b->groups[k] = x;
	}
}

int
casebook_load(const struct evchain_options *logs, struct arena *arena,
    struct casebook *book, struct buf *why)
{
	struct fold f = { .book = book, .arena = arena, .origin = "" };
	const struct evread *newest;
	struct evread_record rec;
	struct evchain *c;
	int rc;

	*book = (struct casebook){ 0 };
	if (evchain_open(&c, logs, why) != 0)
		return -1;
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
	if (rc == 0)
		fold_groups(&f);
	return rc;
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

const struct casebook_group *
casebook_group(const struct casebook *book, const char *id)
{
	const struct casebook_group *found = NULL;
	size_t i, len = strlen(id);

	for (i = 0; i < book->n_groups; i++) {
		if (strcmp(book->groups[i].id, id) == 0)
			return &book->groups[i];
		if (len == 0 || strncmp(book->groups[i].id, id, len) != 0)
			continue;
		if (found != NULL)
			return NULL; /* the prefix is not unique */
		found = &book->groups[i];
	}
	return found;
}

const struct casebook_finding *
casebook_worst(const struct casebook *book, const struct casebook_group *g)
{
	const struct casebook_finding *w = &book->findings[g->findings[0]];
	size_t i;

	for (i = 1; i < g->n_findings; i++)
		if (book->findings[g->findings[i]].severity > w->severity)
			w = &book->findings[g->findings[i]];
	return w;
}
