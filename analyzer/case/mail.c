/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/mail.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

#define PASSWORD_MAX 4096u
#define WORD_BYTES 42u /* of text in an encoded word: 56 base64 characters */
#define LINE_BYTES 57u /* of body in a line of 76 base64 characters */

static void
put_base64(struct buf *out, struct span s)
{
	size_t len = base64_len(s.len);

	base64_print(s.p, s.len, (char *)buf_reserve(out, len));
	out->len += len;
}

/* Encoded words (RFC 2047), cut between characters. */
static void
put_words(struct buf *out, struct span s)
{
	size_t n;

	while (s.len > 0) {
		n = s.len < WORD_BYTES ? s.len : WORD_BYTES;
		while (n < s.len && n > 1 && (s.p[n] & 0xc0) == 0x80)
			n--;
		buf_str(out, "=?UTF-8?B?");
		put_base64(out, span_sub(s, 0, n));
		buf_str(out, "?=");
		s = span_sub(s, n, s.len);
		if (s.len > 0)
			buf_str(out, "\r\n ");
	}
}

static void
put_date(struct buf *out, int64_t usec, int zone)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int minutes = zone / 60;
	struct utc_civil c;

	utc_to_civil(usec, zone, &c);
	buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d %c%02d%02d\r\n",
	    days[utc_weekday(utc_days(c.year, c.month, c.day))], c.day,
	    months[c.month - 1], c.year, c.hour, c.minute, c.second,
	    minutes < 0 ? '-' : '+', (minutes < 0 ? -minutes : minutes) / 60,
	    (minutes < 0 ? -minutes : minutes) % 60);
}

void
mail_print(const struct mail *m, const char *from, int zone, struct buf *out)
{
	const char *at = strrchr(from, '@');
	struct span s = m->body;

	put_date(out, m->date, zone);
	buf_printf(out, "From: konseki <%s>\r\nTo: ", from);
	if (*m->to_name != '\0') {
		put_words(out, span_str(m->to_name));
		buf_byte(out, ' ');
	}
	buf_printf(out, "<%s>\r\nSubject: ", m->to);
	put_words(out, m->subject);
	buf_printf(out, "\r\nMessage-ID: <%s@%s>\r\n", m->id,
	    at == NULL ? "konseki.invalid" : at + 1);
	buf_str(out,
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n");
	while (s.len > 0) {
		put_base64(out, span_sub(s, 0, LINE_BYTES));
		buf_str(out, "\r\n");
		s = span_sub(s, LINE_BYTES, s.len);
	}
}

static size_t
give(char *p, size_t size, size_t n, void *arg)
{
	struct span *left = arg, part = span_sub(*left, 0, size * n);

	if (part.len > 0)
		memcpy(p, part.p, part.len);
	*left = span_sub(*left, part.len, left->len);
	return part.len;
}

/* The password stands alone in a file that only its reader may read. */
static int
set_login(CURL *curl, const struct site *site, struct buf *result)
{
	struct buf password;
	struct span s;

	if (*site->mail.user == '\0')
		return 0;
	buf_init(&password);
	if (io_read_file(site->mail.password_file, PASSWORD_MAX, &password) !=
	    0) {
		buf_printf(result,
		    tr("cannot read mail.password_file %s",
			"mail.password_file %s を読めません"),
		    site->mail.password_file);
		return -1;
	}
	s = text_trim(buf_view(&password));
	password.len = (size_t)(s.p - password.p) + s.len;
	curl_easy_setopt(curl, CURLOPT_USERNAME, site->mail.user);
	curl_easy_setopt(curl, CURLOPT_PASSWORD,
	    buf_cstr(&password) + (s.p - password.p));
	explicit_bzero(password.p, password.cap);
	buf_fini(&password);
	return 0;
}

static void
set_tls(CURL *curl, const struct site *site)
{
	curl_easy_setopt(curl, CURLOPT_USE_SSL,
	    site->mail.tls == SITE_MAIL_REQUIRED ? (long)CURLUSESSL_ALL
		: site->mail.tls == SITE_MAIL_OPPORTUNISTIC
		? (long)CURLUSESSL_TRY
		: (long)CURLUSESSL_NONE);
	if (*site->mail.ca != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, site->mail.ca);
}

static int
perform(CURL *curl, const struct mail *m, const struct site *site,
    struct span *bytes, struct buf *result)
{
	char error[CURL_ERROR_SIZE] = "", to[512];
	struct curl_slist *rcpt;
	long code = 0;
	CURLcode rc;

	if (snprintf(to, sizeof(to), "<%s>", m->to) >= (int)sizeof(to))
		return -1;
	rcpt = curl_slist_append(NULL, to);
	curl_easy_setopt(curl, CURLOPT_URL, site->mail.server);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, site->mail.from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, rcpt);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, bytes);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAIL_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	rc = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	curl_slist_free_all(rcpt);
	if (rc == CURLE_OK) {
		buf_printf(result, tr("accepted, code %ld", "受理（応答 %ld）"),
		    code);
		return 0;
	}
	text_escape(span_str(*error != '\0' ? error : curl_easy_strerror(rc)),
	    result);
	return -1;
}

int
mail_send(const struct mail *m, const struct site *site, struct buf *result)
{
	CURL *curl = curl_easy_init();
	struct buf text;
	struct span left;
	int rc = -1;

	if (curl == NULL) {
		buf_str(result,
		    tr("libcurl does not start", "libcurl を開始できません"));
		return -1;
	}
	buf_init(&text);
	mail_print(m, site->mail.from, site->zone, &text);
	left = buf_view(&text);
	set_tls(curl, site);
	if (set_login(curl, site, result) == 0)
		rc = perform(curl, m, site, &left, result);
	curl_easy_cleanup(curl);
	buf_fini(&text);
	return rc;
}
