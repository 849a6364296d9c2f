/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/log.h"
#include "evidence/member.h"
#include "evidence/segment.h"
#include "tests/tap.h"

#define SALT "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEAD "evseg1 test.example/log 3 10 salt=" SALT "\n"
#define D1(n, next)                                                            \
	"d1 5 0 - stream=" #n " next=" #next                                   \
	" listener=a transport=udp local=- peer=192.0.2.1 port=514 "           \
	"framing=none tls=% name=% replay=no"

/*
 * A segment from lines "kind rx stream flags body"; the length is put in.
 * Other lines: "|" ends a member, "~" flushes, "." closes, "!x" is x as it is.
 */
static void
compose(const char *text, struct buf *file)
{
	struct member *m = member_new();
	struct buf part;
	const char *end, *sp;
	bool open = false;

	buf_init(&part);
	for (; *text != '\0'; text = end + 1) {
		end = strchr(text, '\n');
		if (*text == '.') {
			buf_append(file, member_empty, MEMBER_EMPTY_LEN);
		} else if (*text == '|' || *text == '~') {
			if (!open)
				member_begin(m, 6, file);
			open = *text == '~';
			member_write(m, buf_view(&part), !open, file);
			part.len = 0;
		} else if (*text == '!' || strncmp(text, "evseg1", 6) == 0) {
			text += *text == '!';
			buf_append(&part, text, (size_t)(end - text) + 1);
		} else {
			sp = text;
			for (int i = 0; i < 4; i++)
				sp = strchr(sp, ' ') + 1;
			buf_append(&part, text, (size_t)(sp - text));
			buf_printf(&part, "%zu\n", (size_t)(end - sp));
			buf_append(&part, sp, (size_t)(end - sp) + 1);
		}
	}
	buf_fini(&part);
	member_free(m);
}

/* What a segment says, in short: "e1 10 1:0|...", then how it ends. */
static const char *
read_all(struct span file, size_t step, struct buf *out)
{
	struct segment *s = segment_new();
	struct segment_record rec;
	enum segment_step e = SEGMENT_MORE;
	struct span part;

	out->len = 0;
	do {
		part = span_sub(file, 0, step);
		file = span_sub(file, part.len, file.len);
		segment_feed(s, part);
		while ((e = segment_next(s, &rec)) == SEGMENT_RECORD)
			buf_printf(out, "%s %llu %u:%llu%s|",
			    record_kind_name(rec.r.kind),
			    (unsigned long long)rec.index, rec.r.stream,
			    (unsigned long long)rec.seq,
			    rec.ended ? " end" : "");
	} while (file.len > 0 && (e == SEGMENT_MORE || e == SEGMENT_END));
	segment_explain(s, e, out);
	segment_free(s);
	return buf_cstr(out);
}

