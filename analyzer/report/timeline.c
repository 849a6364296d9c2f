/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/connections.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/subject.h"
#include "analyzer/report/timeline_place.h"
#include "analyzer/report/timeline_priv.h"
#include "analyzer/report/word.h"
#include "analyzer/rule/repeat.h"
#include "common/utc.h"

struct cited { /* a record that a finding cites */
	const struct casebook_cite *cite;
	const struct casebook_finding *finding;
	bool seen; /* its event came */
};

/*
 * A row of which it may not be known yet whether it belongs here: streams of
 * different devices do not come in order of time, and an address that a VPN
 * gave out may be learnt late.
 */
struct candidate {
	struct timeline_row row;
	struct subject_names names;
	struct span nobody; /* source of a row that names no user */
	struct timeline_place place;
	bool sure;
};

struct timeline_maker {
	const struct report *r;
	struct timeline t;
	struct subject *subject;
	struct connections *connections;
	struct sources *sources;
	struct repeat *repeat;
	struct cited *cited; /* by index, then origin */
	size_t n_cited;
	struct candidate *rows;
	size_t n, cap, n_waiting;
	bool everybody; /* and no case: not only what is about a subject */
};

/* Whether a finding belongs here: by its case, and by whom it names. */
static bool
in_case(const struct timeline_maker *m, const struct casebook_finding *f)
{
	if (f->withdrawn || *f->group == '\0' ||
	    (m->t.group != NULL && strcmp(f->group, m->t.group->id) != 0))
		return false;
	return m->t.entity == NULL || subject_is_named(m->subject, f);
}

static int
cited_order(const void *a, const void *b)
{
	const struct casebook_cite *x = ((const struct cited *)a)->cite;
	const struct casebook_cite *y = ((const struct cited *)b)->cite;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return strcmp(x->origin, y->origin);
}

static void
take_findings(struct timeline_maker *m)
{
	const struct casebook *book = m->r->book;
	size_t i, j, n = 0;

	for (i = 0; i < book->n_findings; i++)
		n += book->findings[i].n_cites;
	m->cited = arena_alloc(m->r->arena, (n + 1) * sizeof(*m->cited));
	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (!in_case(m, f))
			continue;
		if (m->t.entity == NULL)
			subject_add_finding(m->subject, f);
		for (j = 0; j < f->n_cites; j++)
			m->cited[m->n_cited++] =
			    (struct cited){ .cite = &f->cites[j],
				    .finding = f };
		if (m->t.from == m->t.until || f->first < m->t.from)
			m->t.from = f->first;
		if (f->until > m->t.until)
			m->t.until = f->until;
		m->t.replay |= f->replay;
	}
	if (m->n_cited > 0)
		qsort(m->cited, m->n_cited, sizeof(*m->cited), cited_order);
}

static void
set_window(struct timeline *t, const struct timeline_options *opt)
{
	if (opt->has_from)
		t->from = opt->from;
	if (opt->has_until)
		t->until = opt->until;
	if (opt->has_from && !opt->has_until && t->until <= t->from)
		t->until = t->from + 7 * UTC_DAY;
	if (opt->has_until && !opt->has_from && t->from >= t->until)
		t->from = t->until - 7 * UTC_DAY;
}

/* Of somebody without a window: as long as silence can be counted. */
static void
widen(struct timeline_maker *m)
{
	const int64_t most = SOURCES_HOURS * UTC_HOUR;
	int64_t made = report_made(m->r);

	if (m->t.from == m->t.until || made + UTC_HOUR > m->t.until)
		m->t.until = made + UTC_HOUR;
	m->t.from = m->t.until - most;
}

static bool
in_window(const struct timeline_maker *m, int64_t at)
{
	return at >= m->t.from && at < m->t.until;
}

