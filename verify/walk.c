/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "verify/match.h"

#define DAY UINT64_C(86400000000) /* usec */

struct walk_place
walk_file(const char *file)
{
	return (struct walk_place){ file, UINT64_MAX, UINT64_MAX, 0 };
}

struct walk_place
walk_here(const struct walk *w)
{
	return (struct walk_place){ NULL, w->fact->offset, w->fact->index,
		w->fact->time };
}

int
walk_fault(struct walk *w, enum verify_verdict verdict, struct walk_place at,
    struct say say)
{
	static const int rank[] = { [VERIFY_INTACT] = 0,
		[VERIFY_INCOMPLETE] = 1,
		[VERIFY_IMPOSSIBLE] = 2,
		[VERIFY_TAMPERED] = 3 };
	struct verify_result *r = w->result;
	bool given; /* it does not lie in the package */

	if (verdict != VERIFY_INCOMPLETE || w->tail)
		w->stop = true;
	if (w->tail && verdict == VERIFY_TAMPERED)
		verdict = VERIFY_INCOMPLETE;
	if (w->tail && verdict == VERIFY_INCOMPLETE && heads_grew(w))
		return -1;
	if (rank[verdict] <= rank[r->verdict])
		return -1;
	r->verdict = verdict;
	given = at.file != NULL && at.file == w->opt->pin;
	for (size_t i = 0; i < w->n_anchors; i++)
		given = given || at.file == w->anchor[i].file;
	at.file = at.file == NULL ? w->path : at.file;
	given = given || strncmp(at.file, "data/", 5) == 0;
	snprintf(r->bad_file, sizeof(r->bad_file), "%s%s",
	    given ? "" : w->prefix, at.file);
	r->bad_offset = at.offset;
	r->bad_index = at.index;
	r->bad_time = at.time;
	say_print(say, r->bad_what, sizeof(r->bad_what));
	return -1;
}

int
walk_wrong_at(struct walk *w, struct walk_place at, struct say say)
{
	return walk_fault(w, VERIFY_TAMPERED, at, say);
}

int
walk_wrong(struct walk *w, struct say say)
{
	return walk_fault(w, VERIFY_TAMPERED, walk_here(w), say);
}

int
walk_unreadable(struct walk *w, const char *file)
{
	enum say_what what = errno == ENOENT ? SAY_MISSING
	    : errno == EFBIG		     ? SAY_TOO_LONG
	    : errno == EINVAL || errno == ELOOP || errno == ENOTDIR ||
		errno == EISDIR
	    ? SAY_NO_FILE
	    : SAY_ERROR;

	return walk_fault(w,
	    what == SAY_ERROR ? VERIFY_IMPOSSIBLE : VERIFY_TAMPERED,
	    walk_file(file), (struct say){ what, .s = strerror(errno) });
}

void
walk_chain(struct walk *w, const char *fmt, ...)
{
	va_list ap;

	if (w->opt->chain == NULL)
		return;
	va_start(ap, fmt);
	vfprintf(w->opt->chain, fmt, ap);
	va_end(ap);
}

static void
walk_chain_hash(struct walk *w, const char *what, const uint8_t *hash)
{
	walk_chain(w, "%s", what);
	for (unsigned i = 0; i < SHA256_LEN; i++)
		walk_chain(w, "%02x", hash[i]);
	walk_chain(w, "\n");
}

/* The place of this segment in the log, before it is opened. */
static int
take_place(struct walk *w)
{
	uint64_t first = folder_first(&w->dir, w->place);
	struct walk_place at = { NULL, UINT64_MAX, w->index, w->last_time };
	int rc = 1;

	folder_path(first, folder_day(&w->dir, w->place), w->path);
	while (first > w->index && (rc = holes_take(w)) > 0)
		at.index = w->index;
	if (rc < 0)
		return -1;
	if (first > w->index) {
		at.file = "segments";
		return walk_wrong_at(w, at,
		    say1(SAY_SEGMENT_MISSING, w->index));
	}
	if (first < w->index)
		return walk_wrong_at(w, at, say1(SAY_SEGMENT_TWICE, first));
	w->entered = true;
	return 0;
}

