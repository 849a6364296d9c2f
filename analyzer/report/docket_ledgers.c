/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/docket_priv.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * Checklist 2-① and 2-④: both ledgers in the columns of the guidance, with what
 * the logs say of each row; and what the logs know and no ledger does.
 * Telephone numbers of people stay out: they stand in the contact tree.
 */
static const char style[] = ".led{font-size:.86em}.led td{padding:.2mm .6mm}"
			    "@media screen and (max-width:640px){"
			    ".led{min-width:900px}}\n";

static const char *
clip(const struct docket *p, struct span s, size_t columns)
{
	return figure_clip(p->r->arena, s, columns);
}

static void
put_head(struct buf *out, const char *const *names, size_t n)
{
	size_t i;

	buf_str(out, "<table class=\"led\"><thead><tr>");
	for (i = 0; i < n; i++)
		html_put(out, "<th>%s</th>", names[i]);
	buf_str(out, "</tr></thead><tbody>\n");
}

static const char *
addresses(const struct docket *p, const struct device *d)
{
	char text[ADDRESS_TEXT];
	const char *all = "";
	size_t i;

	for (i = 0; i < d->n_ips; i++)
		all = arena_printf(p->r->arena, "%s%s%s", all,
		    i > 0 ? " " : "", address_print(&d->ips[i], text));
	return all;
}

static const char *
day_text(const struct docket *p, int64_t day)
{
	int y, m, d;

	if (day == INT64_MIN || day == INT64_MAX)
		return "";
	utc_date(day, &y, &m, &d);
	return arena_printf(p->r->arena, "%d/%d/%d", y, m, d);
}

static void
put_device(const struct docket *p, struct buf *out, const struct device *d)
{
	const struct source *s = docket_source_of(p, d);
	const struct span cells[] = { d->id, d->maker, d->os, d->software,
		d->version };
	size_t i;

	html_put(out, "<tr class=\"%s\">",
	    d->edge && (s == NULL || s->records == 0) ? "bad" : "");
	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		html_put(out, "<td>%s</td>", clip(p, cells[i], 40));
	html_put(out,
	    "<td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
	    "<td>%s</td><td>%s</td>",
	    addresses(p, d), clip(p, d->name, 30), clip(p, d->place, 30),
	    clip(p, d->users, 60), day_text(p, d->registered),
	    d->state_text.len > 0 ? clip(p, d->state_text, 20)
				  : device_state_name(d->state),
	    clip(p, d->note, 60));
	if (s == NULL || s->records == 0)
		html_put(out, "<td class=\"n\">0</td><td>%s</td></tr>\n",
		    d->edge ? tr("not watched (external connection point)",
				  "監視なし（外部接続点）")
			    : tr("none received", "受信なし"));
	else
		html_put(out, "<td class=\"n\">%s</td><td>%s</td></tr>\n",
		    figure_count(p->r->arena, s->records),
		    figure_short(p->r->arena, s->last, p->r->zone));
}

static void
put_devices(const struct docket *p, struct buf *out)
{
	const char *const names[] = { tr("No.", "管理番号"),
		tr("Maker", "メーカー"), "OS", tr("Software", "ソフトウェア"),
		tr("Version", "ソフトウェアバージョン"),
		tr("IP address", "IPアドレス"), tr("Name", "コンピュータ名"),
		tr("Place", "設置場所"), tr("Users", "利用者"),
		tr("Registered", "登録日"), tr("State", "状態"),
		tr("Note", "説明"), tr("Records", "ログ件数"),
		tr("Last record", "最後の記録") };
	const struct devices *ds = p->r->devices;
	size_t i, n = ds == NULL ? 0 : devices_count(ds);

	html_put(out, "<h2>%s %zu</h2>\n",
	    tr("Device ledger:", "機器台帳（チェックリスト2-①）："), n);
	put_head(out, names, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < n; i++)
		put_device(p, out, devices_at(ds, i));
	buf_str(out, "</tbody></table>\n");
}

static void
put_strangers(const struct docket *p, struct buf *out)
{
	size_t i, n = 0;

	for (i = 0; i < p->total->n; i++)
		n += p->total->rows[i].records > 0 &&
		    report_device(p->r, p->total->rows[i].name) == NULL;
	html_put(out, "<h3>%s %zu</h3>\n<p>",
	    tr("Sources of logs that are not in the device ledger:",
		"ログの送信元のうち機器台帳にないもの："),
	    n);
	for (i = n = 0; i < p->total->n && n < DOCKET_ROWS; i++) {
		const struct source *s = &p->total->rows[i];

		if (s->records == 0 || report_device(p->r, s->name) != NULL)
			continue;
		html_put(out, "%s%s (%s)", n++ > 0 ? "、" : "",
		    clip(p, s->name, 60),
		    figure_records(p->r->arena, s->records));
	}
	buf_str(out, "</p>\n");
}

