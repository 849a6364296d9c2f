/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/logdir.h"
#include "evidence/retention_act.h"
#include "evidence/segread.h"
#include "evidence/tree.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"
#include "verify/verify.h"

#define TCP                                                                    \
	"listener=l2 transport=tcp local=192.0.2.1:601 peer=192.0.2.7 "        \
	"port=2000 framing=octet tls=% name=% replay=yes"

static struct evread *in;
static struct buf why;

static bool
open_log(bool leaves)
{
	why.len = 0;
	return evread_open(&in, lib_dir, leaves, &why) == 0;
}

/* The messages from here on: "one|two|"; '!' if an error ends them. */
static const char *
rest(struct buf *out)
{
	struct evread_record r;
	int rc;

	out->len = why.len = 0;
	while ((rc = evread_next(in, &r, &why)) > 0) {
		if (r.stream == NULL)
			continue;
		buf_printf(out, "%u:%llu:", r.stream->number,
		    (unsigned long long)r.seq);
		buf_span(out, r.message);
		buf_byte(out, '|');
	}
	if (rc < 0)
		buf_printf(out, "!%s", buf_cstr(&why));
	return buf_cstr(out);
}

/* Two segments and a restart; then the log goes on. */
static void
build(uint32_t *udp, uint32_t *tcp)
{
	lib_begin();
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), udp);
	evlog_stream(lib_log, SPAN(TCP), tcp);
	lib_append(*udp, 1000, "one");
	lib_append(*tcp, 0, "3 two");
	evlog_rotate(lib_log);
	lib_append(*tcp, 0, "5 three");
	lib_append(*udp, 1002, "four");
	evlog_seal(lib_log, true);
}

static void
test_read(void)
{
	struct evread_record r;
	struct buf out;
	uint32_t udp, tcp;
	uint64_t index = 0, third = 0;

	buf_init(&out);
	build(&udp, &tcp);
	ok(open_log(false), "open");
	ok(strcmp(evread_origin(in), "example.jp/test") == 0 &&
		evread_size(in) == evlog_size(lib_log),
	    "origin and size");
	ok(strcmp(rest(&out), "1:0:one|2:0:two|2:1:three|1:1:four|") == 0,
	    "messages of two segments: %s", buf_cstr(&out));
	ok(evread_seek(in, 0, &why) == 0, "go back");
	while (evread_next(in, &r, &why) > 0) {
		if (r.index != index++)
			break;
		if (span_is(r.message, "three"))
			third = r.index;
		if (span_is(r.message, "two"))
			ok(span_is(r.r.body, "3 two") && r.stream->replay &&
				r.stream->framing == RECORD_FRAMING_OCTET &&
				span_is(r.stream->peer, "192.0.2.7") &&
				span_is(r.stream->listener, "l2") &&
				span_is(r.stream->transport, "tcp"),
			    "what the d1 says");
		if (span_is(r.message, "four"))
			ok(r.stream->port == 1002, "the sender's new port");
	}
	ok(index == evread_size(in), "every index once");
	ok(evread_seek(in, third, &why) == 0 &&
		strcmp(rest(&out), "2:1:three|1:1:four|") == 0,
	    "from the middle of a segment: %s", buf_cstr(&out));
	ok(evread_seek(in, evread_size(in), &why) == 0 &&
		strcmp(rest(&out), "") == 0,
	    "from the end");
	evread_close(in);
	lib_close();
	lib_end();
	buf_fini(&out);
}

static void
test_leaves(void)
{
	struct evread_record r;
	struct tree_range range;
	uint8_t root[SHA256_LEN];
	uint32_t udp, tcp;

	build(&udp, &tcp);
	tree_range_init(&range, 0);
	ok(open_log(true), "open with leaves");
	while (evread_next(in, &r, &why) > 0)
		tree_range_append(&range, r.leaf);
	tree_range_root(&range, root);
	ok(memcmp(root, evread_root(in), SHA256_LEN) == 0,
	    "the leaves give the checkpoint's root");
	evread_close(in);
	lib_close();
	lib_end();
}

static unsigned lends; /* a bit for each member, empty ones too */
static unsigned n_lent;
static struct evread *own; /* reads the same, and nobody lends to it */
static struct {
	unsigned all, hashed, leaves, same;
} tally;

/* The next record of both. */
static bool
compare(void)
{
	uint8_t leaf[SHA256_LEN];
	struct evread_record r;
	struct span body;
	bool hashed;

	if (evread_next(in, &r, &why) <= 0)
		return false;
	body = r.r.body;
	hashed = r.hashed;
	memcpy(leaf, r.leaf, sizeof(leaf));
	if (evread_next(own, &r, &why) <= 0)
		return false;
	tally.all++;
	tally.same += span_eq(body, r.r.body);
	tally.hashed += hashed;
	tally.leaves += hashed && memcmp(leaf, r.leaf, 32) == 0;
	return true;
}

