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

#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "tests/tap.h"
#include "tests/unit/forge.h"

/*
 * A log of two segments and two epochs, in which one thing at a time is not
 * as it must be: `wrong` says which.  Everything else is right and signed.
 */
enum wrong {
	NOTHING,
	SEAL_PREVIOUS,
	SEAL_UNSIGNED, /* one seal got no checkpoint: allowed */
	SEAL_WALL_BACK,
	SEAL_WALL_BACK_STEP, /* with a g1 clock-step: allowed */
	SEAL_WALL_BACK_BOOT, /* with a b1: allowed */
	SEAL_MONO_BACK,
	SEAL_EPOCH,
	RECORD_4_EARLY, /* allowed */
	RECORD_6_EARLY,
	RECORD_6_EARLY_FULL, /* behind a g1 disk-full: allowed */
	RECORD_LATE,
	STREAM_SKIP,
	STREAM_AGAIN,
	STREAM_BOOT, /* begins anew behind a b1: allowed */
	FINAL_MISSING,
	FINAL_TWICE,
	FINAL_TWICE_UNSIGNED, /* the first got no checkpoint: allowed */
	FINAL_NOT_KEPT,
	EPOCH_FOREIGN,
	EPOCH_BACK,
	EPOCH_AGAIN, /* behind a b1: allowed */
	EPOCH_NO_LINE,
	LINK_PREVIOUS,
	LINK_TWICE,
	SEGMENT_NUMBER,
	SEGMENT_FIRST,
	MANIFEST_NONE,
	KEPT_WRONG,
	NEWEST_NO_SEAL,
	NEWEST_ROOT,
	NEWEST_EPOCH,
	BODY_TWO, /* the body of that record is another than was sealed */
	BODY_THREE,
	BODY_FOUR,
	DELETION, /* of the first segment, whose file is removed */
	DELETION_OTHER,
	COSIGNED, /* the first kept checkpoint, and a w1 says so */
	COSIGNED_OTHER,
	TOKEN_NONE, /* a t1 of a token that is not there */
	SUCCESSOR,
};

static char witness[256]; /* its verifier key */
static const uint8_t other[SHA256_LEN] = { 1, 2, 3 };

/* Change the body just written: deflated and summed anew it is well formed. */
static void
change(struct forge *f)
{
	f->member.p[f->member.len - 2] ^= 1;
}

static void
build_first(struct forge *f, enum wrong w)
{
	struct forge_seal s = { .wall = FORGE_T0 + FORGE_S, .mono = 10 };

	forge_segment(f, 0, 0, NULL);
	forge_record(f, RECORD_BOOT, FORGE_T0, 0, "boot=b0");
	forge_epoch(f, FORGE_T0, &f->epoch[0], true);
	forge_stream(f, FORGE_T0, 1, 0);
	forge_record(f, RECORD_RECEIVED, FORGE_T0, 1, "one");
	forge_seal(f, &s);
	forge_record(f, RECORD_RECEIVED, FORGE_T0 + FORGE_S, 1, "two");
	if (w == BODY_TWO)
		change(f);
	s.wall += FORGE_S;
	s.mono += 10;
	s.unsigned_ = w == SEAL_UNSIGNED;
	s.previous = w == SEAL_PREVIOUS ? other : NULL;
	if (w == SEAL_WALL_BACK_STEP)
		forge_record(f, RECORD_GAP, s.wall, 0, "kind=clock-step");
	if (w == SEAL_WALL_BACK_BOOT)
		forge_record(f, RECORD_BOOT, s.wall, 0, "boot=b0");
	if (w == SEAL_WALL_BACK || w == SEAL_WALL_BACK_STEP ||
	    w == SEAL_WALL_BACK_BOOT)
		s.wall -= 3 * FORGE_S;
	if (w == SEAL_MONO_BACK)
		s.mono = 5;
	s.epoch = w == SEAL_EPOCH ? 1 : 0;
	forge_seal(f, &s);
	s = (struct forge_seal){ .wall = FORGE_T0 + 3 * FORGE_S,
		.mono = 30,
		.keep = true };
	forge_seal(f, &s);
	forge_close(f, w != MANIFEST_NONE);
}

