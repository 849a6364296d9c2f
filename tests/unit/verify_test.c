/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/verify.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "tests/tap.h"
#include "tests/unit/verify_build.h"

static const struct {
	enum wrong wrong;
	const char *name;
	enum verify_verdict want;
	const char *file; /* a part of its name */
	const char *what; /* a part of the sentence */
} rows[] = {
#define ROW(id, name, want, file, what) { id, name, VERIFY_##want, file, what },
#include "tests/unit/verify_test_tbl.h"
#undef ROW
};

static void
check(struct forge *f, struct verify_result *r, unsigned jobs,
    const char *anchor)
{
	char pin[128];
	struct verify_options opt = { .dir = f->dir,
		.pin = pin,
		.anchor = { anchor },
		.jobs = jobs };

	snprintf(pin, sizeof(pin), "%s/pin", f->base);
	verify_log(&opt, r);
}

/* The description of the log, kept outside from the start. */
static void
pin(struct forge *f)
{
	struct buf b;

	buf_init(&b);
	logfile_print(&f->log, &b);
	forge_write(f, "../pin", buf_view(&b), false);
	buf_fini(&b);
}

/* Long ago, so that nobody waits for a writer. */
static void
age(struct forge *f)
{
	const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };

	utimensat(AT_FDCWD, forge_path(f, f->m.file), old, 0);
}

static void
test_rules(void)
{
	struct verify_result r, s;
	struct forge f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		verify_build(&f, rows[i].wrong);
		pin(&f);
		age(&f);
		check(&f, &r, 1, NULL);
		check(&f, &s, 3, NULL);
		ok(r.verdict == rows[i].want &&
			strstr(r.bad_file, rows[i].file) != NULL &&
			strstr(r.bad_what, rows[i].what) != NULL,
		    "%s", rows[i].name);
		if (r.verdict != rows[i].want ||
		    strstr(r.bad_what, rows[i].what) == NULL)
			printf("# %d %s: %s\n", (int)r.verdict, r.bad_file,
			    r.bad_what);
		ok(r.verdict == s.verdict && r.bad_index == s.bad_index &&
			strcmp(r.bad_what, s.bad_what) == 0 && r.size == s.size,
		    "the same by three processes");
		forge_end(&f);
	}
}

static void
expect(struct forge *f, const char *name, enum verify_verdict want,
    const char *file, const char *what, const char *anchor)
{
	struct verify_result r;

	age(f);
	check(f, &r, 1, anchor);
	ok(r.verdict == want && strstr(r.bad_file, file) != NULL &&
		strstr(r.bad_what, what) != NULL,
	    "%s", name);
	if (r.verdict != want || strstr(r.bad_what, what) == NULL ||
	    strstr(r.bad_file, file) == NULL)
		printf("# %d %s: %s\n", (int)r.verdict, r.bad_file, r.bad_what);
}

/* What somebody can do to the files of a sound log. */
static const struct {
	const char *done, *name;
	enum verify_verdict want;
	const char *file, *what;
} files[] = {
#define ROW(done, name, want, file, what)                                      \
	{ done, name, VERIFY_##want, file, what },
#include "tests/unit/verify_file_tbl.h"
#undef ROW
};

static void
test_files(void)
{
	char command[512];
	struct forge f;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		verify_build(&f, NOTHING);
		pin(&f);
		snprintf(command, sizeof(command),
		    "D=segments/2024-11-20 N=segments/2024-11-21; "
		    "A=$D/000000000000.ev1.gz B=$D/000000000009.ev1.gz; "
		    "cd %s && { %s; }",
		    f.dir, files[i].done);
		if (system(command) != 0)
			printf("# failed: %s\n", files[i].done);
		expect(&f, files[i].name, files[i].want, files[i].file,
		    files[i].what, NULL);
		forge_end(&f);
	}
}

/* Three lines kept outside: what they exclude, and what not. */
static void
test_anchor(void)
{
	struct verify_result r;
	struct forge f;
	char path[160];

	verify_build(&f, NOTHING);
	pin(&f);
	snprintf(path, sizeof(path), "%s/anchor", f.base);
	forge_checkpoint(&f, "../anchor", f.index, f.last.root, 1);
	expect(&f, "an anchor of the newest size", VERIFY_INTACT, "", "", path);
	check(&f, &r, 1, path);
	ok(r.anchored, "is said");
	forge_checkpoint(&f, "../anchor", f.index + 1, f.last.root, 1);
	expect(&f, "a log rolled back", VERIFY_TAMPERED, "checkpoint",
	    "rolled back or cut", path);
	forge_checkpoint(&f, "../anchor", 9, verify_other, 0);
	expect(&f, "a fork", VERIFY_TAMPERED, "anchor", "another root", path);
	forge_checkpoint(&f, "../anchor", 5, verify_other, 0);
	expect(&f, "a fork at no seal", VERIFY_TAMPERED, "anchor",
	    "another root", path);
	forge_write(&f, "../anchor", SPAN("test.example/other\n9\nx\n"), false);
	expect(&f, "no checkpoint", VERIFY_IMPOSSIBLE, "anchor", "three lines",
	    path);
	forge_end(&f);
}

