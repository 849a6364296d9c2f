/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/sheet.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/docket_priv.h"
#include "analyzer/report/csvout.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * Remote maintenance: the plans held against the sessions that devices
 * recorded (リモート保守照合票).  A session is of maintenance if its account is
 * a vendor's by ledger or plans, or if a plan covers its beginning.
 */
#define GRACE (30 * UTC_MINUTE) /* before and behind a plan */

static const struct account *
account_of(const struct docket *p, struct span user)
{
	const struct account *a = NULL;

	if (p->in.ledgers != NULL)
		(void)accounts_find(p->in.ledgers->accounts, user, &a);
	return a;
}

static const struct plan *
plan_of(const struct docket *p, const struct visit *v,
    const struct account *account)
{
	const struct device *d = report_device(p->r, v->device);
	struct arena *a = p->r->arena;
	struct plan_act act = { .time = v->begin,
		.grace = GRACE,
		.user = account_key(v->user, a),
		.anywhere = v->kind == VISIT_VPN };
	char text[ADDRESS_TEXT];

	if (p->in.ledgers == NULL)
		return NULL;
	if (account != NULL) {
		act.account = account->key;
		act.vendor = sheet_key(account->vendor, a);
	}
	act.device[1] = sheet_key(v->device, a);
	if (d != NULL) {
		act.device[0] = sheet_key(d->id, a);
		act.device[1] = sheet_key(d->name, a);
		if (d->n_ips > 0)
			act.device[2] = span_str(arena_printf(a, "%s",
			    address_print(&d->ips[0], text)));
	}
	return plans_covering(p->in.ledgers->maintenance, &act);
}

/* Whether some plan, of whatever time, names that account. */
static bool
is_planned_for(const struct docket *p, struct span user)
{
	const struct plans *pl =
	    p->in.ledgers == NULL ? NULL : p->in.ledgers->maintenance;
	const struct span key = account_key(user, p->r->arena);
	struct span rest, id;
	size_t i;

	for (i = 0; pl != NULL && i < plans_count(pl); i++) {
		rest = plans_at(pl, i)->users;
		while (sheet_next_value(&rest, &id))
			if (span_eq(id, key))
				return true;
	}
	return false;
}

/* Whose work is asked about: a vendor's, somebody's of the plans, and by VPN
 * also that of nobody whom a ledger knows. */
static bool
is_asked(const struct docket *p, const struct visit *v,
    const struct account *a)
{
	if (a != NULL && (a->kind == ACCOUNT_VENDOR || a->vendor.len > 0))
		return true;
	return is_planned_for(p, v->user) ||
	    (a == NULL && v->kind == VISIT_VPN && p->in.ledgers != NULL);
}

static void
take(struct docket *p, const struct visit *v)
{
	const struct account *a = account_of(p, v->user);
	struct docket_session *s = &p->sessions[p->n_sessions];

	*s = (struct docket_session){ .v = v,
		.account = a,
		.plan = plan_of(p, v, a) };
	if (s->plan == NULL && !is_asked(p, v, a))
		return;
	p->n_sessions++;
	p->unplanned += s->plan == NULL;
	p->late += s->plan != NULL && s->plan->late;
	if (s->plan != NULL && connections_ended(v) &&
	    v->end > s->plan->until)
		s->over = v->end - s->plan->until;
}

static bool
is_used(const struct docket *p, const struct plan *plan)
{
	size_t i;

	for (i = 0; i < p->n_sessions; i++)
		if (p->sessions[i].plan == plan)
			return true;
	return false;
}

static void
find_idle(struct docket *p)
{
	const struct plans *pl =
	    p->in.ledgers == NULL ? NULL : p->in.ledgers->maintenance;
	size_t i, n = pl == NULL ? 0 : plans_count(pl);

	p->idle = arena_alloc(p->r->arena, (n + 1) * sizeof(*p->idle));
	for (i = 0; i < n; i++) {
		const struct plan *plan = plans_at(pl, i);

		if (plan->until <= p->in.from || plan->from >= p->in.until)
			continue;
		p->n_plans++;
		if (!is_used(p, plan))
			p->idle[p->n_idle++] = plan;
	}
}

