/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/formats.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/format/apply.h"
#include "analyzer/format/choose.h"
#include "analyzer/format/heard.h"
#include "analyzer/format/kv_order.h"
#include "analyzer/format/memo.h"
#include "analyzer/format/set.h"
#include "analyzer/format/step.h"
#include "analyzer/format/stream.h"
#include "analyzer/format/wrap.h"

struct formats {
	struct format_set *set;
	struct streams *streams;
	struct regex_match *match;
	struct line *line;
	uint16_t *stood;    /* by word: where it stood in the last line */
	struct header head; /* of the line */
	struct prefilter_found found;
	struct choose_place place[CHOOSE_MAX];
	struct buf text; /* for decoding */
	bool object;	 /* a JSON object: words of JSON detect it */
	bool asked;	 /* the last line asked, or told, its stream */
};

static struct formats *
handle_new(struct format_set *set)
{
	struct formats *f = calloc(1, sizeof(*f));

	if (f == NULL || (f->line = calloc(1, sizeof(*f->line))) == NULL)
		abort();
	f->set = set;
	f->line->order = calloc(set->n, sizeof(*f->line->order));
	f->stood = calloc(set->nword + 1, sizeof(*f->stood));
	if (f->line->order == NULL || f->stood == NULL)
		abort();
	f->line->memo = memo_new(set->n);
	f->streams = streams_new();
	f->match = regex_match_new();
	buf_init(&f->text);
	return f;
}

struct formats *
formats_load(const char *dir, struct yaml_error *err)
{
	return formats_load_with(dir, NULL, 0, err);
}

struct formats *
formats_load_with(const char *dir, const char *const *files, size_t n,
    struct yaml_error *err)
{
	struct format_set *set = set_load(dir, files, n, err);

	return set == NULL ? NULL : handle_new(set);
}

struct formats *
formats_share(const struct formats *f)
{
	f->set->refs++;
	return handle_new(f->set);
}

static void
free_orders(struct kv_order **order, size_t n)
{
	while (order != NULL && n > 0)
		kv_order_free(order[--n]);
	free(order);
}

void
formats_free(struct formats *f)
{
	size_t n;

	if (f == NULL)
		return;
	n = f->set->n;
	set_release(f->set);
	streams_free(f->streams);
	regex_match_free(f->match);
	free(f->stood);
	buf_fini(&f->text);
	memo_free(f->line->memo);
	free_orders(f->line->order, n);
	free(f->line);
	free(f);
}

const struct format_set *
formats_set(const struct formats *f)
{
	return f->set;
}

struct streams *
formats_streams(struct formats *f)
{
	return f->streams;
}

const char *
formats_named(const struct formats *f, const char *name)
{
	size_t i = set_find(f->set, name);

	return i < f->set->n ? f->set->format[i]->name : NULL;
}

size_t
formats_number(const struct formats *f, const char *name)
{
	return set_find(f->set, name);
}

size_t
formats_count(const struct formats *f)
{
	return f->set->n;
}

const char *
formats_name(const struct formats *f, size_t i)
{
	return f->set->format[i]->name;
}

const struct line *
formats_trace(struct formats *f, struct trace *t)
{
	f->line->trace = t;
	return f->line;
}

void
formats_plain(struct formats *f)
{
	memo_free(f->line->memo);
	f->line->memo = NULL;
	free_orders(f->line->order, f->set->n);
	f->line->order = NULL;
}

const struct memo *
formats_memo(const struct formats *f)
{
	return f->line->memo;
}

const char *
formats_reference(const struct formats *f, size_t i)
{
	return f->set->format[i]->reference;
}

size_t
formats_example_count(const struct formats *f, size_t i)
{
	return f->set->format[i]->examples->n;
}

const char *
formats_title(const struct formats *f, size_t i)
{
	return f->set->format[i]->title;
}

static bool
try_format(struct formats *f, size_t i, const struct clock_zones *z,
    const uint64_t *found)
{
	const struct format *m = f->set->format[i];
	struct apply_words words = { found, f->stood, f->object };

	if (!apply_detects(m, f->line->head, f->match, &words))
		return false;
	apply_begin(f->line, m);
	return apply_run(f->line, z);
}

/* The step that reads a table of this format, or NULL. */
static const struct step *
table_step(const struct format *m)
{
	return m->nstep > 0 && m->step[0].kind == STEP_CSV_HEADER ? &m->step[0]
								  : NULL;
}

bool
formats_asked(const struct formats *f)
{
	return f->asked;
}

const char *
formats_file(const struct formats *f, const char *name)
{
	size_t i = set_find(f->set, name);

	return i < f->set->n ? f->set->format[i]->file : NULL;
}

