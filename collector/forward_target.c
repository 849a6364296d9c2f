/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/forward_target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/forward_priv.h"
#include "collector/relp.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/site_forward.h"

#define SECOND UINT64_C(1000000)
#define BACKOFF_MAX 60u	     /* seconds from one try to the next, at most */
#define REFRESH (SECOND / 4) /* from one look for new records to the next */
#define SAVE SECOND	     /* from one writing of the place to the next */
#define AGAIN (5 * SECOND)   /* where the log cannot be read */
#define TURNS 64	     /* of reading, filling and writing in one run */

static const struct {
	unsigned seconds;
	const char *en, *ja;
} states[] = {
#define FORWARD_STATE(id, seconds, en, ja) { seconds, en, ja },
#include "collector/forward_state_tbl.h"
#undef FORWARD_STATE
};

/* --- where it stands -------------------------------------------------------
 */

static void
save(struct forward_target *t)
{
	if (progress_save(t->site, t->conf, &t->place) != 0) {
		if (!t->unsaved)
			log_errno("%s/forward-%s", t->site->cache,
			    t->conf->name);
		t->unsaved = true;
		return;
	}
	t->unsaved = false;
	t->dirty = false;
}

static void
set_state(struct forward_target *t, enum progress_state state, const char *why)
{
	if (t->place.state != state || strcmp(t->place.why, why) != 0) {
		if (t->place.state != state || t->place.since == 0)
			t->place.since = (uint64_t)utc_now();
		t->place.state = state;
		snprintf(t->place.why, sizeof(t->place.why), "%s", why);
		t->dirty = true;
	}
}

void
forward_place(struct forward_target *t, uint64_t next, uint64_t rx,
    uint64_t sent)
{
	if (t->skip.any && t->skip.first < next)
		next = t->skip.first;
	t->place.sent += sent;
	if (rx != 0)
		t->place.time = rx;
	if (next != t->place.next || sent > 0)
		t->dirty = true;
	t->place.next = next;
}

void
forward_enter(struct forward_target *t, enum forward_state state)
{
	t->state = state;
	t->deadline = t->now + states[state].seconds * SECOND;
}

void
forward_progress(struct forward_target *t)
{
	t->deadline = t->now + states[t->state].seconds * SECOND;
}

static void
disconnect(struct forward_target *t)
{
	link_close(t->link);
	t->link = NULL;
	t->out.len = t->out_at = 0;
	t->in.len = 0;
	t->over = t->nothing = false;
	forward_enter(t, FORWARD_IDLE);
}

/* Everything that is not known to be there is sent again. */
static void
rewind_log(struct forward_target *t)
{
	forward_log_seek(&t->log, t->place.generation, t->place.next);
	forward_mode_reset(t);
}

void
forward_broke(struct forward_target *t, const char *why)
{
	if (!t->down)
		log_error(tr("target '%s' (%s): ALARM: records are not "
			     "forwarded: %s; it is tried again",
			      "転送先「%s」（%s）: 警報: 記録を転送できません: "
			      "%s。再試行を続けます"),
		    t->conf->name, t->conf->url, why);
	t->down = true;
	set_state(t, PROGRESS_AWAY, why);
	disconnect(t);
	rewind_log(t);
	t->deadline = t->now + t->backoff * SECOND;
	t->backoff =
	    t->backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX : t->backoff * 2;
}

void
forward_worked(struct forward_target *t)
{
	if (t->down)
		log_info(tr("target '%s': records are forwarded again",
			     "転送先「%s」: 記録の転送を再開しました"),
		    t->conf->name);
	t->down = false;
	t->backoff = 1;
}

/* A connection that was ended in good order: the next one may begin. */
void
forward_finished(struct forward_target *t)
{
	disconnect(t);
	t->deadline = t->now;
}

