/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/match_window.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/draft.h"
#include "analyzer/rule/fact_flow.h"
#include "analyzer/rule/scope.h"
#include "common/num.h"

/* One judgement; the event is restored here, one after the other. */
struct judging {
	struct match *m;
	const struct match_window *w;
	const struct match_history *h;
	struct arena *arena;
	struct event *event;
	struct draft d;
	bool any;
	bool has_ledgers;    /* that the rule needs */
	bool sure;	     /* one of the events is */
	bool doubtful;	     /* it is one of many that cannot be said */
	unsigned best;	     /* raises of the worst event */
	const char *ja, *en; /* their reasons */
};

static bool
was_followed(struct judging *j, const struct rule_raise *raise,
    struct facts *fs)
{
	const struct match_followed *f = NULL;
	uint32_t key;
	size_t i;

	for (i = 0; i < j->m->n_followed; i++)
		if (j->m->followed[i].raise == raise)
			f = &j->m->followed[i];
	if (f == NULL || f->n == 0)
		return false;
	match_key(fs, raise->same, &j->m->key);
	key = match_intern(j->m, buf_view(&j->m->key));
	for (i = 0; i < f->n; i++)
		if (f->v[i].key == key && f->v[i].time >= fs->time &&
		    f->v[i].time <= fs->time + raise->within)
			return true;
	return false;
}

/* How far this event goes up, and why. */
static void
weigh(struct judging *j, struct facts *fs)
{
	const struct rule_raise *raise;
	const char *ja = "", *en = "";
	unsigned n = 0;

	for (raise = j->w->rule->raises; raise != NULL; raise = raise->next) {
		if (raise->when != NULL &&
		    !detection_match(raise->when, &j->m->view))
			continue;
		if (raise->followed != NULL && !was_followed(j, raise, fs))
			continue;
		ja = arena_printf(j->arena, "%s%s%s", ja, n > 0 ? "、" : "",
		    raise->ja);
		en = arena_printf(j->arena, "%s%s%s", en, n > 0 ? ", " : "",
		    raise->en);
		n++;
	}
	if (j->any && n <= j->best)
		return;
	j->best = n;
	j->ja = ja;
	j->en = en;
}

/* What was changed, on whom. */
static void
describe_change(struct draft *d, const struct event *e)
{
	struct span target = event_get(e, ECS_USER_TARGET_NAME);
	struct span change = event_get(e, ECS_CONFIG_CHANGE);

	if (target.len > 0)
		sentence_set(&d->v, SENTENCE_TARGET, draft_text(d, target));
	if (change.len == 0)
		change = event_get(e, ECS_CONFIG_PATH);
	if (change.len == 0)
		change = event_get(e, ECS_PROCESS_COMMAND_LINE);
	if (change.len > 0)
		sentence_set(&d->v, SENTENCE_CHANGE, draft_text(d, change));
}

static struct span
first_of(const struct event *e, const enum ecs *fields, size_t n)
{
	struct span s = { NULL, 0 };
	size_t i;

	for (i = 0; i < n && s.len == 0; i++)
		s = event_get(e, fields[i]);
	return s;
}

/* A sentence has room for so much of what a device wrote. */
#define DETAIL 200

static const char *
detail(struct draft *d, struct span s)
{
	size_t n = DETAIL;

	if (s.len <= DETAIL)
		return draft_text(d, s);
	while (n > 0 && (s.p[n] & 0xc0) == 0x80)
		n--;
	return arena_printf(d->arena, "%s…", draft_text(d, span_sub(s, 0, n)));
}

/* Where it went, with what, and what was made of it. */
static void
describe_flow(struct draft *d, const struct event *e)
{
	static const enum ecs where[] = { ECS_URL_DOMAIN,
		ECS_DESTINATION_DOMAIN, ECS_DNS_QUESTION, ECS_DESTINATION_IP,
		ECS_DESTINATION_ADDRESS, ECS_NETWORK_APPLICATION };
	static const enum ecs what[] = { ECS_THREAT_NAME,
		ECS_PROCESS_COMMAND_LINE, ECS_EVENT_REASON, ECS_CONFIG_CHANGE,
		ECS_SERVICE_NAME, ECS_FILE_NAME, ECS_RULE_NAME, ECS_MESSAGE,
		ECS_EVENT_ACTION };
	struct span to = first_of(e, where, sizeof(where) / sizeof(where[0]));
	struct span s = first_of(e, what, sizeof(what) / sizeof(what[0]));
	struct span port = event_get(e, ECS_DESTINATION_PORT);
	struct span inner = event_get(e, ECS_DESTINATION_NAT_IP);
	struct span mac = event_get(e, ECS_SOURCE_MAC);

	if (span_eq(inner, event_get(e, ECS_DESTINATION_IP)))
		inner.len = 0;
	if (to.len > 0)
		sentence_set(&d->v, SENTENCE_DESTINATION,
		    arena_printf(d->arena, "%s%s%s%s%s", draft_text(d, to),
			port.len > 0 ? ":" : "", draft_text(d, port),
			inner.len > 0 ? " → " : "", draft_text(d, inner)));
	if (s.len > 0)
		sentence_set(&d->v, SENTENCE_DETAIL, detail(d, s));
	if (mac.len > 0)
		sentence_set(&d->v, SENTENCE_MAC, draft_text(d, mac));
}

