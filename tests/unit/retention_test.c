/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "common/cursor.h"
#include "common/log.h"
#include "evidence/retention.h"
#include "tests/tap.h"

/*
 * A hold, a request and an approval go through the rules and into the state as
 * the writer would do it; the origin is "a.test/e", the time NOW.
 */
#define NOW UINT64_C(1800000000000000)
#define MINUTE UINT64_C(60000000)
#define DAY (1440 * MINUTE)
#define OWN 900

#define is_err(got, want, name)                                                \
	do {                                                                   \
		enum retention_err got_ = (got);                               \
		ok(got_ == (want), "%s", name);                                \
		if (got_ != (want))                                            \
			printf("# got: %s\n", retention_strerror(got_));       \
	} while (0)

static struct retention *r;
static struct retention_rules rules;
static struct note_key keys[2];
static uint8_t seeds[2][KEY_LEN];
static uint64_t next;

static struct retention_act
act(enum retention_action action, const char *id, const char *by)
{
	return (struct retention_act){ .action = action,
		.id = id,
		.origin = "a.test/old",
		.basis = "because of it",
		.by = by,
		.also = "",
		.at = rules.now };
}

/* Judge, and take what the writer would write. */
static enum retention_err
tell(struct retention_act a, uint32_t uid)
{
	enum retention_err err = retention_judge(r, &a, uid, &rules);
	const struct retention_request *q = retention_request(r, a.id);
	struct record rec = { .kind = RECORD_OPERATOR, .rx = rules.now };
	struct retention_extra extra = { uid, 0 };
	struct buf body;

	if (err != RETENTION_OK)
		return err;
	if (a.action == RETENTION_APPROVE) {
		a.action = q->act.action == RETENTION_ASK_DELETE
		    ? RETENTION_DELETE
		    : q->act.action == RETENTION_ASK_REMOVE ? RETENTION_REMOVE
							    : RETENTION_RELEASE;
		a.also = a.by;
		a.by = q->act.by;
	}
	buf_init(&body);
	retention_o1_print(&a, &extra, &body);
	rec.body = buf_view(&body);
	ok(retention_take(r, next++, &rec) == 1, "it is taken: %s",
	    buf_cstr(&body));
	buf_fini(&body);
	return RETENTION_OK;
}

static enum retention_err
hold(const char *id, uint64_t first, uint64_t last)
{
	struct retention_act a = act(RETENTION_HOLD, id, "sato");

	a.first = first;
	a.last = last;
	return tell(a, 1001);
}

static enum retention_err
ask_delete(const char *id, uint64_t from, uint64_t to, uint32_t uid)
{
	struct retention_act a = act(RETENTION_ASK_DELETE, id, "sato");

	a.first = from;
	a.last = to;
	return tell(a, uid);
}

static void
begin(void)
{
	r = retention_new();
	rules = (struct retention_rules){ .origin = "a.test/e",
		.now = NOW,
		.own_uid = OWN };
	next = 100;
}

