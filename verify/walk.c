/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "common/hex.h"

const struct scan_fact walk_none = { .offset = UINT64_MAX,
	.index = UINT64_MAX };

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

struct walk_place
walk_at(const struct walk *w, const char *file, uint64_t index)
{
	return (struct walk_place){ file, UINT64_MAX, index, w->fact->time };
}

/* Behind all that was walked. */
static struct walk_place
behind(const struct walk *w, const char *file)
{
	return (struct walk_place){ file, UINT64_MAX, w->index, w->last_time };
}

void
walk_path(const struct walk *w, size_t i, char path[FOLDER_PATH])
{
	folder_path(folder_first(&w->dir, i), folder_day(&w->dir, i), path);
}

/* The first that is INCOMPLETE, or what ends the walk, is reported. */
static void
note(struct walk *w, enum verify_verdict verdict, struct walk_place at,
    struct say say)
{
	const char *option = given_option(w->opt, at.file);
	struct verify_result *r = w->result;
	char text[sizeof(r->bad_what) - 16];

	if (w->tail && verdict == VERIFY_TAMPERED)
		verdict = VERIFY_INCOMPLETE;
	if (verdict == VERIFY_INCOMPLETE &&
	    (r->verdict != VERIFY_INTACT || (w->tail && heads_grew(w))))
		return;
	if (at.file == NULL)
		at.file = w->path;
	r->verdict = verdict;
	snprintf(r->bad_file, sizeof(r->bad_file), "%s%s",
	    option != NULL || strncmp(at.file, "data/", 5) == 0 ? ""
								: w->prefix,
	    at.file);
	r->bad_offset = at.offset;
	r->bad_index = at.index;
	r->bad_time = at.time;
	say_print(say, text, sizeof(text));
	snprintf(r->bad_what, sizeof(r->bad_what), "%s%s",
	    option == NULL ? "" : option, text);
}

void
walk_fault(struct walk *w, enum verify_verdict verdict, struct walk_place at,
    struct say say)
{
	note(w, verdict, at, say);
	longjmp(w->out, 1);
}

void
walk_refuse(struct walk *w, const char *file, struct say say)
{
	walk_fault(w, VERIFY_IMPOSSIBLE, walk_file(file), say);
}

void
walk_lacks(struct walk *w, struct walk_place at, struct say say)
{
	note(w, VERIFY_INCOMPLETE, at, say);
}

void
walk_wrong_at(struct walk *w, struct walk_place at, struct say say)
{
	walk_fault(w, VERIFY_TAMPERED, at, say);
}

void
walk_must(struct walk *w, bool holds, struct say say)
{
	if (!holds)
		walk_wrong_at(w, walk_here(w), say);
}

void
walk_unreadable(struct walk *w, const char *file)
{
	enum say_what what = errno == ENOENT ? SAY_MISSING
	    : errno == EFBIG		     ? SAY_TOO_LONG
	    : errno == EINVAL || errno == ELOOP || errno == ENOTDIR ||
		errno == EISDIR
	    ? SAY_NO_FILE
	    : SAY_ERROR;

	walk_fault(w, what == SAY_ERROR ? VERIFY_IMPOSSIBLE : VERIFY_TAMPERED,
	    walk_file(file), (struct say){ what, .s = strerror(errno) });
}

struct span
walk_read(struct walk *w, const struct folder *from, const char *path,
    void *out, size_t max)
{
	ssize_t len = folder_read(from, path, out, max);

	if (len < 0)
		walk_unreadable(w, path);
	return span_make(out, (size_t)len);
}

