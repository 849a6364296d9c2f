/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/search.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

#include "common/json.h"
#include "common/utc.h"

/*
 * Both ways go by one table for each kind of row: member, type, and where it
 * lies in the struct.
 */
enum type { TEXT, NUMBER, TIME, BOOL };

struct member {
	const char *name;
	enum type type;
	size_t at;
};

#define M(name, type, of, field) { name, type, offsetof(struct of, field) }
#define END { NULL, TEXT, 0 }

static const struct member value_m[] = {
	M("kind", TEXT, search_value, kind),
	M("value", TEXT, search_value, text), END
};
static const struct member list_m[] = {
	M("name", TEXT, search_list, name),
	M("sha256", TEXT, search_list, sha256),
	M("rows", NUMBER, search_list, rows), END
};
static const struct member refused_m[] = {
	M("file", TEXT, search_refused, file),
	M("row", NUMBER, search_refused, row),
	M("column", TEXT, search_refused, column),
	M("value", TEXT, search_refused, value),
	M("why", TEXT, search_refused, why), END
};
static const struct member log_m[] = {
	M("origin", TEXT, search_log, origin),
	M("size", NUMBER, search_log, size), M("root", TEXT, search_log, root),
	M("proof", TEXT, search_log, proof),
	M("segments", NUMBER, search_log, segments),
	M("segments_outside", NUMBER, search_log, outside),
	M("blocks", NUMBER, search_log, blocks),
	M("blocks_read", NUMBER, search_log, read),
	M("blocks_passed", NUMBER, search_log, passed),
	M("blocks_checked", NUMBER, search_log, checked),
	M("records", NUMBER, search_log, records),
	M("bytes", NUMBER, search_log, bytes),
	M("own_records", NUMBER, search_log, system),
	M("file_bytes", NUMBER, search_log, file_bytes),
	M("first", TIME, search_log, first), M("last", TIME, search_log, last),
	END
};
static const struct member source_m[] = {
	M("name", TEXT, search_source, name),
	M("what", TEXT, search_source, what),
	M("records", NUMBER, search_source, records),
	M("hours", NUMBER, search_source, hours),
	M("silent", NUMBER, search_source, silent),
	M("gap_from", TIME, search_source, gap_from),
	M("gap_until", TIME, search_source, gap_until), END
};
static const struct member gap_m[] = {
	M("origin", TEXT, search_gap, origin),
	M("kind", TEXT, search_gap, kind), M("n", NUMBER, search_gap, n),
	M("count", NUMBER, search_gap, count),
	M("index", NUMBER, search_gap, index),
	M("from", TIME, search_gap, from), M("until", TIME, search_gap, until),
	END
};
static const struct member missing_m[] = {
	M("origin", TEXT, search_missing, origin),
	M("first", NUMBER, search_missing, first),
	M("last", NUMBER, search_missing, last),
	M("from", TIME, search_missing, from),
	M("until", TIME, search_missing, until),
	M("deleted", BOOL, search_missing, deleted), END
};
static const struct member head_m[] = {
	M("reason", TEXT, search, reason), M("program", TEXT, search, program),
	M("at", TIME, search, at), M("from", TIME, search, from),
	M("until", TIME, search, until),
	M("asked_from", BOOL, search, asked_from),
	M("asked_until", BOOL, search, asked_until),
	M("where", TEXT, search, where), M("full", BOOL, search, full),
	M("hits", NUMBER, search, hits), M("records", NUMBER, search, records),
	M("bytes", NUMBER, search, bytes), M("sha256", TEXT, search, sha256),
	M("addresses", NUMBER, search, kinds[0]),
	M("networks", NUMBER, search, kinds[1]),
	M("names", NUMBER, search, kinds[2]),
	M("hashes", NUMBER, search, kinds[3]),
	M("words", NUMBER, search, kinds[4]), END
};

/* A member that is a list, and one that says how long the whole list is. */
static const struct rows {
	const char *name, *count;
	const struct member *m;
	size_t size, at, n;
} lists[] = {
#define ROWS(name, count, m, of, field)                                        \
	{ name, count, m, sizeof(struct of), offsetof(struct search, field),   \
		offsetof(struct search, n.field) }
	ROWS("values", "values_n", value_m, search_value, values),
	ROWS("lists", "lists_n", list_m, search_list, lists),
	ROWS("refused", "refused_n", refused_m, search_refused, refused),
	ROWS("logs", "logs_n", log_m, search_log, logs),
	ROWS("sources", "sources_n", source_m, search_source, sources),
	ROWS("gaps", "gaps_n", gap_m, search_gap, gaps),
	ROWS("missing", "missing_n", missing_m, search_missing, missing),
};
#define N_LISTS (sizeof(lists) / sizeof(lists[0]))

static const char *const results[] = { "none", "hits", "undecided" };

size_t
search_shown(uint64_t n)
{
	return n < SEARCH_ROWS ? (size_t)n : SEARCH_ROWS;
}

/* ---- written ---- */