static void
test_tail(void)
{
	struct verify_result r;
	struct forge f;

	verify_build(&f, NOTHING);
	pin(&f);
	forge_record(&f, RECORD_RECEIVED, FORGE_T0 + 5 * FORGE_S, 1, "five");
	forge_flush(&f, false);
	age(&f);
	check(&f, &r, 1, NULL);
	ok(r.verdict == VERIFY_INCOMPLETE && r.unsealed == 1 &&
		r.size == f.index - 1 && r.bad_index == f.index - 1,
	    "an unsealed record is received, not proved");
	forge_write(&f, f.m.file, SPAN("torn"), true);
	age(&f);
	check(&f, &r, 1, NULL);
	ok(r.verdict == VERIFY_INCOMPLETE && r.unsealed == 1,
	    "with a torn write behind it");
	forge_end(&f);
}

/* A writer at work: the checkpoint grows when it is read a second time. */
struct writer {
	struct forge *f;
	int reads; /* inotify: the checkpoint was read */
};

static void *
grow(void *arg)
{
	struct writer *w = arg;
	struct forge_seal s = { .wall = FORGE_T0 + 6 * FORGE_S,
		.mono = 60,
		.epoch = 1 };
	struct inotify_event event;

	for (int i = 0; i < 2; i++)
		if (poll(&(struct pollfd){ w->reads, POLLIN, 0 }, 1, 10000) !=
			1 ||
		    read(w->reads, &event, sizeof(event)) <= 0)
			return NULL;
	forge_seal(w->f, &s);
	return NULL;
}

static void
test_live(void)
{
	struct verify_result r;
	struct forge f;
	struct writer w = { &f, inotify_init() };
	char path[sizeof(f.dir) + sizeof("/checkpoint")];
	uint64_t size;
	pthread_t t;

	verify_build(&f, NOTHING);
	pin(&f);
	size = f.index;
	forge_record(&f, RECORD_RECEIVED, FORGE_T0 + 5 * FORGE_S, 1, "five");
	forge_flush(&f, false);
	snprintf(path, sizeof(path), "%s/checkpoint", f.dir);
	if (inotify_add_watch(w.reads, path, IN_CLOSE_NOWRITE) < 0 ||
	    pthread_create(&t, NULL, grow, &w) != 0)
		abort();
	check(&f, &r, 1, NULL);
	pthread_join(t, NULL);
	close(w.reads);
	ok(r.verdict == VERIFY_INTACT && r.live && r.size == size,
	    "a log that is being written is proved as of its checkpoint");
	check(&f, &r, 1, NULL);
	ok(r.verdict == VERIFY_INTACT && !r.live && r.size == f.index,
	    "and then as of the next");
	forge_end(&f);
}

/*
 * A body changed between two seals: nobody can say which record it was, so
 * all of them are named, and the place is that of the first.
 */
static const struct {
	enum wrong wrong;
	const char *name, *file;
	uint64_t index, time;
	const char *what, *ja;
} changes[] = {
	{ BODY_TWO, "a seal", "/000000000000.ev1.gz", 6, FORGE_T0 + FORGE_S,
	    "the seal of record 8 names another checkpoint before it: one of "
	    "the records 6 to 7 was changed, or that seal",
	    "記録6〜7のいずれかが変更されています" },
	{ BODY_THREE, "a kept checkpoint", "/000000000009.ev1.gz", 9, FORGE_T0,
	    "the root of checkpoints/000000000013: one of the records 9 to 12 "
	    "was changed",
	    "記録9〜12のいずれかが変更されています" },
	{ BODY_FOUR, "the newest checkpoint", "/000000000009.ev1.gz", 13,
	    FORGE_T0 + 5 * FORGE_S,
	    "the root of checkpoint: one of the records 13 to 15 was changed",
	    "記録13〜15のいずれかが変更されています" },
};

