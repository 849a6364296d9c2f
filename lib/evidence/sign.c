/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/sign.h"

#include <inttypes.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "evidence/checkpoint.h"
#include "evidence/epoch.h"

/*
 * Messages are lines of text, one form for each value, so that parse and
 * print are inverse.  How many hashes a range has follows from its bounds.
 */
_Static_assert(SIGN_PATH_MAX == EPOCH_HEIGHT_MAX, "a path fits");

static const char *const sign_what_names[] = {
	[SIGN_STATE] = "state",
	[SIGN_BEGIN] = "begin",
	[SIGN_SEAL] = "seal",
	[SIGN_END] = "end",
};
static const char *const sign_status_names[] = {
	[SIGN_OK] = "ok",
	[SIGN_REFUSED] = "refused",
	[SIGN_EXHAUSTED] = "exhausted",
	[SIGN_FAILED] = "failed",
};
#define SIGN_N(names) (sizeof(names) / sizeof((names)[0]))

/* The place of a name, or n. */
static size_t
sign_find(const char *const *names, size_t n, struct span name)
{
	size_t i;

	for (i = 0; i < n && !span_is(name, names[i]); i++)
		continue;
	return i;
}

static void
sign_put_hex(struct buf *out, const uint8_t *p, size_t len)
{
	hex_print(p, len, (char *)buf_reserve(out, 2 * len));
	out->len += 2 * len;
}

static void
sign_range_print(const struct tree_range *r, struct buf *out)
{
	size_t i;

	buf_printf(out, "range %" PRIu64 " %" PRIu64 "\n", r->begin, r->end);
	for (i = 0; i < r->n; i++) {
		sign_put_hex(out, r->hash[i], SHA256_LEN);
		buf_byte(out, '\n');
	}
}

static void
sign_range_parse(struct cursor *c, uint64_t begin, struct tree_range *r)
{
	size_t i;

	cursor_expect(c, SPAN("range "));
	r->begin = cursor_decimal(c, CHECKPOINT_SIZE_MAX);
	cursor_expect(c, SPAN(" "));
	r->end = cursor_decimal(c, CHECKPOINT_SIZE_MAX);
	cursor_expect(c, SPAN("\n"));
	if (r->begin != begin || r->end < begin)
		c->bad = true;
	r->n = c->bad ? 0 : tree_range_count(r->begin, r->end);
	for (i = 0; i < r->n; i++) {
		cursor_hex(c, r->hash[i], SHA256_LEN);
		cursor_expect(c, SPAN("\n"));
	}
}

void
sign_request_print(const struct sign_request *r, struct buf *out)
{
	buf_printf(out, "ev1 %s\n", sign_what_names[r->what]);
	if (r->what == SIGN_SEAL) {
		sign_range_print(&r->signed_range, out);
		sign_range_print(&r->added, out);
	}
}

int
sign_request_parse(struct span in, struct sign_request *r)
{
	struct cursor c = cursor_make(in);
	size_t what;

	memset(r, 0, sizeof(*r));
	if (in.len > SIGN_MESSAGE_MAX)
		return -1;
	cursor_expect(&c, SPAN("ev1 "));
	what = sign_find(sign_what_names, SIGN_N(sign_what_names),
	    cursor_until(&c, '\n'));
	if (what == SIGN_N(sign_what_names))
		return -1;
	r->what = (enum sign_what)what;
	if (r->what == SIGN_SEAL) {
		sign_range_parse(&c, 0, &r->signed_range);
		sign_range_parse(&c, r->signed_range.end, &r->added);
	}
	return cursor_done(&c) ? 0 : -1;
}

static void
sign_path_print(const struct sign_reply *r, struct buf *out)
{
	struct epoch e = { .height = r->height };

	buf_str(out, "path ");
	memcpy(e.path, r->path, sizeof(e.path));
	if (e.height == 0)
		buf_byte(out, '-');
	epoch_path_print(&e, out);
	buf_byte(out, '\n');
}

static int
sign_path_parse(struct span s, struct sign_reply *r)
{
	struct epoch e = { 0 };

	if (span_is(s, "-"))
		return 0;
	if (epoch_path_parse(s, &e) != 0)
		return -1;
	r->height = e.height;
	memcpy(r->path, e.path, sizeof(r->path));
	return 0;
}

void
sign_reply_print(const struct sign_reply *r, struct buf *out)
{
	buf_printf(out, "ev1 %s\norigin %s\nsigned %" PRIu64 " ",
	    sign_status_names[r->status], r->origin, r->size);
	sign_put_hex(out, r->root, SHA256_LEN);
	buf_printf(out, "\nepoch %u %s ", r->epoch, r->open ? "open" : "-");
	sign_put_hex(out, r->key, KEY_LEN);
	buf_byte(out, '\n');
	sign_path_print(r, out);
	buf_str(out, r->lines);
}

/* Nothing, or the two signature lines. */
static int
sign_lines_parse(struct span s, struct sign_reply *r)
{
	struct note_sig sig;
	struct span rest = s;
	size_t n;

	if (s.len >= sizeof(r->lines))
		return -1;
	memcpy(r->lines, s.p, s.len);
	for (n = 0; rest.len > 0; n++)
		if (note_sig_parse(&rest, &sig) != 0)
			return -1;
	return n == 0 || n == 2 ? 0 : -1;
}

static int
sign_origin_parse(struct span s, struct sign_reply *r)
{
	if (!checkpoint_origin_ok(s))
		return -1;
	memcpy(r->origin, s.p, s.len);
	return 0;
}

int
sign_reply_parse(struct span in, struct sign_reply *r)
{
	struct cursor c = cursor_make(in);
	struct span status, origin, open, path;

	memset(r, 0, sizeof(*r));
	if (in.len > SIGN_MESSAGE_MAX)
		return -1;
	cursor_expect(&c, SPAN("ev1 "));
	status = cursor_until(&c, '\n');
	cursor_expect(&c, SPAN("origin "));
	origin = cursor_until(&c, '\n');
	cursor_expect(&c, SPAN("signed "));
	r->size = cursor_decimal(&c, CHECKPOINT_SIZE_MAX);
	cursor_expect(&c, SPAN(" "));
	cursor_hex(&c, r->root, SHA256_LEN);
	cursor_expect(&c, SPAN("\nepoch "));
	r->epoch = (uint32_t)cursor_decimal(&c, CHECKPOINT_EPOCH_MAX + 1);
	cursor_expect(&c, SPAN(" "));
	open = cursor_until(&c, ' ');
	cursor_hex(&c, r->key, KEY_LEN);
	cursor_expect(&c, SPAN("\npath "));
	path = cursor_until(&c, '\n');
	if (c.bad)
		return -1;
	r->status = (enum sign_status)sign_find(sign_status_names,
	    SIGN_N(sign_status_names), status);
	r->open = span_is(open, "open");
	if (r->status == SIGN_N(sign_status_names) ||
	    (!r->open && !span_is(open, "-")) ||
	    sign_origin_parse(origin, r) != 0 || sign_path_parse(path, r) != 0)
		return -1;
	return sign_lines_parse(cursor_take(&c, cursor_left(&c)), r);
}
