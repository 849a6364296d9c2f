/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/retire.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "common/utc.h"
#include "evidence/logdir.h"
#include "evidence/retention.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"
#include "verify/verify.h"

/*
 * Years of retention in a second: utc_now() is ours (the linker wraps it), all
 * else is the writer's own.  1001 and 1002 are two persons.
 */
static int64_t now;
static struct site *site;
static struct sink sink;
static int woken;
static struct buf why;
static struct keyring *keys;

int64_t __wrap_utc_now(void);

int64_t
__wrap_utc_now(void)
{
	return now;
}

static void
wake(void *cookie)
{
	uint64_t one = 1;

	(void)cookie;
	(void)!write(woken, &one, sizeof(one));
}

static void
sealed(void *cookie, uint64_t size)
{
	(void)size;
	wake(cookie);
}

static void
rest(void)
{
	struct pollfd p = { .fd = woken, .events = POLLIN };
	uint64_t n;

	if (poll(&p, 1, 20) == 1)
		(void)!read(woken, &n, sizeof(n));
}

static void
start(void)
{
	struct sink_options o = { .site = site,
		.estate = estate_new(),
		.workers = 1,
		.sealed = sealed,
		.writable = wake };

	if (keyring_open(&keys, lib_keys) != KEYRING_OK)
		abort();
	o.signer = keyring_signer(keys);
	if (sink_open(&sink, &o) != 0)
		abort();
	sink.retire = retire_new(&sink, site, wake, NULL);
}

static void
stop(void)
{
	retire_free(sink.retire);
	(void)sink_close(&sink);
	estate_free(sink.estate);
	keyring_close(keys);
}

static void
begin(void)
{
	struct yaml_error err;
	char text[512], cache[128];

	lib_begin();
	snprintf(text, sizeof(text),
	    "logs:\n"
	    "  evidence: { origin: example.jp/test, dir: %s, "
	    "retention: 30d }\n"
	    "  casebook: { origin: example.jp/book }\n",
	    lib_dir);
	snprintf(cache, sizeof(cache), "%s/cache", lib_base);
	if (mkdir(cache, 0700) != 0)
		abort();
	site = site_parse(span_str(text), "konseki.yml", lib_base, &err);
	if (site == NULL)
		abort();
	now = INT64_C(1732060800000000);
	woken = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	start();
}

static void
finish(void)
{
	stop();
	close(woken);
	site_free(site);
	lib_end();
}

/* Close the open segment; wait for its manifest. */
static void
next_segment(uint64_t number)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/manifests/%012llu", lib_dir,
	    (unsigned long long)number);
	(void)evlog_rotate(sink.log);
	while (access(path, F_OK) != 0) {
		(void)sink_tick(&sink);
		rest();
	}
}

/* Ask as somebody, and wait for the answer. */
static bool
ask(struct retention_act *a, uint32_t uid)
{
	struct retire_range range;
	enum retire_step step;
	struct buf words;

	a->at = (uint64_t)now;
	buf_init(&words);
	retention_act_print(a, &words);
	do {
		why.len = 0;
		(void)sink_tick(&sink);
		step = retire_ask(sink.retire, a, buf_view(&words), uid, &range,
		    &why);
		if (step == RETIRE_WAITS || step == RETIRE_FULL)
			rest();
	} while (step == RETIRE_WAITS || step == RETIRE_FULL);
	buf_fini(&words);
	if (step != RETIRE_DONE)
		printf("# %s\n", buf_cstr(&why));
	return step == RETIRE_DONE;
}

static bool
hold(const char *id, uint64_t first, uint64_t last)
{
	struct retention_act a = { .action = RETENTION_HOLD,
		.id = id,
		.first = first,
		.last = last,
		.basis = "police",
		.by = "sato" };

	return ask(&a, 1001);
}

static bool
ask_delete(const char *id, uint64_t from, uint64_t to)
{
	struct retention_act a = { .action = RETENTION_ASK_DELETE,
		.id = id,
		.first = from,
		.last = to,
		.basis = "30 days",
		.by = "sato" };

	return ask(&a, 1001);
}

static bool
approve(const char *id)
{
	struct retention_act a = { .action = RETENTION_APPROVE,
		.id = id,
		.by = "abe" };

	return ask(&a, 1002);
}

static bool delete (const char *id, uint64_t from, uint64_t to)
{
	return ask_delete(id, from, to) && approve(id);
}

static void
pass(int64_t days)
{
	now += days * UTC_DAY;
}

static bool
is_here(uint64_t segment)
{
	uint8_t hash[SHA256_LEN];
	struct manifest m;
	struct logdir d;
	bool here;

	if (logdir_open(&d, lib_dir) != 0 ||
	    logdir_manifest(&d, segment, &m, hash) != 0)
		abort();
	here = faccessat(d.fd, m.file, F_OK, 0) == 0;
	logdir_close(&d);
	return here;
}

/* The verdict; what was deleted in *r. */
static enum verify_verdict
verdict(struct verify_result *r)
{
	struct verify_options opt = { .dir = lib_dir, .jobs = 1 };

	verify_log(&opt, r);
	if (r->bad_what[0] != '\0')
		printf("# %s: %s\n", r->bad_file, r->bad_what);
	return r->verdict;
}

