/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "evidence/verify_priv.h"

int
verify_fail(struct verify *v, enum verify_verdict verdict,
    struct verify_place at, const char *fmt, ...)
{
	static const int rank[] = { [VERIFY_INTACT] = 0,
		[VERIFY_INCOMPLETE] = 1,
		[VERIFY_IMPOSSIBLE] = 2,
		[VERIFY_TAMPERED] = 3 };
	struct verify_result *r = v->result;
	va_list ap;

	if (verdict != VERIFY_INCOMPLETE || v->tail)
		v->stop = true;
	if (v->tail && verdict == VERIFY_TAMPERED)
		verdict = VERIFY_INCOMPLETE;
	if (v->tail && verdict == VERIFY_INCOMPLETE && verify_note_grew(v))
		return -1;
	if (rank[verdict] <= rank[r->verdict])
		return -1;
	r->verdict = verdict;
	snprintf(r->bad_file, sizeof(r->bad_file), "%s",
	    at.file == NULL ? v->path : at.file);
	r->bad_offset = at.offset;
	r->bad_index = at.index;
	r->bad_time = at.time;
	va_start(ap, fmt);
	vsnprintf(r->bad_what, sizeof(r->bad_what), fmt, ap);
	va_end(ap);
	return -1;
}

struct verify_place
verify_at(const struct verify *v, const struct verify_event *e)
{
	(void)v;
	return (struct verify_place){ NULL, e->offset, e->index, e->time };
}

int
verify_unreadable(struct verify *v, const char *file)
{
	struct verify_place at = { file, UINT64_MAX, UINT64_MAX, 0 };

	if (errno == EINVAL || errno == ELOOP || errno == ENOTDIR ||
	    errno == EISDIR)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("a link, folder or device stands where a regular file "
		       "must be",
			"通常のファイルであるべき場所に、リンクやデバイスなど"
			"があります"));
	if (errno == ENOENT)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("missing", "ファイルがありません"));
	if (errno == EFBIG)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("longer than the format allows",
			"形式の上限より長いファイルです"));
	return verify_fail(v, VERIFY_IMPOSSIBLE, at, "%s", strerror(errno));
}

/* Header line: this log's, and the segment and index whose turn it is. */
static int
walk_begin(struct verify *v, const struct verify_event *e)
{
	const struct segment_head *h = &e->u.head;
	struct verify_place at = verify_at(v, e);

	at.offset = 0;
	if (strcmp(h->origin, v->log.key.name) != 0)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("a segment of another log: %s",
			"別のログのセグメントです: %s"),
		    h->origin);
	if (h->first != v->dir.segments[v->segment].first)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the segment's first index is %" PRIu64
		       ", which is not that of its file name",
			"セグメントの先頭番号%" PRIu64
			"がファイル名と一致しません"),
		    h->first);
	if (h->number != v->segment)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("segment %" PRIu64 " stands where %zu must be",
			"セグメント%" PRIu64 "が%zuの位置にあります"),
		    h->number, v->segment);
	tree_range_init(&v->own, v->index);
	return 0;
}

/* The place of this segment in the log, before it is opened. */
static int
walk_enter(struct verify *v)
{
	const struct logdir_segment *s = &v->dir.segments[v->segment];
	struct verify_place at = { NULL, UINT64_MAX, v->index, v->last_time };

	logdir_path(&v->dir, v->segment, v->path);
	if (s->first > v->index) {
		at.file = "segments";
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the segment that begins with record %" PRIu64
		       " is missing",
			"記録%" PRIu64 "から始まるセグメントがありません"),
		    v->index);
	}
	if (s->first < v->index)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("a second segment that begins with record %" PRIu64,
			"記録%" PRIu64 "から始まるセグメントが重複しています"),
		    s->first);
	v->entered = true;
	return 0;
}

/*
 * The folder is that of the day on which the segment was begun: its m1's, or
 * an earlier one if a crash came between the file and its first record.
 */
static bool
walk_day(const struct verify *v, const struct verify_event *e)
{
	uint64_t day = (uint64_t)v->dir.segments[v->segment].day;

	return day == e->time / (uint64_t)UTC_DAY ||
	    (day < e->time / (uint64_t)UTC_DAY &&
		day >= v->last_time / (uint64_t)UTC_DAY);
}

/* m1: the first record of each segment, and only that. */
static int
walk_link(struct verify *v, const struct verify_event *e)
{
	if (e->index != v->own.begin)
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("an m1 record that is not the first of its segment",
			"m1記録がセグメントの先頭以外にあります"));
	if (e->u.link.segment != v->segment)
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("the m1 record is of another segment",
			"m1記録が別のセグメントのものです"));
	if (memcmp(e->u.link.previous, v->manifest, SHA256_LEN) != 0)
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("the m1 record does not name the manifest of the "
		       "segment before",
			"m1記録が直前のセグメントのマニフェストと一致しませ"
			"ん"));
	if (!walk_day(v, e))
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("the segment lies in the folder of another day",
			"セグメントが別の日のフォルダーにあります"));
	v->linked = true;
	return 0;
}

