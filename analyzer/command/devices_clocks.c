/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/devices_clocks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/records.h"
#include "analyzer/event/skew.h"
#include "analyzer/report/csvout.h"
#include "analyzer/report/figure.h"
#include "common/json.h"
#include "common/log.h"
#include "common/utc.h"

#define RECORDS 500000 /* the newest; some seconds */
#define DEVICES 4096
#define OFF (60 * UTC_SECOND) /* from here on it needs a look */

/* One device: it may stand behind a relay's address. */
struct clock_row {
	const char *peer, *name;
	struct skew skew;
	enum event_clock rule;
	uint8_t mark; /* all that was seen of them */
	uint64_t timeless;
};

struct clocks {
	struct arena *arena;
	struct clock_row **row; /* by the hash of peer and name */
	struct clock_row **list;
	size_t n;
	uint64_t beyond; /* events of devices that found no room */
};

static struct span
name_of(const struct event *e)
{
	static const enum ecs field[] = { ECS_OBSERVER_NAME, ECS_HOST_NAME,
		ECS_OBSERVER_HOSTNAME, ECS_SYSLOG_HOSTNAME };
	struct span name = { NULL, 0 };
	size_t i;

	for (i = 0; i < sizeof(field) / sizeof(field[0]) && name.len == 0; i++)
		name = event_get(e, field[i]);
	return name;
}

static uint64_t
hash(uint64_t h, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ s.p[i]) * UINT64_C(1099511628211);
	return (h ^ 0xff) * UINT64_C(1099511628211);
}

/* Its row, a new one if need be; NULL if there is no room. */
static struct clock_row *
find(struct clocks *c, struct span peer, struct span name)
{
	size_t mask = DEVICES * 2 - 1;
	size_t at = hash(hash(UINT64_C(14695981039346656037), peer), name) &
	    mask;
	struct clock_row *r;

	for (; (r = c->row[at]) != NULL; at = (at + 1) & mask)
		if (span_is(peer, r->peer) && span_is(name, r->name))
			return r;
	if (c->n == DEVICES)
		return NULL;
	r = arena_alloc(c->arena, sizeof(*r));
	memset(r, 0, sizeof(*r));
	r->peer = arena_str(c->arena, peer);
	r->name = arena_str(c->arena, name);
	c->list[c->n++] = c->row[at] = r;
	return r;
}

static void
take(struct clocks *c, const struct event *e)
{
	struct clock_row *r;

	if (e->format == NULL || e->source == NULL || e->source->replay ||
	    span_is(e->source->transport, "import"))
		return;
	if ((r = find(c, e->source->peer, name_of(e))) == NULL) {
		c->beyond++;
		return;
	}
	r->mark |= e->mark;
	if (!skew_tells(e)) {
		r->timeless++;
		return;
	}
	r->rule = e->clock;
	skew_add(&r->skew, e->received, e->time);
}

static int
read_all(struct clocks *c, const char *dir, struct formats **formats, int *zone)
{
	struct records_call call = { dir, NULL, "devices", "view" };
	struct records *in = records_open(&call);
	struct evread_record rec;
	struct event *e;
	int rc = -1;

	if (in == NULL)
		return -1;
	if (records_last(in, RECORDS) == 0 &&
	    (*formats = events_formats(records_rules(in))) != NULL) {
		records_begin(in, *formats, 0);
		*zone = records_zone(in);
		while ((rc = records_next(in, &rec, &e)) == 1)
			if (e != NULL)
				take(c, e);
	}
	records_close(in);
	return rc;
}

/* --- forms -------------------------------------------------------------------
 */

