/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "analyzer/regex/regex_need.h"
#include "common/find.h"

#define CACHE_LINE 64
#define HEAD_MAX 20
#define NEED_MAX 32

/*
 * Most of what is tried fails by the bytes that it needs: what that takes is
 * one cache line, which a log of many kinds of lines has to fetch each time.
 */
struct regex {
	pcre2_code *code;
	bool jit; /* compiled: else it is interpreted */
	uint8_t nhead, nneed, n;
	uint8_t head[HEAD_MAX]; /* of "^literal...": compared first */
	uint8_t need[NEED_MAX]; /* what every match has: looked for then */
	uint8_t number[REGEX_GROUPS]; /* of each name */
	struct span *name;
	struct span regex;
};

_Static_assert(offsetof(struct regex, number) == CACHE_LINE, "one line");

struct regex_match {
	pcre2_match_data *data;
	pcre2_match_context *context;
	struct span text;
	int pairs; /* groups set by the last match, the whole one included */
	struct span group[REGEX_GROUPS];
};

/* Whether "|" stands outside of every group: then "^" binds one side only. */
static bool
has_outer_bar(struct span regex)
{
	size_t i;
	int depth = 0;

	for (i = 0; i < regex.len; i++) {
		if (regex.p[i] == '\\')
			i++;
		else if (regex.p[i] == '[')
			while (i < regex.len && regex.p[i] != ']')
				i += regex.p[i] == '\\' ? 2 : 1;
		else if (regex.p[i] == '(')
			depth++;
		else if (regex.p[i] == ')')
			depth--;
		else if (regex.p[i] == '|' && depth == 0)
			return true;
	}
	return false;
}

/* The literal bytes that every match of "^..." begins with. */
static struct span
literal_head(struct span regex, struct arena *a)
{
	uint8_t *out = arena_alloc(a, regex.len + 1);
	size_t i, n = 0;

	if (regex.len == 0 || regex.p[0] != '^' || has_outer_bar(regex))
		return (struct span){ NULL, 0 };
	for (i = 1; i < regex.len; i++) {
		uint8_t c = regex.p[i];

		if (c == '\\' && i + 1 < regex.len &&
		    strchr("()[]{}.*+?^$|/\\", regex.p[i + 1]) != NULL)
			c = regex.p[++i];
		else if (strchr("\\()[]{}.*+?^$|", c) != NULL)
			break;
		out[n++] = c;
	}
	/* A quantifier makes the byte before it optional. */
	if (n > 0 && i < regex.len && strchr("*+?{", regex.p[i]) != NULL)
		n--;
	return span_make(out, n);
}

/* The name table of PCRE2: rows of a number in two bytes, and a name. */
static void
read_groups(struct regex *p, struct arena *a)
{
	uint32_t n = 0, size = 0, i;
	PCRE2_SPTR row = NULL;

	pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &row);
	p->n = (uint8_t)n;
	p->name = arena_alloc(a, (n + 1) * sizeof(*p->name));
	for (i = 0; i < n; i++, row += size) {
		p->number[i] = row[1]; /* below REGEX_GROUPS */
		p->name[i] = arena_copy(a, span_str((const char *)row + 2));
	}
}

/* The bytes before the first that is none of ASCII. */
static struct span
ascii_head(struct span s)
{
	size_t i;

	for (i = 0; i < s.len && s.p[i] < 0x80; i++)
		;
	return span_sub(s, 0, i);
}

/*
 * A shorter head holds of every match too.  Both are found byte by byte: where
 * characters are several of them, one that may be missing leaves bytes behind.
 */
static void
read_needs(struct regex *p, struct arena *a, bool bytes)
{
	struct span head = literal_head(p->regex, a),
		    need = regex_need(p->regex, a);

	if (!bytes) {
		head = ascii_head(head);
		if (ascii_head(need).len < need.len)
			need.len = 0;
	}
	if (find_part(head, need) != NULL)
		need.len = 0;
	head = span_sub(head, 0, HEAD_MAX);
	need = span_sub(need, 0, NEED_MAX);
	p->nhead = (uint8_t)head.len;
	p->nneed = (uint8_t)need.len;
	if (head.len > 0)
		memcpy(p->head, head.p, head.len);
	if (need.len > 0)
		memcpy(p->need, need.p, need.len);
}

static struct regex *
make(struct arena *a)
{
	uint8_t *p = arena_alloc(a, sizeof(struct regex) + CACHE_LINE);

	p += (CACHE_LINE - (uintptr_t)p % CACHE_LINE) % CACHE_LINE;
	return (void *)p;
}

static struct regex *
compile(struct span regex, uint32_t options, struct arena *a, char *err,
    size_t errlen, size_t *offset)
{
	struct regex *p = make(a);
	uint32_t captures = 0;
	PCRE2_SIZE at = 0;
	int code = 0;

	p->code = pcre2_compile(regex.p, regex.len,
	    PCRE2_NO_AUTO_CAPTURE | PCRE2_DUPNAMES | PCRE2_DOLLAR_ENDONLY |
		PCRE2_NEVER_BACKSLASH_C | options,
	    &code, &at, NULL);
	*offset = at;
	if (p->code == NULL) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)err, errlen);
		return NULL;
	}
	pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &captures);
	if (captures >= REGEX_GROUPS) {
		pcre2_code_free(p->code);
		strncpy(err, "too many groups", errlen - 1);
		err[errlen - 1] = '\0';
		return NULL;
	}
	p->jit = pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) == 0;
	p->regex = arena_copy(a, regex);
	read_needs(p, a, (options & PCRE2_UTF) == 0);
	read_groups(p, a);
	return p;
}

