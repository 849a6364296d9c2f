/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/hex.h"
#include "verify/bag.h"
#include "verify/stamp.h"
#include "verify/walk.h"

/*
 * A package (FORMAT.md, 12): a bag, who signed for it, and in it a part of a
 * log.  Segments that were not handed over are holes in the walk, which their
 * manifests bridge; what leads from a manifest to the checkpoint is the proof
 * of the record that names it.
 */
#define TAGS "tagmanifest-sha256.txt"
#define TEXT "data/package.txt"
#define EXCERPT "data/excerpt/excerpt.evx"
#define VKEY "data/keys/handover.vkey"

static struct span
read_file(struct walk *w, const char *path)
{
	return walk_read(w, &w->bag, path, w->bytes, sizeof(w->bytes));
}

static void
must(struct walk *w, const char *file, enum say_what why)
{
	if (why != SAY_NONE)
		walk_wrong_at(w, walk_file(file), say0(why));
}

static void
read_description(struct walk *w)
{
	struct verify_result *r = w->result;
	struct span in = walk_read(w, &w->bag, TEXT, w->body, SCAN_BODY_MAX);
	struct span origin, kind, text;
	uint64_t n;
	bool good;

	good = match(&in,
	    "ev1 package\norigin %s\nkind %s\ncreated %u\nsize %u\n"
	    "records %u %u\n",
	    &origin, &kind, &r->created, &w->package_size, &r->first, &r->last);
	match(&in, "bodies %u %u\n", &n, &n); /* for these see check_rest() */
	while (match(&in, "gone %u %u %u %u\n", &n, &n, &n, &n) ||
	    match(&in, "gone %u %u %u -\n", &n, &n, &n))
		;
	if (!good ||
	    !match(&in, "why %s\nauthority %s\nfor %s\n", &text, &text,
		&text) ||
	    in.len != 0 ||
	    (!span_is(kind, "whole") && !span_is(kind, "excerpt")) ||
	    origin.len >= sizeof(r->origin) || r->last < r->first ||
	    r->last >= w->package_size)
		must(w, TEXT, SAY_PACKAGE_TEXT);
	memcpy(r->origin, origin.p, origin.len);
	memcpy(r->package, kind.p, kind.len);
}

/* The line of a file of data/keys; empty if it is not one. */
static struct span
read_key(struct walk *w, const char *path)
{
	struct span in = read_file(w, path), line;

	return match(&in, "%s\n", &line) && in.len == 0 ? line
							: span_make(NULL, 0);
}

/* The note by the hand-over key, which is pinned or the package's own. */
static void
check_note(struct walk *w, const uint8_t hash[SHA256_LEN])
{
	const char *vkey = w->opt->key;
	char want[512], hex[65] = "";
	enum say_what why;
	struct signed_key key;
	struct signed_note n;
	uint64_t time;

	w->result->key_pinned = vkey != NULL;
	if (signed_key_parse(vkey != NULL ? span_str(vkey) : read_key(w, VKEY),
		&key) != 0)
		must(w, VKEY, SAY_PACKAGE_KEY);
	hex_print(hash, SHA256_LEN, hex);
	snprintf(want, sizeof(want), "konseki package\n%s\n%s\n%" PRIu64 "\n",
	    w->result->origin, hex, w->result->created);
	why = signed_parse(read_file(w, TAGS ".note"), &n);
	if (why == SAY_NONE && !span_is(n.text, want))
		why = SAY_PACKAGE_NOTE;
	if (why == SAY_NONE)
		why = signed_check(&n, 0, &key, &time);
	must(w, TAGS ".note", why);
}

