/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"
#include "tests/unit/report_fixture.h"

static struct fixture f;

static void
take(void *m, const struct event *e, int64_t at)
{
	timeline_event(m, e, at);
}

static const struct timeline *
make(bool all)
{
	struct timeline_maker *m = timeline_new(&f.r,
	    &(struct timeline_options){
		.group = all ? NULL : &f.book.groups[0] });

	fixture_events(&f, take, m);
	return timeline_finish(m, NULL);
}

static const struct timeline_row *
row_of(const struct timeline *t, uint64_t index)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->rows[i].cite.index == index &&
		    strcmp(t->rows[i].cite.origin, "mihon.example/evidence") ==
			0)
			return &t->rows[i];
	return NULL;
}

/* Rows of the fixture's table, by record number. */
static const struct {
	const char *name;
	uint64_t index;
	bool there;
	enum phase phase;
	const char *rule, *device, *peer;
} wanted[] = {
	{ "the VPN login is cited", 113, true, PHASE_ENTRY, "ACC-01",
	    "004 fw01 (サーバ室)", "198.51.100.77" },
	{ "the failures before it are around", 109, true, PHASE_ENTRY, "",
	    "004 fw01 (サーバ室)", "198.51.100.77" },
	{ "sshd is reached by the VPN's address, though it came first", 102,
	    true, PHASE_LATERAL, "", "001 emr01 (サーバ室)", "10.212.134.200" },
	{ "inside traffic from there", 117, true, PHASE_DISCOVERY, "",
	    "002 PACS01 (サーバ室)", "10.212.134.200" },
	{ "outbound traffic", 119, true, PHASE_EXFILTRATION, "OUT-01",
	    "001 emr01 (サーバ室)", "198.51.100.77" },
	{ "the log switched off", 123, true, PHASE_DESTRUCTION, "",
	    "004 fw01 (サーバ室)", "10.212.134.200" },
	{ "a record without a kind, about the host", 103, true, PHASE_NONE, "",
	    "001 emr01 (サーバ室)", "" },
	{ "another host's traffic is left out", 124, false, PHASE_NONE, "", "",
	    "" },
	{ "so is what came a week before", 104, false, PHASE_NONE, "", "", "" },
	{ "and what nobody understands", 126, false, PHASE_NONE, "", "", "" },
};

static void
test_rows(const struct timeline *t)
{
	const struct timeline_row *r;
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		r = row_of(t, wanted[i].index);
		ok((r != NULL) == wanted[i].there, "%s", wanted[i].name);
		if (r == NULL || !wanted[i].there)
			continue;
		ok(r->phase == wanted[i].phase &&
			strcmp(r->rule, wanted[i].rule) == 0 &&
			strcmp(r->device, wanted[i].device) == 0 &&
			strcmp(r->peer, wanted[i].peer) == 0,
		    "  with phase, rule, device (%s), peer (%s)", r->device,
		    r->peer);
		ok(r->certainty ==
			(*r->rule != '\0' ? REPORT_ESTIMATED : REPORT_OPEN),
		    "  and as sure as its rule");
	}
	for (i = 1; i < t->n && t->rows[i].basis != TIMELINE_PERSON; i++)
		if (t->rows[i].time < t->rows[i - 1].time)
			break;
	ok(t->n - i == 2 && t->rows[i].basis == TIMELINE_PERSON,
	    "in order of time; in a drill people's steps at the end");
	ok(t->replay, "it is known for a drill");
	ok(strstr(row_of(t, 113)->text,
	       "[no record of the end; may still be open]") != NULL,
	    "a login without an end may be open");
	ok(strcmp(row_of(t, 117)->user, "tanaka-t (by VPN address)") == 0,
	    "traffic from the VPN's address is that of who had it");
	for (i = 0; i < t->n; i++)
		if (row_of(t, t->rows[i].cite.index) != &t->rows[i] &&
		    t->rows[i].basis != TIMELINE_PERSON)
			break;
	ok(i == t->n, "no record stands there twice");
}

