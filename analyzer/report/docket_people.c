/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/docket_priv.h"
#include "common/log.h"

/*
 * Checklist 3-①: the contact tree, to be put up on a wall; and the letter that
 * asks a vendor for the logs that are not there.
 */
static const char style[] =
    ".tel td{font-size:1.15em;vertical-align:middle}"
    ".tel td.no{font-size:24pt;letter-spacing:-.02em;"
    "line-height:1.2;font-weight:bold;width:38%}.tel th{width:25%;"
    "vertical-align:middle}.tel .blank{border:1.2pt dashed #000;"
    "padding:0 .6em;font-size:.5em}@media screen and (max-width:640px){"
    ".tel td.no{font-size:18pt}}\n";

/* The roles of the guidance that a tree is to have. */
static const struct {
	const char *word, *ja, *en;
} roles[] = {
	{ "システム運用担当者", "システム運用担当者", "System operator" },
	{ "安全管理責任者", "医療情報システム安全管理責任者",
	    "Safety manager of medical information systems" },
	{ "企画管理者", "企画管理者", "Planning manager" },
	{ "経営層", "経営層（理事長・病院長・事務長）", "Executives" },
	{ "事業者", "医療情報システム・サービス事業者", "System vendor" },
	{ "情報セキュリティ事業者", "情報セキュリティ事業者",
	    "Information security company" },
	{ "外部有識者", "外部有識者", "Adviser outside" },
};

static bool
is_of(const struct contacts_person *c, size_t role)
{
	size_t i, best = SIZE_MAX, len = 0;

	/* The longest word decides: 情報セキュリティ事業者 is no 事業者. */
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strstr(c->role, roles[i].word) != NULL &&
		    strlen(roles[i].word) > len) {
			best = i;
			len = strlen(roles[i].word);
		}
	return best == role;
}

static void
put_phone(struct buf *out, const char *phone)
{
	if (contacts_is_blank(phone))
		html_put(out, "<td class=\"no\"><span class=\"blank\">%s"
			      "</span></td>",
		    tr("blank", "未記入"));
	else
		html_put(out, "<td class=\"no\">%s</td>", phone);
}

static void
put_person(const struct docket *p, struct buf *out,
    const struct contacts_person *c, const char *role)
{
	struct arena *a = p->r->arena;

	html_put(out, "<tr><th>%s</th><td>%s<br><span class=\"src\">%s</span>"
		      "</td>",
	    role, figure_clip(a, span_str(c->name), 40),
	    figure_clip(a, span_str(c->mail), 60));
	put_phone(out, figure_clip(a, span_str(c->phone), 40));
	buf_str(out, "</tr>\n");
}

static size_t
put_role(const struct docket *p, struct buf *out, size_t role)
{
	const struct contacts *c = p->r->contacts;
	const char *name = tr(roles[role].en, roles[role].ja);
	size_t i, n = 0;

	for (i = 0; c != NULL && i < c->n_people; i++)
		if (is_of(&c->people[i], role)) {
			put_person(p, out, &c->people[i],
			    n++ == 0 ? name : "");
		}
	if (n > 0)
		return 0;
	html_put(out, "<tr><th>%s</th><td></td>", name);
	put_phone(out, "");
	buf_str(out, "</tr>\n");
	return 1;
}

/* People whose role is none of those stand behind them. */
static void
put_others(const struct docket *p, struct buf *out)
{
	const struct contacts *c = p->r->contacts;
	size_t i, k, n = sizeof(roles) / sizeof(roles[0]);

	for (i = 0; c != NULL && i < c->n_people; i++) {
		for (k = 0; k < n && !is_of(&c->people[i], k); k++)
			;
		if (k == n)
			put_person(p, out, &c->people[i],
			    figure_clip(p->r->arena,
				span_str(c->people[i].role), 50));
	}
}

/* Those of the site's own tree come first: they are nearer. */
static void
put_outside(const struct docket *p, struct buf *out)
{
	const struct contacts *c = p->r->contacts;
	struct arena *a = p->r->arena;
	size_t i;

	for (i = 0; c != NULL && i < c->n_outside; i++) {
		const struct contacts_outside *o = &c->outside[i];

		html_put(out,
		    "<tr><th>%s</th><td>%s<br><span class=\"src\">%s %s %s"
		    "%s%s</span></td>",
		    figure_clip(a, span_str(o->name), 60),
		    figure_clip(a, span_str(o->purpose), 60),
		    figure_clip(a, span_str(o->mail), 60),
		    figure_clip(a, span_str(o->hours), 60),
		    figure_clip(a, span_str(o->tells), 40),
		    *o->confirmed == '\0' ? "" : tr(", as of ", "・確認 "),
		    figure_clip(a, span_str(o->confirmed), 20));
		put_phone(out, figure_clip(a, span_str(o->phone), 40));
		buf_str(out, "</tr>\n");
	}
}

