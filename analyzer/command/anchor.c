/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki anchor sheet: a checkpoint for a file of paper. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/report/paper.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/site.h"

struct call {
	const char *site, *log, *output;
};

static int
options(int argc, char *argv[], struct call *c)
{
	static const struct option list[] = {
		{ "site", required_argument, NULL, 's' },
		{ "log", required_argument, NULL, 'g' },
		{ "output", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	optind = 1;
	while ((o = getopt_long(argc, argv, "", list, NULL)) != -1)
		switch (o) {
		case 's':
			c->site = optarg;
			break;
		case 'g':
			c->log = optarg;
			break;
		case 'o':
			c->output = optarg;
			break;
		default:
			return -1;
		}
	return optind == argc ? 0 : -1;
}

/* A file of the log's folder, or -1: it was said. */
static int
load(const char *dir, const char *name, size_t max, struct buf *out)
{
	char path[4096];

	if (io_join(path, sizeof(path), dir, name) == 0 &&
	    io_read_file(path, max, out) == 0)
		return 0;
	log_errno("%s/%s", dir, name);
	return -1;
}

/* log and note hold what p borrows. */
static int
paper_load(const char *dir, struct paper *p, struct logfile *log,
    struct checkpoint *c, struct buf *note)
{
	struct buf text;
	struct note n;
	unsigned line = 0;
	int rc = -1;

	buf_init(&text);
	if (load(dir, "log", LOGFILE_MAX, &text) != 0 ||
	    load(dir, "checkpoint", NOTE_MAX, note) != 0)
		;
	else if (logfile_parse(buf_view(&text), log, &line) != 0)
		log_error(tr("%s/log, line %u: not as the format says",
			      "%s/logの%u行目: 形式どおりではありません"),
		    dir, line);
	else if (checkpoint_read(buf_view(note), &n, c) != NOTE_OK ||
	    checkpoint_verify_log(&n, &log->key) != NOTE_OK)
		log_error(tr("%s/checkpoint is not signed by this log: nothing "
			     "is printed; run 'konseki verify'",
			      "%s/"
			      "checkpointにこのログの署名がないため、印刷しま"
			      "せん。konseki verifyで確認してください"),
		    dir);
	else {
		p->log = log;
		p->checkpoint = c;
		rc = 0;
	}
	buf_fini(&text);
	return rc;
}

static int
page_write(const struct paper *p, const char *dir, const char *name)
{
	char path[4096];
	struct buf page;
	int n, rc = -1;

	buf_init(&page);
	n = snprintf(path, sizeof(path), "%s/anchor-%s-%012" PRIu64 ".html",
	    dir, name, p->checkpoint->size);
	if (n < 0 || (size_t)n >= sizeof(path))
		errno = ENAMETOOLONG;
	else if (paper_html(p, &page) == 0 && io_mkdirs(dir, 0750) == 0 &&
	    io_replace_at(AT_FDCWD, path, 0640, buf_view(&page)) == 0) {
		puts(path);
		rc = 0;
	}
	if (rc != 0)
		log_errno(tr("cannot write a report to %s",
			      "報告書を %s に書けません"),
		    dir);
	buf_fini(&page);
	return rc;
}

static int
sheet(const struct call *c)
{
	struct paper p = { .made = utc_now() };
	struct site *site = NULL;
	struct checkpoint checkpoint;
	struct logfile log;
	struct buf note;
	const struct site_log *l = command_log(c->site, c->log, &site);
	int rc = -1;

	if (l == NULL)
		return 1;
	p.site = site->name;
	p.zone = site->zone;
	buf_init(&note);
	if (paper_load(l->dir, &p, &log, &checkpoint, &note) == 0)
		rc = page_write(&p,
		    c->output == NULL ? site->reports : c->output, l->ref);
	buf_fini(&note);
	site_free(site);
	return rc == 0 ? 0 : 1;
}

int
command_anchor(int argc, char *argv[])
{
	struct call c = { 0 };

	if (argc >= 2 && strcmp(argv[1], "sheet") == 0 &&
	    options(argc - 1, argv + 1, &c) == 0)
		return sheet(&c);
	return command_usage("anchor",
	    "sheet [--site DIR] [--log NAME] [--output DIR]");
}
