/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/ledgers.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"

#define ROWS 10
#define ROWS_MAX 100000

static const struct sub {
	const char *name;
	int (*run)(struct ledgers_call *c);
	const char *operands, *en, *ja;
} subs[] = {
#define SUB(name, operands, en, ja) { #name, ledgers_##name, operands, en, ja },
#include "analyzer/command/ledgers_tbl.h"
#undef SUB
};

#define SUBS (sizeof(subs) / sizeof(subs[0]))

static int
usage(FILE *out, int status)
{
	size_t i;

	fputs(tr("usage: konseki ledgers WORD [ARGUMENT...]\n\n",
		  "使い方: konseki ledgers 語 [引数...]\n\n"),
	    out);
	for (i = 0; i < SUBS; i++)
		fprintf(out, "  %-10s%-12s %s\n", subs[i].name,
		    subs[i].operands, tr(subs[i].en, subs[i].ja));
	fputs(tr("\n"
		 "  --site DIR     the site to work on\n"
		 "  --as LEDGER    which one the file is: devices, accounts, "
		 "people ...\n"
		 "  --rows N       show so many rows of each (10)\n"
		 "  --html         a page for A4 instead of text\n"
		 "  --output DIR   where files are written (the site's "
		 "reports)\n",
		  "\n"
		  "  --site DIR     対象の施設フォルダー\n"
		  "  --as 台帳      ファイルの台帳名（devices、accounts、"
		  "peopleなど）\n"
		  "  --rows N       台帳ごとに表示する行数（10）\n"
		  "  --html         テキストでなくA4のページを作る\n"
		  "  --output DIR   出力先フォルダー（施設のreports）\n"),
	    out);
	return status;
}

int
ledgers_write(const struct ledgers_call *c, const struct site *site,
    const char *name, const struct buf *page)
{
	const char *dir = c->output != NULL ? c->output
	    : site != NULL		    ? site->reports
					    : ".";
	char path[4096];

	if (io_join(path, sizeof(path), dir, name) == 0 &&
	    io_mkdirs(dir, 0750) == 0 &&
	    io_replace_at(AT_FDCWD, path, 0640, buf_view(page)) == 0) {
		puts(path);
		return 0;
	}
	log_errno(tr("cannot write %s in %s", "%s を %s に書けません"), name,
	    dir);
	return -1;
}

enum { OPT_SITE = 1, OPT_AS, OPT_ROWS, OPT_HTML, OPT_OUTPUT, OPT_HELP };

static const struct option options[] = {
	{ "site", required_argument, NULL, OPT_SITE },
	{ "as", required_argument, NULL, OPT_AS },
	{ "rows", required_argument, NULL, OPT_ROWS },
	{ "html", no_argument, NULL, OPT_HTML },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int
option(struct ledgers_call *c, int opt)
{
	uint64_t n;

	switch (opt) {
	case OPT_SITE:
		c->site = optarg;
		return 0;
	case OPT_AS:
		c->as = optarg;
		return 0;
	case OPT_ROWS:
		if (num_parse(span_str(optarg), ROWS_MAX, &n) != 0)
			return -1;
		c->rows = (size_t)n;
		return 0;
	case OPT_HTML:
		c->html = true;
		return 0;
	case OPT_OUTPUT:
		c->output = optarg;
		return 0;
	default:
		return -1;
	}
}

int
command_ledgers(int argc, char *argv[])
{
	struct ledgers_call c = { .rows = ROWS };
	size_t i;
	int opt, status;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == OPT_HELP)
			return usage(stdout, 0);
		if (option(&c, opt) != 0)
			return usage(stderr, 2);
	}
	if (optind == argc)
		return usage(stderr, 2);
	c.arg = argv + optind + 1;
	c.narg = (size_t)(argc - optind) - 1;
	for (i = 0; i < SUBS; i++) {
		if (strcmp(argv[optind], subs[i].name) != 0)
			continue;
		status = subs[i].run(&c);
		return status == 2 ? usage(stderr, 2) : status;
	}
	return usage(stderr, 2);
}
