/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/night.h"

#include <inttypes.h>
#include <string.h>

#include "analyzer/report/callsheet.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/html.h"
#include "analyzer/report/report.h"
#include "common/log.h"
#include "common/utc.h"

#define KNOWN 5u /* findings on the first page; the others are counted */
#define HOSTS 8u
#define NOTES 12u

static const char style[] =
    "body{line-height:1.3}h2{margin:.6em 0 .2em}"
    ".tel{font-size:1.3em;font-weight:bold;white-space:nowrap}"
    ".blank{border:1.5pt solid #000;padding:0 .4em;font-weight:bold;"
    "white-space:nowrap}"
    ".stop{border:2pt solid #000;padding:.8mm 2.5mm;margin:1mm 0}"
    ".dont{list-style:none;padding:0;font-weight:bold;margin:0}"
    ".dont li{display:inline-block;margin-right:1.2em}"
    ".dont li::before{content:\"× \"}"
    ".cards{display:grid;grid-template-columns:1fr 1fr 1fr;gap:2mm}"
    ".card{border:1.5pt solid #000;padding:1mm 2mm;break-inside:avoid}"
    ".card h3{margin:0 0 .3em;border-bottom:1pt solid #000}"
    ".card li{list-style:none}.card ul{padding:0}"
    ".causes{display:grid;grid-template-columns:2.4fr 1.3fr 1fr 1fr 1fr;gap:0}"
    ".cause{border:.7pt solid #000;padding:.7mm 1.2mm;min-width:0;"
    "margin:-.35pt}.cause h3{margin:0;font-size:.98em}"
    ".cause ul{padding-left:1em;margin:.2em 0}.cause li{font-size:.86em;"
    "overflow-wrap:anywhere}"
    ".decide{border:1.5pt solid #000;padding:1mm 2mm;margin:1.5mm 0;"
    "break-inside:avoid}.decide span{margin-right:1.4em;white-space:nowrap}"
    ".dl{font-size:.86em}"
    ".call td:nth-child(2),.st{white-space:nowrap}.pb{break-before:page}"
    "@media screen and (max-width:640px){.cards,.causes{display:block}"
    ".card,.cause{margin:0 0 8px}.call,.call tbody,.call tr,.call td{"
    "display:block;width:auto}.call thead{display:none}.call tr{"
    "border:1px solid #000;margin:0 0 8px}.call td{border:0;padding:1px 8px}"
    ".call td:empty{display:none}.decide span{display:block}}";

static const char *
clip(const struct night *n, const char *s, size_t columns)
{
	return figure_clip(n->arena, span_str(s), columns);
}

static const char *
at(const struct night *n, int64_t usec)
{
	return figure_short(n->arena, usec, n->site.zone);
}

/* ---- what is known ---- */

static void
put_finding(const struct night *n, const struct casebook_finding *f,
    struct buf *out)
{
	html_put(out, "<li><b>%s</b> %s（%s %s）<br>%s", at(n, f->first),
	    tr(f->title_en, f->title_ja), casebook_severity_name(f->severity),
	    f->rule, clip(n, tr(f->what_en, f->what_ja), 150));
	if (f->n_cites > 0)
		html_put(out, " <span class=\"cite\">%s#%llu %s</span>",
		    f->cites[0].origin, (unsigned long long)f->cites[0].index,
		    arena_printf(n->arena, "%.16s", f->cites[0].leaf));
	buf_str(out, "</li>\n");
}

/* The gravest first, of equal ones the earliest. */
static void
put_known(const struct night *n, struct buf *out)
{
	const struct casebook_group *g = n->group;
	size_t i, put = 0, all = 0;
	int s;

	html_put(out, "<h2>%s</h2><ul class=\"facts\">\n",
	    tr("What is known (by records)", "記録から判明していること"));
	for (s = CASEBOOK_CRITICAL; s >= CASEBOOK_INFO; s--)
		for (i = 0; i < g->n_findings; i++) {
			const struct casebook_finding *f =
			    &n->book->findings[g->findings[i]];

			if (f->quiet != CASEBOOK_HEARD ||
			    (int)f->severity != s)
				continue;
			all++;
			if (put < KNOWN) {
				put_finding(n, f, out);
				put++;
			}
		}
	if (all > put)
		html_put(out, tr("<li>and %zu more: konseki case show %s</li>",
				  "<li>ほか%zu件（konseki case show %s）</li>"),
		    all - put, g->id);
	buf_str(out, "</ul>\n");
}

