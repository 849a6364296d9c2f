/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/format/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
inside(struct span part, const uint8_t *buf, size_t len)
{
	assert(part.len <= len);
	assert(
	    part.len == 0 || (part.p >= buf && part.p + part.len <= buf + len));
}

/*
 * What is taken off lies in front of the message; what is in brackets and no
 * structured data is in it.
 */
static void
before(struct span part, struct span body)
{
	assert(part.len == 0 || body.len == 0 || part.p + part.len <= body.p);
}

/*
 * Every part lies in the line, and each level is an end of the one before: the
 * head and the message together are the line, without its terminators.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct header h;
	const struct span *part[] = { &h.pri_text, &h.stamp_text, &h.host,
		&h.app, &h.pid, &h.msgid, &h.sd, &h.sequence, &h.relay,
		&h.level, &h.uptime };
	size_t i;

	header_parse(span_make(buf, len), &h);
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		inside(*part[i], buf, len);
		if (part[i] != &h.sd)
			before(*part[i], h.body[HEADER_TAG]);
	}
	for (i = h.body[0].len == 0 ? len
		: (size_t)(h.body[0].p + h.body[0].len - buf);
	     h.body[0].len > 0 && i < len; i++)
		assert(memchr("\r\n\0#012 5", buf[i], 10) != NULL);
	for (i = 0; i < HEADER_LEVELS; i++) {
		inside(h.body[i], buf, len);
		assert(i == 0 || h.body[i].len <= h.body[i - 1].len);
		assert(i == 0 || h.body[i].len == 0 ||
		    h.body[i].p + h.body[i].len == h.body[0].p + h.body[0].len);
	}
	assert(h.pri >= -1 && h.pri <= 191);
	if (h.has_stamp)
		assert(stamp_valid(&h.stamp) && h.stamp_text.len > 0);
	assert(!(h.has_stamp && h.stamp.has_zone && h.stamp.odd_zone));
	return 0;
}
