/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/record.h"

#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/num.h"

/*
 * Printing and hashing are on the hot path of the writer and of the verifier:
 * lines are put together in a local array, without printf and malloc.
 */
static const char kinds[][3] = {
#define RECORD_KIND(id, text, doc) text,
#include "evidence/record_kind_tbl.h"
#undef RECORD_KIND
};

static const char *const framings[] = { "none", "lf", "nul", "octet", "raw" };

const char *
record_strerror(enum record_err e)
{
	switch (e) {
	case RECORD_OK:
		return tr("fine", "正常");
	case RECORD_MORE:
		return tr("the record is not complete",
		    "記録が途中で終わっています");
	case RECORD_BAD_KIND:
		return tr("not a kind of record that this version knows",
		    "この版が知らない種別の記録です");
	case RECORD_BAD_HEAD:
		return tr("the head line is not as specified",
		    "記録の見出し行が形式どおりではありません");
	case RECORD_BAD_LEN:
		return tr("the record is longer than its kind may be",
		    "記録がその種別の上限を超えています");
	case RECORD_BAD_END:
		return tr("no line end behind the record",
		    "記録の後に改行がありません");
	}
	return tr("not an error of records", "記録のエラーではありません");
}

const char *
record_kind_name(enum record_kind kind)
{
	return kinds[kind];
}

static char *
put_flags(char *p, unsigned flags, uint16_t port)
{
	char *start = p;

	if (flags & RECORD_CUT)
		*p++ = 'x';
	if (flags & RECORD_PARTIAL)
		*p++ = 'f';
	if (flags & RECORD_IMPORTED)
		*p++ = 'i';
	if (flags & RECORD_DUPLICATE)
		*p++ = 'd';
	if (p == start)
		*p++ = '-';
	if (port != 0) {
		*p++ = '@';
		p += num_print(port, p);
	}
	return p;
}

/* " <flags> <len>", the end that head line and leaf line have in common. */
static char *
put_tail(char *p, const struct record *r)
{
	*p++ = ' ';
	p = put_flags(p, r->flags, r->port);
	*p++ = ' ';
	return p + num_print(r->body.len, p);
}

static char *
put_kind(char *p, enum record_kind kind)
{
	p[0] = kinds[kind][0];
	p[1] = kinds[kind][1];
	p[2] = ' ';
	return p + 3;
}

void
record_print(const struct record *r, struct buf *out)
{
	char *start, *p;

	p = start = (char *)buf_reserve(out, RECORD_HEAD_MAX + r->body.len + 1);
	p = put_kind(p, r->kind);
	p += num_print(r->rx, p);
	*p++ = ' ';
	p += num_print(r->stream, p);
	p = put_tail(p, r);
	*p++ = '\n';
	if (r->body.len > 0)
		memcpy(p, r->body.p, r->body.len);
	p += r->body.len;
	*p++ = '\n';
	out->len += (size_t)(p - start);
}

static int
parse_kind(struct span s, enum record_kind *kind)
{
	unsigned i;

	for (i = 0; i < RECORD_KIND_COUNT; i++) {
		if (s.len == 2 && memcmp(s.p, kinds[i], 2) == 0) {
			*kind = (enum record_kind)i;
			return 0;
		}
	}
	return -1;
}

/* "-", or letters in the order x f i d; then perhaps "@<port>". */
static int
parse_flags(struct span s, unsigned *flags, uint16_t *port)
{
	static const char letters[] = "xfid";
	unsigned i;
	uint64_t n;
	size_t at = 0;

	*flags = 0;
	*port = 0;
	for (i = 0; i < 4; i++) {
		if (at < s.len && s.p[at] == letters[i]) {
			*flags |= 1u << i;
			at++;
		}
	}
	if (at == 0 && (s.len == 0 || s.p[at++] != '-'))
		return -1;
	if (at == s.len)
		return 0;
	if (s.p[at] != '@' ||
	    num_parse_canonical(span_sub(s, at + 1, s.len), 65535, &n) != 0 ||
	    n == 0)
		return -1;
	*port = (uint16_t)n;
	return 0;
}

/* A head line, its LF left out. */
static enum record_err
parse_head(struct span line, struct record *r, size_t *len)
{
	struct cursor c = cursor_make(line);
	struct span flags;

	if (parse_kind(cursor_until(&c, ' '), &r->kind) != 0)
		return RECORD_BAD_KIND;
	r->rx = cursor_decimal(&c, RECORD_RX_MAX);
	cursor_expect(&c, SPAN(" "));
	r->stream = (uint32_t)cursor_decimal(&c, UINT32_MAX);
	cursor_expect(&c, SPAN(" "));
	flags = cursor_until(&c, ' ');
	*len = (size_t)cursor_decimal(&c, UINT32_MAX);
	if (!cursor_done(&c) || parse_flags(flags, &r->flags, &r->port) != 0)
		return RECORD_BAD_HEAD;
	if (r->kind == RECORD_RECEIVED)
		return r->stream == 0	     ? RECORD_BAD_HEAD
		    : *len > RECORD_BODY_MAX ? RECORD_BAD_LEN
					     : RECORD_OK;
	if (r->stream != 0 || r->flags != 0 || r->port != 0)
		return RECORD_BAD_HEAD;
	return *len > RECORD_SYSTEM_MAX ? RECORD_BAD_LEN : RECORD_OK;
}

