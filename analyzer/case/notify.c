/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/notify.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/case/alarm.h"
#include "analyzer/case/mail.h"
#include "analyzer/case/mask.h"
#include "analyzer/case/overdue.h"
#include "analyzer/case/reminder.h"
#include "analyzer/case/reply.h"
#include "analyzer/case/runner_apart.h"
#include "analyzer/case/webhook.h"
#include "common/log.h"
#include "common/utc.h"

/* A message to one person, over each channel that he has. */
struct letter {
	enum casebook_step_kind kind; /* CASEBOOK_SENT, CASEBOOK_REMIND */
	const struct casebook_group *group;
	const struct contacts_person *to;
	unsigned attempt;
	const char *code, *about; /* or "" */
	bool drill;
	struct buf subject, body;
};

static int
record(struct notify *n, const struct letter *l, const char *how, int rc,
    struct buf *result, struct buf *why)
{
	struct casebook_step step = {
		.kind = l->kind,
		.group = l->group->id,
		.who = l->to->id,
		.how = how,
		.text = buf_cstr(result),
		.ok = rc == 0,
		.code = strcmp(how, "none") == 0 ? "" : l->code,
		.about = l->about,
	};

	if (rc == 0) {
		n->sent++;
	} else {
		n->failed++;
		log_warn(tr("case %s: %s could not be told by %s: %s",
			     "事案 %s: %s に %s で連絡できません: %s"),
		    step.group, step.who, how, step.text);
	}
	return submit_step(n->submit, &step, why);
}

/* The left part of the Message-ID: an answer says by it what it answers. */
static void
message_id(const struct notify *n, const struct letter *l, struct buf *out)
{
	const char *c;

	buf_str(out, REPLY_ID);
	for (c = l->code; *c != '\0'; c++)
		if (*c != '-')
			buf_byte(out, (uint8_t)*c);
	buf_printf(out, ".%s.%u.%lld", l->group->id, l->attempt,
	    (long long)n->now);
}

static int
by_mail(struct notify *n, const struct letter *l, struct buf *why)
{
	struct buf result, id;
	int rc;

	buf_init(&result);
	buf_init(&id);
	message_id(n, l, &id);
	rc = mail_send(
	    &(struct mail){
		.to = l->to->mail,
		.to_name = l->to->name,
		.subject = buf_view(&l->subject),
		.body = buf_view(&l->body),
		.date = n->now,
		.id = buf_cstr(&id),
	    },
	    n->site, &result);
	rc = record(n, l, "mail", rc, &result, why);
	buf_fini(&result);
	buf_fini(&id);
	return rc;
}

static int
by_webhook(struct notify *n, const struct letter *l, struct buf *why)
{
	struct buf result;
	int rc;

	buf_init(&result);
	rc = webhook_send(
	    &(struct webhook){
		.group = l->group->id,
		.severity = l->group->severity,
		.to = l->to->id,
		.role = l->to->role,
		.code = l->code,
		.drill = l->drill,
		.subject = buf_view(&l->subject),
		.body = buf_view(&l->body),
	    },
	    n->site, &result);
	rc = record(n, l, "webhook", rc, &result, why);
	buf_fini(&result);
	return rc;
}

static int
by_command(struct notify *n, const struct letter *l, struct buf *why)
{
	char group[80], to[256], severity[64], code[64], drill[32];
	const char *env[] = { group, to, severity, code, drill };
	struct buf result, text;
	int rc;

	snprintf(group, sizeof(group), "KONSEKI_CASE=%s", l->group->id);
	snprintf(to, sizeof(to), "KONSEKI_TO=%s", l->to->id);
	snprintf(severity, sizeof(severity), "KONSEKI_SEVERITY=%s",
	    casebook_severity_word(l->group->severity));
	snprintf(code, sizeof(code), "KONSEKI_CODE=%s", l->code);
	snprintf(drill, sizeof(drill), "KONSEKI_DRILL=%s",
	    l->drill ? "yes" : "no");
	buf_init(&result);
	buf_init(&text);
	buf_span(&text, buf_view(&l->subject));
	buf_str(&text, "\n\n");
	buf_span(&text, buf_view(&l->body));
	rc = runner_apart_run(
	    &(struct runner){
		.argv = n->site->escalation.command.v,
		.n = n->site->escalation.command.n,
		.env = env,
		.n_env = sizeof(env) / sizeof(env[0]),
		.timeout_s = n->site->escalation.command_timeout_s,
	    },
	    buf_view(&text), &result);
	rc = record(n, l, "command", rc, &result, why);
	buf_fini(&result);
	buf_fini(&text);
	return rc;
}

/* A person without a way to be told is a step all the same: the next is. */
static int
by_nothing(struct notify *n, const struct letter *l, struct buf *why)
{
	struct buf result;
	int rc;

	buf_init(&result);
	buf_printf(&result,
	    tr("no channel: telephone %s",
		"連絡手段の設定がありません。電話 %s"),
	    l->to->phone);
	rc = record(n, l, "none", -1, &result, why);
	buf_fini(&result);
	return rc;
}

