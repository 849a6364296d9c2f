/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/report.h"

#include <string.h>

#include "analyzer/ledger/address.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/hex.h"
#include "common/log.h"
#include "evidence/checkpoint.h"

const char *
report_certainty_name(enum report_certainty c)
{
	switch (c) {
	case REPORT_CONFIRMED:
		return word_of(WORD_CONFIRMED);
	case REPORT_ESTIMATED:
		return word_of(WORD_ESTIMATED);
	case REPORT_OPEN:
		return word_of(WORD_OPEN);
	}
	return "";
}

struct report_cite
report_cite_event(const struct event *e)
{
	struct report_cite c = { .origin = e->origin, .index = e->index };

	hex_print(e->leaf, 8, c.leaf);
	return c;
}

struct report_cite
report_cite_finding(const struct casebook_cite *f)
{
	struct report_cite c = { .origin = f->origin, .index = f->index };

	memcpy(c.leaf, f->leaf, 16);
	return c;
}

static struct report_cite
cite_casebook(const char *origin, uint64_t index, const char *leaf)
{
	struct report_cite c = { .origin = origin, .index = index };

	memcpy(c.leaf, leaf, 16);
	return c;
}

struct report_cite
report_cite_recorded(const struct casebook_finding *f)
{
	return cite_casebook(f->origin, f->index, f->leaf);
}

struct report_cite
report_cite_step(const struct casebook_step *s)
{
	return cite_casebook(s->origin, s->index, s->leaf);
}

void
report_put_cite(struct buf *out, const struct report_cite *c)
{
	if (c->origin == NULL)
		return;
	html_put(out, "<span class=\"cite\">%s<wbr>#%llu<wbr> <b>%s</b></span>",
	    c->origin, (unsigned long long)c->index, c->leaf);
}

const char *
report_cite_text(const struct report *r, const struct report_cite *c)
{
	if (c->origin == NULL)
		return "";
	return arena_printf(r->arena, "%s#%llu %s", c->origin,
	    (unsigned long long)c->index, c->leaf);
}

void
report_range_add(struct report_range *range, const struct event *e)
{
	report_range_join(range,
	    &(struct report_range){
		.origin = e->origin,
		.first = e->index,
		.last = e->index,
	    });
}

void
report_range_join(struct report_range *range, const struct report_range *more)
{
	if (more->origin == NULL)
		return;
	if (range->origin == NULL || more->first < range->first)
		range->first = more->first;
	if (range->origin == NULL || more->last > range->last)
		range->last = more->last;
	range->origin = more->origin;
}

void
report_put_range(struct buf *out, const struct report_range *range)
{
	if (range->origin == NULL) {
		buf_str(out, "—");
		return;
	}
	html_put(out, "<span class=\"cite\">#%llu",
	    (unsigned long long)range->first);
	if (range->last != range->first)
		html_put(out, "–<wbr>#%llu", (unsigned long long)range->last);
	buf_str(out, "</span>");
}

int64_t
report_made(const struct report *r)
{
	uint64_t e = r->evidence->sealed_time, c = r->cases->sealed_time;

	return (int64_t)(e > c ? e : c);
}

static void
put_head(const struct report *r, struct buf *out,
    const struct report_page *page)
{
	html_put(out, "<header><p class=\"site\">%s</p>\n<h1>%s</h1>\n",
	    r->site, page->title);
	if (*page->subtitle != '\0')
		html_put(out, "<p class=\"subtitle\">%s</p>\n", page->subtitle);
	html_put(out,
	    "<p class=\"made\">%s %s<span>%s %s (%s)</span></p></header>\n",
	    word_of(WORD_NUMBER), page->number, word_of(WORD_MADE),
	    figure_time(r->arena, report_made(r), r->zone),
	    figure_zone(r->arena, r->zone));
}

const char *
report_mark(bool replay)
{
	return replay ? word_of(WORD_SAMPLE_MARK) : "";
}

void
report_begin(const struct report *r, struct buf *out,
    const struct report_page *page)
{
	char root[17] = "";

	hex_print(r->evidence->root, 8, root);
	html_begin(out,
	    &(struct html_page){
		.lang = log_lang(),
		.paper = page->paper,
		.title = arena_printf(r->arena, "%s %s %s", page->title,
		    page->number, r->site),
		.style = page->style,
		.banner = !page->replay ? ""
		    : page->real	? word_of(WORD_BANNER_MIXED)
					: word_of(WORD_BANNER),
		.foot = arena_printf(r->arena, "%s%s  %s %llu  %s",
		    !page->replay	? ""
			: page->real ? word_of(WORD_MIXED_SHORT)
				     : word_of(WORD_BANNER_SHORT),
		    page->number, word_of(WORD_FOOT),
		    (unsigned long long)r->evidence->size, root),
	    });
	put_head(r, out, page);
}

