/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/repeat.h"

#include <stdlib.h>

#include "analyzer/rule/lately.h"

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

uint64_t
repeat_count(const struct repeat *p)
{
	return p->n;
}
