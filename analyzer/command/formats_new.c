/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/command/formats.h"
#include "analyzer/command/formats_explain.h"
#include "analyzer/format/draft.h"
#include "analyzer/format/set.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/* konseki formats new: a first draft of a format file from sample lines. */

#define UNREAD_SHOWN 10 /* lines of which it is said why */

struct fresh {
	const struct formats_call *call;
	const char *name;
	struct formats *formats; /* those that there are */
	struct arena *a;
	bool last_said;
	size_t n, read;
	struct span line[DRAFT_LINES]; /* as text */
	bool cp932[DRAFT_LINES];
	size_t at[DRAFT_LINES]; /* of the input, from 1 */
	struct draft_result result;
	struct buf draft, file;
	struct event event;
	char path[4096];
	int64_t now;
};

/* Lower case, digits and hyphens, as the names of files and formats are. */
static int
check_name(const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < n; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z') || name[i] == '-' ||
			(name[i] >= '0' && name[i] <= '9')))
			break;
	if (n > 0 && n <= 64 && i == n && name[0] != '-')
		return 0;
	log_error("%s",
	    tr("a name has small letters, digits and hyphens: vendor-product",
		"名前は半角小文字・数字・ハイフンで付けてください"
		"（例: vendor-product）"));
	return -1;
}

/* What others leave over is free: a product's own format comes before it. */
static void
say_last(struct fresh *f)
{
	if (!f->last_said && !formats_takes_any(f->formats, f->event.format))
		log_info(tr("%s reads what other formats leave over, and so "
			    "these lines so far; the new format goes before it",
			     "これらの行は、ほかの書式に合わない行を読む%s"
			     "で読まれています。新しい書式が優先されます"),
		    f->event.format);
	f->last_said = true;
}

/* Whether a format reads the line already; it is said. */
static bool
is_known(struct fresh *f, struct span raw)
{
	struct format_hints hints = { .zone = f->call->zone, .now = f->now };
	size_t i;

	memset(&f->event, 0, sizeof(f->event));
	f->event.message = raw;
	if (!formats_apply(f->formats, &f->event, f->a, &hints) ||
	    strcmp(f->event.format, f->name) == 0)
		return false;
	i = set_find(formats_set(f->formats), f->event.format);
	if (formats_set(f->formats)->format[i]->last) {
		say_last(f);
		return false;
	}
	log_warn(tr("line %zu is read by %s already and was left out; "
		    "'konseki formats explain' shows how",
		     "%zu行目は書式%sで読めるため除きました。"
		     "konseki formats explain で確認できます"),
	    f->read, f->event.format);
	return true;
}

static void
add_line(struct fresh *f, struct span raw)
{
	struct buf text;
	size_t bom = 0;
	enum text_encoding e = text_guess(raw, &bom);

	buf_init(&text);
	if (text_decode(e, span_sub(raw, bom, raw.len), &text) > 0 ||
	    text.len == 0 || memchr(text.p, '\0', text.len) != NULL)
		log_warn("%s",
		    tr("a line that is no text was left out",
			"文字列として読めない行を除きました"));
	else {
		f->cp932[f->n] = e == TEXT_CP932;
		f->at[f->n] = f->read;
		f->line[f->n++] = arena_copy(f->a, buf_view(&text));
	}
	buf_fini(&text);
}

static int
read_lines(struct fresh *f, FILE *in)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	while (f->n < DRAFT_LINES && (len = getline(&line, &cap, in)) != -1) {
		f->read++;
		while (
		    len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			len--;
		if (len > 0 && !is_known(f, span_make(line, (size_t)len)))
			add_line(f, span_make(line, (size_t)len));
	}
	free(line);
	if (ferror(in)) {
		log_errno("%s", tr("cannot read", "読み取れません"));
		return -1;
	}
	if (f->n > 0)
		return 0;
	log_error("%s",
	    tr("there is no line that a new format could be made from",
		"新しい書式の元になる行がありません"));
	return -1;
}

/* The lines of the other formats, from which its own must differ. */
static const struct span *
other_lines(struct fresh *f, size_t *n)
{
	const struct format_set *set = formats_set(f->formats);
	const struct yaml_node *e, *raw;
	struct span *list;
	size_t i;

	for (*n = i = 0; i < set->n; i++)
		*n += set->format[i]->examples->n;
	list = arena_alloc(f->a, (*n + 1) * sizeof(*list));
	for (*n = i = 0; i < set->n; i++) {
		if (strcmp(set->format[i]->name, f->name) == 0 ||
		    set->format[i]->last)
			continue;
		for (e = set->format[i]->examples->first; e != NULL;
		     e = e->next)
			if ((raw = yaml_get(e, "raw")) != NULL)
				list[(*n)++] = raw->text;
	}
	return list;
}

