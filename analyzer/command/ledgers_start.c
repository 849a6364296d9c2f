/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki ledgers start: ledgers to begin with, of what was observed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/ledgers.h"
#include "analyzer/command/observing.h"
#include "analyzer/command/operator.h"
#include "analyzer/report/twin.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

#define FOLDER "ledgers-start" /* below the reports */

struct starting {
	struct ledgers_call *call;
	struct observing *o;
	struct arena *arena;
	int bad;
};

static const char *
date(struct starting *s, int64_t usec)
{
	int year, month, day;
	int64_t local = usec + s->o->site->zone * UTC_SECOND;

	utc_date(local / UTC_DAY, &year, &month, &day);
	return arena_printf(s->arena, "%d/%d/%d", year, month, day);
}

/* What a person should know who fills in the rest. */
static const char *
seen(struct starting *s, int64_t first, int64_t last, uint64_t n)
{
	return arena_printf(s->arena, "観測 %s～%s（%" PRIu64 "件）",
	    date(s, first), date(s, last), n);
}

static void
header(struct twin *t, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		twin_str(t, names[i]);
	twin_row(t);
}

/* Write both files and say how many rows there are and what CP932 lacks. */
static void
finish(struct starting *s, struct twin *t, const char *name)
{
	char cp932[64], utf8[64];

	snprintf(utf8, sizeof(utf8), "%s.csv", name);
	snprintf(cp932, sizeof(cp932), "%s-cp932.csv", name);
	if (ledgers_write(s->call, s->o->site, utf8, &t->utf8) == -1 ||
	    ledgers_write(s->call, s->o->site, cp932, &t->cp932) == -1)
		s->bad = 1;
	printf(tr("  %u rows to be completed\n", "  %u行（人が記入して完成させ"
						 "ます）\n"),
	    t->row - 2);
	if (t->n_lost > 0)
		printf(tr("  %s: %zu cells have characters that CP932 lacks, "
			  "〓 stands for them:\n%s",
			   "  %s: CP932にない文字のあるセル%zu個（〓に置き換え"
			   "ました）:\n%s"),
		    cp932, t->n_lost, buf_cstr(&t->lost));
	twin_fini(t);
}

static bool
is_known(const struct devices *ds, const struct observed_device *d)
{
	struct address a;

	return (d->address.len > 0 && address_parse(d->address, &a) == 0 &&
		   devices_by_address(ds, &a) != NULL) ||
	    (d->name.len > 0 && devices_by_name(ds, d->name) != NULL);
}

static void
start_devices(struct starting *s)
{
	static const char *const names[] = { "管理番号", "メーカー", "OS",
		"ソフトウェア", "ソフトウェアバージョン", "IPアドレス",
		"コンピュータ名", "設置場所", "利用者", "登録日", "状態",
		"説明", "MAC", "ログ送信" };
	const struct observed *o = s->o->observed;
	struct twin t;
	size_t i, n = 0;

	twin_init(&t);
	header(&t, names, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < observed_devices(o); i++) {
		const struct observed_device *d = observed_device(o, i);

		if (is_known(s->o->grounds.ledgers->devices, d))
			continue;
		twin_str(&t, arena_printf(s->arena, "仮%03zu", ++n));
		twin_cell(&t, d->vendor);
		twin_str(&t, "");
		twin_cell(&t, d->product);
		twin_cell(&t, d->version);
		twin_cell(&t, d->address);
		twin_cell(&t, d->name);
		twin_str(&t, "");
		twin_str(&t, "");
		twin_str(&t, date(s, d->first));
		twin_str(&t, "稼働");
		twin_str(&t, seen(s, d->first, d->last, d->n));
		twin_cell(&t, d->mac);
		twin_str(&t, d->sender ? "syslog" : "");
		twin_row(&t);
	}
	finish(s, &t, "devices");
}