/* "— witness.example+... <base64>" below the kept checkpoint of size 9. */
static void
cosign(struct forge *f, struct buf *line)
{
	uint8_t seed[KEY_LEN] = { 77 }, key[KEY_LEN], bytes[4 + 8 + 64] = { 0 };
	uint8_t vkey[1 + KEY_LEN];
	char base64[sizeof(bytes) * 2];
	struct buf note, text;
	struct span lines;

	buf_init(&note);
	buf_init(&text);
	io_read_file(forge_path(f, "checkpoints/000000000009"), 65536, &note);
	lines = span_sub(buf_view(&note), 0,
	    (size_t)((const uint8_t *)strstr(buf_cstr(&note), "\n\n") + 1 -
		note.p));
	buf_printf(&text, "cosignature/v1\ntime 1732060900\n%.*s",
	    (int)lines.len, (const char *)lines.p);
	bytes[8] = 1732060900u >> 24;
	bytes[9] = 1732060900u >> 16 & 255;
	bytes[10] = 1732060900u >> 8 & 255;
	bytes[11] = 1732060900u & 255;
	if (key_public(seed, key) != 0 ||
	    key_sign(seed, buf_view(&text), bytes + 12) != 0)
		abort();
	text.len = 0;
	buf_printf(&text, "witness.example\n%c", 4);
	buf_append(&text, key, KEY_LEN);
	sha256(buf_view(&text), vkey);
	memcpy(bytes, vkey, 4);
	snprintf(witness, sizeof(witness), "witness.example+%02x%02x%02x%02x+",
	    bytes[0], bytes[1], bytes[2], bytes[3]);
	vkey[0] = 4; /* a cosigner */
	memcpy(vkey + 1, key, KEY_LEN);
	base64_print(vkey, sizeof(vkey), witness + strlen(witness));
	base64_print(bytes, sizeof(bytes), base64);
	buf_printf(line, "\xe2\x80\x94 witness.example %.*s\n",
	    (int)base64_len(sizeof(bytes)), base64);
	forge_write(f, "checkpoints/000000000009", buf_view(line), true);
	buf_fini(&note);
	buf_fini(&text);
}

/* Records of what others signed, and of what was deleted. */
static void
build_anchors(struct forge *f, enum wrong w, uint64_t t)
{
	char body[512], hex[2 * SHA256_LEN + 1] = "";
	uint8_t hash[SHA256_LEN];
	struct buf line;

	buf_init(&line);
	hex_print(w == DELETION ? f->manifest : other, SHA256_LEN, hex);
	snprintf(body, sizeof(body),
	    "segment=0 first=0 last=8 manifest=%s basis=the%%20law by=a "
	    "and=b",
	    hex);
	if (w == DELETION || w == DELETION_OTHER)
		forge_record(f, RECORD_DELETION, t, 0, body);
	if (w == COSIGNED || w == COSIGNED_OTHER) {
		cosign(f, &line);
		sha256(buf_view(&line), hash);
		hash[0] ^= w == COSIGNED_OTHER;
		hex_print(hash, SHA256_LEN, hex);
		snprintf(body, sizeof(body),
		    "size=9 time=1732060900 "
		    "name=witness.example key=00000000 sha256=%s",
		    hex);
		forge_record(f, RECORD_COSIGNATURE, t, 0, body);
	}
	snprintf(body, sizeof(body), "size=9 sha256=%s time=1 tsa=x policy=1.2",
	    hex);
	if (w == TOKEN_NONE)
		forge_record(f, RECORD_TOKEN, t, 0, body);
	if (w == SUCCESSOR) {
		forge_record(f, RECORD_GAP, t, 0, "kind=log-break");
		forge_record(f, RECORD_OPERATOR, t, 0,
		    "uid=0 action=successor origin=test.example/next");
	}
	buf_fini(&line);
}

/* Records of the second segment, up to the end of epoch 0. */
static void
build_records(struct forge *f, enum wrong w)
{
	uint64_t t = FORGE_T0 + 3 * FORGE_S, next = 2;

	if (w == LINK_TWICE)
		forge_record(f, RECORD_SEGMENT, t, 0,
		    "segment=1 previous=0000000000000000000000000000000000000"
		    "000000000000000000000000000");
	if (w == STREAM_BOOT)
		forge_record(f, RECORD_BOOT, t, 0, "boot=b0");
	if (w == STREAM_SKIP)
		next = 3;
	if (w == STREAM_AGAIN || w == STREAM_BOOT || w == SEAL_WALL_BACK_BOOT)
		next = 0;
	forge_stream(f, t, 1, next);
	if (w == RECORD_6_EARLY_FULL)
		forge_record(f, RECORD_GAP, t, 0, "kind=disk-full");
	if (w >= DELETION)
		build_anchors(f, w, t);
	forge_record(f, RECORD_RECEIVED,
	    w == RECORD_4_EARLY ? t - 4 * FORGE_S
		: w == RECORD_6_EARLY || w == RECORD_6_EARLY_FULL
		? t - 6 * FORGE_S
		: w == RECORD_LATE ? t + 4 * FORGE_S
				   : t,
	    1, "three");
	if (w == BODY_THREE)
		change(f);
}