bool
formats_is_table(const struct formats *f, const char *name, uint8_t *separator)
{
	size_t i = set_find(f->set, name);
	const struct step *s =
	    i < f->set->n ? table_step(f->set->format[i]) : NULL;

	if (s != NULL)
		*separator = s->sep;
	return s != NULL;
}

size_t
formats_columns(const struct formats *f, uint32_t stream, struct span *name,
    size_t max)
{
	const struct stream *st = streams_get(f->streams, stream);
	size_t i;

	if (st->table == 0)
		return 0;
	for (i = 0; i < st->ncolumn && i < max; i++)
		name[i] = st->column[i] == SLOT_NONE
		    ? span_make(NULL, 0)
		    : f->set->format[st->table - 1]->slot_name[st->column[i]];
	return i;
}

/* The first record of a table: it names the columns and is no event. */
static bool
try_header(struct formats *f, struct stream *st, size_t i, struct span text)
{
	const struct step *s = table_step(f->set->format[i]);
	uint16_t column[CELLS_MAX];
	size_t n;

	if (s == NULL || (n = step_header(s, text, column)) == 0)
		return false;
	stream_table(st, (uint16_t)i, column, n);
	return true;
}

static int
name_columns(struct formats *f, struct stream *st, size_t only,
    struct span text)
{
	size_t i;

	for (i = 0; i < f->set->n; i++)
		if ((only == f->set->n || only == i) &&
		    try_header(f, st, i, text))
			return 1;
	return 0;
}

static bool
run_row(struct formats *f, const struct format *m, const struct stream *st)
{
	size_t i;

	if (!step_row(table_step(m), f->line->head->body[HEADER_NONE],
		st->column, st->ncolumn, f->line))
		return false;
	for (i = 1; i < m->nstep; i++)
		if (!step_run(&m->step[i], f->line))
			return false;
	return true;
}

/* A line said in so many words what the columns of this stream are. */
static bool
is_directed(const struct formats *f, const struct stream *st)
{
	return st->table != 0 &&
	    table_step(f->set->format[st->table - 1])->directive.len > 0;
}

/* What is read by titles and by content: rows that fit go by their titles. */
static bool
is_both(const struct formats *f, const struct stream *st)
{
	return st->table != 0 && f->set->format[st->table - 1]->detect != NULL;
}

/* Rows are looked at before anything else is. */
static bool
is_first(const struct formats *f, const struct stream *st)
{
	return is_directed(f, st) || is_both(f, st);
}

/* What stands where the table has its times is none: a line of another log. */
static bool
is_stranger(const struct line *l)
{
	const struct format *m = l->f;
	size_t i, k;

	for (i = 0; i < m->ntime && l->e->time_text.len == 0; i++) {
		for (k = 0; k < m->time[i].n; k++)
			if (l->in[m->time[i].from[k]].len == 0)
				break;
		if (k == m->time[i].n)
			return true;
	}
	return false;
}

static int
read_row(struct formats *f, struct stream *st, const struct clock_zones *z)
{
	const struct format *m = f->set->format[st->table - 1];

	apply_begin(f->line, m);
	if (run_row(f, m, st) && apply_fields(f->line, z) &&
	    !(is_first(f, st) && is_stranger(f->line)))
		return 1;
	event_clear(f->line->e);
	return 0;
}

/* Those that detect the line, in their order. */
static int
try_found(struct formats *f, const struct clock_zones *z)
{
	struct apply_words words = { f->found.word, f->stood, f->object };
	size_t i, n, far;

	prefilter_run(f->set->prefilter, f->line->head, &f->found);
	n = choose_formats(f->set, &f->found, f->line->head, f->match, &words,
	    f->place, &far);
	for (i = 0; i < n; i++) {
		apply_begin(f->line, f->set->format[f->place[i].number]);
		if (i >= far)
			f->line->fault = CHOOSE_FAR;
		if (apply_run(f->line, z))
			return 1;
	}
	return 0;
}

/* The format whose lines begin so, then all that it may be. */
static int
try_all(struct formats *f, const struct clock_zones *z)
{
	uint16_t likely = guess_format(f->set->guess, f->line->head);

	return (likely != GUESS_NONE && try_format(f, likely, z, NULL)) ||
	    try_found(f, z);
}

static int
try_one(struct formats *f, size_t i, const struct clock_zones *z)
{
	apply_begin(f->line, f->set->format[i]);
	return apply_run(f->line, z);
}

/*
 * "#Software: ..." in a table whose columns a directive names: no event.  "# "
 * begins a comment of somebody else's, as MySQL's "# Time: ...".
 */