static void
mask(struct buf *text)
{
	struct buf masked;

	buf_init(&masked);
	(void)mask_patients(buf_view(text), &masked);
	text->len = 0;
	buf_span(text, buf_view(&masked));
	buf_fini(&masked);
}

/* It leaves the house: no patient in it. */
static int
deliver(struct notify *n, struct letter *l, struct buf *why)
{
	const struct site *site = n->site;
	bool mail = *l->to->mail != '\0' && *site->mail.server != '\0';
	bool web = l->to->webhook && *site->escalation.webhook != '\0';
	bool command = l->to->command && site->escalation.command.n > 0;
	int rc;

	mask(&l->subject);
	mask(&l->body);
	/* What cannot be recorded would be sent again with each turn. */
	rc = submit_begin(n->submit, why);
	if (rc == 0 && mail)
		rc = by_mail(n, l, why);
	if (rc == 0 && web)
		rc = by_webhook(n, l, why);
	if (rc == 0 && command)
		rc = by_command(n, l, why);
	if (rc == 0 && !mail && !web && !command)
		rc = by_nothing(n, l, why);
	return rc;
}

struct escalation_site
notify_site(const struct site *site)
{
	return (struct escalation_site){ .name = site->name,
		.zone = site->zone,
		.drill = site->drill,
		.replies = site->mail.replies,
		.option = site->drill ? site->dir : "" };
}

/* In the language of the site, whoever started us in whichever. */
static enum log_lang
speak(const struct site *site)
{
	enum log_lang was = log_lang();

	log_set_lang(site->language == SITE_LANGUAGE_JA ? "ja" : "en");
	return was;
}

/* The copy for a machine: whether it arrives holds up nobody. */
static int
copy(struct notify *n, const struct casebook *book,
    const struct escalation_due *due, struct buf *why)
{
	struct casebook_step step = { .kind = CASEBOOK_SENT,
		.group = due->group->id,
		.who = "siem",
		.how = "cef" };
	enum log_lang was = speak(n->site);
	struct buf message, result;
	int rc;

	buf_init(&message);
	buf_init(&result);
	alarm_print(
	    &(struct alarm){ .book = book,
		.group = due->group,
		.site = n->site->name,
		.drill = n->site->drill,
		.now = n->now },
	    &message);
	log_set_lang(was == LOG_JA ? "ja" : "en");
	step.ok = alarm_send(n->site->escalation.cef,
		      n->site->escalation.cef_ca, buf_view(&message),
		      &result) == 0;
	step.text = buf_cstr(&result);
	if (!step.ok)
		log_warn(tr("case %s: no copy to %s: %s",
			     "事案 %s: %s に複写を送れません: %s"),
		    step.group, n->site->escalation.cef, step.text);
	rc = submit_step(n->submit, &step, why);
	buf_fini(&message);
	buf_fini(&result);
	return rc;
}

static int
tell(struct notify *n, const struct casebook *book,
    const struct escalation_due *due, struct buf *why)
{
	const struct escalation_site from = notify_site(n->site);
	struct letter l = { .kind = CASEBOOK_SENT,
		.group = due->group,
		.to = due->person,
		.attempt = due->attempt,
		.code = due->code,
		.about = "",
		.drill = from.drill };
	enum log_lang was = speak(n->site);
	int rc;

	buf_init(&l.subject);
	buf_init(&l.body);
	escalation_subject(book, due, &from, &l.subject);
	escalation_body(book, due, &from, &l.body);
	log_set_lang(was == LOG_JA ? "ja" : "en");
	rc = deliver(n, &l, why);
	if (rc == 0 && *n->site->escalation.cef != '\0')
		rc = copy(n, book, due, why);
	buf_fini(&l.subject);
	buf_fini(&l.body);
	return rc;
}

static int
remind(struct notify *n, const struct casebook *book,
    const struct reminder_due *due, const struct contacts_person *to,
    struct buf *why)
{
	const struct escalation_site from = notify_site(n->site);
	struct letter l = { .kind = CASEBOOK_REMIND,
		.group = due->group,
		.to = to,
		.attempt = 1,
		.code = "",
		.about = due->deadline->id,
		.drill = from.drill };
	enum log_lang was = speak(n->site);
	int rc;

	buf_init(&l.subject);
	buf_init(&l.body);
	reminder_subject(due, &from,
	    book->findings[due->group->findings[0]].replay, &l.subject);
	reminder_body(due, to, &from, &l.body);
	log_set_lang(was == LOG_JA ? "ja" : "en");
	rc = deliver(n, &l, why);
	buf_fini(&l.subject);
	buf_fini(&l.body);
	return rc;
}

