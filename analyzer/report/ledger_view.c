/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/ledger_view.h"

#include <string.h>

#include "analyzer/report/html.h"
#include "common/text.h"

/* What there is of one ledger. */
struct counts {
	size_t errors, notices;
	size_t cells; /* that a problem is about */
};

static bool
is_of(const struct problem *p, const struct outline *o)
{
	const char *file = o->sheet.file;
	size_t n = strlen(p->file);

	/* That of the file, where the sheet is not named. */
	return strcmp(p->file, file) == 0 ||
	    (strncmp(p->file, file, n) == 0 && file[n] == ' ');
}

static struct counts
count(const struct ledger_view *v, const struct outline *o)
{
	struct counts c = { 0, 0, 0 };
	const struct problem *p;
	size_t i, k;

	for (i = 0; i < v->ps->n; i++) {
		p = &v->ps->v[i];
		if (!is_of(p, o))
			continue;
		c.errors += p->error;
		c.notices += !p->error;
		if (p->cell[0] == '\0')
			continue;
		for (k = 0; k < i; k++)
			if (is_of(&v->ps->v[k], o) &&
			    strcmp(v->ps->v[k].cell, p->cell) == 0)
				break;
		c.cells += k == i;
	}
	return c;
}

/* The next problem of a cell (letter 0: of the row) from i on; n: none. */
static size_t
problem_of(const struct ledger_view *v, const struct outline *o, unsigned row,
    unsigned letter, size_t i)
{
	char name[PROBLEM_CELL] = "";

	if (letter > 0)
		(void)problem_cell(letter, row, name);
	for (; i < v->ps->n; i++)
		if (is_of(&v->ps->v[i], o) && v->ps->v[i].row == row &&
		    strcmp(v->ps->v[i].cell, name) == 0)
			break;
	return i;
}

/* Whether a problem is about a cell of a row that is shown. */
static bool
is_shown(const struct ledger_view *v, const struct outline *o,
    const struct problem *p)
{
	size_t i, c;
	char name[PROBLEM_CELL];

	for (i = 0; i < o->sheet.n && i < v->rows; i++) {
		if (o->sheet.rows[i].number != p->row)
			continue;
		if (p->cell[0] == '\0')
			return true;
		for (c = 0; c < o->n; c++)
			if (o->sheet.letters[c] > 0 &&
			    strcmp(problem_cell(o->sheet.letters[c], p->row,
				       name),
				p->cell) == 0)
				return true;
	}
	return false;
}

static const char *
ledger_title(enum ledger l)
{
	static const char *const en[LEDGER_COUNT] = {
		[LEDGER_DEVICES] = "Devices",
		[LEDGER_ACCOUNTS] = "Accounts",
		[LEDGER_MAINTENANCE] = "Planned work",
		[LEDGER_DUTY] = "On-call duty",
		[LEDGER_PEOPLE] = "People by the personnel office",
		[LEDGER_EXCEPTIONS] = "Exceptions",
		[LEDGER_EXPORTED] = "Accounts exported from devices",
		[LEDGER_IDENTITIES] = "IDs of one person",
		[LEDGER_NETWORKS] = "Networks",
		[LEDGER_PATIENTS] = "Patients",
	};
	static const char *const ja[LEDGER_COUNT] = {
#define LEDGER(id, name, text) [LEDGER_##id] = text,
#include "analyzer/ledger/ledger_tbl.h"
#undef LEDGER
	};

	return tr(en[l], ja[l]);
}

/* The columns of the header, then those that it lacks, as one sentence each. */
static void
put_columns(const struct outline *o, bool there, struct buf *out)
{
	struct arena *arena = arena_new();
	size_t c, n = 0;

	for (c = 0; c < o->n; c++) {
		bool has = o->sheet.titles != NULL &&
		    o->sheet.titles[c].len > 0;

		if (has != there)
			continue;
		buf_str(out, n++ > 0 ? tr(", ", "、") : "");
		if (there)
			text_escape(o->sheet.titles[c], out);
		else
			buf_str(out, outline_name(o, c, arena));
	}
	arena_free(arena);
}

/* Numbers and addresses of people are nobody's business here. */
static struct span
cell_of(const struct outline *o, size_t row, size_t column)
{
	const char *names = o->columns[column].names;
	struct span cell = o->sheet.rows[row].cells[column];
	bool hidden = strncmp(names, "電話番号", strlen("電話番号")) == 0 ||
	    strncmp(names, "住所", strlen("住所")) == 0;

	return hidden && cell.len > 0 ? span_str(tr("(not shown)",
					    "（表示しません）"))
				      : cell;
}

