/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/log.h"
#include "evidence/record.h"

struct client {
	int fd;
	struct buf out;	   /* a message of records that is not yet full */
	struct buf in;	   /* the last answer */
	struct buf detail; /* of the last error */
};

static const struct {
	const char *en, *ja;
} errors[] = {
#define CLIENT_ERR(id, en, ja) { en, ja },
#include "site/client_err_tbl.h"
#undef CLIENT_ERR
};

const char *
client_strerror(enum client_err e)
{
	return tr(errors[e].en, errors[e].ja);
}

const char *
client_detail(struct client *c)
{
	return c == NULL ? "" : buf_cstr(&c->detail);
}

enum client_err
client_adopt(struct client **c, int fd)
{
	if ((*c = calloc(1, sizeof(**c))) == NULL)
		return CLIENT_SYSTEM;
	(*c)->fd = fd;
	buf_init(&(*c)->out);
	buf_init(&(*c)->in);
	buf_init(&(*c)->detail);
	return CLIENT_OK;
}

static enum client_err
open_error(void)
{
	if (errno == ENOENT || errno == ECONNREFUSED)
		return CLIENT_ABSENT;
	return errno == EACCES || errno == EPERM ? CLIENT_DENIED
						 : CLIENT_SYSTEM;
}

enum client_err
client_open(struct client **c, const char *run)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	enum client_err err;
	int fd, n;

	*c = NULL;
	n = snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/%s", run,
	    CLIENT_SOCKET);
	if (n < 0 || (size_t)n >= sizeof(sun.sun_path))
		return CLIENT_BAD_ARGUMENT;
	if ((fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) < 0)
		return CLIENT_SYSTEM;
	if (connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) != 0) {
		err = open_error();
		close(fd);
		return err;
	}
	if ((err = client_adopt(c, fd)) != CLIENT_OK)
		close(fd);
	return err;
}

void
client_close(struct client *c)
{
	if (c == NULL)
		return;
	close(c->fd);
	buf_fini(&c->out);
	buf_fini(&c->in);
	buf_fini(&c->detail);
	free(c);
}

/* Receive one answer into c->in. */
static enum client_err
receive(struct client *c, struct submit_answer *a)
{
	ssize_t n;

	c->in.len = 0;
	buf_reserve(&c->in, SUBMIT_MESSAGE_MAX);
	do
		n = recv(c->fd, c->in.p, SUBMIT_MESSAGE_MAX, 0);
	while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return CLIENT_GONE;
	if (n < 0)
		return CLIENT_SYSTEM;
	c->in.len = (size_t)n;
	if (submit_answer_parse(buf_view(&c->in), a) != 0)
		return CLIENT_PROTOCOL;
	if (a->what != SUBMIT_REFUSED)
		return CLIENT_OK;
	c->detail.len = 0;
	buf_str(&c->detail, submit_strerror(a->err));
	if (a->text.len > 0)
		buf_str(&c->detail, ": ");
	buf_span(&c->detail, a->text);
	return CLIENT_REFUSED;
}

