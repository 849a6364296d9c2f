/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/find_where.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/command/folder.h"
#include "analyzer/command/holdings.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/predecessor.h"
#include "site/succession.h"
#include "verify/verify.h"

static bool
has(const char *dir, const char *name)
{
	char path[4096];

	return io_join(path, sizeof(path), dir, name) == 0 &&
	    access(path, F_OK) == 0;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* --log names a folder, not a log of the site. */
static bool
names_folder(const struct find *f)
{
	return f->log != NULL &&
	    (strchr(f->log, '/') != NULL || is_folder(f->log));
}

int
find_where_open(struct find *f)
{
	const struct site_log *of;

	if (!names_folder(f) || f->site_dir != NULL)
		f->site = command_site(f->site_dir);
	else if (folder_find(NULL, f->log, &f->site, &of) != 0)
		return -1;
	if (f->site != NULL)
		f->zone = f->site->zone;
	return f->site == NULL && !names_folder(f) ? -1 : 0;
}

static void
on_hit(void *cookie, const struct hunt_hit *h)
{
	struct find *f = cookie;

	if (!f->index_only)
		find_out_hit(f, h);
}

static void
on_progress(void *cookie, uint64_t done, uint64_t all)
{
	(void)cookie;
	log_progress(tr("searching", "調査しています"), done >> 20, all >> 20);
}

static void
say(const struct hunt *h)
{
	if (h->wrong > 0)
		log_warn(tr("%s: %" PRIu64 " indexes did not fit their "
			    "segments and were made again",
			     "%s: セグメントと合わない索引が%" PRIu64 "個あり、"
			     "作り直しました"),
		    h->origin, h->wrong);
	if (h->unkept.len > 0) {
		struct buf why = h->unkept;

		log_warn(tr("indexes could not be kept, and the next search "
			    "will read everything again: %s",
			     "索引を保存できないため、次の調査でも全部を読みま"
			     "す: %s"),
		    buf_cstr(&why));
	}
	if (h->hits > h->shown)
		log_warn(tr("%" PRIu64 " more hits are not shown (--limit)",
			     "表示していない該当がほかに%" PRIu64 "件あります"
			     "（--limit）"),
		    h->hits - h->shown);
}

static void
search_log(struct find *f, const char *dir, bool part, const char *proof)
{
	struct hunt_options o = { .dir = dir,
		.cache = f->indexed ? f->site->cache : NULL,
		.matcher = f->matcher,
		.from = f->index_only ? 0 : f->since,
		.until = f->index_only ? UINT64_MAX : f->until,
		.jobs = f->jobs,
		.full = f->full,
		.part = part,
		.limit = f->limit,
		.hit = on_hit,
		.progress = on_progress,
		.cookie = f };
	struct hunt h;

	hunt_init(&h);
	(void)hunt_run(&o, &h); /* why it could not: in h */
	log_progress_end();
	f->limit -= h.shown;
	if (h.why.len > 0)
		log_error("%s: %s", dir, buf_cstr(&h.why));
	say(&h);
	find_record_log(f, &h, proof);
	hunt_fini(&h);
}

/* ---- a package ---- */

/* Its files, before what is in them is believed. */
static void
search_package(struct find *f, const char *dir)
{
	struct verify_options opt = { .dir = dir, .jobs = f->jobs };
	struct verify_result *r;
	char log[4096];
	size_t i;

	r = arena_alloc(f->arena, sizeof(*r));
	verify_set_lang(log_lang() == LOG_JA ? "ja" : "en");
	verify_log(&opt, r);
	if (r->verdict != VERIFY_INTACT) {
		log_error("%s: %s", dir, r->bad_what);
		find_record_undecided(f, dir, r->bad_what);
		return;
	}
	if (strcmp(r->package, "whole") != 0 ||
	    io_join(log, sizeof(log), dir, "data/log") != 0) {
		find_record_undecided(f, dir,
		    tr("an excerpt shows only some records: search the log it "
		       "was made of",
			"抜粋のパッケージには一部の記録しかありません。元のログ"
			"を調査してください"));
		log_error("%s", f->search.reason);
		return;
	}
	for (i = 0; i < r->n_deleted; i++)
		find_record_deleted(f, r->origin, r->deleted[i].first,
		    r->deleted[i].last);
	f->search.where = arena_printf(f->arena,
	    tr("%s, a package of records %" PRIu64 " to %" PRIu64,
		"%s（記録%" PRIu64 "〜%" PRIu64 "のパッケージ）"),
	    dir, r->first, r->last);
	search_log(f, log, true, "package");
}

/* ---- logs of a site ---- */

/* One that was removed at the end of its retention is said, not searched. */
static void
gone(struct find *f, const struct site_log *log)
{
	struct holdings h;
	struct buf why;

	buf_init(&why);
	(void)holdings_load(&h, f->site, log, (uint64_t)utc_now(), &why);
	if (h.removal != NULL)
		find_record_deleted(f, log->origin, 0,
		    h.removal->act.size > 0 ? h.removal->act.size - 1 : 0);
	else
		find_record_undecided(f, log->ref,
		    tr("this log is not here, and no record says that it was "
		       "removed",
			"このログがなく、削除の記録もありません"));
	holdings_free(&h);
	buf_fini(&why);
}

static void
search_generation(struct find *f, const struct site_log *log)
{
	if (log->over && !has(log->dir, "checkpoint"))
		gone(f, log);
	else
		search_log(f, log->dir, false, "chain");
}

static void
search_generations(struct find *f, const struct site_log *newest)
{
	const struct site_log *log;
	unsigned n;

	for (n = 1; n <= newest->generation; n++)
		if ((log = succession_generation(f->site, newest, n)) != NULL)
			search_generation(f, log);
}

static void
search_named(struct find *f)
{
	const struct site_log *log = command_site_log(f->site, f->log);

	if (log == NULL)
		find_record_undecided(f, f->log,
		    tr("there is no such log", "そのログはありません"));
	else if (strcmp(log->name, f->log) == 0)
		search_generations(f, log);
	else
		search_generation(f, log);
}

void
find_where_search(struct find *f)
{
	size_t i;

	if (names_folder(f)) {
		if (has(f->log, "bagit.txt"))
			search_package(f, f->log);
		else
			search_log(f, f->log, false, "chain");
		return;
	}
	f->indexed = true;
	if (f->log != NULL) {
		search_named(f);
		return;
	}
	for (i = 0; i < f->site->n_logs; i++)
		if (strcmp(f->site->logs[i].name, "casebook") != 0)
			search_generations(f, &f->site->logs[i]);
}
