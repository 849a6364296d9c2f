/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/hex.h"
#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/manifest.h"
#include "evidence/member.h"
#include "evidence/segment.h"
#include "tests/system/relog.h"

#define STREAMS 64u

/* The writing of a log anew. */
struct rewrite {
	struct relog *l;
	struct tree_range tree, own; /* of the log, of the segment */
	struct buf stream;	     /* of the segment */
	struct manifest m;
	uint8_t previous[SHA256_LEN]; /* hash of the manifest before */
	uint64_t index, seq[STREAMS];
};

/* Set the value of a key in a system record's body. */
static void
put_word(struct buf *body, const char *key, const char *value)
{
	struct buf out;
	const char *text = buf_cstr(body), *at, *end;
	char find[64];

	snprintf(find, sizeof(find), " %s=", key);
	if (strncmp(text, find + 1, strlen(find + 1)) == 0)
		at = text - 1;
	else if ((at = strstr(text, find)) == NULL)
		return;
	at += strlen(find);
	end = at + strcspn(at, " ");
	buf_init(&out);
	buf_append(&out, text, (size_t)(at - text));
	buf_str(&out, value);
	buf_str(&out, end);
	body->len = 0;
	buf_span(body, buf_view(&out));
	buf_fini(&out);
}

static void
put_number(struct buf *body, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	put_word(body, key, text);
}

static void
put_hash(struct buf *body, const char *key, const uint8_t hash[SHA256_LEN])
{
	char text[2 * SHA256_LEN + 1] = "";

	hex_print(hash, SHA256_LEN, text);
	put_word(body, key, text);
}

/* A stream's numbers follow each other again. */
static void
renumber(struct rewrite *w, struct relog_item *it)
{
	uint64_t stream = STREAMS, next = 0;

	record_word_get_u64(buf_view(&it->body), "stream", &stream);
	record_word_get_u64(buf_view(&it->body), "next", &next);
	if (stream >= STREAMS)
		relog_die("stream");
	if (next == 0)
		w->seq[stream] = 0;
	put_number(&it->body, "next", w->seq[stream]);
}

/* A seal names the checkpoint before it as it is now. */
static void
relink(struct rewrite *w, struct relog_item *it)
{
	char was[2 * SHA256_LEN + 1] = "";
	struct buf word;

	buf_init(&word);
	record_word_get(buf_view(&it->body), "previous", &word);
	for (struct relog_item *s = w->l->item; s < it; s++) {
		if (s->r.kind != RECORD_SEAL)
			continue;
		hex_print(s->was, SHA256_LEN, was);
		if (strcmp(was, buf_cstr(&word)) == 0)
			put_hash(&it->body, "previous", s->now);
	}
	buf_fini(&word);
}

/* As if no other epoch had been: no ends and no beginnings. */
static void
squash(struct rewrite *w, struct relog_item *it)
{
	put_number(&it->body, "epoch", w->l->epoch);
	put_number(&it->body, "final", 0);
}

static void
sealed(struct rewrite *w, struct relog_item *it)
{
	struct checkpoint c = { .origin = span_str(w->l->log.key.name) };

	c.size = it->new_end = w->tree.end;
	tree_range_root(&w->tree, it->root);
	memcpy(c.root, it->root, SHA256_LEN);
	checkpoint_hash(&c, it->now);
}

static void
put_record(struct rewrite *w, struct relog_item *it)
{
	uint8_t leaf[SHA256_LEN];
	uint64_t seq = 0;

	if (w->l->means != RELOG_FILES) {
		if (it->r.kind == RECORD_STREAM)
			renumber(w, it);
		if (it->r.kind == RECORD_SEGMENT)
			put_hash(&it->body, "previous", w->previous);
		if (it->r.kind == RECORD_SEAL)
			relink(w, it);
		if (it->r.kind == RECORD_SEAL && w->l->squash)
			squash(w, it);
	}
	it->r.body = buf_view(&it->body);
	if (it->r.stream >= STREAMS)
		relog_die("stream");
	if (it->r.stream > 0)
		seq = w->seq[it->r.stream]++;
	record_print(&it->r, &w->stream);
	record_leaf(&it->r, w->index++, seq, w->l->segment[it->segment].salt,
	    leaf);
	tree_range_append(&w->tree, leaf);
	tree_range_append(&w->own, leaf);
	if (it->r.rx < w->m.time_low)
		w->m.time_low = it->r.rx;
	if (it->r.rx > w->m.time_high)
		w->m.time_high = it->r.rx;
	if (it->r.kind == RECORD_SEAL)
		sealed(w, it);
}

static void
begin_segment(struct rewrite *w, const struct relog_segment *g)
{
	struct segment_head h = { .number = g->number, .first = w->index };

	snprintf(h.origin, sizeof(h.origin), "%.120s", w->l->log.key.name);
	memcpy(h.salt, g->salt, RECORD_SALT);
	w->stream.len = 0;
	segment_head_print(&h, &w->stream);
	memset(&w->m, 0, sizeof(w->m));
	memcpy(w->m.origin, h.origin, sizeof(w->m.origin));
	w->m.segment = g->number;
	w->m.first = w->index;
	w->m.time_low = UINT64_MAX;
	memcpy(w->m.file, g->file, sizeof(w->m.file));
	snprintf(strrchr(w->m.file, '/'), 22, "/%012" PRIu64 ".ev1.gz",
	    w->index);
	tree_range_init(&w->own, w->index);
}

