/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "common/num.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"
#include "evidence/manifest.h"
#include "evidence/retention_act.h"

/*
 * storylog LOG KEYS: into a log that was made, by the real writer, what the
 * standard input says, a line each; the clock is our own:
 *
 *   t USEC      it is now
 *   d N WORDS   stream N begins (the d1 body behind "next=")
 *   e N         it ends
 *   r N BYTES   a record of it, with the LF
 *   g WORDS     a g1
 *   x SEGMENT   an x1: a closed segment is deleted (its file stays)
 *   n           the next segment
 */
#define STREAMS 4096

static uint64_t now = UINT64_C(1790000000000000);
static uint32_t stream[STREAMS];

static void
clock_now(void *cookie, uint64_t *wall, uint64_t *mono)
{
	(void)cookie;
	*wall = now;
	*mono = now - UINT64_C(1780000000000000);
}

static _Noreturn void
fail(const char *what, const char *why)
{
	fprintf(stderr, "storylog: %s: %s\n", what, why);
	exit(1);
}

static void
check(enum evlog_err err, const char *what)
{
	if (err != EVLOG_OK)
		fail(what, evlog_strerror(err));
}

static void
append(struct evlog *log, enum record_kind kind, uint32_t number,
    struct span body)
{
	struct record r = { .kind = kind,
		.rx = now,
		.stream = number,
		.body = body };
	enum evlog_err err;

	while ((err = evlog_append(log, &r, NULL)) == EVLOG_BUSY)
		check(evlog_seal(log, true), "seal");
	check(err, "append");
}

static uint64_t
number(struct span s, uint64_t max)
{
	uint64_t n;

	if (num_parse(s, max, &n) != 0)
		fail("number", "not as it must be");
	return n;
}

/* Who approved it does not matter to who reads. */
static void
delete(struct evlog *log, const char *dir, uint64_t segment)
{
	struct retention_gone gone = { .segment = segment,
		.basis = "a test",
		.by = "sato",
		.also = "abe",
		.request = "d-1" };
	struct retention_extra extra = { 0 };
	struct manifest *m = malloc(sizeof(*m));
	struct buf bytes;
	char path[4096];
	unsigned line;

	snprintf(path, sizeof(path), "%s/manifests/%012llu", dir,
	    (unsigned long long)segment);
	buf_init(&bytes);
	if (m == NULL || io_read_file(path, MANIFEST_MAX, &bytes) != 0 ||
	    manifest_parse(buf_view(&bytes), m, &line) != 0)
		fail(path, strerror(errno));
	gone.first = m->first;
	gone.last = m->last;
	manifest_hash(m, gone.manifest);
	bytes.len = 0;
	retention_x1_print(&gone, &extra, &bytes);
	append(log, RECORD_DELETION, 0, buf_view(&bytes));
	buf_fini(&bytes);
	free(m);
}

/* "N rest" */
static uint32_t *
stream_of(struct span *s)
{
	size_t i = 0;
	uint64_t n;

	while (i < s->len && s->p[i] != ' ')
		i++;
	n = number(span_sub(*s, 0, i), STREAMS - 1);
	*s = span_sub(*s, i + 1, s->len);
	return &stream[n];
}

static void
tell(struct evlog *log, const char *dir, struct span line)
{
	struct span rest = span_sub(line, 2, line.len);
	uint32_t *s;

	switch (line.p[0]) {
	case 't':
		now = number(span_sub(rest, 0, rest.len - 1), RECORD_RX_MAX);
		evlog_tick(log);
		break;
	case 'd':
		s = stream_of(&rest);
		check(evlog_stream(log, span_sub(rest, 0, rest.len - 1), s),
		    "stream");
		break;
	case 'e':
		rest.len--;
		check(evlog_stream_end(log, *stream_of(&rest), "end"), "end");
		break;
	case 'r':
		s = stream_of(&rest);
		append(log, RECORD_RECEIVED, *s, rest);
		break;
	case 'g':
		append(log, RECORD_GAP, 0, span_sub(rest, 0, rest.len - 1));
		break;
	case 'x':
		delete(log, dir,
		    number(span_sub(rest, 0, rest.len - 1), 1000000));
		break;
	case 'n':
		check(evlog_seal(log, true), "seal");
		check(evlog_rotate(log), "rotate");
		check(evlog_seal(log, true), "seal");
		break;
	default:
		fail("line", "not as it must be");
	}
}

int
main(int argc, char *argv[])
{
	struct evlog_options opt = { .clock = clock_now,
		.boot = "story",
		.build = "story" };
	struct keyring *ring;
	struct evlog *log;
	struct buf why;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (argc != 3)
		return 2;
	opt.dir = argv[1];
	buf_init(&why);
	if (keyring_open(&ring, argv[2]) != KEYRING_OK)
		fail(argv[2], "no keys");
	opt.signer = keyring_signer(ring);
	if ((n = getline(&line, &cap, stdin)) > 2 && line[0] == 't')
		now = number(span_make(line + 2, (size_t)n - 3), RECORD_RX_MAX);
	check(evlog_open(&log, &opt, &why), "open");
	while ((n = getline(&line, &cap, stdin)) > 1)
		tell(log, argv[1], span_make(line, (size_t)n));
	check(evlog_close(log), "close");
	keyring_close(ring);
	buf_fini(&why);
	free(line);
	return 0;
}
