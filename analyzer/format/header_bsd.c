/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/header_bsd.h"

#include "analyzer/format/header_5424.h"
#include "analyzer/format/header_word.h"

/* --- Cisco ------------------------------------------------------------------
 */

/* "%SYS-5-CONFIG_I", "%%01POLICY/6/POLICYPERMIT" */
static bool
is_mnemonic(struct span s)
{
	return s.len > 2 && s.p[0] == '%' &&
	    (header_word_is(s.p[1], HEADER_WORD_UPPER) || s.p[1] == '%');
}

/* "RP/0/RP0/CPU0:" of IOS XR, glued to what follows: its bytes, or 0. */
static size_t
node_len(struct span t)
{
	size_t i, slashes = 0;

	for (i = 0; i < t.len && t.p[i] != ':'; i++) {
		if (t.p[i] == '/')
			slashes++;
		else if (!header_word_is(t.p[i],
			     HEADER_WORD_UPPER | HEADER_WORD_DIGIT))
			return 0;
	}
	return i < t.len && slashes >= 2 ? i + 1 : 0;
}

/* A zone by a name of the operator's own, "mng:", behind a Cisco's stamp. */
static size_t
zone_word(struct span s)
{
	size_t n = 1;
	int pri;

	if (s.len < 4 || s.p[0] != ' ')
		return 0;
	while (n < s.len && n <= 7 &&
	    header_word_is(s.p[n], HEADER_WORD_ALNUM))
		n++;
	return n > 2 && n < s.len && s.p[n] == ':' &&
		!header_word_is_level(span_sub(s, 1, n - 1), &pri)
	    ? n
	    : 0;
}

/* What a Cisco puts in front, while it is read. */
struct cisco {
	struct span name, counter, sd;
	bool sure; /* no other device writes so */
	bool pri;  /* there is a priority */
	bool open; /* a blank ended the stamp: a host may follow */
};

/*
 * The stamp behind counters and name, to its colon; *rest behind that.  Only
 * a relay's stamp, behind the counter that it took for the host, has none.
 */
static bool
cisco_stamp(struct span s, struct cisco *c, struct header *h,
    struct span *rest)
{
	struct stamp stamp;
	struct span at;
	size_t zone;

	if (!stamp_parse(s, &stamp))
		return false;
	at = header_word_skip(s, stamp.len);
	if ((c->sure || stamp.quality != 0) && !stamp.has_zone &&
	    !stamp.odd_zone && (zone = zone_word(at)) > 0) {
		stamp.odd_zone = true;
		stamp.len += zone;
		at = header_word_skip(at, zone);
	}
	if (c->sure && span_starts(at, SPAN(" :"))) /* IOS XR, no zone */
		at = header_word_skip(at, 1);
	c->open = at.len > 0 && at.p[0] == ' ' && c->counter.len > 0 &&
	    c->name.len == 0;
	if (!c->open && (at.len == 0 || at.p[0] != ':'))
		return false;
	*rest = c->open ? at : header_word_skip(at, 1);
	if (!c->sure && !c->pri && !is_mnemonic(header_word_blanks(*rest)))
		return false;
	h->has_stamp = true;
	h->stamp = stamp;
	h->stamp_text = span_sub(s, 0, stamp.len);
	return true;
}

static bool
cisco_uptime(struct span s, const struct cisco *c, struct header *h,
    struct span *rest)
{
	size_t n = header_word_uptime(s);

	if (n == 0)
		return false;
	*rest = header_word_skip(s, n + 1);
	if (!c->sure && !c->pri && !is_mnemonic(header_word_blanks(*rest)))
		return false;
	h->uptime = span_sub(s, 0, n);
	return true;
}

/* What ends it at s: a stamp, a running time, or the message at once. */
static bool
cisco_end(struct span s, struct cisco *c, struct header *h,
    struct span *rest)
{
	if (s.len == 0)
		return false;
	if (s.p[0] == '%') {
		*rest = s;
		return c->counter.len > 0 && is_mnemonic(s);
	}
	return cisco_stamp(s, c, h, rest) || cisco_uptime(s, c, h, rest);
}

