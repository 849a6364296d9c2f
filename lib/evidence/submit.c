/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/submit.h"

#include <assert.h>

#include "common/log.h"
#include "common/num.h"

/* Indexes and sizes stay below 10^12 (FORMAT.md, 1). */
#define SUBMIT_INDEX_MAX UINT64_C(999999999999)

static const struct {
	const char *name, *en, *ja;
} errors[] = {
#define SUBMIT_ERR(id, name, en, ja) { name, en, ja },
#include "evidence/submit_err_tbl.h"
#undef SUBMIT_ERR
};

static const char letters[] = { [SUBMIT_OPEN] = 'O',
	[SUBMIT_RECORDS] = 'R',
	[SUBMIT_OPERATOR] = 'P',
	[SUBMIT_END] = 'E',
	[SUBMIT_SEAL] = 'S',
	[SUBMIT_RETAIN] = 'H',
	[SUBMIT_CLOSE] = 'C',
	[SUBMIT_NEWEST] = 'N',
	[SUBMIT_COSIGNATURE] = 'W',
	[SUBMIT_TOKEN] = 'T',
	[SUBMIT_GAP] = 'G' };

const char *
submit_strerror(enum submit_err e)
{
	assert(e < SUBMIT_ERR_COUNT);
	return tr(errors[e].en, errors[e].ja);
}

void
submit_request_print(const struct submit_request *r, struct buf *out)
{
	buf_byte(out, (uint8_t)letters[r->what]);
	switch (r->what) {
	case SUBMIT_OPEN:
	case SUBMIT_OPERATOR:
	case SUBMIT_RETAIN:
	case SUBMIT_GAP:
		buf_span(out, r->log);
		buf_byte(out, '\n');
		buf_span(out, r->words);
		break;
	case SUBMIT_RECORDS:
		buf_span(out, r->parts);
		break;
	case SUBMIT_END:
		buf_span(out, r->words);
		break;
	case SUBMIT_SEAL:
	case SUBMIT_NEWEST:
	case SUBMIT_CLOSE:
		buf_span(out, r->log);
		break;
	case SUBMIT_COSIGNATURE:
	case SUBMIT_TOKEN:
		buf_span(out, r->log);
		buf_byte(out, '\n');
		buf_span(out, r->file);
		break;
	}
}

void
submit_part_print(const struct submit_part *p, struct buf *out)
{
	assert(p->bytes.len < SUBMIT_MESSAGE_MAX);
	buf_byte(out, (uint8_t)(p->flags | (p->more ? SUBMIT_MORE : 0)));
	buf_byte(out, (uint8_t)(p->bytes.len >> 16));
	buf_byte(out, (uint8_t)(p->bytes.len >> 8));
	buf_byte(out, (uint8_t)p->bytes.len);
	buf_span(out, p->bytes);
}

void
submit_answer_print(const struct submit_answer *a, struct buf *out)
{
	switch (a->what) {
	case SUBMIT_OPENED:
		buf_printf(out, "o%lu", (unsigned long)a->stream);
		break;
	case SUBMIT_SEALED:
		buf_printf(out, "s%llu %llu %llu %llu\n",
		    (unsigned long long)a->first, (unsigned long long)a->last,
		    (unsigned long long)a->n, (unsigned long long)a->size);
		buf_span(out, a->note);
		break;
	case SUBMIT_REFUSED:
		buf_printf(out, "x%s\n", errors[a->err].name);
		buf_span(out, a->text);
		break;
	case SUBMIT_NOTE:
		buf_byte(out, 'n');
		buf_span(out, a->note);
		break;
	case SUBMIT_KEPT:
		buf_printf(out, "k%llu", (unsigned long long)a->first);
		break;
	}
}

/* Names are what the configuration allows for a log: a-z 0-9 and '-'. */
static bool
name_ok(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
			return false;
	return s.len > 0 && s.len <= SUBMIT_LOG_MAX;
}

int
submit_part_next(struct cursor *c, struct submit_part *p)
{
	struct span head, none = { NULL, 0 };

	*p = (struct submit_part){ 0, false, none };
	if (cursor_left(c) == 0)
		return 0;
	head = cursor_take(c, SUBMIT_PART_HEAD);
	if (c->bad)
		return 0;
	p->flags = head.p[0] & ~SUBMIT_MORE;
	p->more = (head.p[0] & SUBMIT_MORE) != 0;
	p->bytes = cursor_take(c,
	    (size_t)head.p[1] << 16 | (size_t)head.p[2] << 8 | head.p[3]);
	return !c->bad;
}

/* At least one part, and nothing that a record cannot be. */
static int
parts_check(struct span parts)
{
	const unsigned known =
	    RECORD_CUT | RECORD_PARTIAL | RECORD_IMPORTED | RECORD_DUPLICATE;
	struct cursor c = cursor_make(parts);
	struct submit_part p;

	while (submit_part_next(&c, &p))
		if ((p.flags & ~known) != 0 || (p.more && p.bytes.len == 0))
			return -1;
	return parts.len > 0 && cursor_done(&c) ? 0 : -1;
}

