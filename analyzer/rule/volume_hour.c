/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/volume_hour.h"

#include <stdlib.h>
#include <string.h>

#define STEP 4 /* citations that room is made for at once */

bool
volume_cite_before(const struct volume_cite *a, const struct volume_cite *b)
{
	int c;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes;
	c = strcmp(a->origin, b->origin);
	return c != 0 ? c < 0 : a->index < b->index;
}

static void
remove_cite(struct volume_hour *b, const struct volume_flow *f)
{
	uint8_t i;

	for (i = 0; i < b->n_cites; i++) {
		if (b->cites[i].index != f->index ||
		    strcmp(b->cites[i].origin, f->origin) != 0)
			continue;
		b->n_cites--;
		memmove(b->cites + i, b->cites + i + 1,
		    (size_t)(b->n_cites - i) * sizeof(*b->cites));
		return;
	}
}

/*
 * Room for one more.  There are very many hours, each with a few: what is
 * reserved for more of them is most of what an hour weighs.
 */
static void
reserve(struct volume_hour *b)
{
	if (b->n_cites < b->cap_cites)
		return;
	b->cap_cites = (uint8_t)(b->cap_cites + STEP);
	b->cites = reallocarray(b->cites, b->cap_cites, sizeof(*b->cites));
	if (b->cites == NULL)
		abort();
}

/*
 * The largest VOLUME_CITES records are kept, but of small ones only a few: an
 * hour whose bytes matter and come from small records alone has too many to
 * cite them all.
 */
static void
add_cite(struct volume_hour *b, const struct volume_share *s)
{
	struct volume_cite c;
	size_t i;

	/* Nearly all are small, and come to an hour that has its few. */
	if (s->bytes < VOLUME_SMALL && b->n_cites >= VOLUME_CITES_SMALL &&
	    s->bytes < b->cites[b->n_cites - 1].bytes)
		return;
	c = (struct volume_cite){ s->flow->origin, s->flow->index, s->bytes,
		s->flow->until, s->flow->peer, { 0 } };
	memcpy(c.leaf, s->flow->leaf, sizeof(c.leaf));
	for (i = b->n_cites; i > 0; i--)
		if (volume_cite_before(&b->cites[i - 1], &c))
			break;
	if (i >= (c.bytes < VOLUME_SMALL ? VOLUME_CITES_SMALL : VOLUME_CITES))
		return;
	if (b->n_cites == VOLUME_CITES ||
	    (b->n_cites >= VOLUME_CITES_SMALL &&
		b->cites[b->n_cites - 1].bytes < VOLUME_SMALL))
		b->n_cites--; /* it has to go */
	reserve(b);
	memmove(b->cites + i + 1, b->cites + i,
	    (b->n_cites - i) * sizeof(*b->cites));
	b->cites[i] = c;
	b->n_cites++;
}

void
volume_hour_add(struct volume_hour *b, const struct volume_share *s)
{
	const struct volume_flow *f = s->flow;
	uint32_t one = s->take_back ? UINT32_MAX : 1; /* -1 or 1 */

	b->bytes += s->take_back ? 0 - s->bytes : s->bytes;
	b->records += one;
	if (!s->first)
		b->carried += one;
	if (f->begins && s->first && !f->blocked)
		b->sessions += one;
	if (f->begins && s->first && f->unmeasured)
		b->unmeasured += one;
	if (f->blocked)
		b->blocked += one;
	b->both |= f->both;
	b->trusted |= f->trusted;
	b->replay |= f->replay;
	if (b->records == 1 || f->index < b->index_first)
		b->index_first = f->index;
	if (b->records == 1 || f->index > b->index_last)
		b->index_last = f->index;
	if (s->take_back)
		remove_cite(b, f);
	else
		add_cite(b, s);
}

void
volume_hour_trim(struct volume_hour *b)
{
	free(b->cites);
	b->cites = NULL;
	b->n_cites = b->cap_cites = 0;
}

void
volume_day_fini(struct volume_day *d)
{
	size_t i;

	for (i = 0; i < 24; i++)
		free(d->hours[i].cites);
}

size_t
volume_day_search(const struct volume_host *h, int64_t day)
{
	size_t lo = 0, hi = h->n, mid;

	/* Nearly always the newest. */
	if (h->n > 0 && h->days[h->n - 1].day <= day)
		return h->days[h->n - 1].day == day ? h->n - 1 : h->n;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (h->days[mid].day < day)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