struct timeline_maker *
timeline_new(const struct report *r, const struct timeline_options *opt)
{
	struct timeline_maker *m = arena_alloc(r->arena, sizeof(*m));

	m->r = r;
	m->t.group = opt->group;
	m->t.entity_kind = opt->entity_kind;
	m->t.entity = opt->entity;
	m->subject = subject_new(r);
	if (opt->entity != NULL)
		subject_add(m->subject, span_str(opt->entity),
		    strcmp(opt->entity_kind, "user") == 0);
	take_findings(m);
	if (m->t.from != m->t.until) { /* what led to it, what came of it */
		m->t.from -= UTC_DAY;
		m->t.until += UTC_DAY;
	}
	if (opt->entity != NULL && opt->group == NULL)
		widen(m);
	m->t.windowed = opt->has_from || opt->has_until;
	m->everybody =
	    m->t.windowed && opt->group == NULL && opt->entity == NULL;
	set_window(&m->t, opt);
	m->connections = connections_new(r, m->t.from, m->t.until);
	m->sources = sources_new(r, m->t.from, m->t.until);
	m->repeat = repeat_new();
	return m;
}

/* The first that cites this record, or NULL; all are marked as seen. */
static const struct casebook_finding *
mark_cited(struct timeline_maker *m, const struct event *e)
{
	struct casebook_cite key = { .origin = e->origin, .index = e->index };
	const struct casebook_finding *f = NULL;
	size_t lo = 0, hi = m->n_cited, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (cited_order(&m->cited[mid],
			&(struct cited){ .cite = &key }) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < m->n_cited && m->cited[lo].cite->index == e->index &&
	     strcmp(m->cited[lo].cite->origin, e->origin) == 0;
	     lo++) {
		m->cited[lo].seen = true;
		if (f == NULL || m->cited[lo].finding->severity > f->severity)
			f = m->cited[lo].finding;
	}
	return f;
}

static struct candidate *
push(struct timeline_maker *m)
{
	struct candidate *wider;

	if (m->n == TIMELINE_ROWS) {
		m->t.skipped++;
		return NULL;
	}
	if (m->n == m->cap) {
		m->cap = m->cap == 0 ? 64 : m->cap * 2;
		wider = arena_alloc(m->r->arena, m->cap * sizeof(*wider));
		if (m->n > 0)
			memcpy(wider, m->rows, m->n * sizeof(*wider));
		m->rows = wider;
	}
	return &m->rows[m->n++];
}

static enum phase
phase_of(const struct casebook_finding *f)
{
	return f == NULL ? PHASE_NONE : casebook_phase(f);
}

/* A record that a rule cites is estimated to belong here until a person has
 * judged the case; what is only about the same hosts or users is open. */
static enum report_certainty
certainty(const struct timeline_maker *m, const struct casebook_finding *f)
{
	const struct casebook_group *g;

	if (f == NULL)
		return REPORT_OPEN;
	g = casebook_group(m->r->book, f->group);
	return g != NULL && g->judged != NULL &&
		strcmp(g->judged->how, "incident") == 0
	    ? REPORT_CONFIRMED
	    : REPORT_ESTIMATED;
}

static void
set_names(struct candidate *c, const struct subject_names *n,
    struct arena *arena)
{
	c->names = (struct subject_names){
		.user = arena_copy(arena, n->user),
		.other_user = arena_copy(arena, n->other_user),
		.source = arena_copy(arena, n->source),
		.destination = arena_copy(arena, n->destination),
		.tunnel = arena_copy(arena, n->tunnel),
		.device = arena_copy(arena, n->device),
		.traffic = n->traffic,
	};
}

/*
 * Whether what went out then is what a finding of data taken speaks of, which
 * names who sent it and cites the first 50 records only.  Much else goes out of
 * a house: a query of the time is no theft of data.
 */
static bool
is_doubted(const struct timeline_maker *m, const struct event *e, int64_t at)
{
	const struct casebook *book = m->r->book;
	struct span from = event_get(e, ECS_SOURCE_IP);
	size_t i, j;

	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (casebook_phase(f) != PHASE_EXFILTRATION || at < f->from ||
		    at >= f->until || !in_case(m, f))
			continue;
		for (j = 0; j < f->n_entities; j++)
			if (span_is(from, f->entities[j].value))
				return true;
	}
	return false;
}

