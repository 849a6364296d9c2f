/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/volume.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/volume_hour.h"
#include "common/utc.h"
#include "tests/tap.h"

static struct calendar *calendar;
static int64_t midnight; /* of a day at the site */

static struct volume *
new_volume(struct volume_host **h, bool isolated)
{
	static const struct volume_limits limits = { 60 * UTC_DAY, 24 };
	struct volume *v = volume_new(calendar, &limits);

	*h = volume_host(v, SPAN("7"), INDEX_NONE, isolated);
	return v;
}

static void
book(struct volume *v, struct volume_host *h, double from, double until,
    uint64_t bytes, uint64_t index, bool take_back)
{
	struct volume_flow f = { .from = midnight +
		    (int64_t)(from * (double)UTC_HOUR),
		.until = midnight + (int64_t)(until * (double)UTC_HOUR),
		.bytes = bytes,
		.begins = true,
		.origin = "o",
		.index = index };

	(void)address_parse(SPAN("203.0.113.9"), &f.peer);
	volume_book(v, h, &f, take_back);
}

static uint64_t
bytes_at(const struct volume *v, const struct volume_host *h, int hour)
{
	const struct volume_hour *b =
	    volume_get(h, volume_hour_of(v, midnight) + hour);

	return b == NULL ? 0 : b->bytes;
}

static void
check_spread(void)
{
	struct volume_host *h;
	struct volume *v = new_volume(&h, false);
	const struct volume_hour *b;

	book(v, h, 1.5, 3, 900, 1, false);
	ok(bytes_at(v, h, 1) == 300 && bytes_at(v, h, 2) == 600,
	    "an hour and a half is spread evenly");
	b = volume_get(h, volume_hour_of(v, midnight) + 3);
	ok(b == NULL || b->records == 0, "what ends at 3:00 is not in 3:00");
	b = volume_get(h, volume_hour_of(v, midnight) + 2);
	ok(b->records == 1 && b->carried == 1 && b->sessions == 0,
	    "it is carried over, and is no new session");
	book(v, h, 0.1, 3.2, 1000003, 2, false);
	ok(bytes_at(v, h, 0) + bytes_at(v, h, 1) + bytes_at(v, h, 2) +
		    bytes_at(v, h, 3) ==
		1000903,
	    "no byte is lost in rounding");
	book(v, h, 0.1, 3.2, 1000003, 2, true);
	ok(bytes_at(v, h, 0) == 0 && bytes_at(v, h, 1) == 300 &&
		bytes_at(v, h, 2) == 600,
	    "and all can be taken back");
	book(v, h, 5, 5, 77, 3, false);
	ok(bytes_at(v, h, 5) == 77, "without a duration it is all in one");
	book(v, h, -24 * 40, 7, 1000, 4, false);
	ok(volume_get(h, volume_hour_of(v, midnight) - 24 * 32) == NULL,
	    "beyond a month a duration is not believed");
	volume_free(v);
}

static void
check_cites(void)
{
	struct volume_host *h;
	struct volume *v = new_volume(&h, false);
	struct volume_hour *b;
	uint64_t i;

	for (i = 0; i < 100; i++)
		book(v, h, 1, 1, 100000 + i * 7919 % 100, i, false);
	b = volume_get(h, volume_hour_of(v, midnight) + 1);
	ok(b->records == 100 && b->n_cites == VOLUME_CITES &&
		b->index_first == 0 && b->index_last == 99,
	    "of a hundred, fifty are cited, with count and range");
	ok(b->cites[0].bytes == 100099 && b->cites[49].bytes == 100050,
	    "the largest");
	for (i = 0; i < 20; i++)
		book(v, h, 2, 2, 100, i, false);
	b = volume_get(h, volume_hour_of(v, midnight) + 2);
	ok(b->n_cites == VOLUME_CITES_SMALL && b->cites[0].index == 0,
	    "of small ones a few");
	for (i = 100; i < 110; i++)
		book(v, h, 2, 2, 100000, i, false);
	ok(b->n_cites == 10 && b->cites[9].bytes == 100000,
	    "which give way to larger ones");
	volume_hour_trim(b);
	ok(b->n_cites == 0 && b->bytes == 1002000, "trimmed, the sums stay");
	volume_free(v);
}

static void
check_coverage(void)
{
	struct volume_host *h;
	struct volume *v = new_volume(&h, false);
	int64_t hour = volume_hour_of(v, midnight);

	volume_observe(v, SPAN("FW1"), h, midnight);
	volume_observe(v, SPAN("FW2"), NULL, midnight + UTC_HOUR);
	ok(volume_covered(v, h, hour), "its firewall had records");
	ok(!volume_covered(v, h, hour + 1), "another's do not count");
	ok(!volume_covered(v, h, hour + 2), "nor does silence");
	ok(volume_take_changed(v) == hour &&
		volume_take_changed(v) == INT64_MAX,
	    "coverage has changed, once");
	volume_observe(v, SPAN("FW1"), h, midnight + UTC_MINUTE);
	ok(volume_take_changed(v) == INT64_MAX, "and not by the same hour");
	ok(volume_began(v) == midnight && h->first == midnight,
	    "the first record of all");
	ok(volume_hour_start(v, hour + 5) == midnight + 5 * UTC_HOUR,
	    "hours are of the site's clock");
	volume_free(v);
}

static void
check_totals(void)
{
	struct volume_host *h, *first, *t;
	struct volume *v = new_volume(&h, false);
	char key[32];
	int i, n = 1;

	first = volume_total(v, SPAN("interface=FW01/wan1"));
	ok(first != NULL && first->total && !h->total, "a sum is no host");
	for (i = 0; i < 2 * VOLUME_TOTALS; i++) {
		snprintf(key, sizeof(key), "interface=%d", i);
		t = volume_total(v, span_str(key));
		n += t != NULL;
	}
	ok(n == VOLUME_TOTALS && volume_dropped(v) > 0,
	    "of so many interfaces, the rest are counted");
	ok(volume_total(v, SPAN("interface=FW01/wan1")) == first,
	    "the first is still there");
	book(v, first, 1, 1, 10, 1, false);
	ok(first->n_news == 0, "and has no new destinations");
	volume_free(v);
}

static void
check_news(void)
{
	struct volume_host *h;
	struct volume *v = new_volume(&h, true);

	book(v, h, 1, 1, 10, 1, false);
	book(v, h, 24.5, 24.5, 20, 2, false);
	book(v, h, 25, 25, 40, 3, false);
	ok(h->n_news == 2 && h->news[0].bytes == 10 && h->news[1].bytes == 20,
	    "a network is new for 24 hours");
	ok(h->n_peers == 1, "an isolated host's peer, once");
	volume_free(v);
}

int
main(void)
{
	calendar = calendar_default(NULL);
	midnight = calendar_midnight(calendar, utc_days(2026, 11, 18));
	check_spread();
	check_cites();
	check_coverage();
	check_totals();
	check_news();
	calendar_free(calendar);
	return done();
}
