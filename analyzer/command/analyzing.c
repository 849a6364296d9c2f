/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/analyzing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/entry.h"
#include "analyzer/command/analysis.h"
#include "analyzer/command/clerk.h"
#include "analyzer/command/standing.h"
#include "analyzer/command/verifying.h"
#include "common/lend.h"
#include "common/log.h"

struct work {
	struct clerk *clerk; /* NULL: print */
	unsigned entered, known, withdrawn, failed;
	bool tampered; /* verification says so */
	bool partial;  /* not all could be read: only that is entered */
	const struct analyzing *how;
	struct analysis *analysis;
	struct lend *lend; /* from who verifies to who reads, or NULL */
	struct buf why;
};

static void
found(void *cookie, const struct casebook_finding *f)
{
	struct work *w = cookie;
	struct buf line;
	int rc;

	if (w->partial && strcmp(f->rule, STANDING_BROKEN) != 0)
		return;
	if (w->clerk == NULL) {
		buf_init(&line);
		entry_print_finding(f, &line);
		buf_byte(&line, '\n');
		fwrite(line.p, 1, line.len, stdout);
		buf_fini(&line);
		return;
	}
	rc = clerk_enter(w->clerk, f, &w->why);
	w->entered += rc == 1 && !f->withdrawn;
	w->withdrawn += rc == 1 && f->withdrawn;
	w->known += rc == 0;
	w->failed += rc == -1;
}

static void
ledger(void *cookie, const struct version *v)
{
	struct work *w = cookie;

	if (w->failed == 0 && w->clerk != NULL &&
	    clerk_enter_version(w->clerk, v, &w->why) < 0)
		w->failed++;
}

static void
say(const struct work *w, const struct analysis_counts *c)
{
	printf(tr(c->records == 1
		      ? "%" PRIu64 " record read, %" PRIu64 " not understood; "
			"%u new findings, %u known already\n"
		      : "%" PRIu64 " records read, %" PRIu64 " not understood; "
			"%u new findings, %u known already\n",
		   "%" PRIu64 " 件を分析、解釈できない行 %" PRIu64
		   " 件。新しい検知 %u 件、記録済み %u 件\n"),
	    c->records, c->unknown, w->entered, w->known);
	if (w->withdrawn > 0)
		printf(tr("%u findings that the evidence does not bear out "
			  "any more were withdrawn\n",
			   "根拠がなくなった検知 %u 件を取り下げました\n"),
		    w->withdrawn);
}

static void
verified(void *cookie, const char *log, const struct verify_result *r)
{
	struct work *w = cookie;

	if (w->how->verified != NULL)
		w->how->verified(w->how->cookie, log, r);
	if (r->verdict != VERIFY_TAMPERED)
		return;
	log_error(tr("ALARM: the log '%s' is not as it was signed: %s",
		      "警報: ログ「%s」が署名された内容と一致しません: %s"),
	    log, r->bad_what);
	analysis_tampered(w->analysis, log, r);
	w->tampered = true;
}

/* Without rules nobody asks. */
static void
pass_over(void *cookie, const char *log, const struct verify_result *r)
{
	(void)cookie;
	(void)log;
	(void)r;
}

static int
analyze(struct site *site, struct work *w)
{
	struct analysis_options options = { .found = found,
		.ledger = ledger,
		.cookie = w,
		.revise = w->clerk != NULL,
		.progress = true,
		.jobs = w->how->jobs,
		.lend = w->lend,
		.item = w->how->item,
		.item_cookie = w->how->cookie };
	struct verifying *verifying = verifying_start(site, w->lend);
	struct analysis *a = analysis_open(site, &options);
	struct analysis_counts counts;
	int64_t n;

	w->analysis = a;
	if (a == NULL) {
		(void)verifying_end(verifying, pass_over, NULL);
		return 1;
	}
	n = analysis_step(a);
	if (verifying_end(verifying, verified, w) != 0)
		w->failed++;
	/* What could be read is judged, but not for good. */
	w->partial = n < 0 && w->clerk != NULL;
	if (n >= 0 || w->clerk == NULL || w->tampered)
		analysis_finish(a);
	analysis_counts(a, &counts);
	analysis_close(a);
	if (w->failed > 0 ||
	    (w->clerk != NULL && clerk_seal(w->clerk, &w->why) != 0)) {
		log_error("%s", buf_cstr(&w->why));
		return 1;
	}
	if (n >= 0 && w->clerk != NULL)
		say(w, &counts);
	return n < 0 ? 1 : 0;
}

int
analyzing_run(struct site *site, const struct analyzing *how)
{
	struct work w = { .how = how, .lend = lend_new() };
	int rc = 1;

	buf_init(&w.why);
	if (!how->print)
		w.clerk = clerk_open(site, "konseki-analyze", &w.why);
	if (!how->print && w.clerk == NULL)
		log_error("%s", buf_cstr(&w.why));
	else
		rc = analyze(site, &w);
	clerk_close(w.clerk);
	lend_free(w.lend);
	buf_fini(&w.why);
	return rc;
}
