/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/draft.h"

#include <string.h>

#include "common/utc.h"

void
draft_begin(struct draft *d, const struct rule *r, const struct fact_site *site,
    struct arena *arena)
{
	memset(d, 0, sizeof(*d));
	d->rule = r;
	d->site = site;
	d->arena = arena;
	d->f.kind = r->kind;
	d->f.rule_id = r->id;
	d->f.rule = r->code;
	d->f.version = r->version;
	d->f.title_ja = r->title_ja;
	d->f.title_en = r->title_en;
	d->f.severity = r->level;
	d->f.first_to = r->first_to;
	memcpy(d->f.attack, r->attack, sizeof(d->f.attack));
	d->f.n_attack = r->n_attack;
	memcpy(d->f.tactics, r->tactics, sizeof(d->f.tactics));
	d->f.n_tactics = r->n_tactics;
	memcpy(d->f.inhibited_by, r->inhibited_by, sizeof(d->f.inhibited_by));
	d->f.n_inhibited_by = r->n_inhibited_by;
	memcpy(d->f.ledgers_sha256, site->ledgers->sha256, 32);
	memcpy(d->f.rules_sha256, site->rules_sha256, 32);
	memcpy(d->f.calendar_sha256, site->calendar_sha256, 32);
}

void
draft_end(struct draft *d)
{
	const struct rule *r = d->rule;
	const char *what_ja, *what_en;
	struct finding *f = &d->f;

	sentence_set(&d->v, SENTENCE_RECORDS,
	    arena_printf(d->arena, "%llu", (unsigned long long)f->n_evidence));
	what_ja = f->kind == FINDING_UNKNOWN ? r->unknown_ja : r->ja[0];
	what_en = f->kind == FINDING_UNKNOWN ? r->unknown_en : r->en[0];
	f->what_ja = sentence_fill(what_ja, &d->v, true, d->arena);
	f->what_en = sentence_fill(what_en, &d->v, false, d->arena);
	f->why_ja = sentence_fill(r->ja[1], &d->v, true, d->arena);
	f->why_en = sentence_fill(r->en[1], &d->v, false, d->arena);
	f->do_ja = sentence_fill(r->ja[2], &d->v, true, d->arena);
	f->do_en = sentence_fill(r->en[2], &d->v, false, d->arena);
	finding_identify(f);
}

const char *
draft_text(struct draft *d, struct span s)
{
	return arena_str(d->arena, s);
}

void
draft_day(struct draft *d, enum sentence_var var, int64_t day)
{
	char text[CALENDAR_TEXT];
	int year, month, dom;

	utc_date(day, &year, &month, &dom);
	d->v.ja[var] = arena_printf(d->arena, "%d/%s", year,
	    calendar_print_day(d->site->calendar, day, true, text));
	d->v.en[var] = arena_printf(d->arena, "%s",
	    calendar_print_day(d->site->calendar, day, false, text));
}

void
draft_time(struct draft *d, enum sentence_var var, int64_t usec)
{
	struct utc_civil c;

	utc_to_civil(usec, calendar_zone(d->site->calendar), &c);
	draft_day(d, var, calendar_day(d->site->calendar, usec));
	d->v.ja[var] = arena_printf(d->arena, "%s %02d:%02d", d->v.ja[var],
	    c.hour, c.minute);
	d->v.en[var] = arena_printf(d->arena, "%s %02d:%02d", d->v.en[var],
	    c.hour, c.minute);
}

void
draft_account(struct draft *d, const struct account *a, struct span user)
{
	const char *id, *number;

	id = draft_text(d, user.len > 0 || a == NULL ? user : a->id);
	sentence_set(&d->v, SENTENCE_USER, id);
	if (a == NULL) {
		d->v.ja[SENTENCE_ACCOUNT] =
		    arena_printf(d->arena, "ID「%s」（台帳にありません）", id);
		d->v.en[SENTENCE_ACCOUNT] =
		    arena_printf(d->arena, "ID '%s' (not in the ledger)", id);
		finding_entity(&d->f, "user", id, "");
		return;
	}
	number = a->number.len > 0 ? draft_text(d, a->number)
				   : arena_printf(d->arena, "%u", a->row);
	d->v.ja[SENTENCE_ACCOUNT] =
	    arena_printf(d->arena, "ID「%s」（台帳No.%s）", id, number);
	d->v.en[SENTENCE_ACCOUNT] =
	    arena_printf(d->arena, "ID '%s' (ledger No. %s)", id, number);
	sentence_set(&d->v, SENTENCE_STATE, draft_text(d, a->state_text));
	if (a->vendor.len > 0)
		sentence_set(&d->v, SENTENCE_VENDOR, draft_text(d, a->vendor));
	if (account_until(a) != EXPIRY_NEVER)
		draft_day(d, SENTENCE_UNTIL, account_until(a));
	finding_entity(&d->f, "user", draft_text(d, a->key),
	    arena_printf(d->arena, "accounts.csv:%u No.%s %.*s", a->row, number,
		(int)a->department.len,
		a->department.len > 0 ? (const char *)a->department.p : ""));
}

