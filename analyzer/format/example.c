/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/apply.h"
#include "analyzer/format/formats.h"
#include "analyzer/format/load.h"
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
	struct formats_verdict v;
	void (*report)(const struct formats_verdict *v, void *arg);
	void *arg;
	size_t faults;
	const struct format *own;
	bool *given; /* slots that had a value; NULL: nobody asks */
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
	const struct line *l = formats_trace(r->f, NULL);
	int known;
	size_t i;

	r->e->message = encode(r, raw);
	known = formats_apply(r->f, r->e, r->a, &r->hints);
	for (i = 0; r->given != NULL && l->f == r->own && i < l->nused; i++)
		r->given[l->used[i]] = true;
	return known;
}

/* What does not hold, at the line of the file where it is asked for. */
static void
fault(struct run *r, const struct yaml_node *at, const char *what,
    struct span found)
{
	struct formats_verdict v = r->v;

	if (at != NULL) {
		v.line = at->key_line > 0 ? at->key_line : at->line;
		v.field = at->key.len > 0 ? (const char *)at->key.p : NULL;
		v.wanted = at->kind == YAML_SCALAR ? at->text : SPAN("");
	}
	v.what = what;
	v.found = found;
	r->report(&v, r->arg);
	r->faults++;
}

static void
check_time(struct run *r, const struct yaml_node *want)
{
	char have[UTC_TEXT];
	int64_t usec;
	int zone;

	utc_print(r->e->time, r->hints.zone, have);
	if (r->e->clock == EVENT_CLOCK_NONE) {
		if (want->text.len > 0)
			fault(r, want,
			    tr("no time was found", "時刻が得られません"),
			    SPAN(""));
	} else if (utc_parse(want->text, &usec, &zone) != 0 ||
	    usec != r->e->time)
		fault(r, want, tr("another time", "時刻が違います"),
		    span_str(have));
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

static void
check_field(struct run *r, const struct yaml_node *want)
{
	const struct yaml_node *c = want;
	enum ecs field;
	size_t k;

	if (ecs_parse(want->key, &field) != 0) {
		fault(r, want,
		    tr("no such field", "その名前の項目はありません"),
		    SPAN(""));
		return;
	}
	if (field == ECS_TIMESTAMP) {
		check_time(r, want);
		return;
	}
	if (want->kind != YAML_SCALAR)
		c = want->first;
	for (k = 0; c != NULL; c = want->kind == YAML_SCALAR ? NULL : c->next) {
		struct span found = value_of(r->e, field, k++);

		if (span_eq(found, c->text))
			continue;
		fault(r, want,
		    found.len > 0 ? tr("another value", "値が違います")
				  : tr("no value", "値がありません"),
		    found);
		return;
	}
}

static int
read_hints(struct run *r)
{
	const struct yaml_node *received = yaml_get(r->node, "received"),
			       *zone = yaml_get(r->node, "zone");
	int ignored;

	r->hints.zone = SITE_ZONE;
	r->e->received = RECEIVED;
	if (received != NULL &&
	    utc_parse(received->text, &r->e->received, &ignored) != 0) {
		fault(r, received, tr("no time", "時刻ではありません"),
		    SPAN(""));
		return -1;
	}
	if (zone != NULL && utc_parse_zone(zone->text, &r->hints.zone) != 0) {
		fault(r, zone, tr("no zone", "時差ではありません"), SPAN(""));
		return -1;
	}
	return 0;
}

/* The line was read: by this format, and into these fields? */
static void
check_event(struct run *r, int known)
{
	const struct yaml_node *want = yaml_get(r->node, "event");

	if (!known)
		fault(r, NULL,
		    tr("no format knows this line",
			"この行を読める書式がありません"),
		    SPAN(""));
	else if (strcmp(r->e->format, r->v.format) != 0)
		fault(r, NULL,
		    tr("another format took this line",
			"別の書式がこの行を読みました"),
		    span_str(r->e->format));
	else if (want == NULL || want->kind != YAML_MAP)
		fault(r, NULL, tr("'event' is missing", "event がありません"),
		    SPAN(""));
	else
		for (want = want->first; want != NULL; want = want->next)
			check_field(r, want);
}

static void
run_one(struct run *r)
{
	const struct yaml_node *c = yaml_get(r->node, "before");
	int known;

	if (read_hints(r) != 0)
		return;
	for (c = c == NULL ? NULL : c->first; c != NULL; c = c->next)
		(void)feed(r, c->text);
	known = feed(r, r->v.raw);
	if (yaml_get(r->node, "unknown") == NULL)
		check_event(r, known);
	else if (known)
		fault(r, NULL,
		    tr("a format knows this line, which none should",
			"どの書式にも読めないはずの行が読めました"),
		    span_str(r->e->format));
}

/* A line of one format must not look like another: order would matter. */
static void
check_alone(struct run *r, const struct format *own)
{
	const struct format_set *set = formats_set(r->f);
	const struct apply_words words = { NULL, NULL, false };
	struct regex_match *m = regex_match_new();
	struct header h;
	size_t i;

	header_parse(r->v.raw, &h);
	for (i = 0; i < set->n; i++)
		if (set->format[i] != own && !set->format[i]->last &&
		    !own->last && apply_detects(set->format[i], &h, m, &words))
			fault(r, NULL,
			    tr("another format detects this line too",
				"別の書式の detect にも当てはまります"),
			    span_str(set->format[i]->name));
	regex_match_free(m);
}

static bool
run_example(struct run *r, const struct formats *f, const struct format *own,
    const struct yaml_node *node)
{
	r->a = arena_new();
	r->node = node;
	r->e = arena_alloc(r->a, sizeof(*r->e));
	r->f = formats_share(f);
	r->hints = (struct format_hints){ 0 };
	r->faults = 0;
	r->v = (struct formats_verdict){ .format = own->name,
		.file = own->file,
		.line = node->line,
		.raw = text_of(node, "raw") };
	run_one(r);
	if (r->faults == 0 && yaml_get(node, "before") == NULL)
		check_alone(r, own);
	if (r->faults == 0)
		r->report(&r->v, r->arg);
	formats_free(r->f);
	arena_free(r->a);
	return r->faults == 0;
}

size_t
formats_examples(struct formats *f, size_t i,
    void (*report)(const struct formats_verdict *v, void *arg), void *arg)
{
	const struct format *own = formats_set(f)->format[i];
	struct run r = { .report = report, .arg = arg };
	const struct yaml_node *n;
	size_t bad = 0;

	if (own->examples->n == 0) {
		r.v = (struct formats_verdict){ .format = own->name,
			.file = own->file,
			.line = 1,
			.what = load_no_examples() };
		report(&r.v, arg);
		return 1;
	}
	for (n = own->examples->first; n != NULL; n = n->next)
		bad += !run_example(&r, f, own, n);
	return bad;
}

static void
ignore(const struct formats_verdict *v, void *arg)
{
	(void)v;
	(void)arg;
}

/* What is odd about a name, or NULL. */
static const char *
oddity(const struct format *own, uint16_t slot, const bool *given)
{
	unsigned use = own->slot_use[slot].use;

	if ((use & MODEL_ASKED) && !given[slot] && own->examples->n > 0)
		return tr("it is used, and no example gives it a value",
		    "使われていますが、値を与える例がありません");
	if ((use & MODEL_GROUP) && !(use & MODEL_ASKED))
		return tr("this group is not used",
		    "このグループは使われていません");
	return NULL;
}

size_t
formats_notes(struct formats *f, size_t i,
    void (*report)(const struct formats_note *note, void *arg), void *arg)
{
	const struct format *own = formats_set(f)->format[i];
	bool given[MODEL_SLOTS] = { false };
	struct run r = { .report = ignore, .own = own, .given = given };
	struct formats_note note = { .file = own->file };
	const struct yaml_node *n;
	size_t k, count = 0;

	for (n = own->examples->first; n != NULL; n = n->next)
		(void)run_example(&r, f, own, n);
	for (k = SLOT_OWN; k < own->nslot; k++) {
		note.what = oddity(own, (uint16_t)k, given);
		if (note.what == NULL)
			continue;
		note.line = own->slot_use[k].line;
		note.name = own->slot_name[k];
		report(&note, arg);
		count++;
	}
	note.what = tr("no expression has this fragment",
	    "この部品はどの正規表現にも使われていません");
	for (k = 0; k < own->nidle; k++, count++) {
		note.line = own->idle[k].line;
		note.name = own->idle[k].name;
		report(&note, arg);
	}
	return count;
}
