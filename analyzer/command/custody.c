/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * konseki custody: who gave a package to whom, when, where, why and on what
 * basis, and that both say so; recorded in the casebook and in the evidence.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/custody_check.h"
#include "analyzer/command/operator.h"
#include "analyzer/command/role.h"
#include "analyzer/handover/custody.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"
#include "evidence/evread.h"
#include "evidence/package.h"
#include "site/succession.h"

#define TAGS "tagmanifest-sha256.txt"
#define TAGS_MAX 1048576u
#define UNFIT 3	       /* exit status: recorded, with something wrong */
#define ABBREVIATED 16 /* digits of a package's hash in the list */

struct call {
	const char *site, *package, *at;
	const char *text[CUSTODY_TEXT_COUNT];
	bool help;
};

static int
usage(FILE *out)
{
	fprintf(out,
	    "%s konseki custody receipt|transfer|return --package DIR|SHA256 "
	    "--from NAME --to NAME --why TEXT\n"
	    "           --authority TEXT --place TEXT --condition TEXT "
	    "--from-ack TEXT --to-ack TEXT\n"
	    "           [--at TIME] [--site DIR]\n"
	    "       konseki custody list [--package DIR|SHA256] [--site DIR]\n"
	    "%s",
	    tr("usage:", "使い方:"),
	    tr("  receipt   somebody took the package\n"
	       "  transfer  it went from one holder to the next\n"
	       "  return    it came back\n"
	       "  --from-ack, --to-ack: how each of both acknowledged it "
	       "(signature, seal, number of a mail)\n"
	       "A package in a folder is verified first. Exit 0 recorded, 1 "
	       "not recorded, 3 recorded, but not intact\n"
	       "or never handed over by this site.\n",
		"  receipt   受領  transfer  引渡し  return  返却\n"
		"  --from 渡した人  --to 受け取った人  --why 目的  "
		"--authority 根拠  --place 場所\n"
		"  --condition 状態  --from-ack・--to-ack "
		"双方の確認方法（署名・押印・メール番号など）\n"
		"フォルダーで指定したパッケージは先に検証します。終了コード: "
		"0 記録した、1 記録できない、\n"
		"3 "
		"記録したが、完全でないか、この施設が引き渡したものでない\n"));
	return 2;
}

static int
options(int argc, char *argv[], struct call *c)
{
	enum { OPT_SITE = CUSTODY_TEXT_COUNT + 1, OPT_PACKAGE, OPT_AT, HELP };
	struct option list[CUSTODY_TEXT_COUNT + 5] = { { 0 } };
	size_t i, n = CUSTODY_TEXT_COUNT;
	int o;

	for (i = 0; i < n; i++)
		list[i] = (struct option){ custody_text_name(i),
			required_argument, NULL, (int)i + 1 };
	list[n++] =
	    (struct option){ "site", required_argument, NULL, OPT_SITE };
	list[n++] =
	    (struct option){ "package", required_argument, NULL, OPT_PACKAGE };
	list[n++] = (struct option){ "at", required_argument, NULL, OPT_AT };
	list[n++] = (struct option){ "help", no_argument, NULL, HELP };
	while ((o = getopt_long(argc, argv, "", list, NULL)) != -1) {
		if (o >= 1 && o <= CUSTODY_TEXT_COUNT)
			c->text[o - 1] = optarg;
		else if (o == OPT_SITE)
			c->site = optarg;
		else if (o == OPT_PACKAGE)
			c->package = optarg;
		else if (o == OPT_AT)
			c->at = optarg;
		else if (o == HELP)
			c->help = true;
		else
			return -1;
	}
	return 0;
}

/*
 * The hash of a package: given, or of its folder's manifest.  1 given, 0 of a
 * folder, -1 (said).
 */
static int
package_find(const char *package, uint8_t hash[SHA256_LEN])
{
	char path[4096];
	struct buf tags;
	int rc;

	if (hex_parse(span_str(package), hash, SHA256_LEN) == 0)
		return 1;
	buf_init(&tags);
	rc = io_join(path, sizeof(path), package, TAGS);
	if (rc == 0)
		rc = io_read_file(path, TAGS_MAX, &tags);
	if (rc != 0)
		log_errno(tr("'%s' is neither a package nor the SHA-256 of one",
			      "「%s」はパッケージでもそのSHA-256でもありま"
			      "せん"),
		    package);
	sha256(buf_view(&tags), hash);
	buf_fini(&tags);
	return rc;
}

