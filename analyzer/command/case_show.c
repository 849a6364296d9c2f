/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/linking.h"
#include "analyzer/command/case.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* konseki case list and show. */

void
case_put(const char *s)
{
	struct buf out;

	buf_init(&out);
	text_escape(span_str(s), &out);
	fputs(buf_cstr(&out), stdout);
	buf_fini(&out);
}

static const char *
judgement(const struct casebook_step *s)
{
	if (strcmp(s->how, "normal") == 0)
		return tr("judged normal", "判定済（正常）");
	if (strcmp(s->how, "check") == 0)
		return tr("to be confirmed", "要確認");
	return tr("incident", "事案");
}

static const char *
state(const struct casebook_group *g)
{
	if (g->n_heard == 0)
		return tr("quiet", "通知なし");
	if (g->news != 0)
		return tr("open again", "再通知中");
	if (g->judged != NULL)
		return judgement(g->judged);
	return g->acked != NULL ? tr("taken", "対応中") : tr("open", "未対応");
}

static void
put_phases(const struct casebook_group *g)
{
	struct buf out;

	buf_init(&out);
	casebook_phases(g, &out);
	fputs(buf_cstr(&out), stdout);
	buf_fini(&out);
}

static void
row(const struct case_call *c, const struct casebook_group *g)
{
	const struct casebook_finding *f = casebook_worst(&c->book, g);
	char when[UTC_TEXT];

	printf("%s  %s  %s  %s  %s", g->id,
	    utc_print_local(g->first, c->s->zone, when),
	    casebook_severity_name(g->severity), state(g),
	    f->replay ? tr("[sample] ", "【見本】") : "");
	case_put(tr(f->title_en, f->title_ja));
	if (g->n_findings > 1)
		printf(tr(" (+%zu)", "（ほか%zu件）"), g->n_findings - 1);
	printf(tr("  score %" PRIu64 ".%" PRIu64 "%s  ",
		   "  評点 %" PRIu64 ".%" PRIu64 "%s  "),
	    g->score / 10, g->score % 10,
	    g->incident ? tr(", incident", "・事案相当") : "");
	put_phases(g);
	putchar('\n');
}

int
case_list(const struct case_call *c)
{
	size_t i, quiet = 0;

	for (i = 0; i < c->book.n_groups; i++)
		row(c, &c->book.groups[i]);
	if (c->book.n_groups == 0)
		puts(tr("no cases", "事案はありません"));
	for (i = 0; i < c->book.n_findings; i++)
		quiet += c->book.findings[i].quiet != CASEBOOK_HEARD &&
		    !c->book.findings[i].withdrawn;
	if (quiet > 0)
		log_info(tr("findings that tell nobody: %zu (konseki case "
			    "quiet)",
			     "通知しない検知: %zu件（konseki case quiet）"),
		    quiet);
	if (c->book.unreadable > 0)
		log_warn(tr("%" PRIu64 " records of the casebook are not "
			    "understood",
			     "事案簿に解釈できない記録が %" PRIu64
			     " 件あります"),
		    c->book.unreadable);
	return 0;
}

/* ---- one case ---- */

static const char *
quiet_name(enum casebook_quiet q)
{
	switch (q) {
	case CASEBOOK_HEARD:
		break;
	case CASEBOOK_EXCEPTED:
		return tr("excepted", "例外");
	case CASEBOOK_SILENCED:
		return tr("silenced", "通知停止");
	case CASEBOOK_INHIBITED:
		return tr("inhibited by", "抑制");
	}
	return "";
}

/* What became of it: quiet and by what, judged and by whom. */
static void
show_fate(const struct casebook_finding *f)
{
	if (f->quiet != CASEBOOK_HEARD) {
		printf(tr("    tells nobody: %s ", "    通知なし: %s "),
		    quiet_name(f->quiet));
		case_put(f->quiet_by);
		putchar('\n');
	}
	if (f->judged != NULL) {
		printf(tr("    judged: %s by ", "    判定: %s・"),
		    judgement(f->judged));
		case_put(f->judged->who);
		putchar(' ');
		case_put(f->judged->text);
		putchar('\n');
	}
}

