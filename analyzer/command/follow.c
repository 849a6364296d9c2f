/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "analyzer/command/inputs.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

#define STEP_MS 200		/* from one look at the log to the next */
#define LOOK (5 * UTC_SECOND)	/* from one look at the rules to the next */
#define WORD (10 * UTC_MINUTE)	/* verification is waited for */
#define SLICE 20000		/* records that are read anew at a time */

struct follow {
	const struct site *site;
	const struct analysis_options *options;
	struct analysis *now, *next; /* next: comes after it, or NULL */
	/* What was tried last, and what was there at the last look. */
	uint8_t tried[SHA256_LEN], seen[SHA256_LEN];
	int64_t look; /* the next one, utc usec */
	struct verifying *verifying; /* or NULL */
	struct broken {
		char log[64];
		struct verify_result result;
	} *broken; /* what was told to the rules */
	size_t n_broken;
	struct stat conf; /* konseki.yml, as it was when it was looked at */
};

/* All zero if there is none, or none to be seen. */
static void
look_at_conf(const struct site *site, struct stat *st)
{
	char path[4096];

	if (io_join(path, sizeof(path), site->dir, SITE_FILE) != 0 ||
	    stat(path, st) != 0)
		memset(st, 0, sizeof(*st));
}

/* It is not read here: it names secrets, and decides who may do what. */
static void
say_conf(struct follow *f)
{
	struct stat now;

	look_at_conf(f->site, &now);
	if (now.st_ino != f->conf.st_ino || now.st_size != f->conf.st_size ||
	    now.st_mtim.tv_sec != f->conf.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != f->conf.st_mtim.tv_nsec)
		log_warn(tr("%s was changed: konseki watch takes it with its "
			    "next start",
			     "%s が変更されました。konseki watchには次の起動"
			     "から反映されます"),
		    SITE_FILE);
	f->conf = now;
}

/* Half of what somebody is saving is not taken: the same twice is. */
static bool
has_changed(struct follow *f)
{
	uint8_t hash[SHA256_LEN];
	bool still;

	if (utc_now() < f->look)
		return false;
	say_conf(f);
	inputs_hash(f->site, hash);
	still = memcmp(hash, f->seen, sizeof(hash)) == 0;
	memcpy(f->seen, hash, sizeof(hash));
	f->look = utc_now() + LOOK;
	return still && memcmp(hash, f->tried, sizeof(hash)) != 0;
}

static void
begin_anew(struct follow *f)
{
	size_t i;

	memcpy(f->tried, f->seen, sizeof(f->tried));
	analysis_close(f->next);
	f->next = analysis_open(f->site, f->options);
	for (i = 0; f->next != NULL && i < f->n_broken; i++)
		analysis_tampered(f->next, f->broken[i].log,
		    &f->broken[i].result);
	if (f->next == NULL)
		log_error("%s",
		    tr("rules, profile or ledgers have changed and cannot be "
		       "taken: the former stay in force",
			"ルール・プロファイル・台帳の変更に誤りがあり、反映で"
			"きません。変更前のもので監視を続けます"));
	else
		log_info("%s",
		    tr("rules, profile or ledgers have changed: the evidence "
		       "is read anew by them; until then the former stay in "
		       "force",
			"ルール・プロファイル・台帳が変更されました。証跡を"
			"読み直しています。それまでは変更前のもので"
			"監視します"));
}

/* A little further; in the place of the other when it has come as far. */
static void
go_on(struct follow *f)
{
	bool all;

	if (analysis_step_some(f->next, SLICE, &all) < 0) {
		analysis_close(f->next);
		f->next = NULL;
		memset(f->tried, 0, sizeof(f->tried)); /* try again */
		return;
	}
	if (!all)
		return;
	analysis_close(f->now);
	f->now = f->next;
	f->next = NULL;
	log_info("%s",
	    tr("the changed rules, profile and ledgers are in force",
		"変更後のルール・プロファイル・台帳で監視しています"));
}

/* The same log again, a round later, says no more. */
static void
tampered(void *cookie, const char *log, const struct verify_result *r)
{
	struct follow *f = cookie;
	struct broken *b;
	size_t i;

	if (r->verdict != VERIFY_TAMPERED)
		return;
	for (i = 0; i < f->n_broken; i++)
		if (strcmp(f->broken[i].log, log) == 0)
			return;
	log_error(tr("ALARM: the log '%s' is not as it was signed: %s",
		      "警報: ログ「%s」が署名された内容と一致しません: %s"),
	    log, r->bad_what);
	b = reallocarray(f->broken, f->n_broken + 1, sizeof(*b));
	if (b == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	f->broken = b;
	b += f->n_broken++;
	snprintf(b->log, sizeof(b->log), "%s", log);
	b->result = *r;
	analysis_tampered(f->now, b->log, &b->result);
	analysis_judge(f->now);
	if (f->next != NULL)
		analysis_tampered(f->next, b->log, &b->result);
}

/*
 * The log cannot be read on.  Whether somebody changed it the verification
 * says, which is told before this ends, if one is under way.
 */
static void
wait_for_word(struct follow *f, const volatile sig_atomic_t *stopped)
{
	struct timespec pause = { 0, STEP_MS * 1000000L };
	int64_t until = utc_now() + WORD;

	verifying_poll(f->verifying, tampered, f);
	while (verifying_runs(f->verifying) && f->n_broken == 0 && !*stopped &&
	    utc_now() < until) {
		(void)nanosleep(&pause, NULL);
		verifying_poll(f->verifying, tampered, f);
	}
}

static int
run(struct follow *f, const volatile sig_atomic_t *stopped)
{
	struct timespec pause = { 0, STEP_MS * 1000000L };
	int64_t n;

	while (!*stopped) {
		if ((n = analysis_step(f->now)) < 0) {
			wait_for_word(f, stopped);
			return -1;
		}
		verifying_poll(f->verifying, tampered, f);
		if (has_changed(f))
			begin_anew(f);
		if (f->next != NULL)
			go_on(f);
		else if (n == 0)
			(void)nanosleep(&pause, NULL); /* a signal ends it */
	}
	return 0;
}

int
follow(const struct site *site, const struct analysis_options *options,
    struct verifying *verifying, const volatile sig_atomic_t *stopped)
{
	struct follow f = { .site = site,
		.options = options,
		.verifying = verifying };
	int rc;

	inputs_hash(site, f.tried);
	memcpy(f.seen, f.tried, sizeof(f.seen));
	f.look = utc_now() + LOOK;
	look_at_conf(site, &f.conf);
	f.now = analysis_open(site, options);
	if (f.now == NULL)
		return -1;
	rc = run(&f, stopped);
	analysis_close(f.next);
	analysis_close(f.now);
	free(f.broken);
	return rc;
}
