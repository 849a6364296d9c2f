/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/format/apply.h"
#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/*
 * The examples that stand in the format files themselves: a line, and the
 * fields that must come out.  They are the tests of a format and its manual.
 */
struct run {
	struct formats *f;
	struct arena *a;
	const struct yaml_node *node;
	struct event *e;
	struct format_hints hints;
	char why[512];
};

#define SITE_ZONE (9 * 3600)
#define RECEIVED INT64_C(1795150800000000) /* 2026-11-20T05:00:00Z */

static struct span
text_of(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *n = yaml_get(map, key);

	return n == NULL || n->kind != YAML_SCALAR ? (struct span){ NULL, 0 }
						   : n->text;
}

/* The bytes as the device sent them: the file itself is UTF-8. */
static struct span
encode(const struct run *r, struct span text)
{
	struct buf out;
	struct span bytes;

	if (!span_is(text_of(r->node, "encoding"), "cp932"))
		return text;
	buf_init(&out);
	(void)text_to_cp932(text, &out);
	bytes = arena_copy(r->a, buf_view(&out));
	buf_fini(&out);
	return bytes;
}

static int
feed(struct run *r, struct span raw)
{
	r->e->message = encode(r, raw);
	return formats_apply(r->f, r->e, r->a, &r->hints);
}

static int
fail(struct run *r, const char *what, struct span have)
{
	snprintf(r->why, sizeof(r->why), "%s: '%.*s'", what, (int)have.len,
	    have.len ? (const char *)have.p : "");
	return -1;
}

static int
check_time(struct run *r, const struct yaml_node *want)
{
	char have[UTC_TEXT];
	int64_t usec;
	int zone;

	utc_print(r->e->time, SITE_ZONE, have);
	if (want->text.len == 0 && r->e->clock == EVENT_CLOCK_NONE)
		return 0;
	if (r->e->clock == EVENT_CLOCK_NONE ||
	    utc_parse(want->text, &usec, &zone) != 0 || usec != r->e->time)
		return fail(r, "@timestamp", span_str(have));
	return 0;
}

/* The k-th value of a field. */
static struct span
value_of(const struct event *e, enum ecs field, size_t k)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->f[i].field == field && k-- == 0)
			return e->f[i].value;
	return (struct span){ NULL, 0 };
}

static int
check_field(struct run *r, const struct yaml_node *want)
{
	const struct yaml_node *c;
	const char *name = (const char *)want->key.p;
	enum ecs field;
	size_t k = 0;

	if (ecs_parse(want->key, &field) != 0)
		return fail(r, "no such field", want->key);
	if (field == ECS_TIMESTAMP)
		return check_time(r, want);
	if (want->kind == YAML_SCALAR)
		return span_eq(value_of(r->e, field, 0), want->text)
		    ? 0
		    : fail(r, name, value_of(r->e, field, 0));
	for (c = want->first; c != NULL; c = c->next, k++)
		if (!span_eq(value_of(r->e, field, k), c->text))
			return fail(r, name, value_of(r->e, field, k));
	return 0;
}

static int
read_hints(struct run *r)
{
	struct span received = text_of(r->node, "received"),
		    zone = text_of(r->node, "zone");
	int ignored;

	r->hints.zone = SITE_ZONE;
	r->e->received = RECEIVED;
	if (received.len > 0 &&
	    utc_parse(received, &r->e->received, &ignored) != 0)
		return fail(r, "received", received);
	if (zone.len > 0 && utc_parse_zone(zone, &r->hints.zone) != 0)
		return fail(r, "zone", zone);
	return 0;
}

static int
run_one(struct run *r, const char *format)
{
	const struct yaml_node *c = yaml_get(r->node, "before"),
			       *want = yaml_get(r->node, "event");
	bool unknown = yaml_get(r->node, "unknown") != NULL;
	int known;

	if (read_hints(r) != 0)
		return -1;
	for (c = c == NULL ? NULL : c->first; c != NULL; c = c->next)
		(void)feed(r, c->text);
	known = feed(r, text_of(r->node, "raw"));
	if (unknown)
		return known ? fail(r, "known, by", span_str(r->e->format)) : 0;
	if (!known)
		return fail(r, "unknown line", text_of(r->node, "raw"));
	if (strcmp(r->e->format, format) != 0)
		return fail(r, "taken by another format",
		    span_str(r->e->format));
	if (want == NULL || want->kind != YAML_MAP)
		return fail(r, "event is missing", (struct span){ NULL, 0 });
	for (want = want->first; want != NULL; want = want->next)
		if (check_field(r, want) != 0)
			return -1;
	return 0;
}

/* A line of one format must not look like another: order would matter. */
static int
check_alone(struct run *r, const struct format_set *set,
    const struct format *own)
{
	struct regex_match *m = regex_match_new();
	struct header h;
	size_t i;
	int rc = 0;

	header_parse(text_of(r->node, "raw"), &h);
	for (i = 0; i < set->n && rc == 0; i++)
		if (set->format[i] != own && !set->format[i]->last &&
		    !own->last && apply_detects(set->format[i], &h, m))
			rc = fail(r, "also looks like",
			    span_str(set->format[i]->name));
	regex_match_free(m);
	return rc;
}

static int
run_example(const struct formats *f, const struct format *m,
    const struct yaml_node *node, char *why, size_t len)
{
	struct run r = { .a = arena_new(), .node = node };
	struct event *e = arena_alloc(r.a, sizeof(*e));
	int rc;

	r.f = formats_share(f);
	r.e = e;
	rc = run_one(&r, m->name);
	if (rc == 0 && yaml_get(node, "before") == NULL)
		rc = check_alone(&r, formats_set(f), m);
	snprintf(why, len, "%s", r.why);
	formats_free(r.f);
	arena_free(r.a);
	return rc;
}

size_t
formats_examples(struct formats *f,
    void (*report)(const char *where, const char *why, void *arg), void *arg)
{
	const struct format_set *set = formats_set(f);
	const struct yaml_node *n;
	char where[512], why[512];
	size_t i, bad = 0;
	int rc;

	for (i = 0; i < set->n; i++) {
		n = set->format[i]->examples->first;
		for (; n != NULL; n = n->next) {
			rc =
			    run_example(f, set->format[i], n, why, sizeof(why));
			snprintf(where, sizeof(where), "%s:%u",
			    set->format[i]->file, n->line);
			report(where, rc == 0 ? NULL : why, arg);
			bad += rc != 0;
		}
	}
	return bad;
}
