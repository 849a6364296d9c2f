/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/path.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"

/*
 * Three columns: addresses outside that come in, devices inside, addresses
 * outside that data goes to.  Of arrows those stay that findings cite, then
 * those of the gravest phase, then those with most rows.
 */
#define EDGES 4096u /* that are told apart */
#define BUCKETS 4096u
#define BOX_W 250
#define BOX_H 34
#define GAP 58

enum column { COL_IN, COL_INSIDE, COL_OUT };

struct node {
	const char *key, *text;
	enum column column;
	int x, y;
};

struct edge {
	struct edge *next;
	const char *from, *to, *from_text, *to_text;
	const char *holder; /* who had the address of the VPN, or NULL */
	enum phase phase; /* the last of the course */
	size_t rows, cited;
	const struct timeline_row *first; /* of those cited, if any is */
	size_t a, b; /* nodes, when it is drawn */
};

struct path {
	const struct report *r;
	struct edge *buckets[BUCKETS];
	struct edge **all;
	size_t n_all;
	uint64_t beyond;
	struct node nodes[PATH_NODES];
	size_t n_nodes;
	struct edge *arrows[PATH_ARROWS];
	size_t n_arrows;
	unsigned rows[3];
};

static uint32_t
bucket(const char *a, const char *b)
{
	uint32_t h = 2166136261u;

	for (; *a != '\0'; a++)
		h = (h ^ (uint8_t)*a) * 16777619u;
	h *= 16777619u;
	for (; *b != '\0'; b++)
		h = (h ^ (uint8_t)*b) * 16777619u;
	return (h ^ h >> 15) % BUCKETS;
}

static struct edge *
edge_of(struct path *p, const struct timeline_row *row)
{
	const char *from = row->outwards ? row->device_key : row->peer_key;
	const char *to = row->outwards ? row->peer_key : row->device_key;
	uint32_t b = bucket(from, to);
	struct edge *e = p->buckets[b];

	while (e != NULL &&
	    (strcmp(e->from, from) != 0 || strcmp(e->to, to) != 0))
		e = e->next;
	if (e != NULL)
		return e;
	if (p->n_all == EDGES) {
		p->beyond++;
		return NULL;
	}
	e = arena_alloc(p->r->arena, sizeof(*e));
	*e = (struct edge){ .next = p->buckets[b],
		.from = from,
		.to = to,
		.from_text = row->outwards ? row->device : row->peer,
		.to_text = row->outwards ? row->peer : row->device,
		.phase = row->phase,
		.first = row };
	p->buckets[b] = e;
	p->all[p->n_all++] = e;
	return e;
}

static void
take(struct path *p, const struct timeline_row *row)
{
	struct edge *e;

	if (row->basis == TIMELINE_PERSON || *row->device_key == '\0' ||
	    *row->peer_key == '\0' ||
	    strcmp(row->device_key, row->peer_key) == 0 ||
	    (e = edge_of(p, row)) == NULL)
		return;
	e->rows++;
	if (!row->outwards && strstr(row->user, word_of(WORD_VPN_HOLDER)))
		e->holder = row->user_key;
	if (*row->rule != '\0' && e->cited++ == 0)
		e->first = row; /* what is cited says what it was */
	if (row->phase < PHASE_RESPONSE &&
	    (e->phase >= PHASE_RESPONSE || row->phase > e->phase))
		e->phase = row->phase;
}

static int
weight(const void *a, const void *b)
{
	const struct edge *x = *(struct edge *const *)a;
	const struct edge *y = *(struct edge *const *)b;
	int px = x->phase < PHASE_RESPONSE ? 1 + (int)x->phase : 0;
	int py = y->phase < PHASE_RESPONSE ? 1 + (int)y->phase : 0;

	if ((x->cited > 0) != (y->cited > 0))
		return x->cited > 0 ? -1 : 1;
	if (px != py)
		return px > py ? -1 : 1;
	if (x->rows != y->rows)
		return x->rows > y->rows ? -1 : 1;
	return x->first->cite.index < y->first->cite.index ? -1 : 1;
}

static int
by_time(const void *a, const void *b)
{
	const struct edge *x = *(struct edge *const *)a;
	const struct edge *y = *(struct edge *const *)b;

	if (x->first->time != y->first->time)
		return x->first->time < y->first->time ? -1 : 1;
	return x->first->cite.index < y->first->cite.index ? -1 : 1;
}

static bool
inside(const struct path *p, const char *key)
{
	return report_device(p->r, span_str(key)) != NULL ||
	    report_is_inside(p->r, span_str(key)) ||
	    strpbrk(key, ".:") == NULL;
}

/* The node, SIZE_MAX if there is no room. */
static size_t
node_of(struct path *p, const char *key, const char *text, enum column side)
{
	enum column c = inside(p, key) ? COL_INSIDE : side;
	size_t i;

	for (i = 0; i < p->n_nodes; i++)
		if (p->nodes[i].column == c &&
		    strcmp(p->nodes[i].key, key) == 0)
			return i;
	if (p->n_nodes == PATH_NODES)
		return SIZE_MAX;
	p->nodes[p->n_nodes] = (struct node){ .key = key,
		.text = text,
		.column = c,
		.x = c == COL_IN ? 5 : c == COL_INSIDE ? 375 : 745,
		.y = 8 + (int)p->rows[c]++ * GAP };
	return p->n_nodes++;
}

