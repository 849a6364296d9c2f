/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_LINE_H
#define ANALYZER_FORMAT_LINE_H

#include "analyzer/format/model.h"
#include "analyzer/format/trace.h"

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
	/* Of each format: the key that followed each key, SLOT_MESSAGE: none */
	uint16_t (*order)[MODEL_SLOTS];
	uint16_t *next; /* that of f */
	uint8_t at[ECS_COUNT]; /* whether the field is decided */
	/* The time read last, as many lines have the same second. */
	struct line_clock {
		const struct time_rule *rule;
		size_t n;
		uint8_t text[64]; /* each piece, and a NUL */
		struct stamp stamp;
	} clock;
};

/* Begin with format f: forget the inputs and the fields. */
void line_reset(struct line *l, const struct format *f);

/* Whether a value that looks like one of those that mean none is one. */
bool line_absent(const struct format *f, struct span value);

/* Give an input its value, unless it has one or the value means none. */
static inline void
line_put(struct line *l, uint16_t slot, struct span value)
{
	const struct format *f = l->f;

	if (value.len == 0 || l->in[slot].len > 0)
		return;
	if (value.len < 64 && (f->absent_len >> value.len & 1) &&
	    (f->absent_first[value.p[0] / 64] >> value.p[0] % 64 & 1) &&
	    line_absent(f, value))
		return;
	l->in[slot] = value;
	l->used[l->nused++] = slot;
}

/* Give a field a value if it is not decided yet.  An empty one is ignored. */
static inline void
line_set(struct line *l, enum ecs field, struct span value)
{
	if (value.len == 0 || l->at[field])
		return;
	l->at[field] = 1;
	event_add(l->e, field, value);
}

/* Decide that a field has no value. */
void line_forbid(struct line *l, enum ecs field);

/* Whether a condition holds; NULL always does. */
bool line_holds(const struct line *l, const struct cond *c);
bool line_test(const struct test *t, struct span value);

/* The text of a template; empty if an input is missing. */
struct span line_text(const struct line *l, const struct template *t);

#endif
