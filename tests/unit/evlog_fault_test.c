/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "evidence/evlog.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

/* Disks that are full or fail, and a signer that is not there. */
static _Atomic int fail_errno;
static const char *_Atomic fail_step;
static _Atomic int gone, gone_after; /* the signer; after it answered */
static _Atomic unsigned writable_n;

static int
fail_at(void *cookie, const char *name)
{
	const char *at = fail_step;

	(void)cookie;
	return at != NULL && strcmp(name, at) == 0 ? fail_errno : 0;
}

static struct buf order;

static int
note_step(void *cookie, const char *name)
{
	(void)cookie;
	buf_printf(&order, " %s", name);
	return 0;
}

static void
on_writable(void *cookie)
{
	(void)cookie;
	writable_n++;
}

static int
ask(void *cookie, const struct sign_request *q, struct sign_reply *r)
{
	struct signer s = keyring_signer(lib_keyring);

	(void)cookie;
	if (gone)
		return -1;
	if (s.ask(s.cookie, q, r) != 0)
		return -1;
	return gone_after == 1 + (int)q->what ? -1 : 0;
}

static uint32_t
begin(unsigned workers)
{
	uint32_t stream;

	lib_begin();
	lib_opt.workers = workers;
	lib_opt.step = fail_at;
	lib_opt.writable = on_writable;
	lib_opt.signer = (struct signer){ ask, NULL };
	fail_step = NULL;
	gone = gone_after = 0;
	if (lib_open() != EVLOG_OK ||
	    evlog_stream(lib_log, SPAN(WORDS), &stream) != EVLOG_OK)
		abort();
	return stream;
}

/* The committer works in another thread: let it. */
static void
give_way(void)
{
	struct timespec t = { 0, 1000000 };

	evlog_tick(lib_log);
	if (lib_opt.workers > 0)
		nanosleep(&t, NULL);
}

static void
wait_fault(enum evlog_err err)
{
	while (evlog_fault(lib_log) != err)
		give_way();
}

static void
test_full(unsigned workers, const char *step)
{
	static char line[2000];
	uint32_t stream = begin(workers);
	enum evlog_err err;
	unsigned n = 0;
	struct audit a;
	uint64_t durable;

	ok(evlog_seal(lib_log, true) == EVLOG_OK, "%u workers, %s: a seal",
	    workers, step);
	durable = evlog_durable(lib_log);
	memset(line, 'x', sizeof(line) - 1);
	fail_errno = ENOSPC;
	fail_step = step;
	lib_append(stream, 1000, "a");
	ok(evlog_seal(lib_log, true) == EVLOG_FULL, "the disk is full");
	ok(evlog_fault(lib_log) == EVLOG_FULL &&
		evlog_durable(lib_log) == durable,
	    "and says so");
	while ((err = lib_append(stream, 1000, line)) == EVLOG_OK && n < 9000)
		n++;
	ok(err == EVLOG_FULL && n > 1000 && n < 9000,
	    "collecting goes on in memory, with a bound (%u)", n);
	lib_pass(7000000);
	writable_n = 0;
	ok(!evlog_writable(lib_log, 1), "not writable");
	fail_step = NULL;
	wait_fault(EVLOG_OK);
	while (!evlog_writable(lib_log, 1))
		give_way();
	while (workers > 0 && writable_n == 0)
		give_way();
	ok(writable_n == 1, "the owner is told when there is room");
	ok(lib_append(stream, 1000, "b") == EVLOG_OK && lib_close() == EVLOG_OK,
	    "it goes on");
	audit_log(&a);
	ok(a.ok && a.received == n + 2 && a.sealed == a.records,
	    "nothing is lost");
	ok(audit_count(&a,
	       "g1 kind=disk-full stream=- listener=- count=0 "
	       "bytes=0 from=1732057200000000 "
	       "until=1732057207000000") == 1,
	    "the gap is recorded");
	audit_fini(&a);
	lib_end();
}

/* A write that stops in the middle of a block. */
static void
test_short(unsigned workers)
{
	uint32_t stream = begin(workers);
	struct rlimit limit, saved;
	struct audit a;
	unsigned i;

	evlog_seal(lib_log, true);
	getrlimit(RLIMIT_FSIZE, &saved);
	limit = saved;
	limit.rlim_cur = 1200;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (i = 0; i < 300; i++) {
		char line[16];

		snprintf(line, sizeof(line), "%u", i * i);
		lib_append(stream, (uint16_t)(1000 + i), line);
	}
	ok(evlog_seal(lib_log, true) == EVLOG_SYSTEM, "half a block fits");
	setrlimit(RLIMIT_FSIZE, &saved);
	wait_fault(EVLOG_OK);
	ok(evlog_seal(lib_log, true) == EVLOG_OK && lib_close() == EVLOG_OK,
	    "then all of it");
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.received == 300 &&
		audit_count(&a, "g1 kind=write-error ") == 1,
	    "at the place where it belongs");
	audit_fini(&a);
	lib_end();
}

