/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/leaves.h"
#include "verify/live.h"
#include "verify/match.h"
#include "verify/unzip.h"

#define LINE_MAX_LEN 256u     /* of the header line and of a head line */
#define FILE_SHARE (8u << 10) /* of the file hashed beside so many leaves */

struct scan {
	struct unzip *z;
	const struct scan_job *job;
	struct leaves leaves;
	struct live live;
	struct span bytes; /* of the records in leaves */
	struct span file;  /* read and not hashed yet */
	struct sha256x2_stream stream_hash, file_hash;
	struct merkle added;
	struct scan_times times, all;
	bool begun;
	uint64_t index, time, stream_len, members;
	uint64_t taken; /* bytes of the file counted in *job->done */
	size_t points;	/* said so far */
	enum say_what what, why;
	struct scan_fact fact;
};

struct scan *
scan_new(void)
{
	struct scan *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->z = unzip_new();
	return s;
}

void
scan_free(struct scan *s)
{
	live_clear(&s->live);
	unzip_free(s->z);
	free(s);
}

void
scan_times_init(struct scan_times *t)
{
	*t = (struct scan_times){ .low = UINT64_MAX };
}

void
scan_times_merge(struct scan_times *t, const struct scan_times *more)
{
	if (more->low > more->high)
		return;
	if (t->low > t->high) {
		t->first = more->first;
		t->first_offset = more->first_offset;
	}
	if (more->low < t->low) {
		t->low = more->low;
		t->low_index = more->low_index;
	}
	if (more->high >= t->high) {
		t->high = more->high;
		t->high_index = more->high_index;
	}
}

/* Hash the records gathered, and beside them of the file what may wait. */
static void
flush(struct scan *s, size_t of_file)
{
	if (of_file > s->file.len)
		of_file = s->file.len;
	sha256x2_stream_add(&s->stream_hash, s->bytes, &s->leaves.job[0]);
	sha256x2_stream_add(&s->file_hash, span_sub(s->file, 0, of_file),
	    &s->leaves.job[1]);
	s->file = span_sub(s->file, of_file, s->file.len);
	leaves_hash(&s->leaves, &s->added);
	s->bytes.len = 0;
}

/* Another piece of the file; the one before goes away. */
static void
piece(void *cookie, struct span bytes)
{
	struct scan *s = cookie;
	struct sha256x2_job job;

	sha256x2_stream_add(&s->file_hash, s->file, &job);
	sha256x2_run(&job, 1);
	s->file = bytes;
}

/* Hand out the fact; with the leaves since the last one that had them. */
static int
put(struct scan *s, enum scan_kind kind, bool leaves)
{
	struct scan_fact *f = &s->fact;

	f->kind = kind;
	if (kind != SCAN_SYSTEM)
		f->body.len = 0;
	f->offset = unzip_start(s->z);
	f->index = kind == SCAN_SYSTEM ? s->index - 1 : s->index;
	f->time = s->time;
	f->times = s->times;
	scan_times_init(&s->times);
	if (leaves) {
		flush(s, FILE_SHARE);
		f->added = s->added;
		merkle_init(&s->added, s->added.end);
	} else
		merkle_init(&f->added, s->added.begin);
	atomic_fetch_add(s->job->done, unzip_taken(s->z) - s->taken);
	s->taken = unzip_taken(s->z);
	return s->job->put(s->job->cookie, f);
}

static int
bad(struct scan *s, int error, enum say_what what, enum say_what why)
{
	s->fact.u.bad.error = error;
	s->fact.u.bad.what = what;
	s->fact.u.bad.why = why;
	put(s, SCAN_BAD, false);
	return -1;
}

/* Remember why; the caller decides what it means. */
static int
fail(struct scan *s, enum say_what what, enum say_what why)
{
	s->what = what;
	s->why = why;
	return -1;
}

/* A canonical decimal and the byte behind it; NULL if there is none. */
static const uint8_t *
decimal(const uint8_t *p, const uint8_t *end, uint64_t *n)
{
	const uint8_t *start = p;

	for (*n = 0; p < end && *p >= '0' && *p <= '9' && p - start < 19; p++)
		*n = *n * 10 + (uint64_t)(*p - '0');
	return p == start || (*start == '0' && p - start > 1) ? NULL : p;
}

