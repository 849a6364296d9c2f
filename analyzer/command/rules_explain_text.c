/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/rules_explain.h"
#include "common/log.h"
#include "common/text.h"

/* What `konseki rules explain` found, in lines of a terminal. */

#define SHOWN 60  /* bytes of a value */
#define VALUES 12 /* of a rule or an event on one line */

static void
put_value(struct span s, struct buf *out)
{
	size_t len = s.len;

	if (len > SHOWN) { /* not within a character */
		for (len = SHOWN; len > 0 && (s.p[len] & 0xc0) == 0x80; len--)
			;
	}
	text_escape(span_sub(s, 0, len), out);
	buf_str(out, len < s.len ? "..." : "");
}

static void
put_quoted(const struct span *v, size_t n, struct buf *out)
{
	size_t i;

	for (i = 0; i < n && i < VALUES; i++) {
		buf_str(out, i > 0 ? ", \"" : "\"");
		put_value(v[i], out);
		buf_byte(out, '"');
	}
	if (n > VALUES)
		buf_printf(out, tr(" and %zu more", " ほか%zu個"), n - VALUES);
}

/* What the rule wants, as it has it. */
static void
put_wanted(const struct explain_row *r, struct buf *out)
{
	const struct item *it = r->item;
	size_t i;

	put_value(r->name, out);
	buf_str(out, r->name.len > 0 ? ": " : "");
	for (i = 0; i < it->n && i < VALUES; i++) {
		buf_str(out, i == 0 ? "" : it->all ? " & " : " | ");
		if (it->values[i].form[0].kind == TEST_NULL)
			buf_str(out, "null");
		else
			put_value(it->values[i].text, out);
	}
	if (it->n > VALUES)
		buf_printf(out, tr(" and %zu more", " ほか%zu個"),
		    it->n - VALUES);
}

/* What the event has. */
static void
put_seen(const struct explain_row *r, struct buf *out)
{
	if (r->verdict == EXPLAIN_UNKNOWN) {
		buf_str(out, tr("  (not known here)", "  （ここでは不明）"));
		return;
	}
	if (!r->item->keyword && r->nseen == 0)
		buf_str(out, tr("  (missing)", "  （項目なし）"));
	if (r->nseen > 0) {
		buf_str(out, "  = ");
		put_quoted(r->seen, r->nseen, out);
	}
	if (r->nother > 0) {
		buf_str(out, tr("; the other: ", "、相手: "));
		put_quoted(r->other, r->nother, out);
	}
	if (r->fit > 0 && r->item->n > 1) {
		buf_str(out, tr("  fits ", "  一致: "));
		put_value(r->item->values[r->fit - 1].text, out);
	}
}

const char *
rules_explain_verdict(enum explain_verdict v)
{
	return v == EXPLAIN_YES ? tr("yes", "○ ")
	    : v == EXPLAIN_NO	? tr("no ", "× ")
				: tr("?  ", "？ ");
}

static void
put_row(const struct explain_row *r, struct buf *out)
{
	if (r->kind == EXPLAIN_SELECTION && r->name.len == 0)
		return; /* of a raise: it has but one */
	buf_printf(out, "%s %s  %*s", r->decides ? ">" : " ",
	    rules_explain_verdict(r->verdict), (int)r->depth * 2, "");
	switch (r->kind) {
	case EXPLAIN_ALL:
		buf_str(out, tr("and (all of)", "and（すべて）"));
		break;
	case EXPLAIN_ANY:
		buf_str(out, tr("or (one of)", "or（どれか）"));
		break;
	case EXPLAIN_NOT:
		buf_str(out, "not");
		break;
	case EXPLAIN_SELECTION:
		put_value(r->name, out);
		break;
	case EXPLAIN_MAP:
		buf_str(out, tr("one map of the list", "一覧の1つ"));
		break;
	case EXPLAIN_ITEM:
		put_wanted(r, out);
		put_seen(r, out);
		break;
	}
	buf_byte(out, '\n');
}

void
rules_explain_part(const struct rules_part *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->x.n; i++)
		put_row(&p->x.row[i], out);
}

void
rules_explain_why(const struct rules_part *p, struct buf *out)
{
	const struct explain_row *r;
	size_t i;

	for (i = 0; i < p->x.n; i++) {
		r = &p->x.row[i];
		if (r->kind != EXPLAIN_ITEM || !r->decides)
			continue;
		buf_printf(out, tr("  %s, line %u: %s  ", "  %s %u行: %s "),
		    p->name, r->item->line, rules_explain_verdict(r->verdict));
		put_wanted(r, out);
		put_seen(r, out);
		buf_byte(out, '\n');
	}
}
