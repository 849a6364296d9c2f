/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/load.h"

/* parse: keyvalue, cef, leef, json, xml: steps whose keys name inputs. */

static int
load_text(struct loader *ld, const struct yaml_node *n, const char *key,
    struct span *text)
{
	const struct yaml_node *c = yaml_get(n, key);

	if (c == NULL)
		return 0;
	if (c->kind != YAML_SCALAR || c->text.len == 0 ||
	    c->text.len > PAIRS_TEXT_MAX)
		return load_fail(ld, c,
		    tr("a text of 1 to %d bytes is expected",
			"1から%dバイトの文字列が必要です"),
		    PAIRS_TEXT_MAX);
	*text = c->text;
	return 0;
}

static int
load_quotes(struct loader *ld, const struct yaml_node *n, struct span *quotes)
{
	const struct span *list;
	uint8_t *out;
	size_t i, count;

	if (n == NULL)
		return 0;
	if (load_texts(ld, n, &list, &count) != 0)
		return -1;
	out = arena_alloc(ld->a, count + 1);
	for (i = 0; i < count; i++) {
		if (list[i].len != 1)
			return load_fail(ld, n,
			    tr("one ASCII character each is expected",
				"半角1文字ずつが必要です"));
		out[i] = list[i].p[0];
	}
	*quotes = span_make(out, count);
	return 0;
}

static int
load_all(struct loader *ld, const struct yaml_node *n, bool *all)
{
	if (n == NULL)
		return 0;
	if (!span_is(n->text, "all"))
		return load_fail(ld, n,
		    tr("'all' is expected", "all が必要です"));
	*all = true;
	return 0;
}

/* What kv.h reads is read by it, as it is faster. */
static bool
is_plain(const struct pairs_form *f)
{
	return f->pair.len == 1 && f->sep.len == 1 && !f->blanks &&
	    span_is(f->quotes, "\"");
}

static int
load_keyvalue(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	struct pairs_form *f = &s->form;
	struct span other = { NULL, 0 };
	const struct yaml_node *c;

	*f = (struct pairs_form){ SPAN("="), SPAN(" "), SPAN("\""), false };
	if (load_keys(ld, n, "pair separator or-separator quotes "
		"blanks prefix keys") != 0 ||
	    load_text(ld, n, "pair", &f->pair) != 0 ||
	    load_text(ld, n, "separator", &f->sep) != 0 ||
	    load_text(ld, n, "or-separator", &other) != 0 ||
	    load_quotes(ld, yaml_get(n, "quotes"), &f->quotes) != 0 ||
	    load_text(ld, n, "prefix", &s->prefix) != 0 ||
	    load_all(ld, yaml_get(n, "keys"), &s->all_keys) != 0)
		return -1;
	if ((c = yaml_get(n, "blanks")) != NULL &&
	    load_bool(ld, c, &f->blanks) != 0)
		return -1;
	s->kind = STEP_PAIRS;
	if (other.len > 0 && (other.len > 1 || !is_plain(f)))
		return load_fail(ld, yaml_get(n, "or-separator"),
		    tr("it is one byte, beside a pair and a separator of one "
		       "byte, without blanks",
			"1バイトで、pair と separator も1バイト、blanks なしの"
			"ときに使えます"));
	if (!is_plain(f))
		return 0;
	s->or_sep = other.len > 0 ? other.p[0] : 0;
	s->kind = STEP_KV;
	s->pair = f->pair.p[0];
	s->sep = f->sep.p[0];
	return 0;
}

static int
load_options(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	const struct yaml_node *c;

	if (load_keys(ld, n,
		s->kind == STEP_LEEF ? "prefix keys"
				     : "prefix keys under") != 0 ||
	    load_text(ld, n, "prefix", &s->prefix) != 0 ||
	    load_all(ld, yaml_get(n, "keys"), &s->all_keys) != 0)
		return -1;
	if ((c = yaml_get(n, "under")) == NULL)
		return 0;
	return load_texts(ld, c, &s->under, &s->nunder);
}

int
load_key_step(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	static const struct {
		const char *name;
		enum step_kind kind;
	} kinds[] = { { "cef", STEP_CEF }, { "leef", STEP_LEEF },
		{ "json", STEP_JSON }, { "xml", STEP_XML } };
	const struct yaml_node *c;
	size_t i;

	if ((c = yaml_get(n, "keyvalue")) != NULL) {
		ld->open = true;
		return load_keyvalue(ld, c, s);
	}
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if ((c = yaml_get(n, kinds[i].name)) == NULL)
			continue;
		ld->open = true;
		s->kind = kinds[i].kind;
		return load_options(ld, c, s);
	}
	return 1;
}

/* The keys of a step are all names that nothing else gives. */
static const struct names *
keys_of(struct loader *ld, struct span prefix, bool all)
{
	struct names_entry *e = arena_alloc(ld->a, ld->nslot * sizeof(*e));
	size_t i, n = 0;

	for (i = SLOT_OWN; i < ld->nslot; i++) {
		struct span name = ld->name[i];

		if ((ld->given[i] && !all) ||
		    !span_starts(name, prefix))
			continue;
		e[n++] = (struct names_entry){
			span_sub(name, prefix.len, name.len), (uint32_t)i
		};
	}
	return names_make(ld->a, e, n);
}

/*
 * What parts keys in any of the steps: a key that has it is none for some, and
 * where a value begins it is empty.
 */
static struct span
parting(struct loader *ld)
{
	uint8_t *out = arena_alloc(ld->a, 3 * ld->f->nstep + 1);
	size_t i, n = 0;

	for (i = 0; i < ld->f->nstep; i++) {
		if (ld->f->step[i].kind != STEP_KV)
			continue;
		out[n++] = ld->f->step[i].pair;
		out[n++] = ld->f->step[i].sep;
		if (ld->f->step[i].or_sep != 0)
			out[n++] = ld->f->step[i].or_sep;
	}
	out[n++] = '"';
	for (i = 0; i < n; i++)
		ld->f->absent_first[out[i]] = true;
	return span_make(out, n);
}

/*
 * The order of keys is learnt for all steps: they must want the same ones.
 * Who goes by it takes the separator for the end of any key and any value.
 */
static bool
may_follow(const struct loader *ld, const struct step *s)
{
	const struct step *other = ld->f->step;
	size_t i;

	if (s->kind != STEP_KV || s->prefix.len > 0 || s->sep == s->pair ||
	    s->sep == '"' || s->sep == '\\')
		return false;
	for (i = 0; i < ld->f->nstep; i++)
		if (other[i].kind == STEP_KV &&
		    other[i].all_keys != s->all_keys)
			return false;
	return true;
}

void
load_step_keys(struct loader *ld)
{
	struct step *own =
	    arena_alloc(ld->a, (ld->f->nstep + 1) * sizeof(*own));
	struct span parts = parting(ld);
	size_t i;

	for (i = 0; i < ld->f->nstep; i++) {
		own[i] = ld->f->step[i];
		own[i].parting = parts;
		own[i].follows = may_follow(ld, &own[i]);
		if (own[i].kind >= STEP_KV)
			own[i].keys = keys_of(ld, own[i].prefix,
			    own[i].all_keys);
	}
	ld->f->step = own;
}
