/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/parent_priv.h"
#include "collector/unixsock.h"
#include "common/log.h"

static void
say_granted(const struct site_listener *l, unsigned granted)
{
	if (l->transport == SITE_UDP && granted < l->receive_buffer)
		log_warn(tr("listener '%s': the kernel gives a queue of "
			    "%u bytes, not %u: raise net.core.rmem_max",
			     "受信口「%s」: カーネルの受信キューは%uバイ"
			     "トです（設定は%u）。net.core.rmem_maxを増"
			     "やしてください"),
		    l->name, granted, l->receive_buffer);
}

void
parent_buffer(const struct site_listener *l, int fd)
{
	say_granted(l, receiver_buffer(fd, l->receive_buffer));
}

/* Its file belongs to who receives, with the mode that was asked for. */
static int
own_file(const struct priv *priv, const struct site *site,
    struct receiver_listener *r)
{
	const struct site_listener *l = r->conf;

	r->file = unixsock_file(l);
	if ((!priv->root || lchown(l->path, priv->uid, priv->gid) == 0) &&
	    unixsock_mode(l, true) == 0)
		return 0;
	log_errno(tr("%s:%u: listener '%s': owner or mode of %s cannot be set",
		      "%s:%u: 受信口「%s」: "
		      "%sの所有者またはモードを設定できません"),
	    site->file, l->line, l->name, l->path);
	return -1;
}

int
parent_bind(const struct priv *priv, const struct site *site,
    struct receiver_listener *r)
{
	const struct site_listener *l = r->conf;
	unsigned granted;

	r->fd = receiver_bind(l, &granted);
	if (r->fd >= 0 && site_is_unix(l->transport) &&
	    own_file(priv, site, r) != 0) {
		unixsock_remove(l);
		close(r->fd);
		r->fd = -1;
		return -1;
	}
	if (r->fd >= 0) {
		say_granted(l, granted);
		return 0;
	}
	if (site_is_unix(l->transport))
		log_error(tr("%s:%u: listener '%s': cannot listen on %s: %s",
			      "%s:%u: 受信口「%s」: %sで待ち受けできません: "
			      "%s"),
		    site->file, l->line, l->name, l->path, strerror(errno));
	else
		log_error(tr("%s:%u: listener '%s': cannot listen on "
			     "%s port %u: %s",
			      "%s:%u: 受信口「%s」: %s "
			      "ポート%uで待ち受けできません: %s"),
		    site->file, l->line, l->name, l->address, l->port,
		    strerror(errno));
	return -1;
}

/* What was handed to us and fits. */
static int
inherited(struct parent *p, struct receiver_listener *r)
{
	if ((r->fd = inherit_socket(&p->inherit, r->conf)) < 0)
		return 0;
	if (r->conf->transport == SITE_UDP)
		parent_buffer(r->conf, r->fd);
	return site_is_unix(r->conf->transport)
	    ? own_file(&p->c.priv, p->opt->site, r)
	    : 0;
}

/*
 * First what was handed to us; what of it nobody wants is closed before others
 * are bound, for it may stand in their way.
 */
int
parent_listeners(struct parent *p)
{
	const struct site *site = p->opt->site;
	struct receiver_listener *r, *end;

	r = calloc(site->n_listeners + 1, sizeof(*r));
	if (r == NULL)
		return -1;
	p->c.listeners = r;
	for (end = r; end < r + site->n_listeners; end++) {
		end->conf = &site->listeners[end - r];
		end->slot = (unsigned)(end - r);
		p->c.n_listeners++;
		if (inherited(p, end) != 0)
			return -1;
	}
	inherit_rest(&p->inherit, &p->manager);
	for (; r < end; r++) {
		if (r->fd < 0 && parent_bind(&p->c.priv, site, r) != 0)
			return -1;
		manager_keep(&p->manager, r->conf->name, r->fd);
	}
	p->reload.slot = (unsigned)p->c.n_listeners;
	return 0;
}