const char *
report_verdict(const struct verify_result *v)
{
	switch (v->verdict) {
	case VERIFY_INTACT:
		return word_of(WORD_INTACT);
	case VERIFY_TAMPERED:
		return word_of(WORD_TAMPERED);
	case VERIFY_INCOMPLETE:
		return word_of(WORD_INCOMPLETE);
	case VERIFY_IMPOSSIBLE:
		break;
	}
	return word_of(WORD_UNCHECKED);
}

const char *
report_limits(const struct verify_result *v)
{
	if (v->verdict == VERIFY_IMPOSSIBLE)
		return "";
	if (!v->anchored)
		return word_of(v->pinned ? WORD_NO_ANCHOR : WORD_NO_PIN);
	return word_of(v->pinned ? WORD_ANCHORED : WORD_ANCHORED_NO_PIN);
}

/* How bad; of equal ones what was compared with less. */
static unsigned
badness(const struct verify_result *v)
{
	static const unsigned order[] = { [VERIFY_INTACT] = 0,
		[VERIFY_INCOMPLETE] = 1,
		[VERIFY_IMPOSSIBLE] = 2,
		[VERIFY_TAMPERED] = 3 };

	return 4 * order[v->verdict] + (v->anchored ? 0u : 2u) +
	    (v->pinned ? 0u : 1u);
}

/* Names of the older ones that were checked or were not; many as a count. */
static const char *
names(const struct report *r, const struct report_generations *g, bool checked)
{
	const char *text = "", *first = "", *last = "";
	size_t i, n = 0;

	for (i = 0; i < g->n; i++) {
		if ((g->v[i].result != NULL) != checked)
			continue;
		last = g->v[i].name;
		if (n++ == 0)
			first = last;
		if (n <= 3)
			text = arena_printf(r->arena, "%s%s%s", text,
			    n == 1 ? "" : ", ", last);
	}
	return n <= 3 ? text
		      : arena_printf(r->arena, "%s … %s (%zu)", first, last, n);
}

/* Which generations the verdict is of, and which not. */
static const char *
scope(const struct report *r, const struct report_generations *g)
{
	const char *with = names(r, g, true), *without = names(r, g, false);

	return arena_printf(r->arena, "%s%s%s%s%s%s%s",
	    word_of(WORD_CHECKED_OF), with, *with != '\0' ? ", " : "", g->name,
	    *without != '\0' ? word_of(WORD_NOT_CHECKED) : "", without,
	    word_of(WORD_CHECKED_END));
}

struct report_proof
report_proof(const struct report *r, const struct verify_result *newest,
    const struct report_generations *before)
{
	const struct verify_result *worst = newest, *v;
	const char *name = before->name, *verdict;
	size_t i, bad = newest->verdict != VERIFY_INTACT;

	for (i = 0; i < before->n; i++) {
		if ((v = before->v[i].result) == NULL)
			continue;
		bad += v->verdict != VERIFY_INTACT;
		if (badness(v) > badness(worst)) {
			worst = v;
			name = before->v[i].name;
		}
	}
	verdict = report_verdict(worst);
	if (before->n > 0 && bad > 0)
		verdict = arena_printf(r->arena, "%s: %s", name, verdict);
	if (bad > 1)
		verdict = arena_printf(r->arena, "%s%s%zu", verdict,
		    word_of(WORD_BAD_TOO), bad - 1);
	if (before->n > 0)
		verdict =
		    arena_printf(r->arena, "%s%s", verdict, scope(r, before));
	return (struct report_proof){ verdict, report_limits(worst),
		worst->verdict == VERIFY_INTACT ? "" : worst->bad_what };
}

void
report_put_note(struct buf *out, const struct verify_result *v)
{
	struct checkpoint c = { .origin = span_str(v->origin),
		.size = v->size };
	struct buf text;
	size_t i, from = 0;

	memcpy(c.root, v->root, sizeof(c.root));
	buf_init(&text);
	checkpoint_print(&c, &text);
	buf_str(out, "<pre>");
	for (i = 0; i < text.len; i++) {
		if (text.p[i] != '\n')
			continue;
		html_text(out, span_make(text.p + from, i - from));
		buf_byte(out, '\n');
		from = i + 1;
	}
	buf_str(out, "</pre>");
	buf_fini(&text);
}

