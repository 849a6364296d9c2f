/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyzer/command/jsonevent.h"
#include "analyzer/sigma/corpus.h"

/*
 * rules_log RULES EVENTS N   N events against a folder of Sigma, in memory
 *
 * EVENTS has a JSON object on each line; they are taken over and over until
 * there were N.  Parsing is not timed; filling the view of each event is.
 */
struct parsed {
	struct view_value *v;
	size_t n;
	struct document_logsource route;
	bool routed;
};

struct events {
	struct parsed *v;
	size_t n, cap;
};

static void *
must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static struct span
keep(struct arena *arena, struct span s)
{
	return s.len == 0 ? SPAN("") : arena_copy(arena, s);
}

static void
add(struct events *to, const struct jsonevent *e, struct arena *arena)
{
	struct parsed *p;
	size_t i;

	if (to->n == to->cap) {
		to->cap = to->cap == 0 ? 1024 : to->cap * 2;
		to->v = must(reallocarray(to->v, to->cap, sizeof(*to->v)));
	}
	p = &to->v[to->n++];
	p->n = e->view.n;
	p->v = arena_alloc(arena, (p->n + 1) * sizeof(*p->v));
	for (i = 0; i < p->n; i++) {
		p->v[i] = e->view.v[i];
		p->v[i].text = keep(arena, p->v[i].text);
	}
	p->routed = e->routed;
	p->route.category = keep(arena, e->route.category);
	p->route.product = keep(arena, e->route.product);
	p->route.service = keep(arena, e->route.service);
}

static void
fill(struct view *v, const struct parsed *p)
{
	const struct view_value *o = p->v, *end = o + p->n;

	view_clear(v);
	for (; o < end; o++)
		if (o->bare)
			view_add_bare(v, o->field);
		else
			view_add(v, o->field, o->text, o->null);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
run(const struct corpus *c, const struct events *e, size_t n)
{
	struct corpus_hits hits = { NULL, 0, NULL };
	const struct parsed *p = e->v;
	size_t i, matches = 0;
	struct view v;
	double from;

	view_init(&v, fields_count(c->fields));
	from = now();
	for (i = 0; i < n; i++) {
		fill(&v, p);
		corpus_match(c, &v, p->routed ? &p->route : NULL, &hits);
		matches += hits.n;
		if (++p == e->v + e->n)
			p = e->v;
	}
	from = now() - from;
	printf("events/s %.0f rules %zu events %zu matches %zu\n",
	    (double)n / from, c->n, e->n, matches);
	corpus_hits_fini(&hits);
	view_fini(&v);
}

int
main(int argc, char **argv)
{
	struct events events = { NULL, 0, 0 };
	struct arena *arena = arena_new();
	struct jsonevent e;
	struct corpus *c;
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	FILE *in;

	if (argc != 4 || (in = fopen(argv[2], "r")) == NULL ||
	    (c = corpus_load(argv[1], NULL)) == NULL) {
		fprintf(stderr, "usage: rules_log RULES EVENTS N\n");
		return 1;
	}
	jsonevent_init(&e, c->fields);
	while ((len = getline(&line, &cap, in)) > 0)
		if (jsonevent_read(&e, span_make(line, (size_t)len)) == 0)
			add(&events, &e, arena);
	fclose(in);
	if (events.n > 0)
		run(c, &events, strtoul(argv[3], NULL, 10));
	free(line);
	free(events.v);
	jsonevent_fini(&e);
	corpus_free(c);
	arena_free(arena);
	return 0;
}
