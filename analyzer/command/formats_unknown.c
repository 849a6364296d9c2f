/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/formats.h"
#include "analyzer/command/formats_explain.h"
#include "analyzer/command/records.h"
#include "analyzer/format/cluster.h"
#include "common/io.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* konseki formats unknown: what no format knows, and what to do about it. */

#define TEXT_SHOWN 300 /* bytes of a template or a line */
#define KINDS_SHOWN 50 /* unless --max says otherwise */

struct unknown {
	const struct formats_call *call;
	struct formats *formats;
	struct records *records; /* or NULL: standard input */
	struct cluster *cluster;
	struct explain *x;
	struct event event;
	struct arena *arena;
	struct buf out, text;
};

/* The line as text: what it was read by, else what fits. */
static struct span
decoded(struct unknown *u, const struct event *e)
{
	u->text.len = 0;
	(void)text_decode(e->encoding, e->message, &u->text);
	return buf_view(&u->text);
}

/* The head is cut off: its time and host would make every line another. */
static void
add(struct unknown *u, const struct event *e, struct span source,
    uint64_t where)
{
	struct span text = decoded(u, e);
	struct header h;

	header_parse(text, &h);
	if (source.len == 0)
		source = h.host.len > 0 ? h.host : SPAN("-");
	if (e->format != NULL && !formats_takes_any(u->formats, e->format))
		cluster_known(u->cluster, source);
	else
		cluster_add(u->cluster, source, h.body[HEADER_HOST], text,
		    where);
}

static int
read_records(struct unknown *u)
{
	struct evread_record rec;
	struct event *e;
	int rc;

	while ((rc = records_next(u->records, &rec, &e)) == 1)
		if (e != NULL)
			add(u, e, e->source->peer, e->index);
	return rc;
}

static int
read_lines(struct unknown *u, FILE *in)
{
	struct format_hints hints = { .zone = u->call->zone, .now = utc_now() };
	char *line = NULL;
	uint64_t n = 0;
	size_t cap = 0;
	ssize_t len;

	while ((len = getline(&line, &cap, in)) != -1) {
		if (len > 0 && line[len - 1] == '\n')
			len--;
		n++;
		if (len == 0)
			continue;
		arena_reset(u->arena);
		memset(&u->event, 0, offsetof(struct event, f));
		u->event.message = span_make(line, (size_t)len);
		(void)formats_apply(u->formats, &u->event, u->arena, &hints);
		add(u, &u->event, SPAN(""), n);
	}
	free(line);
	if (!ferror(in))
		return 0;
	log_errno("%s", tr("cannot read", "読み取れません"));
	return -1;
}

static void
put(struct buf *out, struct span s)
{
	size_t len = s.len;

	if (len > TEXT_SHOWN)
		for (len = TEXT_SHOWN; len > 0 && (s.p[len] & 0xc0) == 0x80;
		     len--)
			;
	text_escape(span_sub(s, 0, len), out);
	buf_str(out, len < s.len ? "...\n" : "\n");
}

/* What is known of a line of that kind: nearly a format, or half of one. */
static void
explain(struct unknown *u, const struct cluster_template *t)
{
	struct format_hints hints = { .zone = u->call->zone, .now = utc_now() };

	arena_reset(u->arena);
	memset(&u->event, 0, sizeof(u->event));
	if (t->nsample > 0)
		u->event.message = t->sample[0];
	explain_line(u->x, u->formats, &u->event, u->arena, &hints);
}

/* The format that detected the line by its words and could not read it. */
static const char *
failed(const struct unknown *u)
{
	const struct trace *t = &u->x->trace;
	size_t i;

	for (i = 0; i < t->nfailure; i++)
		if (!formats_takes_any(u->formats, t->failure[i].format->name))
			return t->failure[i].format->name;
	return NULL;
}

/* The nearest format, if half of what it asks for is there; else NULL. */
static const struct explain_way *
nearest(const struct explain *x)
{
	size_t i;

	for (i = 0; i < x->nnear; i++)
		if (x->near[i].held * 2 >= x->near[i].n &&
		    !x->near[i].format->last)
			return &x->near[i];
	return NULL;
}

