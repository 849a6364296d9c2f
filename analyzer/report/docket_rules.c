/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/docket_priv.h"
#include "analyzer/report/word.h"
#include "common/log.h"

/*
 * Checklist 4 and the yearly sheet.  The clauses say what this installation
 * does, with its settings; the sheet shows what the records have to say of an
 * item, and leaves yes and no to people.
 */

/* ---- the clauses ---- */

static const char *
number_of(const struct docket *p, unsigned n)
{
	return n == 0 ? tr("[not set]", "【未設定】")
		      : arena_printf(p->r->arena, "%u", n);
}

static const char *
counted(const struct docket *p, size_t n)
{
	return arena_printf(p->r->arena, "%zu", n);
}

/* What stands for {name} in a clause. */
static const char *
setting(const struct docket *p, struct span name)
{
	const struct site *s = p->in.site;
	const struct ledgers *l = p->in.ledgers;

	if (span_is(name, "devices"))
		return counted(p,
		    p->r->devices == NULL ? 0 : devices_count(p->r->devices));
	if (span_is(name, "accounts"))
		return counted(p, l == NULL ? 0 : accounts_count(l->accounts));
	if (span_is(name, "retention"))
		return p->in.log.retention;
	if (span_is(name, "approvers"))
		return s->approvers.n < 2
		    ? tr("[two persons: not set]", "【承認者2名：未設定】")
		    : arena_printf(p->r->arena,
			  tr("two of %zu approvers", "承認者%zu名のうち2名"),
			  s->approvers.n);
	if (span_is(name, "verify"))
		return s->analyzer.verify_hours == 0
		    ? tr("[not set]", "【未設定】")
		    : arena_printf(p->r->arena, tr("%u hours", "%u時間"),
			  s->analyzer.verify_hours);
	if (span_is(name, "remind"))
		return number_of(p, s->review.remind_days);
	if (span_is(name, "escalate"))
		return number_of(p, s->review.escalate_days);
	if (span_is(name, "answer"))
		return number_of(p, s->escalation.answer_min);
	return tr("[unknown]", "【不明】");
}

static void
put_filled(const struct docket *p, struct buf *out, const char *text)
{
	const char *open, *close;

	while ((open = strchr(text, '{')) != NULL &&
	    (close = strchr(open, '}')) != NULL) {
		html_text(out, span_make(text, (size_t)(open - text)));
		html_put(out, "<u>%s</u>",
		    setting(p,
			span_make(open + 1, (size_t)(close - open - 1))));
		text = close + 1;
	}
	html_text(out, span_str(text));
}

static void
put_missing(struct buf *out, enum docket_table t)
{
	html_put(out, "<p class=\"warn\">%s %s</p>\n",
	    tr("Could not be read:", "読み取れません："), docket_table_file(t));
}

void
docket_put_rules(const struct docket *p, struct buf *out)
{
	size_t i, n = p->in.tables[DOCKET_CLAUSES].n;

	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Clauses for the operating rules",
		    "運用管理規程に入れる条文（案）"),
		.subtitle = tr("Checklist 4-①: how access logs are managed",
		    "チェックリスト4-①：アクセスログの管理の具体的な方法"),
		.number = 3 });
	html_put(out, "<p class=\"src\">%s</p>\n",
	    tr("Underlined is what is set here today. To be adapted and put in "
	       "force by the institution; this page is no rule in itself.",
		"下線は現在の設定値です。施設で検討し、定めたうえで運用管理規程"
		"に入れてください。このページ自体は規程ではありません。"));
	if (n == 0)
		put_missing(out, DOCKET_CLAUSES);
	for (i = 0; i < n; i++) {
		html_put(out, "<h3>%s%s%s%s%s%s</h3><p>",
		    tr("Article ", "第"), docket_cell(p, DOCKET_CLAUSES, i,
			CLAUSE_ITEM),
		    tr("", "条"), tr(" (", "（"),
		    docket_cell2(p, DOCKET_CLAUSES, i, CLAUSE_HEAD_JA,
			CLAUSE_HEAD_EN),
		    tr(")", "）"));
		put_filled(p, out,
		    docket_cell2(p, DOCKET_CLAUSES, i, CLAUSE_JA, CLAUSE_EN));
		buf_str(out, "</p>\n");
	}
	html_end(out);
}

