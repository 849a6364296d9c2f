/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "evidence/submit.h"
#include "evidence/submit_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A message that parses prints as it was: there is one spelling of each. */
static void
messages(struct span in, struct buf *out)
{
	struct submit_request r;
	struct submit_answer a;
	struct submit_part p;
	struct cursor c;
	size_t sum = 1;

	if (submit_request_parse(in, &r) == 0) {
		submit_request_print(&r, out);
		assert(span_eq(buf_view(out), in));
		c = cursor_make(r.parts);
		while (submit_part_next(&c, &p))
			sum += SUBMIT_PART_HEAD + p.bytes.len;
		assert(r.what != SUBMIT_RECORDS || sum == in.len);
	}
	out->len = 0;
	if (submit_answer_parse(in, &a) == 0) {
		submit_answer_print(&a, out);
		assert(span_eq(buf_view(out), in));
	}
	out->len = 0;
}

/* What comes out as words goes in again: no line end, no word twice. */
static void
words(struct span in, struct buf *out)
{
	struct buf again;

	buf_init(&again);
	if (submit_words_stream(in, SUBMIT_WORDS_TAILER, 7, out) == 0) {
		assert(memchr(out->p, '\n', out->len) == NULL);
		assert(submit_words_stream(buf_view(out), SUBMIT_WORDS_TAILER,
			   7, &again) == 0);
		assert(span_eq(buf_view(out), buf_view(&again)));
	}
	out->len = again.len = 0;
	if (submit_words_operator(in, 7, out) == 0) {
		assert(span_starts(buf_view(out), SPAN("uid=7 action=")));
		assert(memchr(out->p, '\n', out->len) == NULL);
	}
	out->len = 0;
	if (submit_words_gap(in, out) == 0)
		assert(out->len == 0 || memchr(out->p, '\n', out->len) == NULL);
	buf_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out;

	buf_init(&out);
	messages(span_make(data, size), &out);
	words(span_make(data, size), &out);
	buf_fini(&out);
	return 0;
}
