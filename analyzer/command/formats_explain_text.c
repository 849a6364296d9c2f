/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/command/formats_explain.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* An explanation for people, in lines of a terminal. */

#define VALUE_SHOWN 60 /* columns of a value beside its uses */
#define LINE_SHOWN 2000

struct text {
	const struct explain *x;
	struct buf *out;
};

/* Escaped, and cut where it would be too long. */
static void
put(const struct text *t, struct span s, size_t most)
{
	size_t len = s.len;

	if (len > most) { /* not within a character */
		for (len = most; len > 0 && (s.p[len] & 0xc0) == 0x80; len--)
			;
	}
	text_escape(span_sub(s, 0, len), t->out);
	if (len < s.len)
		buf_str(t->out, "...");
}

/* The name of a part, as wide in both languages. */
static void
head(const struct text *t, const char *en, const char *ja)
{
	buf_printf(t->out, "%s  ", tr(en, ja));
}

static void
at_line(const struct text *t, unsigned line)
{
	buf_printf(t->out, " (%s:%u)", formats_explain_file(t->x->format),
	    line);
}

static void
put_word(const struct text *t, const struct explain_word *w)
{
	const char *how = "";

	switch (w->how) {
	case EXPLAIN_APP:
		how = tr("the program is", "プログラム名");
		break;
	case EXPLAIN_STARTS:
		how = tr("begins with", "先頭");
		break;
	case EXPLAIN_ALL:
	case EXPLAIN_CONTAINS:
		how = tr("contains", "含む");
		break;
	case EXPLAIN_PATTERN:
		how = tr("fits the pattern", "パターン");
		break;
	}
	buf_printf(t->out, "%s \"", how);
	put(t, w->text, VALUE_SHOWN);
	buf_byte(t->out, '"');
}

/* The words that hold, or those that do not. */
static void
put_words(const struct text *t, const struct explain_way *w, bool hold)
{
	bool first = true;
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (w->word[i].holds != hold)
			continue;
		if (!first)
			buf_str(t->out, ", ");
		first = false;
		put_word(t, &w->word[i]);
	}
}

static void
put_near(const struct text *t)
{
	size_t i;

	for (i = 0; i < t->x->nnear; i++) {
		const struct explain_way *w = &t->x->near[i];

		if (t->x->format != NULL &&
		    (w->held < 2 || w->held * 3 < w->n * 2))
			continue;
		head(t, "near    ", "近い書式");
		buf_printf(t->out, "%s (%s:%u): ", w->format->name,
		    formats_explain_file(w->format), w->way->line);
		put_words(t, w, true);
		if (w->held < w->n) {
			buf_str(t->out, tr("; but not: ", "。不一致: "));
			put_words(t, w, false);
		}
		buf_byte(t->out, '\n');
	}
}

/* Formats that detected the line and could not read it. */
static void
put_failures(const struct text *t)
{
	size_t i;

	for (i = 0; i < t->x->trace.nfailure; i++) {
		const struct trace_failure *f = &t->x->trace.failure[i];

		head(t, "tried   ", "不成立  ");
		if (f->step == NULL)
			buf_printf(t->out,
			    tr("%s recognises the line, but no case of %s "
			       "applies\n",
				"%s: この行を判定しましたが、%sのどの場合にも"
				"当てはまりません\n"),
			    f->format->name, formats_explain_file(f->format));
		else
			buf_printf(t->out,
			    tr("%s recognises the line, but its step at %s:%u "
			       "does not fit%s\n",
				"%s: この行を判定しましたが、手順（%s:%u）に"
				"合いません%s\n"),
			    f->format->name, formats_explain_file(f->format),
			    f->step->line, formats_explain_keys(f->step));
	}
}