static bool
is_directive(const struct formats *f, const struct stream *st, struct span text)
{
	return text.len > 0 && text.p[0] == '#' &&
	    !span_starts(text, SPAN("# ")) && is_directed(f, st);
}

static int
try_table(struct formats *f, struct stream *st, size_t only,
    const struct format_hints *hints, const struct clock_zones *z)
{
	f->asked = true;
	if (name_columns(f, st, only, f->line->head->body[HEADER_NONE])) {
		stream_told(st, f->line->e->encoding);
		f->line->e->format = f->set->format[st->table - 1]->name;
		event_add(f->line->e, ECS_KIND, SPAN("header"));
		return 1;
	}
	if (st->table == 0 && hints->columns.len > 0)
		(void)name_columns(f, st, only, hints->columns);
	if (is_directive(f, st, f->line->head->body[HEADER_NONE])) {
		f->line->e->format = f->set->format[st->table - 1]->name;
		event_add(f->line->e, ECS_KIND, SPAN("header"));
		return 1;
	}
	return st->table != 0 ? read_row(f, st, z) : 0;
}

bool
formats_remembers(struct formats *f, uint32_t stream)
{
	return is_first(f, streams_get(f->streams, stream));
}

const struct stream *
formats_stream(struct formats *f, uint32_t stream)
{
	return streams_get(f->streams, stream);
}

void
formats_recall(struct formats *f, const struct stream *as)
{
	struct stream *st = streams_get(f->streams, as->id);

	if (st->version != as->version)
		stream_copy(st, as);
}

/* The zone of the device's clock, by the ledger: by its name, its address. */
static void
ledger_zone(const struct event_source *s, struct span host,
    struct clock_zones *z)
{
	if (z->has_device || s == NULL)
		return;
	z->has_device = s->zone_of != NULL && host.len > 0 &&
	    s->zone_of(s->ledger, host, &z->device);
	if (!z->has_device && s->has_zone) {
		z->has_device = true;
		z->device = s->zone;
	}
}

/* The format that the ledger names for the sender, whatever detects it. */
static bool
try_expected(struct formats *f, const struct clock_zones *z)
{
	const struct event_source *s = f->line->e->source;

	return s != NULL && s->expects > 0 && s->expects <= f->set->n &&
	    table_step(f->set->format[s->expects - 1]) == NULL &&
	    try_one(f, s->expects - 1, z) == 1;
}

/* A line taken out of what a log shipper put it in. */
static int
try_wrapped(struct formats *f, struct span text, const struct clock_zones *z)
{
	const struct header *outer = f->line->head;
	struct clock_zones own = *z;
	struct header head;

	if (!wrap_open(text, f->line->a, &head))
		return 0;
	ledger_zone(f->line->e->source, head.host, &own);
	f->line->head = &head;
	if (try_all(f, &own))
		return 1;
	f->line->head = outer;
	event_clear(f->line->e);
	return 0;
}

/*
 * A JSON object is what a format of JSON says, or what is wrapped in it: the
 * words of a format of text may stand in there too, with quotes that are none
 * of its own.
 */
static int
try_object(struct formats *f, struct span text, const struct clock_zones *z)
{
	int known;

	f->object = true;
	known = try_all(f, z);
	f->object = false;
	return known || try_wrapped(f, text, z);
}

int
formats_apply(struct formats *f, struct event *e, struct arena *a,
    const struct format_hints *hints)
{
	struct clock_zones z = { hints->zone, hints->has_device_zone,
		hints->device_zone, e->received ? e->received : hints->now };
	struct stream *st = streams_get(f->streams, e->stream);
	struct line *l = f->line;
	struct span text;
	size_t only = f->set->n;

	l->e = e;
	l->a = a;
	l->match = f->match;
	l->head = &f->head;
	event_clear(e);
	e->encoding = TEXT_UTF8;
	f->asked = heard_is_coded(e);
	text = f->asked ? heard_decode(st, e, &f->text, a) : e->message;
	header_parse(text, &f->head);
	if (l->trace != NULL)
		trace_line(l->trace, text, &f->head, a);
	ledger_zone(e->source, f->head.host, &z);
	if (hints->format != NULL) {
		if ((only = set_find(f->set, hints->format)) == f->set->n)
			return 0;
		if (table_step(f->set->format[only]) == NULL)
			return try_one(f, only, &z);
		if (f->set->format[only]->detect != NULL && st->table == 0 &&
		    try_format(f, only, &z, NULL))
			return 1;
	} else if ((is_first(f, st) && try_table(f, st, only, hints, &z)) ||
	    try_expected(f, &z) ||
	    (wrap_is_object(text) ? try_object(f, text, &z) : try_all(f, &z)))
		return 1;
	return try_table(f, st, only, hints, &z);
}
