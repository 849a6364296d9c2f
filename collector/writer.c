/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * One loop.  While records keep coming it does not ask the receiver to wake it:
 * it looks into the ring every NAP, so that on a busy machine both sides work
 * on thousands of records at a time instead of waking each other for each.
 * Only a ring that stayed empty for a nap makes it sleep until it is woken.
 */
#include "collector/writer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "collector/drain.h"
#include "collector/guest.h"
#include "collector/renewal.h"
#include "collector/retire.h"
#include "collector/sink.h"
#include "collector/talkers.h"
#include "collector/wake.h"
#include "collector/writer_config.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

#define NAP 2	    /* milliseconds */
#define BATCH 16384 /* records before the guests have their turn */
#define STALL_S 3   /* seconds that a stop waits for a log that takes nothing */
#define RENEWAL_AGAIN (600 * UTC_SECOND)
#define GUESTS_MAX 32 /* at the socket, beside our own processes */
#define GUESTS_ALL (GUESTS_MAX + SITE_WATCHES_MAX + 2)
#define FDS (5 + GUESTS_ALL)

struct writer {
	const struct writer_options *opt;
	const struct site *site; /* in force; its logs are those of opt->site */
	struct site *reloaded;	 /* the same, if a reload brought it */
	struct buf named;	 /* what is recorded of the files it names */
	struct sink log[SITE_LOGS_MAX];
	size_t n_logs; /* open */
	struct drain *drain;
	struct talkers *talkers; /* who sends; NULL: no memory for it */
	enum drain_step drained;
	struct guest *guest[GUESTS_ALL];
	enum guest_step step[GUESTS_ALL];
	size_t n_guests;
	int sealed; /* eventfd: a seal became durable or failed */
	bool stop;  /* take the rest and return */
	time_t
	    stalled; /* boot clock: since when a stop gets no further, or 0 */
	bool leave;  /* return; another writer takes the rest */
	struct {     /* of each log */
		enum {
			RENEWAL_NONE,
			RENEWAL_ASKED,	   /* of the parent */
			RENEWAL_CERTIFIED, /* when size is sealed */
		} state;
		uint64_t size;
		int64_t again; /* when to ask again: it may have failed */
	} renewal[SITE_LOGS_MAX];
	bool orphan; /* the parent is gone */
	bool broken; /* the receiver is not trusted any more */
};

