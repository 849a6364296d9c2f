/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "witness/server.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/cursor.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/relay.h"

#define HEADERS_MAX 16384
#define TIMEOUT_S 30 /* of a connection that says nothing */

struct server {
	struct store *store;
	struct event_base *base;
	struct evhttp *http;
	struct event *signal[3];
};

/* An answer: type "" for one without a body. */
static void
answer(struct evhttp_request *req, unsigned status, const char *type,
    struct span body)
{
	struct evbuffer *out = evhttp_request_get_output_buffer(req);

	if (body.len > 0) {
		evhttp_add_header(evhttp_request_get_output_headers(req),
		    "Content-Type", type);
		evbuffer_add(out, body.p, body.len);
	}
	evhttp_send_reply(req, (int)status, NULL, NULL);
}

/* 0, the store's word for what it could not write, is a 500. */
static unsigned
status_of(unsigned status)
{
	return status == 0 ? HTTP_INTERNAL : status;
}

static struct span
body_of(struct evhttp_request *req)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	size_t len = evbuffer_get_length(in);

	return span_make(evbuffer_pullup(in, -1), len);
}

static void
on_add(struct evhttp_request *req, void *arg)
{
	struct server *s = arg;
	struct buf out;
	unsigned status;

	if (evhttp_request_get_command(req) != EVHTTP_REQ_POST) {
		answer(req, HTTP_BADMETHOD, "", SPAN(""));
		return;
	}
	buf_init(&out);
	status = store_cosign(s->store, body_of(req),
	    (uint64_t)(utc_now() / UTC_SECOND), &out);
	answer(req, status_of(status),
	    status == WITNESS_CONFLICT ? WITNESS_SIZE_TYPE : "text/plain",
	    buf_view(&out));
	buf_fini(&out);
}

static void
on_get(struct server *s, struct evhttp_request *req, struct span path)
{
	struct cursor c = cursor_make(path);
	uint8_t origin[SHA256_LEN];
	struct buf note;

	cursor_hex(&c, origin, SHA256_LEN);
	cursor_expect(&c, SPAN("/checkpoint"));
	buf_init(&note);
	if (cursor_done(&c) && store_last(s->store, origin, &note) == 0)
		answer(req, HTTP_OK, "text/plain; charset=utf-8",
		    buf_view(&note));
	else
		answer(req, HTTP_NOTFOUND, "", SPAN(""));
	buf_fini(&note);
}

static void
on_put(struct server *s, struct evhttp_request *req, struct span path)
{
	const char *auth =
	    evhttp_find_header(evhttp_request_get_input_headers(req),
		"Authorization");
	bool parts;
	uint64_t size = 0;
	struct buf out;
	unsigned status = store_put(s->store, path, auth == NULL ? "" : auth,
	    body_of(req), &parts, &size);

	buf_init(&out);
	if (parts)
		buf_printf(&out, "%" PRIu64 "\n", size);
	answer(req, status_of(status), WITNESS_SIZE_TYPE, buf_view(&out));
	buf_fini(&out);
}

/* Everything that is not /add-checkpoint.  Paths are taken as they stand. */
static void
on_other(struct evhttp_request *req, void *arg)
{
	const char *uri = evhttp_request_get_uri(req);
	struct span path = span_str(uri);

	path = span_sub(path, 1, path.len);
	if (*uri == '/' && evhttp_request_get_command(req) == EVHTTP_REQ_GET)
		on_get(arg, req, path);
	else if (*uri == '/' &&
	    evhttp_request_get_command(req) == EVHTTP_REQ_PUT)
		on_put(arg, req, path);
	else
		answer(req, HTTP_NOTFOUND, "", SPAN(""));
}

/* A list with a slip in it is no reason to forget the logs that it had. */
static void
reload(struct server *s)
{
	struct buf why;

	buf_init(&why);
	if (store_reload(s->store, &why) != 0)
		log_error(tr("%s; the logs are those of before",
			      "%s。対象のログは以前のままです"),
		    buf_cstr(&why));
	else
		log_info(tr("logs was read again: %zu logs",
			     "logsを読み直しました（対象のログ%zu件）"),
		    store_n_logs(s->store));
	buf_fini(&why);
}

static void
on_signal(evutil_socket_t signal, short what, void *arg)
{
	struct server *s = arg;

	(void)what;
	if (signal == SIGHUP)
		reload(s);
	else
		event_base_loopexit(s->base, NULL);
}

static unsigned
port_of(struct evhttp_bound_socket *bound)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a = { .any = { 0 } };
	socklen_t len = sizeof(a);

	if (getsockname(evhttp_bound_socket_get_fd(bound), &a.any, &len) != 0)
		return 0;
	return ntohs(
	    a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
}

static int
server_open(struct server *s, const struct server_options *opt)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
	struct evhttp_bound_socket *bound;
	size_t i;

	s->store = opt->store;
	if ((s->base = event_base_new()) == NULL ||
	    (s->http = evhttp_new(s->base)) == NULL) {
		log_error(tr("cannot make a server", "サーバーを作れません"));
		return -1;
	}
	for (i = 0; i < 3; i++) {
		s->signal[i] = evsignal_new(s->base, signals[i], on_signal, s);
		if (s->signal[i] == NULL ||
		    event_add(s->signal[i], NULL) != 0) {
			log_errno(tr("cannot wait for signals",
			    "シグナルを受け取れません"));
			return -1;
		}
	}
	evhttp_set_max_headers_size(s->http, HEADERS_MAX);
	evhttp_set_max_body_size(s->http, RELAY_PART_MAX);
	evhttp_set_timeout(s->http, TIMEOUT_S);
	evhttp_set_allowed_methods(s->http,
	    EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT);
	evhttp_set_cb(s->http, "/add-checkpoint", on_add, s);
	evhttp_set_gencb(s->http, on_other, s);
	bound = evhttp_bind_socket_with_handle(s->http, opt->address,
	    (uint16_t)opt->port);
	if (bound == NULL) {
		log_errno(tr("cannot listen on %s port %u",
			      "%s ポート%uで待ち受けできません"),
		    opt->address, opt->port);
		return -1;
	}
	return opt->ready(opt->cookie, port_of(bound));
}

int
server_run(const struct server_options *opt)
{
	struct server s = { 0 };
	size_t i;
	int rc;

	signal(SIGPIPE, SIG_IGN);
	if ((rc = server_open(&s, opt)) == 0)
		rc = event_base_dispatch(s.base) < 0 ? -1 : 0;
	if (s.http != NULL)
		evhttp_free(s.http);
	for (i = 0; i < 3; i++)
		if (s.signal[i] != NULL)
			event_free(s.signal[i]);
	if (s.base != NULL)
		event_base_free(s.base);
	return rc;
}