/* A host of the case in the ledger, or NULL. */
static const struct device *
device_of(const struct night *n, const struct casebook_entity *e)
{
	const struct device *d = NULL;
	struct address a;

	if (n->devices == NULL || (strcmp(e->kind, "host") != 0 &&
				      strcmp(e->kind, "device") != 0))
		return NULL;
	if (address_parse(span_str(e->value), &a) == 0)
		d = devices_by_address(n->devices, &a);
	if (d == NULL)
		d = devices_by_name(n->devices, span_str(e->value));
	return d == NULL ? devices_by_id(n->devices, span_str(e->value)) : d;
}

void
night_device(const struct device *d, struct buf *out)
{
	buf_str(out, "<li>□ ");
	html_text(out, d->id);
	buf_str(out, " <b>");
	html_text(out, d->name);
	buf_str(out, "</b> ");
	html_text(out, d->place);
	buf_byte(out, ' ');
	html_text(out, d->note);
	buf_str(out, "</li>\n");
}

/* Whether e is another name of x. */
static bool
is_same(const struct night *n, const struct casebook_entity *x,
    const struct casebook_entity *e)
{
	const struct device *d = device_of(n, e);

	return strcmp(x->value, e->value) == 0 ||
	    (d != NULL && device_of(n, x) == d);
}

static void
put_host(const struct night *n, const struct casebook_entity *e,
    struct buf *out)
{
	const struct device *d = device_of(n, e);

	if (d != NULL)
		night_device(d, out);
	else
		html_put(out, "<li>□ <b>%s</b> %s（%s）</li>\n", e->value,
		    e->label, tr("not in the ledger", "台帳になし"));
}

/* Hosts, and devices of the ledger that somebody was on or changed. */
void
night_hosts(const struct night *n, struct buf *out)
{
	const struct casebook_group *g = n->group;
	const struct casebook_entity *seen[HOSTS];
	size_t i, j, k, n_seen = 0;

	for (i = 0; i < g->n_findings; i++) {
		const struct casebook_finding *f =
		    &n->book->findings[g->findings[i]];

		for (j = 0; j < f->n_entities && n_seen < HOSTS; j++) {
			const struct casebook_entity *e = &f->entities[j];

			if (strcmp(e->kind, "host") != 0 &&
			    device_of(n, e) == NULL)
				continue;
			for (k = 0; k < n_seen; k++)
				if (is_same(n, seen[k], e))
					break;
			if (k < n_seen)
				continue;
			seen[n_seen++] = e;
			put_host(n, e, out);
		}
	}
	if (n_seen == HOSTS)
		html_put(out, tr("<li>further ones, if any: konseki case show "
				 "%s</li>",
				  "<li>ほかにもあれば: konseki case show "
				  "%s</li>"),
		    g->id);
	if (n_seen == 0)
		html_put(out, "<li>%s</li>\n",
		    tr("the records name no host",
			"記録から端末を特定できません"));
}

/* People judged so; what konseki found is a suspicion. */
static bool
is_incident(const struct casebook_group *g)
{
	return g->judged != NULL && strcmp(g->judged->how, "incident") == 0;
}

static void
put_unknown(const struct night *n, struct buf *out)
{
	html_put(out, "<h2>%s</h2><ul class=\"facts\">",
	    tr("What is not known yet", "まだ分かっていないこと"));
	if (!is_incident(n->group))
		html_put(out, "<li>%s</li>",
		    tr("whether it is an attack: a suspicion, to be confirmed "
		       "by people",
			"攻撃かどうか（疑いの段階です。人が確認します）"));
	html_put(out, "<li>%s</li>",
	    tr("whether data left, whether care is affected, where it began",
		"情報漏えいの有無、診療への影響、侵入の起点"));
	if (n->group->aware == NULL)
		html_put(out,
		    tr("<li><b>the time of awareness is not recorded: konseki "
		       "case aware %s --at TIME --by ID</b></li>",
			"<li><b>覚知日時が未記録です: konseki case aware %s "
			"--at 日時 --by id</b></li>"),
		    n->group->id);
	buf_str(out, "</ul>\n");
}

/* ---- whom to call ---- */