/* Where to begin: as the file says, if it is of this log. */
static int
find_place(struct forward_target *t, struct buf *why)
{
	const struct site_log *log = t->log.conf;
	char origin[CHECKPOINT_ORIGIN_MAX + 1];
	struct progress *p = &t->place;
	uint64_t size;
	bool now = t->conf->from == SITE_FROM_NOW;

	if (progress_load(t->site, t->conf, p) == 0 &&
	    p->generation <= log->generation) {
		if (p->generation < log->generation)
			return 0; /* of a log that is over: as it stands */
		if (forward_log_look(&t->log, p->generation, origin, &size,
			why) != 0)
			return -1;
		if (strcmp(origin, p->origin) == 0 && p->next <= size)
			return 0;
		log_warn(tr("target '%s': its place is of another log: "
			    "everything is sent from the start",
			     "転送先「%s」: "
			     "転送位置が別のログのものです。先頭か"
			     "ら転送します"),
		    t->conf->name);
		now = false;
	} else if (errno != ENOENT)
		log_errno("%s/forward-%s", t->site->cache, t->conf->name);
	*p = (struct progress){ .generation = now ? log->generation : 1,
		.state = PROGRESS_AWAY };
	if (forward_log_look(&t->log, p->generation, p->origin, &size, why) !=
	    0)
		return -1;
	if (now)
		p->next = p->told = size;
	t->dirty = true;
	return 0;
}

/* --- what is sent ----------------------------------------------------------
 */

static void
envelope(struct forward_target *t, const struct evread_record *r)
{
	struct envelope e = { .origin = span_str(t->place.origin),
		.r = r->r,
		.index = r->index,
		.seq = r->seq };

	record_nonce(r->salt, r->index, e.nonce);
	if (r->stream != NULL)
		e.words = envelope_words(r->stream->words);
	envelope_print(&e,
	    r->stream == NULL ? RECORD_FRAMING_NONE : r->stream->framing,
	    &t->message);
}

/* -1: the writer must be told first, and cannot. */
static int
take(struct forward_target *t, const struct evread_record *r)
{
	struct span message = r->message;
	uint64_t i = r->index;

	if (t->conf->form == SITE_FORM_PLAIN && r->stream == NULL)
		return 0;
	if (i == t->give_up)
		return forward_skip_add(&t->skip, i, i, &r->r, FORWARD_REFUSED);
	t->message.len = 0;
	if (t->conf->form == SITE_FORM_RECORD) {
		envelope(t, r);
		message = buf_view(&t->message);
	} else if (message.len == 0)
		return forward_skip_add(&t->skip, i, i, &r->r, FORWARD_EMPTY);
	if (message.len > t->conf->max_message)
		return forward_skip_add(&t->skip, i, i, &r->r, FORWARD_TOO_BIG);
	forward_mode_send(t, r, message);
	if (t->skip.any && i - t->skip.first > SKIP_SPAN)
		return forward_skip_tell(&t->skip);
	return 0;
}

/* One step of the log; false: nothing more for now. */
static bool
fill_one(struct forward_target *t)
{
	t->why.len = 0;
	switch (forward_log_next(&t->log, &t->why)) {
	case FORWARD_RECORD:
		if (take(t, &t->log.rec) == 0)
			return true;
		break;
	case FORWARD_HOLE:
		if (forward_skip_add(&t->skip, t->log.first, t->log.last, NULL,
			FORWARD_GONE) == 0)
			return true;
		break;
	case FORWARD_NOTHING:
		t->nothing = true;
		t->look_at = t->now + REFRESH;
		(void)forward_skip_tell(&t->skip); /* it said so */
		return false;
	case FORWARD_OVER:
		t->over = forward_skip_tell(&t->skip) == 0;
		return false;
	case FORWARD_ERROR: /* what was read before it goes on */
		if (t->unread != t->log.next)
			log_error(tr("target '%s': ALARM: record %llu cannot "
				     "be read: %s",
				      "転送先「%s」: 警報: "
				      "記録%lluを読めません: "
				      "%s"),
			    t->conf->name, (unsigned long long)t->log.next,
			    buf_cstr(&t->why));
		t->unread = t->log.next;
		t->nothing = true;
		t->look_at = t->now + AGAIN;
		return false;
	}
	forward_broke(t,
	    tr("the writer is not there", "書き込みプロセスがありません"));
	return false;
}

