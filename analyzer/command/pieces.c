/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/pieces.h"

#include <string.h>

void
pieces_init(struct pieces *p, size_t max)
{
	memset(p, 0, sizeof(*p));
	p->max = max;
	buf_init(&p->whole);
}

void
pieces_fini(struct pieces *p)
{
	while (p->n > 0)
		buf_fini(&p->v[--p->n].body);
	buf_fini(&p->whole);
}

static size_t
find(const struct pieces *p, uint32_t stream)
{
	size_t i = 0;

	while (i < p->n && p->v[i].stream != stream)
		i++;
	return i;
}

bool
pieces_open(const struct pieces *p, uint32_t stream)
{
	return find(p, stream) < p->n;
}

/* Its bytes are in whole then. */
static void
take_off(struct pieces *p, size_t i)
{
	buf_fini(&p->whole);
	p->whole = p->v[i].body;
	memmove(&p->v[i], &p->v[i + 1], (--p->n - i) * sizeof(p->v[0]));
}

int
pieces_add(struct pieces *p, const struct record *r,
    enum record_framing framing, struct span *message)
{
	size_t i = find(p, r->stream);

	if (i == p->n) {
		if (p->n == PIECES_MAX) {
			take_off(p, 0);
			p->unended++;
			i--;
		}
		p->v[i].stream = r->stream;
		buf_init(&p->v[i].body);
		p->n++;
	}
	buf_span(&p->v[i].body, r->body);
	if (p->v[i].body.len > p->max) {
		take_off(p, i);
		return -1;
	}
	if ((r->flags & RECORD_CUT) != 0)
		return 0;
	take_off(p, i);
	*message = record_message(buf_view(&p->whole), framing);
	return 1;
}
