/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/contacts.h"
#include "analyzer/case/cover.h"
#include "analyzer/case/submit.h"
#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "analyzer/command/role.h"
#include "analyzer/command/rules_pack.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* konseki case: what people do, each a record of the casebook. */
#define NAME_BYTES 200u /* of a person's name: as a cell of contacts.yml */

static bool
load_contacts(const struct case_call *c, struct contacts *contacts)
{
	struct yaml_error err;

	if (contacts_load(c->s->analyzer.contacts, c->s->escalation.answer_min,
		c->arena, contacts, &err) == 0)
		return true;
	yaml_report(&err);
	return false;
}

static bool
is_known(const struct case_call *c)
{
	struct contacts contacts;
	size_t i;

	if (!load_contacts(c, &contacts))
		return false;
	if (contacts_person(&contacts, c->by) != NULL)
		return true;
	log_error(tr("nobody in %s has the id '%s'; write --name NAME for "
		     "somebody outside the tree; ids are:",
		      "%s に id「%s」の担当者がいません。連絡網外の方は --name "
		      "氏名 で指定してください。使える id:"),
	    c->s->analyzer.contacts, c->by);
	for (i = 0; i < contacts.n_people; i++)
		log_error("  %s (%s)", contacts.people[i].id,
		    contacts.people[i].role);
	return false;
}

/* A name stands in reports for good: one line, of somebody without an id. */
static bool
is_name(const struct case_call *c)
{
	struct span name = span_str(c->name);
	struct contacts contacts;
	struct buf safe;
	bool plain;

	buf_init(&safe);
	text_escape(name, &safe);
	plain = name.len > 0 && name.len <= NAME_BYTES &&
	    text_trim(name).len == name.len && span_eq(buf_view(&safe), name);
	buf_fini(&safe);
	if (!plain) {
		log_error(tr("a name is 1 to %u bytes of plain text",
			      "氏名は制御文字を含まない1～%uバイトで指定して"
			      "ください"),
		    NAME_BYTES);
		return false;
	}
	if (!load_contacts(c, &contacts))
		return false;
	if (contacts_person(&contacts, c->name) == NULL)
		return true;
	log_error(tr("'%s' is an id of %s: write --by %s",
		      "「%s」は %s の id です。--by %s と指定してください"),
	    c->name, c->s->analyzer.contacts, c->name);
	return false;
}

/* Who it is must be clear: an acknowledgement ends the calls, a silence
 * prevents them. */
bool
case_somebody(const struct case_call *c)
{
	if ((c->by == NULL) == (c->name == NULL)) {
		log_error("%s",
		    tr("say who you are: --by ID of contacts.yml, or --name "
		       "NAME",
			"だれの操作かを --by（contacts.ymlのid）か --name "
			"氏名 で指定してください"));
		return false;
	}
	return c->by != NULL ? is_known(c) : is_name(c);
}

bool
case_reason(const struct case_call *c)
{
	if (c->comment != NULL && text_trim(span_str(c->comment)).len > 0)
		return true;
	log_error("%s",
	    tr("a reason is needed: --comment TEXT",
		"理由を --comment で指定してください"));
	return false;
}

/* Which right each kind of step needs. */
static enum role_act
act_of(const struct casebook_step *s)
{
	switch (s->kind) {
	case CASEBOOK_JUDGE:
	case CASEBOOK_SILENCE:
	case CASEBOOK_UNSILENCE:
		return ROLE_ACT_JUDGE;
	case CASEBOOK_AWARE:
	case CASEBOOK_DONE:
		return ROLE_ACT_AWARE;
	case CASEBOOK_REVIEW:
		return ROLE_ACT_REVIEW;
	case CASEBOOK_PRESERVE:
		return ROLE_ACT_PRESERVE;
	case CASEBOOK_DRILL:
		return ROLE_ACT_DRILL;
	case CASEBOOK_SENT:
	case CASEBOOK_ACK:
	case CASEBOOK_REPORT:
	case CASEBOOK_NOTE:
	case CASEBOOK_REMIND:
		break;
	}
	return ROLE_ACT_TAKE;
}

int
case_enter(const struct case_call *c, struct casebook_step *s)
{
	struct submit *submit;
	struct buf why;
	uint64_t first;
	int rc = 1;

	s->who = c->name != NULL ? c->name : c->by;
	s->outside = c->name != NULL;
	s->text = c->comment == NULL ? "" : c->comment;
	s->ok |= s->kind != CASEBOOK_PRESERVE;
	if (!role_may(c->s, act_of(s)))
		return 1;
	buf_init(&why);
	submit = submit_open(c->s, c->program, &why);
	if (submit != NULL && submit_step(submit, s, &why) == 0 &&
	    submit_seal(submit, &first, NULL, &why) == 0) {
		printf(tr("recorded and sealed: casebook #%" PRIu64 "\n",
			   "記録し封印しました: 事案簿 #%" PRIu64 "\n"),
		    first);
		rc = 0;
	} else {
		log_error(tr("nothing was recorded: %s",
			      "記録できませんでした: %s"),
		    buf_cstr(&why));
	}
	submit_close(submit);
	buf_fini(&why);
	return rc;
}

