/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "common/io.h"
#include "common/log.h"
#include "evidence/verify_priv.h"

/*
 * The file `epochs` beside the k1 records: both rise, so they are read along
 * each other.  A line is written before its k1, which a crash may prevent: a
 * line without k1 is fine, a k1 without line is not.
 */
#define EPOCHS_PIECE 65536u
#define EPOCHS_LINE_MAX 2048u

static struct verify_place
epochs_place(void)
{
	return (struct verify_place){ "epochs", UINT64_MAX, UINT64_MAX, 0 };
}

int
verify_epochs_open(struct verify *v)
{
	struct stat st;

	v->epochs_fd = logdir_open_file(&v->dir, "epochs");
	if (v->epochs_fd < 0) {
		/* At the very beginning there is none. */
		return errno == ENOENT && !v->have_newest
		    ? 0
		    : verify_unreadable(v, "epochs");
	}
	if (fstat(v->epochs_fd, &st) != 0)
		return verify_unreadable(v, "epochs");
	v->epochs_left = (uint64_t)st.st_size;
	return 0;
}

/* The next line, LF included; 1, 0 at the end, -1. */
static int
epochs_line(struct verify *v, struct span *line)
{
	struct buf *b = &v->epochs;
	const uint8_t *lf;
	size_t len;
	ssize_t n;

	for (;;) {
		len = b->len - v->epochs_pos;
		lf = len == 0 ? NULL : memchr(b->p + v->epochs_pos, '\n', len);
		if (lf != NULL || len > EPOCHS_LINE_MAX || v->epochs_left == 0)
			break;
		if (len > 0)
			memmove(b->p, b->p + v->epochs_pos, len);
		b->len = len;
		v->epochs_pos = 0;
		len = v->epochs_left < EPOCHS_PIECE ? (size_t)v->epochs_left
						    : EPOCHS_PIECE;
		n = io_read_up_to(v->epochs_fd, buf_reserve(b, len), len);
		if (n < 0)
			return verify_unreadable(v, "epochs");
		b->len += (size_t)n;
		v->epochs_left -= (size_t)n < len ? v->epochs_left : (size_t)n;
	}
	if (lf != NULL)
		len = (size_t)(lf - (b->p + v->epochs_pos)) + 1;
	*line = span_sub(buf_view(b), v->epochs_pos, len);
	v->epochs_pos += len;
	return len > 0;
}

/* A line in place of which there may be another, but no wrong one. */
static int
epochs_check(struct verify *v, struct span line, struct epoch *e)
{
	if (epoch_parse(line, e) == 0 &&
	    epoch_verify(e, v->log.height, v->log.r) == 0)
		return 0;
	return verify_fail(v, VERIFY_TAMPERED, epochs_place(),
	    tr("a line is not as specified, or its key does not lead to the "
	       "pinned root",
		"行が形式どおりでないか、鍵が固定されたルートにつながりませ"
		"ん"));
}

int
verify_epochs_take(struct verify *v, const struct verify_event *e)
{
	struct verify_place at = epochs_place();
	struct buf want;
	struct span line;
	struct epoch other;
	bool same;
	int rc;

	at.index = e->index;
	at.time = e->time;
	while ((rc = epochs_line(v, &line)) > 0) {
		buf_init(&want);
		epoch_print(&e->u.epoch, &want);
		same = span_eq(line, buf_view(&want));
		buf_fini(&want);
		if (same)
			return 0;
		if (epochs_check(v, line, &other) != 0)
			return -1;
		if (other.number >= e->u.epoch.number)
			break;
	}
	if (rc < 0)
		return -1;
	return verify_fail(v, VERIFY_TAMPERED, at,
	    tr("the line of epoch %" PRIu32 " is missing",
		"鍵期間%" PRIu32 "の行がありません"),
	    e->u.epoch.number);
}

int
verify_epochs_find(struct verify *v, const struct verify_event *e,
    uint32_t number)
{
	struct verify_place at = epochs_place();
	struct epoch other;
	struct span line;
	int rc;

	if (v->have_epoch && v->epoch.number == number)
		return 0;
	at.index = e->index;
	at.time = e->time;
	while ((rc = epochs_line(v, &line)) > 0) {
		if (epochs_check(v, line, &other) != 0)
			return -1;
		if (other.number >= number)
			break;
	}
	if (rc < 0)
		return -1;
	if (rc == 0 || other.number != number)
		return verify_fail(v, VERIFY_TAMPERED, at,
		    tr("the line of epoch %" PRIu32 " is missing",
			"鍵期間%" PRIu32 "の行がありません"),
		    number);
	v->epoch = other;
	v->have_epoch = true;
	return 0;
}

int
verify_epochs_end(struct verify *v)
{
	struct verify_place at = epochs_place();
	uint32_t last = v->epoch.number;
	struct epoch e;
	struct span line;
	int rc;

	while ((rc = epochs_line(v, &line)) > 0) {
		v->tail = line.p[line.len - 1] != '\n' && v->epochs_left == 0;
		if (v->tail)
			return verify_fail(v, VERIFY_INCOMPLETE, at,
			    tr("the last line is not whole",
				"最後の行が途中で終わっています"));
		if (epochs_check(v, line, &e) != 0)
			return -1;
		if (v->have_epoch && e.number <= last)
			return verify_fail(v, VERIFY_TAMPERED, at,
			    tr("the line of epoch %" PRIu32
			       " stands in the wrong place",
				"鍵期間%" PRIu32 "の行の位置が誤っています"),
			    e.number);
		last = e.number;
	}
	return rc;
}
