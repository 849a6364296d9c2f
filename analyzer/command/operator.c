/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/operator.h"

#include "common/log.h"
#include "evidence/record.h"

void
operator_explain(struct client *c, enum client_err e, struct buf *why)
{
	const char *detail = client_detail(c);

	buf_printf(why, "%s%s%s", client_strerror(e),
	    *detail == '\0' ? "" : ": ", detail);
}

int
operator_append(struct client *c, const char *log, struct span words,
    uint64_t *index, struct buf *why)
{
	struct client_sealed sealed;
	enum client_err e = client_operator(c, log, words);

	if (e == CLIENT_OK)
		e = client_seal(c, log, &sealed);
	if (e != CLIENT_OK) {
		operator_explain(c, e, why);
		return -1;
	}
	if (index != NULL)
		*index = sealed.last;
	return 0;
}

int
operator_use(const struct site *site, const char *action, const char *what,
    const char *log, struct span words)
{
	struct client *c = NULL;
	struct buf line, why;
	enum client_err e;
	int rc = -1;

	buf_init(&line);
	buf_init(&why);
	record_word(&line, "action", span_str(action));
	record_word(&line, "what", span_str(what));
	record_word(&line, "log", span_str(log));
	if (words.len > 0)
		buf_byte(&line, ' ');
	buf_span(&line, words);
	if ((e = client_open(&c, site->run)) != CLIENT_OK)
		operator_explain(c, e, &why);
	else
		rc =
		    operator_append(c, "casebook", buf_view(&line), NULL, &why);
	if (rc != 0)
		log_warn(tr("that evidence was looked at could not be "
			    "recorded: %s",
			     "証拠を閲覧したことを記録できませんでした: %s"),
		    buf_cstr(&why));
	client_close(c);
	buf_fini(&line);
	buf_fini(&why);
	return rc;
}
