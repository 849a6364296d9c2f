/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_MEMO_TREE_H
#define ANALYZER_FORMAT_MEMO_TREE_H

#include "analyzer/format/memo.h"

/* The tree of memo.h, for those who follow it and those who let it grow. */
#define ASKED_MAX 160
#define GIVEN_MAX 160
#define VALUE_MAX 32 /* a longer value is tested again, not compared */
#define VALUES_MAX 8 /* of an input that are compared */
#define EDGES_MAX 32 /* answers of one question */
#define MADE_MAX 64  /* ways below one root, unless they are of use */

_Static_assert(ECS_COUNT < 256, "a field is a byte of a node");
_Static_assert(MODEL_SLOTS <= UINT16_MAX, "an input is two");

/* What a field gets. */
struct given {
	const struct span *value;    /* in the format, or an input; or NULL: */
	const struct template *text; /* composed */
	enum ecs field;
};

/* What is asked, and what the answer is. */
enum node_kind {
	NODE_KNOWN,   /* the end */
	NODE_UNKNOWN, /* the end: not of this format */
	NODE_VALUE,   /* of an input, so all tests of it; bytes: the value */
	NODE_TEST,    /* number: whether it holds; leads to a way of it */
	NODE_CASE,    /* number: of an input's value among the cases */
	NODE_STEP,    /* number: whether it succeeds; bytes: its inputs */
	NODE_MATCH,   /* number: the pattern, as an address; bytes: inputs */
	NODE_OP,      /* number: the outcome, a way of it */
	NODE_NUMBER,  /* the same of one that goes to a number as it is */
	NODE_IP,     /* and to an address */
	NODE_MAP     /* and through a map, nothing else */
};

struct answer {
	uint64_t number;
	struct span bytes;
};

/* A short value as two numbers, which are all of up to sixteen bytes. */
struct ends {
	uint64_t first, last;
};

struct edge {
	const struct edge *next;
	struct node *to;
	uint64_t number;
	struct ends ends; /* of the bytes */
	const uint8_t *bytes;
	size_t len;
};

/* What a map made of a short value last: many lines have the same. */
struct mapped {
	struct ends ends;
	size_t len;	   /* 0: nothing yet */
	struct span value; /* in the format */
};

struct node {
	uint8_t kind;
	uint8_t ngiven, nedge;
	uint8_t field[MEMO_OUTCOMES]; /* OP: what gets it; ECS_COUNT: nothing,
				       * also where none leads on yet */
	uint16_t slot;		      /* VALUE, OP */
	const void *what; /* test, list of cases, step, patterns, op; KNOWN:
			   * bits of the fields that are decided */
	struct node *to[MEMO_OUTCOMES]; /* of a few numbers: where they lead */
	const struct edge *edge;	/* of others */
	struct mapped *mapped;		/* MAP */
	struct given given[];		/* before the question */
};

/* Lines that begin with the same inputs, for one format. */
struct root {
	uint64_t hash; /* 0: none */
	struct node *node;
	uint32_t made, followed;
	uint32_t n; /* inputs; with the format they are the whole key */
	uint16_t number;
	uint16_t stage;
	const uint16_t *used;
};

/* One question on the way of the line that is decided. */
struct asked {
	uint8_t kind;
	uint16_t slot;
	uint16_t ngiven; /* given up to here */
	const void *what;
	struct answer answer;
	enum ecs field;
};

struct memo_draft {
	const struct line *line;
	struct root *root;
	uint8_t *varied;
	bool full; /* more than can be written down */
	uint16_t nasked, ngiven;
	struct asked asked[ASKED_MAX + 1];
	struct given given[GIVEN_MAX];
};

struct memo {
	uint64_t followed, made;
	struct arena *a; /* trees, or NULL: none yet */
	size_t bytes;	 /* taken of it */
	struct root *root;
	/* Of each format: inputs whose values are too many to be compared. */
	uint8_t (*varied)[MODEL_SLOTS];
	struct memo_draft draft;
};

/* Of the format, the stage and the inputs in their order; never 0. */
static inline uint64_t
memo_hash(const struct line *l, enum memo_stage stage)
{
	uint64_t h = ((uint64_t)l->f->number << 17 | l->nused << 1 | stage) + 1,
		 w;
	size_t i;

	for (i = 0; i < l->nused; i += 4) {
		memcpy(&w, l->used + i, sizeof(w)); /* there is room behind */
		if (l->nused - i < 4)
			w &= (UINT64_C(1) << 16 * (l->nused - i)) - 1;
		h = (h ^ w) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	return h | 1;
}

static inline struct root *
memo_root(struct memo *m, uint64_t hash)
{
	return &m->root[(hash >> 20) & (MEMO_ROOTS - 1)];
}

static inline bool
memo_is_root(const struct root *r, uint64_t hash, const struct line *l,
    enum memo_stage stage)
{
	return r->hash == hash && r->number == l->f->number &&
	    r->stage == stage && r->n == l->nused &&
	    memcmp(r->used, l->used, r->n * sizeof(*r->used)) == 0;
}

/* The inputs that came behind the first n, as bytes. */
static inline struct span
memo_inputs(const struct line *l, size_t n)
{
	return span_make(l->used + n, (l->nused - n) * sizeof(*l->used));
}

static inline struct ends
memo_ends(struct span s)
{
	if (s.len >= 8)
		return (struct ends){ span_load(s.p, 8),
			span_load(s.p + s.len - 8, 8) };
	if (s.len >= 4)
		return (struct ends){ span_load(s.p, 4),
			span_load(s.p + s.len - 4, 4) };
	return (struct ends){ span_load(s.p, s.len), 0 };
}

static inline const struct edge *
memo_edge(const struct node *n, const struct answer *a)
{
	struct ends ends = memo_ends(a->bytes);
	const struct edge *e;

	for (e = n->edge; e != NULL; e = e->next)
		if (e->len == a->bytes.len && e->ends.first == ends.first &&
		    e->ends.last == ends.last && e->number == a->number &&
		    (e->len <= 16 || memcmp(e->bytes, a->bytes.p, e->len) == 0))
			break;
	return e;
}

/* Whether what is asked has but a few answers, which are numbers. */
static inline bool
memo_is_way(enum node_kind kind)
{
	return kind == NODE_TEST || kind >= NODE_OP;
}

#endif