/* ---- accounts ---- */

/* Successful logins of an account, by whatever spelling of it. */
static uint64_t
used(const struct docket *p, const struct account *a, int64_t *last)
{
	const struct account *found;
	uint64_t n = 0;
	size_t i;

	*last = 0;
	for (i = 0; i < p->n_logins; i++) {
		const struct login *l = &p->login[i];

		if (l->succeeded == 0 ||
		    accounts_find(p->in.ledgers->accounts, l->user, &found) ==
			ACCOUNT_MISSING ||
		    found != a)
			continue;
		n += l->succeeded;
		if (l->last > *last)
			*last = l->last;
	}
	return n;
}

static void
put_account(const struct docket *p, struct buf *out, const struct account *a)
{
	int64_t last;
	uint64_t n = used(p, a, &last);

	html_put(out,
	    "<tr><td>%s</td><td>%s</td><td>%s %s</td><td>%s</td><td>%s</td>"
	    "<td>%s</td><td>%s</td><td class=\"n\">%s</td><td>%s</td></tr>\n",
	    clip(p, a->number, 10), clip(p, a->department, 30),
	    clip(p, a->surname, 20), clip(p, a->given, 20),
	    clip(p, a->id, 40), clip(p, a->note, 60),
	    clip(p, a->role_text, 16), clip(p, a->state_text, 40),
	    figure_count(p->r->arena, n),
	    n == 0 ? tr("none recorded", "記録なし")
		   : figure_short(p->r->arena, last, p->r->zone));
}

static void
put_unlisted(const struct docket *p, struct buf *out)
{
	const struct account *a;
	const char *all = "";
	size_t i, n = 0, k;

	for (i = 0; i < p->n_logins; i++) {
		const struct login *l = &p->login[i];
		bool again = l->succeeded == 0 ||
		    accounts_find(p->in.ledgers->accounts, l->user, &a) !=
			ACCOUNT_MISSING;

		for (k = 0; k < i && !again; k++)
			again = p->login[k].succeeded > 0 &&
			    span_eq(p->login[k].user, l->user);
		if (again)
			continue;
		if (n++ < DOCKET_ROWS)
			all = arena_printf(p->r->arena, "%s%s%s", all,
			    n > 1 ? "、" : "", clip(p, l->user, 40));
	}
	html_put(out, "<h3>%s %zu</h3>\n<p>%s</p>\n",
	    tr("Accounts that logged in and are in no ledger:",
		"ログインした記録のあるID のうち台帳にないもの（台帳外ID）："),
	    n, all);
}

static void
put_accounts(const struct docket *p, struct buf *out)
{
	const char *const names[] = { "No.", tr("Department", "所属部署"),
		tr("Name", "氏名"), tr("Account", "ユーザID"),
		tr("Note", "説明"), tr("Rights", "権限"), tr("State", "状態"),
		tr("Logins", "ログイン成功"), tr("Last", "最後") };
	const struct accounts *as =
	    p->in.ledgers == NULL ? NULL : p->in.ledgers->accounts;
	size_t i, n = as == NULL ? 0 : accounts_count(as);

	html_put(out, "<h2>%s %zu</h2>\n",
	    tr("Account ledger:", "利用者ID台帳（チェックリスト2-④・2-⑤）："),
	    n);
	put_head(out, names, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < n; i++)
		put_account(p, out, accounts_at(as, i));
	buf_str(out, "</tbody></table>\n");
	if (as != NULL)
		put_unlisted(p, out);
}

void
docket_put_ledgers(const struct docket *p, struct buf *out)
{
	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Ledgers, as konseki has them", "台帳（現状）"),
		.subtitle = arena_printf(p->r->arena, "%s　%s",
		    docket_period(p),
		    tr("Checklist 2-①, 2-④, 2-⑤",
			"チェックリスト2-①・2-④・2-⑤")),
		.number = 1,
		.style = style,
		.paper = HTML_LANDSCAPE });
	if (p->in.ledgers == NULL)
		html_put(out, "<p class=\"warn\">%s</p>\n",
		    tr("The account ledger could not be read.",
			"利用者ID台帳を読み取れません。"));
	put_devices(p, out);
	put_strangers(p, out);
	put_accounts(p, out);
	html_put(out, "<p class=\"src\">%s</p>\n",
	    tr("Counts are of the period above. No record does not say unused: "
	       "the log may be missing (06-store.html has the gaps).",
		"件数は上の対象期間のものです。「記録なし」は未使用を意味しませ"
		"ん（欠測は 06-store.html）。"));
	html_end(out);
}