static struct candidate *
take(struct timeline_maker *m, const struct event *e, int64_t at,
    const struct casebook_finding *f, const struct subject_names *n)
{
	struct candidate *c = push(m);
	struct said said;

	if (c == NULL)
		return NULL;
	said = say_event(e, report_direction(m->r, e), m->r->arena);
	timeline_row_event(m->r, e, at, n, &c->row);
	c->row.phase = said.phase != PHASE_NONE ? said.phase : phase_of(f);
	if (f == NULL && said.phase == PHASE_EXFILTRATION &&
	    !is_doubted(m, e, at))
		c->row.phase = PHASE_NONE;
	c->row.certainty = certainty(m, f);
	c->row.text = said.text;
	c->row.rule = f == NULL ? "" : f->rule;
	if (repeat_seen(m->repeat, e))
		c->row.text = arena_printf(m->r->arena, "%s%s", said.text,
		    word_of(WORD_AGAIN));
	if (c->row.basis == TIMELINE_DEVICE)
		timeline_place_count(&c->place, e, report_observer(e),
		    m->r->arena);
	if (n->user.len == 0 && n->traffic)
		c->nobody = arena_copy(m->r->arena, n->source);
	return c;
}

/*
 * Whether it may yet turn out to belong here.  Only what people do on devices
 * waits for that: it is rare, and it comes from addresses that a VPN gave out.
 */
static bool
may_wait(struct span kind)
{
	static const char *const starts[] = { "login", "admin-", "session-",
		"config-", "account-", "log-", "vpn-login", "privilege-" };
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (span_starts(kind, span_str(starts[i])))
			return true;
	return false;
}

void
timeline_event(struct timeline_maker *m, const struct event *e, int64_t at)
{
	const struct casebook_finding *f = mark_cited(m, e);
	struct subject_names n;
	struct candidate *c;
	bool sure = f != NULL;

	subject_learn(m->subject, e, at);
	connections_event(m->connections, e, at);
	sources_event(m->sources, e, at);
	if ((!sure || m->t.windowed) && !in_window(m, at))
		return;
	n = subject_names(e);
	sure = sure || subject_has(m->subject, &n, at);
	if (!sure && !may_wait(event_get(e, ECS_KIND)))
		return;
	/* A flood of tries by somebody else must not push out the case. */
	if (!sure && !m->everybody && m->n_waiting == TIMELINE_ROWS / 2) {
		m->t.skipped++;
		return;
	}
	c = take(m, e, at, f, &n);
	if (c == NULL)
		return;
	c->sure = sure || m->everybody;
	if (!sure && m->everybody)
		c->row.phase = PHASE_NONE; /* ordinary until somebody doubts */
	if (!c->sure) {
		m->n_waiting++;
		set_names(c, &n, m->r->arena);
	}
}

/* A cited record whose event did not come: deleted, or not understood. */
static void
take_unseen(struct timeline_maker *m)
{
	size_t i;

	for (i = 0; i < m->n_cited; i++) {
		const struct cited *c = &m->cited[i];
		struct candidate *row;

		if (c->seen ||
		    (m->t.windowed && !in_window(m, c->cite->time)) ||
		    (i > 0 && cited_order(c, c - 1) == 0) ||
		    (row = push(m)) == NULL)
			continue;
		row->sure = true;
		row->row = (struct timeline_row){
			.time = c->cite->time,
			.basis = TIMELINE_DEVICE,
			.phase = phase_of(c->finding),
			.certainty = certainty(m, c->finding),
			.text = tr(c->finding->title_en, c->finding->title_ja),
			TIMELINE_NOBODY,
			.rule = c->finding->rule,
			.cite = report_cite_finding(c->cite),
			.replay = c->finding->replay,
		};
	}
}

/* What somebody says of an earlier time, and when they wrote it down. */
static bool
is_told(const struct casebook_step *s)
{
	return s->kind == CASEBOOK_NOTE || s->kind == CASEBOOK_AWARE ||
	    s->kind == CASEBOOK_DONE;
}

static void
take_steps(struct timeline_maker *m)
{
	const struct report *r = m->r;
	const struct casebook_step *s;
	struct candidate *c;
	size_t i;

	for (i = 0; i < r->book->n_steps; i++) {
		s = &r->book->steps[i];
		if (*s->group == '\0' ||
		    (m->t.group != NULL &&
			strcmp(s->group, m->t.group->id) != 0))
			continue;
		if ((m->t.windowed && !m->t.replay && !in_window(m, s->at)) ||
		    (c = push(m)) == NULL)
			continue;
		c->sure = true;
		c->row = (struct timeline_row){
			.time = is_told(s) ? s->from : s->at,
			.basis = TIMELINE_PERSON,
			.phase = PHASE_RESPONSE,
			.certainty = REPORT_CONFIRMED,
			.text = arena_printf(r->arena, "%s%s%s", report_step(s),
			    *s->text == '\0' ? "" : "：",
			    figure_clip(r->arena, span_str(s->text), 120)),
			TIMELINE_NOBODY,
			.rule = "",
			.received = s->at,
			.cite = report_cite_step(s),
		};
		c->row.user = report_who(r, s);
	}
}

