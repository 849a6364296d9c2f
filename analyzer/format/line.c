/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/line.h"

#include <string.h>

#include "analyzer/format/kv_order.h"
#include "analyzer/format/memo.h"
#include "common/find.h"

bool
line_absent_value(const struct format *f, struct span v)
{
	size_t i;

	for (i = 0; i < f->nabsent; i++)
		if (span_same(f->absent[i], v))
			return true;
	return false;
}

_Static_assert(MODEL_SLOTS % 4 == 0, "inputs are forgotten by four");

void
line_reset(struct line *l, const struct format *f)
{
	size_t i;

	/* Four at a time: those behind the last have no value as it is. */
	for (i = 0; i < l->nused; i += 4) {
		l->in[l->used[i]].len = 0;
		l->in[l->used[i + 1]].len = 0;
		l->in[l->used[i + 2]].len = 0;
		l->in[l->used[i + 3]].len = 0;
	}
	l->nused = 0;
	l->f = f;
	l->fault = NULL;
	l->draft = NULL;
	memset(l->at, 0, sizeof(l->at));
	event_clear(l->e);
}

struct kv_order *
line_order(struct line *l)
{
	struct kv_order **o;

	if (l->order == NULL)
		return NULL;
	o = &l->order[l->f->number];
	if (*o == NULL)
		*o = kv_order_new();
	return *o;
}

/* Words are many and most differ at once: without a call for those. */
static bool
starts_so(struct span v, const struct test *t)
{
	const struct span *w = t->value, *end = w + t->n;

	for (; w < end; w++)
		if (w->len == 0 ||
		    (w->len <= v.len && w->p[0] == v.p[0] &&
			memcmp(v.p, w->p, w->len) == 0))
			return true;
	return false;
}

static bool
ends_so(struct span v, const struct test *t)
{
	const struct span *w = t->value, *end = w + t->n;

	for (; w < end; w++)
		if (v.len >= w->len &&
		    memcmp(v.p + v.len - w->len, w->p, w->len) == 0)
			return true;
	return false;
}

static bool
has_so(struct span v, const struct test *t)
{
	const struct span *w = t->value, *end = w + t->n;

	for (; w < end; w++)
		if (find_part(v, *w) != NULL)
			return true;
	return false;
}

static bool
is_so(struct span v, const struct test *t)
{
	const struct span *w = t->value, *end = w + t->n;

	for (; w < end; w++)
		if (span_same(v, *w))
			return true;
	return false;
}

bool
line_test(const struct test *t, struct span v)
{
	switch ((enum test_how)t->how) {
	case TEST_IS:
		return is_so(v, t) != t->negate;
	case TEST_STARTS:
		return starts_so(v, t) != t->negate;
	case TEST_ENDS:
		return ends_so(v, t) != t->negate;
	case TEST_CONTAINS:
		return has_so(v, t) != t->negate;
	case TEST_PRESENT:
		return (v.len > 0) != t->negate;
	case TEST_DIFFERS:
		break;
	}
	return t->negate;
}

bool
line_asks(const struct line *l, const struct test *t)
{
	struct span v = l->in[t->slot];

	if (t->how == TEST_DIFFERS)
		return !span_eq(v, l->in[t->other]);
	if (v.len == 0 && !t->empty && t->how != TEST_PRESENT)
		return t->negate;
	return line_test(t, v);
}

static bool
holds(const struct line *l, const struct test *t)
{
	bool yes = line_asks(l, t);

	if (l->draft != NULL)
		memo_tested(l->draft, l, t, yes);
	return yes;
}

bool
line_holds(const struct line *l, const struct cond *c)
{
	size_t i;

	if (c == NULL)
		return true;
	for (; c != NULL; c = c->otherwise) {
		for (i = 0; i < c->n; i++)
			if (!holds(l, &c->test[i]))
				break;
		if (i == c->n)
			return true;
	}
	return false;
}

struct span
line_text(const struct line *l, const struct template *t)
{
	size_t i, len = 0;
	uint8_t *out;

	if (t->n == 1)
		return t->part[0].slot == SLOT_NONE ? t->part[0].text
						    : l->in[t->part[0].slot];
	for (i = 0; i < t->n; i++) {
		if (t->part[i].slot == SLOT_NONE)
			len += t->part[i].text.len;
		else if (l->in[t->part[i].slot].len == 0)
			return (struct span){ NULL, 0 };
		else
			len += l->in[t->part[i].slot].len;
	}
	out = arena_bytes(l->a, len);
	for (i = 0, len = 0; i < t->n; i++) {
		struct span s = t->part[i].slot == SLOT_NONE
		    ? t->part[i].text
		    : l->in[t->part[i].slot];

		memcpy(out + len, s.p, s.len);
		len += s.len;
	}
	return span_make(out, len);
}

static struct span
map_value(const struct map *m, struct span text)
{
	uint32_t i = names_find(m->names, text);

	if (i != NAMES_NONE)
		return m->value[i];
	return m->keep ? text : (struct span){ NULL, 0 };
}

struct span
line_value(const struct op *op, struct span *text, struct arena *a)
{
	if (op->map != NULL)
		*text = map_value(op->map, *text);
	if (line_is_plain(op))
		return *text; /* most are: without the call */
	return convert_value(op->as, op->type, *text, a);
}
