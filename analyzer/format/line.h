/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_LINE_H
#define ANALYZER_FORMAT_LINE_H

#include "analyzer/format/model.h"
#include "analyzer/format/trace.h"

#define LINE_CLOCKS 32u /* a power of two */
#define LINE_WORDS ((ECS_COUNT + 63) / 64)
#define LINE_COPY 1024 /* bytes of a text, and room behind it */

struct kv_order;
struct memo_draft;
struct memo;

/*
 * A line on its way through one format: what the steps found, by slot, and
 * the event that it becomes.  One for each thread; nothing is allocated but
 * in the arena.
 */
struct line {
	const struct format *f;
	struct event *e;
	struct arena *a;
	struct regex_match *match;
	const struct header *head;
	const char *fault;   /* for error.message, or NULL */
	struct trace *trace; /* somebody wants to know why; else NULL */
	struct span in[MODEL_SLOTS];
	uint16_t used[MODEL_SLOTS]; /* slots that are not empty */
	size_t nused;
	struct kv_order **order;  /* of each format; NULL: none yet */
	struct memo *memo;	  /* decisions made before; NULL: none */
	struct memo_draft *draft; /* one that is written down; or NULL */
	uint64_t at[LINE_WORDS];  /* bits: fields that are decided */
	/* Times read last, as many lines have the same second. */
	struct line_clock {
		const struct time_rule *rule;
		size_t n, len[TIME_PIECES];
		uint8_t text[64]; /* the pieces, a blank between them */
		struct stamp stamp;
		/* The instant, if a year and the zone were there. */
		bool whole;
		uint8_t mark;
		size_t nzone;
		uint8_t zone[16]; /* as written */
		int64_t time;
	} clock[LINE_CLOCKS];
	struct cell cell[CELLS_MAX]; /* of the record that is cut */
	uint8_t copy[LINE_COPY];     /* for steps that read ahead */
};

/* What is known of the order of keys in lines of its format. */
struct kv_order *line_order(struct line *l);

/* Begin with format f: forget the inputs and the fields. */
void line_reset(struct line *l, const struct format *f);

/* Whether a value is one of those that mean none. */
bool line_absent_value(const struct format *f, struct span value);

/* The same of one that has a byte. */
static inline bool
line_absent(const struct format *f, struct span v)
{
	return f->absent_first[v.p[0]] && v.len < 64 &&
	    (f->absent_len >> v.len & 1) && line_absent_value(f, v);
}

/* Give an input its value, unless it has one or the value means none. */
static inline void
line_put(struct line *l, uint16_t slot, struct span value)
{
	if (value.len == 0 || l->in[slot].len > 0 || line_absent(l->f, value))
		return;
	l->in[slot] = value;
	l->used[l->nused++] = slot;
}

/* Whether it is decided what a field has. */
static inline bool
line_decided(const struct line *l, enum ecs field)
{
	return l->at[field / 64] >> field % 64 & 1;
}

/* Decide that a field has no value, or none but those it got. */
static inline void
line_forbid(struct line *l, enum ecs field)
{
	l->at[field / 64] |= UINT64_C(1) << field % 64;
}

/* Give a field a value if it is not decided yet.  An empty one is ignored. */
static inline void
line_set(struct line *l, enum ecs field, struct span value)
{
	if (value.len == 0 || line_decided(l, field))
		return;
	line_forbid(l, field);
	event_add(l->e, field, value);
}

/* Whether a condition holds; NULL always does. */
bool line_holds(const struct line *l, const struct cond *c);
bool line_test(const struct test *t, struct span value);

/* One test of a condition, for who writes down what was asked. */
bool line_asks(const struct line *l, const struct test *t);

/* Whether an input goes to its field as it is. */
static inline bool
line_is_plain(const struct op *op)
{
	return op->as == CONVERT_NONE && op->type <= ECS_T_KEYWORD;
}

/* What becomes of an input's text; *text = the same behind its map. */
struct span line_value(const struct op *op, struct span *text, struct arena *a);

/* The text of a template; empty if an input is missing. */
struct span line_text(const struct line *l, const struct template *t);

#endif