static void
spoil_cache(void)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), "%s/cache/retention-evidence", lib_base);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, "konseki retention 1 x\n", 22) != 22)
		abort();
	close(fd);
}

/*
 * The record of a deletion goes with its own segment in the end: it must be
 * recorded again before.  So must a hold that is older than what it holds.
 */
static void
generations(void)
{
	struct verify_result r;
	uint64_t first;

	begin();
	next_segment(0);
	pass(31);
	ok(hold("h-1", evlog_size(sink.log), UINT64_C(999999999999)),
	    "what comes is held");
	ok(delete ("d-0", 0, 0) && !is_here(0), "segment 0 goes");
	next_segment(1); /* with the hold and with the x1 of 0 */
	pass(31);
	ok(!ask_delete("d-1", 1, 1) &&
		strstr(buf_cstr(&why), "segment 1: the segment is on hold"),
	    "segment 1 holds the hold, and is held");
	ok(!ask_delete("d-9", 0, 1) &&
		strstr(buf_cstr(&why), "deleted already"),
	    "segment 0 does not go twice");
	finish();

	begin();
	next_segment(0);
	pass(31);
	ok(delete ("d-0", 0, 0), "segment 0 goes again");
	first = evlog_size(sink.log) + 100;
	ok(hold("h-2", first, UINT64_C(999999999999)), "later ones are held");
	next_segment(1);
	pass(31);
	ok(delete ("d-1", 1, 1) && !is_here(1), "segment 1 goes");
	ok(verdict(&r) == VERIFY_INTACT && r.n_deleted == 2 &&
		r.deleted[0].time + 30 * (uint64_t)UTC_DAY < r.deleted[1].time,
	    "both deletions are known, with their days");
	stop();
	start();
	ok(!hold("h-2", 0, 1) && strstr(buf_cstr(&why), "used before"),
	    "the hold is known after a start");
	stop();
	spoil_cache();
	start();
	ok(!hold("h-2", 0, 1) && strstr(buf_cstr(&why), "used before"),
	    "with a cache that is none, too");
	next_segment(2);
	pass(31);
	ok(delete ("d-2", 2, 2) && verdict(&r) == VERIFY_INTACT &&
		r.deleted_records == r.deleted[r.n_deleted - 1].last + 1,
	    "and once more: all that is gone is explained");
	finish();
}

/* A hold that comes between the two persons wins. */
static void
hold_between(void)
{
	begin();
	next_segment(0);
	pass(31);
	ok(ask_delete("d-0", 0, 0), "a request");
	ok(hold("h-1", 3, 3), "a hold of one of its records");
	ok(!approve("d-0") && strstr(buf_cstr(&why), "on hold") && is_here(0),
	    "the approval comes too late");
	finish();
}

/*
 * One that comes while the files are read back: it is taken and they stay, or
 * it is refused and they go.
 */
static void
hold_meanwhile(void)
{
	struct retention_act a = { .action = RETENTION_APPROVE,
		.id = "d-0",
		.by = "abe" };
	struct retire_range range;
	struct buf words;
	bool held;

	begin();
	next_segment(0);
	pass(31);
	ok(ask_delete("d-0", 0, 0), "a request");
	a.at = (uint64_t)now;
	buf_init(&words);
	retention_act_print(&a, &words);
	ok(retire_ask(sink.retire, &a, buf_view(&words), 1002, &range, &why) ==
		RETIRE_WAITS,
	    "an approval under way");
	buf_fini(&words);
	held = hold("h-1", 3, 3);
	ok(ask(&a, 1002) == !held && is_here(0) == held,
	    "a hold meanwhile is taken and obeyed, or refused");
	finish();
}

/* A damaged file is evidence of the damage. */
static void
damaged(void)
{
	char command[256];

	begin();
	next_segment(0);
	pass(31);
	snprintf(command, sizeof(command),
	    "printf x | dd of=$(echo %s/segments/*/000000000000.ev1.gz) bs=1 "
	    "seek=100 conv=notrunc 2>/dev/null",
	    lib_dir);
	ok(system(command) == 0 && !delete ("d-0", 0, 0) &&
		strstr(buf_cstr(&why), "not what its manifest says") &&
		is_here(0),
	    "a file that was changed is not deleted");
	finish();
}

static void
periods(void)
{
	begin();
	next_segment(0);
	pass(30);
	ok(!ask_delete("d-0", 0, 0) &&
		strstr(buf_cstr(&why), "not past its period"),
	    "not on the last day");
	pass(1);
	ok(ask_delete("d-0", 0, 0), "but on the next");
	pass(15);
	ok(!approve("d-0") && strstr(buf_cstr(&why), "14 days") && is_here(0),
	    "an approval has its time");
	finish();
}

int
main(void)
{
	log_set_lang("en");
	buf_init(&why);
	generations();
	hold_between();
	hold_meanwhile();
	damaged();
	periods();
	buf_fini(&why);
	return done();
}