enum record_err
record_parse(struct span in, struct record *r, size_t *size)
{
	struct span head = span_sub(in, 0, RECORD_HEAD_MAX);
	const uint8_t *lf;
	enum record_err e;
	size_t at, len;

	lf = head.len == 0 ? NULL : memchr(head.p, '\n', head.len);
	if (lf == NULL)
		return head.len == RECORD_HEAD_MAX ? RECORD_BAD_HEAD
						   : RECORD_MORE;
	head.len = (size_t)(lf - head.p);
	if ((e = parse_head(head, r, &len)) != RECORD_OK)
		return e;
	at = head.len + 1;
	if (in.len - at < len + 1)
		return RECORD_MORE;
	if (in.p[at + len] != '\n')
		return RECORD_BAD_END;
	r->body = span_make(in.p + at, len);
	*size = at + len + 1;
	return RECORD_OK;
}

void
record_nonce(const uint8_t salt[RECORD_SALT], uint64_t index, uint8_t nonce[16])
{
	uint8_t in[9 + RECORD_SALT + 8], hash[SHA256_LEN];
	unsigned i;

	memcpy(in, "ev1 nonce", 9);
	memcpy(in + 9, salt, RECORD_SALT);
	for (i = 0; i < 8; i++)
		in[9 + RECORD_SALT + i] = (uint8_t)(index >> (56 - 8 * i));
	sha256(span_make(in, sizeof(in)), hash);
	memcpy(nonce, hash, 16);
}

void
record_commit(const uint8_t nonce[16], struct span body,
    uint8_t commit[SHA256_LEN])
{
	uint8_t in[16 + SHA256_LEN];

	memcpy(in, nonce, 16);
	sha256(body, in + 16);
	sha256(span_make(in, sizeof(in)), commit);
}

size_t
record_leaf_line(const struct record *r, uint64_t index, uint64_t seq,
    const uint8_t commit[SHA256_LEN], char *out)
{
	char *p = put_kind(out, r->kind);

	p += num_print(index, p);
	*p++ = ' ';
	p += num_print(r->rx, p);
	*p++ = ' ';
	p += num_print(r->stream, p);
	*p++ = ':';
	p += num_print(seq, p);
	p = put_tail(p, r);
	*p++ = ' ';
	hex_print(commit, SHA256_LEN, p);
	return (size_t)(p + 2 * SHA256_LEN - out);
}

void
record_leaf(const struct record *r, uint64_t index, uint64_t seq,
    const uint8_t salt[RECORD_SALT], uint8_t leaf[SHA256_LEN])
{
	uint8_t nonce[16], commit[SHA256_LEN];
	char line[1 + RECORD_LEAF_MAX];
	size_t len;

	record_nonce(salt, index, nonce);
	record_commit(nonce, r->body, commit);
	line[0] = 0; /* RFC 6962: a leaf, not a node */
	len = record_leaf_line(r, index, seq, commit, line + 1);
	sha256(span_make(line, 1 + len), leaf);
}

/* What stands before and behind the message is framing: lf with CR, or nul. */
static struct span
message_octet(struct span body)
{
	size_t at = 0;

	while (at < body.len && body.p[at] >= '0' && body.p[at] <= '9')
		at++;
	if (at == 0 || at == body.len || body.p[at] != ' ')
		return body;
	return span_sub(body, at + 1, body.len);
}

struct span
record_message(struct span body, enum record_framing framing)
{
	switch (framing) {
	case RECORD_FRAMING_NONE:
	case RECORD_FRAMING_RAW:
		return body;
	case RECORD_FRAMING_LF:
		if (body.len == 0 || body.p[body.len - 1] != '\n')
			return body;
		body.len--;
		if (body.len > 0 && body.p[body.len - 1] == '\r')
			body.len--;
		return body;
	case RECORD_FRAMING_NUL:
		if (body.len > 0 && body.p[body.len - 1] == '\0')
			body.len--;
		return body;
	case RECORD_FRAMING_OCTET:
		return message_octet(body);
	}
	return body;
}

const char *
record_framing_name(enum record_framing f)
{
	return framings[f];
}

int
record_framing_parse(struct span name, enum record_framing *f)
{
	unsigned i;

	for (i = 0; i < sizeof(framings) / sizeof(framings[0]); i++) {
		if (span_is(name, framings[i])) {
			*f = (enum record_framing)i;
			return 0;
		}
	}
	return -1;
}
