/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/convert.h"
#include "analyzer/format/draft_atom.h"
#include "analyzer/format/draft_priv.h"

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
};

struct groups {
	struct draft *d;
	size_t n;
	struct group group[DRAFT_GROUPS];
	size_t of[DRAFT_LINES]; /* group of a line; DRAFT_GROUPS: none */
	size_t nname;
	const char *name[16]; /* of inputs that have one, each once */
};

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

static size_t
group_of(struct groups *s, size_t line)
{
	struct draft *d = s->d;
	struct atom *atom = arena_alloc(d->a, ATOMS * sizeof(*atom));
	size_t i, k, n = atom_split(d->line[line].body, atom);
	struct group *g;

	for (i = 0; i < s->n && !alike(&s->group[i], atom, n); i++)
		;
	if (i == DRAFT_GROUPS)
		return i;
	g = &s->group[i];
	if (i == s->n) {
		s->n++;
		*g = (struct group){ .first = line, .natom = n, .atom = atom };
		g->varies = arena_alloc(d->a, n + 1);
		for (k = 0; k < n; k++)
			g->varies[k] = atom[k].kind >= ATOM_NUMBER ||
			    atom[k].changes || atom_name(atom, n, k) != NULL;
	}
	g->n++;
	for (k = 0; k < n; k++)
		g->varies[k] |= atom[k].kind == ATOM_WORD &&
		    !span_eq(atom[k].text, g->atom[k].text);
	return i;
}

static void
put_literal(struct buf *out, struct span s)
{
	size_t i, n;

	for (i = 0; i < s.len; i += n) {
		n = draft_printable(span_sub(s, i, s.len));
		if (n == 0) {
			buf_printf(out, "\\x%02x", s.p[i]);
			n = 1;
			continue;
		}
		if (memchr("\\^$.[]|()?*+{}", s.p[i], 14) != NULL)
			buf_byte(out, '\\');
		if (s.p[i] == '\'')
			buf_byte(out, '\''); /* of the YAML text */
		buf_append(out, s.p + i, n);
	}
}

static const char *
class_of(const struct atom *a)
{
	switch (a->kind) {
	case ATOM_IP:
		return "[0-9A-Fa-f:.]+";
	case ATOM_MAC:
		return "[0-9A-Fa-f:.-]+";
	case ATOM_NUMBER:
		return "\\d+";
	case ATOM_QUOTED:
		return "[^\"]*";
	case ATOM_BLANK:
	case ATOM_MARK:
	case ATOM_WORD:
		break;
	}
	return "[^\\s\"(),;:=<>\\[\\]]+";
}

/* A name once for each line; it is remembered for the fields. */
static bool
claim(struct groups *s, const char **used, size_t *nused, const char *name)
{
	size_t i;

	for (i = 0; i < *nused; i++)
		if (strcmp(used[i], name) == 0)
			return false;
	if (*nused == 16)
		return false;
	used[(*nused)++] = name;
	for (i = 0; i < s->nname && strcmp(s->name[i], name) != 0; i++)
		;
	if (i == s->nname && s->nname < 16)
		s->name[s->nname++] = name;
	return i < 16;
}

static void
put_value(struct groups *s, const struct group *g, size_t i, const char **used,
    size_t *nused)
{
	const struct atom *a = &g->atom[i];
	const char *name = atom_name(g->atom, g->natom, i);
	struct buf *out = s->d->out;
	bool quoted = a->kind == ATOM_QUOTED;

	buf_str(out, quoted ? "\"" : "");
	if (name != NULL && claim(s, used, nused, name))
		buf_printf(out, "(?<%s>%s)", name, class_of(a));
	else {
		buf_str(out, class_of(a));
		buf_str(&s->d->notes, "#   ");
		draft_comment(atom_before(g->atom, i), &s->d->notes);
		buf_byte(&s->d->notes, ' ');
		draft_comment(span_sub(a->text, 0, 60), &s->d->notes);
		buf_printf(&s->d->notes, " (sample line %zu)\n", g->first + 1);
	}
	buf_str(out, quoted ? "\"" : "");
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
			put_literal(s->d->out, a->text);
	}
	buf_str(s->d->out, "'\n");
}

static bool
has_name(const struct group *g, const char *name)
{
	const char *one;
	size_t i;

	for (i = 0; i < g->natom; i++) {
		one = atom_name(g->atom, g->natom, i);
		if (one != NULL && strcmp(one, name) == 0)
			return true;
	}
	return false;
}

static void
put_case(struct groups *s, const struct group *g)
{
	struct draft_guess guess = draft_guess(s->d->line[g->first].body,
	    has_name(g, "src_ip") && has_name(g, "dst_ip"));

	put_pattern(s, g);
	buf_printf(s->d->out, "    set: {konseki.kind: %s",
	    guess.kind != NULL ? guess.kind : "system");
	if (guess.outcome != NULL)
		buf_printf(s->d->out, ", event.outcome: %s", guess.outcome);
	buf_str(s->d->out, "}\n");
}

