/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "evidence/sign.h"
#include "tests/tap.h"

#define ORIGIN "example.jp/evidence"
#define DASH "\xe2\x80\x94 "
#define H1 "b4311677358629815d692b1074699f1cfe79b46ef848da10c3c6aaf34a2b4e33"
#define H0 "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD "ev1 ok\norigin " ORIGIN "\nsigned 7 " H1 "\n"
#define NOKEY "epoch 3 - " H0 "\npath -\n"
#define LINE DASH "k AAAAAAA=\n"

static const struct {
	const char *name, *in;
	int want;
} requests[] = {
	{ "state", "ev1 state\n", 0 },
	{ "begin", "ev1 begin\n", 0 },
	{ "end", "ev1 end\n", 0 },
	{ "a seal of nothing", "ev1 seal\nrange 0 0\nrange 0 0\n", 0 },
	{ "a seal of three after one",
	    "ev1 seal\nrange 0 1\n" H1 "\nrange 1 4\n" H1 "\n" H0 "\n", 0 },
	{ "nothing", "", -1 },
	{ "another version", "ev2 state\n", -1 },
	{ "another word", "ev1 stat\n", -1 },
	{ "no LF", "ev1 state", -1 },
	{ "something behind", "ev1 state\n\n", -1 },
	{ "ranges that are not asked for", "ev1 state\nrange 0 0\nrange 0 0\n",
	    -1 },
	{ "one range", "ev1 seal\nrange 0 0\n", -1 },
	{ "a hash too few", "ev1 seal\nrange 0 0\nrange 0 3\n" H1 "\n", -1 },
	{ "a hash too many", "ev1 seal\nrange 0 0\nrange 0 1\n" H1 "\n" H1 "\n",
	    -1 },
	{ "a first range from the middle",
	    "ev1 seal\nrange 1 2\n" H1 "\nrange 2 2\n", -1 },
	{ "a hole", "ev1 seal\nrange 0 1\n" H1 "\nrange 2 2\n", -1 },
	{ "an end before the begin", "ev1 seal\nrange 0 1\n" H1 "\nrange 1 0\n",
	    -1 },
	{ "a size of 10^12", "ev1 seal\nrange 0 1000000000000\n", -1 },
};

static const struct {
	const char *name, *in;
	int want;
} replies[] = {
	{ "no epoch", HEAD NOKEY, 0 },
	{ "all of it",
	    "ev1 refused\norigin " ORIGIN "\nsigned 0 " H0 "\n"
	    "epoch 1048576 open " H1 "\npath " H1 "," H0 "\n" LINE LINE,
	    0 },
	{ "exhausted", "ev1 exhausted\norigin a\nsigned 0 " H0 "\n" NOKEY, 0 },
	{ "failed", "ev1 failed\norigin a\nsigned 0 " H0 "\n" NOKEY, 0 },
	{ "nothing", "", -1 },
	{ "another status", "ev1 good\norigin a\nsigned 0 " H0 "\n" NOKEY, -1 },
	{ "no origin", "ev1 ok\norigin \nsigned 0 " H0 "\n" NOKEY, -1 },
	{ "an origin with a space",
	    "ev1 ok\norigin a b\nsigned 0 " H0 "\n" NOKEY, -1 },
	{ "another word for open", HEAD "epoch 3 x " H0 "\npath -\n", -1 },
	{ "an epoch beyond all", HEAD "epoch 1048577 - " H0 "\npath -\n", -1 },
	{ "an empty path", HEAD "epoch 3 - " H0 "\npath \n", -1 },
	{ "one signature line", HEAD NOKEY LINE, -1 },
	{ "three signature lines", HEAD NOKEY LINE LINE LINE, -1 },
	{ "what is no signature line", HEAD NOKEY LINE "x\n", -1 },
	{ "no LF at the end", HEAD "epoch 3 - " H0 "\npath -", -1 },
};

static void
request_rows(void)
{
	struct sign_request r;
	struct buf out;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		ok(sign_request_parse(span_str(requests[i].in), &r) ==
			requests[i].want,
		    "request: %s", requests[i].name);
		if (requests[i].want != 0)
			continue;
		out.len = 0;
		sign_request_print(&r, &out);
		ok(span_is(buf_view(&out), requests[i].in), "and back");
	}
	buf_fini(&out);
}

static void
reply_rows(void)
{
	struct sign_reply r;
	struct buf out;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		ok(sign_reply_parse(span_str(replies[i].in), &r) ==
			replies[i].want,
		    "reply: %s", replies[i].name);
		if (replies[i].want != 0)
			continue;
		out.len = 0;
		sign_reply_print(&r, &out);
		ok(span_is(buf_view(&out), replies[i].in), "and back");
	}
	buf_fini(&out);
}

/* No prefix of a message is a message. */
static void
cuts(void)
{
	const char *request = requests[4].in, *reply = replies[0].in;
	struct sign_request rq;
	struct sign_reply rp;
	size_t i, good = 0;

	for (i = 0; i < strlen(request); i++)
		good += sign_request_parse(span_make(request, i), &rq) == 0;
	for (i = 0; i < strlen(reply); i++)
		good += sign_reply_parse(span_make(reply, i), &rp) == 0;
	ok(good == 0, "no cut message is taken");
}

/* The most hashes: all ones below the split, and the widest cover above. */
static void
largest(void)
{
	const uint64_t mid = (UINT64_C(1) << 39) - 1,
		       end = UINT64_C(999653638143);
	struct sign_request r = { .what = SIGN_SEAL }, back;
	struct buf out;

	r.signed_range.end = r.added.begin = mid;
	r.added.end = end;
	r.signed_range.n = tree_range_count(0, mid);
	r.added.n = tree_range_count(mid, end);
	buf_init(&out);
	sign_request_print(&r, &out);
	ok(out.len <= SIGN_MESSAGE_MAX &&
		sign_request_parse(buf_view(&out), &back) == 0,
	    "%zu hashes are %zu bytes and fit", r.signed_range.n + r.added.n,
	    out.len);
	ok(78 * (2 * SHA256_LEN + 1) + 40 * (2 * SHA256_LEN + 1) + 80 <=
		SIGN_MESSAGE_MAX,
	    "and so would the most there can be");
	buf_fini(&out);
}

int
main(void)
{
	request_rows();
	reply_rows();
	cuts();
	largest();
	return done();
}
