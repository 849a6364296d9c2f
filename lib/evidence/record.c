/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/record.h"

#include <string.h>

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

/*
 * Heads are read in one pass, which does not know where the line ends: nothing
 * but its end takes an LF.  Behind a number there is a byte to be looked at.
 */
static inline int
take_kind(const uint8_t **p, enum record_kind *kind)
{
	unsigned i;

	if ((*p)[2] != ' ')
		return -1;
	for (i = 0; i < RECORD_KIND_COUNT; i++) {
		if (memcmp(*p, kinds[i], 2) == 0) {
			*kind = (enum record_kind)i;
			*p += 3;
			return 0;
		}
	}
	return -1;
}

/* A canonical decimal of at most max, which has less than 20 digits. */
static inline int
take_decimal(const uint8_t **p, const uint8_t *end, uint64_t max, uint64_t *n)
{
	const uint8_t *from = *p, *at = from;
	uint64_t v = 0;
	unsigned digit;

	for (; at < end; at++) {
		if ((digit = *at - (unsigned)'0') > 9) {
			if ((size_t)(at - from) - 1 > 18 || v > max ||
			    (*from == '0' && at - from > 1))
				return -1;
			*p = at;
			*n = v;
			return 0;
		}
		v = v * 10 + digit;
	}
	return -1;
}

/* From September 2001 to 2286 it has sixteen digits. */
static inline int
take_time(const uint8_t **p, const uint8_t *end, uint64_t *rx)
{
	const uint8_t *from = *p;
	uint64_t high, low;

	if (end - from <= 16 || from[16] != ' ' || *from == '0' ||
	    (high = num_eight(from)) == UINT64_MAX ||
	    (low = num_eight(from + 8)) == UINT64_MAX)
		return take_decimal(p, end, RECORD_RX_MAX, rx);
	*rx = high * 100000000 + low;
	*p += 16;
	return 0;
}

/* Letters in the order x f i d, or "-"; then perhaps "@<port>". */
static int
take_letters(const uint8_t **p, const uint8_t *end, struct record *r)
{
	static const char letters[] = "xfid";
	const uint8_t *at = *p;
	uint64_t port = 0;
	unsigned i;

	for (i = 0; i < 4; i++) {
		if (at < end && *at == letters[i]) {
			r->flags |= 1u << i;
			at++;
		}
	}
	if (r->flags == 0 && (at == end || *at++ != '-'))
		return -1;
	if (at < end && *at == '@') {
		at++;
		if (take_decimal(&at, end, UINT16_MAX, &port) != 0 || port == 0)
			return -1;
	}
	if (at == end || *at != ' ')
		return -1;
	r->port = (uint16_t)port;
	*p = at + 1;
	return 0;
}

/* And the blank behind them. */
static inline int
take_flags(const uint8_t **p, const uint8_t *end, struct record *r)
{
	r->flags = 0;
	r->port = 0;
	if (end - *p < 2 || memcmp(*p, "- ", 2) != 0)
		return take_letters(p, end, r);
	*p += 2;
	return 0;
}

/* *at: bytes of the head line, its LF included. */
static inline enum record_err
parse_head(struct span in, struct record *r, size_t *at, size_t *len)
{
	const uint8_t *p = in.p, *end;
	uint64_t stream, n;

	if (in.len < 3 || take_kind(&p, &r->kind) != 0)
		return RECORD_BAD_KIND;
	end = in.p + in.len;
	if (take_time(&p, end, &r->rx) != 0 || *p++ != ' ' ||
	    take_decimal(&p, end, UINT32_MAX, &stream) != 0 || *p++ != ' ' ||
	    take_flags(&p, end, r) != 0 ||
	    take_decimal(&p, end, UINT32_MAX, &n) != 0 || *p++ != '\n')
		return RECORD_BAD_HEAD;
	r->stream = (uint32_t)stream;
	*at = (size_t)(p - in.p);
	*len = (size_t)n;
	if (r->kind == RECORD_RECEIVED)
		return r->stream == 0	     ? RECORD_BAD_HEAD
		    : *len > RECORD_BODY_MAX ? RECORD_BAD_LEN
					     : RECORD_OK;
	if (r->stream != 0 || r->flags != 0 || r->port != 0)
		return RECORD_BAD_HEAD;
	return *len > RECORD_SYSTEM_MAX ? RECORD_BAD_LEN : RECORD_OK;
}

/* Before the head line is whole it is not said what is wrong with it. */
static enum record_err
parse_failed(struct span in, enum record_err e)
{
	struct span head = span_sub(in, 0, RECORD_HEAD_MAX);

	if (head.len > 0 && memchr(head.p, '\n', head.len) != NULL)
		return e;
	return head.len == RECORD_HEAD_MAX ? RECORD_BAD_HEAD : RECORD_MORE;
}

enum record_err
record_parse(struct span in, struct record *r, size_t *size)
{
	enum record_err e;
	size_t at, len;

	if ((e = parse_head(in, r, &at, &len)) != RECORD_OK)
		return parse_failed(in, e);
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
