/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/convert.h"
#include "analyzer/format/draft_priv.h"
#include "common/num.h"
#include "common/text.h"

/* Names and what values look like. */

static const struct draft_name names[] = {
#define NAME(names, shape, key, fields) { names, DRAFT_##shape, key, fields },
#include "analyzer/format/draft_tbl.h"
#undef NAME
};

struct span
draft_fold(struct draft *d, struct span name)
{
	struct span folded;
	struct buf text;
	uint8_t *out;
	size_t i, n = 0;

	buf_init(&text);
	text_fold(name, true, &text);
	out = arena_alloc(d->a, text.len + 1);
	for (i = 0; i < text.len; i++)
		if (text.p[i] >= 0x80 ||
		    (text.p[i] >= 'a' && text.p[i] <= 'z') ||
		    (text.p[i] >= '0' && text.p[i] <= '9'))
			out[n++] = text.p[i];
	buf_fini(&text);
	folded = span_make(out, n);
	return folded;
}

bool
draft_is_absent(struct span v)
{
	static const char *const none[] = { "", "-", "--", "N/A", "n/a",
		"(null)", "null", "NULL", "undefined", "*" };
	size_t i;

	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (span_is(v, none[i]))
			return true;
	return false;
}

bool
draft_one_of(struct span v, const char *words)
{
	const char *p;
	size_t len;

	for (p = words; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (len == v.len && strncasecmp(p, (const char *)v.p, len) == 0)
			return true;
	}
	return false;
}

static bool
is_mac(struct span v)
{
	struct arena *a = arena_new();
	bool is = convert_value(CONVERT_MAC, ECS_T_KEYWORD, v, a).len == 17;

	arena_free(a);
	return is;
}

bool
draft_fits(enum draft_shape shape, struct span v)
{
	uint64_t n;

	switch (shape) {
	case DRAFT_IP:
		return convert_is_ip(v);
	case DRAFT_HOST:
		return v.len > 0 && memchr(v.p, ' ', v.len) == NULL;
	case DRAFT_PORT:
		return num_parse(v, 65535, &n) == 0;
	case DRAFT_COUNT:
		return num_parse(v, UINT64_MAX, &n) == 0;
	case DRAFT_MAC:
		return is_mac(v);
	case DRAFT_PROTOCOL:
		return num_parse(v, 255, &n) == 0 ||
		    draft_one_of(v,
			"tcp udp icmp icmp6 icmpv6 gre esp ah igmp ospf "
			"sctp ipv6-icmp");
	case DRAFT_OUTCOME:
		return draft_one_of(v,
			   "success succeeded successful ok pass passed "
			   "accepted "
			   "failure failed fail error denied rejected ng "
			   "invalid") ||
		    span_is(v, "成功") || span_is(v, "失敗") ||
		    span_is(v, "正常") || span_is(v, "異常");
	case DRAFT_METHOD:
		return draft_one_of(v,
		    "get head post put delete connect options trace patch "
		    "propfind proppatch mkcol copy move lock unlock search "
		    "report");
	case DRAFT_TEXT:
		break;
	}
	return true;
}

static bool
all_fit(const struct draft *d, const struct draft_input *in,
    enum draft_shape shape)
{
	bool any = false;
	size_t i;

	for (i = 0; i < d->n; i++) {
		if (draft_is_absent(in->value[i]))
			continue;
		any = true;
		if (!draft_fits(shape, in->value[i]))
			return false;
	}
	return any;
}

static const struct draft_name *
by_name(struct draft *d, const struct draft_input *in, struct span name)
{
	struct span folded = draft_fold(d, name);
	size_t i;

	for (i = 0; folded.len > 0 && i < sizeof(names) / sizeof(names[0]); i++)
		if (draft_one_of(folded, names[i].names) &&
		    all_fit(d, in, names[i].shape))
			return &names[i];
	return NULL;
}

struct span
draft_last(struct span name)
{
	size_t i = name.len;

	while (i > 0 && name.p[i - 1] != '.' && name.p[i - 1] != '@')
		i--;
	return span_sub(name, i, name.len);
}

const struct draft_name *
draft_port_of(const struct draft_name *address)
{
	size_t i, n;

	if (address == NULL || strlen(address->key) < 2)
		return NULL;
	n = strlen(address->key) - 2; /* "source.ip", "source.port" */
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(names[i].key, address->key, n) == 0 &&
		    strcmp(names[i].key + n, "port") == 0)
			return &names[i];
	return NULL;
}

const struct draft_name *
draft_known(struct draft *d, const struct draft_input *in)
{
	const struct draft_name *known =
	    by_name(d, in, in->title.len > 0 ? in->title : in->name);

	if (known == NULL && (d->how == DRAFT_JSON || d->how == DRAFT_XML))
		known = by_name(d, in, draft_last(in->name));
	return known;
}
