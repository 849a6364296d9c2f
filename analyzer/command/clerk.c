/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/clerk.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/case/entry.h"
#include "analyzer/case/intake.h"
#include "analyzer/case/submit.h"
#include "analyzer/command/command.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/sha256.h"

struct clerk {
	struct arena *arena;
	struct casebook book;
	size_t cap; /* of book.findings */
	struct submit *submit;
	size_t unsealed;
};

struct clerk *
clerk_open(const struct site *site, const char *program, struct buf *why)
{
	struct clerk *c = calloc(1, sizeof(*c));

	if (c == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	c->arena = arena_new();
	if (command_casebook(site, c->arena, &c->book, why) == 0)
		c->submit = submit_open(site, program, why);
	if (c->submit != NULL) {
		c->cap = c->book.n_findings;
		return c;
	}
	clerk_close(c);
	return NULL;
}

void
clerk_close(struct clerk *c)
{
	if (c == NULL)
		return;
	submit_close(c->submit);
	arena_free(c->arena);
	free(c);
}

/* A copy of its own, by way of the text that goes into the casebook. */
static struct casebook_finding *
keep(struct clerk *c, const struct casebook_finding *f)
{
	struct casebook_finding *wider;
	struct buf text;
	struct entry e;

	buf_init(&text);
	entry_print_finding(f, &text);
	if (entry_parse(buf_view(&text), c->arena, &e) != 0) {
		buf_fini(&text);
		return NULL;
	}
	buf_fini(&text);
	if (c->book.n_findings == c->cap) {
		c->cap = c->cap * 2 + 16;
		wider = arena_alloc(c->arena, c->cap * sizeof(*wider));
		if (c->book.n_findings > 0)
			memcpy(wider, c->book.findings,
			    c->book.n_findings * sizeof(*wider));
		c->book.findings = wider;
	}
	c->book.findings[c->book.n_findings] = e.finding;
	return &c->book.findings[c->book.n_findings];
}

/* Whether the two say the same, by whatever rules and evidence size. */
static bool
is_same(const struct casebook_finding *old, const struct casebook_finding *f)
{
	struct casebook_finding x = *f, was = *old;
	struct buf a, b;
	bool same;

	x.group = old->named;
	x.evidence_size = old->evidence_size;
	x.revises = old->revises;
	x.rules_sha256 = old->rules_sha256;
	x.ledgers_sha256 = old->ledgers_sha256;
	buf_init(&a);
	buf_init(&b);
	was.group = old->named;
	entry_print_finding(&was, &a);
	entry_print_finding(&x, &b);
	same = span_eq(buf_view(&a), buf_view(&b));
	buf_fini(&a);
	buf_fini(&b);
	return same;
}

/* Which record it takes the place of: by its text, as it stands in the log. */
static const char *
name_of(struct clerk *c, const struct casebook_finding *old)
{
	char *name = arena_alloc(c->arena, 2 * SHA256_LEN + 1);
	uint8_t digest[SHA256_LEN];
	struct casebook_finding was = *old;
	struct buf text;

	was.group = old->named;
	buf_init(&text);
	entry_print_finding(&was, &text);
	buf_byte(&text, '\n');
	sha256(buf_view(&text), digest);
	buf_fini(&text);
	hex_print(digest, sizeof(digest), name);
	name[2 * SHA256_LEN] = '\0';
	return name;
}

int
clerk_enter(struct clerk *c, const struct casebook_finding *f, struct buf *why)
{
	const struct casebook_finding *old = casebook_finding(&c->book, f->id);
	struct casebook_finding *mine;

	if (old == NULL ? f->withdrawn : is_same(old, f))
		return 0;
	mine = keep(c, f);
	if (mine == NULL) {
		buf_printf(why,
		    tr("finding %s cannot be entered: it is too long",
			"検知 %s は長すぎるため記録できません"),
		    f->id);
		return -1;
	}
	if (old != NULL) {
		mine->group = mine->named = old->named;
		mine->revises = name_of(c, old);
	} else {
		intake_join(&c->book, c->arena, mine);
		mine->named = mine->group;
	}
	if (submit_finding(c->submit, mine, why) != 0)
		return -1;
	c->unsealed++;
	if (old == NULL)
		c->book.n_findings++;
	else
		c->book.findings[old - c->book.findings] = *mine;
	return 1;
}

int
clerk_enter_version(struct clerk *c, const struct version *v, struct buf *why)
{
	const struct version *old = casebook_version(&c->book, v->name);
	struct version mine = *v;

	if (old != NULL && strcmp(old->sha256, v->sha256) == 0)
		return 0;
	version_compare(&mine, old, c->arena);
	if (submit_version(c->submit, &mine, why) != 0)
		return -1;
	c->unsealed++;
	if (old != NULL)
		log_info(tr("%s is new: %llu rows, %llu added, %llu changed, "
			    "%llu removed ('konseki ledgers changes' names "
			    "them)",
			     "%s が変わりました: %llu行、追加%llu、変更%llu、"
			     "削除%llu（konseki ledgers changesで行を表示）"),
		    v->file, (unsigned long long)mine.n,
		    (unsigned long long)mine.added.n,
		    (unsigned long long)mine.changed.n,
		    (unsigned long long)mine.removed.n);
	return 1;
}

int
clerk_seal(struct clerk *c, struct buf *why)
{
	if (c->unsealed > 0 && submit_seal(c->submit, NULL, NULL, why) != 0)
		return -1;
	c->unsealed = 0;
	return 0;
}