/* A counter or a node behind a name without a colon, or the stamp itself. */
static bool
cisco_named(struct span s)
{
	size_t n = header_word_digits(s);

	if (n > 0)
		return n < s.len && s.p[n] == ':';
	return s.len > 0 && header_word_is(s.p[0], HEADER_WORD_UPPER);
}

/* Bytes of '[syslog@9 s_id="rt1:514"]:' at s, 0 if there is none. */
static size_t
cisco_sd(struct span s, struct cisco *c)
{
	static const char id[] = "s_id=\"";
	const uint8_t *end = memmem(s.p, s.len, "]: ", 3), *from;
	struct span relay, name;

	if (end == NULL)
		return 0;
	c->sd = span_sub(s, 0, (size_t)(end - s.p) + 1);
	from = memmem(c->sd.p, c->sd.len, id, sizeof(id) - 1);
	if (from != NULL) {
		name = header_word_skip(c->sd,
		    (size_t)(from - c->sd.p) + sizeof(id) - 1);
		end = memchr(name.p, '"', name.len);
		if (end != NULL && c->name.len == 0 &&
		    !header_word_host(span_sub(name, 0,
					  (size_t)(end - name.p)),
			&c->name, &relay))
			c->name = (struct span){ NULL, 0 };
	}
	return c->sd.len + 1;
}

/* "rt9:" glued to the stamp, behind a node: its bytes, or 0. */
static size_t
cisco_glued(struct span s, struct span t, struct cisco *c)
{
	const uint8_t *colon = memchr(t.p, ':', t.len);
	struct stamp stamp;
	size_t n;

	if (colon == NULL || !c->sure || c->name.len > 0)
		return 0;
	n = (size_t)(colon - t.p);
	if (!header_word_is_host(span_sub(t, 0, n)) ||
	    !stamp_parse(header_word_skip(s, n + 1), &stamp))
		return 0;
	c->name = span_sub(t, 0, n);
	return n + 1;
}

/* Take "29:", "foo:", ":", "RP/0/RP0/CPU0:"; false if s has none of them. */
static bool
cisco_item(struct span *s, struct cisco *c)
{
	struct span t;
	size_t n = 0;

	while (n < s->len && header_word_is(s->p[n], HEADER_WORD_HOST))
		n++;
	if (n == 0 && s->len > 0 && s->p[0] == '[' && c->counter.len > 0 &&
	    (n = cisco_sd(*s, c)) > 0) {
		*s = header_word_blanks(header_word_skip(*s, n));
		return true;
	}
	if (n == 0 || (n < s->len && s->p[n] != ' '))
		return false; /* nearly all messages */
	t = span_sub(*s, 0, n);
	if (t.p[n - 1] == ':') {
		t.len--;
		if (t.len == 0 || node_len(span_sub(*s, 0, n)) == n)
			c->sure = true;
		else if (header_word_digits(t) == t.len) {
			c->counter = t;
			c->sure = true;
		} else if (c->name.len == 0 && header_word_is_host(t))
			c->name = t;
		else
			return false;
	} else if ((n = node_len(t)) > 0)
		c->sure = true;
	else if ((n = cisco_glued(*s, t, c)) > 0)
		;
	else if (c->name.len == 0 && header_word_is_host(t) &&
	    cisco_named(header_word_blanks(header_word_skip(*s, t.len)))) {
		c->name = t;
		n = t.len;
	} else
		return false;
	*s = header_word_blanks(header_word_skip(*s, n));
	return true;
}

/*
 * Counters and a name before the stamp: "29: foo: *Apr 29 13:58:40.411:".
 * Return false and leave *h as it was if there is nothing of the kind.
 */
static bool
take_cisco(struct span s, struct cisco *c, struct header *h, struct span *rest)
{
	int i;

	for (i = 0; i < 5 && cisco_item(&s, c); i++) {
		if (!cisco_end(s, c, h, rest))
			continue;
		h->host = c->name;
		h->sequence = c->counter;
		h->sd = c->sd;
		return true;
	}
	return false;
}

