/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "tests/system/trace.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

/*
 * The life of a log and its keys is recorded, write by write. Then the disk is
 * put into each state that a power cut could have left: after each operation;
 * with any one missing that nothing had made durable; with the last write cut
 * at each sector (a short one at each byte: where sectors end is chance), and
 * with zeros behind the cut. Each time the log is opened,
 * recovered and closed, and the program konseki-verify must find it intact,
 * with what had been acknowledged in it.
 */
#define SECTOR 512u
#define SHORT 64u /* bytes of a write */

extern char **environ;
static char saved[128], pin[128];
static unsigned states, bad;

static void
shell(const char *what, const char *a, const char *b)
{
	char command[600];

	snprintf(command, sizeof(command), "a='%s' b='%s'; %s", a, b, what);
	if (system(command) != 0)
		abort();
}

/* What is durable now must be so after any cut; its checkpoint is kept. */
static void
acknowledge(void)
{
	uint64_t size = evlog_durable(lib_log);
	char path[160];

	trace_mark(size);
	snprintf(path, sizeof(path), "%s/ack-%llu", lib_base,
	    (unsigned long long)size);
	shell("cp $a/checkpoint $b", lib_dir, path);
}

/* So many bytes that do not deflate. */
static void
append(uint32_t stream, unsigned len)
{
	static uint64_t r = 88172645463325252u;
	char text[4096];

	for (unsigned i = 0; i < len; i++) {
		r ^= r << 13;
		r ^= r >> 7;
		r ^= r << 17;
		text[i] = (char)(' ' + r % 90);
	}
	text[len] = '\0';
	if (lib_append(stream, 1000, text) != EVLOG_OK)
		abort();
}

static void
live(unsigned rounds)
{
	uint32_t stream;

	if (lib_open() != EVLOG_OK)
		abort();
	acknowledge();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	for (unsigned i = 0; i < rounds; i++) {
		append(stream, 1500);
		append(stream, 10);
		if (evlog_seal(lib_log, true) != EVLOG_OK)
			abort();
		acknowledge();
		lib_pass(1000000);
	}
	append(stream, 700);
	evlog_rotate(lib_log);
	acknowledge();
	append(stream, 100);
	lib_pass(600000000); /* the epoch ends */
	evlog_tick(lib_log);
	evlog_tick(lib_log);
	acknowledge();
	append(stream, 2000);
	if (lib_close() != EVLOG_OK)
		abort();
	lib_pass(1000000);
}

static int
verify(const char *anchor, bool shown)
{
	const char *argv[] = { "konseki-verify", "--pin", pin, lib_dir,
		anchor == NULL ? NULL : "--anchor", anchor, NULL };
	posix_spawn_file_actions_t quiet;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&quiet);
	if (!shown)
		posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 1, 0);
	fflush(stdout);
	if (posix_spawnp(&pid, argv[0], &quiet, NULL, (char **)(uintptr_t)argv,
		environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		abort();
	posix_spawn_file_actions_destroy(&quiet);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The newest acknowledgement before the n-th operation. */
static uint64_t
acknowledged(size_t n)
{
	while (n-- > 0)
		if (trace_op[n].what == TRACE_MARK)
			return trace_op[n].at;
	return 0;
}

/* A power cut that left this: does all go on? */
static void
cut(const struct trace_view *v)
{
	uint64_t least = acknowledged(v->n), found = 0;
	char anchor[160];
	enum evlog_err err;
	int rc = -1;

	states++;
	shell("rm -rf $a/log $a/keys && cp -a $b/. $a", lib_base, saved);
	trace_replay(lib_base, v);
	lib_wall += 1000000;
	lib_mono += 1000000;
	snprintf(anchor, sizeof(anchor), "%s/ack-%llu", lib_base,
	    (unsigned long long)least);
	if ((err = lib_open()) == EVLOG_OK) {
		found = evlog_recovered(lib_log);
		err = lib_close();
	}
	if (err == EVLOG_OK)
		rc = verify(least > 0 ? anchor : NULL, false);
	if (err == EVLOG_OK && rc == 0 && found >= least)
		return;
	if (bad++ < 5)
		printf("# after %zu (%d %s), without %zu (%d %s), %llu%s: "
		       "%s, verify %d, found %llu of %llu\n",
		    v->n, (int)trace_op[v->n - 1].what, trace_op[v->n - 1].path,
		    v->drop, v->drop < v->n ? (int)trace_op[v->drop].what : -1,
		    v->drop < v->n ? trace_op[v->drop].path : "",
		    (unsigned long long)v->last, v->zeros ? " zeros" : "",
		    evlog_strerror(err), rc, (unsigned long long)found,
		    (unsigned long long)least);
}

static void
prefixes(void)
{
	for (size_t n = 1; n <= trace_n; n++)
		cut(&(struct trace_view){ n, SIZE_MAX, TRACE_WHOLE, false });
	ok(bad == 0, "cut after each of %zu operations", trace_n);
}

static void
drops(void)
{
	unsigned before = states;

	for (size_t n = 1; n <= trace_n; n++)
		for (size_t i = 0; i < n; i++)
			if (trace_loose(i, n))
				cut(&(struct trace_view){ n, i, TRACE_WHOLE,
				    false });
	ok(bad == 0, "%u times without one that was not durable",
	    states - before);
}

static void
sectors(bool zeros)
{
	unsigned before = states;

	for (size_t n = 1; n <= trace_n; n++) {
		const struct trace_op *op = &trace_op[n - 1];
		uint64_t end = op->at + op->bytes.len, at, step;

		if (op->what != TRACE_WRITE)
			continue;
		step = op->bytes.len < SHORT ? 1 : SECTOR;
		for (at = (op->at / step + 1) * step; at < end; at += step)
			cut(&(struct trace_view){ n, SIZE_MAX, at - op->at,
			    zeros });
	}
	ok(bad == 0, "%u times cut in the last write%s", states - before,
	    zeros ? ", with zeros behind it" : "");
}

int
main(int argc, char *argv[])
{
	unsigned lives = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 2;

	log_set_lang("en");
	lib_begin();
	snprintf(saved, sizeof(saved), "%s/saved", lib_base);
	snprintf(pin, sizeof(pin), "%s/pin", lib_base);
	shell("cp $a/log $b", lib_dir, pin);
	shell("mkdir $b && cp -a $a/log $a/keys $b", lib_base, saved);
	trace_begin(lib_base);
	for (unsigned i = 0; i < lives; i++)
		live(1);
	trace_end();
	ok(verify(NULL, true) == 0, "the log that was recorded is intact");
	cut(&(struct trace_view){ trace_n, SIZE_MAX, TRACE_WHOLE, false });
	ok(bad == 0, "and so is what the whole trace makes");
	prefixes();
	bad = 0;
	drops();
	bad = 0;
	sectors(false);
	bad = 0;
	sectors(true);
	lib_end();
	return done();
}
