/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/contacts.h"
#include "analyzer/case/lint.h"
#include "analyzer/case/outside.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/office.h"
#include "analyzer/command/pageout.h"
#include "analyzer/report/callsheet.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * konseki contacts: what the tree lacks, the call sheet on paper, and a table
 * of contacts as rows of contacts.yml.  It needs no log and no collector.
 */
#define FILE_BYTES (16u << 20)
#define OUTSIDE "data/outside.csv"

struct call {
	const char *site, *lang, *output;
};

static int
usage(void)
{
	return command_usage("contacts",
	    "check [--site DIR]\n"
	    "  | sheet [--site DIR] [--lang en|ja] [--output DIR]\n"
	    "  | import TABLE");
}

static void
say(const struct problems *ps)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < ps->n; i++) {
		line.len = 0;
		problem_print(&ps->v[i], &line);
		log_error("%s", buf_cstr(&line));
	}
	buf_fini(&line);
}

/* A table of contacts.  0, or -1 (said). */
static int
load_table(const char *path, const char *name, struct arena *arena,
    struct contacts_outside **v, size_t *n)
{
	struct problems ps;
	struct buf b;
	int rc = -1;

	problems_init(&ps);
	buf_init(&b);
	if (io_read_file(path, FILE_BYTES, &b) != 0)
		log_errno(tr("cannot read %s", "%s を読めません"), path);
	else
		rc = outside_parse(buf_view(&b), name, arena, &ps, v, n);
	say(&ps);
	buf_fini(&b);
	problems_fini(&ps);
	return rc;
}

static int
import(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct arena *arena = arena_new();
	struct contacts_outside *v;
	struct buf out;
	size_t n, blank;
	int rc = 1;

	buf_init(&out);
	if (load_table(path, slash == NULL ? path : slash + 1, arena, &v, &n) ==
	    0) {
		blank = outside_print(v, n, &out);
		fputs(buf_cstr(&out), stdout);
		if (blank > 0)
			log_warn(tr("%zu of %zu rows are not filled in",
				     "%zu件が未記入です（全%zu件）"),
			    blank, n);
		rc = 0;
	}
	buf_fini(&out);
	arena_free(arena);
	return rc;
}

static int
check(const struct site *site, const struct contacts *c)
{
	struct buf out;
	size_t n;

	buf_init(&out);
	n = contacts_lint(c, site, office_day(site, utc_now()), &out);
	fputs(buf_cstr(&out), stdout);
	printf(tr("%zu thing(s) to mend in %s\n",
		   "要確認 %zu件（%s）\n"),
	    n, site->analyzer.contacts);
	buf_fini(&out);
	return n == 0 ? 0 : 1;
}

static int
sheet(const struct call *call, const struct site *site,
    const struct contacts *c, struct arena *arena)
{
	struct callsheet s = { .site = site->name,
		.contacts = c,
		.made = utc_now(),
		.zone = site->zone,
		.drill = site->drill };
	struct contacts_outside *known = NULL;
	uint8_t hash[SHA256_LEN];
	struct buf b, page;
	char path[4096];
	int rc = 1;

	buf_init(&b);
	buf_init(&page);
	command_page_lang(site, call->lang);
	s.lang = log_lang();
	if (io_join(path, sizeof(path), events_rules(site), OUTSIDE) == 0)
		(void)load_table(path, OUTSIDE, arena, &known, &s.n_known);
	s.known = known;
	if (io_read_file(site->analyzer.contacts, FILE_BYTES, &b) == 0) {
		sha256(buf_view(&b), hash);
		s.hash = hash;
		callsheet_html(&s, &page);
		rc = pageout_write(site, call->output, "call-sheet",
			 buf_view(&page)) != 0;
	} else {
		log_errno(tr("cannot read %s", "%s を読めません"),
		    site->analyzer.contacts);
	}
	buf_fini(&b);
	buf_fini(&page);
	return rc;
}

static int
with_site(const struct call *call, const char *what)
{
	struct site *site = command_site(call->site);
	struct arena *arena;
	struct contacts c;
	struct yaml_error err;
	int rc = 1;

	if (site == NULL)
		return 1;
	arena = arena_new();
	if (contacts_load(site->analyzer.contacts, site->escalation.answer_min,
		arena, &c, &err) != 0)
		yaml_report(&err);
	else
		rc = strcmp(what, "check") == 0
		    ? check(site, &c)
		    : sheet(call, site, &c, arena);
	arena_free(arena);
	site_free(site);
	return rc;
}

int
command_contacts(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "lang", required_argument, NULL, 'l' },
		{ "output", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	struct call call = { NULL, NULL, NULL };
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (o) {
		case 's':
			call.site = optarg;
			break;
		case 'l':
			if (!log_is_lang(optarg))
				return usage();
			call.lang = optarg;
			break;
		case 'o':
			call.output = optarg;
			break;
		default:
			return usage();
		}
	argc -= optind;
	argv += optind;
	if (argc == 2 && strcmp(argv[0], "import") == 0)
		return import(argv[1]);
	if (argc == 1 &&
	    (strcmp(argv[0], "check") == 0 || strcmp(argv[0], "sheet") == 0))
		return with_site(&call, argv[0]);
	return usage();
}