/*
 * Whether a word stands there that take_cisco() may want: one with a colon,
 * or a name with what cisco_named() looks for behind it.
 */
static bool
has_item(struct span s)
{
	struct span next;
	size_t n = 0;

	while (n < s.len && header_word_is(s.p[n], HEADER_WORD_HOST))
		n++;
	if (n == 0 || (n < s.len && s.p[n] != ' '))
		return false;
	if (s.p[n - 1] == ':' || memchr(s.p, ':', n) != NULL)
		return true;
	next = header_word_blanks(header_word_skip(s, n));
	return next.len > 0 &&
	    header_word_is(next.p[0], HEADER_WORD_DIGIT | HEADER_WORD_UPPER);
}

static __attribute__((noinline)) bool
starts_cisco(struct span s)
{
	struct cisco c = { .sure = false };
	struct header h = { .pri = -1 };
	struct span rest;

	return take_cisco(s, &c, &h, &rest);
}

bool
header_bsd_starts(struct span s)
{
	struct stamp stamp;

	return stamp_parse(s, &stamp) || (has_item(s) && starts_cisco(s));
}

/* --- RFC 3164 ---------------------------------------------------------------
 */

/* Take the stamp; *closed: a ':' closed it, so that no host follows. */
static struct span
take_stamp(struct span s, struct header *h, bool *closed)
{
	struct cisco c = { .pri = h->pri_text.len > 0 };
	struct span at = header_word_blanks(s), rest;

	*closed = true;
	if (at.len > 0 && at.p[0] == ':') { /* "<187>: 2025 Jun 25" (NX-OS) */
		at = header_word_blanks(header_word_skip(at, 1));
		c.sure = true;
	}
	if (at.len > 0 && (at.p[0] == '*' || at.p[0] == '.') &&
	    cisco_stamp(at, &c, h, &rest))
		return rest;
	if (!stamp_parse(at, &h->stamp)) {
		if (cisco_uptime(at, &c, h, &rest) ||
		    take_cisco(at, &c, h, &rest)) {
			*closed = !c.open;
			return rest;
		}
		*closed = false;
		return s;
	}
	rest = header_word_skip(at, h->stamp.len);
	*closed = rest.len > 0 && rest.p[0] == ':';
	if (rest.len > 0 && rest.p[0] != ' ' && !*closed)
		return s;
	h->has_stamp = true;
	h->stamp_text = span_sub(at, 0, h->stamp.len);
	return *closed ? header_word_skip(rest, 1) : rest;
}

/*
 * A date in numbers and a time without a priority is how programs write their
 * own files: what follows is rarely a host.
 */
static bool
is_plain(const struct header *h)
{
	const uint8_t *p = h->stamp_text.p;

	return h->pri_text.len == 0 && h->has_stamp &&
	    header_word_is(p[0], HEADER_WORD_DIGIT) &&
	    header_word_is(p[4], HEADER_WORD_DIGIT | HEADER_WORD_HOST) &&
	    p[4] != ':' && p[10] != 'T';
}

static bool
is_asa(struct span s)
{
	return span_starts(s, SPAN("%ASA-")) || span_starts(s, SPAN("%FTD-")) ||
	    span_starts(s, SPAN("%PIX-")) || span_starts(s, SPAN("%FWSM-"));
}

/* Whether t, with next behind it, is no host though it looks like one. */
static bool
is_no_host(struct span t, struct span next, const struct header *h)
{
	struct span app, pid = { NULL, 0 };
	bool numeric = header_word_digits(t) == t.len, plain = is_plain(h);
	int pri;

	if (numeric || plain) {
		if (header_word_tag(next, &app, &pid) == 0)
			return !(plain && !numeric &&
			    (is_mnemonic(next) ||
				span_starts(next, SPAN(": %")) ||
				memmem(t.p, t.len, "->", 2) != NULL));
		if (plain && pid.len == 0)
			return true;
	}
	return header_word_is_level(t, &pri);
}

