/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/entry.h"

#include <jansson.h>
#include <string.h>

#include "analyzer/case/cover.h"
#include "common/utc.h"

static const char *const kinds[] = ENTRY_KINDS;

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* Reading: the first member that is not as it should be spoils the entry. */
struct in {
	struct arena *arena;
	bool bad;
};

static const char *
text(struct in *in, const json_t *o, const char *member)
{
	const json_t *v = json_object_get(o, member);

	if (!json_is_string(v)) {
		in->bad = true;
		return "";
	}
	return arena_str(in->arena,
	    span_make(json_string_value(v), json_string_length(v)));
}

/* One that earlier entries lack. */
static const char *
text_or(struct in *in, const json_t *o, const char *member, const char *other)
{
	return json_object_get(o, member) == NULL ? other
						  : text(in, o, member);
}

static uint64_t
number(struct in *in, const json_t *o, const char *member)
{
	const json_t *v = json_object_get(o, member);

	if (!json_is_integer(v) || json_integer_value(v) < 0) {
		in->bad = true;
		return 0;
	}
	return (uint64_t)json_integer_value(v);
}

static int64_t
instant(struct in *in, const json_t *o, const char *member)
{
	const char *s = text(in, o, member);
	int64_t t = 0;
	int zone;

	if (utc_parse(span_str(s), &t, &zone) != 0)
		in->bad = true;
	return t;
}

static size_t
word(struct in *in, const json_t *o, const char *member,
    const char *const *words, size_t n)
{
	const char *s = text(in, o, member);
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(s, words[i]) == 0)
			return i;
	in->bad = true;
	return 0;
}

static enum casebook_severity
severity(struct in *in, const json_t *o, const char *member)
{
	const char *s = text(in, o, member);
	enum casebook_severity i;

	for (i = CASEBOOK_INFO; i <= CASEBOOK_CRITICAL; i++)
		if (strcmp(s, casebook_severity_word(i)) == 0)
			return i;
	in->bad = true;
	return CASEBOOK_INFO;
}

static const json_t *
list(struct in *in, const json_t *o, const char *member, size_t *n)
{
	const json_t *v = json_object_get(o, member);

	*n = 0;
	if (!json_is_array(v)) {
		in->bad = true;
		return NULL;
	}
	*n = json_array_size(v);
	return v;
}

static const char *const *
texts(struct in *in, const json_t *o, const char *member, size_t *n)
{
	const json_t *v = list(in, o, member, n);
	const char **out = arena_alloc(in->arena, (*n + 1) * sizeof(*out));
	size_t i;

	for (i = 0; i < *n; i++) {
		const json_t *s = json_array_get(v, i);

		out[i] = "";
		if (!json_is_string(s))
			in->bad = true;
		else
			out[i] = arena_str(in->arena,
			    span_str(json_string_value(s)));
	}
	return out;
}

/* A list that earlier entries lack. */
static const char *const *
texts_or_none(struct in *in, const json_t *o, const char *member, size_t *n)
{
	static const char *const none[] = { "" };

	if (json_object_get(o, member) != NULL)
		return texts(in, o, member, n);
	*n = 0;
	return none;
}

static void
numbers(struct in *in, const json_t *o, struct casebook_finding *f)
{
	const json_t *v = list(in, o, "numbers", &f->n_numbers);
	struct casebook_number *out =
	    arena_alloc(in->arena, (f->n_numbers + 1) * sizeof(*out));
	size_t i;

	for (i = 0; i < f->n_numbers; i++) {
		const json_t *x = json_array_get(v, i);

		out[i].name = text(in, x, "name");
		out[i].text = text(in, x, "value");
		out[i].unit = text(in, x, "unit");
		out[i].layer = text(in, x, "layer");
	}
	f->numbers = out;
}

static void
entities(struct in *in, const json_t *o, struct casebook_finding *f)
{
	const json_t *v = list(in, o, "entities", &f->n_entities);
	struct casebook_entity *out =
	    arena_alloc(in->arena, (f->n_entities + 1) * sizeof(*out));
	size_t i;

	for (i = 0; i < f->n_entities; i++) {
		const json_t *x = json_array_get(v, i);

		out[i].kind = text(in, x, "kind");
		out[i].value = text(in, x, "value");
		out[i].label = text(in, x, "label");
	}
	f->entities = out;
}

static void
cites(struct in *in, const json_t *o, struct casebook_finding *f)
{
	const json_t *v = list(in, o, "evidence", &f->n_cites);
	struct casebook_cite *out =
	    arena_alloc(in->arena, (f->n_cites + 1) * sizeof(*out));
	size_t i;

	for (i = 0; i < f->n_cites; i++) {
		const json_t *x = json_array_get(v, i);
		const char *leaf = text(in, x, "leaf");

		out[i].origin = text(in, x, "origin");
		out[i].index = number(in, x, "index");
		out[i].time = instant(in, x, "time");
		if (strlen(leaf) != 64)
			in->bad = true;
		else
			memcpy(out[i].leaf, leaf, 65);
	}
	f->cites = out;
}

