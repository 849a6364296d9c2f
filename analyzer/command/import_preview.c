/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * konseki import --preview: the first records of a file as the analysis would
 * read them, column by column, and what it would not understand.  Nothing is
 * written and no collector is needed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/import.h"
#include "analyzer/format/cells.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

struct preview {
	struct import *in;
	const struct original *o;
	struct event_source source;
	struct event event;
	struct arena *arena;
	struct buf out;
	uint64_t n, understood, headers; /* records */
	struct buf titles[CELLS_MAX];
	size_t n_titles;
	struct span input[CELLS_MAX]; /* what the format calls each column */
	size_t n_inputs;
};

/* A record without what frames it, as UTF-8. */
static struct span
text_of(const struct preview *p, struct span body)
{
	struct buf text;
	struct span s;

	buf_init(&text);
	(void)text_decode(p->o->encoding, body, &text);
	s = buf_view(&text);
	if (span_starts(s, SPAN("\xEF\xBB\xBF")))
		s = span_sub(s, 3, s.len);
	while (s.len > 0 && (s.p[s.len - 1] == '\n' || s.p[s.len - 1] == '\r'))
		s.len--;
	s = arena_copy(p->arena, s);
	buf_fini(&text);
	return s;
}

/* On one line, and no longer than people read. */
static void
put(struct preview *p, struct span s)
{
	size_t n = s.len;

	if (n > 200) {
		for (n = 200; n > 0 && (s.p[n] & 0xC0) == 0x80; n--)
			continue;
	}
	text_escape(span_sub(s, 0, n), &p->out);
	if (n < s.len)
		buf_str(&p->out, "...");
}

static struct span
cell_text(const struct preview *p, const struct cell *c)
{
	struct span s = c->text;

	if (c->doubled) {
		uint8_t *to = arena_alloc(p->arena, s.len);

		s = span_make(to, cells_undouble(s, to));
	}
	return text_trim(s);
}

/* The columns that the header row names, and what becomes of each. */
static void
put_header(struct preview *p, struct span text)
{
	struct cell cells[CELLS_MAX];
	bool open;
	size_t i, n = cells_split(text, p->o->separator, cells, &open);

	p->n_inputs = formats_columns(p->in->formats, 1, p->input, CELLS_MAX);
	buf_printf(&p->out,
	    tr("  columns, by the format %s:\n", "  列（書式 %s による）:\n"),
	    p->event.format);
	for (i = 0; i < n; i++) {
		p->titles[i].len = 0;
		buf_span(&p->titles[i], cell_text(p, &cells[i]));
		buf_printf(&p->out, "    %zu ", i + 1);
		put(p, buf_view(&p->titles[i]));
		buf_str(&p->out, " -> ");
		if (i < p->n_inputs && p->input[i].len > 0)
			put(p, p->input[i]);
		else
			buf_str(&p->out,
			    tr("(kept, not analysed)",
				"（保存のみ、分析には使わない）"));
		buf_byte(&p->out, '\n');
	}
	p->n_titles = n;
	p->headers++;
}

static void
put_cells(struct preview *p, struct span text)
{
	struct cell cells[CELLS_MAX];
	bool open;
	size_t i, n = cells_split(text, p->o->separator, cells, &open);

	for (i = 0; i < n; i++) {
		buf_printf(&p->out, "    %zu ", i + 1);
		if (i < p->n_titles)
			put(p, buf_view(&p->titles[i]));
		else
			buf_str(&p->out, tr("(no title)", "（見出しなし）"));
		if (i < p->n_inputs && p->input[i].len > 0) {
			buf_str(&p->out, " (");
			put(p, p->input[i]);
			buf_byte(&p->out, ')');
		}
		buf_str(&p->out, ": ");
		put(p, cell_text(p, &cells[i]));
		buf_byte(&p->out, '\n');
	}
	if (open)
		buf_str(&p->out,
		    tr("    ! a quote is never closed\n",
			"    ! 引用符が閉じていません\n"));
	if (p->n_titles > 0 && n != p->n_titles)
		buf_printf(&p->out,
		    tr("    ! %zu cells, but %zu titles\n",
			"    ! セル%zu個に対し見出しは%zu個です\n"),
		    n, p->n_titles);
}

/* What the analysis has of the record. */
static void
put_event(struct preview *p)
{
	const struct event *e = &p->event;
	char time[UTC_TEXT];
	size_t i;

	buf_printf(&p->out, "    = %s", e->format);
	if (e->clock != EVENT_CLOCK_NONE)
		buf_printf(&p->out, " @timestamp=%s",
		    utc_print(e->time, p->in->site->zone, time));
	for (i = 0; i < e->n; i++) {
		buf_printf(&p->out, " %s=", ecs_name(e->f[i].field));
		put(p, e->f[i].value);
	}
	buf_byte(&p->out, '\n');
	if (e->clock == EVENT_CLOCK_NONE)
		buf_str(&p->out,
		    tr("    ! its time was not understood: the time of the "
		       "import stands in\n",
			"    ! 時刻を解釈できません。取り込み時刻で代用します"
			"\n"));
}

