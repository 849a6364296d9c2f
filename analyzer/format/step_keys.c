/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cef.h"
#include "analyzer/format/jsonpath.h"
#include "analyzer/format/step_put.h"
#include "analyzer/format/xmlpath.h"

#include <string.h>

/*
 * Steps whose keys are the names of inputs.  A step knows its line if one of
 * its keys is wanted.
 */
typedef size_t unescape(struct span text, uint8_t *out);

static void
put_at(struct line *l, uint32_t slot, struct span value, unescape *undo)
{
	uint8_t *out;

	if (undo != NULL) {
		out = arena_alloc(l->a, value.len);
		value = span_make(out, undo(value, out));
	}
	line_put(l, (uint16_t)slot, value);
}

/* Where a vendor's own keys are asked for, by what follows their beginning. */
static uint32_t
find_key(const struct step *s, struct span key)
{
	size_t i;

	if (s->nunder == 0)
		return names_find(s->keys, key);
	for (i = 0; i < s->nunder; i++)
		if (span_starts(key, s->under[i]))
			return names_find(s->keys,
			    span_sub(key, s->under[i].len, key.len));
	return NAMES_NONE;
}

static bool
put(const struct step *s, struct line *l, struct span key, struct span value,
    unescape *undo)
{
	uint32_t slot = find_key(s, key);

	step_note(s, l, slot, key, value);
	if (slot == NAMES_NONE)
		return false;
	put_at(l, slot, value, undo);
	return true;
}

static bool
run_pairs(const struct step *s, struct line *l)
{
	struct pairs k = pairs_make(l->in[s->from], &s->form);
	struct kv_pair pair;
	uint32_t slot;
	bool known = false;

	while (pairs_next(&k, &pair)) {
		slot = names_find(s->keys, pair.key);
		step_note(s, l, slot, pair.key, pair.value);
		if (slot == NAMES_NONE)
			continue;
		step_put_pair(l, slot, &pair);
		known = true;
	}
	return known;
}

/*
 * cs1=v cs1Label=Reason: the input Reason, where a file wants it, is v.  They
 * are gathered and looked up in one more pass: a line may be full of them.
 */
struct labels {
	size_t n;
	struct kv_pair of[CEF_LABELS];
};

static bool
ends(struct span s, struct span end)
{
	return s.len > end.len &&
	    span_eq(span_sub(s, s.len - end.len, end.len), end);
}

static void
take_label(const struct step *s, const struct kv_pair *label, struct labels *y)
{
	size_t i;

	if (!ends(label->key, SPAN("Label")) ||
	    names_find(s->keys, label->value) == NAMES_NONE)
		return;
	for (i = 0; i < y->n && !span_eq(y->of[i].key, label->key); i++)
		;
	if (i == y->n && i < CEF_LABELS)
		y->of[y->n++] = *label;
}

static bool
is_labelled(struct span key, struct span label)
{
	return label.len == key.len + 5 && span_starts(label, key);
}

static void
put_labelled(const struct step *s, struct line *l, const struct cef *c,
    const struct labels *y)
{
	struct pairs k = pairs_make(c->extension, &c->form);
	struct kv_pair pair;
	size_t i;

	while (y->n > 0 && pairs_next(&k, &pair))
		for (i = 0; i < y->n; i++)
			if (is_labelled(pair.key, y->of[i].key))
				(void)put(s, l, y->of[i].value, pair.value,
				    pair.escaped ? cef_unescape : NULL);
}

static bool
run_cef(const struct step *s, struct line *l)
{
	static const char *const cef[CEF_PARTS] = { "cef.vendor", "cef.product",
		"cef.version", "cef.id", "cef.name", "cef.severity" };
	static const char *const leef[CEF_PARTS] = { "leef.vendor",
		"leef.product", "leef.version", "leef.id" };
	const char *const *name = s->kind == STEP_CEF ? cef : leef;
	struct labels labels = { .n = 0 };
	struct kv_pair pair;
	struct pairs k;
	struct cef c;
	int i;

	if (s->kind == STEP_CEF ? !cef_read(l->in[s->from], &c)
				: !leef_read(l->in[s->from], &c))
		return false;
	for (i = 0; i < CEF_PARTS && name[i] != NULL; i++)
		(void)put(s, l, span_str(name[i]), c.part[i], cef_unescape);
	k = pairs_make(c.extension, &c.form);
	while (pairs_next(&k, &pair)) {
		(void)put(s, l, pair.key, pair.value,
		    pair.escaped ? cef_unescape : NULL);
		take_label(s, &pair, &labels);
	}
	put_labelled(s, l, &c, &labels);
	return true;
}

/* As it is, or with a capital where a sender wrote none. */
static uint32_t
find_capital(const struct step *s, struct span key)
{
	uint8_t name[JSONPATH_MAX];
	uint32_t slot = names_find(s->keys, key);

	if (slot != NAMES_NONE || key.len > sizeof(name) || key.p[0] < 'a' ||
	    key.p[0] > 'z')
		return slot;
	memcpy(name, key.p, key.len);
	name[0] ^= 0x20;
	return names_find(s->keys, span_make(name, key.len));
}

/* The whole path comes first, then below one of those that are left off. */
static uint32_t
find_path(const struct step *s, struct span path)
{
	uint32_t slot = names_find(s->keys, path);
	size_t i;

	for (i = 0; i < s->nunder && slot == NAMES_NONE; i++) {
		struct span u = s->under[i];

		if (path.len > u.len + 1 && path.p[u.len] == '.' &&
		    span_starts(path, u))
			slot = find_capital(s,
			    span_sub(path, u.len + 1, path.len));
	}
	return slot;
}

static bool
put_path(const struct step *s, struct line *l, struct span path,
    struct span value, unescape *undo)
{
	uint32_t slot = find_path(s, path);

	step_note(s, l, slot, path, value);
	if (slot == NAMES_NONE)
		return false;
	put_at(l, slot, value, undo);
	return true;
}

static bool
run_json(const struct step *s, struct line *l)
{
	struct jsonpath j;
	struct jsonpath_value v;
	bool known = false;

	jsonpath_begin(&j, l->in[s->from]);
	while (jsonpath_next(&j, &v))
		if (v.path.len > 0)
			known |= put_path(s, l, v.path, v.text,
			    v.escaped ? jsonpath_unescape : NULL);
	if (j.fault != NULL)
		l->fault = j.fault;
	return known;
}

static bool
run_xml(const struct step *s, struct line *l)
{
	struct xmlpath x;
	struct xmlpath_value v;
	bool known = false;

	xmlpath_begin(&x, l->in[s->from]);
	while (xmlpath_next(&x, &v))
		if (v.path.len > 0)
			known |= put_path(s, l, v.path, v.text,
			    v.escaped ? xmlpath_unescape : NULL);
	if (x.fault != NULL)
		l->fault = x.fault;
	return known;
}

bool
step_keys(const struct step *s, struct line *l)
{
	if (s->kind == STEP_PAIRS)
		return run_pairs(s, l);
	if (s->kind == STEP_CEF || s->kind == STEP_LEEF)
		return run_cef(s, l);
	if (s->kind == STEP_JSON)
		return run_json(s, l);
	return s->kind == STEP_XML ? run_xml(s, l) : step_kv(s, l);
}
