/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/apply.h"

#include <string.h>

#include "analyzer/format/names.h"
#include "common/find.h"

/* Where what the rule made of these pieces is remembered, if it is. */
static struct line_clock *
clock_at(struct line *l, const struct time_rule *r, const struct span *piece)
{
	struct span last = piece[r->n - 1];
	size_t at = (uintptr_t)r / sizeof(*r);

	if (last.len > 1) /* the seconds, mostly */
		at += (size_t)last.p[last.len - 1] +
		    (size_t)last.p[last.len - 2] * 10;
	return &l->clock[at % LINE_CLOCKS];
}

/* Whether these pieces are those read last by the rule. */
static bool
same_time(const struct line_clock *c, const struct time_rule *r,
    const struct span *piece)
{
	const uint8_t *text = c->text;
	size_t i;

	if (c->rule != r)
		return false;
	for (i = 0; i < r->n; text += c->len[i] + 1, i++)
		if (!span_same(piece[i], span_make(text, c->len[i])))
			return false;
	return true;
}

static void
remember_time(struct line_clock *c, const struct time_rule *r,
    const struct span *piece, const struct stamp *s)
{
	size_t i;

	c->rule = NULL;
	for (i = 0, c->n = 0; i < r->n; i++) {
		if (c->n + piece[i].len + 1 > sizeof(c->text))
			return;
		if (i > 0)
			c->text[c->n++] = ' ';
		memcpy(c->text + c->n, piece[i].p, piece[i].len);
		c->len[i] = piece[i].len;
		c->n += piece[i].len;
	}
	c->rule = r;
	c->stamp = *s;
	c->whole = false;
}

/* The zone as it stands in the line. */
static struct span
zone_text(const struct line *l, const struct time_rule *r)
{
	return r->zone == SLOT_NONE ? span_make(NULL, 0) : l->in[r->zone];
}

/* What the line was said to be, where neither ledger nor site had a say. */
static void
remember_instant(struct line *l, const struct time_rule *r,
    const struct span *piece, const struct stamp *s)
{
	struct span zone = zone_text(l, r);
	struct line_clock *c = clock_at(l, r, piece);

	if (r->as != TIME_PATTERN || !same_time(c, r, piece) || !s->has_zone ||
	    s->c.year == 0 || r->zone == SLOT_SYSLOG_TIME ||
	    zone.len > sizeof(c->zone) || (zone.len == 0 && !r->fixed))
		return;
	c->whole = true;
	c->mark = l->e->mark;
	c->time = l->e->time;
	c->nzone = zone.len;
	if (zone.len > 0)
		memcpy(c->zone, zone.p, zone.len);
}

/* The time that one rule gives, from its inputs. */
static bool
read_time(struct line *l, const struct time_rule *r, struct stamp *s,
    struct span *piece)
{
	struct line_clock *c;
	int64_t usec;
	size_t i;

	for (i = 0; i < r->n; i++)
		if ((piece[i] = l->in[r->from[i]]).len == 0)
			return false;
	switch (r->as) {
	case TIME_STAMP:
		if (r->from[0] == SLOT_SYSLOG_TIME) {
			*s = l->head->stamp;
			return true;
		}
		return stamp_parse(piece[0], s) && s->len == piece[0].len;
	case TIME_EPOCH:
		if (!clock_epoch(piece[0], &usec))
			return false;
		memset(s, 0, sizeof(*s));
		utc_to_civil(usec, 0, &s->c);
		s->has_zone = true;
		return true;
	case TIME_PATTERN:
		c = clock_at(l, r, piece);
		if (same_time(c, r, piece)) {
			*s = c->stamp;
			return true;
		}
		if (!clock_parse(r->pattern, piece, r->n, s))
			return false;
		remember_time(c, r, piece, s);
		return true;
	}
	return false;
}

static struct span
join(const struct span *piece, size_t n, struct arena *a)
{
	size_t i, len = 0;
	uint8_t *out;

	if (n == 1)
		return piece[0];
	for (i = 0; i < n; i++)
		len += piece[i].len + 1;
	out = arena_bytes(a, len);
	for (i = 0, len = 0; i < n; i++) {
		if (i > 0)
			out[len++] = ' ';
		memcpy(out + len, piece[i].p, piece[i].len);
		len += piece[i].len;
	}
	return span_make(out, len);
}

/* The instant beside a local time: an epoch, or a stamp in UTC. */
static bool
read_beside(struct span text, int64_t *utc)
{
	struct stamp s;

	if (clock_epoch(text, utc))
		return true;
	if (!stamp_parse(text, &s) || s.len != text.len || s.c.year == 0)
		return false;
	*utc = utc_from_civil(&s.c, s.has_zone ? s.zone : 0);
	return true;
}