/* Header line: this log's, and the segment and index whose turn it is. */
static int
take_begin(struct walk *w)
{
	const struct scan_fact *f = w->fact;
	struct walk_place at = walk_here(w);

	at.offset = 0;
	if (strcmp(f->u.head.origin, w->pin.key.name) != 0)
		return walk_wrong_at(w, at,
		    (struct say){ SAY_SEGMENT_LOG, .s = f->u.head.origin });
	if (f->u.head.first != folder_first(&w->dir, w->place))
		return walk_wrong_at(w, at,
		    say1(SAY_SEGMENT_NAME, f->u.head.first));
	if (f->u.head.number != w->number)
		return walk_wrong_at(w, at,
		    say2(SAY_SEGMENT_NUMBER, f->u.head.number, w->number));
	merkle_init(&w->own, w->index);
	return 0;
}

/*
 * m1: the first record of each segment, and only that.  The folder is that of
 * its day, or an earlier one if a crash came between the file and its first
 * record.
 */
static int
take_link(struct walk *w)
{
	struct match_words words = { w->fact->body, false };
	uint64_t segment = match_word_u64(&words, "segment", UINT64_MAX);
	uint64_t day = folder_day(&w->dir, w->place);
	uint8_t previous[SHA256_LEN];

	match_word_hash(&words, "previous", previous);
	if (words.bad)
		return walk_wrong(w, say0(SAY_SYSTEM_BAD));
	if (w->fact->index != w->own.begin)
		return walk_wrong(w, say0(SAY_LINK_TWICE));
	if (segment != w->number)
		return walk_wrong(w, say0(SAY_LINK_SEGMENT));
	if (memcmp(previous, w->manifest, SHA256_LEN) != 0)
		return walk_wrong(w, say0(SAY_LINK_MANIFEST));
	if (day > w->fact->time / DAY ||
	    (day < w->fact->time / DAY && day < w->last_time / DAY))
		return walk_wrong(w, say0(SAY_SEGMENT_DAY));
	w->linked = true;
	walk_chain(w, "segment %" PRIu64 " from record %" PRIu64, segment,
	    w->own.begin);
	walk_chain_hash(w, ": its m1 names manifest ", previous);
	return 0;
}

static int
take_stream(struct walk *w)
{
	uint32_t number = w->fact->stream.number;
	uint64_t next = w->fact->stream.next;
	struct live_stream *st = live_get(&w->live, number);
	uint64_t want = st == NULL ? 0 : st->next;

	if (w->fact->stream.first && next != want && !(w->loose && st == NULL))
		return walk_wrong(w, say2(SAY_STREAM_SKIP, next, want));
	if (w->fact->stream.end) {
		live_remove(&w->live, number);
		return 0;
	}
	if ((st = live_put(&w->live, number)) == NULL)
		return walk_fault(w, VERIFY_IMPOSSIBLE, walk_here(w),
		    say0(SAY_STREAM_MANY));
	st->next = next;
	return 0;
}

/*
 * Gaps behind which receive times may leave the bounds of the seals: the clock
 * was set, or what was received waited while nothing could be written.
 */
static int
take_gap(struct walk *w)
{
	struct match_words words = { w->fact->body, false };
	struct span kind = match_word(&words, "kind");

	if (words.bad)
		return walk_wrong(w, say0(SAY_SYSTEM_BAD));
	if (span_is(kind, "clock-step") || span_is(kind, "disk-full") ||
	    span_is(kind, "write-error") || span_is(kind, "reading-paused"))
		w->stepped = 2;
	w->result->breaks += span_is(kind, "log-break");
	return 0;
}

/* The value of that word, unless it is "-". */
static void
take_word(struct walk *w, const char *key, char *out, size_t size)
{
	struct match_words words = { w->fact->body, false };
	struct span s = match_word(&words, key);

	if (!words.bad && !span_is(s, "-"))
		match_unescape(s, out, size);
}

static void
take_successor(struct walk *w)
{
	struct verify_result *r = w->result;

	take_word(w, "origin", r->successor, sizeof(r->successor));
	take_word(w, "sha256", r->successor_pin, sizeof(r->successor_pin));
}