static void
put_fields(struct groups *s)
{
	size_t i;

	buf_str(s->d->out, "fields:\n  message: message\n");
	for (i = 0; i < s->nname; i++)
		buf_printf(s->d->out, "  %s: %s\n", s->name[i],
		    atom_fields(s->name[i]));
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

void
draft_put_patterns(struct draft *d)
{
	struct groups *s = arena_alloc(d->a, sizeof(*s));
	size_t i;

	s->d = d;
	for (i = 0; i < d->n; i++)
		s->of[i] = group_of(s, i);
	buf_str(d->out,
	    "# A case for each kind of line, with a guess of what it is where "
	    "its words\n# say it plainly; docs/formats.md lists the kinds.\n"
	    "need-case: yes\ncases:\n");
	for (i = 0; i < s->n; i++)
		put_case(s, &s->group[i]);
	put_fields(s);
	choose_examples(s);
}

void
draft_add_words(struct draft *d, void (*add)(void *cookie, struct span word),
    void *cookie)
{
	struct atom *atom = arena_alloc(d->a, ATOMS * sizeof(*atom));
	size_t i, n = atom_split(d->line[0].body, atom);

	for (i = 0; i < n; i++)
		if (atom[i].kind == ATOM_WORD && !atom[i].changes &&
		    atom[i].text.len >= 3)
			add(cookie, atom[i].text);
}

/* How a line begins up to the first thing that changes. */
static struct span
begin_of(struct span body, struct atom *atom, size_t *n)
{
	size_t k, len = 0;

	*n = atom_split(body, atom);
	for (k = 0; k < *n && atom[k].kind < ATOM_NUMBER && !atom[k].changes &&
	     atom_name(atom, *n, k) == NULL;
	     k++)
		len += atom[k].text.len;
	return span_sub(body, 0, len);
}

/* One that begins with what changes: the form of its first parts. */
static void
put_form(struct buf *out, const struct atom *atom, size_t n)
{
	size_t i;

	buf_str(out, "'^");
	for (i = 0; i < n && i < 10; i++) {
		if (atom[i].kind == ATOM_BLANK)
			buf_str(out, "\\s+");
		else if (atom[i].kind == ATOM_QUOTED)
			buf_str(out, "\"[^\"]*\"");
		else if (atom[i].kind >= ATOM_NUMBER || atom[i].changes ||
		    atom_name(atom, n, i) != NULL)
			buf_str(out, class_of(&atom[i]));
		else
			put_literal(out, atom[i].text);
	}
	buf_byte(out, '\'');
}

static bool
others_begin(const struct draft *d, struct span begin)
{
	struct header h;
	size_t i;

	for (i = 0; i < d->sample->nother; i++) {
		header_parse(d->sample->other[i], &h);
		if (span_starts(h.body[d->level], begin))
			return true;
	}
	return false;
}

/* Whether it stands in the list already. */
static bool
is_listed(const struct buf *list, struct span item)
{
	return list->len >= item.len &&
	    memmem(list->p, list->len, item.p, item.len) != NULL;
}

/* The way of one line, into the list of its sort, once. */
static void
add_way(struct draft *d, struct span body, struct atom *atom, struct buf *item,
    struct buf *starts, struct buf *forms)
{
	size_t n;
	struct span begin = begin_of(body, atom, &n);
	struct buf *list = begin.len >= 3 ? starts : forms;

	item->len = 0;
	if (begin.len >= 3) {
		draft_quote(begin, item);
		if (others_begin(d, begin))
			d->result->sharp = false;
	} else {
		put_form(item, atom, n);
		d->result->sharp = false;
	}
	if (is_listed(list, buf_view(item)))
		return;
	buf_str(list,
	    list == forms	? "\n  - pattern: "
		: list->len > 0 ? ", "
				: "");
	buf_span(list, buf_view(item));
}

void
draft_put_starts(struct draft *d)
{
	struct atom *atom = arena_alloc(d->a, ATOMS * sizeof(*atom));
	struct buf item, starts, forms;
	size_t i;

	buf_init(&item);
	buf_init(&starts);
	buf_init(&forms);
	d->result->sharp = true;
	for (i = 0; i < d->n; i++)
		add_way(d, d->line[i].body, atom, &item, &starts, &forms);
	buf_str(d->out, "detect:");
	if (starts.len > 0) {
		buf_str(d->out, "\n  - starts: [");
		buf_span(d->out, buf_view(&starts));
		buf_byte(d->out, ']');
	}
	buf_span(d->out, buf_view(&forms));
	buf_byte(d->out, '\n');
	buf_fini(&item);
	buf_fini(&starts);
	buf_fini(&forms);
}
