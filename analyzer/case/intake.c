/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/intake.h"

#include <string.h>

#include "analyzer/case/cover.h"
#include "analyzer/case/linking.h"
#include "common/hex.h"
#include "common/utc.h"

#define GROUP_DIGITS 8 /* of the finding's id: 2^32 cases */

void
intake_except(struct casebook_finding *f, const struct exceptions *xs, int zone,
    struct arena *arena)
{
	const struct exception *x;
	int64_t local = f->first + zone * UTC_SECOND, day;
	int year, month, dom;
	size_t i;

	day = local / UTC_DAY - (local % UTC_DAY < 0);
	for (i = 0; i < exceptions_count(xs); i++) {
		x = exceptions_at(xs, i);
		if (day < x->from || day > x->until ||
		    !cover_holds(
			&(struct cover){ x->rule, x->about,
			    (enum casebook_severity)x->most },
			f))
			continue;
		utc_date(x->until, &year, &month, &dom);
		f->excepted = arena_printf(arena, "%s %s %04d-%02d-%02d: %s",
		    x->id, x->owner, year, month, dom, x->reason);
		return;
	}
}

void
intake_join(const struct casebook *book, struct arena *arena,
    struct casebook_finding *f)
{
	const struct casebook_finding *best;

	if (strcmp(f->kind, "alert") != 0) {
		f->group = "";
		return;
	}
	best = linking_earliest(book->findings, book->n_findings, f);
	f->group = best != NULL
	    ? best->group
	    : arena_str(arena, span_sub(span_str(f->id), 0, GROUP_DIGITS));
}

static void
copy_lists(const struct finding *f, struct arena *arena,
    struct casebook_finding *out)
{
	struct casebook_number *n =
	    arena_alloc(arena, (f->n_numbers + 1) * sizeof(*n));
	struct casebook_entity *e =
	    arena_alloc(arena, (f->n_entities + 1) * sizeof(*e));
	struct casebook_cite *c =
	    arena_alloc(arena, (f->n_cites + 1) * sizeof(*c));
	const char **layers =
	    arena_alloc(arena, (f->n_layers + 1) * sizeof(*layers));
	size_t i;

	for (i = 0; i < f->n_numbers; i++)
		n[i] = (struct casebook_number){ f->numbers[i].name,
			arena_str(arena, span_str(f->numbers[i].text)),
			f->numbers[i].unit, f->numbers[i].layer };
	for (i = 0; i < f->n_entities; i++)
		e[i] = (struct casebook_entity){ f->entities[i].kind,
			f->entities[i].value, f->entities[i].label };
	for (i = 0; i < f->n_cites; i++) {
		c[i].origin = f->cites[i].origin;
		c[i].index = f->cites[i].index;
		c[i].time = f->cites[i].time;
		hex_print(f->cites[i].leaf, sizeof(f->cites[i].leaf),
		    c[i].leaf);
	}
	for (i = 0; i < f->n_layers; i++)
		layers[i] = f->layers[i].code;
	out->numbers = n;
	out->n_numbers = f->n_numbers;
	out->entities = e;
	out->n_entities = f->n_entities;
	out->cites = c;
	out->n_cites = f->n_cites;
	out->layers = layers;
	out->n_layers = f->n_layers;
}

static const char *
hash_text(const uint8_t hash[32], struct arena *arena)
{
	char *s = arena_alloc(arena, 65);

	hex_print(hash, 32, s);
	return s;
}

void
intake_finding(const struct finding *f, uint64_t evidence_size,
    struct arena *arena, struct casebook_finding *out)
{
	static const char *const kinds[] = { "alert", "sheet", "unknown" };

	*out = (struct casebook_finding){
		.id = arena_str(arena, span_str(f->id)),
		.rule = f->rule,
		.version = f->version,
		.kind = kinds[f->kind],
		.title_ja = f->title_ja,
		.title_en = f->title_en,
		.what_ja = f->what_ja,
		.what_en = f->what_en,
		.why_ja = f->why_ja,
		.why_en = f->why_en,
		.todo_ja = f->do_ja,
		.todo_en = f->do_en,
		.severity = (enum casebook_severity)f->severity,
		.key = f->key,
		.group = "",
		.from = f->from,
		.until = f->until,
		.first = f->first,
		.attack = f->attack,
		.n_attack = f->n_attack,
		.tactics = f->tactics,
		.n_tactics = f->n_tactics,
		.inhibited_by = f->inhibited_by,
		.n_inhibited_by = f->n_inhibited_by,
		.excepted = "",
		.n_evidence = f->n_evidence,
		.withdrawn = f->withdrawn,
		.revises = "",
		.replay = f->replay,
		.rules_sha256 = hash_text(f->rules_sha256, arena),
		.ledgers_sha256 = hash_text(f->ledgers_sha256, arena),
		.evidence_size = evidence_size,
	};
	copy_lists(f, arena, out);
}
