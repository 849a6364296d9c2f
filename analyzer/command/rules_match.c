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
#include "common/json.h"
#include "common/log.h"

/* konseki rules match: JSON events as they stand, against a folder of rules. */

#define LINE_BYTES (16u << 20)
#define OUT_BYTES (64u << 10)

struct match {
	struct corpus *corpus;
	struct jsonevent event;
	struct corpus_hits hits;
	struct buf *tail; /* of each rule: what stands behind the number */
	struct buf out;
	const char *file;
	uint64_t line; /* that is read, from 0 */
	uint64_t bad;  /* lines that are no events */
	uint64_t done, size; /* bytes; 0 = not known */
};

static void
make_tails(struct match *m)
{
	const struct document *d;
	size_t i;

	m->tail = calloc(m->corpus->n + 1, sizeof(*m->tail));
	if (m->tail == NULL)
		abort();
	for (i = 0; i < m->corpus->n; i++) {
		d = m->corpus->rules[i].doc;
		buf_str(&m->tail[i], ",\"id\":");
		if (d->id.len > 0)
			json_quote(&m->tail[i], d->id);
		else
			buf_str(&m->tail[i], "null");
		buf_str(&m->tail[i], ",\"path\":");
		json_quote(&m->tail[i], span_str(d->path));
		buf_str(&m->tail[i], "}\n");
	}
}

static void
free_tails(struct match *m)
{
	size_t i;

	for (i = 0; i < m->corpus->n; i++)
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

static int
match_line(struct match *m, struct span line)
{
	struct jsonevent *e = &m->event;
	size_t i;

	if (is_blank(line))
		return 0;
	if (line.len > LINE_BYTES) {
		complain(m, tr("the line is too long", "行が長すぎます"));
		return 0;
	}
	if (jsonevent_read(e, line) == -1) {
		complain_json(m);
		return 0;
	}
	corpus_match(m->corpus, &e->view, e->routed ? &e->route : NULL,
	    &m->hits);
	for (i = 0; i < m->hits.n; i++) {
		if (m->corpus->rules[m->hits.v[i]].silent)
			continue;
		buf_printf(&m->out, "{\"event\":%" PRIu64, m->line);
		buf_span(&m->out, buf_view(&m->tail[m->hits.v[i]]));
	}
	return m->out.len < OUT_BYTES ? 0 : flush(m);
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

/* What did not stop it, but should be known. */
static void
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
}

static int
run(struct match *m, FILE *in)
{
	struct stat st;
	int rc;

	if (fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode))
		m->size = (uint64_t)st.st_size;
	make_tails(m);
	jsonevent_init(&m->event, m->corpus->fields);
	buf_init(&m->out);
	rc = match_lines(m, in);
	if (rc == 0 && ferror(in))
		log_errno("%s", m->file);
	else if (rc == -1 || flush(m) == -1 || fflush(stdout) != 0)
		log_errno(tr("cannot write", "書けません"));
	else
		rc = 1;
	say_sum(m);
	rc = rc == 1 && m->bad + m->event.view.dropped +
		    m->event.view.overruns == 0
	    ? 0
	    : 1;
	buf_fini(&m->out);
	jsonevent_fini(&m->event);
	corpus_hits_fini(&m->hits);
	free_tails(m);
	return rc;
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
