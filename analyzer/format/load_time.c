/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/load.h"
#include "common/find.h"

/* detect: how a line is recognised; time: where its time stands. */

static int
load_list(struct loader *ld, const struct yaml_node *n, const char *key,
    const struct span **list, size_t *count)
{
	const struct yaml_node *c = yaml_get(n, key);

	return c == NULL ? 0 : load_texts(ld, c, list, count);
}

/* The numbers of words, so that one pass over a line can look for them all. */
static const uint16_t *
number_words(struct loader *ld, const struct span *word, size_t n)
{
	uint16_t *out = arena_alloc(ld->a, (n + 1) * sizeof(*out));
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = word[i].len == 0 ? PREFILTER_NO_WORD
					  : set_word(ld->set, word[i]);
	return out;
}

/* Words that stand in a JSON object and nowhere else: '{"', '"logid":'. */
static bool
has_object(const struct span *word, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (word[i].len > 1 &&
		    (word[i].p[0] == '{' || word[i].p[0] == '"' ||
			find_part(word[i], SPAN("\":")) != NULL))
			return true;
	return false;
}

static int
load_way(struct loader *ld, const struct yaml_node *n, struct detect *d)
{
	const struct yaml_node *c;

	if (load_keys(ld, n, "app starts contains all pattern") != 0 ||
	    load_list(ld, n, "app", &d->app, &d->napp) != 0 ||
	    load_list(ld, n, "starts", &d->start, &d->nstart) != 0 ||
	    load_list(ld, n, "contains", &d->any, &d->nany) != 0 ||
	    load_list(ld, n, "all", &d->all, &d->nall) != 0)
		return -1;
	d->any_word = number_words(ld, d->any, d->nany);
	d->all_word = number_words(ld, d->all, d->nall);
	d->object = has_object(d->start, d->nstart) ||
	    has_object(d->any, d->nany) || has_object(d->all, d->nall);
	d->line = n->line;
	if ((c = yaml_get(n, "pattern")) == NULL)
		return 0;
	d->pattern_text = c->text;
	return (d->pattern = load_pattern(ld, c)) == NULL ? -1 : 0;
}

int
load_detect(struct loader *ld, const struct yaml_node *n)
{
	struct detect *d = arena_alloc(ld->a, sizeof(*d)), *next;

	ld->f->detect = d;
	if (n->kind != YAML_SEQ)
		return load_way(ld, n, d);
	for (n = n->first; n != NULL; n = n->next, d = next) {
		if (load_way(ld, n, d) != 0)
			return -1;
		next = n->next == NULL ? NULL : arena_alloc(ld->a, sizeof(*d));
		d->otherwise = next;
	}
	return 0;
}

static int
load_time_as(struct loader *ld, const struct yaml_node *n, struct time_rule *r)
{
	size_t bad;

	r->as = TIME_STAMP;
	if (n == NULL || span_is(n->text, "stamp"))
		return 0;
	if (span_is(n->text, "epoch")) {
		r->as = TIME_EPOCH;
		return 0;
	}
	r->as = TIME_PATTERN;
	r->pattern = n->text;
	if (n->kind == YAML_SCALAR && clock_check(n->text, &bad))
		return 0;
	return load_fail(ld, n,
	    tr("stamp, epoch or a pattern of %%Y %%m %%d "
	       "%%b %%H %%M %%S ... is expected",
		"stamp, epoch, または %%Y %%m "
		"%%d %%b %%H %%M %%S などの型が必要です"));
}

static int
load_name(struct loader *ld, const struct yaml_node *n, const char *key,
    uint16_t *slot)
{
	const struct yaml_node *c = yaml_get(n, key);

	*slot = SLOT_NONE;
	return c == NULL ? 0 : load_input(ld, c, c->text, slot);
}

/* An input with the zone, or a zone, which no input is called: UTC, +0900. */
static int
load_zone(struct loader *ld, const struct yaml_node *n, struct time_rule *r)
{
	const struct yaml_node *c = yaml_get(n, "zone");

	r->zone = SLOT_NONE;
	r->fixed = c != NULL && c->kind == YAML_SCALAR && c->text.len > 0 &&
	    (c->text.p[0] < 'a' || c->text.p[0] > 'z') &&
	    stamp_zone(c->text, &r->seconds) == 0;
	return r->fixed ? 0 : load_name(ld, n, "zone", &r->zone);
}

static int
load_time_rule(struct loader *ld, const struct yaml_node *n,
    struct time_rule *r)
{
	const struct yaml_node *from;
	const struct span *name;
	size_t i;

	if (load_keys(ld, n, "from as zone epoch") != 0)
		return -1;
	r->line = n->line;
	if ((from = yaml_get(n, "from")) == NULL)
		return load_fail(ld, n,
		    tr("'from' is missing", "from がありません"));
	if (load_texts(ld, from, &name, &r->n) != 0)
		return -1;
	if (r->n == 0 || r->n > TIME_PIECES)
		return load_fail(ld, from,
		    tr("one to %d inputs are expected", "入力は1から%d個です"),
		    TIME_PIECES);
	for (i = 0; i < r->n; i++)
		if (load_input(ld, from, name[i], &r->from[i]) != 0)
			return -1;
	if (load_time_as(ld, yaml_get(n, "as"), r) != 0 ||
	    load_zone(ld, n, r) != 0)
		return -1;
	return load_name(ld, n, "epoch", &r->epoch);
}

int
load_time(struct loader *ld, const struct yaml_node *n)
{
	const struct yaml_node *c;
	struct time_rule *r;

	if (n == NULL) { /* the stamp of the head */
		ld->f->time = r = arena_alloc(ld->a, sizeof(*r));
		ld->f->ntime = 1;
		r->n = 1;
		r->from[0] = SLOT_SYSLOG_TIME;
		r->zone = r->epoch = SLOT_NONE;
		r->fixed = false;
		return 0;
	}
	if (n->kind != YAML_SEQ)
		return load_fail(ld, n,
		    tr("a list is expected", "並びが必要です"));
	ld->f->time = r = arena_alloc(ld->a, (n->n + 1) * sizeof(*r));
	ld->f->ntime = n->n;
	for (c = n->first; c != NULL; c = c->next)
		if (load_time_rule(ld, c, r++) != 0)
			return -1;
	return 0;
}
