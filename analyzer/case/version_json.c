/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <jansson.h>
#include <string.h>

#include "analyzer/case/version.h"
#include "common/json.h"

/* ---- written ---- */

static void
put(struct buf *out, const char *member, const char *value)
{
	buf_printf(out, ",\"%s\":", member);
	json_quote(out, span_str(value));
}

static void
put_rows(struct buf *out, const char *member, const struct version_rows *rows)
{
	uint64_t i;

	buf_printf(out, ",\"%s_n\":%llu,\"%s\":[", member,
	    (unsigned long long)rows->n, member);
	for (i = 0; i < rows->n && i < VERSION_NAMED; i++) {
		if (i > 0)
			buf_byte(out, ',');
		json_quote(out, span_str(rows->v[i]));
	}
	buf_byte(out, ']');
}

void
version_print(const struct version *v, struct buf *out)
{
	uint64_t i;

	buf_str(out, "{\"type\":\"ledger\"");
	put(out, "name", v->name);
	put(out, "file", v->file);
	put(out, "sha256", v->sha256);
	put(out, "was", v->was);
	buf_printf(out, ",\"rows_n\":%llu", (unsigned long long)v->n);
	put_rows(out, "added", &v->added);
	put_rows(out, "changed", &v->changed);
	put_rows(out, "removed", &v->removed);
	buf_str(out, ",\"rows\":[");
	for (i = 0; v->rows != NULL && i < v->n; i++) {
		buf_str(out, i > 0 ? ",[" : "[");
		json_quote(out, span_str(v->rows[i].key));
		buf_byte(out, ',');
		json_quote(out, span_str(v->rows[i].cells));
		buf_byte(out, ']');
	}
	buf_str(out, "]}");
}

/* ---- read ---- */

struct in {
	struct arena *arena;
	bool bad;
};

static const char *
keep(struct in *in, const json_t *v)
{
	if (json_is_string(v))
		return arena_str(in->arena,
		    span_make(json_string_value(v), json_string_length(v)));
	in->bad = true;
	return "";
}

static uint64_t
number(struct in *in, const json_t *o, const char *member)
{
	const json_t *v = json_object_get(o, member);

	if (json_is_integer(v) && json_integer_value(v) >= 0)
		return (uint64_t)json_integer_value(v);
	in->bad = true;
	return 0;
}

static void
read_named(struct in *in, const json_t *o, const char *count,
    const char *member, struct version_rows *rows)
{
	const json_t *list = json_object_get(o, member);
	size_t i, n = json_array_size(list);

	rows->n = number(in, o, count);
	if (!json_is_array(list) ||
	    n != (rows->n < VERSION_NAMED ? rows->n : VERSION_NAMED)) {
		in->bad = true;
		rows->n = 0;
		return;
	}
	for (i = 0; i < n; i++)
		rows->v[i] = keep(in, json_array_get(list, i));
}

static void
read_rows(struct in *in, const json_t *o, struct version *v)
{
	const json_t *list = json_object_get(o, "rows"), *row;
	size_t i, n = json_array_size(list);

	v->n = number(in, o, "rows_n");
	if (!json_is_array(list) || (n != 0 && n != v->n)) {
		in->bad = true;
		return;
	}
	if (n != v->n)
		return; /* too many to be kept */
	v->rows = arena_alloc(in->arena, (n + 1) * sizeof(*v->rows));
	for (i = 0; i < n; i++) {
		row = json_array_get(list, i);
		v->rows[i].key = keep(in, json_array_get(row, 0));
		v->rows[i].cells = keep(in, json_array_get(row, 1));
	}
}

int
version_parse(struct span json, struct arena *arena, struct version *v)
{
	struct in in = { arena, false };
	json_t *o = json_loadb((const char *)json.p, json.len,
	    JSON_REJECT_DUPLICATES, NULL);

	*v = (struct version){ .n = 0 };
	if (o == NULL)
		return -1;
	v->name = keep(&in, json_object_get(o, "name"));
	v->file = keep(&in, json_object_get(o, "file"));
	v->sha256 = keep(&in, json_object_get(o, "sha256"));
	v->was = keep(&in, json_object_get(o, "was"));
	read_named(&in, o, "added_n", "added", &v->added);
	read_named(&in, o, "changed_n", "changed", &v->changed);
	read_named(&in, o, "removed_n", "removed", &v->removed);
	read_rows(&in, o, v);
	json_decref(o);
	return in.bad ? -1 : 0;
}
