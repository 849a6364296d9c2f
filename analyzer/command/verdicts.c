/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/verdicts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analyzer/case/casebook.h"
#include "analyzer/command/command.h"
#include "common/io.h"
#include "common/log.h"
#include "common/sha256.h"
#include "common/utc.h"

/* It is small, but each finding that is entered changes it. */
#define PAUSE UTC_MINUTE

struct verdicts {
	const struct site *site;
	struct stat was; /* its checkpoint, when it was read */
	int64_t read;	 /* when that was; 0 = never */
	bool missing;	 /* said already */
	uint8_t told[SHA256_LEN]; /* hash of what the engine was told last */
};

struct verdicts *
verdicts_new(const struct site *site)
{
	struct verdicts *v = calloc(1, sizeof(*v));

	if (v == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	v->site = site;
	return v;
}

void
verdicts_free(struct verdicts *v)
{
	free(v);
}

/* Each seal puts another file in the place of the checkpoint. */
static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* 1 it is another than it was, 0 it is not, -1 there is none (said). */
static int
look(struct verdicts *v, struct stat *now)
{
	const char *dir = site_log(v->site, "casebook")->dir;
	char path[4096];

	if (io_join(path, sizeof(path), dir, "checkpoint") == 0 &&
	    stat(path, now) == 0)
		return v->read == 0 || !is_same(&v->was, now);
	if (!v->missing)
		log_warn(tr("there is no casebook %s (%s): what was judged "
			    "normal is not taken into account",
			     "事案簿 %s を読めません（%s）。正常と判定された検"
			     "知は分析に反映されません"),
		    dir, strerror(errno));
	v->missing = true;
	return -1;
}

/* Whether what is normal has changed; then the engine is told. */
static bool
tell(struct verdicts *v, const struct casebook *book, struct engine *e)
{
	struct normal *n = calloc(book->n_findings + 1, sizeof(*n));
	uint8_t sum[SHA256_LEN];
	struct sha256 sha;
	size_t i, k = 0;
	bool changed;

	if (n == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	sha256_init(&sha);
	for (i = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (f->withdrawn || f->judged == NULL ||
		    strcmp(f->judged->how, "normal") != 0)
			continue;
		n[k++] = (struct normal){ f->rule, f->key, f->from,
			f->until };
		sha256_update(&sha, f->id, strlen(f->id));
		sha256_update(&sha, &f->until, sizeof(f->until));
	}
	sha256_final(&sha, sum);
	changed = memcmp(sum, v->told, sizeof(sum)) != 0;
	memcpy(v->told, sum, sizeof(sum));
	if (changed)
		engine_accept(e, n, k);
	free(n);
	return changed;
}

bool
verdicts_refresh(struct verdicts *v, struct engine *e)
{
	const int64_t now = utc_now();
	struct casebook book;
	struct arena *arena;
	struct stat st;
	struct buf why;
	bool changed = false;

	if ((v->read != 0 && now < v->read + PAUSE) || look(v, &st) != 1)
		return false;
	v->was = st;
	v->read = now;
	arena = arena_new();
	buf_init(&why);
	if (command_casebook(v->site, arena, &book, &why) == 0)
		changed = tell(v, &book, e);
	else
		log_warn(tr("what was judged normal is not taken into "
			    "account: %s",
			     "正常と判定された検知を分析に反映できません: %s"),
		    buf_cstr(&why));
	buf_fini(&why);
	arena_free(arena);
	return changed;
}
