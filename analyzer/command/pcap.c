/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/pcap.h"

#include <arpa/inet.h>
#include <string.h>

#define MAGIC 0xa1b2c3d4u /* in the order of this machine: readers look */
#define LINK_RAW 101u	  /* IPv4 or IPv6, as the first byte says */
#define SNAP 262144u	  /* bytes of a packet, at most */
#define HOPS 64
#define UDP_HEAD 8u
#define TCP_HEAD 20u
#define IP4_HEAD 20u
#define IP4_MAX 65535u /* its head included */
#define IP6_MAX 65535u /* behind its head */
#define TCP_PSH_ACK 0x18

struct ends {
	int family;
	size_t len; /* bytes of an address */
	uint8_t peer[16], local[16];
};

static void
put16(struct buf *out, unsigned n)
{
	buf_byte(out, (uint8_t)(n >> 8));
	buf_byte(out, (uint8_t)n);
}

static void
put32(struct buf *out, uint32_t n)
{
	put16(out, n >> 16);
	put16(out, n & 0xffff);
}

/* In the order of this machine, as the magic says. */
static void
put_own(struct buf *out, uint32_t n)
{
	buf_append(out, &n, sizeof(n));
}

void
pcap_begin(struct buf *out)
{
	const uint16_t version[2] = { 2, 4 };

	put_own(out, MAGIC);
	buf_append(out, version, sizeof(version));
	put_own(out, 0); /* the zone: UTC */
	put_own(out, 0);
	put_own(out, SNAP);
	put_own(out, LINK_RAW);
}

/* An address without its interface ("%2"). */
static int
address(int family, struct span s, uint8_t out[16])
{
	char text[INET6_ADDRSTRLEN];
	size_t len = 0;

	while (len < s.len && s.p[len] != '%')
		len++;
	if (len == 0 || len >= sizeof(text))
		return -1;
	memcpy(text, s.p, len);
	text[len] = '\0';
	return inet_pton(family, text, out) == 1 ? 0 : -1;
}

static int
ends_find(const struct pcap_flow *f, struct ends *e)
{
	memset(e, 0, sizeof(*e));
	e->family = AF_INET;
	e->len = 4;
	if (address(AF_INET, f->peer, e->peer) != 0) {
		e->family = AF_INET6;
		e->len = 16;
		if (address(AF_INET6, f->peer, e->peer) != 0)
			return -1;
	}
	if (address(e->family, f->local, e->local) != 0)
		memset(e->local, 0, sizeof(e->local));
	return 0;
}

/* Sums of 16 bits, RFC 1071; len is even but for the last of them. */
static uint32_t
sum(uint32_t had, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		had += (uint32_t)p[i] << 8 | p[i + 1];
	if (i < len)
		had += (uint32_t)p[i] << 8;
	return had;
}

static uint16_t
sum_end(uint32_t n)
{
	while (n > 0xffff)
		n = (n & 0xffff) + (n >> 16);
	return (uint16_t)~n;
}

static void
set16(struct buf *out, size_t at, unsigned n)
{
	out->p[at] = (uint8_t)(n >> 8);
	out->p[at + 1] = (uint8_t)n;
}

static void
put_ip(struct buf *out, const struct ends *e, unsigned protocol, size_t len)
{
	size_t start = out->len;

	if (e->family == AF_INET6) {
		put32(out, 6u << 28);
		put16(out, (unsigned)len);
		buf_byte(out, (uint8_t)protocol);
		buf_byte(out, HOPS);
	} else {
		put16(out, 0x4500);
		put16(out, (unsigned)(IP4_HEAD + len));
		put32(out, 0x4000); /* no number; not to be divided */
		buf_byte(out, HOPS);
		buf_byte(out, (uint8_t)protocol);
		put16(out, 0);
	}
	buf_append(out, e->peer, e->len);
	buf_append(out, e->local, e->len);
	if (e->family == AF_INET)
		set16(out, start + 10,
		    sum_end(sum(0, out->p + start, IP4_HEAD)));
}

/* The head of UDP or TCP and the bytes behind it, with their sum. */
static void
put_payload(struct buf *out, const struct pcap_flow *f, const struct ends *e,
    uint32_t seq, struct span body)
{
	size_t start = out->len, head = f->tcp ? TCP_HEAD : UDP_HEAD;
	uint32_t n;

	put16(out, f->peer_port);
	put16(out, f->local_port);
	if (f->tcp) {
		put32(out, seq);
		put32(out, 1);
		buf_byte(out, TCP_HEAD / 4 << 4);
		buf_byte(out, TCP_PSH_ACK);
		put16(out, 0xffff); /* window */
		put32(out, 0);	    /* sum, and nothing is urgent */
	} else {
		put16(out, (unsigned)(UDP_HEAD + body.len));
		put16(out, 0);
	}
	buf_span(out, body);
	n = sum((uint32_t)(head + body.len) +
		(f->tcp ? IPPROTO_TCP : IPPROTO_UDP),
	    e->peer, e->len);
	n = sum_end(
	    sum(sum(n, e->local, e->len), out->p + start, head + body.len));
	if (n == 0 && !f->tcp)
		n = 0xffff; /* RFC 768: zero is "none" */
	set16(out, start + (f->tcp ? 16 : 6), n);
}

static void
put_packet(struct buf *out, const struct pcap_flow *f, const struct ends *e,
    uint64_t rx, uint32_t seq, struct span body)
{
	size_t len = (f->tcp ? TCP_HEAD : UDP_HEAD) + body.len;
	uint32_t all = (uint32_t)(len + (e->family == AF_INET ? IP4_HEAD : 40));

	put_own(out, (uint32_t)(rx / 1000000));
	put_own(out, (uint32_t)(rx % 1000000));
	put_own(out, all);
	put_own(out, all);
	put_ip(out, e, f->tcp ? IPPROTO_TCP : IPPROTO_UDP, len);
	put_payload(out, f, e, seq, body);
}

int
pcap_add(struct buf *out, const struct pcap_flow *f, uint64_t rx, uint64_t at,
    struct span body)
{
	struct ends e;
	size_t max;
	struct span s;

	if (ends_find(f, &e) != 0)
		return -1;
	if (!f->tcp) {
		max = e.family == AF_INET ? IP4_MAX - IP4_HEAD : IP6_MAX;
		if (body.len > max - UDP_HEAD)
			return -1;
		put_packet(out, f, &e, rx, 0, body);
		return 0;
	}
	while (body.len > 0) {
		s = span_sub(body, 0, PCAP_SEGMENT);
		put_packet(out, f, &e, rx, (uint32_t)(at + 1), s);
		at += s.len;
		body = span_sub(body, s.len, body.len);
	}
	return 0;
}
