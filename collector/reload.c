/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/reload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/bundle.h"
#include "collector/load.h"
#include "collector/parent_priv.h"
#include "collector/rundir.h"
#include "collector/same.h"
#include "collector/unixsock.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"
#include "site/site_clash.h"

static bool
slot_used(const struct parent *p, unsigned slot)
{
	size_t i;

	for (i = 0; i < p->c.n_listeners; i++)
		if (p->c.listeners[i].slot == slot)
			return true;
	return false;
}

unsigned
reload_slot(struct parent *p)
{
	do
		p->reload.slot = (p->reload.slot + 1) % RECEIVER_SLOTS;
	while (slot_used(p, p->reload.slot));
	return p->reload.slot;
}

void
reload_ask(struct parent *p)
{
	p->reload.wanted = true;
	reload_begin(p);
}

/* Forget what was not to be. */
static void
drop(struct reload *r)
{
	size_t i;

	for (i = 0; r->site != NULL && i < r->site->n_listeners; i++)
		if (r->bound != NULL && r->bound[i]) {
			if (site_is_unix(r->listeners[i].conf->transport))
				unixsock_remove(r->listeners[i].conf);
			close(r->listeners[i].fd);
		}
	free(r->listeners);
	free(r->bound);
	r->listeners = NULL;
	r->bound = NULL;
	if (r->bundle >= 0)
		close(r->bundle);
	r->bundle = -1;
	site_free(r->site);
	r->site = NULL;
}

/* The reload is over: who is stopping says no such thing any more. */
static void
ready(const struct parent *p, const char *status)
{
	if (p->state != STATE_RUN)
		return;
	manager_say(&p->manager, "READY=1");
	manager_status(&p->manager, status);
}

/* That it was is recorded: of which configuration, and in which step. */
static void
record_refused(const struct parent *p)
{
	const struct reload *r = &p->reload;
	struct buf words;

	buf_init(&words);
	if (r->site != NULL)
		record_word_hash(&words, "refused", r->site->sha256);
	else
		record_word(&words, "refused", SPAN("-"));
	record_word(&words, "why", span_str(r->step));
	children_tell(&p->c, CHILD_WRITER, buf_cstr(&words));
	buf_fini(&words);
}

static void
refused(struct parent *p)
{
	record_refused(p);
	drop(&p->reload);
	parent_closed_refused(p);
	log_error(tr("%s: NOT reloaded: the configuration from before stays in "
		     "force",
		      "%s: 再読み込みしませんでした。これまでの設定のまま続けま"
		      "す"),
	    p->opt->site->file);
	gauge_add(&p->c.gauges->parent.reloads_refused, 1);
	ready(p, "the last reload was refused: see the messages");
}

/* What only a start can change is not changed in silence by the next one. */
static int
allowed(const struct site *now, const struct site *next,
    const struct changes *c)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < c->n; i++) {
		if (!c->v[i].restart)
			continue;
		log_error(tr("%s:%u: '%s' cannot change while the collector "
			     "runs: take it back, or restart the collector",
			      "%s:%u: 「%s」は稼働中に変更できません。元に戻す"
			      "か、コレクターを再起動してください"),
		    next->file, c->v[i].line, c->v[i].key);
		rc = -1;
	}
	for (i = 0; rc == 0 && i < next->n_logs; i++)
		if (strcmp(next->logs[i].name, now->logs[i].name) != 0) {
			log_error(tr("%s: the order under 'logs' cannot change "
				     "while the collector runs",
				      "%s: "
				      "「logs」の順序は稼働中に変更できません"),
			    next->file);
			rc = -1;
		}
	return rc;
}

/* Whether its senders still get there: a path may be gone. */
static bool
is_reached(const struct site_listener *l)
{
	return !site_is_unix(l->transport) || unixsock_is_there(l);
}

