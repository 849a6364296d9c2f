/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/num.h"

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* "192.0.2.1": four numbers without leading zeros, as inet_pton() has it. */
static bool
parse_v4(struct span s, uint8_t *out)
{
	const uint8_t *p = s.p, *end = p + s.len, *from;
	unsigned i, n;

	if (s.len > 15)
		return false;
	for (i = 0; i < 4; i++) {
		if (i > 0 && (p == end || *p++ != '.'))
			return false;
		for (n = 0, from = p; p < end && *p - (unsigned)'0' < 10; p++)
			n = n * 10 + (*p - (unsigned)'0');
		if (p == from || n > 255 || (*from == '0' && p - from > 1))
			return false;
		out[i] = (uint8_t)n;
	}
	return p == end;
}

int
address_parse(struct span s, struct address *a)
{
	char text[64];
	const uint8_t *zone;

	if (parse_v4(s, a->b + 12)) {
		memcpy(a->b, mapped, sizeof(mapped));
		return 0;
	}
	zone = s.len > 0 ? memchr(s.p, '%', s.len) : NULL;
	if (zone != NULL)
		s.len = (size_t)(zone - s.p);
	if (s.len == 0 || s.len >= sizeof(text) ||
	    memchr(s.p, ':', s.len) == NULL ||
	    memchr(s.p, '\0', s.len) != NULL)
		return -1;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	return inet_pton(AF_INET6, text, a->b) == 1 ? 0 : -1;
}

static void
print_v4(const uint8_t *b, char *out)
{
	unsigned i;

	for (i = 0; i < 4; i++) {
		if (i > 0)
			*out++ = '.';
		if (b[i] >= 100)
			*out++ = (char)('0' + b[i] / 100);
		if (b[i] >= 10)
			*out++ = (char)('0' + b[i] / 10 % 10);
		*out++ = (char)('0' + b[i] % 10);
	}
	*out = '\0';
}

char *
address_print(const struct address *a, char *out)
{
	if (address_is_v4(a))
		print_v4(a->b + 12, out);
	else
		inet_ntop(AF_INET6, a->b, out, ADDRESS_TEXT);
	return out;
}

bool
address_is_v4(const struct address *a)
{
	return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

bool
address_eq(const struct address *a, const struct address *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

bool
address_is_special(const struct address *a)
{
	static const uint8_t zero[15];
	const uint8_t *v4 = a->b + 12;

	if (address_is_v4(a))
		return v4[0] == 0 || v4[0] == 127 || v4[0] >= 224 ||
		    (v4[0] == 169 && v4[1] == 254);
	if (a->b[0] == 0xff || (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80))
		return true;
	return memcmp(a->b, zero, sizeof(zero)) == 0 && a->b[15] <= 1;
}

static void
mask(struct address *a, unsigned bits)
{
	unsigned i;

	for (i = bits; i < 128; i++)
		a->b[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
}

struct address
address_network(const struct address *a)
{
	struct address net = *a;

	mask(&net, address_is_v4(a) ? 96 + 24 : 48);
	return net;
}

int
prefix_parse(struct span s, struct prefix *p)
{
	const uint8_t *slash = s.len > 0 ? memchr(s.p, '/', s.len) : NULL;
	struct span host = s, width;
	uint64_t bits;
	bool v4;

	if (slash != NULL)
		host.len = (size_t)(slash - s.p);
	if (address_parse(host, &p->address) == -1)
		return -1;
	v4 =
	    address_is_v4(&p->address) && memchr(host.p, ':', host.len) == NULL;
	p->bits = 128;
	if (slash != NULL) {
		width = span_sub(s, host.len + 1, s.len);
		if (num_parse(width, v4 ? 32 : 128, &bits) == -1)
			return -1;
		p->bits = (unsigned)bits + (v4 ? 96 : 0);
	}
	mask(&p->address, p->bits);
	return 0;
}

bool
prefix_holds(const struct prefix *p, const struct address *a)
{
	unsigned bytes = p->bits / 8, rest = p->bits % 8;

	/* The last of them differs mostly, if one does. */
	if (bytes > 0 && p->address.b[bytes - 1] != a->b[bytes - 1])
		return false;
	if (memcmp(p->address.b, a->b, bytes) != 0)
		return false;
	return rest == 0 ||
	    (p->address.b[bytes] ^ a->b[bytes]) >> (8 - rest) == 0;
}

void
prefixes_add(struct prefixes *ps, struct prefix p)
{
	ps->v = reallocarray(ps->v, ps->n + 1, sizeof(*ps->v));
	if (ps->v == NULL)
		abort();
	ps->v[ps->n++] = p;
}

void
prefixes_fini(struct prefixes *ps)
{
	free(ps->v);
	*ps = (struct prefixes){ NULL, 0 };
}

bool
prefixes_hold(const struct prefixes *ps, const struct address *a)
{
	size_t i;

	for (i = 0; i < ps->n; i++)
		if (prefix_holds(&ps->v[i], a))
			return true;
	return false;
}

void
prefixes_add_private(struct prefixes *ps)
{
	static const char *const text[] = { "10.0.0.0/8", "172.16.0.0/12",
		"192.168.0.0/16", "100.64.0.0/10", "fc00::/7" };
	struct prefix p;
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		if (prefix_parse(span_str(text[i]), &p) == 0)
			prefixes_add(ps, p);
}