void
docket_match(struct docket *p)
{
	const struct visit *all;
	size_t i, n;

	all = connections_finish(p->connections, &n);
	p->sessions_missed = connections_count(p->connections).missed;
	p->sessions = arena_alloc(p->r->arena, (n + 1) * sizeof(*p->sessions));
	for (i = 0; i < n; i++)
		if (all[i].kind != VISIT_OTHER)
			take(p, &all[i]);
	find_idle(p);
	connections_close(p->connections);
}

/* ---- the page ---- */

static const char *
judgement(const struct docket *p, const struct docket_session *s)
{
	if (s->plan == NULL)
		return tr("unplanned", "計画外");
	if (s->over > 0)
		return arena_printf(p->r->arena,
		    tr("planned; %s longer", "計画どおり・%s超過"),
		    figure_length(p->r->arena, s->over));
	return s->plan->late ? tr("registered afterwards", "事後登録")
			     : tr("planned", "計画あり");
}

static const char *
vendor_of(const struct docket *p, const struct docket_session *s)
{
	struct span v = s->account == NULL ? SPAN("") : s->account->vendor;

	if (s->account == NULL && s->plan == NULL)
		return tr("(in no ledger)", "（台帳外ID）");

	if (v.len == 0 && s->account != NULL)
		v = s->account->department;
	if (v.len == 0 && s->plan != NULL)
		v = s->plan->vendor;
	return figure_clip(p->r->arena, v, 24);
}

static const char *
plan_text(const struct docket *p, const struct plan *plan)
{
	struct arena *a = p->r->arena;

	if (plan == NULL)
		return "—";
	return arena_printf(a, "%s %s %s", figure_clip(a, plan->id, 16),
	    figure_range(a, plan->from, plan->until, p->r->zone),
	    figure_clip(a, plan->work, 30));
}

static void
put_session(const struct docket *p, struct buf *out,
    const struct docket_session *s)
{
	const struct report_cite cite = connections_cite(&s->v->first);
	struct arena *a = p->r->arena;

	html_put(out,
	    "<tr class=\"%s\"><td><b>%s</b></td><td>%s</td><td>%s</td>"
	    "<td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>",
	    s->plan == NULL ? "bad" : "", judgement(p, s), vendor_of(p, s),
	    figure_clip(a, s->v->user, 24),
	    report_device_text(p->r, s->v->device),
	    figure_clip(a, s->v->source, 40), connections_when(p->r, s->v),
	    connections_length(p->r, s->v), plan_text(p, s->plan));
	report_put_cite(out, &cite);
	buf_str(out, "</td><td></td></tr>\n");
}

static void
put_sessions(const struct docket *p, struct buf *out)
{
	size_t i, shown = 0, pass;

	html_put(out,
	    "<table class=\"fit\"><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>\n",
	    tr("Against the plan", "照合"), tr("Vendor", "事業者"),
	    tr("Account", "ID"), tr("Device", "機器"), tr("From", "接続元"),
	    tr("From when to when", "開始〜終了"), tr("Length", "接続時間"),
	    tr("Plan", "作業計画"), tr("Evidence", "証跡"),
	    tr("Checked", "確認"));
	/* What no plan covers comes first: it is what is asked about. */
	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < p->n_sessions && shown < DOCKET_ROWS; i++)
			if ((p->sessions[i].plan == NULL) == (pass == 0)) {
				put_session(p, out, &p->sessions[i]);
				shown++;
			}
	buf_str(out, "</tbody></table>\n");
	if (p->n_sessions > shown)
		html_put(out, "<p class=\"rest\">%s %zu</p>\n",
		    tr("Not shown (all are in 07-maintenance.csv):",
			"省略（全件は 07-maintenance.csv）："),
		    p->n_sessions - shown);
}

static void
put_idle(const struct docket *p, struct buf *out)
{
	struct arena *a = p->r->arena;
	size_t i;

	html_put(out, "<h2>%s: %zu</h2>\n",
	    tr("Plans without a session", "接続の記録がない作業計画"),
	    p->n_idle);
	if (p->n_idle == 0)
		return;
	html_put(out, "<ul>");
	for (i = 0; i < p->n_idle && i < DOCKET_ROWS; i++)
		html_put(out, tr("<li>%s %s (row %u)</li>\n",
				  "<li>%s %s（台帳%u行目）</li>\n"),
		    plan_text(p, p->idle[i]),
		    figure_clip(a, p->idle[i]->vendor, 24), p->idle[i]->row);
	html_put(out, "</ul><p class=\"src\">%s</p>\n",
	    tr("The work may have been done on the spot or cancelled, or the "
	       "device does not log sessions.",
		"現地で作業した、中止した、または機器が接続を記録していない可"
		"能性があります。"));
}

