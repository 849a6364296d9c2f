/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/entry.h"

#include <jansson.h>
#include <string.h>

#include "common/json.h"
#include "common/num.h"
#include "common/utc.h"

static const char *const kinds[] = { "sent", "ack", "judge", "review",
	"report" };

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
severity(struct in *in, const json_t *o)
{
	const char *s = text(in, o, "severity");
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
	f->severity = severity(in, o);
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
	} else {
		e->what = ENTRY_STEP;
		e->step.kind = (enum casebook_step_kind)word(&in, o, "type",
		    kinds, N(kinds));
		e->step.group = text(&in, o, "case");
		e->step.who = text(&in, o, "who");
		e->step.how = text(&in, o, "how");
		e->step.text = text(&in, o, "text");
		e->step.ok = json_is_true(json_object_get(o, "ok"));
		e->step.outside = json_is_true(json_object_get(o, "outside"));
	}
	json_decref(o);
	return in.bad ? -1 : 0;
}

/* Writing: by hand, so that the order of members and the bytes are ours. */
static void
put(struct buf *out, const char *member, const char *value)
{
	buf_printf(out,
	    "%s\"%s\":", out->len > 0 && out->p[out->len - 1] != '{' ? "," : "",
	    member);
	json_quote(out, span_str(value));
}

static void
put_number(struct buf *out, const char *member, uint64_t n)
{
	buf_printf(out, ",\"%s\":%llu", member, (unsigned long long)n);
}

static void
put_instant(struct buf *out, const char *member, int64_t t)
{
	char s[UTC_TEXT];

	put(out, member, utc_print(t, 0, s));
}

static void
put_texts(struct buf *out, const char *member, const char *const *v, size_t n)
{
	size_t i;

	buf_printf(out, ",\"%s\":[", member);
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_byte(out, ',');
		json_quote(out, span_str(v[i]));
	}
	buf_byte(out, ']');
}

static void
put_lists(const struct casebook_finding *f, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"numbers\":[");
	for (i = 0; i < f->n_numbers; i++) {
		buf_str(out, i > 0 ? ",{" : "{");
		put(out, "name", f->numbers[i].name);
		put(out, "value", f->numbers[i].text);
		put(out, "unit", f->numbers[i].unit);
		put(out, "layer", f->numbers[i].layer);
		buf_byte(out, '}');
	}
	buf_str(out, "],\"entities\":[");
	for (i = 0; i < f->n_entities; i++) {
		buf_str(out, i > 0 ? ",{" : "{");
		put(out, "kind", f->entities[i].kind);
		put(out, "value", f->entities[i].value);
		put(out, "label", f->entities[i].label);
		buf_byte(out, '}');
	}
	buf_str(out, "],\"evidence\":[");
	for (i = 0; i < f->n_cites; i++) {
		buf_str(out, i > 0 ? ",{" : "{");
		put(out, "origin", f->cites[i].origin);
		put_number(out, "index", f->cites[i].index);
		put(out, "leaf", f->cites[i].leaf);
		put_instant(out, "time", f->cites[i].time);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

void
entry_print_finding(const struct casebook_finding *f, struct buf *out)
{
	buf_byte(out, '{');
	put(out, "type", "finding");
	put(out, "id", f->id);
	put(out, "rule", f->rule);
	put(out, "version", f->version);
	put(out, "kind", f->kind);
	put(out, "severity", casebook_severity_word(f->severity));
	put(out, "case", f->group);
	put(out, "key", f->key);
	put_instant(out, "from", f->from);
	put_instant(out, "until", f->until);
	put_instant(out, "first", f->first);
	put(out, "title_ja", f->title_ja);
	put(out, "title_en", f->title_en);
	put(out, "what_ja", f->what_ja);
	put(out, "what_en", f->what_en);
	put(out, "why_ja", f->why_ja);
	put(out, "why_en", f->why_en);
	put(out, "todo_ja", f->todo_ja);
	put(out, "todo_en", f->todo_en);
	put_texts(out, "layers", f->layers, f->n_layers);
	put_texts(out, "attack", f->attack, f->n_attack);
	put_lists(f, out);
	put_number(out, "evidence_n", f->n_evidence);
	buf_printf(out, ",\"replay\":%s,\"withdrawn\":%s",
	    f->replay ? "true" : "false", f->withdrawn ? "true" : "false");
	put(out, "rules_sha256", f->rules_sha256);
	put(out, "ledgers_sha256", f->ledgers_sha256);
	put_number(out, "evidence_size", f->evidence_size);
	if (f->revises != NULL && *f->revises != '\0')
		put(out, "revises", f->revises);
	buf_byte(out, '}');
}

void
entry_print_step(const struct casebook_step *s, struct buf *out)
{
	buf_byte(out, '{');
	put(out, "type", kinds[s->kind]);
	put(out, "case", s->group);
	put(out, "who", s->who);
	put(out, "how", s->how);
	put(out, "text", s->text);
	buf_printf(out, ",\"ok\":%s,\"outside\":%s", s->ok ? "true" : "false",
	    s->outside ? "true" : "false");
	buf_byte(out, '}');
}
