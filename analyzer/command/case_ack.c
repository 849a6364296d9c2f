/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <unistd.h>

#include "analyzer/case/escalation.h"
#include "analyzer/case/reply.h"
#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "analyzer/command/drill_site.h"
#include "common/io.h"
#include "common/log.h"

/*
 * konseki case ack: somebody takes a case; by its id and who he is, or by the
 * code of the message that reached him, which says both: typed, or in his
 * answer on standard input, as a mail server's pipe or a gateway hands it over.
 */
int
case_ack(const struct case_call *c, const struct casebook_group *g)
{
	struct casebook_step s = { .kind = CASEBOOK_ACK,
		.group = g->id,
		.how = "command" };

	return case_somebody(c) ? case_enter(c, &s) : 1;
}

static int take(struct case_call *c, const char *how);

/* A drill that goes on: its messages are answered in the same way. */
static int
take_drill(const struct case_call *c, const char *how)
{
	struct case_call of = *c;
	char path[4096];
	struct buf why;
	int rc = -1;

	if (c->s->drill ||
	    io_join(path, sizeof(path), c->s->dir, DRILL_CURRENT) != 0 ||
	    access(path, R_OK) != 0 || (of.s = command_site(path)) == NULL)
		return -1;
	buf_init(&why);
	if (of.s->drill &&
	    command_casebook(of.s, of.arena, &of.book, &why) == 0 &&
	    escalation_code(&of.book, span_str(c->code)) != NULL) {
		puts(tr("DRILL", "【訓練】"));
		rc = take(&of, how);
	}
	buf_fini(&why);
	site_free(of.s);
	return rc;
}

/* By the message that had the code. */
static int
take(struct case_call *c, const char *how)
{
	const struct casebook_step *sent =
	    escalation_code(&c->book, span_str(c->code));
	const struct casebook_group *g = sent == NULL
	    ? NULL
	    : casebook_group(&c->book, sent->group);
	struct casebook_step s = { .kind = CASEBOOK_ACK, .how = how };

	int rc;

	if (g == NULL && (rc = take_drill(c, how)) >= 0)
		return rc;
	if (g == NULL) {
		log_error("%s",
		    tr("no message had this code; look at it again, or write "
		       "konseki case ack ID --by WHO",
			"このコードの連絡はありません。コードを確認するか、"
			"konseki case ack 事案番号 --by id で応答します"));
		return 1;
	}
	if (escalation_is_stale(g, sent)) {
		log_error(tr("case %s became worse, or there is news, since "
			     "that message: answer the newer one (konseki case "
			     "show %s)",
			      "この連絡の後に事案 %s が重くなったか、新しい検知"
			      "がありました。新しい連絡の応答コードで応答して"
			      "ください（konseki case show %s）"),
		    g->id, g->id);
		return 1;
	}
	s.group = g->id;
	s.code = sent->code;
	c->by = sent->who;
	c->name = NULL;
	printf(tr("case %s, taken by %s\n", "事案 %s・引受 %s\n"), g->id,
	    sent->who);
	return case_enter(c, &s);
}

/* An absence note takes nothing, and is no mistake of the mail server's. */
static int
take_reply(struct case_call *c)
{
	struct buf mail, code;
	ssize_t n;
	int rc = 1;

	buf_init(&mail);
	buf_init(&code);
	n = io_read_up_to(STDIN_FILENO, buf_reserve(&mail, REPLY_BYTES),
	    REPLY_BYTES);
	mail.len = n > 0 ? (size_t)n : 0;
	if (n < 0) {
		log_errno("%s",
		    tr("cannot read the answer", "返信を読めません"));
		goto out;
	}
	switch (reply_read(buf_view(&mail), &code)) {
	case REPLY_CODE:
		c->code = buf_cstr(&code);
		rc = take(c, "reply");
		break;
	case REPLY_AUTOMATIC:
		log_warn("%s",
		    tr("a program wrote this answer: nobody took anything",
			"自動応答のため、引受として扱いません"));
		rc = 0;
		break;
	case REPLY_NONE:
		log_error("%s",
		    tr("there is no answer code in it",
			"応答コードが見つかりません"));
		break;
	}
out:
	buf_fini(&mail);
	buf_fini(&code);
	return rc;
}

int
case_ack_code(struct case_call *c)
{
	return c->reply ? take_reply(c) : take(c, "code");
}