void
docket_put_maintenance(const struct docket *p, struct buf *out)
{
	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Remote maintenance: plans and sessions",
		    "リモート保守照合票"),
		.subtitle = arena_printf(p->r->arena, "%s　%s",
		    docket_period(p), tr("Checklist 2-②", "チェックリスト2-②")),
		.number = 7,
		.paper = HTML_LANDSCAPE });
	html_put(out,
	    tr("<p><b>Sessions %zu: planned %zu (of these registered "
	       "afterwards %zu), unplanned %zu. Plans %zu: without a session "
	       "%zu.</b></p>\n",
		"<p><b>接続 %zu件：計画あり %zu件（うち事後登録 %zu件）、計画"
		"外 %zu件。作業計画 %zu件：接続の記録なし %zu件。</b></p>\n"),
	    p->n_sessions, p->n_sessions - p->unplanned, p->late,
	    p->unplanned, p->n_plans, p->n_idle);
	html_put(out, "<p class=\"src\">%s</p>\n",
	    tr("Sessions of VPN and administration whose account is a vendor's "
	       "by the ledger or named by a plan, or that a plan covers (30 "
	       "minutes before and after are allowed), and VPN sessions of "
	       "accounts in no ledger. Unplanned does not say unauthorised: "
	       "ask the vendor.",
		"事業者のID（台帳または作業計画にあるもの）によるVPN・管理接続"
		"、"
		"作業計画の時間帯（前後30分を含む）の接続、台帳外IDのVPN接続で"
		"す。計画外は不正を意味しません。事業者に確認してください。"));
	if (p->in.ledgers == NULL)
		html_put(out, "<p class=\"warn\">%s</p>\n",
		    tr("The ledgers could not be read: nothing was compared.",
			"台帳を読み取れないため、照合していません。"));
	if (p->sessions_missed > 0)
		html_put(out, "<p class=\"warn\">%s %s</p>\n",
		    tr("Records not used for want of room:",
			"多数のため使えなかった記録："),
		    figure_count(p->r->arena, p->sessions_missed));
	put_sessions(p, out);
	put_idle(p, out);
	html_put(out,
	    "<section class=\"sign\"><table><tr><th>%s</th><td></td></tr>"
	    "</table><table><tr><th>%s</th><th>%s</th></tr><tr><td></td>"
	    "<td></td></tr></table></section>\n",
	    tr("Comment", "所見"), tr("Checked by", "確認者（企画管理者）"),
	    tr("Date", "確認日"));
	html_end(out);
}

void
docket_put_maintenance_csv(const struct docket *p, struct buf *out)
{
	static const char *const head[][2] = { { "照合", "against the plan" },
		{ "事業者", "vendor" }, { "ID", "account" },
		{ "機器", "device" }, { "接続元", "from" },
		{ "開始〜終了", "from when to when" },
		{ "接続時間", "length" }, { "作業計画", "plan" },
		{ "証跡", "evidence" } };
	size_t i;

	csvout_begin(out);
	for (i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		csvout_str(out, tr(head[i][1], head[i][0]));
	csvout_row(out);
	for (i = 0; i < p->n_sessions; i++) {
		const struct docket_session *s = &p->sessions[i];
		const struct report_cite cite = connections_cite(&s->v->first);

		csvout_str(out, judgement(p, s));
		csvout_str(out, vendor_of(p, s));
		csvout_cell(out, s->v->user);
		csvout_str(out, report_device_text(p->r, s->v->device));
		csvout_cell(out, s->v->source);
		csvout_str(out, connections_when(p->r, s->v));
		csvout_str(out, connections_length(p->r, s->v));
		csvout_str(out, plan_text(p, s->plan));
		csvout_str(out, report_cite_text(p->r, &cite));
		csvout_row(out);
	}
}
