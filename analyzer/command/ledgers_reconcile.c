/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki ledgers reconcile: who is in which list of accounts. */
#include <stdio.h>

#include "analyzer/command/ledgers.h"
#include "analyzer/command/observing.h"
#include "analyzer/command/operator.h"
#include "analyzer/report/reconcile.h"
#include "common/log.h"
#include "common/utc.h"

/* The personnel list row by row; what is wrong with it was said. */
static void
read_people(const struct site *site, struct arena *arena, struct outline *o)
{
	struct problems ps;
	const char *name;
	struct buf b;

	problems_init(&ps);
	buf_init(&b);
	if (ledger_file_read(site->analyzer.people, arena, &b, &name, &ps) ==
	    1)
		outline_read(o, LEDGER_PEOPLE,
		    arena_copy(arena, buf_view(&b)), name, arena, &ps);
	buf_fini(&b);
	problems_fini(&ps);
}

static int
write_files(struct ledgers_call *c, const struct site *site,
    const struct reconcile *r)
{
	struct buf page;
	struct twin t;
	int bad = 0;

	buf_init(&page);
	reconcile_html(r, &page);
	bad |= ledgers_write(c, site, "reconcile.html", &page);
	buf_fini(&page);
	twin_init(&t);
	reconcile_csv(r, &t);
	bad |= ledgers_write(c, site, "reconcile.csv", &t.utf8);
	bad |= ledgers_write(c, site, "reconcile-cp932.csv", &t.cp932);
	if (t.n_lost > 0)
		printf(tr("reconcile-cp932.csv: %zu cells have characters that "
			  "CP932 lacks, 〓 stands for them:\n%s",
			   "reconcile-cp932.csv: CP932にない文字のあるセル%zu個"
			   "（〓に置き換えました）:\n%s"),
		    t.n_lost, buf_cstr(&t.lost));
	twin_fini(&t);
	return bad;
}

int
ledgers_reconcile(struct ledgers_call *c)
{
	struct observing o;
	struct outline people = { .n = 0 };
	struct arena *arena = arena_new();
	struct buf text;
	int rc = 1;

	if (c->narg != 0) {
		arena_free(arena);
		return 2;
	}
	if (observing_open(&o, c->site) == 0) {
		struct reconcile r = { .ledgers = o.grounds.ledgers,
			.observed = o.observed,
			.day = (utc_now() + o.site->zone * UTC_SECOND) /
			    UTC_DAY,
			.zone = o.site->zone,
			.site = o.site->name };

		read_people(o.site, arena, &people);
		r.people = people.sheet.titles != NULL ? &people : NULL;
		reconcile_make(&r, arena);
		(void)operator_use(o.site, "export", "ledgers", "evidence",
		    SPAN(""));
		buf_init(&text);
		reconcile_text(&r, &text);
		fwrite(text.p, 1, text.len, stdout);
		buf_fini(&text);
		rc = write_files(c, o.site, &r) == 0 ? 0 : 1;
	}
	observing_close(&o);
	arena_free(arena);
	return rc;
}