/* What makes a word of English plural. */
static const char *
many(size_t n)
{
	return n == 1 || log_lang() == LOG_JA ? "" : "s";
}

/* What is left open when all ledgers are read. */
static void
put_verdict(const struct ledger_view *v, struct buf *out)
{
	if (v->ps->errors > 0)
		buf_printf(out,
		    tr("%zu error%s, %zu notice%s: these ledgers are not taken "
		       "until the errors are corrected; those in force stay",
			"誤り%zu件%s、確認%zu件%s。誤りを直すまで台帳は反映さ"
			"れません（それまでの台帳で続けます）"),
		    v->ps->errors, many(v->ps->errors), v->ps->notices,
		    many(v->ps->notices));
	else
		buf_printf(out,
		    tr("no errors, %zu notice%s: these ledgers can be taken",
			"誤りはありません。確認%zu件%s。この台帳は反映できま"
			"す"),
		    v->ps->notices, many(v->ps->notices));
}

/* ---- text ---- */

static void
put_problem(const struct problem *p, const char *indent, struct buf *out)
{
	buf_printf(out, "%s%s %s\n", indent, p->error ? "!!" : "!", p->what);
}

static void
put_reading(const struct ledger_view *v, const struct outline *o, size_t i,
    size_t c, const char *before, struct buf *out)
{
	struct buf b;

	buf_init(&b);
	outline_reading(o, o->ledger, i, c, v->today, &b);
	if (b.len > 0) {
		buf_str(out, before);
		text_escape(buf_view(&b), out);
	}
	buf_fini(&b);
}

static void
text_row(const struct ledger_view *v, const struct outline *o, size_t i,
    struct buf *out)
{
	const struct sheet_row *row = &o->sheet.rows[i];
	size_t c, k;

	buf_printf(out, tr("  row %u\n", "  %u行目\n"), row->number);
	for (c = 0; c < o->n; c++) {
		if (o->sheet.titles[c].len == 0)
			continue;
		k = problem_of(v, o, row->number, o->sheet.letters[c], 0);
		if (row->cells[c].len == 0 && k == v->ps->n)
			continue;
		buf_str(out, "    ");
		text_escape(o->sheet.titles[c], out);
		buf_str(out, ": ");
		text_escape(cell_of(o, i, c), out);
		put_reading(v, o, i, c, " = ", out);
		buf_byte(out, '\n');
		for (; k < v->ps->n; k = problem_of(v, o, row->number,
					 o->sheet.letters[c], k + 1))
			put_problem(&v->ps->v[k], "      ", out);
	}
	for (k = problem_of(v, o, row->number, 0, 0); k < v->ps->n;
	     k = problem_of(v, o, row->number, 0, k + 1))
		put_problem(&v->ps->v[k], "    ", out);
}

static void
text_rest(const struct ledger_view *v, const struct outline *o,
    struct buf *out)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < v->ps->n; i++) {
		if (!is_of(&v->ps->v[i], o) || is_shown(v, o, &v->ps->v[i]))
			continue;
		line.len = 0;
		problem_print(&v->ps->v[i], &line);
		buf_printf(out, "  %s %s\n", v->ps->v[i].error ? "!!" : "!",
		    buf_cstr(&line));
	}
	buf_fini(&line);
}

/* A count has a line: errors of ledgers that are read along but not shown. */
static bool
is_other(const struct ledger_view *v, const struct problem *p)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (is_of(p, &v->v[i]))
			return false;
	return p->error;
}

static void
text_others(const struct ledger_view *v, struct buf *out)
{
	size_t i;

	for (i = 0; i < v->ps->n; i++) {
		if (!is_other(v, &v->ps->v[i]))
			continue;
		buf_str(out, "!! ");
		problem_print(&v->ps->v[i], out);
		buf_byte(out, '\n');
	}
}

static void
text_ledger(const struct ledger_view *v, const struct outline *o,
    struct buf *out)
{
	struct counts c = count(v, o);
	size_t i;

