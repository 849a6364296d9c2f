/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * First all that can fail: parse, make contexts, begin to listen.  Nothing is
 * read or accepted meanwhile, for all of it is one turn of the loop.  Then what
 * cannot fail: the old ones leave.
 */
#include "collector/receiver_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/bundle.h"
#include "collector/same.h"
#include "common/cursor.h"
#include "common/log.h"
#include "common/utc.h"

struct reload {
	struct site *site;
	struct receiver_listener from[SITE_LISTENERS_MAX];
	struct port *kept[SITE_LISTENERS_MAX];	 /* that it is already */
	struct port *before[SITE_LISTENERS_MAX]; /* whose socket it gets */
	struct port *made[SITE_LISTENERS_MAX];
	SSL_CTX *ctx[SITE_LISTENERS_MAX]; /* of one that is kept */
};

static int
parse(const struct receiver *r, struct reload *w, int bundle, off_t *at,
    size_t n)
{
	struct yaml_error err;
	struct buf text;

	buf_init(&text);
	if (bundle_get(bundle, at, &text) != 0)
		log_errno(tr("a configuration cannot be taken over",
		    "設定を引き継げません"));
	else if ((w->site = site_parse(buf_view(&text), r->site->file,
		      r->site->dir, &err)) == NULL)
		yaml_report(&err);
	buf_fini(&text);
	return w->site != NULL && w->site->n_listeners == n &&
		w->site->n_logs == r->site->n_logs
	    ? 0
	    : -1;
}

/* The words are the writer's. */
static int
pass_words(int bundle, off_t *at)
{
	struct buf words;
	int rc;

	buf_init(&words);
	if ((rc = bundle_get(bundle, at, &words)) != 0)
		log_errno(tr("a configuration cannot be taken over",
		    "設定を引き継げません"));
	buf_fini(&words);
	return rc;
}

/* Whether two descriptors are of one socket. */
static bool
is_one(int a, int b)
{
	struct stat one, two;

	return fstat(a, &one) == 0 && fstat(b, &two) == 0 &&
	    one.st_ino == two.st_ino;
}

/* The port of ours with that socket or, if whole, that is that listener. */
static struct port *
find(const struct receiver *r, const struct receiver_listener *from, bool whole)
{
	const struct site_listener *l = from->conf;
	size_t i;

	for (i = 0; i < r->n; i++)
		if (!r->ports[i]->leaving &&
		    (whole ? same_listener(r->ports[i]->l.conf, l)
			   : same_socket(r->ports[i]->l.conf, l)) &&
		    is_one(r->ports[i]->l.fd, from->fd))
			return r->ports[i];
	return NULL;
}

/* One that leaves still notes what it lost where the new one would. */
static bool
slot_in_use(const struct receiver *r, unsigned slot)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->ports[i]->leaving && r->ports[i]->notes &&
		    r->ports[i]->slot == slot)
			return true;
	return slot >= RECEIVER_SLOTS;
}

static int
prepare_context(const struct receiver_listener *from, SSL_CTX **ctx)
{
	struct buf why;
	int rc;

	buf_init(&why);
	if ((rc = port_context(from, ctx, &why)) != 0)
		log_error(tr("listener '%s': %s", "受信口「%s」: %s"),
		    from->conf->name, buf_cstr(&why));
	buf_fini(&why);
	return rc;
}

static int
prepare_one(struct receiver *r, struct reload *w, size_t i)
{
	const struct port_shared shared = receiver_shared(r);
	struct receiver_listener *from = &w->from[i];
	SSL_CTX *ctx;

	w->kept[i] = find(r, from, true);
	if (w->kept[i] != NULL) {
		close(from->fd); /* we have it */
		from->fd = -1;
		return prepare_context(from, &w->ctx[i]);
	}
	w->before[i] = find(r, from, false);
	if (r->n + w->site->n_listeners > PORTS_MAX ||
	    slot_in_use(r, from->slot)) {
		log_error(tr("listeners that were removed still have bytes "
			     "that are not written: try again later",
		    "削除された受信口の処理が終わっていません。しばらくして"
		    "からやり直してください"));
		return -1;
	}
	if (prepare_context(from, &ctx) != 0)
		return -1;
	w->made[i] =
	    port_open(&shared, from, ctx, w->before[i], w->before[i] == NULL);
	return w->made[i] == NULL ? -1 : 0;
}

/* From what was handed over. */
static int
prepare(struct receiver *r, struct reload *w, const unsigned *slot,
    const int *fd, size_t n)
{
	off_t at = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		w->from[i].fd = fd[1 + i];
		w->from[i].slot = slot[i];
	}
	if (parse(r, w, fd[0], &at, n) != 0 || pass_words(fd[0], &at) != 0)
		return -1;
	for (i = 0; i < n; i++) {
		w->from[i].conf = &w->site->listeners[i];
		if (receiver_get(fd[0], &at, &w->from[i]) != 0) {
			log_errno(tr("a listener cannot be taken over",
			    "受信口を引き継げません"));
			return -1;
		}
	}
	for (i = 0; i < n; i++)
		if (prepare_one(r, w, i) != 0)
			return -1;
	return 0;
}