static void
build_second(struct forge *f, enum wrong w)
{
	struct forge_seal s = { .wall = FORGE_T0 + 4 * FORGE_S, .mono = 40 };
	struct epoch *e = &f->epoch[w == EPOCH_BACK ? 0 : 1], foreign;
	uint64_t t = FORGE_T0 + 5 * FORGE_S;

	forge_segment(f, w == SEGMENT_NUMBER ? 2 : 1,
	    w == SEGMENT_FIRST ? f->index + 1 : f->index,
	    w == LINK_PREVIOUS ? other : NULL);
	build_records(f, w);
	if (w == EPOCH_AGAIN) {
		forge_record(f, RECORD_BOOT, s.wall, 0, "boot=b0");
		forge_epoch(f, s.wall, &f->epoch[0], false);
	}
	s.final = w != FINAL_MISSING;
	s.keep = w != FINAL_NOT_KEPT;
	if (w == FINAL_TWICE || w == FINAL_TWICE_UNSIGNED) {
		s.unsigned_ = w == FINAL_TWICE_UNSIGNED;
		s.keep = !s.unsigned_;
		forge_seal(f, &s);
		s.unsigned_ = false;
		s.keep = true;
	}
	forge_seal(f, &s);
	if (w == EPOCH_FOREIGN) {
		foreign = *e;
		memcpy(foreign.key, other, KEY_LEN);
		e = &foreign;
	}
	forge_epoch(f, t, e, w != EPOCH_NO_LINE && w != EPOCH_FOREIGN);
	if (w == EPOCH_AGAIN)
		forge_stream(f, t, 1, 0);
	forge_record(f, RECORD_RECEIVED, t, 1, "four");
	if (w == BODY_FOUR)
		change(f);
	s = (struct forge_seal){ .wall = t, .mono = 50, .epoch = e->number };
	forge_seal(f, &s);
}

static void
build(struct forge *f, enum wrong w)
{
	uint8_t root[SHA256_LEN];
	char name[48];

	forge_begin(f);
	build_first(f, w);
	snprintf(name, sizeof(name), "checkpoints/%012llu",
	    (unsigned long long)f->index);
	if (w == KEPT_WRONG)
		forge_checkpoint(f, name, f->index, other, 0);
	build_second(f, w);
	tree_range_root(&f->tree, root);
	if (w == NEWEST_NO_SEAL) {
		forge_record(f, RECORD_RECEIVED, FORGE_T0 + 5 * FORGE_S, 1, "");
		forge_flush(f, false);
		tree_range_root(&f->tree, root);
		forge_checkpoint(f, "checkpoint", f->index, root, 1);
	}
	if (w == NEWEST_ROOT)
		forge_checkpoint(f, "checkpoint", f->index, other, 1);
	if (w == NEWEST_EPOCH)
		forge_checkpoint(f, "checkpoint", f->index, root, 0);
}

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
		build(&f, rows[i].wrong);
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
		    "the same by three threads");
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
		build(&f, NOTHING);
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

	build(&f, NOTHING);
	pin(&f);
	snprintf(path, sizeof(path), "%s/anchor", f.base);
	forge_checkpoint(&f, "../anchor", f.index, f.last.root, 1);
	expect(&f, "an anchor of the newest size", VERIFY_INTACT, "", "", path);
	check(&f, &r, 1, path);
	ok(r.anchored, "is said");
	forge_checkpoint(&f, "../anchor", f.index + 1, f.last.root, 1);
	expect(&f, "a log rolled back", VERIFY_TAMPERED, "checkpoint",
	    "rolled back or cut", path);
	forge_checkpoint(&f, "../anchor", 9, other, 0);
	expect(&f, "a fork", VERIFY_TAMPERED, "anchor", "another root", path);
	forge_checkpoint(&f, "../anchor", 5, other, 0);
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

	build(&f, NOTHING);
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

	build(&f, NOTHING);
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
		build(&f, changes[i].wrong);
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
		    "by three threads, in Japanese");
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
		build(&f, i == 0 ? DELETION : DELETION_OTHER);
		pin(&f);
		unlink(
		    forge_path(&f, "segments/2024-11-20/000000000000.ev1.gz"));
		age(&f);
		check(&f, &r, 2, NULL);
		ok(i == 0 ? r.verdict == VERIFY_INTACT && r.deleted == 9 &&
			    r.n_gone == 1 && r.gone[0].last == 8 &&
			    strcmp(r.gone[0].basis, "the law") == 0 &&
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
}

/* A cosignature: named by a w1, and from outside with the witness's key. */
static void
test_cosigned(void)
{
	struct verify_options opt = { 0 };
	struct verify_result r;
	struct forge f;
	char path[256];

	build(&f, COSIGNED);
	pin(&f);
	age(&f);
	snprintf(path, sizeof(path), "%s",
	    forge_path(&f, "checkpoints/000000000009"));
	opt.dir = f.dir;
	opt.anchor[0] = path;
	opt.witness = witness;
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_INTACT && r.anchored && r.anchor_size == 9 &&
		r.anchor_time == UINT64_C(1732060900000000),
	    "a cosigned note is an anchor of its time");
	witness[16] ^= 1;
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_IMPOSSIBLE, "not with another key");
	witness[16] ^= 1;
	snprintf(path, sizeof(path), "%s", forge_path(&f, "checkpoint"));
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_IMPOSSIBLE, "nor a note that it did not sign");
	forge_end(&f);
	build(&f, SUCCESSOR);
	opt = (struct verify_options){ .dir = f.dir };
	verify_log(&opt, &r);
	ok(r.verdict == VERIFY_INTACT && r.breaks == 1 &&
		strcmp(r.successor, "test.example/next") == 0,
	    "the log that follows is named");
	forge_end(&f);
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

	build(&f, RECORD_LATE);
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
	verify_set_lang("ja");
	report(&r, verify_report_text, &out);
	ok(strstr(out, "改ざんあり") != NULL, "and Japanese");
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
	test_report();
	return done();
}
