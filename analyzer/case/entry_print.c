/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/entry.h"
#include "common/json.h"
#include "common/utc.h"

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
	if (f->n_tactics > 0)
		put_texts(out, "tactics", f->tactics, f->n_tactics);
	if (f->n_inhibited_by > 0)
		put_texts(out, "inhibited_by", f->inhibited_by,
		    f->n_inhibited_by);
	put_lists(f, out);
	put_number(out, "evidence_n", f->n_evidence);
	if (f->excepted != NULL && *f->excepted != '\0')
		put(out, "excepted", f->excepted);
	buf_printf(out, ",\"replay\":%s,\"withdrawn\":%s",
	    f->replay ? "true" : "false", f->withdrawn ? "true" : "false");
	put(out, "rules_sha256", f->rules_sha256);
	put(out, "ledgers_sha256", f->ledgers_sha256);
	put_number(out, "evidence_size", f->evidence_size);
	if (f->revises != NULL && *f->revises != '\0')
		put(out, "revises", f->revises);
	buf_byte(out, '}');
}

static void
put_silence(struct buf *out, const struct casebook_step *s)
{
	put(out, "rule", s->rule);
	put(out, "about", s->about);
	put(out, "most", casebook_severity_word(s->most));
	put_instant(out, "from", s->from);
	put_instant(out, "until", s->until);
}

static void
put_review(struct buf *out, const struct casebook_step *s)
{
	put_instant(out, "from", s->from);
	put_instant(out, "until", s->until);
	put_number(out, "items", s->items);
	put(out, "sheet", s->sheet == NULL ? "" : s->sheet);
}

void
entry_print_step(const struct casebook_step *s, struct buf *out)
{
	static const char *const kinds[] = ENTRY_KINDS;

	buf_byte(out, '{');
	put(out, "type", kinds[s->kind]);
	put(out, "case", s->group);
	put(out, "who", s->who);
	put(out, "how", s->how);
	put(out, "text", s->text);
	buf_printf(out, ",\"ok\":%s,\"outside\":%s", s->ok ? "true" : "false",
	    s->outside ? "true" : "false");
	if (s->finding != NULL && *s->finding != '\0')
		put(out, "finding", s->finding);
	if (s->kind == CASEBOOK_SILENCE)
		put_silence(out, s);
	else if (s->kind == CASEBOOK_UNSILENCE)
		put(out, "silence", s->silence);
	else if (s->kind == CASEBOOK_REVIEW && s->until != 0)
		put_review(out, s);
	else if (s->kind == CASEBOOK_REPORT && s->sheet != NULL &&
	    *s->sheet != '\0') {
		put(out, "sheet", s->sheet);
		put(out, "before", s->before);
	}
	if (s->code != NULL && *s->code != '\0')
		put(out, "code", s->code);
	if (s->kind == CASEBOOK_REMIND || s->kind == CASEBOOK_DONE)
		put(out, "about", s->about);
	if (s->kind == CASEBOOK_NOTE || s->kind == CASEBOOK_AWARE ||
	    s->kind == CASEBOOK_DONE || s->kind == CASEBOOK_DRILL)
		put_instant(out, "from", s->from);
	buf_byte(out, '}');
}