struct match_words
walk_words(const struct walk *w)
{
	return (struct match_words){ w->fact->body, false };
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

/* From or to which record this segment is linked by the last manifest. */
static void
chain_manifest(struct walk *w, const char *way, uint64_t index,
    const char *what)
{
	char hex[65] = "";

	hex_print(w->manifest, SHA256_LEN, hex);
	walk_chain(w, "segment %" PRIu64 " %s record %" PRIu64 ": %s %s\n",
	    w->number, way, index, what, hex);
}

/* The place of this segment in the log, before it is opened. */
static void
take_place(struct walk *w)
{
	uint64_t first = folder_first(&w->dir, w->place);

	walk_path(w, w->place, w->path);
	while (first > w->index && holes_take(w))
		;
	if (first > w->index)
		walk_wrong_at(w, behind(w, "segments"),
		    say1(SAY_SEGMENT_MISSING, w->index));
	if (first < w->index)
		walk_wrong_at(w, behind(w, NULL),
		    say1(SAY_SEGMENT_TWICE, first));
	w->entered = true;
}

/* Header line: this log's, and the segment and index whose turn it is. */
static void
take_begin(struct walk *w)
{
	const struct scan_fact *f = w->fact;

	walk_must(w, strcmp(f->u.head.origin, w->pin.key.name) == 0,
	    (struct say){ SAY_SEGMENT_LOG, .s = f->u.head.origin });
	walk_must(w, f->u.head.first == folder_first(&w->dir, w->place),
	    say1(SAY_SEGMENT_NAME, f->u.head.first));
	walk_must(w, f->u.head.number == w->number,
	    say2(SAY_SEGMENT_NUMBER, f->u.head.number, w->number));
	merkle_init(&w->own, w->index);
}

/*
 * m1: the first record of each segment, and only that.  The folder is that of
 * its day, or an earlier one if a crash came between the file and its first
 * record.
 */
static void
take_link(struct walk *w)
{
	struct match_words words = walk_words(w);
	uint64_t segment = match_word_u64(&words, "segment", UINT64_MAX);
	uint64_t day = folder_day(&w->dir, w->place);
	uint64_t today = w->fact->time / WALK_DAY;
	uint64_t before = w->last_time / WALK_DAY;
	uint8_t previous[SHA256_LEN];

	match_word_hash(&words, "previous", previous);
	walk_must(w, !words.bad, say0(SAY_SYSTEM_BAD));
	walk_must(w, w->fact->index == w->own.begin, say0(SAY_LINK_TWICE));
	walk_must(w, segment == w->number, say0(SAY_LINK_SEGMENT));
	walk_must(w, memcmp(previous, w->manifest, SHA256_LEN) == 0,
	    say0(SAY_LINK_MANIFEST));
	walk_must(w, day == today || (day < today && day >= before),
	    say0(SAY_SEGMENT_DAY));
	w->linked = true;
	chain_manifest(w, "from", w->own.begin, "its m1 names manifest");
}

static void
take_stream(struct walk *w)
{
	uint32_t number = w->fact->stream.number;
	uint64_t next = w->fact->stream.next;
	struct live_stream *st = live_get(&w->live, number);
	uint64_t want = st == NULL ? 0 : st->next;

	walk_must(w,
	    !w->fact->stream.first || next == want || (w->loose && st == NULL),
	    say2(SAY_STREAM_SKIP, next, want));
	if (w->fact->stream.end) {
		live_remove(&w->live, number);
		return;
	}
	if ((st = live_put(&w->live, number)) == NULL)
		walk_fault(w, VERIFY_IMPOSSIBLE, walk_here(w),
		    say0(SAY_STREAM_MANY));
	st->next = next;
}

/* The checkpoint that proved a break lies beside: in the log, not in parts or
 * copies of it. */
static void
take_outside(struct walk *w, struct match_words words)
{
	uint8_t want[SHA256_LEN], hash[SHA256_LEN];
	struct span in, from;

	match_word_hash(&words, "outside-sha256", want);
	walk_must(w, !words.bad, say0(SAY_SYSTEM_BAD));
	if ((w->package_size > 0 || w->copy) &&
	    folder_lacks(&w->dir, "outside"))
		return;
	in = walk_read(w, &w->dir, "outside", w->bytes, SIGNED_MAX);
	if (!match(&in, "ev1 outside\nfrom=%s\n\n", &from) ||
	    (sha256(in, hash), memcmp(hash, want, SHA256_LEN) != 0))
		walk_wrong_at(w, walk_file("outside"), say0(SAY_OUTSIDE));
}

/* Receive times may leave the bounds of the seals where the clock was set, or
 * what was received waited to be written. */
static void
take_gap(struct walk *w)
{
	struct match_words words = walk_words(w);
	struct span kind = match_word(&words, "kind");

	if (span_is(kind, "clock-step"))
		w->stepped = 2;
	if (span_is(kind, "late"))
		w->late = match_word_u64(&words, "from", SCAN_RX_MAX);
	walk_must(w, !words.bad, say0(SAY_SYSTEM_BAD));
	w->result->breaks += span_is(kind, "log-break");
	if (match_word_has(&words, "outside-sha256"))
		take_outside(w, words);
}

/* The value of that word, unless it is "-". */
static void
take_word(struct walk *w, const char *key, char *out, size_t size)
{
	struct match_words words = walk_words(w);
	struct span s = match_word(&words, key);

	if (!words.bad && !span_is(s, "-"))
		match_unescape(s, out, size);
}

/* Streams end with the writer; the next one's clock may be another. */
static void
take_boot(struct walk *w)
{
	struct verify_result *r = w->result;

	predecessor_check(w);
	live_clear(&w->live);
	w->loose = false;
	w->booted = true;
	w->stepped = 1;
	take_word(w, "successor", r->predecessor, sizeof(r->predecessor));
}

static void
take_operator(struct walk *w)
{
	struct match_words words = walk_words(w);
	struct verify_result *r = w->result;

	if (!span_is(match_word(&words, "action"), "successor"))
		return;
	take_word(w, "origin", r->successor, sizeof(r->successor));
	take_word(w, "sha256", r->successor_pin, sizeof(r->successor_pin));
}

/* The manifest must be, byte for byte, what this segment gives. */
static void
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
	char want[PIN_MANIFEST_MAX], path[48];
	unsigned line = 1;
	struct span in;
	size_t len;

	snprintf(m.origin, sizeof(m.origin), "%.120s", w->pin.key.name);
	memcpy(m.file, w->path, sizeof(m.file));
	memcpy(m.stream_hash, f->u.end.stream_hash, SHA256_LEN);
	memcpy(m.gzip_hash, f->u.end.gzip_hash, SHA256_LEN);
	memcpy(m.previous, w->manifest, SHA256_LEN);
	len = pin_manifest_print(&m, want);
	snprintf(path, sizeof(path), "manifests/%012" PRIu64, w->number);
	in = walk_read(w, &w->dir, path, w->bytes, PIN_MANIFEST_MAX);
	if (!span_eq(in, span_make(want, len))) {
		for (size_t i = 0; i < len && i < in.len; i++) {
			if (in.p[i] != (uint8_t)want[i])
				break;
			line += want[i] == '\n';
		}
		walk_wrong_at(w,
		    (struct walk_place){ path, UINT64_MAX, w->own.begin,
			m.time_low },
		    say1(SAY_MANIFEST_LINE, line));
	}
	sha256(in, w->manifest);
	chain_manifest(w, "to", m.range.end - 1, "its manifest is");
	package_walked(w);
}

