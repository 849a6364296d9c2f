/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analyzer/command/jsonevent.h"
#include "analyzer/command/rules.h"
#include "analyzer/sigma/correlate.h"
#include "analyzer/sigma/moment.h"
#include "common/json.h"
#include "common/log.h"

/* konseki rules match: JSON events as they stand, against a folder of rules. */

#define LINE_BYTES (16u << 20)
#define OUT_BYTES (64u << 10)

/*
 * What correlations hold until the last event has come: whatever order the
 * events have, they are judged by their time.
 */
#define CORRELATE_ALL                                                          \
	((struct correlate_limits){ INT64_MAX / 4, CORRELATION_COUNT, 1000000, \
	    256u << 20, 512u << 20, NULL })

/* A line of the output, by the place of its document. */
struct hit {
	uint64_t event;
	size_t place;
};

struct match {
	struct corpus *corpus;
	struct jsonevent event;
	struct corpus_hits hits;
	struct correlate *correlate; /* NULL: there are no correlations */
	struct hit *kept; /* with correlations: they come when all is read */
	size_t nkept, cap;
	struct buf *tail; /* by place: what stands behind the number */
	struct buf out;
	const char *file;
	uint64_t line;	     /* that is read, from 0 */
	uint64_t bad;	     /* lines that are no events */
	uint64_t untimed;    /* events that no correlation could take */
	uint64_t done, size; /* bytes; 0 = not known */
};

static void
make_tail(struct match *m, const struct document *d, size_t place)
{
	struct buf *tail = &m->tail[place];

	buf_str(tail, ",\"id\":");
	if (d->id.len > 0)
		json_quote(tail, d->id);
	else
		buf_str(tail, "null");
	buf_str(tail, ",\"path\":");
	json_quote(tail, span_str(d->path));
	buf_str(tail, "}\n");
}

static void
make_tails(struct match *m)
{
	const struct corpus *c = m->corpus;
	size_t i;

	m->tail = calloc(c->ndocument + 1, sizeof(*m->tail));
	if (m->tail == NULL)
		abort();
	for (i = 0; i < c->n; i++)
		make_tail(m, c->rules[i].doc, c->rules[i].place);
	for (i = 0; i < c->ncorrelation; i++)
		if (c->correlations[i].doc != NULL)
			make_tail(m, c->correlations[i].doc,
			    c->correlations[i].place);
}

static void
free_tails(struct match *m)
{
	size_t i;

	for (i = 0; i < m->corpus->ndocument; i++)
		buf_fini(&m->tail[i]);
	free(m->tail);
}

static int
flush(struct match *m)
{
	size_t len = m->out.len;

	m->out.len = 0;
	return len == 0 || fwrite(m->out.p, 1, len, stdout) == len ? 0 : -1;
}

static void
complain(struct match *m, const char *what)
{
	log_error("%s:%" PRIu64 ": %s", m->file, m->line + 1, what);
	m->bad++;
}

static void
complain_json(struct match *m)
{
	char what[256];

	snprintf(what, sizeof(what),
	    tr("no JSON object: %s, at its byte %zu",
		"JSONオブジェクトではありません: %s(%zuバイト目)"),
	    m->event.fault, m->event.at + 1);
	complain(m, what);
}

static bool
is_blank(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r')
			return false;
	return true;
}

static void
print(struct match *m, uint64_t event, size_t place)
{
	buf_printf(&m->out, "{\"event\":%" PRIu64, event);
	buf_span(&m->out, buf_view(&m->tail[place]));
}

static void
keep(struct match *m, uint64_t event, size_t place)
{
	if (m->nkept == m->cap) {
		m->cap = m->cap == 0 ? 1024 : m->cap * 2;
		m->kept = reallocarray(m->kept, m->cap, sizeof(*m->kept));
		if (m->kept == NULL)
			abort();
	}
	m->kept[m->nkept++] = (struct hit){ event, place };
}

static void
take_result(void *arg, const struct correlate_result *r)
{
	struct match *m = arg;
	const struct corpus_correlation *c =
	    &m->corpus->correlations[r->correlation];

	if (!c->silent)
		keep(m, r->event, c->place);
}

static void
correlate(struct match *m)
{
	bool timed = false;
	int64_t time = 0;
	size_t i;
	int zone;

	for (i = 0; i < m->hits.n; i++) {
		if (!correlate_wants(m->correlate, m->hits.v[i]))
			continue;
		if (!timed &&
		    moment_parse(m->event.time, &time, &zone) == -1) {
			m->untimed++;
			return;
		}
		timed = true;
		correlate_push(m->correlate, m->hits.v[i], time, m->line,
		    &m->event.view);
	}
}

static int
match_event(struct match *m)
{
	struct jsonevent *e = &m->event;
	const struct corpus_rule *r;
	size_t i;

	corpus_match(m->corpus, &e->view, e->routed ? &e->route : NULL,
	    &m->hits);
	for (i = 0; i < m->hits.n; i++) {
		r = &m->corpus->rules[m->hits.v[i]];
		if (r->silent)
			continue;
		if (m->correlate == NULL)
			print(m, m->line, r->place);
		else
			keep(m, m->line, r->place);
	}
	if (m->correlate != NULL)
		correlate(m);
	return m->out.len < OUT_BYTES ? 0 : flush(m);
}