static void
put_format(const struct text *t)
{
	const struct explain *x = t->x;

	head(t, "format  ", "書式    ");
	if (x->format == NULL) {
		buf_str(t->out,
		    tr("none: no format knows this line\n",
			"なし: この行を読める書式はありません\n"));
		return;
	}
	buf_printf(t->out, tr("%s: %s (%s)\n", "%s: %s（%s）\n"),
	    x->format->name, x->format->title, x->format->file);
	head(t, "found by", "判定    ");
	if (x->by.way == NULL)
		buf_str(t->out,
		    tr("the titles of its table", "表の見出し行による"));
	else if (x->by.held < x->by.n)
		buf_str(t->out, tr("it was asked for", "--formatの指定による"));
	else {
		put_words(t, &x->by, true);
		at_line(t, x->by.way->line);
	}
	buf_byte(t->out, '\n');
}

/* Which values a condition saw. */
static void
put_cond(const struct text *t, const struct cond *c)
{
	size_t i;

	for (i = 0; c != NULL && i < c->n; i++) {
		uint16_t slot = c->test[i].slot;

		buf_str(t->out, i > 0 ? ", " : " ");
		put(t, t->x->format->slot_name[slot], VALUE_SHOWN);
		buf_byte(t->out, '=');
		put(t, t->x->line->in[slot], VALUE_SHOWN);
	}
}

static void
put_cases(const struct text *t)
{
	const struct explain *x = t->x;
	const struct format_case *c;
	size_t i;

	for (i = 0; i < x->trace.n; i++) {
		if (x->trace.row[i].kind != TRACE_CASE)
			continue;
		c = x->trace.row[i].what;
		head(t, "case    ", "場合    ");
		buf_printf(t->out, "%*s%s:%u", (int)x->trace.row[i].depth * 2,
		    "", formats_explain_file(x->format), c->line);
		put_cond(t, explain_holds(x->line, c->when));
		if (c->match != NULL)
			buf_str(t->out, tr(" pattern", " パターン"));
		if (c->when == NULL && c->match == NULL)
			buf_str(t->out, tr(" always", " 常に"));
		buf_byte(t->out, '\n');
	}
}

static const char *
clock_name(enum event_clock c)
{
	switch (c) {
	case EVENT_CLOCK_OFFSET:
		return tr("the line says its zone", "時差は行の記載による");
	case EVENT_CLOCK_LEDGER:
		return tr("zone of the device by the ledger",
		    "時差は台帳の機器の設定による");
	case EVENT_CLOCK_SITE:
		return tr("zone of the site", "時差は施設の設定による");
	case EVENT_CLOCK_NONE:
		break;
	}
	return tr("none: the time of receipt stands in",
	    "なし: 受信時刻で代用します");
}

/* What else is to be known of the device's clock. */
static void
put_marks(const struct text *t, unsigned mark)
{
	if (mark & EVENT_MARK_YEAR)
		buf_str(t->out,
		    tr(", year inferred", "、年は受信時刻から推定"));
	if (mark & EVENT_MARK_UNSET)
		buf_str(t->out,
		    tr(", clock never set", "、時計は未設定（機器の申告）"));
	if (mark & EVENT_MARK_UNSYNCED)
		buf_str(t->out,
		    tr(", clock not synchronized",
			"、時計は同期が外れている（機器の申告）"));
	if (mark & EVENT_MARK_ZONE)
		buf_str(t->out,
		    tr(", the zone it names stands for several",
			"、行にある時差の名称は一つに決まらない"));
	if (mark & EVENT_MARK_UPTIME)
		buf_str(t->out,
		    tr(", only the time since the start is written",
			"、行には起動からの経過時間しかない"));
}

static void
put_time(const struct text *t, int zone)
{
	const struct explain *x = t->x;
	const struct time_rule *r = NULL;
	char when[UTC_TEXT];
	size_t i;

	for (i = 0; i < x->trace.n; i++)
		if (x->trace.row[i].kind == TRACE_TIME)
			r = x->trace.row[i].what;
	head(t, "time    ", "時刻    ");
	if (x->event->clock != EVENT_CLOCK_NONE)
		buf_printf(t->out, "%s  ",
		    utc_print(x->event->time, zone, when));
	if (r != NULL) {
		buf_str(t->out, "\"");
		put(t, x->event->time_text, VALUE_SHOWN);
		buf_printf(t->out, "\" %s ",
		    r->as == TIME_EPOCH		? "epoch"
			: r->as == TIME_PATTERN ? (const char *)r->pattern.p
						: "stamp");
	}
	buf_str(t->out, clock_name(x->event->clock));
	put_marks(t, x->event->mark);
	if (r != NULL && r->line > 0)
		at_line(t, r->line);
	buf_byte(t->out, '\n');
}

