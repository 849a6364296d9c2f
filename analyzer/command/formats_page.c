/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/command/formats.h"
#include "analyzer/format/about.h"
#include "analyzer/format/reach.h"
#include "analyzer/format/set.h"
#include "common/io.h"
#include "common/log.h"

/*
 * konseki formats page: docs/products.md, from the format files.  The page is
 * the same whatever language the user reads, and wherever the files lie.
 */

struct page {
	const struct format_set *set;
	struct buf out, file, traps;
};

static const char head[] =
    "# Products\n"
    "\n"
    "What konseki understands, from the files in `rules/formats/`. This page "
    "is made from them (`make products-page`); docs/formats.md\n"
    "says how they are written, what each kind of event means, and how to add "
    "a product. \"Lines\" are products of which lines of real devices were\n"
    "at hand; \"manual\" are those that were made from the vendor's manual "
    "alone: compare the first lines of such a device with\n"
    "`konseki formats explain` before you rely on them.\n"
    "\n"
    "konsekiが解釈できる製品の一覧です。`rules/formats/`の書式ファイルから"
    "作られます。根拠が「manual」の製品は実機の行がなく、ベンダーの資料だけから"
    "作成したものです。使い始めるときに`konseki formats explain`で実際の行の"
    "解釈を確かめてください。イベントの種類と製品の追加方法はdocs/formats.mdに"
    "あります。\n"
    "\n";

/* The text of a table's cell or a paragraph: marks of Markdown mean nothing. */
static void
put_text(struct buf *out, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (memchr("|<*_`[]", s.p[i], 7) != NULL)
			buf_byte(out, '\\');
		buf_byte(out, s.p[i] == '\n' ? ' ' : s.p[i]);
	}
}

static void
read_file(struct page *p, const struct format *f)
{
	p->file.len = p->traps.len = 0;
	if (io_read_file(f->file, YAML_BYTES, &p->file) != 0)
		return; /* it was read a moment ago */
	about_head(buf_view(&p->file), &p->traps);
}

static void
put_row(struct page *p, const struct format *f)
{
	struct reach r;

	read_file(p, f);
	reach_of(f, &r);
	buf_printf(&p->out, "| [%s](#%s) | ", f->name, f->name);
	put_text(&p->out, span_str(f->title));
	buf_printf(&p->out, " | %s | %zu | %zu |\n",
	    about_manual(buf_view(&p->file), NULL) ? "manual" : "lines",
	    r.nkind, f->examples->n);
}

/* "`a`, `b`" */
static void
put_code(struct buf *out, struct span s, bool first)
{
	buf_str(out, first ? "`" : ", `");
	buf_span(out, s);
	buf_byte(out, '`');
}

static void
put_names(struct page *p, const struct reach *r)
{
	const struct span *const list[] = { &r->vendor, &r->product, &r->type };
	static const char *const name[] = { "observer.vendor",
		"observer.product", "observer.type" };
	size_t i, n = 0;

	for (i = 0; i < 3; i++) {
		if (list[i]->len == 0)
			continue;
		buf_printf(&p->out, "%s`%s` ", n++ > 0 ? ", " : "- ", name[i]);
		put_text(&p->out, *list[i]);
	}
	if (n > 0)
		buf_byte(&p->out, '\n');
}

static void
put_kinds(struct page *p, const struct reach *r)
{
	size_t i;

	if (r->nkind == 0)
		return;
	buf_str(&p->out, "- Kinds of events: ");
	for (i = 0; i < r->nkind; i++)
		put_code(&p->out, r->kind[i], i == 0);
	buf_byte(&p->out, '\n');
}

/* Those that say what the product is stand above. */
static bool
is_named(enum ecs field)
{
	return field == ECS_OBSERVER_VENDOR || field == ECS_OBSERVER_PRODUCT ||
	    field == ECS_OBSERVER_TYPE || field == ECS_KIND;
}

static void
put_fields(struct page *p, const struct reach *r)
{
	size_t i, n = 0;

	buf_str(&p->out, "- Fields: ");
	for (i = 0; i < ECS_COUNT; i++)
		if (r->field[i] && !is_named((enum ecs)i))
			put_code(&p->out, span_str(ecs_name((enum ecs)i)),
			    n++ == 0);
	buf_str(&p->out, n > 0 ? "\n" : "none of its own\n");
}

/* The paragraphs of the head comment. */
static void
put_traps(struct page *p)
{
	struct span rest = buf_view(&p->traps);
	const uint8_t *end;

	while (rest.len > 0 && (end = memchr(rest.p, '\n', rest.len)) != NULL) {
		size_t len = (size_t)(end - rest.p);

		buf_byte(&p->out, '\n');
		put_text(&p->out, span_sub(rest, 0, len));
		buf_byte(&p->out, '\n');
		rest = span_sub(rest, len + 1, rest.len);
	}
}

static void
put_product(struct page *p, const struct format *f)
{
	const char *slash = strrchr(f->file, '/');
	struct span mark;
	struct reach r;

	read_file(p, f);
	reach_of(f, &r);
	buf_printf(&p->out, "\n## %s\n\n**", f->name);
	put_text(&p->out, span_str(f->title));
	buf_printf(&p->out, "** (`rules/formats/%s`)\n",
	    slash == NULL ? f->file : slash + 1);
	put_traps(p);
	buf_byte(&p->out, '\n');
	put_names(p, &r);
	put_kinds(p, &r);
	put_fields(p, &r);
	buf_str(&p->out, "- Knowledge: ");
	put_text(&p->out, span_str(f->reference));
	buf_byte(&p->out, '\n');
	if (about_manual(buf_view(&p->file), &mark)) {
		buf_str(&p->out, "- ");
		put_text(&p->out, mark);
		buf_byte(&p->out, '\n');
	}
}

int
formats_page(struct formats_call *c)
{
	struct formats *f;
	struct page p;
	size_t i;
	int rc;

	if (c->narg > 0)
		return 2;
	if ((f = formats_called(c)) == NULL)
		return 1;
	p.set = formats_set(f);
	buf_init(&p.out);
	buf_init(&p.file);
	buf_init(&p.traps);
	buf_str(&p.out, head);
	buf_str(&p.out,
	    "| format | product | knowledge | kinds | examples |\n"
	    "|---|---|---|---|---|\n");
	for (i = 0; i < p.set->n; i++)
		put_row(&p, p.set->format[i]);
	for (i = 0; i < p.set->n; i++)
		put_product(&p, p.set->format[i]);
	rc = fwrite(p.out.p, 1, p.out.len, stdout) == p.out.len &&
		fflush(stdout) == 0
	    ? 0
	    : 1;
	if (rc != 0)
		log_errno("%s", tr("cannot write", "出力できません"));
	buf_fini(&p.out);
	buf_fini(&p.file);
	buf_fini(&p.traps);
	formats_free(f);
	return rc;
}
