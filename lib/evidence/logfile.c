/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/logfile.h"

#include "common/cursor.h"
#include "common/hex.h"
#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/record.h"

void
logfile_print(const struct logfile *l, struct buf *out)
{
	char r[2 * SHA256_LEN];

	hex_print(l->r, SHA256_LEN, r);
	buf_printf(out, "ev1 log\norigin %s\nkey ", l->key.name);
	note_key_print(&l->key, out);
	buf_printf(out, "\nepochs %u %u %.*s\ncreated %llu\n", l->height,
	    l->seconds, (int)sizeof(r), r, (unsigned long long)l->created);
}

/* A line's text behind its word; its end is read. */
static struct span
get_line(struct cursor *c, struct span word, unsigned *line)
{
	if (!c->bad)
		++*line;
	cursor_expect(c, word);
	return cursor_until(c, '\n');
}

/* "<height> <seconds> <R>" */
static int
get_epochs(struct span s, struct logfile *l)
{
	struct cursor c = cursor_make(s);

	l->height = (unsigned)cursor_decimal(&c, EPOCH_HEIGHT_MAX);
	cursor_expect(&c, SPAN(" "));
	l->seconds = (uint32_t)cursor_decimal(&c, LOGFILE_SECONDS_MAX);
	cursor_expect(&c, SPAN(" "));
	cursor_hex(&c, l->r, SHA256_LEN);
	return cursor_done(&c) && l->height > 0 && l->seconds > 0 ? 0 : -1;
}

int
logfile_parse(struct span in, struct logfile *l, unsigned *line)
{
	struct cursor c = cursor_make(in), number;
	struct span origin;

	*l = (struct logfile){ 0 };
	*line = 0;
	if (get_line(&c, SPAN("ev1 log"), line).len != 0 || c.bad)
		return -1;
	origin = get_line(&c, SPAN("origin "), line);
	if (!checkpoint_origin_ok(origin))
		return -1;
	if (note_key_parse(get_line(&c, SPAN("key "), line), &l->key) != 0 ||
	    !span_is(origin, l->key.name))
		return -1;
	if (get_epochs(get_line(&c, SPAN("epochs "), line), l) != 0)
		return -1;
	number = cursor_make(get_line(&c, SPAN("created "), line));
	l->created = cursor_decimal(&number, RECORD_RX_MAX);
	if (c.bad || !cursor_done(&number))
		return -1;
	if (cursor_done(&c))
		return 0;
	++*line;
	return -1;
}
