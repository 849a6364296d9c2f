/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <dlfcn.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyzer/command/jsonevent.h"
#include "analyzer/sigma/corpus.h"

/*
 * rules_log [without-WHAT ...] RULES EVENTS N   N events against a folder of
 *                                               Sigma, in memory
 *
 * EVENTS has a JSON object on each line; they are taken over and over until
 * there were N.  Parsing is not timed; filling the view of each event is.
 * What may be left out, to see what it brings: routing (all rules are asked
 * of all events), prefilter (every rule that is routed is asked in full), jit
 * (expressions are interpreted).
 */
struct parsed {
	struct view_value *v;
	size_t n;
	struct document_logsource route;
	bool routed;
	const struct corpus_rule **asked; /* without the prefilter */
	size_t n_asked;
};

static bool no_routing, no_prefilter, no_jit;

/* In the place of the library's, which it calls. */
int
pcre2_jit_compile(pcre2_code *code, uint32_t options)
{
	int (*real)(pcre2_code *, uint32_t);
	void *found = dlsym(RTLD_NEXT, "pcre2_jit_compile_8");

	if (no_jit || found == NULL)
		return PCRE2_ERROR_JIT_BADOPTION;
	memcpy(&real, &found, sizeof(real));
	return real(code, options);
}

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

/* Whom the event is routed to. */
static void
route(struct parsed *p, const struct corpus *c, struct arena *arena)
{
	size_t i;

	p->n_asked = 0;
	p->asked = arena_alloc(arena, c->n * sizeof(*p->asked));
	for (i = 0; i < c->n; i++)
		if (no_routing || !p->routed ||
		    document_routes(&c->rules[i].doc->logsource, &p->route))
			p->asked[p->n_asked++] = &c->rules[i];
}

/* How many fit, by asking them all. */
static size_t
ask(const struct parsed *p, struct view *v)
{
	size_t i, n = 0;

	for (i = 0; i < p->n_asked; i++)
		n += detection_match(p->asked[i]->doc->detection, v);
	return n;
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
		if (no_prefilter) {
			matches += ask(p, &v);
		} else {
			corpus_match(c, &v,
			    p->routed && !no_routing ? &p->route : NULL, &hits);
			matches += hits.n;
		}
		if (++p == e->v + e->n)
			p = e->v;
	}
	from = now() - from;
	printf("events/s %.0f rules %zu events %zu matches %zu\n",
	    (double)n / from, c->n, e->n, matches);
	corpus_hits_fini(&hits);
	view_fini(&v);
}

static bool
is_left_out(const char *word)
{
	if (strcmp(word, "without-routing") == 0)
		return no_routing = true;
	if (strcmp(word, "without-prefilter") == 0)
		return no_prefilter = true;
	return no_jit |= strcmp(word, "without-jit") == 0;
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
	size_t i;
	FILE *in;

	for (; argc > 4 && is_left_out(argv[1]); argc--, argv++)
		;
	if (argc != 4 || (in = fopen(argv[2], "r")) == NULL ||
	    (c = corpus_load(argv[1], NULL)) == NULL) {
		fprintf(stderr, "usage: rules_log [without-WHAT ...] RULES "
				"EVENTS N\n");
		return 1;
	}
	jsonevent_init(&e, c->fields);
	while ((len = getline(&line, &cap, in)) > 0)
		if (jsonevent_read(&e, span_make(line, (size_t)len)) == 0)
			add(&events, &e, arena);
	fclose(in);
	for (i = 0; no_prefilter && i < events.n; i++)
		route(&events.v[i], c, arena);
	if (events.n > 0)
		run(c, &events, strtoul(argv[3], NULL, 10));
	free(line);
	free(events.v);
	jsonevent_fini(&e);
	corpus_free(c);
	arena_free(arena);
	return 0;
}
