/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "analyzer/format/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
inside(struct span part, const uint8_t *buf, size_t len)
{
	assert(part.len <= len);
	assert(
	    part.len == 0 || (part.p >= buf && part.p + part.len <= buf + len));
}

/* Every part lies in the line, and each level is an end of the one before. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct header h;
	const struct span *part[] = { &h.pri_text, &h.stamp_text, &h.host,
		&h.app, &h.pid, &h.msgid, &h.sd, &h.sequence, &h.relay,
		&h.level, &h.uptime };
	size_t i;

	header_parse(span_make(buf, len), &h);
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++)
		inside(*part[i], buf, len);
	for (i = 0; i < HEADER_LEVELS; i++) {
		inside(h.body[i], buf, len);
		assert(i == 0 || h.body[i].len <= h.body[i - 1].len);
		assert(i == 0 || h.body[i].len == 0 ||
		    h.body[i].p + h.body[i].len == h.body[0].p + h.body[0].len);
	}
	assert(h.pri >= -1 && h.pri <= 191);
	if (h.has_stamp)
		assert(stamp_valid(&h.stamp) && h.stamp_text.len > 0);
	return 0;
}
