/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/outbox.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/grow.h"
#include "common/sha256.h"

/* A finding that was delivered: what a withdrawal must say of it. */
struct sent {
	uint8_t digest[SHA256_LEN];
	uint32_t next; /* of its scope, or INDEX_NONE */
	unsigned turn; /* when it was last found */
	unsigned revision;
	bool withdrawn, replay;
	enum finding_kind kind;
	enum finding_severity severity;
	char id[65], *key;
	const char *rule_id, *rule, *version, *title_ja, *title_en, *first_to;
	int64_t from, until, first;
};

/*
 * A finding that waits: its order, all up to its figures, and of those and the
 * citations as many as there are.
 */
struct waiting {
	int64_t first, from;
	const char *rule, *key;
	uint8_t bytes[];
};

#define HEAD offsetof(struct finding, numbers)

_Static_assert(offsetof(struct finding, cites) ==
	    HEAD + sizeof(struct finding_number[FINDING_NUMBERS]) &&
	sizeof(struct finding) ==
	    offsetof(struct finding, cites) +
		sizeof(struct finding_cite[FINDING_CITES]),
    "figures and citations stand last");

struct outbox {
	struct index *by_id, *by_scope;
	struct sent *sent;
	size_t n, cap;
	uint32_t *scopes; /* first sent of each */
	size_t n_scopes, cap_scopes;
	struct waiting **now; /* of this judgement */
	size_t n_now, cap_now;
	uint32_t *judged; /* scopes of this judgement */
	size_t n_judged, cap_judged;
	unsigned turn;
};

struct outbox *
outbox_new(void)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (o == NULL)
		abort();
	o->by_id = index_new();
	o->by_scope = index_new();
	return o;
}

void
outbox_free(struct outbox *o)
{
	size_t i;

	if (o == NULL)
		return;
	outbox_begin(o);
	for (i = 0; i < o->n; i++)
		free(o->sent[i].key);
	free(o->sent);
	free(o->scopes);
	free(o->now);
	free(o->judged);
	index_free(o->by_id);
	index_free(o->by_scope);
	free(o);
}

void
outbox_begin(struct outbox *o)
{
	size_t i;

	for (i = 0; i < o->n_now; i++)
		free(o->now[i]);
	o->n_now = o->n_judged = 0;
	o->turn++;
}

void
outbox_scope(struct outbox *o, struct span scope)
{
	uint32_t *slot = index_put(o->by_scope, scope);

	if (*slot == INDEX_NONE) {
		grow(&o->scopes, o->n_scopes, &o->cap_scopes,
		    sizeof(*o->scopes));
		*slot = (uint32_t)o->n_scopes;
		o->scopes[o->n_scopes++] = INDEX_NONE;
	}
	grow(&o->judged, o->n_judged, &o->cap_judged, sizeof(*o->judged));
	o->judged[o->n_judged++] = *slot;
}

static void
queue(struct outbox *o, const struct finding *f)
{
	size_t numbers = f->n_numbers * sizeof(f->numbers[0]);
	size_t cites = f->n_cites * sizeof(f->cites[0]);
	struct waiting *w = malloc(sizeof(*w) + HEAD + numbers + cites);

	if (w == NULL)
		abort();
	*w = (struct waiting){ f->first, f->from, f->rule, f->key };
	memcpy(w->bytes, f, HEAD);
	memcpy(w->bytes + HEAD, f->numbers, numbers);
	memcpy(w->bytes + HEAD + numbers, f->cites, cites);
	grow(&o->now, o->n_now, &o->cap_now, sizeof(struct waiting *));
	o->now[o->n_now++] = w;
}

static void
deliver_one(const struct waiting *w, outbox_deliver *deliver, void *arg)
{
	size_t numbers, cites;
	struct finding f;

	memcpy(&f, w->bytes, HEAD);
	numbers = f.n_numbers * sizeof(f.numbers[0]);
	cites = f.n_cites * sizeof(f.cites[0]);
	memcpy(f.numbers, w->bytes + HEAD, numbers);
	memcpy(f.cites, w->bytes + HEAD + numbers, cites);
	deliver(arg, &f);
}

