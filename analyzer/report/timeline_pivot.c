/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/timeline_priv.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/*
 * Who is in the timeline: devices, users, addresses; since when, until when,
 * with whom, and the command that shows all there is of each.
 */
#define ENTITIES 4096u /* that are told apart */
#define SHOWN 24u
#define PARTNERS 4u
#define BUCKETS 4096u

struct entity {
	struct entity *next; /* of its bucket */
	const char *key, *text;
	bool user;
	size_t n, cited;
	int64_t first, last;
	size_t first_no; /* of its first row */
	size_t shown;	 /* its place in the table from 1 on; 0: none */
};

struct timeline_pivot {
	const struct report *r;
	const struct timeline *t;
	struct entity *buckets[BUCKETS];
	struct entity **all;
	size_t n;
	uint64_t beyond; /* mentions of further ones */
	uint32_t together[SHOWN][SHOWN]; /* rows */
	bool *anchors; /* by row number: a line begins with it */
};

static uint32_t
bucket(const char *key, bool user)
{
	uint32_t h = user ? 2166136261u : 374761393u;

	for (; *key != '\0'; key++)
		h = (h ^ (uint8_t)*key) * 16777619u;
	return (h ^ h >> 15) % BUCKETS;
}

static struct entity *
find(const struct timeline_pivot *p, const char *key, bool user)
{
	struct entity *e = p->buckets[bucket(key, user)];

	while (e != NULL && (e->user != user || strcmp(e->key, key) != 0))
		e = e->next;
	return e;
}

static void
take(struct timeline_pivot *p, const struct timeline_row *row, size_t no,
    const char *key, const char *text, bool user)
{
	struct entity *e;
	uint32_t b;

	if (*key == '\0')
		return;
	e = find(p, key, user);
	if (e == NULL && p->n == ENTITIES) {
		p->beyond++;
		return;
	}
	if (e == NULL) {
		e = arena_alloc(p->r->arena, sizeof(*e));
		b = bucket(key, user);
		*e = (struct entity){ .next = p->buckets[b],
			.key = key,
			.text = text,
			.user = user,
			.first = row->time,
			.first_no = no };
		p->buckets[b] = e;
		p->all[p->n++] = e;
	}
	e->n++;
	e->cited += *row->rule != '\0';
	e->last = row->time;
}

/* Whom findings speak of first, then who is in most rows. */
static int
order(const void *a, const void *b)
{
	const struct entity *x = *(struct entity *const *)a;
	const struct entity *y = *(struct entity *const *)b;

	if (x->cited != y->cited)
		return x->cited > y->cited ? -1 : 1;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	if (x->user != y->user)
		return x->user ? -1 : 1;
	return strcmp(x->key, y->key);
}

static void
join(struct timeline_pivot *p, const struct entity *a, const struct entity *b)
{
	if (a == NULL || b == NULL || a == b || a->shown == 0 || b->shown == 0)
		return;
	p->together[a->shown - 1][b->shown - 1]++;
	p->together[b->shown - 1][a->shown - 1]++;
}

static void
join_row(struct timeline_pivot *p, const struct timeline_row *row)
{
	const struct entity *device = find(p, row->device_key, false);
	const struct entity *peer = find(p, row->peer_key, false);
	const struct entity *user = find(p, row->user_key, true);

	join(p, device, peer);
	join(p, device, user);
	join(p, peer, user);
}

struct timeline_pivot *
timeline_pivot_new(const struct report *r, const struct timeline *t,
    const struct timeline_lines *lines)
{
	struct timeline_pivot *p = arena_alloc(r->arena, sizeof(*p));
	const struct timeline_row *row;
	size_t i;

	p->r = r;
	p->t = t;
	p->all = arena_alloc(r->arena, (ENTITIES + 1) * sizeof(*p->all));
	p->anchors = arena_alloc(r->arena, t->n + 2);
	for (i = 0; i < lines->n; i++)
		p->anchors[lines->v[i].no] = true;
	for (i = 0; i < t->n; i++) {
		row = &t->rows[i];
		take(p, row, i + 1, row->device_key, row->device, false);
		take(p, row, i + 1, row->peer_key, row->peer, false);
		take(p, row, i + 1, row->user_key, row->user_key, true);
	}
	if (p->n > 0)
		qsort(p->all, p->n, sizeof(*p->all), order);
	for (i = 0; i < p->n && i < SHOWN; i++)
		p->all[i]->shown = i + 1;
	for (i = 0; i < t->n; i++)
		join_row(p, &t->rows[i]);
	return p;
}