/* The computer that it is about, if a console wrote of it. */
static void
describe_host(struct draft *d, struct facts *fs)
{
	struct fact_host h = fact_host(fs);
	const char *ja = d->v.ja[SENTENCE_DEVICE];
	const char *en = d->v.en[SENTENCE_DEVICE];

	if (!span_eq(h.key, facts_actor(fs)->device_key))
		draft_device(d, "host", h.device, h.name);
	d->v.ja[SENTENCE_HOST] = d->v.ja[SENTENCE_DEVICE];
	d->v.en[SENTENCE_HOST] = d->v.en[SENTENCE_DEVICE];
	d->v.ja[SENTENCE_DEVICE] = ja;
	d->v.en[SENTENCE_DEVICE] = en;
}

static void
describe_first(struct judging *j, struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);
	struct draft *d = &j->d;
	struct span s;

	d->f.first = fs->time;
	draft_time(d, SENTENCE_TIME, fs->time);
	s = event_get(fs->event, ECS_EVENT_ACTION);
	if (s.len == 0)
		s = event_get(fs->event, ECS_KIND);
	sentence_set(&d->v, SENTENCE_ACTION, draft_text(d, s));
	describe_change(d, fs->event);
	describe_flow(d, fs->event);
	s = facts_get(fs, FACT_ACCOUNT_IDLE);
	if (s.len > 0)
		sentence_set(&d->v, SENTENCE_IDLE, draft_text(d, s));
	s = facts_get(fs, FACT_DEVICE_SITE);
	if (s.len > 0)
		sentence_set(&d->v, SENTENCE_SITE, draft_text(d, s));
	draft_account(d, a->account, a->user);
	draft_device(d, "device", a->device, a->device_name);
	(void)facts_get(fs, FACT_DEVICE_FIRMWARE);
	draft_firmware(d, fs);
	describe_host(d, fs);
}

static void
note_history(struct judging *j, struct facts *fs)
{
	struct span idle = facts_get(fs, FACT_ACCOUNT_IDLE);
	uint64_t days;

	if (j->w->rule->history != NULL &&
	    num_parse(idle, UINT64_MAX, &days) == 0)
		finding_count(&j->d.f, "", "idle_days", "days", days);
}

/* By what address it came, and what address the VPN gave it inside. */
static void
add_addresses(struct judging *j, struct facts *fs)
{
	const struct fact_actor *a = facts_actor(fs);
	struct span tunnel = event_get(j->event, ECS_TUNNEL_IP);
	char address[ADDRESS_TEXT];
	struct address inside;
	const char *text;

	if (a->has_source) {
		text = arena_printf(j->arena, "%s",
		    address_print(&a->source, address));
		finding_entity(&j->d.f, "ip", text, "");
		if (!j->any)
			sentence_set(&j->d.v, SENTENCE_SOURCE, text);
	}
	if (address_parse(tunnel, &inside) == 0 &&
	    (!a->has_source || !address_eq(&inside, &a->source)))
		finding_entity(&j->d.f, "ip",
		    arena_printf(j->arena, "%s",
			address_print(&inside, address)),
		    "VPN");
}

static const char *
print_count(struct judging *j, uint64_t n)
{
	return arena_printf(j->arena, "%llu", (unsigned long long)n);
}

static void
describe_usual(struct judging *j, const struct usual_verdict *v)
{
	bool hours = j->w->rule->baseline.measure == RULE_MEASURE_HOURS;
	struct finding *f = &j->d.f;

	finding_count(f, "", "past", "", v->past);
	sentence_set(&j->d.v, SENTENCE_PAST, print_count(j, v->past));
	if (hours) {
		finding_count(f, "", "same_hour", "", v->same);
		finding_figure(f, "", "share", "percent", v->percent, 2);
		sentence_set(&j->d.v, SENTENCE_USUAL, print_count(j, v->same));
		sentence_set(&j->d.v, SENTENCE_SHARE,
		    arena_printf(j->arena, "%.2f%%", v->percent));
		return;
	}
	finding_count(f, "", "amount", "", v->amount);
	finding_figure(f, "", "median", "", v->base.median, 1);
	if (j->w->rule->baseline.z > 0)
		finding_figure(f, "", "z", "", v->base.z, 2);
	sentence_set(&j->d.v, SENTENCE_AMOUNT, print_count(j, v->amount));
	sentence_set(&j->d.v, SENTENCE_USUAL,
	    arena_printf(j->arena, "%.1f", v->base.median));
}

/* By the past of whom it is about; the first that is so gives the figures. */
static bool
is_unusual(struct judging *j, struct facts *fs)
{
	const struct rule *r = j->w->rule;
	struct usual_verdict v;

	if (r->baseline.measure == RULE_MEASURE_NONE)
		return true;
	v = usual_judge(j->m->usual, r, span_str(j->w->key), j->event,
	    fs->time, gather_coverage(j->m->gather, r));
	if (v.unusual && !j->any)
		describe_usual(j, &v);
	return v.unusual;
}

