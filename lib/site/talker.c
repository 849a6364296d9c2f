/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/talker.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/cursor.h"
#include "common/num.h"
#include "common/utc.h"
#include "evidence/record.h"

#define MINUTE (uint64_t) UTC_MINUTE
#define HOUR (uint64_t) UTC_HOUR
#define DAY (uint64_t) UTC_DAY

/* Empty the slots between two times, all of them at most. */
static void
roll(uint64_t *slot, size_t n, uint64_t from, uint64_t to)
{
	uint64_t i;

	for (i = 1; i <= n && from + i <= to; i++)
		slot[(from + i) % n] = 0;
}

/* rx lies in another minute than the record before: rare, so not inlined. */
static void
turn(struct talker *t, uint64_t rx)
{
	uint64_t minute = rx / MINUTE, hour = rx / HOUR, day = rx / DAY;

	t->minute_before = minute == t->minute + 1 ? t->in_minute : 0;
	t->in_minute = 0;
	t->minute = minute;
	roll(t->hours, TALKER_HOURS, t->hour, hour);
	t->hour = hour;
	roll(t->quiet, TALKER_DAYS, t->day, day);
	t->day = day;
}

void
talker_count(struct talker *t, uint64_t rx, uint64_t len)
{
	t->records++;
	t->bytes += len;
	if (rx > t->last) {
		if (rx >= (t->minute + 1) * MINUTE)
			turn(t, rx);
		if (t->last != 0 && !t->resumed &&
		    rx - t->last > t->quiet[t->day % TALKER_DAYS])
			t->quiet[t->day % TALKER_DAYS] = rx - t->last;
		t->last = rx;
		t->resumed = false;
		t->away = 0;
	}
	if (t->first == 0 || rx < t->first)
		t->first = rx;
	t->in_minute++;
	t->hours[t->hour % TALKER_HOURS]++;
}

bool
talker_is_refused(const struct talker *t)
{
	return strcmp(t->transport, TALKER_REFUSED) == 0;
}

static const enum gap_kind losses[] = { GAP_CONNECTION_LIMIT, GAP_QUEUE_DROP,
	GAP_RATE_LIMIT, GAP_REFUSED_SOURCE, GAP_RELP_ERROR, GAP_RESYNC,
	GAP_TLS_HANDSHAKE };
_Static_assert(sizeof(losses) / sizeof(losses[0]) == TALKER_LOSSES,
    "their number");

enum gap_kind
talker_loss(size_t i)
{
	return losses[i];
}

size_t
talker_loss_place(enum gap_kind kind)
{
	size_t i;

	for (i = 0; i < TALKER_LOSSES && losses[i] != kind; i++)
		;
	return i;
}

void
talker_refuse(struct talker *t, uint64_t at, uint64_t count, uint64_t len)
{
	talker_count(t, at, len); /* one of them, for the times */
	t->records += count - 1;
	t->in_minute += count - 1;
	t->hours[t->hour % TALKER_HOURS] += count - 1;
}

uint64_t
talker_last_minute(const struct talker *t, uint64_t at)
{
	uint64_t minute = at / MINUTE;

	return minute == t->minute    ? t->minute_before
	    : minute == t->minute + 1 ? t->in_minute
				      : 0;
}

uint64_t
talker_last_day(const struct talker *t, uint64_t at)
{
	uint64_t hour = at / HOUR, h, sum = 0;

	for (h = t->hour; h + TALKER_HOURS > t->hour && h + 24 > hour; h--) {
		sum += t->hours[h % TALKER_HOURS];
		if (h == 0)
			break;
	}
	return sum;
}

uint64_t
talker_usual(const struct talker *t)
{
	uint64_t most = 0;
	size_t i;

	if (t->last - t->first < TALKER_LEARN)
		return 0;
	for (i = 0; i < TALKER_DAYS; i++)
		if (t->quiet[i] > most)
			most = t->quiet[i];
	return most;
}

uint64_t
talker_silence(const struct talker *t, uint64_t at)
{
	return at < t->last || at - t->last < t->away ? 0
						      : at - t->last - t->away;
}

bool
talker_is_silent(const struct talker *t, const struct site *site, uint64_t at)
{
	uint64_t silence = talker_silence(t, at), usual = talker_usual(t);
	const struct site_listener *l = site->listeners;

	if (talker_is_refused(t) || silence <= TALKER_LEAST)
		return false;
	while (l < site->listeners + site->n_listeners &&
	    strcmp(l->name, t->listener) != 0)
		l++;
	if (l == site->listeners + site->n_listeners || l->silence_s == 0)
		return false;
	return usual == 0 ? silence > l->silence_s * (uint64_t)UTC_SECOND
			  : silence / TALKER_TIMES > usual;
}

/* --- the file ----------------------------------------------------------------
 */

static void
print_list(struct buf *out, const char *key, const uint64_t *v, size_t n)
{
	size_t i;

	buf_printf(out, " %s=", key);
	for (i = 0; i < n; i++)
		buf_printf(out, "%s%" PRIu64, i == 0 ? "" : ",", v[i]);
}

static int
parse_list(struct span line, const char *key, uint64_t *v, size_t n)
{
	struct buf text;
	struct cursor c;
	struct span s;
	size_t i = 0;

	buf_init(&text);
	if (record_word_get(line, key, &text) == 1) {
		buf_byte(&text, ',');
		c = cursor_make(buf_view(&text));
		for (; i < n; i++) {
			s = cursor_until(&c, ',');
			if (c.bad ||
			    num_parse_canonical(s, UINT64_MAX / 2, &v[i]) != 0)
				break;
		}
		if (cursor_left(&c) > 0)
			i = 0;
	}
	buf_fini(&text);
	return i == n ? 0 : -1;
}

