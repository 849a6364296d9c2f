/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "verify/walk.h"

/* The file `epochs` beside the k1 records: both rise, so they are read along.
 */
/*
 * The next line of `epochs` and the epoch that it is of; the file rises as the
 * k1 records do.  A line is written before its k1, which a crash may prevent:
 * a line without k1 is fine, a k1 without line is not.  last: nothing needs it,
 * so it may be torn.  1, 0 at the end, -1.
 */
static int
next_epoch(struct walk *w, struct pin_epoch *e, bool last)
{
	char line[PIN_LINE_MAX];
	size_t len = 0;
	int c = 0;

	while (w->epochs != NULL && len < sizeof(line) && c != '\n' &&
	    (c = getc(w->epochs)) != EOF)
		line[len++] = (char)c;
	if (len == 0)
		return 0;
	w->tail = last ? c == EOF : w->tail;
	if (last && c == EOF)
		return walk_fault(w, VERIFY_INCOMPLETE, walk_file("epochs"),
		    say0(SAY_EPOCHS_TORN));
	if (pin_epoch_parse(span_make(line, len), e) != 0 ||
	    !pin_epoch_ok(&w->pin, e))
		return walk_wrong_at(w, walk_file("epochs"),
		    say0(SAY_EPOCHS_LINE));
	return 1;
}

/*
 * Whoever takes the machine over has the key of the open epoch and could write
 * all of the past anew in its name, if the epochs before it might be passed
 * over.  In a package they may: it has some of a log's checkpoints.
 */
int
epochs_follow(struct walk *w, uint64_t number)
{
	uint64_t want = w->have_epoch ? w->epoch.number + 1 : 0;

	if (number <= want || w->result->package[0] != '\0')
		return 0;
	return walk_wrong(w, say2(SAY_EPOCH_SKIPPED, number, want));
}

int
epochs_take(struct walk *w, const struct pin_epoch *e)
{
	struct walk_place at = { "epochs", UINT64_MAX, w->fact->index,
		w->fact->time };
	struct pin_epoch line;
	int rc;

	while (
	    (rc = next_epoch(w, &line, false)) > 0 && line.number < e->number)
		;
	if (rc < 0)
		return -1;
	if (rc > 0 && memcmp(&line, e, sizeof(line)) == 0)
		return 0;
	return walk_wrong_at(w, at, say1(SAY_EPOCHS_MISSING, e->number));
}

int
epochs_find(struct walk *w, uint64_t number)
{
	struct pin_epoch line = { 0 };
	int rc;

	if (epochs_follow(w, number) != 0)
		return -1;
	while ((rc = next_epoch(w, &line, false)) > 0 && line.number < number)
		;
	if (rc < 0)
		return -1;
	if (rc == 0 || line.number != number)
		return walk_wrong_at(w, walk_file("epochs"),
		    say1(SAY_EPOCHS_MISSING, number));
	w->epoch = line;
	w->have_epoch = true;
	return 0;
}

int
epochs_end(struct walk *w)
{
	uint64_t last = w->epoch.number;
	struct pin_epoch e;
	int rc;

	while ((rc = next_epoch(w, &e, true)) > 0) {
		if (w->have_epoch && e.number <= last)
			return walk_wrong_at(w, walk_file("epochs"),
			    say1(SAY_EPOCHS_ORDER, e.number));
		last = e.number;
	}
	return rc;
}
