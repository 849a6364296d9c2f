/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/retention.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cursor.h"
#include "common/log.h"
#include "common/text.h"
#include "evidence/manifest.h"

const char *
retention_strerror(enum retention_err e)
{
	switch (e) {
#define RETENTION_ERR(id, en, ja)                                              \
	case RETENTION_##id:                                                   \
		return tr(en, ja);
#include "evidence/retention_err_tbl.h"
#undef RETENTION_ERR
	}
	return "";
}

struct retention *
retention_new(void)
{
	struct retention *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	r->arena = arena_new();
	buf_init(&r->lines);
	return r;
}

void
retention_free(struct retention *r)
{
	if (r == NULL)
		return;
	free(r->holds);
	free(r->requests);
	free(r->gone);
	free(r->removals);
	buf_fini(&r->lines);
	arena_free(r->arena);
	free(r);
}

/* Room for one more in an array that doubles. */
static void *
grow(void *array, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return array;
	*cap = *cap * 2 + 16;
	if ((array = realloc(array, *cap * size)) == NULL)
		abort();
	return array;
}

static struct retention_hold *
hold_find(const struct retention *r, const char *id)
{
	size_t i;

	for (i = r->n_holds; i-- > 0;)
		if (strcmp(r->holds[i].act.id, id) == 0)
			return &r->holds[i];
	return NULL;
}

static struct retention_request *
request_find(const struct retention *r, const char *id)
{
	size_t i;

	for (i = r->n_requests; i-- > 0;)
		if (strcmp(r->requests[i].act.id, id) == 0)
			return &r->requests[i];
	return NULL;
}

/* A hold that stands again after its first record was deleted is still one. */
static void
take_hold(struct retention *r, const struct retention_act *a,
    const struct retention_source *from)
{
	struct retention_hold *h = hold_find(r, a->id);

	if (h == NULL) {
		r->holds = grow(r->holds, r->n_holds, &r->cap_holds,
		    sizeof(*r->holds));
		h = &r->holds[r->n_holds++];
		*h = (struct retention_hold){ *from, *a, false };
	}
	h->from.index = from->index;
}

static void
take_removal(struct retention *r, const struct retention_act *a,
    const struct retention_source *from)
{
	size_t i;

	for (i = 0; i < r->n_removals; i++)
		if (strcmp(r->removals[i].act.origin, a->origin) == 0) {
			r->removals[i].from.index = from->index;
			return;
		}
	r->removals = grow(r->removals, r->n_removals, &r->cap_removals,
	    sizeof(*r->removals));
	r->removals[r->n_removals++] = (struct retention_removal){ *from, *a };
}

static void
take_act(struct retention *r, const struct retention_act *a,
    const struct retention_source *from)
{
	struct retention_request *q = request_find(r, a->id);
	struct retention_hold *h = hold_find(r, a->id);

	switch (a->action) {
	case RETENTION_HOLD:
	case RETENTION_HOLD_LOG:
		take_hold(r, a, from);
		break;
	case RETENTION_ASK_RELEASE:
	case RETENTION_ASK_DELETE:
	case RETENTION_ASK_REMOVE:
		r->requests = grow(r->requests, r->n_requests, &r->cap_requests,
		    sizeof(*r->requests));
		r->requests[r->n_requests++] =
		    (struct retention_request){ *from, *a, false };
		break;
	case RETENTION_RELEASE:
		if (h != NULL)
			h->released = true;
		if (q != NULL)
			q->done = true;
		break;
	case RETENTION_REMOVE:
		take_removal(r, a, from);
		if (q != NULL)
			q->done = true;
		break;
	case RETENTION_DELETE:
		if (q != NULL)
			q->done = true;
		break;
	case RETENTION_APPROVE:
	case RETENTION_ACTION_COUNT:
		r->unreadable++;
		break;
	}
}

