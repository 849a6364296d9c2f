/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evlog.h"

#include <stdio.h>

#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

static void
test_first(void)
{
	struct audit a;
	uint32_t stream;

	ok(lib_open() == EVLOG_OK, "a new log opens");
	ok(evlog_durable(lib_log) == evlog_size(lib_log), "and is sealed");
	ok(evlog_stream(lib_log, SPAN(WORDS), &stream) == EVLOG_OK, "a stream");
	ok(lib_append(stream, 1000, "one") == EVLOG_OK, "a record");
	ok(evlog_seal(lib_log, true) == EVLOG_OK &&
		evlog_durable(lib_log) == evlog_size(lib_log),
	    "a seal");
	ok(lib_close() == EVLOG_OK, "close");
	audit_log(&a);
	printf("%s", buf_cstr(&a.text));
	ok(a.ok && a.sealed == a.records && a.finals == 1, "audit");
	audit_fini(&a);
}

int
main(void)
{
	lib_begin();
	test_first();
	lib_end();
	return done();
}
