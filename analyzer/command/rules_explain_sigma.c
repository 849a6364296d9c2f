/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>

#include "analyzer/command/jsonevent.h"
#include "analyzer/command/rules_explain.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"

/* konseki rules explain, of a file of Sigma: events as they stand. */

struct sigma {
	const struct corpus *corpus;
	struct jsonevent event;
	struct arena *arena;
	struct buf out;
};

bool
rules_explain_is_sigma(const char *path)
{
	struct arena *arena = arena_new();
	const struct yaml_node *all = NULL, *n;
	struct yaml_error err;
	struct buf text;
	bool own = false;

	buf_init(&text);
	if (io_read_file(path, CORPUS_FILE, &text) == 0)
		all = yaml_parse_all(buf_view(&text), path, arena, &err);
	for (n = all == NULL ? NULL : all->first; n != NULL; n = n->next)
		own |= n->kind == YAML_MAP && yaml_get(n, "x-konseki") != NULL;
	buf_fini(&text);
	arena_free(arena);
	return all != NULL && !own;
}

static enum explain_verdict
part(struct sigma *s, const char *name, const struct detection *d,
    struct buf *why)
{
	struct rules_part p = { .name = name };

	explain_detection(d, &s->event.view, NULL, NULL, s->arena, &p.x);
	buf_printf(&s->out, "%s %s\n", rules_explain_verdict(p.x.verdict),
	    name);
	rules_explain_part(&p, &s->out);
	rules_explain_why(&p, why);
	return p.x.verdict;
}

static void
explain_rule(struct sigma *s, const struct corpus_rule *r)
{
	enum explain_verdict v = EXPLAIN_YES, one;
	struct buf why[2];
	size_t i;

	buf_init(&why[EXPLAIN_NO]);
	buf_init(&why[EXPLAIN_YES]);
	text_escape(r->doc->title, &s->out);
	buf_byte(&s->out, '\n');
	if (s->event.routed &&
	    !document_routes(&r->doc->logsource, &s->event.route)) {
		v = EXPLAIN_NO;
		buf_str(&why[v],
		    tr("  the rule is for another log source\n",
			"  このルールの対象（logsource）ではありません\n"));
	}
	for (i = 0; i <= r->nfilter; i++) {
		struct buf w;

		buf_init(&w);
		one = i == 0 ? part(s, "detection", r->doc->detection, &w)
			     : part(s, "filter", r->filters[i - 1], &w);
		buf_span(&why[one], buf_view(&w));
		v = one == EXPLAIN_NO ? one : v;
		buf_fini(&w);
	}
	buf_printf(&s->out, "%s\n",
	    v == EXPLAIN_YES ? tr("fits:", "一致します:")
			     : tr("does not fit:", "一致しません:"));
	buf_span(&s->out, buf_view(&why[v]));
	buf_fini(&why[EXPLAIN_NO]);
	buf_fini(&why[EXPLAIN_YES]);
}

static int
explain_event(void *arg, struct span text)
{
	struct sigma *s = arg;
	size_t i;

	if (jsonevent_read(&s->event, text) == -1) {
		log_error(tr("no JSON object: %s, at its byte %zu",
			      "JSONオブジェクトではありません: %s"
			      "(%zuバイト目)"),
		    s->event.fault, s->event.at + 1);
		return -1;
	}
	arena_reset(s->arena);
	s->out.len = 0;
	for (i = 0; i < s->corpus->n; i++)
		explain_rule(s, &s->corpus->rules[i]);
	return fwrite(s->out.p, 1, s->out.len, stdout) == s->out.len ? 0 : -1;
}

int
rules_explain_sigma(const struct rules_call *c)
{
	struct corpus *corpus = rules_load(c, c->arg[0]);
	struct sigma s = { .corpus = corpus };
	int status;
	size_t i;

	if (corpus == NULL)
		return 1;
	for (i = 0; i < corpus->refused.n; i++)
		yaml_report(&corpus->refused.v[i]);
	s.arena = arena_new();
	jsonevent_init(&s.event, corpus->fields);
	status = rules_explain_events(c, explain_event, &s);
	if (corpus->refused.n > 0)
		status = 1;
	jsonevent_fini(&s.event);
	buf_fini(&s.out);
	arena_free(s.arena);
	corpus_free(corpus);
	return status;
}