/* Only some; what was lent is read at once, as else there were no room. */
static struct lent *
lend_some(struct lend *l, struct lent *whole, int fd, uint64_t offset,
    size_t len)
{
	struct lent *next = lend_next(l, whole, fd, offset, len);
	bool wanted = lends & 1;

	lends >>= 1;
	n_lent += whole != NULL;
	while (whole != NULL && own != NULL &&
	    tally.all < whole->first + whole->n && compare())
		;
	return wanted ? next : NULL;
}

/* Members enough that not all can be lent, of lines that hardly pack. */
static void
build_long(void)
{
	static char line[30001];
	uint32_t udp, tcp, dice = 1;

	build(&udp, &tcp);
	for (unsigned i = 0; i < 75; i++) {
		for (size_t k = 0; k < sizeof(line) - 1; k++) {
			dice = dice * 1664525 + 1013904223;
			line[k] = (char)('!' + dice / 65536 % 90);
		}
		lib_append(udp, 1002, line);
	}
	evlog_seal(lib_log, true);
}

/*
 * What the verifier inflates and hashes first, of these members, is taken over:
 * the same records, and their leaves are there.
 */
static void
check_lent(unsigned members, unsigned n)
{
	struct verify_options opt = { .dir = lib_dir,
		.lend = lend_some,
		.lending = lend_new() };
	struct verify_result result;

	lends = members;
	n_lent = 0;
	memset(&tally, 0, sizeof(tally));
	open_log(false);
	evread_borrow(in, opt.lending);
	evread_open(&own, lib_dir, true, &why);
	verify_log(&opt, &result);
	while (compare())
		;
	ok(result.verdict == VERIFY_INTACT && tally.all == evread_size(own) &&
		tally.same == tally.all,
	    "members %x lent: the same records", members);
	ok(tally.leaves == tally.hashed && (tally.hashed > 0) == (n > 0) &&
		tally.hashed < tally.all && n_lent == n,
	    "with the leaves of %u of %u", tally.hashed, tally.all);
	evread_close(own);
	own = NULL;
	evread_close(in);
	lend_free(opt.lending);
}

/* The newest segment by itself, for evread would try again what is wrong. */
static void
check_segment(unsigned members)
{
	struct verify_options opt = { .dir = lib_dir,
		.lend = lend_some,
		.lending = lend_new() };
	struct segread *s = segread_new();
	struct segment_record rec;
	struct verify_result result;
	enum segment_step step;
	char path[MANIFEST_FILE];
	struct logdir dir;
	const char *name;
	uint64_t last = 0;

	lends = members;
	verify_log(&opt, &result);
	logdir_open(&dir, lib_dir);
	logdir_list_segments(&dir, NULL, NULL, &name);
	logdir_path(&dir, dir.n_segments - 1, path);
	segread_borrow(s, opt.lending);
	segread_begin(s, logdir_open_file(&dir, path), UINT64_MAX, NULL);
	while ((step = segread_next(s, &rec)) == SEGMENT_RECORD)
		last = rec.index;
	ok(step == SEGMENT_MORE && last + 1 == evlog_size(lib_log),
	    "and its file is read on behind members %x", members);
	segread_free(s);
	logdir_close(&dir);
	lend_free(opt.lending);
}

static void
test_lent(void)
{
	build_long();
	check_lent(0, 0);
	check_lent(1, 1);
	check_lent(0xff, 7);
	check_lent(0x19, 3);
	check_lent(0xad, 5);
	check_lent(0x1c0, 3);
	check_segment(0x18);
	check_segment(0xc);
	check_segment(0x24);
	lib_close();
	lib_end();
}

static void
test_no_leaves(void)
{
	static const uint8_t none[SHA256_LEN];
	struct evread_record r;
	uint32_t udp, tcp;
	bool zero = true;

	build(&udp, &tcp);
	open_log(false);
	memset(&r, 0xff, sizeof(r));
	while (evread_next(in, &r, &why) > 0) {
		zero &= memcmp(r.leaf, none, sizeof(none)) == 0;
		memset(&r, 0xff, sizeof(r));
	}
	ok(zero, "leaves that were not asked for are zero");
	evread_close(in);
	lib_close();
	lib_end();
}

/* The second segment's file holds the first. */
static void
test_misplaced(void)
{
	char command[256];
	struct buf out;
	uint32_t udp, tcp;

	buf_init(&out);
	build(&udp, &tcp);
	lib_close();
	snprintf(command, sizeof(command),
	    "cd %s/segments/* && cp 000000000000.ev1.gz $(ls | tail -1)",
	    lib_dir);
	ok(system(command) == 0, "a segment in the place of another");
	open_log(false);
	ok(strncmp(rest(&out), "1:0:one|2:0:two|!", 17) == 0 &&
		strstr(buf_cstr(&out), "of another log or place") != NULL,
	    "is refused: %s", buf_cstr(&out));
	evread_close(in);
	lib_end();
	buf_fini(&out);
}

