/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/narrow.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"
#include "analyzer/format/wrap.h"
#include "common/literals.h"
#include "common/text.h"

/*
 * Words are looked for in small letters.  They have no byte that a device
 * writes in two ways (quotes, escapes): a line with such bytes is read.
 */
#define WORD_MIN 3   /* shorter ones stand everywhere */
#define WORDS 4096   /* in all */
#define TITLES 1024u /* of tables: each that a header must have is a bit */
#define DEEP 16	     /* cases within cases */

#define BITS (PREFILTER_MAX + TITLES)

struct narrow {
	struct literals *literals;
	uint64_t always[PREFILTER_MAX / 64]; /* formats that need no word */
	/* A table whose header has all of these bits, from at on. */
	size_t ntable;
	struct table {
		size_t at, n;
	} table[PREFILTER_MAX];
	size_t ntitle;
};

/* While it is made. */
struct draft {
	struct narrow *n;
	struct arena *a;
	const struct narrow_want *want;
	size_t nwant;
	struct literals_word *word;
	size_t nword;
	bool full;
	const struct format *f;
	/* What the cases on the way here ask for; NULL: all of them. */
	const struct cond *way[DEEP];
	size_t nway;
};

/* Words of which one must be in the line; none: it is not known. */
struct needs {
	struct span *v;
	size_t n;
};

static bool
is_plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* The longest part that is written in one way alone, in small letters. */
static struct span
word_of(struct span s, struct arena *a)
{
	struct span best = { NULL, 0 };
	size_t i = 0, from;
	uint8_t *out;

	while (i < s.len) {
		for (from = i; i < s.len && is_plain(s.p[i]); i++)
			;
		if (i - from > best.len)
			best = span_sub(s, from, i - from);
		i += i < s.len;
	}
	if (best.len < WORD_MIN)
		return span_make(NULL, 0);
	out = arena_alloc(a, best.len);
	for (i = 0; i < best.len; i++)
		out[i] = best.p[i] >= 'A' && best.p[i] <= 'Z'
		    ? best.p[i] | 0x20
		    : best.p[i];
	return span_make(out, best.len);
}

/* How much it tells: that of its shortest word. */
static size_t
worth(const struct needs *x)
{
	size_t i, least = SIZE_MAX;

	for (i = 0; i < x->n; i++)
		if (x->v[i].len < least)
			least = x->v[i].len;
	return x->n == 0 ? 0 : least;
}

static void
prefer(struct needs *best, const struct needs *x)
{
	if (worth(x) > worth(best))
		*best = *x;
}

/* Inputs whose text stands in the line as it is. */
static bool
is_slice(uint16_t slot)
{
	return slot >= SLOT_OWN || slot == SLOT_MESSAGE || slot == SLOT_LINE ||
	    slot == SLOT_SYSLOG_HOST || slot == SLOT_SYSLOG_APP ||
	    slot == SLOT_SYSLOG_MSGID;
}

static struct needs
needs_of_test(struct draft *d, const struct test *t)
{
	struct needs x = { NULL, 0 };
	size_t i;

	if (t->negate || t->empty || !is_slice(t->slot) ||
	    t->how == TEST_PRESENT || t->how == TEST_DIFFERS)
		return x;
	x.v = arena_alloc(d->a, (t->n + 1) * sizeof(*x.v));
	for (i = 0; i < t->n; i++) {
		x.v[i] = word_of(t->value[i], d->a);
		if (x.v[i].len == 0)
			return (struct needs){ NULL, 0 };
	}
	x.n = t->n;
	return x;
}

/* Of each alternative the best. */
static struct needs
needs_of_cond(struct draft *d, const struct cond *c)
{
	struct needs all = { NULL, 0 }, best, x;
	struct span *v;
	size_t i;

	for (; c != NULL; c = c->otherwise) {
		best = (struct needs){ NULL, 0 };
		for (i = 0; i < c->n; i++) {
			x = needs_of_test(d, &c->test[i]);
			prefer(&best, &x);
		}
		if (best.n == 0)
			return best;
		v = arena_alloc(d->a, (all.n + best.n) * sizeof(*v));
		if (all.n > 0)
			memcpy(v, all.v, all.n * sizeof(*v));
		memcpy(v + all.n, best.v, best.n * sizeof(*v));
		all = (struct needs){ v, all.n + best.n };
	}
	return all;
}

static void
add(struct draft *d, struct span word, uint32_t number)
{
	if (d->nword == WORDS) {
		d->full = true;
		return;
	}
	d->word[d->nword++] = (struct literals_word){ word, number };
}

/* The format may fill the field here, if the line has one of these. */
static void
found(struct draft *d, struct needs best, const struct cond *when)
{
	size_t i, number = d->f->number;
	struct needs x;

	x = needs_of_cond(d, when);
	prefer(&best, &x);
	for (i = 0; i < d->nway; i++) {
		x = needs_of_cond(d, d->way[i]);
		prefer(&best, &x);
	}
	if (best.n == 0)
		d->n->always[number / 64] |= UINT64_C(1) << number % 64;
	for (i = 0; i < best.n; i++)
		add(d, best.v[i], (uint32_t)number);
}