static void
test_sync(unsigned workers)
{
	uint32_t stream = begin(workers);
	uint64_t durable, size;
	struct audit a;

	evlog_seal(lib_log, true);
	durable = evlog_durable(lib_log);
	fail_errno = EIO;
	fail_step = "sync";
	lib_append(stream, 1000, "a");
	ok(evlog_seal(lib_log, true) == EVLOG_SYSTEM, "fsync fails");
	fail_step = NULL;
	lib_append(stream, 1000, "b");
	ok(evlog_seal(lib_log, true) == EVLOG_SYSTEM &&
		evlog_durable(lib_log) == durable,
	    "nothing is sealed after it, even if fsync says yes");
	size = evlog_size(lib_log);
	lib_pass(20000000);
	evlog_tick(lib_log);
	ok(evlog_size(lib_log) == size, "and no s1 written");
	ok(evlog_rotate(lib_log) == EVLOG_SYSTEM, "no rotation");
	ok(lib_close() == EVLOG_SYSTEM, "close says it too");
	audit_log(&a);
	ok(a.ok && a.received == 2 && a.sealed == durable,
	    "but collecting went on");
	audit_fini(&a);
	ok(lib_open() == EVLOG_OK && evlog_recovered(lib_log) == size &&
		lib_close() == EVLOG_OK,
	    "the next start finds it");
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.finals == 2, "and seals it");
	audit_fini(&a);
	lib_end();
}

static void
test_signer(unsigned workers)
{
	uint32_t stream = begin(workers);
	uint64_t durable;
	struct audit a;

	evlog_seal(lib_log, true);
	durable = evlog_durable(lib_log);
	gone = 1;
	lib_append(stream, 1000, "a");
	ok(evlog_seal(lib_log, true) == EVLOG_SIGNER &&
		evlog_fault(lib_log) == EVLOG_SIGNER,
	    "%u workers: the signer is gone", workers);
	ok(lib_append(stream, 1000, "b") == EVLOG_OK &&
		evlog_durable(lib_log) == durable,
	    "collecting goes on, unsealed");
	ok(evlog_tick(lib_log) <= 1000000, "it is asked again soon");
	gone = 0;
	lib_pass(1000000);
	while (evlog_durable(lib_log) < evlog_size(lib_log))
		give_way();
	ok(evlog_fault(lib_log) == EVLOG_OK, "it is back");
	gone_after = 1 + SIGN_SEAL;
	lib_append(stream, 1000, "c");
	ok(evlog_seal(lib_log, true) == EVLOG_SIGNER, "its answer is lost");
	lib_append(stream, 1000, "d");
	ok(evlog_seal(lib_log, true) == EVLOG_SIGNER, "and once more");
	gone_after = 0;
	ok(evlog_seal(lib_log, true) == EVLOG_OK, "then it signs on");
	ok(lib_close() == EVLOG_OK, "close");
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.received == 4, "audit");
	audit_fini(&a);
	lib_end();
}

static void
test_epoch(unsigned workers, enum sign_what lost)
{
	uint32_t stream = begin(workers);
	struct audit a;

	lib_append(stream, 1000, "a");
	gone_after = 1 + (int)lost;
	lib_pass(600000000);
	while (evlog_fault(lib_log) != EVLOG_SIGNER)
		give_way();
	lib_append(stream, 1000, "b");
	evlog_tick(lib_log);
	gone_after = 0;
	lib_pass(1000000);
	wait_fault(EVLOG_OK);
	ok(evlog_seal(lib_log, true) == EVLOG_OK && lib_close() == EVLOG_OK,
	    "%u workers: an epoch's end is brought to its end", workers);
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.finals == 2 &&
		audit_count(&a, "k1 epoch=1 ") == 1,
	    "one final seal each");
	audit_fini(&a);
	lib_end();
}

/*
 * A disk that is full as long as the reserve has all of its bytes, and has no
 * room to make it whole again.
 */
#define RESERVE (UINT64_C(1) << 20)
static _Atomic int disk_full;

static uint64_t
reserve_bytes(void)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/reserve", lib_dir);
	if (stat(path, &st) != 0 ||
	    (uint64_t)st.st_blocks * 512 < (uint64_t)st.st_size)
		return 0;
	return (uint64_t)st.st_size;
}

