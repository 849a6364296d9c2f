/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/find/stretch.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "evidence/retention_act.h"

#define HOUR UINT64_C(3600000000) /* usec */

struct reading {
	struct stretch *s;
	struct sha256 file;
	struct skipidx_member *member; /* being read */
	uint64_t members;	       /* before it */
};

static int
fail(struct stretch *s, const char *what)
{
	buf_printf(&s->why, "%s: %s", s->want.path, what);
	return -1;
}

static bool
is_kept(const struct stretch *s)
{
	return s->want.closed && !s->want.newest && s->want.folder != NULL;
}

/* "192.0.2.9 (fw/udp)": peer or file, listener and transport. */
static uint32_t
source_of(struct stretch *s, struct span words)
{
	struct buf label, word;
	unsigned flags = 0;
	uint32_t at;

	buf_init(&label);
	buf_init(&word);
	if (record_word_get(words, "peer", &label) != 1 || label.len == 0 ||
	    span_is(buf_view(&label), "-")) {
		label.len = 0;
		(void)record_word_get(words, "file", &label);
	}
	buf_str(&label, label.len > 0 ? " (" : "(");
	(void)record_word_get(words, "listener", &label);
	(void)record_word_get(words, "transport", &word);
	if (span_is(buf_view(&word), "import"))
		flags |= SKIPIDX_IMPORTED;
	buf_byte(&label, '/');
	buf_span(&label, buf_view(&word));
	buf_byte(&label, ')');
	word.len = 0;
	if (record_word_get(words, "replay", &word) == 1 &&
	    span_is(buf_view(&word), "yes"))
		flags |= SKIPIDX_REPLAY;
	at = skipidx_source(&s->index, buf_view(&label), flags);
	buf_fini(&label);
	buf_fini(&word);
	return at;
}

static unsigned
encoding_of(struct span words)
{
	enum text_encoding e;
	struct buf name;
	bool told;

	buf_init(&name);
	told = record_word_get(words, "encoding", &name) == 1 &&
	    text_encoding_parse(buf_view(&name), &e) == 0;
	buf_fini(&name);
	return told ? 1 + (unsigned)e : 0;
}

static void
take_stream(struct stretch *s, const struct segment_record *rec)
{
	struct skipidx_stream st = { .index = rec->index };

	if (rec->ended)
		return;
	st.stream = rec->stream->number;
	st.source = source_of(s, rec->r.body);
	st.framing = rec->stream->framing;
	st.encoding = encoding_of(rec->r.body);
	skipidx_stream(&s->index, &st);
	rec->stream->user = (void *)(uintptr_t)(st.source + 1);
}

static void
take_gap(struct stretch *s, const struct segment_record *rec)
{
	struct skipidx_gap *g = skipidx_gap(&s->index);
	struct buf kind;
	size_t len;

	buf_init(&kind);
	(void)record_word_get(rec->r.body, "kind", &kind);
	len = kind.len < sizeof(g->kind) ? kind.len : sizeof(g->kind) - 1;
	if (len > 0)
		memcpy(g->kind, kind.p, len);
	buf_fini(&kind);
	g->index = rec->index;
	if (record_word_get_u64(rec->r.body, "from", &g->from) != 1)
		g->from = rec->r.rx;
	if (record_word_get_u64(rec->r.body, "until", &g->until) != 1)
		g->until = rec->r.rx;
	if (record_word_get_u64(rec->r.body, "count", &g->count) != 1)
		g->count = 0;
}

/* That a segment was deleted: its number, and records. */
static void
take_deletion(struct stretch *s, const struct segment_record *rec)
{
	struct arena *arena = arena_new();
	struct retention_extra extra;
	struct retention_gone gone;
	struct skipidx_gap *g;

	if (retention_x1_parse(rec->r.body, arena, &gone, &extra) == 0) {
		g = skipidx_gap(&s->index);
		memcpy(g->kind, "x1", 3);
		g->index = rec->index;
		g->from = gone.first;
		g->until = gone.last;
		g->count = gone.segment;
	}
	arena_free(arena);
}

static void
take_first(struct stretch *s, const struct segment_record *rec)
{
	struct buf hash;

	if (rec->r.kind != RECORD_SEGMENT || rec->index != s->want.first)
		return;
	buf_init(&hash);
	if (record_word_get(rec->r.body, "previous", &hash) == 1)
		(void)hex_parse(buf_view(&hash), s->previous, SHA256_LEN);
	buf_fini(&hash);
}

/* What is kept of a record besides its keys. */
static void
summarise(struct reading *r, const struct segment_record *rec)
{
	struct skipidx_member *m = r->member;
	struct skipidx *x = &r->s->index;

	if (m->records++ == 0 || rec->r.rx < m->low)
		m->low = rec->r.rx;
	if (rec->r.rx > m->high)
		m->high = rec->r.rx;
	if (rec->r.kind == RECORD_RECEIVED) {
		m->received++;
		m->bytes += rec->r.body.len;
		skipidx_count(x,
		    (uint32_t)(uintptr_t)rec->stream->user - 1,
		    (uint32_t)(rec->r.rx / HOUR));
	} else if (rec->r.kind == RECORD_STREAM)
		take_stream(r->s, rec);
	else if (rec->r.kind == RECORD_GAP)
		take_gap(r->s, rec);
	else if (rec->r.kind == RECORD_DELETION)
		take_deletion(r->s, rec);
	else
		take_first(r->s, rec);
}