/* The signer behind a socket; called in the log's committer thread. */
static int
ask(void *cookie, const struct sign_request *request, struct sign_reply *reply)
{
	const int *fd = cookie;
	uint8_t in[SIGN_MESSAGE_MAX];
	struct buf out;
	ssize_t n;
	int rc;

	buf_init(&out);
	sign_request_print(request, &out);
	rc = send(*fd, out.p, out.len, MSG_NOSIGNAL) < 0 ? -1 : 0;
	buf_fini(&out);
	if (rc != 0)
		return -1;
	do
		n = recv(*fd, in, sizeof(in), 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return -1;
	return sign_reply_parse(span_make(in, (size_t)n), reply);
}

/* Called in a committer thread: only wake the loop. */
static void
on_sealed(void *cookie, uint64_t size)
{
	const struct writer *w = cookie;

	(void)size;
	wake_up(w->sealed);
}

static void
on_writable(void *cookie)
{
	on_sealed(cookie, 0);
}

static void
tell(const struct writer *w, const char *what)
{
	(void)send(w->opt->control, what, strlen(what),
	    MSG_NOSIGNAL); /* a parent that is gone shows in control() */
}

/* This log cannot go on: the parent has another made and starts us again. */
static void
tell_over(const struct writer *w, enum evlog_err err, struct span found)
{
	char text[WRITER_CONTROL_MAX];

	snprintf(text, sizeof(text), "over %zu %s %.*s", w->n_logs,
	    err == EVLOG_EXHAUSTED ? "renewal" : "break", (int)found.len,
	    (const char *)found.p);
	tell(w, text);
}

static int
log_open(struct writer *w, struct sink_options *so)
{
	enum evlog_err over = EVLOG_OK;
	struct buf found;
	int rc;

	buf_init(&found);
	so->over = &over;
	so->found = &found;
	rc = sink_open(&w->log[w->n_logs], so);
	if (over != EVLOG_OK)
		tell_over(w, over, buf_view(&found));
	buf_fini(&found);
	return rc;
}

static int
logs_open(struct writer *w)
{
	const struct writer_options *o = w->opt;
	struct sink_options so = { .site = o->site,
		.estate = o->estate,
		.program = o->program,
		.workers = o->site->writer_workers,
		.named = o->named,
		.sealed = on_sealed,
		.writable = on_writable,
		.cookie = w };
	union { /* the signer's cookie is not const, but ask() leaves it be */
		const int *in;
		void *out;
	} fd;

	for (; w->n_logs < o->site->n_logs; w->n_logs++) {
		so.number = (uint32_t)w->n_logs;
		fd.in = &o->sign[w->n_logs];
		so.signer = (struct signer){ ask, fd.out };
		if (log_open(w, &so) != 0)
			return -1;
		w->log[w->n_logs].retire =
		    retire_new(&w->log[w->n_logs], o->site, on_writable, w);
	}
	return 0;
}

static int
log_close(struct sink *s)
{
	retire_free(s->retire);
	s->retire = NULL;
	return sink_close(s);
}

static int
guest_add(struct writer *w, int fd, enum guest_kind kind)
{
	struct guest *g = guest_new(fd, kind, w->site, w->log);

	if (g == NULL)
		return -1;
	w->step[w->n_guests] = GUEST_IDLE;
	w->guest[w->n_guests++] = g;
	return 0;
}

/* The socket was given by the parent: whoever comes may come. */
static void
guests_accept(struct writer *w)
{
	static const char full[] = "xfull\n";
	int fd;

	while ((fd = accept4(w->opt->submit, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		if (w->n_guests >= GUESTS_MAX) {
			(void)send(fd, full, sizeof(full) - 1,
			    MSG_NOSIGNAL); /* or it finds us gone */
			close(fd);
		} else if (guest_add(w, fd, GUEST_CLIENT) != 0)
			close(fd);
	}
}

static void
guests_run(struct writer *w)
{
	size_t i;

	for (i = 0; i < w->n_guests; i++)
		w->step[i] = guest_run(w->guest[i]);
	for (i = w->n_guests; i-- > 0;) {
		if (w->step[i] != GUEST_GONE)
			continue;
		guest_free(w->guest[i]);
		w->n_guests--;
		w->guest[i] = w->guest[w->n_guests];
		w->step[i] = w->step[w->n_guests];
	}
}

/* Receive a message of the parent and the descriptor that came with it. */
static ssize_t
control_receive(struct writer *w, char *in, size_t len, int *fd)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} aside;
	struct iovec iov = { in, len };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &aside,
		.msg_controllen = sizeof(aside) };
	struct cmsghdr *c;
	ssize_t n =
	    recvmsg(w->opt->control, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	*fd = -1;
	if (n > 0 && (c = CMSG_FIRSTHDR(&m)) != NULL &&
	    c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(c), sizeof(int));
	return n;
}

/* "renewed N", with its description: the successor of log N was made. */
static void
renewed(struct writer *w, struct span number, int pending)
{
	uint64_t n;

	if (num_parse(number, SITE_LOGS_MAX - 1, &n) == 0 && n < w->n_logs &&
	    w->renewal[n].state == RENEWAL_ASKED &&
	    renewal_certify(&w->log[n], pending, &w->renewal[n].size) == 0)
		w->renewal[n].state = RENEWAL_CERTIFIED;
}

/* "drop N": log N was rolled back, and its signer is not to be asked again. */
static void
drop(struct writer *w, struct span number)
{
	uint64_t n;

	if (num_parse(number, SITE_LOGS_MAX - 1, &n) != 0 || n >= w->n_logs)
		return;
	shutdown(w->opt->sign[n], SHUT_RDWR);
	w->leave = true;
}

/* Logs whose epochs end: ask for a successor; change to one that is certified.
 */
static void
renewals(struct writer *w)
{
	int64_t now = utc_now();
	char text[32];
	size_t i;

	for (i = 0; i < w->n_logs; i++) {
		if (w->renewal[i].state != RENEWAL_CERTIFIED &&
		    now >= w->renewal[i].again && renewal_is_due(&w->log[i])) {
			w->renewal[i].state = RENEWAL_ASKED;
			w->renewal[i].again = now + RENEWAL_AGAIN;
			snprintf(text, sizeof(text), "renew %zu", i);
			tell(w, text);
		} else if (w->renewal[i].state == RENEWAL_CERTIFIED &&
		    evlog_durable(w->log[i].log) >= w->renewal[i].size) {
			w->renewal[i].state = RENEWAL_ASKED; /* once */
			if (renewal_enforce(&w->log[i], w->opt->site) == 0)
				tell(w, "next");
		}
	}
}

static enum guest_kind
guest_of(struct span whose)
{
	return span_is(whose, "anchor") ? GUEST_ANCHOR
	    : span_is(whose, "forward") ? GUEST_FORWARDER
					: GUEST_TAILER;
}

static void
control(struct writer *w)
{
	char in[WRITER_CONTROL_MAX];
	struct span said;
	int fd;
	ssize_t n = control_receive(w, in, sizeof(in), &fd);

	said = span_make(in, n > 0 ? (size_t)n : 0);
	if (fd >= 0 && span_is(said, "config")) {
		struct site *next =
		    writer_config(w->site, fd, &w->named, w->log, w->n_logs);

		close(fd);
		if (next != NULL) {
			site_free(w->reloaded);
			w->site = w->reloaded = next;
		}
	} else if (fd >= 0 && span_is(span_sub(said, 0, 8), "renewed ")) {
		renewed(w, span_sub(said, 8, said.len), fd);
		close(fd);
	} else if (fd >= 0 && (w->n_guests == GUESTS_ALL ||
	    guest_add(w, fd, guest_of(said)) != 0))
		close(fd);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		w->orphan = true;
		log_error(tr("the parent process is gone: stopping",
		    "親プロセスが終了したため停止します"));
		return;
	}
	if (span_is(said, "stop"))
		w->stop = true;
	else if (span_starts(said, SPAN("refused=")))
		writer_config_refused(w->site, said, w->log, w->n_logs);
	else if (span_is(said, "ping"))
		tell(w, "pong");
	else if (span_is(said, "leave"))
		w->leave = true;
	else if (said.len > 5 && memcmp(in, "drop ", 5) == 0)
		drop(w, span_sub(said, 5, said.len));
}

