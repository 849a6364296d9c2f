/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "analyzer/command/office.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/*
 * konseki case note, aware, done, deadlines: what people write down while a
 * case lasts, when they knew of it, and by when whoever is outside is to be
 * told.
 */
#define NOTE_BYTES 2000u

/* A sentence for good: of one line, not too long. */
static bool
is_sentence(const struct case_call *c)
{
	struct span s = span_str(c->comment);
	struct buf safe;
	bool plain;

	buf_init(&safe);
	text_escape(s, &safe);
	plain = s.len <= NOTE_BYTES && span_eq(buf_view(&safe), s);
	buf_fini(&safe);
	if (!plain)
		log_error(tr("--comment must be plain text of one line, at "
			     "most %u bytes",
			      "--comment は制御文字を含まない1行、%uバイト以内"
			      "で指定してください"),
		    NOTE_BYTES);
	return plain;
}

/* --at, else now; nothing is noted of what has not happened yet. */
static bool
set_time(const struct case_call *c, struct casebook_step *s)
{
	int64_t now = utc_now();

	s->from = now / UTC_SECOND * UTC_SECOND;
	if (c->at != NULL && command_time(c->s, c->at, &s->from) != 0)
		return false;
	if (s->from <= now)
		return true;
	log_error("%s",
	    tr("--at is in the future", "--at が未来の時刻です"));
	return false;
}

int
case_note(const struct case_call *c, const struct casebook_group *g)
{
	struct casebook_step s = { .kind = CASEBOOK_NOTE,
		.group = g->id,
		.how = c->decision ? "decision" : "note" };

	return case_reason(c) && is_sentence(c) && set_time(c, &s) &&
		case_somebody(c)
	    ? case_enter(c, &s)
	    : 1;
}

/*
 * Once, as deadlines are counted from it: a time that could be set again would
 * be one that somebody may move.
 */
int
case_aware(const struct case_call *c, const struct casebook_group *g)
{
	struct casebook_step s = { .kind = CASEBOOK_AWARE,
		.group = g->id,
		.how = "command" };
	char when[UTC_TEXT];

	if (g->aware != NULL) {
		log_error(tr("it is recorded already: %s (casebook #%" PRIu64
			     "); what is to be said of it is a note: konseki "
			     "case note",
			      "覚知日時は記録済みです: %s（事案簿 #%" PRIu64
			      "）。補足は konseki case note "
			      "で記入してください"),
		    utc_print_local(g->aware->from, c->s->zone, when),
		    g->aware->index);
		return 1;
	}
	if (c->at == NULL) {
		log_error("%s",
		    tr("say when it was known: --at TIME",
			"覚知した日時を --at で指定してください"));
		return 1;
	}
	return (c->comment == NULL || is_sentence(c)) && set_time(c, &s) &&
		case_somebody(c)
	    ? case_enter(c, &s)
	    : 1;
}

/* The last word that a report with that deadline was made, or NULL. */
static const struct casebook_step *
done_step(const struct case_call *c, const struct casebook_group *g,
    const char *id)
{
	const struct casebook_step *found = NULL;
	size_t i;

	for (i = 0; i < c->book.n_steps; i++)
		if (c->book.steps[i].kind == CASEBOOK_DONE &&
		    strcmp(c->book.steps[i].group, g->id) == 0 &&
		    strcmp(c->book.steps[i].about, id) == 0)
			found = &c->book.steps[i];
	return found;
}

static void
row(const struct case_call *c, const struct casebook_group *g,
    const struct office *o, const struct deadline *d)
{
	const struct casebook_step *done = done_step(c, g, d->id);
	int64_t aware = office_day(c->s, g->aware->from);
	int64_t day = deadline_day(d, aware, o->holidays);
	int64_t left = day - office_day(c->s, utc_now());
	char first[OFFICE_DAY], last[OFFICE_DAY], when[UTC_TEXT];

	printf("%-12s  %s", d->id, tr(d->name_en, d->name_ja));
	if (deadline_first(d, aware) < day && d->first < d->last)
		printf("  %s - %s",
		    office_print_day(deadline_first(d, aware), first),
		    office_print_day(day, last));
	else
		printf("  %s", office_print_day(day, last));
	if (done != NULL) {
		printf(tr("  reported %s by ", "  報告済 %s "),
		    utc_print_local(done->from, c->s->zone, when));
		case_put(done->who);
	} else if (left < 0) {
		printf(tr("  OVERDUE by %" PRId64 " day(s)",
			   "  期限を%" PRId64 "日過ぎています"),
		    -left);
	} else {
		printf(tr("  %" PRId64 " day(s) left", "  あと%" PRId64 "日"),
		    left);
	}
	printf("\n              %s: %s [%s]\n", tr("applies if", "条件"),
	    tr(d->if_en, d->if_ja), d->basis);
}

int
case_deadlines(const struct case_call *c, const struct casebook_group *g)
{
	const struct deadline *d;
	char when[UTC_TEXT];
	struct office o;
	size_t at = 0;
	int rc = 1;

	if (g->aware == NULL) {
		log_error(tr("no time of awareness is recorded, so nothing can "
			     "be counted: konseki case aware %s --at TIME",
			      "覚知日時が記録されていないため、期限を計算できま"
			      "せん: konseki case aware %s --at 日時"),
		    g->id);
		return 1;
	}
	if (office_load(&o, c->s) == 0) {
		printf(tr("time of awareness: %s (the first day)\n",
			   "覚知日時: %s（この日を1日目とします）\n"),
		    utc_print_local(g->aware->from, c->s->zone, when));
		while ((d = deadlines_next(o.deadlines,
			    office_day(c->s, g->aware->from), &at)) != NULL)
			row(c, g, &o, d);
		puts(tr("Executives report to those outside; konseki sends "
			"them nothing.",
		    "外部への報告は経営層が行います（konsekiは送信しません）。"
		    ));
		rc = 0;
	}
	office_free(&o);
	return rc;
}

int
case_done(const struct case_call *c, const struct casebook_group *g,
    const char *id)
{
	struct casebook_step s = { .kind = CASEBOOK_DONE,
		.group = g->id,
		.how = "command",
		.about = id };
	const struct deadline *d;
	struct office o;
	size_t at = 0;
	int rc = 1;

	if (office_load(&o, c->s) != 0)
		goto out;
	if (deadlines_find(o.deadlines, id) == NULL) {
		log_error(tr("there is no deadline '%s'; there are:",
			      "期限「%s」はありません。使えるもの:"),
		    id);
		while ((d = deadlines_next(o.deadlines,
			    office_day(c->s, utc_now()), &at)) != NULL)
			log_error("  %s  %s", d->id,
			    tr(d->name_en, d->name_ja));
		goto out;
	}
	if (case_reason(c) && is_sentence(c) && set_time(c, &s) &&
	    case_somebody(c))
		rc = case_enter(c, &s);
out:
	office_free(&o);
	return rc;
}
