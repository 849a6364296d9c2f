/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/header.h"

#include <string.h>

#define HOST_MAX 255
#define TAG_MAX 64
#define STACK_MAX 3 /* heads that relays may have put in front */

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_one_of(uint8_t c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static struct span
skip(struct span s, size_t n)
{
	return span_sub(s, n, s.len);
}

static struct span
skip_blanks(struct span s)
{
	while (s.len > 0 && s.p[0] == ' ')
		s = skip(s, 1);
	return s;
}

/* Up to the next blank. */
static struct span
token(struct span s)
{
	const uint8_t *end = s.len ? memchr(s.p, ' ', s.len) : NULL;

	return end == NULL ? s : span_sub(s, 0, (size_t)(end - s.p));
}

static size_t
digits(struct span s)
{
	size_t n = 0;

	while (n < s.len && is_digit(s.p[n]))
		n++;
	return n;
}

/*
 * BOM, octet count left in by a receiver, terminators, and what is left of
 * those of the line before: some send LF and a blank (ASA), or LF and NUL.
 */
static struct span
strip(struct span s)
{
	size_t n;

	while (s.len > 0 &&
	    (s.p[s.len - 1] == '\n' || s.p[s.len - 1] == '\r' ||
		s.p[s.len - 1] == '\0'))
		s.len--;
	if (s.len >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		s = skip(s, 3);
	n = digits(s);
	if (n > 0 && n <= 5 && s.len > n + 1 && s.p[n] == ' ' &&
	    s.p[n + 1] == '<')
		s = skip(s, n + 1);
	if (s.len > 2 && (s.p[0] == ' ' || s.p[0] == '\0') && s.p[1] == '<' &&
	    is_digit(s.p[2]))
		s = skip(s, 1);
	return s;
}

static struct span
parse_pri(struct span s, struct header *h)
{
	size_t n, i;
	int pri = 0;

	if (s.len < 3 || s.p[0] != '<')
		return s;
	n = digits(skip(s, 1));
	if (n == 0 || n > 4 || n + 1 >= s.len || s.p[n + 1] != '>')
		return s;
	for (i = 1; i <= n; i++)
		pri = pri * 10 + (s.p[i] - '0');
	h->pri_text = span_sub(s, 1, n);
	h->pri = pri <= 191 ? pri : -1;
	return skip(s, n + 2);
}

/* A field of RFC 5424: up to a blank, "-" is nil. */
static struct span
parse_field(struct span *s)
{
	struct span t = token(*s);

	*s = skip(*s, t.len + 1);
	return span_is(t, "-") ? (struct span){ NULL, 0 } : t;
}

/* Length of "[id name="value" ...]..." at s, 0 if it does not close. */
static size_t
sd_len(struct span s)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (quoted && s.p[i] == '\\' && i + 1 < s.len)
			i++;
		else if (s.p[i] == '"')
			quoted = !quoted;
		else if (!quoted && s.p[i] == ']' &&
		    (i + 1 == s.len || s.p[i + 1] != '['))
			return i + 1;
	}
	return 0;
}