/* "192.0.2.1 fw1 : %ASA-6-...": an ASA's own name behind its relay's. */
static bool
take_asa(struct span t, struct span *next, struct header *h)
{
	struct span at = *next;
	size_t len;
	int zone;

	if (span_starts(at, SPAN(": %")))
		at = header_word_skip(at, 2);
	else if (t.len > 1 && t.p[t.len - 1] == ':' &&
	    stamp_zone_take(t, &zone, &len) == STAMP_ZONE_NONE)
		t.len--;
	else
		return false;
	if (!is_asa(at) || !header_word_is_host(t))
		return false;
	h->relay = h->host;
	h->host = t;
	*next = at;
	return true;
}

/*
 * "fw1 JST: %ASA...", "ns1 192.0.2.1 named[7]:", "gw1 gw1 sshd[7]:": what else
 * is in between.
 */
static struct span
take_between(struct span s, struct header *h)
{
	struct span at = header_word_blanks(s), t, next, app, pid;
	size_t len, i;
	int zone;

	if (at.len == 0 || s.len == at.len)
		return s;
	t = span_sub(at, 0, h->host.len + 1);
	if (t.len == h->host.len + 1 && t.p[t.len - 1] == ' ' &&
	    span_starts(t, h->host)) {
		next = header_word_blanks(header_word_skip(at, t.len));
		return header_word_tag(next, &app, &pid) > 0 ? next : s;
	}
	t = header_word_token(at);
	next = header_word_blanks(header_word_skip(at, t.len));
	if (take_asa(t, &next, h))
		return next;
	if (!header_word_is(at.p[0], HEADER_WORD_DIGIT | HEADER_WORD_UPPER))
		return s;
	if (header_word_is(at.p[0], HEADER_WORD_DIGIT)) {
		for (i = 0; i < t.len; i++)
			if (t.p[i] != '.' &&
			    !header_word_is(t.p[i], HEADER_WORD_DIGIT))
				return s;
		return t.len >= 7 &&
			header_word_tag(next, &app, &pid) > 0 && pid.len > 0
		    ? next
		    : s;
	}
	if (!is_mnemonic(next) || h->stamp.has_zone || h->stamp.odd_zone)
		return s;
	switch (stamp_zone_take(t, &zone, &len)) {
	case STAMP_ZONE_NONE:
		return s;
	case STAMP_ZONE_KNOWN:
		h->stamp.has_zone = len + 1 == t.len && t.p[len] == ':';
		h->stamp.zone = zone;
		return h->stamp.has_zone ? next : s;
	case STAMP_ZONE_ODD:
		h->stamp.odd_zone = len + 1 == t.len && t.p[len] == ':';
		return h->stamp.odd_zone ? next : s;
	}
	return s;
}

/* "local5.info" stands for a priority, if there is no other. */
static void
set_level(struct header *h, struct span t, int pri)
{
	h->level = t;
	if (pri >= 0 && h->pri_text.len == 0) {
		h->pri = pri;
		h->pri_text = t;
	}
}

/* A word for its severity before the tag: "fw1 notice mcpd[6760]: ...". */
static struct span
take_level(struct span s, struct header *h)
{
	struct span t = header_word_token(s), next, app, pid;
	size_t i;
	int pri;

	for (i = 0; i < t.len; i++)
		if (!header_word_is(t.p[i], HEADER_WORD_ALNUM) &&
		    t.p[i] != '.')
			return s;
	if (t.len == s.len || !header_word_is_level(t, &pri))
		return s;
	next = header_word_blanks(header_word_skip(s, t.len));
	if (header_word_tag(next, &app, &pid) == 0)
		return s;
	set_level(h, t, pri);
	return next;
}

/*
 * A priority behind the stamp: "Jun  7 18:54:52 <local0.info> ns1 ...", and
 * "Jun  7 18:54:52 local0.info ns1 ...".
 */
