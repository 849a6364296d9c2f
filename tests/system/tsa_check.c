/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * usage: tsa_check --request FILE NONCE [POLICY]	DER on standard output
 *        tsa_check FILE RESPONSE CA [NONCE [POLICY]]	what tsa_verify() says
 *
 * NONCE: 16 hex digits, or "-" for any.
 */
#include <stdio.h>
#include <string.h>

#include "common/hex.h"
#include "common/io.h"
#include "evidence/tsa.h"

static const char *const names[] = {
#define TSA_ERR(id, en, ja) #id,
#include "evidence/tsa_err_tbl.h"
#undef TSA_ERR
};

static int
imprint(const char *file, uint8_t out[SHA256_LEN])
{
	struct buf text;
	int rc;

	buf_init(&text);
	rc = io_read_file(file, 1u << 20, &text);
	sha256(buf_view(&text), out);
	buf_fini(&text);
	return rc;
}

static int
request(int argc, char *argv[], const uint8_t hash[SHA256_LEN])
{
	uint8_t nonce[TSA_NONCE];
	struct buf out;
	int rc = 1;

	buf_init(&out);
	if (hex_parse(span_str(argv[3]), nonce, sizeof(nonce)) == 0 &&
	    tsa_request(hash, nonce, argc > 4 ? argv[4] : "", &out) == 0)
		rc = fwrite(out.p, 1, out.len, stdout) != out.len;
	buf_fini(&out);
	return rc;
}

static int
verify(int argc, char *argv[], const uint8_t hash[SHA256_LEN])
{
	uint8_t nonce[TSA_NONCE];
	struct tsa_check check = { .imprint = hash,
		.policy = argc > 5 ? argv[5] : "" };
	struct tsa_token t;
	struct buf response, ca, why;
	enum tsa_err e;

	buf_init(&response);
	buf_init(&ca);
	buf_init(&why);
	if (argc > 4 && strcmp(argv[4], "-") != 0) {
		if (hex_parse(span_str(argv[4]), nonce, sizeof(nonce)) != 0)
			return 1;
		check.nonce = nonce;
	}
	if (io_read_file(argv[2], 1u << 20, &response) != 0 ||
	    io_read_file(argv[3], 1u << 20, &ca) != 0)
		return 1;
	check.ca = buf_view(&ca);
	e = tsa_verify(buf_view(&response), &check, &t, &why);
	if (e == TSA_OK)
		printf("OK %llu %s %s\n", (unsigned long long)t.time, t.policy,
		    t.name);
	else
		printf("%s %s\n", names[e], buf_cstr(&why));
	buf_fini(&why);
	buf_fini(&ca);
	buf_fini(&response);
	return 0;
}

int
main(int argc, char *argv[])
{
	uint8_t hash[SHA256_LEN];
	bool asks = argc > 3 && strcmp(argv[1], "--request") == 0;

	if (argc < 4 || imprint(argv[asks ? 2 : 1], hash) != 0)
		return 2;
	return asks ? request(argc, argv, hash) : verify(argc, argv, hash);
}