static void
holds(void)
{
	static const char *const same[] = { "Sato", " sato", "sato\t", "sa to",
		"\uff33\uff21\uff34\uff2f", "\u3000sato" };

	begin();
	is_err(retention_may_delete(r, 3, 10, 20, (int64_t)NOW, NOW),
	    RETENTION_OK, "past its period, not held: it may go");
	is_err(retention_may_delete(r, 3, 10, 20, (int64_t)NOW + 1, NOW),
	    RETENTION_NOT_PAST, "a microsecond early it may not");
	is_err(retention_may_delete(r, 3, 10, 20, INT64_MAX, NOW),
	    RETENTION_FOREVER, "without a period never");
	is_err(hold("h-1", 20, 30), RETENTION_OK, "one person holds");
	is_err(retention_may_delete(r, 3, 10, 20, (int64_t)NOW, NOW),
	    RETENTION_HELD, "the last record held holds the segment");
	is_err(retention_may_delete(r, 3, 10, 19, (int64_t)NOW, NOW),
	    RETENTION_OK, "its neighbour is not held");
	is_err(retention_may_delete(r, 4, 30, 40, (int64_t)NOW, NOW),
	    RETENTION_HELD, "the first likewise");
	is_err(hold("h-1", 1, 2), RETENTION_ID_USED, "an id is used once");
	is_err(tell(act(RETENTION_ASK_RELEASE, "h-2", "sato"), 1001),
	    RETENTION_NO_HOLD, "what is not held is not released");
	is_err(tell(act(RETENTION_APPROVE, "h-1", "abe"), 1002),
	    RETENTION_NO_REQUEST, "nor approved before it is asked for");
	is_err(tell(act(RETENTION_ASK_RELEASE, "h-1", "sato"), 0),
	    RETENTION_NOBODY, "root is nobody");
	is_err(tell(act(RETENTION_ASK_RELEASE, "h-1", "sato"), OWN),
	    RETENTION_NOBODY, "nor is the collector");
	is_err(tell(act(RETENTION_ASK_RELEASE, "h-1", "sato"), 1001),
	    RETENTION_OK, "one asks");
	is_err(tell(act(RETENTION_ASK_RELEASE, "h-1", "abe"), 1002),
	    RETENTION_ASKED, "another need not ask again");
	is_err(tell(act(RETENTION_APPROVE, "h-1", "abe"), 1001),
	    RETENTION_SAME_PERSON, "another name is no other account");
	is_err(tell(act(RETENTION_APPROVE, "h-1", "sato"), 1002),
	    RETENTION_SAME_PERSON, "another account is no other name");
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		ok(tell(act(RETENTION_APPROVE, "h-1", same[i]), 1002) ==
			RETENTION_SAME_PERSON,
		    "'%s' is no other name", same[i]);
	is_err(tell(act(RETENTION_APPROVE, "h-1", " \u3000"), 1002),
	    RETENTION_BAD_WORDS, "and blanks are none");
	ok(retention_held(r, 25, 25) != NULL, "it is still held");
	is_err(tell(act(RETENTION_APPROVE, "h-1", "abe"), 1002), RETENTION_OK,
	    "another person approves");
	ok(retention_held(r, 25, 25) == NULL, "it is released");
	is_err(tell(act(RETENTION_APPROVE, "h-1", "abe"), 1002),
	    RETENTION_NO_REQUEST, "once");
	is_err(hold("h-1", 1, 2), RETENTION_ID_USED,
	    "the id of a hold that was released stays used");
	retention_free(r);
}

static void
requests(void)
{
	begin();
	is_err(ask_delete("d-1", 0, RETENTION_SEGMENTS_MAX, 1001),
	    RETENTION_TOO_MANY, "a request has a limit");
	is_err(ask_delete("d-1", 0, 3, 1001), RETENTION_OK, "one asks");
	is_err(ask_delete("d-1", 0, 3, 1001), RETENTION_ID_USED,
	    "not twice under one id");
	rules.now = NOW + 14 * DAY + 1;
	is_err(tell(act(RETENTION_APPROVE, "d-1", "abe"), 1002),
	    RETENTION_EXPIRED, "after 14 days it must be asked again");
	rules.now = NOW + 14 * DAY;
	is_err(tell(act(RETENTION_APPROVE, "d-1", "abe"), 1002), RETENTION_OK,
	    "until then it can be approved");
	ok(retention_request(r, "d-1") == NULL, "then it waits no more");
	is_err(tell(act(RETENTION_DELETE, "d-2", "abe"), 1002),
	    RETENTION_BAD_WORDS, "nobody writes the writer's own words");
	retention_free(r);
}

static void
clocks(void)
{
	struct retention_act a;

	begin();
	a = act(RETENTION_ASK_DELETE, "d-1", "sato");
	a.at = NOW - 10 * MINUTE - 1;
	is_err(retention_judge(r, &a, 1001, &rules), RETENTION_BAD_CLOCK,
	    "words of the past are not taken: they may be a copy");
	a.at = NOW + 10 * MINUTE + 1;
	is_err(retention_judge(r, &a, 1001, &rules), RETENTION_BAD_CLOCK,
	    "nor words of the future");
	a.at = NOW + 10 * MINUTE;
	is_err(retention_judge(r, &a, 1001, &rules), RETENTION_OK,
	    "clocks may differ a little");
	retention_free(r);
}

