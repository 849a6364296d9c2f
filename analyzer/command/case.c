/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <string.h>

#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "common/log.h"

/* konseki case: see what was found, take it, judge it, keep it quiet. */

static int
usage(void)
{
	return command_usage("case",
	    "[--site DIR]\n"
	    "    list\n"
	    "  | show ID\n"
	    "  | ack ID WHO [--comment TEXT]\n"
	    "  | ack --code CODE [--comment TEXT] | ack --reply <ANSWER\n"
	    "  | judge ID normal|check|incident WHO --comment TEXT\n"
	    "  | note ID [--at TIME] [--decision] WHO --comment TEXT\n"
	    "  | aware ID --at TIME WHO\n"
	    "  | deadlines ID\n"
	    "  | done ID DEADLINE [--at TIME] WHO --comment TEXT\n"
	    "  | silence [--rule CODE] [--about WHAT] [--from TIME] --until "
	    "TIME\n"
	    "        [--critical] WHO --comment TEXT\n"
	    "  | unsilence ID WHO --comment TEXT\n"
	    "  | silences | quiet | exceptions\n"
	    "  | report --sign SIGN --name NAME [--place PLACE] [--about "
	    "COMPUTER]\n"
	    "        [--at TIME] [--comment TEXT] [--scope TEXT]\n"
	    "  | preserve ID [--from TIME] [--output DIR] WHO\n"
	    "  | night ID [--output DIR] | form [--output DIR]\n"
	    "  WHO: --by ID | --name NAME");
}

/* A finding by its id or a beginning of more than a case's eight digits. */
static const struct casebook_finding *
one_finding(const struct casebook *book, const char *id)
{
	const struct casebook_finding *found = NULL;
	size_t i, len = strlen(id);

	if (len <= 8)
		return NULL;
	for (i = 0; i < book->n_findings; i++) {
		if (strncmp(book->findings[i].id, id, len) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = &book->findings[i];
	}
	return found;
}

static const struct {
	const char *name;
	int (*run)(const struct case_call *c, const struct casebook_group *g);
} of_case[] = {
	{ "show", case_show },
	{ "ack", case_ack },
	{ "note", case_note },
	{ "aware", case_aware },
	{ "deadlines", case_deadlines },
	{ "night", case_night },
	{ "preserve", case_preserve },
};

static int
with_id(const struct case_call *c, int argc, char *argv[])
{
	const struct casebook_finding *f = one_finding(&c->book, argv[1]);
	const struct casebook_group *g =
	    casebook_group(&c->book, f != NULL ? f->group : argv[1]);
	bool judge = strcmp(argv[0], "judge") == 0 && argc == 3 &&
	    (strcmp(argv[2], "normal") == 0 || strcmp(argv[2], "check") == 0 ||
		strcmp(argv[2], "incident") == 0);
	size_t i;

	if (f != NULL && strcmp(argv[0], "show") == 0 && argc == 2)
		return case_show_one(c, f);
	if (g == NULL) {
		log_error(tr("no case, or more than one, begins with '%s'; "
			     "see 'konseki case list'",
			      "「%"
			      "s」で始まる事案がないか、複数あります。konseki "
			      "case list で確かめてください"),
		    argv[1]);
		return 1;
	}
	if (strcmp(argv[0], "done") == 0 && argc == 3)
		return case_done(c, g, argv[2]);
	for (i = 0; i < sizeof(of_case) / sizeof(of_case[0]) && argc == 2; i++)
		if (strcmp(argv[0], of_case[i].name) == 0)
			return of_case[i].run(c, g);
	return judge ? case_judge(c, g, f, argv[2]) : usage();
}

static const struct {
	const char *name;
	int (*run)(const struct case_call *c);
} alone[] = {
	{ "list", case_list },
	{ "silence", case_silence },
	{ "silences", case_silences },
	{ "quiet", case_quiet },
	{ "exceptions", case_exceptions },
	{ "report", case_report },
	{ "form", case_form },
};

static int
run(struct case_call *c, int argc, char *argv[])
{
	struct buf why;
	size_t i;
	int rc = -1;

	buf_init(&why);
	if (command_casebook(c->s, c->arena, &c->book, &why) != 0) {
		log_error("%s", buf_cstr(&why));
		rc = 1;
	}
	for (i = 0; rc == -1 && i < sizeof(alone) / sizeof(alone[0]); i++)
		if (strcmp(argv[0], alone[i].name) == 0 && argc == 1)
			rc = alone[i].run(c);
	if (rc == -1 && strcmp(argv[0], "ack") == 0 && argc == 1 &&
	    (c->code != NULL) != c->reply)
		rc = case_ack_code(c);
	if (rc == -1 && strcmp(argv[0], "unsilence") == 0 && argc == 2)
		rc = case_unsilence(c, argv[1]);
	if (rc == -1)
		rc = argc >= 2 ? with_id(c, argc, argv) : usage();
	buf_fini(&why);
	return rc;
}

/* Where the value of an option goes; NULL for one without. */
static const char **
place(struct case_call *c, int o)
{
	switch (o) {
	case 's':
		return &c->site;
	case 'b':
		return &c->by;
	case 'n':
		return &c->name;
	case 'c':
		return &c->comment;
	case 'r':
		return &c->rule;
	case 'a':
		return &c->about;
	case 'f':
		return &c->from;
	case 'u':
		return &c->until;
	case 'i':
		return &c->sign;
	case 'p':
		return &c->place;
	case 't':
		return &c->at;
	case 'k':
		return &c->code;
	case 'e':
		return &c->scope;
	case 'o':
		return &c->output;
	}
	return NULL;
}

int
command_case(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "by", required_argument, NULL, 'b' },
		{ "name", required_argument, NULL, 'n' },
		{ "comment", required_argument, NULL, 'c' },
		{ "rule", required_argument, NULL, 'r' },
		{ "about", required_argument, NULL, 'a' },
		{ "from", required_argument, NULL, 'f' },
		{ "until", required_argument, NULL, 'u' },
		{ "critical", no_argument, NULL, 'g' },
		{ "sign", required_argument, NULL, 'i' },
		{ "place", required_argument, NULL, 'p' },
		{ "at", required_argument, NULL, 't' },
		{ "decision", no_argument, NULL, 'd' },
		{ "code", required_argument, NULL, 'k' },
		{ "scope", required_argument, NULL, 'e' },
		{ "output", required_argument, NULL, 'o' },
		{ "reply", no_argument, NULL, 'y' },
		{ NULL, 0, NULL, 0 },
	};
	struct case_call c = { .program = "konseki-case" };
	int o, rc = 1;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'g')
			c.critical = true;
		else if (o == 'd')
			c.decision = true;
		else if (o == 'y')
			c.reply = true;
		else if (place(&c, o) == NULL)
			return usage();
		else
			*place(&c, o) = optarg;
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
