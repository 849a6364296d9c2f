/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_MEMO_H
#define ANALYZER_FORMAT_MEMO_H

#include "analyzer/format/line.h"

/*
 * What a format makes of a line hangs on which inputs its steps find and on
 * the values of the few that a condition asks for.  The memo is a tree of what
 * was asked of lines before, in the order in which it was asked, with what
 * followed from each answer: a step to run, what a field gets, the next
 * question.  A line whose answers are all in the tree becomes an event without
 * the hundreds of conditions that do not concern it; of any other the format
 * decides, and the tree grows by what it asked.
 *
 * A memory and nothing else: what it holds makes no difference to any event
 * (memo_test, format_fuzz).  It is bounded: when MEMO_BYTES are full all of it
 * is forgotten.
 */
#define MEMO_ROOTS 4096u /* a power of two */
#define MEMO_BYTES (4u << 20)

struct memo;

/* For a set of so many formats. */
struct memo *memo_new(size_t nformat);
void memo_free(struct memo *m);

enum memo_answer {
	MEMO_NONE,   /* not there; the line is as it was */
	MEMO_KNOWN,  /* the fields are there */
	MEMO_UNKNOWN /* the line is not of this format */
};

/* Behind which of its steps a format is asked. */
enum memo_stage { MEMO_STEPS, MEMO_FIELDS };

enum memo_answer memo_follow(struct memo *m, struct line *l,
    enum memo_stage stage);

/*
 * What is decided between the two may go into the tree: if so l->draft is set,
 * and whoever decides tells it.  known: the line is of its format.
 */
void memo_begin(struct memo *m, struct line *l, enum memo_stage stage);
void memo_end(struct memo *m, struct line *l, bool known);

/* A condition was asked. */
void memo_tested(struct memo_draft *d, const struct line *l,
    const struct test *t, bool holds);

/* Cases were chosen by one input: its value's number, or NAMES_NONE. */
void memo_chosen(struct memo_draft *d, const struct line *l,
    const struct case_list *list, uint32_t number);

/*
 * A step was run, its condition aside, or patterns of a case were tried, when
 * there were so many inputs.
 */
void memo_stepped(struct memo_draft *d, const struct line *l, size_t inputs,
    const struct step *s, bool ok);
void memo_matched(struct memo_draft *d, const struct line *l, size_t inputs,
    const struct rule_pattern *r, const struct rule_pattern *by);

/* A field got its (next) value from a template. */
void memo_assigned(struct memo_draft *d, enum ecs field,
    const struct template *t);

/* What there was of an input behind its conversion. */
enum memo_outcome {
	MEMO_TEXT,    /* only the text, none of the field's type */
	MEMO_VALUE,   /* a value */
	MEMO_NEITHER, /* its map knows nothing of it */
	MEMO_OUTCOMES
};

/* An input was converted, and field got what there was; ECS_COUNT: none did. */
void memo_converted(struct memo_draft *d, const struct op *op,
    enum memo_outcome outcome, enum ecs field);

/* Lines that became events, or none, by it; and ways put into it. */
uint64_t memo_followed(const struct memo *m);
uint64_t memo_made(const struct memo *m);

#endif
