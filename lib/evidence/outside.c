/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/outside.h"

#include <string.h>

#include "common/cursor.h"
#include "evidence/record.h"

#define FIRST_LINE "ev1 outside\n"

void
outside_print(const struct outside *o, struct buf *out)
{
	struct buf from;

	buf_str(out, FIRST_LINE);
	buf_init(&from);
	record_word(&from, "from", span_str(o->from));
	buf_span(out, buf_view(&from));
	buf_str(out, "\n\n");
	buf_span(out, o->note);
	buf_fini(&from);
}

/* "from=" and an escaped text, printed again to be sure of its form. */
static int
from_parse(struct span line, char from[OUTSIDE_FROM])
{
	struct buf value, again;
	int rc = -1;

	buf_init(&value);
	buf_init(&again);
	if (record_word_get(line, "from", &value) == 1 &&
	    value.len < OUTSIDE_FROM &&
	    (value.len == 0 || memchr(value.p, '\0', value.len) == NULL)) {
		record_word(&again, "from", buf_view(&value));
		if (span_eq(buf_view(&again), line)) {
			memset(from, 0, OUTSIDE_FROM);
			if (value.len > 0)
				memcpy(from, value.p, value.len);
			rc = 0;
		}
	}
	buf_fini(&again);
	buf_fini(&value);
	return rc;
}

int
outside_parse(struct span in, struct outside *o)
{
	struct cursor c = cursor_make(in);
	struct span line;
	struct note n;

	cursor_expect(&c, SPAN(FIRST_LINE));
	line = cursor_until(&c, '\n');
	cursor_expect(&c, SPAN("\n"));
	if (c.bad || from_parse(line, o->from) != 0)
		return -1;
	o->note = span_make(c.p, cursor_left(&c));
	return o->note.len <= NOTE_MAX && note_parse(o->note, &n) == NOTE_OK
	    ? checkpoint_parse(n.text, &o->c)
	    : -1;
}

bool
outside_verify(const struct outside *o, const struct note_key *log_key)
{
	struct note n;
	size_t i;

	if (note_parse(o->note, &n) != NOTE_OK ||
	    !span_is(o->c.origin, log_key->name))
		return false;
	for (i = 0; i < n.n; i++)
		if (note_verify(&n, i, log_key) == NOTE_OK)
			return true;
	return false;
}
