/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io.h"
#include "common/log.h"
#include "tests/unit/evlog_lib.h"

/*
 * clock FOLDER back|forward [restart]: a log by the real writer, to be found
 * in FOLDER afterwards, under which the wall clock is set by a year: while the
 * writer runs, or while it is stopped.  Two records stand before and two
 * behind it.
 *
 * clock FOLDER lost: instead, the clock ceases to be synchronised, and is
 * again. clock FOLDER error: instead, the disk gives errors for a while.
 * clock FOLDER late: instead, records waited for eight seconds to be written.
 */
#define YEAR UINT64_C(31536000000000) /* usec */

static uint32_t stream;

static void
say(const char *text)
{
	if (lib_append(stream, 1000, text) != EVLOG_OK ||
	    evlog_seal(lib_log, true) != EVLOG_OK)
		abort();
	lib_pass(2000000);
}

static _Atomic int synchronised = 1, trouble;

static int
synced(void *cookie)
{
	(void)cookie;
	return synchronised;
}

static int
step(void *cookie, const char *name)
{
	(void)cookie;
	(void)name;
	return trouble;
}

/* A record that is not on the disk yet. */
static void
add(const char *text)
{
	if (lib_append(stream, 1000, text) != EVLOG_OK)
		abort();
	(void)evlog_seal(lib_log, true); /* that fails while there is trouble */
	lib_pass(2000000);
	(void)evlog_tick(lib_log);
}

static void
late(void)
{
	struct record r = { .kind = RECORD_RECEIVED,
		.stream = stream,
		.port = 1000,
		.rx = lib_wall - 8000000,
		.body = SPAN("<13>waited") };

	if (evlog_append(lib_log, &r, NULL) != EVLOG_OK)
		abort();
	add("<13>three");
}

/* Something else than a clock that is set: whether it was asked for. */
static bool
other(const char *what)
{
	bool lost = strcmp(what, "lost") == 0;

	if (strcmp(what, "late") == 0) {
		late();
		return true;
	}
	if (!lost && strcmp(what, "error") != 0)
		return false;
	if (lost)
		synchronised = 0;
	else
		trouble = EIO;
	add("<13>three");
	add("<13>four");
	synchronised = 1;
	trouble = 0;
	add("<13>five");
	add("<13>six");
	return true;
}

static void
enter(void)
{
	if (lib_open() != EVLOG_OK ||
	    evlog_stream(lib_log, SPAN(WORDS), &stream) != EVLOG_OK)
		abort();
}

int
main(int argc, char *argv[])
{
	bool back;

	if (argc < 3)
		return 2;
	back = strcmp(argv[2], "back") == 0;
	log_set_lang("en");
	lib_begin();
	lib_opt.synced = synced;
	lib_opt.step = step;
	enter();
	say("<13>one");
	say("<13>two");
	if (other(argv[2]))
		goto end;
	if (argc > 3 && lib_close() != EVLOG_OK)
		abort();
	if (back)
		lib_wall -= YEAR;
	else
		lib_wall += YEAR;
	if (argc > 3)
		enter();
	say("<13>three");
	say("<13>four");
end:
	if (lib_close() != EVLOG_OK || rename(lib_dir, argv[1]) != 0) {
		perror(argv[1]);
		return 1;
	}
	lib_end();
	return 0;
}