static void
test_changes(void)
{
	struct verify_result r, s;
	struct forge f;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		verify_build(&f, changes[i].wrong);
		pin(&f);
		age(&f);
		check(&f, &r, 1, NULL);
		ok(r.verdict == VERIFY_TAMPERED &&
			strstr(r.bad_file, changes[i].file) != NULL &&
			r.bad_index == changes[i].index &&
			r.bad_time == changes[i].time &&
			r.bad_offset != UINT64_MAX &&
			strstr(r.bad_what, changes[i].what) != NULL,
		    "a change found at %s: the interval", changes[i].name);
		printf("# %s, record %d: %s\n", r.bad_file, (int)r.bad_index,
		    r.bad_what);
		verify_set_lang("ja");
		check(&f, &s, 3, NULL);
		verify_set_lang("en");
		ok(s.bad_index == r.bad_index && s.bad_time == r.bad_time &&
			s.bad_offset == r.bad_offset &&
			strstr(s.bad_what, changes[i].ja) != NULL,
		    "by three processes, in Japanese");
		forge_end(&f);
	}
}

/* A segment that is not there: deleted, as a later record says, or lost. */
static void
test_deleted(void)
{
	struct verify_result r;
	struct forge f;

	for (int i = 0; i < 2; i++) {
		verify_build(&f, i == 0 ? DELETION : DELETION_OTHER);
		pin(&f);
		unlink(
		    forge_path(&f, "segments/2024-11-20/000000000000.ev1.gz"));
		age(&f);
		check(&f, &r, 2, NULL);
		ok(i == 0 ? r.verdict == VERIFY_INTACT &&
			    r.deleted_records == 9 && r.n_deleted == 1 &&
			    r.deleted[0].last == 8 &&
			    strcmp(r.deleted[0].basis, "the law") == 0 &&
			    r.size == f.index
			  : r.verdict == VERIFY_TAMPERED && r.size == 0 &&
			    r.bad_index == 0,
		    "%s",
		    i == 0 ? "a deletion that a record accounts for"
			   : "a record of another deletion");
		if (i == 0)
			forge_write(&f, "manifests/000000000000",
			    SPAN("evman1 x\n"), false);
		else
			unlink(forge_path(&f, "manifests/000000000000"));
		check(&f, &r, 1, NULL);
		ok(r.verdict == VERIFY_TAMPERED, "its manifest must be here");
		forge_end(&f);
	}
	verify_build(&f, DELETION_OTHER);
	pin(&f);
	unlink(forge_path(&f, "segments/2024-11-20/000000000000.ev1.gz"));
	forge_record(&f, RECORD_SEGMENT, FORGE_T0 + 6 * FORGE_S, 0, "bad");
	forge_flush(&f, false);
	expect(&f, "a bad record behind the last seal hides no loss",
	    VERIFY_TAMPERED, "segments", "record 0 is missing", NULL);
	forge_end(&f);
}

/* A cosignature: named by a w1, and asked for by a policy from outside. */
static void
test_cosigned(void)
{
	struct verify_options opt = { 0 };
	struct verify_result r;
	struct forge f;
	char path[256], policy[256], text[512];

	verify_build(&f, COSIGNED);
	pin(&f);
	age(&f);
	snprintf(path, sizeof(path), "%s",
	    forge_path(&f, "checkpoints/000000000009"));
	snprintf(policy, sizeof(policy), "%s/policy", f.base);
	snprintf(text, sizeof(text), "witness w %s\nquorum w\n",
	    verify_witness);
	forge_write(&f, "../policy", span_str(text), false);
	opt.dir = f.dir;
	opt.policy = policy;
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_INTACT && r.policed && r.witnessed_size == 9 &&
		r.witnessed_time == UINT64_C(1732060900000000),
	    "the log has a checkpoint that the quorum cosigned");
	opt.anchor[0] = path;
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_INTACT && r.anchored && r.anchor_size == 9 &&
		r.anchor_time == UINT64_C(1732060900000000),
	    "a cosigned note is an anchor of its time");
	snprintf(path, sizeof(path), "%s", forge_path(&f, "checkpoint"));
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_IMPOSSIBLE, "not a note that it did not sign");
	text[10 + 16] ^= 1;
	forge_write(&f, "../policy", span_str(text), false);
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_IMPOSSIBLE, "nor with a key that is none");
	forge_end(&f);
	verify_build(&f, NOTHING);
	text[10 + 16] ^= 1;
	forge_write(&f, "../policy", span_str(text), false);
	snprintf(policy, sizeof(policy), "%s/policy", f.base);
	opt = (struct verify_options){ .dir = f.dir, .policy = policy };
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_INCOMPLETE && r.witnessed_size == 0,
	    "a quorum that never met");
	forge_end(&f);
	verify_build(&f, SUCCESSOR);
	opt = (struct verify_options){ .dir = f.dir };
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_INTACT && r.breaks == 1 &&
		strcmp(r.successor, "test.example/next") == 0 &&
		strcmp(r.successor_pin, "0123") == 0,
	    "the log that follows is named");
	forge_end(&f);
}