static int
take_system(struct walk *w)
{
	struct match_words words = { w->fact->body, false };

	switch (w->fact->record) {
	case 'm':
		return take_link(w);
	case 'k':
		return seals_epoch(w);
	case 's':
		return seals_take(w);
	case 'd':
		return take_stream(w);
	case 'b':
		live_clear(&w->live); /* they ended with the writer */
		w->loose = false;
		w->booted = true;
		w->stepped = 1;
		take_word(w, "successor", w->result->predecessor, 128);
		return 0;
	case 'g':
		return take_gap(w);
	case 'o':
		if (match_word_is(&words, "action", "successor"))
			take_successor(w);
		return 0;
	case 'x':
		return holes_deleted(w);
	case 't':
		return anchors_token(w);
	case 'w':
		return anchors_cosignature(w);
	default:
		return 0;
	}
}

/* The manifest must be, byte for byte, what this segment gives. */
static int
take_manifest(struct walk *w)
{
	const struct scan_fact *f = w->fact;
	struct pin_manifest m = { .segment = w->number,
		.time_low = f->u.end.times.low,
		.time_high = f->u.end.times.high,
		.members = f->u.end.members,
		.stream_len = f->u.end.stream_len,
		.gzip_len = f->u.end.gzip_len,
		.range = w->own };
	struct walk_place at = { NULL, UINT64_MAX, w->own.begin, m.time_low };
	char want[PIN_MANIFEST_MAX], path[48];
	unsigned line = 1;
	size_t len;
	ssize_t n;

	snprintf(m.origin, sizeof(m.origin), "%.120s", w->pin.key.name);
	memcpy(m.file, w->path, sizeof(m.file));
	memcpy(m.stream_hash, f->u.end.stream_hash, SHA256_LEN);
	memcpy(m.gzip_hash, f->u.end.gzip_hash, SHA256_LEN);
	memcpy(m.previous, w->manifest, SHA256_LEN);
	len = pin_manifest_print(&m, want);
	snprintf(path, sizeof(path), "manifests/%012" PRIu64, w->number);
	at.file = path;
	if ((n = folder_read(&w->dir, path, w->bytes, PIN_MANIFEST_MAX)) < 0)
		return walk_unreadable(w, path);
	for (size_t i = 0; i < len && i < (size_t)n; i++) {
		if (w->bytes[i] != (uint8_t)want[i])
			break;
		line += want[i] == '\n';
	}
	sha256(span_make(w->bytes, (size_t)n), w->manifest);
	if ((size_t)n != len || memcmp(w->bytes, want, len) != 0)
		return walk_wrong_at(w, at, say1(SAY_MANIFEST_LINE, line));
	walk_chain(w, "segment %" PRIu64 " to record %" PRIu64, w->number,
	    m.range.end - 1);
	walk_chain_hash(w, ": its manifest is ", w->manifest);
	return w->package_size > 0 ? package_proof(w) : 0;
}

/* Closed with a manifest is what every segment but the last must be. */
static int
take_closed(struct walk *w)
{
	bool last = w->place + 1 == w->dir.segments.n;
	bool closed = w->fact->u.end.closed;

	if (folder_has(&w->dir.manifests, w->number))
		return closed ? take_manifest(w)
			      : walk_wrong(w, say0(SAY_SEGMENT_NOT_WHOLE));
	if (closed && last)
		return walk_fault(w, VERIFY_INCOMPLETE, walk_here(w),
		    say0(SAY_MANIFEST_YET));
	if (last)
		return 0;
	if (!closed)
		return walk_wrong(w, say0(SAY_SEGMENT_OPEN));
	return walk_wrong_at(w,
	    (struct walk_place){ "manifests", w->fact->offset, w->fact->index,
		w->fact->time },
	    say1(SAY_MANIFEST_NONE, w->number));
}

static int
take_end(struct walk *w)
{
	struct verify_result *r = w->result;
	const struct scan_times *t = &w->fact->u.end.times;

	r->segments++;
	r->bytes += w->fact->u.end.stream_len;
	if (t->low <= t->high && (r->last_time == 0 || t->low < r->first_time))
		r->first_time = t->low;
	if (t->low <= t->high && t->high > r->last_time)
		r->last_time = t->high;
	w->torn = w->fact->u.end.torn;
	w->linked = w->entered = false;
	if (take_closed(w) != 0 && w->stop)
		return -1;
	w->place++;
	w->number++;
	return 0;
}

