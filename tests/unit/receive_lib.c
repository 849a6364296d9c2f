/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/receive_lib.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/conn.h"
#include "collector/relpconn.h"
#include "collector/relpserver.h"
#include "evidence/record.h"

static struct site_log logs[1] = { { .name = "evidence" } };
static struct site site = { .logs = logs, .n_logs = 1 };
struct event_base *lib_base;
struct ring *lib_ring;
struct intake lib_in;

struct site_listener lib_conf;
struct listener lib_l;
struct receipt *lib_receipt;
struct buf lib_got;
static struct resent *resent;

uint32_t lib_seed;

void
lib_ring_begin(void)
{
	lib_base = event_base_new();
	lib_ring = ring_new(0);
	if (lib_base == NULL || lib_ring == NULL || ring_taker(lib_ring) != 0 ||
	    intake_init(&lib_in, lib_base, lib_ring, &site) != 0)
		abort();
}

void
lib_ring_end(void)
{
	intake_fini(&lib_in);
	event_base_free(lib_base);
	ring_free(lib_ring);
}

void
lib_begin(const struct site_listener *conf, int fd)
{
	SSL_CTX *ctx = NULL;

	lib_conf = *conf;
	lib_ring_begin();
	lib_receipt = receipt_new();
	receipt_begin(lib_receipt);
	resent = resent_new();
	if (site_is_tls(lib_conf.transport))
		ctx = SSL_CTX_new(TLS_server_method());
	if (listen_open(&lib_l, &lib_in, &lib_conf, fd, ctx) != 0)
		abort();
	if (site_is_relp(lib_conf.transport))
		lib_l.relp = relpserver_new(&lib_in, lib_receipt, resent);
	buf_init(&lib_got);
}

void
lib_end(void)
{
	close(lib_l.fd);
	listen_close(&lib_l);
	relpserver_free(lib_l.relp);
	lib_ring_end();
	receipt_free(lib_receipt);
	resent_free(resent);
	buf_fini(&lib_got);
}

void
lib_connect(int fd)
{
	struct endpoint peer = { .address = "192.0.2.1", .port = 999 };

	if (site_is_relp(lib_conf.transport))
		relpconn_open(&lib_l, fd, &peer);
	else
		conn_open(&lib_l, fd, &peer);
}

int
lib_dial(int room)
{
	int sp[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sp) != 0)
		return -1;
	if (room > 0)
		setsockopt(sp[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	lib_connect(sp[0]);
	return sp[1];
}

void
lib_turn(void)
{
	int i;

	for (i = 0; i < 40; i++)
		event_base_loop(lib_base, EVLOOP_NONBLOCK);
	intake_publish(&lib_in);
}

/* One of "S framing|", "R body|", "E why|", "G kind words|", or nothing. */
static void
print(const struct ringmsg *m)
{
	static const char *const words[] = { "count", "bytes", "why" };
	size_t i;

	switch (m->kind) {
	case RINGMSG_STREAM:
		buf_str(&lib_got, "S ");
		record_word_get(m->body, "framing", &lib_got);
		break;
	case RINGMSG_RECORD:
		buf_printf(&lib_got, "R%s%s ", m->flags & RECORD_CUT ? "x" : "",
		    m->flags & RECORD_PARTIAL ? "f" : "");
		if (m->body.len > 40)
			buf_printf(&lib_got, "%zu", m->body.len);
		else
			buf_span(&lib_got, m->body);
		break;
	case RINGMSG_END:
		buf_str(&lib_got, "E ");
		buf_span(&lib_got, m->body);
		break;
	case RINGMSG_GAP:
		buf_printf(&lib_got, "G %s", gap_name(m->flags));
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			buf_byte(&lib_got, ' ');
			if (record_word_get(m->body, words[i], &lib_got) != 1)
				lib_got.len--;
		}
		break;
	case RINGMSG_START:
	case RINGMSG_COUNTERS:
		return;
	}
	buf_byte(&lib_got, '|');
}

const char *
lib_writer(void)
{
	struct ringmsg m;

	lib_got.len = 0;
	while (ring_next(lib_ring, &m) == 1)
		print(&m);
	return buf_cstr(&lib_got);
}

unsigned
lib_dice(unsigned n)
{
	lib_seed = lib_seed * 1664525u + 1013904223u;
	return (lib_seed >> 8) % n;
}

void
lib_fill(size_t room)
{
	static const uint8_t block[1000];

	while (ring_room(lib_ring) > room)
		if (!intake_record(&lib_in, 0, 1, 0, 0, LIB_FILLER,
			span_make(block, lib_dice(sizeof(block)))))
			return;
}
