/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/lately.h"

#include <stdlib.h>

#include "common/wide.h"

/* Open addressing with linear probing, three quarters full; a is 0: free. */
struct mark {
	uint64_t a, b;
};

struct marks {
	struct mark *v;
	size_t size; /* a power of two */
	size_t n;
};

struct lately {
	struct digest_seed seed;
	struct marks newer, older;
	size_t max;
};

static void
begin(struct marks *m, size_t size)
{
	*m = (struct marks){ wide_new(size, sizeof(struct mark)), size, 0 };
}

static void
finish(struct marks *m)
{
	wide_free(m->v, m->size, sizeof(struct mark));
}

struct lately *
lately_new(size_t max)
{
	struct lately *l = calloc(1, sizeof(*l));

	if (l == NULL)
		abort();
	digest_seed(&l->seed);
	l->max = max;
	begin(&l->newer, 64);
	begin(&l->older, 64);
	return l;
}

void
lately_free(struct lately *l)
{
	if (l == NULL)
		return;
	finish(&l->newer);
	finish(&l->older);
	free(l);
}

const struct digest_seed *
lately_seed(const struct lately *l)
{
	return &l->seed;
}

/* Where it is, or the free place where it would go. */
static struct mark *
find(const struct marks *m, uint64_t a, uint64_t b)
{
	size_t i = b & (m->size - 1);

	while (m->v[i].a != 0 && (m->v[i].a != a || m->v[i].b != b))
		i = (i + 1) & (m->size - 1);
	return &m->v[i];
}

static void
put(struct marks *m, uint64_t a, uint64_t b)
{
	struct marks old = *m;
	size_t i;

	if (m->n + 1 > m->size / 4 * 3) {
		begin(m, old.size * 2);
		for (i = 0; i < old.size; i++)
			if (old.v[i].a != 0)
				*find(m, old.v[i].a, old.v[i].b) = old.v[i];
		m->n = old.n;
		finish(&old);
	}
	*find(m, a, b) = (struct mark){ a, b };
	m->n++;
}

bool
lately_seen(struct lately *l, const struct digest *d, bool again)
{
	bool older;

	if (find(&l->newer, d->a, d->b)->a != 0)
		return true;
	older = find(&l->older, d->a, d->b)->a != 0;
	if (older && !again)
		return true;
	put(&l->newer, d->a, d->b);
	if (older || l->newer.n < l->max)
		return older;
	finish(&l->older);
	l->older = l->newer;
	begin(&l->newer, 64);
	return false;
}
