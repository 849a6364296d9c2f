/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/signer.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "common/log.h"
#include "evidence/keyring.h"
#include "site/succession.h"

struct desk { /* one log's keys and who asks for signatures */
	struct keyring *keys;
	const struct site_log *log;
	int fd; /* -1: the writer hung up */
};

/*
 * The keys of the generations before are of no more use but to a forger.  What
 * cannot be opened is said and left: the log in force must not wait for it.
 */
static void
desk_retire(const struct site *site, const struct site_log *log)
{
	struct generation g;
	struct keyring *k;
	enum keyring_err err;
	unsigned n;

	for (n = 1; n < log->generation; n++) {
		if (generation_find(site, log, n, &g) != 0)
			continue;
		err = keyring_open(&k, g.keys);
		if (err == KEYRING_ABSENT)
			continue; /* destroyed by hand */
		if (err != KEYRING_OK || keyring_retire(k) != SIGN_OK)
			log_warn(tr("%s: the keys of a log that is over could "
				    "not be destroyed",
				     "%s: 終了したログの鍵を破棄できませんでし"
				     "た"),
			    g.keys);
		keyring_close(k);
	}
}

static int
desk_open(struct desk *d, const struct site *site, const struct site_log *log,
    int fd)
{
	enum keyring_err err;
	bool system;

	*d = (struct desk){ .log = log, .fd = fd };
	desk_retire(site, log);
	if ((err = keyring_open(&d->keys, log->keys)) == KEYRING_OK)
		return 0;
	system = err == KEYRING_SYSTEM;
	log_error("%s: %s%s%s", log->keys, keyring_strerror(err),
	    system ? ": " : "", system ? strerror(errno) : "");
	if (err == KEYRING_ABSENT)
		log_error(
		    tr("put them back if they were moved; a new site gets "
		       "its keys by 'konseki init', a log that is there "
		       "never gets new ones: move its folder aside, "
		       "change its origin in konseki.yml and run "
		       "'konseki init'",
			"移した鍵があれば戻してください。新しい施設では"
			"「konseki init」が鍵を作ります。既存のログの鍵は"
			"作り直せないため、失われたときはログのフォルダーを"
			"別の場所に移し、konseki.ymlのoriginを変えて"
			"「konseki init」を実行してください"));
	return -1;
}

/* One request; a message that is none ends the conversation. */
static void
desk_serve(struct desk *d)
{
	uint8_t in[SIGN_MESSAGE_MAX + 1];
	struct sign_request request;
	struct sign_reply reply;
	struct buf out;
	ssize_t n = recv(d->fd, in, sizeof(in), 0);

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		d->fd = -1;
		return;
	}
	if (sign_request_parse(span_make(in, (size_t)n), &request) != 0) {
		log_error(tr("log '%s': the writer asked the signer for "
			     "what is no request",
			      "ログ「%s」: 署名プロセスへの要求の形式が不正で"
			      "す"),
		    d->log->name);
		d->fd = -1;
		return;
	}
	keyring_ask(d->keys, &request, &reply);
	if (reply.status == SIGN_REFUSED)
		log_error(tr("log '%s': ALARM: the signer refused what does "
			     "not extend what it signed last",
			      "ログ「%s」: 警報: 前回の署名に続かない内容のた"
			      "め署名を拒否しました"),
		    d->log->name);
	buf_init(&out);
	sign_reply_print(&reply, &out);
	if (send(d->fd, out.p, out.len, MSG_NOSIGNAL) < 0)
		d->fd = -1;
	buf_fini(&out);
}

/* Serve until nobody is left. */
static void
serve(struct desk *desk, size_t n)
{
	struct pollfd p[SITE_LOGS_MAX];
	size_t i, open;

	do {
		for (i = open = 0; i < n; i++) {
			p[i] = (struct pollfd){ .fd = desk[i].fd,
				.events = POLLIN };
			open += desk[i].fd >= 0;
		}
		if (open == 0 || poll(p, n, -1) < 0)
			continue;
		for (i = 0; i < n; i++)
			if (p[i].fd >= 0 && p[i].revents != 0)
				desk_serve(&desk[i]);
	} while (open > 0);
}

int
signer_run(const struct signer_options *opt)
{
	struct desk desk[SITE_LOGS_MAX];
	size_t i, n = 0;
	int status = 1;

	for (i = 0; i < opt->site->n_logs; i++) {
		if (desk_open(&desk[i], opt->site, &opt->site->logs[i],
			opt->ask[i]) != 0)
			goto close;
		n++;
	}
	if (opt->ready == NULL || opt->ready(opt->cookie) == 0) {
		serve(desk, n);
		status = 0;
	}
close:
	for (i = 0; i < n; i++)
		keyring_close(desk[i].keys);
	return status;
}