static enum client_err
transmit(struct client *c, struct span message)
{
	struct submit_answer a;
	enum client_err err;
	ssize_t n;

	do
		n = send(c->fd, message.p, message.len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return CLIENT_OK;
	if (errno != EPIPE && errno != ECONNRESET)
		return CLIENT_SYSTEM;
	/* A writer that refuses says why before it hangs up. */
	err = receive(c, &a);
	return err == CLIENT_REFUSED ? err : CLIENT_GONE;
}

enum client_err
client_flush(struct client *c)
{
	enum client_err err;

	if (c->out.len == 0)
		return CLIENT_OK;
	err = transmit(c, buf_view(&c->out));
	c->out.len = 0;
	return err;
}

/* Send a message behind the records that wait. */
static enum client_err
request(struct client *c, const struct submit_request *r)
{
	struct submit_request again;
	struct buf message;
	enum client_err err;

	c->detail.len = 0;
	buf_init(&message);
	submit_request_print(r, &message);
	if (submit_request_parse(buf_view(&message), &again) != 0)
		err = CLIENT_BAD_ARGUMENT;
	else if ((err = client_flush(c)) == CLIENT_OK)
		err = transmit(c, buf_view(&message));
	buf_fini(&message);
	return err;
}

enum client_err
client_stream(struct client *c, const char *log, struct span words,
    uint32_t *stream)
{
	struct submit_request r = { .what = SUBMIT_OPEN,
		.log = span_str(log),
		.words = words };
	struct submit_answer a;
	enum client_err err;

	if ((err = request(c, &r)) != CLIENT_OK ||
	    (err = receive(c, &a)) != CLIENT_OK)
		return err;
	if (a.what != SUBMIT_OPENED)
		return CLIENT_PROTOCOL;
	if (stream != NULL)
		*stream = a.stream;
	return CLIENT_OK;
}

enum client_err
client_append(struct client *c, struct span body, unsigned flags)
{
	struct submit_part p = { .flags = flags };
	enum client_err err;
	size_t room;

	if (body.len > RECORD_BODY_MAX)
		return CLIENT_TOO_BIG;
	do {
		if (c->out.len + SUBMIT_PART_HEAD >= SUBMIT_MESSAGE_MAX &&
		    (err = client_flush(c)) != CLIENT_OK)
			return err;
		if (c->out.len == 0)
			buf_byte(&c->out, 'R');
		room = SUBMIT_MESSAGE_MAX - c->out.len - SUBMIT_PART_HEAD;
		p.bytes = span_sub(body, 0, room);
		p.more = body.len > room;
		submit_part_print(&p, &c->out);
		body = span_sub(body, p.bytes.len, body.len);
	} while (p.more);
	return CLIENT_OK;
}

enum client_err
client_operator(struct client *c, const char *log, struct span words)
{
	struct submit_request r = { .what = SUBMIT_OPERATOR,
		.log = span_str(log),
		.words = words };

	return request(c, &r);
}

enum client_err
client_lost(struct client *c, const char *log, struct span words)
{
	struct submit_request r = { .what = SUBMIT_GAP,
		.log = span_str(log),
		.words = words };

	return request(c, &r);
}

enum client_err
client_end(struct client *c, const char *why)
{
	struct submit_request r = { .what = SUBMIT_END,
		.words = span_str(why) };

	return request(c, &r);
}

/* Send a request that is answered when the log is sealed. */
static enum client_err
sealed_request(struct client *c, const struct submit_request *r,
    struct client_sealed *sealed)
{
	struct submit_answer a;
	enum client_err err;

	*sealed = (struct client_sealed){ 0 };
	if ((err = request(c, r)) != CLIENT_OK ||
	    (err = receive(c, &a)) != CLIENT_OK)
		return err;
	if (a.what != SUBMIT_SEALED)
		return CLIENT_PROTOCOL;
	*sealed =
	    (struct client_sealed){ a.first, a.last, a.n, a.size, a.note };
	return CLIENT_OK;
}

enum client_err
client_retain(struct client *c, const char *log, struct span words,
    struct client_sealed *sealed)
{
	struct submit_request r = { .what = SUBMIT_RETAIN,
		.log = span_str(log),
		.words = words };

	return sealed_request(c, &r, sealed);
}

enum client_err
client_seal(struct client *c, const char *log, struct client_sealed *sealed)
{
	struct submit_request r = { .what = SUBMIT_SEAL, .log = span_str(log) };

	return sealed_request(c, &r, sealed);
}

enum client_err
client_close_segment(struct client *c, const char *log,
    struct client_sealed *sealed)
{
	struct submit_request r = { .what = SUBMIT_CLOSE,
		.log = span_str(log) };

	return sealed_request(c, &r, sealed);
}

/* Ask, and take the one answer that is wanted. */
static enum client_err
ask(struct client *c, const struct submit_request *r,
    enum submit_answered wanted, struct submit_answer *a)
{
	enum client_err err;

	if ((err = request(c, r)) != CLIENT_OK ||
	    (err = receive(c, a)) != CLIENT_OK)
		return err;
	return a->what == wanted ? CLIENT_OK : CLIENT_PROTOCOL;
}

enum client_err
client_newest(struct client *c, const char *log, struct span *note)
{
	struct submit_request r = { .what = SUBMIT_NEWEST,
		.log = span_str(log) };
	struct submit_answer a;
	enum client_err err = ask(c, &r, SUBMIT_NOTE, &a);

	if (err == CLIENT_OK)
		*note = a.note;
	return err;
}

static enum client_err
file_send(struct client *c, enum submit_what what, const char *log,
    struct span file, uint64_t *index)
{
	struct submit_request r = { .what = what,
		.log = span_str(log),
		.file = file };
	struct submit_answer a;
	enum client_err err = ask(c, &r, SUBMIT_KEPT, &a);

	if (err == CLIENT_OK)
		*index = a.first;
	return err;
}

enum client_err
client_cosignature(struct client *c, const char *log, struct span line,
    uint64_t *index)
{
	return file_send(c, SUBMIT_COSIGNATURE, log, line, index);
}

enum client_err
client_token(struct client *c, const char *log, struct span token,
    uint64_t *index)
{
	return file_send(c, SUBMIT_TOKEN, log, token, index);
}
