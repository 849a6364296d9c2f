/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/approver.h"
#include "analyzer/command/command.h"
#include "analyzer/command/generations.h"
#include "analyzer/command/holdings.h"
#include "analyzer/command/retention_list.h"
#include "analyzer/command/role.h"
#include "analyzer/command/when.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"
#include "site/client.h"
#include "site/succession.h"

/*
 * konseki retention: what may go, what must stay, and who says so.  The writer
 * decides; what is asked here it checks again.
 */
struct call {
	const char *site, *log_name;
	const char *basis, *by, *passphrase;
	const char *from, *to, *since, *until, *segments, *at;
	struct site *s;
	const struct site_log *log;
	uint64_t now;
};

static int
usage(void)
{
	return command_usage("retention",
	    "[--site DIR] [--log NAME]\n"
	    "    list [--at TIME]\n"
	    "  | hold ID --from N --to N --basis TEXT --by WHO\n"
	    "  | hold ID --since TIME --until TIME --basis TEXT --by WHO\n"
	    "  | hold ID --log NAME.N --basis TEXT --by WHO\n"
	    "  | release ID --basis TEXT --by WHO\n"
	    "  | delete ID --segments A-B --basis TEXT --by WHO\n"
	    "  | remove ID --log NAME.N --basis TEXT --by WHO\n"
	    "  | approve ID --by WHO\n"
	    "  | key NAME [--passphrase-file FILE]");
}

/* Hand an act to the writer and wait for what becomes of it. */
static int
hand_in(struct call *c, struct retention_act *a)
{
	struct client_sealed sealed;
	struct client *client;
	enum client_err e;
	struct buf words;

	if (!role_may(c->s,
		a->action == RETENTION_HOLD || a->action == RETENTION_HOLD_LOG
		    ? ROLE_ACT_PRESERVE
		    : ROLE_ACT_RELEASE))
		return 1;
	a->at = (uint64_t)utc_now();
	if (a->action != RETENTION_HOLD && a->action != RETENTION_HOLD_LOG &&
	    approver_sign(c->s, site_log(c->s, c->log->name)->origin,
		c->passphrase, a) != 0)
		return 1;
	buf_init(&words);
	retention_act_print(a, &words);
	e = client_open(&client, c->s->run);
	if (e == CLIENT_OK)
		e = client_retain(client, c->log->name, buf_view(&words),
		    &sealed);
	if (e == CLIENT_OK)
		printf(tr("recorded and sealed: %s #%" PRIu64 "\n",
			   "記録し封印しました: %s #%" PRIu64 "\n"),
		    c->log->name, sealed.first);
	else
		log_error("%s%s%s", client_strerror(e),
		    *client_detail(client) == '\0' ? "" : ": ",
		    client_detail(client));
	client_close(client);
	buf_fini(&words);
	return e == CLIENT_OK ? 0 : 1;
}

static struct retention_act
act(const struct call *c, enum retention_action action, const char *id)
{
	return (struct retention_act){ .action = action,
		.id = id,
		.origin = c->log->origin,
		.basis = c->basis == NULL ? "" : c->basis,
		.by = c->by,
		.also = "" };
}

