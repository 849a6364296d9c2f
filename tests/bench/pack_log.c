/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyzer/format/formats.h"
#include "analyzer/rule/engine.h"
#include "common/num.h"
#include "common/utc.h"

/*
 * pack_log RULES PROFILE LEDGERS LINES N   N events against the rule pack
 *
 * A line of LINES is "RECEIVED<tab>STREAM<tab>SENDER<tab>what was received",
 * RECEIVED in microseconds; they are one day, which is taken over and over,
 * each time a day later, until there were N events.  Making events of lines is
 * not timed; the engine is, from the first event to the last finding.
 */
struct kept {
	const struct event_source *source;
	const struct event_field *f;
	struct span message, time_text;
	const char *format;
	int64_t received, time;
	uint32_t stream;
	enum event_clock clock;
	enum text_encoding encoding;
	uint8_t mark;
	uint8_t n;
};

struct day {
	struct arena *arena;
	struct kept *v;
	size_t n, cap, known;
};

static uint64_t findings;

static void *
must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct span
cut(struct span *line)
{
	const uint8_t *tab = memchr(line->p, '\t', line->len);
	struct span word = *line;

	if (tab == NULL)
		abort();
	word.len = (size_t)(tab - line->p);
	*line = span_sub(*line, word.len + 1, line->len);
	return word;
}

/* Where lines come from; one for each sender. */
static const struct event_source *
source_of(struct day *d, struct span peer)
{
	static struct event_source known[16];
	static size_t n;
	size_t i;

	for (i = 0; i < n; i++)
		if (span_eq(known[i].peer, peer))
			return &known[i];
	if (n == 16)
		abort();
	known[n].peer = arena_copy(d->arena, peer);
	known[n].listener = SPAN("bench");
	known[n].transport = SPAN("tcp");
	known[n].replay = true;
	return &known[n++];
}

static void
keep(struct day *d, const struct event *e)
{
	struct event_field *f =
	    arena_alloc(d->arena, (e->n + 1) * sizeof(*f));
	struct kept *k;

	memcpy(f, e->f, e->n * sizeof(*f));
	if (d->n == d->cap) {
		d->cap = d->cap == 0 ? 4096 : d->cap * 2;
		d->v = must(reallocarray(d->v, d->cap, sizeof(*d->v)));
	}
	k = &d->v[d->n++];
	*k = (struct kept){ e->source, f, e->message, e->time_text, e->format,
		e->received, e->time, e->stream, e->clock, e->encoding,
		e->mark, (uint8_t)e->n };
}

static void
read_line(struct day *d, struct formats *formats, struct span line)
{
	static struct event e;
	struct format_hints hints = { .zone = 9 * 3600 };
	uint64_t received, stream;

	if (num_parse(cut(&line), INT64_MAX, &received) != 0 ||
	    num_parse(cut(&line), UINT32_MAX, &stream) != 0)
		abort();
	e.source = source_of(d, cut(&line));
	e.stream = (uint32_t)stream;
	e.received = (int64_t)received;
	e.message = arena_copy(d->arena, line);
	d->known += formats_apply(formats, &e, d->arena, &hints) == 1;
	keep(d, &e);
}

static int
read_lines(struct day *d, const char *rules, const char *path)
{
	struct yaml_error err;
	struct formats *formats;
	char dir[4096], *line = NULL;
	size_t cap = 0;
	ssize_t len;
	FILE *in;

	snprintf(dir, sizeof(dir), "%s/formats", rules);
	if ((formats = formats_load(dir, &err)) == NULL) {
		yaml_report(&err);
		return -1;
	}
	if ((in = fopen(path, "r")) == NULL)
		return -1;
	while ((len = getline(&line, &cap, in)) > 0)
		read_line(d, formats, span_make(line, (size_t)len - 1));
	free(line);
	fclose(in);
	return 0;
}

static void
restore(struct event *e, const struct kept *k, int64_t later)
{
	e->source = k->source;
	e->message = k->message;
	e->time_text = k->time_text;
	e->format = k->format;
	e->received = k->received + later;
	e->time = k->time + later;
	e->stream = k->stream;
	e->clock = k->clock;
	e->encoding = k->encoding;
	e->mark = k->mark;
	e->n = k->n;
	memcpy(e->f, k->f, k->n * sizeof(*e->f));
}

static void
count(void *arg, const struct finding *f)
{
	(void)arg;
	findings += !f->withdrawn;
}

static void
run(struct engine *engine, const struct day *d, size_t n, size_t rules)
{
	static struct event e = { .origin = "example.jp/bench" };
	const struct kept *k = d->v;
	double from, judge;
	int64_t later = 0;
	size_t i;

	from = now();
	for (i = 0; i < n; i++) {
		restore(&e, k, later);
		e.index = i;
		engine_feed(engine, &e);
		if (++k == d->v + d->n) {
			k = d->v;
			later += UTC_DAY;
		}
	}
	judge = now();
	engine_finish(engine);
	printf("events/s %.0f judging %.2f rules %zu lines %zu known %.2f "
	       "days %.0f findings %llu\n",
	    (double)n / (now() - from), (now() - judge) * 100 / (now() - from),
	    rules, d->n, (double)d->known * 100 / (double)d->n,
	    (double)(later / UTC_DAY) + 1, (unsigned long long)findings);
}

static struct ledgers *
load_ledgers(const char *dir, const struct day *d)
{
	struct problems ps;
	struct ledgers *l;
	struct buf why;
	size_t i;

	problems_init(&ps);
	buf_init(&why);
	l = ledgers_load(dir, d->v[0].time / UTC_DAY, 9 * 3600, &ps);
	for (i = 0; l == NULL && i < ps.n; i++) {
		why.len = 0;
		problem_print(&ps.v[i], &why);
		fprintf(stderr, "%s\n", buf_cstr(&why));
	}
	buf_fini(&why);
	problems_fini(&ps);
	return l;
}

int
main(int argc, char **argv)
{
	struct day day = { .arena = arena_new() };
	struct prefixes internal = { 0 }, vpn = { 0 };
	struct engine_config config = { .internal = &internal,
		.vpn = &vpn,
		.deliver = count };
	struct yaml_error err;
	struct ruleset *rules;
	struct prefix pool;
	struct engine *engine;

	if (argc != 6 ||
	    (rules = ruleset_load(argv[1], argv[2], &err)) == NULL ||
	    read_lines(&day, argv[1], argv[4]) != 0 || day.n == 0 ||
	    (config.ledgers = load_ledgers(argv[3], &day)) == NULL) {
		fprintf(stderr,
		    "usage: pack_log RULES PROFILE LEDGERS LINES N\n");
		return 1;
	}
	prefixes_add_private(&internal);
	if (prefix_parse(SPAN("10.212.134.0/24"), &pool) == 0)
		prefixes_add(&vpn, pool);
	config.rules = rules;
	config.calendar = calendar_default(rules->holidays);
	engine = engine_new(&config);
	run(engine, &day, strtoul(argv[5], NULL, 10), rules->n);
	engine_free(engine);
	calendar_free((struct calendar *)(uintptr_t)config.calendar);
	ledgers_free((struct ledgers *)(uintptr_t)config.ledgers);
	prefixes_fini(&internal);
	prefixes_fini(&vpn);
	ruleset_free(rules);
	arena_free(day.arena);
	free(day.v);
	return 0;
}
