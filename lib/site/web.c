/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/web.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"

#define CONNECT_S 10L /* to reach a server that is there */

void
web_answer_init(struct web_answer *a)
{
	memset(a, 0, sizeof(*a));
	buf_init(&a->body);
}

void
web_answer_fini(struct web_answer *a)
{
	buf_fini(&a->body);
}

struct exchange {
	const struct web_request *r;
	struct web_answer *a;
	struct span left; /* of the body to send */
};

static size_t
give(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct span part = span_sub(x->left, 0, size * n);

	if (part.len > 0)
		memcpy(p, part.p, part.len);
	x->left = span_sub(x->left, part.len, x->left.len);
	return part.len;
}

/* An answer that is too long ends the call. */
static size_t
take(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;

	if (size * n > x->r->max - x->a->body.len)
		return 0;
	buf_append(&x->a->body, p, size * n);
	return size * n;
}

static int
progress(void *arg, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
	const struct exchange *x = arg;
	struct pollfd p = { .fd = x->r->stop, .events = POLLIN };

	(void)dt, (void)dn, (void)ut, (void)un;
	return x->r->stop >= 0 && poll(&p, 1, 0) > 0;
}

static int
header_add(struct curl_slist **list, const char *name, const char *value)
{
	char line[512];
	struct curl_slist *longer;
	int n = snprintf(line, sizeof(line), "%s:%s%s", name,
	    *value == '\0' ? "" : " ", value);

	if (n < 0 || (size_t)n >= sizeof(line) ||
	    (longer = curl_slist_append(*list, line)) == NULL)
		return -1;
	*list = longer;
	return 0;
}

static int
headers(const struct web_request *r, struct curl_slist **list)
{
	/* No waiting for "100 Continue": bodies are short. */
	if (header_add(list, "Expect", "") != 0)
		return -1;
	if (r->method != WEB_GET &&
	    header_add(list, "Content-Type", r->type) != 0)
		return -1;
	return *r->auth == '\0' ? 0
				: header_add(list, "Authorization", r->auth);
}

static void
set_limits(CURL *curl, struct exchange *x)
{
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)x->r->timeout_s);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, x);
	if (*x->r->ca != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, x->r->ca);
}

static void
set_body(CURL *curl, struct exchange *x)
{
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
	if (x->r->method == WEB_GET)
		return;
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, x);
	if (x->r->method == WEB_PUT) {
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
		    (curl_off_t)x->r->body.len);
	} else {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)x->r->body.len);
	}
}

static int
perform(CURL *curl, struct exchange *x, struct curl_slist *list,
    struct buf *why)
{
	char error[CURL_ERROR_SIZE] = "";
	const char *type = NULL;
	CURLcode rc;
	long status = 0;

	curl_easy_setopt(curl, CURLOPT_URL, x->r->url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
	set_limits(curl, x);
	set_body(curl, x);
	if ((rc = curl_easy_perform(curl)) != CURLE_OK) {
		text_escape(span_str(*error != '\0' ? error
						    : curl_easy_strerror(rc)),
		    why);
		return -1;
	}
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	x->a->status = (unsigned)status;
	if (type != NULL)
		snprintf(x->a->type, sizeof(x->a->type), "%.*s",
		    (int)strcspn(type, "; \t"), type);
	return 0;
}

int
web_ask(const struct web_request *r, struct web_answer *a, struct buf *why)
{
	struct exchange x = { .r = r, .a = a, .left = r->body };
	struct curl_slist *list = NULL;
	CURL *curl = curl_easy_init();
	int rc = -1;

	a->body.len = 0;
	a->status = 0;
	a->type[0] = '\0';
	if (curl != NULL && headers(r, &list) == 0)
		rc = perform(curl, &x, list, why);
	else
		buf_str(why,
		    tr("libcurl does not start", "libcurl を開始できません"));
	curl_slist_free_all(list);
	curl_easy_cleanup(curl);
	return rc;
}
