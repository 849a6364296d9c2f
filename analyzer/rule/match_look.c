/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/match_window.h"
#include "analyzer/rule/scope.h"

#define SHARED UINT32_C(0x80000000) /* beside a number */

/*
 * What is said of an event: how many numbers, these, and for each base of a
 * correlation among them, in their order, so many bytes and what is counted
 * (count_look()), in whole words.
 */
struct match_look {
	const struct match *m;
	struct view view;
	struct set_work *work;
	uint32_t *hit;
	struct buf said;
};

struct match_look *
match_look_new(const struct match *m)
{
	struct match_look *l = calloc(1, sizeof(*l));

	if (l == NULL)
		abort();
	l->m = m;
	scope_view_init(&l->view);
	l->work = set_work_new(m->set);
	l->hit = calloc(m->n_of + count_bases(m->count) + m->n_followed +
		gather_count(m->gather) + 1,
	    sizeof(*l->hit));
	if (l->hit == NULL)
		abort();
	buf_init(&l->said);
	return l;
}

void
match_look_free(struct match_look *l)
{
	if (l == NULL)
		return;
	view_fini(&l->view);
	set_work_free(l->work);
	free(l->hit);
	buf_fini(&l->said);
	free(l);
}

/* Whether the event is of a log source that the number speaks of. */
static bool
is_routed(const struct match *m, uint32_t hit, const struct event *e)
{
	size_t bases = m->n_of + count_bases(m->count);

	if (hit < m->n_of)
		return rule_routes(&m->of[hit]->logsource, e);
	if (hit < bases)
		return count_routes(m->count, hit - m->n_of, e);
	return hit < bases + m->n_followed ||
	    gather_routes(m->gather, hit - bases - m->n_followed, e);
}

/* Those that are routed, with what else is known of them. */
static size_t
say_numbers(struct match_look *l, const struct event *e, size_t n)
{
	size_t gathered = l->m->n_of + count_bases(l->m->count) +
	    l->m->n_followed;
	uint32_t said, left = 0;
	uint8_t *to = buf_reserve(&l->said, (n + 1) * sizeof(said));
	size_t i;

	for (i = 0; i < n; i++) {
		said = l->hit[i];
		if (!is_routed(l->m, said, e))
			continue;
		l->hit[left++] = said;
		if (said >= gathered &&
		    gather_share(l->m->gather, said - gathered, &l->view))
			said |= SHARED;
		memcpy(to + left * sizeof(said), &said, sizeof(said));
	}
	memcpy(to, &left, sizeof(left));
	l->said.len += (left + 1) * sizeof(said);
	return left;
}

static void
say_counted(struct match_look *l, size_t base, const struct event *e,
    struct count_look *look)
{
	struct buf *b = &l->said;
	size_t at = b->len;
	uint32_t len;

	(void)buf_reserve(b, sizeof(len));
	b->len += sizeof(len);
	count_look(l->m->count, base, e, &l->view, look, b);
	len = (uint32_t)(b->len - at - sizeof(len));
	memcpy(b->p + at, &len, sizeof(len));
	memset(buf_reserve(b, sizeof(len)), 0, sizeof(len));
	b->len = (b->len + sizeof(len) - 1) / sizeof(len) * sizeof(len);
}

size_t
match_look_at(struct match_look *l, const struct event *e, struct facts *fs,
    const uint32_t **seen)
{
	const struct match *m = l->m;
	struct count_look look = { .marked = false };
	size_t bases = m->n_of + count_bases(m->count), i, n;

	scope_view(&l->view, e, fs);
	n = set_match(set_split_of(m->split, &l->view), l->work, &l->view,
	    NULL, l->hit);
	l->said.len = 0;
	n = say_numbers(l, e, n);
	for (i = 0; i < n && l->hit[i] < bases; i++)
		if (l->hit[i] >= m->n_of)
			say_counted(l, l->hit[i] - m->n_of, e, &look);
	*seen = (const uint32_t *)(const void *)l->said.p;
	return l->said.len / sizeof(**seen);
}

/* ---- and what comes of it ---- */

/* Take what is counted of the next base off the words. */
static struct span
take_counted(const uint32_t **words)
{
	struct span s = span_make(*words + 1, **words);

	*words += 1 + (s.len + sizeof(**words) - 1) / sizeof(**words);
	return s;
}

void
match_feed_seen(struct match *m, const struct event *e, const char *origin,
    struct facts *fs, const uint32_t *seen, size_t n)
{
	size_t bases = m->n_of + count_bases(m->count);
	const uint32_t *words = seen + 1 + seen[0];
	struct match_seen s = { .origin = origin };
	size_t i;

	(void)n;
	for (i = 1; i <= seen[0]; i++) {
		s.number = seen[i] & ~SHARED;
		s.share = (seen[i] & SHARED) != 0;
		if (s.number >= m->n_of && s.number < bases)
			s.counted = take_counted(&words);
		match_one(m, &s, e, fs);
	}
}

void
match_feed(struct match *m, const struct event *e, const char *origin,
    struct facts *fs)
{
	const uint32_t *seen;
	size_t n = match_look_at(m->look, e, fs, &seen);

	match_feed_seen(m, e, origin, fs, seen, n);
}