/* ---- the yearly sheet ---- */

static const char *
findings(const struct docket *p, const char *codes)
{
	size_t n = 0, unknown = 0, more;
	struct span rest = span_str(codes), code;

	while (rest.len > 0) {
		size_t len = 0;

		while (len < rest.len && rest.p[len] != ' ')
			len++;
		code = span_sub(rest, 0, len);
		n += docket_findings(p, arena_str(p->r->arena, code), &more);
		unknown += more;
		rest = len < rest.len ? span_sub(rest, len + 1,
					    rest.len - len - 1)
				      : SPAN("");
	}
	return arena_printf(p->r->arena,
	    tr("%zu finding(s), of these %zu undecided (rules %s)",
		"検出 %zu件（うち判定不可 %zu件）〔ルール %s〕"),
	    n, unknown, codes);
}

static const char *
devices_fact(const struct docket *p)
{
	size_t i, n = p->r->devices == NULL ? 0 : devices_count(p->r->devices);
	size_t silent = 0, strange = 0;
	const struct source *s;

	for (i = 0; i < n; i++) {
		s = docket_source_of(p, devices_at(p->r->devices, i));
		silent += s == NULL || s->records == 0;
	}
	for (i = 0; i < p->total->n; i++)
		strange += p->total->rows[i].records > 0 &&
		    report_device(p->r, p->total->rows[i].name) == NULL;
	return arena_printf(p->r->arena,
	    tr("%zu in the ledger (%zu without logs), %zu sources that are not",
		"台帳 %zu台（ログなし %zu台）、台帳にない送信元 %zu"),
	    n, silent, strange);
}

static const char *
review_fact(const struct docket *p)
{
	return arena_printf(p->r->arena,
	    tr("weeks signed %zu of %zu (late %zu, none %zu); verification: %s",
		"署名済 %zu/%zu週（期限後 %zu、署名なし %zu）。検証：%s"),
	    p->weeks.reviewed, p->weeks.n, p->weeks.late,
	    p->weeks.missing,
	    report_proof(p->r, p->r->evidence, &p->r->evidence_before)
		.verdict);
}

static const char *
people_fact(const struct docket *p, const char *role)
{
	const struct contacts *c = p->r->contacts;
	size_t i, n = 0, blank = 0;

	for (i = 0; c != NULL && i < c->n_people; i++) {
		if (role != NULL && strstr(c->people[i].role, role) == NULL)
			continue;
		n++;
		blank += *c->people[i].phone == '\0';
	}
	return arena_printf(p->r->arena,
	    tr("%zu person(s) in the tree, %zu without a telephone",
		"連絡体制図に %zu名（電話 未記入 %zu名）"),
	    n, blank);
}

static const char *
fact(const struct docket *p, const char *key)
{
	const struct ledgers *l = p->in.ledgers;

	if (strcmp(key, "devices") == 0)
		return devices_fact(p);
	if (strcmp(key, "review") == 0)
		return review_fact(p);
	if (strcmp(key, "contacts") == 0)
		return people_fact(p, NULL);
	if (strcmp(key, "roles") == 0)
		return people_fact(p, "安全管理責任者");
	if (strcmp(key, "stale") == 0)
		return findings(p, "ACC-");
	if (strcmp(key, "versions") == 0)
		return findings(p, "CFG-05 DEV-04");
	if (strcmp(key, "second") == 0)
		return findings(p, "VPN-05");
	if (strcmp(key, "sources") == 0)
		return findings(p, "VPN-02 CFG-03");
	if (strcmp(key, "remote") == 0)
		return arena_printf(p->r->arena,
		    tr("sessions %zu, unplanned %zu",
			"接続 %zu件、計画外 %zu件"),
		    p->n_sessions, p->unplanned);
	if (strcmp(key, "accounts") == 0)
		return arena_printf(p->r->arena,
		    tr("%zu accounts in the ledger", "台帳 %zu件"),
		    l == NULL ? 0 : accounts_count(l->accounts));
	if (strcmp(key, "rules") == 0)
		return tr("03-rules.html (a draft)", "03-rules.html（案）");
	return "";
}

