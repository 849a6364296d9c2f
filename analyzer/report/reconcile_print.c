/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/html.h"
#include "analyzer/report/reconcile.h"
#include "common/text.h"
#include "common/utc.h"

static const struct {
	const char *en, *ja;
} marks[] = {
#define MARK(id, en, ja) { en, ja },
#include "analyzer/report/reconcile_tbl.h"
#undef MARK
};

static const char *
mark_text(size_t m)
{
	return tr(marks[m].en, marks[m].ja);
}

#define CELLS 7

static const char *
heading(size_t i)
{
	static const struct {
		const char *en, *ja;
	} titles[CELLS] = {
		{ "account", "利用者ID" },
		{ "name", "氏名" },
		{ "ledger", "利用者ID台帳" },
		{ "personnel office", "人事の一覧" },
		{ "devices", "機器から出力" },
		{ "use on record", "記録上の使用" },
		{ "to look at", "確認すること" },
	};

	return tr(titles[i].en, titles[i].ja);
}

static void
put_ledger(const struct reconcile *r, const struct reconcile_row *row,
    struct buf *out)
{
	static const struct {
		const char *en, *ja;
	} states[] = {
		[EXPIRY_IS_USABLE] = { "usable", "使用可" },
		[EXPIRY_IS_NOT_YET] = { "not yet usable", "使用開始前" },
		[EXPIRY_IS_OVER] = { "over", "期限切れ" },
		[EXPIRY_IS_DISABLED] = { "not usable", "使用不可" },
		[EXPIRY_IS_LEAVE] = { "on leave", "休職など" },
		[EXPIRY_IS_UNKNOWN] = { "?", "解釈できません" },
	};
	enum expiry_state s;

	if (row->account == NULL) {
		buf_str(out, "—");
		return;
	}
	s = expiry_on(&row->account->expiry, r->day);
	buf_printf(out, tr("row %u: %s", "%u行目: %s"), row->account->row,
	    tr(states[s].en, states[s].ja));
	if (row->account->admin)
		buf_str(out, tr(", administrator", "、管理者権限"));
}

static void
put_person(const struct reconcile_row *row, struct buf *out)
{
	static const struct {
		const char *en, *ja;
	} states[] = {
		[ACCOUNT_PERSON_UNSAID] = { "?", "不明" },
		[ACCOUNT_PERSON_PRESENT] = { "works here", "在職" },
		[ACCOUNT_PERSON_MOVED] = { "moved", "異動" },
		[ACCOUNT_PERSON_LEAVE] = { "on leave", "休職" },
		[ACCOUNT_PERSON_LEFT] = { "left", "退職" },
	};
	int year, month, day;

	if (!row->is_person) {
		buf_str(out, "—");
		return;
	}
	buf_str(out, tr(states[row->person].en, states[row->person].ja));
	if (row->account == NULL || row->person != ACCOUNT_PERSON_LEFT ||
	    row->account->left == INT64_MIN || row->account->left == INT64_MAX)
		return;
	utc_date(row->account->left, &year, &month, &day);
	buf_printf(out, " %d/%d/%d", year, month, day);
}

static void
put_devices(const struct reconcile_row *row, struct buf *out)
{
	if (row->there == 0) {
		buf_str(out, "—");
		return;
	}
	text_escape(row->systems, out);
	buf_printf(out, tr(" (%zu, %zu enabled)", "（%zu件、有効%zu件）"),
	    row->there, row->enabled);
	if (row->admins > 0)
		buf_str(out, tr(", administrator", "、管理者権限"));
}

static void
put_use(const struct reconcile *r, const struct reconcile_row *row,
    struct buf *out)
{
	if (row->seen == NULL) {
		buf_str(out, "—");
		return;
	}
	buf_printf(out, tr("last %s, %s", "最終 %s、%s"),
	    figure_minute(r->arena, row->seen->last, r->zone),
	    figure_records(r->arena, row->seen->uses));
}

