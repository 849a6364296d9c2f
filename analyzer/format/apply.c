/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/apply.h"

#include <string.h>

#include "analyzer/format/prefilter.h"
#include "analyzer/format/step.h"
#include "analyzer/format/unescape.h"
#include "common/find.h"

static bool
contains(struct span text, struct span part)
{
	return find_part(text, part) != NULL;
}

/* The same for a word of a detection, of which the line's words may tell. */
static bool
has_word(struct span text, struct span part, uint16_t word,
    const uint64_t *words)
{
	return (words == NULL || word == PREFILTER_NO_WORD ||
		   (words[word / 64] >> word % 64 & 1)) &&
	    contains(text, part);
}

bool
apply_detect(const struct detect *d, struct span text, const struct header *h,
    struct regex_match *m, const uint64_t *words)
{
	size_t i;

	for (i = 0; i < d->napp && !span_eq(d->app[i], h->app); i++)
		;
	if (d->napp > 0 && i == d->napp)
		return false;
	for (i = 0; i < d->nstart && !span_starts(text, d->start[i]); i++)
		;
	if (d->nstart > 0 && i == d->nstart)
		return false;
	for (i = 0; i < d->nall; i++)
		if (!has_word(text, d->all[i], d->all_word[i], words))
			return false;
	for (i = 0; i < d->nany &&
	     !has_word(text, d->any[i], d->any_word[i], words);
	     i++)
		;
	if (d->nany > 0 && i == d->nany)
		return false;
	return d->pattern == NULL || regex_search(d->pattern, m, text) == 1;
}

bool
apply_detects(const struct format *f, const struct header *h,
    struct regex_match *m, const uint64_t *words)
{
	const struct detect *d;

	for (d = f->detect; d != NULL; d = d->otherwise)
		if (apply_detect(d, h->body[f->header], h, m, words))
			return true;
	return false;
}

/* The priority as a number: it may be written "01", or "local0.info". */
static struct span
priority(const struct line *l, const struct header *h)
{
	struct span t = h->pri_text;
	char *out;

	if (h->pri < 0 || (t.len > 0 && t.p[0] >= '1' && t.p[0] <= '9') ||
	    t.len == 1)
		return t;
	out = arena_printf(l->a, "%d", h->pri);
	return span_str(out);
}

void
apply_begin(struct line *l, const struct format *f)
{
	const struct header *h = l->head;

	if (l->trace != NULL)
		trace_begin(l->trace);
	line_reset(l, f);
	line_put(l, SLOT_LINE, h->body[HEADER_NONE]);
	line_put(l, SLOT_MESSAGE,
	    f->unescape ? unescape(h->body[f->header], l->a)
			: h->body[f->header]);
	if (l->e->source != NULL)
		line_put(l, SLOT_PEER, l->e->source->peer);
	if (f->header >= HEADER_PRI)
		line_put(l, SLOT_SYSLOG_PRI, priority(l, h));
	if (f->header >= HEADER_TIME) {
		if (h->has_stamp)
			line_put(l, SLOT_SYSLOG_TIME, h->stamp_text);
		line_put(l, SLOT_SYSLOG_UPTIME, h->uptime);
		line_put(l, SLOT_SYSLOG_SEQUENCE, h->sequence);
	}
	if (f->header >= HEADER_HOST) {
		line_put(l, SLOT_SYSLOG_HOST, h->host);
		line_put(l, SLOT_SYSLOG_RELAY, h->relay);
	}
	if (f->header < HEADER_TAG)
		return;
	line_put(l, SLOT_SYSLOG_APP, h->app);
	line_put(l, SLOT_SYSLOG_PID, h->pid);
	line_put(l, SLOT_SYSLOG_MSGID, h->msgid);
	line_put(l, SLOT_SYSLOG_SD, h->sd);
	line_put(l, SLOT_SYSLOG_LEVEL, h->level);
}

static void
run_assign(struct line *l, const struct assign *a, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (l->at[a[i].field])
			continue;
		if (a[i].n == 0)
			line_forbid(l, a[i].field);
		if (a[i].n == 0 && l->trace != NULL)
			trace_add(l->trace, TRACE_SET, &a[i], SPAN(""));
		for (k = 0; k < a[i].n; k++) {
			struct span text = line_text(l, &a[i].value[k]);

			if (l->trace != NULL && text.len > 0)
				trace_add(l->trace, TRACE_SET, &a[i], text);
			if (k == 0)
				line_set(l, a[i].field, text);
			else
				event_add(l->e, a[i].field, text);
		}
	}
}

