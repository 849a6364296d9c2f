/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/cells.h"
#include "common/log.h"
#include "common/num.h"

#define NOBODY UINT32_MAX
#define EARTH_KM 6371.0 /* mean radius */

enum column {
#define COLUMN(id, required, names) COL_##id,
#include "analyzer/ledger/network_tbl.h"
#undef COLUMN
	COL_COUNT
};

static const struct sheet_column columns[] = {
#define COLUMN(id, required, names) { names, required },
#include "analyzer/ledger/network_tbl.h"
#undef COLUMN
};

struct row {
	struct network n;
	unsigned number; /* in the file */
	uint32_t around; /* the next larger network, or NOBODY */
};

struct networks {
	struct arena *arena;
	struct row *v; /* by address, then larger before smaller */
	size_t n;
	size_t places; /* rows that say where their network is */
};

/* "AS2497", "2497". */
static void
read_as(const struct cells *c, struct network *n)
{
	struct problem_at at = cells_at(c, COL_AS);
	struct span s = cells_key(c, COL_AS);
	uint64_t as;

	if (span_starts(s, SPAN("as")))
		s = span_sub(s, 2, s.len);
	if (s.len == 0)
		return;
	if (num_parse(s, UINT32_MAX, &as) == 0)
		n->as = (uint32_t)as;
	else
		problems_error(c->ps, &at,
		    tr("not an AS number; write AS64500 or 64500",
			"AS番号として読めません。AS64500 または 64500 "
			"の形で記入してください"));
}

/* Other words are somebody's own, and judge nothing. */
static void
read_kind(const struct cells *c, struct network *n)
{
	struct span s = cells_key(c, COL_KIND);

	if (sheet_is_one_of(s, "委託先|事業者|保守事業者|vendor"))
		n->kind = NETWORK_VENDOR;
	else if (sheet_is_one_of(s, "連携先|連携病院|連携機関|partner"))
		n->kind = NETWORK_PARTNER;
}

/* Both degrees or neither: half of a place is none. */
static void
read_place(const struct cells *c, struct network *n)
{
	struct problem_at at = cells_at(c, COL_LONGITUDE);
	bool lat = cells_number(c, COL_LATITUDE, -90, 90, &n->latitude);
	bool lon = cells_number(c, COL_LONGITUDE, -180, 180, &n->longitude);

	n->has_place = lat && lon;
	if (!cells_number(c, COL_RADIUS, 0, 20000, &n->radius))
		n->radius = 0;
	if ((cells_text(c, COL_LATITUDE).len == 0) ==
	    (at.value.len == 0))
		return;
	problems_error(c->ps, &at,
	    tr("latitude and longitude belong together; write both, in "
	       "degrees",
		"緯度と経度は組で使います。両方を度で記入してください"));
}

static void
read_row(void *element, const struct cells *c)
{
	struct problem_at at = cells_at(c, COL_NETWORK);
	struct row *r = element;

	*r = (struct row){ .number = c->row->number, .around = NOBODY };
	if (prefix_parse(cells_key(c, COL_NETWORK), &r->n.prefix) == -1)
		problems_error(c->ps, &at,
		    tr("not a network; write 203.0.113.0/24",
			"ネットワークとして読めません。203.0.113.0/24"
			"の形で記入してください"));
	read_as(c, &r->n);
	read_kind(c, &r->n);
	read_place(c, &r->n);
	r->n.country = cells_key(c, COL_COUNTRY);
	r->n.site = cells_key(c, COL_SITE);
}

static int
compare(const void *a, const void *b)
{
	const struct row *p = a, *q = b;
	int c = memcmp(p->n.prefix.address.b, q->n.prefix.address.b,
	    sizeof(p->n.prefix.address.b));

	if (c != 0)
		return c;
	if (p->n.prefix.bits != q->n.prefix.bits)
		return p->n.prefix.bits < q->n.prefix.bits ? -1 : 1;
	return p->number < q->number ? -1 : p->number > q->number;
}

/* What the network around it says of site and place, if it does not itself. */
static void
inherit(struct network *n, const struct network *around)
{
	if (n->site.len == 0)
		n->site = around->site;
	if (n->has_place || !around->has_place)
		return;
	n->has_place = true;
	n->latitude = around->latitude;
	n->longitude = around->longitude;
	n->radius = around->radius;
}

/* Each row learns which one lies around it: those are before it. */
static void
nest(struct networks *ns)
{
	uint32_t at;
	size_t i;

	for (i = 1; i < ns->n; i++) {
		at = (uint32_t)i - 1;
		while (at != NOBODY &&
		    !prefix_holds(&ns->v[at].n.prefix,
			&ns->v[i].n.prefix.address))
			at = ns->v[at].around;
		ns->v[i].around = at;
		if (at != NOBODY)
			inherit(&ns->v[i].n, &ns->v[at].n);
	}
}

static const struct cells_list list = { columns, COL_COUNT,
	sizeof(struct row), read_row };

struct networks *
networks_parse(struct span bytes, const char *file, struct problems *ps)
{
	struct networks *ns = calloc(1, sizeof(*ns));
	size_t i;

	if (ns == NULL)
		abort();
	ns->arena = arena_new();
	ns->v = cells_read(&list, bytes, file, ns->arena, ps, &ns->n);
	if (ns->v == NULL) {
		networks_free(ns);
		return NULL;
	}
	for (i = 0; i < ns->n; i++)
		ns->places += ns->v[i].n.has_place;
	if (ns->n > 0)
		qsort(ns->v, ns->n, sizeof(*ns->v), compare);
	nest(ns);
	return ns;
}

void
networks_free(struct networks *ns)
{
	if (ns == NULL)
		return;
	arena_free(ns->arena);
	free(ns);
}

size_t
networks_count(const struct networks *ns)
{
	return ns->n;
}

const struct network *
networks_find(const struct networks *ns, const struct address *a)
{
	size_t lo = 0, hi = ns->n, mid;
	uint32_t at;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (memcmp(ns->v[mid].n.prefix.address.b, a->b,
			sizeof(a->b)) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	at = lo == 0 ? NOBODY : (uint32_t)lo - 1;
	while (at != NOBODY && !prefix_holds(&ns->v[at].n.prefix, a))
		at = ns->v[at].around;
	return at == NOBODY ? NULL : &ns->v[at].n;
}

bool
networks_have_places(const struct networks *ns)
{
	return ns->places > 0;
}

/* Of a great circle, on a sphere: half a percent off at most. */
double
network_distance(const struct network *a, const struct network *b)
{
	double rad = acos(-1) / 180;
	double s = sin((b->latitude - a->latitude) * rad / 2);
	double t = sin((b->longitude - a->longitude) * rad / 2);
	double h = s * s +
	    cos(a->latitude * rad) * cos(b->latitude * rad) * t * t;
	double km = 2 * EARTH_KM * asin(sqrt(h < 1 ? h : 1));

	km -= a->radius + b->radius;
	return km > 0 ? km : 0;
}
