/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/forwarded_message.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "evidence/envelope.h"

/* As konseki show prints it: whole, with an LF, or raw with its octet count. */
static int
parse_message(struct span in, struct envelope *e, struct buf *text)
{
	if (envelope_parse(in, e, text) == 0 ||
	    envelope_parse(record_message(in, RECORD_FRAMING_OCTET), e, text) ==
		0)
		return 0;
	return in.len > 0 && in.p[in.len - 1] == '\n'
	    ? envelope_parse(span_sub(in, 0, in.len - 1), e, text)
	    : -1;
}

int
forwarded_message(const char *file, bool raw)
{
	uint8_t leaf[SHA256_LEN];
	char hex[2 * SHA256_LEN + 1], nonce[33];
	struct buf in, text;
	struct envelope e;
	int rc = -1;

	buf_init(&in);
	buf_init(&text);
	if (io_read_file(file, FORWARDED_MESSAGE_MAX, &in) != 0)
		log_errno("%s", file);
	else if (parse_message(buf_view(&in), &e, &text) != 0)
		log_error(tr("%s: not a message that konseki forwarded, or "
			     "not whole",
			      "%s: konsekiが転送したメッセージではないか、欠け"
			      "ています"),
		    file);
	else if (raw)
		rc = fwrite(e.r.body.p, 1, e.r.body.len, stdout) ==
			    e.r.body.len &&
			fflush(stdout) == 0
		    ? 0
		    : -1;
	else {
		envelope_leaf(&e, leaf);
		hex_print(leaf, SHA256_LEN, hex);
		hex_print(e.nonce, sizeof(e.nonce), nonce);
		printf("origin %.*s\nindex %" PRIu64
		       "\nnonce %.32s\nleaf %.64s\n",
		    (int)e.origin.len, (const char *)e.origin.p, e.index, nonce,
		    hex);
		rc = 0;
	}
	buf_fini(&text);
	buf_fini(&in);
	return rc;
}
