/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/mail.h"
#include "tests/tap.h"

static const struct mail mail = {
	.to = "it@clinic.example",
	.to_name = "山田",
	.date = 1795281247000000,
	.id = "ab.1.2",
};

static const char *
print(const char *subject, const char *body)
{
	static struct buf out;
	struct mail m = mail;

	m.subject = span_str(subject);
	m.body = span_str(body);
	out.len = 0;
	mail_print(&m, "konseki@clinic.example", 32400, &out);
	return buf_cstr(&out);
}

/* No line is longer than 998 bytes, each ends in CRLF, none is bare. */
static bool
lines_are_sound(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++, n++) {
		if (*s == '\n')
			return false;
		if (*s == '\r' && *++s != '\n')
			return false;
		if (*s == '\n')
			n = 0;
		if (n > 78 || (unsigned char)*s > 0x7e)
			return false;
	}
	return true;
}

int
main(void)
{
	char longer[2000];
	const char *s = print("[konseki 重大] 外部への通信", "本文\n");

	ok(strstr(s, "Date: Sun, 22 Nov 2026 02:14:07 +0900\r\n") == s,
	    "the date of the site: %.45s", s);
	ok(strstr(s, "\r\nTo: =?UTF-8?B?5bGx55Sw?= <it@clinic.example>\r\n") !=
		NULL,
	    "to whom");
	ok(strstr(s, "\r\nMessage-ID: <ab.1.2@clinic.example>\r\n") != NULL,
	    "an id of its own");
	ok(strstr(s, "\r\n\r\n5pys5paHCg==\r\n") != NULL, "the body");
	ok(lines_are_sound(s), "lines as SMTP wants them");
	s = print("a\r\nBcc: x@y.example", "");
	ok(strstr(s, "Bcc") == NULL && lines_are_sound(s),
	    "a subject cannot add a header");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	ok(lines_are_sound(print(longer, longer)), "long ones are folded");
	return done();
}