static void
drain(struct writer *w, size_t *taken)
{
	*taken = 0;
	if (w->broken)
		return;
	w->drained = drain_run(w->drain, BATCH, taken);
	if (w->drained != DRAIN_BROKEN)
		return;
	drain_end(w->drain, "receiver-broken");
	w->broken = true;
	tell(w, "broken");
}

static bool
guests_busy(const struct writer *w)
{
	size_t i;

	for (i = 0; i < w->n_guests; i++)
		if (w->step[i] == GUEST_FULL)
			return true;
	return false;
}

/* How long to sleep, in milliseconds; sets *woken if the ring is to wake us. */
static int
nap(struct writer *w, size_t taken, uint64_t until, bool *woken)
{
	*woken = false;
	if (w->drained == DRAIN_MORE)
		return 0;
	if (w->drained == DRAIN_FULL || guests_busy(w) || taken > 0)
		return NAP;
	if (!w->broken && !ring_sleep(w->opt->ring))
		return 0;
	*woken = !w->broken;
	return (
	    int)((until + 999) / 1000 > 60000 ? 60000 : (until + 999) / 1000);
}

static void
fd_add(struct pollfd *p, nfds_t *n, int fd)
{
	p[(*n)++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

/* Sleep until there is something to do. */
static void
rest(struct writer *w, size_t taken, uint64_t until)
{
	struct pollfd p[FDS];
	nfds_t n = 0;
	size_t i;
	bool woken;
	int ms = nap(w, taken, until, &woken);

	fd_add(p, &n, w->sealed);
	/* An end that was seen is not asked for again: it would never rest. */
	fd_add(p, &n,
	    !w->orphan	  ? w->opt->control
		: w->stop ? -1
			  : w->opt->receiver_alive);
	fd_add(p, &n, w->opt->submit);
	if (woken)
		fd_add(p, &n, ring_data_fd(w->opt->ring));
	for (i = 0; i < w->n_guests; i++)
		if (w->step[i] == GUEST_IDLE)
			fd_add(p, &n, guest_fd(w->guest[i]));
	if (poll(p, n, ms) <= 0)
		return;
	if (p[0].revents != 0)
		wake_seen(w->sealed);
	if (p[1].revents != 0 && w->orphan)
		w->stop = true; /* the receiver is gone as well */
	else if (p[1].revents != 0)
		control(w);
	if (p[2].revents != 0)
		guests_accept(w);
	if (woken && p[3].revents != 0)
		ring_data_woken(w->opt->ring);
}

static time_t
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

/*
 * Whether a stop waited long enough for a disk that is full or fails: what is
 * in the ring is then not waited for.
 */
static bool
stalled(struct writer *w, size_t taken)
{
	bool fault = false;
	size_t i;

	for (i = 0; i < w->n_logs; i++)
		fault = fault || evlog_fault(w->log[i].log) != EVLOG_OK;
	if (!w->stop || taken > 0 || !fault)
		w->stalled = 0;
	else if (w->stalled == 0)
		w->stalled = seconds();
	return w->stalled != 0 && seconds() - w->stalled >= STALL_S;
}

/* Count and name what no log took. */
static void
refuse(struct writer *w)
{
	const struct estate_sums *sums;
	const struct sink *s;

	if (!w->broken)
		drain_refuse(w->drain);
	for (s = w->log; s < w->log + w->n_logs; s++) {
		sums = s->sums;
		if (sums->lost > 0)
			log_error(
			    tr("log '%s': ALARM: stopped while it cannot "
			       "be written: %llu records (%llu bytes) "
			       "that were received are not taken",
				"ログ「%s」: 警報: 書き込めない状態で停止し"
				"たため、受信済みの%llu件（%lluバイト）を取"
				"り込めませんでした"),
			    s->conf->name, (unsigned long long)sums->lost,
			    (unsigned long long)sums->lost_bytes);
	}
}

static void
show(struct writer *w)
{
	struct gauges *g = w->opt->gauges;
	size_t i;

	if (g == NULL)
		return;
	for (i = 0; i < w->n_logs; i++)
		sink_show(&w->log[i], &g->writer.log[i]);
	gauge_set(&g->writer.ring_behind,
	    w->broken ? 0 : ring_behind(w->opt->ring));
	gauge_set(&g->writer.ring_size, (uint64_t)w->site->ring_mib << 20);
}

static void
loop(struct writer *w)
{
	uint64_t until, wait;
	size_t i, taken;

	do {
		drain(w, &taken);
		guests_run(w);
		until = UINT64_C(60000000);
		for (i = 0; i < w->n_logs; i++) {
			retire_tick(w->log[i].retire);
			if ((wait = sink_tick(&w->log[i])) < until)
				until = wait;
		}
		drain_settle(w->drain);
		renewals(w);
		show(w);
		if (w->talkers != NULL &&
		    (wait = talkers_tick(w->talkers, w->site, w->opt->gauges)) <
			until)
			until = wait;
		if (w->leave && w->drained != DRAIN_FULL && !guests_busy(w))
			break;
		/* Told to stop, it still takes what there is. */
		if (w->stop && taken == 0 && w->drained != DRAIN_FULL &&
		    !guests_busy(w))
			break;
		if (stalled(w, taken)) {
			refuse(w);
			break;
		}
		rest(w, taken, until);
	} while (true);
}

static int
run(struct writer *w)
{
	size_t i, n = w->n_logs;
	int rc = 0;

	tell(w, "ready");
	loop(w);
	if (w->broken) /* the parent ended the receiver before it told us */
		drain_abandon(w->drain);
	else if (!w->leave)
		drain_bereft(w->drain);
	if (w->leave)
		drain_leave(w->drain, "successor");
	else
		drain_end(w->drain, "stopped");
	while (w->n_guests > 0)
		guest_free(w->guest[--w->n_guests]);
	for (i = 0; i < n; i++)
		if (log_close(&w->log[i]) != 0)
			rc = -1;
		else
			drain_settled(w->drain, i);
	w->n_logs = 0;
	return rc;
}

int
writer_run(const struct writer_options *opt)
{
	struct writer *w = calloc(1, sizeof(*w));
	int rc = -1;

	if (w == NULL)
		return 1;
	w->opt = opt;
	w->site = opt->site;
	buf_span(&w->named, opt->named);
	w->drained = DRAIN_EMPTY;
	w->sealed = wake_open();
	if (w->sealed >= 0 && logs_open(w) == 0) {
		w->drain = drain_new(opt->ring, opt->estate, w->log, w->n_logs);
		w->talkers = talkers_new(opt->site);
		if (w->drain != NULL) {
			drain_receipt(w->drain, opt->receipt);
			drain_count(w->drain, w->talkers);
			rc = run(w);
		} else
			log_errno(tr("cannot take from the ring",
			    "リングから読み出せません"));
	}
	while (w->n_logs > 0)
		(void)log_close(&w->log[--w->n_logs]); /* it said why */
	drain_free(w->drain);
	site_free(w->reloaded);
	buf_fini(&w->named);
	talkers_free(w->talkers);
	free(w);
	return rc == 0 ? 0 : 1;
}