static void
test_judged(void)
{
	static struct casebook_step judged = { .kind = CASEBOOK_JUDGE,
		.how = "incident" };
	const struct timeline *t;

	f.book.groups[0].judged = &judged;
	t = make(false);
	ok(row_of(t, 113)->certainty == REPORT_CONFIRMED &&
		row_of(t, 109)->certainty == REPORT_OPEN,
	    "a person's judgement confirms what was cited, not the rest");
	judged.how = "check";
	t = make(false);
	ok(row_of(t, 113)->certainty == REPORT_ESTIMATED,
	    "but only the judgement that it is an incident");
	f.book.groups[0].judged = NULL;
}

/* What goes out is a theft of data only where a finding speaks of it. */
static void
test_sent(void)
{
	struct casebook_finding *out = NULL, kept;
	size_t i;

	for (i = 0; i < f.book.n_findings; i++)
		if (strcmp(f.book.findings[i].rule, "OUT-01") == 0)
			out = (struct casebook_finding *)&f.book.findings[i];
	kept = *out;
	out->n_cites = 1;
	out->until = kept.first + UTC_HOUR;
	ok(row_of(make(false), 120)->phase == PHASE_EXFILTRATION,
	    "what was sent in a finding's window, and is not cited");
	out->until = kept.first + 1;
	ok(row_of(make(false), 120)->phase == PHASE_NONE,
	    "but not what was sent behind it");
	*out = kept;
}

/* A window of an ordinary week: who did what, whatever the cases are. */
static void
test_window(void)
{
	struct timeline_maker *m = timeline_new(&f.r,
	    &(struct timeline_options){
		.has_from = true,
		.has_until = true,
		.from = fixture_time("2026-11-16T00:00:00+09:00"),
		.until = fixture_time("2026-11-21T00:00:00+09:00"),
	    });
	const struct timeline *t;

	fixture_events(&f, take, m);
	t = timeline_finish(m, NULL);
	ok(strstr(row_of(t, 106)->text, "[until Wed 11-18 21:05, 55 min]") !=
		NULL,
	    "a login says until when");
	ok(row_of(t, 104) != NULL && row_of(t, 106) != NULL,
	    "a window holds everybody's logins");
	ok(row_of(t, 127)->phase == PHASE_NONE,
	    "which are steps of no intrusion for that");
	ok(row_of(t, 113) == NULL && row_of(t, 109) == NULL,
	    "and nothing beyond it, cited or not");
}

/* One second of two devices: who writes, its number, the record's index. */
static const struct {
	const char *device, *number;
	uint64_t index, want; /* which stands here in the end */
} second[] = {
	{ "cp1", "3", 900, 902 },
	{ "fw01", NULL, 901, 901 },
	{ "cp1", "1", 902, 904 },
	{ "cp2", "9", 903, 903 },
	{ "cp1", "2", 904, 900 },
};

static void
test_second(void)
{
	int64_t at = fixture_time("2026-11-20T10:00:00+09:00");
	struct timeline_maker *m = timeline_new(&f.r,
	    &(struct timeline_options){ .has_from = true,
		.has_until = true,
		.from = at - UTC_HOUR,
		.until = at + UTC_HOUR });
	size_t i, n = sizeof(second) / sizeof(second[0]), right = 0, from = 0;
	static struct event e;
	const struct timeline *t;

	for (i = 0; i < n; i++) {
		e = (struct event){ .origin = "mihon.example/evidence",
			.index = second[i].index,
			.received = at + (int64_t)i,
			.time = at,
			.clock = EVENT_CLOCK_OFFSET };
		event_add(&e, ECS_KIND, SPAN("admin-login"));
		event_add(&e, ECS_OBSERVER_NAME, span_str(second[i].device));
		if (second[i].number != NULL) {
			event_add(&e, ECS_EVENT_SEQUENCE,
			    span_str(second[i].number));
			event_add(&e, ECS_SEQUENCE_SCOPE, SPAN("log"));
			event_add(&e, ECS_SEQUENCE_KIND, SPAN("second"));
		}
		timeline_event(m, &e, at);
	}
	t = timeline_finish(m, NULL);
	while (from < t->n && t->rows[from].time < at)
		from++;
	for (i = 0; i < n && from + i < t->n; i++)
		right += t->rows[from + i].cite.index == second[i].want;
	ok(right == n, "within a second a device's numbers decide, and the "
		       "others keep their places");
}

