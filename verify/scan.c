/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/scan.h"

#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/leaves.h"
#include "verify/live.h"
#include "verify/match.h"
#include "verify/unzip.h"

#define LINE_MAX_LEN 256u /* of the header line and of a head line */
_Static_assert(LEND_ROOM > UNZIP_MAX, "a member can be lent");

struct scan {
	const struct scan_job *job;
	jmp_buf out; /* where fail() goes */
	int fd;
	struct live live;
	struct span bytes; /* not in stream_hash yet */
	struct sha256x2_hash stream_hash;
	struct merkle added;
	struct scan_times times, all;
	bool begun;
	uint64_t index, time, stream_len, members;
	uint64_t point; /* the next */
	struct scan_fact fact;
	struct leaves leaves;
	struct unzip z;
};

struct scan *
scan_new(void)
{
	struct scan *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->fd = -1;
	return s;
}

void
scan_free(struct scan *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	live_clear(&s->live);
	unzip_fini(&s->z);
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

/* Hash the records gathered, and beside them what is new of the file. */
static void
flush(struct scan *s)
{
	sha256x2_add(&s->leaves.job[0], s->bytes, &s->stream_hash);
	sha256x2_add(&s->leaves.job[1], s->z.fresh, &s->z.hash);
	leaves_hash(&s->leaves, &s->added);
	s->bytes.len = s->z.fresh.len = 0;
}

/* Hand out the fact; some with the leaves since the last one of these. */
static void
put(struct scan *s, enum scan_kind kind)
{
	struct scan_fact *f = &s->fact;

	f->kind = kind;
	if (kind != SCAN_SYSTEM)
		f->body.len = 0;
	f->offset = s->z.start;
	f->index = kind == SCAN_SYSTEM ? s->index - 1 : s->index;
	f->time = s->time;
	f->times = s->times;
	scan_times_init(&s->times);
	if (kind == SCAN_POINT || kind == SCAN_END ||
	    (kind == SCAN_SYSTEM && f->record == 's')) {
		flush(s);
		f->added = s->added;
		merkle_init(&s->added, s->added.end);
	} else
		merkle_init(&f->added, s->added.begin);
	s->job->put(s->job->cookie, f);
}

/* End the pass: scan_run() decides what that means.  SAY_NONE: errno. */
_Noreturn static void
fail(struct scan *s, enum say_what what, enum say_what why)
{
	s->fact.u.bad.error = what == SAY_NONE ? errno : 0;
	s->fact.u.bad.what = what;
	s->fact.u.bad.why = why;
	longjmp(s->out, 1);
}

/* A number and the byte behind it, without the detours of match(). */
static bool
take_number(struct span *in, uint64_t *n, char behind)
{
	size_t len = match_number(*in, n);

	if (len == 0 || len == in->len || in->p[len] != (uint8_t)behind)
		return false;
	*in = span_sub(*in, len + 1, in->len);
	return true;
}

/* "- ", or letters in the order x f i d; "@<port>" may stand in front of " ".
 */
static bool
take_flags(struct span *in, uint64_t *port)
{
	size_t n = 0;

	for (const char *flag = "xfid"; *flag != '\0'; flag++)
		n += n < in->len && in->p[n] == (uint8_t)*flag;
	n += n == 0 && span_starts(*in, SPAN("-"));
	if (n == 0 || n == in->len)
		return false;
	*in = span_sub(*in, n + 1, in->len);
	*port = 0;
	return in->p[-1] == ' ' ||
	    (in->p[-1] == '@' && take_number(in, port, ' ') && *port > 0 &&
		*port <= 65535);
}

enum say_what
scan_head_parse(struct span line, struct scan_head *h)
{
	struct span in = span_sub(line, 3, line.len);

	if (line.len < 3 || memchr("ekmbsdgcoxtw", line.p[0], 12) == NULL ||
	    line.p[1] != '1' || line.p[2] != ' ')
		return SAY_RECORD_KIND;
	h->kind = (char)line.p[0];
	if (!take_number(&in, &h->rx, ' ') ||
	    !take_number(&in, &h->stream, ' '))
		return SAY_RECORD_HEAD;
	h->end_of_stream = line.len - in.len - 1;
	/* Of a system record it is "0 - <len>". */
	if ((h->kind == 'e') != (h->stream > 0) || h->stream > UINT32_MAX ||
	    (h->kind != 'e' && !span_starts(in, SPAN("- "))) ||
	    !take_flags(&in, &h->port) || in.len == 0 ||
	    match_number(in, &h->len) != in.len || h->rx > SCAN_RX_MAX ||
	    h->len > UINT32_MAX)
		return SAY_RECORD_HEAD;
	return h->len > (h->kind == 'e' ? SCAN_BODY_MAX : SCAN_SYSTEM_MAX)
	    ? SAY_RECORD_LEN
	    : SAY_NONE;
}

/*
 * d1: a stream's start, again at its first record in here, or its end.  The
 * walk needs to know the first mention and the end.
 */
static bool
take_stream(struct scan *s, struct span body)
{
	struct match_words w = { body, false };
	bool end = span_starts(body, SPAN("end "));
	uint64_t number = match_word_u64(&w, "stream", UINT32_MAX);
	uint64_t next = match_word_u64(&w, "next", UINT64_MAX), port = 0;
	struct span framing = end ? SPAN("raw") : match_word(&w, "framing");
	bool udp = !end && span_is(match_word(&w, "transport"), "udp");
	struct live_stream *st;

	if (!end && match_word_has(&w, "port"))
		port = match_word_u64(&w, "port", 65535);
	if (w.bad || number == 0 ||
	    (!span_is(framing, "none") && !span_is(framing, "lf") &&
		!span_is(framing, "nul") && !span_is(framing, "octet") &&
		!span_is(framing, "raw")))
		fail(s, SAY_STREAM_BAD, SAY_NONE);
	st = live_get(&s->live, (uint32_t)number);
	s->fact.stream.number = (uint32_t)number;
	s->fact.stream.first = st == NULL;
	s->fact.stream.end = end;
	s->fact.stream.next = next;
	if (st == NULL && end)
		fail(s, SAY_STREAM_NONE, SAY_NONE);
	if (st != NULL && next != st->next)
		fail(s, SAY_STREAM_SEQUENCE, SAY_NONE);
	if (end) {
		live_remove(&s->live, (uint32_t)number);
		return true;
	}
	if ((st = live_put(&s->live, (uint32_t)number)) == NULL)
		fail(s, SAY_STREAM_MANY, SAY_NONE);
	st->next = next;
	st->udp = udp;
	st->port = (uint16_t)port;
	return s->fact.stream.first;
}

/* Its sequence number. */
static uint64_t
take_received(struct scan *s, const struct scan_head *h)
{
	struct live_stream *st = live_get(&s->live, (uint32_t)h->stream);

	if (st == NULL)
		fail(s, SAY_STREAM_NONE, SAY_NONE);
	if (h->port != 0 && (!st->udp || h->port == st->port))
		fail(s, SAY_STREAM_PORT, SAY_NONE);
	if (h->port != 0)
		st->port = (uint16_t)h->port;
	return st->next++;
}

/* The next size at which the root is wanted, at least that. */
static void
find_point(struct scan *s, uint64_t size)
{
	const struct scan_job *job = s->job;

	s->point = UINT64_MAX;
	for (size_t i = 0; i < job->n_points; i++)
		if (job->points[i] >= size && job->points[i] < s->point)
			s->point = job->points[i];
}

static void
count_time(struct scan *s, uint64_t rx)
{
	struct scan_times one = { rx, rx, s->index, s->index, rx, s->z.start };

	s->time = rx;
	scan_times_merge(&s->times, &one);
	scan_times_merge(&s->all, &one);
}

/* A whole record: line, body and LF. */
static void
take_record(struct scan *s, struct span line, const struct scan_head *h,
    struct span body)
{
	struct leaves *l = &s->leaves;
	bool said = h->kind != 'e';
	uint64_t seq = 0;

	if (s->index > MERKLE_SIZE_MAX)
		fail(s, SAY_SEGMENT_INDEX, SAY_NONE);
	if (h->kind == 'e')
		seq = take_received(s, h);
	if (h->kind == 'd')
		said = take_stream(s, body);
	if (h->kind == 'b')
		live_clear(&s->live); /* they ended with the writer */
	if (l->n == 0)
		l->first = s->index;
	if (s->bytes.len == 0)
		s->bytes.p = line.p;
	l->record[l->n].head = line;
	l->record[l->n].body = body;
	l->record[l->n].stream = h->end_of_stream;
	l->record[l->n++].seq = seq;
	s->bytes.len += line.len + body.len + 2;
	s->stream_len += line.len + body.len + 2;
	count_time(s, h->rx);
	s->index++;
	if (s->index % LEAVES_MAX == 0 || l->n == LEAVES_MAX)
		flush(s);
	s->fact.record = h->kind;
	s->fact.body = body;
	if (said)
		put(s, SCAN_SYSTEM);
	if (s->index == s->point) {
		put(s, SCAN_POINT);
		find_point(s, s->index + 1);
	}
}

/* Whether the header line was there; it is taken from data. */
static bool
take_header(struct scan *s, struct span *data, bool whole)
{
	struct span in = span_sub(*data, 0, LINE_MAX_LEN), origin;
	struct scan_fact *f = &s->fact;

	if (!whole && in.len < LINE_MAX_LEN &&
	    (in.len == 0 || memchr(in.p, '\n', in.len) == NULL))
		return false;
	memset(&f->u, 0, sizeof(f->u));
	if (!match(&in, "evseg1 %o %u %u salt=%x\n", &origin, &f->u.head.number,
		&f->u.head.first, f->u.head.salt) ||
	    f->u.head.number > MERKLE_SIZE_MAX ||
	    f->u.head.first > MERKLE_SIZE_MAX)
		fail(s, SAY_SEGMENT_HEAD, SAY_NONE);
	memcpy(f->u.head.origin, origin.p, origin.len);
	leaves_init(&s->leaves, f->u.head.salt);
	s->index = f->u.head.first;
	merkle_init(&s->added, s->index);
	find_point(s, s->index + 1);
	s->stream_len = (size_t)(in.p - data->p);
	s->bytes = span_sub(*data, 0, s->stream_len);
	*data = span_sub(*data, s->stream_len, data->len);
	s->begun = true;
	put(s, SCAN_BEGIN);
	return true;
}

/* The records of one member; false if it is not whole and ends inside one. */
static bool
take_member(struct scan *s, struct span data, bool whole)
{
	const uint8_t *start = data.p, *lf;
	enum say_what why;
	struct scan_head h;
	struct span line;

	if (!s->begun && !take_header(s, &data, whole))
		return false;
	for (; data.len > 0;
	     data = span_sub(data, line.len + h.len + 2, data.len)) {
		line = span_sub(data, 0, LINE_MAX_LEN);
		lf = memchr(line.p, '\n', line.len);
		if (lf == NULL && line.len == LINE_MAX_LEN)
			fail(s, SAY_SEGMENT_RECORD, SAY_RECORD_HEAD);
		if (lf == NULL)
			break;
		line.len = (size_t)(lf - line.p);
		if ((why = scan_head_parse(line, &h)) != SAY_NONE)
			fail(s, SAY_SEGMENT_RECORD, why);
		if (data.len - line.len - 1 < h.len + 1)
			break;
		if (lf[1 + h.len] != '\n')
			fail(s, SAY_SEGMENT_RECORD, SAY_RECORD_END);
		if (data.p - start >= (ptrdiff_t)UNZIP_CLOSE)
			fail(s, SAY_SEGMENT_LONG, SAY_NONE);
		take_record(s, line, &h, span_make(lf + 1, h.len));
	}
	if (data.len > 0 && whole)
		fail(s, SAY_SEGMENT_CUT, SAY_NONE);
	return data.len == 0;
}

static void
end(struct scan *s, bool closed, bool torn)
{
	struct scan_fact *f = &s->fact;
	struct sha256x2_job job[2];

	flush(s);
	f->stream.first = f->stream.end = false;
	for (size_t i = 0; i < LIVE_BUCKETS; i++)
		for (struct live_stream *st = s->live.bucket[i]; st != NULL;
		     st = st->chain) {
			f->stream.number = st->number;
			f->stream.next = st->next;
			put(s, SCAN_STREAM);
		}
	memset(&f->u, 0, sizeof(f->u));
	f->u.end.closed = closed;
	f->u.end.torn = torn;
	f->u.end.members = s->members;
	f->u.end.stream_len = s->stream_len;
	f->u.end.gzip_len = s->z.taken;
	f->u.end.times = s->all;
	sha256x2_final(&job[0], &s->stream_hash, f->u.end.stream_hash);
	sha256x2_final(&job[1], &s->z.hash, f->u.end.gzip_hash);
	sha256x2_run(job, 2);
	put(s, SCAN_END);
}

static void
run(struct scan *s)
{
	enum unzip_step step = UNZIP_MEMBER;
	bool whole = true;
	struct stat st;

	if ((s->fd = folder_open(s->job->dir, s->job->path)) < 0 ||
	    fstat(s->fd, &st) != 0)
		fail(s, SAY_NONE, SAY_NONE);
	/* What is appended while we look belongs to the next check. */
	unzip_begin(&s->z, s->fd, (uint64_t)st.st_size);
	while (step == UNZIP_MEMBER) {
		if (s->job->lend != NULL) /* the member before is whole */
			s->leaves.lent = s->job->lend(s->job->lending,
			    s->leaves.lent, s->fd, s->z.taken, s->z.data.len);
		step = unzip_next(&s->z,
		    s->leaves.lent != NULL ? s->leaves.lent->data : NULL);
		if (step == UNZIP_ERROR)
			fail(s, SAY_NONE, SAY_NONE);
		if (step == UNZIP_BAD)
			fail(s, SAY_SEGMENT_GZIP, s->z.why);
		if (step == UNZIP_END && !s->begun)
			fail(s, SAY_SEGMENT_GZIP, SAY_GZIP_EMPTY);
		whole = take_member(s, s->z.data, step == UNZIP_MEMBER);
		flush(s); /* the next member goes to its place */
		s->members += step == UNZIP_MEMBER;
	}
	end(s, step == UNZIP_END,
	    step == UNZIP_OPEN && (!whole || !unzip_flushed(&s->z)));
}

void
scan_run(struct scan *s, const struct scan_job *job)
{
	s->job = job;
	scan_times_init(&s->times);
	scan_times_init(&s->all);
	sha256x2_init(&s->stream_hash);
	if (setjmp(s->out) == 0)
		run(s);
	else if (s->fact.u.bad.error == 0 && s->begun &&
	    s->index >= job->sealed)
		end(s, false, true); /* a torn tail */
	else
		put(s, SCAN_BAD);
}
