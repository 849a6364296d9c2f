/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/monitor.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "collector/metrics.h"
#include "common/log.h"
#include "common/utc.h"

struct client {
	int fd;
	int64_t until;
	uint8_t in[METRICS_REQUEST_MAX];
	size_t in_len;
	struct buf out; /* the answer */
	size_t sent;
};

struct monitor {
	const struct monitor_options *opt;
	struct client *client[MONITOR_CLIENTS];
	size_t n;
	struct metrics_disk disk[SITE_LOGS_MAX];
	int64_t look; /* at the disks, next */
	struct roster_copy sources;
};

/* --- disks -------------------------------------------------------------------
 */

/*
 * Free enough to leave a state is a point more than to enter it.  A state of
 * 0 % is never entered.
 */
static enum disk_state
judge(const struct site *site, double percent, enum disk_state before)
{
	if (percent < site->disk_alarm_percent + (before == DISK_ALARM))
		return DISK_ALARM;
	if (percent < site->disk_warn_percent + (before != DISK_FINE))
		return DISK_WARN;
	return DISK_FINE;
}

static void
say(const struct site_log *log, enum disk_state now, double percent,
    uint64_t mib)
{
	unsigned long long m = mib;

	if (now == DISK_FINE)
		log_info(tr("log '%s': its disk has room again: %.1f %% "
			    "(%llu MiB) are free",
			     "ログ「%s」: ディスクに空きができました: 空き "
			     "%.1f%%（%llu MiB）"),
		    log->name, percent, m);
	else if (now == DISK_WARN)
		log_warn(tr("log '%s': its disk fills: %.1f %% (%llu MiB) are "
			    "free: make room",
			     "ログ「%s」: ディスクの空きが減っています: 空き "
			     "%.1f%%（%llu MiB）。空きを作ってください"),
		    log->name, percent, m);
	else
		log_error(tr("log '%s': ALARM: its disk is nearly full: %.1f "
			     "%% (%llu MiB) are free: when it is full nothing "
			     "more is taken",
			      "ログ「%s」: 警報: ディスクがほぼ満杯です: 空き "
			      "%.1f%%（%llu MiB）。満杯になると新たな記録を取"
			      "り込めません"),
		    log->name, percent, m);
}

static void
disk_look(struct monitor *m, size_t i)
{
	struct metrics_disk *d = &m->disk[i];
	enum disk_state before = (enum disk_state)gauge_get(&d->state), now;
	struct statvfs v;
	double percent;

	if (m->opt->disk[i] < 0 || fstatvfs(m->opt->disk[i], &v) != 0 ||
	    v.f_blocks == 0)
		return;
	gauge_set(&d->free, (uint64_t)v.f_bavail * v.f_frsize);
	gauge_set(&d->size, (uint64_t)v.f_blocks * v.f_frsize);
	percent = 100.0 * (double)v.f_bavail / (double)v.f_blocks;
	now = judge(m->opt->site, percent, before);
	gauge_set(&d->state, now);
	if (now != before)
		say(&m->opt->site->logs[i], now, percent,
		    gauge_get(&d->free) >> 20);
}

static void
disks_look(struct monitor *m)
{
	size_t i;

	for (i = 0; i < m->opt->site->n_logs; i++)
		disk_look(m, i);
}

/* --- who asks ----------------------------------------------------------------
 */

static void
client_free(struct monitor *m, size_t i)
{
	struct client *c = m->client[i];

	close(c->fd);
	buf_fini(&c->out);
	free(c);
	m->client[i] = m->client[--m->n];
}

static void
client_add(struct monitor *m, int64_t now)
{
	struct client *c;
	int fd =
	    accept4(m->opt->metrics, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if ((c = calloc(1, sizeof(*c))) == NULL) {
		close(fd);
		return;
	}
	c->fd = fd;
	c->until = now + MONITOR_SECONDS * UTC_SECOND;
	buf_init(&c->out);
	m->client[m->n++] = c;
}

static void
answer(struct monitor *m, struct client *c, enum metrics_request what)
{
	struct metrics all = { .site = m->opt->site,
		.gauges = m->opt->gauges,
		.sources = &m->sources,
		.disk = m->disk,
		.children = m->opt->children,
		.n_children = m->opt->n_children,
		.now = (uint64_t)utc_now() };
	struct buf body;

	buf_init(&body);
	roster_read(&m->opt->gauges->writer.roster, &m->sources);
	if (what == METRICS_TEXT)
		metrics_text(&all, &body);
	else if (what == METRICS_JSON)
		metrics_json(&all, &body);
	metrics_answer(what, buf_view(&body), &c->out);
	buf_fini(&body);
}

/* Read what it asks.  false: it is over. */
static bool
client_read(struct monitor *m, struct client *c)
{
	ssize_t n = recv(c->fd, c->in + c->in_len, sizeof(c->in) - c->in_len,
	    MSG_DONTWAIT);
	enum metrics_request what;

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	c->in_len += (size_t)n;
	what = metrics_request(span_make(c->in, c->in_len));
	if (what != METRICS_MORE)
		answer(m, c, what);
	return true;
}

/* Send the answer.  false: it is over. */
static bool
client_write(struct client *c)
{
	ssize_t n = send(c->fd, c->out.p + c->sent, c->out.len - c->sent,
	    MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->sent += (size_t)n;
	if (c->sent < c->out.len)
		return true;
	shutdown(c->fd, SHUT_WR);
	return false;
}

static void
client_run(struct monitor *m, size_t i, short what, int64_t now)
{
	struct client *c = m->client[i];
	bool goes_on = now < c->until;

	if (goes_on && what != 0 && c->out.len == 0)
		goes_on = client_read(m, c);
	if (goes_on && c->out.len > 0)
		goes_on = client_write(c);
	if (!goes_on)
		client_free(m, i);
}

static void
turn(struct monitor *m, struct pollfd *p)
{
	size_t i, n = m->n;
	int64_t now;

	p[0] = (struct pollfd){ m->opt->control, POLLIN, 0 };
	p[1] = (struct pollfd){ n < MONITOR_CLIENTS ? m->opt->metrics : -1,
		POLLIN, 0 };
	for (i = 0; i < n; i++)
		p[2 + i] = (struct pollfd){ m->client[i]->fd,
			m->client[i]->out.len > 0 ? POLLOUT : POLLIN, 0 };
	if (poll(p, 2 + n, n > 0 ? 1000 : MONITOR_DISK_S * 1000) < 0)
		return;
	now = utc_now();
	for (i = n; i-- > 0;)
		client_run(m, i, p[2 + i].revents, now);
	if (p[1].revents != 0)
		client_add(m, now);
	if (now >= m->look || m->look - now > MONITOR_DISK_S * UTC_SECOND) {
		m->look = now + MONITOR_DISK_S * UTC_SECOND;
		disks_look(m);
	}
}

int
monitor_run(const struct monitor_options *opt)
{
	struct pollfd p[2 + MONITOR_CLIENTS] = { { 0 } };
	struct monitor *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return 1;
	m->opt = opt;
	disks_look(m);
	while (p[0].revents == 0) /* the parent says nothing to us */
		turn(m, p);
	while (m->n > 0)
		client_free(m, m->n - 1);
	free(m);
	return 0;
}