static int
parse_text(struct span line, const char *key, char *out, size_t size)
{
	struct buf text;
	int rc = -1;

	buf_init(&text);
	if (record_word_get(line, key, &text) == 1 && text.len < size &&
	    (text.len == 0 || memchr(text.p, 0, text.len) == NULL)) {
		if (text.len > 0)
			memcpy(out, text.p, text.len);
		out[text.len] = '\0';
		rc = 0;
	}
	buf_fini(&text);
	return rc;
}

/* The numbers of a line, by their words. */
#define NUMBERS(X)                                                             \
	X(first)                                                               \
	X(last)                                                                \
	X(records)                                                             \
	X(bytes) X(minute) X(in_minute) X(minute_before) X(hour) X(day)

/* Those that a line has only if they are not 0. */
#define RARE(X) X(away) X(alarmed)

/* "lost-rate-limit" */
static const char *
loss_key(size_t i, char key[40])
{
	snprintf(key, 40, "lost-%s", gap_name(losses[i]));
	return key;
}

void
talker_print(const struct talker *t, struct buf *out)
{
	struct buf line;
	char key[40];
	size_t i;

	buf_init(&line);
	record_word(&line, "log", span_str(t->log));
	record_word(&line, "listener", span_str(t->listener));
	record_word(&line, "transport", span_str(t->transport));
	record_word(&line, "peer", span_str(t->peer));
	record_word(&line, "name", span_str(t->name));
	record_word(&line, "framing", span_str(t->framing));
#define X(member) record_word_u64(&line, #member, t->member);
	NUMBERS(X)
#undef X
	print_list(&line, "hours", t->hours, TALKER_HOURS);
	print_list(&line, "quiet", t->quiet, TALKER_DAYS);
	if (t->why[0] != '\0')
		record_word(&line, "why", span_str(t->why));
#define X(member)                                                              \
	if (t->member != 0)                                                    \
		record_word_u64(&line, #member, t->member);
	RARE(X)
#undef X
	for (i = 0; i < TALKER_LOSSES; i++)
		if (t->lost[i] != 0)
			record_word_u64(&line, loss_key(i, key), t->lost[i]);
	buf_byte(&line, '\n');
	buf_span(out, buf_view(&line));
	buf_fini(&line);
}

/* What need not be there. */
static int
parse_rare(struct span line, struct talker *t)
{
	struct buf why;
	char key[40];
	size_t i;
	int rc;

	buf_init(&why);
	rc = record_word_get(line, "why", &why);
	buf_fini(&why);
	if (rc != 0 && parse_text(line, "why", t->why, sizeof(t->why)) != 0)
		return -1;
#define X(member)                                                              \
	if (record_word_get_u64(line, #member, &t->member) < 0 ||              \
	    t->member > UINT64_MAX / 2)                                        \
		return -1;
	RARE(X)
#undef X
	for (i = 0; i < TALKER_LOSSES; i++)
		if (record_word_get_u64(line, loss_key(i, key), &t->lost[i]) <
			0 ||
		    t->lost[i] > UINT64_MAX / 2)
			return -1;
	return 0;
}

int
talker_parse(struct span line, struct talker *t)
{
	memset(t, 0, sizeof(*t));
#define TEXT(member) parse_text(line, #member, t->member, sizeof(t->member))
	if (line.len > TALKER_LINE || TEXT(log) != 0 || TEXT(listener) != 0 ||
	    TEXT(transport) != 0 || TEXT(peer) != 0 || TEXT(name) != 0 ||
	    TEXT(framing) != 0)
		return -1;
#undef TEXT
#define X(member)                                                              \
	if (record_word_get_u64(line, #member, &t->member) != 1 ||             \
	    t->member > UINT64_MAX / 2)                                        \
		return -1;
	NUMBERS(X)
#undef X
	t->resumed = true;
	if (t->first > t->last ||
	    parse_list(line, "hours", t->hours, TALKER_HOURS) != 0)
		return -1;
	if (parse_list(line, "quiet", t->quiet, TALKER_DAYS) != 0)
		return -1;
	return parse_rare(line, t);
}

void
talker_print_head(const struct talker_head *h, struct buf *out)
{
	buf_printf(out,
	    "sources saved=%" PRIu64 " since=%" PRIu64 " other-records=%" PRIu64
	    " other-bytes=%" PRIu64 "\n",
	    h->saved, h->since, h->other_records, h->other_bytes);
}

int
talker_parse_head(struct span line, struct talker_head *h)
{
	memset(h, 0, sizeof(*h));
	if (!span_starts(line, SPAN("sources ")) ||
	    record_word_get_u64(line, "saved", &h->saved) != 1 ||
	    record_word_get_u64(line, "since", &h->since) != 1 ||
	    record_word_get_u64(line, "other-records", &h->other_records) !=
		1 ||
	    record_word_get_u64(line, "other-bytes", &h->other_bytes) != 1)
		return -1;
	return 0;
}

int
talker_begin(struct talker_reader *r, struct span text)
{
	r->at = cursor_make(text);
	r->line = 1;
	if (talker_parse_head(cursor_until(&r->at, '\n'), &r->head) == 0)
		return 0;
	memset(&r->head, 0, sizeof(r->head));
	return -1;
}

int
talker_next(struct talker_reader *r, struct talker *t)
{
	struct span line = cursor_until(&r->at, '\n');

	if (r->at.bad)
		return 0;
	r->line++;
	return talker_parse(line, t) == 0 ? 1 : -1;
}