void
draft_device(struct draft *d, const char *kind, const struct device *device,
    struct span name)
{
	const char *text = draft_text(d, name), *place;

	if (device == NULL) {
		sentence_set(&d->v, SENTENCE_DEVICE, text);
		finding_entity(&d->f, kind, text, "");
		return;
	}
	place = draft_text(d, device->place);
	if (device->name.len > 0)
		text = draft_text(d, device->name);
	d->v.ja[SENTENCE_DEVICE] = place[0] == '\0'
	    ? text
	    : arena_printf(d->arena, "%s（%s）", text, place);
	d->v.en[SENTENCE_DEVICE] = place[0] == '\0'
	    ? text
	    : arena_printf(d->arena, "%s (%s)", text, place);
	finding_entity(&d->f, kind, draft_text(d, device->id),
	    arena_printf(d->arena, "devices.csv:%u %s %s", device->row, text,
		place));
}

void
draft_firmware(struct draft *d, const struct facts *fs)
{
	const struct firmware_row *r = fs->lacks;
	int year, month, dom;

	if (r == NULL)
		return;
	utc_date(r->day, &year, &month, &dom);
	sentence_set(&d->v, SENTENCE_VERSION, draft_text(d, fs->version));
	d->v.ja[SENTENCE_FIXED] = arena_printf(d->arena,
	    "%.*s（%.*s、%d/%d/%d公表）", (int)r->fixed.len,
	    (const char *)r->fixed.p, (int)r->name.len,
	    (const char *)r->name.p, year, month, dom);
	d->v.en[SENTENCE_FIXED] = arena_printf(d->arena,
	    "%.*s (%.*s, announced %04d-%02d-%02d)", (int)r->fixed.len,
	    (const char *)r->fixed.p, (int)r->name.len,
	    (const char *)r->name.p, year, month, dom);
}

void
draft_support(struct draft *d, const struct facts *fs)
{
	const struct support_row *r = fs->support;
	int year, month, dom;

	if (fs->version.len == 0 || d->v.ja[SENTENCE_VERSION] != NULL)
		return;
	sentence_set(&d->v, SENTENCE_VERSION, draft_text(d, fs->version));
	if (r == NULL)
		return;
	utc_date(r->day, &year, &month, &dom);
	d->v.ja[SENTENCE_VERSION] = arena_printf(d->arena,
	    "%s、%.*sは%d/%d/%dで終了", d->v.ja[SENTENCE_VERSION],
	    (int)r->text.len, (const char *)r->text.p, year, month, dom);
	d->v.en[SENTENCE_VERSION] = arena_printf(d->arena,
	    "%s; %.*s until %04d-%02d-%02d", d->v.en[SENTENCE_VERSION],
	    (int)r->text.len, (const char *)r->text.p, year, month, dom);
}

static bool
before(const struct finding_cite *a, const struct finding_cite *b)
{
	int c;

	if (a->time != b->time)
		return a->time < b->time;
	c = strcmp(a->origin, b->origin);
	return c != 0 ? c < 0 : a->index < b->index;
}

void
draft_cite(struct draft *d, const struct finding_cite *cite)
{
	struct finding *f = &d->f;
	size_t i;

	if (f->n_evidence == 0 || cite->index < f->index_first)
		f->index_first = cite->index;
	if (f->n_evidence == 0 || cite->index > f->index_last)
		f->index_last = cite->index;
	f->n_evidence++;
	if (f->n_cites == FINDING_CITES)
		return;
	for (i = f->n_cites; i > 0 && before(cite, &f->cites[i - 1]); i--)
		f->cites[i] = f->cites[i - 1];
	f->cites[i] = *cite;
	f->n_cites++;
}