/* The socket of ours that a listener can have, or NULL. */
static const struct receiver_listener *
ours(const struct parent *p, const struct site_listener *l)
{
	size_t i;

	for (i = 0; i < p->c.n_listeners; i++)
		if (same_socket(p->c.listeners[i].conf, l) && is_reached(l))
			return &p->c.listeners[i];
	return NULL;
}

/* A path can get another mode, once all is well. */
static int
mode_check(const struct site *site, const struct site_listener *l)
{
	if (!site_is_unix(l->transport) || unixsock_mode(l, false) == 0)
		return 0;
	log_errno(tr("%s:%u: mode: that of %s cannot be set",
		      "%s:%u: mode: %sのモードを設定できません"),
	    site->file, l->line, l->path);
	return -1;
}

/*
 * What listens now stands in the way of a new one until it is closed, and then
 * nobody could take the reload back.
 */
static int
way_check(const struct parent *p, const struct site *next,
    const struct site_listener *l)
{
	const struct site_listener *now;
	size_t i;

	for (i = 0; i < p->c.n_listeners; i++) {
		now = p->c.listeners[i].conf;
		if (!site_clash(now, l) || !is_reached(now))
			continue;
		log_error(
		    tr("%s:%u: listener '%s' cannot take the place of "
		       "'%s', which listens there with another address "
		       "or transport: take that out and reload first, or "
		       "restart the collector",
			"%s:%u: 受信口「%s」は、別のアドレスまたは方式で待"
			"ち受けている「%s」と一度には置き換えられません。先"
			"にそれを削除して再読み込みするか、コレクターを再"
			"起動してください"),
		    next->file, l->line, l->name, now->name);
		return -1;
	}
	return 0;
}

/* A socket for each listener: the one that it has, or a new one. */
static int
bind_all(struct parent *p)
{
	struct reload *r = &p->reload;
	const struct receiver_listener *had;
	size_t i;

	for (i = 0; i < r->site->n_listeners; i++) {
		struct receiver_listener *l = &r->listeners[i];

		l->conf = &r->site->listeners[i];
		if ((had = ours(p, l->conf)) != NULL) {
			l->fd = had->fd;
			l->slot = had->slot;
			l->file = had->file;
			parent_closed_listen(had);
			if (mode_check(r->site, l->conf) != 0)
				return -1;
			continue;
		}
		if (way_check(p, r->site, l->conf) != 0 ||
		    parent_bind(&p->c.priv, r->site, l) != 0)
			return -1;
		r->bound[i] = true;
		l->slot = reload_slot(p);
	}
	return 0;
}

static int
tell_receiver(struct parent *p)
{
	struct reload *r = &p->reload;
	int fd[1 + SITE_LISTENERS_MAX];
	struct buf text;
	size_t i;
	int rc;

	buf_init(&text);
	buf_str(&text, "reload");
	fd[0] = r->bundle;
	for (i = 0; i < r->site->n_listeners; i++) {
		buf_printf(&text, " %u", r->listeners[i].slot);
		fd[1 + i] = r->listeners[i].fd;
	}
	rc = children_give(&p->c, CHILD_RECEIVER, buf_cstr(&text), fd, 1 + i);
	if (rc != 0)
		log_errno(tr("the receiver cannot be reached",
		    "受信プロセスに接続できません"));
	buf_fini(&text);
	return rc;
}

static int
prepare(struct parent *p)
{
	struct reload *r = &p->reload;
	const struct site *now = p->opt->site;

	r->step = "parse";
	if ((r->site = load_again(now->file, now->dir)) == NULL)
		return -1;
	r->step = "start";
	if (changes_find(now, r->site, &r->changes) != 0 ||
	    allowed(now, r->site, &r->changes) != 0)
		return -1;
	r->step = "check";
	r->site->logs = p->opt->site->logs; /* successors and all */
	r->listeners =
	    calloc(r->site->n_listeners + 1, sizeof(r->listeners[0]));
	r->bound = calloc(r->site->n_listeners + 1, sizeof(bool));
	r->bundle = bundle_new();
	if (r->listeners == NULL || r->bound == NULL || r->bundle < 0) {
		log_errno(tr("cannot reload", "再読み込みできません"));
		return -1;
	}
	if (load_bundle(r->site, r->bundle) != 0)
		return -1;
	r->step = "bind";
	if (bind_all(p) != 0)
		return -1;
	r->step = "receiver";
	return tell_receiver(p);
}