static int
texts_fill(const struct call *call, struct custody *c)
{
	size_t i;

	for (i = 0; i < CUSTODY_TEXT_COUNT; i++) {
		c->text[i] = span_str(call->text[i]);
		if (!package_text_ok(c->text[i])) {
			log_error(tr("--%s must be given: one line of text of "
				     "at most %u bytes",
				      "--%sを指定してください（1行、%uバイト"
				      "まで）"),
			    custody_text_name(i), PACKAGE_TEXT_MAX);
			return -1;
		}
	}
	return 0;
}

/* In both logs: each proves the step without the other. */
static int
record(const struct site *site, const struct custody *c)
{
	static const char *const logs[] = { "casebook", "evidence" };
	struct client *client = NULL;
	enum client_err e;
	struct buf words, why;
	uint64_t index;
	size_t i;
	int rc = 0;

	buf_init(&words);
	buf_init(&why);
	custody_print(c, &words);
	if ((e = client_open(&client, site->run)) != CLIENT_OK) {
		operator_explain(client, e, &why);
		rc = -1;
	}
	for (i = 0; rc == 0 && i < sizeof(logs) / sizeof(logs[0]); i++) {
		rc = operator_append(client, logs[i], buf_view(&words), &index,
		    &why);
		if (rc == 0)
			printf("recorded %s %" PRIu64 "\n", logs[i], index);
	}
	if (rc != 0)
		log_error(tr("the step could not be recorded: %s",
			      "記録できませんでした: %s"),
		    buf_cstr(&why));
	client_close(client);
	buf_fini(&words);
	buf_fini(&why);
	return rc;
}

/*
 * A step is behind the making of the package and not ahead of the clock; who
 * writes it down has minutes at best.
 */
static int
time_check(const struct site *site, uint64_t at, uint64_t now, uint64_t made)
{
	const uint64_t minute = UTC_MINUTE;
	char when[UTC_TEXT];

	if (at > now)
		log_error(tr("--at lies in the future: it is %s",
			      "--atが未来の日時です。現在は%sです"),
		    utc_print((int64_t)now, site->zone, when));
	else if (at / minute < made / minute)
		log_error(tr("--at lies before the package was made: %s",
			      "--atがパッケージの作成（%s）より前です"),
		    utc_print((int64_t)made, site->zone, when));
	else
		return 0;
	return -1;
}

/*
 * What can be known of the package goes into the record with the rest.  0, or
 * -1 if it cannot have been then.
 */
static int
look_at(struct site *site, const struct call *call, bool folder,
    struct custody *c)
{
	const char *verdict;
	uint64_t made;

	c->known =
	    span_str(custody_known(site, c->package, &made) ? "yes" : "no");
	if (call->at != NULL &&
	    time_check(site, c->at, (uint64_t)utc_now(), made) != 0)
		return -1;
	printf("known %.*s\n", (int)c->known.len, (const char *)c->known.p);
	if (!folder)
		return 0;
	verdict = custody_verify(site, call->package);
	c->verified = span_str(verdict);
	printf("verified %s\n", verdict);
	return 0;
}

static bool
is_fit(const struct custody *c)
{
	return span_is(c->known, "yes") &&
	    (c->verified.len == 0 || span_is(c->verified, "intact"));
}

static int
step(const struct call *call, enum custody_step what)
{
	struct custody c = { .step = what };
	int64_t at = utc_now();
	struct site *site;
	int rc = -1, given;

	if (call->package == NULL)
		return usage(stderr);
	if (texts_fill(call, &c) != 0)
		return 2;
	if ((given = package_find(call->package, c.package)) < 0 ||
	    (site = command_site(call->site)) == NULL)
		return 1;
	if (role_may(site, ROLE_ACT_HANDOVER) &&
	    (call->at == NULL || command_time(site, call->at, &at) == 0)) {
		c.at = (uint64_t)at;
		rc = look_at(site, call, given == 0, &c);
		if (rc == 0)
			rc = record(site, &c);
	}
	site_free(site);
	if (rc == 0 && fflush(stdout) == 0)
		return is_fit(&c) ? 0 : UNFIT;
	return 1;
}

