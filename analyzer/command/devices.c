/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * konseki devices: who sends logs, how, how much, and who fell silent.  What
 * the writer counts (talker.h) is shown as a table; the evidence itself is
 * read by `konseki show`.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/devices_clocks.h"
#include "analyzer/command/when.h"
#include "analyzer/report/csvout.h"
#include "analyzer/report/figure.h"
#include "common/io.h"
#include "common/json.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/site.h"
#include "site/talker.h"

#define LATE (150 * (uint64_t)UTC_SECOND) /* who writes is not there */

enum column {
#define COL(id, key, en, ja) COL_##id,
#include "analyzer/command/devices_tbl.h"
#undef COL
	COLUMNS
};

static const struct {
	const char *key, *en, *ja;
} columns[] = {
#define COL(id, key, en, ja) { key, en, ja },
#include "analyzer/command/devices_tbl.h"
#undef COL
};

enum form { FORM_TEXT, FORM_JSON, FORM_CSV };

struct view {
	const struct site *site;
	struct arena *arena;
	struct talker_head head;
	struct talker *row;
	size_t n;
	uint64_t at; /* what the table is as of */
	bool stale;  /* the collector is not there */
};

/* --- reading -----------------------------------------------------------------
 */

/* 0, or -1: it was said why. */
static int
load(struct view *v)
{
	struct talker_reader r;
	struct buf text;
	char path[4096];
	int got, rc = -1;

	buf_init(&text);
	if (io_join(path, sizeof(path), v->site->cache, TALKER_FILE) != 0 ||
	    io_read_file(path, TALKER_FILE_MAX, &text) != 0) {
		log_error(tr("%s: %s: the collector writes it once it runs",
			      "%s: %s（コレクターを起動すると作られます）"),
		    path, strerror(errno));
		goto out;
	}
	if (talker_begin(&r, buf_view(&text)) != 0) {
		log_error(tr("%s:1: not a table of senders: remove the "
			     "file, the collector makes it anew",
			      "%s:1: 送信元の一覧ではありません。削除すれ"
			      "ばコレクターが作り直します"),
		    path);
		goto out;
	}
	v->row = arena_alloc(v->arena, TALKER_MAX * sizeof(*v->row));
	v->head = r.head;
	while (v->n < TALKER_MAX && (got = talker_next(&r, &v->row[v->n])) != 0)
		if (got == 1)
			v->n++;
		else
			log_warn(tr("%s:%zu: not the line of a sender: it is "
				    "passed over",
				     "%s:%zu: "
				     "送信元の行ではないため無視します"),
			    path, r.line);
	rc = 0;
out:
	buf_fini(&text);
	return rc;
}

/* Those who need a look first, then the latest. */
static const struct view *order;

static int
compare(const void *pa, const void *pb)
{
	const struct talker *a = pa, *b = pb;
	bool sa = talker_is_silent(a, order->site, order->at),
	     sb = talker_is_silent(b, order->site, order->at);

	if (sa != sb)
		return sa ? -1 : 1;
	if (a->last != b->last)
		return a->last > b->last ? -1 : 1;
	return strcmp(a->peer, b->peer);
}

/* --- cells -------------------------------------------------------------------
 */

static const char *
refused(const struct view *v, const struct talker *t)
{
	if (t->why[0] == '\0' || strcmp(t->why, "not-allowed") == 0)
		return tr("refused, not on the list", "拒否（許可リスト外）");
	return arena_printf(v->arena, tr("refused: %s", "拒否（%s）"), t->why);
}

static const char *
state(const struct view *v, const struct talker *t, bool code)
{
	if (talker_is_silent(t, v->site, v->at))
		return code ? "silent"
			    : tr("SILENT, look into it", "確認が必要（途絶）");
	if (talker_is_refused(t))
		return code ? "refused" : refused(v, t);
	if (talker_usual(t) == 0)
		return code ? "learning" : tr("learning", "学習中");
	return code ? "ok" : tr("ok", "正常");
}

static const char *
number(const struct view *v, uint64_t n)
{
	return arena_printf(v->arena, "%" PRIu64, n);
}

static uint64_t
silence(const struct view *v, const struct talker *t)
{
	return v->at > t->last ? v->at - t->last : 0;
}

