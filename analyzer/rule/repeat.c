/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/lately.h"
#include "common/sha256.h"

#define TAIL 48u /* bytes at a line's end, where no relay writes */

struct repeat {
	struct lately *contents;
	uint64_t n;
};

struct repeat *
repeat_new(void)
{
	struct repeat *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->contents = lately_new(REPEAT_MAX);
	return p;
}

void
repeat_free(struct repeat *p)
{
	if (p == NULL)
		return;
	lately_free(p->contents);
	free(p);
}

/* What a relay makes anew, and what the analysis adds. */
static bool
is_header(enum ecs field)
{
	return field == ECS_SYSLOG_FACILITY || field == ECS_SYSLOG_SEVERITY ||
	    field == ECS_SYSLOG_PRIORITY || field == ECS_SYSLOG_HOSTNAME ||
	    field == ECS_LOG_LEVEL || field == ECS_EVENT_CREATED ||
	    field == ECS_EVENT_ID;
}

/* Formats do not make a field of every word: the end of the line itself. */
static struct span
tail(struct span line)
{
	while (line.len > 0 && line.p[line.len - 1] <= ' ')
		line.len--;
	return line.len <= TAIL ? line : span_sub(line, line.len - TAIL, TAIL);
}

/* Of a field's values, the one that stands there so many behind the first. */
static void
add_value(struct digest *sum, const struct event_field *f, unsigned place)
{
	struct digest d;

	digest_begin(&d, sum->seed);
	digest_add_word(&d, (uint64_t)place << 32 | (uint64_t)f->field);
	digest_add(&d, f->value);
	digest_end(&d);
	sum->a += d.a;
	sum->b += d.b;
}

/*
 * Fields may come in any order, by another path through another format: what
 * stands for each is added up.
 */
void
repeat_digest(const struct event *e, const struct digest_seed *seed,
    struct digest *digest)
{
	struct digest sum = { seed, 0, 0 };
	uint8_t n[ECS_COUNT] = { 0 };
	size_t i;

	for (i = 0; i < e->n; i++) {
		const struct event_field *f = &e->f[i];

		if (f->field != ECS_TIMESTAMP && !is_header(f->field))
			add_value(&sum, f, n[f->field]++);
	}
	digest_begin(digest, seed);
	digest_add_word(digest, (uint64_t)e->time);
	digest_add(digest, tail(e->message));
	digest_add_word(digest, sum.a);
	digest_add_word(digest, sum.b);
	digest_end(digest);
}

void
repeat_mark(const struct repeat *p, const struct event *e, struct digest *mark)
{
	*mark = (struct digest){ NULL, 0, 0 };
	if (e->clock != EVENT_CLOCK_NONE)
		repeat_digest(e, lately_seed(p->contents), mark);
}

bool
repeat_marked(struct repeat *p, const struct digest *mark)
{
	bool seen = mark->a != 0 && lately_seen(p->contents, mark, true);

	p->n += seen;
	return seen;
}

bool
repeat_seen(struct repeat *p, const struct event *e)
{
	struct digest mark;

	repeat_mark(p, e, &mark);
	return repeat_marked(p, &mark);
}

/* ---- by name ---- */

struct named { /* a field, and how many of its kind stand before it */
	uint32_t field, place;
	struct span value;
};

static int
named_order(const void *p, const void *q)
{
	const struct named *a = p, *b = q;

	if (a->field != b->field)
		return a->field < b->field ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static void
add_bytes(struct sha256 *sha, struct span s)
{
	const uint64_t len = s.len;

	sha256_update(sha, &len, sizeof(len));
	if (s.len > 0)
		sha256_update(sha, s.p, s.len);
}

/* Fields in the order of their numbers, for they may come in any. */
static void
add_fields(struct sha256 *sha, const struct event *e)
{
	struct named v[EVENT_FIELDS];
	uint32_t place[ECS_COUNT] = { 0 };
	size_t i, n = 0;

	for (i = 0; i < e->n; i++) {
		const struct event_field *f = &e->f[i];

		if (f->field != ECS_TIMESTAMP && !is_header(f->field))
			v[n++] = (struct named){ (uint32_t)f->field,
				place[f->field]++, f->value };
	}
	qsort(v, n, sizeof(v[0]), named_order);
	for (i = 0; i < n; i++) {
		sha256_update(sha, &v[i].field, sizeof(v[i].field));
		add_bytes(sha, v[i].value);
	}
}

bool
repeat_name(const struct event *e, uint8_t name[REPEAT_NAME])
{
	uint8_t hash[SHA256_LEN];
	struct sha256 sha;

	if (e->clock == EVENT_CLOCK_NONE)
		return false;
	sha256_init(&sha);
	sha256_update(&sha, &e->time, sizeof(e->time));
	add_bytes(&sha, tail(e->message));
	add_fields(&sha, e);
	sha256_final(&sha, hash);
	memcpy(name, hash, REPEAT_NAME);
	return true;
}

bool
repeat_seen_name(struct repeat *p, const uint8_t name[REPEAT_NAME])
{
	struct digest d;
	bool seen;

	digest_begin(&d, lately_seed(p->contents));
	digest_add(&d, span_make(name, REPEAT_NAME));
	digest_end(&d);
	seen = lately_seen(p->contents, &d, true);
	p->n += seen;
	return seen;
}

uint64_t
repeat_count(const struct repeat *p)
{
	return p->n;
}
