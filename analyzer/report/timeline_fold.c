/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/timeline.h"
#include "common/utc.h"

/*
 * From rows to lines.  Which rows stand in one line depends on the rows alone;
 * a line stands where its first row does.
 */
#define BUCKETS 8192u

static const struct level {
	int64_t within;
	bool both; /* both sides must be the same, else the busier one */
} levels[] = {
	{ UTC_MINUTE, true },
	{ 10 * UTC_MINUTE, true },
	{ UTC_HOUR, true },
	{ UTC_MINUTE, false },
	{ 5 * UTC_MINUTE, false },
	{ 15 * UTC_MINUTE, false },
	{ UTC_HOUR, false },
	{ 6 * UTC_HOUR, false },
	{ UTC_DAY, false },
	{ 7 * UTC_DAY, false },
	{ INT64_MAX / 4, false },
};
#define LEVELS (sizeof(levels) / sizeof(levels[0]))

struct slot {
	struct slot *next;
	size_t line;
};

struct party { /* a device or other side, and in how many rows it is */
	struct party *next;
	const char *key;
	size_t n;
};

struct fold {
	struct arena *arena;
	struct party *parties[BUCKETS];
	const char **busier; /* of each row */
	const struct level *level;
	struct timeline_line *lines;
	size_t n;
	struct slot *slots; /* one for each line */
	struct slot *buckets[BUCKETS];
};

static uint32_t
mix(uint32_t h, const char *s)
{
	for (; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h * 16777619u;
}

static struct party *
party(struct fold *f, const char *key)
{
	uint32_t b = mix(2166136261u, key) % BUCKETS;
	struct party *p = f->parties[b];

	while (p != NULL && strcmp(p->key, key) != 0)
		p = p->next;
	if (p != NULL)
		return p;
	p = arena_alloc(f->arena, sizeof(*p));
	p->key = key;
	p->next = f->parties[b];
	return f->parties[b] = p;
}

/* Who searches a network is in many rows, who is found in one or two. */
static void
find_busier(struct fold *f, const struct timeline *t)
{
	const struct party *device, *peer;
	size_t i;

	f->busier = arena_alloc(f->arena, (t->n + 1) * sizeof(*f->busier));
	for (i = 0; i < t->n; i++) {
		party(f, t->rows[i].device_key)->n++;
		party(f, t->rows[i].peer_key)->n++;
	}
	for (i = 0; i < t->n; i++) {
		device = party(f, t->rows[i].device_key);
		peer = party(f, t->rows[i].peer_key);
		f->busier[i] = *peer->key == '\0' ||
			(*device->key != '\0' && device->n >= peer->n)
		    ? device->key
		    : peer->key;
	}
}

static uint32_t
bucket(const struct fold *f, const struct timeline_row *row,
    const char *busier)
{
	uint32_t h = mix(mix(2166136261u, row->kind), row->user);

	h = mix(h, row->rule);
	h = mix(h, f->level->both ? row->device_key : busier);
	return (f->level->both ? mix(h, row->peer_key) : h) % BUCKETS;
}

static bool
alike(const struct fold *f, const struct timeline_line *line,
    const struct timeline_row *row, const char *busier)
{
	const struct timeline_row *x = line->row;

	return row->time - x->time < f->level->within &&
	    x->basis == row->basis && x->phase == row->phase &&
	    x->certainty == row->certainty && x->outwards == row->outwards &&
	    strcmp(x->kind, row->kind) == 0 &&
	    strcmp(x->rule, row->rule) == 0 &&
	    strcmp(x->user, row->user) == 0 &&
	    (f->level->both
		    ? strcmp(x->device_key, row->device_key) == 0 &&
			strcmp(x->peer_key, row->peer_key) == 0
		    : strcmp(f->busier[line->no - 1], busier) == 0);
}

/* The line that takes this row in, or NULL.  Of alike ones the newest is
 * found first. */
static struct timeline_line *
find(const struct fold *f, const struct timeline_row *row, const char *busier)
{
	const struct slot *s;

	/* What people did stands for itself. */
	if (row->basis == TIMELINE_PERSON)
		return NULL;
	for (s = f->buckets[bucket(f, row, busier)]; s != NULL; s = s->next)
		if (alike(f, &f->lines[s->line], row, busier))
			return &f->lines[s->line];
	return NULL;
}

static void
take(struct fold *f, const struct timeline_row *row, size_t no)
{
	const char *busier = f->busier[no - 1];
	struct timeline_line *line = find(f, row, busier);
	struct slot *s;
	uint32_t b;

	if (line != NULL) {
		line->n++;
		line->last = row;
		line->many_devices |=
		    strcmp(line->row->device_key, row->device_key) != 0;
		line->many_peers |=
		    strcmp(line->row->peer_key, row->peer_key) != 0;
		return;
	}
	b = bucket(f, row, busier);
	s = &f->slots[f->n];
	s->line = f->n;
	s->next = f->buckets[b];
	f->buckets[b] = s;
	f->lines[f->n++] =
	    (struct timeline_line){ .row = row, .last = row, .no = no, .n = 1 };
}

static void
fold(struct fold *f, const struct timeline *t, const struct level *level)
{
	size_t i;

	f->level = level;
	f->n = 0;
	memset(f->buckets, 0, sizeof(f->buckets));
	for (i = 0; i < t->n; i++)
		take(f, &t->rows[i], i + 1);
}

const struct timeline_lines *
timeline_fold(const struct report *r, const struct timeline *t)
{
	struct timeline_lines *l = arena_alloc(r->arena, sizeof(*l));
	struct fold *f = arena_alloc(r->arena, sizeof(*f));
	size_t i;

	f->lines = arena_alloc(r->arena, (t->n + 1) * sizeof(*f->lines));
	f->slots = arena_alloc(r->arena, (t->n + 1) * sizeof(*f->slots));
	l->v = f->lines;
	f->arena = r->arena;
	find_busier(f, t);
	for (i = 0; i < t->n && t->n <= TIMELINE_LINES; i++)
		f->lines[f->n++] = (struct timeline_line){ .row = &t->rows[i],
			.last = &t->rows[i],
			.no = i + 1,
			.n = 1 };
	for (i = 0; i < LEVELS && t->n > TIMELINE_LINES; i++) {
		fold(f, t, &levels[i]);
		l->within = levels[i].within;
		if (f->n <= TIMELINE_LINES)
			break;
	}
	l->n = f->n < TIMELINE_LINES ? f->n : TIMELINE_LINES;
	for (i = l->n; i < f->n; i++)
		l->beyond += f->lines[i].n;
	return l;
}