static int
match_line(struct match *m, struct span line)
{
	if (is_blank(line))
		return 0;
	if (line.len > LINE_BYTES) {
		complain(m, tr("the line is too long", "行が長すぎます"));
		return 0;
	}
	if (jsonevent_read(&m->event, line) == 0)
		return match_event(m);
	complain_json(m);
	return 0;
}

static int
by_event(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* One event may complete several groups of one correlation. */
static int
print_kept(struct match *m)
{
	const struct hit *h = m->kept;
	size_t i;
	int rc = 0;

	if (m->nkept > 1)
		qsort(m->kept, m->nkept, sizeof(*m->kept), by_event);
	for (i = 0; rc == 0 && i < m->nkept; i++) {
		if (i > 0 && by_event(&h[i - 1], &h[i]) == 0)
			continue;
		print(m, h[i].event, h[i].place);
		if (m->out.len >= OUT_BYTES)
			rc = flush(m);
	}
	return rc;
}

static int
match_lines(struct match *m, FILE *in)
{
	char *line = NULL;
	size_t cap = 0, n;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &cap, in)) != -1) {
		n = (size_t)len;
		m->done += n;
		if (n > 0 && line[n - 1] == '\n')
			n--;
		rc = match_line(m, span_make(line, n));
		if (++m->line % 256 == 0)
			log_progress(tr("matching", "照合中"), m->done,
			    m->size);
	}
	log_progress_end();
	free(line);
	return rc;
}

/* What of the correlations is not as the rules say.  true: there is. */
static bool
say_losses(const struct match *m)
{
	bool any = false;
	uint64_t n;
	int i;

	if (m->untimed > 0)
		log_warn(tr("%" PRIu64 " events without a time took part in no "
			    "correlation",
			     "時刻がないため相関に使えないイベント: %" PRIu64
			     "件"),
		    m->untimed);
	for (i = 0; m->correlate != NULL && i < CORRELATE_LOSSES; i++) {
		n = correlate_lost(m->correlate, (enum correlate_loss)i);
		if (n == 0)
			continue;
		log_warn("%s (%" PRIu64 ")",
		    correlate_loss_text((enum correlate_loss)i), n);
		any = any || i != CORRELATE_LOST_VALUE;
	}
	return any;
}

/* What did not stop it, but should be known.  true: the matches are not all. */
static bool
say_sum(const struct match *m)
{
	const struct view *v = &m->event.view;

	if (m->corpus->refused_files > 0)
		log_warn(tr("%zu of %zu rule files are refused; see 'konseki "
			    "rules check'",
			     "ルールファイル%zu件（全%zu件）を断りました。"
			     "konseki rules check で理由を表示します"),
		    m->corpus->refused_files, m->corpus->files);
	if (m->bad > 0)
		log_error(tr("%" PRIu64 " lines are no events",
			      "イベントとして読めない行: %" PRIu64 "行"),
		    m->bad);
	if (v->dropped > 0)
		log_error(tr("%" PRIu64 " values beyond %d in one event were "
			     "not looked at",
			      "1件のイベントの値が多すぎるため、%" PRIu64
			      "個の値（%d個を超える分）を調べていません"),
		    v->dropped, VIEW_VALUES);
	if (v->overruns > 0)
		log_error(tr("%" PRIu64 " times an expression was stopped by "
			     "its limit",
			      "正規表現が上限で止まりました: %" PRIu64 "回"),
		    v->overruns);
	return say_losses(m) || m->bad + v->dropped + v->overruns > 0;
}

static void
begin(struct match *m)
{
	const struct correlate_limits limits = CORRELATE_ALL;
	const struct correlate_told told = { take_result, NULL, NULL, m };

	make_tails(m);
	jsonevent_init(&m->event, m->corpus->fields);
	buf_init(&m->out);
	if (m->corpus->ncorrelation > 0)
		m->correlate = correlate_new(m->corpus->linked,
		    m->corpus->ncorrelation, &limits, &told);
}

static void
end(struct match *m)
{
	correlate_free(m->correlate);
	buf_fini(&m->out);
	jsonevent_fini(&m->event);
	corpus_hits_fini(&m->hits);
	free_tails(m);
	free(m->kept);
}

static int
run(struct match *m, FILE *in)
{
	struct stat st;
	int rc;

	if (fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode))
		m->size = (uint64_t)st.st_size;
	begin(m);
	rc = match_lines(m, in);
	if (rc == 0 && m->correlate != NULL) {
		correlate_finish(m->correlate);
		rc = print_kept(m);
	}
	if (rc == -1 || flush(m) == -1 || fflush(stdout) != 0) {
		log_errno(tr("cannot write", "書けません"));
		rc = -1;
	} else if (ferror(in)) {
		log_error(tr("cannot read '%s' to its end",
			      "「%s」を最後まで読めません"),
		    m->file);
		rc = -1;
	}
	if (say_sum(m))
		rc = -1;
	end(m);
	return rc == 0 ? 0 : 1;
}

int
rules_match(struct rules_call *c)
{
	struct match m = { .file = c->events };
	FILE *in = stdin;
	int status;

	if (c->narg != 0 || c->dir == NULL || c->events == NULL)
		return RULES_USAGE;
	if (strcmp(c->events, "-") != 0 &&
	    (in = fopen(c->events, "re")) == NULL) {
		log_errno("%s", c->events);
		return 1;
	}
	m.corpus = rules_load(c, c->dir);
	status = m.corpus == NULL ? 1 : run(&m, in);
	corpus_free(m.corpus);
	if (in != stdin)
		fclose(in);
	return status;
}
