/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/losses.h"

#include <string.h>

#include "analyzer/report/figure.h"
#include "common/hex.h"
#include "common/log.h"
#include "evidence/gap.h"
#include "evidence/retention_act.h"

void
losses_init(struct losses *l, const struct report *r)
{
	*l = (struct losses){ .r = r };
}

/* One of a later version is shown by its name. */
static const char *
kind_text(struct arena *arena, struct span name)
{
	enum gap_kind kind;

	return gap_parse(name, &kind) == 0 ? gap_text(kind)
					   : figure_clip(arena, name, 40);
}

static void
push(struct losses *l, struct loss row)
{
	struct loss *wider;

	if (l->n >= LOSSES_MAX && row.broke == NULL) {
		l->beyond++;
		return;
	}
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 16 : l->cap * 2;
		wider = arena_alloc(l->r->arena, l->cap * sizeof(*wider));
		if (l->n > 0)
			memcpy(wider, l->rows, l->n * sizeof(*wider));
		l->rows = wider;
	}
	l->rows[l->n++] = row;
}

static uint64_t
number(const struct record *rec, const char *key)
{
	uint64_t n = 0;

	return record_word_get_u64(rec->body, key, &n) == 1 ? n : 0;
}

/* The log that a break ended. */
static const char *
broken(struct arena *arena, const struct record *rec)
{
	struct buf origin;
	const char *text = "";

	buf_init(&origin);
	if (record_word_get(rec->body, "origin", &origin) == 1)
		text = figure_clip(arena, buf_view(&origin), 60);
	buf_fini(&origin);
	return text;
}

void
losses_record(struct losses *l, const struct record *rec,
    const struct losses_place *at)
{
	struct loss row = { .cite = { .origin = at->origin,
				.index = at->index } };
	uint64_t down = number(rec, "down");
	struct buf kind;

	hex_print(at->leaf, 8, row.cite.leaf);
	if (rec->kind == RECORD_BOOT && down > 0) {
		row.text = tr("collector was not running", "収集装置の停止");
		row.from = (int64_t)(rec->rx > down ? rec->rx - down : 0);
		row.until = (int64_t)rec->rx;
		push(l, row);
	}
	if (rec->kind != RECORD_GAP)
		return;
	buf_init(&kind);
	(void)record_word_get(rec->body, "kind", &kind);
	if (span_is(buf_view(&kind), gap_name(GAP_LOG_BREAK)))
		row.broke = broken(l->r->arena, rec);
	row.text = kind_text(l->r->arena, buf_view(&kind));
	buf_fini(&kind);
	row.count = number(rec, "count");
	row.bytes = number(rec, "bytes");
	row.from = (int64_t)number(rec, "from");
	row.until = (int64_t)number(rec, "until");
	if (row.from == 0)
		row.from = (int64_t)rec->rx;
	if (row.until < row.from)
		row.until = row.from;
	push(l, row);
}

void
losses_deletion(struct losses *l, const struct evread_gaps *gaps,
    const struct record *rec, const struct losses_place *at)
{
	struct loss row = { .cite = { .origin = at->origin,
				.index = at->index } };
	struct retention_extra extra;
	struct retention_gone gone;
	size_t i;

	if (retention_x1_parse(rec->body, l->r->arena, &gone, &extra) != 0)
		return;
	for (i = 0; i < gaps->n && gaps->v[i].segment != gone.segment; i++)
		continue;
	if (i == gaps->n) /* its file is still here */
		return;
	hex_print(at->leaf, 8, row.cite.leaf);
	row.text = tr("deleted at the end of their retention",
	    "保存期間満了により削除した記録");
	row.count = gaps->v[i].last - gaps->v[i].first + 1;
	row.from = (int64_t)gaps->v[i].time_low;
	row.until = (int64_t)gaps->v[i].time_high;
	push(l, row);
}

bool
losses_is_between(const struct loss *row, int64_t from, int64_t until)
{
	return row->until >= from && row->from < until;
}

size_t
losses_between(const struct losses *l, int64_t from, int64_t until)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		n += losses_is_between(&l->rows[i], from, until);
	return n;
}