static const char *
moment(const struct view *v, uint64_t usec, bool whole)
{
	char text[UTC_TEXT];
	int64_t s = (int64_t)(usec - usec % (uint64_t)UTC_SECOND);

	return arena_str(v->arena,
	    span_str(whole ? utc_print(s, v->site->zone, text)
			   : utc_print_local(s, v->site->zone, text)));
}

/* A cell for machines (code) or for people. */
static const char *
cell(const struct view *v, const struct talker *t, enum column c, bool code)
{
	switch (c) {
	case COL_STATE:
		return state(v, t, code);
	case COL_PEER:
		return t->peer;
	case COL_NAME:
		return code ? t->name
			    : figure_clip(v->arena, span_str(t->name), 32);
	case COL_LISTENER:
		return t->listener;
	case COL_LOG:
		return t->log;
	case COL_TRANSPORT:
		return t->transport;
	case COL_FRAMING:
		return t->framing;
	case COL_WHY:
		return t->why;
	case COL_MINUTE:
		return number(v, talker_last_minute(t, v->at));
	case COL_DAY:
		return number(v, talker_last_day(t, v->at));
	case COL_RECORDS:
		return number(v, t->records);
	case COL_BYTES:
		return number(v, t->bytes);
	case COL_FIRST:
		return moment(v, t->first, code);
	case COL_LAST:
		return moment(v, t->last, code);
	case COL_SILENT:
		return code ? number(v, silence(v, t) / (uint64_t)UTC_SECOND)
			    : figure_length(v->arena, (int64_t)silence(v, t));
	case COL_USUAL:
		return code ? number(v, talker_usual(t) / (uint64_t)UTC_SECOND)
		    : talker_usual(t) == 0
		    ? "-"
		    : figure_length(v->arena, (int64_t)talker_usual(t));
	case COLUMNS:
		break;
	}
	return "";
}

static bool
is_number(enum column c)
{
	return c == COL_MINUTE || c == COL_DAY || c == COL_RECORDS ||
	    c == COL_BYTES || c == COL_SILENT || c == COL_USUAL;
}

/* --- forms -------------------------------------------------------------------
 */

/* Columns on a terminal: whatever is not ASCII takes two. */
static size_t
width(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		if ((*s & 0xc0) != 0x80)
			n += (*s & 0x80) != 0 ? 2 : 1;
	return n;
}

static void
pad(const char *s, size_t wide, bool right)
{
	int blanks = (int)(wide - width(s));

	if (right)
		printf("  %*s%s", blanks, "", s);
	else
		printf("  %s%*s", s, blanks, "");
}

static void
print_text(const struct view *v)
{
	size_t wide[COLUMNS], i, w;
	int c;

	if (v->stale)
		printf(tr("the collector is not running: as of %s\n",
			   "コレクターは停止しています: %s 現在\n"),
		    moment(v, v->at, false));
	for (c = 0; c < COLUMNS; c++) {
		wide[c] = width(tr(columns[c].en, columns[c].ja));
		for (i = 0; i < v->n; i++)
			if ((w = width(cell(v, &v->row[i], c, false))) >
			    wide[c])
				wide[c] = w;
		pad(tr(columns[c].en, columns[c].ja), wide[c], is_number(c));
	}
	putchar('\n');
	for (i = 0; i < v->n; i++) {
		for (c = 0; c < COLUMNS; c++)
			pad(cell(v, &v->row[i], c, false), wide[c],
			    is_number(c));
		putchar('\n');
	}
	printf(tr("%zu senders; counted since %s\n",
		   "送信元 %zu件（%s から集計）\n"),
	    v->n, moment(v, v->head.since, false));
	if (v->head.other_records > 0)
		printf(tr("beyond the limit of %u senders: %" PRIu64
			  " records, %" PRIu64 " bytes\n",
			   "上限の%u件を超えた送信元: 記録%" PRIu64
			   "件、%" PRIu64 "バイト\n"),
		    TALKER_MAX, v->head.other_records, v->head.other_bytes);
}