int
submit_request_parse(struct span in, struct submit_request *r)
{
	struct cursor c = cursor_make(in);
	struct span letter = cursor_take(&c, 1), rest;
	size_t i;

	*r = (struct submit_request){ 0 };
	if (c.bad || in.len > SUBMIT_MESSAGE_MAX)
		return -1;
	for (i = 0; i < sizeof(letters) && letters[i] != letter.p[0]; i++)
		continue;
	if (i == sizeof(letters))
		return -1;
	r->what = (enum submit_what)i;
	if (r->what == SUBMIT_OPEN || r->what == SUBMIT_OPERATOR ||
	    r->what == SUBMIT_RETAIN || r->what == SUBMIT_COSIGNATURE ||
	    r->what == SUBMIT_TOKEN || r->what == SUBMIT_GAP)
		r->log = cursor_until(&c, '\n');
	rest = cursor_take(&c, cursor_left(&c));
	if (c.bad)
		return -1;
	switch (r->what) {
	case SUBMIT_OPEN:
	case SUBMIT_OPERATOR:
	case SUBMIT_RETAIN:
	case SUBMIT_GAP:
		r->words = rest;
		return name_ok(r->log) && rest.len <= SUBMIT_WORDS_MAX ? 0 : -1;
	case SUBMIT_RECORDS:
		r->parts = rest;
		return parts_check(rest);
	case SUBMIT_END:
		r->words = rest;
		return name_ok(rest) ? 0 : -1;
	case SUBMIT_SEAL:
	case SUBMIT_NEWEST:
	case SUBMIT_CLOSE:
		r->log = rest;
		return name_ok(rest) ? 0 : -1;
	case SUBMIT_COSIGNATURE:
	case SUBMIT_TOKEN:
		r->file = rest;
		return name_ok(r->log) && rest.len > 0 ? 0 : -1;
	}
	return -1;
}

static int
sealed_parse(struct cursor *c, struct submit_answer *a)
{
	a->what = SUBMIT_SEALED;
	a->first = cursor_decimal(c, SUBMIT_INDEX_MAX);
	cursor_expect(c, SPAN(" "));
	a->last = cursor_decimal(c, SUBMIT_INDEX_MAX);
	cursor_expect(c, SPAN(" "));
	a->n = cursor_decimal(c, SUBMIT_INDEX_MAX);
	cursor_expect(c, SPAN(" "));
	a->size = cursor_decimal(c, SUBMIT_INDEX_MAX);
	cursor_expect(c, SPAN("\n"));
	a->note = cursor_take(c, cursor_left(c));
	if (!cursor_done(c) || a->note.len > SUBMIT_NOTE_MAX)
		return -1;
	if (a->n == 0)
		return a->first == 0 && a->last == 0 ? 0 : -1;
	return a->first <= a->last && a->last < a->size &&
		a->n <= a->last - a->first + 1
	    ? 0
	    : -1;
}

static int
refused_parse(struct cursor *c, struct submit_answer *a)
{
	struct span name = cursor_until(c, '\n');
	size_t i;

	a->what = SUBMIT_REFUSED;
	a->text = cursor_take(c, cursor_left(c));
	if (!cursor_done(c))
		return -1;
	for (i = SUBMIT_OK + 1; i < SUBMIT_ERR_COUNT; i++)
		if (span_is(name, errors[i].name)) {
			a->err = (enum submit_err)i;
			return 0;
		}
	return -1;
}

int
submit_answer_parse(struct span in, struct submit_answer *a)
{
	struct cursor c = cursor_make(in);
	struct span letter = cursor_take(&c, 1);

	*a = (struct submit_answer){ 0 };
	if (c.bad || in.len > SUBMIT_MESSAGE_MAX)
		return -1;
	switch (letter.p[0]) {
	case 'o':
		a->what = SUBMIT_OPENED;
		a->stream = (uint32_t)cursor_decimal(&c, UINT32_MAX);
		return cursor_done(&c) && a->stream > 0 ? 0 : -1;
	case 's':
		return sealed_parse(&c, a);
	case 'x':
		return refused_parse(&c, a);
	case 'n':
		a->what = SUBMIT_NOTE;
		a->note = cursor_take(&c, cursor_left(&c));
		return a->note.len > 0 && a->note.len <= SUBMIT_NOTE_MAX ? 0
									 : -1;
	case 'k':
		a->what = SUBMIT_KEPT;
		a->first = cursor_decimal(&c, SUBMIT_INDEX_MAX);
		return cursor_done(&c) ? 0 : -1;
	default:
		return -1;
	}
}
