/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cef.h"

#include <string.h>

/* Up to the next '|' that has no backslash; *s goes behind it. */
static bool
take_part(struct span *s, struct span *part)
{
	size_t i;

	for (i = 0; i < s->len && s->p[i] != '|'; i++)
		if (s->p[i] == '\\')
			i++;
	if (i >= s->len)
		return false;
	*part = span_sub(*s, 0, i);
	*s = span_sub(*s, i + 1, s->len);
	return true;
}

/*
 * What stands in front of the name is the head of a message, with structured
 * data at most: no pair and no quote, in whose value anybody may have written
 * the name.
 */
static bool
is_head(struct span s)
{
	size_t i, depth = 0;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '[')
			depth++;
		else if (s.p[i] == ']' && depth > 0)
			depth--;
		else if (depth == 0 &&
		    (s.p[i] == '=' || s.p[i] == '"' || s.p[i] == '|'))
			return false;
	}
	return depth == 0;
}

/* What stands behind the name, and the version behind that.  A relay that took
 * the name for the name of a program leaves the version in front. */
static bool
take_head(struct span *s, struct span name, struct span *version)
{
	const uint8_t *at = s->len == 0
	    ? NULL
	    : memmem(s->p, s->len, name.p, name.len);

	if (at != NULL && !is_head(span_make(s->p, (size_t)(at - s->p))))
		return false;
	if (at != NULL)
		*s = span_sub(*s, (size_t)(at - s->p) + name.len, s->len);
	return take_part(s, version) && version->len <= 4 &&
	    (at != NULL ||
		(version->len > 0 && version->p[0] >= '0' &&
		    version->p[0] <= '2'));
}

bool
cef_read(struct span in, struct cef *c)
{
	struct span version;
	size_t i;

	memset(c, 0, sizeof(*c));
	if (!take_head(&in, SPAN("CEF:"), &version))
		return false;
	for (i = 0; i < CEF_PARTS; i++)
		if (!take_part(&in, &c->part[i]))
			break;
	if (i == CEF_SEVERITY) { /* no extension, and no '|' either */
		c->part[i++] = in;
		in.len = 0;
	}
	c->extension = in;
	c->form = (struct pairs_form){ SPAN("="), SPAN(" "), { NULL, 0 },
		true };
	return i == CEF_PARTS;
}

static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "^", "x5E", "0x09": the one byte that it means.  Return false if none. */
static bool
delimiter(struct span s, uint8_t *byte)
{
	int high, low;

	if (s.len == 1) {
		*byte = s.p[0];
		return true;
	}
	if (s.len > 0 && s.p[0] == '0')
		s = span_sub(s, 1, s.len);
	if (s.len != 3 || (s.p[0] | 0x20) != 'x' ||
	    (high = hex_digit(s.p[1])) < 0 || (low = hex_digit(s.p[2])) < 0)
		return false;
	*byte = (uint8_t)(high * 16 + low);
	return true;
}

static bool
contains(struct span s, struct span part)
{
	return s.len > 0 && memmem(s.p, s.len, part.p, part.len) != NULL;
}

bool
leef_read(struct span in, struct cef *c)
{
	struct span version, sep = { NULL, 0 }, part, after;
	size_t i;

	memset(c, 0, sizeof(*c));
	if (!take_head(&in, SPAN("LEEF:"), &version))
		return false;
	for (i = 0; i <= CEF_ID; i++)
		if (!take_part(&in, &c->part[i]))
			return false;
	after = in;
	if (span_starts(version, SPAN("2")) && take_part(&after, &part) &&
	    part.len <= 4) {
		if (delimiter(part, &c->delimiter))
			sep = span_make(&c->delimiter, 1);
		in = after;
	}
	if (sep.len == 0)
		sep = contains(in, SPAN("\t")) ? SPAN("\t")
		    : contains(in, SPAN("#011")) ? SPAN("#011") /* rsyslog */
						  : SPAN(" ");
	c->extension = in;
	c->form = (struct pairs_form){ SPAN("="), sep, { NULL, 0 },
		span_is(sep, " ") };
	return true;
}

/* C:\Temp\new: the sender escapes no backslashes, and \n is no new line. */
static bool
is_path(struct span text)
{
	size_t i;

	for (i = 0; i + 1 < text.len; i++) {
		if (text.p[i] != '\\')
			continue;
		if ((text.p[i + 1] | 0x20) >= 'a' &&
		    (text.p[i + 1] | 0x20) <= 'z' && text.p[i + 1] != 'n' &&
		    text.p[i + 1] != 'r')
			return true;
		i++;
	}
	return false;
}

size_t
cef_unescape(struct span text, uint8_t *out)
{
	bool path = is_path(text);
	size_t i, n = 0;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.p[i];

		if (c == '\\' && i + 1 < text.len) {
			uint8_t next = text.p[i + 1];

			if ((next == 'n' || next == 'r') && !path) {
				c = next == 'n' ? '\n' : '\r';
				i++;
			} else if (strchr("\\=|\"", next) != NULL &&
			    next != '\0') {
				c = next;
				i++;
			}
		}
		out[n++] = c;
	}
	return n;
}
