/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/case/submit.h"
#include "analyzer/command/call.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/office.h"
#include "analyzer/command/operator.h"
#include "analyzer/report/form_page.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/sha256.h"
#include "evidence/record.h"

/*
 * konseki report: the damage report of a case, or with --for what is to be
 * said of it to somebody, by the dated tables of the rules.  Each is a step in
 * the casebook with the hash of its file and of the one before it; without a
 * collector it is written all the same, and says that it is not recorded.
 */
#define FORMS "data/forms.csv"
#define ITEMS "data/form-items.csv"
#define DUE 4u /* FORM_DEADLINES */

struct making {
	const struct call *call;
	struct feed *feed;
	const struct report *r;
	const struct casebook_group *group;
	const struct form *form; /* NULL: the damage report */
	struct forms *forms;
	struct office office;
	struct damage *damage;
	struct submit *submit; /* NULL: cannot be recorded */
	struct damage_version version;
	struct form_due due[DUE];
};

static void
take(void *d, const struct event *e, int64_t at)
{
	damage_event(d, e, at);
}

/* ---- the tables ---- */

static int
read_table(const struct making *m, const char *rel, struct buf *out)
{
	const char *rules = events_rules(feed_site(m->feed));
	char path[4096];

	if (io_join(path, sizeof(path), rules, rel) == 0 &&
	    io_read_file(path, 1 << 20, out) == 0)
		return 0;
	log_errno(tr("cannot read %s", "%s を読めません"), rel);
	return -1;
}

static void
say_problems(const struct problems *ps)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < ps->n; i++) {
		line.len = 0;
		problem_print(&ps->v[i], &line);
		log_error("%s", buf_cstr(&line));
	}
	buf_fini(&line);
}

static int
load_forms(struct making *m)
{
	struct buf forms, items;
	struct problems ps;

	buf_init(&forms);
	buf_init(&items);
	problems_init(&ps);
	if (read_table(m, FORMS, &forms) == 0 &&
	    read_table(m, ITEMS, &items) == 0) {
		m->forms = forms_parse(
		    &(struct forms_text){ buf_view(&forms), FORMS },
		    &(struct forms_text){ buf_view(&items), ITEMS }, &ps);
		say_problems(&ps);
	}
	problems_fini(&ps);
	buf_fini(&items);
	buf_fini(&forms);
	return m->forms == NULL ? -1 : 0;
}

/* The form of --for, as it is on the day of the newest seal. */
static int
find_form(struct making *m, const char *id)
{
	const struct form *f;
	size_t at = 0;

	if (load_forms(m) != 0)
		return -1;
	m->form = forms_find(m->forms, id,
	    office_day(feed_site(m->feed), report_made(m->r)));
	if (m->form != NULL)
		return office_load(&m->office, feed_site(m->feed));
	log_error(tr("there is no form '%s' of that day; there are:",
		      "様式「%s」は、この日のものがありません。使えるもの:"),
	    id);
	while ((f = forms_next(m->forms, &at)) != NULL)
		log_error("  %s  %s", f->id, tr(f->title_en, f->title_ja));
	return -1;
}

/* The deadlines of the form, counted from the time of awareness. */
static size_t
find_due(struct making *m)
{
	const struct casebook_step *aware = m->group->aware;
	char first[OFFICE_DAY], last[OFFICE_DAY];
	const struct deadline *d;
	size_t i, n = 0;
	int64_t day;

	for (i = 0; i < m->form->n_deadlines; i++) {
		d = deadlines_find(m->office.deadlines, m->form->deadlines[i]);
		if (d == NULL) {
			log_warn(tr("%s: no deadline '%s' in %s",
				     "%s：期限「%s」が %s にありません"),
			    FORMS, m->form->deadlines[i], "deadlines.csv");
			continue;
		}
		m->due[n] = (struct form_due){ .name = tr(d->name_en,
						    d->name_ja),
			.when = "",
			.basis = d->basis };
		if (aware != NULL) {
			day = office_day(feed_site(m->feed), aware->from);
			office_print_day(deadline_first(d, day), first);
			office_print_day(
			    deadline_day(d, day, m->office.holidays), last);
			m->due[n].when = d->first == d->last
			    ? arena_str(m->r->arena, span_str(last))
			    : arena_printf(m->r->arena, "%s ～ %s", first,
				  last);
		}
		n++;
	}
	return n;
}

/* ---- the chain of versions ---- */

/* What its steps are called: "report", "police". */
static const char *
kind(const struct making *m)
{
	return m->form == NULL ? "report" : m->form->id;
}

static bool
is_of(const struct making *m, const struct casebook_step *s, const char *how)
{
	size_t i;

	if (s->kind != CASEBOOK_REPORT || *s->sheet == '\0' ||
	    strcmp(s->how, how) != 0)
		return false;
	if (strcmp(s->group, m->group->id) == 0)
		return true;
	for (i = 0; i < m->group->n_others; i++)
		if (strcmp(s->group, m->group->others[i]) == 0)
			return true;
	return false;
}

/* The newest of that kind, and how many there are. */
static const struct casebook_step *
newest(const struct making *m, const char *how, unsigned *n)
{
	const struct casebook *book = m->r->book;
	const struct casebook_step *s = NULL;
	size_t i;

	*n = 0;
	for (i = 0; i < book->n_steps; i++)
		if (is_of(m, &book->steps[i], how)) {
			++*n;
			s = &book->steps[i];
		}
	return s;
}

