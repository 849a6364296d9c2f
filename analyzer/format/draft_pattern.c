/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/convert.h"
#include "analyzer/format/draft_atom.h"
#include "analyzer/format/draft_priv.h"
#include "common/text.h"

/*
 * Lines of words: those that differ only in what changes (addresses, numbers,
 * quoted texts, some words) are one kind, and a kind is a case with a pattern.
 * What stands behind "from", "user", "port" and the like has a name.
 */

struct group {
	size_t n; /* lines */
	size_t first;
	size_t natom;
	struct atom *atom; /* of the first line */
	bool *varies;
	struct draft_guess guess;
	size_t code; /* atom that may be the message's number; natom: none */
	bool same_code;
};

/* An input: its name in the file, and what it is. */
struct named {
	const char *name, *what;
};

struct groups {
	struct draft *d;
	size_t n;
	struct group group[DRAFT_GROUPS];
	size_t of[DRAFT_LINES]; /* group of a line; DRAFT_GROUPS: none */
	bool codes;
	size_t nname, nvalue;
	struct named name[16]; /* of inputs that have one, each once */
};

static bool
has_name(const struct atom *atom, size_t n, const char *name)
{
	const char *one;
	size_t i;

	for (i = 0; i < n; i++) {
		one = atom_name(atom, n, i);
		if (one != NULL && strcmp(one, name) == 0)
			return true;
	}
	return false;
}

/* What the words of a line tell; its values tell nothing. */
static struct draft_guess
guess_line(const struct draft *d, size_t line, const struct atom *atom,
    size_t n)
{
	bool ends =
	    (has_name(atom, n, "src_ip") && has_name(atom, n, "dst_ip")) ||
	    (draft_line_has(d, line, "source.ip") &&
		draft_line_has(d, line, "destination.ip"));
	struct draft_guess g;
	struct buf words;
	size_t i;

	buf_init(&words);
	for (i = 0; i < n; i++)
		if (atom_is_literal(atom, n, i))
			buf_span(&words, atom[i].text);
		else
			buf_byte(&words, '*');
	g = draft_guess(buf_view(&words), ends);
	buf_fini(&words);
	return g;
}

static bool
alike(const struct group *g, const struct atom *b, size_t n)
{
	size_t i, words = 0, same = 0;
	bool first = true;

	if (n != g->natom)
		return false;
	for (i = 0; i < n; i++) {
		const struct atom *a = &g->atom[i];

		if (a->kind != b[i].kind)
			return false;
		if (a->kind == ATOM_MARK && !span_eq(a->text, b[i].text))
			return false;
		if (a->kind != ATOM_WORD || a->changes || b[i].changes)
			continue;
		if (first && !span_eq(a->text, b[i].text))
			return false;
		first = false;
		words++;
		same += span_eq(a->text, b[i].text);
	}
	return same * 2 >= words;
}

static bool
same_guess(struct draft_guess a, struct draft_guess b)
{
	return a.kind == b.kind && a.outcome == b.outcome;
}

/* "A103" where a line begins, marks passed over. */
static size_t
code_of(const struct atom *atom, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < 3 && atom[i].kind == ATOM_MARK; i++)
		;
	if (i == n || atom[i].kind != ATOM_WORD || !atom[i].changes ||
	    atom[i].text.len > 16 ||
	    memchr(atom[i].text.p, '.', atom[i].text.len) != NULL)
		return n;
	return i;
}

static struct group *
add_group(struct groups *s, size_t line, struct atom *atom, size_t n)
{
	struct group *g = &s->group[s->n++];
	size_t k;

	*g = (struct group){ .first = line,
		.natom = n,
		.atom = atom,
		.guess = guess_line(s->d, line, atom, n),
		.code = code_of(atom, n),
		.same_code = true };
	g->varies = arena_alloc(s->d->a, n + 1);
	for (k = 0; k < n; k++)
		g->varies[k] = !atom_is_literal(atom, n, k);
	return g;
}