static const char *
where(struct starting *s, const struct observed_account *a)
{
	struct span text;
	struct buf b;
	size_t i;

	buf_init(&b);
	buf_str(&b, seen(s, a->first, a->last, a->uses));
	for (i = 0; i < a->n_systems; i++) {
		buf_str(&b, i == 0 ? "、システム: " : "・");
		buf_span(&b, a->systems[i]);
	}
	if (a->admin)
		buf_str(&b, "、管理操作あり");
	text = arena_copy(s->arena, buf_view(&b));
	buf_fini(&b);
	return (const char *)text.p;
}

static void
start_accounts(struct starting *s)
{
	static const char *const names[] = { "No.", "所属部署", "性", "名",
		"電話番号", "ユーザID", "説明", "権限", "状態", "氏名" };
	const struct observed *o = s->o->observed;
	const struct account *known;
	struct twin t;
	size_t i, n = 0;

	twin_init(&t);
	header(&t, names, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < observed_accounts(o); i++) {
		const struct observed_account *a = observed_account(o, i);

		/* Names that only failed are no accounts that we know. */
		if (a->uses == 0 ||
		    accounts_find_key(s->o->grounds.ledgers->accounts, a->key,
			&known) != ACCOUNT_MISSING)
			continue;
		twin_str(&t, arena_printf(s->arena, "%03zu", ++n));
		twin_str(&t, "");
		twin_str(&t, "");
		twin_str(&t, "");
		twin_str(&t, "");
		twin_cell(&t, a->id);
		twin_str(&t, where(s, a));
		twin_str(&t, "");
		twin_str(&t, "");
		twin_cell(&t, a->full_name);
		twin_row(&t);
	}
	finish(s, &t, "accounts");
}

static void
start_networks(struct starting *s)
{
	static const char *const names[] = { "ネットワーク", "区分", "施設",
		"説明" };
	const struct observed *o = s->o->observed;
	char text[ADDRESS_TEXT];
	struct twin t;
	size_t i;

	twin_init(&t);
	header(&t, names, sizeof(names) / sizeof(names[0]));
	for (i = 0; i < observed_networks(o); i++) {
		const struct observed_network *n = observed_network(o, i);

		if (networks_find(s->o->grounds.ledgers->networks,
			&n->network) != NULL)
			continue;
		twin_str(&t,
		    arena_printf(s->arena, "%s/%d",
			address_print(&n->network, text),
			address_is_v4(&n->network) ? 24 : 48));
		twin_str(&t, "");
		twin_str(&t, "");
		twin_str(&t,
		    arena_printf(s->arena, "観測 %s～%s（機器%zu台）",
			date(s, n->first), date(s, n->last), n->hosts));
		twin_row(&t);
	}
	finish(s, &t, "networks");
}

int
ledgers_start(struct ledgers_call *c)
{
	struct observing o;
	struct starting s = { .call = c, .o = &o };
	char folder[4096];

	if (c->narg != 0)
		return 2;
	s.bad = observing_open(&o, c->site) == -1;
	s.arena = arena_new();
	if (s.bad == 0 && c->output == NULL) {
		s.bad = io_join(folder, sizeof(folder), o.site->reports,
			    FOLDER) == -1;
		c->output = folder;
	}
	if (s.bad == 0) {
		(void)operator_use(o.site, "export", "ledgers", "evidence",
		    SPAN(""));
		start_devices(&s);
		start_accounts(&s);
		start_networks(&s);
		if (observed_beyond(o.observed) > 0)
			log_warn(tr("%" PRIu64 " records were of accounts or "
				    "devices beyond the first %u of each: they "
				    "are not listed",
				     "%" PRIu64 "件の記録は、それぞれ最初の%u件"
				     "を超える利用者・機器のものです。一覧にあ"
				     "りません"),
			    observed_beyond(o.observed), OBSERVED_MAX);
	}
	arena_free(s.arena);
	observing_close(&o);
	return s.bad;
}
