/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/command/events.h"
#include "analyzer/command/rules_pack.h"
#include "analyzer/format/reach.h"
#include "analyzer/format/set.h"
#include "analyzer/rule/example.h"
#include "common/log.h"
#include "common/text.h"

/* konseki rules test: do the examples of the rules hold? */

struct tested {
	size_t passed, failed;
	struct buf out;
	const char *dir;	 /* of the formats */
	struct formats *formats; /* loaded if a rule asks for a product */
	bool unreadable;	 /* they could not be */
};

static void
part(struct buf *out, const char *name, struct span value)
{
	buf_printf(out, "    %s: ", name);
	text_escape(value, out);
	buf_byte(out, '\n');
}

static void
report(void *arg, const struct example_verdict *v)
{
	struct tested *t = arg;

	if (v->good) {
		t->passed++;
		return;
	}
	t->failed++;
	t->out.len = 0;
	buf_printf(&t->out, "%s:%u: %s: ", v->rule->file, v->line,
	    v->rule->code);
	text_escape(span_str(v->name), &t->out);
	buf_str(&t->out, v->name[0] != '\0' ? ": " : "");
	text_escape(span_str(v->why), &t->out);
	buf_byte(&t->out, '\n');
	if (v->came.len > 0) {
		part(&t->out, tr("wanted", "期待"), v->wanted);
		part(&t->out, tr("found", "結果"), v->came);
	}
	fwrite(t->out.p, 1, t->out.len, stdout);
}

/* ---- whether anything is of a rule's product ---- */

static bool
is_of(const struct format *f, const struct rule_logsource *l, struct reach *r,
    struct event *e)
{
	struct rule_logsource product = { .product = l->product };

	reach_of(f, r);
	event_clear(e);
	e->format = f->name;
	event_add(e, ECS_OBSERVER_PRODUCT, r->product);
	event_add(e, ECS_OBSERVER_VENDOR, r->vendor);
	event_add(e, ECS_OBSERVER_TYPE, r->type);
	return rule_routes(&product, e);
}

static bool
is_any_of(const struct format_set *set, const struct rule_logsource *l)
{
	struct reach *r = calloc(1, sizeof(*r));
	struct event *e = calloc(1, sizeof(*e));
	bool any = false;
	size_t i;

	if (r == NULL || e == NULL)
		abort();
	for (i = 0; i < set->n && !any; i++)
		any = is_of(set->format[i], l, r, e);
	free(r);
	free(e);
	return any;
}

/* Of a product that no format knows only a line tells that names it itself. */
static void
check_product(struct tested *t, const struct rule *r,
    const struct rule_logsource *l)
{
	if (l->product.len == 0 || span_is(l->product, "konseki") ||
	    t->unreadable)
		return;
	if (t->formats == NULL &&
	    (t->formats = events_formats(t->dir)) == NULL) {
		t->unreadable = true;
		return;
	}
	if (is_any_of(formats_set(t->formats), l))
		return;
	log_warn(tr("%s:%u:%u: no format here tells of a product '%.*s': "
		    "no record fits, but of a line that names it itself "
		    "(CEF, LEEF). 'konseki formats list' has what there is",
		     "%s:%u:%u: 製品「%.*s」を読み取る書式はありません。記録"
		     "自身が製品名を示す（CEF、LEEF）場合を除き、一致しません"
		     "。書式は konseki formats list で確かめてください"),
	    r->file, l->at->line, l->at->col, (int)l->product.len,
	    (const char *)l->product.p);
}

static void
check_products(struct tested *t, const struct rule *r)
{
	size_t i;

	check_product(t, r, &r->logsource);
	for (i = 0; i < r->nbase; i++)
		check_product(t, r, &r->base[i].logsource);
}

int
rules_test(struct rules_call *c)
{
	struct tested t = { 0 };
	struct rules_pack p;
	int status = 1;
	size_t i;

	if (rules_pack_open(&p, c, c->arg, c->narg) == 0) {
		t.dir = p.dir;
		for (i = 0; i < p.n; i++) {
			check_products(&t, p.rule[i]);
			log_progress(tr("testing", "試験中"), i, p.n);
			(void)example_run(p.rule[i], &p.all->settings, report,
			    &t);
		}
		log_progress_end();
		printf("%zu rules, %zu examples: %zu passed, %zu failed\n", p.n,
		    t.passed + t.failed, t.passed, t.failed);
		status = fflush(stdout) != 0 || t.failed + p.wrong > 0;
	}
	buf_fini(&t.out);
	formats_free(t.formats);
	rules_pack_close(&p);
	return status;
}