/* The file `predecessor` and what the first b1 says. */
static void
test_predecessor(void)
{
	static const char good[] =
	    "ev1 predecessor\norigin test.example/before\nwhy rekey\nuid 0\n"
	    "at 1732060800000000\nsize 5\nroot "
	    "abababababababababababababababababababababababababababababababab"
	    "\nfound=the%20keys%20were%20seen\n";
	static const struct {
		const char *name, *command;
		enum verify_verdict want;
	} cases[] = {
		{ "as the first b1 says", "true", VERIFY_INTACT },
		{ "there is none", "rm predecessor", VERIFY_INTACT },
		{ "another size", "sed -i 's/^size 5/size 6/' predecessor",
		    VERIFY_TAMPERED },
		{ "another log", "sed -i s/before/after/ predecessor",
		    VERIFY_TAMPERED },
		{ "another root", "sed -i s/abab/acab/ predecessor",
		    VERIFY_TAMPERED },
		{ "another reason", "sed -i s/rekey/break/ predecessor",
		    VERIFY_TAMPERED },
		{ "no reason", "sed -i s/rekey/whim/ predecessor",
		    VERIFY_TAMPERED },
		{ "a word that is none", "sed -i 's/%20/ /' predecessor",
		    VERIFY_TAMPERED },
		{ "a line too many", "echo >>predecessor", VERIFY_TAMPERED },
	};
	char command[256];
	struct forge f;

	for (size_t i = 0; i <= sizeof(cases) / sizeof(cases[0]); i++) {
		bool other = i == sizeof(cases) / sizeof(cases[0]);

		verify_build(&f, other ? NOTHING : FOLLOWS);
		pin(&f);
		forge_write(&f, "predecessor", span_str(good), false);
		snprintf(command, sizeof(command), "cd %s && %s", f.dir,
		    other ? "true" : cases[i].command);
		if (system(command) != 0)
			printf("# failed: %s\n", command);
		expect(&f, other ? "a log that follows none" : cases[i].name,
		    other ? VERIFY_TAMPERED : cases[i].want,
		    other || cases[i].want != VERIFY_INTACT ? "predecessor"
							    : "",
		    "", NULL);
		forge_end(&f);
	}
}

static void
report(const struct verify_result *r,
    void (*print)(const struct verify_result *, FILE *), char **out)
{
	size_t len;
	FILE *f;

	free(*out);
	if ((f = open_memstream(out, &len)) == NULL)
		abort();
	print(r, f);
	fclose(f);
}

static void
test_report(void)
{
	struct verify_result r;
	struct forge f;
	char *out = NULL;

	verify_build(&f, RECORD_LATE);
	pin(&f);
	check(&f, &r, 1, NULL);
	report(&r, verify_report_text, &out);
	ok(strstr(out, "TAMPERED: test.example/forged") != NULL &&
		strstr(out, "record 11") != NULL &&
		strstr(out, "2024-11-20T00:00:07Z") != NULL &&
		strstr(out, "up to record 8") != NULL &&
		strstr(out, "no outside anchor") != NULL,
	    "the report names record, time and what is proved");
	report(&r, verify_report_json, &out);
	ok(strstr(out, "\"verdict\":\"tampered\"") != NULL &&
		strstr(out, "\"record\":11") != NULL &&
		strstr(out, "\"size\":9") != NULL,
	    "so does JSON");
	ok(strstr(out,
	       "\"proved\":[\"proved complete up to record 8, "
	       "sealed 2024-11-20T00:00:03Z, epoch 0\",\"root ") != NULL &&
		strstr(out, "\"not_proved\":[\"no outside anchor: ") != NULL &&
		strstr(out, "\"not proved: that a device told") != NULL,
	    "and says what is proved, and what not");
	verify_set_lang("ja");
	report(&r, verify_report_text, &out);
	ok(strstr(out, "改ざんあり") != NULL, "and Japanese");
	report(&r, verify_report_json, &out);
	ok(strstr(out, "\"lang\":\"ja\",\"verdict_text\":\"改ざんあり\"") !=
		    NULL &&
		strstr(out, "\"proved\":[\"記録8まで") != NULL &&
		strstr(out, "\"not_proved\":[\"外部アンカーなし") != NULL,
	    "also as JSON");
	verify_set_lang("en");
	forge_end(&f);
	free(out);
}

int
main(void)
{
	verify_set_lang("en");
	test_rules();
	test_files();
	test_anchor();
	test_tail();
	test_live();
	test_changes();
	test_deleted();
	test_cosigned();
	test_predecessor();
	test_report();
	return done();
}
