/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/format/cluster.h"
#include "analyzer/format/draft.h"
#include "common/text.h"
#include "common/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Cut at line ends; what is no text is none of the drafter's. */
static size_t
lines(const uint8_t *buf, size_t len, struct span *line)
{
	size_t n = 0, from, to;

	for (from = 0; from < len && n < DRAFT_LINES; from = to + 1) {
		for (to = from; to < len && buf[to] != '\n'; to++)
			;
		line[n] = span_make(buf + from, to - from);
		if (line[n].len > 0 && text_is_utf8(line[n]) &&
		    memchr(line[n].p, '\0', line[n].len) == NULL)
			n++;
	}
	return n;
}

/* Every line is counted once, whatever it is. */
static void
clusters(const struct span *line, size_t n)
{
	struct cluster *c = cluster_new();
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		cluster_add(c, SPAN("s"), line[i], line[i], i);
	cluster_sort(c);
	for (i = 0; i < cluster_templates(c); i++)
		sum += cluster_template(c, i)->n;
	assert(sum + cluster_beyond(c) == n);
	cluster_free(c);
}

/* A draft of any lines is a YAML file with one more line for an example. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	static struct span line[DRAFT_LINES];
	struct draft_sample s = { .name = "x", .line = line };
	struct draft_result r;
	struct arena *a = arena_new();
	struct yaml_error err;
	struct buf out;
	size_t i;

	s.n = lines(buf, len, line);
	clusters(line, s.n);
	buf_init(&out);
	assert((draft_make(&s, a, &out, &r) == 0) == (s.n > 0));
	if (s.n > 0) {
		buf_str(&out, "  - {raw: x}\n");
		assert(yaml_parse(buf_view(&out), "x", a, &err) != NULL);
		for (i = 0; i < r.nexample; i++)
			assert(r.example[i] < s.n);
	}
	buf_fini(&out);
	arena_free(a);
	return 0;
}
