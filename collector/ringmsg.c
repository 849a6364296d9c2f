/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/ringmsg.h"

#include <stdbool.h>
#include <string.h>

#include "evidence/gap.h"

/* The flags that a record in the ring may have. */
#define RECORD_FLAGS                                                           \
	(RECORD_CUT | RECORD_PARTIAL | RECORD_DUPLICATE | RINGMSG_WAITS)

struct head {	      /* as it lies in the ring */
	uint32_t len; /* of the body */
	uint8_t kind, flags;
	uint16_t port;
	uint32_t stream, log;
	uint64_t rx;
};
_Static_assert(sizeof(struct head) == RINGMSG_HEAD, "no padding");

void
ringmsg_print(const struct ringmsg *m, uint8_t *out)
{
	struct head h = { (uint32_t)m->body.len, (uint8_t)m->kind, m->flags,
		m->port, m->stream, m->log, m->rx };

	memcpy(out, &h, sizeof(h));
	if (m->body.len > 0)
		memcpy(out + sizeof(h), m->body.p, m->body.len);
}

/* Whether a kind may have such a head. */
static bool
head_fits(const struct head *h)
{
	bool stream = h->stream < RINGMSG_STREAMS, log = h->log < RINGMSG_LOGS;

	switch ((enum ringmsg_kind)h->kind) {
	case RINGMSG_START:
		return h->len == 0 || h->len == sizeof(struct ringmsg_will);
	case RINGMSG_STREAM:
		return stream && log && h->len > 0 &&
		    h->len <= RINGMSG_WORDS_MAX;
	case RINGMSG_RECORD:
		return stream && h->len <= RECORD_BODY_MAX &&
		    (h->flags & ~RECORD_FLAGS) == 0;
	case RINGMSG_END:
		return stream && h->len > 0 && h->len <= RINGMSG_WORDS_MAX;
	case RINGMSG_GAP:
		return (stream || h->stream == RINGMSG_NO_STREAM) && log &&
		    h->flags < GAP_COUNT && gap_is_receivers(h->flags) &&
		    h->len <= RINGMSG_WORDS_MAX;
	case RINGMSG_COUNTERS:
		return log && h->len == sizeof(struct ringmsg_counters);
	}
	return false;
}

int
ringmsg_parse(struct span in, struct ringmsg *m, size_t *size)
{
	struct head h;

	if (in.len < sizeof(h))
		return 0;
	memcpy(&h, in.p, sizeof(h));
	if (!head_fits(&h))
		return -1;
	if (in.len < ringmsg_size(h.len))
		return 0;
	*m = (struct ringmsg){ .kind = h.kind,
		.flags = h.flags,
		.port = h.port,
		.stream = h.stream,
		.log = h.log,
		.rx = h.rx,
		.body = { in.p + sizeof(h), h.len } };
	*size = ringmsg_size(h.len);
	return 1;
}

struct ringmsg_counters
ringmsg_counters(const struct ringmsg *m)
{
	struct ringmsg_counters c = { 0 };

	if (m->body.len == sizeof(c))
		memcpy(&c, m->body.p, sizeof(c));
	return c;
}

struct ringmsg_will
ringmsg_will(const struct ringmsg *m)
{
	struct ringmsg_will w = { 0 };

	if (m->body.len == sizeof(w))
		memcpy(&w, m->body.p, sizeof(w));
	return w;
}
