/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/udp.h"

#include <assert.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#include "collector/claim.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

#define SLOT 65536u /* bytes: no datagram is larger, IPv6 jumbograms apart */
#define SLOT_STEP (SLOT + 320u) /* or all would share their cache lines */
#define WARN_AGAIN (uint64_t)(10 * UTC_MINUTE)
#define CONTROL 128u /* bytes of what the kernel says about a datagram */
#define BATCHES 8    /* calls in one turn: others want to be served too */

struct udp_slots {
	struct mmsghdr msgs[UDP_BATCH];
	struct iovec iov[UDP_BATCH];
	struct sockaddr_storage from[UDP_BATCH];
	_Alignas(struct cmsghdr) uint8_t control[UDP_BATCH][CONTROL];
	struct udp *owner;  /* whose datagrams wait in them, or NULL */
	int next, n;	    /* which of them */
	struct claim claim; /* the owner's */
	uint8_t *bytes;
};

_Static_assert(CMSG_SPACE(sizeof(struct timespec)) +
	    CMSG_SPACE(sizeof(struct in6_pktinfo)) <=
	CONTROL,
    "all of it has room");

/* What the kernel says about a datagram. */
struct said {
	uint64_t rx;
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to; /* where it was sent to; AF_UNSPEC: it does not say */
};

struct udp {
	struct listener *l;
	struct sources *sources;
	struct udp_slots *slots;
	struct event *ready;
	struct intake_waiter waiter;
	uint32_t drops;	  /* the kernel's count when looked at last */
	uint64_t checked; /* and when that was */
	uint64_t *notes;  /* the same, of what was told */
	struct {	  /* the kernel's queue was more than half full */
		uint64_t count, peak, size, from, until;
	} high;
	uint64_t warned; /* usec: of the last warning */
	bool behind;	 /* more came in this turn than one call takes */
	bool stopped;
	bool left; /* another has the socket */
};

struct udp_slots *
udp_slots_new(void)
{
	struct udp_slots *s = calloc(1, sizeof(*s));
	int i;

	if (s == NULL)
		return NULL;
	s->bytes = malloc(UDP_BATCH * SLOT_STEP);
	if (s->bytes == NULL) {
		free(s);
		return NULL;
	}
	for (i = 0; i < UDP_BATCH; i++) {
		s->iov[i].iov_base = s->bytes + (size_t)i * SLOT_STEP;
		s->iov[i].iov_len = SLOT;
		s->msgs[i].msg_hdr = (struct msghdr){ .msg_iov = &s->iov[i],
			.msg_iovlen = 1,
			.msg_name = &s->from[i],
			.msg_control = s->control[i] };
	}
	return s;
}

void
udp_slots_free(struct udp_slots *slots)
{
	if (slots == NULL)
		return;
	free(slots->bytes);
	free(slots);
}

/* The kernel's count of drops has been seen to be this; it wraps. */
static void
count_drops(struct udp *u, uint32_t drops, uint64_t now)
{
	uint32_t n = drops - u->drops;

	if (now < u->checked)
		now = u->checked;
	if (n != 0 && n < UINT32_MAX / 2) { /* it does not go back */
		loss_add(&u->l->loss, GAP_KERNEL_DROP, n, GAP_UNKNOWN,
		    u->checked, now, SPAN(""));
		intake_dropped(u->l->in, u->l->conf->log, n);
		u->drops = drops;
	}
	u->checked = now;
}

/* Have the kernel say how its queue is.  false: it does not. */
static bool
ask(int fd, uint32_t info[SK_MEMINFO_VARS])
{
	socklen_t len = SK_MEMINFO_VARS * sizeof(info[0]);

	return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) == 0 &&
	    len > SK_MEMINFO_DROPS * sizeof(info[0]);
}

/* Who is behind asks at once what was dropped, so that the time is narrow. */
static void
see_drops(struct udp *u)
{
	uint32_t info[SK_MEMINFO_VARS];

	u->behind = false;
	if (ask(u->l->fd, info))
		count_drops(u, info[SK_MEMINFO_DROPS], (uint64_t)utc_now());
}