/* "-", or letters in the order x f i d; then perhaps "@<port>". */
static const uint8_t *
flags(const uint8_t *p, const uint8_t *end, uint64_t *port)
{
	const uint8_t *start = p;

	for (unsigned i = 0; i < 4 && p < end; i++)
		p += *p == "xfid"[i];
	if (p == start && (p == end || *p++ != '-'))
		return NULL;
	*port = 0;
	if (p == end || *p != '@')
		return p;
	p = decimal(p + 1, end, port);
	return *port == 0 || *port > 65535 ? NULL : p;
}

enum say_what
scan_head_parse(struct span line, struct scan_head *h)
{
	const uint8_t *p = line.p, *end = line.p + line.len;

	if (line.len < 3 || p[0] == '\0' ||
	    strchr("ekmbsdgcoxtw", p[0]) == NULL || p[1] != '1' || p[2] != ' ')
		return SAY_RECORD_KIND;
	h->kind = (char)p[0];
	if ((p = decimal(p + 3, end, &h->rx)) == NULL || p == end ||
	    *p++ != ' ' || (p = decimal(p, end, &h->stream)) == NULL ||
	    p == end || *p != ' ')
		return SAY_RECORD_HEAD;
	h->end_of_stream = (size_t)(p - line.p);
	if ((p = flags(p + 1, end, &h->port)) == NULL || p == end ||
	    *p != ' ' || decimal(p + 1, end, &h->len) != end ||
	    h->rx > SCAN_RX_MAX || h->stream > UINT32_MAX ||
	    h->len > UINT32_MAX)
		return SAY_RECORD_HEAD;
	if (h->kind == 'e')
		return h->stream == 0	     ? SAY_RECORD_HEAD
		    : h->len > SCAN_BODY_MAX ? SAY_RECORD_LEN
					     : SAY_NONE;
	/* "x1 <rx> 0 - <len>": nothing stands between */
	if (h->stream != 0 || p - line.p != (ptrdiff_t)h->end_of_stream + 2 ||
	    p[-1] != '-')
		return SAY_RECORD_HEAD;
	return h->len > SCAN_SYSTEM_MAX ? SAY_RECORD_LEN : SAY_NONE;
}

/* The d1 at the start of a stream, or again at its first record in here. */
static int
take_definition(struct scan *s, struct match_words *w, uint32_t number)
{
	uint64_t next = match_word_u64(w, "next", UINT64_MAX);
	struct span framing = match_word(w, "framing");
	struct live_stream *st = live_get(&s->live, number);
	bool udp = match_word_is(w, "transport", "udp");
	uint64_t port =
	    match_word_has(w, "port") ? match_word_u64(w, "port", 65535) : 0;

	if (w->bad ||
	    (!span_is(framing, "none") && !span_is(framing, "lf") &&
		!span_is(framing, "nul") && !span_is(framing, "octet") &&
		!span_is(framing, "raw")))
		return fail(s, SAY_STREAM_BAD, SAY_NONE);
	s->fact.stream.first = st == NULL;
	if (st != NULL && next != st->next)
		return fail(s, SAY_STREAM_SEQUENCE, SAY_NONE);
	if ((st = live_put(&s->live, number)) == NULL)
		return fail(s, SAY_STREAM_MANY, SAY_NONE);
	st->next = next;
	st->udp = udp;
	st->port = (uint16_t)port;
	return 0;
}

static int
take_stream(struct scan *s, struct span body)
{
	struct match_words w = { body, false };
	uint64_t number = match_word_u64(&w, "stream", UINT32_MAX);
	bool end = span_starts(body, SPAN("end "));
	struct live_stream *st;

	if (w.bad || number == 0)
		return fail(s, SAY_STREAM_BAD, SAY_NONE);
	s->fact.stream.number = (uint32_t)number;
	s->fact.stream.end = end;
	s->fact.stream.first = false;
	if (!end && take_definition(s, &w, (uint32_t)number) != 0)
		return -1;
	s->fact.stream.next = match_word_u64(&w, "next", UINT64_MAX);
	if (w.bad)
		return fail(s, SAY_STREAM_BAD, SAY_NONE);
	if (!end)
		return 0;
	if ((st = live_get(&s->live, (uint32_t)number)) == NULL)
		return fail(s, SAY_STREAM_NONE, SAY_NONE);
	if (s->fact.stream.next != st->next)
		return fail(s, SAY_STREAM_SEQUENCE, SAY_NONE);
	live_remove(&s->live, (uint32_t)number);
	return 0;
}