static void
put_proposal(struct unknown *u, size_t number)
{
	const struct explain_way *near = nearest(u->x);

	if (failed(u) != NULL)
		buf_printf(&u->out,
		    tr("     it looks like %s, which cannot read it; "
		       "'konseki formats explain' says why\n",
			"     %s に見えますが読めません。理由は "
			"konseki formats explain で表示できます\n"),
		    failed(u));
	else if (near != NULL)
		buf_printf(&u->out,
		    tr("     near %s, which asks for more; 'konseki formats "
		       "explain' says for what\n",
			"     %s に近い行です。違いは konseki formats explain "
			"で表示できます\n"),
		    near->format->name);
	buf_printf(&u->out,
	    tr("     to begin a format: konseki formats unknown ... "
	       "--lines %zu | konseki formats new NAME\n",
		"     書式を作るには: konseki formats unknown ... "
		"--lines %zu | konseki formats new 名前\n"),
	    number);
}

static void
put_template(struct unknown *u, size_t number, const struct cluster_template *t)
{
	buf_printf(&u->out,
	    u->records != NULL ? tr("%4zu %" PRIu64 " lines, records %" PRIu64
				    " to %" PRIu64 "\n     ",
				     "%4zu %" PRIu64 "行（記録%" PRIu64
				     "〜%" PRIu64 "）\n     ")
			       : tr("%4zu %" PRIu64 " lines, from line %" PRIu64
				    " to %" PRIu64 "\n     ",
				     "%4zu %" PRIu64 "行（%" PRIu64
				     "行目〜%" PRIu64 "行目）\n     "),
	    number, t->n, t->first, t->last);
	put(&u->out, t->text);
	if (t->nsample > 0) {
		buf_str(&u->out, tr("     as: ", "     例: "));
		put(&u->out, t->sample[0]);
	}
	explain(u, t);
	put_proposal(u, number);
}

static void
member(struct buf *out, const char *name, struct span value)
{
	buf_printf(out, "\"%s\":", name);
	json_quote(out, value);
	buf_byte(out, ',');
}

static void
put_json(struct unknown *u, size_t number, const struct cluster_template *t)
{
	explain(u, t);
	buf_byte(&u->out, '{');
	member(&u->out, "source", t->source);
	member(&u->out, "template", t->text);
	if (t->nsample > 0)
		member(&u->out, "sample", t->sample[0]);
	if (failed(u) != NULL)
		member(&u->out, "failed", span_str(failed(u)));
	if (nearest(u->x) != NULL)
		member(&u->out, "near", span_str(nearest(u->x)->format->name));
	buf_printf(&u->out,
	    "\"number\":%zu,\"lines\":%" PRIu64 ",\"first\":%" PRIu64
	    ",\"last\":%" PRIu64 "}\n",
	    number, t->n, t->first, t->last);
}

static void
put_source(struct unknown *u, const struct cluster_source *s)
{
	text_escape(s->name, &u->out);
	buf_printf(&u->out,
	    tr(": %" PRIu64 " of %" PRIu64 " lines are not understood\n",
		": 解釈できない行 %" PRIu64 "（全%" PRIu64 "行）\n"),
	    s->unknown, s->lines);
}

/* The kinds of one source, which stand together. */
static void
put_kinds(struct unknown *u, const struct cluster_source *s, size_t *shown)
{
	size_t i, max = u->call->max > 0 ? u->call->max : KINDS_SHOWN;

	for (i = 0; i < cluster_templates(u->cluster); i++) {
		const struct cluster_template *t =
		    cluster_template(u->cluster, i);

		if (!span_eq(t->source, s->name) || *shown == max)
			continue;
		++*shown;
		if (u->call->json)
			put_json(u, i + 1, t);
		else
			put_template(u, i + 1, t);
	}
}

