/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/webhook.h"

#include "common/io.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "site/web.h"

#define ANSWER_MAX 65536u
#define AUTH_MAX 4096u

static void
member(struct buf *out, const char *name, struct span value)
{
	buf_printf(out, ",\"%s\":", name);
	json_quote(out, value);
}

void
webhook_print(const struct webhook *w, struct buf *out)
{
	struct buf text;

	buf_init(&text);
	buf_span(&text, w->subject);
	buf_str(&text, "\n\n");
	buf_span(&text, w->body);
	buf_str(out, "{\"text\":");
	json_quote(out, buf_view(&text));
	buf_fini(&text);
	member(out, "subject", w->subject);
	member(out, "body", w->body);
	member(out, "case", span_str(w->group));
	member(out, "severity", span_str(casebook_severity_word(w->severity)));
	member(out, "to", span_str(w->to));
	member(out, "role", span_str(w->role));
	member(out, "code", span_str(w->code));
	buf_printf(out, ",\"drill\":%s}", w->drill ? "true" : "false");
}

/* The value of the header Authorization stands alone in a file. */
static int
read_auth(const struct site *site, struct buf *auth, struct buf *result)
{
	struct span s;

	if (*site->escalation.webhook_auth_file == '\0')
		return 0;
	if (io_read_file(site->escalation.webhook_auth_file, AUTH_MAX, auth) !=
	    0) {
		buf_printf(result,
		    tr("cannot read escalation.webhook_auth_file %s",
			"escalation.webhook_auth_file %s を読めません"),
		    site->escalation.webhook_auth_file);
		return -1;
	}
	s = text_trim(buf_view(auth));
	if (s.len > 0 && text_is_plain(s)) {
		auth->len = (size_t)(s.p - auth->p) + s.len;
		return 0;
	}
	buf_str(result,
	    tr("escalation.webhook_auth_file is not one line of text",
		"escalation.webhook_auth_file は1行のテキストではありません"));
	return -1;
}

int
webhook_send(const struct webhook *w, const struct site *site,
    struct buf *result)
{
	struct web_answer answer;
	struct buf body, auth;
	int rc = -1;

	buf_init(&body);
	buf_init(&auth);
	web_answer_init(&answer);
	webhook_print(w, &body);
	if (read_auth(site, &auth, result) == 0)
		rc = web_ask(
		    &(struct web_request){
			.method = WEB_POST,
			.url = site->escalation.webhook,
			.type = "application/json",
			.body = buf_view(&body),
			.auth = auth.len == 0 ? "" : buf_cstr(&auth),
			.ca = site->escalation.webhook_ca,
			.max = ANSWER_MAX,
			.timeout_s = WEBHOOK_TIMEOUT_S,
			.stop = -1,
		    },
		    &answer, result);
	if (rc == 0) {
		rc = answer.status / 100 == 2 ? 0 : -1;
		buf_printf(result,
		    rc == 0 ? tr("accepted, status %u", "受理（応答 %u）")
			    : tr("refused, status %u", "拒否（応答 %u）"),
		    answer.status);
	}
	web_answer_fini(&answer);
	buf_fini(&body);
	buf_fini(&auth);
	return rc;
}