/* Closed with a manifest is what every segment but the last must be. */
static void
take_end(struct walk *w)
{
	struct verify_result *r = w->result;
	const struct scan_times *t = &w->fact->u.end.times;
	bool manifest = folder_has(&w->dir.manifests, w->number);
	bool closed = w->fact->u.end.closed;
	bool last = w->place + 1 == w->dir.segments.n;

	r->segments++;
	r->bytes += w->fact->u.end.stream_len;
	if (t->low <= t->high && (r->last_time == 0 || t->low < r->first_time))
		r->first_time = t->low;
	if (t->low <= t->high && t->high > r->last_time)
		r->last_time = t->high;
	w->torn = w->fact->u.end.torn;
	w->linked = w->entered = false;
	walk_must(w, closed || !manifest, say0(SAY_SEGMENT_NOT_WHOLE));
	walk_must(w, closed || last, say0(SAY_SEGMENT_OPEN));
	if (manifest)
		take_manifest(w);
	else if (!last)
		walk_wrong_at(w, walk_at(w, "manifests", w->fact->index),
		    say1(SAY_MANIFEST_NONE, w->number));
	else if (closed)
		walk_lacks(w, walk_here(w), say0(SAY_MANIFEST_YET));
	w->place++;
	w->number++;
}

static void
take_bad(struct walk *w)
{
	const struct scan_fact *f = w->fact;
	struct walk_place at = walk_here(w);

	errno = f->u.bad.error;
	if (errno != 0)
		walk_unreadable(w, w->path);
	if (at.index < w->index) /* not even the header line was read */
		at = behind(w, NULL);
	walk_wrong_at(w, at,
	    (struct say){ f->u.bad.what, .s = say_text(f->u.bad.why) });
}