static int
fill_at(void *cookie, const char *name)
{
	(void)cookie;
	if (!disk_full)
		return 0;
	if (strcmp(name, "reserve") == 0)
		return disk_full;
	return strcmp(name, fail_step) == 0 && reserve_bytes() == RESERVE
	    ? disk_full
	    : 0;
}

static uint32_t
begin_reserve(unsigned workers, const char *step)
{
	uint32_t stream = begin(workers);

	lib_close();
	lib_opt.reserve = RESERVE;
	lib_opt.step = fill_at;
	fail_step = step;
	disk_full = 0;
	writable_n = 0;
	if (lib_open() != EVLOG_OK ||
	    evlog_stream(lib_log, SPAN(WORDS), &stream) != EVLOG_OK)
		abort();
	return stream;
}

/* A seal, the end of a segment and of an epoch, and the first of the next. */
static enum evlog_err
all_steps(void)
{
	uint32_t left = evlog_epochs_left(lib_log);

	lib_pass(600000000);
	evlog_rotate(lib_log);
	while (evlog_epochs_left(lib_log) == left)
		give_way();
	return evlog_seal(lib_log, true);
}

static bool
held_audit(uint64_t received)
{
	struct audit a;
	bool good;

	audit_log(&a);
	good = a.ok && a.sealed == a.records && a.received == received &&
	    audit_count(&a, " reserve=used") == 1 &&
	    audit_count(&a, " reserve=whole") == 0;
	audit_fini(&a);
	return good;
}

static void
test_reserve(unsigned workers, const char *step, int error)
{
	struct record gap = { .kind = RECORD_GAP, .body = SPAN("kind=test") };
	uint32_t stream = begin_reserve(workers, step);
	struct audit a;

	ok(reserve_bytes() == RESERVE, "%u workers, %s: a reserve", workers,
	    step);
	disk_full = error;
	lib_append(stream, 1000, "a");
	ok(all_steps() == EVLOG_OK,
	    "what was taken is sealed though the disk is full");
	ok(evlog_held(lib_log) && evlog_fault(lib_log) == EVLOG_FULL &&
		reserve_bytes() < RESERVE,
	    "by the reserve");
	ok(!evlog_writable(lib_log, 1) &&
		lib_append(stream, 1000, "b") == EVLOG_FULL,
	    "no more is taken");
	gap.rx = lib_wall;
	ok(evlog_append(lib_log, &gap, NULL) == EVLOG_OK &&
		evlog_seal(lib_log, true) == EVLOG_OK,
	    "but for what was lost");
	ok(held_audit(1), "that the disk is full is recorded and sealed");
	lib_pass(7000000);
	disk_full = 0;
	while (evlog_held(lib_log) || writable_n == 0)
		give_way();
	ok(reserve_bytes() == RESERVE && evlog_fault(lib_log) == EVLOG_OK,
	    "with room the reserve is whole again");
	ok(lib_append(stream, 1000, "c") == EVLOG_OK && lib_close() == EVLOG_OK,
	    "it goes on");
	audit_log(&a);
	ok(a.ok && a.received == 2 && a.sealed == a.records &&
		audit_count(&a, " reserve=used") == 1 &&
		audit_count(&a, " reserve=whole") == 1,
	    "and says since when nothing was taken");
	audit_fini(&a);
	lib_end();
}

/* The last seal and the next start have room as well. */
static void
test_reserve_end(unsigned workers, const char *step)
{
	uint32_t stream = begin_reserve(workers, step);
	struct audit a;

	lib_append(stream, 1000, "a");
	disk_full = ENOSPC;
	ok(lib_close() == EVLOG_OK && reserve_bytes() < RESERVE,
	    "%u workers, %s: a stop while the disk is full", workers, step);
	audit_log(&a);
	ok(a.ok && a.sealed == a.records && a.received == 1, "seals all");
	audit_fini(&a);
	ok(lib_open() == EVLOG_OK && lib_close() == EVLOG_OK,
	    "and it can start without a whole one");
	disk_full = 0;
	lib_opt.reserve = 0;
	ok(lib_open() == EVLOG_OK && reserve_bytes() == 0 &&
		lib_close() == EVLOG_OK,
	    "a reserve that is not wanted is removed");
	lib_end();
}

