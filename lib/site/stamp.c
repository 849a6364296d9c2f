/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/stamp.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "common/io.h"
#include "common/log.h"
#include "site/web.h"

#define ASK_S 20u	  /* seconds that an authority may take */
#define CA_MAX (1u << 20) /* bytes of certificates */

static int
ask(const struct site_tsa *tsa, struct span request, int stop,
    struct web_answer *a, struct buf *why)
{
	struct web_request r = { .method = WEB_POST,
		.url = tsa->url,
		.type = "application/timestamp-query",
		.body = request,
		.auth = "",
		.ca = tsa->https_ca,
		.max = TSA_RESPONSE_MAX,
		.timeout_s = ASK_S,
		.stop = stop };

	if (web_ask(&r, a, why) != 0)
		return -1;
	if (a->status == 200 &&
	    strcmp(a->type, "application/timestamp-reply") == 0)
		return 0;
	buf_printf(why, "HTTP %u", a->status);
	return -1;
}

static int
verify(const struct site_tsa *tsa, struct span response,
    const struct tsa_check *asked, struct tsa_token *token, struct buf *why)
{
	struct tsa_check check = *asked;
	struct buf ca, what;
	enum tsa_err e = TSA_OK;
	int rc;

	buf_init(&ca);
	buf_init(&what);
	rc = io_read_file(tsa->ca, CA_MAX, &ca);
	if (rc != 0)
		buf_printf(why, "%s: %s", tsa->ca, strerror(errno));
	else {
		check.ca = buf_view(&ca);
		e = tsa_verify(response, &check, token, &what);
	}
	if (e != TSA_OK) {
		buf_printf(why, "%s%s%s", tsa_strerror(e),
		    what.len > 0 ? ": " : "", buf_cstr(&what));
		rc = -1;
	}
	buf_fini(&what);
	buf_fini(&ca);
	return rc;
}

int
stamp_ask(const struct site_tsa *tsa, const uint8_t imprint[SHA256_LEN],
    int stop, struct tsa_token *token, struct buf *response, struct buf *why)
{
	uint8_t nonce[TSA_NONCE];
	struct tsa_check check = { .imprint = imprint,
		.nonce = nonce,
		.policy = tsa->policy };
	struct web_answer a;
	struct buf request;
	int rc = -1;

	web_answer_init(&a);
	buf_init(&request);
	if (getrandom(nonce, sizeof(nonce), 0) != sizeof(nonce) ||
	    tsa_request(imprint, nonce, tsa->policy, &request) != 0)
		buf_str(why,
		    tr("no request can be made; is the policy right?",
			"要求を作れません。policyを確認してください"));
	else if (ask(tsa, buf_view(&request), stop, &a, why) == 0 &&
	    verify(tsa, buf_view(&a.body), &check, token, why) == 0) {
		buf_span(response, buf_view(&a.body));
		rc = 0;
	}
	buf_fini(&request);
	web_answer_fini(&a);
	return rc;
}