static void
test_unseen(void)
{
	struct timeline_maker *m = timeline_new(&f.r,
	    &(struct timeline_options){ .group = &f.book.groups[0] });
	const struct timeline *t = timeline_finish(m, NULL);

	ok(t->n == 8 && row_of(t, 113) != NULL,
	    "what is cited stands there without its event too");
}

static void
test_csv(void)
{
	struct buf out;
	const char *s;

	buf_init(&out);
	fixture_print(&f, "timeline.csv", &out);
	s = buf_cstr(&out);
	ok(memcmp(s, "\xEF\xBB\xBF\"No\",\"Date and time (JST, UTC+09:00)\"",
	       20) == 0,
	    "CSV begins with BOM and columns");
	ok(strstr(s, ",\"'=cmd|'/C calc'!A0\",") != NULL,
	    "a formula among the users is neutralised");
	ok(strstr(s, "\"mihon.example/evidence#113 0071abababababab\"") != NULL,
	    "rows name log, record and leaf");
	ok(strstr(s, "\"mihon.example/casebook#10 000acdcdcdcdcdcd\"") != NULL,
	    "so do those of the casebook");
	ok(strstr(s, "\"2026/11/22 02:14:07\",\"device clock\"") != NULL,
	    "times are the site's");
	buf_fini(&out);
}

static void
test_jsonl(void)
{
	size_t n = 0, good = 0, cited = 0;
	struct buf out;
	char *s, *end;
	json_t *o;

	buf_init(&out);
	fixture_print(&f, "timeline.jsonl", &out);
	buf_byte(&out, 0);
	for (s = (char *)out.p; (end = strchr(s, '\n')) != NULL; s = end + 1) {
		*end = '\0';
		o = json_loads(s, JSON_REJECT_DUPLICATES, NULL);
		n++;
		good += json_is_string(json_object_get(o, "message")) &&
		    json_is_string(json_object_get(o, "datetime")) &&
		    json_is_string(json_object_get(o, "timestamp_desc")) &&
		    json_is_integer(json_object_get(o, "timestamp"));
		cited += json_string_length(
			     json_object_get(o, "evidence_leaf")) == 16;
		json_decref(o);
	}
	ok(cited == n, "and the leaf of its record (%zu of %zu)", cited, n);
	ok(n > 15 && good == n,
	    "every line has what Timesketch asks for (%zu of %zu)", good, n);
	buf_fini(&out);
}

/* Fields under their own names, one object a line; no patient's record. */
static void
test_ecs(void)
{
	size_t n = 0, good = 0, named = 0;
	struct buf out;
	char *s, *end;
	json_t *o;

	buf_init(&out);
	fixture_print(&f, "timeline.ecs", &out);
	buf_byte(&out, 0);
	for (s = (char *)out.p; (end = strchr(s, '\n')) != NULL; s = end + 1) {
		*end = '\0';
		o = json_loads(s, JSON_REJECT_DUPLICATES, NULL);
		n++;
		good += json_is_string(json_object_get(o, "@timestamp")) &&
		    json_is_string(json_object_get(o, "ecs.version")) &&
		    json_is_string(json_object_get(o, "event.id"));
		named += json_is_string(json_object_get(o, "source.ip"));
		json_decref(o);
	}
	ok(n > 15 && good == n, "every line is an ECS document (%zu of %zu)",
	    good, n);
	ok(named > 15, "with the event's fields (%zu)", named);
	buf_fini(&out);
}

static const struct timeline *
about(const char *what)
{
	struct timeline_options opt = { 0 };
	struct timeline_maker *m;
	char text[200];

	snprintf(text, sizeof(text), "%s", what);
	if (timeline_entity(text, &opt) != 0)
		return NULL;
	m = timeline_new(&f.r, &opt);
	fixture_events(&f, take, m);
	return timeline_finish(m, NULL);
}

static void
test_entity(void)
{
	const struct timeline *t = about("host=001");
	size_t i, foreign = 0;

	ok(t != NULL && row_of(t, 119) != NULL && row_of(t, 102) != NULL,
	    "a host by its number: what it sent, who logged in");
	for (i = 0; t != NULL && i < t->n; i++)
		foreign += strcmp(t->rows[i].device_key, "001") != 0 &&
		    strcmp(t->rows[i].peer_key, "001") != 0;
	ok(foreign == 0, "and nobody else's (%zu)", foreign);
	t = about("user=vendor01");
	ok(t != NULL && t->n == 2 && row_of(t, 106) != NULL,
	    "a user whom no finding names");
	t = about("ip=203.0.113.200");
	ok(t != NULL && t->n == 0, "of one who never came there is nothing");
	ok(about("printer=7") == NULL && about("host=") == NULL &&
		about("host") == NULL,
	    "what is no entity is refused");
}

