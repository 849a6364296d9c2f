/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/casebook.h"
#include "analyzer/case/contacts.h"
#include "analyzer/case/submit.h"
#include "analyzer/command/command.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"
#include "site/site.h"

/* konseki case: see what was found, take it, judge it. */
#define NAME_BYTES 200u /* of a person's name: as a cell of contacts.yml */

struct call {
	const char *site, *by, *name, *comment;
	struct site *s;
	struct arena *arena;
	struct casebook book;
};

static int
usage(void)
{
	return command_usage("case",
	    "[--site DIR]\n"
	    "    list\n"
	    "  | show ID\n"
	    "  | ack ID (--by ID | --name NAME) [--comment TEXT]\n"
	    "  | judge ID normal|check|incident (--by ID | --name NAME) "
	    "--comment TEXT");
}

static void
put(const char *s)
{
	struct buf out;

	buf_init(&out);
	text_escape(span_str(s), &out);
	fputs(buf_cstr(&out), stdout);
	buf_fini(&out);
}

static const char *
state(const struct casebook_group *g)
{
	if (g->judged != NULL) {
		if (strcmp(g->judged->how, "normal") == 0)
			return tr("judged normal", "判定済（正常）");
		if (strcmp(g->judged->how, "check") == 0)
			return tr("to be confirmed", "要確認");
		return tr("incident", "事案");
	}
	return g->acked != NULL ? tr("taken", "対応中") : tr("open", "未対応");
}

static void
row(const struct call *c, const struct casebook_group *g)
{
	const struct casebook_finding *f = casebook_worst(&c->book, g);
	char when[UTC_TEXT];

	printf("%s  %s  %s  %s  %s", g->id,
	    utc_print_local(g->first, c->s->zone, when),
	    casebook_severity_name(g->severity), state(g),
	    f->replay ? tr("[sample] ", "【見本】") : "");
	put(tr(f->title_en, f->title_ja));
	if (g->n_findings > 1)
		printf(tr(" (+%zu)", "（ほか%zu件）"), g->n_findings - 1);
	putchar('\n');
}

static int
list(const struct call *c)
{
	size_t i;

	for (i = 0; i < c->book.n_groups; i++)
		row(c, &c->book.groups[i]);
	if (c->book.n_groups == 0)
		puts(tr("no cases", "事案はありません"));
	if (c->book.unreadable > 0)
		log_warn(tr("%" PRIu64 " records of the casebook are not "
			    "understood",
			     "事案簿に解釈できない記録が %" PRIu64
			     " 件あります"),
		    c->book.unreadable);
	return 0;
}