static void
put_manifest(struct rewrite *w, const struct buf *file)
{
	char name[48];
	struct buf text;

	w->m.last = w->index - 1;
	w->m.members = 1;
	w->m.stream_len = w->stream.len;
	w->m.gzip_len = file->len;
	sha256(buf_view(&w->stream), w->m.stream_hash);
	sha256(buf_view(file), w->m.gzip_hash);
	w->m.range = w->own;
	memcpy(w->m.previous, w->previous, SHA256_LEN);
	buf_init(&text);
	manifest_print(&w->m, &text);
	sha256(buf_view(&text), w->previous);
	snprintf(name, sizeof(name), "manifests/%012" PRIu64, w->m.segment);
	if (w->l->means != RELOG_FILES)
		relog_put(w->l, name, buf_view(&text));
	buf_fini(&text);
}

/* One member for all: these logs are small. */
static void
end_segment(struct rewrite *w, const struct relog_segment *g)
{
	struct member *m = member_new();
	struct buf file;

	if (w->stream.len > MEMBER_CLOSE)
		relog_die("a segment of more than a member");
	buf_init(&file);
	member_begin(m, 6, &file);
	member_write(m, buf_view(&w->stream), g->closed, &file);
	if (g->closed)
		buf_append(&file, member_empty, MEMBER_EMPTY_LEN);
	member_free(m);
	if (w->l->means == RELOG_FILES) {
		if (g->edited)
			relog_put(w->l, g->file, buf_view(&file));
	} else {
		if (unlink(relog_path(w->l, g->file)) != 0)
			relog_die(g->file);
		relog_put(w->l, w->m.file, buf_view(&file));
	}
	if (g->closed)
		put_manifest(w, &file);
	buf_fini(&file);
}

/* The checkpoint over that seal, by the keys that there are. */
static void
put_note(struct relog *l, const char *name, uint64_t old)
{
	struct checkpoint c = { .origin = span_str(l->log.key.name) }, was;
	struct buf bytes, lines;
	struct note n;

	buf_init(&bytes);
	buf_init(&lines);
	if (logdir_read(&l->dir, name, NOTE_MAX, &bytes) != 0 ||
	    checkpoint_read(buf_view(&bytes), &n, &was) != NOTE_OK)
		relog_die(name);
	if (old == 0)
		old = was.size;
	c.epoch = l->squash ? l->epoch : was.epoch;
	for (size_t i = 0; i < l->n; i++) {
		if (l->item[i].r.kind != RECORD_SEAL ||
		    l->item[i].old_end != old)
			continue;
		c.size = l->item[i].new_end;
		memcpy(c.root, l->item[i].root, SHA256_LEN);
	}
	if (c.size == was.size && c.epoch == was.epoch &&
	    memcmp(c.root, was.root, SHA256_LEN) == 0)
		goto out;
	bytes.len = 0;
	if (c.size == 0 || unlink(relog_path(l, name)) != 0)
		relog_die(name);
	if (checkpoint_sign(&c, l->log_seed, l->epoch_seed, &lines) != 0)
		relog_die("sign");
	checkpoint_join(&c, buf_view(&lines), &bytes);
	if (strchr(name, '/') != NULL) {
		char new[48];

		snprintf(new, sizeof(new), "checkpoints/%012" PRIu64, c.size);
		relog_put(l, new, buf_view(&bytes));
	} else {
		relog_put(l, name, buf_view(&bytes));
	}
out:
	buf_fini(&bytes);
	buf_fini(&lines);
}

/* Away with all k1 but one, in the place of the first: it says body. */
static void
squash_records(struct relog *l, struct span body)
{
	bool placed = false;
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct relog_item *it = &l->item[i];

		if (it->r.kind == RECORD_EPOCH && placed) {
			buf_fini(&it->body);
			continue;
		}
		if (it->r.kind == RECORD_EPOCH) {
			it->body.len = 0;
			buf_span(&it->body, body);
			placed = true;
		}
		l->item[n++] = *it;
	}
	l->n = n;
}

/* Away with all epochs but the open one. */
static void
squash_epochs(struct relog *l)
{
	uint64_t epoch = UINT64_MAX;
	struct buf body, line;
	struct epoch e;

	buf_init(&body);
	buf_init(&line);
	for (size_t i = 0; i < l->n; i++)
		if (l->item[i].r.kind == RECORD_EPOCH) {
			body.len = 0;
			buf_span(&body, buf_view(&l->item[i].body));
		}
	record_word_get_u64(buf_view(&body), "epoch", &epoch);
	if (epoch != l->epoch)
		relog_die("the open epoch is not in the log");
	e.number = l->epoch;
	record_word_get(buf_view(&body), "path", &line);
	if (epoch_path_parse(buf_view(&line), &e) != 0 ||
	    key_public(l->epoch_seed, e.key) != 0)
		relog_die("epoch");
	line.len = 0;
	epoch_print(&e, &line);
	relog_put(l, "epochs", buf_view(&line));
	squash_records(l, buf_view(&body));
	buf_fini(&body);
	buf_fini(&line);
}

void
relog_write(struct relog *l)
{
	struct rewrite w = { .l = l };
	char name[48];
	size_t i, s;

	if (l->squash)
		squash_epochs(l);
	tree_range_init(&w.tree, 0);
	buf_init(&w.stream);
	for (i = s = 0; s < l->n_segments; s++) {
		begin_segment(&w, &l->segment[s]);
		for (; i < l->n && l->item[i].segment == s; i++)
			put_record(&w, &l->item[i]);
		end_segment(&w, &l->segment[s]);
		if (l->means == RELOG_FILES && l->segment[s].edited)
			break;
	}
	buf_fini(&w.stream);
	if (l->means != RELOG_KEYS)
		return;
	put_note(l, "checkpoint", 0);
	for (i = 0; i < l->dir.n_checkpoints; i++) {
		snprintf(name, sizeof(name), "checkpoints/%012" PRIu64,
		    l->dir.checkpoints[i]);
		put_note(l, name, l->dir.checkpoints[i]);
	}
}
