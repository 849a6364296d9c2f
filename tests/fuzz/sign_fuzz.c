/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/keyring_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
same(const struct buf *out, struct span in)
{
	assert(span_eq(buf_view(out), in));
}

/* The signer's messages and files: what parses prints as the same bytes, and
 * ranges that parse merge. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct sign_request request;
	struct span in = span_make(p, len);
	struct keyring_signed last;
	struct keyring_seeds seeds;
	struct sign_reply reply;
	struct buf out;

	buf_init(&out);
	if (sign_request_parse(in, &request) == 0) {
		sign_request_print(&request, &out);
		same(&out, in);
		assert(tree_range_merge(&request.signed_range,
			   &request.added) == 0);
	}
	out.len = 0;
	if (sign_reply_parse(in, &reply) == 0) {
		sign_reply_print(&reply, &out);
		same(&out, in);
	}
	out.len = 0;
	if (keyring_file_parse_seeds(in, 4, &seeds) == 0) {
		keyring_file_print_seeds(&seeds, &out);
		same(&out, in);
	}
	out.len = 0;
	if (keyring_file_parse_slot(in, &last) == 0) {
		keyring_file_print_slot(&last, &out);
		same(&out, in);
	}
	buf_fini(&out);
	return 0;
}