static struct span
take_words(struct span s, struct header *h)
{
	struct span t;
	size_t n;
	int pri;

	if (s.len == 0)
		return s;
	if (s.p[0] == '<') {
		n = h->pri_text.len > 0
		    ? 0
		    : header_word_priority(s, &h->pri, &h->pri_text);
		return header_word_blanks(header_word_skip(s, n));
	}
	t = header_word_token(s);
	if (t.len > 16 || !header_word_is(t.p[t.len - 1], HEADER_WORD_LETTER) ||
	    memchr(t.p, '.', t.len) == NULL ||
	    !header_word_is_level(t, &pri))
		return s;
	set_level(h, t, pri);
	return header_word_blanks(header_word_skip(s, t.len));
}

/* "2026-06-07 18:54:52.801612-0700  mac1 sshd[3186]:" has two blanks. */
static bool
is_mac(struct span at, const struct header *h)
{
	struct span app, pid;

	at = header_word_skip(at, header_word_token(at).len);
	return h->has_stamp && h->stamp.has_zone &&
	    h->stamp_text.p[4] == '-' &&
	    header_word_tag(header_word_blanks(at), &app, &pid) > 0 &&
	    pid.len > 0;
}

/* A relay's or a device's name behind the stamp, if there is one. */
static struct span
take_host(struct span s, struct header *h)
{
	struct span at = header_word_blanks(s), t, next, host;
	bool forwarded = span_starts(at, SPAN("Message forwarded from "));

	if (s.len > 1 && s.p[0] == ' ' && s.p[1] == ' ' && !is_mac(at, h))
		return s; /* an empty name: "Feb  9 21:21:47  sshd[8317]:" */
	if (forwarded)
		at = header_word_skip(at, 23);
	else
		s = at = take_words(at, h);
	t = header_word_token(at);
	next = header_word_blanks(header_word_skip(at, t.len));
	if (t.len > 1 && t.p[t.len - 1] == ':' &&
	    (forwarded || is_mnemonic(next))) {
		/* "2026-06-07T18:54:52Z Acl: %ACL-6-X" names a program. */
		if (h->has_stamp && h->stamp_text.p[10] == 'T' &&
		    !is_asa(next))
			return s;
		t.len--;
	}
	if (!header_word_host(t, &host, &h->relay) ||
	    (!forwarded && is_no_host(t, next, h))) {
		h->relay = (struct span){ NULL, 0 };
		return s;
	}
	h->host = host;
	at = header_word_skip(at, t.len);
	if (span_starts(at, SPAN(" : ")))
		return header_word_skip(at, 2);
	if (at.len > 0 && at.p[0] == ':')
		return header_word_skip(at, 1);
	return take_between(at, h);
}

bool
header_bsd_is_pair(struct span s)
{
	size_t n = header_word_key(s);

	return n > 0 && n < s.len && s.p[n] == '=';
}

void
header_bsd_parse(struct span s, struct header *h)
{
	bool closed;
	size_t n;

	if (header_bsd_is_pair(s)) {
		h->body[HEADER_TIME] = h->body[HEADER_HOST] =
		    h->body[HEADER_TAG] = s;
		return;
	}
	s = take_stamp(s, h, &closed);
	h->body[HEADER_TIME] = header_word_blanks(s);
	if (h->has_stamp ? !closed
			 : !closed && h->pri_text.len > 0 &&
		    is_mnemonic(header_word_blanks(header_word_skip(
			h->body[HEADER_TIME],
			header_word_token(h->body[HEADER_TIME]).len))))
		s = take_host(s, h);
	s = header_word_blanks(s);
	h->body[HEADER_HOST] = h->body[HEADER_TAG] = s;
	if (s.len == 0)
		return;
	if (h->has_stamp && h->host.len > 0 && h->stamp_text.p[10] == 'T' &&
	    header_5424_bare(s, h))
		return;
	s = take_level(s, h);
	if ((n = header_word_tag(s, &h->app, &h->pid)) > 0)
		h->body[HEADER_TAG] =
		    header_word_blanks(header_word_skip(s, n));
}
