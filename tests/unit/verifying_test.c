/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/verifying.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/command/gencheck.h"
#include "tests/tap.h"

/* A process that verifies in rounds, and what is known of it. */
#define TRIES 1000 /* of ten milliseconds */

/* Its site has no logs. */
void
gencheck_lending(const struct site *site, const struct site_log *log,
    struct lend *lend, struct verify_result *result)
{
	(void)site;
	(void)log;
	(void)lend;
	(void)result;
	_exit(1);
}

static int
enter(const struct site *site)
{
	(void)site;
	return 0;
}

static int
refuse(const struct site *site)
{
	(void)site;
	return -1;
}

static void
take(void *cookie, const char *log, const struct verify_result *r)
{
	(void)log;
	(void)r;
	++*(unsigned *)cookie;
}

/* Whether its round ended. */
static bool
rests(struct verifying *v, unsigned *told)
{
	struct timespec pause = { 0, 10000000 };
	unsigned i;

	for (i = 0; i < TRIES && verifying_runs(v); i++) {
		(void)nanosleep(&pause, NULL);
		verifying_poll(v, take, told);
	}
	return !verifying_runs(v);
}

/* Whether no process is left that nobody waits for. */
static bool
is_gone(void)
{
	struct timespec pause = { 0, 10000000 };
	unsigned i;
	pid_t pid = 0;

	for (i = 0; i < TRIES && pid == 0; i++) {
		(void)nanosleep(&pause, NULL);
		pid = waitpid(-1, NULL, WNOHANG);
	}
	return pid == -1 && errno == ECHILD;
}

int
main(void)
{
	struct site site = { 0 }; /* without logs */
	struct verifying *v;
	unsigned told = 0;

	ok(!verifying_runs(NULL), "nobody verifies");
	v = verifying_rounds(&site, 24, refuse);
	ok(verifying_runs(v), "a round begins with the process");
	ok(rests(v, &told), "one that ends runs no more");
	ok(is_gone(), "and nothing is left of it");
	v = verifying_rounds(&site, 24, enter);
	ok(verifying_runs(v) && rests(v, &told) && told == 0,
	    "between two rounds none is waited for");
	ok(waitpid(-1, NULL, WNOHANG) == 0, "the process goes on");
	return done();
}