static void
show_finding(const struct case_call *c, const struct casebook_finding *f)
{
	char when[UTC_TEXT];
	size_t i;

	printf("\n%s  %s  %s  [%s]  ", phase_name(casebook_phase(f)),
	    utc_print_local(f->first, c->s->zone, when),
	    casebook_severity_name(f->severity), f->rule);
	case_put(tr(f->title_en, f->title_ja));
	printf("\n    ");
	case_put(tr(f->what_en, f->what_ja));
	printf("\n    ");
	case_put(tr(f->why_en, f->why_ja));
	printf("\n    ");
	case_put(tr(f->todo_en, f->todo_ja));
	putchar('\n');
	show_fate(f);
	for (i = 0; i < f->n_entities; i++) {
		printf("    %s ", f->entities[i].kind);
		case_put(f->entities[i].value);
		putchar(' ');
		case_put(f->entities[i].label);
		if (linking_is_common(c->book.findings, c->book.n_findings, f,
			&f->entities[i]))
			printf(tr(" (more than %d share it: it joins nothing)",
				   "（%dを超える対象に共通のため、事案を"
				   "結び付けません）"),
			    LINKING_COMMON);
		putchar('\n');
	}
	for (i = 0; i < f->n_numbers; i++) {
		printf("    %s %s = ", f->numbers[i].layer, f->numbers[i].name);
		case_put(f->numbers[i].text);
		printf(" %s\n", f->numbers[i].unit);
	}
	for (i = 0; i < f->n_cites; i++)
		printf(tr("    evidence %s #%" PRIu64 " leaf %s\n",
			   "    証跡 %s #%" PRIu64 " リーフ %s\n"),
		    f->cites[i].origin, f->cites[i].index, f->cites[i].leaf);
	if (f->n_evidence > f->n_cites)
		printf(tr("    %" PRIu64 " records in all\n",
			   "    計 %" PRIu64 " 件\n"),
		    f->n_evidence);
	if (*f->revises != '\0')
		printf(tr("    revises the record %s\n",
			   "    次の記録の改訂 %s\n"),
		    f->revises);
	printf(tr("    finding %s, casebook #%" PRIu64 "\n",
		   "    検知番号 %s・事案簿 #%" PRIu64 "\n"),
	    f->id, f->index);
}

static void
show_step(const struct case_call *c, const struct casebook_step *s)
{
	static const char *const en[] = { "told", "taken by", "judged by",
		"review", "report",
		"silence by", "silence ended by", "noted by",
		"time of awareness by", "reminded", "reported by",
		"evidence kept by", "drill held by" };
	static const char *const ja[] = { "連絡", "引受", "判定", "確認票",
		"報告書",
		"通知停止", "通知停止の解除", "記入", "覚知日時の記録",
		"期限の予告", "報告済の記録", "証拠保全", "訓練" };
	char when[UTC_TEXT];

	printf("%s  %s ", utc_print_local(s->at, c->s->zone, when),
	    tr(en[s->kind], ja[s->kind]));
	case_put(s->who);
	if (s->outside)
		fputs(tr(" (outside the tree)", "（連絡網外）"), stdout);
	printf(" (%s%s) ", s->how,
	    s->kind == CASEBOOK_SENT && !s->ok ? tr(", failed", "・失敗") : "");
	case_put(s->text);
	printf(tr("  casebook #%" PRIu64 ", uid %u\n",
		   "  事案簿 #%" PRIu64 "・uid %u\n"),
	    s->index, s->uid);
}

/* Phase by phase: when it began and how much there is of it. */
static void
show_phases(const struct case_call *c, const struct casebook_group *g)
{
	char when[UTC_TEXT];
	size_t i;

	for (i = 0; i < PHASE_COUNT; i++)
		if (g->phases[i].n > 0)
			printf(tr("  %-12s from %s  %zu finding(s)\n",
				   "  %s  %s～  %zu件\n"),
			    phase_name((enum phase)i),
			    utc_print_local(g->phases[i].first, c->s->zone,
				when),
			    g->phases[i].n);
	puts(g->in_order
		? tr("  The phases began in this order.",
		      "  段階は、この順に始まっています。")
		: tr("  The phases did not begin in this order: to be "
		     "confirmed.",
		      "  段階の始まりは、この順ではありません。確認が必要です"
		      "。"));
}

int
case_show(const struct case_call *c, const struct casebook_group *g)
{
	size_t i;

	row(c, g);
	for (i = 0; i < g->n_others; i++)
		printf(tr("  also %s, before the two were one\n",
			   "  統合前の番号 %s\n"),
		    g->others[i]);
	show_phases(c, g);
	for (i = 0; i < g->n_findings; i++)
		show_finding(c, &c->book.findings[g->findings[i]]);
	putchar('\n');
	for (i = 0; i < c->book.n_steps; i++)
		if (strcmp(c->book.steps[i].group, g->id) == 0)
			show_step(c, &c->book.steps[i]);
	return 0;
}

int
case_show_one(const struct case_call *c, const struct casebook_finding *f)
{
	show_finding(c, f);
	return 0;
}

/* ---- what tells nobody ---- */

int
case_quiet(const struct case_call *c)
{
	const struct casebook_finding *f;
	char when[UTC_TEXT];
	size_t i, n = 0;

	for (i = 0; i < c->book.n_findings; i++) {
		f = &c->book.findings[i];
		if (f->quiet == CASEBOOK_HEARD || f->withdrawn)
			continue;
		n++;
		printf("%.16s  %s  %s  [%s]  ", f->id,
		    utc_print_local(f->first, c->s->zone, when),
		    casebook_severity_name(f->severity), f->rule);
		case_put(tr(f->title_en, f->title_ja));
		printf("  %s ", quiet_name(f->quiet));
		if (f->quiet == CASEBOOK_INHIBITED)
			printf("%.16s", f->quiet_by);
		else
			case_put(f->quiet_by);
		putchar('\n');
	}
	if (n == 0)
		puts(tr("every finding was told",
		    "通知しない検知はありません"));
	return 0;
}
