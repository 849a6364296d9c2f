/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/alarm.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "analyzer/case/mask.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"
#include "site/target.h"

#define FACILITY 13u	     /* log alert, RFC 5424 */
#define FIELD_BYTES 1000u    /* of one CEF value: 1,023 is what some take */

/* Escaped as CEF has it: \ and the mark that would end it; no controls. */
static void
put(struct buf *out, const char *text, char ends)
{
	struct buf masked, safe;
	struct span s;
	size_t i;

	buf_init(&masked);
	buf_init(&safe);
	(void)mask_patients(span_str(text), &masked);
	text_escape(buf_view(&masked), &safe);
	s = buf_view(&safe);
	for (i = 0; i < s.len && i < FIELD_BYTES; i++) {
		if (s.p[i] == '\\' || s.p[i] == (uint8_t)ends)
			buf_byte(out, '\\');
		buf_byte(out, s.p[i]);
	}
	while (i < s.len && (s.p[i] & 0xc0) == 0x80) /* the rest of one */
		buf_byte(out, s.p[i++]);
	buf_fini(&masked);
	buf_fini(&safe);
}

static void
member(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, " %s=", name);
	put(out, text, '=');
}

/* 0 to 10, and of a frame by RFC 5424. */
static const struct {
	unsigned cef, syslog;
} weights[] = {
	[CASEBOOK_INFO] = { 1, 6 },
	[CASEBOOK_NOTICE] = { 3, 5 },
	[CASEBOOK_WARNING] = { 6, 4 },
	[CASEBOOK_SERIOUS] = { 8, 3 },
	[CASEBOOK_CRITICAL] = { 10, 2 },
};

static const char *
entity(const struct casebook_finding *f, const char *kind)
{
	size_t i;

	for (i = 0; i < f->n_entities; i++)
		if (strcmp(f->entities[i].kind, kind) == 0)
			return f->entities[i].value;
	return NULL;
}

static void
put_entities(const struct casebook_finding *f, struct buf *out)
{
	static const char *const names[][2] = { { "host", "shost" },
		{ "user", "suser" }, { "ip", "dst" }, { "device", "dvchost" } };
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((value = entity(f, names[i][0])) != NULL)
			member(out, names[i][1], value);
}

void
alarm_print(const struct alarm *a, struct buf *out)
{
	const struct casebook_finding *f = casebook_worst(a->book, a->group);
	enum casebook_severity s = a->group->severity;
	char when[UTC_TEXT];
	struct buf phases;

	buf_printf(out, "<%u>1 %s - konseki - case - ",
	    FACILITY * 8 + weights[s].syslog, utc_print(a->now, 0, when));
	buf_str(out, "CEF:0|konseki|konseki|1|");
	put(out, f->rule, '|');
	buf_byte(out, '|');
	if (a->drill || f->replay)
		buf_str(out, a->drill ? "[DRILL] " : "[SAMPLE] ");
	put(out, tr(f->title_en, f->title_ja), '|');
	buf_printf(out, "|%u|start=%" PRId64, weights[s].cef,
	    a->group->first / 1000);
	member(out, "externalId", a->group->id);
	member(out, "cat", a->drill ? "drill" : f->replay ? "sample" : "case");
	member(out, "dvc", a->site);
	put_entities(f, out);
	member(out, "msg", tr(f->what_en, f->what_ja));
	buf_printf(out, " cnt=%zu cn1Label=score10 cn1=%" PRIu64,
	    a->group->n_heard, a->group->score);
	buf_init(&phases);
	casebook_phases(a->group, &phases);
	member(out, "cs1Label", "phases");
	member(out, "cs1", buf_cstr(&phases));
	buf_fini(&phases);
}

/* ---- over the wire ---- */

static int
by_datagram(const struct target *t, struct span message, struct buf *result)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL, *a;
	int fd = -1, rc = getaddrinfo(t->host, t->port, &hints, &list);

	if (rc != 0) {
		buf_printf(result, "%s: %s", t->host, gai_strerror(rc));
		return -1;
	}
	rc = -1;
	for (a = list; a != NULL && rc != 0; a = a->ai_next) {
		fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd == -1)
			continue;
		if (sendto(fd, message.p, message.len, 0, a->ai_addr,
			a->ai_addrlen) == (ssize_t)message.len)
			rc = 0;
		close(fd);
	}
	if (rc != 0)
		buf_str(result, strerror(errno));
	freeaddrinfo(list);
	return rc;
}

/* All of it, waiting for the socket as curl_easy_send() asks. */
static CURLcode
send_all(CURL *curl, struct span s)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	struct pollfd p = { .events = POLLOUT };
	CURLcode rc = curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd);
	size_t n;

	p.fd = fd;
	while (rc == CURLE_OK && s.len > 0) {
		n = 0;
		rc = curl_easy_send(curl, s.p, s.len, &n);
		if (rc == CURLE_AGAIN)
			rc = poll(&p, 1, ALARM_TIMEOUT_S * 1000) == 1
			    ? CURLE_OK
			    : CURLE_OPERATION_TIMEDOUT;
		s = span_sub(s, n, s.len);
	}
	return rc;
}

/* libcurl connects, with TLS where that is asked for, and then it is ours. */
static int
by_stream(const struct target *t, const char *ca, struct span message,
    struct buf *result)
{
	char url[TARGET_HOST_MAX + 32], error[CURL_ERROR_SIZE] = "";
	bool v6 = strchr(t->host, ':') != NULL;
	CURL *curl = curl_easy_init();
	struct buf framed;
	CURLcode rc;

	if (curl == NULL) {
		buf_str(result,
		    tr("libcurl does not start", "libcurl を開始できません"));
		return -1;
	}
	snprintf(url, sizeof(url), "%s://%s%s%s:%s", t->tls ? "https" : "http",
	    v6 ? "[" : "", t->host, v6 ? "]" : "", t->port);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ALARM_TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	if (*ca != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
	buf_init(&framed);
	buf_printf(&framed, "%zu ", message.len); /* RFC 6587, octet counts */
	buf_span(&framed, message);
	rc = curl_easy_perform(curl);
	if (rc == CURLE_OK)
		rc = send_all(curl, buf_view(&framed));
	if (rc != CURLE_OK)
		text_escape(
		    span_str(*error != '\0' ? error : curl_easy_strerror(rc)),
		    result);
	buf_fini(&framed);
	curl_easy_cleanup(curl);
	return rc == CURLE_OK ? 0 : -1;
}

int
alarm_send(const char *url, const char *ca, struct span message,
    struct buf *result)
{
	struct target t;
	bool datagram;
	int rc;

	if (target_parse_alarm(span_str(url), &t, &datagram) != 0)
		return -1; /* konseki.yml was checked */
	rc = datagram ? by_datagram(&t, message, result)
		      : by_stream(&t, ca, message, result);
	if (rc == 0)
		buf_str(result,
		    tr("sent (nothing says that it was read)",
			"送信（到達は確認できません）"));
	return rc;
}