static void
show_finding(const struct call *c, const struct casebook_finding *f)
{
	char when[UTC_TEXT];
	size_t i;

	printf("\n%s  %s  [%s]  ", utc_print_local(f->first, c->s->zone, when),
	    casebook_severity_name(f->severity), f->rule);
	put(tr(f->title_en, f->title_ja));
	printf("\n    ");
	put(tr(f->what_en, f->what_ja));
	printf("\n    ");
	put(tr(f->why_en, f->why_ja));
	printf("\n    ");
	put(tr(f->todo_en, f->todo_ja));
	putchar('\n');
	for (i = 0; i < f->n_entities; i++) {
		printf("    %s ", f->entities[i].kind);
		put(f->entities[i].value);
		putchar(' ');
		put(f->entities[i].label);
		putchar('\n');
	}
	for (i = 0; i < f->n_numbers; i++) {
		printf("    %s %s = ", f->numbers[i].layer, f->numbers[i].name);
		put(f->numbers[i].text);
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
show_step(const struct call *c, const struct casebook_step *s)
{
	static const char *const en[] = { "told", "taken by", "judged by",
		"review", "report" };
	static const char *const ja[] = { "連絡", "引受", "判定", "確認票",
		"報告書" };
	char when[UTC_TEXT];

	printf("%s  %s ", utc_print_local(s->at, c->s->zone, when),
	    tr(en[s->kind], ja[s->kind]));
	put(s->who);
	if (s->outside)
		fputs(tr(" (outside the tree)", "（連絡網外）"), stdout);
	printf(" (%s%s) ", s->how,
	    s->kind == CASEBOOK_SENT && !s->ok ? tr(", failed", "・失敗") : "");
	put(s->text);
	printf(tr("  casebook #%" PRIu64 ", uid %u\n",
		   "  事案簿 #%" PRIu64 "・uid %u\n"),
	    s->index, s->uid);
}

static int
show(const struct call *c, const struct casebook_group *g)
{
	size_t i;

	row(c, g);
	for (i = 0; i < g->n_findings; i++)
		show_finding(c, &c->book.findings[g->findings[i]]);
	putchar('\n');
	for (i = 0; i < c->book.n_steps; i++)
		if (strcmp(c->book.steps[i].group, g->id) == 0)
			show_step(c, &c->book.steps[i]);
	return 0;
}

static int
step(const struct call *c, const struct casebook_group *g,
    enum casebook_step_kind kind, const char *how)
{
	struct casebook_step s = { .kind = kind,
		.group = g->id,
		.who = c->name != NULL ? c->name : c->by,
		.outside = c->name != NULL,
		.how = how,
		.text = c->comment == NULL ? "" : c->comment,
		.ok = true };
	struct submit *submit;
	struct buf why;
	uint64_t first;
	int rc = 1;

	buf_init(&why);
	submit = submit_open(c->s, "konseki-case", &why);
	if (submit != NULL && submit_step(submit, &s, &why) == 0 &&
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

static bool
load_contacts(const struct call *c, struct contacts *contacts)
{
	struct yaml_error err;

	if (contacts_load(c->s->analyzer.contacts, c->s->escalation.answer_min,
		c->arena, contacts, &err) == 0)
		return true;
	yaml_report(&err);
	return false;
}

static bool
is_known(const struct call *c)
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
is_name(const struct call *c)
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

static int
with_group(const struct call *c, int argc, char *argv[])
{
	const struct casebook_group *g = casebook_group(&c->book, argv[1]);

	if (g == NULL) {
		log_error(tr("no case, or more than one, begins with '%s'; "
			     "see 'konseki case list'",
			      "「%"
			      "s」で始まる事案がないか、複数あります。konseki "
			      "case list で確かめてください"),
		    argv[1]);
		return 1;
	}
	if (strcmp(argv[0], "show") == 0 && argc == 2)
		return show(c, g);
	if ((c->by == NULL) == (c->name == NULL))
		return usage();
	/* An acknowledgement ends the calls: whose it is must be clear. */
	if (c->by != NULL ? !is_known(c) : !is_name(c))
		return 1;
	if (strcmp(argv[0], "ack") == 0 && argc == 2)
		return step(c, g, CASEBOOK_ACK, "command");
	if (strcmp(argv[0], "judge") == 0 && argc == 3 && c->comment != NULL &&
	    (strcmp(argv[2], "normal") == 0 || strcmp(argv[2], "check") == 0 ||
		strcmp(argv[2], "incident") == 0))
		return step(c, g, CASEBOOK_JUDGE, argv[2]);
	return usage();
}

static int
run(struct call *c, int argc, char *argv[])
{
	struct buf why;
	int rc;

	buf_init(&why);
	if (command_casebook(c->s, c->arena, &c->book, &why) != 0) {
		log_error("%s", buf_cstr(&why));
		rc = 1;
	} else if (strcmp(argv[0], "list") == 0 && argc == 1) {
		rc = list(c);
	} else if (argc >= 2) {
		rc = with_group(c, argc, argv);
	} else {
		rc = usage();
	}
	buf_fini(&why);
	return rc;
}

int
command_case(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "by", required_argument, NULL, 'b' },
		{ "name", required_argument, NULL, 'n' },
		{ "comment", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct call c = { 0 };
	int o, rc = 1;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 's')
			c.site = optarg;
		else if (o == 'b')
			c.by = optarg;
		else if (o == 'n')
			c.name = optarg;
		else if (o == 'c')
			c.comment = optarg;
		else
			return usage();
	}
	if (optind == argc)
		return usage();
	c.s = command_site(c.site);
	if (c.s == NULL)
		return 1;
	c.arena = arena_new();
	rc = run(&c, argc - optind, argv + optind);
	arena_free(c.arena);
	site_free(c.s);
	return rc;
}
