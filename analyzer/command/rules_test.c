/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>

#include "analyzer/command/rules_pack.h"
#include "analyzer/rule/example.h"
#include "common/log.h"
#include "common/text.h"

/* konseki rules test: do the examples of the rules hold? */

struct tested {
	size_t passed, failed;
	struct buf out;
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

int
rules_test(struct rules_call *c)
{
	struct tested t = { 0 };
	struct rules_pack p;
	int status = 1;
	size_t i;

	if (rules_pack_open(&p, c, c->arg, c->narg) == 0) {
		for (i = 0; i < p.n; i++) {
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
	rules_pack_close(&p);
	return status;
}