static struct span
map_value(const struct map *m, struct span text)
{
	uint32_t i = names_find(m->names, text);

	if (i != NAMES_NONE)
		return m->value[i];
	return m->keep ? text : (struct span){ NULL, 0 };
}

/* What came of an input, for who asked. */
static void
note(const struct line *l, const struct op *op, enum trace_end end,
    struct span value)
{
	if (l->trace != NULL)
		trace_field(l->trace, op, end, value);
}

static void
set_field(struct line *l, const struct op *op, struct span value,
    struct span text)
{
	if (value.len > 0) {
		note(l, op, l->at[op->field] ? TRACE_DECIDED : TRACE_TAKEN,
		    value);
		line_set(l, op->field, value);
	} else if (op->has_other) {
		note(l, op, l->at[op->other] ? TRACE_DECIDED : TRACE_OTHER,
		    text);
		line_set(l, op->other, text);
	} else
		note(l, op, TRACE_NONE, text);
}

static void
run_op(struct line *l, const struct op *op)
{
	struct span text = l->in[op->slot], value;

	if (text.len == 0)
		return;
	if (l->at[op->field] && !op->has_other) {
		note(l, op, TRACE_DECIDED, text);
		return;
	}
	if (op->when != NULL && !line_holds(l, op->when)) {
		note(l, op, TRACE_WHEN, text);
		return;
	}
	if (op->map != NULL)
		text = map_value(op->map, text);
	if (op->as == CONVERT_NONE && op->type <= ECS_T_KEYWORD)
		value = text; /* most are: without the call */
	else
		value = convert_value(op->as, op->type, text, l->a);
	set_field(l, op, value, text);
}

static void
run_ops(struct line *l, const struct op *op, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		run_op(l, &op[i]);
}

/* The same for those of the file, which are many: by the inputs there are. */
static void
run_indexed(struct line *l, const struct op *op, const struct op_index *index)
{
	uint64_t todo[OP_WORDS] = { 0 };
	size_t i, w;

	for (i = 0; i < l->nused; i++)
		for (w = 0; w < index->words; w++)
			todo[w] |= index->of[l->used[i]][w];
	for (w = 0; w < index->words; w++)
		for (; todo[w] != 0; todo[w] &= todo[w] - 1)
			run_op(l,
			    &op[w * 64 + (size_t)__builtin_ctzll(todo[w])]);
}

static bool run_cases(struct line *l, const struct case_list *list);

static bool
run_case(struct line *l, const struct format_case *c)
{
	if (!line_holds(l, c->when))
		return false;
	if (c->match != NULL && !step_match(c->match, l))
		return false;
	if (l->trace != NULL) {
		trace_add(l->trace, TRACE_CASE, c, SPAN(""));
		l->trace->depth++;
	}
	if (c->cases != NULL)
		(void)run_cases(l, c->cases);
	run_assign(l, c->assign, c->nassign);
	run_ops(l, c->op, c->nop);
	if (l->trace != NULL)
		l->trace->depth--;
	return true;
}

/* The first case that applies, or more where one says `next`. */
static bool
run_cases(struct line *l, const struct case_list *list)
{
	const uint16_t *chain = NULL;
	bool applied = false;
	uint32_t i;

	if (list->index != NULL) {
		i = names_find(list->index, l->in[list->by]);
		chain = i == NAMES_NONE ? list->rest : list->chain[i];
	}
	for (i = 0; chain != NULL ? *chain != SLOT_NONE : i < list->n; i++) {
		const struct format_case *c =
		    &list->c[chain != NULL ? *chain++ : i];

		if (!run_case(l, c))
			continue;
		applied = true;
		if (!c->next)
			break;
	}
	return applied;
}

/* Whether these pieces are those read last by the rule; *n = their bytes. */
static bool
same_time(const struct line_clock *c, const struct time_rule *r,
    const struct span *piece)
{
	size_t i, at = 0;

	if (c->rule != r)
		return false;
	for (i = 0; i < r->n; i++) {
		if (at + piece[i].len >= c->n ||
		    memcmp(c->text + at, piece[i].p, piece[i].len) != 0 ||
		    c->text[at + piece[i].len] != '\0')
			return false;
		at += piece[i].len + 1;
	}
	return at == c->n;
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
		memcpy(c->text + c->n, piece[i].p, piece[i].len);
		c->text[c->n + piece[i].len] = '\0';
		c->n += piece[i].len + 1;
	}
	c->rule = r;
	c->stamp = *s;
}