/* Not even the reserve was enough. */
static void
test_reserve_used_up(unsigned workers)
{
	uint32_t stream = begin_reserve(workers, "write");
	uint64_t unwritten;
	struct audit a;

	fail_errno = ENOSPC;
	lib_close();
	lib_opt.step = fail_at;
	fail_step = NULL;
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	evlog_seal(lib_log, true);
	fail_step = "write";
	lib_append(stream, 1000, "a");
	ok(evlog_seal(lib_log, true) == EVLOG_FULL && evlog_held(lib_log) &&
		reserve_bytes() == 0,
	    "%u workers: the reserve is used up", workers);
	fail_step = NULL;
	while (evlog_held(lib_log)) {
		lib_pass(1000000);
		give_way();
	}
	ok(reserve_bytes() == RESERVE, "it comes back");
	evlog_seal(lib_log, true);
	fail_step = "write";
	lib_append(stream, 1000, "b");
	lib_append(stream, 1000, "c");
	ok(evlog_end(lib_log, &unwritten) == EVLOG_FULL && unwritten >= 3,
	    "what the disk did not take at the end is counted");
	keyring_close(lib_keyring);
	audit_log(&a);
	ok(a.ok && a.received == 1 && a.sealed == a.records,
	    "and the rest is sealed");
	audit_fini(&a);
	lib_end();
}

/* The order that FORMAT.md, 8 demands, in what it says and where it is. */
static void
test_order(void)
{
	uint32_t stream = begin(0);

	buf_init(&order);
	evlog_close(lib_log);
	keyring_close(lib_keyring);
	lib_opt.step = note_step;
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	order.len = 0;
	evlog_seal(lib_log, true);
	ok(span_is(buf_view(&order),
	       " hash write sync sign checkpoint publish tiles"),
	    "a seal");
	lib_append(stream, 1000, "a");
	order.len = 0;
	lib_pass(600000000);
	evlog_tick(lib_log);
	ok(span_is(buf_view(&order),
	       " hash write sync sign checkpoint folder keep end epoch"
	       " publish tiles"),
	    "the end of an epoch");
	lib_append(stream, 1000, "b");
	order.len = 0;
	evlog_rotate(lib_log);
	ok(span_is(buf_view(&order),
	       " hash write sync sign checkpoint folder keep"
	       " publish tiles close close-sync tiles-sync manifest"),
	    "the end of a segment");
	lib_append(stream, 1000, "c");
	order.len = 0;
	evlog_seal(lib_log, true);
	ok(span_is(buf_view(&order),
	       " hash create write sync sign checkpoint publish tiles"),
	    "the start of the next");
	order.len = 0;
	lib_close();
	ok(span_is(buf_view(&order),
	       " hash write sync sign checkpoint folder keep end"
	       " publish tiles"),
	    "the end");
	buf_fini(&order);
	lib_end();
}

/* A record waits for the files that it speaks of. */
static void
test_files(unsigned workers)
{
	struct evlog_file file = { "tokens/000000000003-0123456789abcdef.tsr",
		SPAN("token") };
	struct record r = { .kind = RECORD_OPERATOR,
		.body = SPAN("uid=0 action=keep") };
	char path[192];
	struct audit a;

	(void)begin(workers);
	evlog_seal(lib_log, true);
	r.rx = lib_wall;
	snprintf(path, sizeof(path), "%s/%s", lib_dir, file.name);
	fail_errno = ENOSPC;
	fail_step = "files";
	ok(evlog_append_files(lib_log, &r, &file, 1, NULL) == EVLOG_OK &&
		evlog_seal(lib_log, true) == EVLOG_FULL &&
		access(path, F_OK) != 0,
	    "%u workers: a file that the disk does not take", workers);
	audit_log(&a);
	ok(a.ok && audit_count(&a, "action=keep") == 0,
	    "its record is not there either");
	audit_fini(&a);
	fail_step = NULL;
	wait_fault(EVLOG_OK);
	ok(evlog_seal(lib_log, true) == EVLOG_OK && access(path, F_OK) == 0 &&
		lib_close() == EVLOG_OK,
	    "then it does");
	audit_log(&a);
	ok(a.ok && audit_count(&a, "action=keep") == 1, "and both are");
	audit_fini(&a);
	lib_end();
}

int
main(void)
{
	static const char *const steps[] = { "create", "write", "checkpoint",
		"keep", "epoch", "close", "manifest" };
	unsigned workers;
	size_t i;

	test_order();
	for (workers = 0; workers <= 2; workers += 2) {
		test_full(workers, "write");
		test_full(workers, "checkpoint");
		test_files(workers);
		test_short(workers);
		test_sync(workers);
		test_signer(workers);
		test_epoch(workers, SIGN_END);
		test_epoch(workers, SIGN_BEGIN);
		for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			test_reserve(workers, steps[i], ENOSPC);
		test_reserve(workers, "write", EDQUOT);
		test_reserve_end(workers, "write");
		test_reserve_end(workers, "checkpoint");
		test_reserve_end(workers, "keep");
		test_reserve_used_up(workers);
	}
	return done();
}
