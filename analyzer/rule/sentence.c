/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/sentence.h"

#include "common/buf.h"

static const char *const names[] = {
#define VAR(id, name, ja, en) name,
#include "analyzer/rule/sentence_tbl.h"
#undef VAR
};

/* The next {name} at or behind at; its variable, or SENTENCE_COUNT. */
static bool
next(struct span s, size_t *at, size_t *end, enum sentence_var *var)
{
	struct span name;
	size_t i;

	while (*at < s.len && s.p[*at] != '{')
		(*at)++;
	if (*at == s.len)
		return false;
	for (*end = *at + 1; *end < s.len && s.p[*end] != '}'; (*end)++)
		;
	name = span_sub(s, *at + 1, *end - *at - 1);
	*end += *end < s.len;
	for (i = 0; i < SENTENCE_COUNT; i++)
		if (span_is(name, names[i]))
			break;
	*var = (enum sentence_var)i;
	return true;
}

bool
sentence_check(struct span text, struct span *bad)
{
	enum sentence_var var;
	size_t at, end = 0;

	for (at = 0; next(text, &at, &end, &var); at = end) {
		if (var != SENTENCE_COUNT)
			continue;
		*bad = span_sub(text, at, end - at);
		return false;
	}
	return true;
}

const char *
sentence_fill(const char *text, const struct sentence_values *v, bool ja,
    struct arena *arena)
{
	struct span s = span_str(text);
	enum sentence_var var;
	size_t at = 0, end = 0, from = 0;
	const char *value, *filled;
	struct buf b;

	buf_init(&b);
	for (; next(s, &at, &end, &var); at = from = end) {
		buf_span(&b, span_sub(s, from, at - from));
		if (var == SENTENCE_COUNT)
			continue;
		value = ja ? v->ja[var] : v->en[var];
		buf_str(&b, value != NULL ? value : ja ? "不明" : "unknown");
	}
	buf_span(&b, span_sub(s, from, s.len));
	filled = arena_str(arena, buf_view(&b));
	buf_fini(&b);
	return filled;
}

void
sentence_set(struct sentence_values *v, enum sentence_var var, const char *text)
{
	v->ja[var] = text;
	v->en[var] = text;
}

const char *
sentence_bytes(double bytes, struct arena *arena)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	size_t i = 0;

	while (bytes >= 1000 && i + 1 < sizeof(units) / sizeof(units[0])) {
		bytes /= 1000;
		i++;
	}
	return arena_printf(arena, i == 0 ? "%.0f %s" : "%.1f %s", bytes,
	    units[i]);
}