static void
show_text(const char *key, struct span value)
{
	struct buf out;

	if (value.len == 0)
		return;
	buf_init(&out);
	text_escape(value, &out);
	printf("  %-10s %s\n", key, buf_cstr(&out));
	buf_fini(&out);
}

static void
show(const struct site *site, const struct site_log *log,
    const struct evread_record *r, const struct custody *c)
{
	char hex[2 * SHA256_LEN], when[UTC_TEXT];
	uint64_t uid;
	size_t i;

	hex_print(c->package, SHA256_LEN, hex);
	if (log->over) /* its indexes are its own */
		printf("%s ", log->ref);
	printf("%" PRIu64 " %s %s %.*s", r->index,
	    utc_print((int64_t)c->at, site->zone, when),
	    custody_step_name(c->step), ABBREVIATED, hex);
	if (record_word_get_u64(r->r.body, "uid", &uid) == 1)
		printf(" uid=%" PRIu64, uid);
	putchar('\n');
	for (i = 0; i < CUSTODY_TEXT_COUNT; i++)
		show_text(custody_text_name(i), c->text[i]);
	show_text("known", c->known);
	show_text("verified", c->verified);
}

static int
list_log(const struct site *site, const struct site_log *log,
    const uint8_t *package)
{
	struct arena *a = arena_new();
	struct evread *in = NULL;
	struct evread_record r;
	struct custody c;
	struct buf why;
	int rc, is;

	buf_init(&why);
	rc = evread_open(&in, log->dir, false, &why);
	while (rc == 0 && (rc = evread_next(in, &r, &why)) == 1) {
		rc = 0;
		if (r.r.kind != RECORD_OPERATOR)
			continue;
		arena_reset(a);
		is = custody_parse(r.r.body, a, &c);
		if (is < 0)
			log_warn(tr("record %" PRIu64 " is not a step of "
				    "custody as it must be",
				     "記録%" PRIu64
				     "は保管記録として正しくありません"),
			    r.index);
		if (is == 1 &&
		    (package == NULL ||
			memcmp(package, c.package, SHA256_LEN) == 0))
			show(site, log, &r, &c);
	}
	if (log->over && why.len > 0) {
		command_missing(log->dir, buf_cstr(&why));
		rc = 0;
	} else if (why.len > 0)
		log_error("%s: %s", log->dir, buf_cstr(&why));
	evread_close(in);
	arena_free(a);
	buf_fini(&why);
	return rc;
}

/* Steps are in all generations: a package outlives the log's keys. */
static int
list_casebook(struct site *site, const uint8_t *package)
{
	const struct site_log *log = site_log(site, "casebook");
	unsigned n;
	int rc = 0;

	for (n = 1; n <= log->generation; n++)
		rc = list_log(site, succession_generation(site, log, n),
		    package);
	return rc;
}

static int
list(const struct call *call)
{
	uint8_t hash[SHA256_LEN];
	struct site *site;
	int rc;

	if (call->package != NULL && package_find(call->package, hash) < 0)
		return 1;
	if ((site = command_site(call->site)) == NULL)
		return 1;
	rc = list_casebook(site, call->package != NULL ? hash : NULL);
	site_free(site);
	return rc == 0 && fflush(stdout) == 0 ? 0 : 1;
}

int
command_custody(int argc, char *argv[])
{
	struct call call = { 0 };
	const char *what = argv[1];
	size_t i;

	if (argc < 2)
		return usage(stderr);
	optind = 2;
	if (strcmp(what, "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (options(argc, argv, &call) != 0 || optind < argc)
		return usage(stderr);
	if (call.help) {
		usage(stdout);
		return 0;
	}
	if (strcmp(what, "list") == 0)
		return list(&call);
	for (i = CUSTODY_RECEIPT; i < CUSTODY_STEP_COUNT; i++)
		if (strcmp(what, custody_step_name(i)) == 0)
			return step(&call, (enum custody_step)i);
	return usage(stderr);
}