static bool
is_in(struct span part, struct span text)
{
	size_t i;

	for (i = 0; i + part.len <= text.len; i++)
		if (span_eq(span_sub(text, i, part.len), part))
			return true;
	return false;
}

/* Whether a constant is what is wanted. */
static bool
satisfies(struct draft *d, const struct narrow_want *w, struct span value)
{
	uint8_t *low = arena_alloc(d->a, value.len + 1);
	size_t i;

	for (i = 0; i < value.len; i++) {
		if (value.p[i] >= 0x80)
			return true; /* who knows how it is folded */
		low[i] = value.p[i] >= 'A' && value.p[i] <= 'Z'
		    ? value.p[i] | 0x20
		    : value.p[i];
	}
	return w->whole ? span_eq(w->text, span_make(low, value.len))
			: is_in(w->text, span_make(low, value.len));
}

static struct needs
needs_of_want(struct draft *d, const struct narrow_want *w)
{
	struct needs x = { arena_alloc(d->a, sizeof(*x.v)), 1 };

	x.v[0] = word_of(w->text, d->a);
	x.n = x.v[0].len > 0;
	return x;
}

static void
of_assign(struct draft *d, const struct narrow_want *w,
    const struct assign *a)
{
	const struct template *t;
	size_t i;

	for (i = 0; i < a->n; i++) {
		t = &a->value[i];
		if (t->n != 1)
			found(d, (struct needs){ NULL, 0 }, NULL);
		else if (t->part[0].slot == SLOT_NONE) {
			if (satisfies(d, w, t->part[0].text))
				found(d, (struct needs){ NULL, 0 }, NULL);
		} else if (is_slice(t->part[0].slot))
			found(d, needs_of_want(d, w), NULL);
		else
			found(d, (struct needs){ NULL, 0 }, NULL);
	}
}

static void
of_op(struct draft *d, const struct narrow_want *w, const struct op *op)
{
	const struct names_entry *e;
	struct needs x;
	size_t i, n;

	if (op->field != w->field) { /* what was none of field's type */
		found(d, (struct needs){ NULL, 0 }, op->when);
		return;
	}
	if (op->map != NULL && op->as == CONVERT_NONE && !op->map->keep &&
	    is_slice(op->slot)) {
		e = names_all(op->map->names, &n);
		for (i = 0; i < n; i++) {
			if (!satisfies(d, w, op->map->value[e[i].value]))
				continue;
			x = (struct needs){ arena_alloc(d->a, sizeof(*x.v)),
				1 };
			x.v[0] = word_of(e[i].name, d->a);
			x.n = x.v[0].len > 0;
			found(d, x, op->when);
		}
		return;
	}
	x = (struct needs){ NULL, 0 };
	if (op->map == NULL && op->type == ECS_T_KEYWORD &&
	    (op->as == CONVERT_NONE || op->as == CONVERT_LOWER ||
		op->as == CONVERT_UPPER || op->as == CONVERT_TRIM) &&
	    is_slice(op->slot))
		x = needs_of_want(d, w);
	found(d, x, op->when);
}

static void
of_fields(struct draft *d, const struct assign *a, size_t na,
    const struct op *op, size_t nop)
{
	size_t i, k;

	for (k = 0; k < d->nwant; k++) {
		for (i = 0; i < na; i++)
			if (a[i].field == d->want[k].field)
				of_assign(d, &d->want[k], &a[i]);
		for (i = 0; i < nop; i++)
			if (op[i].field == d->want[k].field ||
			    (op[i].has_other &&
				op[i].other == d->want[k].field))
				of_op(d, &d->want[k], &op[i]);
	}
}

static void
of_cases(struct draft *d, const struct case_list *list)
{
	const struct format_case *c;
	size_t i, nway = d->nway;

	for (i = 0; list != NULL && i < list->n; i++) {
		c = &list->c[i];
		if (c->when != NULL && nway < DEEP)
			d->way[d->nway++] = c->when;
		of_fields(d, c->assign, c->nassign, c->op, c->nop);
		of_cases(d, c->cases);
		d->nway = nway;
	}
}

static const struct step *
table_step(const struct format *f)
{
	return f->nstep > 0 && f->step[0].kind == STEP_CSV_HEADER ? &f->step[0]
								  : NULL;
}

/*
 * A table's header is no event, but decides how its rows are read: so it is
 * never left out.  It has a title for each column that must be there.
 */
static void
of_table(struct draft *d, const struct step *s)
{
	struct narrow *n = d->n;
	const struct names_entry *e;
	size_t i, k, count, at = n->ntitle;

	e = names_all(s->keys, &count);
	for (i = 0; i < s->n && n->ntitle < TITLES; i++) {
		for (k = 0; k < count; k++)
			if (e[k].value == s->required[i] &&
			    text_is_plain(e[k].name))
				add(d, e[k].name,
				    (uint32_t)(PREFILTER_MAX + n->ntitle));
		n->ntitle++;
	}
	d->full |= s->n == 0 || n->ntitle == TITLES;
	n->table[n->ntable++] = (struct table){ at, s->n };
}