/* More than a page bears, and who stays apart. */
static void
test_fold(void)
{
	static struct timeline_row rows[9000];
	struct timeline t = { .rows = rows, .n = 9000 };
	static char peers[300][24];
	const struct timeline_lines *l;
	size_t i, n = 0;

	for (i = 0; i < t.n; i++) {
		snprintf(peers[i % 300], sizeof(peers[0]), "198.51.100.%zu",
		    i % 300);
		rows[i] = (struct timeline_row){ .time = (int64_t)i *
			    UTC_SECOND,
			.text = "", .device = "", .user = "", .peer = "",
			.device_key = "fw", .user_key = "",
			.peer_key = peers[i % 300],
			.kind = "vpn-login",
			.rule = i == 4500 ? "ACC-01" : "",
			.basis = i == 7 || i == 307 ? TIMELINE_PERSON
						    : TIMELINE_DEVICE };
	}
	l = timeline_fold(&f.r, &t);
	for (i = 0; i < l->n; i++)
		n += l->v[i].n;
	ok(l->n <= TIMELINE_LINES && n == t.n && l->beyond == 0,
	    "%zu rows in %zu lines, none lost", t.n, l->n);
	for (i = n = 0; i < l->n; i++)
		n += l->v[i].n == 1 &&
		    (l->v[i].no == 8 || l->v[i].no == 308 ||
			l->v[i].no == 4501);
	ok(n == 3, "what a person did and what a finding cites stand apart");
	t.n = 100;
	l = timeline_fold(&f.r, &t);
	ok(l->n == 100 && l->within == 0, "few rows are a line each");
}

static void
test_html(void)
{
	struct buf out, again;
	const char *s;

	buf_init(&out);
	buf_init(&again);
	fixture_print(&f, "timeline.html", &out);
	fixture_print(&f, "timeline.html", &again);
	ok(span_eq(buf_view(&out), buf_view(&again)),
	    "the same inputs give the same bytes");
	s = buf_cstr(&out);
	ok(strstr(s, "<script") == NULL && strstr(s, "<b>delivered") == NULL &&
		strstr(s, "<病院>") == NULL,
	    "no foreign markup");
	ok(strstr(s, "class=\"banner\"") != NULL, "the drill is marked");
	ok(strstr(s,
	       "mihon.example/casebook<wbr>#9<wbr> <b>0009cdcdcdcdcdcd") !=
		NULL,
	    "people's steps cite the casebook");
	ok(strstr(s, "<svg") != NULL, "there is a picture");
	ok(strstr(s, "<rect class=\"g\"") != NULL, "with the silent hours");
	ok(strstr(s, ">10.212.134.200 (VPN: tanaka-t)</text>") != NULL &&
		strstr(s, "class=\"p3 hit\"") != NULL,
	    "the way between devices: who had the VPN's address, and what "
	    "findings cite");
	ok(strstr(s, "<a href=\"#e") != NULL &&
		strstr(s, "<tr id=\"e1\">") != NULL,
	    "names lead to who they are");
	ok(strstr(s, "--entity user=tanaka-t --from 2026-11-21") != NULL,
	    "and to the next command");
	ok(strstr(s, "--entity user==cmd") == NULL &&
		strstr(s, "--entity user=&lt;script") == NULL,
	    "but no name that a shell would read");
	ok(strstr(s, "A4 landscape") != NULL, "A4 landscape");
	buf_fini(&out);
	buf_fini(&again);
}

int
main(void)
{
	log_set_lang("en");
	fixture_init(&f, false);
	test_rows(make(false));
	ok(make(true)->n == make(false)->n, "one case is all cases");
	test_judged();
	test_sent();
	test_window();
	test_second();
	test_unseen();
	test_csv();
	test_jsonl();
	test_ecs();
	test_entity();
	test_fold();
	test_html();
	fixture_fini(&f);
	return done();
}
