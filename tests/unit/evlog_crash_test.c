/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/io.h"
#include "evidence/evlog.h"
#include "tests/tap.h"
#include "tests/unit/evlog_lib.h"

/*
 * What a crash leaves: the writer is ended in a child before any step on the
 * disk, and segment files are cut at any byte; then the log is opened again.
 */
static unsigned step_n, step_end;
static const char *step_name;

static int
count_step(void *cookie, const char *name)
{
	(void)cookie;
	if (step_name != NULL ? strcmp(name, step_name) == 0
			      : ++step_n == step_end)
		_exit(7);
	return 0;
}

static void
copy(const char *from, const char *to)
{
	char command[512];

	snprintf(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", to,
	    from, to);
	if (system(command) != 0)
		abort();
}

static uint64_t
size_of(const char *file)
{
	char path[300];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%.180s", lib_dir, file);
	return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* Run work in a child, ended at a step; return its exit status. */
static int
in_child(void (*work)(int fd), int fd)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	if ((pid = fork()) == 0) {
		work(fd);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A sealed record, then records that a seal is to cover and never does. */
static void
leave_unsealed(int fd)
{
	uint32_t stream;
	unsigned i;

	(void)fd;
	lib_opt.step = count_step;
	step_end = 0;
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	lib_append(stream, 1000, "sealed");
	evlog_seal(lib_log, true);
	for (i = 0; i < 3; i++)
		lib_append(stream, 1000, "not sealed");
	step_name = "sync";
	evlog_seal(lib_log, true);
}

/* Flip the byte at that place of a file below the log. */
static void
flip(const char *file, uint64_t at)
{
	char path[200];
	uint8_t byte;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", lib_dir, file);
	if ((fd = open(path, O_RDWR)) < 0 ||
	    pread(fd, &byte, 1, (off_t)at) != 1)
		abort();
	byte ^= 1;
	if (pwrite(fd, &byte, 1, (off_t)at) != 1)
		abort();
	close(fd);
}

/* Files in quarantine/, and the bytes in them. */
static uint64_t
quarantine(unsigned *n)
{
	char path[200];
	uint64_t len = 0;
	struct dirent *de;
	DIR *d;

	*n = 0;
	snprintf(path, sizeof(path), "%s/quarantine", lib_dir);
	d = opendir(path);
	while (d != NULL && (de = readdir(d)) != NULL) {
		if (de->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "quarantine/%.100s", de->d_name);
		len += size_of(path);
		++*n;
	}
	closedir(d);
	return len;
}

static char saved_log[128], saved_keys[128];

static void
save(void)
{
	snprintf(saved_log, sizeof(saved_log), "%s/saved", lib_base);
	snprintf(saved_keys, sizeof(saved_keys), "%s/saved-keys", lib_base);
	copy(lib_dir, saved_log);
	copy(lib_keys, saved_keys);
}

static void
restore(void)
{
	copy(saved_log, lib_dir);
	copy(saved_keys, lib_keys);
}

/* With the file cut at `at`; sealed records end at `signed_len`. */
static bool
goes_on(uint64_t at, uint64_t signed_len, uint64_t full, uint64_t sealed)
{
	uint64_t found = at == full ? sealed + 4 : sealed;
	bool good = evlog_recovered(lib_log) == found;
	struct audit a;
	unsigned n;

	good = lib_close() == EVLOG_OK && good;
	audit_log(&a);
	good = good && a.ok && a.sealed == a.records && a.finals == 2 &&
	    a.received == (at == full ? 4u : 1u) &&
	    audit_count(&a, " unsealed=- ") == (at == full ? 1u : 2u) &&
	    audit_count(&a, "kind=torn-tail ") ==
		(at == full || at == signed_len ? 0u : 1u);
	audit_fini(&a);
	if (at == full || at == signed_len)
		return good && quarantine(&n) == 0;
	return good && quarantine(&n) == at - signed_len && n == 1;
}

/*
 * Flip a bit of what is signed.  A few bits pad a flush to a whole byte and
 * mean nothing: then all records must be what they were.
 */
static void
test_flips(const char *file, uint64_t signed_len)
{
	unsigned flips = 0, breaks = 0;
	bool good = true;
	struct audit a;
	uint64_t at;

	for (at = 0; good && at < signed_len; at += 7) {
		restore();
		flip(file, at);
		flips++;
		if (lib_open() != EVLOG_OK) { /* a break, or a bad log */
			breaks++;
			continue;
		}
		lib_close();
		audit_log(&a);
		good = a.ok && a.received == 4;
		audit_fini(&a);
	}
	ok(good && breaks + 3 >= flips, "a flipped bit is found (%u of %u)",
	    breaks, flips);
}

/* Cut the file at every byte behind what was signed, and before it. */
static void
test_torn(void)
{
	uint64_t full, at, sealed, signed_len;
	char file[MANIFEST_FILE], path[200];
	bool good = true;
	struct audit a;
	unsigned n;

	lib_begin();
	in_child(leave_unsealed, -1);
	audit_log(&a);
	ok(a.ok && a.records == a.sealed + 4 && a.received == 4,
	    "a crash leaves unsealed records");
	sealed = a.sealed;
	memcpy(file, a.last_file, sizeof(file));
	audit_fini(&a);
	full = size_of(file);
	save();
	snprintf(path, sizeof(path), "%s/%s", lib_dir, file);
	for (signed_len = full; signed_len > 0; signed_len--) {
		restore();
		if (truncate(path, (off_t)signed_len - 1) != 0)
			abort();
		if (lib_open() == EVLOG_BREAK)
			break;
		lib_close();
	}
	ok(signed_len > 0 && signed_len < full, "%llu bytes are signed",
	    (unsigned long long)signed_len);
	ok(size_of(file) == signed_len - 1 && quarantine(&n) == 0,
	    "after a break nothing is changed");
	for (at = signed_len; good && at <= full; at++) {
		restore();
		if (truncate(path, (off_t)at) != 0)
			abort();
		good = lib_open() == EVLOG_OK &&
		    goes_on(at, signed_len, full, sealed);
	}
	ok(good, "cut at each of %llu bytes it goes on (%llu)",
	    (unsigned long long)(full - signed_len + 1),
	    (unsigned long long)(at - 1));
	for (at = 0; at < signed_len; at += signed_len / 16) {
		restore();
		if (truncate(path, (off_t)at) != 0)
			abort();
		good = good && lib_open() == EVLOG_BREAK;
	}
	ok(good, "cut before that it is a break");
	test_flips(file, signed_len);
	restore();
	copy(lib_dir, saved_log); /* the log is newer than the keys */
	lib_open();
	lib_close();
	copy(saved_keys, lib_keys);
	ok(lib_open() == EVLOG_BREAK, "keys that were set back");
	lib_end();
}

/* A member that ended, and one that a seal was to cover. */
static void
leave_members(int fd)
{
	char line[64];
	uint32_t stream;
	unsigned i;

	(void)fd;
	lib_opt.step = count_step;
	step_end = 0;
	lib_open();
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	for (i = 0; i < 5000; i++) {
		snprintf(line, sizeof(line), "%050u", i * i);
		lib_append(stream, 1000, line);
	}
	step_name = "sync";
	evlog_seal(lib_log, true);
}

/* A member's end is such a place too, though no flush stands there. */
static void
test_members(void)
{
	char path[200], file[MANIFEST_FILE];
	struct audit a;
	uint64_t found;

	lib_begin();
	in_child(leave_members, -1);
	audit_log(&a);
	ok(a.ok && a.received == 5000, "a crash leaves two members");
	memcpy(file, a.last_file, sizeof(file));
	audit_fini(&a);
	snprintf(path, sizeof(path), "%s/%s", lib_dir, file);
	if (truncate(path, (off_t)size_of(file) - 1) != 0)
		abort();
	ok(lib_open() == EVLOG_OK, "cut in the second");
	found = evlog_recovered(lib_log);
	ok(found > 3000 && found < 5000, "the first is whole (%llu records)",
	    (unsigned long long)found);
	lib_close();
	audit_log(&a);
	ok(a.ok && a.sealed == a.records &&
		audit_count(&a, "kind=torn-tail ") == 1,
	    "audit");
	audit_fini(&a);
	lib_end();
}

/* Tell the test what was durable: nothing of that may be missing. */
static void
durable(int fd)
{
	uint64_t size = evlog_durable(lib_log);

	if (write(fd, &size, sizeof(size)) != sizeof(size))
		_exit(1);
}

static void
whole_life(int fd)
{
	uint32_t stream;

	lib_opt.step = count_step;
	if (lib_open() != EVLOG_OK)
		_exit(1);
	durable(fd);
	evlog_stream(lib_log, SPAN(WORDS), &stream);
	lib_append(stream, 1000, "a");
	if (evlog_seal(lib_log, true) != EVLOG_OK)
		_exit(1);
	durable(fd);
	lib_append(stream, 1001, "b");
	evlog_rotate(lib_log);
	durable(fd);
	lib_append(stream, 1001, "c");
	lib_pass(600000000);
	evlog_tick(lib_log);
	evlog_tick(lib_log);
	durable(fd);
	lib_append(stream, 1001, "d");
	lib_pass(3600000000);
	evlog_tick(lib_log);
	durable(fd);
	lib_append(stream, 1001, "e");
	if (lib_close() != EVLOG_OK)
		_exit(1);
}

/* End it before its n-th step, open again; twice, so that recovery is too. */
static void
test_killed(void)
{
	uint64_t size, least;
	unsigned again, kills = 0, bad = 0;
	struct audit a;
	int pipes[2], rc;

	for (step_end = 1, rc = 7; rc == 7; step_end++) {
		lib_begin();
		least = 0;
		for (again = 0; again < 3; again++) {
			if (pipe(pipes) != 0)
				abort();
			step_name = NULL;
			step_n = 0;
			rc = in_child(whole_life, pipes[1]);
			close(pipes[1]);
			while (
			    read(pipes[0], &size, sizeof(size)) == sizeof(size))
				least = size > least ? size : least;
			close(pipes[0]);
			kills += rc == 7;
			bad += rc != 7 && rc != 0;
			lib_pass(5000000000); /* more than in the child */
		}
		lib_opt.step = NULL;
		bad += lib_open() != EVLOG_OK;
		bad += evlog_recovered(lib_log) < least;
		bad += lib_close() != EVLOG_OK;
		audit_log(&a);
		bad += !a.ok || a.sealed != a.records;
		if (bad > 0)
			printf("# step %u\n%s\n", step_end, buf_cstr(&a.text));
		audit_fini(&a);
		lib_end();
		if (bad > 0)
			break;
	}
	ok(bad == 0 && rc == 0 && kills > 50,
	    "killed before each of %u steps: nothing durable is lost", kills);
}

int
main(void)
{
	test_torn();
	test_members();
	test_killed();
	return done();
}
