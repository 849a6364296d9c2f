/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/refusal.h"

#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

#define PART 1024u /* bytes in a g1: escaped they may be three times that */

void
refusal_say(struct listener *l, const struct endpoint *peer, const char *why)
{
	uint64_t now = (uint64_t)utc_now();

	if (l->refused <= now && now - l->refused < UTC_SECOND)
		return;
	l->refused = now;
	log_warn(tr("listener '%s': %s was refused: %s",
		     "受信口「%s」: %sを拒否しました（%s）"),
	    l->conf->name, peer->address, why);
}

/* One more of this sender's for this reason. */
static enum tls_cause
add(struct listener *l, const struct endpoint *peer, const struct wire *w,
    enum conn_end why, uint64_t since, uint64_t now)
{
	struct loss_who who = { peer->address, peer->port, SPAN("") };
	enum tls_cause cause;
	struct buf words;

	buf_init(&words);
	cause = wire_refusal(w, why, &words);
	who.words = buf_view(&words);
	loss_add_one(&l->loss, GAP_TLS_HANDSHAKE, &who, GAP_UNKNOWN, since,
	    now);
	buf_fini(&words);
	return cause;
}

/* What he said in the clear: in g1 records of its own. */
static enum tls_cause
keep(struct listener *l, const struct endpoint *peer, struct wire *w,
    uint64_t since, uint64_t now)
{
	enum tls_cause cause;
	struct span said;
	size_t at = 0, unread;
	struct buf g;
	bool much;

	said = span_make(l->in->scratch,
	    wire_plain(w, l->in->scratch, INTAKE_SCRATCH));
	unread = wire_unread(w, &much);
	buf_init(&g);
	do {
		g.len = 0;
		record_word(&g, "listener", span_str(l->conf->name));
		record_word_u64(&g, "count", at == 0);
		record_word_u64(&g, "bytes", at == 0 ? said.len : 0);
		record_word_u64(&g, "from", since);
		record_word_u64(&g, "until", now);
		record_word(&g, "peer", span_str(peer->address));
		record_word_u64(&g, "port", peer->port);
		cause = wire_refusal(w, CONN_END_PLAIN_ON_TLS, &g);
		if (at == 0 && unread > 0)
			record_word_u64(&g, "unread", unread);
		record_word_u64(&g, "offset", at);
		record_word(&g, "data", span_sub(said, at, PART));
		intake_gap(l->in, GAP_TLS_HANDSHAKE, l->conf->log,
		    RINGMSG_NO_STREAM, now, buf_view(&g));
		at += PART;
	} while (at < said.len);
	l->loss.total[GAP_TLS_HANDSHAKE]++;
	buf_fini(&g);
	return cause;
}

void
refusal_tell(struct listener *l, const struct endpoint *peer, struct wire *w,
    enum conn_end why, uint64_t since)
{
	uint64_t now = (uint64_t)utc_now();
	enum tls_cause cause = why == CONN_END_PLAIN_ON_TLS
	    ? keep(l, peer, w, since, now)
	    : add(l, peer, w, why, since, now);

	intake_refused(l->in, l->conf->log, 1);
	if (cause != TLS_CAUSE_STOPPED && cause != TLS_CAUSE_REMOVED)
		refusal_say(l, peer, tlspeer_cause_text(cause));
}
