/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/past.h"
#include "common/cursor.h"
#include "common/hex.h"

/*
 * The file: a line of text, then numbers, the lowest byte first:
 *
 *   evpast1 <origin> <segment> <bytes of its file> <SHA-256> <SHA-256 of what
 *   the reading depended on> <SHA-256 of the rest>
 *
 * The rest: the times; how many names, speakers, steps, memories, records,
 * marks there are; then these one after another.
 */
#define BODY_MAX RECORD_SYSTEM_MAX

/* Bounds for what is read: no array is larger than its bytes allow. */
enum {
	NAME_LEAST = 12,
	SPEAKER_LEAST = 13,
	MEMORY_LEAST = 10,
	TOLD_LEAST = 28,
	MARK_LEAST = 72,
};

/* ---- written ---- */

static void
put(struct buf *out, uint64_t v, unsigned bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		buf_byte(out, (uint8_t)v);
}

static void
put_time(struct buf *out, int64_t t)
{
	put(out, (uint64_t)t, 8);
}

static void
put_text(struct buf *out, struct span s)
{
	put(out, s.len, 3);
	buf_span(out, s);
}

static void
put_range(struct buf *out, const struct past_range *r)
{
	put(out, r->any, 1);
	if (!r->any)
		return;
	put_time(out, r->low);
	put_time(out, r->high);
}

static void
put_mark(struct buf *out, const struct visit_mark *m)
{
	const struct span texts[] = { m->device, m->user, m->source, m->tunnel,
		m->id, m->process, m->other_id };
	size_t i;

	put_time(out, m->at);
	put(out, (uint64_t)m->kind, 1);
	put(out, (uint64_t)m->what, 1);
	put(out,
	    (uint64_t)m->has_bytes | (uint64_t)m->replay << 1 |
		(uint64_t)m->named << 2,
	    1);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		put_text(out, texts[i]);
	put(out, m->port, 8);
	put(out, m->pid, 8);
	put_time(out, m->duration);
	if (m->has_bytes) {
		put(out, m->sent, 8);
		put(out, m->received, 8);
	}
	put(out, m->cite.index, 8);
	buf_append(out, m->cite.leaf, sizeof(m->cite.leaf));
	if (m->named)
		buf_append(out, m->name, sizeof(m->name));
}

static void
put_senders(struct buf *out, const struct past *p)
{
	const struct past_speaker *sp;
	size_t i;

	for (i = 0; i < p->n_names; i++) {
		put_text(out, p->names[i].name);
		put_time(out, p->names[i].first);
		put(out, p->names[i].flags, 1);
	}
	for (i = 0; i < p->n_speakers; i++) {
		sp = &p->speakers[i];
		put(out, sp->stream, 4);
		put_text(out, sp->where);
		put(out, sp->last, 4);
		put_range(out, &sp->unnamed);
		put(out, sp->flags, 1);
	}
	for (i = 0; i < p->n_steps; i++)
		put(out, p->steps[i], 4);
}

static void
put_rest(const struct past *p, struct buf *out)
{
	size_t i;

	put_range(out, &p->all);
	put_range(out, &p->events);
	put_time(out, p->received);
	put_time(out, p->newest);
	put(out, p->untimed, 1);
	put_time(out, p->untimed ? p->newest_before : 0);
	put(out, p->n_names, 4);
	put(out, p->n_speakers, 4);
	put(out, p->n_steps, 4);
	put(out, p->n_memory, 4);
	put(out, p->n_told, 4);
	put(out, p->n_marks, 4);
	put_senders(out, p);
	for (i = 0; i < p->n_memory; i++) {
		put(out, p->memory[i].stream, 4);
		put_text(out, p->memory[i].before);
		put_text(out, p->memory[i].after);
	}
	for (i = 0; i < p->n_told; i++) {
		put(out, (uint64_t)p->told[i].kind, 1);
		put(out, p->told[i].rx, 8);
		put(out, p->told[i].index, 8);
		buf_append(out, p->told[i].leaf, sizeof(p->told[i].leaf));
		put_text(out, p->told[i].body);
	}
	for (i = 0; i < p->n_marks; i++)
		put_mark(out, &p->marks[i]);
}

void
past_print(const struct past *p, struct buf *out)
{
	char file[2 * SHA256_LEN + 1] = "", ground[2 * SHA256_LEN + 1] = "";
	char own[2 * SHA256_LEN + 1] = "";
	uint8_t hash[SHA256_LEN];
	struct buf rest;

	buf_init(&rest);
	put_rest(p, &rest);
	sha256(buf_view(&rest), hash);
	hex_print(p->gzip_hash, SHA256_LEN, file);
	hex_print(p->ground, SHA256_LEN, ground);
	hex_print(hash, SHA256_LEN, own);
	buf_printf(out, "evpast1 %s %" PRIu64 " %" PRIu64 " %s %s %s\n",
	    p->origin, p->segment, p->gzip_len, file, ground, own);
	buf_span(out, buf_view(&rest));
	buf_fini(&rest);
}