/* A member has ended: its filter. */
static void
end_member(struct reading *r)
{
	struct skipidx *x = &r->s->index;
	size_t at = x->filters.len / KEYSET_PIECE;

	if (r->member == NULL)
		return;
	r->member->at = (uint32_t)at;
	r->member->n = keyset_print(&r->s->keys, &x->filters);
	keyset_clear(&r->s->keys);
	r->member = NULL;
}

static void
begin_member(struct reading *r, const struct segment_place *p, uint64_t index)
{
	end_member(r);
	r->member = skipidx_member(&r->s->index);
	r->member->offset = p->member;
	r->member->first = index;
	r->members = p->members;
	r->s->blocks++;
	r->s->read++;
}

static void
take_record(struct reading *r, const struct segment_record *rec)
{
	struct stretch *s = r->s;
	uint8_t leaf[SHA256_LEN];
	struct segment_place p;

	segment_place(segread_segment(s->in), &p);
	if (r->member == NULL || p.members != r->members)
		begin_member(r, &p, rec->index);
	summarise(r, rec);
	stretch_look(s,
	    &(struct stretch_record){ rec->r.kind, rec->index, rec->r.rx,
		rec->r.stream, rec->r.body },
	    is_kept(s) ? &s->keys : NULL);
	if (!s->want.newest)
		return;
	record_leaf(&rec->r, rec->index, rec->seq,
	    segment_head(segread_segment(s->in))->salt, leaf);
	tree_range_append(&s->range, leaf);
}

static bool
is_head(const struct stretch *s)
{
	const struct segment_head *h = segment_head(segread_segment(s->in));

	return h != NULL && strcmp(h->origin, s->want.origin) == 0 &&
	    h->number == s->want.segment && h->first == s->want.first;
}

/* All records up to the last that is wanted: SEGMENT_RECORD, or what was
 * met. */
static enum segment_step
read_records(struct reading *r)
{
	struct segment_record rec;
	enum segment_step step;
	struct segment_place p;
	uint64_t next = r->s->want.first;

	while (next <= r->s->want.last) {
		step = segread_next(r->s->in, &rec);
		if (step != SEGMENT_RECORD)
			return step;
		if (next == r->s->want.first && !is_head(r->s))
			return SEGMENT_BAD_HEAD;
		take_record(r, &rec);
		next = rec.index + 1;
	}
	end_member(r);
	segment_place(segread_segment(r->s->in), &p);
	r->s->file_bytes = p.taken;
	return SEGMENT_RECORD;
}

/* A closed one: what its manifest says of its file. */
static int
check_file(struct reading *r)
{
	struct stretch *s = r->s;
	uint8_t hash[SHA256_LEN];
	struct segment_record rec;
	struct segment_place p;

	if (segread_next(s->in, &rec) != SEGMENT_END)
		return fail(s,
		    tr("it does not end where its manifest says",
			"マニフェストどおりに終わっていません"));
	segment_place(segread_segment(s->in), &p);
	s->file_bytes = p.taken;
	sha256_final(&r->file, hash);
	if (p.taken != s->want.gzip_len ||
	    memcmp(hash, s->want.gzip_hash, SHA256_LEN) != 0)
		return fail(s,
		    tr("it is not the file that its manifest names (SHA-256 "
		       "differs): run 'konseki verify'",
			"マニフェストのSHA-256と一致しません。konseki verify "
			"を実行してください"));
	return 0;
}

static void
keep(struct stretch *s)
{
	struct buf name;
	int dir;

	if (s->index.useless)
		return;
	snprintf(s->index.origin, sizeof(s->index.origin), "%s",
	    s->want.origin);
	s->index.segment = s->want.segment;
	s->index.gzip_len = s->want.gzip_len;
	memcpy(s->index.gzip_hash, s->want.gzip_hash, SHA256_LEN);
	s->file.len = 0;
	skipidx_print(&s->index, &s->file);
	buf_init(&name);
	skipidx_name(&name, s->want.segment);
	dir = open(s->want.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0 &&
	    io_swap_at(dir, buf_cstr(&name), 0640, buf_view(&s->file)) == 0)
		s->made = true;
	else
		buf_printf(&s->unkept, "%s: %s", s->want.folder,
		    strerror(errno));
	if (dir >= 0)
		close(dir);
	buf_fini(&name);
}

int
stretch_read(struct stretch *s)
{
	struct reading r = { .s = s };
	enum segment_step step;
	struct buf what;
	int fd = logdir_open_file(s->want.dir, s->want.path);

	if (fd < 0)
		return fail(s, strerror(errno));
	sha256_init(&r.file);
	segread_begin(s->in, fd, UINT64_MAX, &r.file);
	step = read_records(&r);
	if (step != SEGMENT_RECORD) {
		buf_init(&what);
		if (step == SEGMENT_UNREADABLE)
			buf_str(&what, strerror(errno));
		else if (step == SEGMENT_MORE || step == SEGMENT_END)
			buf_str(&what,
			    tr("it ends before its last record",
				"最後の記録より前で終わっています"));
		else
			segment_explain(segread_segment(s->in), step, &what);
		(void)fail(s, buf_cstr(&what));
		buf_fini(&what);
	} else if (s->want.closed && check_file(&r) == 0 && is_kept(s))
		keep(s);
	segread_end(s->in);
	return s->why.len > 0 ? -1 : 0;
}
