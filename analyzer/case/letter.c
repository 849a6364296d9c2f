/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/letter.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/case/mail.h"
#include "analyzer/case/mask.h"
#include "analyzer/case/reply.h"
#include "analyzer/case/runner_apart.h"
#include "analyzer/case/webhook.h"
#include "common/log.h"
#include "common/sha256.h"

static int
record(struct letter_post *p, const struct letter *l, const char *how, int rc,
    struct buf *result, struct buf *why)
{
	struct casebook_step step = {
		.kind = l->kind,
		.who = l->to->id,
		.how = how,
		.text = buf_cstr(result),
		.ok = rc == 0,
		.code = strcmp(how, "none") == 0 ? "" : l->code,
	};
	size_t i;

	if (rc == 0) {
		p->sent++;
	} else {
		p->failed++;
		log_warn(tr("case %s: %s could not be told by %s: %s",
			     "事案 %s: %s に %s で連絡できません: %s"),
		    l->about[0].group->id, step.who, how, step.text);
	}
	for (i = 0; i < l->n_about; i++) {
		step.group = l->about[i].group->id;
		step.about = l->about[i].about;
		if (submit_step(p->submit, &step, why) != 0)
			return -1;
	}
	return 0;
}

/*
 * The left part of the Message-ID: an answer says by it what it answers.  A
 * reminder has no code, so it is the person who tells it from another's: a
 * mailbox of several would keep one of the two.
 */
static void
message_id(const struct letter_post *p, const struct letter *l,
    struct buf *out)
{
	uint8_t sum[SHA256_LEN];
	struct sha256 sha;
	const char *c;

	buf_str(out, REPLY_ID);
	for (c = l->code; *c != '\0'; c++)
		if (*c != '-')
			buf_byte(out, (uint8_t)*c);
	sha256_init(&sha);
	sha256_update(&sha, l->to->id, strlen(l->to->id));
	sha256_final(&sha, sum);
	buf_printf(out, ".%s.%u.%lld.%02x%02x%02x%02x",
	    l->about[0].group->id, l->attempt, (long long)p->now, sum[0],
	    sum[1], sum[2], sum[3]);
}

static int
by_mail(struct letter_post *p, const struct letter *l, struct buf *why)
{
	struct buf result, id;
	int rc;

	buf_init(&result);
	buf_init(&id);
	message_id(p, l, &id);
	rc = mail_send(
	    &(struct mail){
		.to = l->to->mail,
		.to_name = l->to->name,
		.subject = buf_view(&l->subject),
		.body = buf_view(&l->body),
		.date = p->now,
		.id = buf_cstr(&id),
	    },
	    p->site, &result);
	rc = record(p, l, "mail", rc, &result, why);
	buf_fini(&result);
	buf_fini(&id);
	return rc;
}

static int
by_webhook(struct letter_post *p, const struct letter *l, struct buf *why)
{
	struct buf result;
	int rc;

	buf_init(&result);
	rc = webhook_send(
	    &(struct webhook){
		.group = l->about[0].group->id,
		.severity = l->about[0].group->severity,
		.to = l->to->id,
		.role = l->to->role,
		.code = l->code,
		.drill = l->drill,
		.subject = buf_view(&l->subject),
		.body = buf_view(&l->body),
	    },
	    p->site, &result);
	rc = record(p, l, "webhook", rc, &result, why);
	buf_fini(&result);
	return rc;
}

static int
by_command(struct letter_post *p, const struct letter *l, struct buf *why)
{
	char group[80], to[256], severity[64], code[64], drill[32];
	const char *env[] = { group, to, severity, code, drill };
	struct buf result, text;
	int rc;

	snprintf(group, sizeof(group), "KONSEKI_CASE=%s",
	    l->about[0].group->id);
	snprintf(to, sizeof(to), "KONSEKI_TO=%s", l->to->id);
	snprintf(severity, sizeof(severity), "KONSEKI_SEVERITY=%s",
	    casebook_severity_word(l->about[0].group->severity));
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
		.argv = p->site->escalation.command.v,
		.n = p->site->escalation.command.n,
		.env = env,
		.n_env = sizeof(env) / sizeof(env[0]),
		.timeout_s = p->site->escalation.command_timeout_s,
	    },
	    buf_view(&text), &result);
	rc = record(p, l, "command", rc, &result, why);
	buf_fini(&result);
	buf_fini(&text);
	return rc;
}

/* A person without a way to be told is a step all the same: the next is. */
static int
by_nothing(struct letter_post *p, const struct letter *l, struct buf *why)
{
	struct buf result;
	int rc;

	buf_init(&result);
	buf_printf(&result,
	    tr("no channel: telephone %s",
		"連絡手段の設定がありません。電話 %s"),
	    l->to->phone);
	rc = record(p, l, "none", -1, &result, why);
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

int
letter_send(struct letter_post *p, struct letter *l, struct buf *why)
{
	const struct site *site = p->site;
	bool mail = *l->to->mail != '\0' && *site->mail.server != '\0';
	bool web = l->to->webhook && *site->escalation.webhook != '\0';
	bool command = l->to->command && site->escalation.command.n > 0;
	int rc;

	/* It leaves the house: no patient in it. */
	mask(&l->subject);
	mask(&l->body);
	/* What cannot be recorded would be sent again with each turn. */
	rc = submit_begin(p->submit, why);
	if (rc == 0 && mail)
		rc = by_mail(p, l, why);
	if (rc == 0 && web)
		rc = by_webhook(p, l, why);
	if (rc == 0 && command)
		rc = by_command(p, l, why);
	if (rc == 0 && !mail && !web && !command)
		rc = by_nothing(p, l, why);
	return rc;
}
