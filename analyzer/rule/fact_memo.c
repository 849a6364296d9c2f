/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/fact_memo.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/fact_flow.h"

#define PLACES 1024u /* powers of two; a later text takes the slot */
#define NAMES 64u
#define TEXT 32u /* bytes; of longer ones nothing is kept */

struct text {
	uint32_t len; /* 0: the slot is free */
	uint8_t b[TEXT];
};

struct fact_memo {
	const struct fact_site *site;
	struct {
		struct text text;
		struct fact_place place;
	} place[PLACES];
	struct {
		struct text text;
		const struct device *device;
	} name[NAMES];
	struct fact_place other; /* of one that is too long */
};

struct fact_memo *
fact_memo_new(const struct fact_site *site)
{
	struct fact_memo *m = calloc(1, sizeof(*m));

	if (m == NULL)
		abort();
	m->site = site;
	return m;
}

void
fact_memo_free(struct fact_memo *m)
{
	free(m);
}

/* Of the last bytes, which differ most, and of the first. */
static size_t
hash(struct span s)
{
	uint64_t first = 0, last = 0;
	size_t n = s.len < sizeof(first) ? s.len : sizeof(first);

	memcpy(&first, s.p, n);
	memcpy(&last, s.p + s.len - n, n);
	last = (last ^ s.len) * UINT64_C(0x9e3779b97f4a7c15);
	last = (last ^ last >> 32 ^ first) * UINT64_C(0xd6e8feb86659fd93);
	return (size_t)(last >> 40);
}

static bool
is_same(const struct text *t, struct span s)
{
	return span_same(span_make(t->b, t->len), s);
}

static void
remember(struct text *t, struct span s)
{
	t->len = (uint32_t)s.len;
	memcpy(t->b, s.p, s.len);
}

static void
find_place(const struct fact_memo *m, struct span text, struct fact_place *p)
{
	const struct devices *ds = m->site->ledgers->devices;

	memset(p, 0, sizeof(*p));
	p->is_address = address_parse(text, &p->address) == 0;
	if (!p->is_address)
		return;
	p->device = devices_by_address(ds, &p->address);
	p->side = fact_side(m->site, &p->address);
}

const struct fact_place *
fact_memo_place(struct fact_memo *m, struct span text)
{
	size_t i;

	if (text.len == 0 || text.len > TEXT) {
		find_place(m, text, &m->other);
		return &m->other;
	}
	i = hash(text) & (PLACES - 1);
	if (!is_same(&m->place[i].text, text)) {
		find_place(m, text, &m->place[i].place);
		remember(&m->place[i].text, text);
	}
	return &m->place[i].place;
}

const struct device *
fact_memo_device(struct fact_memo *m, struct span name)
{
	const struct devices *ds = m->site->ledgers->devices;
	size_t i;

	if (name.len == 0 || name.len > TEXT)
		return devices_by_name(ds, name);
	i = hash(name) & (NAMES - 1);
	if (!is_same(&m->name[i].text, name)) {
		m->name[i].device = devices_by_name(ds, name);
		remember(&m->name[i].text, name);
	}
	return m->name[i].device;
}