static void
sign(struct retention_act *a, unsigned who)
{
	struct buf text;

	buf_init(&text);
	retention_signed_text(a, "a.test/e", &text);
	key_sign(seeds[who], buf_view(&text), a->sig);
	a->is_signed = true;
	buf_fini(&text);
}

static void
approvers(void)
{
	static const char *const names[] = { "sato", "abe" };
	struct retention_act a;
	uint8_t key[KEY_LEN];
	size_t i;

	begin();
	for (i = 0; i < 2; i++) {
		memset(seeds[i], (int)i + 1, KEY_LEN);
		key_public(seeds[i], key);
		note_key_init(&keys[i], span_str(names[i]), key);
	}
	is_err(ask_delete("d-0", 0, 0, 1001), RETENTION_OK,
	    "asked for by an account");
	rules.approver = keys;
	rules.n_approvers = 2;
	is_err(ask_delete("d-1", 0, 0, 1001), RETENTION_NO_SIGNATURE,
	    "where there are approvers each signs");
	is_err(tell(act(RETENTION_ASK_DELETE, "d-1", "ito"), 1001),
	    RETENTION_NO_APPROVER, "and nobody else does");
	a = act(RETENTION_ASK_DELETE, "d-1", "sato");
	sign(&a, 1);
	is_err(tell(a, 0), RETENTION_BAD_SIGNATURE, "each with his own key");
	sign(&a, 0);
	a.last++;
	is_err(tell(a, 0), RETENTION_BAD_SIGNATURE, "for these words only");
	a.last--;
	is_err(tell(a, 0), RETENTION_OK, "then the account does not matter");
	a = act(RETENTION_APPROVE, "d-1", "sato");
	sign(&a, 0);
	is_err(tell(a, 7), RETENTION_SAME_PERSON,
	    "and another account is no other person");
	a = act(RETENTION_APPROVE, "d-0", "abe");
	sign(&a, 1);
	is_err(tell(a, 7), RETENTION_NO_REQUEST,
	    "what was asked for unsigned cannot be approved");
	a = act(RETENTION_APPROVE, "d-1", "abe");
	sign(&a, 1);
	is_err(tell(a, 0), RETENTION_OK, "another approver approves");
	retention_free(r);
}

static void
deletions(void)
{
	struct retention_gone g = { 3, 10, 20, { 1, 2 }, "5y", "sato", "abe",
		"d-1" };
	struct retention_extra extra = { 0, 0 };
	struct record rec = { .kind = RECORD_DELETION, .rx = NOW };
	struct buf body;

	begin();
	buf_init(&body);
	retention_x1_print(&g, &extra, &body);
	rec.body = buf_view(&body);
	retention_take(r, 50, &rec);
	is_err(retention_may_delete(r, 3, 10, 20, 1, NOW), RETENTION_GONE,
	    "what is gone is not deleted again");
	ok(retention_deletion(r, 2) == NULL && retention_deletion(r, 3) != NULL,
	    "a deletion is found by its segment");
	extra.since = NOW;
	body.len = 0;
	retention_x1_print(&g, &extra, &body);
	rec.rx = NOW + DAY;
	rec.body = buf_view(&body);
	retention_take(r, 70, &rec);
	ok(r->n_gone == 1 && r->gone[0].from.index == 70 &&
		r->gone[0].from.at == NOW,
	    "its repetition stands for it, with its own day");
	buf_fini(&body);
	retention_free(r);
}

/* What must not parse. */
static const char *const bad[] = {
	"uid=1 action=hold id=h first=2 last=1 basis=b by=c at=1",
	"uid=1 action=hold id=H first=1 last=2 basis=b by=c at=1",
	"uid=1 action=hold id=h last=2 first=1 basis=b by=c at=1",
	"uid=1 action=hold id=h first=1 last=2 basis=% by=c at=1",
	"uid=1 action=hold id=h first=1 last=2 basis=b by=c",
	"uid=1 action=hold id=h origin=a first=1 last=2 basis=b by=c at=1",
	"uid=1 action=hold-log id=h basis=b by=c at=1",
	"uid=1 action=hold-log id=h origin=A basis=b by=c at=1",
	"uid=1 action=hold-log id=h origin=%1B basis=b by=c at=1",
	"uid=1 action=remove id=h origin=a basis=b by=c and=d at=1",
	"uid=1 action=hold id=h first=1 last=2 basis=b by=c at=1 x=1",
	"uid=1 action=hold id=h first=1 last=2 basis=b by=c at=1 since=",
	"uid=1 action=release id=h by=c at=1",
	"uid=1 action=release id=h by=c and=d at=1 sig=AA==",
	"action=hold id=h first=1 last=2 basis=b by=c at=1",
};

