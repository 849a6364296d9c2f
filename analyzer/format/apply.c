/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/apply.h"

#include <string.h>

#include "analyzer/format/memo.h"
#include "analyzer/format/prefilter.h"
#include "analyzer/format/step.h"
#include "analyzer/format/unescape.h"
#include "common/find.h"

/* Anywhere. */
static __attribute__((noinline)) bool
find_word(struct span text, struct span part, uint16_t word,
    const struct apply_words *w)
{
	const uint8_t *p;

	if (word != PREFILTER_NO_WORD && w->found != NULL &&
	    !(w->found[word / 64] >> word % 64 & 1))
		return false;
	if ((p = find_part(text, part)) == NULL)
		return false;
	if (word != PREFILTER_NO_WORD && w->stood != NULL &&
	    p - text.p <= UINT16_MAX)
		w->stood[word] = (uint16_t)(p - text.p);
	return true;
}

/* Where it stood last. */
static inline bool
stands_again(struct span text, struct span part, uint16_t word,
    const struct apply_words *w)
{
	size_t at;

	if (word == PREFILTER_NO_WORD || w->stood == NULL)
		return false;
	at = w->stood[word];
	return at + part.len <= text.len &&
	    span_same(span_make(text.p + at, part.len), part);
}

static inline bool
has_word(struct span text, struct span part, uint16_t word,
    const struct apply_words *w)
{
	return stands_again(text, part, word, w) ||
	    find_word(text, part, word, w);
}

/* A look at where each stood costs less than to find that one is not there. */
static bool
has_any(const struct detect *d, struct span text, const struct apply_words *w)
{
	size_t i;

	for (i = 0; i < d->nany; i++)
		if (stands_again(text, d->any[i], d->any_word[i], w))
			return true;
	for (i = 0; i < d->nany; i++)
		if (find_word(text, d->any[i], d->any_word[i], w))
			return true;
	return false;
}

bool
apply_detect(const struct detect *d, struct span text, const struct header *h,
    struct regex_match *m, const struct apply_words *words)
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
	if (d->nany > 0 && !has_any(d, text, words))
		return false;
	return d->pattern == NULL || regex_search(d->pattern, m, text) == 1;
}

const struct detect *
apply_way(const struct format *f, const struct detect *from,
    const struct header *h, struct regex_match *m,
    const struct apply_words *words)
{
	const struct detect *d;

	for (d = from; d != NULL; d = d->otherwise)
		if ((d->object || f->objects || !words->object) &&
		    apply_detect(d, h->body[f->header], h, m, words))
			break;
	return d;
}

bool
apply_detects(const struct format *f, const struct header *h,
    struct regex_match *m, const struct apply_words *words)
{
	return apply_way(f, f->detect, h, m, words) != NULL;
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
		if (line_decided(l, a[i].field))
			continue;
		if (a[i].n == 0)
			line_forbid(l, a[i].field);
		if (a[i].n == 0 && l->trace != NULL)
			trace_add(l->trace, TRACE_SET, &a[i], SPAN(""));
		for (k = 0; k < a[i].n; k++) {
			struct span text = line_text(l, &a[i].value[k]);

			if (text.len > 0 && l->draft != NULL)
				memo_assigned(l->draft, a[i].field,
				    &a[i].value[k]);
			if (l->trace != NULL && text.len > 0)
				trace_add(l->trace, TRACE_SET, &a[i], text);
			if (k == 0)
				line_set(l, a[i].field, text);
			else
				event_add(l->e, a[i].field, text);
		}
	}
}

/* What came of an input, for who asked. */
static void
note(const struct line *l, const struct op *op, enum trace_end end,
    struct span value)
{
	if (l->trace != NULL)
		trace_field(l->trace, op, end, value);
}

/* What the field, or the one for what is none of its type, gets. */
static void
set_field(struct line *l, const struct op *op, struct span value,
    struct span text)
{
	enum ecs field = value.len > 0 ? op->field
	    : op->has_other	       ? op->other
				       : ECS_COUNT;
	bool decided = field != ECS_COUNT && line_decided(l, field);

	if (l->draft != NULL)
		memo_converted(l->draft, op,
		    value.len > 0      ? MEMO_VALUE
			: text.len > 0 ? MEMO_TEXT
				       : MEMO_NEITHER,
		    decided || text.len == 0 ? ECS_COUNT : field);
	if (field == ECS_COUNT) {
		note(l, op, TRACE_NONE, text);
		return;
	}
	note(l, op,
	    decided		? TRACE_DECIDED
		: value.len > 0 ? TRACE_TAKEN
				: TRACE_OTHER,
	    value.len > 0 ? value : text);
	line_set(l, field, value.len > 0 ? value : text);
}

