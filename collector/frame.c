/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * A wrong decision costs readability, never bytes.  Counted streams go wrong
 * in the field (counts of characters, counts of cut messages), so bytes that
 * no count announced are handed out as stray, up to the next LF or the next
 * count that a '<' follows.  A count is believed up to FRAME_COUNT_MAX: beyond
 * it one broken number would swallow all that follows.
 */
#include "collector/frame.h"

#include <assert.h>
#include <string.h>

#define DIGITS_MAX 8u /* of FRAME_COUNT_MAX */
#define PRI_MAX 3u    /* digits of a PRI */

enum match { MATCH_NO, MATCH_YES, MATCH_MORE };

void
framer_init(struct framer *fr, enum frame_mode mode, size_t max)
{
	assert(max >= FRAME_MAX_MIN);
	*fr = (struct framer){ .mode = mode, .max = max };
}

/* MSG-LEN SP (RFC 6587, 3.4.1) at the start of buf; *head = its bytes. */
static enum match
match_count(const uint8_t *buf, size_t len, uint64_t *count, size_t *head)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < len && buf[i] >= '0' && buf[i] <= '9'; i++) {
		if (i == DIGITS_MAX || (i == 1 && buf[0] == '0'))
			return MATCH_NO;
		n = n * 10 + (uint64_t)(buf[i] - '0');
	}
	if (i == len)
		return MATCH_MORE;
	if (i == 0 || buf[i] != ' ' || n > FRAME_COUNT_MAX)
		return MATCH_NO;
	*count = n;
	*head = i + 1;
	return MATCH_YES;
}

/* A count and the start of a message: what a line hardly begins with. */
static enum match
match_start(const uint8_t *buf, size_t len)
{
	uint64_t count;
	size_t head;
	enum match m = match_count(buf, len, &count, &head);

	if (m != MATCH_YES)
		return m;
	if (head == len)
		return MATCH_MORE;
	return buf[head] == '<' || buf[head] == '{' || buf[head] == 0xef
	    ? MATCH_YES
	    : MATCH_NO;
}

/* "<134>": what a syslog message begins with. */
static enum match
match_pri(const uint8_t *buf, size_t len)
{
	size_t i = 1;

	while (i < len && i <= PRI_MAX && buf[i] >= '0' && buf[i] <= '9')
		i++;
	if (i == len)
		return MATCH_MORE;
	return i > 1 && buf[i] == '>' ? MATCH_YES : MATCH_NO;
}

/*
 * AUTO: whether counts are what follows.  A line may begin with a number and a
 * '<', so what stands there must be a PRI.
 */
static enum match
match_counted(const uint8_t *buf, size_t len)
{
	enum match m = match_start(buf, len);
	const uint8_t *sp;

	if (m != MATCH_YES)
		return m;
	sp = memchr(buf, ' ', len);
	return sp[1] == '<' ? match_pri(sp + 1, len - (size_t)(sp + 1 - buf))
			    : MATCH_YES;
}

/* A TLS record of type handshake, version 3.0 to 3.4. */
static enum match
match_hello(const uint8_t *buf, size_t len)
{
	if (buf[0] != 0x16 || (len > 1 && buf[1] != 3) ||
	    (len > 2 && buf[2] > 4))
		return MATCH_NO;
	return len > 2 ? MATCH_YES : MATCH_MORE;
}

/*
 * AUTO, by the first terminator: is it decided?  Only the first max bytes are
 * asked, so that it does not matter how many there are already.
 */
static bool
decide_line(struct framer *fr, const uint8_t *buf, size_t len)
{
	size_t n = len < fr->max ? len : fr->max;
	const uint8_t *lf = memchr(buf + fr->seen, '\n', n - fr->seen);
	size_t end = lf == NULL ? n : (size_t)(lf - buf);
	const uint8_t *nul;

	fr->doubtful = false;
	while ((nul = memchr(buf + fr->seen, 0, end - fr->seen)) != NULL) {
		fr->seen = (size_t)(nul - buf);
		if (fr->seen + 1 == n) {
			fr->doubtful = n < fr->max; /* look at it again */
			break;
		}
		fr->seen++;
		if (nul[1] == '<') {
			fr->mode = FRAME_NUL;
			return true;
		}
	}
	if (nul == NULL)
		fr->seen = end;
	if (lf == NULL && n < fr->max)
		return false;
	fr->mode = FRAME_LF;
	return true;
}

static bool
decide(struct framer *fr, const uint8_t *buf, size_t len)
{
	enum match start, hello;

	if (len == 0)
		return false;
	start = match_counted(buf, len);
	hello = match_hello(buf, len);
	if (start == MATCH_YES)
		fr->mode = FRAME_OCTET;
	else if (hello == MATCH_YES)
		fr->mode = FRAME_RAW;
	else if ((start == MATCH_MORE || hello == MATCH_MORE) && len < fr->max)
		return false;
	else if (!decide_line(fr, buf, len))
		return false;
	fr->seen = 0;
	return true;
}

/* Hand out len bytes, or as much of them as a frame may have. */
static int
give(struct framer *fr, struct frame *f, uint64_t len)
{
	f->cut = len > fr->max;
	f->len = f->cut ? fr->max : (size_t)len;
	fr->seen = 0;
	return 1;
}