/* Where a datagram was sent to, if that is what c says. */
static void
read_to(const struct cmsghdr *c, struct said *s)
{
	struct in6_pktinfo six;
	struct in_pktinfo four;

	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO &&
	    c->cmsg_len >= CMSG_LEN(sizeof(four))) {
		memcpy(&four, CMSG_DATA(c), sizeof(four));
		s->to.v4 = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_addr = four.ipi_addr };
	} else if (c->cmsg_level == IPPROTO_IPV6 &&
	    c->cmsg_type == IPV6_PKTINFO &&
	    c->cmsg_len >= CMSG_LEN(sizeof(six))) {
		memcpy(&six, CMSG_DATA(c), sizeof(six));
		s->to.v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
			.sin6_addr = six.ipi6_addr };
		if (IN6_IS_ADDR_LINKLOCAL(&six.ipi6_addr))
			s->to.v6.sin6_scope_id = six.ipi6_ifindex;
	}
}

/* When a datagram came, and where to. */
static void
read_control(struct msghdr *h, struct said *s)
{
	struct cmsghdr *c;
	struct timespec t;

	for (c = CMSG_FIRSTHDR(h); c != NULL; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level != SOL_SOCKET)
			read_to(c, s);
		else if (c->cmsg_type == SCM_TIMESTAMPNS &&
		    c->cmsg_len >= CMSG_LEN(sizeof(t))) {
			memcpy(&t, CMSG_DATA(c), sizeof(t));
			s->rx = (uint64_t)t.tv_sec * 1000000 +
			    (uint64_t)t.tv_nsec / 1000;
		}
	}
}

/* A datagram that is not taken: by whom and how much is what is kept. */
static void
turn_away(struct udp *u, const struct sockaddr *from, uint32_t stream,
    size_t len, uint64_t rx)
{
	struct endpoint peer;

	if (stream == RINGMSG_NO_STREAM) {
		loss_add(&u->l->loss, GAP_QUEUE_DROP, 1, len, rx, rx, SPAN(""));
		intake_unwritten(u->l->in, u->l->conf->log, 1);
		return;
	}
	endpoint_set(&peer, from);
	tally_add(&u->l->tally,
	    stream == SOURCES_REFUSED ? GAP_REFUSED_SOURCE : GAP_RATE_LIMIT,
	    peer.address, len, rx);
	intake_refused(u->l->in, u->l->conf->log, 1);
}

/* A datagram longer than a slot: the record has what fits, this the rest. */
static void
tell_cut(struct udp *u, size_t rest, uint64_t rx)
{
	loss_add(&u->l->loss, GAP_TRUNCATED, 1, rest, rx, rx, SPAN(""));
}

/* Put the i-th datagram.  false: there is no room. */
static bool
put(struct udp *u, int i, uint64_t now)
{
	struct udp_slots *s = u->slots;
	struct msghdr *h = &s->msgs[i].msg_hdr;
	const struct sockaddr *from = (struct sockaddr *)&s->from[i];
	struct said said = { .rx = now, .to.sa.sa_family = AF_UNSPEC };
	size_t len = s->msgs[i].msg_len; /* of all that was sent */
	struct span body =
	    span_sub((struct span){ s->iov[i].iov_base, len }, 0, SLOT);
	unsigned limit = u->l->conf->rate_limit;
	uint32_t stream;
	uint64_t rx;

	read_control(h, &said);
	rx = said.rx;
	stream = sources_stream(u->sources, u->l, from,
	    said.to.sa.sa_family == AF_UNSPEC ? NULL : &said.to.sa, rx);
	if (stream >= SOURCES_REFUSED ||
	    (limit > 0 && sources_limited(u->sources, rx))) {
		turn_away(u, from, stream, len, rx);
		return true;
	}
	if (!intake_record(u->l->in, u->l->conf->log, rx, stream,
		(h->msg_flags & MSG_TRUNC) != 0 ? RECORD_CUT : 0,
		endpoint_port(from), body))
		return false;
	if (len > body.len)
		tell_cut(u, len - body.len, rx);
	u->l->seen.received++;
	u->l->seen.bytes += body.len;
	if (limit > 0)
		sources_count(u->sources);
	return true;
}

