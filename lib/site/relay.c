/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/relay.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/cursor.h"
#include "common/hex.h"

#define DIGITS 12 /* of sizes and numbers */
#define NUMBER_MAX UINT64_C(999999999999)

void
relay_auth(struct span secret, struct span path, struct span body,
    char out[RELAY_AUTH_MAX])
{
	uint8_t hash[SHA256_LEN], code[SHA256_LEN];
	char hex[2 * SHA256_LEN];
	unsigned len = sizeof(code);
	struct buf text;

	sha256(body, hash);
	hex_print(hash, SHA256_LEN, hex);
	buf_init(&text);
	buf_str(&text, "PUT\n");
	buf_span(&text, path);
	buf_printf(&text, "\n%.*s\n", (int)sizeof(hex), hex);
	if (HMAC(EVP_sha256(), secret.p, (int)secret.len, text.p, text.len,
		code, &len) == NULL)
		abort(); /* out of memory; nobody may take that for a code */
	buf_fini(&text);
	memcpy(out, RELAY_SCHEME, sizeof(RELAY_SCHEME) - 1);
	hex_print(code, SHA256_LEN, out + sizeof(RELAY_SCHEME) - 1);
	out[RELAY_AUTH_MAX - 1] = '\0';
}

static uint64_t
take_number(struct cursor *c)
{
	struct span s = cursor_take(c, DIGITS);
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			c->bad = true;
		n = n * 10 + (uint64_t)(s.p[i] - '0');
	}
	return c->bad ? 0 : n;
}

static void
take_rest(struct cursor *c, struct relay_path *p)
{
	switch (p->what) {
	case RELAY_LOG:
	case RELAY_CHECKPOINT:
		break;
	case RELAY_EPOCHS:
		p->offset = cursor_decimal(c, NUMBER_MAX);
		break;
	case RELAY_KEPT:
	case RELAY_MANIFEST:
		p->number = take_number(c);
		break;
	case RELAY_TOKEN:
		p->number = take_number(c);
		cursor_expect(c, SPAN("-"));
		cursor_hex(c, p->hash, sizeof(p->hash));
		cursor_expect(c, SPAN(".tsr"));
		break;
	case RELAY_SEGMENT:
		p->number = take_number(c);
		cursor_expect(c, SPAN("/"));
		p->offset = cursor_decimal(c, NUMBER_MAX);
		break;
	}
}

static const char *const heads[] = { [RELAY_LOG] = "log",
	[RELAY_EPOCHS] = "epochs/",
	[RELAY_CHECKPOINT] = "checkpoint",
	[RELAY_KEPT] = "checkpoints/",
	[RELAY_TOKEN] = "tokens/",
	[RELAY_MANIFEST] = "manifests/",
	[RELAY_SEGMENT] = "segments/" };

int
relay_path_parse(struct span path, struct relay_path *p)
{
	struct cursor c = cursor_make(path), rest;
	size_t i;

	*p = (struct relay_path){ 0 };
	cursor_hex(&c, p->origin, SHA256_LEN);
	cursor_expect(&c, SPAN("/"));
	if (c.bad)
		return -1;
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		rest = c;
		p->what = (enum relay_what)i;
		cursor_expect(&rest, span_str(heads[i]));
		if (rest.bad)
			continue;
		take_rest(&rest, p);
		if (cursor_done(&rest))
			return 0;
	}
	return -1;
}

void
relay_path_print(const struct relay_path *p, char out[RELAY_PATH_MAX])
{
	char hex[2 * SHA256_LEN], hash[2 * sizeof(p->hash)], rest[64] = "";

	hex_print(p->origin, SHA256_LEN, hex);
	hex_print(p->hash, sizeof(p->hash), hash);
	if (p->what == RELAY_EPOCHS)
		snprintf(rest, sizeof(rest), "%" PRIu64, p->offset);
	else if (p->what == RELAY_TOKEN)
		snprintf(rest, sizeof(rest), "%012" PRIu64 "-%.*s.tsr",
		    p->number, (int)sizeof(hash), hash);
	else if (p->what == RELAY_SEGMENT)
		snprintf(rest, sizeof(rest), "%012" PRIu64 "/%" PRIu64,
		    p->number, p->offset);
	else if (p->what == RELAY_KEPT || p->what == RELAY_MANIFEST)
		snprintf(rest, sizeof(rest), "%012" PRIu64, p->number);
	snprintf(out, RELAY_PATH_MAX, "%.*s/%s%s", (int)sizeof(hex), hex,
	    heads[p->what], rest);
}
