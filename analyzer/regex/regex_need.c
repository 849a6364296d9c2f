/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex_need.h"

#include <string.h>

#include "analyzer/regex/regex_tree.h"

#define NEED_MAX 32

/* Bytes that stand together so far, and the best that stood together. */
struct need {
	uint8_t run[NEED_MAX], best[NEED_MAX];
	size_t nrun, nbest;
	bool folded;
};

/* What is rare in log lines tells more than its length. */
static size_t
worth(const struct need *need, const uint8_t *p, size_t n)
{
	size_t i, sum = n;

	for (i = 0; i < n; i++)
		if (strchr(" =\".:-/", p[i]) == NULL)
			sum++;
	return n < 2 && (!need->folded || sum == n) ? 0 : sum;
}

static void
end_run(struct need *n)
{
	if (worth(n, n->run, n->nrun) > worth(n, n->best, n->nbest)) {
		memcpy(n->best, n->run, n->nrun);
		n->nbest = n->nrun;
	}
	n->nrun = 0;
}

static int
lower(int byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* The only byte of a set, or -1. */
static int
only(const struct need *n, const struct regex_set *s)
{
	int i, at, byte = -1;
	uint64_t w;

	for (i = 0; i < 4; i++)
		for (w = s->w[i]; w != 0; w &= w - 1) {
			at = i * 64 + __builtin_ctzll(w);
			if (n->folded && byte >= 0 && lower(at) == lower(byte))
				continue;
			if (byte >= 0)
				return -1;
			byte = at;
		}
	return n->folded ? lower(byte) : byte;
}

static void
take_byte(struct need *n, const struct regex_set *s)
{
	int byte = only(n, s);

	if (byte <= 0) { /* NUL: strchr() above would find it */
		end_run(n);
		return;
	}
	if (n->nrun == NEED_MAX)
		end_run(n);
	n->run[n->nrun++] = (uint8_t)byte;
}

static void
walk(struct need *n, const struct regex_node *r)
{
	const struct regex_node *c;

	switch (r->kind) {
	case REGEX_SET:
		take_byte(n, &r->set);
		return;
	case REGEX_CAT:
	case REGEX_ATOMIC:
		for (c = r->child; c != NULL; c = c->next)
			walk(n, c);
		return;
	case REGEX_REPEAT:
		end_run(n);
		if (r->min > 0)
			walk(n, r->child);
		end_run(n);
		return;
	case REGEX_ALT:
	case REGEX_OPAQUE:
		end_run(n);
		return;
	case REGEX_EMPTY:
	case REGEX_BORDER:
	case REGEX_END:
	case REGEX_LOOK:
	case REGEX_BEHIND:
		return; /* they take no bytes */
	}
}

static struct span
find(struct span regex, bool folded, struct arena *a)
{
	struct arena *own = arena_new();
	struct regex_node *tree = regex_tree_parse(regex, own);
	struct need n = { .folded = folded };

	if (tree != NULL) {
		walk(&n, tree);
		end_run(&n);
	}
	arena_free(own);
	return n.nbest == 0 ? span_make(NULL, 0)
			    : arena_copy(a, span_make(n.best, n.nbest));
}

struct span
regex_need(struct span regex, struct arena *a)
{
	return find(regex, false, a);
}

struct span
regex_need_folded(struct span regex, struct arena *a)
{
	return find(regex, true, a);
}