static size_t
group_of(struct groups *s, size_t line)
{
	struct draft *d = s->d;
	struct atom *atom = arena_alloc(d->a, ATOMS * sizeof(*atom));
	struct span text =
	    text_trim(d->leads ? d->line[line].lead : d->line[line].body);
	size_t i, k, n = atom_split(text, atom);
	struct draft_guess guess = guess_line(d, line, atom, n);
	struct group *g;

	for (i = 0; i < s->n; i++)
		if (alike(&s->group[i], atom, n) &&
		    same_guess(s->group[i].guess, guess) &&
		    d->line[s->group[i].first].pairs == d->line[line].pairs)
			break;
	if (i == DRAFT_GROUPS)
		return i;
	g = i == s->n ? add_group(s, line, atom, n) : &s->group[i];
	g->n++;
	for (k = 0; k < n; k++)
		g->varies[k] |= atom[k].kind == ATOM_WORD &&
		    !span_eq(atom[k].text, g->atom[k].text);
	if (g->code < n)
		g->same_code &=
		    span_eq(atom[g->code].text, g->atom[g->code].text);
	return i;
}

/*
 * Whether what the lines begin with is the number of their message: each kind
 * has its own, and some kind has shown so twice.
 */
static bool
has_codes(const struct groups *s)
{
	bool twice = false;
	size_t i, k;

	for (i = 0; i < s->n; i++) {
		const struct group *g = &s->group[i];

		if (g->natom == 0)
			continue;
		if (g->code == g->natom || !g->same_code)
			return false;
		twice |= g->n > 1;
		for (k = 0; k < i; k++)
			if (s->group[k].natom > 0 &&
			    span_eq(g->atom[g->code].text,
				s->group[k].atom[s->group[k].code].text))
				return false;
	}
	return twice && s->n > 1;
}

const struct draft_input *
draft_value_of(const struct draft *d, struct span word)
{
	size_t i, k;

	for (i = 0; i < d->ninput; i++)
		for (k = 0; k < d->n; k++)
			if (span_eq(d->input[i]->value[k], word))
				return d->input[i];
	return NULL;
}

/* Whether another kind of line has the word in the same place. */
static bool
is_shared(const struct groups *s, const struct group *g, size_t i)
{
	size_t k;

	for (k = 0; k < s->n; k++)
		if (&s->group[k] != g && i < s->group[k].natom &&
		    span_eq(s->group[k].atom[i].text, g->atom[i].text))
			return true;
	return g->n > 1;
}

/* A word that is a value behind a key elsewhere is one here. */
static void
find_values(struct groups *s, struct group *g)
{
	size_t i;

	for (i = 0; i < g->natom; i++)
		if (g->atom[i].kind == ATOM_WORD && !g->varies[i] &&
		    !draft_tells(g->atom[i].text) && !is_shared(s, g, i) &&
		    draft_value_of(s->d, g->atom[i].text) != NULL)
			g->varies[i] = true;
}

static bool
is_taken(const struct draft *d, struct span name)
{
	size_t i;

	for (i = 0; i < d->ninput; i++)
		if (span_eq(d->input[i]->name, name))
			return true;
	return false;
}

/* The name in the file: no key, for a key that something else gives is none. */
static const char *
free_name(struct draft *d, const char *what)
{
	const char *name = what;

	while (is_taken(d, span_str(name)))
		name = arena_printf(d->a, "%s_2", name);
	return name;
}

/* A name once for each line; it is remembered for the fields.  NULL: no. */
static const char *
claim(struct groups *s, const char **used, size_t *nused, const char *what)
{
	size_t i;

	for (i = 0; i < *nused; i++)
		if (strcmp(used[i], what) == 0)
			return NULL;
	for (i = 0; i < s->nname && strcmp(s->name[i].what, what) != 0; i++)
		;
	if (*nused == 16 || i == 16)
		return NULL;
	used[(*nused)++] = what;
	if (i == s->nname)
		s->name[s->nname++] =
		    (struct named){ free_name(s->d, what), what };
	return s->name[i].name;
}

/* What is a value and has no name gets one that says so. */
static const char *
number_value(struct groups *s, const struct group *g, size_t i)
{
	struct buf *notes = &s->d->notes;
	const char *name =
	    free_name(s->d, arena_printf(s->d->a, "v%zu", ++s->nvalue));
	struct span before = atom_before(g->atom, i);

	buf_printf(notes, "#   %s", name);
	if (before.len > 0) {
		buf_str(notes, ", behind ");
		draft_comment(before, notes);
	}
	buf_str(notes, ": ");
	draft_comment(span_sub(g->atom[i].text, 0, 60), notes);
	buf_printf(notes, " (sample line %zu)\n", g->first + 1);
	return name;
}

