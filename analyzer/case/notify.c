/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/notify.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/case/mail.h"
#include "analyzer/case/runner_apart.h"
#include "common/log.h"

struct message {
	struct buf subject, body;
};

static int
record(struct notify *n, const struct escalation_due *due, const char *how,
    int rc, struct buf *result, struct buf *why)
{
	struct casebook_step step = {
		.kind = CASEBOOK_SENT,
		.group = due->group->id,
		.who = due->person->id,
		.how = how,
		.text = buf_cstr(result),
		.ok = rc == 0,
	};

	if (rc == 0) {
		n->sent++;
	} else {
		n->failed++;
		log_warn(tr("case %s: %s could not be told by %s: %s",
			     "事案 %s: %s に %s で連絡できません: %s"),
		    due->group->id, due->person->id, how, step.text);
	}
	return submit_step(n->submit, &step, why);
}

static int
by_mail(struct notify *n, const struct escalation_due *due,
    const struct message *m, struct buf *why)
{
	struct buf result;
	char id[64];
	int rc;

	buf_init(&result);
	snprintf(id, sizeof(id), "%s.%u.%lld", due->group->id, due->attempt,
	    (long long)n->now);
	rc = mail_send(
	    &(struct mail){
		.to = due->person->mail,
		.to_name = due->person->name,
		.subject = buf_view(&m->subject),
		.body = buf_view(&m->body),
		.date = n->now,
		.id = id,
	    },
	    n->site, &result);
	rc = record(n, due, "mail", rc, &result, why);
	buf_fini(&result);
	return rc;
}

static int
by_command(struct notify *n, const struct escalation_due *due,
    const struct message *m, struct buf *why)
{
	char group[80], to[256], severity[64];
	const char *env[] = { group, to, severity };
	struct buf result, text;
	int rc;

	snprintf(group, sizeof(group), "KONSEKI_CASE=%s", due->group->id);
	snprintf(to, sizeof(to), "KONSEKI_TO=%s", due->person->id);
	snprintf(severity, sizeof(severity), "KONSEKI_SEVERITY=%s",
	    casebook_severity_word(due->group->severity));
	buf_init(&result);
	buf_init(&text);
	buf_span(&text, buf_view(&m->subject));
	buf_str(&text, "\n\n");
	buf_span(&text, buf_view(&m->body));
	rc = runner_apart_run(
	    &(struct runner){
		.argv = n->site->escalation.command.v,
		.n = n->site->escalation.command.n,
		.env = env,
		.n_env = sizeof(env) / sizeof(env[0]),
		.timeout_s = n->site->escalation.command_timeout_s,
	    },
	    buf_view(&text), &result);
	rc = record(n, due, "command", rc, &result, why);
	buf_fini(&result);
	buf_fini(&text);
	return rc;
}

/* A person without a way to be told is a step all the same: the next is. */
static int
by_nothing(struct notify *n, const struct escalation_due *due, struct buf *why)
{
	struct buf result;
	int rc;

	buf_init(&result);
	buf_printf(&result,
	    tr("no channel: telephone %s",
		"連絡手段の設定がありません。電話 %s"),
	    due->person->phone);
	rc = record(n, due, "none", -1, &result, why);
	buf_fini(&result);
	return rc;
}

/* In the language of the site, whoever started us in whichever. */
static void
message_print(const struct notify *n, const struct casebook *book,
    const struct escalation_due *due, struct message *m)
{
	const struct site *site = n->site;
	enum log_lang was = log_lang();

	log_set_lang(site->language == SITE_LANGUAGE_JA ? "ja" : "en");
	escalation_subject(book, due, site->name, &m->subject);
	escalation_body(book, due, site->name, site->zone, &m->body);
	log_set_lang(was == LOG_JA ? "ja" : "en");
}

static int
tell(struct notify *n, const struct casebook *book,
    const struct escalation_due *due, struct buf *why)
{
	bool mail = *due->person->mail != '\0' && *n->site->mail.server != '\0';
	bool command =
	    due->person->command && n->site->escalation.command.n > 0;
	struct message m;
	int rc;

	/* What cannot be recorded would be sent again with each turn. */
	rc = submit_begin(n->submit, why);
	buf_init(&m.subject);
	buf_init(&m.body);
	message_print(n, book, due, &m);
	if (rc == 0 && mail)
		rc = by_mail(n, due, &m, why);
	if (rc == 0 && command)
		rc = by_command(n, due, &m, why);
	if (rc == 0 && !mail && !command)
		rc = by_nothing(n, due, why);
	buf_fini(&m.subject);
	buf_fini(&m.body);
	return rc;
}

int
notify_turn(struct notify *n, const struct casebook *book, struct buf *why)
{
	unsigned limit = n->site->escalation.max_per_hour;
	const struct escalation_asked asked = { book, n->contacts, n->now,
		n->gather };
	struct escalation_due due;
	int64_t again;
	size_t i;
	unsigned recent = 0, sent;

	n->sent = n->failed = 0;
	n->again = 0;
	for (i = 0; i < book->n_steps; i++)
		recent += book->steps[i].kind == CASEBOOK_SENT &&
		    book->steps[i].at > n->now - INT64_C(3600000000);
	for (i = 0; i < book->n_groups; i++) {
		if (escalation_next(&asked, &book->groups[i], &due, &again) ==
		    0) {
			if (again != 0 && (n->again == 0 || again < n->again))
				n->again = again;
			continue;
		}
		if (limit > 0 && recent >= limit) {
			log_warn(tr("%u messages within the hour: case %s "
				    "waits (escalation.max_per_hour)",
				     "1時間の上限 %u 通に達しました。事案 %s "
				     "の連絡は保留します"),
			    recent, due.group->id);
			n->again = n->now + INT64_C(60000000);
			break;
		}
		recent++;
		sent = n->sent;
		if (tell(n, book, &due, why) != 0)
			return -1;
		if (n->sent == sent)
			n->again = n->now; /* nobody was reached: go on */
	}
	return n->sent + n->failed == 0
	    ? 0
	    : submit_seal(n->submit, NULL, NULL, why);
}