/* Bytes from 1, as `cut -b` counts. */
static void
put_place(const struct text *t, bool placed, size_t from, size_t to)
{
	char text[48] = "";

	if (placed)
		snprintf(text, sizeof(text), "%zu-%zu", from + 1, to);
	buf_printf(t->out, "  %-11s ", text);
}

static const char *
end_name(enum trace_end end)
{
	switch (end) {
	case TRACE_NONE:
		return tr("left out, for it is none or not in the map",
		    "値として不適、または対応表にないため除外");
	case TRACE_DECIDED:
		return tr("has its value already", "別の値で確定済み");
	case TRACE_WHEN:
		return tr("its condition does not hold", "条件が不成立");
	case TRACE_TAKEN:
	case TRACE_OTHER:
		break;
	}
	return NULL;
}

/* "source.ip", and how it got there. */
static void
put_field(const struct text *t, const struct trace_row *r, struct span input)
{
	const struct op *op = r->what;

	buf_str(t->out, ecs_name(r->field));
	if (end_name(r->end) != NULL) {
		buf_printf(t->out, tr(" (%s)", "（%s）"), end_name(r->end));
		return;
	}
	if (!span_eq(r->value, input)) {
		buf_str(t->out, " = ");
		put(t, r->value, VALUE_SHOWN);
	}
	if (op->map != NULL) {
		buf_str(t->out, tr(" (map ", "（対応表 "));
		put(t, op->map->name, VALUE_SHOWN);
		buf_str(t->out, tr(")", "）"));
	}
	if (op->as != CONVERT_NONE)
		buf_printf(t->out, tr(" (as %s)", "（変換 %s）"),
		    convert_name(op->as));
}

static bool
in_template(const struct assign *a, uint16_t slot)
{
	size_t i, k;

	for (i = 0; i < a->n; i++)
		for (k = 0; k < a->value[i].n; k++)
			if (a->value[i].part[k].slot == slot)
				return true;
	return false;
}

/* All that became of one input, ", " between. */
static void
put_uses(const struct text *t, const struct explain_piece *p)
{
	const char *head_field = formats_explain_head(p->slot);
	size_t i, n = 0;

	if (head_field != NULL)
		buf_printf(t->out, "%s%s", n++ ? ", " : "", head_field);
	for (i = 0; i < t->x->trace.n; i++) {
		const struct trace_row *r = &t->x->trace.row[i];

		if (r->kind == TRACE_FIELD &&
		    ((const struct op *)r->what)->slot == p->slot) {
			buf_str(t->out, n++ ? ", " : "");
			put_field(t, r, p->value);
		} else if (r->kind == TRACE_SET &&
		    in_template(r->what, p->slot))
			buf_printf(t->out, "%s%s", n++ ? ", " : "",
			    ecs_name(r->field));
	}
	if (p->use & EXPLAIN_TIME)
		buf_printf(t->out, "%s@timestamp", n++ ? ", " : "");
	if (p->use & EXPLAIN_ASKED)
		buf_printf(t->out, "%s%s", n++ ? ", " : "",
		    tr("asked for by a condition", "条件で参照"));
	if (p->use & EXPLAIN_CUT)
		buf_printf(t->out, "%s%s", n++ ? ", " : "",
		    tr("cut further", "さらに分割"));
}

static void
put_piece(const struct text *t, const struct explain_piece *p)
{
	put_place(t, p->placed, p->from, p->to);
	put(t, p->name, VALUE_SHOWN);
	buf_byte(t->out, '=');
	put(t, p->value, VALUE_SHOWN);
	buf_str(t->out, "  ->  ");
	put_uses(t, p);
	buf_byte(t->out, '\n');
}