static struct sent *
remember(struct outbox *o, const struct finding *f)
{
	uint32_t *slot = index_put(o->by_id, span_str(f->id)), *head;
	struct sent *s;

	if (*slot != INDEX_NONE)
		return &o->sent[*slot];
	grow(&o->sent, o->n, &o->cap, sizeof(*o->sent));
	*slot = (uint32_t)o->n;
	s = &o->sent[o->n];
	memset(s, 0, sizeof(*s));
	head = &o->scopes[o->judged[o->n_judged - 1]];
	s->next = *head;
	*head = (uint32_t)o->n++;
	if ((s->key = strdup(f->key)) == NULL)
		abort();
	return s;
}

static void
keep(struct sent *s, const struct finding *f)
{
	memcpy(s->id, f->id, sizeof(s->id));
	s->withdrawn = false;
	s->replay = f->replay;
	s->kind = f->kind;
	s->severity = f->severity;
	s->rule_id = f->rule_id;
	s->rule = f->rule;
	s->version = f->version;
	s->title_ja = f->title_ja;
	s->title_en = f->title_en;
	s->first_to = f->first_to;
	s->from = f->from;
	s->until = f->until;
	s->first = f->first;
}

/* Which finding it was, and no more. */
static void
queue_withdrawal(struct outbox *o, const struct sent *s)
{
	struct finding f = { .kind = s->kind,
		.severity = s->severity,
		.rule_id = s->rule_id,
		.rule = s->rule,
		.version = s->version,
		.title_ja = s->title_ja,
		.title_en = s->title_en,
		.first_to = s->first_to,
		.key = s->key,
		.from = s->from,
		.until = s->until,
		.first = s->first,
		.replay = s->replay,
		.withdrawn = true,
		.revision = s->revision,
		.what_ja = "",
		.what_en = "",
		.why_ja = "",
		.why_en = "",
		.do_ja = "",
		.do_en = "" };

	memcpy(f.id, s->id, sizeof(f.id));
	queue(o, &f);
}

void
outbox_add(struct outbox *o, const struct finding *f)
{
	uint8_t digest[SHA256_LEN];
	struct sent *s = remember(o, f);
	bool first = s->rule == NULL;
	struct finding copy = *f;
	struct buf b;

	buf_init(&b);
	finding_print_json(f, &b);
	sha256(buf_view(&b), digest);
	buf_fini(&b);
	s->turn = o->turn;
	if (!first && memcmp(digest, s->digest, sizeof(digest)) == 0)
		return;
	memcpy(s->digest, digest, sizeof(digest));
	s->revision += !first;
	copy.revision = s->revision;
	keep(s, f);
	queue(o, &copy);
}

static int
compare(const void *a, const void *b)
{
	const struct waiting *p = *(const struct waiting *const *)a;
	const struct waiting *q = *(const struct waiting *const *)b;
	int c;

	if (p->first != q->first)
		return p->first < q->first ? -1 : 1;
	if ((c = strcmp(p->rule, q->rule)) != 0)
		return c;
	if ((c = strcmp(p->key, q->key)) != 0)
		return c;
	return p->from < q->from ? -1 : p->from > q->from;
}

static void
withdraw_unfound(struct outbox *o)
{
	struct sent *s;
	uint32_t i;
	size_t k;

	for (k = 0; k < o->n_judged; k++)
		for (i = o->scopes[o->judged[k]]; i != INDEX_NONE;
		     i = s->next) {
			s = &o->sent[i];
			if (s->turn == o->turn || s->withdrawn)
				continue;
			s->withdrawn = true;
			s->revision++;
			memset(s->digest, 0, sizeof(s->digest));
			queue_withdrawal(o, s);
		}
}

void
outbox_flush(struct outbox *o, outbox_deliver *deliver, void *arg)
{
	size_t i;

	withdraw_unfound(o);
	if (o->n_now > 1)
		qsort(o->now, o->n_now, sizeof(struct waiting *), compare);
	for (i = 0; i < o->n_now; i++)
		deliver_one(o->now[i], deliver, arg);
	outbox_begin(o);
}