static void
put_marks(const struct reconcile_row *row, struct buf *out)
{
	size_t m, n = 0;

	for (m = 0; m < RECONCILE_MARKS; m++)
		if ((row->marks >> m & 1) != 0)
			buf_printf(out, "%s%s", n++ > 0 ? tr("; ", "、") : "",
			    mark_text(m));
}

/* The text of a cell, in the buffer. */
static const char *
cell(const struct reconcile *r, const struct reconcile_row *row, size_t i,
    struct buf *out)
{
	out->len = 0;
	switch (i) {
	case 0:
		text_escape(row->id, out);
		break;
	case 1:
		text_escape(row->name, out);
		break;
	case 2:
		put_ledger(r, row, out);
		break;
	case 3:
		put_person(row, out);
		break;
	case 4:
		put_devices(row, out);
		break;
	case 5:
		put_use(r, row, out);
		break;
	default:
		put_marks(row, out);
	}
	return buf_cstr(out);
}

static size_t
to_look_at(const struct reconcile *r)
{
	size_t i;

	for (i = 0; i < r->n && r->v[i].marks != 0; i++)
		;
	return i;
}

/* What was held against what; a list that is not kept is said to be none. */
static void
put_lists(const struct reconcile *r, struct buf *out)
{
	const bool *kept = r->ledgers->kept;
	const char *none = tr("not kept", "なし（突合していません）");
	struct arena *a = r->arena;

	buf_printf(out,
	    tr("Ledger: %s. Personnel office: %s. Exported from devices: %s. "
	       "Used by the records: %s",
		"利用者ID台帳: %s。人事の一覧: %s。機器から出力: %s。記録上の"
		"使用: %s"),
	    kept[LEDGER_ACCOUNTS] ? figure_count(a, r->in_ledger) : none,
	    r->people != NULL ? figure_count(a, r->in_people) : none,
	    kept[LEDGER_EXPORTED] ? figure_count(a, r->in_exported) : none,
	    figure_count(a, r->in_records));
	if (observed_last(r->observed) > INT64_MIN)
		buf_printf(out, tr(" (records from %s to %s)",
				    "（記録の期間 %s ～ %s）"),
		    figure_day(a, observed_first(r->observed), r->zone),
		    figure_day(a, observed_last(r->observed), r->zone));
}

void
reconcile_text(const struct reconcile *r, struct buf *out)
{
	size_t i, k, n = to_look_at(r);
	struct buf b;

	buf_init(&b);
	put_lists(r, out);
	buf_byte(out, '\n');
	for (i = 0; i < n; i++) {
		const struct reconcile_row *row = &r->v[i];

		buf_printf(out, "%s", cell(r, row, 0, &b));
		if (row->name.len > 0)
			buf_printf(out, "（%s）", cell(r, row, 1, &b));
		buf_printf(out, ": %s\n", cell(r, row, CELLS - 1, &b));
		for (k = 2; k < CELLS - 1; k++)
			buf_printf(out, "%s%s: %s", k == 2 ? "    " : " | ",
			    heading(k), cell(r, row, k, &b));
		buf_byte(out, '\n');
	}
	buf_printf(out,
	    tr("%zu accounts to look at, %zu on which the lists agree\n",
		"確認が要るもの%zu件、一覧が一致しているもの%zu件\n"),
	    n, r->n - n);
	buf_fini(&b);
}

void
reconcile_csv(const struct reconcile *r, struct twin *t)
{
	struct buf b;
	size_t i, k;

	buf_init(&b);
	for (k = 0; k < CELLS; k++)
		twin_str(t, heading(k));
	twin_row(t);
	for (i = 0; i < r->n; i++) {
		for (k = 0; k < CELLS; k++)
			twin_str(t, cell(r, &r->v[i], k, &b));
		twin_row(t);
	}
	buf_fini(&b);
}

/* ---- a page ---- */