static void
print_one(const struct member *m, const char *in, struct buf *out)
{
	const void *p = in + m->at;
	char when[UTC_TEXT];
	const char *text;

	buf_printf(out, "\"%s\":", m->name);
	switch (m->type) {
	case TEXT:
		memcpy(&text, p, sizeof(text));
		json_quote(out, span_str(text));
		break;
	case NUMBER:
		buf_printf(out, "%llu",
		    (unsigned long long)*(const uint64_t *)p);
		break;
	case TIME:
		json_quote(out,
		    *(const int64_t *)p == 0
			? SPAN("")
			: span_str(utc_print(*(const int64_t *)p, 0, when)));
		break;
	case BOOL:
		buf_str(out, *(const bool *)p ? "true" : "false");
	}
}

static void
print_members(const struct member *m, const void *in, struct buf *out)
{
	const struct member *at;

	for (at = m; at->name != NULL; at++) {
		if (at != m)
			buf_byte(out, ',');
		print_one(at, in, out);
	}
}

void
search_print(const struct search *s, struct buf *out)
{
	const char *base = (const char *)s, *rows;
	const struct rows *l;
	uint64_t n;
	size_t i;

	buf_printf(out, "{\"type\":\"search\",\"result\":\"%s\",",
	    results[s->result]);
	print_members(head_m, s, out);
	for (l = lists; l < lists + N_LISTS; l++) {
		memcpy(&rows, base + l->at, sizeof(rows));
		memcpy(&n, base + l->n, sizeof(n));
		buf_printf(out, ",\"%s\":%llu,\"%s\":[", l->count,
		    (unsigned long long)n, l->name);
		for (i = 0; i < search_shown(n); i++) {
			buf_str(out, i > 0 ? ",{" : "{");
			print_members(l->m, rows + i * l->size, out);
			buf_byte(out, '}');
		}
		buf_byte(out, ']');
	}
	buf_byte(out, '}');
}

/* ---- read ---- */

static int
read_one(const struct member *m, const json_t *o, struct arena *arena,
    char *out)
{
	const json_t *v = json_object_get(o, m->name);
	const char *text = json_string_value(v);
	void *p = out + m->at;
	int zone;

	switch (m->type) {
	case TEXT:
		if (text == NULL)
			return -1;
		text = arena_str(arena,
		    span_make(text, json_string_length(v)));
		memcpy(p, &text, sizeof(text));
		return 0;
	case NUMBER:
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return -1;
		*(uint64_t *)p = (uint64_t)json_integer_value(v);
		return 0;
	case TIME:
		if (text == NULL)
			return -1;
		return *text == '\0'
		    ? 0
		    : utc_parse(span_str(text), (int64_t *)p, &zone);
	case BOOL:
		*(bool *)p = json_is_true(v);
		return json_is_boolean(v) ? 0 : -1;
	}
	return -1;
}

static int
read_members(const struct member *m, const json_t *o, struct arena *arena,
    void *out)
{
	for (; m->name != NULL; m++)
		if (read_one(m, o, arena, out) != 0)
			return -1;
	return 0;
}

static int
read_rows(const struct rows *l, const json_t *o, struct arena *arena,
    struct search *s)
{
	const json_t *v = json_object_get(o, l->name);
	const json_t *count = json_object_get(o, l->count);
	char *base = (char *)s, *rows;
	size_t i, n = json_array_size(v);
	uint64_t all = (uint64_t)json_integer_value(count);

	if (!json_is_array(v) || !json_is_integer(count) ||
	    json_integer_value(count) < 0 || n != search_shown(all))
		return -1;
	rows = arena_alloc(arena, (n + 1) * l->size);
	for (i = 0; i < n; i++)
		if (read_members(l->m, json_array_get(v, i), arena,
			rows + i * l->size) != 0)
			return -1;
	memcpy(base + l->at, &rows, sizeof(rows));
	memcpy(base + l->n, &all, sizeof(all));
	return 0;
}

static int
read_all(const json_t *o, struct arena *arena, struct search *s)
{
	const char *result =
	    json_string_value(json_object_get(o, "result"));
	const char *type = json_string_value(json_object_get(o, "type"));
	size_t i;

	if (type == NULL || strcmp(type, "search") != 0 || result == NULL)
		return -1;
	for (i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (strcmp(result, results[i]) == 0)
			break;
	if (i == sizeof(results) / sizeof(results[0]))
		return -1;
	s->result = (enum search_result)i;
	if (read_members(head_m, o, arena, s) != 0)
		return -1;
	for (i = 0; i < N_LISTS; i++)
		if (read_rows(&lists[i], o, arena, s) != 0)
			return -1;
	return 0;
}

int
search_parse(struct span json, struct arena *arena, struct search *s)
{
	json_t *o;
	int rc;

	memset(s, 0, sizeof(*s));
	s->origin = "";
	if (json.len == 0)
		return -1;
	o = json_loadb((const char *)json.p, json.len, JSON_REJECT_DUPLICATES,
	    NULL);
	if (o == NULL)
		return -1;
	rc = read_all(o, arena, s);
	json_decref(o);
	return rc;
}
