/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "site/talker.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct site_listener listener = { .name = "udp", .silence_s = 1 };
static const struct site site = { .listeners = &listener, .n_listeners = 1 };

/* A line that is taken says after printing what it said; counting goes on. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct talker_head h;
	struct talker t, u;
	struct buf out;

	(void)talker_parse_head(span_make(p, len), &h);
	if (talker_parse(span_make(p, len), &t) != 0)
		return 0;
	buf_init(&out);
	talker_print(&t, &out);
	assert(out.len > 0 && out.p[out.len - 1] == '\n');
	assert(out.len > TALKER_LINE ||
	    talker_parse(span_sub(buf_view(&out), 0, out.len - 1), &u) == 0);
	assert(out.len > TALKER_LINE || memcmp(&t, &u, sizeof(t)) == 0);
	buf_fini(&out);
	talker_count(&t, t.last + 1, 1);
	assert(t.records > 0);
	(void)talker_last_minute(&t, t.last);
	(void)talker_last_day(&t, t.last);
	(void)talker_is_silent(&t, &site, t.last + 1);
	talker_count(&t, UINT64_MAX / 2, 1);
	talker_count(&t, 0, 1);
	(void)talker_last_day(&t, 0);
	return 0;
}
