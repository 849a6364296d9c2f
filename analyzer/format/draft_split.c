/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/convert.h"
#include "analyzer/format/draft_priv.h"

/*
 * Values that are an address with its port: 192.0.2.1:443, [2001:db8::1]:443,
 * 2001:db8::1.443 (as BSD writes it).  "2001:db8::1:443" may be either, and
 * is an address.
 */

static bool
is_port(struct span s)
{
	return s.len > 0 && s.len <= 5 && draft_fits(DRAFT_PORT, s);
}

/* Address and port of a value; false if it is no address. */
static bool
ends_of(struct span v, struct span *ip, struct span *port)
{
	size_t i = v.len;

	*port = SPAN("");
	*ip = v;
	if (v.len > 2 && v.p[0] == '[') {
		const uint8_t *end = memchr(v.p, ']', v.len);

		if (end == NULL)
			return false;
		*ip = span_make(v.p + 1, (size_t)(end - v.p) - 1);
		*port = span_sub(v, ip->len + 3, v.len);
		return convert_is_ip(*ip) &&
		    (ip->len + 2 == v.len ||
			(v.p[ip->len + 2] == ':' && is_port(*port)));
	}
	if (convert_is_ip(v))
		return true;
	while (i > 0 && v.p[i - 1] != ':' && v.p[i - 1] != '.')
		i--;
	if (i < 2)
		return false;
	*ip = span_sub(v, 0, i - 1);
	*port = span_sub(v, i, v.len);
	return is_port(*port) && convert_is_ip(*ip) &&
	    (v.p[i - 1] == ':') == (memchr(ip->p, ':', ip->len) == NULL);
}

/* Whether all values are addresses, and some have a port. */
static bool
is_ends(const struct draft *d, const struct draft_input *in)
{
	struct span ip, port;
	bool any = false;
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (draft_is_absent(in->value[i]))
			continue;
		if (!ends_of(in->value[i], &ip, &port))
			return false;
		any |= port.len > 0;
	}
	return any;
}

/* A name for a group of an expression; empty: it can be none. */
static struct span
group_name(struct draft *d, struct span of, const char *end)
{
	char *name = arena_alloc(d->a, of.len + 6);
	size_t i;

	for (i = 0; i < of.len; i++) {
		uint8_t c = of.p[i], l = c | 0x20;

		if (c >= 0x80 || (i == 0 && c >= '0' && c <= '9'))
			return SPAN("");
		name[i] = (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9')
		    ? (char)c
		    : '_';
	}
	memcpy(name + of.len, end, strlen(end) + 1);
	return of.len == 0 || of.len > 24 ? SPAN("") : span_str(name);
}

static bool
is_input(const struct draft *d, struct span name)
{
	size_t i;

	for (i = 0; i < d->ninput && !span_eq(d->input[i]->name, name); i++)
		;
	return i < d->ninput;
}

static void
split(struct draft *d, struct draft_input *in)
{
	struct span a = group_name(d, in->name, "_ip"),
		    b = group_name(d, in->name, "_port");
	struct draft_input *ip, *port;
	size_t i;

	if (a.len == 0 || d->ninput + 2 > DRAFT_INPUTS || is_input(d, a) ||
	    is_input(d, b))
		return;
	ip = draft_input(d, a);
	port = draft_input(d, b);
	ip->title = in->title.len > 0 ? in->title : in->name;
	port->port = true;
	for (i = 0; i < d->n; i++)
		if (!draft_is_absent(in->value[i]))
			(void)ends_of(in->value[i], &ip->value[i],
			    &port->value[i]);
	in->split = in->taken = true;
}

void
draft_split(struct draft *d)
{
	size_t i, n = d->ninput;

	for (i = 0; i < n; i++)
		if (is_ends(d, d->input[i]))
			split(d, d->input[i]);
}

static void
put(struct draft *d, const struct draft_input *in)
{
	struct span ip = group_name(d, in->name, "_ip"),
		    port = group_name(d, in->name, "_port");
	const char *a = (const char *)ip.p, *p = (const char *)port.p;

	buf_str(d->out, "  - from: ");
	draft_quote(in->name, d->out);
	buf_printf(d->out,
	    "\n    optional: yes\n    pattern:\n"
	    "      - '^(?<%s>\\d{1,3}(?:\\.\\d{1,3}){3})(?::(?<%s>\\d+))?$'\n"
	    "      - '^\\[(?<%s>[0-9A-Fa-f:.]+)\\](?::(?<%s>\\d+))?$'\n"
	    "      - '^(?<%s>[0-9A-Fa-f:]+)(?:\\.(?<%s>\\d+))?$'\n",
	    a, p, a, p, a, p);
}

void
draft_put_split(struct draft *d)
{
	size_t i;

	for (i = 0; i < d->ninput; i++)
		if (d->input[i]->split)
			put(d, d->input[i]);
}