static void
judge_event(struct judging *j, const struct keep *k)
{
	struct finding_cite cite = { .origin = keep_origin(k) };
	struct facts fs;

	keep_restore(k, j->event);
	facts_init(&fs, j->m->site, j->event, keep_time(k), j->arena);
	fs.usage = j->h->usage;
	fs.coverage = j->h->coverage;
	fs.presence = j->h->presence;
	scope_view(&j->m->view, j->event, &fs);
	if (j->w->rule->history != NULL &&
	    !detection_match(j->w->rule->history, &j->m->view) &&
	    j->has_ledgers)
		return;
	if (j->w->rule->novel.n > 0 &&
	    !novel_is_first(j->m->novel, j->w->rule, &fs))
		return;
	if (!is_unusual(j, &fs))
		return;
	j->sure |= j->w->rule->unsure == NULL ||
	    !detection_match(j->w->rule->unsure, &j->m->view);
	weigh(j, &fs);
	if (!j->any) {
		describe_first(j, &fs);
		note_history(j, &fs);
	}
	add_addresses(j, &fs);
	j->any = true;
	j->d.f.replay |= j->event->source->replay;
	cite.index = j->event->index;
	cite.time = fs.time;
	if (j->w->rests != NULL) /* it is one of those */
		return;
	if (j->event->index == EVENT_NO_RECORD) { /* nothing to cite */
		j->d.f.n_evidence++;
		return;
	}
	memcpy(cite.leaf, j->event->leaf, sizeof(cite.leaf));
	draft_cite(&j->d, &cite);
}

/* What was counted, of whatever number of results. */
static void
cite_counted(struct finding *f, const struct cited_list *rests)
{
	memcpy(f->cites, rests->v, rests->n * sizeof(rests->v[0]));
	f->n_cites = rests->n;
	f->n_evidence = rests->of;
	f->index_first = rests->index_first;
	f->index_last = rests->index_last;
}

/* Whether ledgers and records allow the rule to say what it says. */
static void
doubt(struct judging *j)
{
	const struct rule *r = j->w->rule;
	struct finding *f = &j->d.f;
	struct coverage_share share = { 0, 0, 0 };
	bool covered = gather_covers(j->m->gather, r,
	    calendar_day(j->m->site->calendar, f->first), &share);

	if (r->coverage.on) {
		finding_figure(f, "", "coverage", "percent", share.percent, 1);
		sentence_set(&j->d.v, SENTENCE_COVERAGE,
		    arena_printf(j->arena, "%.1f%%", share.percent));
		sentence_set(&j->d.v, SENTENCE_MISSING,
		    print_count(j, (uint64_t)(share.days - share.covered)));
	}
	j->doubtful = !covered || !j->has_ledgers;
	if (!j->doubtful && j->sure)
		return;
	f->kind = FINDING_UNKNOWN;
	f->severity = FINDING_INFO;
}

static void
complete(struct judging *j)
{
	const struct match_window *w = j->w;
	struct finding *f = &j->d.f;

	if (w->rests != NULL) {
		cite_counted(f, w->rests);
		f->replay |= w->replayed;
	}
	/* Beyond those kept, what fits is counted but not judged again. */
	else if (w->count > w->n) {
		f->n_evidence += w->count - w->n;
		f->index_first = w->index_first;
		f->index_last = w->index_last;
	}
	f->key = w->key;
	f->from = w->start;
	f->until = w->start + w->rule->window;
	f->severity =
	    finding_severity_raise(w->rule->level, j->best, w->rule->cap);
	finding_count(f, "", "count", "", f->n_evidence);
	if (w->rule->raises != NULL)
		finding_count(f, "", "raised", "", j->best);
	j->d.v.ja[SENTENCE_REASONS] = j->best > 0 ? j->ja : "なし";
	j->d.v.en[SENTENCE_REASONS] = j->best > 0 ? j->en : "none";
	doubt(j);
	draft_end(&j->d);
}

void
match_window_judge(struct match *m, struct match_window *w,
    const struct match_history *h, struct outbox *out, struct arena *arena)
{
	struct judging j = { .m = m,
		.w = w,
		.h = h,
		.has_ledgers =
		    gather_has_ledgers(w->rule, m->site->ledgers),
		.arena = arena,
		.ja = "",
		.en = "" };
	struct arena_mark mark = arena_mark(arena);
	struct event event;
	size_t i;

	m->doubtful |= w->doubts > 0;
	w->doubts = 0;
	j.event = &event;
	draft_begin(&j.d, w->rule, m->site, arena);
	for (i = 0; i < w->n; i++)
		judge_event(&j, w->kept[i]);
	if (!j.any || j.d.f.n_evidence < w->rule->novel.least) {
		arena_back(arena, &mark); /* most windows say nothing */
		return;
	}
	complete(&j);
	if (!j.doubtful) {
		outbox_add(out, &j.d.f);
		return;
	}
	w->doubt = j.d.f.first;
	w->doubts = j.d.f.n_evidence;
	w->replay = j.d.f.replay;
	m->doubtful = true;
	arena_back(arena, &mark);
}
