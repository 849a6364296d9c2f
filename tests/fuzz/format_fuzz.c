/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/apply.h"
#include "analyzer/format/explain.h"
#include "analyzer/format/formats.h"
#include "analyzer/format/set.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Any bytes, through every format that we ship: an event whose values are not
 * empty and whose document is one line, or none; and the same one again from
 * a handle that has seen nothing else.
 */
static struct formats *
formats(void)
{
	const char *src = getenv("srcdir");
	struct yaml_error err;
	static struct formats *f;
	char dir[1024];

	if (f != NULL)
		return f;
	snprintf(dir, sizeof(dir), "%s/rules/formats", src ? src : ".");
	f = formats_load(dir, &err);
	assert(f != NULL);
	return f;
}

/* The prefilter misses no format that would know the line. */
static void
filtered(const struct format_set *set, struct span line)
{
	struct prefilter_found found;
	const struct apply_words none = { NULL, NULL, false },
				 words = { found.word, NULL, false };
	struct regex_match *m = regex_match_new();
	struct header h;
	size_t i;

	header_parse(line, &h);
	prefilter_run(set->prefilter, &h, &found);
	for (i = 0; i < set->n; i++)
		assert(!apply_detects(set->format[i], &h, m, &none) ||
		    ((found.format[i / 64] >> i % 64 & 1) &&
			apply_detects(set->format[i], &h, m, &words)));
	regex_match_free(m);
}

/*
 * A handle that remembers what it made of the lines before makes of this one,
 * twice, what one does that does not.
 */
static void
remembered(struct span line)
{
	struct format_hints hints = { .zone = 9 * 3600,
		.now = INT64_C(1795150985000000) };
	static struct formats *long_lived, *plain;
	static struct event e;
	struct arena *a = arena_new();
	struct buf out[3];
	int i;

	if (plain == NULL) {
		long_lived = formats_share(formats());
		plain = formats_share(formats());
		formats_plain(plain);
	}
	for (i = 0; i < 3; i++) {
		memset(&e, 0, sizeof(e));
		e.message = line;
		e.stream = 1;
		(void)formats_apply(i < 2 ? long_lived : plain, &e, a, &hints);
		buf_init(&out[i]);
		event_print_json(&e, &out[i]);
	}
	/* The first may have told the stream its table or its encoding. */
	if (!formats_asked(plain)) {
		assert(span_eq(buf_view(&out[0]), buf_view(&out[1])));
		assert(span_eq(buf_view(&out[0]), buf_view(&out[2])));
	}
	for (i = 0; i < 3; i++)
		buf_fini(&out[i]);
	arena_free(a);
}

/* What explains a line says of its bytes lies in it. */
static void
explained(struct formats *f, struct span line, const char *format)
{
	static struct explain x;
	static struct event e;
	struct format_hints hints = { .zone = 9 * 3600,
		.now = INT64_C(1795150985000000) };
	struct formats *own = formats_share(f);
	struct arena *a = arena_new();
	size_t i;

	memset(&e, 0, sizeof(e));
	e.message = line;
	explain_line(&x, own, &e, a, &hints);
	assert(e.format == format);
	for (i = 0; i < x.npiece; i++)
		assert(!x.piece[i].placed ||
		    (x.piece[i].from <= x.piece[i].to &&
			x.piece[i].to <= x.trace.text.len));
	for (i = 0; i < x.nleft; i++)
		assert(x.left[i].from < x.left[i].to &&
		    x.left[i].to <= x.trace.text.len);
	formats_free(own);
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	static struct event e;
	struct format_hints hints = { .zone = 9 * 3600,
		.now = INT64_C(1795150985000000) };
	struct formats *f = formats_share(formats());
	struct arena *a = arena_new();
	struct buf out;
	size_t i;
	int known;

	filtered(formats_set(f), span_make(buf, len));
	memset(&e, 0, sizeof(e));
	e.message = span_make(buf, len);
	known = formats_apply(f, &e, a, &hints);
	assert(known == (e.format != NULL));
	assert(known || e.n == 0);
	for (i = 0; i < e.n; i++)
		assert(e.f[i].value.len > 0);
	buf_init(&out);
	event_print_json(&e, &out);
	assert(memchr(out.p, '\n', out.len) == out.p + out.len - 1);
	buf_fini(&out);
	remembered(e.message);
	explained(f, e.message, e.format);
	formats_free(f);
	arena_free(a);
	return 0;
}
