/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>

#include "analyzer/ledger/index.h"
#include "analyzer/sigma/detection_tree.h"
#include "common/buf.h"

void
detection_pool_fini(struct detection_pool *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		regex_free(p->v[i]);
	free(p->v);
	index_free(p->items);
	*p = (struct detection_pool){ NULL, 0, 0, NULL };
}

static void
put_number(struct buf *b, uint64_t n)
{
	buf_printf(b, "%llu ", (unsigned long long)n);
}

static void
put_text(struct buf *b, struct span s)
{
	put_number(b, s.len);
	buf_span(b, s);
}

/* A plain 3.0 is 3, a quoted one is not: so what is compared, too. */
static void
put_value(struct buf *b, const struct value *v)
{
	const struct test *t = v->form;

	put_text(b, v->text);
	put_number(b, t->kind);
	if (t->kind == TEST_PATTERN && t->pattern.simple)
		put_text(b, t->pattern.core);
}

/* All that an answer hangs on: field, modifiers, values. */
void
detection_pool_number(struct detection_pool *p, struct item *it)
{
	uint32_t *number;
	struct buf b;
	size_t i;

	buf_init(&b);
	put_number(&b, it->field);
	for (i = 0; i < it->key.len && it->key.p[i] != '|'; i++)
		;
	put_text(&b, span_sub(it->key, i, it->key.len));
	put_number(&b, it->keyword);
	for (i = 0; i < it->n; i++)
		put_value(&b, &it->values[i]);
	if (p->items == NULL)
		p->items = index_new();
	number = index_put(p->items, buf_view(&b));
	if (*number == INDEX_NONE)
		*number = (uint32_t)index_count(p->items) - 1;
	it->number = *number;
	buf_fini(&b);
}