static void
print_csv(const struct view *v)
{
	struct buf out;
	size_t i;
	int c;

	buf_init(&out);
	csvout_begin(&out);
	for (c = 0; c < COLUMNS; c++)
		csvout_str(&out, tr(columns[c].en, columns[c].ja));
	csvout_row(&out);
	for (i = 0; i < v->n; i++) {
		for (c = 0; c < COLUMNS; c++)
			csvout_str(&out,
			    c == COL_STATE || c == COL_FIRST || c == COL_LAST
				? cell(v, &v->row[i], c, false)
				: cell(v, &v->row[i], c, true));
		csvout_row(&out);
	}
	fwrite(out.p, 1, out.len, stdout);
	buf_fini(&out);
}

static void
json_row(const struct view *v, const struct talker *t, struct buf *out)
{
	const char *text;
	int c;

	for (c = 0; c < COLUMNS; c++) {
		text = cell(v, t, c, true);
		buf_printf(out, "%s\"%s\":", c == 0 ? "{" : ",",
		    columns[c].key);
		if (is_number(c))
			buf_str(out, text);
		else
			json_quote(out, span_str(text));
	}
	buf_byte(out, '}');
}

static void
print_json(const struct view *v)
{
	struct buf out;
	size_t i;

	buf_init(&out);
	buf_str(&out, "{\"at\":");
	json_quote(&out, span_str(moment(v, v->at, true)));
	buf_str(&out, ",\"since\":");
	json_quote(&out, span_str(moment(v, v->head.since, true)));
	buf_printf(&out,
	    ",\"stale\":%s,\"limit\":%u,\"other_records\":%" PRIu64
	    ",\"other_bytes\":%" PRIu64 ",\"sources\":[",
	    v->stale ? "true" : "false", TALKER_MAX, v->head.other_records,
	    v->head.other_bytes);
	for (i = 0; i < v->n; i++) {
		if (i > 0)
			buf_byte(&out, ',');
		json_row(v, &v->row[i], &out);
	}
	buf_str(&out, "]}");
	puts(buf_cstr(&out));
	buf_fini(&out);
}

/* --- the command -------------------------------------------------------------
 */

static int
run(struct view *v, const char *at, enum form form)
{
	size_t i;

	if (load(v) != 0)
		return 1;
	v->at = (uint64_t)utc_now();
	if (at != NULL) {
		if (when_parse("at", at, v->site->zone, &v->at) != 0)
			return 1;
	} else if (v->at > v->head.saved + LATE) {
		v->stale = true; /* silent is the collector, not they */
		v->at = v->head.saved;
	}
	order = v;
	if (v->n > 0)
		qsort(v->row, v->n, sizeof(*v->row), compare);
	if (form == FORM_JSON)
		print_json(v);
	else if (form == FORM_CSV)
		print_csv(v);
	else
		print_text(v);
	for (i = 0; i < v->n; i++)
		if (talker_is_silent(&v->row[i], v->site, v->at))
			return 3;
	return 0;
}

int
command_devices(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "at", required_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ "csv", no_argument, NULL, 'c' },
		{ "clocks", no_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = NULL, *at = NULL;
	struct view v = { .n = 0 };
	enum form form = FORM_TEXT;
	bool json = false, csv = false, clocks = false;
	struct site *site;
	int c, rc;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			dir = optarg;
		else if (c == 'a')
			at = optarg;
		else if (c == 'j')
			json = true;
		else if (c == 'c')
			csv = true;
		else if (c == 'k')
			clocks = true;
		else
			break;
	}
	if (c != -1 || optind < argc || (clocks && at != NULL))
		return command_usage("devices",
		    "[--site DIR] [--at TIME | --clocks] [--json | --csv]");
	if (json && csv) {
		log_error("%s",
		    tr("--json and --csv do not go together: give one of them",
			"--jsonと--csvは同時に指定できません"));
		return 2;
	}
	if (json || csv)
		form = json ? FORM_JSON : FORM_CSV;
	if (clocks)
		return devices_clocks(dir, (enum clocks_form)form);
	if ((site = command_site(dir)) == NULL)
		return 1;
	v.site = site;
	v.arena = arena_new();
	rc = run(&v, at, form);
	arena_free(v.arena);
	site_free(site);
	return rc;
}