static void
put_pieces(const struct text *t)
{
	size_t i;

	buf_str(t->out,
	    tr("bytes        input -> field\n", "バイト       入力 → 項目\n"));
	for (i = 0; i < t->x->npiece; i++)
		if (t->x->piece[i].use != 0)
			put_piece(t, &t->x->piece[i]);
}

/* What the file says of itself: constants, and templates with their value. */
static void
put_set(const struct text *t)
{
	const struct trace_row *r;
	size_t i, n = 0;

	for (i = 0; i < t->x->trace.n; i++) {
		r = &t->x->trace.row[i];
		if (r->kind != TRACE_SET)
			continue;
		if (n++ == 0)
			buf_str(t->out,
			    tr("set by the format\n", "書式が定める値\n"));
		buf_printf(t->out, "  %s = ", ecs_name(r->field));
		put(t, r->value, VALUE_SHOWN);
		at_line(t, ((const struct assign *)r->what)->line);
		buf_byte(t->out, '\n');
	}
}

static void
put_left_piece(const struct text *t, const struct explain_piece *p)
{
	size_t before;

	put_place(t, p->placed, p->from, p->to);
	put(t, p->name, VALUE_SHOWN);
	buf_byte(t->out, '=');
	put(t, p->value, VALUE_SHOWN);
	buf_str(t->out, "  ->  ");
	before = t->out->len;
	if (p->slot == SLOT_NONE)
		buf_str(t->out,
		    tr("the file does not name it", "書式ファイルに記載なし"));
	else
		put_uses(t, p);
	if (t->out->len == before)
		buf_str(t->out,
		    tr("no field, no condition that was asked",
			"この場合には使われません"));
	buf_byte(t->out, '\n');
}

/* What the head has and nobody asked for is no loss. */
static bool
is_left(const struct explain_piece *p)
{
	return p->use == 0 && p->slot >= SLOT_OWN;
}

static void
put_left(const struct text *t)
{
	const struct explain *x = t->x;
	size_t i, n = x->nleft;

	for (i = 0; i < x->npiece; i++)
		n += is_left(&x->piece[i]);
	if (n == 0) {
		buf_str(t->out,
		    tr("nothing was left over\n", "余りはありません\n"));
		return;
	}
	buf_str(t->out,
	    tr("left over: no field has it\n",
		"余り: どの項目にもならなかった部分\n"));
	for (i = 0; i < x->npiece; i++)
		if (is_left(&x->piece[i]))
			put_left_piece(t, &x->piece[i]);
	for (i = 0; i < x->nleft; i++) {
		put_place(t, true, x->left[i].from, x->left[i].to);
		put(t,
		    span_sub(x->trace.text, x->left[i].from,
			x->left[i].to - x->left[i].from),
		    VALUE_SHOWN * 2);
		buf_byte(t->out, '\n');
	}
}

static void
put_line(const struct text *t)
{
	const struct event *e = t->x->event;

	head(t, "line    ", "行      ");
	put(t, t->x->trace.text, LINE_SHOWN);
	buf_byte(t->out, '\n');
	if (e->encoding == TEXT_UTF8)
		return;
	head(t, "encoding", "文字コード");
	buf_printf(t->out,
	    tr("%s, %zu bytes; bytes below are those of UTF-8\n",
		"%s、%zuバイト。以下の位置はUTF-8でのもの\n"),
	    text_encoding_name(e->encoding), e->message.len);
}

void
formats_explain_text(const struct explain *x, int zone, struct buf *out)
{
	struct text t = { x, out };
	struct span fault = event_get(x->event, ECS_ERROR_MESSAGE);

	put_line(&t);
	put_failures(&t);
	put_format(&t);
	if (x->format == NULL) {
		put_near(&t);
		return;
	}
	put_cases(&t);
	put_time(&t, zone);
	if (fault.len > 0) {
		head(&t, "fault   ", "不備    ");
		put(&t, fault, LINE_SHOWN);
		buf_byte(out, '\n');
	}
	put_pieces(&t);
	put_set(&t);
	put_left(&t);
	if (x->more > 0)
		buf_printf(out,
		    tr("%zu more parts are not shown\n",
			"ほか%zu件は表示していません\n"),
		    x->more);
	put_near(&t);
}
