/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/formats.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"

/* konseki formats test: do the examples of the format files hold? */

#define RAW_SHOWN 400 /* bytes of a line that is shown with its fault */

struct tested {
	bool json;
	size_t examples, bad, formats, bare; /* bare: without examples */
	struct buf out;
};

static void
part(struct buf *out, const char *name, struct span value)
{
	buf_printf(out, "    %s: ", name);
	text_escape(value, out);
	buf_byte(out, '\n');
}

/* One fault: its place and its sentence on one line, then the values. */
static void
print_text(const struct formats_verdict *v, struct buf *out)
{
	buf_printf(out, "%s:%u: ", v->file, v->line);
	if (v->field != NULL)
		buf_printf(out, "%s: ", v->field);
	buf_printf(out, "%s\n", v->what);
	if (v->field != NULL)
		part(out, tr("wanted", "期待"), v->wanted);
	if (v->field != NULL || v->found.len > 0)
		part(out, tr("found", "結果"), v->found);
	if (v->raw.len > 0)
		part(out, tr("line", "行"), span_sub(v->raw, 0, RAW_SHOWN));
}

static void
member(struct buf *out, const char *name, struct span value)
{
	buf_printf(out, ",\"%s\":", name);
	json_quote(out, value);
}

static void
print_json(const struct formats_verdict *v, struct buf *out)
{
	buf_str(out, "{\"file\":");
	json_quote(out, span_str(v->file));
	buf_printf(out, ",\"line\":%u", v->line);
	member(out, "format", span_str(v->format));
	buf_str(out, v->what == NULL ? ",\"holds\":true" : ",\"holds\":false");
	if (v->what != NULL) {
		member(out, "fault", span_str(v->what));
		if (v->field != NULL)
			member(out, "field", span_str(v->field));
		member(out, "wanted", v->wanted);
		member(out, "found", v->found);
	}
	member(out, "raw", v->raw);
	buf_str(out, "}\n");
}

static void
report(const struct formats_verdict *v, void *arg)
{
	struct tested *t = arg;

	t->out.len = 0;
	if (t->json)
		print_json(v, &t->out);
	else if (v->what != NULL)
		print_text(v, &t->out);
	if (t->out.len > 0)
		fwrite(t->out.p, 1, t->out.len, stdout);
}

/* A note stands on one line; it fails nothing. */
static void
report_note(const struct formats_note *n, void *arg)
{
	struct tested *t = arg;

	t->out.len = 0;
	if (t->json) {
		buf_str(&t->out, "{\"file\":");
		json_quote(&t->out, span_str(n->file));
		buf_printf(&t->out, ",\"line\":%u", n->line);
		member(&t->out, "name", n->name);
		member(&t->out, "note", span_str(n->what));
		buf_str(&t->out, "}\n");
	} else {
		buf_printf(&t->out, tr("%s:%u: note: ", "%s:%u: 参考: "),
		    n->file, n->line);
		text_escape(n->name, &t->out);
		buf_printf(&t->out, ": %s\n", n->what);
	}
	fwrite(t->out.p, 1, t->out.len, stdout);
}

/* Whether the call asks for the format: by its name, or by its file. */
static bool
asked(const struct formats_call *c, const char *name, const char *file)
{
	size_t i;

	for (i = 0; i < c->narg; i++)
		if (strcmp(c->arg[i], name) == 0 ||
		    strcmp(c->arg[i], file) == 0)
			return true;
	return c->narg == 0;
}

static void
test(struct tested *t, struct formats *f, size_t i)
{
	size_t n = formats_example_count(f, i);

	t->formats++;
	t->examples += n;
	if (n > 0)
		t->bad += formats_examples(f, i, report, t);
	else
		t->bare += formats_examples(f, i, report, t);
}

static int
sum(const struct tested *t)
{
	if (t->formats == 0) {
		log_error("%s",
		    tr("no such format; see 'konseki formats list'",
			"その書式はありません。konseki formats list "
			"を見てください"));
		return 1;
	}
	if (!t->json)
		printf(tr("%zu of %zu examples of %zu formats hold\n",
			   "%zu件の例が成立（全%zu件、書式%zu種）\n"),
		    t->examples - t->bad, t->examples, t->formats);
	return t->bad + t->bare > 0 || fflush(stdout) != 0;
}

int
formats_test(struct formats_call *c)
{
	struct tested t = { .json = c->json };
	struct formats *f;
	size_t i;
	int status;

	/* What is a file is read as one, wherever it lies. */
	for (i = 0; i < c->narg; i++)
		if (access(c->arg[i], R_OK) == 0 || strchr(c->arg[i], '/')) {
			if (c->nfile == FORMATS_FILES)
				return 2;
			c->file[c->nfile++] = c->arg[i];
		}
	if ((f = formats_called(c)) == NULL)
		return 1;
	buf_init(&t.out);
	for (i = 0; i < formats_count(f); i++)
		if (asked(c, formats_name(f, i),
			formats_file(f, formats_name(f, i)))) {
			test(&t, f, i);
			if (c->narg > 0)
				(void)formats_notes(f, i, report_note, &t);
		}
	status = sum(&t);
	buf_fini(&t.out);
	formats_free(f);
	return status;
}