static void
find_zone(struct line *l, const struct time_rule *r, struct stamp *s)
{
	struct span text;
	int64_t utc;

	if (s->has_zone)
		return;
	if (r->fixed) {
		s->has_zone = true;
		s->zone = r->seconds;
	} else if (r->zone == SLOT_SYSLOG_TIME) { /* that of the head's stamp */
		s->has_zone = l->head->stamp.has_zone;
		s->zone = l->head->stamp.zone;
	} else if (r->zone != SLOT_NONE && (text = l->in[r->zone]).len > 0) {
		s->has_zone = stamp_zone(text, &s->zone) == 0;
		s->odd_zone = !s->has_zone;
	}
	if (!s->has_zone && r->epoch != SLOT_NONE &&
	    read_beside(l->in[r->epoch], &utc))
		s->has_zone = clock_zone_of(s, utc, &s->zone);
}

/* What RFC 5424, 7.1 lets a sender say of its clock. */
static void
take_quality(struct span sd, uint8_t *mark)
{
	static const char name[] = "[timeQuality ";
	const uint8_t *from, *end;
	struct span part;

	if (!span_starts(sd, SPAN("[timeQuality ")) &&
	    !span_starts(sd, SPAN("[meta ")))
		return;
	from = memmem(sd.p, sd.len, name, sizeof(name) - 1);
	if (from == NULL)
		return;
	part = span_sub(sd, (size_t)(from - sd.p), sd.len);
	end = memchr(part.p, ']', part.len);
	part.len = end == NULL ? part.len : (size_t)(end - part.p);
	if (find_part(part, SPAN("isSynced=\"0\"")))
		*mark |= EVENT_MARK_UNSYNCED;
	if (find_part(part, SPAN("tzKnown=\"0\"")))
		*mark |= EVENT_MARK_ZONE;
}

/*
 * Whether the receive time can stand in for the device's: what is imported or
 * replayed was received when it was written down here.
 */
static bool
stands_in(const struct event *e)
{
	return e->received != 0 &&
	    (e->source == NULL ||
		(!e->source->replay &&
		    !span_is(e->source->transport, "import")));
}

static void
set_time(struct line *l, const struct clock_zones *zones, const struct stamp *s)
{
	l->e->time = clock_resolve(s, zones, &l->e->clock, &l->e->mark);
	take_quality(l->head->sd, &l->e->mark);
}

/*
 * No rule gave an instant for certain.  vague: the one whose zone has a name
 * that stands for several, or NULL.
 */
static void
keep_time(struct line *l, const struct clock_zones *zones,
    const struct stamp *vague)
{
	if (vague != NULL) {
		l->fault = "the zone of the device time is not known";
		l->e->mark |= EVENT_MARK_ZONE;
		if (!stands_in(l->e))
			set_time(l, zones, vague);
	} else if (l->in[SLOT_SYSLOG_UPTIME].len > 0) {
		l->e->time_text = l->in[SLOT_SYSLOG_UPTIME];
		l->e->mark |= EVENT_MARK_UPTIME;
	}
}

/* The same second in the same zone as in the line before. */
static bool
is_repeated(struct line *l)
{
	const struct time_rule *r = l->f->time;
	const struct line_clock *c;
	struct span piece[TIME_PIECES];
	uint8_t *out;
	size_t i;

	if (l->f->ntime == 0 || r->as != TIME_PATTERN || l->trace != NULL)
		return false;
	for (i = 0; i < r->n; i++)
		if ((piece[i] = l->in[r->from[i]]).len == 0)
			return false;
	c = clock_at(l, r, piece);
	if (!c->whole || !same_time(c, r, piece) ||
	    !span_eq(zone_text(l, r), span_make(c->zone, c->nzone)))
		return false;
	l->e->time_text = piece[0];
	if (r->n > 1) {
		out = arena_bytes(l->a, sizeof(c->text));
		memcpy(out, c->text, sizeof(c->text));
		l->e->time_text = span_make(out, c->n);
	}
	l->e->time = c->time;
	l->e->clock = EVENT_CLOCK_OFFSET;
	l->e->mark = c->mark;
	take_quality(l->head->sd, &l->e->mark);
	return true;
}

/* By the rules of the format, one after another. */
static __attribute__((noinline)) void
read_rules(struct line *l, const struct clock_zones *zones)
{
	struct span piece[TIME_PIECES];
	struct stamp s, vague = { .odd_zone = false };
	size_t i;

	for (i = 0; i < l->f->ntime; i++) {
		const struct time_rule *r = &l->f->time[i];

		if (!read_time(l, r, &s, piece))
			continue;
		find_zone(l, r, &s);
		if (vague.odd_zone && !s.has_zone)
			continue; /* it would know no better */
		l->e->time_text = join(piece, r->n, l->a);
		if (l->trace != NULL)
			trace_add(l->trace, TRACE_TIME, r, SPAN(""));
		if (!s.odd_zone || s.has_zone || zones->has_device) {
			l->e->time =
			    clock_resolve(&s, zones, &l->e->clock, &l->e->mark);
			remember_instant(l, r, piece, &s);
			take_quality(l->head->sd, &l->e->mark);
			return;
		}
		vague = s;
	}
	keep_time(l, zones, vague.odd_zone ? &vague : NULL);
}

void
apply_time(struct line *l, const struct clock_zones *zones)
{
	if (!is_repeated(l))
		read_rules(l, zones);
}