/* A fact of a segment whose header line was right. */
static void
take(struct walk *w)
{
	/* By kind of fact or, if it is a record, of that. */
	static void (*const takes[])(struct walk *) = {
		[SCAN_POINT] = heads_point,
		[SCAN_STREAM] = take_stream,
		[SCAN_END] = take_end,
		['m'] = take_link,
		['k'] = seals_epoch,
		['s'] = seals_take,
		['d'] = take_stream,
		['b'] = take_boot,
		['g'] = take_gap,
		['o'] = take_operator,
		['x'] = holes_deleted,
		['t'] = anchors_token,
		['w'] = anchors_cosignature,
	};
	const struct scan_fact *f = w->fact;
	size_t kind = f->kind == SCAN_SYSTEM ? (uint8_t)f->record : f->kind;

	walk_must(w, f->index <= w->own.begin || w->linked || kind == 'm',
	    say0(SAY_LINK_NONE));
	if (f->added.end > f->added.begin)
		walk_must(w,
		    merkle_merge(&w->tree, &f->added) == 0 &&
			merkle_merge(&w->own, &f->added) == 0,
		    say0(SAY_RECORD_ORDER));
	scan_times_merge(&w->times, &f->times);
	seals_edge(w);
	if (kind < sizeof(takes) / sizeof(takes[0]) && takes[kind] != NULL)
		takes[kind](w);
	w->last_time = f->time;
}

void
walk_take(struct walk *w, const struct scan_fact *f)
{
	bool begins = f->kind == SCAN_BEGIN || f->kind == SCAN_BAD;
	bool record = f->kind == SCAN_SYSTEM;
	uint64_t index = w->index; /* of the record that the fact is of */

	w->fact = f;
	if (!begins)
		index = f->index - (!record && f->index > w->own.begin);
	w->tail = f->kind != SCAN_POINT && index >= w->newest.size;
	if (!w->entered)
		take_place(w);
	if (!begins && f->index + record > w->index)
		w->index = f->index + record;
	if (f->kind == SCAN_BAD)
		take_bad(w);
	else if (f->kind == SCAN_BEGIN)
		take_begin(w);
	else
		take(w);
	if (w->opt->progress != NULL)
		w->opt->progress(w->opt->cookie, w->place, w->dir.segments.n);
	w->fact = &walk_none;
}

void
walk_end(struct walk *w)
{
	const struct folder_list *l = &w->dir.manifests;
	struct verify_result *r = w->result;
	uint64_t sealed = w->newest.size;

	r->unsealed = w->index > sealed ? w->index - sealed : 0;
	w->tail = !w->have_newest;
	if (w->tail)
		walk_fault(w, VERIFY_INCOMPLETE, walk_file("checkpoint"),
		    say0(SAY_NOTE_NONE));
	w->cut = w->copy && !w->newest_seen && !w->torn &&
	    (w->number == 0 || folder_has(l, w->number - 1));
	if (w->cut)
		heads_newest(w);
	else if (!w->newest_seen)
		walk_wrong_at(w,
		    behind(w, w->path[0] == '\0' ? "segments" : NULL),
		    say2(SAY_LOG_CUT, w->index, sealed));
	anchors_end(w);
	holes_end(w);
	if (w->cut || w->ahead)
		walk_lacks(w, behind(w, "segments"),
		    say1(SAY_COPY_ENDS, w->index));
	/* Manifests beyond the last segment: it was removed. */
	else if (w->place == w->dir.segments.n && l->n > 0 &&
	    l->v[l->n - 1] >= w->number && !heads_grew(w))
		walk_wrong_at(w, behind(w, "manifests"),
		    say1(SAY_MANIFEST_ALONE, l->v[l->n - 1]));
	seals_end(w);
	/* What stands behind the checkpoint is received, but not proved. */
	w->tail = true;
	if (r->unsealed > 0 || w->torn)
		walk_lacks(w,
		    (struct walk_place){ NULL, UINT64_MAX, sealed,
			w->last_time },
		    say1(r->unsealed == 0 ? SAY_TORN : SAY_UNSEALED,
			r->unsealed));
}
