/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/envelope.h"

#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/num.h"
#include "common/utc.h"
#include "evidence/checkpoint.h"

/*
 * Receivers strip line ends and NULs from the end of a message, and some take
 * an octet count in front of it for framing of their own: both travel as hex
 * in the structured data, so that what they do to MSG cannot hurt the body.
 * 32473 is the enterprise number that RFC 5612 sets aside for whoever has none.
 */
#define SD_ID "[konseki@32473 origin=\""
#define PRI_MAX 191u
#define PRI_RECEIVED "13" /* user.notice, where the message has none */
#define PRI_SYSTEM "110"  /* log audit, informational */
#define HOST_MAX 255u

struct parts { /* of a body */
	struct span head, msg, tail;
};

static struct parts
divide(struct span body, enum record_framing framing)
{
	struct parts p = { .msg = record_message(body, framing) };
	size_t before, behind, end;

	before = p.msg.len == 0 ? 0 : (size_t)(p.msg.p - body.p);
	behind = body.len - before - p.msg.len;
	if (before > ENVELOPE_EDGE_MAX || behind > ENVELOPE_EDGE_MAX)
		before = behind = 0;
	end = body.len - behind;
	while (end > before && behind < ENVELOPE_EDGE_MAX &&
	    (body.p[end - 1] == '\n' || body.p[end - 1] == '\r' ||
		body.p[end - 1] == '\0'))
		end--, behind++;
	p.head = span_sub(body, 0, before);
	p.msg = span_sub(body, before, end - before);
	p.tail = span_sub(body, end, behind);
	return p;
}

static bool
is_printable(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] >= 0x7f)
			return false;
	return true;
}

struct span
envelope_words(struct span body)
{
	struct span key = SPAN(" listener=");
	size_t i;

	for (i = 0; i + key.len <= body.len; i++)
		if (memcmp(body.p + i, key.p, key.len) == 0)
			return span_sub(body, i + 1, body.len);
	return span_make(NULL, 0);
}

/* The message's own priority, as it stands there; else ours. */
static struct span
priority(const struct envelope *e, struct span msg)
{
	struct cursor c = cursor_make(msg);
	struct span text;
	uint64_t n;

	if (e->r.kind != RECORD_RECEIVED)
		return SPAN(PRI_SYSTEM);
	cursor_expect(&c, SPAN("<"));
	c.end = cursor_left(&c) > 4 ? c.p + 4 : c.end;
	text = cursor_until(&c, '>');
	if (c.bad || num_parse_canonical(text, PRI_MAX, &n) != 0)
		return SPAN(PRI_RECEIVED);
	return text;
}

static void
print_host(struct span words, struct buf *out)
{
	struct buf peer;
	struct span s;

	buf_init(&peer);
	s = record_word_get(words, "peer", &peer) == 1 ? buf_view(&peer)
						       : SPAN("-");
	if (s.len == 0 || s.len > HOST_MAX || !is_printable(s) ||
	    memchr(s.p, ' ', s.len) != NULL)
		s = SPAN("-");
	buf_span(out, s);
	buf_fini(&peer);
}

static void
print_hex(const char *name, struct span s, struct buf *out)
{
	buf_printf(out, "\" %s=\"", name);
	hex_print(s.p, s.len, (char *)buf_reserve(out, 2 * s.len + 1));
	out->len += 2 * s.len;
}

static void
print_words(struct span words, struct buf *out)
{
	size_t i;

	for (i = 0; i < words.len; i++) {
		if (words.p[i] == '"' || words.p[i] == '\\' ||
		    words.p[i] == ']')
			buf_byte(out, '\\');
		buf_byte(out, words.p[i]);
	}
}

/* The head line of the record, as it stands in its segment, without LF. */
static void
print_line(const struct envelope *e, struct buf *out)
{
	struct buf text;

	buf_init(&text);
	record_print(&e->r, &text);
	buf_append(out, text.p, text.len - e->r.body.len - 2);
	buf_fini(&text);
}

void
envelope_print(const struct envelope *e, enum record_framing framing,
    struct buf *out)
{
	struct parts p = divide(e->r.body, framing);
	struct span words = e->words, pri = priority(e, p.msg);
	char when[UTC_TEXT];