static void
put_phone(const char *phone, struct buf *out)
{
	if (contacts_is_blank(phone))
		html_put(out, "<span class=\"blank\">%s</span>",
		    tr("not filled in", "未記入"));
	else
		html_put(out, "<span class=\"tel\">%s</span>", phone);
}

/* What the casebook says of somebody: told, answered. */
static void
put_told(const struct night *n, const char *id, struct buf *out)
{
	const struct casebook_step *told = NULL, *ack = NULL;
	size_t i;

	for (i = 0; i < n->book->n_steps; i++) {
		const struct casebook_step *s = &n->book->steps[i];

		if (strcmp(s->group, n->group->id) != 0 ||
		    strcmp(s->who, id) != 0)
			continue;
		if (s->kind == CASEBOOK_SENT)
			told = s;
		if (s->kind == CASEBOOK_ACK)
			ack = s;
	}
	if (ack != NULL)
		html_put(out, "<b>%s %s</b>", tr("took it", "引受"),
		    at(n, ack->at));
	else if (told != NULL)
		html_put(out, "%s %s (%s)",
		    told->ok ? tr("told", "連絡済")
			     : tr("could not be told", "連絡できず"),
		    at(n, told->at), told->how);
	else
		html_put(out, "%s", tr("not told", "未連絡"));
}

static enum contacts_when
hours(const struct night *n)
{
	if (n->calendar == NULL || calendar_open(n->calendar, n->now))
		return CONTACTS_DAY;
	return calendar_closed(n->calendar, calendar_day(n->calendar, n->now))
	    ? CONTACTS_CLOSED
	    : CONTACTS_NIGHT;
}

static void
put_person(const struct night *n, const struct contacts_person *p,
    struct buf *out)
{
	html_put(out, "<tr><td>%s</td><td><b>%s</b></td><td>", p->role,
	    *p->name == '\0' ? p->id : p->name);
	put_phone(p->phone, out);
	html_put(out, "</td><td>%s</td><td class=\"st\">", p->other);
	put_told(n, p->id, out);
	buf_str(out, "</td></tr>\n");
}

/* Those of the ladder now, then the others of the tree. */
static void
put_call(const struct night *n, struct buf *out)
{
	const struct contacts_ladder *l =
	    &n->contacts->level[n->group->severity].ladder[hours(n)];
	size_t i, j;

	html_put(out,
	    "<h2>%s</h2><table class=\"call\"><thead><tr><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead>"
	    "<tbody>\n",
	    tr("Whom to call, in this order", "連絡する人（この順に）"),
	    tr("Role", "役割"), tr("Name", "氏名"), tr("Telephone", "電話"),
	    tr("Other ways", "その他の手段"), tr("So far", "連絡の状況"));
	for (i = 0; i < l->n; i++)
		put_person(n, &n->contacts->people[l->order[i]], out);
	for (i = 0; i < n->contacts->n_people; i++) {
		for (j = 0; j < l->n && l->order[j] != i; j++)
			continue;
		if (j == l->n)
			put_person(n, &n->contacts->people[i], out);
	}
	buf_str(out, "</tbody></table>\n");
}

static void
put_outsiders(const struct contacts_outside *v, size_t n,
    const struct contacts *c, struct buf *out)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; c != NULL && j < c->n_outside; j++)
			if (strcmp(c->outside[j].name, v[i].name) == 0)
				break;
		if (c != NULL && j < c->n_outside)
			continue;
		html_put(out, "<tr><td>%s</td><td>", v[i].name);
		put_phone(v[i].phone, out);
		html_put(out, "</td><td>%s</td><td class=\"st\">%s</td></tr>\n",
		    v[i].purpose, v[i].tells);
	}
}

static void
put_outside(const struct night *n, struct buf *out)
{
	html_put(out,
	    "<h3>%s</h3><table class=\"call\"><thead><tr><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    tr("Outside (executives decide and call; konseki sends nothing)",
		"外部（経営層が判断して連絡。konsekiは送信しません）"),
	    tr("Office, company", "機関・事業者"), tr("Telephone", "電話"),
	    tr("What for", "目的"), tr("Who calls", "連絡する人"));
	put_outsiders(n->contacts->outside, n->contacts->n_outside, NULL, out);
	put_outsiders(n->known, n->n_known, n->contacts, out);
	buf_str(out, "</tbody></table>\n");
}

