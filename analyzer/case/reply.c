/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/reply.h"

#include <string.h>

#include "common/cursor.h"
#include "common/text.h"

#define LETTERS 8u /* of a code */

static bool
is_letter(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z');
}

static char
lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Where a word begins in s, whatever its case; s.len: nowhere. */
static size_t
find(struct span s, const char *word)
{
	size_t i, j, n = strlen(word);

	for (i = 0; i + n <= s.len; i++) {
		for (j = 0; j < n && lower(s.p[i + j]) == word[j]; j++)
			continue;
		if (j == n)
			return i;
	}
	return s.len;
}

static bool
has(struct span s, const char *word)
{
	return find(s, word) < s.len;
}

/*
 * Whether the head of a mail says that a program wrote it.  A bounce has an
 * empty envelope address and a report in it.
 */
static bool
is_automatic(struct span head)
{
	static const char *const signs[] = { "\nauto-submitted: auto",
		"\nprecedence: auto_reply", "\nprecedence: bulk",
		"\nprecedence: junk", "\nx-autoreply:", "\nx-autorespond:",
		"\nreturn-path: <>", "multipart/report" };
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (has(head, signs[i]))
			return true;
	return false;
}

/* Of a mail that answers ours: "In-Reply-To: <konseki-ack.K7M29QXD.1@host>".
 * Several may stand in References; the last one is answered. */
static bool
code_of_head(struct span head, struct buf *code)
{
	size_t at, n = strlen(REPLY_ID), found = 0;
	struct span rest = head;

	while ((at = find(rest, REPLY_ID)) < rest.len) {
		rest = span_sub(rest, at + n, rest.len);
		for (found = 0; found < rest.len && found < LETTERS &&
		     is_letter(rest.p[found]); found++)
			continue;
		if (found < LETTERS)
			continue;
		code->len = 0;
		buf_append(code, rest.p, LETTERS);
	}
	return code->len == LETTERS;
}

/* "K7M2-9QXD" standing alone: four, a dash, four. */
static bool
is_code_at(struct span s, size_t i)
{
	size_t j;

	if (i + LETTERS + 1 > s.len || (i > 0 && is_letter(s.p[i - 1])) ||
	    (i > 0 && s.p[i - 1] == '-') || s.p[i + 4] != '-')
		return false;
	for (j = 0; j < LETTERS + 1; j++)
		if (j != 4 && !is_letter(s.p[i + j]))
			return false;
	i += LETTERS + 1;
	return i == s.len || (!is_letter(s.p[i]) && s.p[i] != '-');
}

static bool
code_of_text(struct span text, struct buf *code)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (is_code_at(text, i)) {
			code->len = 0;
			buf_append(code, text.p + i, LETTERS + 1);
			return true;
		}
	return false;
}

/* The head ends at the first empty line; what has no field is all text. */
static struct span
head_of(struct span mail)
{
	size_t i;

	for (i = 0; i < mail.len; i++) {
		if (mail.p[i] != '\n')
			continue;
		if (i + 1 < mail.len && mail.p[i + 1] == '\n')
			break;
		if (i + 2 < mail.len && mail.p[i + 1] == '\r' &&
		    mail.p[i + 2] == '\n')
			break;
	}
	return span_sub(mail, 0, i);
}

enum reply
reply_read(struct span mail, struct buf *code)
{
	struct buf head;
	enum reply r;

	mail = span_sub(mail, 0, REPLY_BYTES);
	buf_init(&head);
	buf_byte(&head, '\n'); /* so that each field begins a line */
	buf_span(&head, head_of(mail));
	if (is_automatic(buf_view(&head)))
		r = REPLY_AUTOMATIC;
	else
		r = code_of_head(buf_view(&head), code) ||
			code_of_text(mail, code)
		    ? REPLY_CODE
		    : REPLY_NONE;
	buf_fini(&head);
	return r;
}