	if (words.len > ENVELOPE_WORDS_MAX || !is_printable(words))
		words.len = 0;
	buf_printf(out, "<%.*s>1 %s ", (int)pri.len, (const char *)pri.p,
	    utc_print((int64_t)e->r.rx, 0, when));
	print_host(words, out);
	buf_printf(out, " konseki - %s " SD_ID, record_kind_name(e->r.kind));
	buf_span(out, e->origin);
	buf_printf(out, "\" index=\"%llu\" seq=\"%llu",
	    (unsigned long long)e->index, (unsigned long long)e->seq);
	print_hex("nonce", span_make(e->nonce, sizeof(e->nonce)), out);
	buf_str(out, "\" record=\"");
	print_line(e, out);
	print_hex("head", p.head, out);
	print_hex("tail", p.tail, out);
	buf_str(out, "\" words=\"");
	print_words(words, out);
	buf_str(out, "\"] ");
	buf_span(out, p.msg);
}

/* Up to the structured data: what is before may be another's. */
static void
parse_header(struct cursor *c)
{
	int i;

	cursor_expect(c, SPAN("<"));
	(void)cursor_until(c, '>'); /* any priority */
	cursor_expect(c, SPAN("1 "));
	for (i = 0; i < 5; i++) /* time, host, program, its number, kind */
		(void)cursor_until(c, ' ');
}

/* Hex in quotes, at most ENVELOPE_EDGE_MAX bytes of it. */
static size_t
parse_hex(struct cursor *c, uint8_t out[ENVELOPE_EDGE_MAX])
{
	struct span s = cursor_until(c, '"');

	if (s.len % 2 != 0 || s.len / 2 > ENVELOPE_EDGE_MAX ||
	    hex_parse(s, out, s.len / 2) != 0) {
		c->bad = true;
		return 0;
	}
	return s.len / 2;
}

/* The end of the structured data, words unescaped; they end with a quote. */
static void
parse_words(struct cursor *c, struct buf *out)
{
	size_t start = out->len;
	struct span s;
	uint8_t b;

	while (!c->bad) {
		s = cursor_take(c, 1);
		if (c->bad || *s.p == '"')
			break;
		b = *s.p;
		if (b == '\\') {
			s = cursor_take(c, 1);
			b = c->bad ? 0 : *s.p;
			if (b != '"' && b != '\\' && b != ']')
				c->bad = true;
		} else if (b == ']')
			c->bad = true;
		buf_byte(out, b);
		if (b < ' ' || b >= 0x7f ||
		    out->len - start > ENVELOPE_WORDS_MAX)
			c->bad = true;
	}
	cursor_expect(c, SPAN("] "));
}

int
envelope_parse(struct span in, struct envelope *e, struct buf *text)
{
	struct cursor c = cursor_make(in);
	uint8_t head[ENVELOPE_EDGE_MAX], tail[ENVELOPE_EDGE_MAX];
	size_t head_len, tail_len, words, size;
	struct span line, all;

	text->len = 0;
	parse_header(&c);
	cursor_expect(&c, SPAN(SD_ID));
	e->origin = cursor_until(&c, '"');
	cursor_expect(&c, SPAN(" index=\""));
	e->index = cursor_decimal(&c, CHECKPOINT_SIZE_MAX);
	cursor_expect(&c, SPAN("\" seq=\""));
	e->seq = cursor_decimal(&c, CHECKPOINT_SIZE_MAX);
	cursor_expect(&c, SPAN("\" nonce=\""));
	cursor_hex(&c, e->nonce, sizeof(e->nonce));
	cursor_expect(&c, SPAN("\" record=\""));
	line = cursor_until(&c, '"');
	cursor_expect(&c, SPAN(" head=\""));
	head_len = parse_hex(&c, head);
	cursor_expect(&c, SPAN(" tail=\""));
	tail_len = parse_hex(&c, tail);
	cursor_expect(&c, SPAN(" words=\""));
	parse_words(&c, text);
	if (c.bad || !checkpoint_origin_ok(e->origin) ||
	    line.len >= RECORD_HEAD_MAX || cursor_left(&c) > RECORD_BODY_MAX)
		return -1;
	words = text->len;
	buf_span(text, line);
	buf_byte(text, '\n');
	buf_append(text, head, head_len);
	buf_append(text, c.p, cursor_left(&c));
	buf_append(text, tail, tail_len);
	buf_byte(text, '\n');
	all = buf_view(text);
	e->words = span_sub(all, 0, words);
	all = span_sub(all, words, all.len);
	return record_parse(all, &e->r, &size) == RECORD_OK && size == all.len
	    ? 0
	    : -1;
}

void
envelope_leaf(const struct envelope *e, uint8_t leaf[SHA256_LEN])
{
	char line[1 + RECORD_LEAF_MAX];
	uint8_t commit[SHA256_LEN];
	size_t len;

	record_commit(e->nonce, e->r.body, commit);
	line[0] = 0; /* RFC 6962: a leaf, not a node */
	len = record_leaf_line(&e->r, e->index, e->seq, commit, line + 1);
	sha256(span_make(line, 1 + len), leaf);
}