void
timeline_pivot_cell(const struct timeline_pivot *p, struct buf *out,
    const char *key, const char *text)
{
	const struct entity *e = NULL;

	if (*key != '\0') {
		e = find(p, key, false);
		if (e == NULL || e->shown == 0)
			e = find(p, key, true);
	}
	if (e == NULL || e->shown == 0)
		html_put(out, "%s", text);
	else
		html_put(out, "<a href=\"#e%zu\">%s</a>", e->shown, text);
}

/* With whom it is in most rows. */
static void
put_partners(const struct timeline_pivot *p, struct buf *out, size_t at)
{
	bool used[SHOWN] = { false };
	size_t i, best, n;

	for (n = 0; n < PARTNERS; n++) {
		best = SHOWN;
		for (i = 0; i < SHOWN; i++)
			if (!used[i] && p->together[at][i] > 0 &&
			    (best == SHOWN ||
				p->together[at][i] > p->together[at][best]))
				best = i;
		if (best == SHOWN)
			break;
		used[best] = true;
		html_put(out, "%s<a href=\"#e%zu\">%s</a> (%u)",
		    n > 0 ? tr(", ", "、") : "", best + 1, p->all[best]->text,
		    p->together[at][best]);
	}
}

/* Only what a shell takes as it stands: names come from logs. */
static bool
is_plain(const char *key)
{
	return *key != '-' &&
	    strspn(key,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._:@-") == strlen(key);
}

static void
put_command(const struct timeline_pivot *p, struct buf *out,
    const struct entity *e)
{
	struct utc_civil a, b;

	if (!is_plain(e->key)) {
		html_put(out, "%s", word_of(WORD_PIVOT_ODD));
		return;
	}
	utc_to_civil(p->t->from, p->r->zone, &a);
	utc_to_civil(p->t->until + UTC_DAY, p->r->zone, &b);
	html_put(out,
	    "<code>konseki timeline --entity %s=%s --from %d-%s%d-%s%d "
	    "--to %d-%s%d-%s%d</code>",
	    e->user ? "user" : "host", e->key, a.year, a.month < 10 ? "0" : "",
	    a.month, a.day < 10 ? "0" : "", a.day, b.year,
	    b.month < 10 ? "0" : "", b.month, b.day < 10 ? "0" : "", b.day);
}

static void
put_entity(const struct timeline_pivot *p, struct buf *out, size_t at)
{
	const struct entity *e = p->all[at];
	struct arena *a = p->r->arena;

	html_put(out,
	    "<tr id=\"e%zu\"><td>%s</td><td><b>%s</b></td>"
	    "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"t\">",
	    at + 1,
	    word_of(e->user ? WORD_PIVOT_USER
		    : report_device(p->r, span_str(e->key)) != NULL
		    ? WORD_DEVICE
		    : WORD_ADDRESS),
	    e->text, figure_count(a, e->n), figure_count(a, e->cited));
	if (p->anchors[e->first_no])
		html_put(out, "<a href=\"#r%zu\">%s</a>", e->first_no,
		    figure_short(a, e->first, p->r->zone));
	else
		html_put(out, "%s", figure_short(a, e->first, p->r->zone));
	html_put(out, " ～ %s</td><td>", figure_short(a, e->last, p->r->zone));
	put_partners(p, out, at);
	buf_str(out, "</td><td>");
	put_command(p, out, e);
	buf_str(out, "</td></tr>\n");
}

void
timeline_pivot_print(const struct timeline_pivot *p, struct buf *out)
{
	size_t i;

	if (p->n == 0)
		return;
	html_put(out,
	    "<details class=\"pivot\" open><summary>%s</summary>\n<p>%s</p>"
	    "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th>",
	    word_of(WORD_PIVOT), word_of(WORD_PIVOT_KEY), word_of(WORD_KIND),
	    word_of(WORD_PIVOT_WHO), word_of(WORD_PIVOT_ROWS),
	    word_of(WORD_PIVOT_CITED));
	html_put(out, "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    word_of(WORD_WHEN), word_of(WORD_PIVOT_WITH),
	    word_of(WORD_PIVOT_NEXT));
	for (i = 0; i < p->n && i < SHOWN; i++)
		put_entity(p, out, i);
	buf_str(out, "</tbody></table>\n");
	if (p->n > SHOWN || p->beyond > 0)
		html_put(out, "<p class=\"warn\">%s %zu%s</p>\n",
		    word_of(WORD_SKIPPED), p->n - (p->n < SHOWN ? p->n : SHOWN),
		    p->beyond > 0 ? tr(" and more", "以上") : "");
	buf_str(out, "</details>\n");
}