	buf_printf(out, "%s: ", ledger_title(o->ledger));
	text_escape(span_str(o->sheet.file), out);
	buf_printf(out,
	    tr("\n  %zu row%s, %zu cell%s with a value; %zu cell%s with "
	       "something to look at (%zu error%s, %zu notice%s in all)\n",
		"\n  %zu行%s、値のあるセル%zu個%s。確認が要るセル%zu個%s（誤り"
		"%zu件%s、確認%zu件%s）\n"),
	    o->sheet.n, many(o->sheet.n), o->filled, many(o->filled), c.cells,
	    many(c.cells), c.errors, many(c.errors), c.notices,
	    many(c.notices));
	buf_str(out, tr("  columns: ", "  読み取った列: "));
	put_columns(o, true, out);
	buf_str(out, tr("\n  columns that are not there: ", "\n  ない列: "));
	put_columns(o, false, out);
	buf_byte(out, '\n');
	for (i = 0; i < o->sheet.n && i < v->rows; i++)
		text_row(v, o, i, out);
	if (o->sheet.n > v->rows)
		buf_printf(out,
		    tr("  ... %zu more row%s\n", "  …ほか%zu行%s\n"),
		    o->sheet.n - v->rows, many(o->sheet.n - v->rows));
	text_rest(v, o, out);
}

void
ledger_view_text(const struct ledger_view *v, struct buf *out)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		text_ledger(v, &v->v[i], out);
	text_others(v, out);
	put_verdict(v, out);
	buf_byte(out, '\n');
}

/* ---- a page ---- */

static const char style[] =
    ".led .c{display:inline-block;margin:.1em .9em .1em 0;"
    "vertical-align:top;overflow-wrap:anywhere}"
    ".led .k{font-size:.85em;color:#333}"
    ".led .r{border:.5pt solid #777;padding:0 .3em;font-size:.92em}"
    ".led .q{display:block;border-left:3pt solid #000;padding-left:1mm;"
    "font-size:.9em}.led .e{font-weight:bold;background:#ddd}"
    ".led td:first-child,.led th:first-child{width:4.2em;text-align:right}"
    ".sum td,.sum th{text-align:right}.sum td:first-child,"
    ".sum th:first-child,.sum td:nth-child(2),.sum th:nth-child(2)"
    "{text-align:left}.say{border:1.6pt solid #000;padding:1.2mm 2.5mm;"
    "font-weight:bold}\n"
    "@media screen and (max-width:640px){.sum{font-size:.8em}}\n";

static void
html_problem(const struct problem *p, struct buf *out)
{
	html_put(out, "<span class=\"q%s\">%s %s</span>",
	    p->error ? " e" : "", p->error ? tr("Error:", "【誤り】")
					   : tr("Look:", "【確認】"),
	    p->what);
}

static void
html_cell(const struct ledger_view *v, const struct outline *o, size_t i,
    size_t c, struct buf *out)
{
	const struct sheet_row *row = &o->sheet.rows[i];
	size_t k = problem_of(v, o, row->number, o->sheet.letters[c], 0);
	struct buf reading;

	if (row->cells[c].len == 0 && k == v->ps->n)
		return;
	buf_str(out, "<span class=\"c\"><span class=\"k\">");
	html_text(out, o->sheet.titles[c]);
	buf_str(out, "</span> ");
	html_text(out, cell_of(o, i, c));
	buf_init(&reading);
	outline_reading(o, o->ledger, i, c, v->today, &reading);
	if (reading.len > 0)
		html_put(out, " → <span class=\"r\">%s</span>",
		    buf_cstr(&reading));
	buf_fini(&reading);
	for (; k < v->ps->n;
	     k = problem_of(v, o, row->number, o->sheet.letters[c], k + 1))
		html_problem(&v->ps->v[k], out);
	buf_str(out, "</span>\n");
}

static void
html_row(const struct ledger_view *v, const struct outline *o, size_t i,
    struct buf *out)
{
	unsigned number = o->sheet.rows[i].number;
	size_t c, k;

	html_put(out, "<tr><td>%u</td><td>", number);
	for (c = 0; c < o->n; c++)
		if (o->sheet.titles[c].len > 0)
			html_cell(v, o, i, c, out);
	for (k = problem_of(v, o, number, 0, 0); k < v->ps->n;
	     k = problem_of(v, o, number, 0, k + 1))
		html_problem(&v->ps->v[k], out);
	buf_str(out, "</td></tr>\n");
}

static void
html_rest(const struct ledger_view *v, const struct outline *o,
    struct buf *out)
{
	struct buf line;
	size_t i, n = 0;