/* An id and texts that the records can hold, said here in plain words. */
static bool
is_sound(const struct call *c, const char *id)
{
	if (strlen(id) > RETENTION_ID_MAX || *id == '\0' ||
	    id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		log_error(tr("an id has up to %u of a-z, 0-9 and '-': '%s'",
			      "idは%u文字までの英小文字・数字・-です: '%s'"),
		    RETENTION_ID_MAX, id);
	else if (strlen(c->by) > RETENTION_NAME_MAX || *c->by == '\0')
		log_error(tr("--by has 1 to %u bytes",
			      "--byは1から%uバイトまでです"),
		    RETENTION_NAME_MAX);
	else if (c->basis != NULL &&
	    (strlen(c->basis) > RETENTION_BASIS_MAX || *c->basis == '\0'))
		log_error(tr("--basis has 1 to %u bytes",
			      "--basisは1から%uバイトまでです"),
		    RETENTION_BASIS_MAX);
	else
		return true;
	return false;
}

/* The records of whole segments that a window of time touches. */
static int
window(const struct holdings *h, uint64_t since, uint64_t until,
    struct retention_act *a)
{
	bool any = false;
	size_t i;

	for (i = 0; i < h->n; i++) {
		if (h->v[i].time_high < since || h->v[i].time_low >= until)
			continue;
		if (!any)
			a->first = h->v[i].first;
		a->last = h->v[i].last;
		any = true;
	}
	if (h->open.records > 0 && h->open.time_high >= since &&
	    h->open.time_low < until) {
		if (!any)
			a->first = h->open.first;
		a->last = h->open.first + h->open.records - 1;
		any = true;
	}
	if (any)
		return 0;
	log_error("%s",
	    tr("there is no record of that time",
		"その期間の記録はありません"));
	return -1;
}

static int
hold_window(const struct call *c, struct retention_act *a)
{
	uint64_t since, until;
	struct holdings h;
	struct buf why;
	int rc = -1;

	if (when_parse("since", c->since, c->s->zone, &since) != 0 ||
	    when_parse("until", c->until, c->s->zone, &until) != 0)
		return -1;
	if (generations_say(c->s, c->log, since, until) > 0)
		log_warn("%s",
		    tr("this hold is not for the records of another "
		       "generation: hold that one by its name",
			"この保全は他の世代の記録を対象としません。その世代の"
			"名前を指定して保全してください"));
	buf_init(&why);
	if (holdings_load(&h, c->s, c->log, c->now, &why) != 0)
		log_error("%s: %s", c->log->dir, buf_cstr(&why));
	else
		rc = window(&h, since, until, a);
	holdings_free(&h);
	buf_fini(&why);
	return rc;
}

/* Two numbers, the second not below the first. */
static int
range(const char *what, struct span first, struct span last,
    struct retention_act *a)
{
	if (num_parse(first, RECORD_RX_MAX, &a->first) == 0 &&
	    num_parse(last, RECORD_RX_MAX, &a->last) == 0 &&
	    a->first <= a->last)
		return 0;
	log_error(tr("%s: two numbers are needed, the second not below the "
		     "first",
		      "%s: 数を二つ、小さい順に指定してください"),
	    what);
	return -1;
}

/*
 * A range is of records that are there: one mistyped would protect nothing.
 * records: how many the log has.
 */
static int
hold_range(const struct call *c, struct retention_act *a, uint64_t *records)
{
	struct holdings h;
	struct buf why;
	int rc = -1;

	if (range("--from --to", span_str(c->from), span_str(c->to), a) != 0)
		return -1;
	buf_init(&why);
	if (holdings_load(&h, c->s, c->log, c->now, &why) != 0)
		log_error("%s: %s", c->log->dir, buf_cstr(&why));
	else {
		*records = h.n == 0 ? 0 : h.v[h.n - 1].last + 1;
		if (h.open.there)
			*records = h.open.first + h.open.records;
		rc = a->first < *records ? 0 : -1;
		if (rc != 0)
			log_error(tr("nothing is held: the log has %" PRIu64
				     " records, and none from %" PRIu64 " on",
				      "保全しませんでした。記録は%" PRIu64
				      "件で、%" PRIu64
				      "以降の記録はありません"),
			    *records, a->first);
	}
	holdings_free(&h);
	buf_fini(&why);
	return rc;
}

static int
hold(struct call *c, const char *id)
{
	struct retention_act a = act(c, RETENTION_HOLD, id);
	uint64_t records = UINT64_MAX;
	int rc;

	if (c->from != NULL && c->to != NULL && c->since == NULL &&
	    c->until == NULL)
		rc = hold_range(c, &a, &records);
	else if (c->since != NULL && c->until != NULL && c->from == NULL &&
	    c->to == NULL)
		rc = hold_window(c, &a);
	else
		return usage();
	if (rc != 0)
		return 1;
	rc = hand_in(c, &a);
	if (rc == 0)
		printf(tr("records %" PRIu64 " to %" PRIu64 " are on hold\n",
			   "記録%" PRIu64 "〜%" PRIu64 "を保全しました\n"),
		    a.first, a.last);
	if (rc == 0 && a.last >= records)
		log_warn(tr("the newest record is %" PRIu64
			    " now: what comes after it, up to %" PRIu64
			    ", will be on hold, too",
			     "現在の最新の記録は%" PRIu64
			     "です。今後の記録も%" PRIu64 "まで保全されます"),
		    records - 1, a.last);
	return rc;
}

static int
ask(struct call *c, const char *id, enum retention_action action)
{
	struct retention_act a = act(c, action, id);
	const char *dash;
	int rc;

	if (action == RETENTION_ASK_DELETE) {
		if (c->segments == NULL)
			return usage();
		dash = strchr(c->segments, '-');
		if (dash == NULL)
			dash = c->segments + strlen(c->segments);
		if (range("--segments",
			span_make(c->segments, (size_t)(dash - c->segments)),
			span_str(*dash == '-' ? dash + 1 : c->segments),
			&a) != 0)
			return 1;
	}
	rc = hand_in(c, &a);
	if (rc == 0)
		printf(tr("another person must approve it within 14 days: "
			  "konseki retention --log %s approve %s --by NAME\n",
			   "14日以内に別の人の承認が必要です: konseki "
			   "retention "
			   "--log %s approve %s --by 名前\n"),
		    c->log->name, id);
	return rc;
}

static int
approve(struct call *c, const char *id)
{
	struct retention_act a = act(c, RETENTION_APPROVE, id);

	return hand_in(c, &a);
}

/* The line for retention.approvers. */
static int
key(const struct call *c, const char *name)
{
	uint8_t seed[KEY_LEN], public[KEY_LEN];
	struct note_key k;
	struct buf out;
	int rc;

	if (approver_key(c->s, name, c->passphrase, true, seed) != 0)
		return 1;
	rc = key_public(seed, public);
	explicit_bzero(seed, sizeof(seed));
	if (rc != 0 || strlen(name) > RETENTION_NAME_MAX ||
	    note_key_init(&k, span_str(name), public) != 0) {
		log_error(tr("a name is printable ASCII without blanks and "
			     "'+': '%s'",
			      "名前は空白と+を除く印字可能なASCIIです: '%s'"),
		    name);
		return 1;
	}
	buf_init(&out);
	note_key_print(&k, &out);
	puts(buf_cstr(&out));
	buf_fini(&out);
	return 0;
}

/*
 * Acts are records of the log that they are about, which must be able to sign.
 */
static int
refuse_over(const struct call *c)
{
	struct buf over;

	buf_init(&over);
	generations_print_over(c->s, c->log, &over);
	log_error(tr("%s. It takes no record any more, and a segment deleted "
		     "without one would be found missing: so it stays whole "
		     "until 'remove' removes all of it, and is held whole "
		     "('hold' without a range); --log %s has the rest",
		      "%s。記録を追加できず、記録なしに消えたセグメントは改ざん"
		      "として検出されるため、removeで全体を削除するまで全体が"
		      "残ります。保全も全体が対象です（範囲なしのhold）。その"
		      "他は--log %sに対して行ってください"),
	    buf_cstr(&over), c->log->name);
	buf_fini(&over);
	return 1;
}

/* The hold of a log that is over: of all of it. */
static int
hold_over(struct call *c, const char *id)
{
	struct retention_act a = act(c, RETENTION_HOLD_LOG, id);
	int rc;

	if (c->from != NULL || c->to != NULL || c->since != NULL ||
	    c->until != NULL)
		return refuse_over(c);
	if ((rc = hand_in(c, &a)) == 0)
		printf(tr("all of %s is on hold\n", "%s全体を保全しました\n"),
		    c->log->ref);
	return rc;
}

static int
remove_over(struct call *c, const char *id)
{
	if (c->log->over)
		return ask(c, id, RETENTION_ASK_REMOVE);
	log_error(tr("%s is in force: only a generation that is over can be "
		     "removed",
		      "%sは現在のログです。削除できるのは終了した世代だけです"),
	    c->log->ref);
	return 1;
}

static int
list(struct call *c)
{
	struct holdings h;
	struct buf why;
	int rc;

	buf_init(&why);
	rc = holdings_load(&h, c->s, c->log, c->now, &why);
	retention_list(&h, c->s, c->now);
	if (rc != 0)
		log_error("%s: %s", c->log->dir, buf_cstr(&why));
	holdings_free(&h);
	buf_fini(&why);
	return rc == 0 ? 0 : 1;
}

static int
list_generations(struct call *c, const struct site_log *newest)
{
	unsigned n;
	int rc = 0;

	for (n = 1; n <= newest->generation; n++) {
		c->log = succession_generation(c->s, newest, n);
		if (list(c) != 0)
			rc = 1;
	}
	return rc;
}

static int
list_all(struct call *c)
{
	size_t i;
	int rc = 0;

	if (c->log_name != NULL)
		return c->log->over ? list(c) : list_generations(c, c->log);
	for (i = 0; i < c->s->n_logs; i++)
		if (list_generations(c, &c->s->logs[i]) != 0)
			rc = 1;
	return rc;
}

static int
with_id(struct call *c, const char *what, const char *id)
{
	if (strcmp(what, "key") == 0)
		return key(c, id);
	if (c->by == NULL || (c->basis == NULL && strcmp(what, "approve") != 0))
		return usage();
	if (!is_sound(c, id))
		return 1;
	if (strcmp(what, "remove") == 0)
		return remove_over(c, id);
	if (c->log->over)
		return strcmp(what, "hold") == 0 ? hold_over(c, id)
						 : refuse_over(c);
	if (strcmp(what, "hold") == 0)
		return hold(c, id);
	if (strcmp(what, "release") == 0)
		return ask(c, id, RETENTION_ASK_RELEASE);
	if (strcmp(what, "delete") == 0)
		return ask(c, id, RETENTION_ASK_DELETE);
	if (strcmp(what, "approve") == 0)
		return approve(c, id);
	return usage();
}

static int
run(struct call *c, int argc, char *argv[])
{
	c->now = (uint64_t)utc_now();
	if (c->at != NULL && when_parse("at", c->at, c->s->zone, &c->now) != 0)
		return 1;
	if ((c->log = command_site_log(c->s, c->log_name)) == NULL)
		return 1;
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return list_all(c);
	return argc == 2 ? with_id(c, argv[0], argv[1]) : usage();
}

int
command_retention(int argc, char *argv[])
{
	struct call c = { 0 };
	const struct {
		const char *name, **to;
	} names[] = { { "site", &c.site }, { "log", &c.log_name },
		{ "basis", &c.basis }, { "by", &c.by },
		{ "passphrase-file", &c.passphrase }, { "from", &c.from },
		{ "to", &c.to }, { "since", &c.since }, { "until", &c.until },
		{ "segments", &c.segments }, { "at", &c.at } };
	enum { N = sizeof(names) / sizeof(names[0]) };
	struct option options[N + 1] = { 0 };
	int o, i = 0, rc;

	for (i = 0; i < N; i++)
		options[i] = (struct option){ names[i].name, required_argument,
			NULL, i + 1 };
	while ((o = getopt_long(argc, argv, "", options, NULL)) > 0 && o <= N)
		*names[o - 1].to = optarg;
	if (o != -1 || optind == argc)
		return usage();
	if ((c.s = command_site(c.site)) == NULL)
		return 1;
	rc = run(&c, argc - optind, argv + optind);
	site_free(c.s);
	return rc;
}
