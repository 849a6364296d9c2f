/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/novel.h"

#include <stdlib.h>

#include "analyzer/ledger/index.h"
#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/grow.h"
#include "analyzer/rule/seen.h"
#include "common/buf.h"
#include "common/utc.h"

struct known { /* of one rule */
	const struct rule *rule;
	struct seen *seen;
	int64_t began; /* time of the first event that fitted it */
};

struct novel {
	struct known *v;
	size_t n, cap;
	struct buf key;
	uint64_t dropped;
};

struct novel *
novel_new(void)
{
	struct novel *n = calloc(1, sizeof(*n));

	if (n == NULL)
		abort();
	buf_init(&n->key);
	return n;
}

void
novel_free(struct novel *n)
{
	size_t i;

	if (n == NULL)
		return;
	for (i = 0; i < n->n; i++)
		seen_free(n->v[i].seen);
	free(n->v);
	buf_fini(&n->key);
	free(n);
}

static struct known *
known_of(struct novel *n, const struct rule *r)
{
	struct known *k;
	size_t i;

	for (i = 0; i < n->n; i++)
		if (n->v[i].rule == r)
			return &n->v[i];
	grow(&n->v, n->n, &n->cap, sizeof(*n->v));
	k = &n->v[n->n++];
	*k = (struct known){ r, seen_new(r->novel.days * UTC_DAY), INT64_MAX };
	return k;
}

/* Its fields and facts, one behind the other; false if one is missing. */
static bool
make_key(struct novel *n, const struct rule_novel *w, struct facts *fs)
{
	struct span s;
	size_t i;

	n->key.len = 0;
	for (i = 0; i < w->n; i++) {
		s = w->of[i] < ECS_COUNT
		    ? facts_field(fs, (enum ecs)w->of[i])
		    : facts_get(fs, (enum fact)(w->of[i] - ECS_COUNT));
		if (s.len == 0)
			return false;
		if (w->of[i] < ECS_COUNT)
			s = sheet_key(s, fs->arena);
		buf_span(&n->key, s);
		buf_byte(&n->key, '\0');
	}
	return true;
}

/* Since when it has been there, at that time; INT64_MAX: it is not known. */
static int64_t
since(const struct known *k, uint32_t key, int64_t time)
{
	const struct seen_stretch *s = seen_at(k->seen, key, time);

	return s == NULL ? INT64_MAX : s->first;
}

bool
novel_note(struct novel *n, const struct rule *r, struct facts *fs,
    int64_t *bears)
{
	struct known *k = known_of(n, r);
	size_t before, after;
	uint32_t key;
	bool first;

	*bears = INT64_MAX;
	if (!make_key(n, &r->novel, fs))
		return false;
	if (fs->time < k->began) {
		/* Who was there from the beginning was not new then. */
		*bears = fs->time;
		k->began = fs->time;
	}
	before = seen_count(k->seen);
	key = seen_note(k->seen, buf_view(&n->key), fs->time);
	if (key == INDEX_NONE) {
		n->dropped++;
		return false;
	}
	after = seen_count(k->seen);
	first = since(k, key, fs->time) == fs->time;
	/* One that came earlier than the first so far makes that one old. */
	if (first && before == after)
		*bears = fs->time;
	return first;
}

bool
novel_is_first(struct novel *n, const struct rule *r, struct facts *fs)
{
	struct known *k = known_of(n, r);
	uint32_t key;

	if (!make_key(n, &r->novel, fs))
		return false;
	key = seen_find(k->seen, buf_view(&n->key));
	return key != INDEX_NONE && since(k, key, fs->time) == fs->time &&
	    fs->time >= k->began + r->novel.learn * UTC_DAY;
}

uint64_t
novel_dropped(const struct novel *n)
{
	return n->dropped;
}