/*
 * By time and place (timeline_place.h).  In a sample or drill the
 * clocks of the devices and of people have nothing to do with each other, so
 * there what people did stands at the end.
 */
static int
row_order(const void *a, const void *b)
{
	return timeline_place_order(&((const struct candidate *)a)->place,
	    &((const struct candidate *)b)->place);
}

static void
sort(struct timeline_maker *m)
{
	struct timeline_place **v = calloc(m->n + 1, sizeof(*v));
	size_t i;

	if (v == NULL)
		abort();
	for (i = 0; i < m->n; i++) {
		v[i] = &m->rows[i].place;
		v[i]->time = m->rows[i].row.time;
		v[i]->index = m->rows[i].row.cite.index;
	}
	timeline_place_settle(v, m->n);
	free(v);
	if (m->n > 0)
		qsort(m->rows, m->n, sizeof(*m->rows), row_order);
}

static void
append(struct timeline_maker *m, bool people)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if ((m->rows[i].row.basis == TIMELINE_PERSON) == people ||
		    !m->t.replay)
			m->t.rows[m->t.n++] = m->rows[i].row;
}

/* What only all records together tell: until when, and whose address. */
static void
connect(struct timeline_maker *m)
{
	const struct report *r = m->r;
	const struct visit *v;
	const char *user;
	size_t i, n;

	(void)connections_finish(m->connections, &n);
	for (i = 0; i < m->n; i++) {
		struct timeline_row *row = &m->rows[i].row;

		v = row->basis == TIMELINE_PERSON
		    ? NULL
		    : connections_begun(m->connections, &row->cite);
		if (v != NULL)
			row->text =
			    arena_printf(r->arena, tr("%s [%s]", "%s［%s］"),
				row->text, connections_text(r, v));
		if (v != NULL && *row->user == '\0' && v->user.len > 0)
			row->user = arena_printf(r->arena, "%s%s",
			    figure_clip(r->arena, v->user, 60),
			    word_of(WORD_PAIRED));
		if (m->rows[i].nobody.len == 0)
			continue;
		user = connections_holder(m->connections, m->rows[i].nobody,
		    row->time);
		if (*user == '\0')
			continue;
		row->user_key = user;
		row->user = arena_printf(r->arena, "%s%s", user,
		    word_of(WORD_VPN_HOLDER));
	}
	connections_close(m->connections);
	repeat_free(m->repeat);
}

const struct timeline *
timeline_finish(struct timeline_maker *m, const struct losses *losses)
{
	struct timeline *t = &m->t;
	size_t i, n = 0;

	t->losses = losses;
	t->received = sources_finish(m->sources);
	take_unseen(m);
	if (t->entity == NULL)
		take_steps(m);
	for (i = 0; i < m->n; i++)
		if (m->rows[i].sure ||
		    subject_has(m->subject, &m->rows[i].names,
			m->rows[i].row.time)) {
			t->replay |= m->rows[i].row.replay;
			m->rows[n++] = m->rows[i];
		}
	m->n = n;
	connect(m);
	sort(m);
	t->rows = arena_alloc(m->r->arena, (n + 1) * sizeof(*t->rows));
	append(m, false);
	if (t->replay)
		append(m, true);
	return t;
}

const char *
timeline_name(const struct report *r, const struct timeline *t)
{
	const char *what = t->group == NULL ? "all" : t->group->id;
	struct utc_civil a, b;

	if (t->entity != NULL)
		what = timeline_entity_name(r, t);
	if (!t->windowed)
		return what;
	utc_to_civil(t->from, r->zone, &a);
	utc_to_civil(t->until, r->zone, &b);
	return arena_printf(r->arena,
	    "%s-%04d%02d%02dT%02d%02d-%04d%02d%02dT%02d%02d", what, a.year,
	    a.month, a.day, a.hour, a.minute, b.year, b.month, b.day, b.hour,
	    b.minute);
}
