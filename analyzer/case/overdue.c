/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/overdue.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

static const char *const words[OVERDUE_STAGES] = { "remind", "escalate" };

/* Who has the role, by the words of the guidance; else, of a site that names
 * none, who is told of warnings first. */
static const struct contacts_person *
person_of(const struct contacts *c, enum overdue_stage stage)
{
	static const char *const roles[OVERDUE_STAGES][2] = {
		{ "企画管理者", "planning manager" },
		{ "安全管理責任者", "safety manager" },
	};
	const struct contacts_ladder *l =
	    &c->level[CASEBOOK_WARNING].ladder[CONTACTS_DAY];
	size_t i;

	for (i = 0; i < c->n_people; i++)
		if (strstr(c->people[i].role, roles[stage][0]) != NULL ||
		    strcasestr(c->people[i].role, roles[stage][1]) != NULL)
			return &c->people[i];
	return l->n == 0 ? NULL : &c->people[l->order[0]];
}

/* The week that a step of this stage spoke of, or INT64_MIN. */
static int64_t
spoke_of(const struct overdue_asked *a, const struct casebook_step *s,
    enum overdue_stage stage)
{
	const size_t len = WEEKS_NUMBER - 3;
	int64_t from;

	if (s->kind != CASEBOOK_REMIND || *s->group != '\0' ||
	    strlen(s->about) < len + 1 ||
	    strcmp(s->about + len + 1, words[stage]) != 0 ||
	    !weeks_number_parse(span_make(s->about, len), a->zone, &from))
		return INT64_MIN;
	return from;
}

/* Whether it was said of this week, or could not be within the last hour. */
static bool
is_settled(const struct overdue_asked *a, const struct weeks_week *w,
    enum overdue_stage stage)
{
	size_t i;

	for (i = 0; i < a->book->n_steps; i++) {
		const struct casebook_step *s = &a->book->steps[i];

		if (spoke_of(a, s, stage) >= w->from &&
		    (s->ok || s->at > a->now - UTC_HOUR))
			return true;
	}
	return false;
}

bool
overdue_next(const struct overdue_asked *a, enum overdue_stage stage,
    struct overdue_due *due)
{
	const int64_t grace =
	    a->days[stage] * UTC_DAY + a->hour * UTC_HOUR;
	size_t i;

	*due = (struct overdue_due){ .stage = stage };
	if (a->days[stage] == 0)
		return false;
	for (i = 0; i < a->weeks->n; i++) {
		const struct weeks_week *w = &a->weeks->v[i];

		if (!w->owed || w->reviewed != NULL ||
		    a->now < w->until + grace)
			continue;
		if (due->n++ == 0)
			due->oldest = w;
		due->newest = w;
	}
	if (due->n == 0 || is_settled(a, due->newest, stage))
		return false;
	due->person = person_of(a->contacts, stage);
	weeks_number(due->newest->from, a->zone, due->about);
	snprintf(due->about + WEEKS_NUMBER - 3,
	    sizeof(due->about) - (WEEKS_NUMBER - 3), " %s", words[stage]);
	return due->person != NULL;
}

void
overdue_title(const struct overdue_due *due,
    const struct escalation_site *site, struct buf *out)
{
	char number[WEEKS_NUMBER];

	buf_printf(out,
	    tr("nobody signed the weekly review %s",
		"週次確認の署名がありません %s"),
	    weeks_number(due->newest->from, site->zone, number));
	if (due->n > 1)
		buf_printf(out, tr(" and %zu more", " ほか%zu週"),
		    due->n - 1);
}

void
overdue_text(const struct overdue_due *due,
    const struct escalation_site *site, struct buf *out)
{
	char newest[WEEKS_NUMBER], oldest[WEEKS_NUMBER], until[UTC_TEXT];

	weeks_number(due->newest->from, site->zone, newest);
	weeks_number(due->oldest->from, site->zone, oldest);
	buf_printf(out,
	    tr("The weekly access-log review has not been signed: %zu week(s), "
	       "from %s to %s (the newest ended %s).\n\n",
		"週次アクセスログ確認票に署名の記録がありません: %zu週（%s ～ "
		"%s、最新の週の終わり %s）。\n\n"),
	    due->n, oldest, newest,
	    utc_print_local(due->newest->until, site->zone, until));
	if (due->stage == OVERDUE_ESCALATE)
		buf_str(out,
		    tr("The planning manager was to be reminded before. Please "
		       "see to it that somebody reviews the logs.\n\n",
			"企画管理者には先に催促しています。確認の体制をご確認く"
			"だ"
			"さい。\n\n"));
	buf_printf(out,
	    tr("To make the sheet:   konseki review --week %s\n"
	       "To enter a signature: konseki review --sign %s --by ID "
	       "--comment TEXT\n",
		"確認票の作成: konseki review --week %s\n"
		"署名の登録:   konseki review --sign %s --by ID --comment "
		"所見\n"),
	    newest + 3, newest);
}
