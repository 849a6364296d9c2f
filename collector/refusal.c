/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/refusal.h"

#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

#define PART 1024u /* bytes in a g1: escaped they may be three times that */

/* A line for people, unless there was one just now. */
static void
say(struct listener *l, const struct endpoint *peer, enum tls_cause cause,
    uint64_t now)
{
	intake_refused(l->in, l->conf->log, 1);
	if (cause == TLS_CAUSE_STOPPED ||
	    (l->refused <= now && now - l->refused < UTC_SECOND))
		return;
	l->refused = now;
	log_warn(tr("listener '%s': %s was refused: %s",
		     "受信口「%s」: %sを拒否しました（%s）"),
	    l->conf->name, peer->address, tlspeer_cause_text(cause));
}

static enum tls_cause
words(const struct endpoint *peer, const struct wire *w, enum conn_end why,
    struct buf *out)
{
	record_word(out, "peer", span_str(peer->address));
	record_word_u64(out, "port", peer->port);
	return wire_refusal(w, why, out);
}

void
refusal_tell(struct listener *l, const struct endpoint *peer,
    const struct wire *w, enum conn_end why, uint64_t since)
{
	uint64_t now = (uint64_t)utc_now();
	enum tls_cause cause;
	struct buf extra;

	buf_init(&extra);
	cause = words(peer, w, why, &extra);
	loss_add(&l->loss, GAP_TLS_HANDSHAKE, 1, 0, since, now,
	    buf_view(&extra));
	buf_fini(&extra);
	say(l, peer, cause, now);
}

void
refusal_plain(struct listener *l, const struct endpoint *peer, struct wire *w,
    uint64_t since)
{
	uint64_t now = (uint64_t)utc_now();
	struct span said;
	size_t at = 0;
	struct buf g;

	said = span_make(l->in->scratch,
	    wire_plain(w, l->in->scratch, INTAKE_SCRATCH));
	buf_init(&g);
	do {
		g.len = 0;
		record_word(&g, "listener", span_str(l->conf->name));
		record_word_u64(&g, "count", at == 0);
		record_word_u64(&g, "bytes", at == 0 ? said.len : 0);
		record_word_u64(&g, "from", since);
		record_word_u64(&g, "until", now);
		words(peer, w, CONN_END_PLAIN_ON_TLS, &g);
		record_word_u64(&g, "offset", at);
		record_word(&g, "data", span_sub(said, at, PART));
		intake_gap(l->in, GAP_TLS_HANDSHAKE, l->conf->log,
		    RINGMSG_NO_STREAM, now, buf_view(&g));
		at += PART;
	} while (at < said.len);
	buf_fini(&g);
	say(l, peer, TLS_CAUSE_PLAIN_TEXT, now);
}