/* Where the deletion of a segment stands, or would stand. */
static size_t
gone_place(const struct retention *r, uint64_t segment)
{
	size_t lo = 0, hi = r->n_gone, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (r->gone[mid].gone.segment < segment)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
take_gone(struct retention *r, const struct retention_gone *g,
    const struct retention_source *from)
{
	size_t i = gone_place(r, g->segment);

	if (i < r->n_gone && r->gone[i].gone.segment == g->segment) {
		r->gone[i].from.index = from->index;
		return;
	}
	r->gone = grow(r->gone, r->n_gone, &r->cap_gone, sizeof(*r->gone));
	memmove(r->gone + i + 1, r->gone + i,
	    (r->n_gone - i) * sizeof(*r->gone));
	r->gone[i] = (struct retention_deletion){ *from, *g };
	r->n_gone++;
}

int
retention_take(struct retention *r, uint64_t index, const struct record *rec)
{
	struct retention_source from = { .index = index, .at = rec->rx };
	struct retention_extra extra;
	struct retention_gone g;
	struct retention_act a;
	int rc = -1;

	if (rec->kind == RECORD_OPERATOR)
		rc = retention_o1_parse(rec->body, r->arena, &a, &extra);
	else if (rec->kind != RECORD_DELETION)
		return 0;
	else if (retention_x1_parse(rec->body, r->arena, &g, &extra) == 0)
		rc = 1;
	if (rc < 0)
		r->unreadable++;
	if (rc <= 0)
		return 0;
	buf_printf(&r->lines, "%s %" PRIu64 " %" PRIu64 " ",
	    record_kind_name(rec->kind), index, rec->rx);
	buf_span(&r->lines, rec->body);
	buf_byte(&r->lines, '\n');
	from.uid = extra.uid;
	if (extra.since != 0)
		from.at = extra.since;
	if (rec->kind == RECORD_OPERATOR)
		take_act(r, &a, &from);
	else
		take_gone(r, &g, &from);
	return 1;
}

int
retention_line_take(struct retention *r, struct span line)
{
	struct cursor c = cursor_make(line);
	struct span kind = cursor_until(&c, ' ');
	struct record rec = { .kind = RECORD_DELETION };
	uint64_t index = cursor_decimal(&c, MANIFEST_INDEX_MAX);

	cursor_expect(&c, SPAN(" "));
	rec.rx = cursor_decimal(&c, RECORD_RX_MAX);
	cursor_expect(&c, SPAN(" "));
	if (span_is(kind, record_kind_name(RECORD_OPERATOR)))
		rec.kind = RECORD_OPERATOR;
	else if (!span_is(kind, record_kind_name(RECORD_DELETION)))
		return -1;
	rec.body = cursor_take(&c, cursor_left(&c));
	return !c.bad && retention_take(r, index, &rec) == 1 ? 0 : -1;
}

const struct retention_hold *
retention_held(const struct retention *r, uint64_t first, uint64_t last)
{
	const struct retention_hold *h;

	for (h = r->holds; h < r->holds + r->n_holds; h++)
		if (!h->released && h->act.action == RETENTION_HOLD &&
		    h->act.first <= last && first <= h->act.last)
			return h;
	return NULL;
}

const struct retention_hold *
retention_held_log(const struct retention *r, const char *origin)
{
	const struct retention_hold *h;

	for (h = r->holds; h < r->holds + r->n_holds; h++)
		if (!h->released && strcmp(h->act.origin, origin) == 0)
			return h;
	return NULL;
}

const struct retention_removal *
retention_removal(const struct retention *r, const char *origin)
{
	const struct retention_removal *v;

	for (v = r->removals; v < r->removals + r->n_removals; v++)
		if (strcmp(v->act.origin, origin) == 0)
			return v;
	return NULL;
}

const struct retention_hold *
retention_any_hold(const struct retention *r, const char *id)
{
	return hold_find(r, id);
}

const struct retention_hold *
retention_hold(const struct retention *r, const char *id)
{
	const struct retention_hold *h = hold_find(r, id);

	return h == NULL || h->released ? NULL : h;
}

const struct retention_request *
retention_request(const struct retention *r, const char *id)
{
	const struct retention_request *q = request_find(r, id);

	return q == NULL || q->done ? NULL : q;
}

const struct retention_deletion *
retention_deletion(const struct retention *r, uint64_t segment)
{
	size_t i = gone_place(r, segment);

	return i < r->n_gone && r->gone[i].gone.segment == segment ? &r->gone[i]
								   : NULL;
}

/* Somebody whom the site or the kernel knows as one person. */
static enum retention_err
judge_person(const struct retention_act *a, uint32_t uid,
    const struct retention_rules *rules)
{
	struct buf text;
	size_t i;
	int rc;

	if (rules->n_approvers == 0)
		return uid == 0 || uid == rules->own_uid ? RETENTION_NOBODY
							 : RETENTION_OK;
	for (i = 0; i < rules->n_approvers; i++)
		if (strcmp(rules->approver[i].name, a->by) == 0)
			break;
	if (i == rules->n_approvers)
		return RETENTION_NO_APPROVER;
	if (!a->is_signed)
		return RETENTION_NO_SIGNATURE;
	buf_init(&text);
	retention_signed_text(a, rules->origin, &text);
	rc = key_verify(rules->approver[i].key, buf_view(&text), a->sig);
	buf_fini(&text);
	return rc == 0 ? RETENTION_OK : RETENTION_BAD_SIGNATURE;
}

static bool
is_expired(const struct retention_request *q, uint64_t now)
{
	return now > q->from.at && now - q->from.at > RETENTION_REQUEST_USEC;
}

/* A name as it is compared: blanks, width and case make nobody another. */
static void
fold_name(const char *name, struct buf *out)
{
	size_t i, n = 0;

	text_fold(span_str(name), true, out);
	for (i = 0; i < out->len; i++)
		if (strchr(" \t\r\n\v\f", out->p[i]) == NULL)
			out->p[n++] = out->p[i];
	out->len = n;
}

static bool
is_blank(const char *name)
{
	struct buf folded;
	bool blank;

	buf_init(&folded);
	fold_name(name, &folded);
	blank = folded.len == 0;
	buf_fini(&folded);
	return blank;
}

static bool
same_name(const char *a, const char *b)
{
	struct buf x, y;
	bool same;

	buf_init(&x);
	buf_init(&y);
	fold_name(a, &x);
	fold_name(b, &y);
	same = span_eq(buf_view(&x), buf_view(&y));
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static enum retention_err
judge_approval(const struct retention *r, const struct retention_act *a,
    uint32_t uid, const struct retention_rules *rules)
{
	const struct retention_request *q = retention_request(r, a->id);

	/* What was asked for unsigned is not approved by one signature. */
	if (q == NULL || q->act.is_signed != (rules->n_approvers > 0))
		return RETENTION_NO_REQUEST;
	if (is_expired(q, rules->now))
		return RETENTION_EXPIRED;
	if (same_name(q->act.by, a->by) ||
	    (rules->n_approvers == 0 && q->from.uid == uid))
		return RETENTION_SAME_PERSON;
	return RETENTION_OK;
}

static bool
id_is_used(const struct retention *r, const char *id)
{
	return hold_find(r, id) != NULL || request_find(r, id) != NULL;
}

static enum retention_err
judge_request(const struct retention *r, const struct retention_act *a,
    uint64_t now)
{
	const struct retention_request *q = retention_request(r, a->id);

	if (a->action == RETENTION_ASK_RELEASE) {
		if (retention_hold(r, a->id) == NULL)
			return RETENTION_NO_HOLD;
		return q != NULL && !is_expired(q, now) ? RETENTION_ASKED
							: RETENTION_OK;
	}
	if (id_is_used(r, a->id))
		return RETENTION_ID_USED;
	return a->last - a->first >= RETENTION_SEGMENTS_MAX ? RETENTION_TOO_MANY
							    : RETENTION_OK;
}

enum retention_err
retention_judge(const struct retention *r, const struct retention_act *a,
    uint32_t uid, const struct retention_rules *rules)
{
	uint64_t now = rules->now;
	enum retention_err err;

	if ((a->at > now ? a->at - now : now - a->at) > RETENTION_CLOCK_USEC)
		return RETENTION_BAD_CLOCK;
	if (is_blank(a->by))
		return RETENTION_BAD_WORDS;
	if (a->action == RETENTION_HOLD || a->action == RETENTION_HOLD_LOG)
		return id_is_used(r, a->id) ? RETENTION_ID_USED : RETENTION_OK;
	if (a->action != RETENTION_ASK_RELEASE &&
	    a->action != RETENTION_ASK_DELETE &&
	    a->action != RETENTION_ASK_REMOVE && a->action != RETENTION_APPROVE)
		return RETENTION_BAD_WORDS;
	if ((err = judge_person(a, uid, rules)) != RETENTION_OK)
		return err;
	return a->action == RETENTION_APPROVE ? judge_approval(r, a, uid, rules)
					      : judge_request(r, a, now);
}

enum retention_err
retention_may_delete(const struct retention *r, uint64_t segment,
    uint64_t first, uint64_t last, int64_t end, uint64_t now)
{
	if (retention_deletion(r, segment) != NULL)
		return RETENTION_GONE;
	if (retention_held(r, first, last) != NULL)
		return RETENTION_HELD;
	if (end == INT64_MAX)
		return RETENTION_FOREVER;
	return end > 0 && now < (uint64_t)end ? RETENTION_NOT_PAST
					      : RETENTION_OK;
}
