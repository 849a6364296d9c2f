/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki ledgers changes: which versions of ledgers findings went by. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/case/casebook.h"
#include "analyzer/command/command.h"
#include "analyzer/command/ledgers.h"
#include "analyzer/ledger/ledger.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

static void
print_rows(const char *what, const struct version_rows *rows)
{
	struct buf b;
	uint64_t i;

	if (rows->n == 0)
		return;
	buf_init(&b);
	for (i = 0; i < rows->n && i < VERSION_NAMED; i++) {
		buf_str(&b, i > 0 ? tr("; ", "、") : "");
		text_escape(span_str(rows->v[i]), &b);
	}
	printf("    %s %" PRIu64 ": %s%s\n", what, rows->n, buf_cstr(&b),
	    rows->n > VERSION_NAMED ? tr("; ...", "…") : "");
	buf_fini(&b);
}

static void
print_version(const struct site *site, const struct version *v)
{
	char at[UTC_TEXT];

	printf(tr("%s  %s  %" PRIu64 " rows  sha256=%s  (%s#%" PRIu64 ")\n",
		   "%s  %s  %" PRIu64 "行  sha256=%s  （%s#%" PRIu64 "）\n"),
	    utc_print_local(v->at - v->at % UTC_SECOND, site->zone, at),
	    v->file, v->n, v->sha256, v->origin, v->index);
	print_rows(tr("added", "追加"), &v->added);
	print_rows(tr("changed", "変更"), &v->changed);
	print_rows(tr("removed", "削除"), &v->removed);
	if (v->was[0] == '\0')
		printf("    %s\n", tr("the first that was used",
				       "最初に使われた版"));
	else if (v->added.n + v->changed.n + v->removed.n == 0)
		printf("    %s\n",
		    v->rows == NULL
			? tr("its rows are not compared (too many, or "
			     "patients)",
			      "行は比較していません（行が多い、または患者の一覧"
			      "のため）")
			: tr("no row differs (order, columns that are not "
			     "used, or how it was saved)",
			      "行の違いはありません（並び順、使わない列、保存形"
			      "式の違いなど）"));
}

int
ledgers_changes(struct ledgers_call *c)
{
	struct arena *arena;
	struct casebook book;
	struct site *site;
	struct buf why;
	enum ledger l;
	size_t i, n = 0;
	int rc;

	if (c->narg > 1 ||
	    (c->narg == 1 && ledger_parse_name(span_str(c->arg[0]), &l) != 0))
		return 2;
	if ((site = command_site(c->site)) == NULL)
		return 1;
	command_page_lang(site, NULL);
	arena = arena_new();
	buf_init(&why);
	rc = command_casebook(site, arena, &book, &why);
	if (rc != 0)
		log_error("%s", buf_cstr(&why));
	for (i = 0; rc == 0 && i < book.n_versions; i++) {
		if (c->narg == 1 &&
		    strcmp(book.versions[i].name, c->arg[0]) != 0)
			continue;
		print_version(site, &book.versions[i]);
		n++;
	}
	if (rc == 0 && n == 0)
		puts(tr("no analysis has gone by a ledger so far",
		    "台帳を使った分析の記録はまだありません"));
	buf_fini(&why);
	arena_free(arena);
	site_free(site);
	return rc == 0 ? 0 : 1;
}
