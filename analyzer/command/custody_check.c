/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/custody_check.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/handover/custody.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/evread.h"
#include "site/succession.h"
#include "verify/verify.h"

#define PACKAGE_MAX 8192u /* bytes of package.txt */

/* ---- is it ours? ---- */

/* Whether a log has the record of its hand-over. */
static bool
log_has(const struct site_log *log, const uint8_t package[SHA256_LEN],
    uint64_t *made)
{
	struct arena *a = arena_new();
	struct evread *in = NULL;
	struct evread_record r;
	struct custody c;
	struct buf why;
	bool found = false;
	int rc;

	buf_init(&why);
	rc = evread_open(&in, log->dir, false, &why);
	while (rc == 0 && !found && evread_next(in, &r, &why) == 1) {
		if (r.r.kind != RECORD_OPERATOR)
			continue;
		arena_reset(a);
		found = custody_parse(r.r.body, a, &c) == 1 &&
		    c.step == CUSTODY_HANDOVER &&
		    memcmp(c.package, package, SHA256_LEN) == 0;
		if (found)
			*made = c.at;
	}
	if (log->over && why.len > 0)
		command_missing(log->dir, buf_cstr(&why));
	else if (why.len > 0)
		log_error("%s: %s", log->dir, buf_cstr(&why));
	evread_close(in);
	arena_free(a);
	buf_fini(&why);
	return found;
}

static bool
generations_have(struct site *site, const struct site_log *log,
    const uint8_t package[SHA256_LEN], uint64_t *made)
{
	unsigned n;

	for (n = log->generation; n > 0; n--)
		if (log_has(succession_generation(site, log, n), package, made))
			return true;
	return false;
}

bool
custody_known(struct site *site, const uint8_t package[SHA256_LEN],
    uint64_t *made)
{
	const struct site_log *book = site_log(site, "casebook");
	size_t i;

	*made = 0;
	/* It has them all, and is short. */
	if (generations_have(site, book, package, made))
		return true;
	for (i = 0; i < site->n_logs; i++)
		if (&site->logs[i] != book &&
		    generations_have(site, &site->logs[i], package, made))
			return true;
	log_warn("%s",
	    tr("no hand-over of this package is recorded in the logs of this "
	       "site: the step is recorded as unmatched (known=no)",
		"このパッケージの引渡しは、この施設のログに記録されていません。"
		"照合できない手続きとして記録します（known=no）"));
	return false;
}

/* ---- is it intact? ---- */

/* The log of the site that a package says it is of, or NULL. */
static const struct site_log *
log_of(struct site *site, const char *dir)
{
	const struct site_log *found = NULL, *log;
	struct cursor c;
	struct span origin;
	struct buf text;
	char path[4096];
	unsigned n;
	size_t i;

	buf_init(&text);
	if (io_join(path, sizeof(path), dir, "data/package.txt") == 0)
		(void)io_read_file(path, PACKAGE_MAX, &text); /* then no log */
	c = cursor_make(buf_view(&text));
	cursor_expect(&c, SPAN("ev1 package\norigin "));
	origin = cursor_until(&c, '\n');
	for (i = 0; i < site->n_logs && !c.bad; i++)
		for (n = site->logs[i].generation; n > 0; n--) {
			log = succession_generation(site, &site->logs[i], n);
			if (span_is(origin, log->origin))
				found = log;
		}
	buf_fini(&text);
	return found;
}

const char *
custody_verify(struct site *site, const char *dir)
{
	static const char *const names[] = { "intact", "tampered", "incomplete",
		"unchecked" };
	const struct site_log *log = log_of(site, dir);
	struct verify_options opt = { .dir = dir };
	struct verify_result r;
	char pin[4096];

	if (log != NULL && io_join(pin, sizeof(pin), log->dir, "log") == 0)
		opt.pin = pin;
	verify_set_lang(log_lang() == LOG_JA ? "ja" : "en");
	verify_log(&opt, &r);
	if (r.verdict != VERIFY_INTACT)
		log_error(tr("%s is not intact (%s): %s: %s",
			      "%sは完全ではありません（%s）: %s: %s"),
		    dir, names[r.verdict], r.bad_file, r.bad_what);
	return names[r.verdict];
}

/* ---- may it be handed over? ---- */

static void
progress(void *cookie, uint64_t done, uint64_t total)
{
	(void)cookie;
	log_progress(tr("verifying the package", "パッケージの検証"), done,
	    total);
}

int
custody_check_made(const struct site_log *log, const char *dir, struct buf *why)
{
	struct verify_options opt = { .dir = dir, .progress = progress };
	struct verify_result r;
	char pin[4096];

	if (io_join(pin, sizeof(pin), log->dir, "log") == 0)
		opt.pin = pin;
	verify_set_lang(log_lang() == LOG_JA ? "ja" : "en");
	verify_log(&opt, &r);
	log_progress_end();
	if (r.verdict == VERIFY_INTACT)
		return 0;
	if (r.verdict == VERIFY_INCOMPLETE) {
		log_warn(tr("the package is not complete: %s: %s",
			     "パッケージに欠けているものがあります: %s: %s"),
		    r.bad_file, r.bad_what);
		return 0;
	}
	buf_printf(why,
	    tr("the package would not verify, so none is made: %s: %s: run "
	       "'konseki verify'",
		"検証に合格しないため、パッケージを作成しませんでした: %s: "
		"%s。konseki verifyを実行してください"),
	    r.bad_file, r.bad_what);
	return -1;
}
