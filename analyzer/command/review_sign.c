/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/review_sign.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/weeks.h"
#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "common/find.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * konseki review --sign, --approve: who reviewed a weekly sheet, in the
 * casebook.  What was signed is named by the sheet's hash, so it must be
 * there; a week that asked to look at something is not signed without a word.
 */
#define SHEET_BYTES (16u << 20)

struct signing {
	struct case_call call;
	const char *number;  /* WR-2026-11-16 */
	const char *sheet;   /* file, or NULL: of the site's reports */
	bool approve;
	int64_t from;
	char hash[2 * SHA256_LEN + 1];
};

static int
usage(void)
{
	return command_usage("review", REVIEW_SIGN_USAGE);
}

static int
parse(int argc, char *argv[], struct signing *g)
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "sign", required_argument, NULL, 'i' },
		{ "approve", required_argument, NULL, 'p' },
		{ "by", required_argument, NULL, 'b' },
		{ "name", required_argument, NULL, 'n' },
		{ "comment", required_argument, NULL, 'c' },
		{ "sheet", required_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int o;

	optind = 1;
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		const char **value = o == 's' ? &g->call.site
		    : o == 'b'		      ? &g->call.by
		    : o == 'n'		      ? &g->call.name
		    : o == 'c'		      ? &g->call.comment
		    : o == 'h'		      ? &g->sheet
		    : o == 'i' || o == 'p'    ? &g->number
					      : NULL;

		if (value == NULL || *value != NULL)
			return -1;
		*value = optarg;
		g->approve |= o == 'p';
	}
	return optind == argc && g->number != NULL ? 0 : -1;
}

static bool
is_over(struct signing *g)
{
	if (!weeks_number_parse(span_str(g->number), g->call.s->zone,
		&g->from)) {
		log_error(tr("'%s' is no number of a weekly sheet; it is "
			     "printed on it: WR-YYYY-MM-DD, a Monday",
			      "「%s」は週次確認票の文書番号ではありません。票に"
			      "印刷された WR-年-月-日（月曜日）を指定してくださ"
			      "い"),
		    g->number);
		return false;
	}
	if (g->from + 7 * UTC_DAY <= utc_now())
		return true;
	log_error(tr("the week of %s is not over",
		      "%s の週はまだ終わっていません"),
	    g->number);
	return false;
}

/* ---- the sheet ---- */

static int
read_sheet(const struct signing *g, struct buf *bytes, char *path, size_t size)
{
	static const char *const langs[] = { "ja", "en" };
	size_t i, first = g->call.s->language == SITE_LANGUAGE_JA ? 0 : 1;
	char name[64];

	if (g->sheet != NULL) {
		snprintf(path, size, "%s", g->sheet);
		return io_read_file(g->sheet, SHEET_BYTES, bytes);
	}
	for (i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "review-%s-%s.html",
		    g->number + 3, langs[(first + i) % 2]);
		if (io_join(path, size, g->call.s->reports, name) == 0 &&
		    io_read_file(path, SHEET_BYTES, bytes) == 0)
			return 0;
	}
	return -1;
}

static bool
has_sheet(struct signing *g)
{
	uint8_t digest[SHA256_LEN];
	char path[4096];
	struct buf bytes;
	bool good;

	buf_init(&bytes);
	good = read_sheet(g, &bytes, path, sizeof(path)) == 0;
	if (!good)
		log_error(tr("there is no sheet of that week to sign: write it "
			     "first (konseki review --week %s), or name it "
			     "with --sheet FILE",
			      "署名する確認票がありません。先に konseki review "
			      "--week %s で作成するか、--sheet ファイル "
			      "で指定してください"),
		    g->number + 3);
	else if (find_part(buf_view(&bytes), span_str(g->number)) == NULL) {
		log_error(tr("%s is not the sheet %s",
			      "%s は確認票 %s ではありません"),
		    path, g->number);
		good = false;
	}
	sha256(buf_view(&bytes), digest);
	hex_print(digest, sizeof(digest), g->hash);
	g->hash[2 * SHA256_LEN] = '\0';
	buf_fini(&bytes);
	return good;
}

/* ---- what stands in the casebook ---- */

static size_t
items(const struct signing *g)
{
	const struct casebook *book = &g->call.book;
	size_t i, n = 0;

	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		n += !f->withdrawn && f->quiet == CASEBOOK_HEARD &&
		    f->until > g->from && f->first < g->from + 7 * UTC_DAY;
	}
	return n;
}

static bool
is_reviewed(const struct signing *g)
{
	const struct weeks_week *w;
	struct weeks weeks;

	weeks_build(&g->call.book, g->call.s->zone, utc_now(), 0,
	    g->call.arena, &weeks);
	w = weeks_of(&weeks, g->from);
	if (w != NULL && w->reviewed != NULL)
		return true;
	log_error(tr("nobody has signed %s yet: --sign first, then --approve",
		      "%s はまだ点検者の署名がありません。先に --sign "
		      "で登録してください"),
	    g->number);
	return false;
}

static int
sign(struct signing *g)
{
	const size_t n = items(g);
	struct casebook_step s = { .kind = CASEBOOK_REVIEW,
		.group = "",
		.how = g->approve ? "approved" : "reviewed",
		.from = g->from,
		.until = g->from + 7 * UTC_DAY,
		.items = n,
		.sheet = g->hash };

	if (!case_somebody(&g->call) || !has_sheet(g) ||
	    (g->approve && !is_reviewed(g)))
		return 1;
	if (n > 0 && !g->approve) {
		log_info(tr("the week has %zu finding(s) to look at",
			     "この週には確認すべき検出が %zu 件あります"),
		    n);
		if (!case_reason(&g->call))
			return 1;
	}
	return case_enter(&g->call, &s);
}

bool
review_signs(int argc, char *argv[])
{
	int i;

	for (i = 1; i < argc; i++)
		if (strncmp(argv[i], "--sign", 6) == 0 ||
		    strncmp(argv[i], "--approve", 9) == 0)
			return true;
	return false;
}

int
review_sign(int argc, char *argv[])
{
	struct signing g = { .call = { .program = "konseki-review" } };
	struct buf why;
	int rc = 1;

	if (parse(argc, argv, &g) != 0)
		return usage();
	g.call.s = command_site(g.call.site);
	if (g.call.s == NULL)
		return 1;
	g.call.arena = arena_new();
	buf_init(&why);
	if (command_casebook(g.call.s, g.call.arena, &g.call.book, &why) != 0)
		log_error("%s", buf_cstr(&why));
	else if (is_over(&g))
		rc = sign(&g);
	buf_fini(&why);
	arena_free(g.call.arena);
	site_free(g.call.s);
	return rc;
}
