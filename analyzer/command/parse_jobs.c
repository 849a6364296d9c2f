/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/parse_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/command/reading.h"
#include "common/log.h"
#include "common/pool.h"
#include "common/text.h"

#define BATCH_RECORDS 1024
#define BATCH_BYTES (4u << 20) /* of messages; one more may be longer */

/* The record's part of an event, its message copied. */
struct item {
	const char *origin;
	uint64_t index;
	uint32_t stream;
	int64_t received;
	const struct event_source *source;
	size_t at, len; /* of the message */
	size_t end;	/* of what it became, in out */
	bool asked;	/* it is to be read again */
};

struct batch {
	struct pool_job job;
	struct parse_jobs *of;
	struct formats *formats; /* remembers nothing that counts */
	struct arena *a;
	struct event event;
	size_t n, asked;
	struct item item[BATCH_RECORDS];
	struct buf bytes, out;
	bool busy;
};

struct parse_jobs {
	const struct parse_print *print;
	int zone;
	FILE *file;
	struct pool *pool;
	struct formats *formats; /* has seen every line that asked */
	struct arena *a;
	struct event event;
	struct buf out;
	bool tables; /* it has met one: then look at each line's stream */
	size_t nbatch, next;
	struct batch **batch; /* filled and printed in this order, around */
};

static void
take(const struct batch *b, const struct item *i, struct event *e)
{
	*e = (struct event){
		.origin = i->origin,
		.index = i->index,
		.stream = i->stream,
		.received = i->received,
		.source = i->source,
		.message = span_make(b->bytes.p + i->at, i->len),
	};
}

/* In a worker: all of a batch, by its own handle. */
static void
run(void *arg)
{
	struct batch *b = arg;
	size_t i;

	b->out.len = 0;
	b->asked = 0;
	for (i = 0; i < b->n; i++) {
		struct item *it = &b->item[i];

		if (i % 64 == 0)
			arena_reset(b->a);
		take(b, it, &b->event);
		reading_understand(b->formats, b->of->zone, &b->event, b->a);
		it->asked = formats_asked(b->formats);
		b->asked += it->asked;
		if (!it->asked)
			parse_print_event(b->of->print, &b->event, &b->out);
		it->end = b->out.len;
	}
}

static int
put(const struct parse_jobs *p, struct span s)
{
	return fwrite(s.p, 1, s.len, p->file) == s.len ? 0 : -1;
}

/* A line that depends on those before it, by the handle that saw them. */
static int
again(struct parse_jobs *p, const struct batch *b, const struct item *i)
{
	arena_reset(p->a);
	take(b, i, &p->event);
	reading_understand(p->formats, p->zone, &p->event, p->a);
	p->tables |= formats_remembers(p->formats, i->stream);
	p->out.len = 0;
	parse_print_event(p->print, &p->event, &p->out);
	return put(p, buf_view(&p->out));
}

static int
print_each(struct parse_jobs *p, const struct batch *b)
{
	size_t i, from = 0;
	int rc = 0;

	for (i = 0; i < b->n && rc == 0; i++) {
		const struct item *it = &b->item[i];

		if (it->asked ||
		    (p->tables && formats_remembers(p->formats, it->stream)))
			rc = again(p, b, it);
		else
			rc = put(p,
			    span_sub(buf_view(&b->out), from, it->end - from));
		from = it->end;
	}
	return rc;
}

/* Wait for a batch that is on its way, print it, and have it empty. */
static int
finish(struct parse_jobs *p, struct batch *b)
{
	int rc = 0;

	if (b->busy) {
		pool_wait(p->pool, &b->job);
		rc = b->asked > 0 || p->tables ? print_each(p, b)
					       : put(p, buf_view(&b->out));
	}
	b->busy = false;
	b->n = 0;
	b->bytes.len = 0;
	return rc;
}

static int
start(struct parse_jobs *p)
{
	struct batch *b = p->batch[p->next];

	b->busy = true;
	b->job = (struct pool_job){ .run = run, .arg = b };
	pool_add(p->pool, &b->job);
	p->next = (p->next + 1) % p->nbatch;
	return finish(p, p->batch[p->next]);
}

static struct batch *
batch_new(struct parse_jobs *p, const struct formats *formats)
{
	struct batch *b = calloc(1, sizeof(*b));

	if (b == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	b->of = p;
	b->formats = formats_share(formats);
	b->a = arena_new();
	buf_init(&b->bytes);
	buf_init(&b->out);
	return b;
}

struct parse_jobs *
parse_jobs_new(unsigned jobs, struct formats *formats,
    const struct parse_print *print, int zone, FILE *out)
{
	struct parse_jobs *p = calloc(1, sizeof(*p));
	size_t i;

	if (p == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	(void)text_init(); /* not by two threads at once */
	*p = (struct parse_jobs){ .print = print,
		.zone = zone,
		.file = out,
		.pool = pool_new(jobs),
		.formats = formats_share(formats),
		.a = arena_new(),
		.nbatch = 2 * (size_t)jobs + 1 };
	buf_init(&p->out);
	p->batch = calloc(p->nbatch, sizeof(struct batch *));
	if (p->batch == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	for (i = 0; i < p->nbatch; i++)
		p->batch[i] = batch_new(p, formats);
	return p;
}

int
parse_jobs_add(struct parse_jobs *p, const struct event *record)
{
	struct batch *b = p->batch[p->next];

	b->item[b->n++] = (struct item){
		.origin = record->origin,
		.index = record->index,
		.stream = record->stream,
		.received = record->received,
		.source = record->source,
		.at = b->bytes.len,
		.len = record->message.len,
	};
	buf_span(&b->bytes, record->message);
	return b->n == BATCH_RECORDS || b->bytes.len >= BATCH_BYTES ? start(p)
								    : 0;
}

int
parse_jobs_end(struct parse_jobs *p)
{
	size_t i;
	int rc = p->batch[p->next]->n > 0 ? start(p) : 0;

	for (i = 0; i < p->nbatch; i++) {
		struct batch *b = p->batch[(p->next + i) % p->nbatch];

		if (finish(p, b) != 0)
			rc = -1;
	}
	pool_free(p->pool);
	for (i = 0; i < p->nbatch; i++) {
		formats_free(p->batch[i]->formats);
		arena_free(p->batch[i]->a);
		buf_fini(&p->batch[i]->bytes);
		buf_fini(&p->batch[i]->out);
		free(p->batch[i]);
	}
	free(p->batch);
	formats_free(p->formats);
	arena_free(p->a);
	buf_fini(&p->out);
	free(p);
	return rc;
}
