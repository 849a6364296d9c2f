/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/pin.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/hex.h"
#include "verify/match.h"

#define SECONDS_MAX 31536000u
#define TIME_MAX UINT64_C(253402300799999999)

unsigned
pin_parse(struct span in, struct pin *p)
{
	struct span origin, vkey;

	memset(p, 0, sizeof(*p));
	if (!match(&in, "ev1 log\n"))
		return 1;
	if (!match(&in, "origin %o\n", &origin))
		return 2;
	if (!match(&in, "key %s\n", &vkey) ||
	    signed_key_parse(vkey, &p->key) != 0 ||
	    p->key.type != SIGNED_ED25519 || !span_is(origin, p->key.name))
		return 3;
	if (!match(&in, "epochs %u %u %x\n", &p->height, &p->seconds, p->r) ||
	    p->height == 0 || p->height > PIN_HEIGHT_MAX || p->seconds == 0 ||
	    p->seconds > SECONDS_MAX)
		return 4;
	if (!match(&in, "created %u\n", &p->created) || p->created > TIME_MAX)
		return 5;
	return in.len == 0 ? 0 : 6;
}

size_t
pin_manifest_print(const struct pin_manifest *m, char *out)
{
	char stream[65] = "", gzip[65] = "", hex[65] = "";
	unsigned level[MERKLE_MAX];
	uint64_t at = m->range.begin;
	int n;

	hex_print(m->stream_hash, SHA256_LEN, stream);
	hex_print(m->gzip_hash, SHA256_LEN, gzip);
	n = sprintf(out,
	    "evman1 %s\nsegment %" PRIu64 "\nfile %s\nrecords %" PRIu64
	    " %" PRIu64 "\ntime %" PRIu64 " %" PRIu64 "\nmembers %" PRIu64
	    "\nstream %" PRIu64 " %s\ngzip %" PRIu64 " %s\n",
	    m->origin, m->segment, m->file, m->range.begin, m->range.end - 1,
	    m->time_low, m->time_high, m->members, m->stream_len, stream,
	    m->gzip_len, gzip);
	merkle_levels(at, m->range.end, level);
	for (size_t i = 0; i < m->range.n; at += UINT64_C(1) << level[i++]) {
		hex_print(m->range.hash[i], SHA256_LEN, hex);
		n += sprintf(out + n, "subtree %u %" PRIu64 " %s\n", level[i],
		    at >> level[i], hex);
	}
	hex_print(m->previous, SHA256_LEN, hex);
	return (size_t)(n + sprintf(out + n, "previous %s\n", hex));
}

/* Read it leniently, print it, compare: nothing else can have stood there. */
int
pin_manifest_parse(struct span in, struct pin_manifest *m)
{
	uint64_t day, first, last, level, index;
	unsigned levels[MERKLE_MAX];
	char again[PIN_MANIFEST_MAX];
	struct span rest = in, origin, file;

	memset(m, 0, sizeof(*m));
	if (in.len > sizeof(again) ||
	    !match(&rest,
		"evman1 %o\nsegment %u\nfile %s\nrecords %u %u\ntime %u %u\n"
		"members %u\nstream %u %x\ngzip %u %x\n",
		&origin, &m->segment, &file, &m->range.begin, &last,
		&m->time_low, &m->time_high, &m->members, &m->stream_len,
		m->stream_hash, &m->gzip_len, m->gzip_hash) ||
	    file.len != FOLDER_PATH - 9 || last < m->range.begin ||
	    last > MERKLE_SIZE_MAX || m->segment > MERKLE_SIZE_MAX ||
	    m->members > MERKLE_SIZE_MAX || m->time_low > m->time_high ||
	    m->time_high > TIME_MAX || m->stream_len > INT64_MAX ||
	    m->gzip_len > INT64_MAX)
		return -1;
	memcpy(m->origin, origin.p, origin.len);
	memcpy(m->file, file.p, file.len);
	m->range.end = last + 1;
	m->range.n = merkle_levels(m->range.begin, last + 1, levels);
	for (size_t i = 0; i < m->range.n; i++)
		if (!match(&rest, "subtree %u %u %x\n", &level, &index,
			m->range.hash[i]))
			return -1;
	if (!match(&rest, "previous %x\n", m->previous) ||
	    !folder_path_parse(m->file, &first, &day) ||
	    first != m->range.begin ||
	    !span_eq(in, span_make(again, pin_manifest_print(m, again))))
		return -1;
	return 0;
}

int
pin_path_parse(struct span s, struct pin_epoch *e)
{
	e->height = 0;
	do
		if (!match(&s, "%x", e->path[e->height++]))
			return -1;
	while (e->height < PIN_HEIGHT_MAX && match(&s, ","));
	return s.len == 0 ? 0 : -1;
}

int
pin_epoch_parse(struct span line, struct pin_epoch *e)
{
	struct span path;

	memset(e, 0, sizeof(*e));
	return match(&line, "%u %b %s\n", &e->number, e->key, &path) &&
		line.len == 0
	    ? pin_path_parse(path, e)
	    : -1;
}

bool
pin_epoch_ok(const struct pin *p, const struct pin_epoch *e)
{
	uint8_t leaf[SHA256_LEN];

	merkle_leaf(span_make(e->key, sizeof(e->key)), leaf);
	return e->height == p->height &&
	    merkle_inclusion(e->number, UINT64_C(1) << p->height, leaf,
		(const uint8_t(*)[SHA256_LEN])e->path, e->height, p->r) == 0;
}