/* The time that one rule gives, from its inputs. */
static bool
read_time(struct line *l, const struct time_rule *r, struct stamp *s,
    struct span *piece)
{
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
		if (same_time(&l->clock, r, piece)) {
			*s = l->clock.stamp;
			return true;
		}
		if (!clock_parse(r->pattern, piece, r->n, s))
			return false;
		remember_time(&l->clock, r, piece, s);
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
	out = arena_alloc(a, len);
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
	if (contains(part, SPAN("isSynced=\"0\"")))
		*mark |= EVENT_MARK_UNSYNCED;
	if (contains(part, SPAN("tzKnown=\"0\"")))
		*mark |= EVENT_MARK_ZONE;
}

/* RFC 5424, 7.3.1: the sender's count of what it sent to us. */
static void
take_sequence(struct line *l)
{
	static const char name[] = " sequenceId=\"";
	struct span sd = l->head->sd;
	const uint8_t *from, *end;

	if (sd.len == 0 || (from = find_part(sd, span_str(name))) == NULL)
		return;
	sd = span_sub(sd, (size_t)(from - sd.p) + sizeof(name) - 1, sd.len);
	end = sd.len == 0 ? NULL : memchr(sd.p, '"', sd.len);
	if (end == NULL || l->at[ECS_EVENT_SEQUENCE])
		return;
	sd.len = (size_t)(end - sd.p);
	sd = convert_value(CONVERT_NONE, ECS_T_NUMBER, sd, l->a);
	line_set(l, ECS_EVENT_SEQUENCE, sd);
	if (sd.len > 0)
		line_set(l, ECS_SEQUENCE_SCOPE, SPAN("sequenceId"));
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

static void
run_time(struct line *l, const struct clock_zones *zones)
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
			set_time(l, zones, &s);
			return;
		}
		vague = s;
	}
	keep_time(l, zones, vague.odd_zone ? &vague : NULL);
}

/* What the head says, under the names that ECS has for it. */
static void
run_head(struct line *l)
{
	static const char n[24][3] = { "0", "1", "2", "3", "4", "5", "6", "7",
		"8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18",
		"19", "20", "21", "22", "23" };
	const struct header *h = l->head;

	line_set(l, ECS_SYSLOG_HOSTNAME, l->in[SLOT_SYSLOG_HOST]);
	line_set(l, ECS_SYSLOG_APPNAME, l->in[SLOT_SYSLOG_APP]);
	line_set(l, ECS_SYSLOG_PROCID, l->in[SLOT_SYSLOG_PID]);
	line_set(l, ECS_SYSLOG_MSGID, l->in[SLOT_SYSLOG_MSGID]);
	if (l->f->header < HEADER_PRI || h->pri < 0)
		return;
	line_set(l, ECS_SYSLOG_PRIORITY, l->in[SLOT_SYSLOG_PRI]);
	line_set(l, ECS_SYSLOG_FACILITY, span_str(n[h->pri / 8]));
	line_set(l, ECS_SYSLOG_SEVERITY, span_str(n[h->pri % 8]));
}

bool
apply_fields(struct line *l, const struct clock_zones *zones)
{
	const struct format *f = l->f;
	bool applied = f->cases != NULL && run_cases(l, f->cases);

	if (f->need_case && !applied) {
		if (l->trace != NULL)
			trace_failed(l->trace, f, NULL);
		event_clear(l->e);
		return false;
	}
	run_assign(l, f->assign, f->nassign);
	if (f->op_index != NULL)
		run_indexed(l, f->op, f->op_index);
	else
		run_ops(l, f->op, f->nop);
	run_head(l);
	take_sequence(l);
	run_time(l, zones);
	if (l->fault != NULL)
		line_set(l, ECS_ERROR_MESSAGE, span_str(l->fault));
	l->e->format = f->name;
	return true;
}

bool
apply_run(struct line *l, const struct clock_zones *zones)
{
	size_t i;

	for (i = 0; i < l->f->nstep; i++) {
		if (!step_run(&l->f->step[i], l)) {
			if (l->trace != NULL)
				trace_failed(l->trace, l->f, &l->f->step[i]);
			event_clear(l->e);
			return false;
		}
	}
	return apply_fields(l, zones);
}