static void *
keep(const struct evread_stream *s)
{
	return (void *)(uintptr_t)s;
}

/* A reader that follows: through seals, rotations, ends and a restart. */
static void
test_follow(void)
{
	struct evread_record r;
	struct buf out;
	uint32_t udp, tcp;
	void *seen = NULL;

	buf_init(&out);
	build(&udp, &tcp);
	open_log(false);
	while (evread_next(in, &r, &why) > 0)
		if (r.stream != NULL && r.stream->number == udp) {
			seen = keep(r.stream);
			r.stream->user = &out;
		}
	ok(evread_refresh(in, &why) == 0, "nothing new");
	lib_append(udp, 1002, "five");
	ok(evread_refresh(in, &why) == 0 && strcmp(rest(&out), "") == 0,
	    "what is not sealed is not read");
	evlog_rotate(lib_log);
	evlog_seal(lib_log, true);
	lib_append(udp, 1002, "six");
	evlog_stream_end(lib_log, udp, "idle");
	evlog_seal(lib_log, true);
	ok(evread_refresh(in, &why) == 1, "the checkpoint grew");
	ok(evread_next(in, &r, &why) > 0 && span_is(r.message, "five") &&
		keep(r.stream) == seen && r.stream->user == &out,
	    "a stream keeps what was noted of it");
	ok(strcmp(rest(&out), "1:3:six|") == 0, "into the next segment: %s",
	    buf_cstr(&out));
	lib_close();
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &udp);
	lib_append(udp, 1000, "seven");
	evlog_seal(lib_log, true);
	ok(evread_refresh(in, &why) == 1 &&
		strcmp(rest(&out), "1:0:seven|") == 0,
	    "behind a restart: %s", buf_cstr(&out));
	evread_close(in);
	lib_close();
	lib_end();
	buf_fini(&out);
}

/* A torn tail that was seen before the writer cut it off. */
static void
test_torn(void)
{
	char command[256];
	struct buf out;
	uint32_t udp, tcp;

	buf_init(&out);
	build(&udp, &tcp);
	lib_close();
	snprintf(command, sizeof(command),
	    "cd %s && f=$(ls log/segments/*/* | tail -1) && cp $f kept && "
	    "head -c 100 log/segments/*/000000000000.ev1.gz >>$f",
	    lib_base);
	ok(system(command) == 0, "a torn tail");
	open_log(false);
	ok(strcmp(rest(&out), "1:0:one|2:0:two|2:1:three|1:1:four|") == 0,
	    "what is sealed is read");
	snprintf(command, sizeof(command),
	    "cd %s && cp kept $(ls log/segments/*/* | tail -1)", lib_base);
	ok(system(command) == 0, "it is cut off");
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &udp);
	lib_append(udp, 1000, "again");
	evlog_seal(lib_log, true);
	ok(evread_refresh(in, &why) == 1 &&
		strcmp(rest(&out), "1:0:again|") == 0,
	    "the reader goes on: %s", buf_cstr(&out));
	evread_close(in);
	lib_close();
	lib_end();
	buf_fini(&out);
}

static void
test_bad(void)
{
	char command[256];
	struct buf out;
	uint32_t udp, tcp;

	buf_init(&out);
	build(&udp, &tcp);
	lib_close();
	open_log(false);
	snprintf(command, sizeof(command),
	    "truncate -s 300 %s/segments/*/000000000000.ev1.gz", lib_dir);
	ok(system(command) == 0 && strchr(rest(&out), '!') != NULL &&
		strstr(buf_cstr(&out), "000000000000.ev1.gz") != NULL,
	    "a cut segment is named: %s", buf_cstr(&out));
	evread_close(in);
	snprintf(command, sizeof(command), "rm -r %s/segments", lib_dir);
	ok(system(command) == 0 && open_log(false) &&
		strstr(rest(&out), "!segments: ") != NULL,
	    "so is a missing one: %s", buf_cstr(&out));
	evread_close(in);
	snprintf(command, sizeof(command), "rm %s/checkpoint", lib_dir);
	ok(system(command) == 0 && open_log(false) && evread_size(in) == 0,
	    "without checkpoint there is nothing to read");
	evread_close(in);
	snprintf(command, sizeof(command), "echo x >%s/checkpoint", lib_dir);
	ok(system(command) == 0 && !open_log(false) &&
		strstr(buf_cstr(&why), "checkpoint: ") != NULL,
	    "a broken one is named: %s", buf_cstr(&why));
	lib_end();
	ok(!open_log(false) && why.len > 0, "no folder: %s", buf_cstr(&why));
	buf_fini(&out);
}