/* Whether the site's own tree has it already. */
static bool
is_known(const struct docket *p, const char *name)
{
	const struct contacts *c = p->r->contacts;
	size_t i;

	for (i = 0; c != NULL && i < c->n_outside; i++)
		if (strcmp(c->outside[i].name, name) == 0)
			return true;
	return false;
}

static void
put_bodies(const struct docket *p, struct buf *out)
{
	size_t i, n = p->in.tables[DOCKET_BODIES].n;

	html_put(out, "<h2>%s</h2><table class=\"tel\">\n",
	    tr("Outside (the executives call)",
		"外部機関（連絡するのは右の人）"));
	put_outside(p, out);
	for (i = 0; i < n; i++) {
		const char *day = docket_cell(p, DOCKET_BODIES, i, BODY_DAY);

		if (is_known(p, docket_cell(p, DOCKET_BODIES, i, BODY_JA)))
			continue;
		html_put(out,
		    "<tr><th>%s</th><td>%s<br><span class=\"src\">%s %s "
		    "%s%s%s</span></td>",
		    docket_cell2(p, DOCKET_BODIES, i, BODY_JA, BODY_EN),
		    docket_cell2(p, DOCKET_BODIES, i, BODY_PURPOSE_JA,
			BODY_PURPOSE_EN),
		    docket_cell(p, DOCKET_BODIES, i, BODY_MAIL),
		    docket_cell(p, DOCKET_BODIES, i, BODY_HOURS),
		    docket_cell(p, DOCKET_BODIES, i, BODY_WHO),
		    *day == '\0' ? "" : tr(", as of ", "・確認 "), day);
		put_phone(out, docket_cell(p, DOCKET_BODIES, i, BODY_PHONE));
		buf_str(out, "</tr>\n");
	}
	buf_str(out, "</table>\n");
}

void
docket_put_contacts(const struct docket *p, struct buf *out)
{
	size_t i, blank = 0;

	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Whom to call", "連絡体制図（緊急連絡先）"),
		.subtitle = tr("Checklist 3-①. If something is odd: do not "
			       "power off; call the first number.",
		    "チェックリスト3-①　異常に気づいたら、電源は切らずに、上か"
		    "ら順に電話してください。"),
		.style = style,
		.number = 2 });
	html_put(out, "<h2>%s</h2><table class=\"tel\">\n",
	    tr("Inside and contracted", "施設内・事業者"));
	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		blank += put_role(p, out, i);
	put_others(p, out);
	buf_str(out, "</table>\n");
	put_bodies(p, out);
	html_put(out,
	    "<p class=\"src\">%s %zu　%s</p><table><tr><th>%s</th><td></td>"
	    "<th>%s</th><td></td></tr></table>\n",
	    tr("Roles that nobody has:", "担当が未記入の役割："), blank,
	    tr("From contacts.yml, which also decides whom konseki tells; "
	       "bodies from the dated table of the rules. Check the numbers "
	       "before printing.",
		"contacts.yml（konsekiの通知先と同じ）と、日付付きの一覧によ"
		"る。印刷前に番号を確かめてください。"),
	    tr("Checked on", "確認日"), tr("By", "確認者"));
	html_end(out);
}

/* ---- the letter ---- */

static bool
is_received(const struct docket *p, const char *format)
{
	size_t i, len = strlen(format);

	for (i = 0; i < p->total->n; i++)
		if (strncmp(p->total->rows[i].formats, format, len) == 0)
			return true;
	return false;
}

static const struct site_listener *
listener(const struct docket *p, enum site_transport transport)
{
	size_t i;

	for (i = 0; i < p->in.site->n_listeners; i++)
		if (p->in.site->listeners[i].transport == transport &&
		    !p->in.site->listeners[i].replay)
			return &p->in.site->listeners[i];
	return NULL;
}

/* A name in braces of a line of settings. */
static void
put_name(const struct docket *p, struct buf *out, struct span name)
{
	const struct site_listener *l = listener(p, SITE_TCP);

	if (span_is(name, "server"))
		html_put(out, "%s", tr("[ADDRESS]", "【収集機のIP】"));
	else
		html_put(out, "%u", l == NULL ? 514 : l->port);
}

/* Lines of settings with where to send to. */
static void
put_how(const struct docket *p, struct buf *out, const char *text)
{
	size_t len;

	while (*text != '\0') {
		len = strcspn(text, "{\n");
		html_text(out, span_make(text, len));
		text += len;
		if (*text == '\n') {
			buf_byte(out, '\n');
			text++;
		} else if (*text == '{') {
			len = strcspn(text, "}");
			put_name(p, out, span_make(text + 1, len - 1));
			text += len + (text[len] == '}');
		}
	}
}