static void
put_unknown(struct preview *p)
{
	buf_str(&p->out,
	    p->n_titles > 0
		? tr("    ! not understood: a column that must be filled is "
		     "empty, or the number of cells is wrong; kept as it is\n",
		      "    ! 解釈できません（必須の列が空か、列の数が異なる）。"
		      "そのまま保存します\n")
		: p->in->table
		? tr("    ! not understood: no record so far names the columns "
		     "that the format needs (user, time ...); kept as it is\n",
		      "    ! 解釈できません（書式に必要な列（利用者・時刻など）"
		      "の見出し行がない）。そのまま保存します\n")
		: tr("    ! no format knows it; kept as it is\n",
		      "    ! どの書式にも合いません。そのまま保存します\n"));
}

static void
record_show(struct preview *p, struct span body, enum split_end end)
{
	struct format_hints hints = { .zone = p->in->site->zone,
		.format = p->in->mapping };
	struct span text = text_of(p, body), kind;
	int known;

	p->event = (struct event){ .stream = 1,
		.received = utc_now(),
		.source = &p->source,
		.message = p->o->unit == SPLIT_LINE || p->o->unit == SPLIT_CSV
		    ? record_message(body, RECORD_FRAMING_LF)
		    : body };
	known = formats_apply(p->in->formats, &p->event, p->arena, &hints);
	kind = event_get(&p->event, ECS_KIND);
	buf_printf(&p->out,
	    tr("record %" PRIu64 ", %zu bytes%s:\n",
		"記録%" PRIu64 "（%zuバイト%s）:\n"),
	    ++p->n, body.len,
	    end == SPLIT_CUT ? tr(", cut: it is too long", "、長すぎるため分割")
			     : "");
	if (known && span_is(kind, "header")) {
		put_header(p, text);
		return;
	}
	if (p->o->unit == SPLIT_CSV)
		put_cells(p, text);
	else {
		buf_str(&p->out, "    ");
		put(p, text);
		buf_byte(&p->out, '\n');
	}
	if (known)
		put_event(p);
	else
		put_unknown(p);
	p->understood += known ? 1 : 0;
}

/* Records until there are enough, or the file ends. */
static int
records_show(struct preview *p, struct container *c)
{
	struct split split = import_split(p->o, RECORD_BODY_MAX);
	struct buf in;
	enum split_end end;
	ssize_t n = 1;
	size_t len;

	buf_init(&in);
	while (n > 0 && p->n < p->in->rows) {
		n = unpack_read(c->u, p->in->block, IMPORT_BLOCK, false);
		buf_append(&in, p->in->block, n > 0 ? (size_t)n : 0);
		while (p->n < p->in->rows &&
		    (len = split_next(&split, buf_view(&in), n <= 0, &end)) >
			0) {
			record_show(p, span_sub(buf_view(&in), 0, len), end);
			memmove(in.p, in.p + len, in.len - len);
			in.len -= len;
			arena_reset(p->arena);
		}
	}
	buf_fini(&in);
	if (n < 0)
		log_errno("%s", import_name(p->o));
	else if (unpack_damaged(c->u) != UNPACK_NONE)
		log_error("%s: %s", import_name(p->o),
		    unpack_strerror(unpack_damaged(c->u)));
	return n < 0 || unpack_damaged(c->u) != UNPACK_NONE ? -1 : 0;
}

static int
original_show(struct preview *p, struct container *c)
{
	struct buf why;
	int rc;

	buf_init(&why);
	text_escape(buf_view(&p->o->name), &p->out);
	buf_printf(&p->out,
	    tr(": %s, records: %s, mapping: %s\n",
		": 文字コード %s、記録の単位 %s、書式 %s\n"),
	    text_encoding_name(p->o->encoding), split_unit_name(p->o->unit),
	    p->in->mapping != NULL ? p->in->mapping
				   : tr("(any that fits)", "（自動判定）"));
	rc = unpack_start(c->u, p->o->i, &why);
	if (rc != 0)
		log_error("%s: %s", import_name(p->o), buf_cstr(&why));
	else
		rc = records_show(p, c);
	buf_fini(&why);
	buf_printf(&p->out,
	    tr("%" PRIu64 " records shown: %" PRIu64 " understood, %" PRIu64
	       " name the columns, %" PRIu64
	       " not understood. Nothing was imported.\n",
		"%" PRIu64 "件を表示: 解釈できた記録%" PRIu64
		"件、見出し行%" PRIu64 "件、解釈できない記録%" PRIu64
		"件。取り込みはしていません。\n"),
	    p->n, p->understood, p->headers, p->n - p->understood - p->headers);
	fwrite(p->out.p, 1, p->out.len, stdout);
	return rc;
}

int
import_preview(struct import *in, struct container *c)
{
	static struct preview p;
	size_t i, k;
	int rc = 0;

	for (i = 0; i < c->n; i++) {
		struct formats *all = in->formats;

		p = (struct preview){ .in = in, .o = &c->originals[i] };
		p.source.encoding = p.o->encoding;
		p.source.transport = SPAN("import");
		p.source.peer = buf_view(&p.o->file);
		p.arena = arena_new();
		in->formats = formats_share(all); /* nothing remembered */
		if (original_show(&p, c) != 0)
			rc = -1;
		formats_free(in->formats);
		in->formats = all;
		arena_free(p.arena);
		buf_fini(&p.out);
		for (k = 0; k < CELLS_MAX; k++)
			buf_fini(&p.titles[k]);
	}
	if (fflush(stdout) == 0 && !ferror(stdout))
		return rc;
	log_errno("%s", tr("cannot write", "書き込めません"));
	return -1;
}