	buf_init(&line);
	for (i = 0; i < v->ps->n; i++) {
		if (!is_of(&v->ps->v[i], o) || is_shown(v, o, &v->ps->v[i]))
			continue;
		if (n++ == 0)
			html_put(out, "<h3>%s</h3><ul>\n",
			    tr("Also to look at", "そのほかの確認事項"));
		line.len = 0;
		problem_print(&v->ps->v[i], &line);
		html_put(out, "<li>%s%s</li>\n",
		    v->ps->v[i].error ? tr("Error: ", "【誤り】") : "",
		    buf_cstr(&line));
	}
	if (n > 0)
		buf_str(out, "</ul>\n");
	buf_fini(&line);
}

static void
html_others(const struct ledger_view *v, struct buf *out)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < v->ps->n; i++) {
		if (!is_other(v, &v->ps->v[i]))
			continue;
		line.len = 0;
		problem_print(&v->ps->v[i], &line);
		html_put(out, "<p>%s%s</p>\n", tr("Error: ", "【誤り】"),
		    buf_cstr(&line));
	}
	buf_fini(&line);
}

static void
html_columns(const struct outline *o, struct buf *out)
{
	struct buf b;

	buf_init(&b);
	put_columns(o, true, &b);
	html_put(out, "<p>%s %s</p>\n", tr("Columns read:", "読み取った列:"),
	    buf_cstr(&b));
	b.len = 0;
	put_columns(o, false, &b);
	html_put(out, "<p class=\"src\">%s %s</p>\n",
	    tr("Columns that are not there:", "台帳にない列（任意）:"),
	    buf_cstr(&b));
	buf_fini(&b);
}

static void
html_ledger(const struct ledger_view *v, const struct outline *o,
    struct buf *out)
{
	size_t i;

	html_put(out, "<h2>%s — %s</h2>\n", ledger_title(o->ledger),
	    o->sheet.file);
	html_columns(o, out);
	if (o->sheet.n > 0)
		html_put(out,
		    "<table class=\"led\"><thead><tr><th>%s</th><th>%s</th>"
		    "</tr></thead><tbody>\n",
		    tr("row", "行"),
		    tr("as written → as understood",
			"記入内容 → 読み取った内容"));
	for (i = 0; i < o->sheet.n && i < v->rows; i++)
		html_row(v, o, i, out);
	if (o->sheet.n > 0)
		buf_str(out, "</tbody></table>\n");
	if (o->sheet.n > v->rows)
		html_put(out,
		    tr("<p class=\"src\">%zu more rows are not shown; what is "
		       "to be looked at in them is below.</p>\n",
			"<p class=\"src\">ほか%zu行は表示していません（確認事"
			"項は下に示します）。</p>\n"),
		    o->sheet.n - v->rows);
	html_rest(v, o, out);
}

static void
html_sum(const struct ledger_view *v, struct buf *out)
{
	struct counts c;
	size_t i;

	html_put(out,
	    "<table class=\"sum\"><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr>\n",
	    tr("ledger", "台帳"), tr("file", "ファイル"), tr("rows", "行"),
	    tr("cells", "値のあるセル"), tr("errors", "誤り"),
	    tr("to look at", "確認"));
	for (i = 0; i < v->n; i++) {
		c = count(v, &v->v[i]);
		html_put(out,
		    "<tr><td>%s</td><td>%s</td><td>%zu</td><td>%zu</td>"
		    "<td>%zu</td><td>%zu</td></tr>\n",
		    ledger_title(v->v[i].ledger), v->v[i].sheet.file,
		    v->v[i].sheet.n, v->v[i].filled, c.errors, c.notices);
	}
	buf_str(out, "</table>\n");
}

void
ledger_view_html(const struct ledger_view *v, struct buf *out)
{
	struct html_page page = { .lang = log_lang(),
		.paper = HTML_PORTRAIT,
		.title = tr("Preview of the ledgers", "台帳の確認"),
		.style = style,
		.banner = "",
		.foot = tr("Preview of the ledgers", "台帳の確認") };
	struct buf say;
	size_t i;

	html_begin(out, &page);
	html_put(out,
	    "<header><h1>%s</h1><p class=\"site\">%s</p></header>\n",
	    page.title, v->site);
	buf_init(&say);
	put_verdict(v, &say);
	html_put(out, "<p class=\"say\">%s</p>\n", buf_cstr(&say));
	buf_fini(&say);
	html_sum(v, out);
	for (i = 0; i < v->n; i++)
		html_ledger(v, &v->v[i], out);
	html_others(v, out);
	html_end(out);
}