bool
report_is_inside(const struct report *r, struct span address)
{
	struct address a;

	return address_parse(address, &a) == 0 &&
	    site_nets_have(r->internal, a.b);
}

enum say_direction
report_direction(const struct report *r, const struct event *e)
{
	struct span from = event_get(e, ECS_SOURCE_IP);
	struct span to = event_get(e, ECS_DESTINATION_IP);

	if (from.len == 0 || to.len == 0 || !report_is_inside(r, from))
		return SAY_OTHER;
	return report_is_inside(r, to) ? SAY_INSIDE : SAY_OUT;
}

const struct device *
report_device(const struct report *r, struct span key)
{
	const struct device *d = NULL;
	struct address a;

	if (r->devices == NULL || key.len == 0)
		return NULL;
	if (address_parse(key, &a) == 0)
		return devices_by_address(r->devices, &a);
	d = devices_by_name(r->devices, key);
	return d != NULL ? d : devices_by_id(r->devices, key);
}

const char *
report_device_text(const struct report *r, struct span key)
{
	const struct device *d = report_device(r, key);
	const char *id, *name, *place;

	if (d == NULL)
		return figure_clip(r->arena, key, 60);
	id = figure_clip(r->arena, d->id, 20);
	name = figure_clip(r->arena, d->name.len > 0 ? d->name : key, 40);
	if (d->place.len == 0)
		return arena_printf(r->arena, "%s %s", id, name);
	place = figure_clip(r->arena, d->place, 30);
	return arena_printf(r->arena, tr("%s %s (%s)", "%s %s（%s）"), id, name,
	    place);
}

struct span
report_observer(const struct event *e)
{
	static const enum ecs fields[] = { ECS_OBSERVER_NAME, ECS_HOST_NAME,
		ECS_OBSERVER_HOSTNAME, ECS_HOST_HOSTNAME, ECS_SYSLOG_HOSTNAME,
		ECS_OBSERVER_IP, ECS_HOST_IP };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct span s = event_get(e, fields[i]);

		if (s.len > 0)
			return s;
	}
	return span_make(NULL, 0);
}

const char *
report_person(const struct report *r, const char *id)
{
	const struct contacts_person *p =
	    r->contacts == NULL ? NULL : contacts_person(r->contacts, id);
	const char *name;

	if (p == NULL)
		return figure_clip(r->arena, span_str(id), 60);
	name = figure_clip(r->arena, span_str(p->name), 40);
	if (*p->role == '\0')
		return name;
	return arena_printf(r->arena, tr("%s (%s)", "%s（%s）"), name,
	    figure_clip(r->arena, span_str(p->role), 50));
}

const char *
report_who(const struct report *r, const struct casebook_step *s)
{
	if (!s->outside)
		return report_person(r, s->who);
	return arena_printf(r->arena, tr("%s (%s)", "%s（%s）"),
	    figure_clip(r->arena, span_str(s->who), 60),
	    word_of(WORD_OUTSIDE_TREE));
}

const char *
report_step(const struct casebook_step *s)
{
	switch (s->kind) {
	case CASEBOOK_SENT:
		return word_of(s->ok ? WORD_STEP_SENT : WORD_STEP_FAILED);
	case CASEBOOK_ACK:
		return word_of(WORD_STEP_ACK);
	case CASEBOOK_JUDGE:
		if (strcmp(s->how, "incident") == 0)
			return word_of(WORD_STEP_INCIDENT);
		return word_of(strcmp(s->how, "normal") == 0 ? WORD_STEP_NORMAL
							     : WORD_STEP_CHECK);
	case CASEBOOK_REVIEW:
		return word_of(WORD_STEP_REVIEW);
	case CASEBOOK_SILENCE:
		return word_of(WORD_STEP_SILENCE);
	case CASEBOOK_UNSILENCE:
		return word_of(WORD_STEP_UNSILENCE);
	case CASEBOOK_NOTE:
		return word_of(strcmp(s->how, "decision") == 0
			? WORD_STEP_DECISION
			: WORD_STEP_NOTE);
	case CASEBOOK_AWARE:
		return word_of(WORD_STEP_AWARE);
	case CASEBOOK_REMIND:
		return word_of(WORD_STEP_REMIND);
	case CASEBOOK_DONE:
		return word_of(WORD_STEP_DONE);
	case CASEBOOK_PRESERVE:
		return word_of(WORD_STEP_PRESERVE);
	case CASEBOOK_DRILL:
		return word_of(WORD_STEP_DRILL);
	case CASEBOOK_REPORT:
		break;
	}
	return word_of(WORD_STEP_REPORT);
}