static int
walk_stream(struct verify *v, const struct verify_event *e)
{
	uint32_t number = e->u.stream.number;
	struct evstream *st = evstreams_get(v->streams, number);
	uint64_t want = st == NULL ? 0 : st->next;

	if (e->u.stream.first && e->u.stream.next != want &&
	    !(st == NULL && v->unknown.streams))
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("stream %" PRIu32 " goes on with %" PRIu64
		       " where %" PRIu64 " must follow",
			"ストリーム%" PRIu32 "が%" PRIu64
			"から続いていますが、次は%" PRIu64 "のはずです"),
		    number, e->u.stream.next, want);
	if (e->u.stream.end) {
		evstreams_remove(v->streams, number);
		return 0;
	}
	if ((st = evstreams_put(v->streams, number)) == NULL)
		return verify_fail(v, VERIFY_IMPOSSIBLE, verify_at(v, e),
		    tr("more live streams than can be followed",
			"同時に開いているストリームが多すぎます"));
	st->next = e->u.stream.next;
	return 0;
}

static int
walk_system(struct verify *v, const struct verify_event *e)
{
	switch (e->record) {
	case RECORD_SEGMENT:
		return walk_link(v, e);
	case RECORD_EPOCH:
		return verify_epoch_take(v, e);
	case RECORD_SEAL:
		return verify_seal_take(v, e);
	case RECORD_STREAM:
		return walk_stream(v, e);
	case RECORD_BOOT:
		evstreams_clear(v->streams); /* they ended with the writer */
		v->booted = true;
		v->unknown.streams = false;
		v->stepped = 1;
		return 0;
	case RECORD_GAP:
		if (e->u.step)
			v->stepped = 2;
		return 0;
	case RECORD_DELETION:
		if (!v->tail)
			verify_gone_explain(v, e);
		return 0;
	case RECORD_RECEIVED:
	case RECORD_CONFIG:
	case RECORD_OPERATOR:
	case RECORD_TOKEN:
	case RECORD_COSIGNATURE:
	case RECORD_KIND_COUNT:
		break;
	}
	return 0;
}

/* A size at which the newest checkpoint or the anchor gives the root. */
static int
walk_point(struct verify *v, const struct verify_event *e)
{
	struct verify_place at = verify_at(v, e);
	uint8_t root[SHA256_LEN];

	at.index = e->index - 1;
	tree_range_root(&v->tree, root);
	if (v->have_anchor && v->anchor.size == e->index &&
	    memcmp(root, v->anchor.root, SHA256_LEN) != 0) {
		at.file = v->opt->anchor;
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the anchor gives another root at size %" PRIu64
		       ": records before it were changed",
			"アンカーのルート(サイズ%" PRIu64
			")と一致しません。それ以前の記録が変更されています"),
		    e->index);
	}
	if (!v->have_newest || v->newest.size != e->index || v->newest_seen ||
	    verify_note_newest(v, root) != 0)
		return v->stop ? -1 : 0;
	at.file = "checkpoint";
	return verify_fail(v, VERIFY_TAMPERED, at,
	    tr("no seal stands before the checkpoint's size %" PRIu64,
		"チェックポイントのサイズ%" PRIu64
		"の直前に封印記録がありません"),
	    e->index);
}

/* "line 4": where two texts begin to differ. */
static unsigned
walk_line(struct span a, struct span b)
{
	unsigned line = 1;

	for (size_t i = 0; i < a.len && i < b.len && a.p[i] == b.p[i]; i++)
		line += a.p[i] == '\n';
	return line;
}

/* The manifest must be, byte for byte, what this segment gives. */
static int
walk_manifest(struct verify *v, const struct verify_event *e)
{
	struct manifest m = { .segment = v->segment,
		.first = v->own.begin,
		.last = v->own.end - 1,
		.time_low = e->u.end.times.low,
		.time_high = e->u.end.times.high,
		.members = e->u.end.members,
		.stream_len = e->u.end.stream_len,
		.gzip_len = e->u.end.gzip_len,
		.range = v->own };
	struct buf have, want;
	char path[48];
	int rc = 0;

	snprintf(m.origin, sizeof(m.origin), "%.120s", v->log.key.name);
	memcpy(m.file, v->path, sizeof(m.file));
	memcpy(m.stream_hash, e->u.end.stream_hash, SHA256_LEN);
	memcpy(m.gzip_hash, e->u.end.gzip_hash, SHA256_LEN);
	memcpy(m.previous, v->manifest, SHA256_LEN);
	snprintf(path, sizeof(path), "manifests/%012zu", v->segment);
	buf_init(&have);
	buf_init(&want);
	manifest_print(&m, &want);
	if (logdir_read(&v->dir, path, MANIFEST_MAX, &have) != 0)
		rc = verify_unreadable(v, path);
	else if (!span_eq(buf_view(&have), buf_view(&want)))
		rc = verify_fail(v, VERIFY_TAMPERED,
		    (struct verify_place){ path, UINT64_MAX, m.first,
			m.time_low },
		    tr("line %u is not what the segment gives",
			"%u行目がセグメントの内容と一致しません"),
		    walk_line(buf_view(&have), buf_view(&want)));
	sha256(buf_view(&have), v->manifest);
	buf_fini(&have);
	buf_fini(&want);
	return rc;
}