int
case_judge(const struct case_call *c, const struct casebook_group *g,
    const struct casebook_finding *finding, const char *how)
{
	struct casebook_step s = { .kind = CASEBOOK_JUDGE,
		.group = g->id,
		.how = how,
		.finding = finding == NULL ? "" : finding->id };

	return case_somebody(c) && case_reason(c) ? case_enter(c, &s) : 1;
}

/* ---- silences ---- */

static bool
is_about(const struct casebook_step *s)
{
	if (cover_says(&(struct cover){ s->rule, s->about, s->most }))
		return true;
	log_error("%s",
	    tr("say what is to be silent: --rule CODE or --about WHAT (both: "
	       "what fits both)",
		"対象を --rule ルール番号 か --about 対象 "
		"で指定してください（両方なら両方に当てはまるもの）"));
	return false;
}

/* One that found something stands in the casebook, though it is no more. */
static bool
has_found(const struct casebook *book, const char *rule)
{
	size_t i;

	for (i = 0; i < book->n_findings; i++)
		if (cover_rule(rule, book->findings[i].rule))
			return true;
	return false;
}

/* A slip of the pen would silence nothing, and nobody would know. */
static bool
is_rule(const struct case_call *c, const char *rule)
{
	struct rules_pack pack;
	bool found = false, read;
	size_t i;

	if (*rule == '\0' || has_found(&c->book, rule))
		return true;
	read = rules_pack_open(&pack,
		   &(struct rules_call){ .site = c->s->dir }, NULL, 0) == 0;
	for (i = 0; read && i < pack.n; i++)
		found |= cover_rule(rule, pack.rule[i]->code);
	rules_pack_close(&pack);
	if (read && !found)
		log_error(tr("there is no rule '%s' (konseki rules list shows "
			     "them all)",
			      "ルール「%s」はありません（konseki rules list で"
			      "一覧）"),
		    rule);
	return found;
}

static bool
set_times(const struct case_call *c, struct casebook_step *s)
{
	s->from = utc_now() / UTC_SECOND * UTC_SECOND;
	if (c->until == NULL) {
		log_error("%s",
		    tr("a silence has an end: --until TIME",
			"通知停止の終わりを --until 日時 で指定してください"));
		return false;
	}
	if ((c->from != NULL && command_time(c->s, c->from, &s->from) != 0) ||
	    command_time(c->s, c->until, &s->until) != 0)
		return false;
	if (s->until > s->from &&
	    s->until - s->from <= c->s->escalation.silence_days * UTC_DAY)
		return true;
	log_error(tr("a silence ends after it begins, at most %u days later; "
		     "for longer write a row of exceptions.csv",
		      "通知停止は開始から%u日以内で指定してください。それより"
		      "長い場合は例外台帳（exceptions.csv）に記入します"),
	    c->s->escalation.silence_days);
	return false;
}

int
case_silence(const struct case_call *c)
{
	struct casebook_step s = { .kind = CASEBOOK_SILENCE,
		.group = "",
		.how = "command",
		.rule = c->rule == NULL ? "" : c->rule,
		.about = c->about == NULL ? "" : c->about,
		.most = c->critical ? CASEBOOK_CRITICAL : CASEBOOK_SERIOUS };

	return is_about(&s) && is_rule(c, s.rule) && set_times(c, &s) &&
		case_somebody(c) && case_reason(c)
	    ? case_enter(c, &s)
	    : 1;
}

int
case_unsilence(const struct case_call *c, const char *id)
{
	struct casebook_step s = { .kind = CASEBOOK_UNSILENCE,
		.group = "",
		.how = "command" };
	size_t i;

	for (i = 0; i < c->book.n_silences; i++)
		if (c->book.silences[i].ended == NULL &&
		    strcmp(c->book.silences[i].id, id) == 0)
			s.silence = c->book.silences[i].id;
	if (s.silence == NULL) {
		log_error(tr("no silence '%s' is kept; see 'konseki case "
			     "silences'",
			      "有効な通知停止「%s」はありません。konseki case "
			      "silences で確かめてください"),
		    id);
		return 1;
	}
	return case_somebody(c) && case_reason(c) ? case_enter(c, &s) : 1;
}

int
case_silences(const struct case_call *c)
{
	const int64_t now = utc_now();
	char from[UTC_TEXT], until[UTC_TEXT];
	size_t i;

	for (i = 0; i < c->book.n_silences; i++) {
		const struct casebook_silence *v = &c->book.silences[i];

		printf("%s  %s  %s - %s  %s  ", v->id,
		    v->ended != NULL ? tr("ended", "解除済")
			: casebook_silence_holds(v, now)
			? tr("in force", "有効")
			: tr("over", "終了"),
		    utc_print_local(v->made->from, c->s->zone, from),
		    utc_print_local(v->made->until, c->s->zone, until),
		    casebook_severity_name(v->made->most));
		case_put(v->made->rule);
		putchar(' ');
		case_put(v->made->about);
		printf(tr("  %zu finding(s)  ", "  %zu件  "), v->n);
		case_put(v->made->who);
		fputs(": ", stdout);
		case_put(v->made->text);
		putchar('\n');
	}
	if (c->book.n_silences == 0)
		puts(tr("no silences", "通知停止はありません"));
	return 0;
}