/* Fields that are filled by what no format file says. */
static bool
is_apart(enum ecs field)
{
	return (field >= ECS_SYSLOG_FACILITY && field <= ECS_SYSLOG_MSGID) ||
	    field == ECS_MESSAGE || field == ECS_ERROR_MESSAGE ||
	    field == ECS_EVENT_SEQUENCE ||
	    field == ECS_SEQUENCE_KIND || field == ECS_SEQUENCE_SCOPE;
}

/* "header" is what the first line of a table becomes, by no format's word. */
static bool
is_usual(const struct narrow_want *w)
{
	if (is_apart(w->field) || !text_is_plain(w->text))
		return false;
	return w->field != ECS_KIND ||
	    (w->whole ? !span_is(w->text, "header")
		      : !is_in(w->text, SPAN("header")));
}

static void
of_format(struct draft *d, const struct format *f)
{
	d->f = f;
	d->nway = 0;
	of_fields(d, f->assign, f->nassign, f->op, f->nop);
	of_cases(d, f->cases);
	if (table_step(f) != NULL)
		of_table(d, table_step(f));
}

struct narrow *
narrow_make(const struct format_set *set, const struct narrow_want *want,
    size_t nwant, struct arena *a)
{
	struct draft d = { .a = a, .want = want, .nwant = nwant };
	size_t i;

	if (set->n > PREFILTER_MAX || nwant == 0)
		return NULL;
	for (i = 0; i < nwant; i++)
		if (!is_usual(&want[i]))
			return NULL;
	d.n = arena_alloc(a, sizeof(*d.n));
	memset(d.n, 0, sizeof(*d.n));
	d.word = arena_alloc(a, WORDS * sizeof(*d.word));
	for (i = 0; i < set->n; i++)
		of_format(&d, set->format[i]);
	if (!d.full && d.nword > 0)
		d.n->literals = literals_make(a, d.word, d.nword);
	return d.n->literals == NULL ? NULL : d.n;
}

/* ---- lines ---- */

struct narrow_room {
	struct header head;
	struct prefilter_found found;
	struct buf low;
};

struct narrow_room *
narrow_room_new(void)
{
	struct narrow_room *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	return r;
}

void
narrow_room_free(struct narrow_room *r)
{
	if (r == NULL)
		return;
	buf_fini(&r->low);
	free(r);
}

static bool
is_twofold(uint8_t c)
{
	return c >= 0x80 || c == '\\' || c == '&' || (c < ' ' && c != '\t');
}

/*
 * In small letters; false if it has bytes that may be written in two ways: an
 * escape, an entity, a character that is folded.
 */
static bool
lower(struct span s, struct buf *out)
{
	size_t i;

	out->len = 0;
	buf_reserve(out, s.len);
	for (i = 0; i < s.len; i++) {
		uint8_t c = s.p[i];

		if (is_twofold(c) ||
		    (c == '<' && i + 1 < s.len && s.p[i + 1] == '!'))
			return false;
		out->p[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
	}
	out->len = s.len;
	return true;
}

static bool
has_bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static bool
may_be_header(const struct narrow *n, const uint64_t *bits)
{
	size_t i, k;

	for (i = 0; i < n->ntable; i++) {
		for (k = 0; k < n->table[i].n; k++) {
			size_t bit = PREFILTER_MAX + n->table[i].at + k;

			if (!has_bit(bits, bit))
				break;
		}
		if (k == n->table[i].n)
			return true;
	}
	return false;
}

/* The formats that may know it, and one that does not by itself. */
static bool
may_be_of(const struct format_set *set, const uint64_t *bits,
    const struct event *e, struct narrow_room *room)
{
	const struct event_source *s = e->source;
	uint16_t likely;
	size_t i;

	if (s != NULL && s->format != NULL)
		return has_bit(bits, set_find(set, s->format));
	if (s != NULL && s->expects > 0 && has_bit(bits, s->expects - 1))
		return true;
	header_parse(e->message, &room->head);
	likely = guess_format(set->guess, &room->head);
	if (likely != GUESS_NONE && has_bit(bits, likely))
		return true;
	prefilter_run(set->prefilter, &room->head, &room->found);
	for (i = 0; i * 64 < set->n; i++)
		if (bits[i] & room->found.format[i])
			return true;
	return false;
}

bool
narrow_may(const struct narrow *n, struct formats *f, const struct event *e,
    struct narrow_room *room)
{
	const struct format_set *set = formats_set(f);
	uint64_t bits[BITS / 64] = { 0 };
	struct span name;
	uint64_t some = 0;
	size_t i;

	if ((e->source != NULL && e->source->encoding >= TEXT_UTF16LE) ||
	    !lower(e->message, &room->low))
		return true;
	literals_scan(n->literals, buf_view(&room->low), bits);
	if (may_be_header(n, bits))
		return true;
	for (i = 0; i * 64 < set->n; i++)
		some |= bits[i] |= n->always[i];
	if (some == 0)
		return false;
	/* One in another, or a row of a table, may be of any. */
	return wrap_is_object(e->message) ||
	    formats_columns(f, e->stream, &name, 1) > 0 ||
	    may_be_of(set, bits, e, room);
}