static const struct {
	const char *name, *in, *want;
} cases[] = {
	{ "a closed segment",
	    HEAD "m1 5 0 - segment=3\n" D1(1, 7) "\ne1 6 1 - hello\n|\n"
						 "e1 7 1 x \n|\n.\n",
	    "m1 10 0:0|d1 11 0:0|e1 12 1:7|e1 13 1:8|"
	    "the end of a closed segment" },
	{ "an open member ends at a flush",
	    HEAD "m1 5 0 - a\n~\ns1 5 0 - b\n~\n",
	    "m1 10 0:0|s1 11 0:0|the bytes end here" },
	{ "a stream ends and begins again",
	    HEAD D1(1,
		0) "\ne1 6 1 - a\nd1 6 0 - end stream=1 next=1 why=eof\n" D1(1,
		0) "\ne1 6 1 - b\n|\n",
	    "d1 10 0:0|e1 11 1:0|d1 12 0:0 end|d1 13 0:0|e1 14 1:0|"
	    "the bytes end here" },
	{ "a forged head inside a body is body",
	    HEAD D1(1, 0) "\n!e1 6 1 - 12\n!x\n!e1 9 9 - 9\n|\n",
	    "d1 10 0:0|e1 11 1:0|the bytes end here" },
	{ "another port", HEAD D1(1, 0) "\ne1 6 1 -@515 a\ne1 6 1 -@514 a\n|\n",
	    "d1 10 0:0|e1 11 1:0|e1 12 1:1|the bytes end here" },
	{ "the same port again is refused",
	    HEAD D1(1, 0) "\ne1 6 1 -@514 a\n|\n",
	    "d1 10 0:0|a sender's port is given that had not changed" },
	{ "a record of no stream", HEAD "e1 6 1 - a\n|\n",
	    "a record of a stream that the segment does not define" },
	{ "an end of no stream",
	    HEAD "d1 6 0 - end stream=1 next=5 why=eof\n|\n",
	    "a record of a stream that the segment does not define" },
	{ "a start of the writer ends all streams",
	    HEAD D1(1, 4) "\nb1 6 0 - boot=x\ne1 6 1 - a\n|\n",
	    "d1 10 0:0|b1 11 0:0|"
	    "a record of a stream that the segment does not define" },
	{ "an end that leaves out records",
	    HEAD D1(1, 4) "\nd1 6 0 - end stream=1 next=5 why=eof\n|\n",
	    "d1 10 0:0|a stream's sequence numbers do not follow" },
	{ "a second definition that skips a number",
	    HEAD D1(1, 4) "\n" D1(1, 5) "\n|\n",
	    "d1 10 0:0|a stream's sequence numbers do not follow" },
	{ "a definition without framing",
	    HEAD "d1 6 0 - stream=1 next=0 transport=udp\n|\n",
	    "a d1 record is not as specified" },
	{ "a member that ends inside a record", HEAD "!m1 5 0 - 9\n!abc\n|\n",
	    "a member ends inside a record" },
	{ "and one that ends behind a head",
	    HEAD "m1 5 0 - a\n!m1 5 0 - 9\n|\n",
	    "m1 10 0:0|a member ends inside a record" },
	{ "an unknown kind", HEAD "z9 5 0 - a\n|\n",
	    "a record is not as specified: "
	    "not a kind of record that this version knows" },
	{ "no header line", "m1 5 0 - a\n|\n",
	    "the header line of the segment is not as specified" },
	{ "a header line with an upper-case origin",
	    "!evseg1 Test 3 10 salt=" SALT "\nm1 5 0 - a\n|\n",
	    "the header line of the segment is not as specified" },
	{ "a header line with a leading zero",
	    "!evseg1 test 03 10 salt=" SALT "\nm1 5 0 - a\n|\n",
	    "the header line of the segment is not as specified" },
	{ "a short salt", "!evseg1 test 3 10 salt=00\nm1 5 0 - a\n|\n",
	    "the header line of the segment is not as specified" },
	{ "a file that is only the end", ".\n",
	    "not the gzip profile of the format: "
	    "a member without content that is not the closing one" },
	{ "records behind the end", HEAD "m1 5 0 - a\n|\n.\nm1 5 0 - a\n|\n",
	    "m1 10 0:0|not the gzip profile of the format: "
	    "bytes behind the closing empty member" },
	{ "an index beyond twelve digits",
	    "!evseg1 test 3 999999999999 salt=" SALT
	    "\nm1 5 0 - a\nm1 5 0 - a\n|\n",
	    "m1 999999999999 0:0|an index beyond what the format allows" },
};

/* As many bytes of records as asked, in one member. */
static void
fill(struct buf *out, size_t len)
{
	static uint8_t body[RECORD_SYSTEM_MAX];
	struct record r = { .kind = RECORD_OPERATOR, .rx = 1 };

	buf_str(out, HEAD);
	while (out->len < len) {
		r.body = span_make(body,
		    len - out->len > 70000    ? 60000
			: len - out->len > 20 ? len - out->len - 20
					      : 1);
		record_print(&r, out);
	}
}