static void
words(void)
{
	struct record rec = { .kind = RECORD_OPERATOR };
	size_t i;

	begin();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rec.body = span_str(bad[i]);
		ok(retention_take(r, i, &rec) == 0 && r->unreadable == i + 1,
		    "not taken, and counted: %s", bad[i]);
	}
	rec.body = SPAN("uid=1 action=custody what=ever");
	ok(retention_take(r, i, &rec) == 0 && r->unreadable == i,
	    "other acts are none of its business");
	ok(retention_reserved(SPAN("action=release id=x")) &&
		!retention_reserved(SPAN("action=view")) &&
		!retention_reserved(SPAN("")),
	    "the writer's own words are known");
	retention_free(r);
}

/* Another log that is over, whole. */
static void
logs(void)
{
	const struct retention_removal *v;

	begin();
	is_err(tell(act(RETENTION_HOLD_LOG, "h-1", "sato"), 1001), RETENTION_OK,
	    "one person holds a log that is over");
	ok(retention_held_log(r, "a.test/old") != NULL &&
		retention_held_log(r, "a.test/ol") == NULL,
	    "that one and no other");
	ok(retention_held(r, 0, UINT64_MAX) == NULL,
	    "which holds no record of this one");
	is_err(tell(act(RETENTION_ASK_REMOVE, "h-1", "sato"), 1001),
	    RETENTION_ID_USED, "an id is used once");
	is_err(tell(act(RETENTION_ASK_RELEASE, "h-1", "sato"), 1001),
	    RETENTION_OK, "its release is asked for");
	is_err(tell(act(RETENTION_APPROVE, "h-1", "abe"), 1002), RETENTION_OK,
	    "and approved");
	ok(retention_held_log(r, "a.test/old") == NULL, "then it is released");
	is_err(tell(act(RETENTION_ASK_REMOVE, "r-1", "sato"), 1001),
	    RETENTION_OK, "one asks for its removal");
	is_err(tell(act(RETENTION_APPROVE, "r-1", "sato"), 1001),
	    RETENTION_SAME_PERSON, "who asked does not approve");
	ok(retention_removal(r, "a.test/old") == NULL, "nothing is removed");
	is_err(tell(act(RETENTION_APPROVE, "r-1", "abe"), 1002), RETENTION_OK,
	    "another approves");
	v = retention_removal(r, "a.test/old");
	ok(v != NULL && strcmp(v->act.by, "sato") == 0 &&
		strcmp(v->act.also, "abe") == 0 &&
		retention_removal(r, "a.test/e") == NULL,
	    "then it is, by both of them");
	is_err(tell(act(RETENTION_REMOVE, "r-2", "sato"), 1001),
	    RETENTION_BAD_WORDS, "nobody says that it is");
	retention_free(r);
}

/* The cache gives the state again. */
static void
lines(void)
{
	struct retention *again = retention_new();
	struct cursor c;
	int rc = 0;

	begin();
	hold("h-1", 1, 5);
	ask_delete("d-1", 2, 4, 1001);
	c = cursor_make(buf_view(&r->lines));
	while (cursor_left(&c) > 0)
		rc |= retention_line_take(again, cursor_until(&c, '\n'));
	ok(rc == 0 && again->n_holds == 1 && again->n_requests == 1 &&
		again->holds[0].from.index == 100 &&
		span_eq(buf_view(&again->lines), buf_view(&r->lines)),
	    "the lines kept give the same state");
	ok(retention_line_take(again, SPAN("o1 1 1 uid=0 action=view")) != 0 &&
		retention_line_take(again, SPAN("e1 1 1 x")) != 0,
	    "other lines are refused");
	retention_free(again);
	retention_free(r);
}

int
main(void)
{
	log_set_lang("en");
	holds();
	requests();
	clocks();
	approvers();
	deletions();
	words();
	logs();
	lines();
	return done();
}