void
reload_begin(struct parent *p)
{
	struct reload *r = &p->reload;

	if (!r->wanted || r->site != NULL || p->state != STATE_RUN ||
	    p->c.pid[CHILD_RECEIVER] == 0 || p->c.pid[CHILD_WRITER] == 0)
		return;
	r->wanted = false;
	manager_reloading(&p->manager);
	if (prepare(p) != 0)
		refused(p);
	else
		r->until = utc_now() + RELOAD_SECONDS * UTC_SECOND;
}

/* --- it is in force ----------------------------------------------------------
 */

/* A path that is not wanted any more, if the file there is still ours. */
static void
path_leave(const struct reload *r, const struct receiver_listener *l)
{
	size_t i;

	if (!site_is_unix(l->conf->transport) ||
	    unixsock_file(l->conf) != l->file)
		return;
	for (i = 0; i < r->site->n_listeners; i++)
		if (site_is_unix(r->listeners[i].conf->transport) &&
		    strcmp(r->listeners[i].conf->path, l->conf->path) == 0)
			return;
	unixsock_remove(l->conf);
}

/* What is bound and not wanted any more; what is wanted in another size. */
static void
sockets_settle(struct parent *p)
{
	struct reload *r = &p->reload;
	const struct site_listener *conf;
	size_t i, j;

	for (i = 0; i < p->c.n_listeners; i++) {
		for (j = 0; j < r->site->n_listeners; j++)
			if (r->listeners[j].fd == p->c.listeners[i].fd)
				break;
		if (j == r->site->n_listeners ||
		    strcmp(r->listeners[j].conf->name,
			p->c.listeners[i].conf->name) != 0)
			manager_drop(&p->manager, p->c.listeners[i].conf->name);
		if (j == r->site->n_listeners) {
			path_leave(r, &p->c.listeners[i]);
			close(p->c.listeners[i].fd);
		}
	}
	for (j = 0; j < r->site->n_listeners; j++) {
		conf = r->listeners[j].conf;
		if (conf->transport == SITE_UDP && !r->bound[j] &&
		    changes_have(&r->changes, "listeners"))
			parent_buffer(conf, r->listeners[j].fd);
		if (site_is_unix(conf->transport) &&
		    unixsock_mode(conf, true) != 0)
			log_errno("%s", conf->path);
		manager_keep(&p->manager, conf->name, r->listeners[j].fd);
	}
}

/* The keys, and the files that they name. */
static void
say_changed(const struct parent *p, struct span paths)
{
	const struct changes *c = &p->reload.changes;
	struct buf text;
	size_t i;

	buf_init(&text);
	for (i = 0; i < c->n; i++)
		buf_printf(&text, "%s%s", i == 0 ? "" : ", ", c->v[i].key);
	if (text.len > 0 && paths.len > 0)
		buf_str(&text, ", ");
	buf_span(&text, paths);
	log_info(tr("%s: reloaded; changed: %s",
		     "%s: 再読み込みしました。変更: %s"),
	    p->opt->site->file,
	    text.len == 0 ? tr("nothing", "なし") : buf_cstr(&text));
	buf_fini(&text);
}

static void
remember(struct reload *r, struct site *old)
{
	struct site **more =
	    realloc(r->old, (r->n_old + 1) * sizeof(struct site *));

	if (more == NULL)
		return; /* it is not given back at the end: so be it */
	r->old = more;
	r->old[r->n_old++] = old;
}