/* Put what waits in the slots.  false: there is no room for all of it. */
static bool
put_all(struct udp *u)
{
	struct udp_slots *s = u->slots;
	uint64_t now = (uint64_t)utc_now();

	while (s->next < s->n && put(u, s->next, now))
		s->next++;
	intake_publish(u->l->in);
	if (s->next < s->n) {
		s->owner = u;
		return false;
	}
	s->owner = NULL;
	claim_set(&s->claim, 0);
	return true;
}

/* What is in the slots. */
static uint64_t
bytes_of(const struct udp_slots *s)
{
	uint64_t n = 0;
	int i;

	for (i = 0; i < s->n; i++)
		n += s->msgs[i].msg_len < SLOT ? s->msgs[i].msg_len : SLOT;
	return n;
}

/* Receive a batch: 1, 0 if there is nothing, -1 if one must wait. */
static int
receive(struct udp *u)
{
	struct udp_slots *s = u->slots;
	int i;

	if (s->owner != NULL && (s->owner != u || !put_all(u)))
		return -1;
	if (!intake_ready(u->l->in))
		return -1;
	for (i = 0; i < UDP_BATCH; i++) {
		s->msgs[i].msg_hdr.msg_namelen = sizeof(s->from[i]);
		s->msgs[i].msg_hdr.msg_controllen = sizeof(s->control[i]);
	}
	s->next = 0;
	s->claim.all = intake_unput(u->l->in, u->l->conf->log);
	claim_set(&s->claim, UDP_BATCH * SLOT);
	s->n = recvmmsg(u->l->fd, s->msgs, UDP_BATCH, MSG_DONTWAIT | MSG_TRUNC,
	    NULL); /* their real lengths */
	claim_set(&s->claim, bytes_of(s));
	if (s->n <= 0)
		return 0;
	u->behind = u->behind || s->n == UDP_BATCH;
	if (site_is_unix(u->l->conf->transport)) /* names of theirs or none */
		for (i = 0; i < s->n; i++)
			s->from[i] =
			    (struct sockaddr_storage){ .ss_family = AF_UNIX };
	return put_all(u) ? 1 : -1;
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct udp *u = arg;
	int i, rc = 1;

	(void)fd;
	(void)what;
	for (i = 0; i < BATCHES && rc > 0; i++)
		rc = receive(u);
	if (u->behind)
		see_drops(u);
	if (rc < 0) {
		event_del(u->ready);
		intake_wait(u->l->in, &u->waiter);
	} else if (u->l->in->stopping || u->l->leaving) {
		if (rc == 0)
			u->stopped = true;
		else
			event_active(u->ready, EV_READ, 0);
	}
}

static void
on_room(void *arg)
{
	struct udp *u = arg;

	if (u->left) {
		if (u->slots->owner != u || put_all(u))
			u->stopped = true;
		else
			intake_wait(u->l->in, &u->waiter);
		return;
	}
	event_add(u->ready, NULL);
	event_active(u->ready, EV_READ, 0);
}

int
udp_prepare(int fd)
{
	const int on = 1;

	return setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
}

/* On a socket of all addresses only the kernel knows which one was meant. */
static int
ask_where_to(const struct listener *l)
{
	const int on = 1;

	if (!l->wildcard)
		return 0;
	return strcmp(l->local.address, "::") == 0
	    ? setsockopt(l->fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on))
	    : setsockopt(l->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
}

struct udp *
udp_open(struct listener *l, struct sources *sources, struct udp_slots *slots,
    uint64_t *notes)
{
	struct udp *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->l = l;
	u->sources = sources;
	u->slots = slots;
	u->notes = notes;
	u->drops = (uint32_t)notes[0];
	u->checked = notes[1] != 0 ? notes[1] : (uint64_t)utc_now();
	u->waiter = (struct intake_waiter){ .resume = on_room, .arg = u };
	u->ready =
	    event_new(l->in->base, l->fd, EV_READ | EV_PERSIST, on_ready, u);
	if (u->ready == NULL || event_add(u->ready, NULL) != 0 ||
	    udp_prepare(l->fd) != 0 || ask_where_to(l) != 0) {
		udp_close(u);
		return NULL;
	}
	return u;
}

/* A queue that is half full is said before it is full: while nothing is lost.
 */