static int
take_bad(struct walk *w)
{
	const struct scan_fact *f = w->fact;
	struct walk_place at = walk_here(w);
	char text[256];

	errno = f->u.bad.error;
	if (errno != 0)
		return walk_unreadable(w, w->path);
	snprintf(text, sizeof(text), "%s%s%s", say_text(f->u.bad.what),
	    f->u.bad.why != SAY_NONE ? ": " : "",
	    f->u.bad.why != SAY_NONE ? say_text(f->u.bad.why) : "");
	if (at.index < w->index) { /* not even the header line was read */
		at.index = w->index;
		at.time = w->last_time;
	}
	return walk_wrong_at(w, at, (struct say){ SAY_ERROR, .s = text });
}

static int
take(struct walk *w)
{
	const struct scan_fact *f = w->fact;

	if (!w->entered && take_place(w) != 0)
		return -1;
	if (f->kind == SCAN_BAD)
		return take_bad(w);
	if (f->kind == SCAN_BEGIN)
		return take_begin(w);
	if (f->index > w->own.begin && !w->linked &&
	    !(f->kind == SCAN_SYSTEM && f->record == 'm'))
		return walk_wrong(w, say0(SAY_LINK_NONE));
	if (f->added.end > f->added.begin &&
	    (merkle_merge(&w->tree, &f->added) != 0 ||
		merkle_merge(&w->own, &f->added) != 0))
		return walk_wrong(w, say0(SAY_RECORD_ORDER));
	scan_times_merge(&w->times, &f->times);
	seals_edge(w);
	if (f->kind == SCAN_SYSTEM)
		return take_system(w);
	return f->kind == SCAN_POINT ? heads_point(w)
	    : f->kind == SCAN_STREAM ? take_stream(w)
				     : take_end(w);
}

/* Whether a fact lies behind what the newest checkpoint covers. */
static bool
behind(const struct walk *w, const struct scan_fact *f)
{
	uint64_t sealed = w->newest.size;

	switch (f->kind) {
	case SCAN_SYSTEM:
		return f->index >= sealed;
	case SCAN_POINT:
		return false;
	case SCAN_STREAM:
	case SCAN_END: /* of a segment that is wholly covered: no */
		return f->index > sealed || w->own.begin >= sealed;
	case SCAN_BEGIN:
	case SCAN_BAD:
		break;
	}
	return w->index >= sealed;
}

int
walk_take(struct walk *w, const struct scan_fact *f)
{
	if (w->stop)
		return -1;
	w->fact = f;
	w->tail = behind(w, f);
	take(w);
	if (f->kind != SCAN_BEGIN && f->kind != SCAN_BAD &&
	    f->index >= w->index) {
		w->index = f->index + (f->kind == SCAN_SYSTEM);
		w->last_time = f->time;
	}
	if (w->opt->progress != NULL)
		w->opt->progress(w->opt->cookie, atomic_load(&w->done),
		    w->total);
	return w->stop ? -1 : 0;
}

/* What stands behind the newest checkpoint is received, but not proved. */
static void
end_unsealed(struct walk *w)
{
	struct verify_result *r = w->result;
	struct walk_place at = { NULL, UINT64_MAX, w->newest.size,
		w->last_time };

	r->unsealed = w->index > w->newest.size ? w->index - w->newest.size : 0;
	if (r->unsealed == 0 && !w->torn)
		return;
	w->tail = true;
	walk_fault(w, VERIFY_INCOMPLETE, at,
	    say1(r->unsealed == 0 ? SAY_TORN : SAY_UNSEALED, r->unsealed));
}

/* Manifests beyond the last segment: it was removed. */
static int
end_manifests(struct walk *w)
{
	struct walk_place at = { "manifests", UINT64_MAX, w->index,
		w->last_time };
	const struct folder_list *l = &w->dir.manifests;

	if (l->n == 0 || l->v[l->n - 1] < w->number || heads_grew(w))
		return 0;
	return walk_wrong_at(w, at, say1(SAY_MANIFEST_ALONE, l->v[l->n - 1]));
}

int
walk_rest(struct walk *w)
{
	int rc;

	do
		rc = holes_take(w);
	while (rc > 0);
	return rc == 0 ? heads_hole(w, w->newest.size) : -1;
}

void
walk_end(struct walk *w)
{
	if (!w->stop && heads_end(w) == 0 && holes_end(w) == 0 &&
	    end_manifests(w) == 0)
		epochs_end(w);
	if (!w->stop || w->tail)
		end_unsealed(w);
}
