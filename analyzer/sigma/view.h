/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_VIEW_H
#define SIGMA_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * An event as rules see it: fields by number, each with no value, one, or
 * several.  Values are the texts that stand in the event, numbers and booleans
 * too.  Who numbers the fields (fields.h, or ECS) fills
 * it.  One for each thread, filled anew for each event; it borrows all texts.
 */
struct regex_match;

struct view_value {
	struct span text; /* may be empty: the field is there without text */
	struct span folded; /* view_folded() */
	uint32_t field;	  /* VIEW_OTHER: that no rule names */
	uint32_t next;	  /* 1 + place of the field's next value; 0: none */
	bool null;	  /* there, and said to be nothing: as if missing */
	bool bare;	  /* there, but no text: an object, an empty list */
};

#define VIEW_OTHER UINT32_MAX
#define VIEW_VALUES 4096 /* of one event; more are dropped, and counted */

struct view {
	struct view_value *v;
	uint32_t n, cap;
	uint32_t *first; /* by field: 1 + place of its first value; 0: none */
	uint32_t *last;
	uint32_t nfield;
	uint32_t event;	 /* its number, from 1 on */
	uint32_t *answer; /* view_answer(); n_answer of them */
	uint32_t n_answer;
	uint64_t dropped;  /* values beyond VIEW_VALUES, of all events */
	uint64_t overruns; /* expressions stopped by their limit, likewise */
	struct regex_match *match;
	/* Keywords are looked for here too: set whole.text, if there is. */
	struct view_value whole;
	struct arena *scratch;
	/* Fields from nfield on are worked out when they are asked for. */
	struct span (*derive)(void *arg, uint32_t field);
	void *arg;
};

/* For fields 0 to nfield - 1. */
void view_init(struct view *v, uint32_t nfield);
void view_fini(struct view *v);

struct span view_fold(struct view *v, struct view_value *at);

/* Forget the event. */
void view_clear(struct view *v);

/* Room for a value where there is none; NULL: there are too many. */
struct view_value *view_more(struct view *v);

/* Add a value, behind those that its field has. */
static inline void
view_add(struct view *v, uint32_t field, struct span text, bool null)
{
	struct view_value *o = v->n < v->cap ? &v->v[v->n++] : view_more(v);

	if (o == NULL)
		return;
	o->text = text;
	o->folded = span_make(NULL, 0);
	o->field = field;
	o->next = 0;
	o->null = null;
	o->bare = false;
	if (field >= v->nfield)
		return;
	if (v->first[field] == 0)
		v->first[field] = v->n;
	else
		v->v[v->last[field] - 1].next = v->n;
	v->last[field] = v->n;
}

/* Add that the field is there, though no text can be compared with it. */
void view_add_bare(struct view *v, uint32_t field);

/* The text as patterns compare it (fold_case()), made once. */
static inline struct span
view_folded(struct view *v, struct view_value *at)
{
	return at->folded.p != NULL ? at->folded : view_fold(v, at);
}

void view_make_room(struct view *v, uint32_t number);

/* What an item answered last: the event's number, and in the last bit what. */
static inline uint32_t *
view_answer(struct view *v, uint32_t number)
{
	if (number >= v->n_answer)
		view_make_room(v, number);
	return &v->answer[number];
}

/* The value of a field from nfield on; empty: none. */
static inline struct span
view_derive(const struct view *v, uint32_t field)
{
	return v->derive != NULL ? v->derive(v->arg, field)
				 : span_make(NULL, 0);
}

/* The first value of a field, and the next; NULL: none. */
static inline struct view_value *
view_first(const struct view *v, uint32_t field)
{
	return field < v->nfield && v->first[field] != 0
	    ? &v->v[v->first[field] - 1]
	    : NULL;
}

static inline struct view_value *
view_next(const struct view *v, const struct view_value *at)
{
	return at->next != 0 ? &v->v[at->next - 1] : NULL;
}

#endif