/* What the value is, by what stands around it, or by where else it stands. */
static const char *
what_of(const struct groups *s, const struct group *g, size_t i)
{
	const char *what = atom_name(g->atom, g->natom, i);
	const struct draft_input *in;

	if (what != NULL)
		return what;
	if (s->codes && i == g->code)
		return "code";
	if (g->atom[i].kind != ATOM_WORD)
		return NULL;
	in = draft_value_of(s->d, g->atom[i].text);
	return in != NULL && in->taken && in->known != NULL &&
		strcmp(in->known->key, "user.name") == 0
	    ? "user"
	    : NULL;
}

static void
put_value(struct groups *s, const struct group *g, size_t i, const char **used,
    size_t *nused)
{
	const struct atom *a = &g->atom[i];
	const char *what = what_of(s, g, i), *name = NULL;
	struct buf *out = s->d->out;
	bool quoted = a->kind == ATOM_QUOTED;

	if (what != NULL)
		name = claim(s, used, nused, what);
	if (name == NULL)
		name = number_value(s, g, i);
	buf_printf(out, quoted ? "\"(?<%s>%s)\"" : "(?<%s>%s)", name,
	    atom_class(a));
}

static void
put_pattern(struct groups *s, const struct group *g)
{
	const char *used[16];
	size_t i, nused = 0;

	buf_str(s->d->out, "  - match: '^");
	for (i = 0; i < g->natom; i++) {
		const struct atom *a = &g->atom[i];

		if (a->kind == ATOM_BLANK)
			buf_str(s->d->out, "\\s+");
		else if (g->varies[i])
			put_value(s, g, i, used, &nused);
		else
			draft_literal(a->text, s->d->out);
	}
	/* A key follows. */
	buf_str(s->d->out, s->d->line[g->first].pairs ? "\\s'\n" : "'\n");
}

static void
put_case(struct groups *s, struct group *g)
{
	if (g->natom == 0)
		return;
	find_values(s, g);
	put_pattern(s, g);
	buf_printf(s->d->out, "    set: {konseki.kind: %s",
	    g->guess.kind != NULL ? g->guess.kind : "system");
	if (g->guess.outcome != NULL)
		buf_printf(s->d->out, ", event.outcome: %s", g->guess.outcome);
	buf_str(s->d->out, "}\n");
}

static void
put_fields(struct groups *s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s->nname; i++)
		buf_printf(out, "  %s: %s\n", s->name[i].name,
		    atom_fields(s->name[i].what));
}

/* The first line of each kind, then more of them. */
static void
choose_examples(struct groups *s)
{
	struct draft_result *r = s->d->result;
	size_t i;

	for (i = 0; i < s->n && r->nexample < DRAFT_EXAMPLES; i++)
		r->example[r->nexample++] = s->group[i].first;
	for (i = 0; i < s->d->n && r->nexample < DRAFT_EXAMPLES; i++)
		if (s->of[i] < DRAFT_GROUPS && s->group[s->of[i]].first != i)
			r->example[r->nexample++] = i;
}

/* A case for each kind of line. */
static struct groups *
put_cases(struct draft *d)
{
	struct groups *s = arena_alloc(d->a, sizeof(*s));
	size_t i;

	s->d = d;
	for (i = 0; i < d->n; i++)
		s->of[i] = group_of(s, i);
	s->codes = has_codes(s);
	buf_str(d->out, "cases:\n");
	for (i = 0; i < s->n; i++)
		put_case(s, &s->group[i]);
	return s;
}

void
draft_put_patterns(struct draft *d)
{
	struct groups *s;

	buf_str(d->out,
	    "# A case for each kind of line, with a guess of what it is where "
	    "its words\n# say it plainly; docs/formats.md lists the kinds.\n"
	    "need-case: yes\n");
	s = put_cases(d);
	buf_str(d->out, "fields:\n  message: message\n");
	put_fields(s, d->out);
	choose_examples(s);
}

void
draft_put_leads(struct draft *d, struct buf *fields)
{
	struct groups *s;

	buf_str(d->out,
	    "# What stands before the keys, or a line without keys, with a "
	    "guess of what\n# it is where the words say it plainly; "
	    "docs/formats.md lists the kinds.\n");
	s = put_cases(d);
	buf_str(d->out, "  - set: {konseki.kind: system}\n");
	if (fields->len == 0)
		buf_str(fields, "fields:\n");
	put_fields(s, fields);
	if (!is_taken(d, SPAN("message")))
		buf_str(fields, "  message: message\n");
	choose_examples(s);
}