static void
run_op(struct line *l, const struct op *op)
{
	struct span text = l->in[op->slot], value;

	if (text.len == 0)
		return;
	if (line_decided(l, op->field) && !op->has_other) {
		note(l, op, TRACE_DECIDED, text);
		return;
	}
	if (op->when != NULL && !line_holds(l, op->when)) {
		note(l, op, TRACE_WHEN, text);
		return;
	}
	value = line_value(op, &text, l->a);
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
matches(struct line *l, const struct rule_pattern *r)
{
	size_t inputs = l->nused;
	const struct rule_pattern *by = step_match(r, l);

	if (l->draft != NULL)
		memo_matched(l->draft, l, inputs, r, by);
	return by != NULL;
}

static bool
run_case(struct line *l, const struct format_case *c)
{
	if (!line_holds(l, c->when))
		return false;
	if (c->match != NULL && !matches(l, c->match))
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
		if (l->draft != NULL)
			memo_chosen(l->draft, l, list, i);
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

/* What the head says, under the names that ECS has for it. */
static void
run_head(struct line *l)
{
	static const char n[] = "0123456789"
				"1011121314151617181920212223";
	const struct header *h = l->head;
	unsigned i;

	line_set(l, ECS_SYSLOG_HOSTNAME, l->in[SLOT_SYSLOG_HOST]);
	line_set(l, ECS_SYSLOG_APPNAME, l->in[SLOT_SYSLOG_APP]);
	line_set(l, ECS_SYSLOG_PROCID, l->in[SLOT_SYSLOG_PID]);
	line_set(l, ECS_SYSLOG_MSGID, l->in[SLOT_SYSLOG_MSGID]);
	if (l->f->header < HEADER_PRI || h->pri < 0)
		return;
	line_set(l, ECS_SYSLOG_PRIORITY, l->in[SLOT_SYSLOG_PRI]);
	i = (unsigned)h->pri / 8;
	line_set(l, ECS_SYSLOG_FACILITY,
	    i < 10 ? span_make(n + i, 1) : span_make(n + (2 * i - 10), 2));
	line_set(l, ECS_SYSLOG_SEVERITY, span_make(n + h->pri % 8, 1));
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
	if (end == NULL || line_decided(l, ECS_EVENT_SEQUENCE))
		return;
	sd.len = (size_t)(end - sd.p);
	sd = convert_value(CONVERT_NONE, ECS_T_NUMBER, sd, l->a);
	line_set(l, ECS_EVENT_SEQUENCE, sd);
	if (sd.len > 0)
		line_set(l, ECS_SEQUENCE_SCOPE, SPAN("sequenceId"));
}

/* Whether the line is of its format, and then its fields. */
static bool
decide(struct line *l)
{
	const struct format *f = l->f;
	bool applied = f->cases != NULL && run_cases(l, f->cases);

	if (f->need_case && !applied) {
		if (l->trace != NULL)
			trace_failed(l->trace, f, NULL);
		return false;
	}
	run_assign(l, f->assign, f->nassign);
	if (f->op_index != NULL)
		run_indexed(l, f->op, f->op_index);
	else
		run_ops(l, f->op, f->nop);
	return true;
}

/* The same, with the steps first. */
static bool
decide_all(struct line *l)
{
	const struct step *s = l->f->step, *end = s + l->f->nstep;

	for (; s < end; s++) {
		if (!step_run(s, l)) {
			if (l->trace != NULL)
				trace_failed(l->trace, l->f, s);
			return false;
		}
	}
	return decide(l);
}

/* As it was decided before, if it was. */
static bool
recall(struct line *l, enum memo_stage stage)
{
	enum memo_answer answer;
	bool known;

	if (l->memo == NULL || l->trace != NULL)
		return stage == MEMO_STEPS ? decide_all(l) : decide(l);
	answer = memo_follow(l->memo, l, stage);
	if (answer != MEMO_NONE)
		return answer == MEMO_KNOWN;
	memo_begin(l->memo, l, stage);
	known = stage == MEMO_STEPS ? decide_all(l) : decide(l);
	memo_end(l->memo, l, known);
	return known;
}

static bool
finish(struct line *l, enum memo_stage stage, const struct clock_zones *zones)
{
	if (!recall(l, stage)) {
		event_clear(l->e);
		return false;
	}
	run_head(l);
	take_sequence(l);
	apply_time(l, zones);
	if (l->fault != NULL)
		line_set(l, ECS_ERROR_MESSAGE, span_str(l->fault));
	l->e->format = l->f->name;
	return true;
}

bool
apply_fields(struct line *l, const struct clock_zones *zones)
{
	return finish(l, MEMO_FIELDS, zones);
}

bool
apply_run(struct line *l, const struct clock_zones *zones)
{
	return finish(l, MEMO_STEPS, zones);
}