/* The file on disk with this text, and loaded beside the others. */
static struct formats *
load(struct fresh *f, struct span text)
{
	const char *tmp = getenv("TMPDIR"), *file = f->path;
	struct formats *formats;
	int fd;

	snprintf(f->path, sizeof(f->path), "%s/konseki-new.XXXXXX",
	    tmp != NULL && *tmp != '\0' ? tmp : "/tmp");
	if ((fd = mkstemp(f->path)) < 0 ||
	    io_write_all(fd, text.p, text.len) != 0) {
		log_errno("%s", f->path);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	close(fd);
	formats = formats_open(f->call->dir, &file, 1);
	unlink(f->path);
	return formats;
}

static struct span
bytes(struct fresh *f, size_t i)
{
	struct buf out;
	struct span raw;

	if (!f->cp932[i])
		return f->line[i];
	buf_init(&out);
	(void)text_to_cp932(f->line[i], &out);
	raw = arena_copy(f->a, buf_view(&out));
	buf_fini(&out);
	return raw;
}

static bool
apply(struct fresh *f, struct formats *formats, size_t i)
{
	struct format_hints hints = { .zone = 9 * 3600 };

	memset(&f->event, 0, sizeof(f->event));
	f->event.received = f->now;
	f->event.message = bytes(f, i);
	return formats_apply(formats, &f->event, f->a, &hints) &&
	    strcmp(f->event.format, f->name) == 0;
}

/* What each line became by the draft is what it must become. */
static size_t
add_examples(struct fresh *f, struct formats *draft)
{
	struct span before = f->result.table ? f->line[0] : SPAN("");
	struct formats *fresh;
	size_t i, n = 0;

	for (i = 0; i < f->result.nexample; i++) {
		size_t at = f->result.example[i];

		fresh = formats_share(draft);
		if (f->result.table)
			(void)apply(f, fresh, 0);
		if (apply(f, fresh, at)) {
			draft_example(&f->event, f->line[at], f->cp932[at],
			    before,
			    f->event.mark & EVENT_MARK_YEAR ? f->now : 0,
			    &f->file);
			n++;
		}
		formats_free(fresh);
	}
	return n;
}

/* Why the draft did not read a line: the step of its file, or its words. */
static void
say_why(const struct fresh *f, const struct trace *t, size_t i)
{
	const struct step *s;
	size_t k;

	for (k = 0; k < t->nfailure; k++) {
		if (strcmp(t->failure[k].format->name, f->name) != 0)
			continue;
		s = t->failure[k].step;
		if (s == NULL)
			log_warn(tr("line %zu: no case of the draft applies",
				     "%zu行目: 書式のどの場合にも"
				     "当てはまりません"),
			    f->at[i]);
		else
			log_warn(tr("line %zu: the step at line %u of the "
				    "draft does not fit%s",
				     "%zu行目: 書式の%u行目の手順に"
				     "合いません%s"),
			    f->at[i], s->line, formats_explain_keys(s));
		return;
	}
	log_warn(tr("line %zu: 'detect' of the draft does not hold%s%s",
		     "%zu行目: 書式のdetectに当てはまりません%s%s"),
	    f->at[i], f->event.format != NULL ? "; " : "",
	    f->event.format != NULL ? f->event.format : "");
}

/* Lines that the draft does not read are said: it is one of several kinds. */
static void
say_unread(struct fresh *f, struct formats *draft)
{
	struct trace *t = calloc(1, sizeof(*t));
	size_t i, n = 0;

	if (t == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	if (f->result.table) /* it names the columns */
		(void)apply(f, draft, 0);
	(void)formats_trace(draft, t);
	for (i = f->result.table; i < f->n; i++)
		if (!apply(f, draft, i) && n++ < UNREAD_SHOWN)
			say_why(f, t, i);
	(void)formats_trace(draft, NULL);
	free(t);
	if (n > 0)
		log_warn(tr("%zu of %zu lines are not read by the draft",
			     "%zu行（全%zu行）はこの書式では読めません"),
		    n, f->n);
}

static void
report(const struct formats_verdict *v, void *arg)
{
	(void)arg;
	if (v->what != NULL)
		log_warn(tr("example at line %u: %s %.*s",
			     "例（%u行目）: %s %.*s"),
		    v->line, v->what, (int)v->found.len,
		    v->found.len ? (const char *)v->found.p : "");
}

/* The finished file must hold by its own examples. */
static int
prove(struct fresh *f)
{
	struct formats *all = load(f, buf_view(&f->file));
	size_t i, bad = 0;

	if (all == NULL)
		return -1;
	for (i = 0; i < formats_count(all); i++)
		if (strcmp(formats_name(all, i), f->name) == 0)
			bad = formats_examples(all, i, report, NULL);
	formats_free(all);
	return bad == 0 ? 0 : -1;
}

static int
make(struct fresh *f)
{
	struct draft_sample sample = { .name = f->name,
		.line = f->line,
		.n = f->n };
	struct formats *draft;
	size_t n;

	sample.other = other_lines(f, &sample.nother);
	if (draft_make(&sample, f->a, &f->file, &f->result) != 0)
		return -1;
	buf_span(&f->draft, buf_view(&f->file));
	buf_str(&f->draft, "  - {raw: x, unknown: yes}\n");
	if ((draft = load(f, buf_view(&f->draft))) == NULL)
		return -1;
	n = add_examples(f, draft);
	say_unread(f, draft);
	formats_free(draft);
	if (n == 0) {
		log_error("%s",
		    tr("no draft could be made that reads these lines",
			"これらの行を読む書式を作れませんでした"));
		return -1;
	}
	if (!f->result.sharp)
		log_warn("%s",
		    tr("its 'detect' is in lines of other formats too: make "
		       "it narrower",
			"detectがほかの書式の行にも当てはまります。"
			"条件を絞ってください"));
	return prove(f);
}

int
formats_new(struct formats_call *c)
{
	struct fresh *f;
	int status = 1;

	if (c->narg != 1 || check_name(c->arg[0]) != 0)
		return 2;
	if ((f = calloc(1, sizeof(*f))) == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	f->call = c;
	f->name = c->arg[0];
	f->now = utc_now() / UTC_SECOND * UTC_SECOND;
	f->a = arena_new();
	buf_init(&f->draft);
	buf_init(&f->file);
	f->formats = formats_called(c);
	if (f->formats != NULL && read_lines(f, stdin) == 0 && make(f) == 0 &&
	    fwrite(f->file.p, 1, f->file.len, stdout) == f->file.len &&
	    fflush(stdout) == 0)
		status = 0;
	formats_free(f->formats);
	buf_fini(&f->draft);
	buf_fini(&f->file);
	arena_free(f->a);
	free(f);
	return status;
}
