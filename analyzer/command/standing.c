/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/standing.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "common/log.h"
#include "common/utc.h"

struct standing {
	struct index *told; /* ids */
	struct buf origin;  /* of the log that is read */
	const char *last;   /* where the name of that log stood */
	unsigned logs;	    /* that were read */
	uint64_t next;	    /* index, of that log */
	uint64_t older;	    /* size of the largest log before it */
	int64_t begun;	    /* time of its first record */
	int64_t whole;	    /* nothing is missing from here on, usec */
};

struct standing *
standing_new(void)
{
	struct standing *s = calloc(1, sizeof(*s));

	if (s == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	s->told = index_new();
	buf_init(&s->origin);
	s->whole = INT64_MIN;
	return s;
}

void
standing_free(struct standing *s)
{
	if (s == NULL)
		return;
	index_free(s->told);
	buf_fini(&s->origin);
	free(s);
}

void
standing_read(struct standing *s, const char *origin, uint64_t index,
    int64_t time)
{
	if (origin != s->last && !span_is(buf_view(&s->origin), origin)) {
		s->logs++;
		if (s->next > s->older)
			s->older = s->next;
		s->begun = time;
		s->next = 0;
		s->origin.len = 0;
		buf_str(&s->origin, origin);
	}
	if (index != s->next && time > s->whole)
		s->whole = time;
	s->last = origin;
	s->next = index + 1;
}

void
standing_told(struct standing *s, struct span id)
{
	*index_put(s->told, id) = 0;
}

/*
 * Whether as much was read as by who told of it.  A log that took the place of
 * another begins at 0: what that one held of the time before was read to its
 * end.
 */
static bool
is_read(const struct standing *s, const struct casebook_finding *f,
    const struct standing_scope *scope)
{
	return f->evidence_size <= scope->size ||
	    (f->evidence_size <= s->older && f->until <= s->begun);
}

static bool
is_baseless(const struct standing *s, const struct casebook_finding *f,
    const struct standing_scope *scope)
{
	int64_t needs = f->first - STANDING_HISTORY_DAYS * UTC_DAY;

	if (f->withdrawn || f->judged != NULL ||
	    !is_read(s, f, scope) ||
	    strcmp(f->rules_sha256, scope->rules_sha256) != 0 ||
	    strcmp(f->rule, STANDING_BROKEN) == 0)
		return false;
	if (s->whole != INT64_MIN && needs < s->whole)
		return false;
	if (scope->partly &&
	    (f->from < scope->since || f->until > scope->until ||
		strcmp(f->kind, "unknown") == 0))
		return false;
	return index_get(s->told, span_str(f->id)) == INDEX_NONE;
}

/* Which finding it was, and no more: as the outbox does. */
static struct casebook_finding
withdrawal(const struct casebook_finding *f, uint64_t size)
{
	struct casebook_finding w = *f;

	w.withdrawn = true;
	w.what_ja = w.what_en = w.why_ja = w.why_en = "";
	w.todo_ja = w.todo_en = w.excepted = w.revises = "";
	w.n_layers = w.n_attack = w.n_tactics = w.n_inhibited_by = 0;
	w.n_numbers = w.n_entities = w.n_cites = 0;
	w.n_evidence = 0;
	w.evidence_size = size;
	return w;
}

size_t
standing_withdraw(const struct standing *s, const struct casebook *book,
    const struct standing_scope *scope,
    void (*found)(void *cookie, const struct casebook_finding *f),
    void *cookie)
{
	struct casebook_finding w;
	size_t i, n = 0;

	/* Of a log that could not be read nothing is known. */
	if (s->logs < scope->logs)
		return 0;
	for (i = 0; i < book->n_findings; i++) {
		if (!is_baseless(s, &book->findings[i], scope))
			continue;
		w = withdrawal(&book->findings[i], scope->size);
		found(cookie, &w);
		n++;
	}
	return n;
}