/* Remove the file of a segment; write the x1 that says so. */
static struct manifest
remove_segment(uint64_t number, bool said)
{
	struct retention_gone g = { .basis = "5y",
		.by = "sato",
		.also = "abe",
		.request = "d-1" };
	struct retention_extra extra = { 0, 0 };
	struct record r = { .kind = RECORD_DELETION, .rx = lib_wall };
	struct manifest m;
	struct logdir d;
	struct buf body;

	logdir_open(&d, lib_dir);
	logdir_manifest(&d, number, &m, g.manifest);
	unlinkat(d.fd, m.file, 0);
	logdir_close(&d);
	g.segment = m.segment;
	g.first = m.first;
	g.last = m.last;
	buf_init(&body);
	retention_x1_print(&g, &extra, &body);
	r.body = buf_view(&body);
	if (said)
		evlog_append(lib_log, &r, NULL);
	evlog_seal(lib_log, true);
	buf_fini(&body);
	return m;
}

/* What was deleted is passed over; what is merely gone is an error. */
static void
test_gone(void)
{
	struct verify_options opt = { .dir = lib_dir, .jobs = 1 };
	struct verify_result result;
	const struct evread_gaps *gaps;
	uint32_t udp, tcp;
	struct manifest m;
	struct buf out;

	buf_init(&out);
	build(&udp, &tcp);
	evlog_rotate(lib_log);
	lib_append(udp, 1002, "five");
	lib_append(tcp, 0, "3 six");
	evlog_seal(lib_log, true);
	m = remove_segment(1, true);
	open_log(false);
	ok(strcmp(rest(&out), "1:0:one|2:0:two|1:2:five|2:2:six|") == 0,
	    "a deleted segment is passed over: %s", buf_cstr(&out));
	gaps = evread_gaps(in);
	ok(gaps->n == 1 && gaps->v[0].first == m.first &&
		gaps->v[0].last == m.last && gaps->v[0].deleted == lib_wall,
	    "and said");
	ok(evread_seek(in, m.first + 1, &why) == 0 &&
		strcmp(rest(&out), "1:2:five|2:2:six|") == 0 && gaps->n == 1,
	    "likewise from its middle: %s", buf_cstr(&out));
	evread_close(in);
	verify_log(&opt, &result);
	ok(result.verdict == VERIFY_INTACT && result.n_deleted == 1 &&
		result.deleted[0].first == m.first &&
		result.deleted[0].last == m.last &&
		result.deleted_records == m.last - m.first + 1 &&
		strcmp(result.deleted[0].basis, "5y") == 0,
	    "the log verifies, and says what was deleted: %s", result.bad_what);
	open_log(false);
	m = remove_segment(0, true);
	ok(strcmp(rest(&out), "1:2:five|2:2:six|") == 0 &&
		evread_gaps(in)->v[0].deleted != 0,
	    "a reader that began before the deletion finds its record: %s",
	    buf_cstr(&out));
	evread_close(in);
	opt.jobs = 3;
	verify_log(&opt, &result);
	ok(result.verdict == VERIFY_INTACT && result.n_deleted == 1 &&
		result.deleted[0].first == 0,
	    "the first segment too: %s", result.bad_what);
	lib_close();
	lib_open();
	ok(evlog_recovered(lib_log) > m.last, "a writer starts without them");
	lib_close();
	lib_end();
	buf_fini(&out);
}

/* A file that is gone without an x1. */
static void
test_missing(void)
{
	struct verify_options opt = { .dir = lib_dir, .jobs = 1 };
	struct verify_result result;
	uint32_t udp, tcp;
	struct manifest m;
	struct buf out;

	buf_init(&out);
	build(&udp, &tcp);
	evlog_rotate(lib_log);
	evlog_seal(lib_log, true);
	lib_append(udp, 1, "five");
	evlog_seal(lib_log, true);
	m = remove_segment(1, false);
	open_log(false);
	ok(strstr(rest(&out), "1:2:five|!segment 1 (records ") != NULL,
	    "one that no record names ends in an error: %s", buf_cstr(&out));
	evread_close(in);
	verify_log(&opt, &result);
	ok(result.verdict == VERIFY_TAMPERED &&
		strcmp(result.bad_file, "segments") == 0 &&
		result.bad_index == m.first,
	    "and is found missing: %s", result.bad_what);
	lib_close();
	lib_end();
	buf_fini(&out);
}

#define PATIENCE 300 /* seconds: who lends waits for room, else for ever */

int
main(void)
{
	alarm(PATIENCE);
	log_set_lang("en");
	buf_init(&why);
	test_read();
	test_leaves();
	test_lent();
	test_no_leaves();
	test_misplaced();
	test_follow();
	test_torn();
	test_bad();
	test_gone();
	test_missing();
	buf_fini(&why);
	return done();
}