/* Return whether something was put into out. */
static bool
fill(struct forward_target *t)
{
	size_t had = t->out.len;

	if (t->nothing && t->now >= t->look_at) {
		t->nothing = !forward_log_refresh(&t->log);
		t->look_at = t->now + REFRESH;
	}
	while (t->state == FORWARD_RUN && !t->nothing && !t->over &&
	    t->out.len - t->out_at < OUT_LOW && forward_mode_room(t))
		if (!fill_one(t))
			break;
	return t->out.len != had;
}

/* Everything that was given out arrived: a generation that is over is done. */
void
forward_next_generation(struct forward_target *t)
{
	char origin[CHECKPOINT_ORIGIN_MAX + 1];
	unsigned next = t->place.generation + 1;
	uint64_t size;

	t->why.len = 0;
	if (forward_log_look(&t->log, next, origin, &size, &t->why) != 0) {
		forward_broke(t, buf_cstr(&t->why));
		return;
	}
	memcpy(t->place.origin, origin, sizeof(origin));
	t->place.generation = next;
	t->place.next = t->place.told = t->place.time = 0;
	t->over = t->nothing = false;
	rewind_log(t);
	save(t);
}

/* --- the connection --------------------------------------------------------
 */

/* Bytes out: 1 some went, 0 none can, -1 it broke. */
static int
flush(struct forward_target *t)
{
	struct span s = span_make(t->out.p + t->out_at, t->out.len - t->out_at);
	enum link_step step;
	size_t n;

	if (s.len == 0)
		return 0;
	step = link_write(t->link, s, &n);
	if (step == LINK_WAITS)
		return 0;
	if (step != LINK_DONE) {
		forward_broke(t, link_why(t->link));
		return -1;
	}
	t->out_at += n;
	if (t->out_at == t->out.len)
		t->out.len = t->out_at = 0;
	else if (t->out_at >= OUT_LOW) {
		memmove(t->out.p, t->out.p + t->out_at, t->out.len - t->out_at);
		t->out.len -= t->out_at;
		t->out_at = 0;
	}
	if (t->state == FORWARD_RUN)
		forward_progress(t);
	return 1;
}

/* Bytes in: 1 some came, 0 none are there, -1 it broke or ended. */
static int
hear(struct forward_target *t)
{
	enum link_step step;
	size_t n;

	step = link_read(t->link, buf_reserve(&t->in, IN_PIECE), IN_PIECE, &n);
	if (step == LINK_WAITS)
		return 0;
	if (step == LINK_DONE) {
		t->in.len += n;
		return forward_mode_hear(t);
	}
	if (step == LINK_ENDED && forward_mode_ended(t))
		return -1;
	forward_broke(t,
	    step == LINK_ENDED
		? tr("it ended the connection", "接続が切断されました")
		: link_why(t->link));
	return -1;
}

static void
idle(struct forward_target *t)
{
	if (t->now < t->deadline || t->stopping)
		return;
	t->why.len = 0;
	if (t->unusable[0] != '\0') {
		forward_broke(t, t->unusable);
		return;
	}
	if (!t->placed && find_place(t, &t->why) != 0) {
		forward_broke(t, buf_cstr(&t->why));
		return;
	}
	if (!t->placed)
		rewind_log(t);
	t->placed = true;
	if ((t->link = link_open(&t->peer, &t->why)) == NULL)
		forward_broke(t, buf_cstr(&t->why));
	else
		forward_enter(t, FORWARD_CONNECT);
}

static void
connect_on(struct forward_target *t)
{
	enum link_step step = link_connect(t->link);

	if (step == LINK_WAITS)
		return;
	if (step != LINK_DONE) {
		forward_broke(t,
		    step == LINK_ENDED
			? tr("it ended the connection", "接続が切断されました")
			: link_why(t->link));
		return;
	}
	forward_mode_begin(t);
}

