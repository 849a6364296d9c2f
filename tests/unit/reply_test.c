/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/reply.h"

#include <string.h>

#include "tests/tap.h"

static const struct {
	const char *name, *mail;
	enum reply reply;
	const char *code;
} rows[] = {
	{ "a reply by its head",
	    "From: a@b.example\nIn-Reply-To: "
	    "<konseki-ack.K7M29QXD.11111111.1@h>\n\nOK\n",
	    REPLY_CODE, "K7M29QXD" },
	{ "the same with CRLF and another case",
	    "from: a@b\r\nin-reply-to:\r\n <KONSEKI-ACK.k7m29qxd.1@h>\r\n"
	    "\r\nok\r\n",
	    REPLY_CODE, "k7m29qxd" },
	{ "of several the last",
	    "References: <konseki-ack.AAAAAAAA.1@h> <konseki-ack.BBBBBBBB.1@h>"
	    "\n\n",
	    REPLY_CODE, "BBBBBBBB" },
	{ "a short message", "K7M2-9QXD", REPLY_CODE, "K7M2-9QXD" },
	{ "with words around it", "引き受けます K7M2-9QXD 山田", REPLY_CODE,
	    "K7M2-9QXD" },
	{ "a mail with it in its text", "Subject: x\n\ncode k7m2-9qxd.\n",
	    REPLY_CODE, "k7m2-9qxd" },
	{ "a word with a dash is none", "well-known-facts abcd-efghi 1-2",
	    REPLY_NONE, "" },
	{ "nor is a longer number", "0120-1234-5678 K7M2-9QXD-1", REPLY_NONE,
	    "" },
	{ "a mail that answers another", "In-Reply-To: <1.2.3@h>\n\nhello\n",
	    REPLY_NONE, "" },
	{ "nothing", "", REPLY_NONE, "" },
	{ "an absence note",
	    "Auto-Submitted: auto-replied\n"
	    "In-Reply-To: <konseki-ack.K7M29QXD.1@h>\n\nI am away\n",
	    REPLY_AUTOMATIC, "" },
	{ "an older absence note",
	    "Subject: away\nPrecedence: auto_reply\n\nK7M2-9QXD\n",
	    REPLY_AUTOMATIC, "" },
	{ "a bounce",
	    "Content-Type: multipart/report; report-type=delivery-status\n\n"
	    "Message-ID: <konseki-ack.K7M29QXD.1@h>\n",
	    REPLY_AUTOMATIC, "" },
	{ "a person's text may speak of one",
	    "Subject: x\n\nAuto-Submitted: auto-replied\nK7M2-9QXD\n",
	    REPLY_CODE, "K7M2-9QXD" },
};

int
main(void)
{
	struct buf code;
	enum reply r;
	size_t i;

	buf_init(&code);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		code.len = 0;
		r = reply_read(span_str(rows[i].mail), &code);
		ok(r == rows[i].reply &&
			strcmp(buf_cstr(&code), rows[i].code) == 0,
		    "%s: %d '%s'", rows[i].name, r, buf_cstr(&code));
	}
	buf_fini(&code);
	return done();
}