static void
find_version(struct making *m)
{
	struct buf why;
	unsigned n;

	m->version.before = newest(m, kind(m), &n);
	m->version.number = n + 1;
	buf_init(&why);
	m->submit = submit_open(feed_site(m->feed), "konseki-report", &why);
	if (m->submit != NULL && submit_begin(m->submit, &why) != 0) {
		submit_close(m->submit);
		m->submit = NULL;
	}
	if (m->submit == NULL)
		log_warn(tr("this report is not recorded in the casebook, and "
			     "the page says so: %s",
			      "この報告書は事案簿に記録されず、その旨を紙面に"
			      "示します: %s"),
		    buf_cstr(&why));
	m->version.recorded = m->submit != NULL;
	buf_fini(&why);
}

/* Who made it, by the system; the record has the uid too. */
static const char *
maker(const struct making *m)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw != NULL ? arena_str(m->r->arena, span_str(pw->pw_name))
			  : "";
}

static int
record(struct making *m, struct span bytes, const char *how, const char *name)
{
	unsigned n;
	const struct casebook_step *b = newest(m, how, &n);
	char hash[2 * SHA256_LEN + 1] = "";
	uint8_t digest[SHA256_LEN];
	struct casebook_step s = { .kind = CASEBOOK_REPORT,
		.group = m->group->id,
		.who = maker(m),
		.how = how,
		.text = name,
		.ok = true,
		.outside = true,
		.sheet = hash,
		.before = b == NULL ? "" : b->sheet };
	struct buf why;
	int rc = 0;

	if (m->submit == NULL)
		return 0;
	sha256(bytes, digest);
	hex_print(digest, SHA256_LEN, hash);
	buf_init(&why);
	if (submit_step(m->submit, &s, &why) != 0 ||
	    submit_seal(m->submit, NULL, NULL, &why) != 0) {
		log_error(tr("the report is written, but could not be recorded "
			     "in the casebook: %s",
			      "報告書は作成しましたが、事案簿に記録できません"
			      "でした: %s"),
		    buf_cstr(&why));
		rc = -1;
	}
	buf_fini(&why);
	return rc;
}

/* ---- writing ---- */

static int
write_one(struct making *m, const char *suffix, const char *how,
    struct span bytes)
{
	struct arena *a = m->r->arena;
	const char *stem = m->form == NULL
	    ? arena_printf(a, "report-%s", m->group->id)
	    : arena_printf(a, "report-%s-%s", m->group->id, m->form->id);

	if (feed_write(m->feed, m->call->value[CALL_OUTPUT], stem, suffix,
		bytes) != 0)
		return -1;
	return record(m, bytes, how, arena_printf(a, "%s.%s", stem, suffix));
}

static int
write_all(struct making *m)
{
	struct form_page page = { .form = m->form };
	struct buf out;
	int rc;

	buf_init(&out);
	if (m->form == NULL) {
		damage_print_html(m->damage, &out);
		rc = write_one(m, "html", kind(m), buf_view(&out));
		buf_fini(&out);
		return rc;
	}
	page.n_due = find_due(m);
	page.due = m->due;
	page.aware = m->group->aware != NULL;
	form_print_html(m->damage, &page, &out);
	rc = write_one(m, "html", kind(m), buf_view(&out));
	out.len = 0;
	if (rc == 0 && (rc = form_print_xlsx(m->damage, &page, &out)) != 0)
		log_error("%s",
		    tr("the workbook could not be made",
			"Excelファイルを作成できませんでした"));
	if (rc == 0)
		rc = write_one(m, "xlsx",
		    arena_printf(m->r->arena, "%s.xlsx", kind(m)),
		    buf_view(&out));
	buf_fini(&out);
	return rc;
}

/* That it is made is an operator's action. */
static void
used(const struct making *m)
{
	struct buf words;

	buf_init(&words);
	record_word(&words, "case", span_str(m->group->id));
	if (m->form != NULL)
		record_word(&words, "for", span_str(m->form->id));
	(void)operator_use(feed_site(m->feed), "export", "report", "evidence",
	    buf_view(&words)); /* it said so */
	buf_fini(&words);
}

static int
make(struct making *m)
{
	const char *to = m->call->value[CALL_FOR];

	m->group = feed_case(m->feed, m->call->value[CALL_CASE]);
	if (m->group == NULL || (to != NULL && find_form(m, to) != 0))
		return -1;
	used(m);
	m->damage = damage_new(m->r, m->group, 0, 0);
	if (feed_events(m->feed, take, m->damage) != 0)
		return -1;
	feed_verify(m->feed, 0, INT64_MAX);
	find_version(m);
	damage_finish(m->damage, feed_losses(m->feed), &m->version);
	return write_all(m);
}

static int
run(const struct call *c, struct feed *f)
{
	struct making m = { .call = c, .feed = f, .r = feed_report(f) };
	int rc = make(&m);

	submit_close(m.submit);
	office_free(&m.office);
	forms_free(m.forms);
	return rc;
}

int
command_report(int argc, char *argv[])
{
	return call_run(argc, argv, CALL_BIT(CALL_CASE) | CALL_BIT(CALL_FOR),
	    run);
}
