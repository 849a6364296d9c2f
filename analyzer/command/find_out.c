/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "analyzer/command/find.h"
#include "analyzer/report/csvout.h"
#include "analyzer/report/figure.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

static void
put(struct find *f)
{
	if (f->line.len > 0 &&
	    fwrite(f->line.p, 1, f->line.len, stdout) != f->line.len)
		f->broken = true;
	f->line.len = 0;
}

static const char *
what_of(unsigned flags)
{
	if (flags & SKIPIDX_REPLAY)
		return "replay";
	if (flags & SKIPIDX_IMPORTED)
		return "imported";
	return "";
}

static void
put_text(struct find *f, const struct hunt_hit *h, const struct indicator *i)
{
	char when[UTC_TEXT];

	buf_printf(&f->line, "%s#%" PRIu64 " %s %s ", h->origin, h->index,
	    utc_print((int64_t)h->rx, f->zone, when),
	    record_kind_name(h->kind));
	text_escape(span_str(h->source), &f->line);
	if (h->flags & SKIPIDX_REPLAY)
		buf_str(&f->line, tr(" [replay]", " 【見本】"));
	buf_printf(&f->line, "%s[%s ", *h->source != '\0' ? " " : "",
	    indicator_kind_word(i->kind));
	text_escape(i->text, &f->line);
	buf_str(&f->line, "] ");
	text_escape(h->line, &f->line);
	buf_byte(&f->line, '\n');
}

static void
member(struct find *f, const char *name, struct span value)
{
	buf_printf(&f->line, "%s\"%s\":",
	    f->line.p[f->line.len - 1] == '{' ? "" : ",", name);
	json_quote(&f->line, value);
}

static void
put_json(struct find *f, const struct hunt_hit *h, const struct indicator *i)
{
	char when[UTC_TEXT];

	buf_byte(&f->line, '{');
	member(f, "log", span_str(h->origin));
	buf_printf(&f->line, ",\"index\":%" PRIu64, h->index);
	member(f, "time", span_str(utc_print((int64_t)h->rx, 0, when)));
	member(f, "record", span_str(record_kind_name(h->kind)));
	member(f, "source", span_str(h->source));
	member(f, "what", span_str(what_of(h->flags)));
	member(f, "type", span_str(indicator_kind_word(i->kind)));
	member(f, "indicator", i->text);
	member(f, "list", span_str(i->file == NULL ? "" : i->file));
	buf_printf(&f->line, ",\"row\":%u", i->row);
	member(f, "line", h->line);
	buf_str(&f->line, "}\n");
}

static void
head_csv(struct find *f)
{
	const char *const titles[] = { tr("log", "ログ"),
		tr("record", "記録番号"), tr("received", "受信日時"),
		tr("kind", "種類"), tr("source", "送信元"),
		tr("type", "種別"), tr("indicator", "指標"),
		tr("list", "リスト"), tr("row", "行"),
		tr("line", "記録の内容") };
	size_t i;

	csvout_begin(&f->line);
	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		csvout_str(&f->line, titles[i]);
	csvout_row(&f->line);
	f->headed = true;
}

static void
put_csv(struct find *f, const struct hunt_hit *h, const struct indicator *i)
{
	char when[UTC_TEXT], number[24];

	if (!f->headed)
		head_csv(f);
	csvout_str(&f->line, h->origin);
	snprintf(number, sizeof(number), "%" PRIu64, h->index);
	csvout_str(&f->line, number);
	csvout_str(&f->line,
	    utc_print_local((int64_t)h->rx, f->zone, when));
	csvout_str(&f->line, record_kind_name(h->kind));
	csvout_str(&f->line, h->source);
	csvout_str(&f->line, indicator_kind_word(i->kind));
	csvout_cell(&f->line, i->text);
	csvout_str(&f->line, i->file == NULL ? "" : i->file);
	snprintf(number, sizeof(number), "%u", i->row);
	csvout_str(&f->line, number);
	csvout_cell(&f->line, h->line);
	csvout_row(&f->line);
}

void
find_out_hit(struct find *f, const struct hunt_hit *h)
{
	const struct indicator *i = &f->what.v[h->indicator];

	if (f->how == FIND_TEXT)
		put_text(f, h, i);
	else if (f->how == FIND_JSON)
		put_json(f, h, i);
	else
		put_csv(f, h, i);
	put(f);
}

/* ---- what came of all ---- */

static const char *
count(struct find *f, uint64_t n)
{
	return figure_count(f->arena, n);
}

static void
result(struct find *f)
{
	const struct search *s = &f->search;

	if (s->result == SEARCH_HITS)
		buf_printf(&f->line, tr("%s hits\n", "該当 %s件\n"),
		    count(f, s->hits));
	else if (s->result == SEARCH_NONE)
		buf_str(&f->line,
		    tr("nothing found (scope: what is below)\n",
			"該当なし（調査範囲: 下記）\n"));
	if (s->result != SEARCH_UNDECIDED && *s->reason == '\0')
		return;
	buf_str(&f->line,
	    tr("cannot be decided (reason: ", "判定不可（理由: "));
	text_escape(span_str(s->reason), &f->line);
	buf_str(&f->line, tr(")\n", "）\n"));
}

static void
scope(struct find *f)
{
	const struct search *s = &f->search;
	const struct search_log *l;
	uint64_t silent = 0;
	size_t i;

	buf_printf(&f->line,
	    tr("searched: %s records (%s), received %s to %s\n",
		"調査: %s件（%s）、受信 %s〜%s\n"),
	    count(f, s->records), figure_bytes(f->arena, s->bytes),
	    s->from == 0 ? "—" : figure_time(f->arena, s->from, f->zone),
	    s->until == 0 ? "—" : figure_time(f->arena, s->until, f->zone));
	for (i = 0; i < search_shown(s->n.logs); i++) {
		l = &s->logs[i];
		buf_printf(&f->line,
		    tr("  %s up to %s: %s segments, %s blocks, %s read, %s "
		       "passed over by index\n",
			"  %s（%s件まで）: セグメント%s、ブロック%s（読取り%s、"
			"索引により省略%s）\n"),
		    l->origin, count(f, l->size), count(f, l->segments),
		    count(f, l->blocks), count(f, l->read),
		    count(f, l->passed));
	}
	for (i = 0; i < search_shown(s->n.sources); i++)
		silent += s->sources[i].silent > 0;
	buf_printf(&f->line,
	    tr("  sources: %s, of which %s have hours without a record; "
	       "kinds of gaps: %s; stretches not here: %s; lines of lists "
	       "refused: %s\n",
		"  送信元%s（うち無記録の時間帯あり%s）、欠測の種類%s、保存され"
		"ていない区間%s、調査できなかったリストの行%s\n"),
	    count(f, s->n.sources), count(f, silent), count(f, s->n.gaps),
	    count(f, s->n.missing), count(f, s->n.refused));
}

void
find_out_end(struct find *f)
{
	const struct search *s = &f->search;

	if (f->how == FIND_JSON) {
		search_print(s, &f->line);
		buf_byte(&f->line, '\n');
		put(f);
		return;
	}
	if (f->how == FIND_CSV && !f->headed)
		head_csv(f);
	put(f);
	result(f);
	scope(f);
	if (f->how == FIND_TEXT) {
		put(f);
		return;
	}
	fprintf(stderr, "%s", buf_cstr(&f->line));
	f->line.len = 0;
}
