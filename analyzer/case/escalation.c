/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/escalation.h"

#include <inttypes.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/*
 * From when on it counts who was told: what was told before the case became as
 * severe as it is was told to another ladder, and what was told before news
 * that call for another answer has had its answer.
 */
static int64_t
since(const struct casebook_group *group)
{
	return group->news > group->since ? group->news : group->since;
}

/* Whether somebody has answered for all that there is. */
static bool
is_answered(const struct casebook_group *group)
{
	return group->answered != NULL && group->news == 0 &&
	    group->answered->at >= group->since;
}

/*
 * Persons told so far (all channels of one person are one attempt), when the
 * last was, and whether any of the last one's channels worked.
 */
static unsigned
attempts(const struct casebook *book, const struct casebook_group *group,
    int64_t *last, bool *reached)
{
	int64_t from = since(group);
	const char *who = "";
	unsigned n = 0;
	size_t i;

	*last = 0;
	*reached = false;
	for (i = 0; i < book->n_steps; i++) {
		const struct casebook_step *s = &book->steps[i];

		if (s->kind != CASEBOOK_SENT || s->at < from ||
		    strcmp(s->group, group->id) != 0)
			continue;
		if (strcmp(s->who, who) != 0 || n == 0) {
			n++;
			*reached = false;
		}
		who = s->who;
		*last = s->at;
		*reached |= s->ok;
	}
	return n;
}

int
escalation_next(const struct escalation_asked *asked,
    const struct casebook_group *group, struct escalation_due *due,
    int64_t *again)
{
	const struct contacts_level *level =
	    &asked->contacts->level[group->severity];
	int64_t last, wait = level->answer_min * UTC_MINUTE;
	int64_t gathered = since(group) + asked->gather;
	unsigned n, turn;
	bool reached;

	*again = 0;
	if (level->n == 0 || group->n_heard == 0 || is_answered(group))
		return 0;
	n = attempts(asked->book, group, &last, &reached);
	turn = n % (unsigned)level->n;
	if (n >= level->n && !level->repeat)
		return 0;
	if (n == 0 && group->severity < CASEBOOK_CRITICAL &&
	    asked->now < gathered) {
		*again = gathered;
		return 0;
	}
	/* Who could not be told cannot answer; but a whole round of failures
	 * waits, or a broken mail server would be asked without end. */
	if (n > 0 && (reached || turn == 0) && asked->now < last + wait) {
		*again = last + wait;
		return 0;
	}
	*due = (struct escalation_due){ group,
		&asked->contacts->people[level->order[turn]], n + 1 };
	return 1;
}

void
escalation_subject(const struct casebook *book,
    const struct escalation_due *due, const char *site, struct buf *out)
{
	const struct casebook_finding *f = casebook_worst(book, due->group);

	text_escape(span_str(f->replay ? tr("[sample] ", "【見本】") : ""),
	    out);
	buf_printf(out, "[konseki %s] ",
	    casebook_severity_name(due->group->severity));
	text_escape(span_str(site), out);
	buf_str(out, ": ");
	text_escape(span_str(tr(f->title_en, f->title_ja)), out);
	if (due->group->n_heard > 1)
		buf_printf(out, tr(" and %zu more", " ほか%zu件"),
		    due->group->n_heard - 1);
}

static void
finding_lines(const struct casebook_finding *f, int zone, struct buf *out)
{
	char when[UTC_TEXT];

	buf_printf(out, "%s [%s] ", casebook_severity_name(f->severity),
	    f->rule);
	text_escape(span_str(tr(f->title_en, f->title_ja)), out);
	buf_printf(out, "\n  %s\n  ", utc_print_local(f->first, zone, when));
	text_escape(span_str(tr(f->what_en, f->what_ja)), out);
	buf_str(out, tr("\n  To do: ", "\n  対応: "));
	text_escape(span_str(tr(f->todo_en, f->todo_ja)), out);
	if (f->n_cites > 0)
		buf_printf(out,
		    tr("\n  Evidence: %s #%" PRIu64 " (leaf %.16s), %" PRIu64
		       " record(s)",
			"\n  証跡: %s #%" PRIu64
			"（リーフ %.16s）ほか 計%" PRIu64 "件"),
		    f->cites[0].origin, f->cites[0].index, f->cites[0].leaf,
		    f->n_evidence);
	buf_str(out, "\n\n");
}

/* How it went, before the findings one by one. */
static void
course(const struct casebook_group *g, int zone, struct buf *out)
{
	char when[UTC_TEXT];
	size_t i;

	buf_printf(out,
	    tr("Score %" PRIu64 ".%" PRIu64 ", phases: ",
		"評点 %" PRIu64 ".%" PRIu64 "・段階: "),
	    g->score / 10, g->score % 10);
	casebook_phases(g, out);
	buf_str(out, "\n");
	for (i = 0; i < PHASE_RESPONSE; i++)
		if (g->phases[i].n > 0)
			buf_printf(out,
			    tr("  %s from %s, %zu finding(s)\n",
				"  %s %s～ %zu件\n"),
			    phase_name((enum phase)i),
			    utc_print_local(g->phases[i].first, zone, when),
			    g->phases[i].n);
	buf_str(out, "\n");
}

void
escalation_body(const struct casebook *book, const struct escalation_due *due,
    const char *site, int zone, struct buf *out)
{
	const struct casebook_group *g = due->group;
	const struct casebook_finding *f;
	size_t i, n = 0;

	text_escape(span_str(site), out);
	buf_str(out, "\n");
	buf_printf(out, tr("To: %s %s\n", "宛先: %s %s\n"), due->person->role,
	    due->person->name);
	buf_printf(out,
	    tr("Case %s, message %u\n\n", "事案 %s・連絡 %u回目\n\n"), g->id,
	    due->attempt);
	if (book->findings[g->findings[0]].replay)
		buf_str(out,
		    tr("This is a sample or a drill, not a real event.\n\n",
			"これは見本（訓練）です。実際の事象ではありません。\n"
			"\n"));
	buf_str(out,
	    tr("The following needs to be confirmed. It is a suspicion, not a "
	       "conclusion.\n\n",
		"次の事象について確認が必要です。疑いの段階であり、断定ではあり"
		"ません。"
		"\n\n"));
	course(g, zone, out);
	for (i = 0; i < g->n_findings; i++) {
		f = &book->findings[g->findings[i]];
		if (f->quiet != CASEBOOK_HEARD || n++ >= ESCALATION_FINDINGS)
			continue;
		finding_lines(f, zone, out);
	}
	if (n > ESCALATION_FINDINGS)
		buf_printf(out,
		    tr("and %zu more: konseki case show %s\n\n",
			"ほか%zu件: konseki case show %s\n\n"),
		    n - ESCALATION_FINDINGS, g->id);
	buf_printf(out,
	    tr("If you take it, run:  konseki case ack %s --by %s\n"
	       "Without an answer the next person will be told.\n",
		"引き受ける場合:  konseki case ack %s --by %s\n"
		"応答がない場合は、次の担当者に連絡します。\n"),
	    g->id, due->person->id);
}
