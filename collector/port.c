/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/port.h"

#include <stdlib.h>
#include <string.h>

#include "collector/relpserver.h"
#include "collector/tlsctx.h"
#include "common/log.h"

int
port_context(const struct receiver_listener *from, SSL_CTX **ctx,
    struct buf *why)
{
	const struct site_listener *conf = from->conf;
	struct span key = from->files.pem[TLS_FILE_KEY];

	*ctx = NULL;
	if (!site_is_tls(conf->transport))
		return 0;
	*ctx = tlsctx_new(conf, &from->files, why);
	explicit_bzero((void *)(uintptr_t)key.p, key.len);
	if (*ctx == NULL)
		return -1;
	if (why->len > 0)
		log_warn(tr("listener '%s': %s", "受信口「%s」: %s"),
		    conf->name, buf_cstr(why));
	if (conf->tls_profile == SITE_TLS_LEGACY)
		log_warn(tr("listener '%s': tls_profile legacy: what comes by "
			    "TLS 1.0 or 1.1 can be read and changed on the way",
			     "受信口「%s」: tls_profile: "
			     "legacyのため、TLS 1.0・1.1による通信は途中で盗聴"
			     "・改変されるおそれがあります"),
		    conf->name);
	return 0;
}

static int
begin(struct port *p, const struct port_shared *s, const struct port *before,
    bool fresh)
{
	uint64_t *notes = ring_notes(s->ring) + 2 * p->slot;

	if (site_is_relp(p->l.conf->transport))
		p->l.relp = s->relp;
	if (!site_is_datagram(p->l.conf->transport))
		return listen_start(&p->l);
	if (fresh)
		notes[0] = notes[1] = 0;
	p->udp = udp_open(&p->l, s->sources, s->slots, notes);
	if (p->udp != NULL && before != NULL && before->udp != NULL)
		udp_succeed(p->udp, before->udp);
	return p->udp == NULL ? -1 : 0;
}

/* What a receiver before us had counted goes on; of another, from nothing. */
static void
gauges_begin(struct port *p, bool fresh)
{
	struct gauges_listener *g = p->gauges;
	size_t i;

	if (g == NULL || fresh)
		return;
	p->l.seen.received = gauge_get(&g->received);
	p->l.seen.bytes = gauge_get(&g->bytes);
	p->l.seen.accepted = gauge_get(&g->accepted);
	for (i = 0; i < GAP_COUNT; i++)
		p->l.loss.total[i] = gauge_get(&g->lost[i]);
}

void
port_show(const struct port *p)
{
	struct gauges_listener *g = p->gauges;
	size_t i;

	if (g == NULL || p->leaving)
		return;
	gauge_set(&g->received, p->l.seen.received);
	gauge_set(&g->bytes, p->l.seen.bytes);
	gauge_set(&g->accepted, p->l.seen.accepted);
	gauge_set(&g->connections, p->l.n_conns);
	for (i = 0; i < GAP_COUNT; i++)
		gauge_set(&g->lost[i],
		    p->l.loss.total[i] + p->l.tally.total[i]);
}

struct port *
port_open(const struct port_shared *s, const struct receiver_listener *from,
    SSL_CTX *ctx, const struct port *before, bool fresh)
{
	struct port *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		log_error(tr("out of memory", "メモリーが足りません"));
		SSL_CTX_free(ctx);
		return NULL;
	}
	p->slot = from->slot;
	if (listen_open(&p->l, s->in, from->conf, from->fd, ctx) == 0 &&
	    begin(p, s, before, fresh) == 0) {
		p->gauges =
		    s->gauges == NULL ? NULL : &s->gauges->listener[p->slot];
		gauges_begin(p, fresh || before != NULL);
		return p;
	}
	log_errno(tr("listener '%s' cannot receive",
		      "受信口「%s」で受信を始められません"),
	    from->conf->name);
	udp_close(p->udp);
	listen_close(&p->l);
	free(p);
	return NULL;
}

void
port_leave(struct port *p, bool handed)
{
	p->leaving = p->l.leaving = true;
	p->notes = p->udp != NULL && !handed;
	if (p->udp != NULL && handed)
		udp_leave(p->udp);
	else if (p->udp != NULL)
		udp_stop(p->udp);
	else
		listen_leave(&p->l, handed);
}

bool
port_left(const struct port *p)
{
	return p->leaving && port_stopped(p) && listen_told(&p->l);
}

void
port_stop(struct port *p)
{
	if (p->leaving) /* that is under way, and who comes is another's */
		return;
	if (p->udp != NULL)
		udp_stop(p->udp);
	else
		listen_stop(&p->l);
}

bool
port_stopped(const struct port *p)
{
	return p->udp != NULL ? udp_stopped(p->udp) : p->l.n_conns == 0;
}

void
port_tell(struct port *p, uint64_t now)
{
	if (p->udp != NULL)
		udp_tell(p->udp, now);
	listen_tell(&p->l, now);
	port_show(p);
}

void
port_told(struct port *p)
{
	if (p->udp != NULL)
		udp_told(p->udp);
}

void
port_close(struct port *p, uint64_t now)
{
	if (p == NULL)
		return;
	if (p->udp != NULL)
		udp_finish(p->udp, now);
	listen_finish(&p->l, now);
	if (p->udp != NULL && p->leaving)
		udp_end(p->udp, CONN_END_LISTENER_REMOVED);
	udp_close(p->udp);
	listen_close(&p->l);
	free(p);
}
