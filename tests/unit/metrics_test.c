/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/metrics.h"
#include "tests/tap.h"

#define END " HTTP/1.0\r\n\r\n"

static const struct {
	const char *name, *in;
	enum metrics_request want;
} rows[] = {
	{ "metrics", "GET /metrics" END, METRICS_TEXT },
	{ "status", "GET /status" END, METRICS_JSON },
	{ "of HTTP/1.1, with fields",
	    "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
	    METRICS_TEXT },
	{ "lines without CR", "GET /status HTTP/1.0\n\n", METRICS_JSON },
	{ "what comes behind it is not looked at",
	    "GET /status" END "GET /metrics", METRICS_JSON },
	{ "half a line", "GET /metr", METRICS_MORE },
	{ "a line alone", "GET /metrics HTTP/1.0\r\n", METRICS_MORE },
	{ "nothing", "", METRICS_MORE },
	{ "an empty line", "\n\n", METRICS_BAD },
	{ "no version", "GET /metrics\r\n\r\n", METRICS_BAD },
	{ "another version", "GET /metrics HTTP/2.0\r\n\r\n", METRICS_BAD },
	{ "another path", "GET /" END, METRICS_UNKNOWN },
	{ "a longer path", "GET /metrics/" END, METRICS_UNKNOWN },
	{ "with a question", "GET /metrics?x" END, METRICS_UNKNOWN },
	{ "another method", "POST /metrics" END, METRICS_METHOD },
	{ "no method", " /metrics" END, METRICS_METHOD },
};

static const char config[] =
    "logs: { evidence: { origin: a }, casebook: { origin: b } }\n"
    "listeners:\n"
    "  - { name: one, transport: tcp, port: 0 }\n"
    "  - { name: two, transport: udp, port: 0 }\n";

static void
print(void)
{
	static const char *const children[] = { "signer", "writer" };
	struct metrics_disk disk[2] = { { 0 } };
	struct gauges *g = gauges_new();
	struct yaml_error err;
	struct site *site =
	    site_parse(span_str(config), "konseki.yml", "/s", &err);
	static struct roster_copy sources;
	struct metrics m = { site, g, &sources, disk, children, 2, 7000000 };
	struct buf out;
	const char *text;

	buf_init(&out);
	gauge_set(&g->listener[5].listener, 2);
	gauge_set(&g->listener[5].received, UINT64_MAX);
	gauge_add(&g->listener[5].lost[GAP_KERNEL_DROP], 3);
	gauge_set(&g->listener[6].listener, 3); /* no such */
	gauge_set(&g->writer.log[1].sealed, 2500000);
	gauge_set(&g->parent.restarts[1], 4);
	gauge_set(&disk[0].state, DISK_ALARM);
	gauge_set(&disk[1].state, 99); /* nonsense */
	metrics_text(&m, &out);
	text = buf_cstr(&out);
	ok(strstr(text,
	       "\nkonseki_listener_received_records_total{listener=\"two\","
	       "transport=\"udp\"} 18446744073709551615\n") != NULL,
	    "a listener's number, however large");
	ok(strstr(text, "listener=\"one\"") == NULL,
	    "one that has no socket is not there");
	ok(strstr(text, "kind=\"kernel-drop\"} 3\n") != NULL &&
		strstr(text, "kind=\"writer-lost\"") == NULL,
	    "what was lost, by the kinds that a listener has");
	ok(strstr(text, "timestamp_seconds{log=\"casebook\"} 2.500000\n") !=
		NULL,
	    "a time in seconds");
	ok(strstr(text, "{process=\"writer\"} 4\n") != NULL, "a process");
	out.len = 0;
	metrics_json(&m, &out);
	text = buf_cstr(&out);
	ok(strstr(text, "\"disk\":\"alarm\"") != NULL &&
		strstr(text, "\"disk\":\"unknown\"") != NULL,
	    "a disk's state in words");
	ok(strstr(text, "\"seal_age_seconds\":4") != NULL, "the age of a seal");
	ok(strstr(text, "\"lost\":{\"kernel-drop\":3}") != NULL,
	    "only what was lost");
	buf_fini(&out);
	site_free(site);
	gauges_free(g);
}