/* ---- deadlines and what was written down ---- */

static int64_t
day_of(const struct night *n, int64_t usec)
{
	int64_t local = usec + n->site.zone * UTC_SECOND;

	return (local - (local % UTC_DAY + UTC_DAY) % UTC_DAY) / UTC_DAY;
}

static const char *
day(const struct night *n, int64_t number)
{
	return figure_day(n->arena,
	    number * UTC_DAY - n->site.zone * UTC_SECOND, n->site.zone);
}

static bool
is_done(const struct night *n, const char *id)
{
	size_t i;

	for (i = 0; i < n->book->n_steps; i++)
		if (n->book->steps[i].kind == CASEBOOK_DONE &&
		    strcmp(n->book->steps[i].group, n->group->id) == 0 &&
		    strcmp(n->book->steps[i].about, id) == 0)
			return true;
	return false;
}

/* Days from today on, below 0: over. */
static const char *
days_left(const struct night *n, int64_t left)
{
	return left < 0
	    ? arena_printf(n->arena,
		  tr("OVERDUE by %" PRId64 " day(s)",
		      "期限を%" PRId64 "日過ぎています"),
		  -left)
	    : arena_printf(n->arena,
		  tr("%" PRId64 " day(s) left", "あと%" PRId64 "日"), left);
}

static void
put_deadlines(const struct night *n, struct buf *out)
{
	const struct casebook_step *aware = n->group->aware;
	const struct deadline *d;
	size_t i = 0;
	int64_t last;

	if (aware == NULL || n->deadlines == NULL)
		return;
	html_put(out, "<h2>%s %s</h2><table class=\"dl\">\n",
	    tr("Deadlines, counted from", "期限（起算: 覚知日時"),
	    arena_printf(n->arena, tr("%s", "%s）"),
		figure_minute(n->arena, aware->from, n->site.zone)));
	while ((d = deadlines_next(n->deadlines, day_of(n, aware->from),
		    &i)) != NULL) {
		last = deadline_day(d, day_of(n, aware->from), n->holidays);
		html_put(out,
		    "<tr><th>%s</th><td class=\"st\">%s</td>"
		    "<td class=\"st\">%s</td><td>%s</td></tr>\n",
		    tr(d->name_en, d->name_ja), day(n, last),
		    is_done(n, d->id)
			? tr("reported", "報告済")
			: days_left(n, last - day_of(n, n->now)),
		    tr(d->if_en, d->if_ja));
	}
	buf_str(out, "</table>\n");
}

static void
put_notes(const struct night *n, struct buf *out)
{
	size_t i, put = 0;

	html_put(out,
	    "<h2>%s</h2><table><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>\n",
	    tr("What was done and decided", "実施したこと・決めたこと"),
	    tr("When", "日時"), tr("Kind", "区分"), tr("What", "内容"),
	    tr("Who", "記入者"));
	for (i = 0; i < n->book->n_steps && put < NOTES; i++) {
		const struct casebook_step *s = &n->book->steps[i];

		if (s->kind != CASEBOOK_NOTE ||
		    strcmp(s->group, n->group->id) != 0)
			continue;
		html_put(out,
		    "<tr><td class=\"st\">%s</td><td>%s</td><td>%s</td>"
		    "<td>%s</td></tr>\n",
		    at(n, s->from),
		    strcmp(s->how, "decision") == 0 ? tr("decision", "決定")
						    : tr("note", "記入"),
		    s->text, s->who);
		put++;
	}
	for (; put < 4; put++)
		buf_str(out,
		    "<tr><td class=\"st\">　　:　　</td><td></td><td></td>"
		    "<td></td></tr>\n");
	html_put(out, "</tbody></table>\n<p class=\"src\">%s</p>\n",
	    tr("Written by hand first, keyed in later: konseki case note ID "
	       "--at TIME --by WHO --comment TEXT (--decision)",
		"先に手書きし、後で入力: konseki case note 事案番号 --at 日時 "
		"--by id --comment 内容（決定は --decision）"));
}

/* ---- the page ---- */

