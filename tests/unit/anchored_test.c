/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/anchored.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

static int parent; /* the other end of the control socket */
static struct site_log conf = { .name = "evidence" };

static struct anchored
one(void)
{
	struct anchored l = { .conf = &conf, .number = 3, .dir = -1 };
	int pair[2];

	conf.dir = lib_dir;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		_exit(99);
	parent = pair[0];
	l.control = pair[1];
	return l;
}

static void
none(struct anchored *l)
{
	anchored_close(l);
	close(parent);
	close(l->control);
}

/* Whether the parent is told that, and what it is about, and nothing else. */
static bool
told(const char *want, struct span note)
{
	char in[ANCHORED_TOLD_MAX];
	ssize_t n = recv(parent, in, sizeof(in), MSG_DONTWAIT);
	struct span s = span_make(in, n > 0 ? (size_t)n : 0);
	size_t len = strlen(want);

	return span_is(span_sub(s, 0, len), want) &&
	    span_eq(span_sub(s, len, s.len), note);
}

/* The note with so many lines of others behind it. */
static void
crowd(struct span note, unsigned n, struct buf *out)
{
	out->len = 0;
	buf_span(out, note);
	while (n-- > 0) {
		buf_str(out, "\u2014 witness.example ");
		for (unsigned i = 0; i < 100; i++)
			buf_str(out, "AAAA");
		buf_byte(out, '\n');
	}
}

/* Text, empty line, and the log's own line: enough to prove it. */
static struct span
shortest(struct span note)
{
	size_t i, lines = 0;

	for (i = 0; i < note.len && lines < 5; i++)
		lines += note.p[i] == '\n';
	return span_sub(note, 0, i);
}

static void
newest(struct buf *note)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/checkpoint", lib_dir);
	note->len = 0;
	io_read_file(path, NOTE_MAX, note);
}

static void
put_back(const struct buf *note)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/checkpoint", lib_dir);
	io_replace_at(AT_FDCWD, path, 0600, buf_view(note));
}

/* A log that grows; what it was is no proof against it, what it was to be is.
 */
int
main(void)
{
	struct buf early, late, forged;
	struct anchored l;
	uint64_t size = 0;
	uint8_t *p;

	buf_init(&early);
	buf_init(&late);
	buf_init(&forged);
	lib_begin();
	lib_open();
	l = one();
	ok(anchored_open(&l) == 0, "a log is opened");
	newest(&early);
	evlog_stream(lib_log, SPAN(WORDS), &(uint32_t){ 0 });
	lib_append(1, 1000, "one");
	evlog_seal(lib_log, true);
	newest(&late);
	ok(anchored_judge(&l, buf_view(&late), "there", &size) == 1 &&
		size == evlog_durable(lib_log) && !l.rolled,
	    "its newest checkpoint is one of it");
	ok(anchored_judge(&l, buf_view(&early), "there", &size) == 1 &&
		size < evlog_durable(lib_log) && !l.rolled &&
		told("", SPAN("")),
	    "so is an older one, and nobody is told");
	ok(anchored_judge(&l, SPAN("garbage"), "there", &size) == 0,
	    "garbage is not");

	/* A number that only somebody says: the signature is not over it. */
	buf_span(&forged, buf_view(&late));
	p = memchr(forged.p, '\n', forged.len);
	p[1] = '9';
	ok(anchored_judge(&l, buf_view(&forged), "there", &size) == 0 &&
		!l.rolled && told("", SPAN("")),
	    "a size without our signature proves nothing");

	put_back(&early);
	ok(anchored_judge(&l, buf_view(&late), "there", &size) == 1 &&
		l.rolled && told("rolled 3 there\n", buf_view(&late)),
	    "a larger one with our signature is proof, and the parent knows");
	ok(anchored_judge(&l, buf_view(&late), "there", &size) == 1 &&
		told("", SPAN("")),
	    "it is told once");
	none(&l);

	l = one();
	ok(anchored_open(&l) == 0, "another process looks");
	crowd(buf_view(&late), 50, &forged);
	ok(anchored_judge(&l, buf_view(&forged), "there", &size) == 1 &&
		told("rolled 3 there\n", shortest(buf_view(&late))),
	    "of a note with fifty others' lines the log's own is passed on");
	none(&l);
	lib_close();
	lib_end();
	buf_fini(&forged);
	buf_fini(&late);
	buf_fini(&early);
	return done();
}