static int
next_line(struct framer *fr, const uint8_t *buf, size_t len, int end,
    struct frame *f)
{
	size_t n = len < fr->max ? len : fr->max;
	const uint8_t *p =
	    n == fr->seen ? NULL : memchr(buf + fr->seen, end, n - fr->seen);

	fr->seen = n;
	if (p == NULL && n < fr->max)
		return 0;
	fr->left = p == NULL;
	return give(fr, f, p == NULL ? fr->max + 1 : (size_t)(p - buf) + 1);
}

static bool
is_filler(uint8_t c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == 0;
}

/* Blanks and line ends that some put between counted frames. */
static int
next_filler(struct framer *fr, const uint8_t *buf, size_t len, struct frame *f)
{
	size_t i = fr->seen;

	while (i < len && i < fr->max && is_filler(buf[i]))
		i++;
	fr->seen = i;
	return i == len && i < fr->max ? 0 : give(fr, f, i);
}

/* Bytes up to where a count may be again. */
static int
next_stray(struct framer *fr, const uint8_t *buf, size_t len, struct frame *f)
{
	size_t n = len < fr->max ? len : fr->max, i;
	enum match m;

	fr->lost = true;
	f->stray = true;
	for (i = fr->seen; i < n; i++) {
		if (buf[i] == '\n') {
			fr->lost = false;
			return give(fr, f, i + 1);
		}
		if (i == 0 || (buf[i - 1] >= '0' && buf[i - 1] <= '9'))
			continue;
		m = match_start(buf + i, n - i);
		if (m == MATCH_MORE && n < fr->max)
			break;
		if (m == MATCH_YES) {
			fr->lost = false;
			return give(fr, f, i);
		}
	}
	fr->seen = i;
	return i < fr->max ? 0 : give(fr, f, (uint64_t)fr->max + 1);
}

static int
next_counted(struct framer *fr, const uint8_t *buf, size_t len, struct frame *f)
{
	uint64_t total = fr->left, count;
	enum match start;
	size_t head;

	if (fr->lost && fr->seen == 0) { /* what was before this is given out */
		start = match_start(buf, len);
		if (start == MATCH_MORE && len < fr->max)
			return 0;
		fr->lost = start != MATCH_YES;
	}
	if (fr->lost)
		return next_stray(fr, buf, len, f);
	if (total == 0) {
		if (fr->seen > 0 || is_filler(buf[0]))
			return next_filler(fr, buf, len, f);
		switch (match_count(buf, len, &count, &head)) {
		case MATCH_NO:
			return next_stray(fr, buf, len, f);
		case MATCH_MORE:
			return 0;
		case MATCH_YES:
			total = count + head;
		}
	}
	if (len < total && len < fr->max)
		return 0;
	give(fr, f, total);
	fr->left = total - f->len;
	return 1;
}

int
framer_next(struct framer *fr, const uint8_t *buf, size_t len, struct frame *f)
{
	*f = (struct frame){ 0 };
	if (len == 0 || (fr->mode == FRAME_AUTO && !decide(fr, buf, len)))
		return 0;
	switch (fr->mode) {
	case FRAME_OCTET:
		return next_counted(fr, buf, len, f);
	case FRAME_LF:
		return next_line(fr, buf, len, '\n', f);
	case FRAME_NUL:
		return next_line(fr, buf, len, 0, f);
	case FRAME_RAW:
		return len < fr->max ? 0 : give(fr, f, fr->max);
	case FRAME_AUTO:
		break;
	}
	return 0;
}

void
framer_settle(struct framer *fr)
{
	if (fr->mode != FRAME_AUTO || !fr->doubtful)
		return;
	fr->mode = FRAME_NUL;
	fr->seen = 0;
}

bool
framer_cut(struct framer *fr, const uint8_t *buf, size_t len)
{
	uint64_t count;
	size_t head;

	fr->seen = 0;
	if (fr->mode == FRAME_AUTO)
		fr->mode = FRAME_LF;
	if (fr->mode == FRAME_RAW || fr->lost)
		return false; /* nobody knows of an end */
	if (fr->mode != FRAME_OCTET) {
		fr->left = 1;
		return true;
	}
	if (fr->left == 0) {
		if (match_count(buf, len, &count, &head) != MATCH_YES)
			return false; /* blanks between frames */
		fr->left = count + head;
	}
	fr->left -= len;
	return true;
}

static bool
is_all_filler(const uint8_t *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_filler(buf[i]))
			return false;
	return true;
}

size_t
framer_ripe(const struct framer *fr, const uint8_t *buf, size_t len)
{
	uint64_t count;
	size_t head;

	if (fr->lost) /* a count may begin there */
		return fr->seen;
	if (fr->mode == FRAME_RAW || fr->left > 0)
		return len;
	if (is_all_filler(buf, len))
		return 0;
	if (fr->mode == FRAME_OCTET)
		return match_count(buf, len, &count, &head) == MATCH_YES ? len
									 : 0;
	if (fr->mode == FRAME_AUTO &&
	    (match_counted(buf, len) == MATCH_MORE ||
		match_hello(buf, len) == MATCH_MORE))
		return 0;
	return len;
}

bool
framer_end(struct framer *fr, const uint8_t *buf, size_t len)
{
	if (fr->mode == FRAME_AUTO)
		fr->mode = FRAME_LF;
	if (fr->mode == FRAME_RAW)
		return false;
	return fr->left > 0 || (!fr->lost && !is_all_filler(buf, len));
}