static void
read_finding(struct in *in, const json_t *o, struct casebook_finding *f)
{
	f->id = text(in, o, "id");
	f->rule = text(in, o, "rule");
	f->version = text(in, o, "version");
	f->kind = text(in, o, "kind");
	f->severity = severity(in, o, "severity");
	f->group = text(in, o, "case");
	f->key = text(in, o, "key");
	f->from = instant(in, o, "from");
	f->until = instant(in, o, "until");
	f->first = instant(in, o, "first");
	f->title_ja = text(in, o, "title_ja");
	f->title_en = text(in, o, "title_en");
	f->what_ja = text(in, o, "what_ja");
	f->what_en = text(in, o, "what_en");
	f->why_ja = text(in, o, "why_ja");
	f->why_en = text(in, o, "why_en");
	f->todo_ja = text(in, o, "todo_ja");
	f->todo_en = text(in, o, "todo_en");
	f->layers = texts(in, o, "layers", &f->n_layers);
	f->attack = texts(in, o, "attack", &f->n_attack);
	f->tactics = texts_or_none(in, o, "tactics", &f->n_tactics);
	f->inhibited_by =
	    texts_or_none(in, o, "inhibited_by", &f->n_inhibited_by);
	f->excepted = text_or(in, o, "excepted", "");
	casebook_print(f->rule, f->key, f->print);
	f->quiet_by = "";
	f->named = f->group;
	numbers(in, o, f);
	entities(in, o, f);
	cites(in, o, f);
	f->n_evidence = number(in, o, "evidence_n");
	f->replay = json_is_true(json_object_get(o, "replay"));
	f->withdrawn = json_is_true(json_object_get(o, "withdrawn"));
	f->revises = json_object_get(o, "revises") == NULL
	    ? ""
	    : text(in, o, "revises");
	f->rules_sha256 = text(in, o, "rules_sha256");
	f->ledgers_sha256 = text(in, o, "ledgers_sha256");
	f->evidence_size = number(in, o, "evidence_size");
}

/*
 * Nobody's silence, without a reason, about everything or without an end is
 * none: it is refused as an entry, and counted as such.
 */
static void
read_silence(struct in *in, const json_t *o, struct casebook_step *s)
{
	s->rule = text(in, o, "rule");
	s->about = text(in, o, "about");
	s->most = severity(in, o, "most");
	s->from = instant(in, o, "from");
	s->until = instant(in, o, "until");
	if (!in->bad &&
	    (!cover_says(&(struct cover){ s->rule, s->about, s->most }) ||
		*s->who == '\0' || *s->text == '\0' || s->until <= s->from ||
		s->until - s->from > CASEBOOK_SILENCE_DAYS * UTC_DAY))
		in->bad = true;
}

/* The week and what was signed; an entry that tells neither is read, too. */
static void
read_review(struct in *in, const json_t *o, struct casebook_step *s)
{
	if (json_object_get(o, "from") == NULL)
		return;
	s->from = instant(in, o, "from");
	s->until = instant(in, o, "until");
	s->items = number(in, o, "items");
	s->sheet = text(in, o, "sheet");
	if (s->until <= s->from || s->until - s->from > 8 * UTC_DAY ||
	    *s->who == '\0')
		in->bad = true;
}

static void
read_step(struct in *in, const json_t *o, struct casebook_step *s)
{
	s->kind =
	    (enum casebook_step_kind)word(in, o, "type", kinds, N(kinds));
	s->group = text(in, o, "case");
	s->who = text(in, o, "who");
	s->how = text(in, o, "how");
	s->text = text(in, o, "text");
	s->ok = json_is_true(json_object_get(o, "ok"));
	s->outside = json_is_true(json_object_get(o, "outside"));
	s->finding = text_or(in, o, "finding", "");
	s->code = text_or(in, o, "code", "");
	s->silence = s->rule = s->about = s->sheet = s->before = "";
	if (s->kind == CASEBOOK_SILENCE)
		read_silence(in, o, s);
	else if (s->kind == CASEBOOK_UNSILENCE)
		s->silence = text(in, o, "silence");
	else if (s->kind == CASEBOOK_REVIEW)
		read_review(in, o, s);
	else if (s->kind == CASEBOOK_REPORT) {
		s->sheet = text_or(in, o, "sheet", "");
		s->before = text_or(in, o, "before", "");
	}
	if (s->kind == CASEBOOK_REMIND || s->kind == CASEBOOK_DONE)
		s->about = text(in, o, "about");
	if (s->kind == CASEBOOK_NOTE || s->kind == CASEBOOK_AWARE ||
	    s->kind == CASEBOOK_DONE || s->kind == CASEBOOK_DRILL)
		s->from = instant(in, o, "from");
}

int
entry_parse(struct span s, struct arena *arena, struct entry *e)
{
	struct in in = { .arena = arena };
	const char *type;
	json_t *o;

	*e = (struct entry){ 0 };
	if (s.len > ENTRY_BYTES)
		return -1;
	o = json_loadb((const char *)s.p, s.len, JSON_REJECT_DUPLICATES, NULL);
	if (o == NULL)
		return -1;
	type = text(&in, o, "type");
	if (strcmp(type, "finding") == 0) {
		e->what = ENTRY_FINDING;
		read_finding(&in, o, &e->finding);
	} else if (strcmp(type, "search") == 0) {
		e->what = ENTRY_SEARCH;
		in.bad |= search_parse(s, arena, &e->search) != 0;
	} else if (strcmp(type, "ledger") == 0) {
		e->what = ENTRY_VERSION;
		in.bad |= version_parse(s, arena, &e->version) != 0;
	} else {
		e->what = ENTRY_STEP;
		read_step(&in, o, &e->step);
	}
	json_decref(o);
	return in.bad ? -1 : 0;
}