static void
warn(struct udp *u, uint64_t now)
{
	if (u->warned != 0 && now >= u->warned && now < u->warned + WARN_AGAIN)
		return;
	u->warned = now;
	log_warn(tr("listener '%s': the kernel's queue is %llu%% full: when it "
		    "is full datagrams are lost ('receive_buffer')",
		     "受信口「%s」: 受信キューが%llu%%まで埋まっています。満杯"
		     "になるとデータが失われます（receive_buffer）"),
	    u->l->conf->name,
	    (unsigned long long)(100 * u->high.peak / u->high.size));
}

/* Told when it is over, or once a minute while it lasts. */
static void
high_tell(struct udp *u)
{
	struct buf extra;

	if (u->high.count == 0)
		return;
	buf_init(&extra);
	record_word_u64(&extra, "size", u->high.size);
	loss_add(&u->l->loss, GAP_RECEIVE_QUEUE, u->high.count, u->high.peak,
	    u->high.from, u->high.until, buf_view(&extra));
	buf_fini(&extra);
	u->high.count = u->high.peak = 0;
}

static void
high_see(struct udp *u, uint64_t used, uint64_t size, uint64_t now)
{
	if (size == 0 || used < size / 2) {
		high_tell(u);
		return;
	}
	if (u->high.count++ == 0)
		u->high.from = now;
	u->high.until = now;
	u->high.size = size;
	if (used > u->high.peak)
		u->high.peak = used;
	warn(u, now);
	if (now >= u->high.from + (uint64_t)UTC_MINUTE)
		high_tell(u);
}

void
udp_tell(struct udp *u, uint64_t now)
{
	uint32_t info[SK_MEMINFO_VARS];

	if (!u->left && ask(u->l->fd, info)) {
		count_drops(u, info[SK_MEMINFO_DROPS], now);
		high_see(u, info[SK_MEMINFO_RMEM_ALLOC],
		    info[SK_MEMINFO_RCVBUF], now);
	}
}

void
udp_told(struct udp *u)
{
	if (u->left || u->l->loss.sums[GAP_KERNEL_DROP].count != 0)
		return; /* it was not: the ring is full */
	u->notes[0] = u->drops;
	u->notes[1] = u->checked;
}

void
udp_stop(struct udp *u)
{
	event_active(u->ready, EV_READ, 0);
}

bool
udp_stopped(const struct udp *u)
{
	return u->stopped;
}

void
udp_succeed(struct udp *u, const struct udp *old)
{
	u->drops = old->drops;
	u->checked = old->checked;
}

void
udp_leave(struct udp *u)
{
	event_del(u->ready);
	u->left = true;
	on_room(u);
}

void
udp_end(struct udp *u, enum conn_end why)
{
	sources_end(u->sources, u->l, conn_end_name(why));
}

/*
 * What waits, as the kernel counts memory.  Of a unix socket it counts it as
 * the sender's: of those the length of the first is known.
 */
static uint64_t
bytes_unread(int fd)
{
	uint32_t info[SK_MEMINFO_VARS];
	int first = 0;

	if (ask(fd, info) && info[SK_MEMINFO_RMEM_ALLOC] > 0)
		return info[SK_MEMINFO_RMEM_ALLOC];
	return ioctl(fd, FIONREAD, &first) == 0 && first > 0 ? (uint64_t)first
							     : 0;
}

void
udp_finish(struct udp *u, uint64_t now)
{
	struct udp_slots *s = u->slots;
	uint64_t unread;

	for (; s->owner == u && s->next < s->n; s->next++) {
		loss_add(&u->l->loss, GAP_QUEUE_DROP, 1,
		    s->msgs[s->next].msg_len, now, now, SPAN(""));
		intake_unwritten(u->l->in, u->l->conf->log, 1);
	}
	udp_tell(u, now);
	if (!u->left && (unread = bytes_unread(u->l->fd)) > 0)
		loss_add(&u->l->loss, GAP_UNREAD, 1, unread, now, now,
		    SPAN(""));
	high_tell(u);
}

void
udp_close(struct udp *u)
{
	if (u == NULL)
		return;
	if (u->slots->owner == u) {
		u->slots->owner = NULL;
		claim_set(&u->slots->claim, 0);
	}
	intake_forget(u->l->in, &u->waiter);
	if (u->ready != NULL)
		event_free(u->ready);
	free(u);
}
