/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
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
	enter();
	say("<13>one");
	say("<13>two");
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
	if (lib_close() != EVLOG_OK || rename(lib_dir, argv[1]) != 0) {
		perror(argv[1]);
		return 1;
	}
	lib_end();
	return 0;
}
