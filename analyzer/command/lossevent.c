/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/lossevent.h"

#include <string.h>

#include "analyzer/ledger/address.h"
#include "evidence/gap.h"

#define REASON 400 /* bytes of the words; then cut */

static struct span
word(const struct evread_record *rec, const char *key, struct arena *a)
{
	struct span s = { NULL, 0 };
	struct buf value;

	buf_init(&value);
	if (record_word_get(rec->r.body, key, &value) == 1)
		s = arena_copy(a, buf_view(&value));
	buf_fini(&value);
	return s;
}

/* Its words as they stand, without those of other fields and of no meaning. */
static struct span
reason(struct span body, struct arena *a)
{
	struct buf out;
	struct span s;
	size_t i = 0, n;

	buf_init(&out);
	while (i < body.len) {
		for (n = i; n < body.len && body.p[n] != ' '; n++)
			;
		s = span_sub(body, i, n - i);
		i = n + 1;
		if (span_starts(s, SPAN("kind=")) ||
		    span_starts(s, SPAN("from=")) ||
		    span_starts(s, SPAN("until=")) ||
		    span_starts(s, SPAN("stream=")) ||
		    span_starts(s, SPAN("data=")) ||
		    (s.len > 2 && span_eq(span_sub(s, s.len - 2, 2),
				      SPAN("=-"))))
			continue;
		if (out.len + s.len > REASON)
			break;
		buf_str(&out, out.len > 0 ? " " : "");
		buf_span(&out, s);
	}
	s = arena_copy(a, buf_view(&out));
	buf_fini(&out);
	return s;
}

/* An event that konseki makes itself. */
static void
begin(struct event *e, const char *origin, uint64_t index, int64_t at)
{
	static const struct event_source source = {
		.listener = { (const uint8_t *)"konseki", 7 },
		.transport = { (const uint8_t *)"konseki", 7 },
	};

	event_clear(e);
	e->origin = origin;
	e->index = index;
	memset(e->leaf, 0, sizeof(e->leaf));
	e->stream = 0;
	e->received = e->time = at;
	e->clock = EVENT_CLOCK_NONE;
	e->mark = 0;
	e->source = &source;
	e->message = e->time_text = (struct span){ NULL, 0 };
	e->format = LOSSEVENT_FORMAT;
	event_add(e, ECS_KIND, SPAN("evidence-loss"));
}

bool
lossevent_make(const struct evread_record *rec, const char *origin,
    struct arena *a, struct event *e)
{
	struct span kind, why, peer;
	struct address ip;

	if (rec->r.kind != RECORD_GAP)
		return false;
	kind = word(rec, "kind", a);
	if (kind.len == 0)
		return false;
	begin(e, origin, rec->index, (int64_t)rec->r.rx);
	memcpy(e->leaf, rec->leaf, sizeof(e->leaf));
	e->message = rec->r.body;
	event_add(e, ECS_EVENT_ACTION, kind);
	why = reason(rec->r.body, a);
	event_add(e, ECS_EVENT_REASON,
	    why.len == 0 ? kind
			 : span_str(arena_printf(a, "%.*s %.*s", (int)kind.len,
			       (const char *)kind.p, (int)why.len,
			       (const char *)why.p)));
	peer = word(rec, "peer", a);
	if (address_parse(peer, &ip) == 0)
		event_add(e, ECS_SOURCE_IP, peer);
	return true;
}

void
lossevent_verified(const struct verify_result *r, const char *log,
    struct arena *a, struct event *e)
{
	int64_t at = (int64_t)(r->bad_time != UINT64_MAX && r->bad_time != 0
		? r->bad_time
		: r->sealed_time != 0 ? r->sealed_time
				      : r->last_time);
	const char *why = arena_printf(a, "verification log=%s", log);

	if (r->bad_file[0] != '\0')
		why = arena_printf(a, "%s file=%s", why, r->bad_file);
	if (r->bad_index != UINT64_MAX)
		why = arena_printf(a, "%s record=%llu", why,
		    (unsigned long long)r->bad_index);
	if (r->bad_offset != UINT64_MAX)
		why = arena_printf(a, "%s offset=%llu", why,
		    (unsigned long long)r->bad_offset);
	begin(e, arena_str(a, span_str(r->origin)), EVENT_NO_RECORD, at);
	event_add(e, ECS_EVENT_ACTION, SPAN("verification"));
	event_add(e, ECS_EVENT_REASON, span_str(why));
}