struct regex *
regex_new(struct span regex, struct arena *a, char *err, size_t errlen,
    size_t *offset)
{
	return compile(regex, PCRE2_DOTALL, a, err, errlen, offset);
}

struct regex *
regex_new_text(struct span regex, struct arena *a, char *err, size_t errlen,
    size_t *offset)
{
	return compile(regex,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, a, err, errlen,
	    offset);
}

void
regex_free(struct regex *p)
{
	if (p != NULL)
		pcre2_code_free(p->code);
}

struct span
regex_text(const struct regex *p)
{
	return p->regex;
}

size_t
regex_groups(const struct regex *p)
{
	return p->n;
}

struct span
regex_group_name(const struct regex *p, size_t i)
{
	return p->name[i];
}

struct regex_match *
regex_match_new(void)
{
	struct regex_match *m = calloc(1, sizeof(*m));

	if (m == NULL ||
	    (m->data = pcre2_match_data_create(REGEX_GROUPS + 1, NULL)) ==
		NULL ||
	    (m->context = pcre2_match_context_create(NULL)) == NULL)
		abort();
	pcre2_set_match_limit(m->context, REGEX_STEPS);
	pcre2_set_depth_limit(m->context, REGEX_STEPS);
	return m;
}

void
regex_match_free(struct regex_match *m)
{
	if (m == NULL)
		return;
	pcre2_match_context_free(m->context);
	pcre2_match_data_free(m->data);
	free(m);
}

/* Of a text that was cut, only what the cut cannot have changed counts. */
static bool
ends_within(struct regex_match *m, int rc)
{
	const PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->data);

	if (rc > 0 && o[1] < m->text.len)
		return true;
	m->pairs = 0;
	return false;
}

/* Whether text begins as every match does. */
static inline bool
has_head(const struct regex *p, struct span text)
{
	return p->nhead == 0 ||
	    (text.len >= p->nhead && text.p[0] == p->head[0] &&
		memcmp(text.p, p->head, p->nhead) == 0);
}

/* Whether it has in it what every match has. */
static inline bool
has_need(const struct regex *p, struct span text)
{
	return p->nneed == 0 || text.len > REGEX_TEXT ||
	    find_part(text, span_make(p->need, p->nneed)) != NULL;
}

/* Behind the head; on its own, so that what fails there needs no room. */
static __attribute__((noinline)) int
search(const struct regex *p, struct regex_match *m, struct span text,
    uint32_t options)
{
	static const uint8_t none[1] = { 0 };
	int rc;

	if (!has_need(p, text))
		return 0;
	m->text = span_sub(text, 0, REGEX_TEXT);
	if (text.len == 0)
		m->text = span_make(none, 0);
	if (p->jit && options == 0)
		rc = pcre2_jit_match(p->code, m->text.p, m->text.len, 0, 0,
		    m->data, m->context);
	else
		rc = pcre2_match(p->code, m->text.p, m->text.len, 0, options,
		    m->data, m->context);
	m->pairs = rc > 0 ? rc : 0;
	if (m->text.len < text.len && !ends_within(m, rc))
		return -1;
	if (rc >= 0)
		return 1;
	return rc == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

int
regex_search(const struct regex *p, struct regex_match *m, struct span text)
{
	m->pairs = 0;
	return has_head(p, text) ? search(p, m, text, 0) : 0;
}

int
regex_try(const struct regex *p, struct regex_match *m, struct span text,
    uint32_t steps)
{
	int rc;

	pcre2_set_match_limit(m->context, steps);
	pcre2_set_depth_limit(m->context, steps);
	m->pairs = 0;
	rc = has_head(p, text) ? search(p, m, text, PCRE2_NO_JIT) : 0;
	pcre2_set_match_limit(m->context, REGEX_STEPS);
	pcre2_set_depth_limit(m->context, REGEX_STEPS);
	return rc;
}

const struct span *
regex_caught(const struct regex *p, struct regex_match *m)
{
	const PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->data);
	struct span *group = m->group;
	size_t i, n;

	for (i = 0; i < p->n; i++) {
		n = p->number[i];
		group[i] = (struct span){ NULL, 0 };
		if ((int)n < m->pairs && o[2 * n] != PCRE2_UNSET &&
		    o[2 * n + 1] > o[2 * n])
			group[i] = span_make(m->text.p + o[2 * n],
			    o[2 * n + 1] - o[2 * n]);
	}
	return group;
}

struct span
regex_whole(const struct regex_match *m)
{
	const PCRE2_SIZE *o = pcre2_get_ovector_pointer(m->data);

	if (m->pairs == 0 || o[1] < o[0])
		return (struct span){ NULL, 0 };
	return span_sub(m->text, o[0], o[1] - o[0]);
}
