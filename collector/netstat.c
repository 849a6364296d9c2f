/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/netstat.h"

#include <string.h>

#include "common/cursor.h"
#include "common/num.h"

/* The next word of a line; empty at its end. */
static struct span
word_next(struct span *line)
{
	size_t i = 0, n;
	struct span word;

	while (i < line->len && (line->p[i] == ' ' || line->p[i] == '\t'))
		i++;
	for (n = i; n < line->len && line->p[n] != ' ' && line->p[n] != '\t';)
		n++;
	word = span_sub(*line, i, n - i);
	*line = span_sub(*line, n, line->len);
	return word;
}

/* The counters that count, by the names of both files. */
static const struct {
	const char *line, *name; /* line NULL: one of snmp6 */
	enum { REASSEMBLY, ERRORS, NOT_ERRORS } as;
} counters[] = {
	{ "Ip:", "ReasmFails", REASSEMBLY },
	{ "Udp:", "InErrors", ERRORS },
	{ "Udp:", "RcvbufErrors", NOT_ERRORS },
	{ "Udp:", "MemErrors", NOT_ERRORS },
	{ NULL, "Ip6ReasmFails", REASSEMBLY },
	{ NULL, "Udp6InErrors", ERRORS },
	{ NULL, "Udp6RcvbufErrors", NOT_ERRORS },
	{ NULL, "Udp6MemErrors", NOT_ERRORS },
};

struct sums {
	uint64_t of[3]; /* by counters[].as */
};

static void
count(struct sums *s, struct span line, struct span name, struct span number)
{
	uint64_t n;
	size_t i;

	if (num_parse(number, UINT64_MAX / 16, &n) != 0)
		return;
	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (span_is(name, counters[i].name) &&
		    (counters[i].line == NULL
			    ? line.len == 0
			    : span_is(line, counters[i].line)))
			s->of[counters[i].as] += n;
}

/* "Ip: Forwarding DefaultTTL ..." and below it "Ip: 1 64 ...". */
static void
count_pair(struct sums *s, struct span names, struct span numbers)
{
	struct span line = word_next(&names), name;

	(void)word_next(&numbers); /* "Ip:" once more */
	while ((name = word_next(&names)).len > 0)
		count(s, line, name, word_next(&numbers));
}

void
netstat_add(struct span text, struct netstat *n)
{
	struct cursor c = cursor_make(text);
	struct span line, rest, word, names = { NULL, 0 };
	struct sums s = { { 0 } };

	while (line = cursor_until(&c, '\n'), !c.bad) {
		rest = line;
		word = word_next(&rest);
		if (word.len == 0 || word.p[word.len - 1] != ':')
			count(&s, span_make(NULL, 0), word, word_next(&rest));
		else if (names.len > word.len &&
		    memcmp(names.p, word.p, word.len) == 0) {
			count_pair(&s, names, line);
			names.len = 0;
		} else
			names = line;
	}
	n->reassembly += s.of[REASSEMBLY];
	if (s.of[ERRORS] > s.of[NOT_ERRORS])
		n->udp_errors += s.of[ERRORS] - s.of[NOT_ERRORS];
}
