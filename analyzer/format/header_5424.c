/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/header_5424.h"

#include "analyzer/format/header_word.h"

#define FIELD_MAX 128

/* Take a field, up to a blank. */
static struct span
take_field(struct span *s)
{
	struct span t = header_word_token(*s);

	*s = header_word_skip(*s, t.len + 1);
	return t;
}

/* "-" is nil. */
static struct span
value(struct span field)
{
	return span_is(field, "-") ? (struct span){ NULL, 0 } : field;
}

/* Whether a field may be one: what devices write as messages may not. */
static bool
is_field(struct span t)
{
	size_t i;

	if (t.len == 0 || t.len > FIELD_MAX)
		return false;
	for (i = 0; i < t.len; i++)
		if (t.p[i] <= ' ' || header_word_is(t.p[i], HEADER_WORD_SIGN))
			return false;
	return true;
}

static bool
is_number_or_nil(struct span t)
{
	return span_is(t, "-") ||
	    (t.len > 0 && header_word_digits(t) == t.len);
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

/* Whether it begins with a name, and not as in '[action:"Drop"; ...]'. */
static bool
sd_named(struct span sd, bool *at)
{
	size_t i;

	*at = false;
	for (i = 1; i < sd.len && sd.p[i] != ' ' && sd.p[i] != ']'; i++) {
		if (sd.p[i] == '"' || sd.p[i] == '=' || sd.p[i] == ':')
			return false;
		if (sd.p[i] == '@')
			*at = true;
	}
	return i > 1;
}

/*
 * Take the structured data, nil or not.  What is in brackets but is none is
 * both: whoever wants it finds it there, and the message keeps it.
 */
static bool
take_sd(struct span *s, struct span *sd, bool *at)
{
	size_t n;

	*at = false;
	if (s->len == 0)
		return false;
	if (s->p[0] == '-' && (s->len == 1 || s->p[1] == ' ')) {
		*s = header_word_skip(*s, 2);
		return true;
	}
	if (s->p[0] != '[')
		return false;
	if ((n = sd_len(*s)) == 0)
		return true; /* it does not close */
	*sd = span_sub(*s, 0, n);
	if (sd_named(*sd, at)) {
		*s = header_word_skip(*s, n);
		if (s->len > 0 && s->p[0] == ' ')
			*s = header_word_skip(*s, 1);
	}
	return true;
}

/*
 * Without priority and version, and without structured data: a program's name,
 * a number or nil, a word or nil, and nil.  An access log has an address first.
 */
static bool
is_plain(struct span app, struct span pid, struct span msgid, struct span rest)
{
	size_t i;

	if (rest.len < 2 || rest.p[0] != '-' || rest.p[1] != ' ' ||
	    app.len == 0 || !header_word_is(app.p[0], HEADER_WORD_LETTER) ||
	    !is_number_or_nil(pid) || !is_field(msgid))
		return false;
	for (i = 0; i < app.len; i++)
		if (!header_word_is(app.p[i], HEADER_WORD_TAG))
			return false;
	return true;
}

/*
 * "app pid msgid sd message" behind the host.  bare: only what cannot be
 * anything else.
 */
static bool
take_fields(struct span s, struct header *h, bool bare)
{
	struct span app = take_field(&s), pid, msgid, sd = { NULL, 0 };
	bool at, plain, colon = app.len > 1 && app.p[app.len - 1] == ':';

	if (colon)
		app.len--;
	pid = take_field(&s);
	msgid = take_field(&s);
	if (!is_field(app) || pid.len == 0 || (msgid.len == 0 && bare))
		return false;
	if (colon && (!is_number_or_nil(pid) || msgid.len == 0 ||
		(s.len > 0 && s.p[0] != '-' && s.p[0] != '[')))
		return false; /* a tag of RFC 3164 */
	plain = bare && is_plain(app, pid, msgid, s);
	if (!take_sd(&s, &sd, &at)) {
		/* No words of a message, and no "name=value". */
		if (bare || !is_number_or_nil(pid) ||
		    !(is_field(msgid) || msgid.len == 0))
			return false;
	} else if (bare && !at && !plain)
		return false;
	if (colon && header_word_digits(app) == app.len)
		h->sequence = app; /* IOS through a relay */
	else
		h->app = value(app);
	h->pid = value(pid);
	h->msgid = value(msgid);
	h->sd = sd;
	if (s.len >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		s = header_word_skip(s, 3);
	h->body[HEADER_TAG] = header_word_blanks(s);
	return true;
}

bool
header_5424_bare(struct span s, struct header *h)
{
	return take_fields(s, h, true);
}

/* Meraki: the epoch, a host, then a word for the kind of event. */
static void
take_kind(struct span s, struct header *h)
{
	struct span t = header_word_token(s);
	size_t i;

	for (i = 0; i < t.len; i++)
		if (!header_word_is(t.p[i], HEADER_WORD_ALNUM) &&
		    t.p[i] != '_')
			return;
	h->app = t;
	h->body[HEADER_TAG] =
	    header_word_blanks(header_word_skip(s, t.len));
}

/* What follows version and stamp; *h knows the stamp. */
static void
take_rest(struct span s, struct header *h)
{
	struct span host;
	size_t n;

	h->body[HEADER_TIME] = s;
	host = take_field(&s);
	if (!header_word_host(host, &h->host, &h->relay)) {
		h->host = host;
		h->relay = (struct span){ NULL, 0 };
	}
	h->body[HEADER_HOST] = h->body[HEADER_TAG] = s;
	if (take_fields(s, h, false))
		return;
	s = header_word_blanks(s);
	h->body[HEADER_HOST] = h->body[HEADER_TAG] = s;
	if (h->has_stamp && h->stamp_text.p[4] >= '0' &&
	    h->stamp_text.p[4] <= '9')
		take_kind(s, h);
	else if ((n = header_word_tag(s, &h->app, &h->pid)) > 0)
		h->body[HEADER_TAG] =
		    header_word_blanks(header_word_skip(s, n));
}

bool
header_5424_parse(struct span s, struct header *h)
{
	size_t n = header_word_digits(s);
	struct stamp stamp;

	if (n == 0 || n > 2 || s.len < n + 3 || s.p[n] != ' ')
		return false;
	if (h->pri_text.len == 0 && (n != 1 || s.p[0] != '1'))
		return false;
	s = header_word_skip(s, n + 1);
	if (h->pri_text.len > 0 && s.p[0] == '-' && s.p[1] == ' ')
		s = header_word_skip(s, 2);
	else if (header_word_is(s.p[0], HEADER_WORD_DIGIT) &&
	    stamp_parse(s, &stamp) && stamp.len < s.len &&
	    s.p[stamp.len] == ' ' &&
	    (h->pri_text.len > 0 || s.p[10] == 'T')) {
		h->has_stamp = true;
		h->stamp = stamp;
		h->stamp_text = span_sub(s, 0, stamp.len);
		s = header_word_skip(s, stamp.len + 1);
	} else
		return false;
	take_rest(s, h);
	return true;
}