static void
put_item(const struct docket *p, struct buf *out, size_t i)
{
	const char *shows = docket_cell2(p, DOCKET_CHECKLIST, i,
	    CHECKLIST_SHOWS_JA, CHECKLIST_SHOWS_EN);
	const char *is = fact(p, docket_cell(p, DOCKET_CHECKLIST, i,
					 CHECKLIST_FACT));

	html_put(out, "<tr><td><b>%s</b></td><td>%s</td><td>%s",
	    docket_cell(p, DOCKET_CHECKLIST, i, CHECKLIST_ITEM),
	    docket_cell2(p, DOCKET_CHECKLIST, i, CHECKLIST_JA, CHECKLIST_EN),
	    shows);
	if (*is != '\0')
		html_put(out, "<br><b>%s</b>", is);
	html_put(out,
	    "</td><td class=\"yn\">□%s □%s</td><td></td><td></td></tr>\n",
	    tr("yes", "はい"), tr("no", "いいえ"));
}

static void
put_last_signature(const struct docket *p, struct buf *out)
{
	size_t i;

	for (i = p->weeks.n; i > 0; i--) {
		const struct casebook_step *s = p->weeks.v[i - 1].reviewed;
		char number[WEEKS_NUMBER];

		if (s == NULL)
			continue;
		html_put(out, "<p class=\"src\">%s %s（%s）</p>\n",
		    tr("The newest signature of a weekly review, for the date:",
			"確認日の参考：最新の週次確認の署名"),
		    figure_day(p->r->arena, s->at, p->r->zone),
		    weeks_number(p->weeks.v[i - 1].from, p->r->zone, number));
		return;
	}
}

void
docket_put_checklist(const struct docket *p, struct buf *out)
{
	static const char style[] =
	    ".chk td:nth-child(1),.chk td.yn{white-space:nowrap}"
	    ".chk th:nth-child(2){width:43%}"
	    ".chk th:nth-child(5),.chk th:nth-child(6){width:4.6em}"
	    ".chk{font-size:.8em;line-height:1.3}@media screen and "
	    "(max-width:640px){"
	    ".chk{min-width:640px}}\n";
	size_t i, n = p->in.tables[DOCKET_CHECKLIST].n;

	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Yearly checklist: what the records show",
		    "年次点検：チェックリストと記録の対応"),
		.subtitle = arena_printf(p->r->arena, "%s　%s",
		    docket_period(p),
		    n == 0 ? "" : docket_cell(p, DOCKET_CHECKLIST, 0,
				      CHECKLIST_FROM)),
		.style = style,
		.number = 8 });
	html_put(out, "<p class=\"src\">%s</p>\n",
	    tr("konseki ticks nothing: yes or no is for people. No finding "
	       "says only that nothing was found in what was received "
	       "(06-store.html).",
		"はい・いいえは人が判断して記入します（konsekiは印を付けませ"
		"ん）。検出0件は、受信した記録の範囲で該当がなかったことだけを"
		"示"
		"します（範囲は 06-store.html）。"));
	if (n == 0)
		put_missing(out, DOCKET_CHECKLIST);
	html_put(out,
	    "<table class=\"chk\"><thead><tr><th></th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    tr("Item", "確認項目"), tr("Records of konseki", "konsekiの記録"),
	    tr("Answer", "回答"), tr("Date", "確認日"),
	    tr("If no: by when", "いいえの場合の目標日"));
	for (i = 0; i < n; i++)
		put_item(p, out, i);
	buf_str(out, "</tbody></table>\n");
	put_last_signature(p, out);
	html_end(out);
}