/* ---- read ---- */

struct in {
	const uint8_t *p, *end;
	bool bad;
	struct arena *arena;
};

static uint64_t
get(struct in *in, unsigned bytes)
{
	uint64_t v = 0;

	if ((size_t)(in->end - in->p) < bytes) {
		in->bad = true;
		return 0;
	}
	in->p += bytes;
	for (unsigned i = 1; i <= bytes; i++)
		v = v << 8 | *(in->p - i);
	return v;
}

static int64_t
get_time(struct in *in)
{
	return (int64_t)get(in, 8);
}

static unsigned
get_bits(struct in *in, unsigned all)
{
	unsigned v = (unsigned)get(in, 1);

	in->bad |= (v & ~all) != 0;
	return v;
}

static void
get_bytes(struct in *in, uint8_t *out, size_t len)
{
	if ((size_t)(in->end - in->p) < len) {
		in->bad = true;
		return;
	}
	memcpy(out, in->p, len);
	in->p += len;
}

static struct span
get_text(struct in *in)
{
	size_t len = (size_t)get(in, 3);
	struct span s = { in->p, len };

	if ((size_t)(in->end - in->p) < len) {
		in->bad = true;
		return span_make(NULL, 0);
	}
	in->p += len;
	return arena_copy(in->arena, s);
}

static struct past_range
get_range(struct in *in)
{
	struct past_range r = { .any = get_bits(in, 1) != 0 };

	if (!r.any)
		return r;
	r.low = get_time(in);
	r.high = get_time(in);
	in->bad |= r.low > r.high;
	return r;
}

/* An array of so many, each of at least so many bytes; NULL: it is bad. */
static void *
get_array(struct in *in, size_t n, size_t least, size_t size)
{
	void *v;

	if (n > (size_t)(in->end - in->p) / least) {
		in->bad = true;
		return NULL;
	}
	if ((v = calloc(n + 1, size)) == NULL)
		abort();
	return v;
}

static void
get_names(struct in *in, struct past *p, size_t n)
{
	struct past_name *v;

	in->bad |= n > PAST_NAMES;
	if (in->bad || (p->names = get_array(in, n, NAME_LEAST,
			    sizeof(*v))) == NULL)
		return;
	for (p->n_names = 0; p->n_names < n && !in->bad; p->n_names++) {
		v = &p->names[p->n_names];
		v->name = get_text(in);
		v->first = get_time(in);
		v->flags = get_bits(in, PAST_IMPORTED | PAST_REPLAY);
		in->bad |= v->name.len == 0;
	}
}

static void
get_speakers(struct in *in, struct past *p, size_t n)
{
	struct past_speaker *v;

	in->bad |= n > PAST_SPEAKERS;
	if (in->bad || (p->speakers = get_array(in, n, SPEAKER_LEAST,
			    sizeof(*v))) == NULL)
		return;
	for (p->n_speakers = 0; p->n_speakers < n && !in->bad;
	     p->n_speakers++) {
		v = &p->speakers[p->n_speakers];
		v->stream = (uint32_t)get(in, 4);
		v->where = get_text(in);
		v->last = (uint32_t)get(in, 4);
		v->unnamed = get_range(in);
		v->flags = get_bits(in, PAST_IMPORTED | PAST_REPLAY);
		in->bad |= v->last != PAST_NONE && v->last >= p->n_names;
	}
}

static void
get_steps(struct in *in, struct past *p, size_t n)
{
	uint32_t step;

	if (in->bad || (p->steps = get_array(in, n, 4, sizeof(step))) == NULL)
		return;
	for (p->n_steps = 0; p->n_steps < n && !in->bad; p->n_steps++) {
		p->steps[p->n_steps] = step = (uint32_t)get(in, 4);
		if ((step & 1) == 0)
			in->bad |= step >> 1 >= p->n_names;
		else
			in->bad |= step >> 1 >= p->n_speakers ||
			    !p->speakers[step >> 1].unnamed.any;
	}
}

static void
get_memory(struct in *in, struct past *p, size_t n)
{
	struct past_memory *v;

	if (in->bad ||
	    (p->memory = get_array(in, n, MEMORY_LEAST, sizeof(*v))) == NULL)
		return;
	for (p->n_memory = 0; p->n_memory < n && !in->bad; p->n_memory++) {
		v = &p->memory[p->n_memory];
		v->stream = (uint32_t)get(in, 4);
		v->before = get_text(in);
		v->after = get_text(in);
	}
}

