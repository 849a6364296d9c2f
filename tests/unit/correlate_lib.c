/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/correlate_lib.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char fields[] = "uvwn";

static enum correlation_found
find(void *arg, struct span name, uint32_t *number)
{
	(void)arg;
	if (name.len == 2 && name.p[0] == 'c') {
		*number = (uint32_t)(name.p[1] - '0');
		return CORRELATION_OF_OTHER;
	}
	*number = (uint32_t)(name.p[0] - 'a');
	return name.len == 1 && *number < 4 ? CORRELATION_OF_RULE
					    : CORRELATION_NOBODY;
}

static uint32_t
field(void *arg, struct span name)
{
	const char *at = strchr(fields, name.p[0]);

	(void)arg;
	return at == NULL ? CORRELATION_NONE : (uint32_t)(at - fields);
}

static void
refuse(void *arg, uint32_t number, const struct yaml_error *err)
{
	(void)arg;
	printf("Bail out! c%u is refused: %s\n", number, err->what);
	abort();
}

static void
print_result(void *arg, const struct correlate_result *r)
{
	struct world *w = arg;
	size_t i;

	w->results++;
	buf_printf(&w->out, "%u@%" PRId64 "(", r->correlation,
	    r->time / WORLD_SECOND);
	for (i = 0; i < w->rules[r->correlation].c->ngroup; i++) {
		if (i > 0)
			buf_byte(&w->out, ',');
		if (r->group[i].p == NULL)
			buf_byte(&w->out, '-');
		buf_span(&w->out, r->group[i]);
	}
	buf_printf(&w->out, ")=%.9g", r->value);
	if (w->evidence) {
		buf_printf(&w->out, "#%" PRIu64 "[", r->event);
		for (i = 0; i < r->nevents; i++)
			buf_printf(&w->out, "%s%" PRIu64, i > 0 ? " " : "",
			    r->events[i]);
		if (r->of > r->nevents)
			buf_printf(&w->out, " of %" PRIu64, r->of);
		buf_byte(&w->out, ']');
	}
	for (i = 0; w->fresh && i < r->nfreshed; i++)
		buf_printf(&w->out, "%c%" PRIu64, i > 0 ? ',' : '+',
		    r->fresh[i]);
	if (w->fresh && r->nfresh > r->nfreshed)
		buf_printf(&w->out, " of %" PRIu64, r->nfresh);
	buf_byte(&w->out, ' ');
}

static void
count_lost(void *arg, enum correlate_loss why, uint32_t correlation)
{
	struct world *w = arg;

	w->lost++;
	w->why = why;
	w->whose = correlation;
}

void
world_init(struct world *w, const char *const *yaml, size_t n,
    const struct correlate_limits *limits)
{
	struct correlation_scope scope = { find, field, refuse, NULL };
	struct correlation *v[WORLD_RULES] = { NULL };
	struct yaml_error err;
	struct yaml_node *node;
	size_t i;

	*w = (struct world){ .arena = arena_new() };
	for (i = 0; i < n && yaml[i] != NULL; i++) {
		node = yaml_parse(span_str(yaml[i]), "test", w->arena, &err);
		if (node != NULL)
			v[i] = strncmp(yaml[i], "{after", 6) == 0
			    ? correlation_parse_absence(node, "test", w->arena,
				  &err)
			    : correlation_parse(node, "test", w->arena, &err);
		if (v[i] == NULL)
			refuse(NULL, (uint32_t)i, &err);
	}
	w->rules = correlation_link(v, WORLD_RULES, &scope, w->arena);
	view_init(&w->view, WORLD_FIELDS);
	buf_init(&w->out);
	world_again(w, limits);
}

void
world_again(struct world *w, const struct correlate_limits *limits)
{
	struct correlate_told told = { print_result, count_lost, NULL, w };

	correlate_free(w->c);
	w->c = correlate_new(w->rules, WORLD_RULES, limits, &told);
	w->out.len = 0;
}

void
world_fini(struct world *w)
{
	correlate_free(w->c);
	view_fini(&w->view);
	buf_fini(&w->out);
	arena_free(w->arena);
}

void
world_push(struct world *w, uint32_t rule, int64_t time, uint64_t event,
    const char *const values[WORLD_FIELDS])
{
	uint32_t i;

	view_clear(&w->view);
	for (i = 0; i < WORLD_FIELDS; i++)
		if (values[i] != NULL)
			view_add(&w->view, i, span_str(values[i]),
			    strcmp(values[i], "null") == 0);
	correlate_push(w->c, rule, time, event, &w->view);
}

/* One event: "1a u=x n=3". */
static void
push_one(struct world *w, char *text, uint64_t event)
{
	const char *values[WORLD_FIELDS] = { NULL };
	char *rules, *word, *save = NULL;
	int64_t time = strtoll(text, &rules, 10) * WORLD_SECOND;

	rules = strtok_r(rules, " ", &save);
	while ((word = strtok_r(NULL, " ", &save)) != NULL)
		values[strchr(fields, word[0]) - fields] = word + 2;
	for (; *rules != '\0'; rules++)
		world_push(w, (uint32_t)(*rules - 'a'), time, event, values);
}

void
world_script(struct world *w, const char *script)
{
	char *text = strdup(script), *one, *save = NULL;
	uint64_t event = 0;

	if (text == NULL)
		abort();
	for (one = strtok_r(text, ";", &save); one != NULL;
	     one = strtok_r(NULL, ";", &save))
		push_one(w, one, ++event);
	free(text);
}

const char *
world_results(struct world *w)
{
	return buf_cstr(&w->out);
}