static void
put_rest(struct unknown *u, size_t shown, uint64_t unknown)
{
	size_t more = cluster_templates(u->cluster) - shown;

	if (u->call->json)
		return;
	if (unknown == 0)
		buf_str(&u->out,
		    tr("every line is understood\n",
			"すべての行を解釈できました\n"));
	if (more > 0)
		buf_printf(&u->out,
		    tr("%zu more kinds; --max shows more\n",
			"ほか%zu種類（--maxで表示数を変更できます）\n"),
		    more);
	if (cluster_beyond(u->cluster) > 0)
		buf_printf(&u->out,
		    tr("%" PRIu64 " more lines are of too many kinds to tell\n",
			"ほか%" PRIu64
			"行（種類が多すぎるため分類していません）"
			"\n"),
		    cluster_beyond(u->cluster));
}

static void
put_all(struct unknown *u)
{
	uint64_t unknown = cluster_beyond(u->cluster);
	size_t i, shown = 0;

	for (i = 0; i < cluster_sources(u->cluster); i++) {
		const struct cluster_source *s = cluster_source(u->cluster, i);

		unknown += s->unknown;
		if (s->unknown == 0)
			continue;
		if (!u->call->json)
			put_source(u, s);
		put_kinds(u, s, &shown);
	}
	put_rest(u, shown, unknown);
}

/* The lines of one kind, as they came: what `formats new` reads. */
static int
put_lines(struct unknown *u)
{
	const struct cluster_template *t;
	size_t i;

	if (u->call->lines > cluster_templates(u->cluster)) {
		log_error(tr("there is no kind %zu of unknown lines",
			      "解釈できない行の種類%zuはありません"),
		    u->call->lines);
		return 1;
	}
	t = cluster_template(u->cluster, u->call->lines - 1);
	for (i = 0; i < t->nsample; i++) {
		buf_span(&u->out, t->sample[i]);
		buf_byte(&u->out, '\n');
	}
	return 0;
}

/* The formats of the log's site, unless a folder was named. */
static int
open_all(struct unknown *u)
{
	const struct formats_call *c = u->call;
	struct records_call call = { c->site, c->narg > 0 ? c->arg[0] : NULL,
		"formats", "view" };
	char path[4096];
	const char *dir = c->dir;

	if (c->site != NULL || c->narg > 0) {
		if ((u->records = records_open(&call)) == NULL)
			return -1;
		if (dir == NULL &&
		    io_join(path, sizeof(path), records_rules(u->records),
			"formats") == 0)
			dir = path;
	}
	u->formats = formats_open(dir, c->file, c->nfile);
	if (u->formats == NULL)
		return -1;
	if (u->records != NULL)
		records_begin(u->records, u->formats, c->zone);
	return 0;
}

static int
run(struct unknown *u)
{
	int status = 0;

	if (open_all(u) != 0)
		return 1;
	if ((u->records != NULL ? read_records(u) : read_lines(u, stdin)) != 0)
		return 1;
	cluster_sort(u->cluster);
	if (u->call->lines > 0)
		status = put_lines(u);
	else
		put_all(u);
	if (fwrite(u->out.p, 1, u->out.len, stdout) != u->out.len ||
	    fflush(stdout) != 0) {
		log_errno("%s", tr("cannot write", "出力できません"));
		return 1;
	}
	return status;
}

int
formats_unknown(struct formats_call *c)
{
	struct unknown *u;
	int status;

	if (c->narg > 1)
		return 2;
	if ((u = calloc(1, sizeof(*u))) == NULL ||
	    (u->x = calloc(1, sizeof(*u->x))) == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	u->call = c;
	u->cluster = cluster_new();
	u->arena = arena_new();
	buf_init(&u->out);
	buf_init(&u->text);
	status = run(u);
	records_close(u->records);
	formats_free(u->formats);
	cluster_free(u->cluster);
	arena_free(u->arena);
	buf_fini(&u->out);
	buf_fini(&u->text);
	free(u->x);
	free(u);
	return status;
}