static int
take_received(struct scan *s, const struct scan_head *h, uint64_t *seq)
{
	struct live_stream *st = live_get(&s->live, (uint32_t)h->stream);

	if (st == NULL)
		return fail(s, SAY_STREAM_NONE, SAY_NONE);
	if (h->port != 0) {
		if (!st->udp || h->port == st->port)
			return fail(s, SAY_STREAM_PORT, SAY_NONE);
		st->port = (uint16_t)h->port;
	}
	*seq = st->next++;
	return 0;
}

/* The root is wanted at the size that the next record would make larger. */
static int
take_point(struct scan *s)
{
	const struct scan_job *job = s->job;

	while (s->points < job->n_points && job->points[s->points] < s->index)
		s->points++;
	if (s->points == job->n_points || job->points[s->points] != s->index)
		return 0;
	return put(s, SCAN_POINT, true);
}

static void
count_time(struct scan *s, uint64_t rx)
{
	struct scan_times one = { rx, rx, s->index, s->index, rx,
		unzip_start(s->z) };

	s->time = rx;
	scan_times_merge(&s->times, &one);
	scan_times_merge(&s->all, &one);
}

/* A whole record: line, body and LF.  -2 if the walk has had enough. */
static int
take_record(struct scan *s, struct span line, const struct scan_head *h,
    struct span body)
{
	struct leaves *l = &s->leaves;
	uint64_t seq = 0;

	if (s->index > MERKLE_SIZE_MAX)
		return fail(s, SAY_SEGMENT_INDEX, SAY_NONE);
	if ((h->kind == 'e' && take_received(s, h, &seq) != 0) ||
	    (h->kind == 'd' && take_stream(s, body) != 0))
		return -1;
	if (h->kind == 'b')
		live_clear(&s->live); /* they ended with the writer */
	if (l->n == 0) {
		l->first = s->index;
		s->bytes = span_make(line.p, 0);
	}
	l->record[l->n].head = line;
	l->record[l->n].body = body;
	l->record[l->n].stream = h->end_of_stream;
	l->record[l->n++].seq = seq;
	s->bytes.len += line.len + body.len + 2;
	s->stream_len += line.len + body.len + 2;
	count_time(s, h->rx);
	s->index++;
	if (s->index % LEAVES_MAX == 0 || l->n == LEAVES_MAX)
		flush(s, FILE_SHARE);
	s->fact.record = h->kind;
	s->fact.body = body;
	/* Of streams the walk needs to know the first mention and the end. */
	if (h->kind != 'e' &&
	    (h->kind != 'd' || s->fact.stream.first || s->fact.stream.end) &&
	    put(s, SCAN_SYSTEM, h->kind == 's') != 0)
		return -2;
	return take_point(s) == 0 ? 0 : -2;
}

/* 1 if the header line was read, 0 if more bytes are needed, -1, -2. */
static int
take_header(struct scan *s, struct span *data, bool whole)
{
	struct span in = span_sub(*data, 0, LINE_MAX_LEN), line = in, origin;
	struct scan_fact *f = &s->fact;
	struct sha256x2_job job;

	if (in.len == 0 || memchr(in.p, '\n', in.len) == NULL)
		return in.len == LINE_MAX_LEN || whole
		    ? fail(s, SAY_SEGMENT_HEAD, SAY_NONE)
		    : 0;
	memset(&f->u, 0, sizeof(f->u));
	if (!match(&in, "evseg1 %o %u %u salt=%x\n", &origin, &f->u.head.number,
		&f->u.head.first, f->u.head.salt) ||
	    f->u.head.number > MERKLE_SIZE_MAX ||
	    f->u.head.first > MERKLE_SIZE_MAX)
		return fail(s, SAY_SEGMENT_HEAD, SAY_NONE);
	line.len -= in.len;
	memcpy(f->u.head.origin, origin.p, origin.len);
	sha256x2_stream_add(&s->stream_hash, line, &job);
	sha256x2_run(&job, 1);
	leaves_init(&s->leaves, f->u.head.salt);
	s->index = f->u.head.first;
	merkle_init(&s->added, s->index);
	s->stream_len = line.len;
	s->begun = true;
	*data = span_sub(*data, line.len, data->len);
	return put(s, SCAN_BEGIN, false) == 0 ? 1 : -2;
}

/*
 * The records of one member, as far as they are whole: 1 if all of it was
 * taken, 0 if it ends inside one, -1 if something is wrong (fail()), -2.
 */