static void
get_told(struct in *in, struct past *p, size_t n)
{
	struct past_told *v;
	unsigned kind;

	if (in->bad ||
	    (p->told = get_array(in, n, TOLD_LEAST, sizeof(*v))) == NULL)
		return;
	for (p->n_told = 0; p->n_told < n && !in->bad; p->n_told++) {
		v = &p->told[p->n_told];
		kind = (unsigned)get(in, 1);
		v->kind = (enum record_kind)kind;
		v->rx = get(in, 8);
		v->index = get(in, 8);
		get_bytes(in, v->leaf, sizeof(v->leaf));
		v->body = get_text(in);
		in->bad |= kind >= RECORD_KIND_COUNT || v->rx > RECORD_RX_MAX ||
		    v->body.len > BODY_MAX;
	}
}

static void
get_mark(struct in *in, struct visit_mark *m)
{
	struct span *texts[] = { &m->device, &m->user, &m->source, &m->tunnel,
		&m->id, &m->process, &m->other_id };
	unsigned kind, what, bits;
	size_t i;

	m->at = get_time(in);
	kind = (unsigned)get(in, 1);
	what = (unsigned)get(in, 1);
	bits = get_bits(in, 7);
	in->bad |= kind >= VISIT_KINDS || what > VISIT_RESTARTS;
	m->kind = (enum visit_kind)kind;
	m->what = (enum visit_what)what;
	m->has_bytes = (bits & 1) != 0;
	m->replay = (bits & 2) != 0;
	m->named = (bits & 4) != 0;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = get_text(in);
	m->port = get(in, 8);
	m->pid = get(in, 8);
	m->duration = get_time(in);
	if (m->has_bytes) {
		m->sent = get(in, 8);
		m->received = get(in, 8);
	}
	m->cite.index = get(in, 8);
	get_bytes(in, m->cite.leaf, sizeof(m->cite.leaf));
	if (m->named)
		get_bytes(in, m->name, sizeof(m->name));
}

static int
get_rest(struct in *in, struct past *p)
{
	uint32_t n[6];
	size_t i;

	p->all = get_range(in);
	p->events = get_range(in);
	p->received = get_time(in);
	p->newest = get_time(in);
	p->untimed = get_bits(in, 1) != 0;
	p->newest_before = get_time(in);
	in->bad |= !p->untimed && p->newest_before != 0;
	for (i = 0; i < 6; i++)
		n[i] = (uint32_t)get(in, 4);
	if (in->bad)
		return -1;
	get_names(in, p, n[0]);
	get_speakers(in, p, n[1]);
	get_steps(in, p, n[2]);
	get_memory(in, p, n[3]);
	get_told(in, p, n[4]);
	if (in->bad || (p->marks = get_array(in, n[5], MARK_LEAST,
			    sizeof(*p->marks))) == NULL)
		return -1;
	for (p->n_marks = 0; p->n_marks < n[5] && !in->bad; p->n_marks++)
		get_mark(in, &p->marks[p->n_marks]);
	return in->bad || in->p != in->end ? -1 : 0;
}

static int
get_head(struct cursor *c, struct past *p, uint8_t own[SHA256_LEN])
{
	struct span origin;

	cursor_expect(c, SPAN("evpast1 "));
	origin = cursor_until(c, ' ');
	p->segment = cursor_decimal(c, UINT64_C(999999999999));
	cursor_expect(c, SPAN(" "));
	p->gzip_len = cursor_decimal(c, UINT64_C(1) << 40);
	cursor_expect(c, SPAN(" "));
	cursor_hex(c, p->gzip_hash, SHA256_LEN);
	cursor_expect(c, SPAN(" "));
	cursor_hex(c, p->ground, SHA256_LEN);
	cursor_expect(c, SPAN(" "));
	cursor_hex(c, own, SHA256_LEN);
	cursor_expect(c, SPAN("\n"));
	if (c->bad || origin.len == 0 || origin.len >= sizeof(p->origin) ||
	    memchr(origin.p, '\0', origin.len) != NULL)
		return -1;
	memcpy(p->origin, origin.p, origin.len);
	return 0;
}

int
past_parse(struct span text, struct past *p)
{
	struct cursor c = cursor_make(text);
	uint8_t own[SHA256_LEN], hash[SHA256_LEN];
	struct span rest;
	struct in in;

	past_fini(p);
	past_init(p);
	if (text.len > 2 * PAST_MAX || get_head(&c, p, own) != 0)
		return -1;
	rest = span_make(c.p, cursor_left(&c));
	sha256(rest, hash);
	if (memcmp(hash, own, SHA256_LEN) != 0)
		return -1;
	in = (struct in){ rest.p, rest.p + rest.len, false, p->arena };
	return get_rest(&in, p);
}
