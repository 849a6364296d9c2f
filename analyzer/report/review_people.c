/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/review_priv.h"
#include "analyzer/report/word.h"
#include "common/log.h"

/*
 * Who logged in: by kind, of the ledger's accounts which were seen and which
 * not, and at which hours of the week.
 */

/* Whether no row before it that succeeded has the same name. */
static bool
is_first(const struct login *rows, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (rows[k].succeeded > 0 &&
		    span_eq(rows[k].user, rows[i].user))
			return false;
	return true;
}

/* Of how many accounts of the ledger a login is recorded, and how many names
 * that are in none. */
static size_t
seen(const struct accounts *as, const struct login *rows, size_t n,
    size_t *strangers)
{
	bool *used = calloc(accounts_count(as) + 1, sizeof(*used));
	const struct account *a;
	size_t i, k, sum = 0;

	if (used == NULL)
		abort();
	for (i = *strangers = 0; i < n; i++) {
		if (rows[i].succeeded == 0 || !is_first(rows, i))
			continue;
		if (accounts_find(as, rows[i].user, &a) == ACCOUNT_MISSING)
			++*strangers;
		for (k = 0; a != NULL && k < accounts_count(as); k++)
			used[k] |= accounts_at(as, k) == a;
	}
	for (k = 0; k < accounts_count(as); k++)
		sum += used[k];
	free(used);
	return sum;
}

static void
put_accounts(const struct review *v, struct buf *out,
    const struct login *rows, size_t n)
{
	const struct accounts *as = v->r->accounts;
	size_t strangers, used;

	if (as == NULL) {
		html_put(out, "<p class=\"src\">%s</p>\n",
		    tr("No account ledger: accounts were not compared.",
			"利用者ID台帳がないため、IDの突合はしていません。"));
		return;
	}
	used = seen(as, rows, n, &strangers);
	html_put(out,
	    tr("<p class=\"src\">Ledger: %zu accounts, logins of %zu, none of "
	       "%zu (which does not say unused). In no ledger: %zu.</p>\n",
		"<p class=\"src\">台帳のID %zu件：ログイン記録あり %zu、なし "
		"%zu（未使用とは限りません）。台帳外ID：%zu</p>\n"),
	    accounts_count(as), used, accounts_count(as) - used, strangers);
}

void
review_put_hours(const struct review *v, struct buf *out)
{
	html_put(out, "<p class=\"src\">%s</p>",
	    tr("VPN and administrators, succeeded, by the hour of the week:",
		"VPN・管理者のログイン成功（曜日・時刻別、■が大きいほど"
		"多い）："));
	picture_hours(out, logins_hours(v->logins));
}

void
review_put_logins(const struct review *v, struct buf *out)
{
	const struct login *rows;
	struct logins_sum sum;
	uint64_t beyond;
	size_t n, k;

	rows = logins_finish(v->logins, NULL, &n, &beyond);
	html_put(out,
	    "<section><h2>%s <span class=\"cite\">%s</span></h2>\n"
	    "<table class=\"fit\"><thead><tr><th></th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>"
	    "</thead><tbody>\n",
	    word_of(WORD_LOGINS), v->r->evidence->origin,
	    word_of(WORD_SUCCEEDED), word_of(WORD_USERS), word_of(WORD_FAILED),
	    word_of(WORD_FAILED_SOURCES), word_of(WORD_CITATION));
	for (k = 0; k < LOGINS_KINDS; k++) {
		sum = logins_sum(rows, n, (enum logins_kind)k);
		html_put(out,
		    "<tr><td>%s</td><td class=\"n\">%s</td>"
		    "<td class=\"n\">%zu</td><td class=\"n\">%s</td>"
		    "<td class=\"n\">%zu</td><td>",
		    logins_kind_name((enum logins_kind)k),
		    figure_count(v->r->arena, sum.succeeded), sum.users,
		    figure_count(v->r->arena, sum.failed),
		    sum.sources);
		report_put_range(out, &sum.records);
		buf_str(out, "</td></tr>\n");
	}
	buf_str(out, "</tbody></table>\n");
	if (beyond > 0)
		html_put(out, "<p class=\"warn\">%s %s</p>\n",
		    word_of(WORD_SKIPPED), figure_count(v->r->arena, beyond));
	if (logins_repeated(v->logins) > 0)
		html_put(out, "<p class=\"src\">%s %s</p>\n",
		    word_of(WORD_REPEATED),
		    figure_count(v->r->arena, logins_repeated(v->logins)));
	put_accounts(v, out, rows, n);
	buf_str(out, "</section>\n");
}