static void
check_signatures(struct walk *w)
{
	struct verify_result *r = w->result;
	uint8_t hash[SHA256_LEN];
	struct span tags;

	tags = walk_read(w, &w->bag, TAGS, w->newest_bytes, SIGNED_MAX);
	sha256(tags, hash);
	check_note(w, hash);
	if (!folder_lacks(&w->bag, TAGS ".tsr")) {
		r->stamp_checked = w->opt->tsa[0] != NULL;
		must(w, TAGS ".tsr",
		    stamp_check(read_file(w, TAGS ".tsr"), w->opt->tsa, hash,
			&r->stamped));
	} else if (w->opt->tsa[0] != NULL)
		walk_lacks(w, walk_file(TAGS ".tsr"), say0(SAY_STAMP_NONE));
	r->cert_pinned = w->opt->cert != NULL;
	if (r->cert_pinned || !folder_lacks(&w->bag, TAGS ".p7s"))
		must(w, TAGS ".p7s",
		    stamp_cms(read_file(w, TAGS ".p7s"), tags, w->opt->cert,
			r->stamp_checked ? r->stamped : r->created, r->signer));
}

/* Somebody may take the copies of the keys from here for the next package. */
static void
check_keys(struct walk *w)
{
	const char *pinned = w->opt->key;
	const struct signed_key *log = &w->pin.key;
	struct signed_key key;
	char hex[65] = "";

	if (signed_key_parse(read_key(w, "data/keys/log.vkey"), &key) != 0 ||
	    strcmp(key.name, log->name) != 0 ||
	    memcmp(key.key, log->key, sizeof(key.key)) != 0)
		must(w, "data/keys/log.vkey", SAY_PACKAGE_OWN);
	hex_print(w->pin.r, SHA256_LEN, hex);
	if (!span_is(read_key(w, "data/keys/epoch-root"), hex))
		must(w, "data/keys/epoch-root", SAY_PACKAGE_OWN);
	if (pinned != NULL && !span_is(read_key(w, VKEY), pinned))
		must(w, VKEY, SAY_PACKAGE_OWN);
}

bool
package_opens(const uint8_t nonce[16], struct span body,
    const uint8_t commit[SHA256_LEN])
{
	uint8_t in[16 + SHA256_LEN];

	memcpy(in, nonce, 16);
	sha256(body, in + 16);
	sha256(span_make(in, sizeof(in)), in);
	return memcmp(in, commit, SHA256_LEN) == 0;
}

/*
 * C2SP tlog-proof: "m1 <index> <rx> 0:0 - <len> <commit>", the leaf line of the
 * record that names this manifest, whose commit the nonce opens, and its way to
 * the newest checkpoint.
 */
static bool
proof_ok(const struct walk *w, struct span in, const uint8_t nonce[16])
{
	uint8_t path[64][SHA256_LEN], line[256], hash[SHA256_LEN], commit[32];
	char text[128], hex[65] = "";
	struct span extra, leaf, body;
	uint64_t index, at, rx, len;
	size_t n = 0, size;

	hex_print(w->manifest, SHA256_LEN, hex);
	snprintf(text, sizeof(text), "segment=%" PRIu64 " previous=%s",
	    w->number + 1, hex);
	body = span_str(text);
	if (!match(&in, "c2sp.org/tlog-proof@v1\nextra %s\nindex %u\n", &extra,
		&index) ||
	    base64_parse(extra, line, sizeof(line), &size) != 0)
		return false;
	while (n < 64 && match(&in, "%b\n", path[n]))
		n++;
	leaf = span_make(line, size);
	merkle_leaf(leaf, hash);
	return match(&in, "\n") && span_eq(in, w->note) && index == w->index &&
	    match(&leaf, "m1 %u %u 0:0 - %u %x", &at, &rx, &len, commit) &&
	    leaf.len == 0 && at == index && len == body.len &&
	    package_opens(nonce, body, commit) &&
	    merkle_inclusion(index, w->newest.size, hash,
		(const uint8_t(*)[SHA256_LEN])path, n, w->newest.root) == 0;
}

