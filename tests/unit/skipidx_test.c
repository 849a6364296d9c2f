/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/presence.h"

#include <string.h>

#include "tests/tap.h"

#define H UINT64_C(3600000000)

static struct skipidx x;

static struct presence
of(uint64_t from, uint64_t until)
{
	struct presence p;

	presence_of(&x.sources[0], from, until, &p);
	return p;
}

static void
test_presence(void)
{
	struct presence p;

	(void)skipidx_source(&x, SPAN("a"), 0);
	skipidx_count(&x, 0, 12);
	skipidx_count(&x, 0, 10);
	skipidx_count(&x, 0, 12);
	skipidx_count(&x, 0, 15);
	p = of(10 * H, 16 * H);
	ok(p.records == 4 && p.hours == 6 && p.silent == 3,
	    "hours with and without a record");
	ok(p.gap_from == 13 * H && p.gap_until == 15 * H, "the longest gap");
	ok(p.first == 10 * H && p.last == 16 * H, "first and last hour");
	p = of(10 * H + 1, 16 * H - 1);
	ok(p.hours == 4 && p.silent == 3, "only whole hours can be silent");
	p = of(16 * H, 30 * H);
	ok(p.records == 0 && p.silent == 14 && p.gap_until == 30 * H,
	    "a source that fell silent");
	p = of(0, 11 * H);
	ok(p.records == 1 && p.silent == 10 && p.gap_from == 0,
	    "one that had not begun");
	p = of(12 * H + 5, 12 * H + 6);
	ok(p.hours == 0 && p.silent == 0 && p.records == 2,
	    "less than an hour");
}

/* What is printed is read; anything else is none. */
static void
test_file(void)
{
	struct skipidx y;
	struct buf out;
	size_t i, bad = 0;

	skipidx_clear(&x);
	strcpy(x.origin, "test.example/log");
	x.gzip_len = 1000;
	*skipidx_member(&x) = (struct skipidx_member){ .records = 3,
		.received = 1,
		.low = 5,
		.high = 9,
		.n = 1 };
	(void)buf_reserve(&x.filters, 32);
	memset(x.filters.p, 7, 32);
	x.filters.len = 32;
	(void)skipidx_source(&x, SPAN("192.0.2.1 (fw/udp)"), SKIPIDX_REPLAY);
	skipidx_count(&x, 0, 77);
	skipidx_stream(&x, &(struct skipidx_stream){ 4, 0, 2, 1, 2 });
	strcpy(skipidx_gap(&x)->kind, "down");
	buf_init(&out);
	skipidx_init(&y);
	skipidx_print(&x, &out);
	ok(skipidx_parse(buf_view(&out), &y) == 0 && y.n_members == 1 &&
		y.members[0].high == 9 && y.sources[0].hours[0].hour == 77 &&
		y.streams[0].encoding == 2 &&
		strcmp(y.gaps[0].kind, "down") == 0,
	    "an index is read as it was written");
	ok(skipidx_who(&y, 4, 2) != NULL && skipidx_who(&y, 4, 1) == NULL,
	    "a stream is known from its definition on");
	for (i = 0; i < out.len; i++) {
		out.p[i] ^= 0x10;
		bad += skipidx_parse(buf_view(&out), &y) == 0 &&
		    strcmp(y.origin, x.origin) == 0 &&
		    y.segment == x.segment && y.gzip_len == x.gzip_len &&
		    memcmp(y.gzip_hash, x.gzip_hash, SHA256_LEN) == 0;
		out.p[i] ^= 0x10;
	}
	ok(bad == 0, "with any byte changed it fits nothing: %zu", bad);
	for (i = 0, bad = 0; i < out.len; i++)
		bad += skipidx_parse(span_make(out.p, i), &y) == 0;
	ok(bad == 0, "nor does it cut short");
	skipidx_fini(&y);
	buf_fini(&out);
}

int
main(void)
{
	skipidx_init(&x);
	test_presence();
	test_file();
	skipidx_fini(&x);
	return done();
}