static void
undo(struct reload *w, size_t n)
{
	uint64_t now = (uint64_t)utc_now();
	size_t i;

	for (i = 0; i < n; i++) {
		if (w->made[i] != NULL)
			port_leave(w->made[i], true); /* it counts nothing */
		port_close(w->made[i], now);
		SSL_CTX_free(w->ctx[i]);
		if (w->from[i].fd >= 0)
			close(w->from[i].fd);
	}
	site_free(w->site);
}

static bool
is_kept(const struct reload *w, const struct port *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (w->kept[i] == p)
			return true;
	return false;
}

static bool
is_handed(const struct reload *w, const struct port *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (w->before[i] == p)
			return true;
	return false;
}

static void
commit(struct receiver *r, struct reload *w, size_t n)
{
	size_t i, had = r->n;

	for (i = 0; i < n; i++)
		if (w->kept[i] != NULL)
			listen_reconf(&w->kept[i]->l, w->from[i].conf,
			    w->ctx[i]);
	for (i = 0; i < had; i++)
		if (!r->ports[i]->leaving && !is_kept(w, r->ports[i], n))
			port_leave(r->ports[i], is_handed(w, r->ports[i], n));
	for (i = 0; i < n; i++)
		if (w->made[i] != NULL) {
			r->ports[r->n++] = w->made[i];
			port_show(w->made[i]);
		}
	receiver_closed_end(r);
	r->sites[r->n_sites++] = w->site;
	r->site = r->in.site = w->site;
	host_reconf(&r->host, w->site);
}

/* Those who leave speak of the listener as it was when they came. */
void
receiver_left(struct receiver *r)
{
	uint64_t now = (uint64_t)utc_now();
	size_t i, n = 0;
	int fd;

	for (i = 0; i < r->n; i++) {
		if (!port_left(r->ports[i])) {
			r->ports[n++] = r->ports[i];
			continue;
		}
		fd = r->ports[i]->l.fd;
		port_close(r->ports[i], now);
		close(fd);
	}
	r->n = n;
	for (i = 0; i < n; i++)
		if (r->ports[i]->leaving)
			return;
	for (i = 0; i + 1 < r->n_sites; i++)
		site_free(r->sites[i]);
	if (r->n_sites > 1) {
		r->sites[0] = r->sites[r->n_sites - 1];
		r->n_sites = 1;
	}
}

/* "3 4 7": the slots of the listeners, as many as there are numbers. */
static size_t
slots(struct span said, unsigned *out)
{
	struct cursor c = cursor_make(said);
	size_t n = 0;

	while (!c.bad && cursor_left(&c) > 0 && n < SITE_LISTENERS_MAX) {
		cursor_expect(&c, SPAN(" "));
		out[n++] = (unsigned)cursor_decimal(&c, RECEIVER_SLOTS - 1);
	}
	return c.bad || cursor_left(&c) > 0 ? SIZE_MAX : n;
}

/* Why it cannot even be tried, or NULL. */
static const char *
unfit(const struct receiver *r, size_t n_slots, size_t n)
{
	if (r->in.stopping)
		return tr("the collector stops", "収集を停止しています");
	if (n == 0 || n_slots != n - 1)
		return tr("not all descriptors arrived: too many connections "
			  "are open",
		    "接続が多すぎてファイル記述子が足りません");
	if (r->n_sites == RECEIVER_SITES)
		return tr("too many reloads while listeners that were removed "
			  "still have bytes that are not written",
		    "削除された受信口の処理が終わらないうちに再読み込みが続きま"
		    "した");
	return NULL;
}

bool
receiver_reload(struct receiver *r, struct span said, const int *fd, size_t n)
{
	struct reload *w = calloc(1, sizeof(*w));
	unsigned slot[SITE_LISTENERS_MAX];
	bool fine = false;
	const char *why;
	size_t i;

	receiver_left(r);
	why = w == NULL ? tr("out of memory", "メモリーが足りません")
			: unfit(r, slots(said, slot), n);
	if (why != NULL) {
		log_error("%s", why);
		for (i = 0; i < n; i++)
			close(fd[i]);
		free(w);
		return false;
	}
	fine = prepare(r, w, slot, fd, n - 1) == 0;
	for (i = 0; i < n - 1; i++)
		receiver_forget(&w->from[i]);
	if (fine)
		commit(r, w, n - 1);
	else
		undo(w, n - 1);
	close(fd[0]);
	free(w);
	return fine;
}