/* Two senders: one who calls himself anything, one who is refused. */
static void
senders(void)
{
	static struct roster_copy sources;
	struct metrics_disk disk[2] = { { 0 } };
	struct gauges *g = gauges_new();
	struct yaml_error err;
	struct site *site =
	    site_parse(span_str(config), "konseki.yml", "/s", &err);
	struct talker who[2] = { { .log = "evidence",
				     .listener = "two",
				     .transport = "udp",
				     .peer = "192.0.2.1",
				     .name = "a\"b\\c\nd\xff",
				     .records = 5,
				     .bytes = 50,
				     .first = 1,
				     .last = 3500000 },
		{ .listener = "two", .transport = TALKER_REFUSED } };
	struct metrics m = { site, g, &sources, disk, NULL, 0, 7000000 };
	struct buf out;
	const char *text;

	buf_init(&out);
	strcpy(who[1].peer, "192.0.2.9");
	strcpy(who[1].why, "not-allowed");
	who[0].lost[talker_loss_place(GAP_RATE_LIMIT)] = 8;
	ok(roster_show(&g->writer.roster, who, 2, site, 7000000) == 2,
	    "senders are shown");
	roster_read(&g->writer.roster, &sources);
	metrics_text(&m, &out);
	text = buf_cstr(&out);
	ok(strstr(text,
	       "\nkonseki_source_received_records_total{source=\"192.0.2.1\","
	       "listener=\"two\",transport=\"udp\",log=\"evidence\",name=\""
	       "a\\\"b\\\\c?d?\"} 5\n") != NULL,
	    "a sender's number, whatever he calls himself");
	ok(strstr(text, ",kind=\"rate-limit\"} 8\n") != NULL, "what he lost");
	ok(strstr(text,
	       "konseki_source_last_message_timestamp_seconds{source="
	       "\"192.0.2.1\",listener=\"two\",transport=\"udp\"") != NULL,
	    "and when he was heard");
	out.len = 0;
	metrics_json(&m, &out);
	text = buf_cstr(&out);
	ok(strstr(text,
	       "{\"source\":\"192.0.2.9\",\"listener\":\"two\",\"transport\":"
	       "\"refused\",\"log\":\"\",\"name\":\"\",\"why\":"
	       "\"not-allowed\",") != NULL &&
		strstr(text, "\"lost\":{\"rate-limit\":8}}") != NULL,
	    "a sender");
	buf_fini(&out);
	site_free(site);
	gauges_free(g);
}

/* More senders than are shown, and a table that is being written. */
static void
roster(void)
{
	static struct talker who[ROSTER_MAX + 5];
	static struct roster_copy copy;
	static struct roster r;
	const struct site site = { .n_listeners = 0 };
	size_t i;

	for (i = 0; i < ROSTER_MAX + 5; i++) {
		strcpy(who[i].transport, i < 10 ? TALKER_REFUSED : "udp");
		who[i].records = i;
	}
	ok(roster_show(&r, who, ROSTER_MAX + 5, &site, 1) == ROSTER_MAX,
	    "so many and no more are shown");
	roster_read(&r, &copy);
	ok(copy.n == ROSTER_MAX && copy.row[0].records == 10 &&
		copy.row[ROSTER_MAX - 1].records == 4,
	    "who was refused last");
	r.turn++;
	roster_read(&r, &copy);
	ok(copy.n == 0, "of half a showing nothing");
	(void)roster_show(&r, who, 1, &site, 1);
	roster_read(&r, &copy);
	ok(copy.n == 1, "the next writer makes it whole");
	memset(&r.row, 0xff, sizeof(r.row));
	r.n = UINT64_MAX;
	roster_read(&r, &copy);
	ok(copy.n == ROSTER_MAX && strlen(copy.row[5].name) == 135,
	    "nonsense has its end");
}

int
main(void)
{
	static uint8_t large[METRICS_REQUEST_MAX];
	size_t i, n = sizeof(rows) / sizeof(rows[0]);
	enum metrics_request got;

	for (i = 0; i < n; i++) {
		got = metrics_request(span_str(rows[i].in));
		ok(got == rows[i].want, "%s", rows[i].name);
	}
	memset(large, 'x', sizeof(large));
	ok(metrics_request(span_make(large, sizeof(large) - 1)) == METRICS_MORE,
	    "a long one may still end");
	ok(metrics_request(span_make(large, sizeof(large))) == METRICS_LARGE,
	    "one that is too long is refused");
	print();
	senders();
	roster();
	return done();
}