static int
take_member(struct scan *s, struct span data, bool whole)
{
	const uint8_t *start = data.p, *lf;
	enum say_what why;
	struct scan_head h;
	struct span line;
	int rc;

	if (!s->begun && (rc = take_header(s, &data, whole)) <= 0)
		return rc;
	while (data.len > 0) {
		line = span_sub(data, 0, LINE_MAX_LEN);
		if ((lf = memchr(line.p, '\n', line.len)) == NULL)
			return line.len == LINE_MAX_LEN
			    ? fail(s, SAY_SEGMENT_RECORD, SAY_RECORD_HEAD)
			    : whole ? fail(s, SAY_SEGMENT_CUT, SAY_NONE)
				    : 0;
		line.len = (size_t)(lf - line.p);
		if ((why = scan_head_parse(line, &h)) != SAY_NONE)
			return fail(s, SAY_SEGMENT_RECORD, why);
		if (data.len - line.len - 1 < h.len + 1)
			return whole ? fail(s, SAY_SEGMENT_CUT, SAY_NONE) : 0;
		if (lf[1 + h.len] != '\n')
			return fail(s, SAY_SEGMENT_RECORD, SAY_RECORD_END);
		if (data.p - start >= (ptrdiff_t)UNZIP_CLOSE)
			return fail(s, SAY_SEGMENT_LONG, SAY_NONE);
		if ((rc = take_record(s, line, &h, span_make(lf + 1, h.len))) !=
		    0)
			return rc;
		data = span_sub(data, line.len + h.len + 2, data.len);
	}
	return 1;
}

static void
end(struct scan *s, bool closed, bool torn)
{
	struct scan_fact *f = &s->fact;

	flush(s, SIZE_MAX);
	for (size_t i = 0; i < 4096; i++)
		for (struct live_stream *st = s->live.bucket[i]; st != NULL;
		     st = st->chain) {
			f->stream.number = st->number;
			f->stream.next = st->next;
			f->stream.first = f->stream.end = false;
			if (put(s, SCAN_STREAM, false) != 0)
				return;
		}
	memset(&f->u, 0, sizeof(f->u));
	f->u.end.closed = closed;
	f->u.end.torn = torn;
	f->u.end.members = s->members;
	f->u.end.stream_len = s->stream_len;
	f->u.end.gzip_len = unzip_taken(s->z);
	f->u.end.times = s->all;
	sha256x2_stream_final(&s->stream_hash, f->u.end.stream_hash);
	sha256x2_stream_final(&s->file_hash, f->u.end.gzip_hash);
	put(s, SCAN_END, true);
}

static void
stop(struct scan *s)
{
	flush(s, SIZE_MAX);
	if (s->begun && s->index >= s->job->sealed)
		end(s, false, true);
	else
		bad(s, 0, s->what, s->why);
}

static void
run_members(struct scan *s)
{
	enum unzip_step step;
	int rc;

	do {
		step = unzip_next(s->z, piece, s);
		if (step == UNZIP_ERROR) {
			bad(s, errno, SAY_NONE, SAY_NONE);
			return;
		}
		if (step == UNZIP_BAD || (step == UNZIP_END && !s->begun)) {
			fail(s, SAY_SEGMENT_GZIP,
			    step == UNZIP_BAD ? unzip_why(s->z)
					      : SAY_GZIP_EMPTY);
			stop(s);
			return;
		}
		rc = take_member(s, unzip_data(s->z), step == UNZIP_MEMBER);
		if (rc == -1)
			stop(s);
		if (rc < 0)
			return;
		flush(s, FILE_SHARE); /* the next member goes to its place */
		s->members += step == UNZIP_MEMBER;
	} while (step == UNZIP_MEMBER);
	end(s, step == UNZIP_END, rc == 0 || !unzip_flushed(s->z));
}

void
scan_run(struct scan *s, const struct scan_job *job)
{
	struct stat st;
	int fd;

	s->job = job;
	s->begun = false;
	s->index = s->time = s->stream_len = s->members = s->taken = 0;
	s->points = 0;
	s->leaves.n = s->bytes.len = s->file.len = 0;
	live_clear(&s->live);
	scan_times_init(&s->times);
	scan_times_init(&s->all);
	sha256x2_stream_init(&s->stream_hash);
	sha256x2_stream_init(&s->file_hash);
	merkle_init(&s->added, 0);
	unzip_begin(s->z, -1, 0);
	if ((fd = folder_open(job->dir, job->path)) < 0 ||
	    fstat(fd, &st) != 0) {
		bad(s, errno, SAY_NONE, SAY_NONE);
		return;
	}
	/* What is appended while we look belongs to the next check. */
	unzip_begin(s->z, fd, (uint64_t)st.st_size);
	run_members(s);
	close(fd);
}