/* Messages of the last hour, and whether there may be one more of a case. */
struct budget {
	unsigned recent, limit;
};

/* What is critical is told whatever went out before it: else who floods the
 * hospital with lesser ones has an hour of silence. */
static bool
spend(struct notify *n, struct budget *b, const struct casebook_group *g)
{
	if (b->limit > 0 && b->recent >= b->limit &&
	    g->severity < CASEBOOK_CRITICAL) {
		log_warn(tr("%u messages within the hour: case %s waits "
			    "(escalation.max_per_hour)",
			     "1時間の上限 %u 通に達しました。事案 %s "
			     "の連絡は保留します"),
		    b->recent, g->id);
		n->again = n->now + UTC_MINUTE;
		return false;
	}
	b->recent++;
	return true;
}

/* The case's next message, if one is due.  0, -1. */
static int
turn(struct notify *n, const struct casebook *book,
    const struct casebook_group *g, struct budget *budget, struct buf *why)
{
	const struct escalation_asked asked = { book, n->contacts, n->now,
		n->gather, n->calendar };
	struct escalation_due due;
	unsigned sent = n->sent;
	int64_t again;

	if (escalation_next(&asked, g, &due, &again) == 0) {
		if (again != 0 && (n->again == 0 || again < n->again))
			n->again = again;
		return 0;
	}
	if (!spend(n, budget, g))
		return 0;
	if (tell(n, book, &due, why) != 0)
		return -1;
	n->more |= due.more;
	if (n->sent == sent || due.more)
		n->again = n->now; /* nobody was reached: go on */
	return 0;
}

static int
reminders(struct notify *n, const struct casebook *book, struct buf *why)
{
	const struct reminder_asked asked = { book, n->deadlines, n->holidays,
		n->site->zone, n->now };
	struct reminder_due due;
	size_t i, j, at;

	for (i = 0; n->deadlines != NULL && i < book->n_groups; i++)
		for (at = 0; reminder_next(&asked, &book->groups[i], &at,
			 &due) == 1;)
			for (j = 0; j < n->contacts->n_deadlines; j++)
				if (remind(n, book, &due,
					&n->contacts->people
					     [n->contacts->deadlines[j]],
					why) != 0)
					return -1;
	return 0;
}

/* Of weeks that nobody signed. */
static int
overdue(struct notify *n, const struct overdue_due *due, struct buf *why)
{
	static const struct casebook_group none = { .id = "",
		.severity = CASEBOOK_NOTICE };
	const struct escalation_site from = notify_site(n->site);
	struct letter l = { .kind = CASEBOOK_REMIND,
		.group = &none,
		.to = due->person,
		.attempt = 1,
		.code = "",
		.about = due->about,
		.drill = from.drill };
	enum log_lang was = speak(n->site);
	int rc;

	buf_init(&l.subject);
	buf_init(&l.body);
	overdue_subject(due, &from, &l.subject);
	overdue_body(due, &from, &l.body);
	log_set_lang(was == LOG_JA ? "ja" : "en");
	rc = deliver(n, &l, why);
	buf_fini(&l.subject);
	buf_fini(&l.body);
	return rc;
}

static int
reviews(struct notify *n, const struct casebook *book, struct buf *why)
{
	const struct site *site = n->site;
	struct weeks weeks;
	struct overdue_asked asked = { book, &weeks, n->contacts, site->zone,
		n->now,
		{ site->review.remind_days, site->review.escalate_days },
		site->review.hour };
	struct arena *arena = arena_new();
	struct overdue_due due;
	int stage, rc = 0;

	weeks_build(book, site->zone, n->now, 0, arena, &weeks);
	for (stage = 0; rc == 0 && stage < OVERDUE_STAGES; stage++)
		if (overdue_next(&asked, (enum overdue_stage)stage, &due))
			rc = overdue(n, &due, why);
	arena_free(arena);
	return rc;
}

int
notify_turn(struct notify *n, const struct casebook *book, struct buf *why)
{
	struct budget budget = { 0, n->site->escalation.max_per_hour };
	size_t i;
	int s;

	n->sent = n->failed = 0;
	n->again = 0;
	n->more = false;
	for (i = 0; i < book->n_steps; i++)
		budget.recent += book->steps[i].kind == CASEBOOK_SENT &&
		    book->steps[i].at > n->now - UTC_HOUR &&
		    strcmp(book->steps[i].how, "cef") != 0;
	for (s = CASEBOOK_CRITICAL; s >= CASEBOOK_INFO; s--)
		for (i = 0; i < book->n_groups; i++)
			if ((int)book->groups[i].severity == s &&
			    turn(n, book, &book->groups[i], &budget, why) != 0)
				return -1;
	if (reminders(n, book, why) != 0 || reviews(n, book, why) != 0)
		return -1;
	return n->sent + n->failed == 0
	    ? 0
	    : submit_seal(n->submit, NULL, NULL, why);
}
