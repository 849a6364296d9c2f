/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/anchor_tsa.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/tsa.h"
#include "site/web.h"

#define ASK_S 20u
#define CA_MAX (1u << 20)

void
anchor_tsa_init(struct anchor_tsa *t, struct anchored *log,
    const struct site_tsa *conf)
{
	*t = (struct anchor_tsa){ .log = log, .conf = conf };
}

/* The hash of the newest checkpoint's text, which the writer remembers. */
static int
imprint(const struct anchor_tsa *t, uint8_t out[SHA256_LEN])
{
	struct span note;
	struct note n;

	if (client_newest(t->log->writer, t->log->conf->name, &note) !=
		CLIENT_OK ||
	    note_parse(note, &n) != NOTE_OK)
		return -1;
	sha256(n.text, out);
	return 0;
}

static int
ask(const struct anchor_tsa *t, struct span request, struct web_answer *a,
    struct buf *why)
{
	struct web_request r = { .method = WEB_POST,
		.url = t->conf->url,
		.type = "application/timestamp-query",
		.body = request,
		.auth = "",
		.ca = t->conf->https_ca,
		.max = TSA_RESPONSE_MAX,
		.timeout_s = ASK_S,
		.stop = t->log->control };

	if (web_ask(&r, a, why) != 0)
		return -1;
	if (a->status == 200 &&
	    strcmp(a->type, "application/timestamp-reply") == 0)
		return 0;
	buf_printf(why, "HTTP %u", a->status);
	return -1;
}

static int
verify(const struct anchor_tsa *t, struct span response,
    const uint8_t hash[SHA256_LEN], const uint8_t nonce[TSA_NONCE],
    struct buf *why)
{
	struct tsa_check check = { .imprint = hash,
		.nonce = nonce,
		.policy = t->conf->policy };
	struct tsa_token token;
	struct buf ca, what;
	enum tsa_err e;
	int rc = -1;

	buf_init(&ca);
	buf_init(&what);
	if (io_read_file(t->conf->ca, CA_MAX, &ca) != 0)
		buf_printf(why, "%s: %s", t->conf->ca, strerror(errno));
	else {
		check.ca = buf_view(&ca);
		e = tsa_verify(response, &check, &token, &what);
		rc = e == TSA_OK ? 0 : -1;
		if (e != TSA_OK)
			buf_printf(why, "%s%s%s", tsa_strerror(e),
			    what.len > 0 ? ": " : "", buf_cstr(&what));
	}
	buf_fini(&what);
	buf_fini(&ca);
	return rc;
}

static int
stamp(const struct anchor_tsa *t, struct web_answer *a, struct buf *why)
{
	uint8_t hash[SHA256_LEN], nonce[TSA_NONCE];
	enum client_err err;
	struct buf request;
	uint64_t index;
	int rc = -1;

	buf_init(&request);
	if (imprint(t, hash) != 0)
		buf_str(why,
		    tr("the writer has no checkpoint now",
			"書き込みプロセスからチェックポイントを得られません"));
	else if (getrandom(nonce, sizeof(nonce), 0) != sizeof(nonce) ||
	    tsa_request(hash, nonce, t->conf->policy, &request) != 0)
		buf_str(why,
		    tr("no request can be made; is the policy right?",
			"要求を作れません。policyを確認してください"));
	else if (ask(t, buf_view(&request), a, why) == 0 &&
	    verify(t, buf_view(&a->body), hash, nonce, why) == 0) {
		err = client_token(t->log->writer, t->log->conf->name,
		    buf_view(&a->body), &index);
		rc = err == CLIENT_OK ? 0 : -1;
		if (err != CLIENT_OK)
			buf_printf(why, "%s %s", client_strerror(err),
			    client_detail(t->log->writer));
	}
	buf_fini(&request);
	return rc;
}

int
anchor_tsa_run(struct anchor_tsa *t)
{
	struct web_answer a;
	struct buf why;
	int rc;

	web_answer_init(&a);
	buf_init(&why);
	if ((rc = stamp(t, &a, &why)) == 0)
		outage_end(&t->outage, t->log, t->conf->url);
	else
		outage_begin(&t->outage, t->log, t->conf->url, buf_cstr(&why));
	buf_fini(&why);
	web_answer_fini(&a);
	return rc;
}