/* RFC 5424 behind <pri>.  Return false if it is something else. */
static bool
parse_5424(struct span s, struct header *h)
{
	size_t n = digits(s);

	if (n == 0 || n > 2 || s.len < n + 3 || s.p[n] != ' ')
		return false;
	s = skip(s, n + 1);
	if (s.p[0] == '-' && s.p[1] == ' ')
		s = skip(s, 2);
	else if (stamp_parse(s, &h->stamp) && h->stamp.len < s.len &&
	    s.p[h->stamp.len] == ' ') {
		h->has_stamp = true;
		h->stamp_text = span_sub(s, 0, h->stamp.len);
		s = skip(s, h->stamp.len + 1);
	} else
		return false;
	h->body[HEADER_TIME] = s;
	h->host = parse_field(&s);
	h->body[HEADER_HOST] = s;
	h->app = parse_field(&s);
	h->pid = parse_field(&s);
	h->msgid = parse_field(&s);
	if (s.len > 0 && s.p[0] == '-' && (s.len == 1 || s.p[1] == ' '))
		s = skip(s, 2);
	else if (s.len > 0 && s.p[0] == '[' && (n = sd_len(s)) > 0) {
		h->sd = span_sub(s, 0, n);
		s = skip(s, n);
		if (s.len > 0 && s.p[0] == ' ')
			s = skip(s, 1);
	}
	if (s.len >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		s = skip(s, 3);
	h->body[HEADER_TAG] = s;
	return true;
}

static bool
is_host(struct span t)
{
	size_t i;

	if (t.len == 0 || t.len > HOST_MAX ||
	    !(is_alnum(t.p[0]) || t.p[0] == ':' || t.p[0] == '_'))
		return false;
	for (i = 0; i < t.len; i++)
		if (!is_alnum(t.p[i]) && !is_one_of(t.p[i], ".-_:@/"))
			return false;
	return t.p[t.len - 1] != ':' || (t.len > 2 && t.p[t.len - 2] == ':');
}

/* Cisco puts counters and a name before the stamp: "29: foo: *Apr 29". */
static struct span
parse_counters(struct span s, struct header *h)
{
	struct stamp ignored;
	struct span t, name = { NULL, 0 };
	int i;

	for (i = 0; i < 4; i++) {
		t = token(skip_blanks(s));
		if (t.len < 2 || t.p[t.len - 1] != ':')
			break;
		s = skip_blanks(skip(skip_blanks(s), t.len));
		t.len--;
		if (digits(t) == t.len)
			h->sequence = t;
		else if (name.len == 0 && is_host(t))
			name = t;
		else
			break;
		if (stamp_parse(s, &ignored)) {
			h->host = name;
			return s;
		}
	}
	h->sequence = (struct span){ NULL, 0 };
	return (struct span){ NULL, 0 };
}

/* Take the stamp; *colon says that ':' closed it, so that no host follows. */
static struct span
parse_stamp(struct span s, struct header *h, bool *colon)
{
	struct span at = skip_blanks(s), t;

	*colon = false;
	if (span_starts(at, SPAN(": "))) /* NX-OS: "<187>: 2025 Jun 25" */
		at = skip_blanks(skip(at, 1));
	if (!stamp_parse(at, &h->stamp)) {
		if ((t = parse_counters(at, h)).len == 0)
			return s;
		at = t;
		(void)stamp_parse(at, &h->stamp);
	}
	if (h->stamp.len < at.len && at.p[h->stamp.len] != ' ' &&
	    at.p[h->stamp.len] != ':')
		return s;
	h->has_stamp = true;
	h->stamp_text = span_sub(at, 0, h->stamp.len);
	at = skip(at, h->stamp.len);
	if (at.len > 0 && at.p[0] == ':') {
		*colon = true;
		at = skip(at, 1);
	}
	return at;
}

/* A relay's or a device's name behind the stamp, if there is one. */
static struct span
parse_host(struct span s, struct header *h)
{
	struct span at = skip_blanks(s), t, next;
	bool forwarded = span_starts(at, SPAN("Message forwarded from "));

	if (s.len > 1 && s.p[0] == ' ' && s.p[1] == ' ')
		return s; /* an empty name: "Feb  9 21:21:47  sshd[8317]:" */
	if (forwarded)
		at = skip(at, 23);
	t = token(at);
	next = skip_blanks(skip(at, t.len));
	if (t.len > 1 && t.p[t.len - 1] == ':' &&
	    (forwarded || (next.len > 0 && next.p[0] == '%')))
		t.len--;
	if (!is_host(t))
		return s;
	h->host = t;
	at = skip(at, t.len);
	if (span_starts(at, SPAN(" : ")))
		return skip(at, 2);
	return at.len > 0 && at.p[0] == ':' ? skip(at, 1) : at;
}

/* "name[pid]: " of RFC 3164. */
static struct span
parse_tag(struct span s, struct header *h)
{
	struct span at = skip_blanks(s), pid = { NULL, 0 };
	size_t n = 0, i;

	while (n < at.len && n < TAG_MAX &&
	    (is_alnum(at.p[n]) || is_one_of(at.p[n], "_./-+()@#")))
		n++;
	if (n == 0)
		return s;
	i = n;
	if (i < at.len && at.p[i] == '[') {
		while (i < at.len && at.p[i] != ']' && at.p[i] != ' ')
			i++;
		if (i == at.len || at.p[i] != ']')
			return s;
		pid = span_sub(at, n + 1, i - n - 1);
		i++;
	}
	if (i < at.len && at.p[i] == ':' &&
	    (i + 1 == at.len || at.p[i + 1] == ' '))
		i++;
	else if (pid.len == 0 || digits(pid) != pid.len ||
	    (i < at.len && at.p[i] != ' '))
		return s;
	h->app = span_sub(at, 0, n);
	h->pid = pid;
	return skip_blanks(skip(at, i));
}

/* RFC 3164 and its relatives behind <pri>. */
static void
parse_bsd(struct span s, struct header *h)
{
	bool colon;
	struct span t;

	s = parse_stamp(s, h, &colon);
	h->body[HEADER_TIME] = skip_blanks(s);
	t = skip_blanks(s);
	t = skip_blanks(skip(t, token(t).len));
	if ((h->has_stamp && !colon && h->host.len == 0) ||
	    (!h->has_stamp && h->pri_text.len > 0 && t.len > 0 &&
		t.p[0] == '%'))
		s = parse_host(s, h);
	s = skip_blanks(s);
	h->body[HEADER_HOST] = s;
	h->body[HEADER_TAG] = parse_tag(s, h);
}

static bool
starts_head(struct span s)
{
	struct header h = { 0 };
	struct stamp st;

	(void)parse_pri(s, &h);
	return h.pri_text.len > 0 || stamp_parse(s, &st);
}

/*
 * An inner head that lacks a name or a priority takes them from the outer:
 * the outer one is then no relay but the way the device's line was framed.
 */
static void
inherit(struct header *h, const struct header *outer)
{
	if (h->host.len == 0)
		h->host = outer->host;
	else
		h->relay = outer->host;
	if (h->pri_text.len == 0) {
		h->pri = outer->pri;
		h->pri_text = outer->pri_text;
	}
}

void
header_parse(struct span line, struct header *h)
{
	struct span s = strip(line), whole = s;
	struct header outer = { .pri = -1 };
	int i;

	for (i = 0; i < STACK_MAX; i++) {
		memset(h, 0, sizeof(*h));
		h->pri = -1;
		h->body[HEADER_NONE] = whole;
		s = parse_pri(s, h);
		h->body[HEADER_PRI] = skip_blanks(s);
		if (h->pri_text.len == 0 || !parse_5424(s, h))
			parse_bsd(s, h);
		if (i > 0)
			inherit(h, &outer);
		s = h->body[HEADER_HOST];
		if (!h->has_stamp || !starts_head(s))
			return;
		outer = *h;
	}
}