/* Closed with a manifest is what every segment but the last must be. */
static int
walk_closed(struct verify *v, const struct verify_event *e)
{
	bool last = v->segment + 1 == v->dir.n_segments;
	struct verify_place at = verify_at(v, e);

	if (logdir_has(v->dir.manifests, v->dir.n_manifests, v->segment)) {
		if (e->u.end.closed)
			return walk_manifest(v, e);
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the segment has a manifest but is not whole",
			"マニフェストがありますが、セグメントが完全では"
			"ありません"));
	}
	if (e->u.end.closed && last)
		return verify_fail(v, VERIFY_INCOMPLETE, at,
		    tr("the segment is closed but has no manifest yet",
			"閉じたセグメントにまだマニフェストがありません"));
	if (last)
		return 0;
	if (!e->u.end.closed)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the segment is not closed but another follows",
			"セグメントが閉じられないまま次のセグメントがありま"
			"す"));
	at.file = "manifests";
	return verify_fail(v, VERIFY_TAMPERED, at,
	    tr("the manifest of segment %zu is missing",
		"セグメント%zuのマニフェストがありません"),
	    v->segment);
}

static int
walk_end(struct verify *v, const struct verify_event *e)
{
	struct verify_result *r = v->result;
	const struct verify_times *t = &e->u.end.times;

	r->segments++;
	r->bytes += e->u.end.stream_len;
	if (t->low <= t->high && (r->last_time == 0 || t->low < r->first_time))
		r->first_time = t->low;
	if (t->low <= t->high && t->high > r->last_time)
		r->last_time = t->high;
	v->torn = e->u.end.torn;
	v->linked = v->entered = false;
	if (walk_closed(v, e) != 0 && v->stop)
		return -1;
	v->segment++;
	return 0;
}

static int
walk_take(struct verify *v, const struct verify_event *e)
{
	if (!v->entered && walk_enter(v) != 0)
		return -1;
	if (e->kind == VERIFY_GONE)
		return verify_gone_take(v);
	if (e->kind == VERIFY_BAD && e->u.bad.error != 0) {
		errno = e->u.bad.error;
		return verify_unreadable(v, v->path);
	}
	if (e->kind == VERIFY_BAD)
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e), "%s",
		    e->u.bad.what);
	if (e->kind == VERIFY_BEGIN)
		return walk_begin(v, e);
	if (e->index > v->own.begin && !v->linked &&
	    !(e->kind == VERIFY_SYSTEM && e->record == RECORD_SEGMENT))
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("the segment does not begin with an m1 record",
			"セグメントがm1記録で始まっていません"));
	if (e->added.end > e->added.begin &&
	    (tree_range_merge(&v->tree, &e->added) != 0 ||
		tree_range_merge(&v->own, &e->added) != 0))
		return verify_fail(v, VERIFY_TAMPERED, verify_at(v, e),
		    tr("the records do not follow those before",
			"記録が前の記録に続いていません"));
	verify_times_merge(&v->times, &e->times);
	verify_edge(v);
	switch (e->kind) {
	case VERIFY_SYSTEM:
		return walk_system(v, e);
	case VERIFY_POINT:
		return walk_point(v, e);
	case VERIFY_STREAM:
		return walk_stream(v, e);
	case VERIFY_END:
		return walk_end(v, e);
	case VERIFY_BEGIN:
	case VERIFY_BAD:
	case VERIFY_GONE:
		break;
	}
	return 0;
}

/* Whether an event lies behind what the newest checkpoint covers. */
static bool
walk_behind(const struct verify *v, const struct verify_event *e)
{
	uint64_t sealed = v->newest.size;

	switch (e->kind) {
	case VERIFY_SYSTEM:
		return e->index >= sealed;
	case VERIFY_POINT:
		return false;
	case VERIFY_STREAM:
	case VERIFY_END: /* of a segment that is wholly covered: no */
		return e->index > sealed || v->own.begin >= sealed;
	case VERIFY_BEGIN:
	case VERIFY_BAD:
	case VERIFY_GONE:
		break;
	}
	return v->index >= sealed;
}

int
verify_walk(struct verify *v, const struct verify_event *e)
{
	if (v->stop)
		return -1;
	v->tail = walk_behind(v, e);
	walk_take(v, e);
	if (e->kind != VERIFY_BEGIN && e->kind != VERIFY_BAD &&
	    e->kind != VERIFY_GONE) {
		v->index = e->index + (e->kind == VERIFY_SYSTEM);
		v->last_time = e->time;
	}
	if (v->opt->progress != NULL)
		v->opt->progress(v->opt->cookie, atomic_load(&v->done),
		    v->total);
	return v->stop ? -1 : 0;
}