static void
put_head(const struct night *n, struct buf *out)
{
	const struct casebook_group *g = n->group;

	html_put(out,
	    "<header><h1>%s</h1><p class=\"site\">%s</p><p class=\"made\">"
	    "<span>%s %s</span><span>%s %s</span><span>%s #%llu</span></p>"
	    "</header>\n",
	    tr("Night sheet of an incident", "インシデント対応票（夜間）"),
	    n->site.name, tr("case", "事案"), g->id, tr("made", "作成"),
	    figure_minute(n->arena, n->now, n->site.zone),
	    tr("casebook up to", "事案簿"),
	    (unsigned long long)n->book->size);
	html_put(out,
	    "<p><span class=\"sev s%d\">%s</span> %s %s ～ %s　%s</p>\n",
	    g->severity, casebook_severity_name(g->severity),
	    g->judged == NULL
		? tr("suspicion, to be confirmed:", "疑い（確認が必要です）")
		: arena_printf(n->arena, tr("%s (%s, %s):", "%s（%s %s）"),
		      report_step(g->judged), g->judged->who,
		      at(n, g->judged->at)),
	    at(n, g->first), at(n, g->last),
	    g->acked == NULL
		? tr("nobody has taken it", "引受なし")
		: arena_printf(n->arena, tr("taken by %s", "引受 %s"),
		      g->acked->who));
}

static void
put_stop(struct buf *out)
{
	html_put(out, "<div class=\"stop\"><b>%s</b> %s",
	    tr("Do not power off.", "電源は切らないでください。"),
	    tr("Keep the evidence first (konseki case preserve). Not before "
	       "that:",
		"まず証拠を保全します（konseki case preserve）。保全前にしては"
		"いけないこと："));
	callsheet_dont(log_lang(), out);
	buf_str(out, "</div>\n");
}

static void
put_decisions(struct buf *out)
{
	html_put(out,
	    "<div class=\"decide\"><b>%s</b><br><span>□ %s</span>"
	    "<span>□ %s</span><span>□ %s</span><span>□ %s</span>"
	    "<span>%s ______________ 　　:　　</span><br>%s</div>\n",
	    tr("Decisions of the executives", "経営層の判断"),
	    tr("stop using the systems", "対象システムの使用中止"),
	    tr("cut from outside", "外部との遮断"),
	    tr("care on paper", "紙での診療継続"),
	    tr("report outside", "外部への報告"),
	    tr("signed, at", "署名・時刻"),
	    tr("To pay a ransom is the same as to support a criminal "
	       "organisation: refrain strictly (guideline, 3.4.3).",
		"金銭の支払いは、犯罪組織に対して支援を行うことと同義であり、"
		"厳に慎むこととされています（経営管理編 3.4.3）。"));
}

void
night_html(const struct night *n, struct buf *out)
{
	bool replay = n->book->findings[n->group->findings[0]].replay;
	const struct html_page page = { .lang = log_lang(),
		.paper = HTML_PORTRAIT,
		.title = arena_printf(n->arena, "%s %s",
		    tr("Night sheet", "インシデント対応票"), n->group->id),
		.style = style,
		.banner = n->site.drill
		    ? tr("DRILL — DRILL — DRILL: no real event; call nobody "
			 "outside, disconnect nothing",
			  "訓練　訓練　訓練（実際の事象ではありません。外部への"
			  "連絡・機器の切離しは行わない）")
		    : replay ? tr("SAMPLE OR DRILL: no real event",
				   "【見本・訓練】実際の事象ではありません")
			     : "",
		.foot = n->site.drill ? tr("DRILL", "訓練") : "" };

	html_begin(out, &page);
	put_head(n, out);
	put_stop(out);
	put_known(n, out);
	html_put(out, "<h3>%s</h3><ul class=\"facts\">\n",
	    tr("Computers concerned", "関係する機器"));
	night_hosts(n, out);
	buf_str(out, "</ul>\n");
	put_unknown(n, out);
	put_call(n, out);
	put_decisions(out);
	html_put(out, "<div class=\"pb\"><h2>%s</h2>\n",
	    tr("What to cut, in this order (people decide)",
		"遮断の順序（判断は人が行う）"));
	night_cards(n, out);
	html_put(out, "</div><h2>%s</h2>\n",
	    tr("Which of the five causes? (from the day before on)",
		"原因の切り分け（前日からの記録。5つの可能性）"));
	night_causes(n, out);
	put_deadlines(n, out);
	put_outside(n, out);
	put_notes(n, out);
	html_end(out);
}