/* It ends when it can, and is then made again. */
static void
begin_anew(struct parent *p, enum child child)
{
	if (p->c.pid[child] == 0)
		return;
	p->expected |= 1u << child;
	p->was_made &= ~(1u << child); /* as planned: no restart to count */
	p->reload.ends[child] = utc_now() + RELOAD_ENDS * UTC_SECOND;
	children_tell(&p->c, child, "stop");
}

/* Who reads the configuration only when it is made. */
static void
others_anew(struct parent *p)
{
	const struct changes *c = &p->reload.changes;

	parent_fell(p, CHILD_MONITOR); /* likewise made again */
	p->was_made &= ~(1u << CHILD_MONITOR);
	if (changes_have(c, "watch"))
		begin_anew(p, CHILD_TAILER);
	if (changes_have(c, "anchor"))
		begin_anew(p, CHILD_ANCHOR);
	if (changes_have(c, "forward")) {
		p->again[CHILD_FORWARDER] = 0;
		begin_anew(p, CHILD_FORWARDER); /* if there is one */
		if (p->c.pid[CHILD_FORWARDER] == 0 &&
		    p->opt->site->n_forwards > 0)
			parent_make(p, CHILD_FORWARDER);
	}
}

static void
commit(struct parent *p, struct buf *paths)
{
	struct reload *r = &p->reload;

	sockets_settle(p);
	parent_closed_reloaded(p, r->listeners, r->site->n_listeners);
	free(p->c.listeners);
	p->c.listeners = r->listeners;
	p->c.n_listeners = r->site->n_listeners;
	remember(r, r->site);
	p->options.site = r->site;
	p->c.site = r->site;
	r->listeners = NULL;
	r->site = NULL;
	free(r->bound);
	r->bound = NULL;
	parent_named_reloaded(p, r->bundle, paths);
	close(r->bundle);
	r->bundle = -1;
	if (rundir_listeners(p->opt->site, p->c.listeners, p->c.n_listeners) !=
		0 ||
	    rundir_config(p->opt->site, &p->c.priv) != 0)
		p->status = 1;
	if (p->state == STATE_RUN)
		others_anew(p);
}

void
reload_answered(struct parent *p, bool fine)
{
	struct buf paths;

	if (p->reload.site == NULL)
		return;
	buf_init(&paths);
	if (!fine) {
		refused(p);
	} else {
		commit(p, &paths);
		say_changed(p, buf_view(&paths));
		gauge_add(&p->c.gauges->parent.reloads, 1);
		gauge_set(&p->c.gauges->parent.reloaded, (uint64_t)utc_now());
		ready(p, "collecting");
	}
	buf_fini(&paths);
	reload_begin(p);
}

static void
child_overdue(struct parent *p, enum child child)
{
	if (p->reload.ends[child] == 0 || utc_now() < p->reload.ends[child])
		return;
	p->reload.ends[child] = 0;
	log_error(tr("ALARM: the %s does not end for the changed "
		     "configuration and is killed",
		      "警報: プロセス%sが設定変更のために終了しないため強制終了"
		      "します"),
	    children_name(child));
	parent_fell(p, child);
}

void
reload_overdue(struct parent *p)
{
	int i;

	for (i = 0; i < CHILD_COUNT; i++)
		child_overdue(p, (enum child)i);
	if (p->reload.site == NULL || utc_now() < p->reload.until)
		return;
	log_error(tr("ALARM: the receiver does not answer and is killed",
	    "警報: 受信プロセスが応答しないため強制終了します"));
	p->reload.until = INT64_MAX; /* once */
	children_kill(&p->c, CHILD_RECEIVER);
}

void
reload_fini(struct parent *p)
{
	size_t i;

	drop(&p->reload);
	for (i = 0; i < p->reload.n_old; i++)
		site_free(p->reload.old[i]);
	free(p->reload.old);
}