/* By weight, as long as there are nodes; then numbered by time. */
static void
choose(struct path *p)
{
	struct edge *e;
	size_t i;

	if (p->n_all > 0)
		qsort(p->all, p->n_all, sizeof(*p->all), weight);
	for (i = 0; i < p->n_all && p->n_arrows < PATH_ARROWS; i++) {
		size_t before = p->n_nodes;
		unsigned rows[3];

		memcpy(rows, p->rows, sizeof(rows));
		e = p->all[i];
		e->a = node_of(p, e->from, e->from_text, COL_IN);
		e->b = node_of(p, e->to, e->to_text, COL_OUT);
		if (e->a == SIZE_MAX || e->b == SIZE_MAX) {
			p->n_nodes = before;
			memcpy(p->rows, rows, sizeof(rows));
			continue;
		}
		if (e->holder != NULL)
			p->nodes[e->a].text = arena_printf(p->r->arena,
			    "%s (VPN: %s)", e->from_text, e->holder);
		p->arrows[p->n_arrows++] = e;
	}
	if (p->n_arrows > 0)
		qsort(p->arrows, p->n_arrows, sizeof(*p->arrows), by_time);
}

static void
put_node(const struct path *p, struct buf *out, const struct node *n)
{
	html_put(out,
	    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "class=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>\n",
	    n->x, n->y, BOX_W, BOX_H,
	    n->column == COL_INSIDE ? "in" : "out", n->x + 8, n->y + 22,
	    figure_clip(p->r->arena, span_str(n->text), 32));
}

/* From a box's side to another's; within a column around on the right. */
static void
put_arrow(const struct path *p, struct buf *out, size_t no)
{
	const struct edge *e = p->arrows[no];
	const struct node *a = &p->nodes[e->a], *b = &p->nodes[e->b];
	int shift = 6 + (int)(no * 5 % 24);
	int y1 = a->y + shift, y2 = b->y + shift;
	bool left = b->x < a->x, same = a->x == b->x;
	int x1 = left ? a->x : a->x + BOX_W;
	int x2 = left || same ? b->x + BOX_W : b->x;
	int mx = same ? x1 + 40 + (int)(no % 4) * 12 : (x1 + x2) / 2;
	int my = (y1 + y2) / 2;

	html_put(out, "<path class=\"p%d%s\" marker-end=\"url(#head)\" d=\"",
	    (int)e->first->phase, e->cited > 0 ? " hit" : "");
	if (same)
		html_put(out, "M%d %dC%d %d %d %d %d %d", x1, y1, mx + 15, y1,
		    mx + 15, y2, x2 + 3, y2);
	else
		html_put(out, "M%d %dL%d %d", x1, y1, left ? x2 + 3 : x2 - 3,
		    y2);
	html_put(out,
	    "\"/><circle cx=\"%d\" cy=\"%d\" r=\"9\"/>"
	    "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%zu</text>\n",
	    mx, my, mx, my + 4, no + 1);
}

static void
put_legend(const struct path *p, struct buf *out)
{
	size_t i;

	html_put(out,
	    "<div class=\"legend\"><table><thead><tr><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead>"
	    "<tbody>\n",
	    "No", word_of(WORD_WHEN), word_of(WORD_PATH_PHASE),
	    word_of(WORD_PATH_WHAT), word_of(WORD_RECORDS),
	    word_of(WORD_CITATION));
	for (i = 0; i < p->n_arrows; i++) {
		const struct edge *e = p->arrows[i];

		html_put(out,
		    "<tr><td class=\"n\">%zu</td><td class=\"t\">%s</td>"
		    "<td>%s</td><td>%s → %s<br>%s</td><td class=\"n\">%zu</td>"
		    "<td>",
		    i + 1,
		    figure_short(p->r->arena, e->first->time, p->r->zone),
		    phase_name(e->first->phase), e->from_text, e->to_text,
		    e->first->text, e->rows);
		report_put_cite(out, &e->first->cite);
		buf_str(out, "</td></tr>\n");
	}
	buf_str(out, "</tbody></table></div>\n");
}

static const char marker[] =
    "<defs><marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" "
    "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
    "<path d=\"M0 0L10 5L0 10z\"/></marker></defs>\n";

void
path_print(const struct report *r, const struct timeline *t, struct buf *out)
{
	struct path *p = arena_alloc(r->arena, sizeof(*p));
	unsigned rows = 1;
	size_t i;

	p->r = r;
	p->all = arena_alloc(r->arena, (EDGES + 1) * sizeof(*p->all));
	for (i = 0; i < t->n; i++)
		take(p, &t->rows[i]);
	choose(p);
	if (p->n_arrows == 0)
		return;
	for (i = 0; i < 3; i++)
		rows = p->rows[i] > rows ? p->rows[i] : rows;
	html_put(out,
	    "<figure class=\"path\"><div class=\"scroll\"><svg "
	    "viewBox=\"0 0 1000 %u\" role=\"img\" aria-label=\"%s\">\n",
	    rows * GAP + 4, word_of(WORD_PATH));
	buf_str(out, marker);
	for (i = 0; i < p->n_nodes; i++)
		put_node(p, out, &p->nodes[i]);
	for (i = 0; i < p->n_arrows; i++)
		put_arrow(p, out, i);
	html_put(out, "</svg></div><figcaption>%s", word_of(WORD_PATH_KEY));
	if (p->n_all + p->beyond > p->n_arrows)
		html_put(out, " %s %llu", word_of(WORD_SKIPPED),
		    (unsigned long long)(p->n_all + p->beyond - p->n_arrows));
	buf_str(out, "</figcaption></figure>\n");
	put_legend(p, out);
}