static const struct {
	const char *key, *en, *ja;
	bool number;
} columns[] = {
	{ "state", "state", "状態", false },
	{ "peer", "sender", "送信元", false },
	{ "name", "device", "機器", false },
	{ "events", "events", "件数", true },
	{ "skew_s", "clock", "時計", true },
	{ "spread_s", "give or take", "ばらつき", true },
	{ "rule", "zone by", "時差の根拠", false },
	{ "quality", "doubts", "注意", false },
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static const char *
state(const struct clock_row *r, const struct skew_estimate *e, bool code)
{
	int64_t far = e->median < 0 ? -e->median : e->median;

	if (r->skew.n == 0)
		return code ? "no-time" : tr("no time", "時刻なし");
	if (far >= OFF)
		return code ? "off" : tr("OFF, look into it", "確認が必要");
	return code ? "ok" : tr("ok", "正常");
}

static const char *
seconds(struct arena *a, int64_t usec)
{
	int64_t tenths =
	    (usec + (usec < 0 ? -50000 : 50000)) / (UTC_SECOND / 10);
	int64_t far = tenths < 0 ? -tenths : tenths;

	return arena_printf(a, "%s%" PRId64 ".%" PRId64, tenths < 0 ? "-" : "",
	    far / 10, far % 10);
}

/* Positive: it is behind. */
static const char *
skew_text(struct arena *a, int64_t usec)
{
	int64_t far = usec < 0 ? -usec : usec;
	const char *length;

	if (far < UTC_SECOND)
		return tr("right", "ずれなし");
	length = figure_length(a, far - far % UTC_SECOND);
	return usec > 0 ? arena_printf(a, tr("%s behind", "%s遅れ"), length)
			: arena_printf(a, tr("%s ahead", "%s進み"), length);
}

static const char *
doubts(struct arena *a, unsigned mark, bool code)
{
	static const struct {
		unsigned mark;
		const char *code, *en, *ja;
	} all[] = {
		{ EVENT_MARK_UNSET, "never-set", "never set", "未設定" },
		{ EVENT_MARK_UNSYNCED, "not-synchronized", "not synchronized",
		    "同期なし" },
		{ EVENT_MARK_ZONE, "zone-unknown", "zone unknown",
		    "時差不明" },
		{ EVENT_MARK_YEAR, "year-inferred", "no year", "年なし" },
		{ EVENT_MARK_UPTIME, "uptime", "running time only",
		    "起動からの時間のみ" },
	};
	const char *out = "";
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (mark & all[i].mark)
			out = arena_printf(a, "%s%s%s", out,
			    *out == '\0' ? ""
				: code	 ? ","
					 : tr(", ", "、"),
			    code ? all[i].code : tr(all[i].en, all[i].ja));
	return out;
}

static const char *
rule(const struct clock_row *r, bool code)
{
	static const char *const name[][3] = { { "", "", "" },
		{ "line", "the line", "行" }, { "ledger", "ledger", "台帳" },
		{ "site", "site", "施設" } };

	return code ? name[r->rule][0]
		    : tr(name[r->rule][1], name[r->rule][2]);
}

/* A cell for machines (code) or for people. */
static const char *
cell(struct arena *a, const struct clock_row *r, size_t column, bool code)
{
	struct skew_estimate e = { 0 };
	bool known = skew_estimate(&r->skew, &e);

	switch (column) {
	case 0:
		return state(r, &e, code);
	case 1:
		return r->peer;
	case 2:
		return code ? r->name : figure_clip(a, span_str(r->name), 32);
	case 3:
		return arena_printf(a, "%" PRIu64,
		    r->skew.count + r->timeless);
	case 4:
		return !known ? "" : code ? seconds(a, e.median)
					  : skew_text(a, e.median);
	case 5:
		return known ? seconds(a, e.spread) : "";
	case 6:
		return rule(r, code);
	default:
		return doubts(a, r->mark, code);
	}
}

static void
print_text(const struct clocks *c)
{
	size_t i, k;

	for (i = 0; i < c->n; i++) {
		const struct clock_row *r = c->list[i];

		printf("%s  %s%s%s\n", cell(c->arena, r, 0, false),
		    r->peer, r->name[0] != '\0' ? "  " : "",
		    cell(c->arena, r, 2, false));
		for (k = 3; k < COLUMNS; k++) {
			const char *text = cell(c->arena, r, k, false);

			if (*text != '\0')
				printf("    %s: %s\n",
				    tr(columns[k].en, columns[k].ja), text);
		}
	}
	printf(tr("%zu devices by the newest %u records; \"clock\" is the "
		  "median of receive time less device time\n",
		   "機器 %zu件（新しい記録 %u件まで）。時計は受信時刻と機器時"
		   "刻の差の中央値です\n"),
	    c->n, RECORDS);
}

static void
print_csv(const struct clocks *c)
{
	struct buf out;
	size_t i, k;

	buf_init(&out);
	csvout_begin(&out);
	for (k = 0; k < COLUMNS; k++)
		csvout_str(&out, tr(columns[k].en, columns[k].ja));
	csvout_row(&out);
	for (i = 0; i < c->n; i++) {
		for (k = 0; k < COLUMNS; k++)
			csvout_str(&out,
			    cell(c->arena, c->list[i], k,
				columns[k].number || k == 2));
		csvout_row(&out);
	}
	fwrite(out.p, 1, out.len, stdout);
	buf_fini(&out);
}

static void
print_json(const struct clocks *c)
{
	struct buf out;
	const char *text;
	size_t i, k;

	buf_init(&out);
	buf_str(&out, "{\"clocks\":[");
	for (i = 0; i < c->n; i++) {
		buf_str(&out, i > 0 ? ",{" : "{");
		for (k = 0; k < COLUMNS; k++) {
			text = cell(c->arena, c->list[i], k, true);
			buf_printf(&out, "%s\"%s\":", k > 0 ? "," : "",
			    columns[k].key);
			if (!columns[k].number)
				json_quote(&out, span_str(text));
			else
				buf_str(&out, *text == '\0' ? "null" : text);
		}
		buf_byte(&out, '}');
	}
	buf_str(&out, "]}");
	puts(buf_cstr(&out));
	buf_fini(&out);
}

/* The farthest off first. */
static int
compare(const void *pa, const void *pb)
{
	const struct clock_row *a = *(struct clock_row *const *)pa;
	const struct clock_row *b = *(struct clock_row *const *)pb;
	struct skew_estimate ea = { 0 }, eb = { 0 };
	int rc;

	(void)skew_estimate(&a->skew, &ea); /* none is 0 */
	(void)skew_estimate(&b->skew, &eb);
	ea.median = ea.median < 0 ? -ea.median : ea.median;
	eb.median = eb.median < 0 ? -eb.median : eb.median;
	if (ea.median != eb.median)
		return ea.median > eb.median ? -1 : 1;
	rc = strcmp(a->peer, b->peer);
	return rc != 0 ? rc : strcmp(a->name, b->name);
}

int
devices_clocks(const char *dir, enum clocks_form form)
{
	struct clocks c = { .arena = arena_new() };
	struct formats *formats = NULL;
	int zone, rc;

	c.row = calloc(DEVICES * 2, sizeof(*c.row));
	c.list = calloc(DEVICES, sizeof(*c.list));
	if (c.row == NULL || c.list == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	rc = read_all(&c, dir, &formats, &zone);
	if (rc == 0 && c.n > 0)
		qsort(c.list, c.n, sizeof(*c.list), compare);
	if (rc == 0)
		form == CLOCKS_JSON    ? print_json(&c)
		    : form == CLOCKS_CSV ? print_csv(&c)
					 : print_text(&c);
	if (c.beyond > 0)
		log_warn(tr("%" PRIu64 " events of further devices are not "
			    "shown",
			     "表示しきれない機器の記録が%" PRIu64
			     "件あります"),
		    c.beyond);
	formats_free(formats);
	free(c.row);
	free(c.list);
	arena_free(c.arena);
	return rc == 0 ? 0 : 1;
}
