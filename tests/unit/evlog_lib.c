/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/evlog_lib.h"
#include "verify/verify.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "evidence/checkpoint.h"
#include "evidence/logfile.h"
#include "evidence/segment.h"

char lib_base[64], lib_dir[96], lib_keys[96];
struct keyring *lib_keyring;
struct evlog *lib_log;
struct evlog_options lib_opt;
_Atomic uint64_t lib_wall, lib_mono;

static void
lib_clock(void *cookie, uint64_t *wall, uint64_t *mono)
{
	(void)cookie;
	*wall = lib_wall;
	*mono = lib_mono;
}

void
lib_pass(uint64_t usec)
{
	lib_wall += usec;
	lib_mono += usec;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
lib_end(void)
{
	nftw(lib_base, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void
lib_begin(void)
{
	struct evlog_init init = { .dir = lib_dir,
		.keys_dir = lib_keys,
		.origin = "example.jp/test",
		.height = 4,
		.seconds = 600 };
	const char *tmp = getenv("TMPDIR");

	snprintf(lib_base, sizeof(lib_base), "%.32s/evlog.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(lib_base) == NULL)
		abort();
	snprintf(lib_dir, sizeof(lib_dir), "%s/log", lib_base);
	snprintf(lib_keys, sizeof(lib_keys), "%s/keys", lib_base);
	lib_wall = UINT64_C(1732060800000000) - 3600000000; /* 23:00 UTC */
	lib_mono = 1000000;
	lib_opt = (struct evlog_options){ .dir = lib_dir,
		.level = 1,
		.build = "test/1",
		.clock = lib_clock };
	if (evlog_init(&init) != EVLOG_OK)
		abort();
}

enum evlog_err
lib_open(void)
{
	enum evlog_err err;
	struct buf detail;

	if (keyring_open(&lib_keyring, lib_keys) != KEYRING_OK)
		abort();
	if (lib_opt.signer.ask == NULL ||
	    lib_opt.signer.ask == keyring_signer(lib_keyring).ask)
		lib_opt.signer = keyring_signer(lib_keyring);
	buf_init(&detail);
	err = evlog_open(&lib_log, &lib_opt, &detail);
	if (detail.len > 0)
		printf("# %s\n", buf_cstr(&detail));
	buf_fini(&detail);
	if (err != EVLOG_OK)
		keyring_close(lib_keyring);
	return err;
}

enum evlog_err
lib_close(void)
{
	enum evlog_err err = evlog_close(lib_log);

	lib_log = NULL;
	keyring_close(lib_keyring);
	return err;
}

enum evlog_err
lib_append(uint32_t stream, uint16_t port, const char *text)
{
	struct record r = { .kind = RECORD_RECEIVED,
		.rx = lib_wall,
		.stream = stream,
		.port = port,
		.body = span_str(text) };

	return evlog_append(lib_log, &r, NULL);
}

void
audit_fini(struct audit *a)
{
	buf_fini(&a->text);
	buf_fini(&a->bodies);
}

static bool
audit_bad(struct audit *a, const char *what)
{
	printf("# audit: %s\n", what);
	a->ok = false;
	return false;
}

static void
audit_record(struct audit *a, const struct segment_record *rec)
{
	uint64_t final = 0;

	if (rec->r.kind == RECORD_RECEIVED) {
		a->received++;
		buf_span(&a->bodies, rec->r.body);
		buf_byte(&a->bodies, '\n');
		return;
	}
	buf_printf(&a->text, "%s ", record_kind_name(rec->r.kind));
	buf_span(&a->text, rec->r.body);
	buf_byte(&a->text, '\n');
	if (rec->r.kind == RECORD_SEAL)
		record_word_get_u64(rec->r.body, "final", &final);
	a->finals += final;
	a->starts += rec->r.kind == RECORD_BOOT;
	a->gaps += rec->r.kind == RECORD_GAP;
}

/* Read one segment file; add its leaves up to the checkpoint's size. */
static bool
audit_segment(struct audit *a, const char *file, struct tree_range *range)
{
	struct segment *s = segment_new();
	struct segment_record rec;
	struct segment_place p;
	enum segment_step step;
	uint8_t leaf[SHA256_LEN];
	char path[256];
	struct buf bytes;
	bool closed;

	snprintf(path, sizeof(path), "%s/%s", lib_dir, file);
	buf_init(&bytes);
	if (io_read_file(path, 1u << 29, &bytes) != 0)
		audit_bad(a, path);
	segment_feed(s, buf_view(&bytes));
	while ((step = segment_next(s, &rec)) == SEGMENT_RECORD) {
		record_leaf(&rec.r, rec.index, rec.seq, segment_head(s)->salt,
		    leaf);
		if (rec.index != a->records++)
			audit_bad(a, "index");
		if (rec.index < a->sealed)
			tree_range_append(range, leaf);
		audit_record(a, &rec);
	}
	segment_place(s, &p);
	a->ended = !p.inside;
	a->segments++;
	closed = step == SEGMENT_END;
	if (!closed && step != SEGMENT_MORE)
		audit_bad(a, file);
	if (step == SEGMENT_MORE && !p.whole)
		audit_bad(a, "a torn tail");
	snprintf(a->last_file, sizeof(a->last_file), "%s", file);
	segment_free(s);
	buf_fini(&bytes);
	return closed;
}

/* The file of the segment that begins with that index. */
static bool
audit_find(uint64_t first, char file[MANIFEST_FILE])
{
	char path[256];
	struct dirent *de;
	bool found = false;
	DIR *d;

	snprintf(path, sizeof(path), "%s/segments", lib_dir);
	d = opendir(path);
	while (d != NULL && (de = readdir(d)) != NULL) {
		snprintf(file, MANIFEST_FILE, "segments/%.10s/%012llu.ev1.gz",
		    de->d_name, (unsigned long long)first);
		snprintf(path, sizeof(path), "%s/%s", lib_dir, file);
		if ((found = access(path, F_OK) == 0))
			break;
	}
	if (d != NULL)
		closedir(d);
	return found;
}

/* A manifest must say exactly what the files say. */
static bool
audit_manifest(struct audit *a, uint8_t previous[SHA256_LEN],
    struct manifest *m)
{
	char path[256], file[300];
	uint8_t hash[SHA256_LEN];
	struct buf text, bytes;
	unsigned line;
	bool found;

	snprintf(path, sizeof(path), "%s/manifests/%012llu", lib_dir,
	    (unsigned long long)a->manifests);
	buf_init(&text);
	buf_init(&bytes);
	found = io_read_file(path, MANIFEST_MAX, &text) == 0;
	if (found) {
		if (manifest_parse(buf_view(&text), m, &line) != 0)
			audit_bad(a, "manifest");
		snprintf(file, sizeof(file), "%s/%s", lib_dir, m->file);
		io_read_file(file, 1u << 29, &bytes);
		sha256(buf_view(&bytes), hash);
		if (memcmp(hash, m->gzip_hash, SHA256_LEN) != 0 ||
		    bytes.len != m->gzip_len)
			audit_bad(a, "gzip hash");
		if (m->first != a->records || m->segment != a->manifests ||
		    memcmp(m->previous, previous, SHA256_LEN) != 0)
			audit_bad(a, "manifest order");
		sha256(buf_view(&text), previous);
		a->manifests++;
	}
	buf_fini(&text);
	buf_fini(&bytes);
	return found;
}

static void
audit_checkpoint(struct audit *a, struct checkpoint *c, struct buf *note)
{
	static struct note n;
	struct logfile l;
	char path[256];
	struct buf text;
	unsigned line;

	buf_init(&text);
	snprintf(path, sizeof(path), "%s/log", lib_dir);
	if (io_read_file(path, LOGFILE_MAX, &text) != 0 ||
	    logfile_parse(buf_view(&text), &l, &line) != 0)
		audit_bad(a, "log");
	buf_fini(&text);
	snprintf(path, sizeof(path), "%s/checkpoint", lib_dir);
	c->size = 0;
	if (io_read_file(path, NOTE_MAX, note) != 0)
		return;
	if (checkpoint_read(buf_view(note), &n, c) != NOTE_OK ||
	    checkpoint_verify_log(&n, &l.key) != NOTE_OK)
		audit_bad(a, "checkpoint");
}

/* The verifier must say the same: intact, or an unsealed tail. */
static void
audit_verify(struct audit *a)
{
	struct verify_options opt = { .dir = lib_dir };
	struct verify_result r;
	bool tail = a->sealed < a->records;

	verify_log(&opt, &r);
	if (r.verdict == (tail ? VERIFY_INCOMPLETE : VERIFY_INTACT) &&
	    r.size == a->sealed)
		return;
	printf("# verdict %d, %s: %s\n", (int)r.verdict, r.bad_file,
	    r.bad_what);
	audit_bad(a, "the verifier does not agree");
}

void
audit_log(struct audit *a)
{
	uint8_t previous[SHA256_LEN] = { 0 }, root[SHA256_LEN];
	char file[MANIFEST_FILE];
	struct tree_range range;
	struct checkpoint c;
	struct manifest m;
	struct buf note;

	memset(a, 0, sizeof(*a));
	a->ok = true;
	buf_init(&note);
	audit_checkpoint(a, &c, &note);
	a->sealed = c.size;
	tree_range_init(&range, 0);
	while (audit_manifest(a, previous, &m)) {
		if (!audit_segment(a, m.file, &range))
			audit_bad(a, "a closed segment without end");
		if (a->records != m.last + 1)
			audit_bad(a, "records of a manifest");
	}
	if (audit_find(a->records, file))
		audit_segment(a, file, &range);
	if (a->records < a->sealed)
		audit_bad(a, "shorter than signed");
	audit_verify(a);
	if (a->sealed > 0 &&
	    (tree_range_root(&range, root) != 0 ||
		memcmp(root, c.root, SHA256_LEN) != 0))
		audit_bad(a, "root");
	buf_fini(&note);
}

unsigned
audit_count(struct audit *a, const char *text)
{
	const char *p = buf_cstr(&a->text);
	unsigned n = 0;

	while ((p = strstr(p, text)) != NULL) {
		n++;
		p++;
	}
	return n;
}
