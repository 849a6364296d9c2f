/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/estate.h"
#include "collector/ringmsg.h"
#include "tests/tap.h"

static void
streams(struct estate *e)
{
	struct span words;
	uint32_t log;

	ok(!estate_get(e, 0, &log, &words), "at first no stream is open");
	estate_open(e, 0, 1, SPAN("listener=a"));
	estate_open(e, RINGMSG_STREAMS - 1, RINGMSG_LOGS - 1,
	    SPAN("listener=b"));
	ok(estate_get(e, 0, &log, &words) && log == 1 &&
		span_is(words, "listener=a"),
	    "one that is opened is there");
	ok(estate_get(e, RINGMSG_STREAMS - 1, &log, &words) &&
		log == RINGMSG_LOGS - 1 && span_is(words, "listener=b"),
	    "the last number too");
	estate_end(e, 0);
	ok(!estate_get(e, 0, &log, &words), "and gone when it ended");
	estate_open(e, 0, 0, SPAN("listener=c"));
	ok(estate_get(e, 0, &log, &words) && span_is(words, "listener=c"),
	    "then another may have its number");
}

static void
long_words(struct estate *e)
{
	static char text[4096];
	struct span words;
	uint32_t log;
	size_t i;

	for (i = 0; i < sizeof(text); i += 8)
		memcpy(text + i, "key=val ", 8);
	estate_open(e, 7, 0, span_make(text, sizeof(text) - 1));
	ok(estate_get(e, 7, &log, &words) && words.len < sizeof(text) &&
		words.len > 512 && words.len % 8 == 7 &&
		memcmp(words.p, text, words.len) == 0,
	    "long words are kept up to a whole one");
}

/* What a process that died wrote, its successor finds. */
static void
inherited(struct estate *e)
{
	struct span words;
	uint32_t log;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		estate_open(e, 9, 2, SPAN("listener=heir"));
		estate_set_size(e, 2, 1234567890123);
		estate_sums(e, 2)->counters.refused = 7;
		estate_sums(e, 2)->told.refused = 7;
		_exit(0);
	}
	ok(waitpid(pid, &status, 0) == pid && status == 0,
	    "a writer writes and dies");
	ok(estate_get(e, 9, &log, &words) && log == 2 &&
		span_is(words, "listener=heir"),
	    "its streams are there");
	ok(estate_size(e, 2) == 1234567890123 && estate_size(e, 1) == 0,
	    "and how far it came");
	ok(estate_sums(e, 2)->told.refused == 7 &&
		estate_sums(e, 1)->told.refused == 0,
	    "and what the receiver had told");
}

/* A receiver that was not trusted leaves its sums, and its totals end. */
static void
followed(const struct estate *before)
{
	struct estate *e = estate_new();

	ok(e != NULL, "another estate is made");
	if (e == NULL)
		return;
	estate_follow(e, before);
	ok(estate_sums(e, 2)->counters.refused == 7 &&
		estate_sums(e, 2)->told.refused == 0,
	    "it goes on with the sums of the one before");
	estate_free(e);
}

int
main(void)
{
	struct estate *e = estate_new();

	ok(e != NULL, "an estate is made");
	if (e == NULL)
		return done();
	streams(e);
	long_words(e);
	inherited(e);
	followed(e);
	estate_free(e);
	return done();
}