static void
put_products(const struct docket *p, struct buf *out)
{
	size_t i, n = p->in.tables[DOCKET_LOGGING].n;

	html_put(out,
	    "<table class=\"fit\"><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    tr("Product", "製品"), tr("Logs", "お願いしたいログ"),
	    tr("Settings (an example)", "設定の例"), tr("Clock", "時刻"),
	    tr("Now", "現状"));
	for (i = 0; i < n; i++) {
		html_put(out, "<tr><td>%s</td><td>%s</td><td><pre>",
		    docket_cell2(p, DOCKET_LOGGING, i, LOGGING_JA, LOGGING_EN),
		    docket_cell2(p, DOCKET_LOGGING, i, LOGGING_WHAT_JA,
			LOGGING_WHAT_EN));
		put_how(p, out, docket_cell(p, DOCKET_LOGGING, i, LOGGING_HOW));
		html_put(out, "</pre></td><td>%s</td><td>%s</td></tr>\n",
		    docket_cell2(p, DOCKET_LOGGING, i, LOGGING_CLOCK_JA,
			LOGGING_CLOCK_EN),
		    is_received(p,
			docket_cell(p, DOCKET_LOGGING, i, LOGGING_FORMAT))
			? tr("received", "受信あり")
			: tr("none", "受信なし"));
	}
	buf_str(out, "</tbody></table>\n");
}

/* Devices of the ledger of which nothing was received. */
static void
put_silent(const struct docket *p, struct buf *out)
{
	const struct devices *ds = p->r->devices;
	struct arena *a = p->r->arena;
	size_t i, n = 0;

	html_put(out, "<h2>%s</h2><p>",
	    tr("Devices of the ledger without logs",
		"ログを受信していない機器（機器台帳）"));
	for (i = 0; ds != NULL && i < devices_count(ds); i++) {
		const struct device *d = devices_at(ds, i);
		const struct source *s = docket_source_of(p, d);

		if ((s != NULL && s->records > 0) ||
		    d->state == DEVICE_STOPPED)
			continue;
		html_put(out, "%s%s %s（%s）", n++ > 0 ? "、" : "",
		    figure_clip(a, d->id, 12), figure_clip(a, d->name, 30),
		    figure_clip(a, d->vendor.len > 0 ? d->vendor : d->maker,
			24));
	}
	html_put(out, "%s</p>\n", n == 0 ? tr("none", "なし") : "");
}

void
docket_put_vendor(const struct docket *p, struct buf *out)
{
	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Request: sending of logs", "ログ送信のお願い"),
		.number = 9 });
	html_put(out,
	    "<p style=\"font-size:1.2em\">%s</p><p style=\"text-align:right\">"
	    "%s<br>%s</p>\n",
	    tr("To: ______________________", "＿＿＿＿＿＿＿＿＿＿＿　御中"),
	    p->r->site, tr("Date: ______________", "　　　　年　　月　　日"));
	html_put(out, "<p>%s</p>\n",
	    tr("Access logs of our medical information systems must be "
	       "recorded, reviewed regularly and protected from deletion, "
	       "alteration and insertion (checklist 2-⑪). Please switch on "
	       "the logs below on the devices that you look after, send them "
	       "to our collector, and keep their clocks on standard time. "
	       "Before firmware updates, initialisation or replacement please "
	       "tell us, so that logs can be preserved first.",
		"平素よりお世話になっております。当院では、医療情報システムのア"
		"クセスログを記録し、定期的に確認し、不当な削除・改ざん・追加等"
		"から保護しています（チェックリスト2-⑪）。つきましては、貴社に"
		"保"
		"守いただいている機器について、下記のログの出力と当院の収集機へ"
		"の送信、時刻の同期をお願いいたします。ファームウェアの更新・初"
		"期化・機器の交換の前には、ログを保全できるよう必ずご連絡くださ"
		"い。"));
	put_silent(p, out);
	html_put(out, "<h2>%s</h2>\n",
	    tr("What to send, by product", "製品別のお願い"));
	put_products(p, out);
	html_put(out,
	    "<p class=\"src\">%s</p><table><tr><th>%s</th><td></td><th>%s</th>"
	    "<td></td></tr></table>\n",
	    tr("Examples from the makers' manuals; models and versions differ. "
	       "The log format need not be changed.",
		"設定の例は各社の資料によるもので、機種・版により異なります。不"
		"明な点は当院までお問い合わせください。"),
	    tr("Done on (vendor)", "設定日（事業者記入）"),
	    tr("By", "担当者（事業者記入）"));
	html_end(out);
}