static void
test_members(void)
{
	struct member *m = member_new();
	struct buf part, file, out;
	struct record r = { .kind = RECORD_OPERATOR, .rx = 1 };

	buf_init(&part);
	buf_init(&file);
	buf_init(&out);
	fill(&part, MEMBER_CLOSE);
	member_begin(m, 1, &file);
	member_write(m, buf_view(&part), true, &file);
	ok(strstr(read_all(buf_view(&file), 1000, &out), "|the bytes end here"),
	    "a full member (%zu)", part.len);
	record_print(&r, &part);
	file.len = 0;
	member_begin(m, 1, &file);
	member_write(m, buf_view(&part), true, &file);
	ok(strstr(read_all(buf_view(&file), 1000, &out),
	       "|a member goes on although it is full"),
	    "a full member that goes on is refused");
	member_free(m);
	buf_fini(&part);
	buf_fini(&file);
	buf_fini(&out);
}

/* A record knows its member, however the bytes come. */
static void
test_record_member(void)
{
	struct segment *s = segment_new();
	struct segment_record rec;
	struct segment_place p;
	struct buf file;
	struct span rest, part;
	size_t step, bad = 0;

	buf_init(&file);
	compose(HEAD "o1 0 0 - a\n~\no1 0 0 - b\no1 0 0 - c\n|\n"
		     "o1 1 0 - d\n|\no1 2 0 - e\n~\no1 2 0 - f\n~\n",
	    &file);
	for (step = 1; step <= file.len; step++) {
		segment_reset(s);
		rest = buf_view(&file);
		while (rest.len > 0) {
			part = span_sub(rest, 0, step);
			rest = span_sub(rest, part.len, rest.len);
			segment_feed(s, part);
			while (segment_next(s, &rec) == SEGMENT_RECORD) {
				segment_place(s, &p);
				bad += p.members != rec.r.rx;
			}
		}
		segment_place(s, &p);
		bad += p.members != 2;
	}
	ok(bad == 0, "a record's place tells how many members stand before");
	segment_free(s);
	buf_fini(&file);
}

static void
test_place(void)
{
	struct segment *s = segment_new();
	struct segment_record rec;
	struct segment_place p;
	struct buf file;
	size_t n, whole = 0;

	buf_init(&file);
	compose(HEAD "m1 5 0 - a\n~\ns1 5 0 - b\n~\no1 6 0 - c\n|\no1 7 0 - d\n"
		     "~\n",
	    &file);
	for (n = 1; n <= file.len; n++) {
		segment_reset(s);
		segment_feed(s, span_make(file.p, n));
		while (segment_next(s, &rec) == SEGMENT_RECORD)
			;
		segment_place(s, &p);
		whole += p.whole;
		if (n == file.len)
			ok(p.whole && !p.torn && p.inside && p.members == 1 &&
				p.index == 14 && p.taken == n,
			    "the place at the end is known");
	}
	ok(whole == 4, "a writer may have stopped at four places (%zu)", whole);
	segment_free(s);
	buf_fini(&file);
}

/* Streams are bounded, whatever a segment defines. */
static void
test_streams(void)
{
	struct evstreams *t = evstreams_new();
	uint32_t i;

	for (i = 1; i <= EVSTREAMS_MAX; i++)
		evstreams_put(t, i * 3)->next = i;
	ok(evstreams_put(t, 1) == NULL && evstreams_put(t, 3) != NULL,
	    "a full table takes no other stream");
	for (i = 1; i <= EVSTREAMS_MAX && evstreams_get(t, i * 3)->next == i;
	     i++)
		;
	ok(i == EVSTREAMS_MAX + 1, "and finds all it has");
	evstreams_remove(t, 9);
	ok(evstreams_get(t, 9) == NULL && evstreams_put(t, 1) != NULL &&
		evstreams_count(t) == EVSTREAMS_MAX,
	    "one goes, one comes");
	evstreams_free(t);
}

int
main(void)
{
	struct buf file, out;
	size_t i, step;

	log_set_lang("en");
	buf_init(&file);
	buf_init(&out);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		file.len = 0;
		compose(cases[i].in, &file);
		for (step = 1; step <= file.len; step++)
			if (strcmp(read_all(buf_view(&file), step, &out),
				cases[i].want) != 0)
				break;
		ok(step > file.len, "%s", cases[i].name);
		if (step <= file.len)
			printf("# %zu at a time: %s\n", step, buf_cstr(&out));
	}
	test_members();
	test_place();
	test_record_member();
	test_streams();
	buf_fini(&file);
	buf_fini(&out);
	return done();
}
