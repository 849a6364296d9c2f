/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/sigma/document.h"
#include "analyzer/sigma/explain.h"
#include "analyzer/sigma/set.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* An event that has something in each field that the document names. */
static void
fill(struct view *v)
{
	static const char *const texts[] = { "", "a", "4625",
		"2026-11-27T09:00:00Z", "10.0.0.1", "C:\\Windows\\x.exe -f" };
	uint32_t i;

	view_clear(v);
	for (i = 0; i < v->nfield; i++)
		if (i % 7 != 6)
			view_add(v, i, span_str(texts[i % 6]), i % 5 == 4);
	v->whole.text = SPAN("a line of a log");
}

/*
 * What loads can be asked, says the same of the same event, and the index
 * says what asking it says, and so does the explanation.
 */
static void
ask(const struct document *d, uint32_t nfield, struct arena *arena)
{
	struct explanation x;
	struct set *set = set_new();
	struct set_index *index;
	struct set_work *work;
	uint32_t hit[1];
	struct view v;
	bool first;

	set_add(set, d->detection, NULL);
	set_make(set, nfield, 0);
	index = set_index_new(set, NULL);
	work = set_work_new(set);
	view_init(&v, nfield);
	fill(&v);
	first = detection_match(d->detection, &v);
	fill(&v);
	assert(detection_match(d->detection, &v) == first);
	fill(&v);
	assert((set_match(index, work, &v, NULL, hit) == 1) == first);
	fill(&v);
	explain_detection(d->detection, &v, NULL, NULL, arena, &x);
	assert((x.verdict == EXPLAIN_YES) == first);
	view_fini(&v);
	set_work_free(work);
	set_index_free(index);
	set_free(set);
}

static void
run(const struct yaml_node *docs, struct arena *arena)
{
	struct detection_pool pool = { 0 };
	struct fields *fields = fields_new();
	struct yaml_error err = { .what = "" };
	struct document_reader r = { .path = "x.yml",
		.arena = arena,
		.pool = &pool,
		.fields = fields,
		.err = &err };
	const struct yaml_node *n;
	struct document *d;

	for (n = docs->first; n != NULL; n = n->next) {
		err.what[0] = '\0';
		d = document_parse(n, &r);
		if (d == NULL)
			assert(err.what[0] != '\0' && err.line > 0);
		else {
			assert(d->title.len > 0);
			if (d->detection != NULL)
				ask(d, fields_count(fields), arena);
		}
	}
	fields_free(fields);
	detection_pool_fini(&pool);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct arena *arena = arena_new();
	struct yaml_error err;
	struct yaml_node *docs;

	docs = yaml_parse_all(span_make(p, len), "x.yml", arena, &err);
	if (docs != NULL)
		run(docs, arena);
	arena_free(arena);
	return 0;
}