void
forward_up(struct forward_target *t)
{
	set_state(t, PROGRESS_UP, "");
	forward_enter(t, FORWARD_RUN);
}

/* Turns of an open connection, until nothing more can be done now. */
static void
work(struct forward_target *t)
{
	unsigned generation;
	bool more = true;
	int i, in, out;

	for (i = 0; more && i < TURNS && t->state > FORWARD_CONNECT; i++) {
		more = fill(t);
		if (t->state <= FORWARD_CONNECT || (out = flush(t)) < 0)
			return;
		if ((in = hear(t)) < 0)
			return;
		generation = t->place.generation;
		forward_mode_turn(t);
		more = more || in > 0 || out > 0 ||
		    t->place.generation != generation; /* not looked at yet */
	}
	t->busy = more;
}

uint64_t
forward_target_run(struct forward_target *t, uint64_t now)
{
	uint64_t due;

	t->now = now;
	t->busy = false;
	if (t->state == FORWARD_IDLE)
		idle(t);
	if (t->state == FORWARD_CONNECT)
		connect_on(t);
	if (t->state > FORWARD_CONNECT)
		work(t);
	if (t->state == FORWARD_RUN && forward_mode_quiet(t))
		forward_progress(t); /* nothing is awaited */
	if (t->state != FORWARD_IDLE && now >= t->deadline)
		forward_broke(t, tr(states[t->state].en, states[t->state].ja));
	if (t->dirty && t->placed && now >= t->save_at) {
		save(t);
		t->save_at = now + SAVE;
	}
	if (t->busy)
		return now;
	due = t->deadline;
	if (t->dirty && t->save_at < due)
		due = t->save_at;
	if (t->state == FORWARD_RUN && t->nothing && t->look_at < due)
		due = t->look_at;
	return forward_mode_due(t, due);
}

struct pollfd
forward_target_poll(const struct forward_target *t)
{
	if (t->link == NULL)
		return (struct pollfd){ .fd = -1 };
	return link_poll(t->link, t->out.len > t->out_at);
}

bool
forward_target_stop(struct forward_target *t)
{
	t->stopping = true;
	if (t->state > FORWARD_CONNECT && !forward_mode_done(t))
		return false;
	if (t->dirty && t->placed)
		save(t);
	return true;
}

struct forward_target *
forward_target_new(const struct site *site, const struct site_forward *conf,
    SSL_CTX *ctx, const char *why, struct client *writer)
{
	struct forward_target *t = calloc(1, sizeof(*t));

	if (t == NULL)
		abort();
	t->site = site;
	t->conf = conf;
	t->backoff = 1;
	t->give_up = t->refused = t->unread = UINT64_MAX;
	(void)target_parse(span_str(conf->url), &t->where); /* checked */
	t->peer = (struct link_peer){ .host = t->where.host,
		.port = t->where.port,
		.ctx = ctx,
		.name = *conf->server_name == '\0' ? t->where.host
						   : conf->server_name };
	if (*conf->fingerprint != '\0' &&
	    site_fingerprint(conf->fingerprint, t->fingerprint) == 0)
		t->peer.fingerprint = t->fingerprint;
	snprintf(t->unusable, sizeof(t->unusable), "%s", why);
	forward_log_init(&t->log, site, &site->logs[conf->log]);
	t->skip = (struct forward_skip){ .conf = conf,
		.writer = writer,
		.place = &t->place };
	buf_init(&t->out);
	buf_init(&t->in);
	buf_init(&t->message);
	buf_init(&t->why);
	forward_mode_reset(t);
	return t;
}

void
forward_target_free(struct forward_target *t)
{
	if (t == NULL)
		return;
	link_close(t->link);
	SSL_CTX_free(t->peer.ctx);
	forward_log_close(&t->log);
	buf_fini(&t->out);
	buf_fini(&t->in);
	buf_fini(&t->message);
	buf_fini(&t->why);
	free(t);
}