static const char style[] =
    ".rec{font-size:.95em;table-layout:fixed}.rec th:nth-child(1){width:11%}"
    ".rec th:nth-child(2){width:9%}.rec th:nth-child(3){width:14%}"
    ".rec th:nth-child(4){width:10%}.rec th:nth-child(5){width:16%}"
    ".rec th:nth-child(6){width:17%}.rec td:last-child{font-weight:bold}"
    ".cnt{width:auto}.cnt td:last-child{text-align:right}\n"
    "@media screen and (max-width:640px){.rec thead{display:none}"
    ".rec,.rec tbody,.rec tr,.rec td{display:block;width:auto}"
    ".rec tr{border:1px solid #000;margin-bottom:8px}.rec td{border:0}"
    ".rec td::before{content:attr(data-h) \" \";color:#444;"
    "font-size:.85em;font-weight:normal}.rec td:empty{display:none}}\n";

static void
html_counts(const struct reconcile *r, struct buf *out)
{
	size_t m, n = 0;

	for (m = 0; m < RECONCILE_MARKS; m++)
		n += r->count[m];
	if (n == 0) {
		html_put(out, "<p class=\"none\">%s</p>\n",
		    tr("Nothing to look at: the lists agree.",
			"確認が要るものはありません（一覧は一致していま"
			"す）。"));
		return;
	}
	html_put(out, "<table class=\"cnt\"><tr><th>%s</th><th>%s</th></tr>\n",
	    heading(CELLS - 1), tr("accounts", "件数"));
	for (m = 0; m < RECONCILE_MARKS; m++)
		if (r->count[m] > 0)
			html_put(out, "<tr><td>%s</td><td>%zu</td></tr>\n",
			    mark_text(m), r->count[m]);
	buf_str(out, "</table>\n");
}

static void
html_rows(const struct reconcile *r, size_t from, size_t until,
    struct buf *out)
{
	struct buf b;
	size_t i, k;

	buf_init(&b);
	buf_str(out, "<table class=\"rec\"><thead><tr>");
	for (k = 0; k < CELLS; k++)
		html_put(out, "<th>%s</th>", heading(k));
	buf_str(out, "</tr></thead><tbody>\n");
	for (i = from; i < until; i++) {
		buf_str(out, "<tr>");
		for (k = 0; k < CELLS; k++)
			html_put(out, "<td data-h=\"%s\">%s</td>", heading(k),
			    cell(r, &r->v[i], k, &b));
		buf_str(out, "</tr>\n");
	}
	buf_str(out, "</tbody></table>\n");
	buf_fini(&b);
}

void
reconcile_html(const struct reconcile *r, struct buf *out)
{
	struct html_page page = { .lang = log_lang(),
		.paper = HTML_LANDSCAPE,
		.title = tr("Reconciliation of accounts",
		    "利用者IDの突合（棚卸し）"),
		.style = style,
		.banner = "",
		.foot = tr("Reconciliation of accounts",
		    "利用者IDの突合（棚卸し）") };
	size_t n = to_look_at(r);
	struct buf b;

	html_begin(out, &page);
	html_put(out,
	    "<header><h1>%s</h1><p class=\"site\">%s</p></header>\n",
	    page.title, r->site);
	buf_init(&b);
	put_lists(r, &b);
	html_put(out, "<p>%s</p>\n", buf_cstr(&b));
	buf_fini(&b);
	html_counts(r, out);
	if (n > 0) {
		html_put(out, "<h2>%s</h2>\n", heading(CELLS - 1));
		html_rows(r, 0, n, out);
	}
	if (n < r->n) {
		html_put(out, "<h2>%s</h2>\n",
		    tr("On which the lists agree", "一覧が一致しているもの"));
		html_rows(r, n, r->n, out);
	}
	html_put(out,
	    "<table class=\"kept\"><tr><th>%s</th><td></td><th>%s</th>"
	    "<td></td></tr></table>\n",
	    tr("looked at by", "確認者"), tr("date", "確認日"));
	html_end(out);
}
