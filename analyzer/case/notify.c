/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/notify.h"

#include <string.h>

#include "analyzer/case/alarm.h"
#include "analyzer/case/digest.h"
#include "analyzer/case/letter.h"
#include "common/log.h"
#include "common/utc.h"

/* Send it, and count it. */
static int
deliver(struct notify *n, struct letter *l, struct buf *why)
{
	struct letter_post post = { .site = n->site,
		.submit = n->submit,
		.now = n->now };
	int rc = letter_send(&post, l, why);

	n->sent += post.sent;
	n->failed += post.failed;
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
	const struct letter_about about = { due->group, "" };
	struct letter l = { .kind = CASEBOOK_SENT,
		.to = due->person,
		.attempt = due->attempt,
		.code = due->code,
		.drill = from.drill,
		.about = &about,
		.n_about = 1 };
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

/* ---- deadlines, weeks ---- */

/* What is due of them, of all cases. */
struct dues {
	struct reminder_due *deadlines;
	size_t n_deadlines;
	struct overdue_due weeks[OVERDUE_STAGES];
	size_t n_weeks;
};

/* In the order of the cases; v NULL: only how many. */
static size_t
deadlines_due(const struct notify *n, const struct casebook *book,
    struct reminder_due *v)
{
	const struct reminder_asked asked = { book, n->deadlines, n->holidays,
		n->site->zone, n->now };
	struct reminder_due due;
	size_t i, at, all = 0;

	for (i = 0; n->deadlines != NULL && i < book->n_groups; i++)
		for (at = 0; reminder_next(&asked, &book->groups[i], &at,
			 &due) == 1; all++)
			if (v != NULL)
				v[all] = due;
	return all;
}

static void
find_dues(const struct notify *n, const struct casebook *book,
    struct arena *arena, struct dues *d)
{
	const struct site *site = n->site;
	struct weeks *weeks = arena_alloc(arena, sizeof(*weeks));
	const struct overdue_asked asked = { book, weeks, n->contacts,
		site->zone, n->now,
		{ site->review.remind_days, site->review.escalate_days },
		site->review.hour };
	int stage;

	d->n_deadlines = deadlines_due(n, book, NULL);
	d->deadlines = arena_alloc(arena,
	    (d->n_deadlines + 1) * sizeof(*d->deadlines));
	(void)deadlines_due(n, book, d->deadlines);
	weeks_build(book, site->zone, n->now, 0, arena, weeks);
	d->n_weeks = 0;
	for (stage = 0; stage < OVERDUE_STAGES; stage++)
		d->n_weeks += overdue_next(&asked, (enum overdue_stage)stage,
		    &d->weeks[d->n_weeks]);
}

static bool
is_reminded(const struct contacts *c, const struct contacts_person *p)
{
	size_t i;

	for (i = 0; i < c->n_deadlines; i++)
		if (&c->people[c->deadlines[i]] == p)
			return true;
	return false;
}

static int
remind(struct notify *n, const struct digest *digest, struct arena *arena,
    struct buf *why)
{
	static const struct casebook_group none = { .id = "",
		.severity = CASEBOOK_NOTICE };
	const struct escalation_site from = notify_site(n->site);
	struct letter_about *about = arena_alloc(arena,
	    (digest->n + digest->n_weeks) * sizeof(*about));
	struct letter l = { .kind = CASEBOOK_REMIND,
		.to = digest->to,
		.attempt = 1,
		.code = "",
		.drill = from.drill,
		.about = about };
	enum log_lang was = speak(n->site);
	size_t i;
	int rc;

	for (i = 0; i < digest->n; i++)
		about[l.n_about++] = (struct letter_about){
			digest->deadlines[i].group,
			digest->deadlines[i].deadline->id
		};
	for (i = 0; i < digest->n_weeks; i++)
		about[l.n_about++] = (struct letter_about){ &none,
			digest->weeks[i].about };
	buf_init(&l.subject);
	buf_init(&l.body);
	digest_subject(digest, &from, &l.subject);
	digest_body(digest, &from, &l.body);
	log_set_lang(was == LOG_JA ? "ja" : "en");
	rc = deliver(n, &l, why);
	buf_fini(&l.subject);
	buf_fini(&l.body);
	return rc;
}

/* What is due for a person; what is a sample does not stand beside what is
 * real. */
static void
gather(const struct dues *d, const struct contacts *contacts,
    const struct casebook *book, bool replay, struct digest *digest)
{
	const struct reminder_due *due = d->deadlines;
	size_t i;

	for (i = 0; is_reminded(contacts, digest->to) && i < d->n_deadlines;
	     i++)
		if (book->findings[due[i].group->findings[0]].replay == replay)
			digest->deadlines[digest->n++] = due[i];
	for (i = 0; !replay && i < d->n_weeks; i++)
		if (d->weeks[i].person == digest->to)
			digest->weeks[digest->n_weeks++] = d->weeks[i];
	digest->replay = replay;
	digest_sort(digest);
}

/* Of deadlines, and of weeks that nobody signed: one message to each. */
static int
reminders(struct notify *n, const struct casebook *book, struct buf *why)
{
	struct arena *arena = arena_new();
	struct dues d;
	size_t i, replay;
	int rc = 0;

	find_dues(n, book, arena, &d);
	for (i = 0; rc == 0 && i < 2 * n->contacts->n_people; i++) {
		struct digest digest = { .to = &n->contacts->people[i / 2],
			.deadlines = arena_alloc(arena,
			    (d.n_deadlines + 1) * sizeof(*d.deadlines)) };

		replay = i % 2;
		gather(&d, n->contacts, book, replay == 1, &digest);
		if (digest.n + digest.n_weeks > 0)
			rc = remind(n, &digest, arena, why);
	}
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
	if (reminders(n, book, why) != 0)
		return -1;
	return n->sent + n->failed == 0
	    ? 0
	    : submit_seal(n->submit, NULL, NULL, why);
}
