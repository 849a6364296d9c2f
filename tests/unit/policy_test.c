/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/tap.h"
#include "verify/policy.h"

#define LOG                                                                    \
	"test.example/log+41e2fb69+AYNv8YTntBseE8tf2J+"                        \
	"h3pjburmenSkYkT/0O4alx8IT"
#define KEY_A                                                                  \
	"a.example+58fce379+BFWa6tCCZNV5XTkJcYzdBavUlXLoT+"                    \
	"VVkO7zGoigj9/9"
#define KEY_B                                                                  \
	"b.example+32f9ebf3+BN9+cOUCFUT0g0u+5kqeN4n+"                          \
	"vEvoFHDfYpytbdsDMgpc"
#define A "witness A " KEY_A "\n"
#define B "witness B " KEY_B "\n"

/* C2SP tlog-policy: the line that is wrong, 0 if none. */
static const struct {
	const char *name, *text;
	unsigned line;
} rows[] = {
	{ "one witness", A "quorum A\n", 0 },
	{ "nobody", "quorum none\n", 0 },
	{ "blanks, comments and addresses",
	    "\t# x\n\n \t\nlog  " LOG " https://l/ \n\twitness A " KEY_A
	    "\thttps://a/\nquorum A \n",
	    0 },
	{ "no LF at the end", A "quorum A", 0 },
	{ "a name of any bytes",
	    "witness \xe8\xa8\xbc " KEY_A "\nquorum \xe8\xa8\xbc\n", 0 },
	{ "groups of groups", A B "group g any A\ngroup h all g B\nquorum h\n",
	    0 },
	{ "all but the quorum", A, 2 },
	{ "two quorums", A "quorum A\nquorum A\n", 3 },
	{ "a quorum that stands in front", "quorum A\n" A, 1 },
	{ "a quorum of a log", "log " LOG "\nquorum log\n", 2 },
	{ "a quorum without a name", A "quorum\n", 2 },
	{ "a quorum of two names", A B "quorum A B\n", 3 },
	{ "more than an address", "log " LOG " a b\nquorum none\n", 1 },
	{ "a word that is none of these", "logs " LOG "\nquorum none\n", 1 },
	{ "a log with a witness's key", "log " KEY_A "\nquorum none\n", 1 },
	{ "a witness with a log's key", "witness A " LOG "\nquorum A\n", 1 },
	{ "a log twice", "log " LOG "\nlog " LOG "\nquorum none\n", 2 },
	{ "a key twice", A "witness B " KEY_A "\nquorum A\n", 2 },
	{ "a name twice", A "witness A " KEY_B "\nquorum A\n", 2 },
	{ "a witness called none", "witness none " KEY_A "\nquorum none\n", 1 },
	{ "a group of nobody", "group g any\nquorum g\n", 1 },
	{ "a group of none", "group g any none\nquorum g\n", 1 },
	{ "a group of itself", "group g any g\nquorum g\n", 1 },
	{ "a group of more than it has", A "group g 2 A\nquorum g\n", 2 },
	{ "of 0", A "group g 0 A\nquorum g\n", 2 },
	{ "of 01", A "group g 01 A\nquorum g\n", 2 },
	{ "a member twice", A B "group g 2 A A\nquorum g\n", 3 },
	{ "a member of two groups",
	    A B "group g any A\ngroup h any A B\nquorum h\n", 4 },
	{ "CR", A "quorum A\r\n", 2 },
	{ "DEL in a comment", "#\x7f\nquorum none\n", 1 },
};

int
main(void)
{
	static struct policy p;
	unsigned line;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		line = policy_parse(span_str(rows[i].text), &p);
		ok(line == rows[i].line, "%s: line %u, not %u", rows[i].name,
		    rows[i].line, line);
	}
	return done();
}