void
package_walked(struct walk *w)
{
	struct verify_result *r = w->result;

	if (w->package_size == 0)
		return;
	if (r->shown == 0)
		w->shown.begin = w->own.begin;
	w->shown.end = w->own.end;
	r->shown += w->own.end - w->own.begin;
	w->unproved = true;
	package_proof(w, w->place + 1);
}

/* The m1 behind may be gone with its segment; then a later one is proved. */
void
package_proof(struct walk *w, size_t next)
{
	bool here =
	    next < w->dir.segments.n && folder_first(&w->dir, next) == w->index;
	uint8_t nonce[16];
	struct span in;
	char path[64];
	bool good;

	snprintf(path, sizeof(path), "data/proofs/m1-%012" PRIu64 ".nonce",
	    w->number + 1);
	if (!w->unproved || (!here && folder_lacks(&w->bag, path)))
		return;
	in = read_file(w, path);
	good = match(&in, "%n\n", nonce) && in.len == 0;
	strcpy(strrchr(path, '.'), ".tlog-proof");
	if (!good || !proof_ok(w, read_file(w, path), nonce))
		walk_wrong_at(w, walk_file(path),
		    say1(SAY_PACKAGE_PROOF, w->number));
	w->unproved = false;
}

/* Whole segments: the walk has proved each; the first and last are here. */
static void
check_whole(struct walk *w)
{
	struct walk_place at = walk_file("data/log/segments");
	struct verify_result *r = w->result;

	if (r->shown == 0 || w->shown.begin != r->first ||
	    w->shown.end != r->last + 1)
		walk_wrong_at(w, at, say2(SAY_PACKAGE_PART, r->first, r->last));
	if (w->unproved)
		walk_wrong_at(w, walk_file("data/proofs"),
		    say1(SAY_PACKAGE_UNPROVED, r->last));
}

/*
 * What the package says of itself behind its range: how many bodies are in the
 * excerpt, and what the log has no more.  An x1 shows that it was deleted.
 */
static void
check_rest(struct walk *w, bool whole)
{
	struct span line,
	    in = walk_read(w, &w->bag, TEXT, w->body, SCAN_BODY_MAX);
	struct verify_result *r = w->result;
	uint64_t segment, lacking, shown = UINT64_MAX, withheld = 0;

	while (match(&in, "%s\n", &line))
		if (!match(&line, "bodies %u %u", &shown, &withheld) &&
		    match(&line, "gone %u ", &segment) &&
		    !holes_promise(w, segment))
			must(w, TEXT, SAY_PACKAGE_TEXT);
	if (!whole || !folder_lacks(&w->bag, EXCERPT))
		excerpt_check(w);
	if (!whole && shown != UINT64_MAX &&
	    (shown != r->shown || withheld != r->withheld))
		must(w, TEXT, SAY_PACKAGE_COUNT);
	if ((lacking = holes_of_package(w)) > 0)
		walk_lacks(w, walk_file(TEXT), say1(SAY_PACKAGE_HOLE, lacking));
}

void
package_check(struct walk *w)
{
	struct bag_fault bag;
	bool whole;

	bag_check(&w->bag, true, &bag);
	if ((errno = bag.error) != 0)
		walk_unreadable(w, bag.file);
	must(w, bag.file, bag.what);
	read_description(w);
	whole = w->result->package[0] == 'w';
	check_signatures(w);
	if (folder_init(&w->dir, w->bag.fd, "data/log") != 0)
		walk_unreadable(w, "data/log");
	w->prefix = "data/log/";
	heads_open(w);
	check_keys(w);
	if (!w->have_newest || w->newest.size != w->package_size)
		must(w, "checkpoint", SAY_PACKAGE_SIZE);
	if (whole) /* else all segments are holes */
		workers_run(w);
	w->tail = false;
	while (holes_take(w))
		;
	if (whole)
		check_whole(w);
	check_rest(w, whole);
	/* Its root is what everything shown leads to. */
	heads_newest(w);
	seals_end(w);
}
